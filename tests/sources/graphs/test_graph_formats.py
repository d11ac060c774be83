"""Turtle, N-Triples, JSON-LD and GraphML as triples."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.graphs.triple_files import parse_triples
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.placeholders import is_no_name
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles


def read(text: str, suffix: str) -> tuple[list, dict]:
    troubles = Troubles()
    return [tuple(triple) for triple in parse_triples(text, suffix, "file", Unread(troubles))], {
        t.reason: t.count for t in troubles.list()
    }


TURTLE = '''
@prefix x: <http://x.example/> . # names
PREFIX v: <http://x.example/v#>
@base <http://x.example/base/> .

x:shop a v:Service ;
    v:dependsOn x:ledger , <mail> ;
    v:port 8080 ; v:open true ;
    v:says "a \\"b\\" \\u0063"@en , """two
lines""" , 'single'^^<http://www.w3.org/2001/XMLSchema#string> ;
    v:owns ( x:a x:b.c ) ; .
_:ada v:knows x:shop .
x:shop v:at [ v:street "Quay" ] .
[] v:owns x:shop .
'''


def test_turtle():
    assert read(TURTLE, ".ttl") == (
        [
            ("shop", "is_a", "Service"),
            ("shop", "dependsOn", "ledger"),
            ("shop", "dependsOn", "mail"),
            ("shop", "port", "8080"),
            ("shop", "open", "true"),
            ("shop", "says", 'a "b" c'),
            ("shop", "says", "two lines"),
            ("shop", "says", "single"),
            ("shop", "owns", "a"),
            ("shop", "owns", "b.c"),
        ],
        {"a node without a name": 4},
    )


def test_a_broken_sentence_of_turtle_costs_itself_alone():
    text = (
        "@prefix x: <http://x/> .\nx:a x:b .\nx:a x:b x:c .\ny:a x:b x:c .\nGRAPH x:g { x:a x:b x:d } .\n<<"
        " x:a x:b x:c >> x:d x:e .\nx:e x:b x:f .\nx:e x:b"
    )
    assert read(text, ".ttl") == ([("a", "b", "c"), ("e", "b", "f")], {"not a triple": 5})


def test_two_iris_with_one_last_part_keep_their_whole_names():
    text = (
        "<http://a/x#cart> <http://v/in> <http://b/cart> .\n<http://a/x#shop> <http://v/in>"
        " <http://b/town> .\n"
    )
    assert read(text, ".nt")[0] == [("http://a/x#cart", "in", "http://b/cart"), ("shop", "in", "town")]


def test_an_opaque_iri_goes_by_its_label():
    text = (
        '<http://e/Q42> <http://v/label> "Ada"@en .\n<http://e/Q42> <http://v/in> <http://e/Q7>'
        ' .\n<http://e/Q7> <http://v/label> "Bo" .\n'
    )
    text += '<http://e/Q7> <http://v/label> "Beau"@fr .\n'
    assert read(text, ".nt") == ([("Ada", "in", "Bo")], {})


def test_a_long_text_is_nothing_to_ask_for():
    assert read(f'<a> <b> "{"x" * 200}" .\n<a> <b> "c" .', ".nt") == (
        [("a", "b", "c")],
        {"text too long to ask for": 1},
    )


LINKED = {
    "@context": {
        "@vocab": "http://v.example/",
        "x": "http://x.example/",
        "id": "@id",
        "Service": "x:Service",
        "needs": {"@id": "x:depends_on", "@type": "@id"},
        "owner_of": {"@reverse": "x:owned_by", "@type": "@id"},
        "gone": None,
    },
    "@graph": [
        {"id": "x:shop", "@type": "Service", "needs": ["x:ledger", "x:mail"], "port": 8080, "gone": "hush"},
        {
            "id": "x:ada",
            "owner_of": "x:shop",
            "lives": {"id": "x:quay", "height": {"@value": "3", "@type": "x:metre"}},
        },
        {"id": "x:list", "holds": {"@list": ["a", "b"]}, "at": {"street": "Quay"}},
    ],
}


def test_json_ld():
    assert read(json.dumps(LINKED), ".jsonld") == (
        [
            ("shop", "is_a", "Service"),
            ("shop", "depends_on", "ledger"),
            ("shop", "depends_on", "mail"),
            ("shop", "port", "8080"),
            ("shop", "owned_by", "ada"),
            ("quay", "height", "3"),
            ("ada", "lives", "quay"),
            ("list", "holds", "a"),
            ("list", "holds", "b"),
        ],
        {"a node without a name": 2},
    )


def test_a_remote_context_is_counted_and_never_fetched(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("somebody opened a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    text = json.dumps(
        {"@context": ["https://schema.example/", {"x": "http://x/"}], "@id": "x:shop", "name": "Shop"}
    )
    assert read(text, ".jsonld") == ([("shop", "name", "Shop")], {"a remote context is not fetched": 1})


def test_json_ld_beyond_what_is_read_is_counted():
    text = {
        "@context": {"m": {"@id": "http://v/m", "@container": "@language"}},
        "@id": "a",
        "m": {"en": "x"},
        "@nest": {},
        "b": {"@id": "c"},
    }
    assert read(json.dumps(text), ".jsonld") == (
        [("a", "b", "c")],
        {"@nest of JSON-LD is not read": 1, "a term of JSON-LD that is not read": 1},
    )
    assert read("{", ".jsonld") == ([], {"not JSON": 1})
    assert read("[1]", ".jsonld") == ([], {"not a node": 1})
    assert read("[1]", ".json") == ([], {"JSON of an unknown form": 1})
    deep = '{"@id":"a","b":' * 200 + '{"@id":"z"}' + "}" * 200
    assert read(deep, ".json")[1] == {"nested too deep": 1}


GRAPHML = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key id="d0" for="node" attr.name="label" attr.type="string"/>
  <key id="d1" for="node" attr.name="port" attr.type="int"><default>80</default></key>
  <key id="d2" for="edge" attr.name="relation" attr.type="string"/>
  <key id="d3" for="node" yfiles.type="nodegraphics"/>
  <graph edgedefault="directed">
    <node id="n0"><data key="d0">shop</data><data key="d1">8080</data></node>
    <node id="n1"><data key="d3"><y:ShapeNode><y:NodeLabel>mail</y:NodeLabel></y:ShapeNode></data></node>
    <edge source="n0" target="n1"><data key="d2">depends_on</data></edge>
    <edge source="n1" target="n0" directed="false"/>
    <edge source="n1" target="n9"/>
  </graph>
</graphml>"""


def test_graphml():
    assert read(GRAPHML, ".graphml") == (
        [
            ("shop", "port", "8080"),
            ("mail", "port", "80"),
            ("shop", "depends_on", "mail"),
            ("mail", "is_linked_to", "shop"),
            ("shop", "is_linked_to", "mail"),
        ],
        {"an edge without its nodes": 1},
    )


def test_two_nodes_of_one_label_go_by_their_ids():
    text = (
        '<graphml><key id="l" for="node" attr.name="label"/><graph edgedefault="directed"><node id="a"><data'
        ' key="l">db</data></node>'
    )
    text += '<node id="b"><data key="l">db</data></node><edge source="a" target="b"/></graph></graphml>'
    assert read(text, ".graphml") == ([("a", "is_linked_to", "b")], {})


def test_a_billion_laughs_and_a_file_to_fetch_are_refused():
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for text in (
        f'<!DOCTYPE g [<!ENTITY l0 "ha">{bomb}]><graphml>&l9;</graphml>',
        '<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>',
    ):
        assert read(text, ".graphml") == ([], {"XML with a document type": 1})
    assert read("<graphml><node>", ".graphml") == ([], {"not XML": 1})


@pytest.mark.parametrize(
    "text",
    [
        "<a>" * 100_000 + "</a>" * 100_000,
        "<graphml><graph><node id='a'><data>" + "<NodeLabel>" * 50_000 + "</NodeLabel>" * 50_000,
    ],
    ids=["elements", "labels"],
)
def test_xml_that_is_nested_deep_is_over_at_once(text):
    found, troubles = read(text, ".graphml")
    assert found == [] and troubles in ({}, {"not XML": 1})


WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda text: not is_no_name(text))
TRIPLES = st.lists(st.builds(Triple, WORD, WORD.map("r_{}".format), WORD), max_size=8)
LITERAL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: text.split() and not is_no_name(text)
)


@settings(max_examples=40)
@given(TRIPLES)
def test_what_is_written_in_any_format_is_read_again(triples):
    nt = "".join(f"<http://x/{s}> <http://v/{r}> <http://x/{o}> .\n" for s, r, o in triples)
    ttl = "@prefix x: <http://x/> .\n@prefix v: <http://v/> .\n" + "".join(
        f"x:{s} v:{r} x:{o} .\n" for s, r, o in triples
    )
    linked = json.dumps(
        [
            {"@context": {"@vocab": "http://v/"}, "@id": f"http://x/{s}", r: {"@id": f"http://x/{o}"}}
            for s, r, o in triples
        ]
    )
    for text, suffix in ((nt, ".nt"), (ttl, ".ttl"), (linked, ".jsonld")):
        assert read(text, suffix) == ([tuple(triple) for triple in triples], {})


@given(LITERAL)
def test_a_literal_is_read_as_it_was_written(value):
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    assert read(f'<shop-7> <says> "{escaped}" .', ".ttl") == (
        [("shop-7", "says", " ".join(value.split()))],
        {},
    )


ANY = st.text(max_size=200) | st.text(alphabet="<>\"'@.;,[]() _:ax\\\n#{}", max_size=60)


@settings(max_examples=150)
@given(ANY, st.sampled_from([".ttl", ".nt", ".jsonld", ".json", ".jsonl", ".graphml", ".csv", ".tsv"]))
def test_no_text_breaks_a_reader(text, suffix):
    found, _ = read(text, suffix)
    assert all(len(triple) == 3 and all(triple) for triple in found)


MANY = ('"""', "<", "a", "x:", "[", "(", "<a> <b> ", '"\\', "#")


@pytest.mark.parametrize("text", [text * 20_000 for text in MANY], ids=MANY)
def test_hostile_turtle_is_over_at_once(text):
    assert read(text, ".ttl")[0] == []


KEYS = (
    "@id @type @graph @context @value @list @set @reverse @included @vocab @base @container nodes links"
    " id source target entities type a b x:c"
).split()
ATOM = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(
    ATOM,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60)
@given(JSON)
def test_no_json_breaks_a_reader(content):
    for suffix in (".jsonld", ".json", ".jsonl"):
        read(json.dumps(content), suffix)


YED = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="n" yfiles.type="nodegraphics"/><key for="edge" id="e" yfiles.type="edgegraphics"/>
<graph edgedefault="directed">
<node id="n0"><data key="n"><y:ShapeNode><y:NodeLabel>Ann</y:NodeLabel></y:ShapeNode></data></node>
<node id="n1"><data key="n"><y:ShapeNode><y:NodeLabel>Dock</y:NodeLabel></y:ShapeNode></data></node>
<edge source="n0" target="n1"{}><data key="e"><y:PolyLineEdge>{}
<y:EdgeLabel>manages</y:EdgeLabel></y:PolyLineEdge></data></edge></graph></graphml>"""


@pytest.mark.parametrize(
    ("attribute", "arrows", "found"),
    [
        ("", "", [("Ann", "manages", "Dock")]),
        ("", '<y:Arrows source="none" target="standard"/>', [("Ann", "manages", "Dock")]),
        ("", '<y:Arrows source="none" target="white_delta"/>', [("Ann", "manages", "Dock")]),
        ("", '<y:Arrows source="standard" target="none"/>', [("Dock", "manages", "Ann")]),
        ("", '<y:Arrows source="none" target="none"/>', []),
        ("", '<y:Arrows source="standard" target="standard"/>', []),
        ("", '<y:Arrows source="white_diamond" target="none"/>', []),
        ("", '<y:Arrows source="none" target="crows_foot_many"/>', []),
        (' directed="false"', '<y:Arrows source="none" target="standard"/>', []),
    ],
)
def test_an_edge_goes_where_its_drawn_arrow_points(attribute, arrows, found):
    lost = {} if found else {"an undirected edge of a relation that has a direction": 1}
    assert read(YED.format(attribute, arrows), ".graphml") == (found, lost)
