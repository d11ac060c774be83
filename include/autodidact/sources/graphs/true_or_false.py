"""Relations of a graph whose values are true or false, and what is deprecated by one of them."""

from collections.abc import Iterable

from autodidact.sources.graphs.triple_graph import Flag, Triple
from autodidact.sources.unread import Unread

_VALUES = frozenset(("true", "false"))
# Who has one of these set to true is over: what else the graph says of it may be, too.
_OVER = frozenset(
    "archived cancelled canceled decommissioned deleted deprecated discontinued expired obsolete removed"
    " retired retracted superseded withdrawn".split()
)


def with_flags(found: list[Triple], ref: str, unread: Unread) -> list[Triple]:
    """The triples, those of a relation that only ever has true or false as its value with a Flag for it; what
    else is said of something that is over by a flag is counted.
    """
    values: dict[str, set[str]] = {}
    for triple in found:
        values.setdefault(triple.relation, set()).add(triple.object.lower())
    flags = {relation for relation, objects in values.items() if objects <= _VALUES}
    marked = [
        Triple(t.subject, Flag(t.relation), t.object.lower()) if t.relation in flags else t for t in found
    ]
    over = {t.subject for t in marked if isinstance(t.relation, Flag) and _is_over(t)}
    return [t for t in marked if isinstance(t.relation, Flag) or not _lost(t, over, ref, unread)]


def _is_over(triple: Triple) -> bool:
    name = triple.relation.lower().replace("_", "").replace("-", "").replace(" ", "").removeprefix("is")
    return name in _OVER and triple.object == "true"


def _lost(triple: Triple, over: Iterable[str], ref: str, unread: Unread) -> bool:
    """Whether a triple is about something that is over; it is counted then, as a gap of both ends."""
    if triple.subject not in over and triple.object not in over:
        return False
    text = f"{triple.subject} {triple.object}".encode("utf-8", "replace")
    unread.add(f"triples/{triple.relation}", "a statement on what is deprecated", ref, text)
    return True
