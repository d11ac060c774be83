"""Rate and time left of counted work, with a clock that the test turns."""

import pytest

from autodidact.terminal.pace import Count, Pace, counted, duration


def pace_at(*times: float) -> Pace:
    return Pace(clock=iter(times).__next__)


def test_rate_and_time_left_are_those_since_the_count_was_first_seen():
    pace = pace_at(0, 10, 20)
    assert pace.of("train: update 40 of 100") == Count(40, 100)
    found = pace.of("train: update 60 of 100, loss 1.5")
    assert (found.rate, found.left, str(found)) == (2.0, 20.0, "2.0/s, 20 s left")
    assert str(pace.of("train: update 100 of 100")) == ""


def test_other_work_and_a_count_that_starts_again_have_a_rate_of_their_own():
    pace = pace_at(0, 1, 2, 3)
    pace.of("  block 0: batch 1 of 9")
    assert pace.of("  block 0: batch 2 of 9").rate == 1.0
    assert pace.of("  block 1: batch 3 of 9").rate is None
    assert pace.of("  block 1: batch 1 of 9").rate is None


def test_counts_that_come_at_the_same_moment_are_no_rate():
    pace = pace_at(0, 0.001, 0.002, 60)
    counts = [pace.of(f"  block 0: batch {number} of 9") for number in (1, 2, 3, 5)]
    assert [count.rate for count in counts] == [None, None, None, 4 / 60]


@pytest.mark.parametrize(
    ("rate", "says"),
    [(1234.5, "1,234.5/s, 0 s left"), (0.5, "30.0/min, 18 s left"), (0.01, "36.0/h, 15 min 00 s left")],
)
def test_slow_work_is_counted_by_minutes_or_hours(rate, says):
    assert str(Count(1, 10, rate)) == says


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(0.2, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (134, "2 min 14 s"), (3789, "1 h 03 min")],
)
def test_a_duration_has_two_units_at_most(seconds, says):
    assert duration(seconds) == says


@pytest.mark.parametrize("line", ["Of 120 facts 3 are new", "better in 3 of 9 categories", ""])
def test_other_numbers_are_no_progress(line):
    assert Pace().of(line) is None


def test_what_is_read_is_counted_every_two_seconds_and_no_further_than_there_is():
    said, times = [], iter([0, 1, 2, 3, 5, 6])
    assert list(counted("abcdef", 5, said.append, "gate", clock=lambda: next(times))) == list("abcdef")
    assert said == ["gate: reading 2 of 5", "gate: reading 4 of 5"]
