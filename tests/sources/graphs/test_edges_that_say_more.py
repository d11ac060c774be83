"""Columns and attributes of edges that are not understood, and edges without a direction."""

import pytest

from autodidact.sources.graphs.triple_files import parse_triples
from autodidact.sources.unread import Unread
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
