"""The picture of the scores that `autodidact history --plot` draws."""

import pytest

from autodidact.cli.history import score_points
from autodidact.errors import UsageError
from autodidact.terminal.score_chart import as_svg, drawn

LEGEND = "       # promoted   x not promoted   | its 95% interval   o champion   - base"


def point(n: int, candidate: float | None, *, promoted: bool = False, reach: float = 0.0) -> dict:
    low, high = (candidate - reach, candidate + reach) if reach else (None, None)
    known = {"cycle_id": f"2026-11-{n:02d}T1200Z", "base": 0.1, "champion": 0.2}
    return known | {"candidate": candidate, "low": low, "high": high, "promoted": promoted}


def test_marks_stand_at_their_scores_and_an_interval_is_a_line():
    points = [point(1, 0.36, promoted=True), point(2, 0.2, reach=0.04), point(3, None)]
    assert drawn(points).splitlines() == [
        " 0.360  #",
        " 0.340",
        " 0.320",
        " 0.300",
        " 0.280",
        " 0.260",
        " 0.240      |",
        " 0.220      |",
        " 0.200  o   x   o",
        " 0.180      |",
        " 0.160      |",
        " 0.140",
        " 0.120",
        " 0.100  -   -   -",
        "       2026-11-01T1200Z to 2026-11-03T1200Z",
        LEGEND,
    ]


def test_a_narrow_terminal_gets_the_newest_cycles():
    lines = drawn([point(n, 0.3) for n in range(1, 20)], width=20).splitlines()
    assert lines[-2].strip() == "2026-11-17T1200Z to 2026-11-19T1200Z"


def test_points_are_the_cycles_with_scores_the_oldest_first_with_their_intervals():
    row = {"cycle_id": "b", "base": {"overall": 0.1}, "champion": None, "candidate": {"overall": 0.5}}
    history = [
        row | {"outcome": "promoted"},
        {"cycle_id": "a", "base": None, "champion": None, "candidate": None, "outcome": None},
    ]
    reports = [{"cycle_id": "b", "role": "candidate", "categories": {"tool_use": {"n": 100}}}]
    (found,) = score_points(history, reports)
    assert (found["cycle_id"], found["base"], found["champion"], found["promoted"]) == ("b", 0.1, None, True)
    assert (round(found["low"], 3), round(found["high"], 3)) == (0.404, 0.596)


def test_without_scores_it_says_so():
    assert drawn([]) == "No cycle has scores yet."
    with pytest.raises(UsageError, match="No cycle has scores yet"):
        as_svg([], "Scores")


def test_the_picture_in_a_file_has_a_line_for_each_model():
    svg = as_svg([point(1, 0.3, reach=0.1), point(2, 0.4, reach=0.1)], "Scores of <b>")
    assert svg.startswith("<svg") and "Scores of &lt;b&gt;" in svg and svg.count("<polyline") == 5
