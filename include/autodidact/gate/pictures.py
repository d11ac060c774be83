"""The pictures of the gate's report: plain SVG, written by hand so that they need no library and no fonts, and readable in black and white.

Every number in a picture stands beside its bar: a picture that cannot be drawn costs nothing that the text does not say.
"""

from collections.abc import Mapping, Sequence
from html import escape

INK, PALE, PAPER, BLUE, GREY = "#1a1c20", "#6b7280", "#ffffff", "#2a6fb0", "#b9bec7"
ROW, LABEL, WIDTH = 20, 190, 760
"""Pixels: height of a row, width of the names at its left, width of a picture."""


def bars(title: str, rows: Sequence[tuple[str, float, str]], *, mark: float | None = None, marked: str = "") -> str:
    """Horizontal bars: (name, value, what to write behind it). `mark` draws a line across at that value, with `marked` as its name."""
    most = max([value for _, value, _ in rows] + [mark or 0, 1e-9])
    scale = (WIDTH - LABEL - 150) / most
    parts = []
    for number, (name, value, text) in enumerate(rows):
        y = 40 + number * ROW
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        parts.append(f'<rect x="{LABEL}" y="{y + 3}" width="{value * scale:.1f}" height="{ROW - 6}" rx="2" fill="{BLUE}"/>')
        parts.append(_text(LABEL + value * scale + 6, y + 14, text, fill=PALE))
    height = 40 + len(rows) * ROW
    if mark is not None:
        x = LABEL + mark * scale
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="36" y2="{height}" stroke="{INK}" stroke-dasharray="3 3"/>')
        parts.append(_text(x, height + 14, marked, anchor="middle", fill=PALE))
        height += 20
    return _svg(title, height + 8, parts)


def heat(title: str, columns: Sequence[str], rows: Sequence[tuple[str, Mapping[str, int], str]]) -> str:
    """A table of counts, the darker the more: (name, {column: count}, what to write at the end of the row)."""
    most = max([count for _, counts, _ in rows for count in counts.values()] + [1])
    wide = (WIDTH - LABEL - 100) / max(1, len(columns))
    parts = [
        _text(LABEL + (k + 0.5) * wide, 52, column, anchor="middle", fill=PALE, size=10 if len(columns) < 9 else 9)
        for k, column in enumerate(columns)
    ]
    for number, (name, counts, text) in enumerate(rows):
        y = 60 + number * ROW
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        for k, column in enumerate(columns):
            count = counts.get(column, 0)
            x, shade = LABEL + k * wide, 0.12 + 0.88 * (count / most) ** 0.5 if count else 0
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{y + 1}" width="{wide - 2:.1f}" height="{ROW - 2}" fill="{BLUE}" fill-opacity="{shade:.2f}"/>'
            )
            if count:
                parts.append(_text(x + wide / 2, y + 14, str(count), anchor="middle", fill=PAPER if shade > 0.6 else INK))
        parts.append(_text(WIDTH - 92, y + 14, text, fill=PALE))
    return _svg(title, 60 + len(rows) * ROW + 8, parts)


def histogram(title: str, edges: Sequence[str], kept: Sequence[int], dropped: Sequence[int]) -> str:
    """Two bars a bin, kept above dropped; `edges` names each bin."""
    most = max([*kept, *dropped, 1])
    scale = (WIDTH - LABEL - 150) / most
    parts = [
        *(
            _text(LABEL + x, 34, name, fill=PALE) + f'<rect x="{LABEL + x - 14}" y="25" width="10" height="10" fill="{fill}"/>'
            for x, name, fill in ((14, "kept", BLUE), (84, "dropped", GREY))
        )
    ]
    for number, (name, yes, no) in enumerate(zip(edges, kept, dropped, strict=True)):
        y = 44 + number * (ROW + 4)
        parts.append(_text(LABEL - 8, y + 14, name, anchor="end"))
        for top, count, fill in ((y + 1, yes, BLUE), (y + 11, no, GREY)):
            parts.append(f'<rect x="{LABEL}" y="{top}" width="{count * scale:.1f}" height="9" fill="{fill}"/>')
            if count:
                parts.append(_text(LABEL + count * scale + 5, top + 8, str(count), fill=PALE, size=10))
    return _svg(title, 44 + len(edges) * (ROW + 4) + 8, parts)


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{escape(text[:90])}</text>'


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" '
        f'font-family="system-ui, sans-serif" role="img"><title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n{_text(8, 18, title, size=13)}\n{body}\n</svg>\n'
    )
