"""Tables, graphs, APIs and transcripts that are small and stand for very much: each is counted, and nothing
beside it is lost.
"""

import json
from datetime import datetime, timezone

import pytest

from autodidact.sources.documents.openapi import openapi
from autodidact.sources.graphs.triple_files import read_triples
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.reading_limits import OverBudget
from autodidact.sources.table_files import table
from autodidact.sources.transcripts.continue_from_earlier_cycle import exchanges
from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles
from tests.bounded import bounded


def counted(troubles: Troubles) -> dict[str, int]:
    return {trouble.reason: trouble.count for trouble in troubles.list()}


def test_a_table_of_very_many_columns_is_no_table(tmp_path):
    troubles, path = Troubles(), tmp_path / "a.csv"
    path.write_text(",".join(map(str, range(100_000))) + "\n" + "1\n" * 100_000)
    with bounded():
        assert table(path, Unread(troubles), "rows") is None
    assert counted(troubles) == {"a table of more than 1,000 columns": 1}


PARAMETER = {"name": "a", "in": "query", "schema": {"type": "string"}}


@pytest.mark.parametrize(
    "content",
    [
        {
            "paths": {f"/{n}": {"$ref": "#/x"} for n in range(5_000)},
            "x": {"get": {"parameters": [PARAMETER] * 5_000}},
        },
        {
            "paths": {f"/{n}": {"$ref": "#/x"} for n in range(5_000)},
            "x": {"get": {"responses": {str(n): {} for n in range(5_000)}}},
        },
        {
            "paths": {},
            "components": {"schemas": {str(n): {"$ref": "#/x"} for n in range(5_000)}},
            "x": {"properties": {str(n): {} for n in range(5_000)}},
        },
        {
            "paths": {
                "/a": {
                    "get": {"parameters": [{"name": "a", "in": "query", "schema": {"$ref": "#/x"}}] * 5_000}
                }
            },
            "x": {"enum": ["a"] * 5_000},
        },
    ],
    ids=["parameters", "responses", "properties", "values"],
)
def test_an_api_whose_references_unfold_is_over_budget(content):
    with bounded(), pytest.raises(OverBudget, match="an API of more than 200,000 parts"):
        openapi(json.dumps({"openapi": "3.0.0", "info": {}, **content}), "a.json", Troubles())


def test_a_graph_whose_defaults_unfold_costs_itself(tmp_path):
    troubles, path = Troubles(), tmp_path / "a.graphml"
    long = "x" * 121
    keys = "".join(
        f'<key id="k{n}" for="node" attr.name="n{n}"><default>{long}</default></key>' for n in range(5_000)
    )
    nodes = "".join(f'<node id="{n}"/>' for n in range(20_000))
    path.write_text(f"<graphml>{keys}<graph>{nodes}</graph></graphml>")
    with bounded(8.0):
        assert read_triples(path, troubles) == []
    assert "a graph whose defaults unfold into too much" in counted(troubles)


def test_contexts_that_are_taken_over_from_node_to_node_cost_their_file(tmp_path):
    troubles, path = Troubles(), tmp_path / "a.jsonld"
    terms = {f"t{n}": "http://x.example/" for n in range(10_000)}
    path.write_text(
        json.dumps(
            {
                "@context": terms,
                "@graph": [{"@id": f"http://x.example/{n}", "@context": {"a": "b"}} for n in range(50_000)],
            }
        )
    )
    with bounded(5.0):
        assert read_triples(path, troubles) == []
    assert counted(troubles) == {"contexts that unfold into too much": 1}


def test_the_ways_through_a_chain_are_made_when_somebody_asks():
    graph = Graph(Triple(f"n{n:05}", "needs", f"n{n + 1:05}") for n in range(20_000))
    with bounded(3.0, megabytes=200):
        ways = graph.paths("n00000", "needs")
        assert (
            len(ways) == 20_000
            and ways["n00003"] == ["n00000", "n00001", "n00002", "n00003"]
            and "n00000" not in ways
        )


GOOD = {"messages": [{"role": "user", "content": "Find W103"}, {"role": "assistant", "content": "Found it."}]}


def test_a_list_of_very_many_small_items_is_read_once(tmp_path):
    troubles, path = Troubles(), tmp_path / "a.json"
    path.write_text("[\n" + "1," * 500_000 + json.dumps(GOOD) + "]")
    with bounded(4.0):
        found = list(exchanges(path, datetime(2027, 1, 1, tzinfo=timezone.utc), troubles, Toolbox()))
    assert [exchange.text for exchange in found] == ["Find W103"] and counted(troubles) == {
        "unknown kind of record": 500_000
    }


def test_a_line_nested_too_deep_costs_itself(tmp_path):
    deep = json.dumps(
        {"messages": [], "tools": [{"name": "a", "parameters": '{"a":' * 940 + "1" + "}" * 940}]}
    )
    troubles, path = Troubles(), tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n{deep}\n{json.dumps(GOOD).replace('W103', 'W104')}\n")
    found = list(exchanges(path, datetime(2027, 1, 1, tzinfo=timezone.utc), troubles, Toolbox()))
    assert [exchange.text for exchange in found] == ["Find W103", "Find W104"]
