"""How examples flow through the rules: `screen` streams a shard and leaves a `Part`, `settle` brings the
parts together and writes.

    lines -> check, one by one -> Part: the lines on disk, a mark of each in memory parts -> duplicates, by
    marks -> balance, by marks <-> judge, only what balance would keep -> kept, dropped

Memory holds about 350 bytes an example; the text is spilled to a temporary file. What a shard says does not
depend on the others, and `settle` not on the order, so that sixteen shards give what one gives, in the order
of the rows.
"""

import array
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy

from autodidact import fast_json
from autodidact.gate import balance, duplicates, form, leakage, secrets
from autodidact.gate.rule import Context, Drop, extra
from autodidact.gate.sketches import MARK, mark
from autodidact.gate.tally import Tally
from autodidact.records import Example
from autodidact.scanning import second_scan
from autodidact.scanning.second_scan import require_clean

CHUNK = 512
"""Examples checked, marked or judged at once: enough for batches, and all that a kill costs of embedding."""

SAID = 50_000
"""Rows between two words of progress."""

Row = tuple[str, int, str]
"""Generator, line number, line of JSON."""


class Kept(NamedTuple):
    """What the report needs of a kept example."""

    generator: str
    category: str


class Part:
    """What passed the first rules: lines in an unnamed temporary file, which goes when the part does, and
    marks.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="autodidact-gate-")  # noqa: SIM115  (lives as long as the part)
        self._offsets = array.array("Q", [0])
        self._marks: list[numpy.ndarray] = []

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def add(self, examples: Sequence[Example]) -> None:
        lines = [fast_json.dumps(example.model_dump(mode="json")) for example in examples]
        self._marks.append(mark(examples, lines))
        for line in lines:
            data = line.encode("utf-8") + b"\n"
            self._file.write(data)
            self._offsets.append(self._offsets[-1] + len(data))

    def take_marks(self) -> numpy.ndarray:
        """The marks, once: they are big."""
        marks, self._marks = self._marks, []
        return numpy.concatenate([numpy.zeros(0, dtype=MARK), *marks])

    def line(self, number: int) -> str:
        self._file.seek(self._offsets[number])
        return self._file.read(self._offsets[number + 1] - self._offsets[number] - 1).decode("utf-8")

    def lines(self) -> Iterator[str]:
        self._file.seek(0)
        for line in self._file:
            yield line[:-1].decode("utf-8")

    def close(self) -> None:
        self._file.close()


def screen(
    rows: Iterable[Row], rules: Sequence[Any], context: Context, tally: Tally, drop: Callable[[dict], Any]
) -> Part:
    """The examples of a shard after the rules that look at one at a time."""
    part, read = Part(), 0
    checks = [rule for rule in rules if hasattr(rule, "check")]
    for some in batched(rows, CHUNK):
        for before in range(read // SAID * SAID + SAID, read + len(some) + 1, SAID):
            context.say(f"{before:,} read")
        read += len(some)
        part.add(_check(some, checks, context, tally, drop))
    return part


def _check(
    rows: Sequence[Row], rules: Sequence[Any], context: Context, tally: Tally, drop: Callable[[dict], Any]
) -> list[Example]:
    """What is left of some rows. Rule by rule and not row by row, which takes two thirds of the time: a
    rule's code and tables stay in the cache.
    """
    left: dict[int, Example] = {}
    gone: dict[int, dict] = {}
    for place, (generator, number, line) in enumerate(rows):
        example = form.read(line)
        if isinstance(example, Drop):
            tally.raw[generator] += 1
            tally.dropped(form.NAME, generator, example)
            gone[place] = {"generator": generator, "line": number, "dropped": _why(form.NAME, example)}
        else:
            tally.raw[example.generator] += 1
            tally.replayed += bool(extra(example, "replay_of"))
            left[place] = example
    for rule in rules:
        given = list(left.values())
        results = (
            rule.check_all(given, context)
            if hasattr(rule, "check_all")
            else [rule.check(example, context) for example in given]
        )
        for (place, example), result in zip(list(left.items()), results, strict=True):
            if isinstance(result, Drop):
                tally.dropped(rule.NAME, example.generator, result)
                gone[place] = _masked(example, context) | {"dropped": _why(rule.NAME, result)}
                del left[place]
            elif result is not example:
                tally.rewrites[rule.NAME, example.generator] += 1
                left[place] = result.model_copy(
                    update={"rewritten": [*(extra(example, "rewritten") or ()), rule.NAME]}
                )
    for place in sorted(gone):
        drop(gone[place])
    return list(left.values())


def batched(items: Iterable, size: int) -> Iterator[list]:
    """Lists of `size` of the items, the last one shorter."""
    each = iter(items)
    while some := list(islice(each, size)):
        yield some


def settle(
    parts: Sequence[Part],
    rules: Sequence[Any],
    context: Context,
    tally: Tally,
    keep: Callable[[str], Any],
    drop: Callable[[dict], Any],
) -> list[Kept]:
    """Decides about all that the shards left, and writes it. Nothing is written to `keep` before everything
    kept was looked at again.
    """
    starts = numpy.cumsum([0, *map(len, parts)])
    marks = numpy.concatenate([numpy.zeros(0, dtype=MARK), *(part.take_marks() for part in parts)])

    def line(row: int) -> str:
        number = int(numpy.searchsorted(starts, row, "right")) - 1
        return parts[number].line(row - int(starts[number]))

    drops: dict[int, tuple[str, Drop]] = {
        row: (duplicates.NAME, why) for row, why in duplicates.settle(marks, context).items()
    }
    left = numpy.setdiff1d(numpy.arange(len(marks)), numpy.fromiter(drops, dtype=int, count=len(drops)))
    ranking = balance.Ranking(marks[left], context.settings)
    del marks
    judges, judged = [rule for rule in rules if hasattr(rule, "judge")], numpy.zeros(len(left), dtype=bool)
    while len(unjudged := numpy.flatnonzero(ranking.chosen() & ~judged)):
        judged[unjudged] = True
        for start in range(0, len(unjudged), CHUNK):
            places = unjudged[start : start + CHUNK]
            context.say(f"judging {start} of {len(unjudged)}")
            for place, verdict in _judge([line(int(left[place])) for place in places], judges, context):
                drops[int(left[places[place]])] = verdict
                ranking.discard(int(places[place]))
    for place, why in ranking.lost():
        drops[int(left[place])] = (balance.NAME, why)

    passed: list[Kept] = []

    def unleaked() -> Iterator[str]:
        for row, text in _all_lines(parts):
            if row not in drops:
                example = Example.model_construct(**fast_json.loads(text))  # it was checked once
                leakage.require_unleaked([example], context.suite)
                passed.append(Kept(example.generator, example.category))
                yield text

    require_clean(unleaked(), "What the gate kept")
    for row, text in _all_lines(parts):
        if row in drops:
            rule, why = drops[row]
            record = fast_json.loads(text)
            tally.dropped(rule, record["generator"], why)
            drop((_blank(record) if second_scan.suspicious(text) else record) | {"dropped": _why(rule, why)})
        else:
            keep(text)
    return passed


def _all_lines(parts: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """(row, line) of everything that is left of the shards."""
    return enumerate(text for part in parts for text in part.lines())


def _judge(
    lines: list[str], judges: Sequence[Any], context: Context
) -> Iterator[tuple[int, tuple[str, Drop]]]:
    """(place in `lines`, (rule, why)) of those that one of the dear rules drops."""
    examples = dict(enumerate(Example.model_validate_json(line) for line in lines))
    for rule in judges:
        for place, result in zip(list(examples), rule.judge(list(examples.values()), context), strict=True):
            if isinstance(result, Drop):
                del examples[place]
                yield place, (rule.NAME, result)


def _masked(example: Example, context: Context) -> dict:
    """The record of an example that a rule dropped: with addresses masked, or without its text when there may
    be a secret in it.
    """
    clean = secrets.check(example, context)
    line = None if isinstance(clean, Drop) else clean.line()
    if line is None or second_scan.suspicious(line):
        return _blank(
            {
                "id": example.id,
                "generator": example.generator,
                "category": example.category,
                "source": {"kind": example.source.kind},
            }
        )
    return fast_json.loads(line)


def _blank(record: dict) -> dict:
    return {key: record[key] for key in ("id", "generator", "category")} | {
        "source": {"kind": record["source"]["kind"]}
    }


def _why(rule: str, why: Drop) -> dict:
    return {"rule": rule, "reason": why.reason, "value": why.value}
