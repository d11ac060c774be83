"""The columns of a table of goals by the names that trackers.yaml knows."""

import re
from typing import Any

from autodidact.generators.goal_examples.parse_goal_fields import TABLE, spelled

KNOWN: set[str] = {
    name
    for names in (
        *TABLE["columns"].values(),
        *TABLE["instead"].values(),
        *TABLE["unread"].values(),
        TABLE["put away"],
        TABLE["begins"],
        TABLE["ends"],
        TABLE["trackers"]["github project"]["columns"]["text"],
        *(one if isinstance(one, list) else [one] for one in TABLE["ignored"]),
    )
    for name in names
}


def named(data: dict[str, Any]) -> dict[str, Any]:
    """The fields by their names in lower case; also those of an object (`milestone.dueOn`), and the
    `fields` of an issue of Jira as its own.
    """
    inner = data.get("fields")
    found: dict[str, Any] = {}
    for key, value in (data | inner if isinstance(inner, dict) else data).items():
        if key == "fields" and isinstance(inner, dict):
            continue
        name = column_name(key)
        found[name] = value
        if isinstance(value, dict) and name in ("milestone", "status", "state", "content"):
            found |= {
                known: part
                for part_key, part in value.items()
                if (known := f"{name} {column_name(part_key)}") in KNOWN
            }
    return found


def column_name(key: str) -> str:
    text = spelled(key)
    if match := re.fullmatch(r"custom field \((.*)\)", text):
        return match[1]
    whole = re.sub(r"\s*\([^)]*\)\Z", "", text)
    return whole if text not in KNOWN and whole in KNOWN else text
