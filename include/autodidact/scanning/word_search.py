"""Which of some hundred words stand in a text, found by their first characters, all at once: each text holds
the beginnings of few, and to look for one word after the other takes four times as long.
"""

from collections.abc import Iterable
from typing import Any

import numpy

# Characters that are looked up first; a word in ASCII that has fewer, or another word, is looked for itself.
LENGTH = 3


class Beginnings:
    """`standing(text)` are those of `words` that a text holds, in the order in which they were given."""

    def __init__(self, words: Iterable[str]):
        self._places = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self._by_number: dict[int, list[str]] = {}
        self._others: list[str] = []
        for word in self._places:
            if word[:LENGTH].isascii() and len(word) >= LENGTH:
                self._by_number.setdefault(int(_numbers(word[:LENGTH])[0]), []).append(word)
            else:
                self._others.append(word)
        self._begins: Any = numpy.zeros(2**21, dtype=bool)
        self._begins[list(self._by_number)] = True

    def standing(self, text: str) -> list[str]:
        numbers = _numbers(text)
        begun = set(numbers[self._begins[numbers]].tolist())
        others = [word for word in self._others if word in text] if self._others else []
        found = [word for number in begun for word in self._by_number[number] if word in text] + others
        return sorted(found, key=self._places.__getitem__)


def _numbers(text: str) -> Any:
    """A number for each three characters in a row; any that is not in ASCII counts as a question mark."""
    codes = numpy.frombuffer(text.encode("ascii", "replace"), dtype=numpy.uint8).astype(numpy.int32)
    return (codes[:-2] << 14) | (codes[1:-1] << 7) | codes[2:]
