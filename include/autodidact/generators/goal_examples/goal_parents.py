"""Goals that others name as their parent: these are parts of its work, whatever steps its own row has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from autodidact.generators.goal_examples.parse_goal_fields import TABLE, listed, plain
from autodidact.sources.unread import Unread


def note_parents(called: Mapping[str, set[str]], rows: Mapping[str, dict[str, Any]], unread: Unread) -> None:
    """Notes `steps/<id>` of each goal that a row names as its parent. `called`: all by which a goal may be
    named; `rows`: the fields by id. A title that several goals have may name any of them.
    """
    goals: dict[str, set[str]] = defaultdict(set)
    for name, texts in called.items():
        for text in texts:
            goals[text].add(name)
    for child, fields in rows.items():
        for text in _parents(fields):
            for name in goals.get(text, set()) - {child}:
                unread.note(f"steps/{name}", "a goal with goals under it")


def _parents(fields: dict[str, Any]) -> Iterator[str]:
    """What the columns for that call the parent of a goal: a text, or an object by any of its values."""
    for column in TABLE["parent"]:
        value = fields.get(column)
        if isinstance(value, dict):
            yield from filter(None, map(plain, value.values()))
        else:
            yield from (text for text in [plain(value), *listed(value, r"[;|]")] if text)
