"""General knowledge from encyclopedia articles: definitions, reasons, numbers, claims to check; each with the
article it is from.

Source: the articles that `sources.wikipedia.titles` lists (`sources.wikipedia.dump`: a MediaWiki export, also
.bz2, multistream too, or .gz; else `sources.wikipedia.api`: a MediaWiki's api.php, whose host alone is talked
to); with an API and no titles, those that the project's documents link to there. Kinds: what a term means,
which term or number belongs in a gap, why, what for, what follows, what a section says, which article says
it, claims that are true or false, and what an article does not cover, where all its headings were read. A
sentence that lost a template or a formula is left out.

In the register `full` the sentences themselves answer, and the article is named: what a term means and what
follows it, a section as the next turn of a conversation, a reason with the sentence that gives it, two terms
side by side, a wrong number corrected, and a word that is a link, by the article that it leads to. "The
receiver reads when it can": what is a receiver? "The word is a link to the article "Receiver", which begins:
A receiver is a program that takes messages."

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
from autodidact.generators.wikipedia_harvest.cite_article import cited, reference
from autodidact.generators.wikipedia_harvest.full import full_examples as full_examples
from autodidact.generators.wikipedia_harvest.sentence_kinds import POINTS_BACK, alone_says, defined
from autodidact.generators.writing.facts_into_words import (
    Fact,
    capital,
    choose,
    listing,
    opening,
    sentences,
    to_examples,
)
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example
from autodidact.sources.documents.reader import documents
from autodidact.sources.reading_limits import within
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article
from autodidact.sources.wiki.mediawiki_api import MediaWiki
from autodidact.sources.wiki.mediawiki_dump import dump_articles
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


def read(snapshot: Snapshot) -> list[Article]:
    """The first ARTICLES articles. Skipped without a dump, an API or articles to ask for."""
    found: list[Article] = []
    for article in _articles(snapshot):
        if snapshot.forgotten.article(article.title, article.url):
            continue
        if len(found) == ARTICLES:
            snapshot.troubles.add("articles beyond the limit", article.title)
            break
        Compared(snapshot, "articles", {article.title: article.text}, {article.title: reference(article)})
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
    named = wiki.titles or _linked(snapshot, wiki.api)
    titles = [title for title in named if not snapshot.forgotten.article(title)]
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
    cites = cited(article)
    sections = wiki_sections(article.text, unread, article.title[:200])
    if not sections:
        return
    titles = [section.title for section in sections if section.title]
    covers = f"Its sections: {listing(titles)}." if titles else "It has no sections."
    covers = covers if len(titles) <= MOST else ""
    for heading in _absent_headings(article, elsewhere):
        ask = f'What does the article "{article.title}" say about "{heading}"?'
        answer = unread.closed(f"Nothing under that heading. {covers}".strip(), "headings")
        yield "absent", Fact(ask, answer, **cites)
    elsewhere |= {section.title: None for section in sections if section.title and section.paragraphs}
    for section in sections:
        # Up to where something is lost: what follows is not how the section begins.
        text = opening(takewhile(bool, section.paragraphs), LONGEST_ANSWER)
        if titles.count(section.title) == 1 and text and len(text) >= SENTENCE[0]:
            ask = f'What does the article "{article.title}" say about "{section.title}"?'
            yield "section", Fact(ask, text, **cites)
        for sentence in (s for paragraph in section.paragraphs for s in sentences(paragraph)):
            if SENTENCE[0] <= len(sentence) <= SENTENCE[1] and sentence.endswith("."):
                yield from _of_sentence(sentence, section, article, cites, rng)


def _absent_headings(article: Article, elsewhere: dict[str, None]) -> list[str]:
    """The last two headings of other articles that the article does not mention."""
    text = article.text.lower()
    absent = (heading for heading in reversed(elsewhere) if heading.lower() not in text)
    return list(islice(absent, 2))[::-1]


def _of_sentence(
    sentence: str, section: WikiSection, article: Article, cites: dict[str, Any], rng: random.Random
) -> Iterator[tuple[str, Fact]]:
    """(kind, fact): the term that a sentence defines, its article, and what it says by itself."""
    from_where = f"({article.title})"
    if term := defined(sentence, section, article.text):
        asks = (
            f"What is meant by {term}?",
            f"Define {term} in one sentence.",
            f"{capital(term)}: what does that word mean?",
        )
        for ask in rng.sample(asks, 2):
            yield "what", Fact(f"{ask} {from_where}", sentence, **cites)
        hidden = re.sub(rf"\b{re.escape(term)}\b", "___", sentence, flags=re.IGNORECASE)
        yield "term", Fact(f"Which word belongs in the gap? {hidden}", term, short=True, **cites)
    if article.title.lower() not in sentence.lower() and not POINTS_BACK.search(sentence):
        ask = f'Which article of {article.site or "the encyclopedia"} says this? "{sentence}"'
        yield "origin", Fact(ask, article.title, short=True, **cites)
    for kind, ask, answer, short in alone_says(sentence, rng):
        yield kind, Fact(f"{ask} {from_where}", answer, short=short, **cites)
