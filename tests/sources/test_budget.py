"""The budget of a reader: what is over it costs itself alone, and is counted."""

import re
import signal
import threading

import pytest

from autodidact.errors import UsageError
from autodidact.sources.reading_limits import Allowance, Budget, OverBudget, each, within
from autodidact.stage import Troubles
from tests.bounded import bounded


def counted(troubles: Troubles) -> list[tuple]:
    return [(trouble.reason, trouble.count, trouble.ref) for trouble in troubles.list()]


def test_a_budget_ends_where_its_things_are_used_up():
    budget = Budget(3, "more than 3 arrows")
    budget.spend(2)
    budget.spend()
    with pytest.raises(OverBudget, match="^more than 3 arrows$"):
        budget.spend()


def test_what_is_over_budget_is_counted_and_ends_its_block_alone():
    troubles, done = Troubles(), []
    for name in ("a", "b", "c"):
        with within(troubles, name):
            if name == "b":
                Budget(0, "too many steps").spend()
            done.append(name)
    assert done == ["a", "c"] and counted(troubles) == [("too many steps", 1, "b")]


def forever():
    while True:
        try:
            int("x")
        except Exception:  # as parsers do
            pass


@pytest.mark.parametrize(
    "endless",
    [forever, lambda: re.match(r"(a+)+$", "a" * 100 + "b"), lambda: sum(iter(lambda: 1, 2))],
    ids=["a loop that catches errors", "a regular expression", "a sum"],
)
def test_time_ends_whatever_runs(endless):
    troubles, before = Troubles(), signal.getsignal(signal.SIGPROF)
    with bounded(2.0), within(troubles, "x", seconds=0.2):
        endless()
    assert counted(troubles) == [("takes too long to read", 1, "x")]
    assert signal.getsignal(signal.SIGPROF) == before and signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@pytest.mark.parametrize(
    "made", [lambda: bytearray(1 << 30), lambda: ["x" * 1_000_000 * n for n in range(1, 1000)]]
)
def test_memory_ends_too(made):
    troubles = Troubles()
    with within(troubles, "x", memory=100 << 20):
        made()
    assert counted(troubles) == [("takes too much memory to read", 1, "x")]
    assert len(bytearray(1 << 29)) == 1 << 29  # outside there is as much as before


def test_a_block_within_a_block_has_what_the_outer_one_has_left():
    troubles = Troubles()
    with bounded(2.0), within(troubles, "outer", seconds=0.3):
        with within(troubles, "inner", seconds=60):
            forever()
        forever()
    assert counted(troubles) == [("takes too long to read", 2, "inner")]


def test_an_outer_block_goes_on_after_an_inner_one():
    troubles, done = Troubles(), []
    with within(troubles, "outer", seconds=10):
        with within(troubles, "inner", seconds=0.1):
            forever()
        done.append("outer")
    assert done == ["outer"] and counted(troubles) == [("takes too long to read", 1, "inner")]


def test_the_items_of_one_input_share_its_time():
    def items():
        yield 1
        yield 2
        forever()

    troubles = Troubles()
    with bounded(10.0):
        assert list(each(items(), troubles, "x", seconds=0.2)) == [1, 2]
    assert counted(troubles) == [("takes too long to read", 1, "x")]
    assert list(each([1, 2, 3], troubles, "y")) == [1, 2, 3]


def test_in_another_thread_counts_and_memory_are_bounded():
    troubles = Troubles()

    def work():
        with within(troubles, "x", memory=100 << 20):
            bytearray(1 << 30)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert counted(troubles) == [("takes too much memory to read", 1, "x")]


def test_an_input_that_its_reader_did_not_foresee_is_counted_and_costs_itself_alone():
    troubles = Troubles()
    with within(troubles, "x"):
        raise IndexError("list index out of range")
    assert counted(troubles) == [("makes its reader fail (IndexError)", 1, "x")]


def test_a_sentence_for_people_is_no_fault_of_an_input():
    with pytest.raises(UsageError, match="^broken"), within(Troubles(), "x"):
        raise UsageError("broken", "Mend it.")
    with Allowance() as allowance:
        pass
    assert 19 < allowance.left <= 20
