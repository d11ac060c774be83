"""What the graph says of a thing and the table of a goal, statement by statement: as both have it, so that a
text made of it is true by construction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.errors import Skipped
from autodidact.generators import goal_examples
from autodidact.generators.conciseness_drills.kept_graph import kept_graph
from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.writing import relation_phrases
from autodidact.generators.writing.facts_into_words import code, listing
from autodidact.sources.graphs.triple_graph import Graph
from autodidact.sources.snapshot import Snapshot

# Names in one statement, characters of a value.
MOST, VALUE = 5, 60
# Statements of one thing; things of the graph and goals in a cycle: their texts are alike.
STATEMENTS, THINGS = 4, 10
# Of what has a name and no title: "Georg Platter" is no code.
_NAME = re.compile(r"(?=.*[a-z])[\w.:/-]{2,40}")
# A value that goes into a sentence as it stands.
_PLAIN = re.compile(r"[\w][\w .:/@+#-]*\w|\d")
# A predicate that may lose its "is" behind another one: "is active, owned by ines".
_STATE = re.compile(r"is (?!an? )")
# Relations whose values are no code.
_IN_PROSE = ("is_a", "owned_by", "owns", "listens_on", "written_in", "part_of")
# Relations that read as a verb, besides those with words of their own.
_VERB = re.compile(r"[a-z]+_(?:to|on|in|from|at)")


@dataclass(frozen=True)
class Entry:
    """A thing and what is said of it, each as the predicate of a sentence: "listens on 7412"."""

    name: str
    predicates: list[str]
    source: dict

    def facts(self) -> list[str]:
        """A sentence a predicate, the longer way to say it where there is one."""
        return [_longer(self.name, predicate) for predicate in self.predicates]

    def summary(self) -> str:
        """All of it, the subject once: its state, what has no list in it, each list."""
        single = [one for one in self.predicates if not re.search(r", | and ", one)]
        lists = [one for one in self.predicates if one not in single]
        state = [one for one in single if _STATE.match(one)]
        state = state if state[:1] == single[:1] else []
        others = [one for one in single if one not in state]
        merged = [*state[:1], *(one.removeprefix("is ") for one in state[1:])]
        # One list at the end of a sentence leaves no doubt what belongs to it.
        one_each = len(others) == len(lists) == 1
        if state and one_each and others[0].split()[0] != lists[0].split()[0]:
            others, lists = [*others, *lists], []
        first, *rest = [*(listing(some) for some in (merged, others) if some), *lists]
        return " ".join([f"`{self.name}` {first}.", *(f"It {one}." for one in rest)])

    def line(self) -> str:
        """The same as a line of a list."""
        parts = [one.removeprefix("is ") for one in self.predicates]
        return f"`{self.name}`: {'; '.join(parts)}"


def _longer(name: str, predicate: str) -> str:
    for begin, noun in (("is owned by ", "owner"), ("is due on ", "deadline"), ("listens on ", "port")):
        value = predicate.removeprefix(begin)
        if value != predicate and " and " not in value:
            return f"The {noun} of `{name}` is {value}."
    return f"`{name}` {predicate}."


def entries(snapshot: Snapshot) -> list[Entry]:
    """Of the graph and of the table of goals; [] without both."""
    found = kept_graph(snapshot)
    chosen: list[Entry] = []
    for kind, some in (("graph", _things(*found) if found else iter(())), ("goals", _goals(snapshot))):
        known = [one for one in some if len(one.predicates) > 2]
        chosen += snapshot.rng("conciseness_drills", "entries", kind).sample(known, min(THINGS, len(known)))
    return chosen


def _things(graph: Graph, source: dict) -> Iterator[Entry]:
    subjects = sorted({triple.subject for triple in graph.triples})
    for subject in filter(_NAME.fullmatch, subjects):
        predicates: list[str] = []
        triples: list[list[str]] = []
        for relation in sorted(graph.relations(), key=_rank):
            objects = graph.out(subject, relation)
            if len(predicates) < STATEMENTS and (said := _predicate(relation, objects)):
                predicates.append(said)
                triples += [[subject, relation, one] for one in objects]
        yield Entry(subject, predicates, source | {"triples": triples})


def _rank(relation: str) -> tuple[int, str]:
    """What a thing is comes first, then its owner and its port."""
    first = ("is_a", "owned_by", "listens_on")
    return first.index(relation) if relation in first else len(first), relation


def _predicate(relation: str, objects: list[str]) -> str:
    """What a relation says of its subject; "" of one that is no verb, or whose values are no names."""
    if not (relation_phrases.is_known(relation) or _VERB.fullmatch(relation)) or len(objects) > MOST:
        return ""
    if not objects or not all(len(one) <= VALUE and _PLAIN.fullmatch(one) for one in objects):
        return ""
    if relation == "is_a" and not all(re.fullmatch(r"[a-z][a-z ]+", one) for one in objects):
        return ""
    in_code = relation not in _IN_PROSE
    named = [f"`{one}`" if in_code and _NAME.fullmatch(one) else one for one in objects]
    return relation_phrases.with_article(f"{relation_phrases.of(relation).verb} {listing(named)}")


def _goals(snapshot: Snapshot) -> Iterator[Entry]:
    try:
        table = goal_examples.read(snapshot)
    except Skipped:
        return
    for goal in table.goals.values():
        if _NAME.fullmatch(goal.id) and goal.open:
            yield Entry(goal.id, list(_of_goal(goal)), table.source | {"ref": goal.ref})


def _of_goal(goal: Goal) -> Iterator[str]:
    yield f"is {goal.state}"
    if len(goal.owners) == 1 and _PLAIN.fullmatch(goal.owners[0]):
        yield f"is owned by {goal.owners[0]}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", goal.deadline):
        yield f"is due on {goal.deadline}"
    if 0 < len(goal.depends_on) <= MOST and all(map(_NAME.fullmatch, goal.depends_on)):
        yield f"needs {code(goal.depends_on)}"
