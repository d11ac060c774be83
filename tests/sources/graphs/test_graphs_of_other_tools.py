"""Graphs as Graphiti, Cytoscape, Wikidata and people with comments write them."""

import json

import pytest

from tests.sources.graphs.test_graph_files import read


def test_edges_of_graphiti_lead_from_uuid_to_uuid_which_are_no_facts():
    nodes = [
        {"uuid": "n1", "name": "Ann", "labels": ["Person"]},
        {"uuid": "n2", "name": "Yard", "labels": ["Org"]},
    ]
    edge = {"source_node_uuid": "n1", "target_node_uuid": "n2", "name": "WORKS_AT", "episodes": ["e1"]}
    edges = [
        edge | {"uuid": "e1", "fact": "Ann works at Yard", "invalid_at": None},
        edge | {"name": "LEADS", "fact": "Ann will lead Yard"},
    ]
    assert read(json.dumps({"nodes": nodes, "edges": edges}), ".json") == (
        [("Ann", "is_a", "Person"), ("Yard", "is_a", "Org"), ("Ann", "WORKS_AT", "Yard")],
        {"a column that is not understood": 1},
    )


def test_a_network_of_cytoscape_under_its_own_ending():
    elements = {
        "nodes": [{"data": {"id": "1", "name": "Booking"}}, {"data": {"id": "2", "name": "Ledger"}}],
        "edges": [{"data": {"id": "9", "source": "1", "target": "2", "interaction": "inhibits"}}],
    }
    assert read(json.dumps({"elements": elements}), ".cyjs") == ([("Booking", "inhibits", "Ledger")], {})
    assert read("Booking\tcalls\tLedger", ".sif") == ([], {"a format that is not read": 1})


def test_a_label_of_a_property_is_its_name_where_two_share_its_number():
    wikidata, label = "http://www.wikidata.org", "<http://www.w3.org/2000/01/rdf-schema#label>"
    text = (
        f'<{wikidata}/entity/Q1> {label} "Yardville" .\n<{wikidata}/entity/Q2> {label} "Norland" .\n'
        f'<{wikidata}/prop/direct/P17> {label} "country" .\n'
        f"<{wikidata}/entity/Q1> <{wikidata}/prop/direct/P17> <{wikidata}/entity/Q2> .\n"
        f"<{wikidata}/entity/Q1> <{wikidata}/prop/P17> <{wikidata}/entity/statement/Q1-aa> .\n"
    )
    assert ("Yardville", "country", "Norland") in read(text, ".nt")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# by yardtool\n# do not edit\nsubject,relation,object\na,b,c\n#d,e,f\n", [("a", "b", "c")]),
        ("\n# by yardtool\n:START_ID,:TYPE,:END_ID\na,b,c\n", [("a", "b", "c")]),
        ("#,subject,relation,object\n1,a,b,c\n", [("a", "b", "c")]),
        ("subject,relation,object\n#general,b,c\n", [("#general", "b", "c")]),
    ],
)
def test_comments_stand_above_a_header(text, found):
    assert read(text) == (found, {})
