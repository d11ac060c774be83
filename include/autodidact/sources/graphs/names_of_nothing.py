"""Things of a graph that are none: the owner `Nobody`, the team `<team>`, a port `???`."""

from collections.abc import Iterable

from autodidact.sources.graphs.triple_graph import Attribute, Triple
from autodidact.sources.placeholders import is_no_name
from autodidact.sources.unread import Unread


def without_nothing(found: Iterable[Triple], ref: str, unread: Unread) -> list[Triple]:
    """The triples that link two things; others are counted, as gaps of their relations and of their ends."""
    kept = []
    for triple in found:
        # An attribute may well be none: `auth: none`.
        none = not isinstance(triple.relation, Attribute) and triple.object.lower() in ("none", "null")
        if none or is_no_name(triple.subject) or is_no_name(triple.object):
            text = f"{triple.subject} {triple.object}".encode("utf-8", "replace")
            unread.add(f"triples/{triple.relation}", "a name that stands for nothing", ref, text)
        else:
            kept.append(triple)
    return kept
