"""Does what stands before a value say that the value is a secret? `DB_PASSWORD=`, `"apiKey": `, `--token `,
`secret_key_base: `.

The last name before the value is cut into its words, whatever it is written in (snake, kebab, camel, upper
case); words of filling in between (`value`, `is`, `str`) are passed over. Names of things that only look
alike (`public_key`, `token_count`, `cache_key`) say nothing. The words are in secret_field_names.yaml.
"""

import re

from autodidact.shipped_tables import own_table

_TABLE = own_table(__file__)
_STRONG, _WEAK, _CLEAR, _OTHER, _FILLING = (
    frozenset(_TABLE[name].split()) for name in ("strong", "weak", "clear", "other", "filling")
)
_ENDINGS = tuple(_TABLE["endings"])

_LAST = re.compile(r"([A-Za-z][\w.-]{0,60})([^A-Za-z0-9\x1e]{1,16})\Z")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# What stands before the word that says how one is let in: `Authorization: Splunk ...`, of which every service
# has its own.
_SCHEME = re.compile(r"(?i)authorization[\"']?\s{0,2}[:=,]\s{0,2}[\"']?\Z")


def telling(before: str) -> int:
    """2 when what ends here names a secret, 1 when it may, 0 when it says nothing."""
    for _ in range(4):
        before = before[-120:]
        match = _LAST.search(before, max(0, len(before) - 80))
        if not match:
            return 0
        name = match[1]
        if name.lower() not in _FILLING:
            scheme = _SCHEME.search(before, max(0, match.start() - 24), match.start())
            return strength(name) or (2 if scheme else 0)
        before = before[: len(before) - len(match[0])]
    return 0


def strength(name: str) -> int:
    """The same of a name."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words:
        return 0
    if words[-2:] == ["secret", "id"]:
        return 2  # as Vault calls the password of an application
    if words[-1] in _CLEAR or "".join(words[-2:]) in _CLEAR:
        return 2
    if _OTHER.intersection(words):
        return 0
    if _STRONG.intersection(words) or "".join(words).endswith(_ENDINGS):
        return 2
    if _WEAK.intersection(words):
        return 2 if words[-1] == "key" and len(words) > 1 else 1
    return 1 if words[-1].endswith(("key", "pass")) else 0
