"""How a view becomes an answer: HTML, or its tables as CSV or JSON. Foreign text is made harmless here."""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, Undefined
from markupsafe import Markup, escape

from autodidact.safe_text import harmless
from autodidact.terminal.view import number
from autodidact_airflow.dashboard.page_data_sources import Here

FOLDER = Path(__file__).parent
# Characters of one text that a page shows; and words of an answer that are compared with another one.
LONGEST, MOST_WORDS = 6000, 600
# Pairs of equal words, one of each answer, up to which two answers are compared: 20,000 take 0.1 s, the
# 180,000 that 600 words can have take half a minute.
MOST_PAIRS = 20_000
# Where a spreadsheet begins a formula: at one of these signs, also in its full width, after blanks and
# characters that nobody sees. The last signs are minus signs.
FORMULA = re.compile(
    "[\t\r]"
    "|[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*[=+@\uff1d\uff0b\uff20\ufe66\ufe62\ufe6b\uff0d\ufe63\u2212-]"
)
# Lists in lists of a value, up to which it is written as JSON.
DEEPEST = 20


@dataclass
class Table:
    """A table of a view, as it can be downloaded: the names of its columns, and its rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]] = field(default_factory=list)

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def safe(value: Any) -> Any:
    """What a template shows of a value: text without what steers a terminal or turns its direction, cut."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    if len(value) > LONGEST:
        value = f"{value[:LONGEST]} [... {len(value) - LONGEST:,} more characters]"
    return harmless(value.replace("\r\n", "\n"))


def is_missing(value: Any) -> bool:
    """Whether a template has no such value, or None."""
    return value is None or isinstance(value, Undefined)


def score(value: float | None, digits: int = 3) -> str:
    return "–" if is_missing(value) else f"{value:.{digits}f}"


def exact(value: float | None) -> str:
    """Three digits behind the point, and more for what would look like 0 or 1."""
    return "–" if value is None or is_missing(value) else number(value)


def signed(value: float | None) -> str:
    return "–" if is_missing(value) else f"{value:+.3f}"


def percent(value: float | None) -> str:
    return "–" if is_missing(value) else f"{value:.0%}"


def seconds(value: float | None) -> str:
    """A duration for people: `0.4 s`, `83 s`, `4 min`, `5.3 h`, `9 days`."""
    if value is None or is_missing(value):
        return "–"
    for most, size, unit, digits in (
        (10, 1, "s", 1),
        (120, 1, "s", 0),
        (5400, 60, "min", 0),
        (172800, 3600, "h", 1),
    ):
        if value < most:
            return f"{value / size:.{digits}f} {unit}"
    days = value / 86400
    return f"{days:.0f} days" if days < 730 else f"{days / 365.25:.1f} years"


def since(moment: str | None) -> float | None:
    """Seconds since a moment; None for none."""
    if is_missing(moment) or not moment:
        return None
    then = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return max(0.0, (datetime.now(timezone.utc) - then).total_seconds())


def when(moment: str | None) -> str:
    """A moment as people write it: `2026-11-29 16:15`, in UTC."""
    return moment[:16].replace("T", " ") if moment else "–"


def rounded(text: str | None) -> str:
    """A text whose numbers have at most four digits after the point."""
    return re.sub(r"\d+\.\d{5,}", lambda found: f"{float(found[0]):.4f}", text or "")


def words(name: str | None) -> str:
    return (name or "").replace("_", " ")


def marked(text: str, other: str | None) -> Markup:
    """The text with the words marked that the other one does not have there."""
    text = safe(text or "")
    if other is None or is_missing(other) or text == safe(other):
        return escape(text)
    mine, theirs = text.split(" "), safe(other).split(" ")
    known = Counter(theirs)
    if max(len(mine), len(theirs)) > MOST_WORDS or sum(known[word] for word in mine) > MOST_PAIRS:
        return escape(text)
    parts = []
    for what, start, end, *_ in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        piece = escape(" ".join(mine[start:end]))
        if piece:
            parts.append(piece if what == "equal" else Markup("<mark>{}</mark>").format(piece))
    return Markup(" ").join(parts)


pages = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    finalize=safe,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters |= {
    "score": score,
    "exact": exact,
    "signed": signed,
    "percent": percent,
    "seconds": seconds,
    "when": when,
    "since": since,
    "words": words,
    "rounded": rounded,
}
pages.globals["marked"] = marked


class Links:
    """Addresses of the page, relative to the present one: the page does not know under which path it is."""

    def __init__(self, request: Request):
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        self.root = "../" * max(0, path.count("/") - 1) or "./"
        self.query = dict(request.query_params)

    def __call__(self, path: str = "", **query: Any) -> str:
        """Of a view, with its query; the chosen system is kept."""
        if "system" in self.query:
            query = {"system": self.query["system"], **query}
        query = {name: value for name, value in query.items() if value not in (None, "")}
        return self.root + quote(path, errors="replace") + (f"?{_query(query)}" if query else "")

    def here(self, **query: Any) -> str:
        """Of this view, with some of its query changed."""
        changed = {**self.query, **query}
        return "?" + _query({name: value for name, value in changed.items() if value not in (None, "")})


def _query(values: dict[str, Any]) -> str:
    return urlencode(values, errors="replace")


def answer(
    request: Request,
    here: Here | None,
    template: str,
    tables: dict[str, Table],
    status: int = 200,
    **data: Any,
) -> Response:
    """The view as HTML; with `format=json` its tables, all or the one named `table`, and with `format=csv`
    the table that is named. Raises HTTPException 404 for a table that the view does not have.
    """
    wanted, name = request.query_params.get("format"), request.query_params.get("table")
    if name is not None and name not in tables:
        raise HTTPException(404, f"This view has no table {name!r}; it has {', '.join(tables) or 'none'}.")
    if wanted == "json":
        chosen = {key: table.records() for key, table in tables.items() if name in (None, key)}
        return JSONResponse(as_data({"system": here.system if here else None, **chosen}))
    if wanted == "csv":
        return _csv(name or next(iter(tables), "table"), tables)
    links = Links(request)
    html = pages.get_template(template).render(
        **data, here=here, system=here.system if here else None, link=links, tables=tables
    )
    return HTMLResponse(html, status_code=status)


def _csv(name: str, tables: dict[str, Table]) -> Response:
    if name not in tables:
        raise HTTPException(404, "This view has no table.")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(tables[name].columns)
    writer.writerows([_cell(value) for value in row] for row in tables[name].rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def as_data(value: Any, depth: int = 0) -> Any:
    """A value that JSON and CSV can hold: text without what steers a terminal or turns its direction, None
    for what is no number.
    """
    if isinstance(value, str):
        return harmless(value.replace("\r\n", "\n"))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dict, list, tuple)) and depth == DEEPEST:
        return "nested too deeply"
    if isinstance(value, dict):
        return {harmless(str(key)): as_data(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(each, depth + 1) for each in value]
    return value


def _cell(value: Any) -> Any:
    """A value as a spreadsheet may read it: no text begins a formula."""
    formula = isinstance(value, str) and FORMULA.match(value)
    value = as_data(value)
    return f"'{value}" if formula else value
