"""What is read of a diagram, of whichever language."""

from dataclasses import dataclass, field

from autodidact.sources.reading_limits import Budget, OverBudget
from autodidact.sources.unread import Unread

# Of one diagram; nobody can read one of a hundred.
MAX_ARROWS = 1_000
# Characters of one diagram.
MAX_TEXT = 100_000


@dataclass(frozen=True)
class Edge:
    """An arrow of a diagram. `text` is what is written on it, or "". `run`: messages of a sequence that
    follow one another, whatever happens, have the same; between two runs a branch begins or ends.
    `sure`: it is in no branch.
    """

    start: str
    end: str
    text: str = ""
    run: int = 0
    sure: bool = True


@dataclass(frozen=True)
class Relation:
    """A line of an ER or class diagram: `kind` is "inherits", "realizes", "composition", "aggregation",
    "association", "dependency", "link" or "entities"; of entities, how many of `end` belong to one of
    `start`, and the other way round.
    """

    start: str
    end: str
    kind: str
    text: str = ""
    ends: str = ""
    starts: str = ""


@dataclass
class Diagram:
    """`unread` has the scopes `arrows/NODE` (what starts or ends there), `groups` and `steps`."""

    # "flowchart", "sequence", "state", "class" or "er".
    kind: str
    edges: list[Edge] = field(default_factory=list)
    # A subgraph or cluster and the nodes in it, not those of one inside it.
    groups: dict[str, list[str]] = field(default_factory=dict)
    # Nodes at which the way forks by an answer: each of their arrows is one of several ways.
    decisions: set[str] = field(default_factory=set)
    relations: list[Relation] = field(default_factory=list)
    # Of a state diagram: the states that it begins with, and those after which it may end.
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread, compare=False)


def within_bounds(text: str, line: int) -> Budget:
    """The arrows that a diagram of this text may have. Raises OverBudget when it, or one of its lines, is too
    long.
    """
    if len(text) > MAX_TEXT or max(map(len, text.split("\n"))) > line:
        raise OverBudget("a diagram too long to read")
    return Budget(MAX_ARROWS, f"a diagram with more than {MAX_ARROWS:,} arrows")
