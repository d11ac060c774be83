"""Twenty-four dev items, most of them where the last report was weakest."""

import ast
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest

from autodidact.benchmark.items import block, dev_items, find, is_dev
from autodidact.benchmark.leakage_index import prompt_key
from autodidact.benchmark.suite import families
from autodidact.benchmark.suite.item_building_blocks import table as read_suite_table
from autodidact.generators.benchmark_targeted import allot, legal, odd
from autodidact.records import CATEGORIES, call
from tests.generators.snapshots import FULL, examples_of, snapshot


def test_without_feedback_the_categories_share_evenly():
    assert list(allot({}).values()) == [3, 3, 3, 3, 3, 3, 2, 2, 2]
    assert sum(allot({}).values()) == 24


def test_the_weakest_gets_most_and_every_category_one():
    shares = allot({"reasoning": 0.6, "tool_use": 0.3, "code_review": -0.2})
    assert shares["reasoning"] == 11 and shares["tool_use"] == 6
    assert {shares[name] for name in CATEGORIES if name not in ("reasoning", "tool_use")} == {1}
    assert sum(shares.values()) == 24


@pytest.mark.parametrize(
    "deficits",
    [
        {"reasoning": None},
        {"reasoning": float("nan")},
        {"reasoning": "much"},
        {"no_category": 1.0},
        {"reasoning": True},
    ],
)
def test_what_is_no_deficit_counts_as_none(deficits):
    assert allot(deficits) == allot({})


def test_a_larger_deficit_never_gets_less():
    for top in range(1, 40):
        deficits = {name: (index * top % 7) / 7 for index, name in enumerate(CATEGORIES)}
        shares = allot(deficits)
        assert sum(shares.values()) == 24
        for one in CATEGORIES:
            assert all(
                shares[one] <= shares[other] for other in CATEGORIES if deficits[one] < deficits[other]
            )


def test_fewer_than_the_categories_go_to_the_weakest():
    assert {name for name, count in allot({"reasoning": 0.5, "tool_use": 0.4}, 2).items() if count} == {
        "reasoning",
        "tool_use",
    }


def test_each_example_is_a_dev_item_and_its_reference(tmp_path):
    seen = snapshot(tmp_path)
    seen.feedback = {"deficits": {"tool_use": 1.0}}
    examples = list(examples_of("benchmark_targeted", seen))
    assert len(examples) == 24
    assert [e.category for e in examples].count("tool_use") == 16
    for example in examples:
        item = find(example.source.ref, level=1)
        assert is_dev(item.payload) and not item.hidden
        assert example.messages == [*item.messages, item.reference] and example.tools == item.tools
    assert [e.id for e in examples] == [e.id for e in examples_of("benchmark_targeted", seen)]
    assert any(
        e.messages[-1].get("tool_calls", [{}])[0].keys() == call(("f", {}))["tool_calls"][0].keys()
        for e in examples
    )


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_scored_item_and_no_hidden_family_is_ever_used(tmp_path, level):
    scored = [
        i
        for week, salt in (("2026-W48", "a"), ("2026-W49", "b"))
        for k in range(5)
        for i in block(k, level=level, week=week, salt=salt)
    ]
    payloads, published = (
        {(item.family, item.payload) for item in scored},
        {prompt_key(item.messages) for item in scored if item.block == 0},
    )
    visible = {family.name for members in families().values() for family in members if not family.hidden}
    for seed in range(3):
        seen = snapshot(tmp_path)
        seen.seed, seen.settings = (
            seed,
            seen.settings.model_copy(
                update={"benchmark": seen.settings.benchmark.model_copy(update={"level": level})}
            ),
        )
        seen.feedback = {"deficits": {CATEGORIES[seed]: 0.9}}
        for example in examples_of("benchmark_targeted", seen):
            item = find(example.source.ref, level=level)
            assert (item.family, item.payload) not in payloads and item.family in visible
            assert prompt_key(example.messages[:-1]) not in published


def test_what_is_not_legal():
    item = dev_items(1, "tool_use", rng=Random(1))[0]
    assert legal(item, set())
    assert not legal(item, {prompt_key(item.messages)})
    assert not legal(replace(item, hidden=True), set()) and not legal(replace(item, block=0), set())
    assert not any(legal(one, set()) for one in block(0))


def test_the_allotment_follows_the_last_report(tmp_path):
    seen = snapshot(tmp_path)
    seen.feedback = {
        "deficits": {
            "reasoning": 0.9,
            "tool_use": 0.45,
            **dict.fromkeys(set(CATEGORIES) - {"reasoning", "tool_use"}, 0.0),
        }
    }
    made = [example.category for example in examples_of("benchmark_targeted", seen)]
    assert {name: made.count(name) for name in CATEGORIES} == dict.fromkeys(CATEGORIES, 1) | {
        "reasoning": 11,
        "tool_use": 6,
    }


def test_in_the_full_register_no_message_is_answered_with_the_state_of_a_job(tmp_path):
    seen = snapshot(tmp_path, settings=FULL)
    seen.feedback = {"deficits": {"tool_use": 1.0}}
    made = list(examples_of("benchmark_targeted", seen))
    assert len(made) == 24
    assert not [one for one in made if "/answer_from_result/" in one.source.ref]


@pytest.mark.parametrize(
    ("family", "asked", "left_out"),
    [
        ("two_facts", "Tell only these two facts: how long, how many rows. At most 4 words.", True),
        ("two_facts", "Tell only these two facts: who, when. At most 4 words.", False),
        ("answer_from_result", "What is the current region? Reply with the value only.", True),
        ("say_without", "Write it again: the failure of wishlist ended on Friday.", True),
        ("say_without", "Write it again: the outage of wishlist ended on Friday.", False),
        ("amount_only", "What does Yonder take, and how long? Reply with the number only.", False),
    ],
)
def test_numbers_of_nothing_and_states_of_jobs_are_odd(family, asked, left_out):
    item = SimpleNamespace(family=family, messages=[{"role": "user", "content": asked}])
    assert odd(item) is left_out


def test_the_lines_around_a_snippet_use_no_name_that_nothing_defines():
    """Else they would be wrong lines of their own."""
    words = read_suite_table("made_up/code_snippets")
    names = {"f": "find", "x": "batch", "m": "totals", "n": "7"}
    lines = [line.format(**names) for line in (*words["above"], "def {f}(): ...", *words["below"])]
    assert "from app import totals" in lines and "find.ready = True" in lines
    used = {
        node.id
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert used == {"find"}
