"""Whether an order, the subject of a commit, says enough that the edit follows from it."""

import builtins
import keyword
import re
from collections.abc import Iterable

from autodidact.shipped_tables import read_table

# Words of programming languages, which an edit may use that the order does not name.
_LANGUAGE = frozenset([*keyword.kwlist, *dir(builtins), *read_table(__file__)["languages"]])
# What an order that adds nothing has to say.
_REMOVALS = frozenset(read_table(__file__)["removals"])
# Numbers that a word of the order stands for.
_NUMBERS: dict[str, set[str]] = {
    str(number): set(names) for number, names in read_table(__file__)["numbers"].items()
}
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\w\s]")
_ADDRESS = re.compile(r"\w+://[^\s\"'<>)\]]+|[\w.+-]+@[\w-]+\.[\w.]+")
# Letters that two forms of a word have in common: `cancel` and `cancelled`, `currency` and `currencies`.
_STEM = 4


def implied(order: str, before: list[str], after: list[str]) -> bool:
    """Whether every new name, number and word of the edit is in the order or was there before, and the order
    speaks of most of what comes and goes.
    """
    old, new = _tokens(before), _tokens(after)
    words = {word.lower() for word in re.findall(r"[^\W\d_]+|\d+(?:\.\d+)*", order)}
    words |= {part for name in re.findall(r"[^\W\d_]+", order) for part in _parts(name)}
    added = [token for token in new if token not in old]
    # An address cannot be known from its words.
    if set(_ADDRESS.findall("\n".join(after))) - set(_ADDRESS.findall("\n".join([*before, order]))):
        return False
    if not all(_known(token, words, old) for token in added):
        return False
    gone = [token for token in old if token not in new]
    if gone and not added and not words & _REMOVALS:
        return False
    parts = _words_of([*added, *gone])
    if not parts and gone and not added:
        return _numbers(gone, words)
    if not parts:
        # Only how often a name is there has changed.
        parts = _words_of(token for token in new if old.get(token, 0) != new[token])
        return any(_alike(part, word) for part in parts for word in words) or _numbers(added, words)
    named = [part for part in parts if any(_alike(part, word) for word in words)]
    return 2 * len(named) >= len(parts)


def _numbers(added: list[str], words: set[str]) -> bool:
    return any(_counted(token, words) for token in added)


def _words_of(tokens: Iterable[str]) -> set[str]:
    """The words in some tokens, without those of programming languages."""
    return {part for token in tokens if token not in _LANGUAGE for part in _parts(token)} - _LANGUAGE


def _tokens(lines: list[str]) -> dict[str, int]:
    """The names, numbers and signs of some lines, and how often each is there."""
    found: dict[str, int] = {}
    for token in _TOKEN.findall("\n".join(lines)):
        found[token] = found.get(token, 0) + 1
    return found


def _known(token: str, words: set[str], old: dict[str, int]) -> bool:
    if not token[0].isalnum() and token[0] != "_":
        return True
    if token[0].isdigit():
        return token in words or _counted(token, words)
    if token in _LANGUAGE or token.startswith("__") and token.endswith("__"):
        return True
    there = {part for one in old for part in _parts(one)} | _LANGUAGE
    return all(part in there or any(_alike(part, word) for word in words) for part in _parts(token))


def _counted(token: str, words: set[str]) -> bool:
    return token in words or bool(_NUMBERS.get(token, set()) & words)


def _parts(token: str) -> set[str]:
    """The words of a name: `max_items` and `maxItems` have the same."""
    return {part.lower() for part in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])", token)}


def _alike(one: str, other: str) -> bool:
    """Whether they are forms of one word, by how they begin."""
    short, long = sorted((one, other), key=len)
    if len(short) < _STEM:
        return short == long
    stem = short[: max(_STEM, len(short) - 2)]
    return long.startswith(stem) and len(long) - len(short) <= 5
