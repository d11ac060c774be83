"""Goals in full: plans with reasons and a fall-back, and nothing that was not read."""

import pytest

from autodidact.generators.goal_examples import full
from autodidact.generators.goal_examples.goal_checklists import checklist
from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.goal_examples.obstacle_phrases import in_the_way, why
from autodidact.generators.goal_examples.parse_goal_fields import listed
from autodidact.records import Example
from tests.generators.snapshots import FULL, examples_of, file, snapshot

TABLE = """
goals:
  - {id: pay, title: Take cards, state: active, priority: 1, owner: money, deadline: 2026-12-04,
     steps: [{do: add a key, done: true}, {do: raise the timeout, done: false}, {do: replay a day, done: false}]}
  - {id: kiosk, title: Cards at kiosks, state: blocked, priority: 2, owner: money, deadline: 2027-02-26,
     depends_on: [pay], blockers: [the network has not agreed]}
  - {id: page, title: Show punctuality, state: active, priority: 3, owner: tower, deadline: 2026-11-13,
     steps: [{do: draw it, done: false}]}
  - {id: old, title: Print on paper, state: dropped, priority: 3, owner: tower}
"""


def rows_of(tmp_path, table: str = TABLE) -> dict[str, list[Example]]:
    made = snapshot(tmp_path, goals=file(tmp_path, "goals.yaml", table), settings=FULL)
    rows: dict[str, list[Example]] = {}
    for row in examples_of("goal_examples", made):
        kind = "probe" if (row.model_extra or {}).get("probe") else row.source.ask
        rows.setdefault(kind, []).append(row)
    return rows


@pytest.fixture
def rows(tmp_path) -> dict[str, list[Example]]:
    return rows_of(tmp_path)


def answer(rows, kind: str) -> str:
    (row,) = rows[kind]
    return row.response()


def test_what_comes_next_is_said_with_what_follows_it(rows):
    assert "raise the timeout" in answer(rows, "next")
    assert "draw it" in answer(rows, "next_last")


def test_a_blocked_goal_says_why_and_what_can_be_done_meanwhile(rows):
    said = answer(rows, "blocked")
    assert (
        'its blocker is "the network has not agreed", and it needs `pay`, which is not finished yet' in said
    )


def test_a_wrong_premise_is_corrected(rows):
    premise = answer(rows, "premise")
    assert (
        'its blocker is "the network has not agreed", and it needs `pay`, which is not finished yet'
        in premise
    )
    theirs = {row.source.ref.rpartition("#")[2]: row.response() for row in rows["not_theirs"]}
    assert theirs["pay"].count("money") and "tower" in rows["not_theirs"][0].prompt() + theirs["pay"]


def test_what_is_sorted_by_priority_says_it(rows):
    sorted_ = [row.response() for row in rows["plan"] if "by priority" in row.prompt()]
    first = '1. `pay`, "Take cards" (`money`, due 2026-12-04, priority 1); next step: "raise the timeout"'
    assert sorted_ and all(first in said for said in sorted_)


def test_a_wrong_owner_is_corrected_in_the_words_of_the_question(rows):
    for row in rows["not_theirs"]:
        assert ("put" in row.prompt()) == ("put down" in row.response())
        assert ("confirm" in row.prompt()) == ("cannot confirm" in row.response())


def test_one_goal_that_comes_first_is_named_without_an_order_and_without_the_goal_itself(rows):
    (row,) = rows["way_one"]
    assert "order" not in row.prompt() and row.response().count("\n") == 0
    assert '`pay`, "Take cards" (`money`, due 2026-12-04); next step: "raise the timeout"' in row.response()
    assert '`kiosk`, "Cards at kiosks"' not in row.response()
    assert 'besides: the blocker of `kiosk`, "the network has not agreed".' in row.response()


def test_what_depends_on_a_goal_is_named(rows):
    assert '`kiosk` ("Cards at kiosks", due 2027-02-26)' in answer(rows, "depend")


def test_late_is_counted_to_the_end_of_the_window(rows):
    assert "10 days" in answer(rows, "late")
    assert {row.source.ref.rpartition("#")[2] for row in rows["in_time"]} == {"pay", "kiosk"}


def test_progress_tells_begun_from_not_begun(rows):
    assert "1 of 3 steps" in answer(rows, "status") and "add a key" in answer(rows, "status")
    assert "only" in answer(rows, "status_none") and "draw it" in answer(rows, "status_none")


def test_a_goal_that_is_over_is_not_planned(rows):
    assert "dropped" in answer(rows, "closed")


def test_that_a_goal_is_over_is_said_once(tmp_path, monkeypatch):
    monkeypatch.setattr(full, "FOLLOWING", 1.0)
    (row,) = rows_of(tmp_path)["closed"]
    assert [one["role"] for one in row.messages if one["role"] != "system"] == ["user", "assistant"]


def test_a_fact_of_the_probe_is_taught_in_whole_sentences(rows):
    dated = [row for row in rows["probe"] if "`pay`" in row.response() and "2026-12-04" in row.response()]
    assert len(dated) == 4 and all(len(row.response().split()) > 5 for row in dated)


def test_a_deadline_is_given_with_the_day_on_which_it_is_past_and_with_what_holds_the_goal_up(rows):
    said = [row.response() for row in rows["probe"]]
    page = [text for text in said if "2026-11-13" in text and "`page`" in text]
    assert page and all(
        text.endswith(" As of 2026-11-23 that date has passed, and the goal is still open.") for text in page
    )
    kiosk = [text for text in said if "2027-02-26" in text and "`kiosk`" in text]
    held = ' `kiosk` is held up: its blocker is "the network has not agreed", and it needs `pay`'
    assert kiosk and all(held in text and "has passed" not in text for text in kiosk)
    assert not [text for text in said if "2026-12-04" in text and ("has passed" in text or "held up" in text)]


def test_what_needs_the_whole_table_is_not_said_of_a_part(tmp_path):
    whole = {"depend", "plan", "standup", "missed", "stuck"}
    assert whole <= rows_of(tmp_path).keys()
    assert whole.isdisjoint(rows_of(tmp_path, TABLE + "  - {id: lost, title: }\n"))


def test_whoever_takes_over_hears_all_that_the_table_has_and_what_to_do_first(rows):
    said = {row.source.ref.rpartition("#")[2]: row.response() for row in rows["handover"]}
    assert said["kiosk"].endswith(
        "- Owner `money`, due 2027-02-26, priority 2.\n"
        '- Held up: its blocker is "the network has not agreed", and it needs `pay`, which is not finished yet.\n'
        '- Can go on meanwhile: `pay` ("Take cards"); the next step there is "raise the timeout".\n'
        "- No steps are written down yet."
    )
    assert said["pay"].endswith(
        "- Owner `money`, due 2026-12-04, priority 1.\n"
        '- Done: "add a key".\n'
        '- Next: "raise the timeout", then "replay a day".\n'
        '- Depends on it: `kiosk` ("Cards at kiosks", due 2027-02-26).'
    )


def test_a_goal_of_which_nothing_is_known_but_its_frame_is_not_handed_over(tmp_path):
    rows = rows_of(tmp_path, TABLE + "  - {id: bare, title: Write it down, state: active, priority: 2}\n")
    assert not [row for row in rows["handover"] if row.source.ref.endswith("#bare")]


def test_an_order_of_work_does_not_leave_out_what_waits(rows):
    for row in [*rows["plan"], *rows["standup"]]:
        if "money" in row.prompt() and "Sort" not in row.prompt():
            assert "Can go on:\n\n- `pay`" in row.response()
            assert 'Held up:\n\n- `kiosk` ("Cards at kiosks", due 2027-02-26): its blocker' in row.response()


def test_a_blocked_goal_is_helped_by_the_one_that_it_waits_for(rows):
    assert all('"raise the timeout"' in row.response() for row in [*rows["blocked"], *rows["premise"]])


STEPS = """
goals:
  - {id: carts, title: Scan every cart, state: active, owner: yard, deadline: 2026-12-18,
     steps: [{do: print labels, done: true}, {do: train the night shift, done: false}, {do: drop the list, done: false}]}
  - {id: room, title: Reopen the room, state: blocked, owner: yard, deadline: 2027-02-12,
     blockers: [missing approval of the inspector]}
  - {id: returns, title: Take packages back, state: active, owner: yard, steps: [{do: write the rule, done: true}]}
"""


def test_whoever_asks_what_is_left_hears_all_of_it(tmp_path):
    (status,) = [row for row in rows_of(tmp_path, STEPS)["status"] if row.source.ref.endswith("#carts")]
    assert '"train the night shift"' in status.response() and '"drop the list"' in status.response()


def test_a_blocker_is_quoted(tmp_path):
    rows = rows_of(tmp_path, STEPS)
    assert 'its blocker is "missing approval of the inspector"' in answer(rows, "blocked")


def test_the_date_of_a_goal_that_is_held_up_is_not_told_without_that(tmp_path):
    (room,) = [row for row in rows_of(tmp_path, STEPS)["in_time"] if row.source.ref.endswith("#room")]
    assert "missing approval of the inspector" in room.response()


def test_a_goal_with_all_steps_done_is_handed_over_as_that(tmp_path):
    (returns,) = [row for row in rows_of(tmp_path, STEPS)["handover"] if row.source.ref.endswith("#returns")]
    assert returns.response().endswith("- Every step that is written down is done.")


def test_what_two_goals_have_in_common_is_said_once():
    goals = {
        name: Goal(name, name.title(), state, name, depends_on=tuple(needs))
        for name, state, needs in (
            ("pay", "active", []),
            ("page", "active", []),
            ("kiosk", "blocked", []),
            ("all", "planned", ["pay", "kiosk", "page"]),
        )
    }
    assert in_the_way(goals["all"], goals) == [
        "it needs `pay` and `page`, which are not finished yet, and `kiosk`, which is itself blocked"
    ]


def test_a_reason_that_is_an_event_is_no_length_of_time(tmp_path):
    """ "As long as the council decides on 8 December" says nothing."""
    event = STEPS.replace("missing approval of the inspector", "the council decides on 8 December")
    said = " ".join(row.response() for made in rows_of(tmp_path, event).values() for row in made)
    assert "the council decides on 8 December" in said and "as long as" not in said.lower()


BEGUN = """
goals:
  - {id: receipt, title: One receipt, state: waiting, owner: kitchen, blockers: [the tax adviser answers in May]}
  - {id: menu, title: Order below, state: %s, owner: kitchen, depends_on: [receipt], deadline: 2026-03-20,
     steps: [{do: short menu, done: %s}, {do: QR on the pass, done: false}]}
"""


@pytest.mark.parametrize(("done", "begun"), [("true", True), ("false", False)])
def test_nobody_starts_with_what_has_begun(tmp_path, done, begun):
    made = rows_of(tmp_path, BEGUN % ("planned", done))
    asked = [row.prompt() for row in made["premise"] if row.source.ref.endswith("#menu")]
    assert asked and all((" start" in ask) is not begun for ask in asked)


def test_what_is_active_is_not_said_to_wait_for_what_it_depends_on(tmp_path):
    made = rows_of(tmp_path, BEGUN % ("active", "true"))
    short = ("blocked", "premise", "late", "status")
    assert not [row for kind in short for row in made.get(kind, ()) if row.source.ref.endswith("#menu")]
    (menu,) = [row.response() for row in made["handover"] if row.source.ref.endswith("#menu")]
    assert "- Active, though it needs `receipt`, which is itself waiting.\n" in menu
    held = 'Held up:\n\n- `receipt` ("One receipt", marked waiting): its blocker is "the tax adviser answers in May"'
    line = '- `menu` ("Order below", due 2026-03-20): it needs `receipt`, which is itself waiting'
    assert [row for row in made["stuck"] if row.response().startswith(held) and row.response().endswith(line)]


def test_the_plan_to_a_goal_says_what_is_in_the_way_from_outside(tmp_path):
    (row,) = rows_of(tmp_path, BEGUN % ("active", "true"))["way_one"]
    assert row.response().endswith(
        ' In the way besides: the blocker of `receipt`, "the tax adviser answers in May".'
    )


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("[\"no licence\", 'late']", ["no licence", "late"]),
        (["ESB said March, now 'Q4'"], ["ESB said March, now 'Q4'"]),
    ],
)
def test_only_quotation_marks_around_a_whole_text_are_no_part_of_it(cell, texts):
    assert listed(cell, ";") == texts


def test_where_no_day_is_named_no_date_is_said_to_be_past(rows):
    texts = [
        (row.prompt(), row.response()) for kind in ("plan", "standup", "way") for row in rows.get(kind, ())
    ]
    lines = [say for ask, say in texts if "`page`, " in say and "2026-11-23" not in ask]
    assert lines and all('`page`, "Show punctuality" (`tower`, due 2026-11-13' in say for say in lines)
    assert not [say for _, say in texts if "was due" in say]
    assert [row for row in rows["late"] if "2026-11-23" in row.prompt()]


def test_of_a_goal_that_is_held_up_the_time_left_is_not_told_without_that(tmp_path):
    table = BEGUN % ("planned", "true")
    rows = rows_of(tmp_path, table.replace("2026-03-20", "2027-03-20"))["in_time"]
    assert [row for row in rows if "it needs `receipt`, which is itself waiting" in row.response()]


CHAIN = """
goals:
  - {id: one, title: First, state: active}
  - {id: two, title: Second, state: planned, depends_on: [one]}
  - {id: three, title: Third, state: planned, depends_on: [two]}
"""


def test_what_depends_on_a_goal_through_another_is_named_too(tmp_path):
    said = {
        row.source.ref.rpartition("#")[2]: row.response() for row in rows_of(tmp_path, CHAIN)["depend_far"]
    }
    direct, _, far = said["one"].partition("hrough another goal")
    assert "`two`" in direct and "`three`" not in direct and "`three`" in far


def test_a_plan_has_its_order_and_lists_the_goal_itself_only_where_that_is_asked(tmp_path):
    four = CHAIN + "  - {id: four, title: Fourth, state: planned, depends_on: [three]}\n"
    found = {row.source.ref.rpartition("#")[2]: row for row in rows_of(tmp_path, four)["way"]}
    assert found.keys() == {"three", "four"}
    for name, row in found.items():
        at_the_end = "with it at the end" in row.prompt()
        assert '1. `one`, "First"\n2. `two`, "Second"' in row.response()
        assert "`two` needs `one`" in row.response()
        assert (f". `{name}`," in row.response()) is at_the_end


def test_what_the_table_marks_a_goal_as_is_said_before_what_it_needs():
    goals = {
        "dispo": Goal("dispo", "Switch it off", "blocked", "dispo"),
        "rooms": Goal("rooms", "Flats", "waiting", "rooms", depends_on=("dispo",)),
    }
    assert why(goals["rooms"], goals) == (
        "the table marks it as waiting, and it needs `dispo`, which is itself blocked"
    )
    assert why(goals["dispo"], goals) == "the table marks it as blocked"


def test_what_can_go_on_for_a_goal_is_said_with_what_needs_it(tmp_path):
    chain = CHAIN.replace("title: First, state: active}", "title: First, state: active, steps: [{do: dig}]}")
    for kind in ("blocked", "premise"):
        said = {row.source.ref.rpartition("#")[2]: row.response() for row in rows_of(tmp_path, chain)[kind]}
        assert '`one` ("First"), which `two` needs' in said["three"]
        assert "which `two` needs" not in said["two"] and '`one` ("First")' in said["two"]


def test_one_goal_is_not_sorted(rows):
    sorted_ = [row for row in rows["plan"] if "Sort" in row.prompt()]
    assert all("1. `pay`" in row.response() and "2. `page`" in row.response() for row in sorted_)


def test_a_question_for_yes_or_no_is_answered_by_that(rows):
    asked = [row for kind in ("blocked", "premise", "closed") for row in rows[kind]]
    for row in asked:
        if row.prompt().startswith(("Does ", "I would ", "Can ", "Shall ", "Should ")):
            assert row.response().startswith(("Yes", "No", "Not"))


def test_a_first_turn_says_what_a_goal_is_marked_as(tmp_path):
    first = [
        row.messages[-3]["content"]
        for made in rows_of(tmp_path).values()
        for row in made
        if len(row.messages) > 3
    ]
    kiosk = '`kiosk` is "Cards at kiosks": owner `money`, due 2027-02-26, priority 2, marked blocked.'
    assert {text for text in first if text.startswith("`kiosk`")} <= {kiosk} and first


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (
            {"do": "colour the tile (amber 0.5 %", "red 2 %)": None, "done": False},
            "colour the tile (amber 0.5 %, red 2 %)",
        ),
        ({"do": "replay a day", "owner": None, "done": False}, "replay a day"),
    ],
)
def test_a_step_that_yaml_cuts_at_its_comma_is_read_whole(step, text):
    assert checklist([step]).steps == ((text, False),)


def test_what_is_active_alone_is_not_asked_for_as_held_up(tmp_path):
    made = rows_of(tmp_path, BEGUN % ("active", "true"))
    alone = [row for row in made["stuck"] if not row.response().startswith("Held up:")]
    assert all("something in the way" in row.prompt() for row in alone)


def test_two_goals_that_do_not_need_each_other_have_no_order(tmp_path):
    both = CHAIN.replace("depends_on: [one]", "depends_on: []").replace("[two]", "[one, two]")
    assert "way" not in rows_of(tmp_path, both) and "way" in rows_of(tmp_path, CHAIN)


def test_what_has_not_begun_can_start_and_not_go_on(tmp_path):
    table = TABLE + "  - {id: map, title: Draw the map, state: planned, owner: tower}\n"
    (row,) = [row for row in rows_of(tmp_path, table)["standup"] if "`tower`" in row.prompt()]
    going, _, new = row.response().partition("Can start:")
    assert going.startswith("Can go on:") and "`page`" in going and "`map`" not in going
    assert new.startswith('\n\n- `map`, "Draw the map" (`tower`)')


def test_only_open_goals_are_asked_for_and_one_alone_is_no_round(rows):
    asked = [row.prompt() for row in rows["standup"]]
    assert asked and not [ask for ask in asked if "`tower`" in ask]
    assert not [ask for ask in asked if "How do the goals" in ask]


@pytest.mark.parametrize(
    ("step", "plain"),
    [
        ("Sankt Lutz still wants fax", False),
        ("swap at night with generator standing by", False),
        ("convert Kessarn (firmware 4.1 first!)", False),
        ("write the template for Haltwil", True),
    ],
)
def test_nobody_is_sent_to_a_step_that_is_worded_as_an_obstacle(tmp_path, step, plain):
    goal = f'  - {{id: fax, title: Drop the fax, state: active, owner: paper, depends_on: [], steps: ["{step}"]}}\n'
    rows = rows_of(tmp_path, "goals:\n" + goal)
    said = [row.response() for kind in ("next", "next_last") for row in rows.get(kind, [])]
    assert bool([text for text in said if step in text]) is plain


SPACES = """
goals:
  - {id: Cache the tiles, title: Cache the tiles of the map, state: planned, depends_on: [Move the index, Buy disks]}
  - {id: Move the index, title: Move the index away, state: active}
  - {id: Buy disks, title: Buy the disks, state: dropped}
  - {id: Light the pier, title: Light the pier at night, state: planned, depends_on: [Move the index]}
"""


def test_a_goal_whose_name_has_spaces_is_named_as_what_is_in_the_way(tmp_path):
    rows = rows_of(tmp_path, SPACES)
    held = [row for row in rows["blocked"] if row.source.ref.endswith("#Cache the tiles")]
    assert all("`Move the index`, which is not finished yet" in row.response() for row in held) and held
    assert "marks it as" not in " ".join(row.response() for made in rows.values() for row in made)


def test_what_has_to_be_finished_before_names_what_was_dropped(tmp_path):
    """The goal that is left is not "only" what it needs: the way to it is not clear."""
    said = {row.source.ref.rpartition("#")[2]: row.response() for row in rows_of(tmp_path, SPACES)["way_one"]}
    assert "`Cache the tiles` needs `Buy disks`, which was dropped" in said["Cache the tiles"]
    assert "dropped" not in said["Light the pier"]
