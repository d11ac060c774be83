"""Settings with their defaults, and rows of tables, as documents describe them."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from autodidact.generators.architecture_docs.full.document_block import Block
from autodidact.generators.architecture_docs.full.heading_phrases import block, known, said
from autodidact.generators.architecture_docs.full.quotable_passages import (
    LONGEST_TEXT,
    is_away,
    passage,
    sent_on,
)
from autodidact.generators.architecture_docs.full.quoting_answers import Pair
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.text_and_table_questions import at, table_name
from autodidact.generators.writing.template_rotation import Row
from autodidact.sources.documents.reader import Document
from autodidact.sources.placeholders import is_no_value

# Rows of one table, and characters of a cell.
ROWS = 30
CELL = 240

_DEFAULT = re.compile(
    r"\(?Default(?: value)?(?: is)?:\s+"
    r"(`[^`]+`|\"[^\"]+\"|-?\d[\w.]*(?<!\.)|[A-Za-z][\w ,'-]{0,50})(?=[.;)(\s]|\Z)"
)
_SECRET = re.compile(r"password|secret|token|credential|api.?key", re.IGNORECASE)
# A name of one to three words, and what a column may be called.
_KEY = re.compile(r"`?[A-Za-z][\w./:@-]+`?(?: [\w./&-]+){0,2}")
_COLUMN = re.compile(r"(?!(?:what|why|who|how|when|where|which)\Z)[\w`][^.,;:]{0,38}\??", re.IGNORECASE)
# A cell with nothing in it.
_EMPTY = re.compile(r"[-–—\s]*")
_SENTENCE = re.compile(r"[A-Z].{30,}[.!]\Z")


def settings(
    document: Document, parts: Sequence[Part], shapes: Pair, times: Counter[str]
) -> Iterator[tuple[str, Row]]:
    """Settings: headings that are code with a default below, and entries with one. `times`: how often each
    is described in all documents; one described twice is asked of none.
    """
    for part in parts:
        if re.fullmatch(r"[A-Za-z_][\w.]{3,60}", part.title) and "_" in part.title:
            yield from _setting(f"`{part.title}`", part.blocks, part, document, shapes, times)
        for one in part.blocks:
            if one.kind == "entry":
                yield from _setting(one.title, one.inner, part, document, shapes, times)


def described(parts: Sequence[Part]) -> Counter[str]:
    """How often each setting has an entry."""
    found = Counter(f"`{part.title}`" for part in parts)
    found.update(one.title for part in parts for one in part.blocks if one.kind == "entry")
    return found


def _setting(
    name: str, blocks: Sequence[Block], part: Part, document: Document, shapes: Pair, times: Counter[str]
) -> Iterator[tuple[str, Row]]:
    """The row of a setting; what has no default is none."""
    plain = name.strip("`:")
    if times[name] != 1 or ":`" in name or not 2 <= len(plain) <= 60 or is_no_value(plain):
        return
    default = next((m[1] for b in blocks if b.kind == "text" and (m := _DEFAULT.match(b.text))), "")
    found = passage(blocks, code=False, most=LONGEST_TEXT)
    if found is None or found.text[:1].islower() or not default or _SECRET.search(default):
        return
    # A first line that is no name: a sentence goes on below it.
    if len(plain.split()) > 5 or plain[-1] in ",;.-" or " -- " in plain:
        return
    if name.startswith("`") and not re.fullmatch(r"[A-Za-z_@][\w.@-]*(\(\))?", plain):
        return
    quote = {"said": said(found.text), "block": block(found.text)}
    named = f"`{plain}`" if name.startswith("`") else f'"{plain}"'
    fields = known(document, part) | {"t": named, "T": f'"{part.title}"'} | _default(default)
    source = at(document, part.section, "setting", plain)
    answer = shapes.say.draw("setting", **fields, **quote)
    ask = shapes.ask.draw("setting", **fields)
    yield "setting", Row(ask, answer, source, document.fresh, document.path)


def _default(text: str) -> dict[str, str]:
    """The fields of a default: `state` of one that is a word, else `default`."""
    text = text.strip()
    if text.lower() in ("enabled", "disabled", "unset", "empty", "on", "off"):
        return {"state": text.lower()}
    if not text:
        return {}
    if text[0].isalpha():
        return {"default": f'"{text}"'}
    return {"default": text if text[0] in '`"' else f"`{text}`"}


def rows(
    document: Document, parts: Sequence[Part], shapes: Pair, rng: random.Random
) -> Iterator[tuple[str, Row]]:
    """What a table has on each of its keys: all cells of the row."""
    keys = Counter(row[0] for part in parts for table in part.section.tables for row in table[1:])
    for part in parts:
        tables = part.section.tables
        # Of several tables under one heading each wants a name.
        for table in tables if len(tables) in (1, len(part.section.captions)) else ():
            (header, *body), of = table, table_name(part.section, table)
            named = all(name.strip() for name in header) and len(set(header)) == len(header) >= 2
            for row in rng.sample(body, min(ROWS, len(body))) if named else ():
                if keys[row[0]] == 1 and (made := _row(header, row, of, part, document, shapes)):
                    yield "row", made


def _row(
    header: list[str], row: list[str], of: str, part: Part, document: Document, shapes: Pair
) -> Row | None:
    every = list(zip(header[1:], row[1:], strict=True))
    cells = [(name, value) for name, value in every if not is_no_value(value)]
    # "See above" stands for a text, a dash for none.
    if not all(_EMPTY.fullmatch(value) for _, value in every if is_no_value(value)):
        return None
    if is_no_value(row[0]) or not _KEY.fullmatch(row[0]) or not all(map(_COLUMN.fullmatch, header)):
        return None
    if not cells or (len(cells) == 1 and not _SENTENCE.match(cells[0][1])):
        return None
    if any(len(value) > CELL or is_away(value) or sent_on(value) for _, value in cells):
        return None
    if any(_SECRET.search(name) for name, _ in cells):
        return None
    facts = "\n".join(f"- {n}: {'nothing given' if _EMPTY.fullmatch(v) else v}" for n, v in every)
    fields = known(document, part) | {"T": f'"{of}"', "key": re.sub(r":(`?)\Z", r"\1", row[0])}
    if len(facts) + len(row[0]) < 25:
        return None
    answer = shapes.say.draw("row", **fields, facts=facts)
    ask = shapes.ask.draw("row", **fields)
    source = at(document, part.section, "row", row[0])
    return Row(ask, answer, source, document.fresh, document.path)
