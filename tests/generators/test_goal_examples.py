"""Goals: what comes next, in which order, what is blocked and why."""

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import goal_examples

GOALS = """
goals:
  - {id: map, title: Draw the map, state: done, priority: 2}
  - id: ramp
    title: Book the ramp
    state: active
    priority: 1
    owner: tickets
    deadline: 2026-12-11
    depends_on: [map]
    steps:
      - {do: add the flag, done: true}
      - {do: show the ramp, done: false}
  - {id: page, title: Draw the page, state: active, priority: 2, owner: control, deadline: 2026-11-13}
  - {id: kiosk, title: Take cards, state: blocked, priority: 3, owner: tickets, depends_on: [ramp], blockers: [the network says no]}
"""


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    return answers(list(goal_examples.generate(snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", GOALS)))))


def test_the_next_step(told):
    assert told["What is the next step of the goal ramp?"] == "Show the ramp."
    assert told["page: what now?"] == "Start it: nothing is in its way, and no steps are written down for page yet."
    assert told["kiosk: what now?"] == "Nothing yet: ramp is not done (active) and the network says no."
    assert told["What is the next step of the goal map?"] == "None: map is done."


def test_what_is_blocked_and_why(told):
    assert told["Is kiosk blocked?"] == "Yes: ramp is not done (active) and the network says no."
    assert told["Is ramp blocked?"] == "No: nothing is in its way, its dependencies are done."
    assert told["What is blocked right now, and why?"] == "- kiosk: ramp is not done (active) and the network says no"
    assert told["What does finishing ramp set free?"] == "Nothing at once: kiosk still waits because the network says no."


def test_what_comes_first(told):
    assert told["What should tickets do next?"] == "ramp: show the ramp. It is priority 1 and due 2026-12-11."
    assert told["In which order should we finish the open goals, dependencies first, then priority, then deadline?"] == "1. ramp\n2. page\n3. kiosk"


def test_deadlines_are_read_as_of_the_end_of_the_window(told):
    assert told["Today is 2026-11-23. Which goals are overdue?"] == "page (due 2026-11-13)."
    assert told["Today is 2026-11-23. Which deadline comes next?"] == "2026-12-11, of ramp."


def test_questions_that_bring_the_goals_along_follow_from_what_they_show(told):
    shown = [(ask, answer) for ask, answer in told.items() if ask.startswith("- ")]
    assert shown
    for ask, answer in shown:
        lines, _, question = ask.rpartition("\n\n")
        named = {line[2:].partition(":")[0] for line in lines.splitlines()}
        if "order" in question:
            order = [line.partition(". ")[2] for line in answer.splitlines()]
            assert set(order) <= named and (order.index("ramp") < order.index("kiosk") if {"ramp", "kiosk"} <= set(order) else True)


def test_goals_that_wait_for_each_other_have_no_order():
    goals = {name: goal_examples.Goal(name, name, "active", "", depends_on=(other,)) for name, other in (("a", "b"), ("b", "a"))}
    assert goal_examples.order(["a", "b"], goals) is None
    assert goal_examples.ready(goals) == []


def test_a_broken_goal_costs_itself_alone(tmp_path):
    table = "goals:\n- {id: a, title: A, state: active, depends_on: [ghost]}\n"
    table += "- {id: b, title: B, state: brisk}\n- just text\n- {id: a, title: A, state: done}\n"
    seen = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", table))
    assert answers(list(goal_examples.generate(seen)))["Is a blocked?"] == "No: nothing is in its way."
    assert troubles(seen) == {
        "goal depends on an unknown goal": 1, "goal named twice": 1, "goal without id, title or known state": 1, "not a record": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"), [("goals: [", "not YAML"), ("a: &a [*a]\ngoals: *a", "not YAML"), (b"\x80\xff: 1", "invalid UTF-8")]
)
def test_an_unreadable_table_is_counted(tmp_path, text, reason):
    seen = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", text))
    list(goal_examples.generate(seen))
    assert troubles(seen)[reason] == 1


def test_json_and_json_lines_are_read_alike(tmp_path):
    goal = '{"id": "a", "title": "A", "state": "active"}'
    for name, text in (("g.json", f'{{"goals": [{goal}]}}'), ("list.json", f"[{goal}]"), ("g.jsonl", f"{goal}\n{{torn")):
        seen = snapshot(tmp_path, goals=file(tmp_path, name, text))
        assert answers(list(goal_examples.generate(seen)))["What is the state of a?"] == "Active."


def test_skipped_without_goals(tmp_path):
    with pytest.raises(Skipped, match="sources.goals names no file"):
        list(goal_examples.generate(snapshot(tmp_path)))
    with pytest.raises(Skipped, match="which is not there"):
        list(goal_examples.generate(snapshot(tmp_path, goals="nowhere.yaml")))
