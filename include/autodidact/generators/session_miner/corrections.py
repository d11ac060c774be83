"""Whether a person's next words correct the answer before them.

No embedding tells. On the labelled set (tests/data/corrections) the shipped one, with a linear classifier on
top, would lose half of the good answers in order to keep out nine corrected ones of ten: "the column is
called berth" and "rename the column to berth" lie near each other. What tells is the small words by which
people say, in each language, that something is not so. They stand in a table (corrections.yaml). All
languages are looked at together, and in doubt the answer is not taught. What is caught and what is lost:
docs/generators.md, by `python -m benchmarks.corrections`.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from autodidact.generators.writing.tables import read_table

# Characters of a turn that are looked at: a correction says early that it is one.
LOOKED_AT = 300

# Turns whose answer is remembered: each is asked about for every kind of example.
REMEMBERED = 64

# Of these nothing ends at a blank, so a sign is looked for anywhere.
_UNSPACED = ("zh", "ja")


@lru_cache(REMEMBERED)
def corrects(text: str) -> bool:
    """Whether a turn corrects, undoes or doubts the answer before it."""
    said = " ".join(text[:LOOKED_AT].replace("’", "'").split())
    if any(one.accepted.fullmatch(said.strip(" .!")) and not one.always.search(said) for one in _signs()):
        return False
    return any(
        one.always.search(said)
        or (not one.asking.match(said) and (one.opening.match(said) or one.unless_asked.search(said)))
        for one in _signs()
    )


@lru_cache(REMEMBERED)
def plainly_corrects(text: str) -> bool:
    """Whether its first words say that the answer before it was not right, and the turn is more than that
    nothing was solved: what is done next may then be what the person wanted.
    """
    said = " ".join(text[:LOOKED_AT].replace("’", "'").split())
    return corrects(text) and any(
        one.opening.match(said) and not one.asking.match(said) and not one.unsolved.search(said)
        for one in _signs()
    )


class Signs(NamedTuple):
    """The patterns of one language, by what they say (corrections.yaml)."""

    unsolved: re.Pattern[str]
    opening: re.Pattern[str]
    always: re.Pattern[str]
    unless_asked: re.Pattern[str]
    asking: re.Pattern[str]
    accepted: re.Pattern[str]


@cache
def _signs() -> list[Signs]:
    table = read_table(__file__, "corrections.yaml")
    return [
        Signs(**{kind: _pattern(signs, language not in _UNSPACED) for kind, signs in kinds.items()})
        for language, kinds in table.items()
    ]


def _pattern(signs: list[str], spaced: bool) -> re.Pattern[str]:
    either = "|".join(signs)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if spaced else f"(?:{either})", re.IGNORECASE)
