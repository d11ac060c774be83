"""How examples flow through the rules: `screen` streams a shard and leaves a `Part`, `settle` brings the
parts together and writes.

    lines -> check, one by one -> Part: the lines on disk, a mark of each in memory
    parts -> contradictions, duplicates, balance, by marks <-> judge, only what balance would keep
    -> kept, dropped

Memory holds about 350 bytes an example; the text is spilled to a temporary file. What a shard gives does not
depend on the others, and `settle` not on the order, so that sixteen shards give what one gives, in the order
of the rows.
"""

import array
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy

import autodidact.gate.balance as balance
import autodidact.gate.contradictions as contradictions
import autodidact.gate.duplicates as duplicates
import autodidact.gate.form as form
import autodidact.gate.leakage as leakage
import autodidact.gate.secrets as secrets
from autodidact import fast_json
from autodidact.gate.compact_examples import MARK, mark
from autodidact.gate.counts import Tally
from autodidact.gate.rule import Context, Drop, extra
from autodidact.records import Example
from autodidact.scanning import suspicious
from autodidact.scanning.scan_artifacts import require_clean
from autodidact.sources.reading_limits import Allowance, OverBudget

# Examples marked or judged at once: enough for batches, and all that a kill costs of embedding.
CHUNK = 512

# Of processor time for one example and one rule. The longest take a second: what takes more was made to.
SECONDS = 10.0

# Rows between two lines of progress.
PROGRESS = 50_000

# Generator, line number, line of JSON.
Row = tuple[str, int, str]


T = TypeVar("T")


class Kept(NamedTuple):
    """What the report needs of a kept example."""

    generator: str
    category: str


class Dropped(NamedTuple):
    """Why an example is dropped, and what is written of it."""

    why: Drop
    record: dict[str, Any]


class Part:
    """What passed the first rules: lines in an unnamed temporary file, which goes when the part does, and
    marks.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="autodidact-gate-")  # noqa: SIM115
        self._offsets = array.array("Q", [0])
        self._marks: list[numpy.ndarray] = []

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def add(self, examples: Sequence[Example]) -> None:
        lines = [fast_json.dumps(example.model_dump(mode="json")) for example in examples]
        self._marks.append(mark(examples, lines))
        for line in lines:
            self._write(line)

    def _write(self, line: str) -> None:
        data = line.encode("utf-8") + b"\n"
        self._file.write(data)
        self._offsets.append(self._offsets[-1] + len(data))

    def take_over(self, lines: Iterable[str], marks: numpy.ndarray) -> None:
        """Adds lines whose marks were made before."""
        self._marks.append(marks)
        for line in lines:
            self._write(line)

    def take_marks(self) -> numpy.ndarray:
        """The marks, once: they are big."""
        marks, self._marks = self._marks, []
        found: numpy.ndarray = numpy.concatenate([numpy.zeros(0, dtype=MARK), *marks])
        return found

    def line(self, number: int) -> str:
        self._file.seek(self._offsets[number])
        return self._file.read(self._offsets[number + 1] - self._offsets[number] - 1).decode("utf-8")

    def lines(self) -> Iterator[str]:
        self._file.seek(0)
        for line in self._file:
            yield line[:-1].decode("utf-8")

    def close(self) -> None:
        self._file.close()


class Screened(NamedTuple):
    """What `screen` made of a shard elsewhere."""

    part: Part
    tally: Tally
    dropped: Iterable[dict[str, Any]]


def screen(
    rows: Iterable[Row],
    rules: Sequence[Any],
    context: Context,
    tally: Tally,
    drop: Callable[[dict[str, Any]], Any],
) -> Part:
    """The examples of a shard after the rules that look at one at a time."""
    part, read = Part(), 0
    checks = [rule for rule in rules if hasattr(rule, "check")]
    for some in batched(rows, CHUNK):
        for count in range(read // PROGRESS * PROGRESS + PROGRESS, read + len(some) + 1, PROGRESS):
            context.say(f"{count:,} read")
        read += len(some)
        outcomes = _checked(some, checks, context, tally)
        part.add([one for one in outcomes if isinstance(one, Example)])
        for one in outcomes:
            if not isinstance(one, Example):
                drop(one)
    return part


def _checked(
    rows: Sequence[Row], rules: Sequence[Any], context: Context, tally: Tally
) -> list[Example | dict[str, Any]]:
    """For each row its example after the rules, or the record of one that was dropped. Rule by rule, which
    takes three quarters of the time of row by row: a rule's patterns stay in the processor's cache.
    """
    outcomes: list[Example | dict[str, Any]] = [_read(row, tally) for row in rows]
    for rule in rules:
        examples = {place: one for place, one in enumerate(outcomes) if isinstance(one, Example)}
        results = _results(rule, list(examples.values()), context)
        for (place, example), result in zip(examples.items(), results, strict=True):
            outcomes[place] = _counted(rule.NAME, example, result, tally)
    return outcomes


def _read(row: Row, tally: Tally) -> Example | dict[str, Any]:
    generator, number, line = row
    example = form.read(line)
    if isinstance(example, Drop):
        tally.raw[generator] += 1
        tally.dropped(form.NAME, generator, example)
        return {"generator": generator, "line": number, "dropped": _why(form.NAME, example)}
    tally.raw[example.generator] += 1
    tally.replayed += bool(extra(example, "replay_of"))
    return example


def _results(rule: Any, examples: Sequence[Example], context: Context) -> list[Example | Dropped]:
    """What a rule makes of each example. They share a timer, as one for each takes 7 us for each rule. If it
    strikes, each is checked again with one of its own, so that an example that takes too long costs itself
    alone.
    """
    try:
        with Allowance(SECONDS, memory=None):
            return [_result(rule, example, context) for example in examples]
    except OverBudget:
        if len(examples) > 1:
            return [result for example in examples for result in _results(rule, [example], context)]
        return [Dropped(Drop("takes too long to check"), _blank(examples[0].model_dump(mode="json")))]


def _result(rule: Any, example: Example, context: Context) -> Example | Dropped:
    result: Example | Drop = rule.check(example, context)
    return Dropped(result, _masked(example, context)) if isinstance(result, Drop) else result


def _counted(
    rule: str, example: Example, result: Example | Dropped, tally: Tally
) -> Example | dict[str, Any]:
    if isinstance(result, Dropped):
        tally.dropped(rule, example.generator, result.why)
        return result.record | {"dropped": _why(rule, result.why)}
    if result is example:
        return example
    tally.rewrites[rule, example.generator] += 1
    rewritten = [*(extra(example, "rewritten") or ()), rule]
    return result.model_copy(update={"rewritten": rewritten})


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
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
    drop: Callable[[dict[str, Any]], Any],
) -> list[Kept]:
    """Decides about all that the shards left, and writes it. Nothing is written to `keep` before everything
    kept was looked at again.
    """
    drops = _settled(parts, rules, context)
    passed = _require_kept(parts, drops, context)
    for row, text in _all_lines(parts):
        if row in drops:
            rule, why = drops[row]
            record = fast_json.loads(text)
            tally.dropped(rule, record["generator"], why)
            drop((_blank(record) if suspicious(text) else record) | {"dropped": _why(rule, why)})
        else:
            keep(text)
    return passed


def _settled(parts: Sequence[Part], rules: Sequence[Any], context: Context) -> dict[int, tuple[str, Drop]]:
    """Row -> (rule, why) of what goes by the rules that see all examples at once, and by the dear ones."""
    starts = numpy.cumsum([0, *map(len, parts)])
    marks = numpy.concatenate([numpy.zeros(0, dtype=MARK), *(part.take_marks() for part in parts)])

    def line(row: int) -> str:
        number = int(numpy.searchsorted(starts, row, "right")) - 1
        return parts[number].line(row - int(starts[number]))

    drops = {row: (contradictions.NAME, why) for row, why in contradictions.settle(marks, line).items()}
    left = _without(numpy.arange(len(marks)), drops)
    twins = duplicates.settle(marks[left], context)
    drops |= {int(left[place]): (duplicates.NAME, why) for place, why in twins.items()}
    left = _without(left, drops)
    ranking = balance.Ranking(marks[left], context.settings)
    del marks
    judges = [rule for rule in rules if hasattr(rule, "judge")]
    judged: numpy.ndarray = numpy.zeros(len(left), dtype=bool)
    while len(unjudged := numpy.flatnonzero(ranking.chosen() & ~judged)):
        judged[unjudged] = True
        for start in range(0, len(unjudged), CHUNK):
            places = unjudged[start : start + CHUNK]
            for place, verdict in _judge([line(int(left[place])) for place in places], judges, context):
                drops[int(left[places[place]])] = verdict
                ranking.discard(int(places[place]))
            context.say(f"judging {start + len(places)} of {len(unjudged)} that the other rules left")
    for place, why in ranking.lost():
        drops[int(left[place])] = (balance.NAME, why)
    return drops


def _without(rows: numpy.ndarray, drops: Iterable[int]) -> numpy.ndarray:
    left: numpy.ndarray = numpy.setdiff1d(rows, numpy.array(list(drops), dtype=int))
    return left


def _require_kept(parts: Sequence[Part], drops: dict[int, Any], context: Context) -> list[Kept]:
    """What the report needs of everything kept. Raises AutodidactError where a second look finds a scored
    question or a secret in it.
    """
    passed: list[Kept] = []

    def unleaked() -> Iterator[str]:
        for row, text in _all_lines(parts):
            if row not in drops:
                example = Example.model_construct(**fast_json.loads(text))  # it was checked once
                leakage.require_unleaked([example], context.suite)
                passed.append(Kept(example.generator, example.category))
                yield text

    require_clean({"What the gate kept": unleaked()})
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


def _masked(example: Example, context: Context) -> dict[str, Any]:
    """The record of an example that a rule dropped: with addresses masked, or without its text when there may
    be a secret in it.
    """
    clean = secrets.check(example, context)
    if isinstance(clean, Drop) or suspicious(line := clean.line()):
        return _blank(example.model_dump(mode="json"))
    record: dict[str, Any] = fast_json.loads(line)
    return record


def _blank(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("id", "generator", "category")} | {
        "source": {"kind": record["source"]["kind"]}
    }


def _why(rule: str, why: Drop) -> dict[str, Any]:
    return {"rule": rule, "reason": why.reason, "value": why.value}
