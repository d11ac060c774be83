"""Patterns of interrupts and logs of what was done about them: one YAML or JSON table, or a log alone as JSON
lines or CSV.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from autodidact.records import instant
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
# What somebody wrote about an answer afterwards, and words of it that find fault with the answer.
_NOTES = ("note", "notes", "comment", "comments", "remark", "remarks", "review", "hindsight")
_FOUND_WRONG = re.compile(
    r"\b(?:hindsight|wrong\w*|mistak\w*|error|incorrect\w*|(?:not|hardly) (?:right|correct)|regret\w*"
    r"|(?:should|could|ought to|must) (?:have )?(?:been|gone|waited|asked|be)|should(?:n't| not)? have"
    r"|would have been|better (?:to|would|had)|too (?:late|early|soon|hasty)|overreact\w*|unnecessar\w*"
    r"|needless\w*|false alarm|falsch|unn\u00f6tig)\b",
    re.IGNORECASE,
)
# Columns without a use here, and those with one name only.
_OTHERS = "id when any_task source severity level duration host session user_id updated_at".split()
_KNOWN = {name for names in COLUMNS.values() for name in names} | {*_OTHERS}
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

    Entries without a task, an interrupt, a known response and a reason are counted and left out, and so are
    those whose note says that they were answered wrongly.
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
    patterns = [
        pattern
        for row in (records(content, path, unread, "patterns", "patterns") if sections else ())
        if (pattern := _pattern(_named(row, unread), unread))
    ]
    by_id = {pattern.id: pattern for pattern in patterns}
    log = [
        entry
        for row in records(content, path, unread, "log", "log")
        if (entry := _interrupt(_named(row, unread), by_id, unread))
    ]
    return InterruptFile(patterns, log, effects, unread)


def _named(row: Row, unread: Unread) -> Row:
    """The row with the names of its columns in lower case. Notes those that are not known."""
    data = {"_".join(name.lower().replace("-", " ").split()): value for name, value in row.data.items()}
    for name, value in data.items():
        if name not in _KNOWN and str(value).strip().lower() not in NOTHING:
            if unread.whole(f"columns/{name}"):
                unread.add(f"columns/{name}", "a column that is not known", f"{row.ref}: {name}"[:200])
            unread.note(f"to/{row.ref}", "a column that is not known", row.ref)
    return Row(data, row.ref)


def _text(row: Row, key: str) -> str:
    found = next((row.data[name] for name in COLUMNS.get(key, (key,)) if row.data.get(name)), "")
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        found = " and ".join(found)
    if isinstance(found, (dict, list)):
        return ""
    text = " ".join(str(found).split()).rstrip(".")
    return "" if text.lower() in NOTHING | UNKNOWN else text


def _response(row: Row) -> str:
    word = _text(row, "response").lower()
    return SYNONYMS.get(word, word)


def _pattern(row: Row, unread: Unread) -> Pattern | None:
    name, when, response = _text(row, "id"), _text(row, "when"), _response(row)
    if not name or not when or response not in RESPONSES:
        unread.add("patterns", "pattern without id, situation or known response", row.ref)
        unread.note("responses", "a response that is not known", row.ref)
        return None
    _addressed(row, unread)
    return Pattern(
        name,
        when,
        response,
        _text(row, "because"),
        _text(row, "to"),
        row.data.get("any_task") is True,
        row.ref,
    )


def _interrupt(row: Row, patterns: dict[str, Pattern], unread: Unread) -> Interrupt | None:
    task, text, pattern = _text(row, "task"), _text(row, "interrupt"), patterns.get(_text(row, "pattern"))
    response, because = _response(row) or (pattern.response if pattern else ""), _text(row, "because")
    if not task or not text or response not in RESPONSES or not (because or pattern):
        unread.add("log", "interrupt without task, text, known response or reason", row.ref)
        unread.note("responses", "a response that is not known", row.ref)
        return None
    _addressed(row, unread)
    if pattern and pattern.response != response and not because:
        unread.add("log", "interrupt answered against its pattern, without a reason", row.ref)
        return None
    if any(_FOUND_WRONG.search(str(row.data.get(name) or "")) for name in _NOTES):
        unread.add("log", "interrupt whose note finds fault with its answer", row.ref)
        return None
    try:
        time = _time(_text(row, "time"))
    except (ValueError, OverflowError, OSError):
        unread.add(f"time/{row.ref}", "not a time", row.ref)
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


def _addressed(row: Row, unread: Unread) -> None:
    """Notes where it is written to whom an entry goes, and not in words."""
    given = [row.data[name] for name in COLUMNS["to"] if row.data.get(name)]
    if not _text(row, "to") and any(str(one).strip().lower() not in NOTHING for one in given):
        unread.note(f"to/{row.ref}", "an addressee that is no text", row.ref)


def _time(text: str) -> str | None:
    """An ISO time or seconds since 1970."""
    if text.replace(".", "", 1).isdigit():
        return instant(datetime.fromtimestamp(float(text), tz=timezone.utc))
    return instant(text) if text else None
