"""Which facts of a code base the knowledge probe asks about: public names that it defines once."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from autodidact.generators.probe_facts import SHARES, Fact, Wordings
from autodidact.sources.codebase import CodeBase, Definition

_ASIDE = re.compile(r"(^|/)(docs?|examples?|samples?|demos?|scripts?|tools|benchmarks?)/")  # asked about only where there is little else

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


def facts(code: CodeBase, old: CodeBase | None, changed: set[str]) -> list[Fact]:
    """Every fact with one right answer. `old` holds the changed files as the champion saw them; what is in it is not fresh, without it all is."""
    known = {(fact.kind, fact.subject, fact.value) for fact in _all(old)} if old else set()
    found = _all(code)
    for fact in found:
        fact.fresh = old is None or (fact.source["path"] in changed and (fact.kind, fact.subject, fact.value) not in known)
    return found


def source(code: CodeBase, path: str, lines: list[int]) -> dict:
    """Where an example about these lines can be checked."""
    return {"kind": "git", "ref": f"{path}:{lines[0]}", "commit": code.commit, "path": path, "lines": lines}


def _all(code: CodeBase) -> list[Fact]:
    def fact(kind: str, d: Definition, value: str, *also: str) -> Fact:
        return Fact(kind, d.name, value, [value, *also], source(code, d.path, d.lines))

    written = [d for d in code.definitions if not d.test] or code.definitions
    product = [d for d in written if not _ASIDE.search(d.path)]
    mine = product if len(product) >= SHARES["ast_parser"] else written
    tops = [d for d in mine if d.owner is None and d.public and len(d.name) > 3]
    found = [fact("defined_in", d, d.path, *([d.module] if "." in d.module else [])) for d in _once(tops, lambda d: d.path)]
    for d in _once((d for d in tops if d.kind == "class"), lambda d: d.path):
        base = d.bases[0].rpartition(".")[2] if len(d.bases) == 1 else d.name
        if base != d.name:
            found.append(fact("base_class", d, base))
    methods = [d for d in mine if d.owner and "." not in d.owner and d.kind != "class" and d.public and len(d.name) > 3]
    return found + [fact("method_of", d, d.owner) for d in _once(methods, lambda d: f"{d.path}:{d.owner}")]


def _once(definitions: Iterable[Definition], place: Callable[[Definition], str]) -> list[Definition]:
    """The first definition of each name that has only one place."""
    places: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Definition] = {}
    for d in definitions:
        places[d.name].add(place(d))
        first.setdefault(d.name, d)
    return [d for name, d in first.items() if len(places[name]) == 1]
