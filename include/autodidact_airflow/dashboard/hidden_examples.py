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
    """As the gate's report decides it, on what the page shows alone: a scan of every hash of a record takes
    twenty times as long.
    """
    source, why = source_of(row), reason(row) or {}
    said = "\n".join(text for _, text in messages)
    places = "\n".join(str(source.get(name) or "") for name in PLACES)
    return showable(
        {"dropped": {"rule": why.get("rule")}, "said": said, "places": places, "reason": why.get("reason")}
    )
