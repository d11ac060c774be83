"""The values of a goal as tables and trackers write them: names of people, dates, priorities, checklists."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timezone
from typing import Any

from autodidact.shipped_tables import read_table
from autodidact.sources.table_files import NOTHING

TABLE: dict[str, Any] = read_table(__file__, "trackers.yaml")

# What a tracker's object is called by, the first of them that it has.
_NAMES = ("displayName", "login", "username", "name", "title", "fullName", "value", "text", "key", "id")
# Dates as Jira, spreadsheets and people write them, where the order is beyond doubt.
_DATES = (
    "%d/%b/%y %I:%M %p",
    "%d/%b/%Y %I:%M %p",
    "%d/%b/%y",
    "%d/%b/%Y",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
)
# Times that stand for a whole day.
_DAY_LONG = (time(0, 0), time(23, 59), time(23, 59, 59))
# Crossed out: what no longer holds.
_STRUCK = re.compile(r"~~(?=\S).{1,1000}?(?<=\S)~~|<(s|del|strike)>.{0,1000}?</\1>", re.IGNORECASE)
# Word -> what it says of the state.
STATE_WORDS: dict[str, str] = {word: state for state, words in TABLE["states"].items() for word in words}


@dataclass(frozen=True)
class Priority:
    """`rank`: the lower, the sooner. `word`: as the table has it."""

    rank: int
    word: str


def plain(value: Any) -> str:
    """A value as text: an object of a tracker by its name; "" for nothing."""
    if isinstance(value, dict):
        value = next((value[key] for key in _NAMES if value.get(key) not in (None, "")), None)
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return "" if not isinstance(value, bool) else str(value).lower()
    return " ".join(str(value).split())


def spelled(key: str) -> str:
    """A name in lower case, with spaces for `_`, `-`, `/`, `.` and before a capital inside a word."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.strip())
    return " ".join(re.sub(r"[_\-/:.]+", " ", text).lower().split())


def unstruck(text: str) -> str:
    """A text without what is crossed out in it."""
    return " ".join(_STRUCK.sub(" ", text).split())


def listed(value: Any, separator: str) -> list[str]:
    """The texts of a list as YAML or JSON has it (or of the `nodes` of one), or the parts of a cell."""
    if isinstance(value, dict) and isinstance(value.get("nodes"), list):
        value = value["nodes"]
    text = plain(value)
    if text[:1] == "[" and text[-1:] == "]":  # a list, as a program writes it into a cell
        text, separator = text[1:-1], f"{separator}|,"
    parts = value if isinstance(value, list) else re.split(separator, text)
    texts = (re.sub(r"^([\"'])(.*)\1$", r"\2", unstruck(plain(part)).strip()).rstrip(".") for part in parts)
    return [text for text in texts if text.lower() not in NOTHING]


def empty(value: Any) -> bool:
    """Whether a field holds nothing."""
    if isinstance(value, dict):
        return all(map(empty, value.values()))
    if isinstance(value, list):
        return all(map(empty, value))
    return value in (None, False, 0) or str(value).strip().lower() in {*NOTHING, "[]", "{}"}


def deadline(value: Any, days: bool = False) -> str | None:
    """A date as `2026-06-10`, or as `2026-06-10 22:00 UTC` where it is an instant within a day; None where
    it is neither. `days`: whatever time is written with it, the day counts.
    """
    text = plain(value)
    when = _instant(text)
    if when is None:
        return None
    # A time without a zone is within the day that is written, wherever that is.
    if days or when.tzinfo is None or when.time().replace(microsecond=0) in _DAY_LONG:
        return when.date().isoformat()
    try:
        return f"{when.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"
    except OverflowError:
        return None


def _instant(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d|\d{8}(?:T|\Z)", text):
        for form in _DATES:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def scale(words: Iterable[str]) -> dict[str, int] | None:
    """Word -> rank for the words of a table's priorities, all of one scale; None where they are of several.
    What is no word of any scale is not among them.
    """
    known = {word for word in words if _number(word) is not None or any(word in one for one in _SCALES)}
    if all(_number(word) is not None for word in known):
        return {word: _number(word) or 0 for word in known}
    return next(({word: one.index(word) for word in known} for one in _SCALES if known.issubset(one)), None)


_SCALES: list[list[str]] = TABLE["priorities"]


def _number(word: str) -> int | None:
    """1 is first: P1 and "1" are 1."""
    match = re.fullmatch(r"p?(\d{1,3})(?:\.0)?", word)
    return int(match[1]) if match else None


def priority_label(labels: Any) -> str:
    """The label that states a priority: `P1`, `priority: high`, `priority::2`; "" without one."""
    for label in listed(labels, r"[;,]"):
        if re.fullmatch(r"[pP]\d", label):
            return label
        if match := re.fullmatch(r"(?:priority|prio)\s*[:/\-]+\s*(\S.*)", label, re.IGNORECASE):
            return match[1]
    return ""


def share(value: Any) -> float | None:
    """0.4, "40%" and 40 as 0.4, 1.0 and 100 as 1.0; None for 1, which may be one per cent."""
    if value == 1 and not isinstance(value, float):
        return None
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s*(%?)", plain(value))
    if not match:
        return None
    number = float(match[1]) / (100 if match[2] or float(match[1]) > 1 else 1)
    return number if number <= 1 else None
