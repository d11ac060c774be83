"""How the fields of a result are said."""

import re
from datetime import date
from typing import Any

from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.writing.word_tables import read_table

_TABLE = read_table(__file__)
_UNITS, _LABELS = _TABLE["units"], _TABLE["labels"]
_BARE, QUOTED = frozenset(_TABLE["bare_fields"]), frozenset(_TABLE["quoted_fields"])


def name_of(key: str) -> str:
    """What a field is called: `metres` is the height."""
    return _LABELS.get(key) or human(key)


def said(key: str, value: Any) -> str:
    """One field next to the thing it is of: open, 18 seats left, by grace, updated on 2 May."""
    if key in _BARE:
        return str(value)
    if key in ("author", "from"):
        return f"{'by' if key == 'author' else 'from'} {value}"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        day = date.fromisoformat(value)
        return f"{'of' if key == 'date' else f'{human(key)} on'} {day.day} {day:%B}"
    if key == "time" and isinstance(value, str):
        return f"at {value}"
    if isinstance(value, bool):
        return f"{human(key)}: {'yes' if value else 'no'}"
    if key in QUOTED:
        return f'"{value}"'
    return _number(key, value) if isinstance(value, (int, float)) else f"{human(key)} {value}"


def _number(key: str, value: float) -> str:
    if unit := _UNITS.get(key):
        return f"{value}{'' if unit == '%' else ' '}{unit}"
    return f"{value} {human(key)}" if key.endswith(("s", "_left")) else f"{human(key)} {value}"


def labelled(key: str, value: Any) -> str:
    """One field with its name: author grace, state open, 3.8 m."""
    plain = said(key, value)
    if key in _BARE or key in ("author", "from"):
        return f"{human(key)} {value}"
    if key == "date":
        return plain.replace("of ", "date ", 1)
    return f"{human(key)} {plain}" if key in QUOTED else plain


def item_said(item: dict[str, Any], ref: str) -> str:
    """One thing of a list: `204` "Login fails" (open, by grace)."""
    title = next((key for key in item if key in QUOTED and key != ref), None)
    rest = [said(key, value) for key, value in item.items() if key not in (ref, title)]
    head = f"`{item[ref]}`{f' {said(title, item[title])}' if title else ''}"
    return f"{head} ({', '.join(rest)})" if rest else head
