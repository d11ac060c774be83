"""The checker of `consciousness` passes what the generator makes and refuses figures that are not on
record."""

import copy
import json

import pytest

from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.consciousness import check

HISTORY = {
    "version": "v3",
    "base": "sprout",
    "promoted_at": "2026-11-20T12:03:00Z",
    "overall": 0.31,
    "probe": 0.42,
    "categories": {
        "tool_use": 0.55,
        "reasoning": 0.25,
        "orchestration": 0.2,
        "conciseness": 0.4,
        "affect_reasoning": None,
    },
    "trained_on": {"cycle_id": "2026-11-20T1200Z", "raw": 3001, "kept": 1200},
    "cycles": [
        {"cycle_id": "2026-11-20T1200Z", "verdict": "promote", "outcome": "promoted"},
        {"cycle_id": "2026-11-21T0000Z", "verdict": "reject", "outcome": "kept"},
    ],
}


def made(tmp_path, history):
    seen = snapshot(tmp_path)
    seen.history = history
    return seen, [json.loads(row.line()) for row in examples_of("consciousness", seen)]


@pytest.mark.parametrize("history", [HISTORY, {}, HISTORY | {"categories": {}}])
def test_what_is_generated_passes(tmp_path, history):
    seen, rows = made(tmp_path, history)
    assert [(row["messages"], reason) for row in rows if (reason := check(row, seen))] == []


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("0.55", "0.65"),
        ("0.31", "0.13"),
        ("42%", "24%"),
        ("1200 of", "1300 of"),
        ("v3", "v4.1"),
        ("2026-11-20T12:03:00Z", "2026-11-19T12:03:00Z"),
        ("orchestration (0.20)", "tool_use (0.55)"),
        ("candidate was refused", "candidate was promoted"),
        ("reached it", "missed it"),
    ],
)
def test_a_falsified_answer_is_refused(tmp_path, true, false):
    seen, rows = made(tmp_path, HISTORY)
    found = [row for row in rows if true in row["messages"][-1]["content"]]
    assert found
    for row in found:
        forged = copy.deepcopy(row)
        forged["messages"][-1]["content"] = row["messages"][-1]["content"].replace(true, false)
        assert check(forged, seen), forged["messages"]
