"""A linear model of how people correct an answer, in any language: from their next words, from the beginning
of what the model said to those, and from how far each repeats the question and the answer before.

Nothing is looked up: runs of characters and words are hashed to places in a table of weights
(correction_model.npz), which `benchmarks/train_correction_model.py` fits to labelled conversations and prints
the figures of.
"""

import re
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from autodidact.generators.session_miner.correction_signs import UNSPACED, speaks_of_the_answer
from autodidact.generators.session_miner.correction_signs import marks as marks_of_signs

# Places of the table, a power of two.
PLACES = 2**16

# Characters that are looked at: of a turn and of a reaction, which both say early what they are; and of the
# question and the answer before.
TURN, REACTION, BEFORE = 300, 120, 600
# Words of a turn's beginning.
HEAD = 4

# How alike two texts must be for each of the marks of that.
ALIKE = (0.03, 0.1, 0.2, 0.35)
PAIRS = (
    ("turn", "question"),
    ("turn", "answer"),
    ("reaction", "question"),
    ("reaction", "answer"),
    ("reaction", "turn"),
)
# Characters that distinguish short from long turns.
LENGTHS = (12, 25, 60, 120)
# Characters; a shorter turn speaks of what stands right before it. Letters by which two words count as one.
SHORT, STEM = 25, 5

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[\w.-]*\w")
_NUMBER = re.compile(r"\d+")


def log_odds(turn: str, question: str, answer: str, reaction: str) -> float:
    """How likely a turn corrects the answer before it: above 0 where it counts as a correction."""
    table = _model()
    by_runs = sum(value * int(table.places[list(places)].sum()) for places, value in groups(turn, reaction))
    return table.bias + table.scale * by_runs + float(table.marks @ marks(turn, question, answer, reaction))


def groups(turn: str, reaction: str) -> list[tuple[list[int], float]]:
    """Places in the table by kind of run, and what each place of a kind counts: one by the root of their
    number, times how much the kind tells.
    """
    turn, reaction = _plain(turn, TURN), _plain(reaction, REACTION)
    kinds = [
        (1.0, "c", _runs_in_words(turn, (1, 2, 3, 4, 5))),
        (0.7, "a", _runs(turn, (1, 2, 3))),
        (1.0, "w", _words(turn, (1, 2, 3))),
        (0.7, "h", _runs_in_words(" ".join(turn.split()[:HEAD]), (2, 3, 4, 5, 6))),
        (1.3, "r", _runs_in_words(reaction, (1, 2, 3, 4, 5))),
        (0.7, "s", _runs(reaction, (1, 2, 3))),
        (1.0, "v", _words(reaction, (1, 2))),
    ]
    return [
        (places, weight / len(places) ** 0.5)
        for weight, kind, runs in kinds
        if (places := sorted({_place(f"{kind}:{run}") for run in runs}))
    ]


def _place(run: str) -> int:
    """Half a character of a pair, which a transcript may hold, is no text to encode."""
    return zlib.crc32(run.encode("utf-8", "backslashreplace")) % PLACES


def marks(turn: str, question: str, answer: str, reaction: str) -> list[float]:
    """What tells besides the runs, each 1 or 0: signs, questions, lengths, numbers that stand in one text and
    not in the other, and how far one text repeats another. As many for every turn.
    """
    signs = marks_of_signs(" ".join(turn[:TURN].split()))
    refers = speaks_of_the_answer(turn)
    turn, reaction = _plain(turn, TURN), _plain(reaction, REACTION)
    question, answer = _plain(question, BEFORE), _plain(answer[-BEFORE:], BEFORE)
    said, asked, answered = (set(_NUMBER.findall(text)) for text in (turn, question, answer))
    texts = {"turn": turn, "reaction": reaction, "question": question, "answer": answer}
    runs = {name: set(_runs_in_words(text, (3, 4))) for name, text in texts.items()}
    alike = [_alike(runs[one], runs[other]) for one, other in PAIRS]
    found = [
        _asks(turn),
        "?" in turn or "？" in turn,
        _asks(answer),
        _asks(reaction),
        "?" in reaction or "？" in reaction,
        "!" in turn,
        "..." in turn or "…" in turn,
        not answer,
        not reaction,
        bool(said - asked - answered),
        bool(said & answered),
        bool(said & asked),
        *(len(turn) > most for most in LENGTHS),
        *(len(reaction) > most for most in LENGTHS[:3]),
        *(share > least for share in alike for least in ALIKE),
        *_elsewhere(turn, f"{question} {answer}", refers),
    ]
    return [*signs, *map(float, found)]


def _elsewhere(turn: str, before: str, refers: bool) -> tuple[bool, bool, bool]:
    """Whether a turn has a subject of what was said before; and whether it is about something else: it is not
    short, has no such subject, and (in the stronger form) no word for the answer either.
    """
    shared = bool(_subjects(turn) & _subjects(before))
    other = before != " " and not shared and len(turn) >= SHORT
    return shared, other, other and not refers


def _subjects(text: str) -> set[str]:
    """The words of a text that name something: the first letters of long ones, so that their endings do not
    matter; names with figures; pairs of Chinese characters.
    """
    words = _NAME.findall(text)
    named = {
        word[:STEM] if word.isalpha() else word for word in words if len(word) >= STEM or not word.isalpha()
    }
    return named | {text[k : k + 2] for k in range(len(text) - 1) if UNSPACED.match(text[k])}


def _asks(text: str) -> bool:
    return text.endswith(("?", "？"))


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1.0, (len(one) * len(other)) ** 0.5)


def _plain(text: str, most: int) -> str:
    return " ".join(text[:most].replace("’", "'").split()).casefold()


def _runs(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    return (text[k : k + length] for length in lengths for k in range(len(text) - length + 1))


def _runs_in_words(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    return (run for word in text.split() for run in _runs(f" {word} ", lengths))


def _words(text: str, counts: tuple[int, ...]) -> Iterator[str]:
    words = _WORD.findall(text)
    return (" ".join(words[k : k + count]) for count in counts for k in range(len(words) - count + 1))


class Table(NamedTuple):
    """What a place of the table weighs (int8, times `scale`), what a mark weighs, and the bias."""

    places: Any
    marks: Any
    scale: float
    bias: float


@cache
def _model() -> Table:
    with numpy.load(Path(__file__).with_suffix(".npz"), allow_pickle=False) as table:
        return Table(table["places"], table["marks"], float(table["scale"]), float(table["bias"]))
