"""The times of messages, and the order that they show."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from autodidact.sources.transcripts.untrusted_fields import moment

_STAMPS = ("timestamp", "created_at", "createdAt", "created", "create_time", "ts")
# Programs write some times in whole seconds, and others not.
PRECISION = timedelta(seconds=1)


def time_of(message: dict[str, Any]) -> datetime | None:
    """When a message, or a record, was written, as it says."""
    return next((time for key in _STAMPS if (time := moment(message.get(key))) is not None), None)


def oldest_first(messages: list[dict]) -> list[dict]:
    """The messages in the order of their times where those fall throughout, as in a list that a service gives
    newest first; a system prompt before them stays there. Any other list as it is.
    """
    system = next((at for at, one in enumerate(messages) if one.get("role") != "system"), len(messages))
    head, rest = messages[:system], messages[system:]
    times = list(map(time_of, rest))
    known = [time for time in times if time is not None]
    if len(known) < max(2, len(rest)) or known[0] - known[-1] < PRECISION:
        return messages
    return messages if any(one < other for one, other in pairwise(known)) else [*head, *rest[::-1]]


def before(one: datetime | None, other: datetime | None) -> bool:
    """Whether a time is plainly earlier than another."""
    return one is not None and other is not None and other - one >= PRECISION
