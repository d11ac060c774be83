"""Words of commit messages that are slips of the pen: what is misspelt is not handed on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

# Letters of a word that is looked at, and how often its right spelling has to be met.
LONG, COMMON = 6, 3

_WORD = re.compile(r"(?<![\w.`/])[a-z]+(?![\w`/(])", re.IGNORECASE)


def misspelt(texts: Iterable[str]) -> set[str]:
    """The words that are met once and are one slip from a word that is met often: two letters in the wrong
    order, one too many, one missing. A difference in the ending is none: "option" and "options".
    """
    counts = Counter(word for text in texts for word in words(text))
    return {
        word
        for word, count in counts.items()
        if count == 1 and len(word) >= LONG and any(counts[one] >= COMMON for one in _slips(word))
    }


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
