"""Goals: what comes next, in which order, what is blocked and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact.errors import Skipped
from autodidact.generators.goal_examples.goals import Goal, circle, order, ready
from autodidact.generators.goal_examples.questions_on_one_goal import ASK, chain
from autodidact.settings import SAMPLES
from tests.generators.snapshots import (
    answers,
    examples_of,
    file,
    questions_of,
    read,
    said,
    snapshot,
    troubles,
)
from tests.generators.taught import assert_no_constant_answer_scores, assert_taught

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
TITLES = {"map": "Draw the map", "ramp": "Book the ramp", "page": "Draw the page", "kiosk": "Take cards"}
ORDER = "In which order should we finish the open goals, dependencies first, then priority, then deadline?"


def answers_from(tmp_path, table: str, name: str = "goals.yaml") -> dict[str, str]:
    """Question -> answer, of a table of goals."""
    return answers(examples_of("goal_examples", snapshot(tmp_path, goals=file(tmp_path, name, table))))


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    return answers_from(tmp_path, GOALS)


def of(told: dict[str, str], kind: str, goal: str, **slots: str) -> str:
    """The answer to a kind of question about a goal."""
    return said(told, ASK[kind], id=goal, title=TITLES.get(goal, goal.upper()), **slots)


def test_the_next_step(told):
    assert of(told, "next", "ramp") == "Show the ramp."
    assert (
        of(told, "next", "page")
        == "Start it: nothing is in its way, and no steps are written down for page yet."
    )
    assert of(told, "next", "kiosk") == "Nothing yet: ramp is not done (active) and the network says no."
    assert of(told, "next", "map") == "None: map is done."


def test_what_is_blocked_and_why(told):
    assert of(told, "blocked", "kiosk") == "Yes: ramp is not done (active) and the network says no."
    assert of(told, "blocked", "ramp") == "No: nothing is in its way, its dependencies are done."
    assert (
        told["What is blocked right now, and why?"]
        == "- kiosk: ramp is not done (active) and the network says no"
    )
    assert of(told, "freed", "ramp") == "Nothing at once: kiosk still waits because the network says no."


def test_what_comes_first(told):
    assert told["What should tickets do next?"] == "ramp: show the ramp. It is priority 1 and due 2026-12-11."
    assert told[ORDER] == "1. ramp\n2. page\n3. kiosk"


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
            assert set(order) <= named and (
                order.index("ramp") < order.index("kiosk") if {"ramp", "kiosk"} <= set(order) else True
            )


def test_a_circle_is_named_and_has_no_order(tmp_path):
    table = (
        "goals:\n- {id: a, title: A, state: active, depends_on: [b]}\n- {id: b, title: B, state: active,"
        " depends_on: [c]}\n"
    )
    table += (
        "- {id: c, title: C, state: active, depends_on: [a]}\n- {id: d, title: D, state: active, depends_on:"
        " [a]}\n- {id: e, title: E, state: done}\n"
    )
    told = answers_from(tmp_path, table)
    assert told["Do any goals wait for each other in a circle?"] == "Yes: a waits for b, b for c and c for a."
    assert told[ORDER] == "There is no such order: a waits for b, b for c and c for a."
    assert of(told, "way", "d").startswith(
        "There is no way as it stands: a waits for b, b for c and c for a."
    )
    assert told["What should we do next?"].startswith("Nothing can go on. a: b is not done (active)")


def test_a_goal_that_waits_for_itself():
    goals = {"a": Goal("a", "A", "active", "", depends_on=("a",))}
    assert (circle(["a"], goals), order(["a"], goals), ready(goals)) == (["a"], None, [])
    assert chain(["a"]) == "a waits for itself"


def test_a_plan_has_what_a_goal_rests_on_in_order(told):
    assert of(told, "way", "kiosk") == "1. ramp: show the ramp\n2. kiosk"


def test_lateness_in_days(told):
    assert of(told, "late", "page", day="2026-11-23") == "Yes, by 10 days: it was due 2026-11-13."
    assert of(told, "late", "ramp", day="2026-11-23") == "No: it is due 2026-12-11, in 18 days."


def test_a_deadline_before_that_of_a_dependency_cannot_hold(tmp_path):
    table = (
        "goals:\n- {id: a, title: A, state: active, deadline: 2026-12-01, depends_on: [b]}\n- {id: b, title:"
        " B, state: active, deadline: 2026-12-20}\n"
    )
    told = answers_from(tmp_path, table)
    assert of(told, "keeps", "a") == "No: it is due 2026-12-01, but needs b (due 2026-12-20)."


def test_what_is_not_so_is_corrected(told):
    assert of(told, "start", "kiosk") == "No: ramp is not done (active) and the network says no."
    assert of(told, "not_theirs", "page", other="tickets") == "No, it belongs to control."
    assert of(told, "owner", "map") == "Nobody's: no owner is written down for map."


def test_the_same_table_as_csv_with_a_trackers_words(tmp_path):
    table = "key,summary,status,priority,assignee,due,dependencies,blocker,tasks\n"
    table += "map,Draw the map,Closed,2,,,,,\n"
    table += "ramp,Book the ramp,In progress,P1,tickets,2026-12-11,map,,[x] add the flag;[ ] show the ramp\n"
    table += "kiosk,Take cards,on hold,3,tickets,,ramp; map,the network says no,\n"
    told = answers_from(tmp_path, table, "goals.csv")
    assert of(told, "next", "ramp") == "Show the ramp."
    assert of(told, "blocked", "kiosk") == "Yes: ramp is not done (active) and the network says no."
    assert of(told, "done", "ramp") == "1 of 2 steps are done; left: show the ramp."


def test_the_probe_asks_in_a_wording_that_is_never_trained(tmp_path):
    path = file(tmp_path, "goals.yaml", GOALS)
    asked = list(questions_of("goal_examples", snapshot(tmp_path, goals=path)))
    made = list(examples_of("goal_examples", snapshot(tmp_path, goals=path)))
    assert {(q.kind, q.subject, q.accept[0]) for q in asked} == {
        ("deadline_of", "ramp", "2026-12-11"),
        ("deadline_of", "page", "2026-11-13"),
        ("step_of", "ramp", "show the ramp"),
        ("owner_of", "kiosk", "tickets"),
        ("owner_of", "page", "control"),
    }
    assert_taught(asked, made)


def test_no_constant_answer_scores_on_the_samples(tmp_path):
    asked = list(questions_of("goal_examples", snapshot(tmp_path, goals=str(SAMPLES / "goals.yaml"))))
    assert len(asked) == 10
    assert_no_constant_answer_scores(asked, " ".join(q.accept[0] for q in asked))


def test_new_and_changed_goals_come_first(tmp_path):
    path = file(tmp_path, "goals.yaml", GOALS)
    first = snapshot(tmp_path, goals=path)
    list(examples_of("goal_examples", first))
    file(
        tmp_path,
        "goals.yaml",
        GOALS.replace(
            "state: active, priority: 2, owner: control", "state: waiting, priority: 2, owner: control"
        ),
    )
    second = snapshot(tmp_path, goals=path)
    second.previous = read(first)
    made = [
        row
        for row in examples_of("goal_examples", second)
        if (row.source.ref or "").endswith(("#map", "#ramp", "#page", "#kiosk"))
    ]
    made = [row for row in made if not (row.model_extra or {}).get("probe")]
    assert {row.source.ref.rpartition("#")[2] for row in made[:8]} == {"page"}


def test_goals_that_a_question_brings_along_are_shown_in_several_forms(tmp_path):
    told = [
        row.prompt()
        for row in examples_of(
            "goal_examples", snapshot(tmp_path, limit=3000, goals=str(SAMPLES / "goals.yaml"))
        )
    ]
    marks = (
        "- ramp-booking: active",
        '{"goal": "ramp-booking"',
        '  - goal: "ramp-booking"',
        "| ramp-booking |",
    )
    assert all(any(mark in ask for ask in told) for mark in marks)


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")), max_size=6))
def test_either_an_order_or_a_circle(table):
    goals = {
        name: Goal(name, name, "active", "", depends_on=tuple(sorted(others & table.keys())))
        for name, others in table.items()
    }
    plan, found = order(list(goals), goals), circle(list(goals), goals)
    assert (plan is None) == bool(found)
    for name, following in zip(found, [*found[1:], *found[:1]], strict=True):
        assert following in goals[name].depends_on
    if plan is not None:
        assert all(
            plan.index(other) < plan.index(name) for name, goal in goals.items() for other in goal.depends_on
        )


def test_a_broken_goal_costs_itself_alone(tmp_path):
    table = "goals:\n- {id: a, title: A, state: active, depends_on: [ghost], owner: ada}\n"
    table += (
        "- {id: z, title: Z, state: active, deadline: soon}\n- {id: b, title: B, state: brisk}\n- just"
        " text\n- {id: c, title: C, state: done}\n- {id: c, title: C, state: active}\n"
    )
    seen = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", table))
    told = answers(examples_of("goal_examples", seen))
    assert of(told, "state", "a") == "Active."
    assert of(told, "state", "b") == "Brisk."
    assert of(told, "blocked", "z") == "No: nothing is in its way."
    # What a depends on may be in its way, and of c the table says two things.
    assert not [ask for shape in ASK["blocked"] if (ask := shape.format(id="a", title="A")) in told]
    assert not [ask for shape in ASK["state"] if (ask := shape.format(id="c", title="C")) in told]
    assert troubles(seen) == {
        "goal depends on an unknown goal": 1,
        "goal named twice": 1,
        "goal without id, title or known state": 1,
        "not a record": 1,
        "goal with a deadline that is no date (YYYY-MM-DD)": 1,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("goals: [", "not YAML"),
        ("a: &a [*a]\ngoals: *a", "YAML that unfolds into too much"),
        (b"\x80\xff: 1", "invalid UTF-8"),
    ],
)
def test_an_unreadable_table_is_counted_and_skipped(tmp_path, text, reason):
    seen = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", text))
    with pytest.raises(Skipped, match="no goal can be read of"):
        list(examples_of("goal_examples", seen))
    assert troubles(seen)[reason] == 1


def test_json_and_json_lines_are_read_alike(tmp_path):
    goal = '{"id": "a", "title": "A", "state": "active"}'
    for name, text in (
        ("g.json", f'{{"goals": [{goal}]}}'),
        ("list.json", f"[{goal}]"),
        ("g.jsonl", f"{goal}\n{{torn"),
    ):
        seen = snapshot(tmp_path, goals=file(tmp_path, name, text))
        assert said(answers(examples_of("goal_examples", seen)), ASK["state"], id="a", title="A") == "Active."


def test_skipped_without_goals(tmp_path):
    with pytest.raises(Skipped, match="sources.goals names no file"):
        list(examples_of("goal_examples", snapshot(tmp_path)))
    with pytest.raises(Skipped, match="which is not there"):
        list(examples_of("goal_examples", snapshot(tmp_path, goals="nowhere.yaml")))


def test_no_plan_leads_to_a_goal_that_needs_a_dropped_one(tmp_path):
    told = answers_from(
        tmp_path,
        """
goals:
  - {id: web, title: Cache the tiles, state: planned, depends_on: [idx, disks]}
  - {id: idx, title: Move the index, state: active}
  - {id: disks, title: Buy the disks, state: dropped}
""",
    )
    assert (
        said(told, ASK["way"], id="web", title="Cache the tiles")
        == "There is no way as it stands: web needs disks, which is dropped."
    )
