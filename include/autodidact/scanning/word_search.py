"""Which of some hundred words stand in a text, found by their first characters, all at once: each text holds
the beginnings of few, and to look for one word after the other takes four times as long.
"""

from collections.abc import Iterable
from typing import Any

import numpy

# An odd number that spreads some characters over 16 bits, so that the table of beginnings is small.
_FACTOR = numpy.uint16(0xC2B3)


class Beginnings:
    """`standing(text)` are those of `words` that a text holds, in the order in which they were given. The
    first `length` characters of a word are looked up; a word that has fewer, or others than ASCII among them,
    is looked for itself.
    """

    def __init__(self, words: Iterable[str], length: int = 3):
        self._length = length
        self._places = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self._by_number: dict[int, list[str]] = {}
        self._others: dict[str, list[str]] = {}  # by first character
        for word in self._places:
            if word[:length].isascii() and len(word) >= length:
                self._by_number.setdefault(int(_numbers(word[:length], length)[0]), []).append(word)
            else:
                self._others.setdefault(word[0], []).append(word)
        self._begins: Any = numpy.zeros(2**16, dtype=bool)
        self._begins[list(self._by_number)] = True

    def standing(self, text: str) -> list[str]:
        numbers = _numbers(text, self._length)
        possible = [self._by_number[number] for number in set(numbers[self._begins[numbers]].tolist())]
        possible += [words for first, words in self._others.items() if first in text]
        found = [word for words in possible for word in words if word in text]
        return sorted(found, key=self._places.__getitem__)


def _numbers(text: str, length: int) -> Any:
    """A number below 2^16 for each `length` characters in a row, which others may have too; a character that
    is not in ASCII counts as a question mark.
    """
    codes = numpy.frombuffer(text.encode("ascii", "replace"), dtype=numpy.uint8).astype(numpy.uint16)
    count = max(0, len(codes) - length + 1)
    numbers = codes[:count]
    for place in range(1, length):
        numbers = numbers * _FACTOR + codes[place : place + count]
    return numbers
