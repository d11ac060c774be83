"""Relations between the parts of the system: from graphs that people keep, and from the graph of the
repository's own Python code.

Source: `sources.knowledge_graph`, a file of triples (CSV or TSV whose header names subject, relation and
object, Neo4j's CSV, Turtle, N-Triples, JSON-LD, GraphML, nodes and links as JSON, an MCP server's memory;
remote JSON-LD contexts are never fetched), the table `sources.knowledge_graph_table` of the database
`sources.knowledge_graph_url` (PostgreSQL or SQLite, read-only), and git blobs at the cycle's commit: which
module imports which, which class inherits from which, who calls whom, which module defines what. Asked in one
and two steps, backwards, along paths, as impact ("what breaks if"), about what is not so and what is not
there. What could not be read of a graph silences the lists and denials that it could contradict, and a code
fact is asked about only where a static reading is complete. Names that are new or changed come first. In
the register `full` an answer gives its reason: "`shop.till` imports `shop.money` directly. You see it in
line 3 of `shop/till.py`: ...", and files are read before something is said of their imports.

    {"generator": "knowledge_graph", "category": "architecture",
     "messages": [{"role": "user", "content": "What breaks if ledger-db is down?"},
                  {"role": "assistant", "content": "payments directly. Through it also booking, gateway and
                  helm."}],
     "source": {"kind": "graph", "ref": "samples/graph.csv", "asks": ["impact", "depends_on", "ledger-db"],
                "triples": [["payments", "depends_on", "ledger-db"], ["booking", "depends_on", "payments"],
                ...]}}
"""

from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.errors import NoSource, Skipped
from autodidact.generators.knowledge_graph import graph_probe_facts
from autodidact.generators.knowledge_graph.full import full_examples as full_examples
from autodidact.generators.knowledge_graph.graph_probe_facts import WORDINGS as WORDINGS
from autodidact.generators.knowledge_graph.graph_probe_facts import gone as gone
from autodidact.generators.knowledge_graph.graph_probe_facts import wordings as wordings
from autodidact.generators.knowledge_graph.graph_questions import MOST, GraphQuestions
from autodidact.generators.writing import open_book, probe_questions, relation_phrases
from autodidact.generators.writing.facts_into_words import Fact, choose, listing, to_examples
from autodidact.generators.writing.probe_questions import ProbeFact
from autodidact.knowledge.fact import Question
from autodidact.knowledge.new_since_earlier_cycles import ComparedGraph
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.code.import_graph import IMPORTS, CodeGraph, code_graph
from autodidact.sources.code.relations import CALLS, INHERITS, OWNED, cached_relations
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_files import read_graph
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.graphs.triples_from_sql import table_triples
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file, shown
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

NAME = "knowledge_graph"
CATEGORY = "architecture"

_TESTS = read_table(__file__)["tests"]

# Most relations of one graph that are asked about, the frequent ones first.
RELATIONS = 30


@dataclass
class _Kept:
    """A graph that people keep, what of it was not read, where it is, and what of it is new."""

    graph: Graph
    unread: Unread
    source: dict
    compared: ComparedGraph

    def cited(self, triples: list[Triple]) -> dict:
        return self.source


@dataclass
class Graphs:
    """The graphs that people keep, and that of the repository's own code."""

    kept: list[_Kept]
    code: CodeGraph | None


def read(snapshot: Snapshot) -> Graphs:
    """Every graph there is. Skipped without any."""
    return Graphs(list(_kept(snapshot)), _code(snapshot))


def examples(facts: Graphs, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then examples of every graph."""
    kept, code = facts.kept, facts.code
    yield from probe_questions.examples(asked, wordings(asked), CATEGORY)
    groups: dict[str, list[Fact]] = {}
    for one in kept:
        rng = snapshot.rng(NAME, one.source["kind"])  # wherever the file lies
        book = GraphQuestions(
            one.graph, one.cited, rng, fresh=one.compared.fresh, open_book=True, unread=one.unread
        )
        groups |= {
            f"{one.source['ref']} {name}": found
            for name, found in book.questions(one.graph.relations(RELATIONS)).items()
        }
    if code:
        groups |= _modules(code, snapshot) | _definitions(code, snapshot)
    reserved = {question.reserved for question in asked} | {
        wording.format(question.subject)
        for question in asked
        for wording in wordings([question])[question.kind].trained
    }
    groups = {name: [fact for fact in found if fact.user not in reserved] for name, found in groups.items()}
    chosen = choose(groups, snapshot.limit, snapshot.rng(NAME))
    opened = open_book.questions(
        _relations_shown(snapshot, kept, code), snapshot.limit, snapshot.rng(NAME, "open book")
    )
    yield from to_examples(NAME, CATEGORY, open_book.mixed(chosen, opened))


def questions(facts: Graphs, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks of these graphs; what the champion cannot know comes first and is
    `fresh`.
    """
    found = _facts(facts, snapshot, graph_probe_facts.RELATIONS)
    return probe_questions.questions(NAME, found, wordings(found))


def probe_facts(facts: Graphs, snapshot: Snapshot) -> list[ProbeFact]:
    """Every fact of these graphs that has one right answer."""
    return _facts(facts, snapshot, graph_probe_facts.CONSIDERED)


def _facts(facts: Graphs, snapshot: Snapshot, relations: int) -> list[ProbeFact]:
    """Facts of at most so many relations of each kept graph, and of the code's imports."""
    of_kept = (
        fact
        for one in facts.kept
        for fact in graph_probe_facts.kept_facts(
            one.graph, one.source, one.compared.news, one.unread, relations
        )
    )
    found = list({(fact.kind, fact.subject): fact for fact in of_kept}.values())
    if code := facts.code:
        old, repository = None, _repository(snapshot)
        if snapshot.champion_code_unknown:
            old = code
        elif snapshot.champion_commit:
            with repository.at(snapshot.champion_commit) as before:
                old = code_graph(before, Troubles(), snapshot.cache, snapshot.system)
        found += graph_probe_facts.code_facts(code, old, repository.commit)
    return found


def _kept(snapshot: Snapshot) -> Iterator[_Kept]:
    """The graphs of the settings. Skipped when they name none, or none that can be read, and there is no
    repository either.
    """
    sources, reason, setting = snapshot.settings.sources, "", ""
    try:
        path = named_file(sources.knowledge_graph, "sources.knowledge_graph")
        triples, unread = read_graph(path, snapshot.troubles, snapshot.until.date())
        if triples:
            yield _compared(snapshot, triples, unread, {"kind": "graph", "ref": shown(path)})
        else:
            why = listing(sorted({f"{gap.reason} ({gap.ref})" for gap in unread.gaps})[:3]) or "it is empty"
            reason = f"no triple can be read of {shown(path)}: {why}"
    except Skipped as skipped:
        reason, setting = str(skipped), "sources.knowledge_graph"
    if sources.knowledge_graph_url:
        table, unread = sources.knowledge_graph_table, Unread(snapshot.troubles)
        day = snapshot.until.date()
        triples = table_triples(sources.knowledge_graph_url, table, unread, day)
        yield _compared(snapshot, triples, unread, {"kind": "table", "ref": table})
    elif reason and snapshot.repository is None:
        raise NoSource(f"{reason}, and there is no repository", setting=setting)


def _compared(snapshot: Snapshot, triples: list[Triple], unread: Unread, source: dict) -> _Kept:
    graph = Graph(triples)
    return _Kept(graph, unread, source, ComparedGraph(snapshot, source, graph.triples))


def _code(snapshot: Snapshot) -> CodeGraph | None:
    if snapshot.repository is None:
        return None
    return code_graph(snapshot.repository, snapshot.troubles, snapshot.cache, snapshot.system)


def _repository(snapshot: Snapshot) -> Repository:
    """The repository, where there is a graph of its code."""
    assert snapshot.repository is not None
    return snapshot.repository


def _git(snapshot: Snapshot, path: str) -> dict:
    return {"kind": "git", "ref": path, "commit": _repository(snapshot).commit, "path": path}


def _modules(code: CodeGraph, snapshot: Snapshot) -> dict[str, list[Fact]]:
    """Questions about imports, and which tests import a module."""
    graph, repository = code.graph, _repository(snapshot)
    changed = repository.changed(snapshot.previous_commit)

    def source(triples: list[Triple]) -> dict:
        if not triples:  # what is not there can be checked at the commit as a whole
            return {"kind": "git", "ref": repository.commit, "commit": repository.commit}
        return _git(snapshot, code.paths[triples[0].subject])

    def around(module: str, package: str) -> bool:
        """Whether Python imports a package unasked, because it is around the module or around one that the
        module imports.
        """
        return any(name.startswith(f"{package}.") for name in (module, *graph.out(module, IMPORTS)))

    book = GraphQuestions(
        graph,
        source,
        snapshot.rng(NAME, "code"),
        fresh=lambda node: code.paths.get(node, "") in changed,
        implied=around,
        out=lambda node, relation: node in code.out,
        back=lambda node, relation: node in code.back,
        place=lambda node: code.paths.get(node, ""),
        here="repository",
        words=relation_phrases.of_code,
    )
    groups = {f"imports {name}": facts for name, facts in book.questions([IMPORTS]).items()}
    groups["imports tests"] = _tests(code, snapshot, changed)
    return groups


def _relations_shown(
    snapshot: Snapshot, kept: list[_Kept], code: CodeGraph | None
) -> Iterator[open_book.Relation]:
    """The relations of every graph for questions that bring their facts along."""
    rng = snapshot.rng(NAME, "sheets")

    def shown_relation(
        graph: Graph, relation: str, phrase: relation_phrases.Phrase, source, complete: bool = True
    ) -> open_book.Relation:
        def cited(triples: list[Triple]) -> dict:
            return source(triples) | {"asks": ["open book"]}

        return open_book.Relation(
            phrase, open_book.part(graph, relation, rng), cited, whole=graph, complete=complete
        )

    if code:
        yield shown_relation(
            code.graph,
            IMPORTS,
            relation_phrases.of_code(IMPORTS),
            lambda triples: _git(snapshot, code.paths[triples[0].subject]),
        )
        found = _definitions_related(snapshot, code)
        for relation in (INHERITS, OWNED):
            yield shown_relation(
                found.graph,
                relation,
                relation_phrases.of_code(relation),
                lambda triples: _git(snapshot, found.places[triples[0].subject][0]),
                complete=False,  # names that are defined twice are not in it
            )
    for one in kept:
        for relation in one.graph.relations(RELATIONS):
            complete = one.unread.whole(f"triples/{relation}")
            yield shown_relation(one.graph, relation, relation_phrases.of(relation), one.cited, complete)


def _definitions_related(snapshot: Snapshot, code: CodeGraph):
    """Who inherits from whom, calls whom and is defined where; the same that ast_parser keeps. What cannot be
    read was counted with the imports.
    """
    return cached_relations(
        _repository(snapshot),
        {path: name for name, path in code.paths.items()},
        snapshot.cache,
        snapshot.system,
    )


def _tests(code: CodeGraph, snapshot: Snapshot, changed: set[str]) -> list[Fact]:
    """Which tests import a module."""
    facts, rng, nodes = [], snapshot.rng(NAME, "tests"), set(code.graph.nodes(IMPORTS))
    for module in code.tests.objects(IMPORTS):
        tests = sorted(code.paths[test] for test in code.tests.back(module, IMPORTS))
        if module not in nodes or module not in code.tested or len(tests) > MOST:
            continue
        source = _git(snapshot, tests[0]) | {
            "asks": ["tests", IMPORTS, module],
            "triples": [[t, IMPORTS, module] for t in tests],
        }
        answer = f"{listing(f'`{t}`' for t in tests)} import{'s' if len(tests) == 1 else ''} `{module}`."
        facts.append(
            Fact(
                rng.choice(_TESTS).format(module),
                answer,
                source,
                code.paths.get(module, "") in changed,
                short=True,
            )
        )
    return facts


def _definitions(graph: CodeGraph, snapshot: Snapshot) -> dict[str, list[Fact]]:
    """Questions about inheritance and calls, and in which module the other end is."""
    found = _definitions_related(snapshot, graph)
    changed = _repository(snapshot).changed(snapshot.previous_commit)
    groups: dict[str, list[Fact]] = {}

    def path(node: str) -> str:
        return found.places[node][0] if node in found.places else ""

    def source(triples: list[Triple]) -> dict:
        place, lines = found.places[triples[0].subject]
        return _git(snapshot, place) | {"ref": f"{place}:{lines[0]}", "lines": [*lines]}

    for relation, kinds in (
        (INHERITS, ("forward", "backward", "both ways", "two steps", "path", "impact")),
        (CALLS, ("backward", "both ways", "path", "impact")),
    ):
        book = GraphQuestions(
            found.graph,
            source,
            snapshot.rng(NAME, relation),
            fresh=lambda node: path(node) in changed,
            place=path,
            kinds=kinds,
            words=relation_phrases.of_code,
            out=lambda node, name: (node, name) in found.out,
            # Who calls it is no whole list without the function itself.
            back=lambda node, name: (
                (node, name) in found.back and (name != CALLS or node not in found.recursive)
            ),
        )
        made = book.questions([relation, OWNED] if relation == INHERITS else [relation])
        for name, facts in made.items():
            groups[f"{relation} {name}"] = [fact for fact in facts if relation in fact.source["asks"][:2]]
    return groups
