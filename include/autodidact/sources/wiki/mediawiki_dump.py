"""Encyclopedia articles from a MediaWiki export file, offline.

It is read as a stream, in memory bounded by one article, by a parser that refuses document types and
entities.
"""

import bz2
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from autodidact.sources.reading_limits import each
from autodidact.sources.table_files import shown
from autodidact.sources.wiki.article import MAX_TEXT, Article
from autodidact.stage import Troubles

# Of an export's elements; a real one has five.
MAX_DEPTH = 50
# Characters of a title, an id or a time; MediaWiki allows 255 bytes.
MAX_FIELD = 10_000
# Bytes without a whole tag; expat reads the beginning of one again with every chunk.
MAX_TAG = 1_000_000
# Bytes without the end of a page, unpacked: a few bytes of bz2 unfold into as many as one likes.
MAX_PAGE = 256_000_000
# Of processor time: for any export, for each of its bytes besides, and for the largest. A gigabyte of XML
# takes about thirty, one packed byte of an honest export stands for five to ten, of a hostile one for many
# thousands.
SECONDS, SECONDS_PER_BYTE, MOST_SECONDS = 60.0, 2e-6, 1_800.0
CHUNK = 1 << 16


class ExportRefused(Exception):
    """The export is no plain MediaWiki XML."""


def dump_articles(path: Path, titles: list[str], troubles: Troubles) -> Iterator[Article]:
    """The articles of an export file (.xml, .xml.bz2, .xml.gz), in its order; those of `titles` only, all
    when that is empty.

    Redirects and pages outside the main namespace are left out. A broken file costs what follows the break,
    and is counted.
    """
    wanted = {title.replace("_", " ") for title in titles}
    reader = _Export(wanted)
    opener: Any = {".bz2": bz2.open, ".gz": gzip.open}.get(path.suffix.lower(), open)
    try:
        with opener(path, "rb") as file:
            seconds = min(SECONDS + SECONDS_PER_BYTE * path.stat().st_size, MOST_SECONDS)
            yield from each(reader.read(file), troubles, shown(path), seconds=seconds)
    except (expat.ExpatError, ExportRefused, OSError, EOFError, zlib.error, ValueError, LookupError) as error:
        # ValueError and LookupError come from encodings.
        troubles.add("export broken or refused", f"{shown(path)}: {error}")
    if reader.too_long:
        troubles.add("article too long", reader.first_too_long, reader.too_long)
    for title in sorted(wanted - reader.found):
        troubles.add("no such article", title)


class _Export:
    """A MediaWiki export as a stream of articles."""

    FIELDS = {"sitename", "base", "title", "ns", "id", "timestamp", "text"}

    def __init__(self, wanted: set[str]):
        self.wanted = wanted
        self.found: set[str] = set()
        # How many articles are too long, and which of them is the first in the alphabet.
        self.too_long, self.first_too_long = 0, ""
        self.site, self.base = "", ""
        self._path: list[str] = []
        self._field: list[str] | None = None
        self._size = 0
        self._page: dict[str, str] = {}
        self._ready: list[Article] = []
        # Bytes read since the last event, and since the last page.
        self._tag = self._since = 0

    def read(self, file: Any) -> Iterator[Article]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        # Without a document type there are no entities to blow up or to fetch.
        parser.StartDoctypeDeclHandler = self._refuse
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._event
        while chunk := file.read1(CHUNK):  # `read` would lose what stands before a break
            self._tag, self._since = self._tag + len(chunk), self._since + len(chunk)
            broken = self._parse(parser, chunk)
            yield from self._ready
            self._ready.clear()
            if broken:
                raise broken
            if self.wanted and self.wanted <= self.found:
                return
        parser.Parse(b"", True)

    def _parse(self, parser: Any, chunk: bytes) -> Exception | None:
        """Why nothing after this chunk can be read: what stands before the break counts."""
        try:
            parser.Parse(chunk, False)
        except (expat.ExpatError, ExportRefused, ValueError, LookupError) as error:
            return error
        if self._tag > MAX_TAG:
            return ExportRefused(f"a tag of more than {MAX_TAG:,} bytes")
        if self._since > MAX_PAGE:
            return ExportRefused(f"more than {MAX_PAGE:,} bytes without the end of a page")
        return None

    def _refuse(self, *_: Any) -> None:
        raise ExportRefused("it has a document type")

    def _event(self, *_: Any) -> None:
        self._tag = 0

    def _start(self, name: str, attributes: dict) -> None:
        self._tag = 0
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise ExportRefused(f"its elements are nested more than {MAX_DEPTH} deep")
        if name == "page":
            self._page = {}
        elif name == "redirect":
            self._page["redirect"] = "yes"
        elif name in self.FIELDS:
            self._field, self._size = [], 0

    def _data(self, data: str) -> None:
        self._tag = 0
        if self._field is not None:
            self._size += len(data)
            if self._size <= (MAX_TEXT if self._path[-1] == "text" else MAX_FIELD):
                self._field.append(data)

    def _end(self, name: str) -> None:
        self._tag = 0
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if self._field is not None and name in self.FIELDS:
            value = "".join(self._field)
            if name == "sitename":
                self.site = value
            elif name == "base":
                self.base = value
            elif parent in ("page", "revision"):
                self._page[f"{parent}.{name}"] = value
                if name == "text" and self._size > MAX_TEXT:
                    self._page["long"] = "yes"
            self._field = None
        elif name == "page":
            self._close()

    def _close(self) -> None:
        self._since = 0
        page = self._page
        title = page.get("page.title", "").strip()
        if page.get("page.ns", "0").strip() != "0" or not title or (self.wanted and title not in self.wanted):
            return
        if self.wanted:
            self.found.add(title)
        if "redirect" in page or not page.get("revision.text", "").strip():
            return
        if "long" in page:
            self.first_too_long = min(self.first_too_long, title) if self.too_long else title
            self.too_long += 1
            return
        revision = page.get("revision.id", "").strip()
        self._ready.append(
            Article(
                title=title,
                text=page["revision.text"],
                revision=int(revision) if revision.isdecimal() and len(revision) < 20 else 0,
                time=page.get("revision.timestamp", "").strip(),
                site=self.site,
                url=_address(self.base, title),
            )
        )


def _address(base: str, title: str) -> str:
    """Where people read the article: `base` is the address of another page of the site."""
    return base.rpartition("/")[0] + "/" + quote(title.replace(" ", "_")) if "/" in base else ""
