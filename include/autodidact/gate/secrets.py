"""Secrets and personal data. A credential drops its example, personal data become `<EMAIL>`, `<PHONE>`,
`<IP>` and so on.

Credentials are looked for in five ways, each in every reading of the text (`readings.py`): the formats of
some hundred issuers (`credentials.py`), words that look drawn at random, above all after a telling name
(`assigned.py`), what a sentence says to be a password (`sentences.py`), and the first two again in what
base64 says and in what pieces are together (`pieces.py`). Personal data that a rewrite cannot reach, because
they are encoded or cut in two, drop the example: it fails closed. The user's own list (`gate.deny`) comes
first. What was found is never written anywhere: not to the file of dropped records, not to a report, not to a
log. `second_scan.py` looks at the kept file again, by another method and with no code of this one.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from autodidact.gate.rule import Context, Drop, map_texts, rewrite
from autodidact.records import Example
from autodidact.scanning import assignments, decodings, personal_data, prose_secrets, split_keys
from autodidact.scanning.credentials import FORMATS, ISSUERS, LIMIT, Format, literals, tail
from autodidact.scanning.deny_list import denied

NAME = "secrets"

TRIES = 200
"""Places where one literal is looked at in one text: enough for any example, and a bound on hostile ones."""


_CHANCE = (b"dl", b"du", b"ulu", b"luu")
"""Shapes that words drawn at random have and most words of people lack; in 16 random letters and digits of
both cases all are missing once in 70.
"""

_TELLING = (
    "-----BEGIN",
    "---- BEGIN",
    "PuTTY",
    "&#",
    "\\u",
    "\\x",
    "\\1",
    "AKIA",
    "ASIA",
    "ABIA",
    "ACCA",
    "hooks.",
    "\\U",
    "%u0",
    "har(",
    "hr(",
    "HR(",
    "HAR(",
    "rune(",
    "CharCode(",
    "CodePoint(",
    "[char]",
)
"""What begins a credential that may lack those shapes, or escapes behind which they hide."""

_NAMING = (
    "://",
    "pass",
    "Pass",
    "PASS",
    "secret",
    "SECRET",
    "wd",
    "pw",
    "PW",
    "psk",
    "asic ",
    "ookie",
    "OOKIE",
    "phrase",
    "PHRASE",
    "nemonic",
    "NEMONIC",
)
"""What a password without those shapes comes after."""


_CLUES = decodings.Words((*_TELLING, *_NAMING))


def may_hold(texts: Sequence[str]) -> list[bool]:
    """Whether `find` may find something in each text; a quick look at all of them at once that spares most
    the slow one.
    """
    seen = [decodings.shape(text) for text in texts]
    looks = (
        decodings.holding(seen, _CHANCE, b"|"),
        _CLUES.among(texts),
        decodings.may_be_spelled(texts, seen),
        map(prose_secrets.may_tell, texts),
        [not text.isascii() or "\0" in text for text in texts],  # which has other readings
    )
    return [any(found) for found in zip(*looks, strict=True)]


def find(text: str) -> str | None:
    """The kind of the first credential in a text, in whichever reading; None when there is none."""
    text = decodings.visible(text)
    seen = decodings.shape(text)
    for said in decodings.spelled(text, seen):
        if kind := _known(said, literals(said)) or assignments.find(said):
            return f"{kind}, spelled"
    random = any(map(seen.__contains__, _CHANCE)) or any(map(text.__contains__, _TELLING))
    told, named = prose_secrets.may_tell(text), any(map(text.__contains__, _NAMING))
    if not random and not told and not named:
        return None
    plain = decodings.plain(text)
    together = decodings.BETWEEN.join(plain)
    if told and (
        kind := prose_secrets.find(together) or (prose_secrets.wallet(together) if random else None)
    ):
        return kind
    if not random:
        return (assignments.find(together) if named else None) or (
            _in_pieces(text) if told and ("|" in text or "\t" in text) else None
        )
    short = (
        plain[-1] if "<" not in text and "~" not in text else text + plain[-1]
    )  # markup is gone from the last reading, and `<token>` with it
    there = literals(short)
    return (
        _known(together, there)
        or _issued(together, there)
        or assignments.find(together)
        or _encoded(text, plain[-1])
        or _in_pieces(text)
    )


def _in_pieces(text: str) -> str | None:
    lettered = split_keys.letters(text)
    for said, told in chain([(lettered, True)] if lettered else [], split_keys.together(text)):
        kind = _known(said, literals(said))
        if not kind and told:
            kind = assignments.find(said) or prose_secrets.find(said) or prose_secrets.wallet(said)
        if kind:
            return f"{kind}, in pieces"
    return None


def _encoded(text: str, bare: str) -> str | None:
    for said in chain(decodings.decoded(bare), decodings.base85(text)):
        if kind := _known(said, literals(said)) or assignments.find(said):
            return f"{kind}, encoded"
    return None


def _known(text: str, there: list[str]) -> str | None:
    """`there` are the literals of `text`."""
    for literal in there:
        for one in FORMATS[literal]:
            if _search(one, text) if one.anywhere else _at(one, literal, text):
                return one.kind
    return None


def _issued(text: str, there: list[str]) -> str | None:
    """A prefix of a known issuer and chance, in a form that no format describes: issuers change their
    formats.
    """
    for literal in filter(ISSUERS.__contains__, there):
        place = -1
        for _ in range(TRIES):
            place = text.find(literal, place + 1)
            if place < 0:
                break
            if (place == 0 or not text[place - 1].isalnum()) and assignments.by_chance(
                text[place + len(literal) : place + LIMIT]
            ):
                return "a key of a known issuer"
    return None


def _search(one: Format, text: str) -> bool:
    return any(_accepts(one, match) for match in one.pattern.finditer(text))


def _at(one: Format, literal: str, text: str) -> bool:
    """Does the credential begin at one of the places of its literal, if need be joined over lines?"""
    place = -1
    for _ in range(TRIES):
        place = text.find(literal, place + 1)
        if place < 0:
            return False
        if place and text[place - 1].isalnum() and literal[0].isalnum():
            continue
        match = one.pattern.match(text, place)
        if match and _accepts(one, match):
            return True
        if not one.blanks and _ENDS.match(text, place):
            continue
        piece = text[place : place + LIMIT].partition(decodings.BETWEEN)[0]
        if (
            ("\n" in piece or '"' in piece or "'" in piece)
            and (match := one.pattern.match(decodings.join(piece)))
            and _accepts(one, match)
        ):
            return True
    return False


_ENDS = re.compile(r"""[^\s"'`\x1e]*[ \t]+(?=[^\s"'`)+.&\\])""")
"""A word with a blank after it, and then neither a line's end nor a quotation mark: nothing is joined to it.
"""


def _accepts(one: Format, match) -> bool:
    word = match.groupdict().get("t")
    return word is None or tail(word)


_HASHES = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMPUTED = frozenset(
    ("commit", "sha", "was", "probe", "replay_of", "previous", "blob", "sha256", "revision")
)
"""Fields of a record that hold hashes."""

_PLAIN = frozenset(("role", "type"))
"""Fields of one word out of a few, in the records themselves; what else is called so may hold anything."""


def flatten(value: Any, name: str = "") -> list[str]:
    """The strings of `value`, each short one with the name it has: `"password": "..."`, as a secret without a
    format is known by its name.
    """
    found: list[str] = []
    _flatten(value, name, found)
    return found


def _known_field(key: str, item: str) -> bool:
    """A role or a type, or a hash that the system itself computed."""
    if key in _PLAIN:
        return len(item) < assignments.MIN_NAMED and item.isalpha()
    return (key in _COMPUTED or key.endswith("sha256")) and bool(_HASHES.fullmatch(item))


def _flatten(value: Any, name: str, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value if name in ("", "content") else f'"{name}": "{value}"')
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                if key == "content":
                    found.append(item)
                elif not (key in _PLAIN and len(item) < assignments.MIN_NAMED and item.isalpha()) and not (
                    (key in _COMPUTED or key.endswith("sha256")) and _HASHES.fullmatch(item)
                ):
                    found.append(f'"{key}": "{item}"')
            else:
                found.append(key)
                if isinstance(item, (dict, list)):
                    _flatten(item, key, found)
    elif isinstance(value, list):
        for item in value:
            _flatten(item, name, found)


def everything(example: Example) -> str:
    """All text of a record, its source and extra fields too; not the hashes that the system itself computed,
    and not the checked fields.
    """
    source = example.source
    fields = [example.messages, example.tools, example.model_extra or {}, source.model_extra or {}]
    ref = source.ref[40:] if _HASHES.fullmatch(source.ref[:40]) else source.ref  # `<commit>:<path>`
    return decodings.BETWEEN.join([*flatten(fields), ref])


def check(example: Example, context: Context | None) -> Example | Drop:
    """Looks at everything of the record; redacts its messages and tools."""
    return check_all([example], context)[0]


def check_all(examples: Sequence[Example], context: Context | None) -> list[Example | Drop]:
    said = [everything(example) for example in examples]
    looks = zip(examples, said, may_hold(said), personal_data.may_hold(said), strict=True)
    return [
        _check(example, text, context, credential, personal) for example, text, credential, personal in looks
    ]


def _check(
    example: Example, text: str, context: Context | None, credential: bool, personal: bool
) -> Example | Drop:
    if context and (number := denied(text, context.settings)):
        return Drop("on the list of what is denied", f"entry {number}")
    if credential and (kind := find(text)):
        return Drop("a credential", kind)
    if not personal or not personal_data.possible(text):
        return example
    redacted = example
    if personal_data.masks(text):
        redacted = rewrite(
            example,
            map_texts(example.messages, personal_data.redact),
            map_texts(example.tools, personal_data.redact),
        )
    if kind := personal_data.hidden(text if redacted is example else everything(redacted)):
        return Drop("personal data that cannot be masked", kind)
    return redacted
