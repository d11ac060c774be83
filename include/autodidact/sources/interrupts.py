"""Patterns of interrupts and logs of what was done about them: one YAML or JSON table, or a log alone as JSON
lines or CSV.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autodidact.records import instant
from autodidact.sources.table_files import Row, load, rows
from autodidact.stage import Troubles

# What each does to the running task, unless the table has its own words for it.
RESPONSES = {
    "resume": "the task goes on",
    "drop": "the task is given up",
    "queue": "the task is finished first, then comes the interrupt",
    "ask": "the task waits until a person has answered",
    "escalate": "the task waits, a person is called at once",
}
# Other names of columns and responses that logs of real systems use.
COLUMNS = {
    "task": ("task", "running", "current_task"),
    "interrupt": ("interrupt", "event", "message", "text"),
    "response": ("response", "decision", "action", "outcome"),
    "because": ("because", "reason", "why"),
    "to": ("to", "escalated_to", "assignee"),
    "pattern": ("pattern", "rule"),
    "time": ("time", "timestamp", "at", "ts", "created_at"),
}
SYNONYMS = {
    word: response
    for response, words in {
        "resume": "continue continued resumed dismiss dismissed",
        "drop": "dropped abort aborted cancel cancelled canceled",
        "queue": "queued defer deferred postpone postponed",
        "ask": "asked clarify clarified",
        "escalate": "escalated page paged",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True)
class Pattern:
    """A kind of interrupt and its response. `any_task`: it is judged the same whatever was running."""

    id: str
    when: str
    response: str
    because: str
    to: str
    any_task: bool
    ref: str


@dataclass(frozen=True)
class Interrupt:
    """Something that interrupted a task, and what was done: by its `pattern`, or for a reason of its own
    (`because`).
    """

    task: str
    text: str
    response: str
    because: str
    to: str
    pattern: Pattern | None
    time: str | None
    ref: str


def read_interrupts(path: Path, troubles: Troubles) -> tuple[list[Pattern], list[Interrupt], dict[str, str]]:
    """(patterns, logged interrupts, what each response does) of a YAML or JSON table, or of a log as JSON
    lines.

    Entries without a task, an interrupt, a known response and a reason are counted and left out.
    """
    lines = path.suffix.lower() in (".jsonl", ".ndjson", ".csv")
    content = {} if lines else load(path, troubles)
    given = content.get("responses") if isinstance(content, dict) else None
    effects = {
        name: str(given[name]) if isinstance(given, dict) and given.get(name) else effect
        for name, effect in RESPONSES.items()
    }
    patterns = (
        [] if lines else [p for row in rows(path, troubles, "patterns") if (p := _pattern(row, troubles))]
    )
    by_id = {pattern.id: pattern for pattern in patterns}
    log = [e for row in rows(path, troubles, "log") if (e := _interrupt(row, by_id, troubles))]
    return patterns, log, effects


def _text(row: Row, key: str) -> str:
    found = next((row.data[name] for name in COLUMNS.get(key, (key,)) if row.data.get(name)), "")
    return " ".join(str(found).split()).rstrip(".")


def _response(row: Row) -> str:
    word = _text(row, "response").lower()
    return SYNONYMS.get(word, word)


def _pattern(row: Row, troubles: Troubles) -> Pattern | None:
    name, when, response = _text(row, "id"), _text(row, "when"), _response(row)
    if not name or not when or response not in RESPONSES:
        troubles.add("pattern without id, situation or known response", row.ref)
        return None
    return Pattern(
        name,
        when,
        response,
        _text(row, "because"),
        _text(row, "to"),
        row.data.get("any_task") is True,
        row.ref,
    )


def _interrupt(row: Row, patterns: dict[str, Pattern], troubles: Troubles) -> Interrupt | None:
    task, text, pattern = _text(row, "task"), _text(row, "interrupt"), patterns.get(_text(row, "pattern"))
    response, because = _response(row) or (pattern.response if pattern else ""), _text(row, "because")
    if not task or not text or response not in RESPONSES or not (because or pattern):
        troubles.add("interrupt without task, text, known response or reason", row.ref)
        return None
    if pattern and pattern.response != response and not because:
        troubles.add("interrupt answered against its pattern, without a reason", row.ref)
        return None
    try:
        time = _time(_text(row, "time"))
    except (ValueError, OverflowError, OSError):
        troubles.add("not a time", row.ref)
        time = None
    return Interrupt(
        task,
        text,
        response,
        because,
        _text(row, "to") or (pattern.to if pattern else ""),
        pattern,
        time,
        row.ref,
    )


def _time(text: str) -> str | None:
    """An ISO time or seconds since 1970."""
    if text.replace(".", "", 1).isdigit():
        return instant(datetime.fromtimestamp(float(text), tz=timezone.utc))
    return instant(text) if text else None
