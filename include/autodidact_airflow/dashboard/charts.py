"""The page's pictures: SVG that carries classes instead of colours, so that static/page.css makes them light
or dark. Each has a title for those who cannot see it, and a table with the same numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from autodidact_airflow.dashboard.rendering import safe

OUTCOMES = ("known", "unknown", "wrong", "stale")


def svg(title: str, width: float, height: float, parts: Sequence[str], kind: str = "") -> Markup:
    """The picture; what is in `parts` is escaped already."""
    head = '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>'
    said = safe(title)
    return Markup(head).format(kind, round(width), round(height), said, said, Markup("".join(parts)))


def text(x: float, y: float, words: Any, kind: str = "", anchor: str = "start") -> str:
    shown = escape(safe(str(words))[:80])
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{shown}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def rect(x: float, y: float, width: float, height: float, kind: str, hint: str = "") -> str:
    inner = f"<title>{escape(safe(hint))}</title>" if hint else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" height="{max(0, height):.1f}"'
        f' class="{kind}">{inner}</rect>'
    )


def dot(x: float, y: float, radius: float, kind: str, hint: str) -> str:
    inner = f"<title>{escape(safe(hint))}</title>"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{kind}">{inner}</circle>'


def mark(x: float, y: float, outcome: str | None, hint: str) -> str:
    """A candidate by its verdict: a filled disc, a cross or a ring, so that colour is not needed."""
    inner = f"<title>{escape(safe(hint))}</title>"
    if outcome == "promote":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" class="promoted">{inner}</circle>'
    if outcome == "reject":
        path = f"M{x - 5:.1f} {y - 5:.1f}l10 10m0-10l-10 10"
        return f'<path d="{path}" class="rejected">{inner}</path>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="undecided">{inner}</circle>'


def _scale(most: float) -> list[float]:
    """The marks of an axis from 0 to at least `most`."""
    step = next(size for size in (0.05, 0.1, 0.2, 0.25) if most / size <= 5 or size == 0.25)
    return [step * turn for turn in range(int(most / step - 1e-9) + 2)]


class Axes:
    """A field with marks at its left, and a place for each of `columns` cycles."""

    left, top, right, bottom = 44.0, 14.0, 552.0, 200.0

    def __init__(self, most: float, columns: int):
        self.marks = _scale(max(most, 0.05))
        self.columns = columns

    def x(self, column: float) -> float:
        return self.left + (column + 0.5) / max(1, self.columns) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - value / self.marks[-1] * (self.bottom - self.top)

    def lines(self, form: str = "{:.2f}") -> list[str]:
        parts = []
        for value in self.marks:
            parts.append(line(self.left, self.y(value), self.right, self.y(value), "grid"))
            parts.append(text(self.left - 6, self.y(value) + 4, form.format(value), "axis", "end"))
        return parts

    def names(self, names: Sequence[str]) -> list[str]:
        """Of the first, the last and some cycles between, as many as have room."""
        every = max(1, -(-len(names) // 6))
        chosen = [column for column in range(len(names)) if column % every == 0]
        return [text(self.x(k), self.bottom + 18, names[k][:10], "axis", "middle") for k in chosen]


def history(rows: Sequence[Mapping[str, Any]], floor: float | None) -> Markup:
    """Scores over the cycles. A row: {"cycle_id", "outcome", "champion", "candidate"}, the last two
    {"score", "low", "high"} or None.
    """
    found = [row[role] for row in rows for role in ("champion", "candidate") if row[role]]
    axes = Axes(max([each["high"] for each in found] + [floor or 0]), len(rows))
    parts = axes.lines()
    if floor:
        parts.append(line(axes.left, axes.y(floor), axes.right, axes.y(floor), "floor"))
        parts.append(text(axes.right, axes.y(floor) - 4, f"floor {floor:.2f}", "axis", "end"))
    reigns = [(axes.x(k), row["champion"]) for k, row in enumerate(rows) if row["champion"]]
    if len(reigns) > 1:
        band = [f"{x:.1f},{axes.y(each['high']):.1f}" for x, each in reigns]
        band += [f"{x:.1f},{axes.y(each['low']):.1f}" for x, each in reversed(reigns)]
        points = " ".join(f"{x:.1f},{axes.y(each['score']):.1f}" for x, each in reigns)
        parts += [f'<polygon points="{" ".join(band)}" class="band"/>']
        parts += [f'<polyline points="{points}" class="champion"/>']
    elif reigns:
        x, each = reigns[0]
        parts.append(line(axes.left, axes.y(each["score"]), axes.right, axes.y(each["score"]), "champion"))
    for k, row in enumerate(rows):
        if each := row["candidate"]:
            x = axes.x(k)
            parts.append(line(x, axes.y(each["low"]), x, axes.y(each["high"]), "whisker"))
            verdict = (row["outcome"] or "no verdict").replace("_", " ")
            hint = f"{row['cycle_id']}: {each['score']:.3f}, {verdict}"
            parts.append(mark(x, axes.y(each["score"]), row["outcome"], hint))
    return svg(
        "Overall score of champion and candidates, cycle by cycle",
        560,
        226,
        parts + axes.names([row["cycle_id"] for row in rows]),
    )


def knowledge(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """What the model in service answered, cycle by cycle: {"cycle_id", "asked", each outcome, "share"}."""
    axes = Axes(1.0, len(rows))
    axes.marks = [0, 0.25, 0.5, 0.75, 1.0]
    parts = axes.lines("{:.0%}")
    wide = min(46.0, 0.62 * (axes.right - axes.left) / max(1, len(rows)))
    for k, row in enumerate(rows):
        at = 0.0
        for outcome in OUTCOMES:
            share = (row.get(outcome) or 0) / max(1, row["asked"])
            if share:
                hint = f"{row['cycle_id']}: {row[outcome]} of {row['asked']} {outcome}"
                high = axes.y(at) - axes.y(at + share)
                parts.append(rect(axes.x(k) - wide / 2, axes.y(at + share), wide, high, outcome, hint))
            at += share
        if (share := row["share"]) and share["mean"] is not None:
            x = axes.x(k)
            parts.append(line(x, axes.y(share["low"]), x, axes.y(share["high"]), "estimate"))
            hint = f"known of all facts: {share['mean']:.0%}"
            parts.append(dot(x, axes.y(share["mean"]), 4, "estimate", hint))
    return svg(
        "What the model in service knows, cycle by cycle",
        560,
        226,
        parts + axes.names([row["cycle_id"] for row in rows]),
    )


def categories(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """Scores by category: {"name", and of each role {"score", "low", "high"} or None}."""
    left, right, high = 190.0, 720.0, 26.0

    def x(value: float) -> float:
        return left + value * (right - left)

    bottom = 24 + high * len(rows)
    parts = []
    for value in (0, 0.25, 0.5, 0.75, 1):
        parts += [
            line(x(value), 18, x(value), bottom, "grid"),
            text(x(value), 12, f"{value:g}", "axis", "middle"),
        ]
    for number, row in enumerate(rows):
        y = 24 + high * (number + 0.5)
        parts.append(text(left - 10, y + 4, row["name"].replace("_", " "), "", "end"))
        for role, shift in (("champion", -5), ("candidate", 5)):
            if each := row[role]:
                parts.append(line(x(each["low"]), y + shift, x(each["high"]), y + shift, f"reach {role}"))
        for role, shift in (("base", 0), ("champion", -5), ("candidate", 5)):
            if each := row[role]:
                hint = f"{role}: {each['score']:.3f} [{each['low']:.2f}, {each['high']:.2f}]"
                if role == "base":
                    bar = f"M{x(each['score']):.1f} {y - 9:.1f}v18"
                    parts.append(f'<path d="{bar}" class="base"><title>{escape(hint)}</title></path>')
                else:
                    parts.append(dot(x(each["score"]), y + shift, 4.5, f"dot {role}", hint))
    return svg("Scores by category with 95% intervals", 740, bottom + 6, parts)


def funnel(steps: Sequence[tuple[str, int, int]]) -> Markup:
    """What each rule of the gate left: (rule, left, dropped by it)."""
    most, left, high = max([count for _, count, _ in steps] + [1]), 130.0, 24.0
    parts = []
    for number, (name, count, dropped) in enumerate(steps):
        y, wide = 6 + number * high, count / most * 480
        parts.append(text(left - 10, y + 14, name.replace("_", " "), "", "end"))
        parts.append(rect(left, y + 2, wide, high - 7, "left", f"{name}: {count} left"))
        if dropped:
            parts.append(rect(left + wide, y + 2, max(2.0, dropped / most * 480), high - 7, "dropped"))
        said = f"{count:,}" + (f"  (−{dropped:,})" if dropped else "")
        parts.append(text(left + (count + dropped) / most * 480 + 8, y + 14, said, "axis"))
    return svg("What the rules of the gate left", 740, 12 + high * len(steps), parts)
