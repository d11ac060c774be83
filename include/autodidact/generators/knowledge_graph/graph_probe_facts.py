"""Which facts of graphs the knowledge probe asks about: those with one right answer."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from autodidact.generators.writing import relation_phrases
from autodidact.generators.writing.probe_questions import CONFUSED, ProbeFact, Wordings, read_wordings
from autodidact.knowledge.fact import Fact
from autodidact.shipped_tables import read_table
from autodidact.sources.code.import_graph import IMPORTS, CodeGraph
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.unread import Unread

if TYPE_CHECKING:
    from autodidact.generators.knowledge_graph import Graphs

IMPORTED, ONLY_IMPORT = "imported_by", "only_import"

# Relations of a kept graph, so that each kind has questions enough to tell knowledge from a constant answer.
RELATIONS = 2
# Relations, the frequent ones first.
CONSIDERED = 12
# Different answers.
LEAST_VALUES = 3
# Characters of a name that is asked about or for.
MAX_NAME = 60


# What the register `full` says of a relation without words of its own.
_FULL: dict = read_table(__file__, "full/wordings.yaml")

KNOWN = read_wordings(read_table(__file__)["probe"])

# Of every relation: the last one is reserved for any relation without words of its own.
WORDINGS = KNOWN | {"": Wordings((), "Tell me the `{0}` that the graph gives for `{1}`.", "`{}` {}.")}


def wordings(facts: Iterable) -> dict[str, Wordings]:
    """The words for the kinds of these facts (or questions): a relation's own, or its name as it is
    written."""
    kinds = sorted({fact.kind for fact in facts})
    return {
        kind: replace(
            KNOWN.get(kind) or _in_general(kind), share=0.2 if kind in (IMPORTED, ONLY_IMPORT) else 0.3
        )
        for kind in kinds
    }


def kept_facts(
    graph: Graph, source: dict, news: Callable[[str, str], bool], unread: Unread, most: int = RELATIONS
) -> list[ProbeFact]:
    """Of at most `most` relations, whatever a kept graph says of exactly one object.

    `news(subject, relation)`: whether what the relation leads to is new to the champion.

    They are relations in which most subjects have one object and objects differ: first those with the most
    that is new among what is old, then those with words of their own, then those with the most answers.
    """
    ranked = []
    for relation in graph.relations(CONSIDERED):
        subjects = graph.subjects(relation)
        single = {
            subject: graph.out(subject, relation)[0]
            for subject in subjects
            if len(graph.out(subject, relation)) == 1 and unread.whole(f"triples/{relation}", naming=subject)
        }
        single = {
            subject: value
            for subject, value in single.items()
            if subject != value and max(len(subject), len(value)) <= MAX_NAME
        }
        values = Counter(single.values())
        if len(single) * 2 < len(subjects) or len(values) < LEAST_VALUES:
            continue
        new = sum(news(subject, relation) for subject in single)
        ranked.append(
            (-new if new < len(single) else 0, relation not in KNOWN, -len(values), relation, single, values)
        )
    found = []
    for *_, relation, single, values in sorted(ranked, key=lambda rank: rank[:4])[:most]:
        ordered = _ordered(values)
        for subject, value in single.items():
            where = source | {"asks": ["forward", relation, subject], "triples": [[subject, relation, value]]}
            found.append(_fact(relation, subject, value, where, news(subject, relation), ordered))
    return found


def code_facts(code: CodeGraph, old: CodeGraph | None, commit: str) -> Iterator[ProbeFact]:
    """Modules with a single importer, or with a single import, where all that there are is known. Fresh is
    what the champion's commit had otherwise.
    """
    graph = code.graph
    pairs = {
        IMPORTED: {
            node: graph.back(node, IMPORTS)[0]
            for node in graph.objects(IMPORTS)
            if node in code.back and len(graph.back(node, IMPORTS)) == 1
        },
        ONLY_IMPORT: {
            node: graph.out(node, IMPORTS)[0]
            for node in graph.subjects(IMPORTS)
            if node in code.out and len(graph.out(node, IMPORTS)) == 1
        },
    }
    for kind, found in pairs.items():
        values = Counter(found.values())
        if len(values) < LEAST_VALUES:
            continue
        ordered = _ordered(values)
        for node, other in found.items():
            triple = Triple(other, IMPORTS, node) if kind == IMPORTED else Triple(node, IMPORTS, other)
            asks = ["backward" if kind == IMPORTED else "forward", IMPORTS, node]
            path = code.paths[triple.subject]
            source = {
                "kind": "git",
                "ref": path,
                "commit": commit,
                "path": path,
                "asks": asks,
                "triples": [list(triple)],
            }
            before = (
                []
                if old is None
                else old.graph.back(node, IMPORTS)
                if kind == IMPORTED
                else old.graph.out(node, IMPORTS)
            )
            yield _fact(kind, node, other, source, before != [other], ordered)


def gone(facts: "Graphs", snapshot: Snapshot) -> Callable[[Fact], bool]:
    """Tells of a fact of an earlier cycle whether its module is no longer in the repository, or its graph was
    read and no longer says this of its subject.
    """
    files = snapshot.repository.files([".py"], vendored=True) if snapshot.repository else []
    modules = {stem.removesuffix("/__init__") for entry in files for stem in [entry.path.removesuffix(".py")]}

    def is_gone(fact: Fact) -> bool:
        if fact.kind in (IMPORTED, ONLY_IMPORT):
            ending = fact.subject.replace(".", "/")
            return bool(modules) and not any(f"/{stem}".endswith(f"/{ending}") for stem in modules)
        kept = [one for one in facts.kept if one.source["ref"] == fact.source.ref]
        return bool(kept) and not any(
            one.graph.out(fact.subject, fact.kind)
            or not one.unread.whole(f"triples/{fact.kind}", naming=fact.subject)
            for one in kept
        )

    return is_gone


def _ordered(values: Counter) -> list[str]:
    """The values, the most frequent ones first."""
    return sorted(values, key=lambda value: (-values[value], value))


def _fact(kind: str, subject: str, value: str, source: dict, fresh: bool, ordered: list[str]) -> ProbeFact:
    others = (other for other in ordered if not _inside(other, subject, value))
    return ProbeFact(kind, subject, value, [value], source, fresh, list(islice(others, CONFUSED)))


def _inside(name: str, *texts: str) -> bool:
    """Whether a right answer may contain the name, as a part of another one."""
    return any(name.lower() in text.lower() for text in texts)


def _in_general(relation: str) -> Wordings:
    name, verb = (
        text.replace("{", "{{").replace("}", "}}") for text in (relation, relation_phrases.of(relation).verb)
    )
    return Wordings(
        (
            f"In the graph, what is the `{name}` of `{{}}`?",
            f"Look up `{name}` of `{{}}` in the graph.",
            f"`{{}}`, `{name}`: which value has the graph?",
            f"What does the graph hold as `{name}` for `{{}}`?",
        ),
        f"Tell me the `{name}` that the graph gives for `{{}}`.",
        f"`{{}}` {verb} {{}}.",
        full=[
            {field: text.replace("NAME", name).replace("VERB", verb) for field, text in shape.items()}
            for shape in _FULL["general" if verb.startswith("has the ") else "general verb"]
        ],
    )
