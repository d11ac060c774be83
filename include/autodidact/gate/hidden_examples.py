"""Which examples are shown without their text: what looks like a secret, what gives a scored question away,
and what cannot be read. Neither is their source shown, nor can they be found by a word.
"""

import re
from typing import Any

from autodidact.gate.report import showable
from autodidact.records import response_text

# Characters of a field that is no message: a name, an id, a reason.
LONGEST_FIELD = 300
# The fields of a source that are shown.
PLACES = ("ref", "path", "file")
COMMIT = re.compile("[0-9a-f]{7,64}")


def field(value: Any) -> str:
    """A field of a record as text, whatever it is: cut, and without halves of characters, which no database
    takes; "" for none.
    """
    text = "" if value is None else value if isinstance(value, str) else repr(value)
    return text[:LONGEST_FIELD].encode("utf-8", "replace").decode()


def reason(row: dict[str, Any]) -> dict[str, Any] | None:
    """Why a record was dropped: {"rule", "reason", "value"}, the first two texts; None for none."""
    why = row.get("dropped")
    if not isinstance(why, dict):
        return None
    return {"rule": field(why.get("rule")), "reason": field(why.get("reason")), "value": why.get("value")}


def source_of(row: dict[str, Any]) -> dict[str, Any]:
    """A record's source: its kind and PLACES as text, commit and lines where they are that; {} for none."""
    source = row.get("source")
    if not isinstance(source, dict):
        return {}
    found: dict[str, Any] = {
        name: field(source[name]) for name in ("kind", *PLACES) if source.get(name) is not None
    }
    commit, lines = source.get("commit"), source.get("lines")
    if isinstance(commit, str) and COMMIT.fullmatch(commit):
        found["commit"] = commit
    if isinstance(lines, list) and len(lines) == 2 and all(type(each) is int for each in lines):
        found["lines"] = lines
    return found


def texts_of(row: dict[str, Any]) -> list[tuple[str, str]]:
    """(role, text) of each message. Raises AttributeError, KeyError or TypeError for what is no
    conversation.
    """
    return [(field(message.get("role")), response_text(message)) for message in row.get("messages") or []]


def may_be_shown(row: dict[str, Any], messages: list[tuple[str, str]]) -> bool:
    """As the gate's report decides it, on what is shown alone: a scan of every hash of a record takes
    twenty times as long.
    """
    source, why = source_of(row), reason(row) or {}
    said = "\n".join(text for _, text in messages)
    places = "\n".join(str(source.get(name) or "") for name in PLACES)
    return showable(
        {"dropped": {"rule": why.get("rule")}, "said": said, "places": places, "reason": why.get("reason")}
    )


def as_shown(row: dict[str, Any]) -> dict[str, Any]:
    """A record as people may see it, whatever its fields are. What looks like a secret, or gives a scored
    question away, has no messages and names no source.
    """
    names = ("fate", "id", "was", "generator", "category", "time", "replay_of")
    found: dict[str, Any] = {name: field(row.get(name)) or None for name in names}
    rewritten = row.get("rewritten")
    found |= {"n": row.get("n"), "bytes": row.get("bytes"), "messages": None, "tools": "", "hidden": None}
    found["rewritten"] = [field(each) for each in rewritten[:20]] if isinstance(rewritten, list) else []
    found |= {"source": {}, "dropped": reason(row)}
    if row.get("too_large"):
        return found | {"hidden": f"The record has {row['bytes']:,} bytes: too large to be shown."}
    if not row.get("messages"):
        return found | {"hidden": "Its text was not kept."}
    try:
        messages = texts_of(row)
        tools = ", ".join(str(tool["function"]["name"]) for tool in row.get("tools") or [])
    except (AttributeError, KeyError, TypeError):
        return found | {"hidden": "The record is no conversation."}
    if not may_be_shown(row, [*messages, ("tools", tools)]):
        said = "Its text is not shown: it looks like a secret, or it gives away a scored question."
        return found | {"hidden": said, "dropped": _without_value(found["dropped"])}
    return found | {"messages": messages, "tools": tools, "source": source_of(row)}


def _without_value(why: dict[str, Any] | None) -> dict[str, Any] | None:
    """The rule alone: reason and value may be what is not shown."""
    return {"rule": why["rule"], "reason": "not shown", "value": None} if why else None
