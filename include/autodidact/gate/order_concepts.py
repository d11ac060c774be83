"""What an order to a machine is made of, whatever its words: who is addressed and how, what is wanted, and
what tells that a text only speaks of such things. The concepts and their words, in some dozen languages, are
in order_concepts.yaml; what each and what each pair of them weighs is learnt (order_model.py).
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy
import yaml

from autodidact.gate.order_patterns import filled

# Below this character scripts have blanks between words: a pattern that begins with one begins at a word.
_BLANKLESS = "\u1100"
_WORD = r"(?<![^\W_])"
_LETTERS = re.compile(r"\\[bsw]|\(\?:|[\[\](]")


@cache
def concepts() -> dict[str, re.Pattern[str]]:
    """Name -> pattern, in the order of the file."""
    table = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    words = {name: [_at_word(pattern) for pattern in given] for name, given in table["concepts"].items()}
    relations = {
        name: [filled(pattern, table["parts"]) for pattern in given]
        for name, given in table["relations"].items()
    }
    return {
        name: re.compile("|".join(f"(?:{pattern})" for pattern in given))
        for name, given in (words | relations).items()
    }


def _at_word(pattern: str) -> str:
    first = next((sign for sign in _LETTERS.sub("", pattern) if sign.isalpha()), "a")
    return f"{_WORD}(?:{pattern})" if first < _BLANKLESS else pattern


def features(texts: Sequence[str]) -> Any:
    """For each text in lower case which of m concepts it holds, and which pairs of them, as ones and zeros:
    float32 (n, m + m(m-1)/2).
    """
    patterns = concepts().values()
    found: Any = numpy.array(
        [[pattern.search(text) is not None for pattern in patterns] for text in texts], dtype=numpy.float32
    ).reshape(len(texts), len(patterns))
    first, second = numpy.array(list(combinations(range(len(patterns)), 2))).T
    return numpy.hstack([found, found[:, first] * found[:, second]])
