"""The pictures of the gate's report and of a training run: plain SVG, written by hand, readable in black and
white, without library or fonts.

Every number in a picture stands at its bar, and in the text too: a picture that cannot be drawn costs
nothing.
"""

from collections.abc import Mapping, Sequence
from html import escape

INK, PALE, PAPER, BLUE, GREY = "#1a1c20", "#6b7280", "#ffffff", "#2a6fb0", "#b9bec7"

# Pixels: height of a row, width of the names at its left, width of a picture.
ROW, LABEL, WIDTH = 20, 190, 760


def bars(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Horizontal bars: (name, value, what to write behind it)."""
    most = max([value for _, value, _ in rows] + [1e-9])
    scale = (WIDTH - LABEL - 150) / most
    parts = []
    for number, (name, value, text) in enumerate(rows):
        y = 40 + number * ROW
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        parts.append(
            f'<rect x="{LABEL}" y="{y + 3}" width="{value * scale:.1f}" height="{ROW - 6}" rx="2"'
            f' fill="{BLUE}"/>'
        )
        parts.append(_text(LABEL + value * scale + 6, y + 14, text, fill=PALE))
    return _svg(title, 40 + len(rows) * ROW + 8, parts)


def heat(title: str, columns: Sequence[str], rows: Sequence[tuple[str, Mapping[str, int], str]]) -> str:
    """A table of counts, the darker the more: (name, {column: count}, what to write at the end of the
    row)."""
    most = max([count for _, counts, _ in rows for count in counts.values()] + [1])
    wide = (WIDTH - LABEL - 100) / max(1, len(columns))
    parts = [
        _text(
            LABEL + (k + 0.5) * wide, 52 - 13 * (k % 2), column, anchor="middle", fill=PALE, size=10
        )  # in two rows: names are wider than columns
        for k, column in enumerate(columns)
    ]
    for number, (name, counts, text) in enumerate(rows):
        y = 60 + number * ROW
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        for k, column in enumerate(columns):
            count = counts.get(column, 0)
            x, shade = LABEL + k * wide, 0.12 + 0.88 * (count / most) ** 0.5 if count else 0
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{y + 1}" width="{wide - 2:.1f}" height="{ROW - 2}" fill="{BLUE}"'
                f' fill-opacity="{shade:.2f}"/>'
            )
            if count:
                parts.append(
                    _text(
                        x + wide / 2, y + 14, str(count), anchor="middle", fill=PAPER if shade > 0.6 else INK
                    )
                )
        parts.append(_text(WIDTH - 92, y + 14, text, fill=PALE))
    return _svg(title, 60 + len(rows) * ROW + 8, parts)


def histogram(title: str, edges: Sequence[str], kept: Sequence[int], dropped: Sequence[int]) -> str:
    """Two bars a bin, kept above dropped; `edges` names each bin."""
    most = max([*kept, *dropped, 1])
    scale = (WIDTH - LABEL - 150) / most
    parts = [
        *(
            _text(LABEL + x, 34, name, fill=PALE)
            + f'<rect x="{LABEL + x - 14}" y="25" width="10" height="10" fill="{fill}"/>'
            for x, name, fill in ((14, "kept", BLUE), (84, "dropped", GREY))
        )
    ]
    for number, (name, yes, no) in enumerate(zip(edges, kept, dropped, strict=True)):
        y = 44 + number * (ROW + 4)
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        for top, count, fill in ((y + 1, yes, BLUE), (y + 11, no, GREY)):
            parts.append(
                f'<rect x="{LABEL}" y="{top}" width="{count * scale:.1f}" height="9" fill="{fill}"/>'
            )
            if count:
                parts.append(_text(LABEL + count * scale + 5, top + 8, str(count), fill=PALE, size=10))
    return _svg(title, 44 + len(edges) * (ROW + 4) + 8, parts)


def curves(
    title: str, lines: Sequence[tuple[str, Sequence[tuple[float, float]], bool]], *, across: str
) -> str:
    """Lines over one axis: (name, points (x, y), whether to mark each point). The last value of each stands
    at its right end.
    """
    points = [point for _, line, _ in lines for point in line]
    left, right, top, bottom = (
        min(x for x, _ in points),
        max(x for x, _ in points),
        max(y for _, y in points),
        min(0, *(y for _, y in points)),
    )
    x0, x1, y0, y1 = 60, WIDTH - 150, 36, 250

    def place(x: float, y: float) -> tuple[float, float]:
        return x0 + (x - left) / ((right - left) or 1) * (x1 - x0), y1 - (y - bottom) / (
            (top - bottom) or 1
        ) * (y1 - y0)

    parts = []
    for turn in range(5):
        value = bottom + (top - bottom) * turn / 4
        y = place(left, value)[1]
        parts.append(
            f'<line x1="{x0}" x2="{x1}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GREY}" stroke-width="0.5"/>'
        )
        parts.append(_text(x0 - 6, y + 4, f"{value:.2f}", anchor="end", fill=PALE, size=10))
    for value in (left, right):
        parts.append(
            _text(place(value, bottom)[0], y1 + 16, f"{value:g}", anchor="middle", fill=PALE, size=10)
        )
    parts.append(_text((x0 + x1) / 2, y1 + 16, across, anchor="middle", fill=PALE))
    for number, (name, line, marked) in enumerate(lines):
        colour, dashes = (BLUE, "") if number == 0 else (INK, ' stroke-dasharray="4 3"')
        drawn = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dashes}/>')
        if marked:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in drawn]
        parts.append(_text(x1 + 8, y0 + 10 + 18 * number, f"{name} {line[-1][1]:.3f}", fill=colour))
    return _svg(title, y1 + 26, parts)


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"'
        f' font-size="{size}">{escape(text[:90])}</text>'
    )


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
        f' height="{height:.0f}" font-family="system-ui, sans-serif"'
        f' role="img"><title>{escape(title)}</title>\n<rect width="100%" height="100%"'
        f' fill="{PAPER}"/>\n{_text(8, 18, title, size=13)}\n{body}\n</svg>\n'
    )
