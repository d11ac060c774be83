"""The steps of a goal, as lists, mappings, cells and free texts have them."""

import json

import pytest

from autodidact.generators.goal_examples.goal_checklists import (
    Checklist,
    Results,
    checklist,
    key_results,
    prose,
)
from autodidact.generators.goal_examples.goal_links import denial, linked_titles
from autodidact.generators.goal_examples.questions_on_one_goal import ASK
from tests.bounded import bounded
from tests.generators.snapshots import answers, examples_of, file, said, snapshot


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        ([{"step": "plan", "done": True}, {"step": "build"}], [("plan", True), ("build", False)]),
        ({"plan": "done", "build": "open", "ship": False}, [("plan", True), ("build", False), ("ship", False)]),
        (
            [{"title": "buy", "status": "done"}, {"title": "mount", "completed": True}],
            [("buy", True), ("mount", True)],
        ),
        ([{"title": "buy", "isCompleted": "true"}, {"title": "mount", "status": "In Progress"}], [("buy", True), ("mount", False)]),
        ([{"title": "buy", "done": "2026-03-01", "owner": "ada"}], [("buy", True)]),
        ([{"step": "plan", "skipped": True}, {"step": "ship", "skipped": False}], [("ship", False)]),
        ([{"name": "test", "state": "dropped"}, {"name": "ship", "done": "no"}], [("ship", False)]),
        ("[x] plan; [ ] build; [-] fly; \u2705 buy; ship (done); done: call; (done) sing", [("plan", True), ("build", False), ("buy", True), ("ship", True), ("call", True), ("sing", True)]),
        (["~~plan~~", "build ~~twice~~ once", "- [ ] <del>sing</del>"], [("build once", False)]),
        ("plan\nbuild", [("plan", False), ("build", False)]),
        ([], []),
    ],
)  # fmt: skip
def test_steps_are_read_with_their_states(value, steps):
    assert checklist(value) == Checklist(tuple(steps))


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        (
            [{"do": "plan", "done": True}, {"do": "build", "verdict": "fine"}, {"do": "ship"}],
            [("plan", True)],
        ),
        ([{"title": "test", "state": "parked by Ada"}], []),
        ([{"title": "test", "done": True, "status": "open"}], []),
        ({"total": 3, "completed": 2}, []),
        (["build", "TODO"], [("build", False)]),
        (["[?] build"], []),
        ([{"what is this": "plan"}], []),
        (["~~plan~~"], []),
        ([{"title": "buy", "status": "done"}, {"title": "test", "state": "dropped"}], [("buy", True)]),
    ],
)
def test_steps_end_before_one_that_is_not_understood_and_are_not_all_done_with_one_given_up(value, steps):
    found = checklist(value)
    assert (found.steps, found.whole) == (tuple(steps), False)


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ([{"name": "piles", "state": "blocked"}, {"name": "deck", "state": "planned"}], True),
        ([{"name": "piles", "status": "On hold"}], True),
        ([{"name": "piles", "blocked": True}], True),
        ([{"name": "piles", "waits_for": "the barge"}], True),
        ({"piles": "waiting"}, True),
        (["[?] piles"], True),
        (["piles (waiting for the barge)"], True),
        (["(blocked) piles"], True),
        ("[ ] [on hold] piles; [ ] deck", True),
        (["on hold: piles"], True),
        (["(first) piles", "call the yard: pending parts", "piles (two rows)"], False),
        ([{"name": "piles", "status": "pending"}], False),
        ([{"name": "piles", "blocked": False}], False),
        ([{"name": "piles", "state": "dropped"}], False),
    ],
)
def test_a_step_that_is_held_up_or_not_understood_may_be_in_the_way(value, held):
    assert checklist(value).held == held


@pytest.mark.parametrize(
    ("value", "found", "whole"),
    [
        (["Fewer than 3 open shifts (done)", "[x] Survey sent", "~~New uniforms~~"],
         [("Fewer than 3 open shifts", None), ("Survey sent", None)], True),
        ([{"title": "95% on time", "status": "done"}, {"title": "No boat cancelled", "status": "dropped"}],
         [("95% on time", None)], True),
        ([{"kr": "95% on time", "current": 91, "target": 95, "progress": 0.5, "status": "at risk"}], [("95% on time", 0.5)], True),
        ([{"kr": "Ten guests", "status": "blocked"}, {"kr": "No fall", "completed": False}],
         [("Ten guests", None), ("No fall", None)], True),
        ([{"title": "95% on time"}, {"title": "TBD"}], [("95% on time", None)], False),
        (["3 fines", "", None, "..."], [("3 fines", None)], False),
        (["3 fines", "", None, "-"], [("3 fines", None)], True),
        ([{"title": "95% on time", "status": "ask Ann"}, "[?] Three fines"], [], False),
        ([{"progress": 0.3}], [], False),
    ],
)  # fmt: skip
def test_key_results_are_read_as_steps_are(value, found, whole):
    assert key_results(value) == Results(tuple(found), whole)


def test_what_a_step_waits_for_is_in_the_way_of_its_goal(tmp_path):
    table = """
goals:
  - {id: pier, title: Rebuild, state: active, owner: ada, blockers: [], steps: [{name: piles, state: blocked}, {name: deck}]}
  - {id: crane, title: Mend, state: active, owner: ada, blockers: [], steps: [{name: hook}]}
"""
    told = answers(
        examples_of("goal_examples", snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", table)))
    )
    assert said(told, ASK["blocked"], id="crane", title="Mend") == "No: nothing is in its way."
    assert not [
        ask
        for shape in (*ASK["blocked"], *ASK["next"])
        if (ask := shape.format(id="pier", title="Rebuild")) in told
    ]
    assert "What should we do next?" not in told


@pytest.mark.parametrize(
    ("body", "waits", "steps", "rest"),
    [
        ("<!--\nDepends on #2\n- [ ] fill in the template\n-->\n- [ ] build", (), [("build", False)], False),
        ("```md\n- [ ] example step\nBlocked by #1\n```\nBlocked by #4", ("#4",), [], True),
        ("~~~\nBlocked by #1\n```\nBlocked by #2", (), [], True),
        ("~~Blocked by #3~~\n- [ ] ~~write the plan~~\n- [ ] do it", (), [("do it", False)], False),
        ("> Depends on #2\n\nBlocked by #3?\n`Blocked by #5`", (), [], True),
        ("- [ ] build\n<!-- Depends on #2\n- [ ] fill in", (), [("build", False)], True),
        ("- [x] I have searched existing issues\n- [ ] I agree to the code\n- [ ] build", (), [("build", False)], True),
        ("- **Depends on:** #2, #3.\n* Blocked by HAR-4", ("#2", "#3", "HAR-4"), [], False),
    ],
)  # fmt: skip
def test_a_free_text_says_nothing_in_comments_code_quotations_and_crossed_out_lines(body, waits, steps, rest):
    found = prose(body)
    assert (found.waits_for, found.steps, found.rest) == (waits, Checklist(tuple(steps)), rest)


def test_nothing_is_said_of_steps_that_are_not_understood(tmp_path):
    table = """
goals:
  - {id: web, title: Cache the tiles, state: active, owner: ada, steps: [{work: plan, by: ada}]}
  - {id: pay, title: Sign receipts, state: active, owner: bob, steps: {plan: done, build: open}}
"""
    seen = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", table))
    told = answers(examples_of("goal_examples", seen))
    assert said(told, ASK["done"], id="pay", title="Sign receipts") == "1 of 2 steps are done; left: build."
    assert not [ask for ask, answer in told.items() if "no steps are written" in answer]


def test_what_a_comment_of_an_issue_says_is_not_in_its_way(tmp_path):
    issues = [
        {"number": 1, "title": "Cache the tiles", "state": "OPEN", "body": "<!-- Depends on #2 -->\n- [ ] build"},
        {"number": 2, "title": "Move the index", "state": "OPEN", "body": "```\nBlocked by #1\n```"},
    ]  # fmt: skip
    seen = snapshot(tmp_path, goals=file(tmp_path, "issues.json", json.dumps(issues)))
    told = answers(examples_of("goal_examples", seen))
    assert not [answer for answer in told.values() if "is not done" in answer]
    assert said(told, ASK["done"], id="#1", title="Cache the tiles") == "0 of 1 steps are done; left: build."


def test_long_texts_cost_little():
    with bounded(6):
        for text in (
            " " * 200_000,
            "a" + " " * 200_000 + "b",
            "(a" * 100_000,
            "a:" * 100_000,
            "<s>" * 50_000,
        ):
            checklist(text)
            prose(text)
            prose("<!--" * 100_000 + text)
            linked_titles(text)
            denial(text)
