"""How an example cites the article that it is from."""

from typing import Any

from autodidact.records import instant
from autodidact.sources.wiki.article import Article


def cited(article: Article) -> dict[str, Any]:
    """`source` and `time` of an example."""
    source = {
        "kind": "wiki",
        "ref": reference(article),
        "title": article.title,
        "revision": article.revision,
        "site": article.site,
    }
    return {"source": source, "time": _time(article.time)}


def reference(article: Article) -> str:
    """The address of an article, its title where it has none."""
    return article.url or article.title


def _time(text: str) -> str | None:
    try:
        return instant(text) if text else None
    except (ValueError, OverflowError):
        return None
