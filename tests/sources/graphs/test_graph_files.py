"""Graphs as their tools write them: names instead of ids, and no form that is not understood read by position."""

import json
from pathlib import Path

import pytest

from autodidact.sources.graphs.triple_files import parse_triples, read_graph
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

DATA = Path(__file__).parents[2] / "data/graphs"


def case(name: str) -> tuple[list[tuple], dict[str, int]]:
    troubles = Troubles()
    found, _ = read_graph(DATA / name, troubles)
    return [tuple(triple) for triple in found], {t.reason: t.count for t in troubles.list()}


def read(text: str, suffix: str = ".csv") -> tuple[list[tuple], dict[str, int]]:
    troubles = Troubles()
    found = parse_triples(text, suffix, "f", Unread(troubles))
    return [tuple(triple) for triple in found], {t.reason: t.count for t in troubles.list()}


def test_labels_are_names_in_one_language_and_nodes_without_names_are_none():
    found, troubles = case("a.ttl")
    assert found == [
        ("booking", "is_a", "Service"),
        ("booking", "dependsOn", "ledger (n102)"),
        ("booking", "dependsOn", "cache"),
        ("booking", "port", "8101"),
        ("booking", "since", "2021-03-04"),
        ("booking", "active", "true"),
        ("ledger (n102)", "is_a", "Service"),
        ("ledger (n102)", "comment", 'Keeps the money. It is "strict".'),
        ("ledger-db", "is_a", "Database"),
        ("ledger-db", "port", "5432"),
        ("ledger (n102)", "dependsOn", "ledger-db"),
        ("cache", "replicas", "r1"),
        ("cache", "replicas", "r2"),
        ("Notices", "altLabel", "Messages"),
        ("Notices", "dependsOn", "booking"),
        # Of what is deprecated nothing else is read.
        ("ledger (n105)", "deprecated", "true"),
        ("10.5", "dependsOn", "booking"),
    ]
    assert troubles == {"a node without a name": 1, "a statement on what is deprecated": 2}


LABELS = """@prefix x: <http://x/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
x:n1 rdfs:label {} ; x:needs x:n2 . x:n2 rdfs:label {} ."""


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ('"Kasse"@de, "till"@en', '"Bank"@de', ("till", "needs", "Bank")),
        ('"Kasse"@de, "caisse"@fr', '"Bank"@de', ("Kasse", "needs", "Bank")),
        ('"till"', '"bank"@en-GB, "Bank"@de', ("till", "needs", "bank")),
        ('"till"@en', '"till"@en', ("till (n1)", "needs", "till (n2)")),
    ],
)
def test_names_in_one_language(one, two, found):
    assert read(LABELS.format(one, two), ".ttl") == ([found], {})


def test_a_readable_word_is_better_than_a_name_in_another_language():
    text = (
        '<http://x/till> <http://www.w3.org/2000/01/rdf-schema#label> "Kasse"@de .\n'
        '<http://x/bank> <http://www.w3.org/2000/01/rdf-schema#label> "the bank"@en .\n'
        "<http://x/till> <http://v/needs> <http://x/bank> .\n"
    )
    assert read(text, ".nt") == ([("till", "needs", "the bank")], {})


@pytest.mark.parametrize(
    "text",
    [
        '<http://x/till> <http://v/needs> "bank" .\n<http://x/bank> <http://v/in> <http://x/town> .\n',
        '{"@graph": [{"@id": "http://x/till", "needs": "bank"}, {"@id": "http://x/bank", "in": {"@id": "http://x/town"}}]}',
    ],
)
def test_a_value_is_no_node_of_that_name(text):
    suffix = ".nt" if text[0] == "<" else ".jsonld"
    assert read(text, suffix) == ([("bank", "in", "town")], {"a value that is called like a node": 1})


def test_a_header_in_german_with_semicolons_and_a_mark():
    assert case("b.csv") == (
        [
            ("booking", "hängt ab von", "ledger"),
            ("booking", "hängt ab von", "cache; shared"),
            ('a "quoted" name', "besitzt", "booking"),
        ],
        {"a column that is not understood": 1},
    )


@pytest.mark.parametrize(
    "header",
    ["Source;Target;Label", "SUJET;OBJET;RELATION", "Objeto,Tipo,Origen", "target node\tsource node\tedge"],
)
def test_headers_that_are_understood(header):
    mark = next(mark for mark in ";,\t" if mark in header)
    row = {"Source": "a", "Target": "b", "Label": "r"} | {"SUJET": "a", "OBJET": "b", "RELATION": "r"}
    row |= {"Objeto": "b", "Tipo": "r", "Origen": "a", "target node": "b", "source node": "a", "edge": "r"}
    line = mark.join(row[name] for name in header.split(mark))
    assert read(f"{header}\n{line}\n") == ([("a", "r", "b")], {})


@pytest.mark.parametrize(
    "text",
    [
        "booking,depends_on,ledger\nledger,depends_on,ledger-db\n",
        "a,b,c\n1,2,3\n",
        "source,target\nbooking,ledger\n",
        "Dienst;Nutzt;Dienst2\nbooking;calls;ledger\n",
        "start_id:START_ID,end:END_ID\nbooking,ledger\n",
    ],
)
def test_a_header_that_is_not_understood_is_an_error(text):
    found, troubles = read(text)
    assert found == [] and sum(troubles.values()) == 1
    assert {*troubles} <= {"a header that is not understood", "relationships without their type"}


def test_the_table_of_edges_of_gephi():
    text = (
        "Source,Target,Type,Id,Label,Weight\nbooking,ledger,Directed,0,calls,1\nhelm,tides,Undirected,1,,1\n"
    )
    assert read(text) == (
        [
            ("booking", "calls", "ledger"),
            ("helm", "is_linked_to", "tides"),
            ("tides", "is_linked_to", "helm"),
        ],
        {},
    )


def test_rows_without_an_end_are_lost():
    found, troubles = case("c.csv")
    assert len(found) == 4 and troubles == {"not a triple": 2}


@pytest.mark.parametrize("cell", ["-", "n/a", "TBD", "?", "null"])
def test_a_cell_that_holds_nothing_is_no_node(cell):
    text = f"from,type,to\nbooking,owned_by,{cell}\nledger,owned_by,ada\n"
    assert read(text) == ([("ledger", "owned_by", "ada")], {"not a triple": 1})


def test_relationships_of_neo4j():
    assert case("d-neo4j.csv") == (
        [
            ("booking", "DEPENDS_ON", "ledger"),
            ("ledger", "DEPENDS_ON", "ledger-db"),
            ("notices", "DEPENDS_ON", "booking"),
        ],
        {},
    )


def test_nodes_of_neo4j():
    text = "serviceId:ID(Service),name,port:int,tags:string[],note:IGNORE,:LABEL\n7,booking,8101,a;b,x,Service;Core\n"
    assert read(text) == (
        [
            ("booking", "port", "8101"),
            ("booking", "tags", "a"),
            ("booking", "tags", "b"),
            ("booking", "is_a", "Service"),
            ("booking", "is_a", "Core"),
        ],
        {},
    )


def test_a_whole_graph_of_neo4j():
    text = (
        '"_id","_labels","name","port","_start","_end","_type","since"\n'
        '"1",":Service:Core","booking","8101",,,,""\n"2",":Service","ledger","",,,,""\n'
        ',,,,"1","2","CALLS","2021"\n,,,,"1","9","CALLS",""\n'
    )
    assert read(text) == (
        [
            ("booking", "is_a", "Service"),
            ("booking", "is_a", "Core"),
            ("booking", "port", "8101"),
            ("ledger", "is_a", "Service"),
            ("booking", "CALLS", "ledger"),
        ],
        {"an edge without its nodes": 1, "a column that is not understood": 1},
    )


def test_ids_alone_are_no_names():
    assert read(":START_ID,:END_ID,:TYPE\n17,18,CALLS\n") == ([], {"a node without a name": 1})


def test_graphml_goes_by_labels():
    assert case("e.graphml") == (
        [("booking & holds", "calls", "ledger")],
        {"a node without a name": 2, "an edge without its nodes": 1},
    )


def test_blank_nodes_are_none():
    assert case("f.nt") == (
        [
            ("booking", "dependsOn", "ledger"),
            ("booking", "label", 'Buchung ä "x"'),
            ("ledger", "port", "8104"),
        ],
        {"a node without a name": 1},
    )


def test_json_ld_goes_by_labels():
    assert case("g.jsonld") == (
        [
            ("booking", "dependsOn", "ledger"),
            ("booking", "dependsOn", "cache"),
            ("notices", "dependsOn", "ledger"),
            ("ledger", "replicas", "a"),
            ("ledger", "replicas", "b"),
        ],
        {},
    )


def test_nodes_and_links():
    assert case("h.json") == ([("booking", "calls", "ledger")], {})


@pytest.mark.parametrize(
    ("content", "found"),
    [
        # networkx
        (
            {
                "directed": False,
                "multigraph": False,
                "graph": {},
                "nodes": [{"id": "booking", "type": "service", "port": 8101}, {"id": "ledger"}],
                "edges": [{"source": "booking", "target": "ledger", "relation": "talks_to"}],
            },
            [
                ("booking", "is_a", "service"),
                ("booking", "port", "8101"),
                ("booking", "talks_to", "ledger"),
                ("ledger", "talks_to", "booking"),
            ],
        ),
        # D3, where nodes are counted
        (
            {
                "nodes": [{"name": "booking"}, {"name": "ledger"}],
                "links": [{"source": 0, "target": 1, "value": 3}],
            },
            [("booking", "is_linked_to", "ledger")],
        ),
        # Cytoscape
        (
            {
                "elements": {
                    "nodes": [
                        {"data": {"id": "1", "name": "booking"}},
                        {"data": {"id": "2", "name": "ledger"}},
                    ],
                    "edges": [{"data": {"source": "1", "target": "2", "label": "calls"}}],
                }
            },
            [("booking", "calls", "ledger")],
        ),
        # Cytoscape's elements in one list
        (
            {
                "elements": [
                    {"group": "nodes", "data": {"id": "1", "name": "booking"}, "position": {"x": 1}},
                    {"group": "nodes", "data": {"id": "2", "name": "ledger"}, "selected": False},
                    {"group": "edges", "data": {"id": "e", "source": "1", "target": "2", "label": "calls"}},
                    {"data": {"source": "2", "target": "1", "label": "calls"}, "removed": True},
                ]
            },
            [("booking", "calls", "ledger")],
        ),
        # Cytoscape on the desktop
        (
            {
                "elements": {
                    "nodes": [
                        {
                            "data": {
                                "id": "1",
                                "shared_name": "booking",
                                "name": "booking",
                                "SUID": 1,
                                "selected": False,
                            }
                        },
                        {
                            "data": {
                                "id": "2",
                                "shared_name": "ledger",
                                "name": "ledger",
                                "SUID": 2,
                                "selected": False,
                            }
                        },
                    ],
                    "edges": [
                        {
                            "data": {
                                "id": "3",
                                "source": "1",
                                "target": "2",
                                "shared_name": "booking (calls) ledger",
                                "name": "booking (calls) ledger",
                                "interaction": "calls",
                                "shared_interaction": "calls",
                                "SUID": 3,
                                "selected": False,
                            }
                        }
                    ],
                }
            },
            [("booking", "calls", "ledger")],
        ),
        # JSON Graph
        (
            {
                "graph": {
                    "nodes": {"b": {"label": "booking"}, "l": {"label": "ledger"}},
                    "edges": [{"source": "b", "target": "l", "relation": "calls"}],
                }
            },
            [("booking", "calls", "ledger")],
        ),
        # D3 after it drew them
        (
            {
                "nodes": [{"id": "booking", "x": 1.5}, {"id": "ledger", "x": 2}],
                "links": [{"source": {"id": "booking"}, "target": {"id": "ledger"}, "kind": "calls"}],
            },
            [("booking", "calls", "ledger")],
        ),
    ],
    ids=["networkx", "d3", "cytoscape", "cytoscape list", "desktop", "json graph", "drawn"],
)
def test_nodes_and_links_of_other_tools(content, found):
    assert read(json.dumps(content), ".json") == (found, {})


def test_nodes_without_ids_that_have_one_label_are_not_taken_for_one_node():
    content = {
        "nodes": [
            {"name": "cache", "port": 1},
            {"name": "cache", "port": 2},
            {"name": "web"},
            {"name": "db"},
        ],
        "links": [{"source": 2, "target": 0, "type": "reads"}, {"source": 2, "target": 3, "type": "reads"}],
    }
    assert read(json.dumps(content), ".json") == ([("web", "reads", "db")], {"a node without a name": 3})


def test_what_networkx_writes():
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_node("booking", port=8101, tags=["core", "old"])
    graph.add_edge("booking", "ledger", key="calls")
    graph.add_edge("booking", "ledger", label="reads")
    found = (
        [
            ("booking", "port", "8101"),
            ("booking", "tags", "core"),
            ("booking", "tags", "old"),
            ("booking", "calls", "ledger"),
            ("booking", "reads", "ledger"),
        ],
        {},
    )
    assert read(json.dumps(networkx.node_link_data(graph, edges="links")), ".json") == found
    assert read(json.dumps(networkx.node_link_data(graph, edges="edges")), ".json") == found
    assert read(json.dumps(networkx.cytoscape_data(graph)), ".json") == found


def test_an_attribute_that_is_no_text_is_a_gap_of_its_relation():
    unread = Unread()
    text = json.dumps({"nodes": [{"id": "a", "owner": {"first": "Ada"}}, {"id": "b"}], "links": []})
    assert parse_triples(text, ".json", "f", unread) == []
    assert not unread.whole("triples/owner") and unread.whole("triples/calls")


def test_a_link_without_its_end_costs_itself_alone():
    links = [{"source": "a", "target": "b", "type": "calls"}, {"source": "a"}, {"source": "a", "target": "z"}]
    text = json.dumps({"nodes": [{"id": "a"}, {"id": "b"}], "links": links})
    assert read(text, ".json") == ([("a", "calls", "b")], {"an edge without its nodes": 2})


MEMORY = [
    {"type": "entity", "name": "ada", "entityType": "person", "observations": ["likes tea", "y" * 200]},
    {"type": "entity", "name": "booking", "entityType": "service", "observations": []},
    {"type": "relation", "from": "ada", "to": "booking", "relationType": "maintains"},
]


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".jsonl", "\n".join(map(json.dumps, MEMORY))),
        (".json", "\n".join(map(json.dumps, MEMORY)) + "\n"),
        (".json", json.dumps({"entities": MEMORY[:2], "relations": MEMORY[2:]})),
    ],
)
def test_the_memory_of_an_mcp_server(suffix, text):
    assert read(text, suffix) == (
        [
            ("ada", "is_a", "person"),
            ("ada", "note", '"likes tea"'),
            ("booking", "is_a", "service"),
            ("ada", "maintains", "booking"),
        ],
        {"text too long to ask for": 1},
    )


def test_an_observation_that_is_still_to_be_written_is_left_out():
    seen = ["TODO", "n/a", "Lies at  ", "Opened in {year} .", "Opened in 1990"]
    text = json.dumps({"type": "entity", "name": "quay", "entityType": "place", "observations": seen})
    assert read(text, ".jsonl") == (
        [("quay", "is_a", "place"), ("quay", "note", '"Opened in 1990"')],
        {"an observation that is still to be written": 4},
    )


def test_a_torn_line_of_a_memory_costs_itself_alone():
    text = "\n".join(map(json.dumps, MEMORY[1:])) + '\n{"type": "rela\n{"type": "note"}\n'
    found, troubles = read(text, ".jsonl")
    assert len(found) == 2 and troubles == {"neither an entity nor a relation": 2}


def test_the_lines_of_neo4j():
    lines = [
        {"type": "node", "id": "0", "labels": ["Service"], "properties": {"name": "booking", "port": 8101}},
        {"type": "node", "id": "1", "labels": ["Service"], "properties": {"name": "ledger"}},
        {"id": "7", "type": "relationship", "label": "CALLS", "start": {"id": "0"}, "end": {"id": "1"}},
        {"id": "8", "type": "relationship", "label": "CALLS", "start": {"id": "0"}, "end": {"id": "5"}},
    ]
    assert read("\n".join(map(json.dumps, lines)), ".jsonl") == (
        [
            ("booking", "is_a", "Service"),
            ("booking", "port", "8101"),
            ("ledger", "is_a", "Service"),
            ("booking", "CALLS", "ledger"),
        ],
        {"an edge without its nodes": 1},
    )


@pytest.mark.parametrize("suffix", [".rdf", ".trig", ".gexf", ".yaml"])
def test_a_format_that_is_not_read_is_named(suffix):
    assert read("<a> <b> <c> .", suffix) == ([], {"a format that is not read": 1})


@pytest.mark.parametrize("text", ['{"vertices": [], "arcs": []}', '[{"a": 1}]', '"x"', '{"nodes": 3}'])
def test_json_of_an_unknown_form_is_an_error(text):
    for suffix in (".json", ".jsonl"):
        assert read(text, suffix) == ([], {"JSON of an unknown form": 1})
