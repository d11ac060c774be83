"""The table of states and contexts that `sources.affect` names."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from autodidact.errors import Skipped
from autodidact.generators.writing.facts_into_words import listing
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import instant
from autodidact.sources.judged_fields import FAULT, judged
from autodidact.sources.placeholders import is_no_words
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import NOTHING, Row, fields, named_file, read_text, records, shown, table
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles


@dataclass(frozen=True)
class State:
    id: str
    says: tuple[str, ...]
    tone: str
    open: tuple[str, ...]  # one of these, or nothing
    close: tuple[str, ...]
    avoid: tuple[str, ...]
    ref: str


@dataclass(frozen=True)
class Context:
    id: str
    asks: str
    facts: tuple[str, ...]
    never: tuple[str, ...]  # states that nobody is in who asks this

    def text(self) -> str:
        return " ".join(self.facts)

    def bullets(self) -> str:
        return "\n".join(f"- {fact}" for fact in self.facts)


# The fields of a state, and of a context.
STATE = ("id", "says", "tone", "open", "close", "avoid")
CONTEXT = ("id", "asks", "facts", "never")
# Until when something is so, and since when.
_ENDS = re.compile(
    r"(?:valid_)?(?:until|till|through|to|end|ends|end_date|ends_at|bis)|expir(?:y|es|ation)(?:_(?:at|on|date))?"
    r"|g\u00fcltig_bis"
)
_BEGINS = re.compile(r"(?:valid_)?(?:from|since|start|starts|start_date|starts_at|as_of|ab)|g\u00fcltig_ab")
# What only a case bears out: a deed that is done, a gift, how soon something comes.
_DEED = re.compile(
    r"\b(?:I|we)(?: have|['\u2019]ve) (?:just |already |now )?"
    r"(?:\w*(?:refund|credit|cancel|book|order|chang|escalat|fix|resolv|replac|forward|ship|process)\w*ed"
    r"|sent|paid|given|made|taken|put|called|arranged)\b"
    r"|\b(?:is|are) (?:free(?! to\b)|on us|on the house)\b"
    r"|\bwithin (?:the|an?|\d+|one|two|three) (?:minutes?|hours?|days?|weeks?)\b|\d ?% off\b",
    re.IGNORECASE,
)
# Names of all states at once.
_ALL = {"all", "any", "every", "everybody", "everyone", "always", "*", "alle"}


@dataclass(frozen=True)
class AffectTable:
    """`unread`: `states`, `contexts` (rows), and `avoid/STATE`, where more may be avoided than was read."""

    states: list[State]
    contexts: list[Context]
    unread: Unread


def read(snapshot: Snapshot) -> AffectTable:
    """The table of states and contexts. Skipped without one, and where no state can be read of it."""
    path = named_file(snapshot.settings.sources.affect, "sources.affect")
    Compared(snapshot, "table", {shown(path): read_text(path, Troubles())})
    unread = Unread(snapshot.troubles)
    content = table(path, unread, "states")
    rows = [_named(row) for row in records(content, path, unread, "states", "states")]
    named = Counter(_text(row.data.get("id")) for row in rows)
    states = [s for row in rows if (s := _state(row, named, unread))]
    below = records(content, path, unread, "contexts", "contexts") if isinstance(content, dict) else []
    rows = [_named(row) for row in below]
    named = Counter(_text(row.data.get("id")) for row in rows)
    contexts = [c for row in rows if (c := _context(row, named, snapshot.until, unread))]
    if not states:
        why = listing(sorted({gap.reason for gap in unread.gaps}))
        if (columns := fields(content)) and "states" not in columns:
            why = f"its columns are {listing(f'`{name[:40]}`' for name in columns[:20])}"
        raise Skipped(f"no state can be read of {shown(path)}: {why or 'it is empty'}")
    return AffectTable(states, contexts, unread)


def _texts(value) -> tuple[str, ...] | None:
    """The texts of a list, or the one that stands there; None where something else is among them."""
    values = value if isinstance(value, list) else [] if value in (None, "") else [value]
    # YAML makes `true` of an unquoted yes, and of on: what was written is lost.
    if not all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in values):
        return None
    return tuple(text for item in values if (text := " ".join(str(item).split())))


def _text(value) -> str:
    """A text in one line, several joined ("calm and direct"); "" for what is none."""
    return listing(_texts(value) or ())


def _words(value, ref: str, unread: Unread) -> tuple[str, ...]:
    """The texts of a list that say something. What is still to be filled in is counted."""
    texts = [text for text in _texts(value) or () if text.lower() not in NOTHING]
    for text in texts:
        if is_no_words(text):
            unread.add("words", "text with something to fill in", f"{ref}: {text}"[:200])
    return tuple(text for text in texts if not is_no_words(text))


def _frame(value, ref: str, unread: Unread) -> tuple[str, ...]:
    """Words to open or close any answer with. A deed or a promise, which only facts bear out, is counted."""
    if _texts(value) is None:
        unread.add("words", "words to open or close with that are no text", ref)
    texts = _words(value, ref, unread)
    for text in texts:
        if _DEED.search(text):
            unread.add(
                "words",
                "words to open or close with that tell of a deed or a promise",
                f"{ref}: {text}"[:200],
            )
    return tuple(text for text in texts if not _DEED.search(text))


def _named(row: Row) -> Row:
    return Row({name.strip().lower(): value for name, value in row.data.items()}, row.ref)


def _one_word(name: str) -> str:
    return "_".join(name.replace("-", " ").split())


def _tone(row: Row) -> str:
    """`{tone: open, with the figures, avoid: [haste]}` is one tone, which YAML cuts at its comma."""
    names = list(row.data)
    behind = names[names.index("tone") + 1 :] if "tone" in names else []
    cut = takewhile(lambda key: row.data[key] is None and " " in key, behind)
    return ", ".join([_text(row.data.get("tone")), *cut])


def _state(row: Row, named: Counter[str], unread: Unread) -> State | None:
    data = row.data
    name, tone, says = _text(data.get("id")), _tone(row), _words(data.get("says"), row.ref, unread)
    if not name or not tone or not says or _texts(data.get("says")) is None or _is_open(name, tone):
        unread.add("states", "state without id, tone or what it says", row.ref)
        return None
    if named[name] > 1:
        unread.add("states", "two states of one id", row.ref)
        return None
    further = {key: value for key, value in data.items() if key not in STATE}
    if faults := [key for key, value in further.items() if judged(_one_word(key), value, rule=True) == FAULT]:
        unread.add("states", f"state that its {faults[0]!r} finds fault with"[:100], row.ref)
        return None
    opened, closed = (_frame(data.get(key), row.ref, unread) for key in ("open", "close"))
    avoided = _words(data.get("avoid"), row.ref, unread)
    given = _texts(data.get("avoid"))
    lost = given is None or any(is_no_words(text) for text in given if text.lower() not in NOTHING)
    if lost or any(further.values()):
        unread.add(f"avoid/{name}", "a state of which not all is read", row.ref)
    return State(name, says, tone, opened, closed, avoided, row.ref)


def _is_open(*texts: str) -> bool:
    """Whether one of the texts is nothing, or still to be filled in."""
    return any(text.lower() in NOTHING or is_no_words(text) for text in texts)


def _context(row: Row, named: Counter[str], until: datetime, unread: Unread) -> Context | None:
    """A context whose facts are all read and hold now, and in which states nobody asks."""
    name, asks = _text(row.data.get("id")), _text(row.data.get("asks"))
    known, never = _texts(row.data.get("facts")), _texts(row.data.get("never"))
    if not name or not asks or not known or never is None or _is_open(name, asks, *known, *never):
        unread.add("contexts", "context without id, question or facts", row.ref)
        return None
    if named[name] > 1:
        unread.add("contexts", "two contexts of one id", row.ref)
        return None
    for key, value in row.data.items():
        if key not in CONTEXT and (verdict := _bound(key, value, until)):
            why = (
                "that its {!r} finds fault with"
                if verdict == FAULT
                else "with a field that is not known: {!r}"
            )
            unread.add("contexts", f"context {why.format(key)}"[:100], row.ref)
            return None
    # Nobody asks it, whatever they feel.
    return None if _ALL & {text.lower() for text in never} else Context(name, asks, known, never)


def _bound(key: str, value, until: datetime) -> str:
    """What a further field says of a context: "" where it holds at the end of the window."""
    key = _one_word(key)
    ends, begins = _ENDS.fullmatch(key), _BEGINS.fullmatch(key)
    if not ends and not begins:
        return judged(key, value, rule=True)
    if str(value).strip().lower() in NOTHING:
        return ""
    try:
        holds = (instant(str(value)) > instant(until)) == bool(ends)
    except (ValueError, OverflowError):
        holds = False
    return "" if holds else FAULT
