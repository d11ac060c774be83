"""A second look for orders in wordings that no pattern knows, in any language.

A text is read in windows of one to three sentences. A linear model of the runs of characters and words
(order_model_features.py) lets few windows pass. A second one also knows what an order is made of
(order_concepts.py). Where that leaves a doubt, a network over the first layers of MiniLM is asked
(order_encoder.py), and the log-odds of both are added.

The weights (order_model.npz, eight bits each) are fitted by `benchmarks/train_order_model.py`, which prints
what is found of sets that were written by others than those it learns from. docs/gate.md has the figures.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy

import autodidact.gate.order_concepts as order_concepts
import autodidact.gate.order_encoder as order_encoder
import autodidact.gate.order_model_features as order_model_features

# Log-odds from which the first model lets a window pass, and from which it is called an order in the end.
# benchmarks/train_order_model.py prints what other thresholds would find and what they would cost.
PASS, ORDER = -3.0, 0.9

# Log-odds that the runs give in the second model below which no concepts are looked for: of the orders that
# were learnt from, one in a hundred has less.
LEAST = -6.5

# Log-odds by the second model from which the encoder is asked, and from which it need not be; and what its
# own are multiplied with.
ASK, SURE, ENCODER = -1.0, 5.0, 0.6

# Words and characters of a sentence that is looked at: what is longer is a list or code. A sentence in other
# than Latin letters, which may know no blanks, has so many characters at least.
SHORTEST, LONGEST, FEWEST = 4, 400, 6

# Sentences of a window, and windows of a text that are looked at by the second model.
MOST, SUSPECTS = 3, 4

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.!?](?=[^\s\"'`)]))+[.!?。！？]?")
# Four words and more in quotes: somebody's words, of which only the place is kept.
_QUOTED = re.compile(r"[\"“‘«`](?:[^\s\"”’»`]{1,40}[ \n]){3,40}[^\s\"”’»`]{1,40}[\"”’»`]")
_QUOTES = "\"'`“”‘’«»"


class Model(NamedTuple):
    """Log-odds are `bias`, what the runs of a window weigh (`weights`, times `scale`), and what its concepts
    do.
    """

    bias: float
    scale: float
    weights: Any
    concepts: Any

    def of_runs(self, text: str, begins: Any, ends: Any) -> Any:
        """The log-odds of windows of a text (`order_model_features.joined`) without its concepts."""
        return self.bias + self.scale * order_model_features.scores(text, begins, ends, self.weights)


class Suspect(NamedTuple):
    """A window that the first model lets pass: the place of its text, the window, and the log-odds that the
    runs give it in the second.
    """

    text: int
    window: str
    odds: float


@cache
def models() -> tuple[Model, Model]:
    """The model of runs alone, and that of runs and concepts."""
    with numpy.load(Path(__file__).with_suffix(".npz"), allow_pickle=False) as table:
        first, second = (
            Model(float(table["bias"][n]), float(table["scale"][n]), table["weights"][n], concepts)
            for n, concepts in enumerate((numpy.zeros(0), table["concepts"].astype(numpy.float32)))
        )
    return first, second


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without what is quoted, and none too short or too long."""
    found, text = [], _QUOTED.sub('"it"', text)
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if len(sentence) > LONGEST or not _enough(sentence):
            continue
        before, after = (
            text[: match.start()].rstrip()[-1:],
            text[match.end() : match.end() + 2].lstrip(" .!?,;:")[:1],
        )
        whole = sentence[0] in _QUOTES and sentence.rstrip(".!?")[-1:] in _QUOTES
        if not whole and not (before and before in _QUOTES and after and after in _QUOTES):
            found.append(sentence)
    return found


def _enough(sentence: str) -> bool:
    return sentence.count(" ") >= SHORTEST - 1 or (not sentence.isascii() and len(sentence) >= FEWEST)


def paragraphs(text: str) -> list[list[str]]:
    """The sentences of each paragraph of a text that has some."""
    return [found for paragraph in _PARAGRAPH.split(text) if (found := sentences(paragraph))]


def windows(count: int) -> Iterator[tuple[int, int]]:
    """The first and the last of one to MOST of so many sentences, in all places."""
    for size in range(MOST):
        for first in range(count - size):
            yield first, first + size


def suspects(texts: Sequence[str]) -> list[Suspect]:
    """The windows of texts in lower case that the first model lets pass, the SUSPECTS likeliest of each."""
    read = [(place, paragraph) for place, text in enumerate(texts) for paragraph in paragraphs(text)]
    # A third of the paragraphs of a repository's examples stand in several of them.
    distinct = list(dict.fromkeys(tuple(paragraph) for _, paragraph in read))
    passed = dict(zip(distinct, _passed(distinct), strict=True))
    by_text: dict[int, list[Suspect]] = {}
    for place, paragraph in read:
        for window, odds in passed[tuple(paragraph)]:
            by_text.setdefault(place, []).append(Suspect(place, window, odds))
    return [
        one
        for found in by_text.values()
        for one in sorted(found, key=lambda suspect: -suspect.odds)[:SUSPECTS]
    ]


def _passed(paragraphs: Sequence[tuple[str, ...]]) -> list[list[tuple[str, float]]]:
    """Of each paragraph the windows that pass, with what the runs give them in the second model."""
    first, second = models()
    found: list[list[tuple[str, float]]] = [[] for _ in paragraphs]
    text, begins, ends = order_model_features.joined([one for paragraph in paragraphs for one in paragraph])
    starts = numpy.cumsum([0, *map(len, paragraphs)])
    where = [
        (place, start + one, start + last)
        for place, (start, paragraph) in enumerate(zip(starts.tolist(), paragraphs, strict=False))
        for one, last in windows(len(paragraph))
    ]
    if not where:
        return found
    _, one, last = numpy.array(where).T
    passing = numpy.flatnonzero(first.of_runs(text, begins[one], ends[last]) >= PASS)
    if len(passing):
        odds = second.of_runs(text, begins[one[passing]], ends[last[passing]])
        for number, log_odds in zip(passing.tolist(), odds.tolist(), strict=True):
            if log_odds < LEAST:
                continue
            place, one_, last_ = where[number]
            start = int(starts[place])
            window = " ".join(paragraphs[place][one_ - start : last_ - start + 1])
            found[place].append((window, log_odds))
    return found


def orders(suspects: Sequence[Suspect]) -> list[bool]:
    """For each suspect whether it is an order."""
    if not suspects:
        return []
    _, second = models()
    # The readings of a text share most of their windows.
    by_runs = {one.window: one.odds for one in suspects}
    windows, runs = list(by_runs), numpy.array(list(by_runs.values()))
    linear = runs + order_concepts.features(windows) @ second.concepts
    unsure = numpy.flatnonzero((linear >= ASK) & (linear < SURE))
    by_encoder = numpy.zeros(len(windows))
    if len(unsure):
        by_encoder[unsure] = order_encoder.odds([windows[place] for place in unsure.tolist()])
    found = dict(zip(windows, combined(linear, by_encoder) >= ORDER, strict=True))
    return [bool(found[one.window]) for one in suspects]


def combined(linear: Any, by_encoder: Any) -> Any:
    """The log-odds of the linear models and of the encoder in one; the encoder is asked only if they leave a
    doubt.
    """
    asked = (linear >= ASK) & (linear < SURE)
    return linear + numpy.where(asked, ENCODER * by_encoder, 0.0)


def odds(windows: Sequence[str]) -> Any:
    """The log-odds of windows by the linear models, -99 of those that the first does not let pass."""
    text, begins, ends = order_model_features.joined(windows)
    first, second = models()
    result: Any = numpy.full(len(windows), -99.0)
    passing = numpy.flatnonzero(first.of_runs(text, begins, ends) >= PASS)
    if len(passing):
        concepts = order_concepts.features([windows[place] for place in passing.tolist()]) @ second.concepts
        result[passing] = second.of_runs(text, begins[passing], ends[passing]) + concepts
    return result
