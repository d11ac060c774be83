"""The second look at what is kept, by a method that shares nothing with `secrets.py`: no pattern, but words and how random they are.

A word that begins like a credential and goes on like chance, the frame of a key, a URL with a password. A hit fails the gate: then the
first rule has a hole, and nothing may be trained before it is closed.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from autodidact.errors import AutodidactError
from autodidact.gate.rule import texts

PREFIXES = {
    "AKIA": 20, "ASIA": 20, "AIza": 39, "GOCSPX-": 35, "ghp_": 40, "gho_": 40, "ghu_": 40, "ghs_": 40, "ghr_": 40, "github_pat_": 71,
    "glpat-": 26, "sk-ant-": 27, "sk-proj-": 28, "sk-svcacct-": 31, "gsk_": 44, "xoxb-": 15, "xoxp-": 15, "xoxa-": 15, "xoxs-": 15,
    "sk_live_": 24, "rk_live_": 24, "sk_test_": 24, "rk_test_": 24, "whsec_": 30, "npm_": 40, "pypi-AgE": 58, "shpat_": 38, "dop_v1_": 71,
    "hf_": 33,
}  # fmt: skip
"""What a credential begins with, and how long it is at least."""

MIN_ENTROPY = 3.0
"""Bits a character of what follows the prefix. 16 random hexadecimal digits measure 3.2 on average, other credentials 4 and more."""


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
    for frame in text.split("-----BEGIN ")[1:]:
        if frame[:60].partition("-----")[0].removesuffix(" BLOCK").endswith("PRIVATE KEY") and frame[:11].isupper():
            return "private key"
    possible = {prefix: length for prefix, length in PREFIXES.items() if prefix in text}
    if possible:
        for word in text.translate(_SPACES).split():
            for prefix, length in possible.items():
                if word.startswith(prefix) and len(word) >= length and _random(word[len(prefix) :]):
                    return f"{prefix}..."
    if "://" in text and "@" in text:
        for word in text.split():
            if "://" in word and "@" in word and _password(word):
                return "password in a URL"
    return None


def _random(rest: str) -> bool:
    """Digits and letters mixed within a piece of at least ten characters, which names in snake case hardly ever are."""
    piece = max(rest.replace("-", "_").split("_"), key=len)
    mixed = any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)
    return len(piece) >= 10 and mixed and "." not in rest and "/" not in rest and entropy(rest) >= MIN_ENTROPY


def _password(word: str) -> bool:
    try:
        url = urlsplit(word.strip("'\"`()[]<>,;"))
        name, password = url.hostname or "", url.password or ""
    except ValueError:
        return False
    plain = len(password) >= 8 and not set(word) & set("<>{}$*'\"\\")
    return bool(name) and plain and any(c.isdigit() for c in password) and entropy(password) >= 2.5


def scan(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(line number, kind) of each line that holds something suspicious in the strings of its JSON, or in itself when it is none."""
    for number, line in enumerate(lines, 1):
        try:
            parts = texts(json.loads(line))
        except (ValueError, RecursionError):
            parts = [line]
        kind = next((found for text in parts if (found := suspicious(text))), None)
        if kind:
            yield number, kind


def require_clean(lines: Iterable[str], name: str) -> None:
    """Raises AutodidactError that names lines and kinds, never the text."""
    hits = list(scan(lines))
    if hits:
        shown = ", ".join(f"line {number} ({kind})" for number, kind in hits[:5])
        raise AutodidactError(
            f"{name} holds what looks like a secret: {shown}{' and more' if len(hits) > 5 else ''}",
            "Nothing was kept. Remove it from the source, or report the format that the gate's first rule missed.",
        )
