"""The days that a value of an attribute may mean: `2025`, `2025-03`, `31.12.2025`, seconds since 1970."""

import re
from calendar import monthrange
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

# Of numbers that count seconds since 1970 those after 1973; of milliseconds those after 1973, too.
_SECONDS, _MILLISECONDS = 100_000_000, 100_000_000_000


class Days(NamedTuple):
    """From the first to the last day. `exact`: all of them are meant; otherwise one of them is."""

    first: date
    last: date
    exact: bool = True


def days_of(value: Any) -> Days | None:
    """The days of a value; of one in another form, `March 2021`, the years that it names. None where it is
    no date.
    """
    text = str(value).strip()
    if re.fullmatch(r"[12]\d{3}(?:\.0)?", text):
        return Days(date(int(text[:4]), 1, 1), date(int(text[:4]), 12, 31))
    try:
        if month := re.fullmatch(r"([12]\d{3})[-/](\d{2})", text):
            year, number = int(month[1]), int(month[2])
            return Days(date(year, number, 1), date(year, number, monthrange(year, number)[1]))
        day = _day(text)
    except (ValueError, OverflowError, OSError):
        day = None
    if day:
        return Days(day, day)
    years = [int(year) for year in re.findall(r"(?<!\d)[12]\d{3}(?!\d)", text)]
    return Days(date(min(years), 1, 1), date(max(years), 12, 31), exact=False) if years else None


def _day(text: str) -> date | None:
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        number = float(text)
        seconds = number / 1_000 if number >= _MILLISECONDS else number
        return datetime.fromtimestamp(seconds, timezone.utc).date() if number >= _SECONDS else None
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
        return datetime.strptime(text, "%d.%m.%Y").date()
    return date.fromisoformat(text[:10].replace("/", "-"))
