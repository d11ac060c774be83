"""The graph that people keep, as conciseness_drills reads it."""

from autodidact.errors import Skipped
from autodidact.knowledge.new_since_earlier_cycles import ComparedGraph
from autodidact.sources.graphs.triple_files import read_triples
from autodidact.sources.graphs.triple_graph import Graph
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file, shown


def kept_graph(snapshot: Snapshot) -> tuple[Graph, dict] | None:
    """The graph and where it is; None without one."""
    try:
        path = named_file(snapshot.settings.sources.knowledge_graph, "sources.knowledge_graph")
    except Skipped:
        return None
    triples = read_triples(path, snapshot.troubles, snapshot.until.date())
    graph, source = Graph(triples), {"kind": "graph", "ref": shown(path)}
    ComparedGraph(snapshot, source, graph.triples)
    return graph, source
