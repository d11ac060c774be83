"""The scored items of the benchmark as the leakage rule looks them up: by prompt, by runs of eight words, by
slot values.

What a family's items have in common, its template, gives nothing away: it is found by drawing a few more
items of the family and taking the runs of words that occur in two of them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy

from autodidact.benchmark.item_family import Item
from autodidact.benchmark.user_families import families_with
from autodidact.records import Example, canonical, nfc, response_text, sha256
from autodidact.shingles import grams, hash64, hashes, words

# Words in a run. A chance run of eight words in common is unheard of; of thirteen, as elsewhere in use, most
# prompts have none.
RUN = 8

# Words in the runs that are looked for as well: a name that was changed breaks half as many of them.
SHORT = 4

# An item has leaked when so much of its own runs occurs.
COVERED = 0.5

# The same of its short runs. Honest examples of three repositories stay below.
COVERED_SHORT = 0.35

# With fewer runs of its own, an item is looked for by its slot values. Of 675 items 72 have fewer at level 1,
# 30 at level 3.
FEW = 5

# An item has leaked when so many of its different words occur in whatever order, and among them those of its
# slot values, of four and more all but one. Of 33,240 honest examples of three repositories none has more
# than 0.67 (benchmarks/gate.py leaks EXAMPLES).
WORDS = 0.75

# Words of slot values of which one may be missing: another name stands in its place.
MANY = 4

# Items drawn to see a family's template.
DRAWS = 24


def prompt_key(messages: list[dict]) -> str:
    """What two prompts share when they ask the same: the text of all messages but the system's, without case
    and spacing.
    """
    return sha256(" ".join(nfc(prompt_text(messages)).casefold().split()))


def prompt_text(messages: list[dict]) -> str:
    """The text of all messages but the system's."""
    return "\n".join(message.get("content") or "" for message in messages if message.get("role") != "system")


def shown(example: Example) -> list[str]:
    """All that the model sees of an example: messages, calls and the names of the tools."""
    names = [tool.get("function", {}).get("name", "") for tool in example.tools]
    return [*(response_text(message) for message in example.messages), *map(str, names)]


@dataclass(frozen=True)
class _Traits:
    """What an item is recognised by; words and runs of words as hashes."""

    # The runs of its own: those that its template does not have.
    runs: numpy.ndarray
    short_runs: numpy.ndarray
    # The words of each slot value, as text, and the hashes of all of them.
    values: list[list[str]]
    value_words: frozenset[int]
    # The words of its question, and those of them that its slot values give it.
    words: frozenset[int]
    slot_words: frozenset[int]
    # One of the longest of those, two where one may be missing, is looked for first.
    marks: list[int]


def _traits(item: Item, template: dict[int, numpy.ndarray]) -> _Traits:
    text = prompt_text(item.messages)
    runs, short = (numpy.setdiff1d(grams(hashes(text), n), template[n]) for n in (RUN, SHORT))
    values = [found for value in _slots(item) if (found := words(value))]
    value_words = {word for value in values for word in value}
    question = set(words(text))
    slots = sorted(question & value_words, key=lambda word: (-len(word), word))
    return _Traits(
        runs=runs,
        short_runs=short,
        values=values,
        value_words=frozenset(map(hash64, value_words)),
        words=frozenset(map(hash64, question)),
        slot_words=frozenset(map(hash64, slots)),
        marks=[hash64(word) for word in slots[: 1 if len(slots) < MANY else 2]],
    )


class SuiteIndex:
    """What is looked up of scored items. Building takes about a second, an example a quarter of a
    millisecond.
    """

    def __init__(self, items: Iterable[Item]):
        items = list(items)
        self.ids = [item.id for item in items]
        self.questions = [item.messages[-1]["content"] for item in items]
        self.level = items[0].level if items else 1
        self._prompts = {prompt_key(item.messages): item.id for item in items}
        self._whole = {_whole(item.messages, item.tools): item.id for item in items}
        templates: dict[tuple, dict[int, numpy.ndarray]] = {}
        for item in items:
            family = (item.category, item.family, item.level)
            if family not in templates:
                templates[family] = _template(item)
        self._traits = [_traits(item, templates[item.category, item.family, item.level]) for item in items]
        self._by_run, self._by_value, self._by_mark = self._tables()
        self._run_keys = numpy.array(sorted(self._by_run), dtype=numpy.uint64)
        self._lines = [f" {' '.join(words(text))} " for text in self.questions]
        self._by_rare_word = self._rare_words()

    def _tables(self) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, list[int]]]:
        """The numbers of the items by hash: of each short run; of the longest word of the slot values, where
        an item has few runs; of each mark.
        """
        by_run: dict[int, list[int]] = defaultdict(list)
        by_value: dict[int, list[int]] = defaultdict(list)
        by_mark: dict[int, list[int]] = defaultdict(list)
        for number, traits in enumerate(self._traits):
            for run in traits.short_runs.tolist():
                by_run[run].append(number)
            for mark in traits.marks:
                by_mark[mark].append(number)
            if len(traits.runs) < FEW and traits.values:
                longest = max(
                    (word for value in traits.values for word in value), key=lambda word: (len(word), word)
                )
                by_value[hash64(longest)].append(number)
        return by_run, by_value, by_mark

    def _rare_words(self) -> dict[str, list[int]]:
        """The numbers of the items by the rarest word of their question, where it has enough words."""
        found: dict[str, list[int]] = defaultdict(list)
        counts = Counter(word for line in self._lines for word in set(line.split()))
        for number, line in enumerate(self._lines):
            if len(line.split()) >= RUN:
                rarest = min(line.split(), key=lambda word: (counts[word], -len(word), word))
                found[rarest].append(number)
        return found

    def same_prompt(self, example: Example, exactly: bool = False) -> str | None:
        """The item that asks this; `exactly`: with the same system message and tools, for there are dev items
        that differ in those alone.
        """
        if exactly:
            return self._whole.get(_whole(example.messages[:-1], example.tools))
        return self._prompts.get(prompt_key(example.messages[:-1]))

    def contained(self, examples: Sequence[Example]) -> list[tuple[str, str] | None]:
        """For each example (reason, item) when an item occurs in what it shows."""
        found = []
        for example in examples:
            texts = shown(example)
            hashed = numpy.concatenate([hashes(text) for text in texts])
            found.append(self._by_runs(hashed) or self._by_names(hashed, texts))
        return found

    def _by_runs(self, hashed: numpy.ndarray) -> tuple[str, str] | None:
        """By the item's own runs of words."""
        runs = grams(hashed, SHORT)
        met = runs[_among(runs, self._run_keys)]
        counts: Counter = Counter()
        for run in set(met.tolist()):
            counts.update(self._by_run[run])
        short = {number: len(self._traits[number].short_runs) for number in counts}
        near = sorted(number for number, count in counts.items() if count >= COVERED / 2 * short[number])
        long = grams(hashed, RUN) if near else runs
        for number in near:
            own = self._traits[number].runs
            if len(own) >= FEW and numpy.isin(own, long).mean() >= COVERED:
                return "half of a scored question", self.ids[number]
        for number in near:
            if short[number] >= FEW and counts[number] >= COVERED_SHORT * short[number]:
                return "half of a scored question, with other names", self.ids[number]
        return None

    def _by_names(self, hashed: numpy.ndarray, texts: list[str]) -> tuple[str, str] | None:
        """By the item's slot values, and by its words."""
        there = set(hashed.tolist())
        numbers = {
            number
            for word in self._by_value.keys() & there
            for number in self._by_value[word]
            if self._traits[number].value_words <= there
        }
        line = f" {' '.join(words(' '.join(texts)))} " if numbers else ""
        for number in sorted(numbers):
            if all(f" {' '.join(value)} " in line for value in self._traits[number].values):
                return "every slot value of a scored question", self.ids[number]
        marked = {number for word in self._by_mark.keys() & there for number in self._by_mark[word]}
        for number in sorted(marked):
            traits = self._traits[number]
            missing = len(traits.slot_words - there)
            if missing > (0 if len(traits.slot_words) < MANY else 1):
                continue
            if len(traits.words & there) >= WORDS * len(traits.words):
                return "the words of a scored question", self.ids[number]
        return None

    def verbatim(self, text: str) -> str | None:
        """The item whose question, of eight words and more, stands in a text word for word."""
        found = words(text)
        line = f" {' '.join(found)} "
        for word in self._by_rare_word.keys() & set(found):
            for number in self._by_rare_word[word]:
                if self._lines[number] in line:
                    return self.ids[number]
        return None


def _among(values: numpy.ndarray, keys: numpy.ndarray) -> numpy.ndarray:
    """Whether each value is one of the sorted keys."""
    if not len(keys):
        return numpy.zeros(len(values), dtype=bool)
    return keys[numpy.minimum(numpy.searchsorted(keys, values), len(keys) - 1)] == values


def _whole(messages: list[dict], tools: list[dict]) -> str:
    text = canonical([[[message["role"], response_text(message)] for message in messages], tools])
    return sha256(" ".join(text.casefold().split()))


def _template(item: Item) -> dict[int, numpy.ndarray]:
    """Length -> the runs of so many words that two of a few other items of the family share."""
    family = next(family for family in families_with(item.own)[item.category] if family.name == item.family)
    counts_of: dict[int, Counter] = {RUN: Counter(), SHORT: Counter()}
    for number in range(DRAWS):
        draw = family.draw(Random(f"template/{item.category}/{item.family}/{number}"), item.level)
        text = prompt_text([*draw.history, {"role": "user", "content": draw.user}])
        for n, counts in counts_of.items():
            counts.update(numpy.unique(grams(hashes(nfc(text)), n)).tolist())
    return {
        n: numpy.array([run for run, count in counts.items() if count > 1], dtype=numpy.uint64)
        for n, counts in counts_of.items()
    }


def _slots(item: Item) -> Iterator[str]:
    """The values of an item's payload as text. The reference only where it is a call: its arguments are what
    the prompt names.
    """
    payload = json.loads(item.payload)
    yield from _leaves(payload["slots"])
    if isinstance(payload["reference"], dict):
        for call in payload["reference"].get("tool_calls") or ():
            yield call["function"]["name"]
            yield from _leaves(call["function"]["arguments"])


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
