"""The checker of `interrupt_handler` passes what the generator makes and refuses what was falsified."""

import copy
import json

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, file, snapshot
from tests.grounding.interrupt_handler import check

OTHER = {"resume": "drop", "drop": "queue", "queue": "ask", "ask": "escalate", "escalate": "resume"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(rows by kind, snapshot) of the samples."""
    seen = snapshot(
        tmp_path_factory.mktemp("interrupts"), limit=3000, interrupts=str(SAMPLES / "interrupts.yaml")
    )
    rows: dict[str, list[dict]] = {}
    for example in examples_of("interrupt_handler", seen):
        row = json.loads(example.line())
        rows.setdefault(row["source"]["ask"], []).append(row)
    return rows, seen


def test_what_the_generator_makes_passes(made):
    rows, seen = made
    assert [(kind, reason) for kind in rows for row in rows[kind] if (reason := check(row, seen))] == []


def test_a_log_alone_is_checked_too(tmp_path):
    log = '{"task": "a", "interrupt": "b", "response": "resume", "reason": "it is nothing"}\n'
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "log.jsonl", log))
    rows = [json.loads(example.line()) for example in examples_of("interrupt_handler", seen)]
    assert [check(row, seen) for row in rows if row["source"]["ask"] == "decide"] == [None] * 6


def swapped(text: str) -> str:
    """The first response that is named becomes another one."""
    at, name = min((text.lower().find(name), name) for name in OTHER if name in text.lower())
    other = OTHER[name].capitalize() if text[at].isupper() else OTHER[name]
    return text[:at] + other + text[at + len(name) :]


@pytest.mark.parametrize(
    ("kind", "falsify"),
    [
        *(
            (kind, swapped)
            for kind in ("decide", "word", "json", "two", "rule", "moved decide", "moved word", "moved json")
        ),
        *(
            (kind, lambda text: text.replace(": ", ": perhaps ", 1))
            for kind in ("decide", "whom", "rule", "proposal", "two", "rule whom", "when")
        ),
        *(
            (kind, lambda text: text.replace("ontrol-room", "ontrol tower"))
            for kind in ("decide", "json", "whom", "two")
        ),
        *(
            (
                kind,
                lambda text: text.replace("Yes", "No", 1) if "Yes" in text else text.replace("No", "Yes", 1),
            )
            for kind in ("proposal", "rule proposal")
        ),
        *((kind, lambda text: "The task sleeps.") for kind in ("after", "means", "moved after")),
        ("which", lambda text: "noise" if text != "noise" else "money"),
        (
            "two",
            lambda text: "1. " + text.split("\n2. ")[1] + "\n2. " + text.split("\n")[0].removeprefix("1. "),
        ),
        ("unknown", lambda text: text.replace("resume, ", "")),
    ],
)
def test_falsified_answers_are_refused(made, kind, falsify):
    rows, seen = made
    changed = 0
    for row in rows[kind]:
        false = copy.deepcopy(row)
        false["messages"][-1]["content"] = falsify(row["messages"][-1]["content"])
        if false["messages"][-1]["content"] != row["messages"][-1]["content"]:
            changed += 1
            assert check(false, seen) is not None, false["messages"]
    assert changed


def test_an_interrupt_whose_task_matters_may_not_move(made):
    rows, seen = made
    log = next(row for row in rows["decide"] if "W111 is cancelled" in row["messages"][-2]["content"])
    false = copy.deepcopy(log)
    false["source"]["ask"] = "moved decide"
    false["messages"][-2]["content"] = log["messages"][-2]["content"].replace(
        "moving W111 to 16:50", "drafting the fog notice"
    )
    assert check(false, seen) is not None
