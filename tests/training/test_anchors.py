"""Anchors: the base's own right answers to dev items, in its own words."""

from collections import Counter

import pytest

from autodidact.benchmark.items import block, find
from autodidact.errors import AutodidactError
from autodidact.records import ItemResult, response_text
from autodidact.training.anchors import anchors

SCORED = block(0, level=1)


def told(item_id: str, answer: str | None = None, score: float = 1.0) -> ItemResult:
    item = find(item_id, level=1)
    answer = response_text(item.reference) if answer is None else answer
    return ItemResult(
        id=item.id, category=item.category, family=item.family, block=-1, score=score, answer=answer
    )


def made(items, rows=100, share=0.15, scored=SCORED, seed=7):
    return anchors(items, rows, share, level=1, scored=scored, seed=seed)


ROUTES = [f"intent_classification/route_request/dev-{n}" for n in range(30)]


def test_an_anchor_is_the_bases_answer_in_its_own_words():
    (anchor,) = made([told("orchestration/attempts_left/dev-3", "It is 17.")])
    assert (anchor.generator, anchor.category, anchor.messages[-1]) == (
        "anchor",
        "orchestration",
        {"role": "assistant", "content": "It is 17."},
    )
    assert anchor.source.model_dump() == {
        "kind": "model",
        "ref": "orchestration/attempts_left/dev-3",
        "level": 1,
    }


def test_a_call_becomes_a_call_again():
    (anchor,) = made([told("tool_use/single_call/dev-0")])
    assert (
        anchor.messages[-1]["tool_calls"]
        == find("tool_use/single_call/dev-0", level=1).reference["tool_calls"]
    )
    assert anchor.tools and made([told("tool_use/single_call/dev-0", "merge them")]) == []


def test_they_are_the_share_asked_for_of_all_rows():
    items = [told(route) for route in ROUTES]
    assert len(made(items, rows=85, share=0.15)) == 15
    assert len(made(items, rows=1000, share=0.15)) == 30  # all there are
    assert made(items, rows=85, share=0.0) == []


def test_families_take_turns():
    items = [told(route) for route in ROUTES] + [told(f"orchestration/duration/dev-{n}") for n in range(3)]
    assert Counter(anchor.category for anchor in made(items, rows=34)) == {
        "intent_classification": 3,
        "orchestration": 3,
    }


def test_only_what_a_rule_scored_in_full():
    judged = next(item for item in SCORED if item.scorer == "judge" and not item.hidden)
    half = told("orchestration/duration/dev-1", score=0.5)
    assert made([told(f"{judged.category}/{judged.family}/dev-0"), half]) == []


def test_equal_seeds_make_equal_anchors():
    items = [told(route) for route in ROUTES]
    assert made(items, rows=40) == made(items, rows=40) != made(items, rows=40, seed=8)


def test_an_item_that_is_scored_stops_everything():
    with pytest.raises(AutodidactError, match="asks the scored question"):
        made([told(ROUTES[0])], scored=[*SCORED, find(ROUTES[0], level=1)])
