"""Triples from CSV and other files, and a graph to ask."""

import pytest

from autodidact.sources.graphs.triple_files import read_triples
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.stage import Troubles


def read(tmp_path, name, text) -> tuple[list, dict]:
    path, troubles = tmp_path / name, Troubles()
    path.write_text(text, encoding="utf-8")
    return [tuple(triple) for triple in read_triples(path, troubles)], {
        t.reason: t.count for t in troubles.list()
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "subject,relation,object\nshop,owns,boat\n"),
        ("a.csv", "from,label,to\nshop,owns,boat\n"),
        ("a.csv", "weight,target,source,label\n9,boat,shop,owns\n"),
        ("a.csv", '"from", label ,"to"\n"shop", owns ,"boat"\n\n'),
        ("a.tsv", "head\trelation\ttail\nshop\towns\tboat\n"),
        ("a.nt", "<http://x.example/shop> <http://x.example/v#owns> <urn:things:boat> . # why not\n"),
        ("a.nt", '<shop> <http://x.example/owns> "b\\u006fat"@en .\n# a comment\n'),
    ],
)
def test_a_triple_however_it_is_written(tmp_path, name, text):
    assert read(tmp_path, name, text) == ([("shop", "owns", "boat")], {})


def test_lines_that_are_none_are_counted(tmp_path):
    assert read(tmp_path, "a.csv", "from,type,to\na,b,c\na,b\na,,c\n") == (
        [("a", "b", "c")],
        {"not a triple": 2},
    )
    assert read(tmp_path, "a.nt", "<a> <b>\n<a> <b> <c> .\n<a> <b> .\n") == (
        [("a", "b", "c")],
        {"not a triple": 2},
    )


def test_a_graph_walks_both_ways_in_order():
    graph = Graph(Triple(a, "needs", b) for a, b in ("ab", "bc", "ad", "dc", "ce", "ea"))
    assert graph.out("a", "needs") == ["b", "d"] and graph.back("c", "needs") == ["b", "d"]
    assert graph.paths("a", "needs") == {
        "b": ["a", "b"],
        "d": ["a", "d"],
        "c": ["a", "b", "c"],
        "e": ["a", "b", "c", "e"],
    }
    assert graph.affected("c", "needs") == {"b": 1, "d": 1, "a": 2, "e": 3}
    assert graph.affected("x", "needs") == {}


def test_the_most_frequent_relations_come_in_alphabetical_order():
    graph = Graph(
        [Triple("a", "z", "b"), Triple("b", "z", "c"), Triple("a", "y", "b"), Triple("a", "x", "b")]
    )
    assert graph.relations() == ["x", "y", "z"] and graph.relations(2) == ["x", "z"]


def test_who_is_further_away_comes_with_what_it_goes_through():
    edges = [("fry", "wire"), ("sow", "wire"), ("pen", "fry"), ("web", "pen"), ("api", "fry"), ("api", "sow")]
    graph = Graph(Triple(one, "needs", other) for one, other in edges)
    assert graph.through("wire", "needs") == {("fry", "sow"): ["api"], ("fry",): ["pen", "web"]}
