"""Mermaid diagrams of states, classes and entities."""

import re

from autodidact.sources.documents.diagram import Diagram, Edge, Relation
from autodidact.sources.documents.mermaid_flowchart import worded
from autodidact.sources.reading_limits import Budget
from autodidact.sources.unread import Unread

_UNKNOWN = "a line of a diagram that is not understood"

_TRANSITION = re.compile(
    r"^\s*(\[\*\]|[\w.-]+?)(?::::\w+)?\s*-->\s*(\[\*\]|[\w.-]+)(?::::\w+)?\s*(?::\s*(.*?))?\s*$"
)
_STATE = re.compile(r'^\s*state\s+(?:"([^"]*)"\s+as\s+)?([\w.-]+)\s*(<<\w+>>)?\s*(\{)?\s*$')
_DESCRIBED = re.compile(r"^\s*([\w.-]+)\s*:\s*(.+?)\s*$")
_STATE_PASSED = re.compile(r"^\s*(note|direction|classDef|class|style|hide|scale|title|accTitle|accDescr)\b")
_NOTE = re.compile(r"^\s*note\s[^:]*$", re.IGNORECASE)


def states(lines: list[str], budget: Budget, unread: Unread, ref: str) -> Diagram:
    """The transitions of a state diagram. Those that leave a state around another one count for that, too:
    of states inside others it is not known what follows.
    """
    names: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    ends: list[tuple[str, str]] = []
    inner: set[str] = set()
    forks: set[str] = set()
    depth, note = 0, False
    for line in lines:
        if note or not line.strip() or _NOTE.match(line):
            note = bool(line.strip()) and not re.match(r"^\s*end note\s*$", line)
        elif match := _TRANSITION.match(line):
            budget.spend()
            start, end, text = match[1], match[2], worded(match[3] or "")
            if "[*]" in (start, end):
                ends += [(start, end)] if not depth else []
                inner.update({start, end} - {"[*]"} if depth else ())
                continue
            found.append((start, end, text))
            inner.update((start, end) if depth else ())
        elif match := _STATE.match(line):
            names[match[2]] = worded(match[1]) if match[1] else names.get(match[2], match[2])
            if match[3]:
                forks.add(match[2])
            if match[4]:
                depth += 1
                inner.add(match[2])
        elif re.match(r"^\s*\}\s*$", line):
            depth = max(0, depth - 1)
        elif not _STATE_PASSED.match(line) and not (
            _DESCRIBED.match(line) or re.match(r"^\s*[\w.-]+\s*$", line)
        ):
            unread.add("arrows", _UNKNOWN, ref)
    for name in sorted(inner):
        unread.note(f"arrows/{names.get(name, name)}", "a state inside another", ref)
    if inner:
        unread.add("nested", "a state inside another", ref)
    return Diagram(
        "state",
        [Edge(names.get(a, a), names.get(b, b), text) for a, b, text in found],
        decisions={names.get(name, name) for name in forks},
        first=[names.get(end, end) for start, end in ends if start == "[*]"],
        last=[names.get(start, start) for start, end in ends if end == "[*]"],
        unread=unread,
    )


_CARDINALITY = {
    "exactly one": ("||", "only one", "1"),
    "zero or one": ("|o", "o|", "zero or one", "one or zero"),
    "zero or more": ("}o", "o{", "zero or more", "zero or many", "many(0)", "0+"),
    "one or more": ("}|", "|{", "one or more", "one or many", "many(1)", "1+"),
}
_COUNTS = {sign: count for count, signs in _CARDINALITY.items() for sign in signs}
_ENTITY = r'("[^"]+"|[\w.-]+)(?:\[[^\]]*\])?(?::::\w+)?'
# The name that is shown for an entity: `p[Person]`.
_ALIAS = re.compile(r'("[^"]+"|[\w.-]+)\[\s*("[^"]+"|[^\]"]+)\s*\]')
_SIGN = "(" + "|".join(re.escape(sign) for sign in sorted(_COUNTS, key=len, reverse=True)) + ")"
_ER = re.compile(
    rf"^\s*{_ENTITY}\s*{_SIGN}\s*(?:--|\.\.|\bto\b|\boptionally to\b)\s*{_SIGN}\s*{_ENTITY}\s*:\s*(.+?)\s*$"
)
_ER_PASSED = re.compile(
    rf"^\s*({_ENTITY}|direction\s+\w+|(title|accTitle|accDescr|classDef|class|style)\b.*)\s*$"
)


def entities(lines: list[str], budget: Budget, unread: Unread, ref: str) -> Diagram:
    """The relations of an ER diagram, with how many of each belong to one of the other."""
    found: list[Relation] = []
    shown = {worded(one[1]): worded(one[2]) for line in lines for one in _ALIAS.finditer(line)}
    inside = False
    for line in lines:
        if inside or re.match(rf"^\s*{_ENTITY}\s*\{{", line):
            inside = not line.rstrip().endswith("}")
        elif match := _ER.match(line):
            budget.spend()
            start, end = (shown.get(name, name) for name in (worded(match[1]), worded(match[4])))
            text = worded(match[5])
            ends, starts = _COUNTS[match[3]], _COUNTS[match[2]]
            found.append(Relation(start, end, "entities", text, ends, starts))
        elif line.strip() and not _ER_PASSED.match(line):
            unread.add("arrows", _UNKNOWN, ref)
    return Diagram("er", relations=found, unread=unread)


# What stands at the end of a line of a class diagram, and what the class at its other end is to it.
_HEADS = {
    "<|": "inherits",
    "|>": "inherits",
    "*": "composition",
    "o": "aggregation",
    "<": "association",
    ">": "association",
}
_CLASS_NAME = r"(`[^`]+`|[\w.]+(?:~[^~]+~)?)"
_CLASS = re.compile(
    rf'^\s*{_CLASS_NAME}\s*("[^"]*")?\s*(<\||<|\*|o)?(--|\.\.)(\|>|>|\*|o)?\s*("[^"]*")?\s*{_CLASS_NAME}'
    r"\s*(?::\s*(.+?))?\s*$"
)
_CLASS_PASSED = re.compile(
    rf"^\s*({_CLASS_NAME}\s*:(?!:).*|class\s.*[^{{\s]|(note|direction|classDef|style|cssClass|click|link)\b.*"
    r"|(callback|title|accTitle|accDescr)\b.*|<<\w+>>.*|\})\s*$"
)


def classes(lines: list[str], budget: Budget, unread: Unread, ref: str) -> Diagram:
    """The relations of a class diagram, from the class that has or inherits to the other one. Members are
    passed over.
    """
    found: list[Relation] = []
    inside = False
    for line in lines:
        if inside:
            inside = not line.strip().startswith("}")
        elif re.match(r"^\s*class\s[^{]*\{\s*$", line):
            inside = True
        elif re.match(r"^\s*namespace\s[^{]+\{\s*$", line):
            continue
        elif (match := _CLASS.match(line)) and bool(match[3]) != bool(match[5]):
            budget.spend()
            found.append(_relation(match))
        elif match and not match[3] and not match[5]:
            # A line without an end says only that there is something.
            continue
        elif line.strip() and (match or not _CLASS_PASSED.match(line)):
            unread.add("arrows", _UNKNOWN, ref)
    return Diagram("class", relations=found, unread=unread)


def _relation(match: re.Match) -> Relation:
    left, right = (re.sub(r"~(.+)~$", r"<\1>", match[place].strip("`")) for place in (1, 7))
    head, dashed, text = match[3] or match[5], match[4] == "..", worded(match[8] or "")
    kind = _HEADS[head]
    if dashed:
        kind = {"inherits": "realizes", "association": "dependency"}.get(kind, kind)
    # The one that inherits, has or uses stands at the end without `<|` and `<`, or with `*` and `o`.
    turned = bool(match[3]) != (kind in ("composition", "aggregation"))
    start, end = (right, left) if turned else (left, right)
    counts = [(match[place] or "").strip('"') for place in (2, 6)]
    starts, ends = reversed(counts) if turned else counts
    return Relation(start, end, kind, text, ends, starts)
