"""Whether an edge of a graph holds on a day, by what it says of itself: `valid_until`, `negated: true`,
`status: retracted` (names.yaml has the names). One that does not is counted and never taught.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

from autodidact.sources.graphs.property_graph import NAMES

_WORDS = NAMES["in_force"]
_NO = frozenset(("", "false", "no", "0", "0.0", "none", "null", "nein", "non", "-"))
# Of numbers that count seconds since 1970 those after 1973; of milliseconds those after 1973, too.
_SECONDS, _MILLISECONDS = 100_000_000, 100_000_000_000


def in_force(given: Mapping[str, Any], day: date | None) -> bool:
    """Whether nothing among the attributes of an edge says that it does not hold on a day; dates are not
    looked at without one.
    """
    for key, value in given.items():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])|[\s-]+", "_", str(key).strip()).lower()
        text = str(value).strip().lower()
        denied = name in _WORDS["denials"] and text not in _NO
        unconfirmed = name in _WORDS["confirmations"] and text in _NO and text not in ("", "-", "none")
        if denied or unconfirmed or (name in _WORDS["states"] and text in _WORDS["over"]):
            return False
        times = _times(value) if day and name in (*_WORDS["ends"], *_WORDS["starts"]) else None
        if times and day and (times[1] < day if name in _WORDS["ends"] else times[0] > day):
            return False
    return True


def _times(value: Any) -> tuple[date, date] | None:
    """The first and the last day that a value may mean; None where it is no date."""
    text = str(value).strip()
    if re.fullmatch(r"[12]\d{3}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    try:
        if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
            number = float(text)
            seconds = number / 1_000 if number >= _MILLISECONDS else number
            day = datetime.fromtimestamp(seconds, timezone.utc).date() if number >= _SECONDS else None
        elif re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
            day = datetime.strptime(text, "%d.%m.%Y").date()
        else:
            day = date.fromisoformat(text[:10])
    except (ValueError, OverflowError, OSError):
        return None
    return (day, day) if day else None
