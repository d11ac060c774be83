"""What an order to a machine is made of, whatever its words: who is addressed and how, what is wanted, and
what tells that a text only speaks of such things. The concepts and their words, in some dozen languages, are
in order_concepts.yaml; what each and what each pair of them weighs is learnt (order_model.py).
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Any

import numpy

from autodidact.gate.order_patterns import filled
from autodidact.shipped_tables import own_table

# The relation that holds where a machine is named, and those that hold only there.
MACHINE = "machine_any"
ABOUT_IT = frozenset(("to_machine", "machine_must", "machine_you", "if_machine", "machine_did"))
# From this character on letters are not Latin.
_OTHER = "\u0250"
# Below this character scripts have blanks between words: a pattern that begins with one begins at a word.
_BLANKLESS = "\u1100"
_WORD = r"(?<![^\W_])"
_LETTERS = re.compile(r"\\[bsw]|\(\?:|[\[\](]")


@cache
def concepts(*, ascii_only: bool = False) -> dict[str, re.Pattern[str]]:
    """Name -> pattern, in the order of the file; `ascii_only` without what no text in ASCII holds."""
    table = own_table(__file__)
    words = {name: [_at_word(pattern) for pattern in given] for name, given in table["concepts"].items()}
    relations = {
        name: [filled(pattern, table["parts"]) for pattern in given]
        for name, given in table["relations"].items()
    }
    return {
        name: re.compile(
            "|".join(f"(?:{pattern})" for pattern in given if not (ascii_only and _other(pattern)))
        )
        for name, given in (words | relations).items()
    }


def _other(pattern: str) -> bool:
    """Whether a pattern begins with a letter beyond the Latin ones, and so all it has."""
    return _first(pattern) >= _OTHER


def _first(pattern: str) -> str:
    return next((sign for sign in _LETTERS.sub("", pattern) if sign.isalpha()), "a")


def _at_word(pattern: str) -> str:
    return f"{_WORD}(?:{pattern})" if _first(pattern) < _BLANKLESS else pattern


def _held(text: str) -> list[bool]:
    """Of each concept whether a text holds it. Nothing is said of a machine where none is named."""
    patterns = concepts(ascii_only=text.isascii())
    named = patterns[MACHINE].search(text) is not None
    return [
        named if name == MACHINE else (named or name not in ABOUT_IT) and pattern.search(text) is not None
        for name, pattern in patterns.items()
    ]


def features(texts: Sequence[str]) -> Any:
    """For each text in lower case which of m concepts it holds, and which pairs of them, as ones and zeros:
    float32 (n, m + m(m-1)/2).
    """
    count = len(concepts())
    found: Any = numpy.array([_held(text) for text in texts], dtype=numpy.float32).reshape(len(texts), count)
    first, second = numpy.array(list(combinations(range(count), 2))).T
    return numpy.hstack([found, found[:, first] * found[:, second]])
