"""The second look at what is kept and at every artifact of a cycle, by a method that shares nothing with
`secrets.py`: words, not patterns.

A text is cut into words, and a word is judged by what it begins with, how it is built and how random it is
(Shannon's entropy): a known beginning that goes on like chance, digits strewn through letters of both cases,
a value of that shape after a word that names a secret, three pieces of which the first is a token's header,
the frame of a private key, a URL with a password. Words are also read out of base64, and the text once more
with its URL and HTML escapes undone. A hit fails the task: then the first rule has a hole, and nothing may be
trained before it is closed. So every measure here asks for more than the first rule does: of 34,889 raw
examples of four repositories and of 12,000 functions of installed packages it takes none for secrets that the
first rule does not drop too (benchmarks/gate_secrets.py). What was found is never said, only where and of
what kind.
"""

import base64
import binascii
import html
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from autodidact.errors import AutodidactError

PREFIXES = {
    "AKIA": 20,
    "ASIA": 20,
    "AIza": 39,
    "GOCSPX-": 35,
    "ya29.": 40,
    "LTAI": 20,
    "dapi": 36,
    "hvs.": 28,
    "pul-": 44,
    "dp.pt.": 46,
    "sbp_": 44,
    "nfp_": 40,
    "dop_v1_": 71,
    "ghp_": 40,
    "gho_": 40,
    "ghu_": 40,
    "ghs_": 40,
    "ghr_": 40,
    "github_pat_": 71,
    "glpat-": 26,
    "gldt-": 25,
    "glrt-": 25,
    "ATBB": 32,
    "ATATT3xFfG": 60,
    "sk-": 40,
    "sk-ant-": 27,
    "sk-proj-": 28,
    "sk-svcacct-": 31,
    "sk-or-v1-": 40,
    "gsk_": 44,
    "hf_": 33,
    "r8_": 38,
    "pplx-": 45,
    "xai-": 60,
    "xoxb-": 15,
    "xoxp-": 15,
    "xoxa-": 15,
    "xoxs-": 15,
    "xapp-": 40,
    "sk_live_": 24,
    "rk_live_": 24,
    "sk_test_": 24,
    "rk_test_": 24,
    "whsec_": 30,
    "sq0atp-": 28,
    "rzp_live_": 22,
    "shpat_": 38,
    "shpca_": 38,
    "shppa_": 38,
    "shpss_": 38,
    "SG.": 60,
    "xkeysib-": 60,
    "npm_": 40,
    "pypi-AgE": 58,
    "rubygems_": 57,
    "dckr_pat_": 35,
    "glsa_": 45,
    "NRAK-": 30,
    "sntrys_": 50,
    "lin_api_": 46,
    "ntn_": 48,
    "figd_": 44,
    "PMAK-": 60,
    "tskey-": 30,
    "AGE-SECRET-KEY-1": 70,
    "EAAA": 60,
    "lsv2_": 45,
    "sk-admin-": 40,
    "polar_oat_": 40,
    "pdl_live_apikey_": 50,
    "hcaik_": 50,
    "pylf_v1_": 40,
    "npg_": 16,
    "mdb_sa_sk_": 40,
    "jsrp_": 40,
    "pscale_": 40,
    "dt0c01.": 60,
    "CCIPAT_": 50,
    "tvly-": 30,
    "pcsk_": 50,
    "tgp_v1_": 40,
    "nvapi-": 50,
    "ABSK": 60,
    "HRKU-": 40,
    "fo1_": 40,
    "EAAG": 80,
    "sq0csp-": 40,
    "hf_oauth_": 40,
    "gloas-": 50,
    "glptt-": 40,
    "dtn_": 50,
    "rpa_": 40,
    "sgp_": 44,
    "GOOG1": 55,
}
"""What a credential begins with, and how long it is at least."""

FIRST = frozenset(prefix[:2] for prefix in PREFIXES)

MIN_ENTROPY = 3.0
"""Bits a character of what follows the prefix. 16 random hexadecimal digits measure 3.2 on average, other
credentials 4 and more.
"""

BARE, BARE_ENTROPY, BARE_GROUPS = 32, 4.2, 3
"""A word without a known beginning: as long, as random, with so many separate groups of digits among letters
of both cases.
"""

NAMED, NAMED_ENTROPY, NAMED_GROUPS = 20, 3.5, 3
"""The same for a word right after one of `NAMES`."""

NAMED_ONE_CASE, NAMED_ONE_CASE_GROUPS = 24, 4
"""The same with letters of one case, which are no hexadecimal digits."""

LONGEST = 300
"""A longer word is data: an image, a table."""

NAMES = (
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "accesskey",
    "auth_key",
    "bearer",
    "client_secret",
    "_key",
)
"""How the word before a secret ends."""

DATA = (
    "base64",
    "sha256",
    "sha384",
    "sha512",
    "sha1",
    "md5",
    "h1",
    "integrity",
    "hash",
    "digest",
    "checksum",
    "fingerprint",
    "nonce",
    "opaque",
)
"""Words before what is random and no secret."""

STRICT = (
    "password",
    "passwd",
    "secret",
    "apikey",
    "api_key",
    "api-key",
    "api_token",
    "access_token",
    "auth_token",
    "bearer",
    "private_key",
    "secret_key",
    "access_key",
)
"""How the word before a secret in hexadecimal digits ends."""

HEX_DIGITS = 32
"""As long it is at least."""

LOCAL = (
    "localhost",
    ".localhost",
    ".local",
    ".test",
    ".invalid",
    ".example",
    "example.com",
    "example.org",
    "example.net",
)
"""How the names of hosts end that open nothing (RFC 2606, 6761)."""

WALLET = ("wallet", "mnemonic", "metamask", "private key", "seed")
OPEN_TO_ALL = (
    "public",
    "hash",
    "sha1",
    "sha2",
    "sha3",
    "sha5",
    "digest",
    "checksum",
    "fingerprint",
    "commit",
    "address",
    "transaction",
    "block",
    "random",
)
"""What 64 hexadecimal digits are the key of, and what they are that is no secret."""

_TOLD = re.compile(
    r"(?i:\b(?:password|passphrase|passwort|contrase\u00f1a|mot de passe|senha) (?:[\w-]+"
    r" ){0,5}(?:is|lautet|est|es|\u00e9)) [\"'`]?"
    r"(?=[!-~]{0,20}[A-Z])(?=[!-~]{0,20}[a-z])(?=[!-~]{0,20}[0-9])(?=[!-~]{0,20}[!#$%&*?@^])[0-9A-Za-z!#%&*?@^-]{8,24}[\"'`]?(?:\.?(?:\s|\Z))"
)
_BY_NUMBER = re.compile(r"\b(?:chr|Chr|CHR)\((\d{2,3})\)(?:\s*[+.&|]{1,2}\s*)?")

MAX_LINES = 5
"""Places named in an error."""


BREAK = "\x1e.\x1e"
"""Between two strings of a record: a word that names nothing, so that the last of one string says nothing of
the first of the next.
"""


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
    if _TOLD.search(text):
        return "password in a sentence"
    kind = _look(text)
    if not kind and ("hr(" in text or "HR(" in text):
        kind = _look(_BY_NUMBER.sub(lambda match: chr(int(match[1])), text))
    if not kind and ("%" in text or "&" in text or "\\" in text):
        clear = html.unescape(unquote(_ESCAPED.sub(_character, text)))
        kind = _look(clear) if clear != text else None
    return kind


def _look(text: str, deep: bool = True) -> str | None:
    if "-----BEGIN " in text:
        for frame in text.split("-----BEGIN ")[1:]:
            if (
                frame[:60]
                .partition("-----")[0]
                .partition(BREAK)[0]
                .removesuffix(" BLOCK")
                .endswith("PRIVATE KEY")
                and frame[:11].isupper()
            ):
                return "private key"
    before, words = "", text.translate(_SPACES).split()
    for place, word in enumerate(words):
        if len(word) >= 14 and (kind := _word(word, before, deep)):
            return kind
        if len(word) in (64, 66) and _opens_wallet(word, words[max(0, place - 5) : place]):
            return "key of a wallet"
        before = word
    if "://" in text and "@" in text:
        for word in text.split():
            if "://" in word and "@" in word and _password(word):
                return "password in a URL"
    return None


def _opens_wallet(word: str, before: list[str]) -> bool:
    """32 bytes in hexadecimal digits, a few words after one that says what they open."""
    told = " ".join(before).lower()
    opened = any(name in told for name in WALLET) and not any(name in told for name in OPEN_TO_ALL)
    return opened and _hexadecimal(word.removeprefix("0x").lower())


def _word(word: str, before: str, deep: bool) -> str | None:
    if (
        not _DIGIT.search(word)
        and not word.startswith("eyJ")
        and not (deep and len(word) >= 24 and _BASE64.fullmatch(word))
    ):
        return None  # all that is looked for has digits, but for what base64 may hide
    word = word.rstrip(".")  # the end of a sentence
    pieces = word.split("/") if "/" in word else (word,)
    for piece in pieces:
        if piece[:2] in FIRST:
            for prefix, length in PREFIXES.items():
                if (
                    piece.startswith(prefix)
                    and len(piece) >= length
                    and _random(piece[len(prefix) :], prefix)
                ):
                    return f"{prefix}..."
    if len(word) > LONGEST or before.lower().rstrip("-.").endswith(DATA) or word.lower().startswith(DATA):
        return None
    if before.lower() == "basic" and (said := _printable(word)):
        return (
            "secret in base64" if _look(said, deep=False) else None
        )  # `example-username:example-password`, which looks random encoded
    if word.startswith("eyJ") and word.count(".") >= 2 and _token_header(word.partition(".")[0]):
        return "signed token"
    named = before.lower().rstrip("-.").endswith(NAMES)
    if len(word) >= HEX_DIGITS and before.lower().rstrip("-.").endswith(STRICT) and _hexadecimal(word):
        return "hexadecimal digits after the name of a secret"
    for piece in word.replace("-", "_").replace("/", "_").replace(".", "_").replace("+", "_").split("_"):
        if len(piece) >= BARE and _strewn(piece, BARE_ENTROPY, BARE_GROUPS):
            return "random word"
        if named and len(piece) >= NAMED and _strewn(piece, NAMED_ENTROPY, NAMED_GROUPS):
            return "random word after the name of a secret"
        if named and len(piece) >= NAMED_ONE_CASE and _strewn_one_case(piece):
            return "random word after the name of a secret"
    if deep and len(word) >= 24 and (said := _printable(word)) and _look(said, deep=False):
        return "secret in base64"
    if deep and len(word) >= HEX_DIGITS and (said := _of_digits(word)) and _look(said, deep=False):
        return "secret in hexadecimal digits"
    return None


def _strewn(piece: str, least: float, groups: int) -> bool:
    """Letters of both cases with several groups of digits among them, and as random as `least`."""
    if piece.isalpha() or piece.islower() or piece.isupper() or not piece.isalnum():
        return False
    return _groups(piece) >= groups and entropy(piece) >= least


def _strewn_one_case(piece: str) -> bool:
    letters = piece.lower()
    one = (
        piece.isalnum() and piece in (letters, piece.upper()) and bool(set(letters) - set("0123456789abcdef"))
    )
    return one and _groups(piece) >= NAMED_ONE_CASE_GROUPS and entropy(piece) >= NAMED_ENTROPY


def _groups(word: str) -> int:
    """How often digits begin in it."""
    return sum(c.isdigit() and not before.isdigit() for before, c in zip("x" + word, word, strict=False))


def _hexadecimal(word: str) -> bool:
    digits = word.replace("-", "")
    return len(digits) >= HEX_DIGITS and not set(digits) - set("0123456789abcdef") and _groups(digits) >= 4


def _random(rest: str, prefix: str) -> bool:
    """Digits and letters mixed within a piece of at least ten characters, which names in snake case hardly
    ever are.
    """
    piece = max(rest.replace("-", "_").replace(".", "_").split("_"), key=len)
    mixed = any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)
    dotted = "." in rest and prefix not in ("SG.", "ya29.", "glpat-")
    return len(piece) >= 14 and mixed and not dotted and entropy(rest) >= MIN_ENTROPY and _groups(piece) >= 3


def _token_header(piece: str) -> bool:
    """Is this the base64 of a JSON object that names an algorithm, as the head of a JWT is?"""
    try:
        head = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(head, dict) and bool({"alg", "typ", "enc", "kid"} & set(head))


_ESCAPED = re.compile(
    r"\\(?:x([2-7][0-9A-Fa-f])|(?:u00|U000000)([2-7][0-9A-Fa-f])|u\{([2-7][0-9A-Fa-f])\}|\r?\n[ \t]*|/)"
)
"""A character by its number, a line that goes on, or a slash as some write it in JSON."""


def _character(match: re.Match) -> str:
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else "/" if match[0].endswith("/") else ""


_DIGIT = re.compile("[0-9]")
_BASE64 = re.compile(r"[A-Za-z+/_-]+\.*")


def _printable(word: str) -> str | None:
    """What the word says when it is base64 of plain text."""
    try:
        said = base64.b64decode(
            word.rstrip(".") + "=" * (-len(word) % 4),
            altchars=b"-_" if "-" in word or "_" in word else None,
            validate=True,
        )
        text = said.decode("ascii")
    except (ValueError, binascii.Error):
        return None
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else None


def _of_digits(word: str) -> str | None:
    """What the word says when it is hexadecimal digits of plain text."""
    try:
        text = bytes.fromhex(word).decode("ascii")
    except ValueError:
        return None
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else None


def _password(word: str) -> bool:
    try:
        url = urlsplit(word.strip("'\"`()[]<>,;"))
        name, password = url.hostname or "", url.password or ""
    except ValueError:
        return False
    plain = (
        len(password) >= 8
        and not set(word) & set("<>{}$*'`\"\\")
        and not name.startswith(("127.", "0.0.0.0", "host"))
    )
    return (
        bool(name)
        and plain
        and not name.endswith(LOCAL)
        and _groups(password) >= 2
        and entropy(password) >= 2.75
    )


def parts(line: str) -> list[str]:
    """The strings of a line of JSON, each after its name; the line itself when it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return [line]
    found: list[str] = []
    _named(value, "", found)
    return found


def _named(value: Any, name: str, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(f"{name} {value}" if name else value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                found.append(f"{key} {item}" if key else item)
            else:
                _named(item, key, found)
    elif isinstance(value, list):
        for item in value:
            _named(item, name, found)


def scan(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(line number, kind) of each line that holds something suspicious in the strings of its JSON, or in
    itself when it is none.
    """
    for number, line in enumerate(lines, 1):
        if kind := _of_line(line):
            yield number, kind


def _of_line(line: str) -> str | None:
    """The kind of the first suspicious thing in the strings of a line of JSON, all looked at in one go."""
    return suspicious(BREAK.join(parts(line)))


def scan_artifacts(
    artifacts: Mapping[str, Iterable[str]], settings: Any = None
) -> dict[str, list[tuple[int, str]]]:
    """Name -> (line number, kind) of each hit, of artifacts given as their lines; only those with a hit.

    With `settings` (settings.gate), what `gate.deny` lists is a hit too.
    """
    from autodidact.scanning.deny_list import denied

    found = {}
    for name, lines in artifacts.items():
        hits = []
        for number, line in enumerate(lines, 1):
            kind = _of_line(line)
            if not kind and settings is not None and (entry := denied(line, settings)):
                kind = f"entry {entry} of gate.deny"
            if kind:
                hits.append((number, kind))
        if hits:
            found[name] = hits
    return found


def require_clean(lines: Iterable[str], name: str) -> None:
    """Raises AutodidactError that names lines and kinds, never the text."""
    require_clean_artifacts({name: lines}, "Nothing was kept.")


def require_clean_artifacts(
    artifacts: Mapping[str, Iterable[str]], consequence: str, settings: Any = None
) -> None:
    """The same of several artifacts."""
    found = scan_artifacts(artifacts, settings)
    if found:
        name, hits = next(iter(found.items()))
        shown = ", ".join(f"line {number} ({kind})" for number, kind in hits[:MAX_LINES])
        others = f"; so do {', '.join(list(found)[1:])}" if len(found) > 1 else ""
        raise AutodidactError(
            f"{name} holds what looks like a secret:"
            f" {shown}{' and more' if len(hits) > MAX_LINES else ''}{others}",
            f"{consequence} Remove it from the source, or name it (or a pattern of it) in gate.deny, which"
            " drops the examples that hold it; then run the gate again.",
        )
