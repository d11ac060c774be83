"""The checker of `wikipedia_harvest` passes what the generator makes of the samples and refuses the same once
it is falsified.
"""

import copy
import re

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.wikipedia_harvest import check


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    return snapshot(
        tmp_path_factory.mktemp("wiki"), wikipedia={"dump": str(SAMPLES / "wikipedia.xml")}, limit=3000
    )


@pytest.fixture(scope="module")
def rows(seen) -> list[dict]:
    return [row.model_dump(mode="json") for row in examples_of("wikipedia_harvest", seen)]


def test_everything_that_the_generator_makes_of_the_samples_passes(rows, seen):
    assert len(rows) > 50
    assert [(row["messages"][0]["content"], reason) for row in rows if (reason := check(row, seen))] == []


def answer(row, text):
    row["messages"][-1]["content"] = text


def said(row) -> str:
    return row["messages"][-1]["content"]


CHANGES = {
    "another article": (lambda r: r["source"].update(title="Elsewhere"), lambda r: True),
    "another number": (lambda r: answer(r, str(int(said(r)) + 1)), lambda r: said(r).isdecimal()),
    "a word left out": (
        lambda r: answer(r, " ".join(said(r).split()[:2] + said(r).split()[3:])),
        lambda r: (
            len(said(r).split()) > 4
            and not said(r).startswith(("False", "Nothing"))
            and "Which article" not in r["messages"][0]["content"]
        ),
    ),
    "false for true": (lambda r: answer(r, "False: it is 9, not 8."), lambda r: said(r) == "True."),
    "true for false": (lambda r: answer(r, "True."), lambda r: said(r).startswith("False")),
    "a wrong correction": (
        lambda r: answer(r, re.sub(r"is (\S+),", "is 977,", said(r))),
        lambda r: said(r).startswith("False"),
    ),
    "another origin": (
        lambda r: answer(r, "Harbour"),
        lambda r: "Which article" in r["messages"][0]["content"],
    ),
    "a heading that is there": (
        lambda r: answer(r, "Nothing under that heading. It has no sections."),
        lambda r: "say about" in r["messages"][0]["content"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_falsified_is_refused(rows, seen, name):
    change, fits = CHANGES[name]
    made = [copy.deepcopy(row) for row in rows if fits(row)]
    assert made
    for row in made:
        change(row)
    assert [row["messages"] for row in made if check(row, seen) is None] == []
