"""Columns and attributes of edges that are not understood, and edges without a direction."""

import json
from datetime import date

import pytest

from autodidact.sources.graphs.edges_in_force import in_force, standing
from autodidact.sources.graphs.triple_files import parse_triples
from autodidact.sources.graphs.triple_graph import Attribute
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles
from tests.sources.graphs.test_graph_files import read


def test_a_column_that_is_not_understood_is_a_gap_of_the_things_on_its_rows():
    unread = Unread()
    text = (
        "subject,relation,object,valid_until\nbooking,calls,ledger,2024-01-01\nhelm,calls,tides,\n"
        "helm,reads,charts,\n"
    )
    parse_triples(text, ".csv", "f", unread)
    assert [gap.ref for gap in unread.gaps] == ["f: valid_until"]
    assert not unread.whole("triples", naming="booking")
    assert not unread.whole("triples/calls", naming="ledger")
    assert unread.whole("triples", naming="helm") and unread.whole("triples/reads")


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        (":START_ID,:END_ID,:TYPE,environment\nbooking,ledger,CALLS,staging\n", ".csv"),
        ('{"nodes": [{"id": "helm"}], "links": [{"source": "helm", "target": "helm", "seit": 1}]}', ".json"),
    ],
)
def test_so_is_an_attribute_of_an_edge(text, suffix):
    assert read(text, suffix)[1] == {"a column that is not understood": 1}


def test_ids_and_weights_are_no_such_columns():
    text = "Source,Target,Type,Id,Label,Weight,No\nbooking,ledger,Directed,0,calls,1,7\n"
    assert read(text) == ([("booking", "calls", "ledger")], {})


def test_a_row_goes_the_way_that_its_direction_says():
    text = "von,relation,nach,richtung\na,b,c,->\nd,b,e,<-\nf,b,g,rückwärts\nh,b,i,Nord\n"
    text = text.replace("von,relation,nach", "von,beziehung,nach")
    assert read(text) == (
        [("a", "b", "c"), ("e", "b", "d"), ("g", "b", "f")],
        {"a direction that is not understood": 1},
    )


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("Source,Target,Type,Label\nbooking,ledger,Undirected,depends on\n", ".csv"),
        (
            '{"directed": false, "nodes": [{"id": "booking"}, {"id": "ledger"}],'
            ' "links": [{"source": "booking", "target": "ledger", "relation": "depends on"}]}',
            ".json",
        ),
        (
            '<graphml><key id="l" for="edge" attr.name="label"/><graph edgedefault="undirected">'
            '<node id="booking"/><node id="ledger"/><edge source="booking" target="ledger">'
            '<data key="l">depends on</data></edge></graph></graphml>',
            ".graphml",
        ),
    ],
)
@pytest.mark.parametrize("relation", ["depends on", "connected to"])
def test_an_undirected_edge_says_something_where_its_relation_holds_both_ways(text, suffix, relation):
    both = [("booking", "connected to", "ledger"), ("ledger", "connected to", "booking")]
    lost = {"an undirected edge of a relation that has a direction": 1}
    known = relation == "connected to"
    assert read(text.replace("depends on", relation), suffix) == ((both, {}) if known else ([], lost))


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"valid_until": "2026-05-31"}, False),
        ({"validTo": "2026-05-31T10:00:00Z"}, False),
        ({"valid_until": "2026-06-01"}, True),
        ({"valid_until": "9999-12-31"}, True),
        ({"valid_until": "2025"}, False),
        ({"valid_until": "2026"}, True),
        ({"expired_at": 1767225600}, False),  # the beginning of 2026, in seconds
        ({"expired_at": None, "invalid_at": None}, True),
        ({"invalid_at": "2024-01-01"}, False),
        ({"gültig bis": "31.12.2025"}, False),
        ({"valid_from": "2026-07-01"}, False),
        ({"valid_from": "2024-01-01"}, True),
        ({"negated": True}, False),
        ({"negated": False}, True),
        ({"deleted": "yes"}, False),
        ({"is_active": "false"}, False),
        ({"status": "Retracted"}, False),
        ({"status": "confirmed"}, True),
    ],
)
def test_an_edge_holds_today_unless_it_says_otherwise(said, holds):
    assert in_force(said, date(2026, 6, 1)) is holds


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("from,relation,to,valid_until\nhelm,calls,tides,2024-01-01\nhelm,reads,charts,\n", ".csv"),
        ("from,relation,to,validUntil\nhelm,calls,tides,2024-01-01\nhelm,reads,charts,\n", ".csv"),
        ("from,relation,to,is_deleted\nhelm,calls,tides,true\nhelm,reads,charts,false\n", ".csv"),
        (":START_ID,:TYPE,:END_ID,negated:boolean\nhelm,calls,tides,true\nhelm,reads,charts,false\n", ".csv"),
        (
            '{"nodes": [{"id": "helm"}, {"id": "tides"}, {"id": "charts"}], "links": ['
            '{"source": "helm", "target": "tides", "relation": "calls", "properties": {"status": "retracted"}},'
            '{"source": "helm", "target": "charts", "relation": "reads", "deleted": false}]}',
            ".json",
        ),
        (
            '{"entities": [], "relations": ['
            '{"from": "helm", "to": "tides", "relationType": "calls", "expired_at": "2024-01-01"},'
            '{"from": "helm", "to": "charts", "relationType": "reads", "expired_at": null}]}',
            ".json",
        ),
        (
            '<graphml><key id="l" for="edge" attr.name="label"/><key id="d" for="edge" attr.name="deleted"/>'
            '<graph edgedefault="directed"><node id="helm"/><node id="tides"/><node id="charts"/>'
            '<edge source="helm" target="tides"><data key="l">calls</data><data key="d">true</data></edge>'
            '<edge source="helm" target="charts"><data key="l">reads</data></edge></graph></graphml>',
            ".graphml",
        ),
        (
            '{"type": "node", "id": "0", "properties": {"name": "helm"}}\n'
            '{"type": "node", "id": "1", "properties": {"name": "tides"}}\n'
            '{"type": "node", "id": "2", "properties": {"name": "charts"}}\n'
            '{"type": "relationship", "id": "3", "label": "calls", "start": {"id": "0"}, "end": {"id": "1"},'
            ' "properties": {"valid_to": "2024-01-01"}}\n'
            '{"type": "relationship", "id": "4", "label": "reads", "start": {"id": "0"}, "end": {"id": "2"}}',
            ".jsonl",
        ),
    ],
    ids=["csv", "camel case", "deleted", "neo4j csv", "node link", "memory", "graphml", "neo4j lines"],
)
def test_an_edge_that_does_not_hold_today_is_counted_and_not_taught(text, suffix):
    troubles = Troubles()
    unread = Unread(troubles)
    found = parse_triples(text, suffix, "f", unread, date(2026, 6, 1))
    assert found == [("helm", "reads", "charts")]
    assert {t.reason: t.count for t in troubles.list()} == {"a relation that does not hold today": 1}
    assert not unread.whole("triples/calls", naming="tides") and unread.whole(
        "triples/calls", naming="charts"
    )


QUALIFIED = [
    # When it holds, under any usual name.
    ({"end_date": "2023-01-01"}, False),
    ({"end": "2021-01-01"}, False),
    ({"dateTo": "2021-01-01"}, False),
    ({"ended": 2001}, False),
    ({"Ended at": "March 2021"}, False),
    ({"until": "31/12/2025"}, False),
    ({"until": "some day"}, False),
    ({"until": "06/07/2026"}, False),  # before or after the day
    ({"endDate": "2026-06"}, True),
    ({"end_date": "present"}, True),
    ({"expires": "never"}, True),
    ({"ended": False}, True),
    ({"start_date": "2027-06-01"}, False),
    ({"since": "2021"}, True),
    ({"seit": "März 2021"}, True),
    # Whether it does.
    ({"status": "planned"}, False),
    ({"status": "Proposed"}, False),
    ({"status": "wobbly"}, False),
    ({"lifecycle_stage": "production"}, True),
    ({"polarity": "negative"}, False),
    ({"polarity": "positive"}, True),
    ({"verified": "false"}, False),
    ({"verified": "perhaps"}, False),
    ({"verified": "true"}, True),
    ({"enabled": False}, False),
    ({"enabled": True}, True),
    ({"isDeprecated": True}, False),
    ({"disabled": True}, False),
    ({"draft": "no"}, True),
    ({"optional": True}, False),
    ({"confidence": 0.05}, False),
    ({"confidence": "95 %"}, True),
    ({"confidence": "0,9"}, True),
    ({"certainty": "high"}, True),
    # What is not understood, and what says nothing of it.
    ({"environment": "staging"}, False),
    ({"env": "prod"}, True),
    ({"frobnication": "x"}, False),
    ({"frobnication": ""}, True),
    ({"frobnication": None}, True),
    ({"id": 7, "weight": 0.3, "line_color": "red", "created_at": "2020-01-01", "source": "census"}, True),
    ({"updatedBy": "ann", "edge_id": "e1", "Port": 80, "protocol": "http", "version": "2"}, True),
    # Which way it goes.
    ({"arrows": "to"}, True),
    ({"arrows": "from"}, False),
    ({"markerEnd": {"type": "arrow"}}, True),
    ({"markerStart": {"type": "arrow"}}, False),
    ({"fromEnd": "none", "toEnd": "arrow"}, True),
    ({"toEnd": "none", "fromEnd": "arrow"}, False),
    ({"dir": "back"}, False),
    # Words on it.
    ({"comment": "by the nightly job"}, True),
    ({"comment": "sold last year"}, False),
    ({"note": "doesn't any more"}, False),
    ({"type": "former"}, False),
    ({"type": "sync"}, True),
    ({"role": "lead"}, True),
]


@pytest.mark.parametrize(("said", "holds"), QUALIFIED)
def test_an_edge_is_taught_where_all_that_is_said_of_it_is_understood(said, holds):
    assert standing(said, date(2026, 6, 1)).holds is holds


def test_an_edge_with_a_qualifier_that_is_not_understood_is_not_taught():
    text = "from,relation,to,scope\nhelm,calls,tides,night boats\nhelm,calls,charts,\n"
    assert read(text) == ([("helm", "calls", "charts")], {"a column that is not understood": 1})


def test_what_a_node_has_is_an_attribute_and_what_an_edge_says_is_not():
    node = {"id": "helm", "hosts": ["web1"], "calls": 17, "type": "service"}
    links = [{"source": "helm", "target": "tides", "relation": "calls"}]
    text = json.dumps({"nodes": [node, {"id": "tides"}], "links": links})
    found = parse_triples(text, ".json", "f", Unread(troubles := Troubles()))
    # Of `calls`, which is both, only what the edge says is taken.
    assert [(type(triple.relation), *triple) for triple in found] == [
        (Attribute, "helm", "hosts", "web1"),
        (Attribute, "helm", "is_a", "service"),
        (str, "helm", "calls", "tides"),
    ]
    assert [t.reason for t in troubles.list()] == ["an attribute that is called like a relation"]


def test_a_second_word_for_an_edge_or_for_its_end_is_a_qualifier():
    edge = {"source": "helm", "target": "tides", "relation": "owns"}
    edges = [edge | {"type": "former"}, edge | {"to": "2021-01-01"}, edge | {"relation": "calls", "key": 0}]
    text = json.dumps({"nodes": [{"id": "helm"}, {"id": "tides"}], "links": edges})
    found = parse_triples(text, ".json", "f", Unread(), date(2026, 6, 1))
    assert found == [("helm", "calls", "tides")]


def test_a_blank_node_may_say_anything_of_the_things_that_it_names():
    unread = Unread()
    text = (
        "@prefix : <https://kb.example/> .\n:helm :dependsOn :booking .\n:cache :dependsOn :tides .\n"
        '[] :subject :helm ; :predicate :dependsOn ; :object :ledger ; :status "rejected" .\n'
    )
    parse_triples(text, ".ttl", "f", unread)
    hidden = [
        name for name in ("helm", "ledger", "cache") if not unread.whole("triples/dependsOn", naming=name)
    ]
    assert hidden == ["helm", "ledger"]


def test_who_is_nobody_has_nothing_and_owns_nothing():
    text = "subject,relation,object\nhelm,owned_by,Nobody\nhelm,run_by,<team>\nhelm,calls,todo-api\n"
    assert read(text) == ([("helm", "calls", "todo-api")], {"a name that stands for nothing": 2})


def memory(*items: dict) -> tuple[list[tuple], dict[str, int]]:
    return read("\n".join(map(json.dumps, items)), ".jsonl")


def entity(name: str, kind: str, *seen: str) -> dict:
    return {"type": "entity", "name": name, "entityType": kind, "observations": list(seen)}


def relation(source: str, target: str) -> dict:
    return {"type": "relation", "from": source, "to": target, "relationType": "calls"}


def test_of_two_things_of_one_name_in_a_memory_nothing_is_taught():
    service, library = entity("tides", "service", "Runs on k8s"), entity("tides", "library", "Pure Python")
    assert memory(service, library, relation("helm", "tides"), relation("helm", "charts")) == (
        [("helm", "calls", "charts")],
        {"two things of one name": 3},
    )
    assert memory(service, entity("tides", "service", "Is fast")) == (
        [
            ("tides", "is_a", "service"),
            ("tides", "note", '"Runs on k8s"'),
            ("tides", "is_a", "service"),
            ("tides", "note", '"Is fast"'),
        ],
        {},
    )


def test_an_end_that_is_spelled_unlike_the_only_such_thing_is_counted():
    lost = {"an end that is spelled unlike its node": 1}
    assert memory(entity("Tides", ""), relation("helm", "tides"), relation("helm", "Tides")) == (
        [("helm", "calls", "Tides")],
        lost,
    )
