"""The outside view of benchmarks/learning.py: items that no cycle reads, and its pictures."""

import xml.etree.ElementTree as xml
from collections import Counter

import pytest

from autodidact.benchmark.items import block, is_dev
from autodidact.records import CATEGORIES, ItemResult
from benchmarks.learning_items import difference, unread
from benchmarks.learning_plot import panels


def test_unread_items_are_half_of_hidden_families_scored_by_rule_and_asked_nowhere_else():
    first = unread(1, "salt", half=3)
    assert Counter((item.category, item.hidden) for item in first) == {
        (name, hidden): 3 for name in CATEGORIES for hidden in (False, True)
    }
    assert not any(item.scorer == "judge" or is_dev(item.payload) for item in first)
    scored = [*block(0), *block(1, week="unread", salt="salt")]
    second = unread(1, "salt", scored, half=3)
    assert not {str(item.messages) for item in second} & {str(item.messages) for item in scored}


def test_the_difference_of_two_models_is_paired_and_by_category():
    def results(right):
        return [
            ItemResult(
                id=f"{name}/{n}",
                category=name,
                family=f"f{n}",
                hidden=n < 2,
                block=1,
                score=float(n in right),
                prompt=[],
            )
            for name in CATEGORIES
            for n in range(4)
        ]

    found = difference(results({0, 1, 2}), results({0}))
    assert (found["score"], found["base"], found["mean"], found["n"]) == pytest.approx((0.75, 0.25, 0.5, 36))
    assert (found["hidden"]["mean"], found["visible"]["mean"]) == (0.5, 0.5)
    assert found["categories"]["reasoning"]["mean"] == 0.5


def test_a_picture_has_a_panel_each_and_writes_every_value():
    drawn = panels(
        "Learning & all",
        [
            ("suite", {"champion": [(0.0, None, None), (0.25, 0.1, 0.4), None]}),
            ("probe", {"champion": [None, (0.5, None, None)]}),
        ],
    )
    words = [element.text for element in xml.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Learning & all", "suite", "probe", "champion", ".25", ".50"} <= set(words)
