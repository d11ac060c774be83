"""What is kept, scanned once more and at every artifact of a cycle, by a method that shares nothing with the
first: words, not patterns.

A text is cut into words, and a word is judged by what it begins with, how it is built and how random it is
(Shannon's entropy): a known beginning with chance after it, digits strewn through letters of both cases,
a value of that shape after a word that names a secret, three pieces of which the first is a token's header,
the frame of a private key, a URL with a password. Words are also read out of base64, and the text once more
with its URL and HTML escapes undone. A hit fails the task: then the first scan has a hole, and nothing may be
trained before it is closed. So every measure here asks for more than the first scan does: of 34,889 raw
examples of four repositories and of 12,000 functions of installed packages it takes none for secrets that the
first does not find too (benchmarks/gate_secrets.py). What was found is never shown, only where and of what
kind. The words are in second_scan.yaml.
"""

import base64
import binascii
import html
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

_TABLE = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
PREFIXES: dict[str, int] = _TABLE["prefixes"]
_BEGINNINGS = tuple(PREFIXES)
NAMES, _STRICT_NAMES, _DATA, _LOCAL = (
    tuple(_TABLE[name]) for name in ("names", "strict_names", "data", "local")
)

# Bits a character of what follows the prefix. 16 random hexadecimal digits measure 3.2 on average, other
# credentials 4 and more.
MIN_ENTROPY = 3.0

# A word without a known beginning: as long, as random, with so many separate groups of digits among letters
# of both cases.
BARE, BARE_ENTROPY, BARE_GROUPS = 32, 4.2, 3

# The same for a word right after one of `NAMES`.
NAMED, NAMED_ENTROPY, NAMED_GROUPS = 20, 3.5, 3

# The same with letters of one case, which are no hexadecimal digits.
NAMED_ONE_CASE, NAMED_ONE_CASE_GROUPS = 24, 4

# A longer word is data: an image, a table.
LONGEST = 300

# Hexadecimal digits of a secret, at least.
HEX_DIGITS = 32

# Characters of a word that is looked at, and of one that base64 may hide something in.
SHORTEST, ENCODED = 14, 24

# Between two strings of a record: a word that names nothing, so that the last of one string tells nothing
# about the first of the next.
BREAK = "\x1e.\x1e"

# Prefixes after which a dot belongs to the credential.
_DOTTED = ("SG.", "ya29.", "glpat-")

# `the password of the box is Xk4!...`: letters of both cases, a digit and a sign.
_SENTENCE = re.compile(
    r"""\b(?i:password|passphrase|passwort|contraseña|mot[ ]de[ ]passe|senha)[ ](?:[\w-]+[ ]){0,5}
        (?i:is|lautet|est|es|é)[ ]["'`]?
        (?=[!-~]{0,20}[A-Z])(?=[!-~]{0,20}[a-z])(?=[!-~]{0,20}[0-9])(?=[!-~]{0,20}[!#$%&*?@^])
        [0-9A-Za-z!#%&*?@^-]{8,24}["'`]?(?:\.?(?:\s|\Z))""",
    re.VERBOSE,
)
_BY_NUMBER = re.compile(r"(?:chr|Chr|CHR)\((\d{2,3})\)(?:\s*[+.&|]{1,2}\s*)?")

# A character by its number, a continued line, or a slash as some write it in JSON.
_ESCAPED = re.compile(
    r"\\(?:x([2-7][0-9A-Fa-f])|(?:u00|U000000)([2-7][0-9A-Fa-f])|u\{([2-7][0-9A-Fa-f])\}|\r?\n[ \t]*|/)"
)
_DIGIT = re.compile("[0-9]")
_HEX_DIGITS = set("0123456789abcdef")
_SEPARATORS = re.compile("[-_/.+]")


class _Spaces(dict):
    """For str.translate: every character that no credential is made of becomes a space."""

    def __missing__(self, code: int) -> int:
        self[code] = code if chr(code).isascii() and (chr(code).isalnum() or chr(code) in "_-.+/") else 32
        return self[code]


_SPACES = _Spaces()


def entropy(word: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values()) if word else 0.0


def suspicious(text: str) -> str | None:
    """The kind of the first thing in a text that looks like a secret, None when there is none."""
    may_speak = not text.isascii() or any(word in text.lower() for word in ("pass", "senha"))
    if may_speak and _SENTENCE.search(text):
        return "password in a sentence"
    kind = _look(text) or _look_again(text, _BY_NUMBER.sub(lambda match: chr(int(match[1])), text))
    return kind or _look_again(text, html.unescape(unquote(_ESCAPED.sub(_character, text))))


def suspicious_line(line: str) -> str | None:
    """The same of the strings of a line of JSON, or of the line itself when it is none."""
    return suspicious(BREAK.join(parts(line)))


def _look_again(text: str, reading: str) -> str | None:
    return _look(reading) if reading != text else None


def _look(text: str, deep: bool = True) -> str | None:
    """Looks at frames of private keys, at every word, and at URLs; `deep`: also at what words encode."""
    if any(map(_is_private_key, text.split("-----BEGIN ")[1:])):
        return "private key"
    words = text.translate(_SPACES).split()
    for place in [place for place, word in enumerate(words) if len(word) >= SHORTEST]:
        word = words[place]
        if kind := _word(word, words[place - 1] if place else "", deep):
            return kind
        if len(word) in (64, 66) and _opens_wallet(word, _before(words, place)):
            return "key of a wallet"
    words = text.split() if "://" in text and "@" in text else []
    if any("://" in word and "@" in word and _has_password(word) for word in words):
        return "password in a URL"
    return None


def _is_private_key(frame: str) -> bool:
    """Whether what follows `-----BEGIN ` is the name of a private key, in capitals."""
    name = frame[:60].partition("-----")[0].partition(BREAK)[0].removesuffix(" BLOCK")
    return name.endswith("PRIVATE KEY") and frame[:11].isupper()


def _before(words: list[str], place: int) -> list[str]:
    """A few words before this one, of the same string (BREAK leaves a dot between two)."""
    found = words[max(0, place - 5) : place]
    return found[len(found) - found[::-1].index(".") :] if "." in found else found


def _opens_wallet(word: str, before: list[str]) -> bool:
    """32 bytes in hexadecimal digits, a few words after one that says what they open."""
    words = " ".join(before).lower()
    names, public = (any(name in words for name in _TABLE[kind]) for kind in ("wallets", "public"))
    return names and not public and _hexadecimal(word.removeprefix("0x").lower())


def _word(word: str, before: str, deep: bool) -> str | None:
    """The kind of one word, after the word `before`."""
    word, before = word.rstrip("."), before.lower()  # without the end of a sentence
    name = before.rstrip("-.")
    drawn = _DIGIT.search(word)  # chance, as `_random`, `_hexadecimal` and `_pieces` ask for it, has digits
    for piece in word.split("/") if drawn else ():
        if piece.startswith(_BEGINNINGS) and (prefix := _known_prefix(piece)):
            return f"{prefix}..."
    if len(word) > LONGEST or name.endswith(_DATA) or word.lower().startswith(_DATA):
        return None
    if before == "basic" and (plain := _printable(word)):
        return _encoded(plain, "base64")  # `example-username:example-password` looks random encoded
    if word.startswith("eyJ") and word.count(".") >= 2 and _token_header(word.partition(".")[0]):
        return "signed token"
    if drawn and name.endswith(_STRICT_NAMES) and _hexadecimal(word):
        return "hexadecimal digits after the name of a secret"
    if drawn and (kind := _pieces(word, named=name.endswith(NAMES))):
        return kind
    if deep and len(word) >= ENCODED and (plain := _printable(word)) and (kind := _encoded(plain, "base64")):
        return kind
    if deep and len(word) >= HEX_DIGITS and (plain := _of_digits(word)):
        return _encoded(plain, "hexadecimal digits")
    return None


def _known_prefix(piece: str) -> str | None:
    """The known beginning of a piece that is long enough and has chance after it."""
    fitting = (p for p, length in PREFIXES.items() if piece.startswith(p) and len(piece) >= length)
    return next((prefix for prefix in fitting if _random(piece[len(prefix) :], prefix)), None)


def _encoded(plain: str, how: str) -> str | None:
    return f"secret in {how}" if _look(plain, deep=False) else None


def _pieces(word: str, named: bool) -> str | None:
    """The kind of the first piece of a word that looks drawn at random; after a name less is enough."""
    for piece in _SEPARATORS.split(word):
        if len(piece) >= BARE and _strewn(piece, BARE_ENTROPY, BARE_GROUPS):
            return "random word"
        both_cases = len(piece) >= NAMED and _strewn(piece, NAMED_ENTROPY, NAMED_GROUPS)
        if named and (both_cases or (len(piece) >= NAMED_ONE_CASE and _strewn_one_case(piece))):
            return "random word after the name of a secret"
    return None


def _strewn(piece: str, least: float, groups: int) -> bool:
    """Letters of both cases with several groups of digits among them, and as random as `least`."""
    if piece.isalpha() or piece.islower() or piece.isupper() or not piece.isalnum():
        return False
    return _groups(piece) >= groups and entropy(piece) >= least


def _strewn_one_case(piece: str) -> bool:
    letters = piece.lower()
    if not piece.isalnum() or piece not in (letters, piece.upper()) or not set(letters) - _HEX_DIGITS:
        return False
    return _groups(piece) >= NAMED_ONE_CASE_GROUPS and entropy(piece) >= NAMED_ENTROPY


def _groups(word: str) -> int:
    """How often digits begin in it."""
    return sum(c.isdigit() and not before.isdigit() for before, c in zip("x" + word, word, strict=False))


def _hexadecimal(word: str) -> bool:
    digits = word.replace("-", "")
    return len(digits) >= HEX_DIGITS and not set(digits) - _HEX_DIGITS and _groups(digits) >= 4


def _random(rest: str, prefix: str) -> bool:
    """Digits and letters mixed within a piece of at least ten characters, which names in snake case hardly
    ever are.
    """
    piece = max(rest.replace("-", "_").replace(".", "_").split("_"), key=len)
    mixed = any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)
    dotted = "." in rest and prefix not in _DOTTED
    return len(piece) >= 14 and mixed and not dotted and entropy(rest) >= MIN_ENTROPY and _groups(piece) >= 3


def _token_header(piece: str) -> bool:
    """Is this the base64 of a JSON object that names an algorithm, as the head of a JWT is?"""
    try:
        head = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(head, dict) and bool({"alg", "typ", "enc", "kid"} & set(head))


def _character(match: re.Match) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else "/" if match[0].endswith("/") else ""


def _printable(word: str) -> str | None:
    """The plain text that base64 stands for, None when it is none."""
    if "." in word:
        return None
    urlsafe = b"-_" if "-" in word or "_" in word else None
    try:
        data = base64.b64decode(word.rstrip(".") + "=" * (-len(word) % 4), altchars=urlsafe, validate=True)
    except (ValueError, binascii.Error):
        return None
    return _as_plain_text(data)


def _of_digits(word: str) -> str | None:
    """The plain text that hexadecimal digits stand for, None when it is none."""
    try:
        return _as_plain_text(bytes.fromhex(word))
    except ValueError:
        return None


def _as_plain_text(data: bytes) -> str | None:
    try:
        text = data.decode("ascii")
    except ValueError:
        return None
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else None


def _has_password(word: str) -> bool:
    """Whether a URL has a password that opens something."""
    try:
        url = urlsplit(word.strip("'\"`()[]<>,;"))
        host, password = url.hostname or "", url.password or ""
    except ValueError:
        return False
    if not host or host.endswith(_LOCAL) or host.startswith(("127.", "0.0.0.0", "host")):
        return False
    if len(password) < 8 or set(word) & set("<>{}$*'`\"\\"):
        return False
    return _groups(password) >= 2 and entropy(password) >= 2.75


def parts(line: str) -> list[str]:
    """The strings of a line of JSON, each after its name; the line itself when it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return [line]
    found: list[str] = []
    _collect(value, "", found)
    return found


def _collect(value: Any, name: str, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(f"{name} {value}" if name else value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                found.append(f"{key} {item}" if key else item)
            else:
                _collect(item, key, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, name, found)
