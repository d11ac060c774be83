"""The scores of the cycles as a picture of characters, and as an SVG."""

from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.svg import curves

# Lines of the picture, columns of a cycle, and of the axis at its left.
HEIGHT, STEP, AXIS = 14, 4, 7
LEGEND = "# promoted   x not promoted   | its 95% interval   o champion   - base"


def score_points(
    history: Sequence[Mapping[str, Any]], reports: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """One point a cycle that has scores, the oldest first: {"cycle_id", "base", "champion", "candidate",
    "low", "high", "promoted"}. `low` and `high` bound the candidate at 95%.
    """
    from autodidact.knowledge.known_share_estimates import wilson

    asked = {
        report["cycle_id"]: sum(each.get("n") or 0 for each in report["categories"].values())
        for report in reports
        if report["role"] == "candidate"
    }
    found = []
    for row in reversed(history):
        point: dict[str, Any] = {"cycle_id": row["cycle_id"], "low": None, "high": None}
        for role in ("base", "champion", "candidate"):
            point[role] = (row[role] or {}).get("overall")
        if point["candidate"] is not None and asked.get(row["cycle_id"]):
            point["low"], point["high"] = wilson(point["candidate"], asked[row["cycle_id"]])
        point["promoted"] = row["outcome"] == "promoted"
        if any(point[role] is not None for role in ("base", "champion", "candidate")):
            found.append(point)
    return found


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
