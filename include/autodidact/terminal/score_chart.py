"""The scores of the cycles as a picture of characters, and as an SVG.

A point is {"cycle_id", "base", "champion", "candidate", "low", "high", "promoted"} of one cycle; `low` and
`high` bound the candidate at 95%.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.svg import curves

# Lines of the picture, columns of a cycle, and of the axis at its left.
HEIGHT, STEP, AXIS = 14, 4, 7
LEGEND = "# promoted   x not promoted   | its 95% interval   o champion   - base"


def drawn(points: Sequence[Mapping[str, Any]], width: int = 100) -> str:
    """The newest cycles that fit into so many columns, the newest at the right, with the marks of LEGEND."""
    points = points[-max(1, (width - AXIS) // STEP) :]
    values = [point[name] for point in points for name in ("base", "champion", "candidate", "low", "high")]
    known = [value for value in values if value is not None]
    if not known:
        return "No cycle has scores yet."
    bottom, top = min(known), max(known)
    step = (top - bottom) / (HEIGHT - 1) or 0.01
    grid = [[" "] * (STEP * len(points)) for _ in range(HEIGHT)]

    def line_of(value: float) -> int:
        return HEIGHT - 1 - round((value - bottom) / step)

    for k, point in enumerate(points):
        column = STEP * k + 1
        if point["low"] is not None:
            for line in range(line_of(point["high"]), line_of(point["low"]) + 1):
                grid[line][column] = "|"
        # A later mark is not hidden by an earlier one: the candidate is the last.
        for mark, name in (
            ("-", "base"),
            ("o", "champion"),
            ("#" if point["promoted"] else "x", "candidate"),
        ):
            if point[name] is not None:
                grid[line_of(point[name])][column] = mark
    rows = [f"{top - step * k:6.3f} {''.join(row).rstrip()}".rstrip() for k, row in enumerate(grid)]
    ends = f"{points[0]['cycle_id']} to {points[-1]['cycle_id']}"
    return "\n".join([*rows, f"{'':{AXIS}}{ends}", f"{'':{AXIS}}{LEGEND}"])


def as_svg(points: Sequence[Mapping[str, Any]], title: str) -> str:
    """The same as a picture in a file. Raises UsageError without scores."""
    from autodidact.errors import UsageError

    def line(name: str) -> list[tuple[float, float]]:
        return [(k, point[name]) for k, point in enumerate(points) if point[name] is not None]

    names = (("candidate", True), ("champion", True), ("base", False), ("high", False), ("low", False))
    lines = [(name, line(name), marked) for name, marked in names if line(name)]
    if not lines:
        raise UsageError("No cycle has scores yet", "Run `autodidact cycle`.")
    return curves(title, lines, across="cycles")
