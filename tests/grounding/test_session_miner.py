"""The checker of `session_miner` passes what the generator makes of the samples and refuses the same once it
is falsified.
"""

import copy
from pathlib import Path

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.session_miner import check


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    return snapshot(tmp_path_factory.mktemp("talks"), sessions=[str(SAMPLES / "sessions")], limit=3000)


@pytest.fixture(scope="module")
def rows(seen) -> list[dict]:
    return [row.model_dump(mode="json") for row in examples_of("session_miner", seen)]


def test_everything_that_the_generator_makes_of_the_samples_passes(rows, seen):
    assert len(rows) > 150 and {Path(row["source"]["file"]).name.split(".")[1] for row in rows} >= {
        "codex",
        "pi",
        "sts",
        "otlp",
        "openinference",
        "openai",
    }
    assert [(row["source"]["ref"], reason) for row in rows if (reason := check(row, seen))] == []


CASES = sorted((Path(__file__).parents[1] / "data" / "transcripts").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_that_the_generator_makes_of_the_cases_passes(tmp_path, case):
    seen = snapshot(tmp_path, sessions=[str(case)])
    rows = [row.model_dump(mode="json") for row in examples_of("session_miner", seen)]
    assert [(row["source"]["ref"], reason) for row in rows if (reason := check(row, seen))] == []


def falsified(rows, change, fits=lambda row: True) -> list[dict]:
    made = []
    for row in rows:
        if fits(row):
            change(other := copy.deepcopy(row))
            made.append(other)
    assert made
    return made


def is_call(row) -> bool:
    return bool(row["messages"][-1].get("tool_calls"))


def is_text(row) -> bool:
    return row["category"] == "tool_use" and not is_call(row)


def set_answer(row, text):
    row["messages"][-1]["content"] = text


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (lambda r: set_answer(r, "harbour"), lambda r: r["category"] == "intent_classification"),
        (
            lambda r: set_answer(r, "reports" if r["messages"][-1]["content"] != "reports" else "crew"),
            lambda r: r["category"] == "intent_classification" and " " not in r["messages"][-1]["content"],
        ),
        (lambda r: r["messages"][-1]["tool_calls"][0]["function"].update(name="rm"), is_call),
        (lambda r: r["messages"][-1]["tool_calls"][0]["function"]["arguments"].update(extra=1), is_call),
        (lambda r: set_answer(r, r["messages"][-1]["content"] + " And 7 more."), is_text),
        (
            lambda r: r["messages"][0].update(content="Something nobody asked."),
            lambda r: len(r["messages"]) == 2,
        ),
        (lambda r: r["source"].update(line=10_000), lambda r: True),
        (lambda r: r.update(tools=[]), is_call),
    ],
    ids=[
        "unknown handler",
        "another handler",
        "another tool",
        "another argument",
        "an addition",
        "another request",
        "another line",
        "tool not offered",
    ],
)
def test_what_is_falsified_is_refused(rows, seen, change, fits):
    made = falsified(rows, change, fits)
    passed = [row["messages"] for row in made if check(row, seen) is None]
    assert passed == []


def test_turns_that_failed_or_were_corrected_are_refused(seen):
    def row(file, line, last, *messages, tools=(), category="tool_use"):
        source = {"file": f"samples/sessions/{file}", "lines": [line, last], "line": line}
        return {
            "category": category,
            "messages": list(messages),
            "tools": [{"function": {"name": name}} for name in tools],
            "source": source,
        }

    def call(name, **arguments):
        return {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"type": "function", "function": {"name": name, "arguments": arguments}}],
        }

    linter = call("shell", command=["bash", "-lc", "ruff chek ."], workdir="/srv/wharfside/booking")
    black = call("shell", command=["bash", "-lc", "black booking/holds.py"], workdir="/srv/wharfside/booking")
    roster = call("mcp__wharfside__service_status", service="roster")
    codex = "booking-fix.codex.jsonl"
    assert (
        check(
            row(codex, 16, 23, {"role": "user", "content": "Run the linter."}, linter, tools=["shell"]), seen
        )
        == "shell did not succeed"
    )
    assert check(
        row(codex, 24, 29, {"role": "user", "content": "Format holds.py."}, black, tools=["shell"]), seen
    ).startswith("the person took it back")
    asked = {"role": "user", "content": "Is roster up?"}
    tools = ["mcp__wharfside__service_status"]
    assert (
        check(row("helm.otlp.jsonl", 4, 4, asked, roster, tools=tools), seen)
        == "mcp__wharfside__service_status did not succeed"
    )
