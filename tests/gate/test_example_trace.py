"""`autodidact gate --explain`: one example's story out of what the gate wrote."""

import json
from types import SimpleNamespace

import pytest

from autodidact.errors import UsageError
from autodidact.gate import Context, pass_through
from autodidact.gate.example_trace import as_text, explain
from autodidact.records import example
from autodidact.store import Store
from tests.gate import gating

SETTINGS = vars(gating.SETTINGS) | {"cap": 2}
SOURCE = {"kind": "git", "ref": "shop/cart.py:4", "path": "shop/cart.py", "lines": [4, 9]}
ANSWER = "It reads the file line by line and returns the rows that hold a date."
SECRET = "ghp_" + "aB3dE6gH9" * 4

noisy = example(
    "tool_spec", "tool_use", "What is in the log?", f"\x1b[1m{ANSWER}\x1b[0m Ask jo@corp.io.", SOURCE
)
short = example("ast_parser", "architecture", "What does `save` do?", "Saves.", SOURCE)
leaky = example("ast_parser", "architecture", "Which token?", f"{ANSWER} Use {SECRET}.", SOURCE)
WORDS = "apples bears clouds drums eagles".split()
many = [
    example("diff_miner", "code_review", f"What are {word}?", f"They are {word}. {ANSWER}", SOURCE)
    for word in WORDS
]


@pytest.fixture(scope="module")
def gated(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("gate"))
    context = Context(SimpleNamespace(**SETTINGS), lambda text: len(text.split()), gating.Agreeable())
    rows = [(one.generator, 1, one.line()) for one in (noisy, short, leaky, *many)] + [
        ("tool_spec", 7, "{torn")
    ]
    with store.lines("kept.jsonl") as kept, store.lines("dropped.jsonl") as dropped:
        report = pass_through(rows, context, kept, dropped)
    store.write_json("report.json", report | {"settings": SETTINGS})
    return store


def test_a_rewritten_example_tells_by_whom(gated):
    story = explain(gated, "", noisy.id)
    assert (story["fate"], story["was"], story["rewritten"]) == ("kept", noisy.id, ["noise", "secrets"])
    assert f"rewritten by noise, secrets; it was {noisy.id}" in as_text(story)
    assert story == explain(gated, "", story["id"])


def test_a_dropped_one_tells_rule_value_and_threshold(gated):
    story = explain(gated, "", short.id[:12])
    assert story["dropped"] == {"rule": "length", "reason": "too short", "value": 1}
    assert story["thresholds"] == {"min_tokens": 10, "max_tokens": 800} and story["passed"][-1] == "secrets"
    assert "dropped   by length: too short, value 1 (gate: min_tokens 10, max_tokens 800)" in as_text(story)
    assert "from git shop/cart.py:4" in as_text(story)


def test_what_was_kept_has_a_rank_and_what_the_cap_dropped_too(gated):
    stories = [explain(gated, "", one.id) for one in many]
    assert sorted(story["rank"]["rank"] for story in stories) == [1, 2, 3, 4, 5]
    assert {story["fate"] for story in stories if story["rank"]["rank"] <= 2} == {"kept"}
    assert "of 5 of its generator; the cap is 2" in as_text(stories[0])
    over = next(story for story in stories if story["fate"] == "dropped")
    assert (
        "duplicates" in over["passed"] and "coherence" not in over["passed"]
    )  # what is over a cap is never embedded
    assert (
        "dropped   by balance: over the cap of its generator, value 2 (gate: cap 2, share 0.35, source_share"
        " 0.1)" in as_text(over)
    )


def test_a_secret_is_not_shown(gated):
    story = explain(gated, "", leaky.id)
    assert story["dropped"]["rule"] == "secrets" and story["messages"] is None
    assert SECRET not in json.dumps(story) + as_text(story) and "Its text is not shown." in as_text(story)


def test_a_line_that_was_no_example_goes_by_its_place(gated):
    assert explain(gated, "", "tool_spec:7")["dropped"]["reason"] == "not JSON"


@pytest.mark.parametrize("name", ["0" * 64, "abc", "tool_spec:8", ""])
def test_an_unknown_id_is_one_clear_line(gated, name):
    with pytest.raises(UsageError, match="The gate saw no example"):
        explain(gated, "", name)


def test_a_folder_without_a_report_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="has no report of the gate"):
        explain(Store(tmp_path), "", "0" * 64)
