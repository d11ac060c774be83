"""Goals that others name as their parent: nothing is said of all their steps. A goal that names itself."""

import pytest

from tests.generators.test_goal_exports import read

LINEAR = (
    "ID,Team,Title,Description,Status,Priority,Assignee,Due Date,Parent issue,Blocked by\n"
    "A-1,A,Checkout redesign,,In Progress,High,ann,2026-12-09,,\nA-2,A,New form,,Todo,Medium,ann,,A-1,\n"
)
JIRA = (
    "Summary,Issue key,Issue id,Issue Type,Status,Resolution,Parent\n"
    "Log in,K-1,10010,Story,To Do,,\nCaptcha,K-2,10011,Sub-task,To Do,,10010\n"
)
ASANA = (
    "Task ID,Completed At,Name,Section/Column,Assignee,Parent task,Blocked By (Dependencies)\n"
    "1201,,Draft,Doing,Eva,,\n1202,,Draft,Doing,Ben,,\n1203,,Redline,Doing,Eva,Draft,\n"
)


@pytest.mark.parametrize(
    ("name", "table", "parents"),
    [
        ("l.csv", LINEAR, ["A-1"]),
        ("j.csv", JIRA, ["K-1"]),
        ("a.csv", ASANA, ["1201", "1202"]),
        ("g.yaml", "- {id: a, title: A, state: active}\n- {id: b, title: B, state: active, parent: a}\n", ["a"]),
        ("o.json", '[{"id": "a", "title": "A"}, {"id": "b", "title": "B", "parent": {"key": "a"}}]', ["a"]),
        ("n.csv", "id,title,state,parent\na,A,active,none\nb,B,active,b\n", []),
    ],
)  # fmt: skip
def test_what_others_name_as_parent_may_have_more_steps_than_its_row(tmp_path, name, table, parents):
    goals, unread = read(tmp_path, name, table)
    noted = {gap.scope for gap in unread.gaps if gap.reason == "a goal with goals under it"}
    assert noted == {f"steps/{one}" for one in parents} and set(parents) <= set(goals)


@pytest.mark.parametrize("column", ["depends_on", "blocks"])
def test_a_goal_that_depends_on_itself_is_a_fault_of_the_table(tmp_path, column):
    table = f"- {{id: a, title: A, state: active, {column}: [a, b]}}\n- {{id: b, title: B, state: active}}\n"
    goals, unread = read(tmp_path, "g.yaml", table)
    needs = {"depends_on": {"a": ("b",), "b": ()}, "blocks": {"a": (), "b": ("a",)}}[column]
    assert {name: goal.depends_on for name, goal in goals.items()} == needs
    assert [gap.scope for gap in unread.gaps if gap.reason == "goal depends on itself"] == ["depends_on/a"]
    assert not unread.whole("depends_on/a") and unread.whole("depends_on/b")
