"""Secrets to plant and places to plant them in (tests/data/gate/planted_secrets.json), put together at run
time, so that no scanner is alarmed by a file. They open nothing.

The file has four sets. The rules were written for the first. The others were written down from public lists
(gitleaks, detect-secrets, GitHub's partner patterns) before the rules were looked at, the last one by someone
who had not written them, to measure what a stranger would find: of `unseen` .81 and .77 of its two halves
were found as the rules were, of `later` .80, of `third` .80; docs/gate.md has the figures of today. Left out
of `third` is what nothing but a name can tell and that comes without one: a wallet as 64 numbers, 22
characters in a header of one service, `u` and 24 hexadecimal digits, a password of 14 characters after `LOGIN
name` or `community`.

A kind of secret is a text with `‹...›` in it: `‹B62 40›` draws forty characters of an alphabet, `‹b64:...›`
and the like encode what stands in them, `‹›` is nothing and keeps the file from looking like a key. A carrier
is a text or an example with places for the secret: `‹json›`, `‹flat|repr›`, a step after the other; a list is
filled in turn, each with what came of the one before.
"""

import base64
import gzip
import html
import json
import quopri
import random
import re
import string
import textwrap
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from autodidact.records import Example, call, example

SETS = json.loads(
    (Path(__file__).parents[1] / "data" / "gate" / "planted_secrets.json").read_text(encoding="utf-8")
)
SOURCE = {"kind": "transcript", "ref": "s.jsonl:1"}

B62 = string.ascii_letters + string.digits
ALPHABETS = {
    "B62": B62,
    "LOW36": string.ascii_lowercase + string.digits,
    "UP36": string.ascii_uppercase + string.digits,
    "URLSAFE": B62 + "-_",
    "B64": B62 + "+/",
    "HEX": "0123456789abcdef",
    "UPHEX": "0123456789ABCDEF",
    "B32": string.ascii_uppercase + "234567",
    "DIGITS": string.digits,
    "1-9": string.digits[1:],
    "LOW": string.ascii_lowercase,
    "LETTERS": string.ascii_letters,
    "SIGNS": B62 + "!@#$%^&*(-_=+)",
}
WORDS = (
    "abandon ability able about above absent absorb abstract absurd abuse access accident account zoo zone zero"
    " youth young yellow year wrong write wreck wrap world worth wood wonder"
).split()

_PLACE = re.compile(r"‹([^‹›]*)›")


def _draw(alphabet: str, n: int, rng: random.Random) -> str:
    return "".join(rng.choice(alphabet) for _ in range(n))


def _password(rng: random.Random) -> str:
    first, middle = rng.choice("BCDFGHK"), _draw(B62, 4, rng)
    return f"{first}{middle}{rng.randint(2, 9)}{rng.choice('!#^*')}{_draw(B62, 5, rng)}"


def _drawn(place: str, rng: random.Random) -> str:
    """What stands for `‹place›` in a kind of secret."""
    name, _, rest = place.partition(":")
    if name in ("b64", "b64url", "quote") and rest:
        return FILTERS[name](rest, "")
    if place == "":
        return ""
    if place == "password":
        return _password(rng)
    if place == "uuid":
        return "-".join(_draw(ALPHABETS["HEX"], n, rng) for n in (8, 4, 4, 4, 12))
    what, *numbers = place.rsplit(" ", 2) if place.startswith("int ") else place.rsplit(" ", 1)
    if what == "int":
        return str(rng.randint(*map(int, numbers)))
    if what == "words":
        return " ".join(rng.sample(WORDS, int(numbers[0])))
    return _draw(ALPHABETS.get(what, what), int(numbers[0]), rng)


def secret(kind: str, rng: random.Random) -> str:
    """A secret of a kind, drawn anew."""
    while "‹" in kind:
        kind = _PLACE.sub(lambda match: _drawn(match[1], rng), kind)
    return kind


def _cut(text: str) -> tuple[str, str]:
    """Two pieces; the first has the prefix and what comes a good way behind it."""
    place = max(len(text) // 2, min(len(text) - 4, 16))
    return text[:place], text[place:]


def _value(text: str) -> tuple[str, str]:
    """(what stands before the value, the value): `KEY=`, `abc`."""
    for sign in ("=", ": "):
        name, found, value = text.partition(sign)
        named = found and "\n" not in text and name.replace("_", "").replace("-", "").isalnum()
        if named and len(value) >= 8 and not value.startswith("="):
            return name + sign, value
    return "", text


def _thirds(text: str) -> list[str]:
    """Three pieces; the first takes a name and the prefix with it."""
    name, value = _value(text)
    first = max(12, len(value) // 3)
    second = first + max(8, len(value) // 3)
    return [name + value[:first], value[first:second], value[second:]]


def _every(n: int, text: str) -> list[str]:
    return textwrap.wrap(text, n, drop_whitespace=False, replace_whitespace=False)


def _rows(text: str, n: int) -> list[str]:
    return [text[at : at + n] for at in range(0, len(text), n)]


def _shown(row: bytes) -> str:
    return "".join(chr(b) if 32 <= b < 127 else "." for b in row)


def _hexdump(text: str) -> str:
    """As `hexdump -C` writes it."""
    out, raw = [], text.encode()
    for at in range(0, len(raw), 16):
        row = raw[at : at + 16]
        digits = row[:8].hex(" ") + "  " + row[8:].hex(" ")
        out.append(f"{at:08x}  {digits:<48}  |{_shown(row)}|")
    return "\n".join(out)


def _xxd(text: str, *, shown: bool) -> str:
    """As `xxd` writes it."""
    out, raw = [], text.encode()
    for at in range(0, len(raw), 16):
        row = raw[at : at + 16]
        digits = " ".join(_rows(row.hex(), 4))
        out.append(f"{at:08x}: {digits:<39}  {_shown(row)}" if shown else f"{at:08x}: {digits}")
    return "\n".join(out)


def _remote(text: str) -> str:
    """The secret as the password of a remote of git, where it can be one."""
    apart = _value(text)[1] != text or len(text) >= 200 or text.startswith(("http", "curl", "-----"))
    if apart or " " in text:
        return f"git config shop.deploy {_flat(text)!r}"
    return f"git remote add backup https://deploy:{quote(text, safe='-_~.')}@git.shop-internal.net/shop.git"


def _flat(text: str) -> str:
    return text.replace("\n", "\\n")


def _escape(text: str, signs: str) -> str:
    for sign in signs:
        text = text.replace(sign, f"\\{sign}")
    return text


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _fold(text: str) -> str:
    return "\n".join(
        line[at : at + 60] for line in text.split("\n") for at in range(0, max(1, len(line)), 60)
    )


# Name -> (secret, what stands after `:`) -> the secret as a carrier writes it.
FILTERS: dict[str, Callable[[str, str], str]] = {
    "s": lambda s, _: s,
    "flat": lambda s, _: _flat(s),
    "json": lambda s, _: json.dumps(s),
    "repr": lambda s, _: repr(s),
    "bytes": lambda s, _: repr(s.encode()),
    "upper": lambda s, _: s.upper(),
    "first": lambda s, _: _cut(s)[0],
    "second": lambda s, _: _cut(s)[1],
    "split": lambda s, between: between.join(_cut(s)),
    "thirds": lambda s, between: between.join(map(json.dumps, _thirds(s))),
    "pieces": lambda s, between: between.join(_thirds(s)),
    "half 1": lambda s, _: s[: len(s) // 2],
    "half 2": lambda s, _: s[len(s) // 2 :],
    "lines": lambda s, start: s.replace("\n", f"\n{start}"),
    "newlines": lambda s, new: s.replace("\n", new),
    "between": lambda s, between: between.join(s),
    "spaced": lambda s, _: " ".join(s.replace("\n", "")),
    "every 9": lambda s, between: between.join(_every(9, s)),
    "every 11": lambda s, between: between.join(_every(11, s)),
    "fold 60": lambda s, _: _fold(s),
    "rows 40": lambda s, _: "\n".join(f"    {row}" for row in _rows(s, 40)),
    "numbered": lambda s, _: "\n".join(f"{n:4d}  {line}" for n, line in enumerate(s.split("\n"), 1)),
    "cat -n": lambda s, _: "\n".join(f"{n:6d}\t{line}" for n, line in enumerate(s.split("\n"), 1)),
    "dollars": lambda s, _: "\n".join(f"{line}$" for line in s.split("\n")),
    "double": lambda s, sign: s.replace(sign, sign * 2),
    "escape": _escape,
    "slashes": lambda s, _: s.replace("/", "\\/").replace("&", "\\u0026").replace("=", "\\u003d"),
    "amp": lambda s, _: s.replace("&", "&amp;"),
    "quot": lambda s, _: s.replace('"', "&quot;"),
    "html": lambda s, _: html.escape(s),
    "entities": lambda s, _: "".join(f"&#{ord(c)};" for c in s),
    "u0000": lambda s, _: "".join(f"\\u{ord(c):04x}" for c in s),
    "u{}": lambda s, _: "".join(f"\\u{{{b:x}}}" for b in s.encode()),
    "x00": lambda s, _: "".join(f"\\x{b:02x}" for b in s.encode()),
    "0x00": lambda s, _: ", ".join(f"0x{b:02x}" for b in s.encode()),
    "octal": lambda s, _: "".join(f"\\{b:03o}" for b in s.encode()),
    "codes": lambda s, _: ", ".join(map(str, s.encode())),
    "characters": lambda s, _: ", ".join(map(repr, s)),
    "fullwidth": lambda s, _: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s),
    "hex": lambda s, _: s.encode().hex(),
    "hexdump": lambda s, _: _hexdump(s),
    "xxd": lambda s, _: _xxd(s, shown=False),
    "xxd with text": lambda s, _: _xxd(s, shown=True),
    "quote": lambda s, safe: quote(s, safe=safe),
    "quote_plus": lambda s, _: quote_plus(s),
    "quopri": lambda s, _: quopri.encodestring(s.encode()).decode(),
    "quoted-printable": lambda s, _: "=\n".join(_rows(s.replace("=", "=3D"), 50)),
    "b64": lambda s, _: _b64(s.encode()),
    "b64 lines": lambda s, _: base64.encodebytes(s.encode()).decode(),
    "b64url": lambda s, _: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "b32": lambda s, _: base64.b32encode(s.encode()).decode(),
    "b85": lambda s, _: base64.b85encode(s.encode()).decode(),
    "utf16": lambda s, _: _b64(s.encode("utf-16-le")),
    "gzip": lambda s, _: _b64(gzip.compress(s.encode(), mtime=0)),
    "remote": lambda s, _: _remote(s),
}


def _filled(carrier: Any, planted: str) -> Any:
    """The carrier with the secret in its places."""
    if isinstance(carrier, str):
        return _PLACE.sub(lambda match: _filtered(match[1], planted), carrier)
    if isinstance(carrier, dict):
        return {_filled(key, planted): _filled(value, planted) for key, value in carrier.items()}
    return [_filled(item, planted) for item in carrier] if isinstance(carrier, list) else carrier


def _filtered(filters: str, text: str) -> str:
    for one in filters.split("|"):
        name, _, argument = one.partition(":")
        text = FILTERS[name](text, argument)
    return text


def _example(carrier: Any, planted: str, question: str) -> Example:
    """The example that holds a secret in a carrier."""
    if isinstance(carrier, str):
        return example("session_miner", "tool_use", question, _filled(carrier, planted), SOURCE)
    if isinstance(carrier, list):
        first, *others = carrier
        return _example(others if len(others) > 1 else others[0], _filled(first, planted), question)
    for step in carrier.get("steps", []):
        planted = _filled(step, planted)
    given = {key: _filled(value, planted) for key, value in carrier.items() if key != "steps"}
    answer = call((given["call"][0], given["call"][1])) if "call" in given else given["answer"]
    rest = {key: given[key] for key in ("history", "system", "tools") if key in given}
    generator, user = given.get("generator", "session_miner"), given.get("user", "Run it.")
    return example(generator, "tool_use", user, answer, given.get("source", SOURCE), **rest)


def half(name: str) -> str:
    """`A` or `B`, by the name alone."""
    return "AB"[sha256(name.encode()).digest()[0] % 2]


def planted(
    group: str = "written for", *, most: int | None = None, of: str | None = None, seed: int = 0
) -> Iterator[tuple[str, str, str, Example]]:
    """(kind, carrier, secret, example) of every kind in every carrier of a set; `most` of them, chosen by the
    seed; `of` one half, both are of it.
    """
    kinds, carriers, question = (SETS[group][key] for key in ("kinds", "carriers", "question"))
    pairs = [
        (kind, carrier)
        for kind in kinds
        for carrier in carriers
        if of is None or half(kind) == half(carrier) == of
    ]
    if most is not None and most < len(pairs):
        pairs = random.Random(seed).sample(pairs, most)
    for kind, carrier in pairs:
        made = secret(kinds[kind], random.Random(f"{seed}/{kind}/{carrier}"))
        yield kind, carrier, made, _example(carriers[carrier], made, question)
