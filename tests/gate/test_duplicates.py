from autodidact.gate import duplicates
from autodidact.gate.compact_examples import mark
from autodidact.gate.rule import Drop
from autodidact.records import example

LONG = (
    "The scheduler takes the oldest job of the queue, asks the store for its lease, runs it in a process of"
    " its own and writes down what came out; when the lease has expired it leaves the job to the next worker"
    " and counts the loss."
)


def made(question, answer, time=None, generator="ast_parser", **extra):
    return example(
        generator, "architecture", question, answer, {"kind": "git", "ref": "x"}, time=time, **extra
    )


def settle(*examples):
    return duplicates.settle(mark(examples, [one.line() for one in examples]), None)


def exact(one):
    return Drop("the same question, answered by a newer example", one.id)


def near(one):
    return Drop("nearly the same as a newer example", one.id)


def test_the_newer_answer_to_a_question_stays():
    old, new = (
        made("Where is it?", "In a.py.", "2026-11-01T00:00:00Z"),
        made("Where is it?", "In b.py.", "2026-11-02T00:00:00Z"),
    )
    assert settle(new, old) == {1: exact(new)} and settle(old, new) == {0: exact(new)}
    assert settle(new, new) in ({0: Drop("the same example", new.id)}, {1: Drop("the same example", new.id)})


def test_what_this_cycle_made_stays_before_what_is_replayed_whatever_the_dates():
    refreshed = made("Where is it?", "In a.py.", "2026-01-01T00:00:00Z")
    replayed = made("Where is it?", "In c.py.", "2026-11-03T00:00:00Z", replay_of="2026-11-22T0000Z")
    assert settle(replayed, refreshed) == {0: exact(refreshed)}


def test_a_near_duplicate_of_another_generator_goes():
    older = made(f"What does this do?\n{LONG}", LONG, "2026-11-01T00:00:00Z")
    newer = made(
        f"What does this do?\n{LONG.replace('oldest', 'first')}",
        LONG.upper(),
        "2026-11-02T00:00:00Z",
        "diff_miner",
    )
    assert settle(older, newer) == {0: near(newer)}


def test_many_questions_about_one_text_stay():
    asked = [
        made(f"{LONG}\n{question}", answer)
        for question, answer in (("Who runs it?", "The scheduler."), ("Where?", "In a process."))
    ]
    assert settle(*asked) == {}


def test_one_answer_to_many_questions_stays():
    assert (
        settle(
            made("Does `load` call `save`?", "No, it does not."),
            made("Does `run` wait for `stop`?", "No, it does not."),
        )
        == {}
    )


def test_another_name_or_number_in_a_short_question_is_another_question():
    assert (
        settle(
            made("What stands under data for gateway?", "nothing"),
            made("What stands under data for helm?", "nothing"),
        )
        == {}
    )
    assert settle(made("Add 3 and 4.", "7"), made("Add 3 and 5.", "8")) == {}


def test_wordings_of_a_probe_fact_and_items_of_the_suite_may_be_alike():
    alike = [made(f"What does this do?\n{LONG} {n}", LONG, probe="fact") for n in range(3)]
    assert settle(*alike) == {}
    assert (
        settle(
            *[made(f"What does this do?\n{LONG} {n}", LONG, generator="benchmark_targeted") for n in range(3)]
        )
        == {}
    )


def test_the_order_of_the_rows_makes_no_difference():
    rows = [made(f"What does this do?\n{LONG} {n}", LONG, f"2026-11-{n + 10}T00:00:00Z") for n in range(8)]
    dropped = {rows[row].id: why for row, why in settle(*rows).items()}
    assert dropped == {rows[7 - row].id: why for row, why in settle(*rows[::-1]).items()}
    assert set(dropped) == {one.id for one in rows[:7]}
