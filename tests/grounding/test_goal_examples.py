"""The checker of `goal_examples` passes what the generator makes and refuses the same once it is
falsified."""

import json
import re

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, file, snapshot
from tests.grounding.goal_examples import check

CIRCLE = """
goals:
- {id: ant, title: Feed the ant, state: active, depends_on: [bee], deadline: 2026-11-20}
- {id: bee, title: Move the bee, state: active, depends_on: [cat], owner: zoo, steps: [{do: open the hive, done: false}]}
- {id: cat, title: Brush the cat, state: planned, depends_on: [ant], deadline: 2026-12-30}
- {id: dog, title: Walk the dog, state: done}
- {id: eel, title: Warm the eel, state: active, depends_on: [dog], owner: pond, priority: 1}
"""


def made(folder, path) -> tuple:
    seen = snapshot(folder, goals=path, limit=1500)
    return seen, [json.loads(row.line()) for row in examples_of("goal_examples", seen)]


@pytest.fixture(scope="module", params=["samples", "circle"])
def scene(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return made(
        folder,
        str(SAMPLES / "goals.yaml") if request.param == "samples" else file(folder, "goals.yaml", CIRCLE),
    )


def test_what_is_generated_passes(scene):
    seen, rows = scene
    assert len(rows) > 100 and [reason for row in rows if (reason := check(row, seen))] == []


def another_goal(answer: str, names: list[str]) -> str:
    """With the first goal of the answer exchanged for the next one in the list."""
    for match in re.finditer(r"[\w-]+", answer):
        if match[0] in names:
            return (
                answer[: match.start()]
                + names[(names.index(match[0]) + 1) % len(names)]
                + answer[match.end() :]
            )
    return answer


FALSIFICATIONS = {
    "another goal": another_goal,
    "another day": lambda answer, names: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\1-\2-29", answer, count=1),
    "another number": lambda answer, names: re.sub(
        r"\b\d{1,2}\b(?!-)", lambda m: str(int(m[0]) + 1), answer, count=1
    ),
    "yes for no": lambda answer, names: (
        answer.replace("Yes", "No", 1) if "Yes" in answer else re.sub(r"\bNo\b", "Yes", answer, count=1)
    ),
    "another state": lambda answer, names: re.sub(r"\((active|planned)\)", "(waiting)", answer, count=1),
    "a line less": lambda answer, names: "\n".join(answer.split("\n")[:-1]) if "\n" in answer else answer,
    "two lines exchanged": lambda answer, names: (
        "\n".join(reversed(answer.split("\n"))) if answer.startswith("1. ") else answer
    ),
    "a reason more": lambda answer, names: answer.replace(
        " is not done (", " is not done and the printer is on fire (", 1
    ),
    "the value in a sentence": lambda answer, names: f"It is {answer}.",
    "the value in backticks": lambda answer, names: f"`{answer}`",
    "none": lambda answer, names: "None." if re.match(r"[\w-]+(, [\w-]+)* and [\w-]+\.$", answer) else answer,
}


@pytest.mark.parametrize("how", FALSIFICATIONS)
def test_what_is_falsified_is_refused(scene, how):
    seen, rows = scene
    names = [
        "ramp-booking",
        "seat-map",
        "card-retry",
        "kiosk-payments",
        "session-store",
        "sms-cost",
        "crew-notice",
        "ant",
        "bee",
        "cat",
        "dog",
        "eel",
    ]
    passed = []
    for row in rows:
        answer = row["messages"][-1]["content"]
        false = FALSIFICATIONS[how](answer, names)
        if false != answer:
            row = row | {"messages": [*row["messages"][:-1], {"role": "assistant", "content": false}]}
            passed += [] if check(row, seen) else [(row["messages"][0]["content"], false)]
    assert passed == []


def test_a_value_of_the_probe_that_answers_another_question_is_refused(scene):
    seen, rows = scene
    taught = [row for row in rows if row.get("probe")]
    values = {row["messages"][-1]["content"] for row in taught}
    assert len(values) > 3 and {row["short"] for row in taught} == {True}
    passed = []
    for row in taught:
        for value in values - {row["messages"][-1]["content"]}:
            false = row | {"messages": [row["messages"][0], {"role": "assistant", "content": value}]}
            passed += [] if check(false, seen) else [(row["messages"][0]["content"], value)]
        unknown = re.sub("`.+`", "`fox`", row["messages"][0]["content"])
        assert (
            check(row | {"messages": [{"role": "user", "content": unknown}, row["messages"][-1]]}, seen)
            == "asks what the probe does not"
        )
    assert passed == []


def test_a_question_that_shows_the_goals_otherwise_is_refused(scene):
    seen, rows = scene
    row = next(
        row
        for row in rows
        if "state" not in row["messages"][0]["content"]
        and ": active, priority" in row["messages"][0]["content"]
    )
    false = row["messages"][0]["content"].replace(": active, priority", ": done, priority", 1)
    assert "otherwise than it is" in check(
        row | {"messages": [{"role": "user", "content": false}, row["messages"][-1]]}, seen
    )
