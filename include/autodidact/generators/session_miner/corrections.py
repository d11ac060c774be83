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

from autodidact.generators.writing.word_tables import read_table
from autodidact.sources.transcripts import Exchange

# Characters of a turn that are looked at: a correction says early that it is one.
LOOKED_AT = 300
# Characters; a shorter request, and a shorter remark, speak of what stands right before them.
SHORT, SHORT_REMARK = 25, 35
# Letters by which two words are taken for one.
STEM = 5
# Turns whose answer is remembered: each is asked about for every kind of example.
REMEMBERED = 64

# Chinese and Japanese, whose words do not end at a blank: a sign is looked for anywhere.
_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_OF_THEM = ("zh", "ja")
# "/memory show" is said to the program.
_COMMAND = re.compile(r"/\w+(?:\s|$)")
_WORD = re.compile(r"[\w.-]*\w")


def corrects(text: str, exchange: Exchange | None = None) -> bool:
    """Whether a turn corrects, undoes or doubts the answer before it, or may: it is neither thanks nor a
    request nor a question. The signs are asked in the order of corrections.yaml.

    `exchange`: what came before, where it is known. What is about something else does not correct it.
    """
    said = _looked_at(text)
    signs = _signs(bool(_UNSPACED.search(said)))
    if _COMMAND.match(said) or any(one.accepted.fullmatch(said.strip(" .!¡")) for one in signs):
        return False
    if exchange is not None and _elsewhere(said, exchange, signs):
        return False
    of_its_own = any(one.how_to.match(said) or one.task.match(said) for one in signs)
    if not of_its_own and any(one.always.search(said) for one in signs):
        return True
    if any(one.thanks.match(said.lstrip("¡")) or one.praise.search(said) for one in signs):
        return any(one.but.search(said) for one in signs)
    asking = of_its_own or any(one.asking.match(said) for one in signs)
    asks = asking or any(one.asks.match(said.lstrip("¡")) for one in signs)
    if not asking and any(one.opening.match(said) for one in signs):
        return True
    if not asks and any(one.unless_asked.search(said) for one in signs):
        return True
    answered = exchange is not None and exchange.reply.rstrip().endswith(("?", "？"))
    return not asks and not answered and not said.endswith(("?", "？"))


def _elsewhere(said: str, exchange: Exchange, signs: list["Signs"]) -> bool:
    """Whether a turn is about something else than the exchange before it: it has neither a word for the
    answer nor one of the exchange's own.
    """
    asks = any(one.asks.match(said) or one.task.match(said) for one in signs)
    if len(said) < (SHORT if asks else SHORT_REMARK):
        return False
    if any(one.opening.match(said) or one.refers.search(said) for one in signs):
        return False
    return not _subjects(said) & _subjects(f"{exchange.text} {exchange.reply}")


def _subjects(text: str) -> set[str]:
    """The words of a text that name something: the first letters of long ones, so that their endings do not
    matter; names with figures; pairs of Chinese characters.
    """
    words = (word for word in _WORD.findall(text.casefold()))
    named = {
        word[:STEM] if word.isalpha() else word for word in words if len(word) >= STEM or not word.isalpha()
    }
    return named | {text[k : k + 2] for k in range(len(text) - 1) if _UNSPACED.match(text[k])}


def _looked_at(text: str) -> str:
    return " ".join(text[:LOOKED_AT].replace("’", "'").split())


@lru_cache(REMEMBERED)
def plainly_corrects(text: str) -> bool:
    """Whether its first words say that the answer before it was not right, and the turn is more than that
    nothing was solved: what is done next may then be what the person wanted.
    """
    said = _looked_at(text)
    return corrects(text) and any(
        one.opening.match(said) and not one.asking.match(said) and not one.unsolved.search(said)
        for one in _signs(bool(_UNSPACED.search(said)))
    )


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


@cache
def _signs(unspaced: bool) -> list[Signs]:
    """The signs of the languages that are written with blanks, or of those that are not."""
    table = read_table(__file__, "corrections.yaml")
    return [
        Signs(**{kind: _pattern(signs, not unspaced) for kind, signs in kinds.items()})
        for language, kinds in table.items()
        if (language in _OF_THEM) is unspaced
    ]


def _pattern(signs: list[str], spaced: bool) -> re.Pattern[str]:
    either = "|".join(signs)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if spaced else f"(?:{either})", re.IGNORECASE)
