"""The curves of benchmarks/learning.py as SVG, in the manner of the gate's pictures (autodidact.svg): no
library, readable in black and white.
"""

from collections.abc import Mapping, Sequence
from html import escape

from autodidact.svg import BLUE, GREY, INK, PALE, PAPER

PANEL, GAP, HEIGHT, TOP, LEFT = 300, 70, 200, 60, 60
DASHES = ("", "6 3", "2 3", "8 3 2 3")

Curve = Sequence[tuple[float, float | None, float | None] | None]
"""(value, low, high) after 0, 1, 2 ... cycles; None where there is nothing to show."""


def panels(title: str, drawn: Sequence[tuple[str, Mapping[str, Curve]]]) -> str:
    """One panel beside the other, each (name, {curve's name: curve}); intervals as vertical bars, each value
    written at its point.
    """
    width = LEFT + len(drawn) * (PANEL + GAP)
    parts = [_text(8, 18, title, size=13)]
    for number, (name, curves) in enumerate(drawn):
        parts += _panel(LEFT + number * (PANEL + GAP), name, curves)
    body, height = "\n".join(parts), TOP + HEIGHT + 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="system-ui, sans-serif"'
        f' role="img"><title>{escape(title)}</title>\n<rect width="100%" height="100%"'
        f' fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def _panel(x0: float, name: str, curves: Mapping[str, Curve]) -> list[str]:
    points = [
        value for curve in curves.values() for point in curve if point for value in point if value is not None
    ]
    low, high = min([0.0, *points]), max([0.1, *points])
    steps = max(len(curve) for curve in curves.values()) - 1

    def place(step: float, value: float) -> tuple[float, float]:
        return (
            x0 + 20 + step * (PANEL - 40) / max(1, steps),
            TOP + HEIGHT - (value - low) / (high - low) * HEIGHT,
        )

    parts = [_text(x0, 40, name)]
    for value in sorted({low, 0.0, high}):
        y = place(0, value)[1]
        parts.append(
            f'<line x1="{x0}" x2="{x0 + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GREY}"'
            f' stroke-width="{1.5 if value == 0 else 0.5}"/>'
        )
        parts.append(_text(x0 - 6, y + 4, f"{value:.2f}", anchor="end", fill=PALE, size=10))
    parts += [
        _text(place(step, low)[0], TOP + HEIGHT + 16, str(step), anchor="middle", fill=PALE, size=10)
        for step in range(steps + 1)
    ]
    for number, (label, curve) in enumerate(curves.items()):
        colour, dash = (BLUE, INK)[number % 2], DASHES[number % len(DASHES)]
        there = [(step, point) for step, point in enumerate(curve) if point]
        path = " ".join("{:.1f},{:.1f}".format(*place(step, point[0])) for step, point in there)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"'
            f' stroke-dasharray="{dash}"/>'
        )
        for step, (value, down, up) in there:
            x, y = place(step, value)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(
                _text(
                    x + 4,
                    y - 5,
                    f"{value:.{3 if high - low < 0.3 else 2}f}".replace("0.", ".", 1),
                    fill=colour,
                    size=9,
                )
            )
            if down is not None and up is not None:
                ends = place(step, down)[1], place(step, up)[1]
                parts.append(
                    f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}" stroke="{colour}"'
                    ' stroke-width="1"/>'
                )
        y = TOP + HEIGHT + 32
        left = x0 + number * PANEL / max(2, len(curves))
        parts.append(
            f'<line x1="{left}" x2="{left + 22}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}"'
            f' stroke-width="1.5" stroke-dasharray="{dash}"/>'
        )
        parts.append(_text(left + 26, y, label, size=10))
    parts.append(_text(x0 + PANEL / 2, TOP + HEIGHT + 50, "cycles", anchor="middle", fill=PALE, size=10))
    return parts


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"'
        f' font-size="{size}">{escape(text[:90])}</text>'
    )
