"""Is a word a password: made to keep somebody out, and not a name, a number, a call or what documentation
writes in its place?
"""

import re

from autodidact.scanning.looks_random import (
    COMMON_SHARE,
    NAMED_SHARE,
    changes,
    classes,
    common_share,
    is_hex,
    is_placeholder,
    is_random,
)
from autodidact.shipped_tables import own_table

# Letters of both cases without digits that are a password right after the name of one.
MIN_PASSWORD = 12

# The same after the name of any secret; a random word.
MIN_NAMED = 16

# Largest share of common pairs in a word of letters of one case alone that a name calls a password, as Google
# and Apple draw them, of 16 letters: a name of code, written in one, has more.
ONE_CASE_SHARE = 0.5

_SIGNS = "!@#$%^&*+?~"
_NUMBER_OR_ADDRESS = re.compile(r"[\d.,:_/+-]+[a-zA-Z%]{0,3}|[\w.-]+@[\w.-]+\.\w+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PIECES = re.compile(r"[A-Za-z0-9]+")
_TAIL = re.compile(r"[A-Za-z0-9_.-]{16,200}")

_TABLE = own_table(__file__)
_WEAK = frozenset(_TABLE["weak"].split())


def weak(password: str) -> bool:
    """Written for readers, not to keep anybody out: `guest`, `password123`, `my-secret`."""
    letters = "".join(c for c in password.lower() if c.isalpha())
    if len(letters) * 2 < len(password):
        return is_placeholder(password)
    parts = re.findall("[a-z]+", password.lower())
    return letters in _WEAK or all(part in _WEAK for part in parts) or is_placeholder(password)


def password_like(value: str) -> bool:
    """Like a good password: letters and digits mixed as by chance, or with signs among them. Names, calls and
    format strings are not.
    """
    value = value.rstrip(".:!?&")
    if len(value) < 8 or weak(value) or _is_code(value) or is_hex(value) or _is_number_or_address(value):
        return False
    if not any(c in "0123456789" for c in value):
        return mixed(value, MIN_PASSWORD)
    kinds, moves = len(set(classes(value)) - {"o"}), changes(value)
    if any(c in _SIGNS for c in value):
        return kinds >= 2 and moves >= 3
    if kinds == 3:
        return is_random(value, NAMED_SHARE) and moves >= 0.35 * len(value)
    return is_random(value, COMMON_SHARE) and moves >= 0.3 * len(value) and len(value) >= 10


def _is_code(value: str) -> bool:
    """A path, a variable, a format string, an address."""
    return (
        value[0] in "$%{-/.\\"
        or value.startswith("~/")
        or any(part in value for part in ("://", "%s", "..."))
    )


def _is_number_or_address(value: str) -> bool:
    return bool(_DATE.match(value) or _NUMBER_OR_ADDRESS.fullmatch(value))


def mixed(word: str, least: int = MIN_NAMED) -> bool:
    """`least` letters of both cases without digits that follow each other as by chance, which one random word
    of twenty characters in 30 is.
    """
    enough = len(word) >= least and word.isalnum()
    return enough and changes(word) >= 0.35 * len(word) and common_share(word) <= 0.45


def one_case(word: str) -> bool:
    """Sixteen letters or more of one case that are no words."""
    letters = len(word) >= MIN_NAMED and word.isalpha() and (word.islower() or word.isupper())
    return letters and len(set(word)) >= 8 and common_share(word) <= ONE_CASE_SHARE


def by_chance(text: str) -> bool:
    """Does it begin with a word of sixteen characters in which a piece of ten looks drawn at random?"""
    match = _TAIL.match(text)
    return match is not None and any(map(_is_random_piece, _PIECES.findall(match[0])))


def _is_random_piece(piece: str) -> bool:
    if len(piece) < 10 or is_placeholder(piece) or piece.isalpha() or piece.isdigit():
        return False
    return is_hex(piece) or is_random(piece)
