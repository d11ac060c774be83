"""Does what stands before a value say that the value is a secret? `DB_PASSWORD=`, `"apiKey": `, `--token `,
`secret_key_base: `.

The last name before the value is cut into its words, whatever it is written in (snake, kebab, camel, upper
case); words of filling in between (`value`, `is`, `str`) are passed over. Names of things that only look
alike (`public_key`, `token_count`, `cache_key`) say nothing.
"""

import re

STRONG = frozenset(
    """password passwd passphrase passcode passwort kennwort senha pwd pw psk pass secret secrets token tokens credential credentials creds cred auth
    authorization bearer basic pat otp totp jwt apikey accesskey secretkey authkey privatekey webhook session sessionid sid sessid jsessionid
    phpsessid cookie dsn""".split()
)
"""A random word after a name with one of these is a secret, in hexadecimal digits too."""

WEAK = frozenset(
    "key keys api signature sig license licence salt seed pin code login hook hooks webhooks private signing"
    " encryption".split()
)
"""After these it is one when it is no hash; `key` is strong where another word says whose."""

_SQUASHED = (
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "authkey",
    "passphrase",
    "credentials",
    "privatekey",
)
"""How a name ends that is written in one: `DBPASSWORD`."""

_PLAIN = frozenset(
    "password passwd passphrase secret pwd apikey accesskey accesstoken authtoken privatekey secretkey".split()
)
"""With one of these at its end a name is clear, whatever else is in it."""

_NOT = frozenset(
    """id ids name names file path url uri type types hash length len size count version endpoint public pub cache primary foreign sort partition
    dict idempotency count expires expiry ttl limit field header param format index class error csrf prefix algorithm sha sha1 sha256 md5 digest
    checksum fingerprint commit revision etag integrity nonce routing""".split()
)
"""With one of these a name speaks of something else."""

_FILLING = frozenset(
    "value is was str string bytes b f r u rb br to set text content const env default new x the a of for"
    " with in raw data given os environ".split()
)

_LAST = re.compile(r"([A-Za-z][\w.-]{0,60})([^A-Za-z0-9\x1e]{1,16})\Z")
_SCHEME = re.compile(r"(?i)authorization[\"']?\s{0,2}[:=,]\s{0,2}[\"']?\Z")
"""What stands before the word that says how one is let in: `Authorization: Splunk ...`, of which every
service has its own.
"""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def telling(before: str) -> int:
    """2 when what ends here names a secret, 1 when it may, 0 when it says nothing."""
    for _ in range(4):
        before = before[-120:]
        match = _LAST.search(before, max(0, len(before) - 80))
        if not match:
            return 0
        name = match[1]
        if name.lower() not in _FILLING:
            return strength(name) or 2 * bool(
                _SCHEME.search(before, max(0, match.start() - 24), match.start())
            )
        before = before[: len(before) - len(match[0])]
    return 0


def strength(name: str) -> int:
    """The same of a name."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if words[-2:] == ["secret", "id"]:
        return 2  # as Vault calls the password of an application
    if words and (words[-1] in _PLAIN or "".join(words[-2:]) in _PLAIN):
        return 2
    if not words or _NOT.intersection(words):
        return 0
    if STRONG.intersection(words) or "".join(words).endswith(_SQUASHED):
        return 2
    if WEAK.intersection(words):
        return 2 if words[-1] == "key" and len(words) > 1 else 1
    return 1 if words[-1].endswith(("key", "pass")) else 0
