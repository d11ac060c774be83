"""The scored items of the benchmark as the leakage rule looks them up: by prompt, by runs of eight words, by
slot values.

What a family's items have in common, its template, gives nothing away: it is found by drawing a few more
items of the family and taking the runs of words that occur in two of them.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

import numpy

from autodidact.benchmark.own_families import families_with
from autodidact.records import Example, canonical, nfc, response_text, sha256
from autodidact.shingles import grams, hash64, hashes, words

RUN = 8
"""Words in a run. A chance run of eight words in common is unheard of; of thirteen, as elsewhere in use, most
prompts have none.
"""

SHORT = 4
"""Words in the runs that are looked for as well: a name that was changed breaks half as many of them."""

COVERED = 0.5
"""An item has leaked when so much of its own runs occurs."""

COVERED_SHORT = 0.35
"""The same of its short runs. Honest examples of three repositories stay below."""

FEW = 5
"""With fewer runs of its own, an item is looked for by its slot values. Of 675 items 72 have fewer at level
1, 30 at level 3.
"""

WORDS = 0.75
"""An item has leaked when so many of its different words occur in whatever order, and among them those of its
slot values, of four and more all but one. Of 33,240 honest examples of three repositories none has more than
0.67 (benchmarks/gate.py leaks EXAMPLES).
"""

MANY = 4
"""Words of slot values of which one may be missing: another name stands in its place."""

DRAWS = 24
"""Items drawn to see a family's template."""


def prompt_key(messages: list[dict]) -> str:
    """What two prompts share when they ask the same: the text of all messages but the system's, without case
    and spacing.
    """
    return sha256(" ".join(nfc(asked(messages)).casefold().split()))


def asked(messages: list[dict]) -> str:
    return "\n".join(message.get("content") or "" for message in messages if message.get("role") != "system")


def shown(example: Example) -> list[str]:
    """All that the model sees of an example: messages, calls and the names of the tools."""
    names = [tool.get("function", {}).get("name", "") for tool in example.tools]
    return [*(response_text(message) for message in example.messages), *map(str, names)]


class SuiteIndex:
    """`items` are scored items (`benchmark.items.Item`). Building takes about a second, a look 50
    microseconds.
    """

    def __init__(self, items: Iterable[Any]):
        items = list(items)
        self.ids = [item.id for item in items]
        self.questions = [item.messages[-1]["content"] for item in items]
        self.level = items[0].level if items else 1
        self._prompts = {prompt_key(item.messages): item.id for item in items}
        self._whole = {_whole(item.messages, item.tools): item.id for item in items}
        self._values: list[list[list[str]]] = []  # the words of each slot value
        self._needed: list[frozenset[int]] = []  # the hashes of all of them
        self._by_word: dict[int, list[int]] = defaultdict(
            list
        )  # hash of the longest word of the slot values -> items
        self._said: list[
            tuple[frozenset[int], frozenset[int]]
        ] = []  # the hashes of its words, and of those that its slot values give it
        self._by_slot: dict[int, list[int]] = defaultdict(
            list
        )  # hash of a long word of those, one of which is there -> items
        self._items: dict[int, list[int]] = defaultdict(list)  # hash of a short run -> items
        self._long: list[numpy.ndarray] = []  # the runs of its own
        self._short: list[int] = []  # how many short ones
        templates: dict[tuple, dict[int, numpy.ndarray]] = {}
        for number, item in enumerate(items):
            family = (item.category, item.family, item.level)
            if family not in templates:
                templates[family] = _template(item)
            own, short = (
                numpy.setdiff1d(grams(hashes(asked(item.messages)), n), templates[family][n])
                for n in (RUN, SHORT)
            )
            self._short.append(len(short))
            values = [found for value in _slots(item) if (found := words(value))]
            self._values.append(values)
            self._needed.append(frozenset(hash64(word) for value in values for word in value))
            self._long.append(own)
            said = set(words(asked(item.messages)))
            slots = sorted(
                said & {word for value in values for word in value}, key=lambda word: (-len(word), word)
            )
            self._said.append((frozenset(map(hash64, said)), frozenset(map(hash64, slots))))
            for word in slots[: 1 if len(slots) < MANY else 2]:
                self._by_slot[hash64(word)].append(number)
            for run in short.tolist():
                self._items[run].append(number)
            if len(own) < FEW and values:
                self._by_word[
                    hash64(
                        max((word for value in values for word in value), key=lambda word: (len(word), word))
                    )
                ].append(number)
        self._keys = numpy.array(sorted(self._items), dtype=numpy.uint64)
        self._names = numpy.array(sorted(self._by_word.keys() | self._by_slot.keys()), dtype=numpy.uint64)
        self._questions = [f" {' '.join(words(text))} " for text in self.questions]
        self._marked: dict[str, list[int]] = defaultdict(list)  # the rarest word of each question -> items
        seen = Counter(word for text in self._questions for word in set(text.split()))
        for number, text in enumerate(self._questions):
            if len(text.split()) >= RUN:
                self._marked[min(text.split(), key=lambda word: (seen[word], -len(word), word))].append(
                    number
                )

    def same_prompt(self, example: Example, exactly: bool = False) -> str | None:
        """The item that asks this; `exactly`: with the same system message and tools, for there are dev items
        that differ in those alone.
        """
        if exactly:
            return self._whole.get(_whole(example.messages[:-1], example.tools))
        return self._prompts.get(prompt_key(example.messages[:-1]))

    def contained(self, examples: Sequence[Example]) -> list[tuple[str, str] | None]:
        """For each example (reason, item) when an item occurs in what it shows. What all say is looked up at
        once; few meet anything.
        """
        if not examples:
            return []
        texts = [shown(example) for example in examples]
        said = [numpy.concatenate([hashes(text) for text in of]) for of in texts]
        ends = numpy.cumsum([len(one) for one in said])
        line = numpy.concatenate(said)
        meets = numpy.array([len(one) < SHORT for one in said])
        if len(line) >= SHORT:
            first = numpy.searchsorted(
                ends, numpy.flatnonzero(_among(grams(line, SHORT), self._keys)), "right"
            )
            meets[first] = True  # also where the run goes on in the next example, which `_runs` then sees to
        names = numpy.zeros(len(said), dtype=bool)
        names[numpy.searchsorted(ends, numpy.flatnonzero(_among(line, self._names)), "right")] = True
        return [
            (meets[place] and self._runs(said[place]))
            or (names[place] and self._named(said[place], texts[place]))
            or None
            for place in range(len(examples))
        ]

    def _runs(self, said: numpy.ndarray) -> tuple[str, str] | None:
        """By the item's own runs of words."""
        runs = grams(said, SHORT)
        met = runs[_among(runs, self._keys)]
        counts: Counter = Counter()
        for run in set(met.tolist()):
            counts.update(self._items[run])
        near = sorted(
            number for number, count in counts.items() if count >= COVERED / 2 * self._short[number]
        )
        long = grams(said, RUN) if near else runs
        for number in near:
            if len(self._long[number]) >= FEW and numpy.isin(self._long[number], long).mean() >= COVERED:
                return "half of a scored question", self.ids[number]
        for number in near:
            if self._short[number] >= FEW and counts[number] >= COVERED_SHORT * self._short[number]:
                return "half of a scored question, with other names", self.ids[number]
        return None

    def _named(self, said: numpy.ndarray, texts: list[str]) -> tuple[str, str] | None:
        """By the item's slot values, and by its words."""
        there = set(said.tolist())
        numbers = {
            number
            for word in self._by_word.keys() & there
            for number in self._by_word[word]
            if self._needed[number] <= there
        }
        line = f" {' '.join(words(' '.join(texts)))} " if numbers else ""
        for number in sorted(numbers):
            if all(f" {' '.join(value)} " in line for value in self._values[number]):
                return "every slot value of a scored question", self.ids[number]
        for number in sorted(
            {number for word in self._by_slot.keys() & there for number in self._by_slot[word]}
        ):
            whole, slots = self._said[number]
            missing = (word for word in slots if word not in there)
            if next(missing, None) is not None and (len(slots) < MANY or next(missing, None) is not None):
                continue
            if len(whole & there) >= WORDS * len(whole):
                return "the words of a scored question", self.ids[number]
        return None

    def verbatim(self, text: str) -> str | None:
        """The item whose question, of eight words and more, stands in a text word for word."""
        said = words(text)
        line = f" {' '.join(said)} "
        for word in self._marked.keys() & set(said):
            for number in self._marked[word]:
                if self._questions[number] in line:
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


def _template(item: Any) -> dict[int, numpy.ndarray]:
    """Length -> the runs of so many words that two of a few other items of the family share."""
    family = next(family for family in families_with(item.own)[item.category] if family.name == item.family)
    seen: dict[int, Counter] = {RUN: Counter(), SHORT: Counter()}
    for number in range(DRAWS):
        draw = family.draw(Random(f"template/{item.category}/{item.family}/{number}"), item.level)
        text = asked([*draw.history, {"role": "user", "content": draw.user}])
        for n, counts in seen.items():
            counts.update(numpy.unique(grams(hashes(nfc(text)), n)).tolist())
    return {
        n: numpy.array([run for run, count in counts.items() if count > 1], dtype=numpy.uint64)
        for n, counts in seen.items()
    }


def _slots(item: Any) -> Iterator[str]:
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
