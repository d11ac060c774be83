"""Examples that answer one question differently: at least one of them is wrong, and training on both would
teach a coin flip. No rule can tell which, so all sides are dropped, unless one is newer by the time of its
source; then the others are dropped alone.

One question: the same prompt and tools, without regard to layout, and in plain prose to case and punctuation;
or the same fact of the knowledge probe, which is a kind and a subject (`probe`); of sentences about a fact
only the values that they state are compared (`states`). Differently: neither answer is the other with words
around it (same_answer.py): "Port 8101." and "It listens on port 8101." agree, "payments" and "payments
and booking" do not. A replayed example is older than one of this cycle, whatever the dates say.

Compared are hashes of questions and answers (compact_examples.py); the text is read only where one question
has more than one answer. On 34,000 examples of celery, flask and httpx: see docs/gate.md.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy

from autodidact import fast_json
from autodidact.gate.compact_examples import REPLAYED, mark_id, plain
from autodidact.gate.rule import Drop
from autodidact.gate.same_answer import agree
from autodidact.records import response_text

NAME = "contradictions"

OTHERWISE = "the same question, answered otherwise"
OUTDATED = "the same question, answered otherwise by a newer source"

# Different answers of one question whose texts are compared. A question with more of them has no answer.
MOST_ANSWERS = 64


def settle(marks: numpy.ndarray, line: Callable[[int], str]) -> dict[int, Drop]:
    """Which rows of `marks` are dropped; the value of each is the id of an example that contradicts it.

    `line(row)` is the record of a row. The order of the rows makes no difference.
    """
    drops: dict[int, Drop] = {}
    for column, answer in (("question", "says"), ("fact", "value")):
        for rows in _answered_twice(marks, column, answer):
            found = _contradicting(marks, rows, line, answer)
            drops |= {row: drop for row, drop in found if row not in drops}
    return drops


def _answered_twice(marks: numpy.ndarray, column: str, answer: str) -> Iterator[numpy.ndarray]:
    """The rows of each question, or fact, that has more than one answer."""
    asked = numpy.flatnonzero(marks[column])
    order = asked[numpy.lexsort((marks[answer][asked], marks[column][asked]))]
    keys, says = marks[column][order], marks[answer][order]
    if not len(order):
        return
    starts = numpy.flatnonzero(numpy.concatenate([[True], keys[1:] != keys[:-1]]))
    for begin, end in zip(starts, [*starts[1:], len(order)], strict=True):
        if says[begin] != says[end - 1]:
            yield order[begin:end]


def _contradicting(
    marks: numpy.ndarray, rows: numpy.ndarray, line: Callable[[int], str], column: str
) -> Iterator[tuple[int, Drop]]:
    says = marks[column][rows]
    # One row of each answer, the same whatever the order of the rows.
    by_id = rows[numpy.lexsort((*marks["id"][rows].T[::-1], says))]
    answers = {int(marks[column][row]): int(row) for row in by_id[::-1]}
    agreeing = _agreeing({answer: _text(line(row), column) for answer, row in answers.items()})
    if len(set(agreeing.values())) == 1:
        return
    side = numpy.array([agreeing[int(answer)] for answer in says], dtype=numpy.uint64)
    winner = _newest_side(marks, rows, side)
    for row, own in zip(rows.tolist(), side, strict=True):
        if winner is None:
            other = next(answers[answer] for answer in sorted(answers) if agreeing[answer] != own)
            yield row, Drop(OTHERWISE, mark_id(marks[other]))
        elif own != winner:
            other = next(answers[answer] for answer in sorted(answers) if agreeing[answer] == winner)
            yield row, Drop(OUTDATED, mark_id(marks[other]))


def _agreeing(texts: dict[int, str]) -> dict[int, int]:
    """Answer -> the answer that stands for all that agree with it."""
    if len(texts) > MOST_ANSWERS:
        return {answer: answer for answer in texts}
    stands: dict[int, int] = {}
    for answer in sorted(texts, key=lambda one: (len(plain(texts[one])), one)):
        shorter = (other for other in stands if agree(texts[other], texts[answer]))
        stands[answer] = stands[other] if (other := next(shorter, None)) is not None else answer
    return stands


def _text(line: str, column: str) -> str:
    """What is compared of a record: the value that it states of its fact, or its answer."""
    record = fast_json.loads(line)
    if column == "value" and record.get("states") is not None:
        return str(record["states"]).strip()
    return response_text(record["messages"][-1]).strip()


def _newest_side(marks: numpy.ndarray, rows: numpy.ndarray, side: numpy.ndarray) -> Any:
    """The side whose newest example is newer than all of the others, None when that is not known: two are
    of one time, or one of no known time.
    """
    fresh, time = marks["kind"][rows] != REPLAYED, marks["time"][rows]
    sides = {own: fresh[side == own].any() for own in numpy.unique(side)}
    if sum(sides.values()) == 1:
        return next(own for own, is_fresh in sides.items() if is_fresh)
    among = fresh if any(sides.values()) else numpy.ones(len(rows), dtype=bool)
    if (time[among] == 0).any():
        return None
    newest = numpy.unique(side[among & (time == time[among].max())])
    return newest[0] if len(newest) == 1 else None
