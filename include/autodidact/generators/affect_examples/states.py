"""The table of states and contexts that `sources.affect` names."""

from dataclasses import dataclass

from autodidact.knowledge.facts import Compared
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import Row, named_file, read_text, rows, shown
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


@dataclass(frozen=True)
class AffectTable:
    states: list[State]
    contexts: list[Context]


def read(snapshot: Snapshot) -> AffectTable:
    """The table of states and contexts. Skipped without one."""
    path = named_file(snapshot.settings.sources.affect, "sources.affect")
    Compared(snapshot, "table", {shown(path): read_text(path, Troubles())})
    states = [s for row in rows(path, snapshot.troubles, "states") if (s := _state(row, snapshot.troubles))]
    contexts = [
        c for row in rows(path, snapshot.troubles, "contexts") if (c := _context(row, snapshot.troubles))
    ]
    return AffectTable(states, contexts)


def _texts(value) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value] if value else []
    return tuple(
        text
        for text in (" ".join(str(item).split()) for item in values if isinstance(item, (str, int, float)))
        if text
    )


def _state(row: Row, troubles: Troubles) -> State | None:
    name, tone, says = (
        str(row.data.get("id") or ""),
        str(row.data.get("tone") or "").strip(),
        _texts(row.data.get("says")),
    )
    if not name or not tone or not says:
        troubles.add("state without id, tone or what it says", row.ref)
        return None
    return State(
        name,
        says,
        tone,
        _texts(row.data.get("open")),
        _texts(row.data.get("close")),
        _texts(row.data.get("avoid")),
        row.ref,
    )


def _context(row: Row, troubles: Troubles) -> Context | None:
    name, asks, facts = (
        str(row.data.get("id") or ""),
        " ".join(str(row.data.get("asks") or "").split()),
        _texts(row.data.get("facts")),
    )
    if not name or not asks or not facts:
        troubles.add("context without id, question or facts", row.ref)
        return None
    return Context(name, asks, facts, _texts(row.data.get("never")))
