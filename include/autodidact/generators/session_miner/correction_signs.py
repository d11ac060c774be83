"""Signs by which people say what they think of an answer, in each language: a table of regular expressions
(corrections.yaml), read as one pattern a kind and group of languages.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from autodidact.shipped_tables import read_table

# Chinese and Japanese, whose words do not end at a blank: a sign is looked for anywhere.
UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_OF_THEM = ("zh", "ja")


class Signs(NamedTuple):
    """The patterns of one language, by what they say (corrections.yaml)."""

    refers: re.Pattern[str]
    but: re.Pattern[str]
    praise: re.Pattern[str]
    thanks: re.Pattern[str]
    how_to: re.Pattern[str]
    task: re.Pattern[str]
    asks: re.Pattern[str]
    unsolved: re.Pattern[str]
    opening: re.Pattern[str]
    always: re.Pattern[str]
    unless_asked: re.Pattern[str]
    asking: re.Pattern[str]
    accepted: re.Pattern[str]


def signs_for(text: str) -> list[Signs]:
    """The signs of the languages that a text may be in: those written with blanks, or those that are not."""
    return _signs(bool(UNSPACED.search(text)))


def marks(text: str) -> list[float]:
    """For each kind of sign whether a text begins with one, and whether one stands anywhere in it; then what
    some of them say together: 1 or 0.
    """
    begins = text.lstrip("¡")
    first = {kind: _any(text, kind, begins, re.Pattern.match) for kind in Signs._fields}
    anywhere = {kind: _any(text, kind, text, re.Pattern.search) for kind in Signs._fields}
    pleased = first["thanks"] or anywhere["praise"]
    asking = first["how_to"] or first["task"] or first["asking"]
    together = [
        pleased and anywhere["but"],
        pleased and not anywhere["but"],
        first["opening"] and not asking,
        anywhere["always"] and not (first["how_to"] or first["task"]),
        anywhere["unless_asked"] and not (asking or first["asks"]),
        not (pleased or asking or first["asks"]),
    ]
    return [float(one) for one in (*first.values(), *anywhere.values(), *together)]


def speaks_of_the_answer(text: str) -> bool:
    """Whether a text has a word for the answer before it, or begins as a correction does."""
    return any(one.opening.match(text) or one.refers.search(text) for one in signs_for(text))


def objects(text: str) -> bool:
    """Whether a text begins as a correction does, and neither asks nor thanks."""
    return any(
        one.opening.match(text) and not one.asking.match(text) and not one.thanks.match(text)
        for one in signs_for(text)
    )


def _any(text: str, kind: str, looked_at: str, look: Callable[[re.Pattern[str], str], object]) -> bool:
    return any(look(getattr(signs, kind), looked_at) for signs in signs_for(text))


@cache
def _signs(unspaced: bool) -> list[Signs]:
    table = read_table(__file__, "corrections.yaml")
    return [
        Signs(**{kind: _pattern(signs, not unspaced) for kind, signs in kinds.items()})
        for language, kinds in table.items()
        if (language in _OF_THEM) is unspaced
    ]


def _pattern(signs: list[str], spaced: bool) -> re.Pattern[str]:
    either = "|".join(signs)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if spaced else f"(?:{either})", re.IGNORECASE)
