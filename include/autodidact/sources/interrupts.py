"""Patterns of interrupts and logs of what was done about them: one YAML or JSON table, or a log alone as JSON
lines or CSV.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autodidact.records import instant
from autodidact.sources.decided_interrupts import is_cut, is_reason
from autodidact.sources.judged_fields import FAULT, judged, names_person
from autodidact.sources.placeholders import is_no_words
from autodidact.sources.table_files import NOTHING, UNKNOWN, Row, records, shown, table
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

# What may be done about an interrupt. What that means for the running task is said by the table.
RESPONSES = ("resume", "drop", "queue", "ask", "escalate")
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
# What of these a pattern has.
_OF_PATTERN = {"id", "when", "any_task"} | {
    name for key in ("response", "because", "to", "time") for name in COLUMNS[key]
}
_OF_ENTRY = {"id", "when", "any_task"} | {name for names in COLUMNS.values() for name in names}
# Who handled it, which may be whom it went to where it went to somebody.
_HANDLED = "assignee"
_TO_SOMEBODY = ("ask", "escalate")
# What a program wrote, which is nobody's reason.
_OF_PROGRAM = re.compile(r"Traceback \(most recent call last\)|^[\w.]*(?:Error|Exception)\b")
SECTIONS = ("responses", "patterns", "log")
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


@dataclass(frozen=True)
class InterruptFile:
    """Patterns, logged interrupts, what each response does where the file says so, and what was not read:
    `patterns`, `log` (entries), `responses` (words), `to/REF` (to whom that entry may go after all).
    """

    patterns: list[Pattern]
    log: list[Interrupt]
    effects: dict[str, str]
    unread: Unread


def read_interrupts(path: Path, troubles: Troubles) -> InterruptFile:
    """What a YAML or JSON table holds, or a log as JSON lines or CSV.

    Entries without a task, an interrupt, a known response and a reason are counted and left out. So are
    those, and the patterns, that a further field finds fault with, or has something of that is not understood
    (sources/judged_fields.py), and all that have one id.
    """
    unread = Unread(troubles)
    content = table(path, unread, "log")
    sections = content if isinstance(content, dict) else {}
    for name in sections.keys() - {*SECTIONS}:
        for scope in ("patterns", "log"):
            unread.note(scope, "a section that is not known")
        troubles.add("a section that is not known", f"{shown(path)}: {name}"[:200])
    given = sections.get("responses")
    given = given if isinstance(given, dict) else {}
    meanings = Row(given, shown(path))
    effects = {name: text for name in RESPONSES if (text := _text(meanings, name))}
    if not effects:
        unread.note("responses", "which responses there are is not said", shown(path))
    if given.keys() - {*RESPONSES}:
        unread.add("responses", "a response that is not known", shown(path))
    rows = [
        _named(row) for row in (records(content, path, unread, "patterns", "patterns") if sections else ())
    ]
    named = Counter(_text(row, "id") for row in rows)
    patterns = [pattern for row in rows if (pattern := _pattern(row, named, unread))]
    by_id = {pattern.id: pattern for pattern in patterns}
    rows = [_named(row) for row in records(content, path, unread, "log", "log")]
    log = [entry for row in rows if (entry := _interrupt(row, by_id, unread))]
    return InterruptFile(patterns, log, effects, unread)


def _named(row: Row) -> Row:
    """The row with the names of its columns in lower case."""
    data = {"_".join(name.lower().replace("-", " ").split()): value for name, value in row.data.items()}
    return Row(data, row.ref)


def _relied_on(row: Row, scope: str, known: set[str], response: str, unread: Unread) -> bool:
    """Whether no further field of a row judges it, limits it or is not understood. Counts what does."""
    for name, value in row.data.items():
        if name in COLUMNS["response"]:
            # A second one, as `outcome` behind `decision`, tells how it went.
            verdict = FAULT if _response(Row({"response": value}, row.ref)) not in ("", response) else ""
        else:
            verdict = "" if name in known else judged(name, value, response, rule=scope == "patterns")
        kind = "pattern" if scope == "patterns" else "interrupt"
        if verdict == FAULT:
            unread.add(scope, f"{kind} that its {name!r} finds fault with"[:100], row.ref)
            return False
        if verdict:
            unread.add(scope, f"{kind} with a column that is not known: {name!r}"[:100], row.ref)
            return False
    return True


def _written(row: Row, *keys: str) -> list[str]:
    """What stands in these columns, under any of their names."""
    return [str(row.data[name]) for key in keys for name in COLUMNS.get(key, (key,)) if row.data.get(name)]


def _has_open(row: Row, keys: tuple[str, ...]) -> bool:
    """Whether one of the texts of a row is still to be filled in, or a program's line."""
    given = _written(row, *keys)
    written = [text for text in given if text.strip().lower() not in NOTHING]
    return any(is_no_words(text) or _OF_PROGRAM.search(text) for text in written)


def _text(row: Row, key: str) -> str:
    found = next((row.data[name] for name in COLUMNS.get(key, (key,)) if row.data.get(name)), "")
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        found = " and ".join(found)
    if isinstance(found, (dict, list)):
        return ""
    text = " ".join(str(found).split()).rstrip(".")
    return "" if text.lower() in NOTHING | UNKNOWN or is_no_words(text) else text


def _addressee(row: Row, response: str) -> str:
    """Whom it goes to. Somebody assigned is that only where it goes to somebody."""
    if response not in _TO_SOMEBODY:
        row = Row({name: value for name, value in row.data.items() if name != _HANDLED}, row.ref)
    return _text(row, "to")


def _response(row: Row) -> str:
    word = _text(row, "response").lower()
    return SYNONYMS.get(word, word)


def _pattern(row: Row, named: Counter[str], unread: Unread) -> Pattern | None:
    name, when, response = _text(row, "id"), _text(row, "when"), _response(row)
    if not name or not when or response not in RESPONSES or _has_open(row, ("because",)):
        unread.add("patterns", "pattern without id, situation or known response", row.ref)
        unread.note("responses", "a response that is not known", row.ref)
        return None
    if named[name] > 1:
        unread.add("patterns", "two patterns of one id", row.ref)
        return None
    if not _relied_on(row, "patterns", _OF_PATTERN, response, unread):
        return None
    _addressed(row, response, True, unread)
    return Pattern(
        name,
        when,
        response,
        _text(row, "because"),
        _addressee(row, response),
        row.data.get("any_task") is True,
        row.ref,
    )


def _interrupt(row: Row, patterns: dict[str, Pattern], unread: Unread) -> Interrupt | None:
    task, text, pattern = _text(row, "task"), _text(row, "interrupt"), patterns.get(_text(row, "pattern"))
    response, because = _response(row) or (pattern.response if pattern else ""), _text(row, "because")
    whole = task and text and response in RESPONSES and (because or pattern)
    if not whole or _has_open(row, ("task", "interrupt", "because")):
        unread.add("log", "interrupt without task, text, known response or reason", row.ref)
        unread.note("responses", "a response that is not known", row.ref)
        return None
    if is_cut(*_written(row, "task", "interrupt"), reason=" ".join(_written(row, "because"))):
        unread.add("log", "interrupt of which a text breaks off", row.ref)
        return None
    if not is_reason(because):
        unread.add("log", "interrupt that nobody gave a reason for", row.ref)
        return None
    if pattern and pattern.response != response and not because:
        unread.add("log", "interrupt answered against its pattern, without a reason", row.ref)
        return None
    if not _relied_on(row, "log", _OF_ENTRY, response, unread):
        return None
    to = _addressee(row, response) or (pattern.to if pattern else "")
    _addressed(row, response, pattern is not None, unread)
    if not to and pattern and not unread.whole(f"to/{pattern.ref}"):
        unread.note(f"to/{row.ref}", "an addressee that is no text", row.ref)
    try:
        time = _time(_text(row, "time"))
    except (ValueError, OverflowError, OSError):
        unread.add(f"time/{row.ref}", "not a time", row.ref)
        time = None
    return Interrupt(task, text, response, because, to, pattern, time, row.ref)


def _addressed(row: Row, response: str, ruled: bool, unread: Unread) -> None:
    """Notes where it is not known to whom an entry goes: it goes to somebody, it is written and not in words,
    or (`ruled`: unless a rule says so) there is no column for it.
    """
    if _addressee(row, response):
        return
    given = {name: value for name, value in row.data.items() if str(value).strip().lower() not in NOTHING}
    written = any(name in COLUMNS["to"] or names_person(name) for name in given)
    column = any(name in row.data for name in COLUMNS["to"])
    if written or response in _TO_SOMEBODY or not (column or ruled):
        unread.note(f"to/{row.ref}", "an addressee that is not known", row.ref)


def _time(text: str) -> str | None:
    """An ISO time or seconds since 1970."""
    if text.replace(".", "", 1).isdigit():
        return instant(datetime.fromtimestamp(float(text), tz=timezone.utc))
    return instant(text) if text else None
