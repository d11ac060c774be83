"""What may hold a goal up besides what its columns for that say: a label, and a day that is still to come."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from autodidact.generators.goal_examples.parse_goal_fields import TABLE, deadline, empty, listed

_HELD = re.compile("|".join(TABLE["held labels"]), re.IGNORECASE)


def may_hold_up(fields: dict[str, Any], day: date | None, read: Iterable[str]) -> Iterator[str]:
    """Why a goal may be held up on a day, or on any without one. `read`: columns that say its state."""
    for column in TABLE["columns"]["labels"]:
        words = re.findall(r"[^\W_]+", " ".join(listed(fields.get(column), r"[;,]")))
        if any(map(_HELD.fullmatch, words)):
            yield "a label that speaks of something in the way"
    for column in TABLE["begins"]:
        if column not in read and not empty(fields.get(column)) and not _past(fields[column], day):
            yield "a beginning that may be still to come"


def may_be_past(fields: dict[str, Any], day: date | None) -> bool:
    """Whether a goal may stand no longer on a day."""
    given = [fields[column] for column in TABLE["ends"] if not empty(fields.get(column))]
    return any(day is None or (deadline(value) or "")[:10] <= day.isoformat() for value in given)


def _past(value: Any, day: date | None) -> bool:
    """Whether a value is a day up to `day`."""
    when = deadline(value)
    return bool(when and day and when[:10] <= day.isoformat())
