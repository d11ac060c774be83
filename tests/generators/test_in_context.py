"""Questions that bring their facts along: what is shown, what is asked, what the answer is, and how they are
mixed with the others.
"""

import random
from itertools import islice

import pytest

from autodidact.generators.writing import open_book, relation_phrases
from autodidact.settings import SAMPLES
from autodidact.sources.graphs.triple_graph import Graph, Triple
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.open_book import check

NEEDS = [
    Triple(*line.split()) for line in ("a depends_on b", "b depends_on c", "c depends_on d", "x depends_on c")
]


def asked(triples, limit=400, **more) -> list:
    relation = triples[0].relation
    sheet = open_book.Relation(relation_phrases.of(relation), triples, lambda shown: {}, **more)
    return list(open_book.questions([sheet], limit, random.Random(1)))


def test_every_answer_follows_from_what_is_shown():
    facts = asked(NEEDS)
    rows = [{"source": f.source, "messages": [{"content": f.user}, {"content": f.answer}]} for f in facts]
    assert [(row, why) for row in rows if (why := check(row, lambda fact: Triple(*fact) in NEEDS))] == []
    assert {f.source["open_book"][0] for f in facts} == set(
        "value subject whether subjects count letter way ends hit order".split()
    )


def test_no_prompt_comes_twice_and_equal_seeds_give_equal_questions():
    facts = asked(NEEDS)
    assert len({f.user for f in facts}) == len(facts) and facts == asked(NEEDS)


def test_what_only_needs_itself_is_not_asked_what_it_blocks():
    facts = asked([*NEEDS, Triple("alone", "depends_on", "alone")])
    assert [fact.user for fact in facts if not fact.answer] == []


def test_numbers_are_ranked():
    lines = [Triple(name, "has_lines", number) for name, number in (("f", "3"), ("g", "10"), ("h", "7"))]
    facts = [
        f
        for f in asked(lines, scale=("longest", "shortest"))
        if f.source["open_book"][0] in ("most", "ranked")
    ]
    found = {(*f.source["open_book"], f.answer) for f in facts if len(f.source["triples"]) == 3}
    assert {
        ("most", "highest", "g"),
        ("most", "lowest", "f"),
        ("ranked", "down", "g, h, f"),
        ("ranked", "up", "f, h, g"),
    } <= found


def test_a_circle_has_no_ends_and_no_order():
    ring = [Triple("a", "depends_on", "b"), Triple("b", "depends_on", "c"), Triple("c", "depends_on", "a")]
    assert not {f.source["open_book"][0] for f in asked(ring) if len(f.source["triples"]) == 3} & {
        "ends",
        "order",
        "way",
    }


def test_what_is_known_otherwise_is_not_denied():
    """a needs c as well, though that is not among the triples asked about."""
    whole = Graph([*NEEDS, Triple("a", "depends_on", "d")])
    assert not [f for f in asked(NEEDS, whole=whole) if f.source["open_book"] == ["whether", "a", "d"]]


def test_half_is_open_book_and_it_ends_with_what_is_told():
    assert list(open_book.mixed("abc", "123456")) == ["a", "1", "b", "2", "c", "3"]
    assert list(open_book.mixed("abcd", "12")) == ["a", "1", "b", "2", "c", "d"]
    assert list(open_book.mixed("abcde", "12345", 0.2)) == ["a", "b", "c", "d", "1", "e"]


@pytest.mark.parametrize(
    ("generator", "sources"),
    [
        ("knowledge_graph", {"knowledge_graph": str(SAMPLES / "graph.csv")}),
        ("goal_examples", {"goals": str(SAMPLES / "goals.yaml")}),
        ("interrupt_handler", {"interrupts": str(SAMPLES / "interrupts.yaml")}),
        ("affect_examples", {"affect": str(SAMPLES / "affect.yaml")}),
        ("tool_spec", {"mcp": str(SAMPLES / "mcp.json")}),
        ("consciousness", {}),
    ],
)
def test_a_laptop_cycle_keeps_half_of_each_generator_for_reading(tmp_path, generator, sources):
    rows = (
        row
        for row in examples_of(generator, snapshot(tmp_path, limit=60, **sources))
        if "probe" not in row.model_extra
    )
    opened = ["open_book" in row.source.model_extra for row in islice(rows, 60)]
    assert 25 <= sum(opened) <= 30


def test_a_count_and_a_list_say_that_what_is_shown_counts():
    """Even where all that there is happens to be shown: a reader does not know that."""
    facts = [fact for fact in asked(NEEDS) if fact.source["open_book"][0] in ("count", "subjects", "hit")]
    assert {fact.source["open_book"][0] for fact in facts} == {"count", "subjects", "hit"}
    says = ("By this:", "Going by these facts,", "By what is shown,", "Of these:")
    assert not [fact.user for fact in facts if not any(words in fact.user for words in says)]
