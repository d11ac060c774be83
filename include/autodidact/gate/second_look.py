"""A second look for orders in wordings that no pattern knows: by what the words of a sentence mean, and by
what the sentence does.

A sentence is read twice. First by concepts (concepts.yaml: words for judges, for scores, for rules, and the
form of the sentence): a linear model knows which of them meet in an order. Few sentences pass; those are read
by the first layers of MiniLM (models/early_layers.py), and a second linear model decides by both. The weights
(second_look.json) are fitted by `benchmarks/train_second_look.py`, which prints what is found of orders that
were held back. It knows English.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import yaml

# Log-odds from which the first model lets a sentence pass, and from which the second calls it an order.
# benchmarks/train_second_look.py prints what other thresholds would find and what they would cost.
PASS, ORDER = -2.5, 0.0

# Words, and characters, of a sentence that is looked at: what is longer is a list or code.
SHORTEST, LONGEST = 3, 400

_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=[^\s\"'`)]))+[.!?]?")
_WORD = re.compile(r"\.env|[a-z0-9](?:[a-z0-9'+/_%.-]*[a-z0-9%+])?")
# Words of the longest phrase of concepts.yaml.
_PHRASE = 4

# Concepts of who reads.
_READERS = ("model", "judge", "reviewer", "trainer", "reader")

# Concepts of which a sentence has one at least, to be looked at: without a machine, or somebody who works for
# one, an order is one to people. On three repositories nine of ten false alarms had none of them.
_MACHINE = {"judge", "model", "reader", "reviewer", "systemword", "train", "trainer"}

# A reader is addressed when one of its words is among the first NEAR.
_NEAR = 5
# Words of a short sentence.
_FEW = 6
# Four words and more in quotes: somebody's words, of which only the place is kept.
_QUOTED = re.compile(r"[\"“‘«`](?:[^\s\"”’»`]{1,40}[ \n]){3,40}[^\s\"”’»`]{1,40}[\"”’»`]")
_QUOTES = "\"'`“”‘’«»"


class Model(NamedTuple):
    """Log-odds are `bias`, the weights of the features that a sentence has (names, or pairs `a+b`), and the
    dot product of `states` with its early layers.
    """

    bias: float
    weights: dict[str, float]
    states: tuple[float, ...] = ()

    def score(self, features: Sequence[str]) -> float:
        weights = self.weights
        return self.bias + sum(weights.get(one, 0.0) for one in expanded(features))


@cache
def models() -> tuple[Model, Model]:
    """The model of concepts alone, and that of concepts and early layers."""
    table = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return Model(**table["concepts"]), Model(**table["both"])


class Table(NamedTuple):
    """concepts.yaml: word or phrase -> concepts, beginning of a word -> concepts, and so on."""

    whole: dict[str, tuple[str, ...]]
    begun: dict[str, tuple[str, ...]]
    imperatives: frozenset[str]
    fillers: frozenset[str]
    forms: dict[str, re.Pattern]
    lead: re.Pattern
    called: re.Pattern


@cache
def _table() -> Table:
    table = yaml.safe_load(Path(__file__).with_name("concepts.yaml").read_text(encoding="utf-8"))
    whole: dict[str, tuple[str, ...]] = {}
    begun: dict[str, tuple[str, ...]] = {}
    for concept, entries in table["concepts"].items():
        for entry in entries:
            words = begun if entry.endswith("*") else whole
            words[entry.rstrip("*")] = (*words.get(entry.rstrip("*"), ()), concept)
    forms = {name: re.compile(pattern) for name, pattern in table["forms"].items()}
    lead, called = (re.compile(table[name]) for name in ("lead", "called"))
    return Table(
        whole, begun, frozenset(table["imperatives"]), frozenset(table["fillers"]), forms, lead, called
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text in lower case, without what is quoted, and none too short or too long."""
    found, text = [], _QUOTED.sub('"it"', text)
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if len(sentence) > LONGEST or sentence.count(" ") < SHORTEST - 1:
            continue
        before, after = (
            text[: match.start()].rstrip()[-1:],
            text[match.end() : match.end() + 2].lstrip(" .!?,;:")[:1],
        )
        whole = sentence[0] in _QUOTES and sentence.rstrip(".!?")[-1:] in _QUOTES
        if not whole and not (before and before in _QUOTES and after and after in _QUOTES):
            found.append(sentence)
    return found


@lru_cache(maxsize=50_000)
def _concepts_of(word: str) -> tuple[str, ...]:
    table = _table()
    stems = (one for k in range(3, len(word) + 1) for one in table.begun.get(word[:k], ()))
    return (*table.whole.get(word, ()), *stems)


def features(sentence: str) -> list[str]:
    """The concepts of a sentence in lower case and what its form tells, each once, sorted."""
    table = _table()
    words = _WORD.findall(sentence)
    found: set[str] = set()
    reader = must = None  # places of the first words for them
    for place, word in enumerate(words):
        concepts, phrase = list(_concepts_of(word)), word
        for more in words[place + 1 : place + _PHRASE]:
            phrase = f"{phrase} {more}"
            concepts += table.whole.get(phrase, ())
        found.update(concepts)
        if reader is None and any(one in _READERS for one in concepts):
            reader = place
        if must is None and "must" in concepts:
            must = place
    if next((word for word in words if word not in table.fillers), "") in table.imperatives:
        found.add("imperative")
    if reader is not None and reader <= _NEAR:
        found.update(_addressed(sentence))
        if must is not None and reader < must <= reader + _NEAR + 2:
            found.add("subject")
    found.update(name for name, pattern in table.forms.items() if pattern.match(sentence))
    if len(words) <= _FEW:
        found.add("short")
    return sorted(found)


def _addressed(sentence: str) -> Iterator[str]:
    """How a sentence addresses the reader it names: `judge: ...`, `as the judge ...`."""
    called = _table().called.match(sentence)
    if called and any(one in _READERS for one in _concepts_of(called[1])):
        yield "called"
    if _table().lead.match(sentence):
        yield "lead"


def expanded(features: Sequence[str]) -> list[str]:
    """The features and their pairs."""
    return [*features, *(f"{one}+{other}" for one, other in combinations(features, 2))]


def suspects(text: str) -> list[str]:
    """The sentences of a text that the model of concepts lets pass."""
    return [one for one in sentences(text) if _passes(one)]


# A third of the sentences of a repository's examples stand in several of them.
@lru_cache(maxsize=20_000)
def _passes(sentence: str) -> bool:
    first, _ = models()
    found = features(sentence)
    return not _MACHINE.isdisjoint(found) and first.score(found) >= PASS


def orders(suspects: Sequence[str], early: Any) -> list[bool]:
    """For each suspect whether it is an order. `early` is an early_layers.EarlyLayers."""
    import numpy

    if not suspects:
        return []
    _, second = models()
    by_concepts = numpy.array([second.score(features(one)) for one in suspects])
    by_states = early(list(suspects)) @ numpy.array(second.states, dtype=numpy.float32)
    found: list[bool] = (by_concepts + by_states >= ORDER).tolist()
    return found
