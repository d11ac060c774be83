"""The checker of `conciseness_drills` passes what the generator makes and refuses what loses or adds a fact,
or is too long.
"""

import copy
import json

import pytest

from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, file, snapshot
from tests.grounding.conciseness_drills import check

PAGE = (
    "# Backups\n\nThe cache is never backed up. Ledger copies are made at 02:00 every night. Copies are kept"
    " for 30 days.\n"
)
CODE = '''def pay(card):
    """Captures the card once.

    The capture is given a key of its own, so that a second try after a timeout
    does not charge twice. It raises Refused when the bank says no.
    """
'''


@pytest.fixture
def seen(sandbox, tmp_path):
    commit = sandbox.commit("Begin", {"shop.py": CODE})
    graph = file(
        tmp_path,
        "g.csv",
        "shop,owned_by,ada\nshop,listens_on,8080\nshop,written_in,Go\nshop,depends_on,mail\n",
    )
    with Repository(sandbox.path, commit) as repository:
        yield snapshot(
            tmp_path, repository, documents=[file(tmp_path, "ops.md", PAGE)], knowledge_graph=graph
        )


@pytest.fixture
def rows(seen) -> list[dict]:
    return [json.loads(row.line()) for row in examples_of("conciseness_drills", seen)]


def test_what_is_generated_passes(seen, rows):
    assert {row["source"]["kind"] for row in rows} == {"document", "git", "graph"}
    assert [(row["messages"], reason) for row in rows if (reason := check(row, seen))] == []


@pytest.mark.parametrize(
    ("true", "false"),
    [("02:00", "03:00"), ("never ", ""), ("30", "31"), ("8080", "8081"), ("once", "twice"), ("ada", "bob")],
)
def test_a_lost_or_changed_fact_is_refused(seen, rows, true, false):
    found = [row for row in rows if true in row["messages"][-1]["content"]]
    assert found
    for row in found:
        forged = copy.deepcopy(row)
        forged["messages"][-1]["content"] = row["messages"][-1]["content"].replace(true, false)
        assert check(forged, seen), forged["messages"]


def test_a_dropped_sentence_and_a_long_answer_are_refused(seen, rows):
    two = next(
        row
        for row in rows
        if row["messages"][-1]["content"].count(". ") == 1 and row["source"]["kind"] == "document"
    )
    first, second = two["messages"][-1]["content"].split(". ")
    dropped = copy.deepcopy(two)
    dropped["messages"][-1]["content"] = f"{first}."
    dropped["required"] = first.split()
    assert "not kept" in check(dropped, seen)
    two["messages"][-1]["content"] = two["messages"][-2]["content"].partition("\n")[2]
    assert "tokens" in check(two, seen)
