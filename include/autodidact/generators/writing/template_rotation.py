"""Questions and answers in many structures: shapes of a table in turns, and rows that are conversations.

shapes = Shapes(table["shapes"], rng)
ask = shapes.draw("impact", name="`app/models.py`")     # the shape that was used least
row = Row(ask, answer, source, history=[user("..."), assistant("...")], system=prompt)
yield from written("knowledge_graph", "architecture", in_turns(groups, limit, rng))
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

from autodidact.generators.writing.conversations import names_file, system_prompt
from autodidact.records import Example, example

# Share of the rows without tools that have the orchestrator's system prompt.
PROMPTED = 0.35


@dataclass(frozen=True)
class Row:
    """An example before it is one. `history`: the turns before the last question; `tools`: those in context;
    `fresh`: new or changed since the last cycle; `origin`: what it was read from, so that none crowds out
    the others.
    """

    user: str
    answer: str
    source: dict
    fresh: bool = True
    origin: str = ""
    history: Sequence[dict] = ()
    system: str | None = None
    tools: Sequence[dict] = ()
    short: bool = False


class Shapes:
    """The shapes of a table (kind to texts with `{fields}`), each kind's in turns in an order of its own."""

    def __init__(self, table: Mapping[str, Sequence[str]], rng: random.Random):
        self._table = {kind: rng.sample(list(texts), len(texts)) for kind, texts in table.items()}
        self._used: Counter[tuple[str, str]] = Counter()
        self._fields: dict[str, set[str]] = {}

    def __contains__(self, kind: str) -> bool:
        return kind in self._table

    def draw(self, kind: str, /, **fields: str) -> str:
        """A shape of the kind with its fields filled in: of those whose fields all have a value, the one that
        was drawn least. "" where there is none.
        """
        fitting = [text for text in self._table[kind] if all(fields.get(name) for name in self._named(text))]
        if not fitting:
            return ""
        text = min(fitting, key=lambda one: self._used[kind, one])
        self._used[kind, text] += 1
        return text.format(**fields)

    def _named(self, text: str) -> set[str]:
        if text not in self._fields:
            self._fields[text] = {name for _, name, _, _ in Formatter().parse(text) if name}
        return self._fields[text]


def in_turns(groups: Mapping[str, Sequence[Row]], limit: int, rng: random.Random) -> Iterator[Row]:
    """At most `limit` rows, one of each group in turn, fresh ones first and of each origin in turn; no two
    with the same messages, none without question or answer.
    """
    queues = [iter(_by_origin(groups[name], rng)) for name in sorted(groups)]
    met: set[tuple[str, ...]] = set()
    left = limit
    while queues and left > 0:
        for queue in list(queues):
            row = next((one for one in queue if _good(one, met)), None)
            if row is None:
                queues.remove(queue)
                continue
            met.add(_key(row))
            yield row
            left -= 1
            if left == 0:
                return


def prompted(rows: Iterable[Row], system: str, rng: random.Random) -> Iterator[Row]:
    """The rows, those with tools and a share of the others with the orchestrator's system prompt."""
    for row in rows:
        if row.tools or rng.random() < PROMPTED:
            said = [turn["content"] for turn in row.history if turn["role"] == "assistant"]
            answer = next((text for text in said if text and not names_file(text)), row.answer)
            row = replace(row, system=system_prompt(system, rng, bool(row.tools), answer))
        yield row


def written(generator: str, category: str, rows: Iterable[Row]) -> Iterator[Example]:
    """The rows as examples."""
    for row in rows:
        more: dict[str, Any] = {"short": True} if row.short else {}
        yield example(
            generator,
            category,
            row.user,
            row.answer,
            row.source,
            system=row.system,
            history=list(row.history),
            tools=list(row.tools),
            **more,
        )


def _good(row: Row, met: set[tuple[str, ...]]) -> bool:
    asked = row.user or any(message["role"] == "user" and message["content"] for message in row.history)
    return bool(asked and row.answer.strip()) and _key(row) not in met


def _key(row: Row) -> tuple[str, ...]:
    return (*(message["content"] for message in row.history), row.user)


def _by_origin(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    turns: Counter[tuple[bool, str]] = Counter()
    placed = []
    for row in rng.sample(list(rows), len(rows)):
        key = not row.fresh, row.origin
        placed.append((not row.fresh, turns[key], row))
        turns[key] += 1
    return [row for *_, row in sorted(placed, key=lambda one: one[:2])]
