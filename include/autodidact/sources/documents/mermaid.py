"""Mermaid: flowcharts, sequences, states, classes and entities. Other diagrams are counted."""

import re

from autodidact.sources.documents.diagram import Diagram, within_bounds
from autodidact.sources.documents.inline_markdown import before_last
from autodidact.sources.documents.mermaid_flowchart import flowchart
from autodidact.sources.documents.mermaid_sequence import sequence
from autodidact.sources.documents.mermaid_states_classes_entities import classes, entities, states
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

# Characters of its lines: what is matched on a line may take the square of its length.
MAX_LINE = 2_000

_DESCRIPTION = re.compile(r"^[ \t]*accDescr\s*\{[^}]*+\}", re.MULTILINE)
_LABEL = re.compile(r'"`[^`"]*+`"')
_KINDS = {
    "graph": flowchart,
    "flowchart": flowchart,
    "flowchart-elk": flowchart,
    "sequencediagram": sequence,
    "statediagram": states,
    "statediagram-v2": states,
    "classdiagram": classes,
    "classdiagram-v2": classes,
    "erdiagram": entities,
}


def mermaid(text: str, troubles: Troubles | None = None, ref: str = "") -> Diagram | None:
    """What a diagram draws, in the order of the text; None for an empty one, and, counted, for one of a kind
    that is not read. Nodes have their labels as names.

    Raises OverBudget.
    """
    budget = within_bounds(text, MAX_LINE)
    text = before_last(text, "}%%", lambda head: re.sub(r"%%\{.*?\}%%", "", head, flags=re.DOTALL))
    text = before_last(text, "}", lambda head: _DESCRIPTION.sub("", head))
    # A label over several lines.
    text = before_last(text, '`"', lambda head: _LABEL.sub(lambda match: " ".join(match[0].split()), head))
    lines = [line.split("%%")[0].rstrip() for line in text.splitlines()]
    lines = [line for line in lines if line.strip()]
    # Front matter.
    if lines and lines[0].strip() == "---":
        closing = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
        lines = lines[closing + 1 :]
    if not lines:
        return None
    # The first statement may share its line with others.
    head, _, rest = lines[0].partition(";")
    read = _KINDS.get(head.split()[0].rstrip(":").lower()) if head.split() else None
    unread = Unread(troubles)
    if read is None:
        unread.add("diagrams", "a Mermaid diagram of a kind that is not read", ref)
        return None
    return read([rest, *lines[1:]] if rest.strip() else lines[1:], budget, unread, ref)
