"""The checker of `benchmark_targeted` passes what the generator makes and refuses the same once it is
falsified.
"""

import copy
import json

import pytest

from autodidact.benchmark.items import block
from autodidact.benchmark.suite import families
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.benchmark_targeted import check


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    seen = snapshot(tmp_path_factory.mktemp("dev"))
    return seen, [json.loads(row.line()) for row in examples_of("benchmark_targeted", seen)]


def test_what_is_generated_passes(scene):
    seen, rows = scene
    assert len(rows) == 24 and [check(row, seen) for row in rows] == [None] * 24


def another_answer(row):
    answer = row["messages"][-1]
    if answer.get("tool_calls"):
        answer["tool_calls"][0]["function"]["name"] += "_x"
    else:
        answer["content"] = "I do not know."


def another_item(row):
    name, _, number = row["source"]["ref"].rpartition("-")
    row["source"]["ref"] = f"{name}-{int(number) ^ 1}"


def hidden(row):
    one = next(family for family in families()[row["category"]] if family.hidden)
    row["source"]["ref"] = f"{row['category']}/{one.name}/dev-1"


CHANGES = {
    "another answer": another_answer,
    "another item": another_item,
    "a hidden family": hidden,
    "a scored item": lambda row: row["source"].update(ref=row["source"]["ref"].rpartition("/")[0] + "/0"),
    "another level": lambda row: row["source"].update(level=2),
    "another question": lambda row: row["messages"][-2].update(
        content=row["messages"][-2]["content"] + " Now."
    ),
    "another category": lambda row: row.update(
        category="reasoning" if row["category"] != "reasoning" else "tool_use"
    ),
}


@pytest.mark.parametrize("how", CHANGES)
def test_what_is_falsified_is_refused(scene, how):
    seen, rows = scene
    for row in copy.deepcopy(rows):
        CHANGES[how](row)
        assert check(row, seen), row


def test_the_published_suite_is_refused_whatever_it_is_called(scene):
    seen, rows = scene
    for item in block(0)[:30]:
        row = rows[0] | {"messages": [*item.messages, item.reference], "tools": item.tools}
        assert check(row, seen)
