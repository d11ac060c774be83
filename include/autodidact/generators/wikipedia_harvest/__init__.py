"""General knowledge from encyclopedia articles: definitions, reasons, numbers, claims to check; each with the
article it is from.

Source: the articles that `sources.wikipedia.titles` lists (`sources.wikipedia.dump`: a MediaWiki export, also
.bz2, multistream too, or .gz; else `sources.wikipedia.api`: a MediaWiki's api.php, whose host alone is talked
to); with an API and no titles, those that the project's documents link to there. Kinds: what a term means,
which term or number belongs in a gap, why, what for, what follows, what a section says, which article says
it, claims that are true or false, and what an article does not cover, where all its headings were read. A
sentence that lost a template or a formula is left out.

    {"generator": "wikipedia_harvest", "category": "reasoning",
     "messages": [{"role": "user", "content": "Most queues deliver a message at least once. What follows from
     that? (Message queue)"},
                  {"role": "assistant", "content": "A receiver may see it twice."}],
     "source": {"kind": "wiki", "ref": "https://reader.wharfside.example/wiki/Message_queue", "title":
     "Message queue", "revision": 106,
                "site": "Wharfside Reader"}, "time": "2026-02-16T09:00:00Z"}
"""

import random
import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any
from urllib.parse import unquote, urlsplit

from autodidact.errors import NoSource
from autodidact.generators.writing.wording import (
    Fact,
    capital,
    choose,
    listing,
    lower,
    opening,
    sentences,
    to_examples,
)
from autodidact.knowledge.facts import Compared
from autodidact.records import Example, instant
from autodidact.sources.budget import within
from autodidact.sources.documents.reader import documents
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article
from autodidact.sources.wiki.export import dump_articles
from autodidact.sources.wiki.mediawiki import MediaWiki
from autodidact.sources.wiki.wikitext import WikiSection, wiki_sections

NAME = "wikipedia_harvest"
CATEGORY = "reasoning"

# Most articles read in a cycle.
ARTICLES = 200
# Headings in an answer.
MOST = 8
# Characters of an answer to what a section says.
LONGEST_ANSWER = 420
# Characters of a sentence that is asked about.
SENTENCE = (30, 300)

_BECAUSE = re.compile(r"^(?P<what>.{15,}?),? because (?P<why>.{8,}?)\.$")
_SO = re.compile(r"^(?P<what>.{15,}?), so (?!that\b)(?P<then>.{8,}?)\.$")
_SO_THAT = re.compile(r"^(?P<what>.{15,}?),? so that (?P<aim>.{8,}?)\.$")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w,-]|\.\d)")
_ABOUT = re.compile(
    r"\b(circa|ca\.?|c\.|about|approximately|around|nearly|almost|roughly|some|over|under|below|above"
    r"|at least|at most|more than|less than|fewer than|up to|estimated|between)\s+$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|his|her|such|here|there|former|latter|also"
    r"|however|therefore|thus|then)\b",
    re.IGNORECASE,
)


def read(snapshot: Snapshot) -> list[Article]:
    """The first ARTICLES articles. Skipped without a dump, an API or articles to ask for."""
    found: list[Article] = []
    for article in _articles(snapshot):
        if len(found) == ARTICLES:
            snapshot.troubles.add("articles beyond the limit", article.title)
            break
        Compared(snapshot, "articles", {article.title: article.text}, {article.title: _ref(article)})
        found.append(article)
    return found


def examples(facts: list[Article], snapshot: Snapshot) -> Iterator[Example]:
    """Questions that the articles answer."""
    groups: dict[str, list[Fact]] = {
        kind: [] for kind in ("what", "term", "section", "why", "then", "number", "claim", "origin", "absent")
    }
    elsewhere: dict[str, None] = {}  # headings of the articles before
    for article in facts:
        rng = snapshot.rng(NAME, article.title)
        with within(snapshot.troubles, article.title[:200]):
            for kind, fact in list(_facts(article, elsewhere, rng, Unread(snapshot.troubles))):
                groups[kind].append(fact)
    yield from to_examples(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def _articles(snapshot: Snapshot) -> Iterator[Article]:
    wiki = snapshot.settings.sources.wikipedia
    if wiki.dump:
        return dump_articles(named_file(wiki.dump, "sources.wikipedia.dump"), wiki.titles, snapshot.troubles)
    if not wiki.api:
        raise NoSource(
            "no articles: sources.wikipedia names neither a dump nor an api", setting="sources.wikipedia"
        )
    titles = wiki.titles or _linked(snapshot, wiki.api)
    if not titles:
        raise NoSource(
            "sources.wikipedia lists no titles, and no document links to an article",
            setting="sources.wikipedia.titles",
        )
    return MediaWiki(wiki.api, snapshot.cache, snapshot.troubles).articles(titles[:ARTICLES], snapshot.until)


def _linked(snapshot: Snapshot, api: str) -> list[str]:
    """The articles of the API's host that the project's documents link to."""
    link = re.compile(rf"https?://{re.escape(urlsplit(api).netloc)}/wiki/([^\s)>\]\"'#?|]+)")
    found = {
        unquote(title).replace("_", " ").rstrip(".,;")
        for document in documents(snapshot)
        for title in link.findall(document.text)
    }
    return sorted(title for title in found if ":" not in title)


def _facts(
    article: Article, elsewhere: dict[str, None], rng: random.Random, unread: Unread
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact) of one article. `elsewhere`: headings of earlier articles; its own are added."""
    source = {
        "kind": "wiki",
        "ref": _ref(article),
        "title": article.title,
        "revision": article.revision,
        "site": article.site,
    }
    cited: dict[str, Any] = {"source": source, "time": _time(article.time)}
    sections = wiki_sections(article.text, unread, article.title[:200])
    if not sections:
        return
    titles = [section.title for section in sections if section.title]
    covers = f"Its sections: {listing(titles)}." if titles else "It has no sections."
    covers = covers if len(titles) <= MOST else ""
    for heading in _absent_headings(article, elsewhere):
        ask = f'What does the article "{article.title}" say about "{heading}"?'
        answer = unread.closed(f"Nothing under that heading. {covers}".strip(), "headings")
        yield "absent", Fact(ask, answer, **cited)
    elsewhere |= {section.title: None for section in sections if section.title and section.paragraphs}
    for section in sections:
        # Up to where something is lost: what follows is not how the section begins.
        text = opening(takewhile(bool, section.paragraphs), LONGEST_ANSWER)
        if titles.count(section.title) == 1 and text and len(text) >= SENTENCE[0]:
            ask = f'What does the article "{article.title}" say about "{section.title}"?'
            yield "section", Fact(ask, text, **cited)
        for sentence in (s for paragraph in section.paragraphs for s in sentences(paragraph)):
            if SENTENCE[0] <= len(sentence) <= SENTENCE[1] and sentence.endswith("."):
                yield from _of_sentence(sentence, section, article, cited, rng)


def _absent_headings(article: Article, elsewhere: dict[str, None]) -> list[str]:
    """The last two headings of other articles that the article does not mention."""
    text = article.text.lower()
    absent = (heading for heading in reversed(elsewhere) if heading.lower() not in text)
    return list(islice(absent, 2))[::-1]


def _of_sentence(
    sentence: str, section: WikiSection, article: Article, cited: dict[str, Any], rng: random.Random
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact): the term that a sentence defines, its article, and what it says by itself."""
    from_where = f"({article.title})"
    if term := _defined(sentence, section):
        asks = (
            f"What is meant by {term}?",
            f"Define {term} in one sentence.",
            f"{capital(term)}: what does that word mean?",
        )
        for ask in rng.sample(asks, 2):
            yield "what", Fact(f"{ask} {from_where}", sentence, **cited)
        hidden = re.sub(rf"\b{re.escape(term)}\b", "___", sentence, flags=re.IGNORECASE)
        yield "term", Fact(f"Which word belongs in the gap? {hidden}", term, short=True, **cited)
    if article.title.lower() not in sentence.lower() and not _POINTS_BACK.search(sentence):
        ask = f'Which article of {article.site or "the encyclopedia"} says this? "{sentence}"'
        yield "origin", Fact(ask, article.title, short=True, **cited)
    for kind, ask, answer, short in _alone(sentence, rng):
        yield kind, Fact(f"{ask} {from_where}", answer, short=short, **cited)


def _ref(article: Article) -> str:
    return article.url or article.title


def _time(text: str) -> str | None:
    try:
        return instant(text) if text else None
    except (ValueError, OverflowError):
        return None


def _defined(sentence: str, section: WikiSection) -> str:
    """The term that the sentence explains: one in bold that it begins with, before "is" or the like; ""
    without one.
    """
    for term in section.terms:
        if re.match(
            rf"(?:an?|the|in)?\s*{re.escape(term)}\b(?:\s*\([^)]*\))?,?\s+"
            r"(?:is|are|was|were|means|lists|has|keeps|comes)\b",
            sentence,
            re.IGNORECASE,
        ):
            return term if term[:1].isupper() and not sentence.startswith(term) else lower(term)
    return ""


def _alone(sentence: str, rng: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    """(kind, question, answer, short) of what one sentence alone says."""
    alone = not _POINTS_BACK.search(sentence)
    if (match := _BECAUSE.match(sentence)) and not _POINTS_BACK.search(match["what"]):
        yield "why", f"Why? {capital(match['what'])}.", f"Because {match['why']}.", False
    elif (match := _SO_THAT.match(sentence)) and not _POINTS_BACK.search(match["what"]):
        yield "why", f"What for? {capital(match['what'])}.", f"So that {match['aim']}.", False
    elif (match := _SO.match(sentence)) and not _POINTS_BACK.search(match["what"]):
        yield (
            "then",
            f"{capital(match['what'])}. What follows from that?",
            f"{capital(match['then'])}.",
            False,
        )
    numbers = _NUMBER.findall(sentence)
    if alone and len(numbers) == 1:
        number = numbers[0]
        blank = _NUMBER.sub("___", sentence)
        yield "number", f"Which number is missing? {blank}", number, True
        other = _other(number, rng)
        # Of "circa 1850" or "more than 4" a number near it is not wrong.
        if other and not _ABOUT.search(sentence[: sentence.index(number)]):
            wrong = _NUMBER.sub(other, sentence)
            yield "claim", f"True or false? {wrong}", f"False: it is {number}, not {other}.", True
    if alone and rng.random() < 0.5:
        yield "claim", f"True or false? {sentence}", "True.", True


def _other(number: str, rng: random.Random) -> str:
    """A number near this one and different from it, written alike; "" for one that is not plain."""
    if number.isdecimal():
        value = int(number)
        return str(value + rng.choice([step for step in (-3, -2, -1, 1, 2, 3) if value + step > 0]))
    whole, dot, part = number.partition(".")
    return (
        f"{int(whole) + rng.choice((1, 2))}.{part}" if dot and whole.isdecimal() and part.isdecimal() else ""
    )
