"""Words of commit messages that are slips of the pen: what is misspelt is not handed on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Change

# Letters of a word that is looked at, and how often its right spelling has to be met.
LONG, COMMON = 6, 3

_WORD = re.compile(r"(?<![\w.`/])[a-z]+(?![\w`/(])", re.IGNORECASE)


def misspelt(texts: Iterable[str]) -> set[str]:
    """The words that are met once and are one slip from a word that is met often, or that Python's manual
    has: two letters in the wrong order, one too many, one missing. A difference in the ending is none:
    "option" and "options".
    """
    counts = Counter(word for text in texts for word in words(text))
    known = _known()
    return {
        word
        for word, count in counts.items()
        if count == 1
        and len(word) >= LONG - 1
        and word not in known
        and any(counts[one] >= COMMON or one in known for one in _slips(word) if _is_long(word, one))
    }


def _is_long(word: str, meant: str) -> bool:
    """Whether one of the two is long enough: "REAME" is, for "README"."""
    return max(len(word), len(meant)) >= LONG


@lru_cache(1)
def _known() -> frozenset[str]:
    """The words of Python's own manual, as the interpreter carries it: they are spelt right."""
    from pydoc_data.topics import topics  # a large module

    return frozenset(word for text in topics.values() for word in words(text) if len(word) >= LONG - 1)


def words(text: str) -> list[str]:
    """The words of a text in small letters, without the names of the code."""
    return [word.lower() for word in _WORD.findall(text)]


def _slips(word: str) -> Iterator[str]:
    """What may have been meant."""
    for place in range(1, len(word) - 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if place < len(word) - 2:
            yield before + after[1] + after[0] + after[2:]
            yield before + after[1:]
    if word[-1] == word[-2]:
        yield word[:-1]


def spelled(changes: list["Change"], others: list[str]) -> list["Change"]:
    """The commits without those whose subject has a slip of the pen, and without such bodies. `others`: more
    texts that show how words are spelt here.
    """
    slips = misspelt([*others, *(f"{one.subject} {one.body}" for one in changes)])
    right = [one for one in changes if slips.isdisjoint(words(one.subject))]
    return [one if slips.isdisjoint(words(one.body)) else replace(one, body="") for one in right]
