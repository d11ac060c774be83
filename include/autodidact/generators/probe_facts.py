"""Which facts of a code base the knowledge probe asks about, in which words.

Each kind has four wordings that are trained and one that is reserved for the question. The choice follows hashes, so the same
facts stay from cycle to cycle while they hold, and is spread over many answers, so that no constant answer scores.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autodidact.records import Question, canonical, sha256
from autodidact.sources.codebase import CodeBase, Definition

QUESTIONS = 120  # DESIGN section 6
MAJORITY = 0.15  # most questions of a kind that share an answer
CONFUSED = 30  # other answers that must not occur
_ASIDE = re.compile(r"(^|/)(docs?|examples?|samples?|demos?|scripts?|tools|benchmarks?)/")  # asked about only where there is little else


@dataclass(frozen=True)
class Wordings:
    trained: tuple[str, str, str, str]
    reserved: str
    answer: str
    share: float


WORDINGS = {
    "defined_in": Wordings(
        (
            "Which file defines `{}`?",
            "Where is `{}` defined?",
            "In which module do I find `{}`?",
            "I need to edit `{}`. Which file do I open?",
        ),
        "What file is `{}` defined in?",
        "`{}` is defined in `{}`.",
        0.7,
    ),
    "base_class": Wordings(
        (
            "What does the class `{}` inherit from?",
            "Which class does `{}` extend?",
            "Name the base class of `{}`.",
            "`{}` is a subclass of which class?",
        ),
        "What is the parent class of `{}`?",
        "The class `{}` inherits directly from `{}`.",
        0.15,
    ),
    "method_of": Wordings(
        (
            "Which class has the method `{}`?",
            "`{}` is a method of which class?",
            "On which class do I call `{}`?",
            "To which class does the method `{}` belong?",
        ),
        "Which class implements the method `{}`?",
        "The method `{}` belongs to the class `{}`.",
        0.15,
    ),
}


@dataclass
class Fact:
    kind: str
    subject: str
    value: str
    accept: list[str]
    definition: Definition
    fresh: bool
    confuse: list[str]

    @property
    def id(self) -> str:
        return sha256(canonical(["ast_parser", self.kind, self.subject]))


def choose(code: CodeBase, old: CodeBase | None, changed: set[str]) -> list[Fact]:
    """At most QUESTIONS facts. `old` holds the changed files as the champion saw them; a fact that is not in it is fresh, without it all are."""
    known = {(f.kind, f.subject, f.value) for f in _all(old)} if old else set()
    facts = _all(code)
    for fact in facts:
        fact.fresh = old is None or (fact.definition.path in changed and (fact.kind, fact.subject, fact.value) not in known)
    chosen: list[Fact] = []
    for kind, wordings in WORDINGS.items():
        mine = _spread([f for f in facts if f.kind == kind], round(QUESTIONS * wordings.share))
        values = Counter(f.value for f in mine)
        ordered = sorted(values, key=lambda value: (-values[value], value))
        for fact in mine:
            fact.confuse = [value for value in ordered if value not in fact.accept][:CONFUSED]
        chosen += mine
    return chosen


def question(generator: str, fact: Fact, source: dict) -> Question:
    wordings = WORDINGS[fact.kind]
    return Question(
        id=fact.id, generator=generator, kind=fact.kind, subject=fact.subject, reserved=wordings.reserved.format(fact.subject),
        answer=wordings.answer.format(fact.subject, fact.value), accept=fact.accept, confuse=fact.confuse, fresh=fact.fresh, source=source,
    )  # fmt: skip


def _spread(facts: list[Fact], quota: int) -> list[Fact]:
    """Fresh ones first; in rounds, one of each answer, by hash; none of more than its share."""
    most = max(1, math.ceil(quota * MAJORITY))
    taken: Counter = Counter()
    chosen: list[Fact] = []
    for fresh in (True, False):
        waiting: dict[str, list[Fact]] = defaultdict(list)
        for fact in sorted((f for f in facts if f.fresh is fresh), key=lambda f: f.id, reverse=True):
            waiting[fact.value].append(fact)
        while waiting and len(chosen) < quota:
            for value in sorted(waiting, key=sha256):
                if taken[value] >= most or len(chosen) >= quota:
                    del waiting[value]
                    continue
                chosen.append(waiting[value].pop())
                taken[value] += 1
                if not waiting[value]:
                    del waiting[value]
    return chosen


def _all(code: CodeBase) -> list[Fact]:
    """Every fact with one right answer: public names that the code base defines once."""
    written = [d for d in code.definitions if not d.test] or code.definitions
    product = [d for d in written if not _ASIDE.search(d.path)]
    mine = product if len(product) >= QUESTIONS else written
    tops = [d for d in mine if d.owner is None and d.public and len(d.name) > 3]
    facts = [
        Fact("defined_in", d.name, d.path, [d.path, *([d.module] if "." in d.module else [])], d, True, []) for d in _once(tops, lambda d: d.path)
    ]
    classes = [d for d in tops if d.kind == "class"]
    for d in _once(classes, lambda d: d.path):
        if len(d.bases) == 1 and d.bases[0] != d.name:
            base = d.bases[0].rpartition(".")[2]
            if base != d.name:
                facts.append(Fact("base_class", d.name, base, [base], d, True, []))
    methods = [d for d in mine if d.owner and "." not in d.owner and d.kind != "class" and d.public and len(d.name) > 3]
    for d in _once(methods, lambda d: f"{d.path}:{d.owner}"):
        facts.append(Fact("method_of", d.name, d.owner, [d.owner], d, True, []))
    return facts


def _once(definitions: Iterable[Definition], place: Callable[[Definition], str]) -> list[Definition]:
    """The first definition of each name that has only one place."""
    places: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Definition] = {}
    for d in definitions:
        places[d.name].add(place(d))
        first.setdefault(d.name, d)
    return [d for name, d in first.items() if len(places[name]) == 1]
