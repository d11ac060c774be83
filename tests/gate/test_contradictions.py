import random

import pytest

from autodidact.gate import contradictions
from autodidact.gate.compact_examples import mark
from autodidact.gate.contradictions import OTHERWISE, OUTDATED
from autodidact.gate.rule import Drop
from autodidact.records import example

ASKED = "On which port does booking listen?"


def made(question, answer, time=None, **extra):
    return example(
        "ast_parser", "architecture", question, answer, {"kind": "git", "ref": "x"}, time=time, **extra
    )


def settle(*examples):
    lines = [one.line() for one in examples]
    return contradictions.settle(mark(examples, lines), lines.__getitem__)


def test_two_answers_of_one_time_are_both_dropped_and_name_each_other():
    one, other = made(ASKED, "8101"), made(ASKED, "9001")
    assert settle(one, other) == {0: Drop(OTHERWISE, other.id), 1: Drop(OTHERWISE, one.id)}


def test_only_the_older_one_is_dropped_where_both_times_are_known():
    old = made(ASKED, "8101", "2026-11-01T00:00:00Z")
    new = made(ASKED, "9001", "2026-11-02T00:00:00Z")
    assert settle(old, new) == {0: Drop(OUTDATED, new.id)} == settle(old, new)
    assert settle(new, old) == {1: Drop(OUTDATED, new.id)}


def test_an_unknown_time_is_not_an_old_one():
    unknown, new = made(ASKED, "8101"), made(ASKED, "9001", "2026-11-02T00:00:00Z")
    assert settle(unknown, new) == {0: Drop(OTHERWISE, new.id), 1: Drop(OTHERWISE, unknown.id)}


def test_what_is_replayed_is_older_whatever_the_dates():
    replayed = made(ASKED, "8101", "2026-11-03T00:00:00Z", replay_of="2026-11-22T0000Z")
    made_now = made(ASKED, "9001", "2026-11-01T00:00:00Z")
    assert settle(replayed, made_now) == {0: Drop(OUTDATED, made_now.id)}


def test_all_sides_of_three_are_dropped_and_those_that_agree_with_each_other_too():
    rows = [made(ASKED, "8101"), made(ASKED, "Port 8101."), made(ASKED, "9001")]
    assert set(settle(*rows)) == {0, 1, 2}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8101", "It listens on port 8101."),
        ("Yes.", "yes"),
        ("In `a.py`.", "It is defined in `a.py`."),
        ("No", "No: it waits for payments."),
        ("The scheduler.", "the   scheduler"),
        ("Ask the scheduler first.", "Ask scheduler first."),
        ("Open `fares.py`, it is there.", "Open fares.py, it is there."),
        ("It is `Order`.", "It is Order."),
        ("It's the crew team.", "It is the crew team."),
        ("It\u2019s the crew team\u2019s job.", "It's the crew team's job."),
        ("It is called \u201cquay\u201d here.", 'It is called "quay" here.'),
        ("The quay has 1,200 metres.", "The quay has 1200 metres."),
        ("1. Open the door.\n2. Start it.", "- Open the door.\n- Start it."),
        ("Pier two and pier five are closed.", "Pier five and pier two are closed."),
        ("**The crew team** owns it.", "The crew team owns it."),
        ("The token expires after 120 seconds.", "The token expires after two minutes."),
        ("90 minutes", "It takes 1.5 hours."),
        ("It waits 500ms.", "It waits 0.5 s."),
        ("A 30-second wait", "A thirty-second wait"),
        ("One upload has at most 20 MB.", "One upload has at most 20 megabytes."),
        ("20 mb", "At most 20 MB."),
    ],
)
def test_the_same_in_other_words_agrees(one, other):
    assert settle(made(ASKED, one), made(ASKED, other)) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("payments", "payments and booking"),
        ("payments", "payments, booking"),
        ("Yes.", "No."),
        ("the scheduler", "not the scheduler"),
        ("a < b", "a <= b"),
        ("`Job`", "`job`"),
        ("3", "13"),
        ("Port 8104", "It isn't port 8104."),
        ("It reads the list", "I doubt that it reads the list"),
        ("Yes, it reads the list", "It is false to say: yes, it reads the list"),
        ("They wait in the pier", "They wait in the pier until May then in the yard"),
        ("Die Datei `a.md`", "Nicht mehr die Datei `a.md` sondern `b.md`"),
        ("le port 8104", "ce n'est pas le port 8104"),
        ("X calls Y and Z", "Z calls Y and X"),
        ("1.2", "1,200"),
        ("It is plan A.", "It is plan B."),
        ("A is right.", "B is right."),
        ("3. May\n4. June", "4. May\n5. June"),
        ("120 seconds", "120 minutes"),
        ("two minutes", "three minutes"),
        ("20 megabytes", "It is 20 Mb."),
        ("20 MB", "20 MiB"),
        ("1 GB", "1000 MB"),
        ("10-20 minutes", "10-1200 seconds"),
    ],
)
def test_more_less_or_something_else_contradicts(one, other):
    assert set(settle(made(ASKED, one), made(ASKED, other))) == {0, 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Which port does booking use?", "which port  does Booking use"),
        ("Who calls `run`?", "who calls `run`"),
    ],
)
def test_layout_case_and_punctuation_of_prose_make_no_other_question(one, other):
    assert set(settle(made(one, "8101"), made(other, "9001"))) == {0, 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Is this right?\nif a < b:", "Is this right?\nif a <= b:"),
        ("Who calls `run`?", "Who calls `Run`?"),
        ("What does the class Order stand for?", "What does the class order stand for?"),
        ("What does `a.py` define?", "What does `b.py` define?"),
    ],
)
def test_what_differs_in_code_is_another_question(one, other):
    assert settle(made(one, "yes"), made(other, "no")) == {}


def test_two_values_of_one_fact_contradict_in_different_wordings():
    one = made("Which port does `booking` listen on?", "8101", probe="f1")
    other = made("On what port is `booking` reached?", "9001", probe="f1")
    apart = made("On what port is `payments` reached?", "9001", probe="f2")
    assert settle(one, other, apart) == {0: Drop(OTHERWISE, other.id), 1: Drop(OTHERWISE, one.id)}


def test_sentences_around_one_value_of_a_fact_do_not_contradict_each_other():
    ask, review = "Which port does `booking` listen on?", "Is 9001 right for `booking`?"
    one = made(ask, "It listens on 8101.", probe="f1", states="8101")
    other = made(review, "No, `booking` has port 8101.", probe="f1", states="8101")
    assert settle(one, other) == {}


def test_sentences_that_state_two_values_of_a_fact_contradict_each_other():
    one = made("Where is `booking`?", "Look into `a.py` for it.", probe="f1", states="a.py")
    other = made("Which file has `booking`?", "You find it in `b.py`.", probe="f1", states="b.py")
    bare = made("In which file is `booking`?", "a.py", probe="f1")
    assert settle(one, other, bare) == {0: Drop(OTHERWISE, other.id), 1: Drop(OTHERWISE, one.id)}


def test_the_order_of_the_rows_makes_no_difference():
    rng = random.Random(7)
    times = (None, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")
    rows = [
        made(f"Question {rng.randrange(12)}?", f"answer {rng.randrange(3)}", rng.choice(times))
        for _ in range(80)
    ]
    expected = {rows[row].id: drop for row, drop in settle(*rows).items()}
    shuffled = rng.sample(rows, len(rows))
    assert {shuffled[row].id: drop for row, drop in settle(*shuffled).items()} == expected


def test_a_question_with_very_many_answers_has_none():
    rows = [made(ASKED, f"{number}") for number in range(200)]
    assert len(settle(*rows)) == 200
