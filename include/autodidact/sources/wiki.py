"""Encyclopedia articles: from a MediaWiki export file offline, or from a MediaWiki's api.php as its etiquette
asks.

An export is read as a stream, in memory bounded by one article, by a parser that refuses document types and
entities. Of the API the revision that was current at the cycle's end is read, so the same window gives the
same text; what was read is cached.
"""

import bz2
import gzip
import json
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urljoin, urlsplit
from xml.parsers import expat

from autodidact import __version__
from autodidact.models.openai_client import retry_after
from autodidact.records import canonical, instant, sha256
from autodidact.sources.budget import each
from autodidact.sources.table_files import shown
from autodidact.stage import Troubles
from autodidact.store import Cache

# Of an export's elements; a real one has five.
MAX_DEPTH = 50
# Characters of a title, an id or a time; MediaWiki allows 255 bytes.
MAX_FIELD = 10_000
# Bytes without a whole tag; expat reads the beginning of one again with every chunk.
MAX_TAG = 1_000_000
# Bytes without the end of a page, unpacked: a few bytes of bz2 unfold into as many as one likes.
MAX_PAGE = 256_000_000
# Of processor time for an export; a gigabyte of XML takes about thirty.
SECONDS = 1_800.0
# Characters of one article, MediaWiki's own limit for a page.
MAX_TEXT = 2_000_000
CHUNK = 1 << 16


@dataclass(frozen=True)
class Article:
    """An article as wikitext, and what its attribution needs."""

    title: str
    text: str
    revision: int
    time: str
    site: str
    url: str


class Refused(Exception):
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
            yield from each(reader.read(file), troubles, shown(path), seconds=SECONDS)
    except (
        expat.ExpatError,
        Refused,
        OSError,
        EOFError,
        zlib.error,
        ValueError,
        LookupError,
    ) as error:  # the last two: encodings
        troubles.add("export broken or refused", f"{shown(path)}: {error}")
    if reader.too_long:
        troubles.add("article too long", reader.first_too_long, reader.too_long)
    for title in sorted(wanted - reader.found):
        troubles.add("no such article", title)


class _Export:
    """A MediaWiki export as a stream of articles."""

    FIELDS = {"sitename", "base", "title", "ns", "id", "timestamp", "text"}

    def __init__(self, wanted: set[str]):
        self.wanted, self.found = wanted, set()
        self.too_long, self.first_too_long = 0, ""  # in the order of the alphabet
        self.site, self.base = "", ""
        self._path: list[str] = []
        self._field: list[str] | None = None
        self._size = 0
        self._page: dict[str, str] = {}
        self._ready: list[Article] = []
        self._tag = self._since = 0  # bytes read since the last event, and since the last page

    def read(self, file: IO[bytes]) -> Iterator[Article]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = (
            self._refuse
        )  # without a document type there are no entities to blow up or to fetch
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._event
        while chunk := file.read(CHUNK):
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
        except (expat.ExpatError, Refused, ValueError, LookupError) as error:
            return error
        if self._tag > MAX_TAG:
            return Refused(f"a tag of more than {MAX_TAG:,} bytes")
        return (
            Refused(f"more than {MAX_PAGE:,} bytes without the end of a page")
            if self._since > MAX_PAGE
            else None
        )

    def _refuse(self, *_: Any) -> None:
        raise Refused("it has a document type")

    def _event(self, *_: Any) -> None:
        self._tag = 0

    def _start(self, name: str, attributes: dict) -> None:
        self._tag = 0
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise Refused(f"its elements are nested more than {MAX_DEPTH} deep")
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


class MediaWiki:
    """One MediaWiki's api.php. It talks to the configured host only, one request after another, and gives up
    when the wiki asks for peace.

    `pause`: seconds between requests. `patience`: longest Retry-After, in seconds, that is waited for; at
    most `tries` times a request.
    `timeout`: seconds that the wiki may be silent; `limit`: seconds that one answer may take in all. A text
    is asked for only when the
    revision that was current is not in the cache, so that an unchanged article costs one small answer.
    """

    MAX_ANSWER = 8_000_000  # bytes
    # Seconds of replication lag beyond which the wiki should refuse us: what mediawiki.org asks of bots.
    MAXLAG = 5
    HOPS = 3  # redirects within the host
    DEAF = 3  # requests in a row without any answer, after which nothing more is asked

    def __init__(
        self,
        api: str,
        cache: Cache,
        troubles: Troubles,
        *,
        pause: float = 1.0,
        patience: float = 10.0,
        tries: int = 3,
        timeout: float = 20.0,
        limit: float = 60.0,
    ):
        self.api, self.cache, self.troubles = api, cache, troubles
        self.pause, self.patience, self.tries, self.timeout, self.limit = (
            pause,
            patience,
            tries,
            timeout,
            limit,
        )
        self._last = 0.0
        self._silent = ""  # why nothing more is asked
        self._unanswered = 0

    def articles(self, titles: list[str], until: datetime) -> Iterator[Article]:
        """The articles as they were at `until`. What the wiki does not have, or does not give, is counted by
        reason.
        """
        import httpx

        if urlsplit(self.api).scheme not in ("http", "https") or not urlsplit(self.api).hostname:
            self.troubles.add("not the address of a wiki", self.api)
            return
        agent = (
            f"autodidact/{__version__} (reads single articles, one request at a time)"
            f" httpx/{httpx.__version__}"
        )
        with httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=self.timeout,
            follow_redirects=False,
        ) as client:
            for title in dict.fromkeys(title.replace("_", " ").strip() for title in titles):
                key = sha256(canonical(["article", self.api, title, instant(until)]))
                stored = self.cache.get("wiki", key)
                article = Article(**json.loads(stored)) if stored else self._fetch(client, title, until)
                if article is None:
                    continue
                if not stored:
                    self.cache.put("wiki", key, json.dumps(asdict(article), ensure_ascii=False).encode())
                if len(article.text) > MAX_TEXT:
                    self.troubles.add("article too long", title)
                else:
                    yield article

    def _fetch(self, client, title: str, until: datetime) -> Article | None:
        """Asks which revision was current, then for its text unless an earlier cycle has read that
        revision."""
        asked = {
            "titles": title,
            "redirects": "1",
            "prop": "info|revisions",
            "inprop": "url",
            "meta": "siteinfo",
            "siprop": "general",
        }
        answer = self._query(
            client, title, asked | {"rvprop": "ids|timestamp", "rvlimit": "1", "rvstart": instant(until)}
        )
        if answer is None:
            return None
        try:
            page = answer["query"]["pages"][0]
            if page.get("missing") or page.get("invalid") or not page.get("revisions"):
                self.troubles.add("no such article", title)
                return None
            revision, site = page["revisions"][0], answer["query"]["general"]["sitename"]
            key = sha256(canonical(["revision", self.api, revision["revid"]]))
            stored = self.cache.get("wiki", key)
            if stored is None:
                content = self._query(
                    client,
                    title,
                    {
                        "revids": str(revision["revid"]),
                        "prop": "revisions",
                        "rvprop": "content",
                        "rvslots": "main",
                    },
                )
                if content is None:
                    return None
                stored = content["query"]["pages"][0]["revisions"][0]["slots"]["main"]["content"].encode()
                self.cache.put("wiki", key, stored)
            return Article(
                title=str(page["title"]),
                text=stored.decode(),
                revision=int(revision["revid"]),
                time=str(revision["timestamp"]),
                site=str(site),
                url=str(page.get("fullurl", "")),
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            self.troubles.add("not a MediaWiki answer", title)
            return None

    def _query(self, client, title: str, asked: dict[str, str]) -> dict | None:
        """One query's answer; None, counted, when the wiki does not give one. After a refusal for load
        nothing more is asked.
        """
        import httpx

        parameters = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "maxlag": str(self.MAXLAG),
        } | asked
        for attempt in range(self.tries):
            if self._silent:
                self.troubles.add(self._silent, title)
                return None
            try:
                status, wait, body = self._get(client, parameters)
                self._unanswered = 0
            except _Away as away:
                self.troubles.add(str(away), title)
                return None
            except httpx.HTTPError as error:
                self.troubles.add(f"wiki not reached: {type(error).__name__}", title)
                self._unanswered += 1
                if self._unanswered >= self.DEAF:
                    self._silent = "not asked after the wiki did not answer"
                return None
            answer = _json(body) if status == 200 else None
            lagging = (
                isinstance(answer, dict)
                and isinstance(answer.get("error"), dict)
                and answer["error"].get("code") in ("maxlag", "ratelimited")
            )
            if status not in (429, 503) and not lagging:
                if not isinstance(answer, dict):
                    self.troubles.add(
                        "not a MediaWiki answer" if status == 200 else f"wiki answered {status}", title
                    )
                    return None
                if "error" in answer:
                    self.troubles.add("wiki reported an error", f"{title}: {str(answer['error'])[:120]}")
                    return None
                return answer
            if wait > self.patience or attempt == self.tries - 1:
                self._silent = "not asked after the wiki refused"
                self.troubles.add(f"wiki answered {status}" if not lagging else "wiki is lagging", title)
                return None
            time.sleep(wait)
        return None

    def _get(self, client, parameters: dict[str, str]) -> tuple[int, float, bytes]:
        """(status, seconds to wait, body) of one request, redirects followed within the host, its size and
        time bounded.
        """
        import httpx

        url, sent = self.api, parameters
        for _ in range(self.HOPS):
            time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
            self._last = time.monotonic()
            with client.stream("GET", url, params=sent) as response:
                if response.is_redirect:
                    target = urljoin(str(response.url), response.headers.get("location", ""))
                    if _origin(target) != _origin(self.api):
                        raise _Away("wiki redirects to another host")
                    url, sent = target, None
                    continue
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > self.MAX_ANSWER:
                        raise _Away("answer too large")
                    if time.monotonic() - self._last > self.limit:
                        raise httpx.ReadTimeout("the answer takes too long")
                return (
                    response.status_code,
                    retry_after(response.headers.get("retry-after", ""), self.pause),
                    bytes(body),
                )
        raise _Away("too many redirects")


class _Away(Exception):
    """The answer is not taken."""


def _origin(url: str) -> tuple:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
