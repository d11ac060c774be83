"""Families at risk before training, and what became of them."""

from types import SimpleNamespace

import pytest

from autodidact.benchmark.forecast_regressions import compare, forecast, taught
from autodidact.benchmark.items import find
from autodidact.records import ItemResult, example, from_messages

TEMPLATE = {"kind": "template", "ref": "reasoning/percent/dev-7"}


def targeted(generator="benchmark_targeted", ref="reasoning/percent/dev-7"):
    return example(
        generator, "reasoning", "Anything at all.", "7", {"kind": "template", "ref": ref}
    ).model_dump(mode="json")


def result(family, score, block=-1, category="reasoning"):
    return ItemResult(
        id=f"{category}/{family}/{block}", category=category, family=family, block=block, score=score
    )


def report(**scores):
    return SimpleNamespace(items=[result(family, score, 0) for family, score in scores.items()])


@pytest.mark.parametrize("generator", ["benchmark_targeted", "anchor"])
def test_a_targeted_example_teaches_the_family_it_is_of(generator):
    assert taught(targeted(generator)) == "reasoning/percent"


def test_another_example_teaches_the_family_of_its_category_that_asks_like_it():
    item = find("conciseness/yes_no/dev-90")
    row = from_messages(
        "conciseness_drills", "conciseness", [*item.messages, item.reference], {"kind": "git", "ref": "a.py"}
    )
    assert taught(row.model_dump(mode="json")) == "conciseness/yes_no"
    strange = example("conciseness_drills", "conciseness", "Zyx wvu?", "Tsr.", {"kind": "git", "ref": "a.py"})
    assert taught(strange.model_dump(mode="json")) is None


def test_at_risk_is_what_the_base_can_do_and_fewer_than_eight_examples_teach():
    dev = [
        result("percent", 1.0),
        result("percent", 0.0),
        result("shares", 0.0),
        result("shares", 0.5),
        result("sort_by", None),
    ]
    told = forecast([targeted()] * 7, dev)
    assert told["families"] == {
        "reasoning/percent": {"base": 0.5, "n": 2, "kept": 7},
        "reasoning/shares": {"base": 0.25, "n": 2, "kept": 0},
    }
    assert told["at_risk"] == ["reasoning/percent"]
    assert forecast([targeted()] * 8, dev)["at_risk"] == []


def test_after_the_benchmark_it_is_seen_what_fell():
    dev = [result(name, 1.0) for name in ("percent", "shares", "sort_by")] + [result("batch_time", 0.0)]
    told = forecast([targeted(ref="reasoning/sort_by/dev-1")] * 8, dev)
    seen = compare(
        told,
        report(percent=0.0, shares=1.0, sort_by=1.0, batch_time=0.0),
        report(percent=1.0, shares=1.0, sort_by=1.0, batch_time=1.0),
    )
    assert seen == {
        "against": "base",
        "at_risk": {"fell": ["reasoning/percent"], "held": ["reasoning/shares"]},
        "others": {"fell": [], "held": ["reasoning/sort_by"]},
        "says": "The base scores 0.5 or more in 3 families (kinds of prompts); only there is something to lose."
        " 2 were expected to get worse, because hardly any example teaches them: 1 got worse, 1 did not. 1 was"
        " expected to stay as good: 0 got worse, 1 did not.",
    }
    assert compare(told, report(percent=0.5))["at_risk"] == {"fell": ["reasoning/percent"], "held": []}


def test_without_a_family_at_risk_it_says_so():
    dev = [result(name, 1.0) for name in ("percent", "shares")]
    rows = [targeted(ref=f"reasoning/{name}/dev-1") for name in ("percent", "shares")] * 8
    compared = compare(forecast(rows, dev), report(percent=0.0, shares=1.0))
    assert (
        compared["says"]
        == "The base scores 0.5 or more in 2 families (kinds of prompts); only there is something to lose. All 2 were"
        " expected to stay as good: 1 got worse, 1 did not."
    )


def test_a_forecast_of_one_family_or_of_none_is_in_the_singular():
    for right, kept, says in (
        (
            1.0,
            0,
            "1 family (kind of prompts); only there is something to lose. It was expected to get worse, because"
            " hardly any example teaches it: 1 got worse, 0 did not.",
        ),
        (
            1.0,
            8,
            "1 family (kind of prompts); only there is something to lose. It was expected to stay as good: 1 got"
            " worse, 0 did not.",
        ),
        (0.0, 0, "no family (kind of prompts), so none was expected to get worse."),
    ):
        told = forecast([targeted(ref="reasoning/percent/dev-1")] * kept, [result("percent", right)])
        assert compare(told, report(percent=0.0))["says"] == f"The base scores 0.5 or more in {says}"
