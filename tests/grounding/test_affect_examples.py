"""The checker of `affect_examples` passes what the generator makes and refuses what was falsified."""

import copy
import json
import re

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.affect_examples import check


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(rows by kind, snapshot) of the samples."""
    seen = snapshot(tmp_path_factory.mktemp("affect"), limit=3000, affect=str(SAMPLES / "affect.yaml"))
    rows: dict[str, list[dict]] = {}
    for example in examples_of("affect_examples", seen):
        row = json.loads(example.line())
        rows.setdefault(row["source"]["ask"], []).append(row)
    return rows, seen


def test_what_the_generator_makes_passes(made):
    rows, seen = made
    assert [(kind, reason) for kind in rows for row in rows[kind] if (reason := check(row, seen))] == []


def number(text: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=1)


@pytest.mark.parametrize(
    ("kind", "falsify"),
    [
        *((kind, number) for kind in ("answer", "given", "rewrite", "mend", "plain")),
        *(
            (kind, lambda text: f"{text} That is lovely, is it not?")
            for kind in ("answer", "given", "rewrite", "mend", "not there", "plain")
        ),
        *((kind, lambda text: text.split(". ")[0] + ".") for kind in ("given", "plain")),
        (
            "check",
            lambda text: (
                "Nothing is missing."
                if "Nothing" not in text and "Yes" not in text
                else 'No, this is missing: "It is late."'
            ),
        ),
        (
            "check",
            lambda text: (
                text.replace("this is missing:", "it should say")
                if "this is" in text
                else text.replace("t should say", "his is missing:")
            ),
        ),
        ("better", lambda text: {"A": "B", "B": "A"}[text[0]] + text[1:]),
        ("better", lambda text: f"{text[:3]}loud."),
        ("tone", lambda text: "Loud and clear."),
        ("choose tone", lambda text: "brief" if text != "brief" else "warm and glad"),
        ("choose state", lambda text: "rushed" if text != "rushed" else "curious"),
        ("avoid", lambda text: "Facts."),
        ("how", lambda text: text.replace("In this tone: ", "In this tone: not ")),
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


def test_an_answer_to_another_question_is_refused(made):
    rows, seen = made
    for row in rows["answer"]:
        false = copy.deepcopy(row)
        other = next(
            r
            for r in rows["answer"]
            if r["source"]["context"] != row["source"]["context"]
            and r["source"]["ref"] == row["source"]["ref"]
        )
        false["messages"][-1] = other["messages"][-1]
        assert check(false, seen) is not None
