"""The table of states and contexts that `sources.affect` names."""

from dataclasses import dataclass
from itertools import takewhile

from autodidact.errors import Skipped
from autodidact.generators.writing.facts_into_words import listing
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import Row, fields, named_file, read_text, records, shown, table
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


# The fields of a state.
STATE = ("id", "says", "tone", "open", "close", "avoid")


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
    states = [s for row in records(content, path, unread, "states", "states") if (s := _state(row, unread))]
    contexts = [
        c
        for row in (
            records(content, path, unread, "contexts", "contexts") if isinstance(content, dict) else ()
        )
        if (c := _context(row, unread))
    ]
    if not states:
        why = listing(sorted({gap.reason for gap in unread.gaps}))
        if (columns := fields(content)) and "states" not in columns:
            why = f"its columns are {listing(f'`{name[:40]}`' for name in columns[:20])}"
        raise Skipped(f"no state can be read of {shown(path)}: {why or 'it is empty'}")
    return AffectTable(states, contexts, unread)


def _texts(value) -> tuple[str, ...] | None:
    """The texts of a list, or the one that stands there; None where something else is among them."""
    values = value if isinstance(value, list) else [] if value in (None, "") else [value]
    if not all(isinstance(item, (str, int, float)) for item in values):
        return None
    return tuple(text for item in values if (text := " ".join(str(item).split())))


def _text(value) -> str:
    """A text in one line, several joined ("calm and direct"); "" for what is none."""
    return listing(_texts(value) or ())


def _named(row: Row) -> dict:
    return {name.strip().lower(): value for name, value in row.data.items()}


def _state(row: Row, unread: Unread) -> State | None:
    data = _named(row)
    # `{tone: open, with the figures, avoid: [haste]}` is one tone, which YAML cuts at its comma.
    behind = list(data)[list(data).index("tone") + 1 :] if "tone" in data else []
    cut = takewhile(lambda key: data[key] is None and " " in key, behind)
    name, says = _text(data.get("id")), _texts(data.get("says"))
    tone = ", ".join([_text(data.get("tone")), *cut])
    if not name or not tone or not says:
        unread.add("states", "state without id, tone or what it says", row.ref)
        return None
    if _texts(data.get("avoid")) is None or any(data[key] for key in data if key not in STATE):
        unread.add(f"avoid/{name}", "a state of which not all is read", row.ref)
    opened, closed, avoided = (_texts(data.get(key)) or () for key in ("open", "close", "avoid"))
    return State(name, says, tone, opened, closed, avoided, row.ref)


def _context(row: Row, unread: Unread) -> Context | None:
    """A context whose facts are all read, and in which states nobody asks."""
    data = _named(row)
    name, asks = _text(data.get("id")), _text(data.get("asks"))
    known, never = _texts(data.get("facts")), _texts(data.get("never"))
    if not name or not asks or not known or never is None:
        unread.add("contexts", "context without id, question or facts", row.ref)
        return None
    return Context(name, asks, known, never)
