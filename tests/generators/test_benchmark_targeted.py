"""Twenty-four dev items, most of them where the last report was weakest."""

import pytest
from snapshots import snapshot

from autodidact.benchmark.items import find, is_dev
from autodidact.benchmark.suite import families
from autodidact.generators import benchmark_targeted
from autodidact.generators.benchmark_targeted import allot
from autodidact.records import CATEGORIES, call


def test_without_feedback_the_categories_share_evenly():
    assert list(allot({}).values()) == [3, 3, 3, 3, 3, 3, 2, 2, 2]
    assert sum(allot({}).values()) == 24


def test_the_weakest_gets_most_and_every_category_one():
    shares = allot({"reasoning": 0.6, "tool_use": 0.3, "code_review": -0.2})
    assert shares["reasoning"] == 11 and shares["tool_use"] == 6
    assert {shares[name] for name in CATEGORIES if name not in ("reasoning", "tool_use")} == {1}
    assert sum(shares.values()) == 24


@pytest.mark.parametrize("deficits", [{"reasoning": None}, {"reasoning": float("nan")}, {"reasoning": "much"}, {"no_category": 1.0}, {"reasoning": True}])
def test_what_is_no_deficit_counts_as_none(deficits):
    assert allot(deficits) == allot({})


def test_a_larger_deficit_never_gets_less():
    for top in range(1, 40):
        deficits = {name: (index * top % 7) / 7 for index, name in enumerate(CATEGORIES)}
        shares = allot(deficits)
        assert sum(shares.values()) == 24
        for one in CATEGORIES:
            assert all(shares[one] <= shares[other] for other in CATEGORIES if deficits[one] < deficits[other])


def test_fewer_than_the_categories_go_to_the_weakest():
    assert {name for name, count in allot({"reasoning": 0.5, "tool_use": 0.4}, 2).items() if count} == {"reasoning", "tool_use"}


@pytest.mark.skipif(len(families()) < len(CATEGORIES), reason="the suite is not complete")
def test_each_example_is_a_dev_item_and_its_reference(tmp_path):
    seen = snapshot(tmp_path)
    seen.feedback = {"deficits": {"tool_use": 1.0}}
    examples = list(benchmark_targeted.generate(seen))
    assert len(examples) == 24
    assert [e.category for e in examples].count("tool_use") == 16
    for example in examples:
        item = find(example.source.ref, level=1)
        assert is_dev(item.payload) and not item.hidden
        assert example.messages == [*item.messages, item.reference] and example.tools == item.tools
    assert [e.id for e in examples] == [e.id for e in benchmark_targeted.generate(seen)]
    assert any(e.messages[-1].get("tool_calls", [{}])[0].keys() == call(("f", {}))["tool_calls"][0].keys() for e in examples)
