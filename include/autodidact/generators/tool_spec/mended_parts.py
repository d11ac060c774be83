"""What a schema says of an argument, without what it contradicts itself: a default that it refuses, and the
format of a day whose description gives another form.
"""

import json
import re
from typing import Any

from autodidact import json_schema

# Forms of a day or a moment in which the year is not first, or nothing stands between, or all is one number.
_OTHER_FORM = re.compile(
    r"\b(?:DD?|MM?)[ ./-]?(?:MM?M?|DD?)[ ./-]?(?:YYYY|YY)\b|\bYYYYMMDD|\bYYYY[./]MM"
    r"|%[dm][./-]%[dm]|\bepoch\b|\b(?:unix|posix) (?:time|seconds)|\b(?:milli)?seconds since\b",
    re.IGNORECASE,
)
_ITS_FORM = re.compile(r"YYYY-MM-DD|%Y-%m-%d|\d{4}-\d\d-\d\d|\bISO\b|ISO.?8601|RFC.?3339", re.IGNORECASE)
_OF_DAYS = ("date", "date-time")


def refuses_default(part: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether an argument's own schema does not accept its default; null and "" stand for no value."""
    if part.get("default") in (None, ""):
        return False
    shared = {key: root[key] for key in ("$schema", "$defs", "definitions") if key in root}
    text = json.dumps({**shared, "properties": {"value": part}}, sort_keys=True)
    found = json_schema.refused(text, {"value": part["default"]}, formats=True)
    # A schema that cannot be followed says nothing against the default.
    return found is not None and found[0] == "arguments that the tool's schema does not accept"


def another_form(part: dict[str, Any]) -> bool:
    """Whether the description gives a day another form than the schema's `format` does."""
    about = str(part.get("description") or "")
    if part.get("format") not in _OF_DAYS or _ITS_FORM.search(about):
        return False
    return _OTHER_FORM.search(about) is not None


def without(part: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in keys}
