"""What is in the way of a goal: what denies it, what is over, and what is a page of another table."""

import json

import pytest

from autodidact.generators.goal_examples.goal_links import denial, linked_titles
from autodidact.generators.goal_examples.questions_on_one_goal import ASK
from tests.generators.snapshots import said
from tests.generators.test_goal_exports import of_all, read, told


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        *((text, "nothing") for text in ("No", "Nothing", "nothing yet", "none known", "None at the moment")),
        *((text, "nothing") for text in ("keine", "keine bekannt", "aucun", "Ninguno por ahora", "0", "false")),
        *((text, "unclear") for text in ("resolved: crane repaired", "(was: crane)", "\u2705", "crane (fixed in May)")),
        *((text, "unclear") for text in ("Nothing but rain", "yes", "no longer the crane", "crane - done", "...")),
        *((text, "") for text in ("No budget", "fixed price is missing", "the crane is broken", "Keine Freigabe")),
        *((text, "") for text in ("no-reply service", "was-1", "war in the north", "Done is not defined")),
    ],
)  # fmt: skip
def test_an_obstacle_that_is_none_or_may_be_over(text, is_none):
    assert denial(text) == is_none


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Move the index (https://www.notion.so/Move-1f2e)", ["Move the index"]),
        ("Move it, now (https://n.so/a), Buy (https://n.so/b)", ["Move it, now", "Buy"]),
        ("[Buy](https://n.so/b)", ["Buy"]),
        ("wait for https://n.so/b", []),
        ("the crane (broken)", []),
        ("", []),
    ],
)
def test_titles_with_their_links(text, titles):
    assert linked_titles(text) == titles


def test_a_cell_that_says_that_nothing_is_in_the_way_is_no_blocker(tmp_path):
    table = (
        "id,title,state,blockers,depends on\nA1,Print,active,No,no\nA2,Paint,active,resolved: crane,\n"
        "A3,Sing,active,No budget,\n"
    )
    found = told(tmp_path, "goals.csv", table)
    assert said(found, ASK["blocked"], id="A1", title="Print") == "No: nothing is in its way."
    assert said(found, ASK["blocked"], id="A3", title="Sing") == "Yes: No budget."
    assert not [ask for ask in found if "A2" in ask and "blocked" in ask]


def test_a_page_of_notion_is_the_goal_of_its_title(tmp_path):
    table = (
        "Name,Status,Blocked by\nCache,In progress,Move the index (https://n.so/1f)\n"
        "Move the index,Done,\nPrint,Open,Away (https://n.so/2e)\n"
    )
    goals, unread = read(tmp_path, "goals.csv", table)
    assert (goals["Cache"].depends_on, goals["Cache"].blockers) == (("Move the index",), ())
    assert (goals["Print"].depends_on, goals["Print"].blockers) == ((), ())
    assert unread.whole("depends_on/Cache") and not unread.whole("depends_on/Print")


GOALS = (
    "goals:\n- {{id: pier, title: Rebuild the pier, state: active, {}}}\n"
    "- {{id: crane, title: Mend the crane, state: active, blockers: []}}\n"
    "- {{id: ferry, title: Buy, state: planned, blockers: []}}\n"
)


@pytest.mark.parametrize(
    ("given", "needs", "whole"),
    [
        ("depends_on: [crane or ferry]", (), False),
        ("depends_on: [crane (nice to have)]", (), False),
        ("depends_on: [crane - only phase 1, ferry]", ("ferry",), False),
        ('depends_on: "crane, or ferry"', (), False),
        ('depends_on: "crane, optional"', (), False),
        ("depends_on: {crane: soft}", (), False),
        ("depends_on: [{id: crane, optional: true}, {id: ferry}]", ("ferry",), False),
        ("depends_on: [{id: crane, title: Mend the crane, state: active}]", ("crane",), True),
        ("depends_on: [crane, ferry]", ("crane", "ferry"), True),
        ("depends_on: Mend the crane; ferry", ("crane", "ferry"), True),
        ("depends_on: crane ferry", ("crane", "ferry"), True),
        ("depends_on: crane and ferry", ("crane", "ferry"), True),
        ('depends_on: "Mend the crane, and ferry"', ("crane", "ferry"), True),
    ],
)
def test_a_dependency_that_is_not_wholly_a_goal_is_a_gap(tmp_path, given, needs, whole):
    goals, unread = read(tmp_path, "goals.yaml", GOALS.format(given))
    assert goals["pier"].depends_on == needs and unread.whole("depends_on/pier") == whole


def test_one_of_two_that_a_goal_may_free_is_not_denied_to_be_in_the_way(tmp_path):
    _, unread = read(tmp_path, "goals.yaml", GOALS.format("blocks: crane or ferry"))
    assert not unread.whole("depends_on/crane") and not unread.whole("depends_on/ferry")


def test_a_tracker_names_goals_of_elsewhere_among_those_that_are_there(tmp_path):
    table = 'Issue key,Summary,Status,Depends on\nA-1,Dive,To do,"Rise,Fill in the form"\nA-2,Rise,To do,\n'
    goals, unread = read(tmp_path, "jira.csv", table)
    assert goals["A-1"].depends_on == ("A-2",) and not unread.whole("depends_on/A-1")


ITEMS = [
    {"content": {"number": n, "title": f"Thing {n}", "type": "Issue"}, "id": f"PVTI_{n}", "title": f"Thing {n}",
     "status": "Todo"}
    for n in (1, 2, 3)
]  # fmt: skip


def test_a_project_of_github_goes_by_titles_and_a_page_of_it_is_no_whole(tmp_path):
    part = told(tmp_path, "project.json", json.dumps({"items": ITEMS, "totalCount": 80}))
    whole = told(tmp_path, "project.json", json.dumps({"items": ITEMS, "totalCount": 3}))
    assert not of_all(part) and whole["How many goals are planned?"] == "3"
    assert not [ask for ask, answer in whole.items() if "PVTI" in ask + answer]


@pytest.mark.parametrize(
    "more",
    [
        {"total_count": 9}, {"next": "https://a.no/?page=2"}, {"hasMore": True}, {"meta": {"pagination": {"total": 9}}},
        {"nextCursor": "x"}, {"isLastPage": False}, {"pageInfo": {"hasNextPage": True}},
    ],
)  # fmt: skip
def test_an_answer_that_goes_on_is_no_whole(tmp_path, more):
    goals = [{"id": name, "title": f"Goal {name}", "state": "planned"} for name in ("web", "pay")]
    assert not of_all(told(tmp_path, "goals.json", json.dumps({"goals": goals} | more)))


def test_an_answer_that_ends_is_whole(tmp_path):
    goals = [{"id": name, "title": f"Goal {name}", "state": "planned"} for name in ("web", "pay")]
    ends = {
        "total": 2,
        "next": None,
        "hasMore": False,
        "isLastPage": True,
        "pageInfo": {"hasNextPage": False},
    }
    assert of_all(told(tmp_path, "goals.json", json.dumps({"goals": goals} | ends)))
    assert of_all(told(tmp_path, "goals.json", json.dumps({"goals": goals, "next": "plan the summer"})))


def test_what_was_put_away_is_not_open_whoever_keeps_the_table(tmp_path):
    table = """
okrs:
  - {objective: Old thing, archived: true, key_results: [{kr: x, progress: 20}]}
  - {objective: New thing, archived: false, key_results: [{kr: y, progress: 20}]}
"""
    goals, _ = read(tmp_path, "okr.yaml", table)
    assert {name: goal.state for name, goal in goals.items()} == {"Old thing": "closed", "New thing": "open"}
    issue = {"identifier": "HAR-3", "title": "Print", "state": {"name": "Triage", "type": "triage"}}
    for more, state in (({"trashed": True}, "closed"), ({"archivedAt": "2026-05-02"}, "closed"), ({"trashed": False}, "planned")):  # fmt: skip
        goals, _ = read(tmp_path, "linear.json", json.dumps([issue | more]))
        assert goals["HAR-3"].state == state


def test_of_an_issue_that_was_moved_nothing_is_said_to_be_over(tmp_path):
    issues = [
        {"iid": 3, "title": "Print tickets", "state": "closed", "moved_to_id": 950},
        {"iid": 4, "title": "Paint", "state": "closed", "moved_to_id": None},
    ]
    goals, unread = read(tmp_path, "gitlab.json", json.dumps(issues))
    assert (goals["#3"].state, goals["#4"].state) == ("", "closed") and not unread.whole("state/#3")


FREE = {"id": "web", "title": "Cache", "state": "active", "blockers": [], "depends_on": []}


def free_and_listed(tmp_path, more: dict) -> tuple[bool, bool]:
    """Whether it is said that nothing is in the way of a goal, and which goals are active."""
    goals = [FREE | more, FREE | {"id": "pay", "title": "Sign"}]
    found = told(tmp_path, "goals.json", json.dumps(goals))
    assert said(found, ASK["blocked"], id="pay", title="Sign") == "No: nothing is in its way."
    free = [ask for shape in ASK["blocked"] if (ask := shape.format(id="web", title="Cache")) in found]
    return bool(free), "Which goals are active?" in found


@pytest.mark.parametrize(
    "more",
    [
        {"labels": ["blocked"]}, {"tags": "red (Blocked)"}, {"labels": ["workflow::on-hold"]}, {"labels": ["needs info"]},
        {"labels": [{"name": "wartet auf Kunden"}]}, {"tags": "[en attente]"}, {"on_hold": True}, {"Blocked reason": "waits for legal"},
        {"children": [{"status": "blocked"}]}, {"requires_approval": "pending"}, {"frozen_until": "2027-02-01"},
        {"start date": "2027-02-01"}, {"scheduled": "20270201T000000Z"}, {"wait": "spring"},
    ],
)  # fmt: skip
def test_what_may_hold_a_goal_up_silences_that_it_is_free_and_the_lists_by_state(tmp_path, more):
    assert free_and_listed(tmp_path, more) == (False, False)


@pytest.mark.parametrize(
    "more",
    [
        {}, {"labels": ["bug", "blockchain", "dependencies"]}, {"start date": "2026-02-01"}, {"frozen_until": "2026-02-01"},
        {"scheduled": None}, {"until": "2027-02-01"},
    ],
)  # fmt: skip
def test_a_label_of_a_kind_and_a_day_that_has_come_hold_nothing_up(tmp_path, more):
    assert free_and_listed(tmp_path, more) == (True, True)


def test_of_a_task_whose_time_is_over_no_state_is_said(tmp_path):
    tasks = [
        {"uuid": "a1", "description": "Paint", "status": "pending", "until": "20261120T000000Z"},
        {"uuid": "a2", "description": "Sand", "status": "pending", "until": "20271120T000000Z", "depends": []},
        {"uuid": "a3", "description": "Oil", "status": "pending", "wait": "20270201T000000Z", "start": "20261101T000000Z"},
    ]  # fmt: skip
    found = told(tmp_path, "tasks.json", json.dumps(tasks))
    assert not [ask for shape in ASK["state"] if (ask := shape.format(id="a1", title="Paint")) in found]
    assert said(found, ASK["state"], id="a3", title="Oil") == "Active."
    assert said(found, ASK["blocked"], id="a2", title="Sand") == "No: nothing is in its way."
    assert not [
        ask
        for shape in ASK["blocked"]
        for ask in found
        if ask in (shape.format(id="a3", title="Oil"), shape.format(id="a1", title="Paint"))
    ]


def test_of_a_goal_that_may_be_held_up_no_step_is_said_to_come_now(tmp_path):
    goals = [
        FREE | {"steps": ["cut"], "labels": ["BLOCKED"]},
        FREE | {"id": "pay", "title": "Sign", "steps": ["ink"]},
    ]
    found = told(tmp_path, "goals.json", json.dumps(goals))
    assert not [ask for shape in ASK["next"] if (ask := shape.format(id="web", title="Cache")) in found]
    assert said(found, ASK["next"], id="pay", title="Sign") == "Ink."
