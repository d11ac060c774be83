"""Relations of a graph whose values are true or false, and what is deprecated by one of them, by its state
(`status: withdrawn`), or by a day that is past (`endDate`, `invalidatedAtTime`) or to come (`validFrom`).
"""

from collections.abc import Iterable
from datetime import date

from autodidact.sources.graphs.days_of_values import days_of
from autodidact.sources.graphs.edges_in_force import kind_of
from autodidact.sources.graphs.triple_graph import Flag, Triple
from autodidact.sources.unread import Unread

_VALUES = frozenset(("true", "false"))
# Who has one of these set to true, or as its state, is over: what else the graph says of it may be, too.
_OVER = frozenset(
    "archived cancelled canceled decommissioned deleted deprecated discontinued expired invalidated obsolete"
    " removed retired retracted revoked superseded withdrawn".split()
)
# Days of what a thing is about, and not of when it is.
_PLAIN_DAYS = frozenset("date datetime time timestamp year".split())


def with_flags(found: list[Triple], ref: str, unread: Unread, day: date | None = None) -> list[Triple]:
    """The triples, those of a relation that only ever has true or false as its value with a Flag for it; what
    else is said of something that is over on a day by a flag, its state or a date is counted.
    """
    values: dict[str, set[str]] = {}
    for triple in found:
        values.setdefault(triple.relation, set()).add(triple.object.lower())
    flags = {relation for relation, objects in values.items() if objects <= _VALUES}
    marked = [
        Triple(t.subject, Flag(t.relation), t.object.lower()) if t.relation in flags else t for t in found
    ]
    ended = {t for t in marked if _is_over(t, day)}
    over = {t.subject for t in ended}
    return [
        t for t in marked if isinstance(t.relation, Flag) or t in ended or not _lost(t, over, ref, unread)
    ]


def _is_over(triple: Triple, day: date | None) -> bool:
    name = triple.relation.lower().replace("_", "").replace("-", "").replace(" ", "").removeprefix("is")
    if isinstance(triple.relation, Flag):
        return name in _OVER and triple.object == "true"
    kind = kind_of(triple.relation)
    if kind == "states":
        return triple.object.lower() in _OVER
    dated = kind in ("ends", "denials") or (kind == "starts" and name not in _PLAIN_DAYS)
    days = days_of(triple.object) if day and dated else None
    if not days or not day or not days.exact:
        return False
    return days.first > day if kind == "starts" else days.last < day


def _lost(triple: Triple, over: Iterable[str], ref: str, unread: Unread) -> bool:
    """Whether a triple is about something that is over; it is counted then, as a gap of both ends."""
    if triple.subject not in over and triple.object not in over:
        return False
    text = f"{triple.subject} {triple.object}".encode("utf-8", "replace")
    unread.add(f"triples/{triple.relation}", "a statement on what is deprecated", ref, text)
    return True
