"""The attributes of a span or an event, as plain values."""

import re
from typing import Any

from autodidact.sources.json_of_expected_type import dicts_of, list_of

# Of a nested attribute.
MAX_DEPTH = 8


def attributes_of(given: Any) -> dict[str, Any]:
    """Attributes as a plain dictionary; OTLP writes `[{"key": ..., "value": {"stringValue": ...}}]`."""
    if isinstance(given, dict):
        return given
    return {p["key"]: _value(p.get("value")) for p in dicts_of(given) if isinstance(p.get("key"), str)}


def _value(value: Any, depth: int = 0) -> Any:
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return None
    for key in ("stringValue", "boolValue", "doubleValue"):
        if key in value:
            return value[key]
    if "intValue" in value:
        text = str(value["intValue"])
        return int(text) if re.fullmatch(r"-?\d{1,19}", text) else None
    inner = value.get("arrayValue")
    if isinstance(inner, dict):
        return [_value(item, depth + 1) for item in list_of(inner.get("values"))]
    inner = value.get("kvlistValue")
    if isinstance(inner, dict) and isinstance(inner.get("values"), list):
        return {
            p["key"]: _value(p.get("value"), depth + 1)
            for p in inner["values"]
            if isinstance(p, dict) and isinstance(p.get("key"), str)
        }
    return None
