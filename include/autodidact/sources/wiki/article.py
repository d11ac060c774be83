"""An encyclopedia article, from whichever source."""

from dataclasses import dataclass

# Characters of one article, MediaWiki's own limit for a page.
MAX_TEXT = 2_000_000


@dataclass(frozen=True)
class Article:
    """An article as wikitext, and what its attribution needs."""

    title: str
    text: str
    revision: int
    time: str
    site: str
    url: str
