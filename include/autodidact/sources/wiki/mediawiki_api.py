"""Encyclopedia articles from a MediaWiki's api.php, as its etiquette wants it.

The revision that was current at the cycle's end is read, so the same window gives the same text; what was
read is cached.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from autodidact import __version__
from autodidact.records import canonical, instant, sha256
from autodidact.retry_after import retry_after
from autodidact.sources.json_of_expected_type import parsed
from autodidact.sources.wiki.article import MAX_TEXT, Article
from autodidact.stage import Troubles
from autodidact.store import Cache


class MediaWiki:
    """One MediaWiki's api.php. It talks to the configured host only, one request after another, and gives up
    when the wiki asks for peace.

    `pause`: seconds between requests. `patience`: longest Retry-After, in seconds, that is waited for; at
    most `tries` times a request. `timeout`: seconds that the wiki may be silent; `limit`: seconds that one
    answer may take in all. A text is fetched only when the revision that was current is not in the cache,
    so that an unchanged article costs one small answer.
    """

    # Bytes.
    MAX_ANSWER = 8_000_000
    # Seconds of replication lag beyond which the wiki should refuse us: what mediawiki.org asks of bots.
    MAXLAG = 5
    # Redirects within the host.
    HOPS = 3
    # Requests in a row without any answer, after which no more are sent.
    MAX_UNANSWERED = 3

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
        self.pause, self.patience, self.tries = pause, patience, tries
        self.timeout, self.limit = timeout, limit
        self._last = 0.0
        # Why no more requests are sent.
        self._silent = ""
        self._unanswered = 0

    def articles(self, titles: list[str], until: datetime) -> Iterator[Article]:
        """The articles as they were at `until`. What the wiki does not have, or does not give, is counted by
        reason.
        """
        import httpx

        if urlsplit(self.api).scheme not in ("http", "https") or not urlsplit(self.api).hostname:
            self.troubles.add("not the address of a wiki", self.api)
            return
        agent = f"autodidact/{__version__} (reads single articles, one request at a time)"
        headers = {"User-Agent": f"{agent} httpx/{httpx.__version__}", "Accept-Encoding": "gzip"}
        with httpx.Client(headers=headers, timeout=self.timeout, follow_redirects=False) as client:
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
        """Finds the revision that was current, then reads its text unless an earlier cycle has read that
        revision.
        """
        about = {"prop": "info|revisions", "inprop": "url", "meta": "siteinfo", "siprop": "general"}
        newest = {"rvprop": "ids|timestamp", "rvlimit": "1", "rvstart": instant(until)}
        answer = self._query(client, title, {"titles": title, "redirects": "1"} | about | newest)
        if answer is None:
            return None
        try:
            page = answer["query"]["pages"][0]
            if page.get("missing") or page.get("invalid") or not page.get("revisions"):
                self.troubles.add("no such article", title)
                return None
            revision, site = page["revisions"][0], answer["query"]["general"]["sitename"]
            text = self._text(client, title, revision["revid"])
            if text is None:
                return None
            return Article(
                title=str(page["title"]),
                text=text,
                revision=int(revision["revid"]),
                time=str(revision["timestamp"]),
                site=str(site),
                url=str(page.get("fullurl", "")),
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            self.troubles.add("not a MediaWiki answer", title)
            return None

    def _text(self, client, title: str, revision: Any) -> str | None:
        """The text of a revision; None, counted, when the wiki does not give it."""
        key = sha256(canonical(["revision", self.api, revision]))
        stored = self.cache.get("wiki", key)
        if stored is None:
            wanted = {"revids": str(revision), "prop": "revisions", "rvprop": "content", "rvslots": "main"}
            content = self._query(client, title, wanted)
            if content is None:
                return None
            stored = content["query"]["pages"][0]["revisions"][0]["slots"]["main"]["content"].encode()
            self.cache.put("wiki", key, stored)
        return stored.decode()

    def _query(self, client, title: str, query: dict[str, str]) -> dict | None:
        """One query's answer; None, counted, when the wiki does not give one. After a refusal for load no
        more requests are sent.
        """
        import httpx

        form = {"action": "query", "format": "json", "formatversion": "2", "maxlag": str(self.MAXLAG)}
        for attempt in range(self.tries):
            if self._silent:
                self.troubles.add(self._silent, title)
                return None
            try:
                status, wait, body = self._get(client, form | query)
                self._unanswered = 0
            except _Unusable as reason:
                self.troubles.add(str(reason), title)
                return None
            except httpx.HTTPError as error:
                self.troubles.add(f"wiki not reached: {type(error).__name__}", title)
                self._unanswered += 1
                if self._unanswered >= self.MAX_UNANSWERED:
                    self._silent = "not asked after the wiki did not answer"
                return None
            answer = parsed(body) if status == 200 else None
            lagging = _lagging(answer)
            if status not in (429, 503) and not lagging:
                return self._checked(answer, status, title)
            if wait > self.patience or attempt == self.tries - 1:
                self._silent = "not asked after the wiki refused"
                self.troubles.add("wiki is lagging" if lagging else f"wiki answered {status}", title)
                return None
            time.sleep(wait)
        return None

    def _checked(self, answer: Any, status: int, title: str) -> dict | None:
        """The answer, if it is one; None, counted, of anything else."""
        if not isinstance(answer, dict):
            reason = "not a MediaWiki answer" if status == 200 else f"wiki answered {status}"
            self.troubles.add(reason, title)
            return None
        if "error" in answer:
            self.troubles.add("wiki reported an error", f"{title}: {str(answer['error'])[:120]}")
            return None
        return answer

    def _get(self, client, parameters: dict[str, str]) -> tuple[int, float, bytes]:
        """(status, seconds to wait, body) of one request, redirects followed within the host, its size and
        time bounded.
        """
        import httpx

        url = self.api
        sent: dict[str, str] | None = parameters
        for _ in range(self.HOPS):
            time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
            self._last = time.monotonic()
            with client.stream("GET", url, params=sent) as response:
                if response.is_redirect:
                    target = urljoin(str(response.url), response.headers.get("location", ""))
                    if _origin(target) != _origin(self.api):
                        raise _Unusable("wiki redirects to another host")
                    url, sent = target, None
                    continue
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > self.MAX_ANSWER:
                        raise _Unusable("answer too large")
                    if time.monotonic() - self._last > self.limit:
                        raise httpx.ReadTimeout("the answer takes too long")
                wait = retry_after(response.headers.get("retry-after", ""), self.pause)
                return response.status_code, wait, bytes(body)
        raise _Unusable("too many redirects")


class _Unusable(Exception):
    """Why an answer is not used."""


def _lagging(answer: Any) -> bool:
    """Whether the wiki reports that it is under load."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return isinstance(error, dict) and error.get("code") in ("maxlag", "ratelimited")


def _origin(url: str) -> tuple:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
