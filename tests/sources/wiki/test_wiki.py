"""Articles out of a MediaWiki export, and out of a real server that behaves as MediaWiki does."""

import bz2
import threading
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article
from autodidact.sources.wiki.mediawiki_api import MediaWiki
from autodidact.sources.wiki.mediawiki_dump import dump_articles
from autodidact.sources.wiki.wikitext import wiki_sections
from autodidact.stage import Troubles
from autodidact.store import Cache, Store
from tests import loopback

UNTIL = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


def page(title, text, *, ns=0, extra="") -> str:
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>1</id>{extra}<revision><id>7</id><contributor><id>99</id></contributor>"
        f"<timestamp>2026-02-16T09:00:00Z</timestamp><text>{text}</text></revision></page>"
    )


def export(*pages) -> str:
    return f"<mediawiki><siteinfo><sitename>R</sitename><base>https://r.example/wiki/Main</base></siteinfo>{''.join(pages)}</mediawiki>"


def read(path, titles=(), troubles=None) -> list[Article]:
    return list(dump_articles(path, list(titles), troubles or Troubles()))


def counted(troubles) -> dict[str, int]:
    return {trouble.reason: trouble.count for trouble in troubles.list()}


def test_an_export_gives_its_articles_without_redirects_and_other_namespaces(tmp_path):
    path = tmp_path / "wiki.xml"
    redirect = page("Tides", "#REDIRECT [[A tide]]", extra='<redirect title="A tide" />')
    path.write_text(export(page("A tide", "Up &amp; down."), redirect, page("Talk:A", "x", ns=1)))
    assert read(path) == [
        Article("A tide", "Up & down.", 7, "2026-02-16T09:00:00Z", "R", "https://r.example/wiki/A_tide")
    ]


def test_only_the_titles_asked_for_and_a_missing_one_is_counted(tmp_path):
    path, troubles = tmp_path / "wiki.xml.bz2", Troubles()
    path.write_bytes(bz2.compress(export(page("A", "a"), page("B", "b")).encode()))
    assert [article.title for article in read(path, ["B", "Some_ghost"], troubles)] == ["B"]
    assert counted(troubles) == {"no such article": 1}


def test_a_multistream_export_is_read_through(tmp_path):
    path = tmp_path / "wiki.xml.bz2"
    whole = export(page("A", "a"), page("B", "b"), page("C", "c"))
    pieces = [whole[:120], whole[120:300], whole[300:]]
    path.write_bytes(b"".join(bz2.compress(piece.encode()) for piece in pieces))
    assert [article.title for article in read(path)] == ["A", "B", "C"]


def test_reading_ends_when_all_that_was_asked_for_is_found(tmp_path):
    path, troubles = tmp_path / "wiki.xml", Troubles()
    path.write_text(export(page("A", "a" * 100_000), page("B", "b" * 100_000)) + "<broken")
    assert [article.title for article in read(path, ["A"], troubles)] == ["A"] and counted(troubles) == {}


def test_a_deeply_nested_export_is_refused(tmp_path):
    path, troubles = tmp_path / "wiki.xml", Troubles()
    path.write_text("<mediawiki>" + "<a>" * 100_000)
    assert read(path, troubles=troubles) == [] and counted(troubles) == {"export broken or refused": 1}


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE m SYSTEM "http://127.0.0.1:9/m.dtd">',
    ],
)
def test_a_document_type_is_refused_before_anything_is_expanded_or_fetched(tmp_path, head):
    path, troubles = tmp_path / "wiki.xml", Troubles()
    path.write_text(head + export(page("A", "a &b; &x;")))
    assert read(path, troubles=troubles) == []
    assert counted(troubles) == {"export broken or refused": 1}


def test_a_torn_export_gives_what_was_before_the_tear(tmp_path):
    path, troubles = tmp_path / "wiki.xml", Troubles()
    path.write_text(export(page("A", "a" * 200_000)).removesuffix("</mediawiki>") + "<page><tit")
    assert [len(article.text) for article in read(path, troubles=troubles)] == [200_000]
    assert counted(troubles) == {"export broken or refused": 1}


def test_an_article_beyond_the_limit_is_left_out(tmp_path):
    path, troubles = tmp_path / "wiki.xml", Troubles()
    path.write_text(export(page("Long", "a" * 2_000_001), page("B", "b")))
    assert [article.title for article in read(path, troubles=troubles)] == ["B"]
    assert counted(troubles) == {"article too long": 1}


def test_wikitext_becomes_plain_sections():
    text = """{{Infobox|a={{b}}}}
'''Tide''' is the [[sea level|level]] of the [[Sea]].<ref name="x">A book</ref><ref name="y" /> [[File:T.jpg|thumb|A [[tide]] table]]
{| class="wikitable"
| cell
|}
* a list
== Spring {{small}} ==
See [https://example.org the page]. It has ''nothing'' to do with {{lang|de|Frühling}}.
"""
    lead, spring = wiki_sections(text, Unread())
    assert (lead.title, lead.paragraphs, lead.terms) == ("", ["Tide is the level of the Sea."], ["Tide"])
    assert (spring.title, spring.paragraphs) == (
        "Spring",
        ["See the page. It has nothing to do with Frühling."],
    )


def test_the_space_before_a_word_that_begins_with_a_full_stop_stays():
    (lead,) = wiki_sections("The extension <code>.mp3</code> was chosen <small>in 1995</small> .", Unread())
    assert lead.paragraphs == ["The extension .mp3 was chosen in 1995."]


def test_an_unclosed_template_costs_its_line():
    unread = Unread()
    sections = wiki_sections("Begin.\n{{never closed\nThe next line.\n", unread)
    assert [section.paragraphs for section in sections] == [["Begin.", "The next line."]]
    assert not unread.whole("headings")


ARTICLES = {
    "Tide": [
        (11, "2026-01-01T00:00:00Z", "Old tide."),
        (12, "2026-06-01T00:00:00Z", "New tide."),
        (13, "2026-12-01T00:00:00Z", "Future tide."),
    ],
    "Ferry": [(21, "2026-02-01T00:00:00Z", "A ferry.")],
}


class Wiki(loopback.Server):
    """Answers as api.php does: revisions as of a date, redirects of titles, missing pages; and misbehaves as
    `mood` says.
    """

    def __init__(self):
        super().__init__(Handler)
        self.asked: list[dict] = []
        self.headers: list[dict] = []
        self.mood: list = []  # one entry a request: None, or what to do instead
        self.woken = threading.Event()  # set: who hangs lets go

    @property
    def api(self) -> str:
        return f"{self.root}/w/api.php"


class Handler(loopback.Handler):
    def do_GET(self):
        asked = {key: value[0] for key, value in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(asked)
        self.server.headers.append(dict(self.headers))
        mood = self.server.mood.pop(0) if self.server.mood else None
        if callable(mood):
            return mood(self)
        if mood:
            status, headers, body = mood
            return self.reply(body, status, **headers)
        self.reply(self.query(asked), Content_Type="application/json")

    def query(self, asked):
        if "revids" in asked:
            for title, revisions in ARTICLES.items():
                for number, _, text in revisions:
                    if str(number) == asked["revids"]:
                        return {
                            "query": {
                                "pages": [
                                    {"title": title, "revisions": [{"slots": {"main": {"content": text}}}]}
                                ]
                            }
                        }
        title = asked["titles"]
        fitting = [r for r in ARTICLES.get(title, ()) if r[1] <= asked["rvstart"]]
        found = {"title": title, "missing": True}
        if fitting:
            found = {
                "title": title,
                "fullurl": f"https://w.example/wiki/{title}",
                "revisions": [{"revid": fitting[-1][0], "timestamp": fitting[-1][1]}],
            }
        return {"query": {"pages": [found], "general": {"sitename": "W"}}}


@pytest.fixture
def wiki():
    with Wiki() as server:
        yield server
        server.woken.set()


@pytest.fixture
def asking(wiki, tmp_path):
    """Asks the wiki for articles; returns their titles and texts, and the troubles."""

    def ask(*titles, until=UNTIL, api=wiki.api, **options):
        troubles = Troubles()
        reader = MediaWiki(
            api, Cache(Store(tmp_path / "store")), troubles, **({"pause": 0.0, "timeout": 5.0} | options)
        )
        return [(a.title, a.text) for a in reader.articles(list(titles), until)], counted(troubles)

    return ask


def test_the_revision_of_the_windows_end_is_read(asking, wiki):
    assert asking("Tide") == ([("Tide", "New tide.")], {})
    assert asking("Tide", until=datetime(2026, 3, 1, tzinfo=timezone.utc)) == ([("Tide", "Old tide.")], {})
    assert wiki.asked[0]["maxlag"] == "5" and wiki.asked[0]["rvstart"] == "2026-11-23T12:00:00Z"
    assert wiki.headers[0]["User-Agent"].startswith("autodidact/")


def test_a_second_reading_of_the_window_asks_nothing_and_a_later_one_only_for_the_revision(asking, wiki):
    asking("Tide")
    assert asking("Tide") == ([("Tide", "New tide.")], {})
    assert len(wiki.asked) == 2
    assert asking("Tide", until=datetime(2026, 11, 24, tzinfo=timezone.utc)) == ([("Tide", "New tide.")], {})
    assert len(wiki.asked) == 3 and "revids" not in wiki.asked[2]


def test_a_missing_article_is_counted_and_the_next_one_read(asking):
    assert asking("Ghost", "Ferry") == ([("Ferry", "A ferry.")], {"no such article": 1})


def test_a_short_pause_is_waited_for(asking, wiki):
    wiki.mood = [(429, {"Retry-After": "0"}, b"slow down")]
    assert asking("Ferry") == ([("Ferry", "A ferry.")], {})


def test_a_lagging_wiki_is_asked_again(asking, wiki):
    wiki.mood = [(200, {"Retry-After": "0"}, b'{"error": {"code": "maxlag", "info": "Waiting"}}')]
    assert asking("Ferry") == ([("Ferry", "A ferry.")], {})


def test_a_wiki_that_wants_a_long_pause_is_left_alone(asking, wiki):
    wiki.mood = [(429, {"Retry-After": "3600"}, b"")]
    assert asking("Ferry", "Tide") == ([], {"wiki answered 429": 1, "not asked after the wiki refused": 1})
    assert len(wiki.asked) == 1


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Please log in</html>"), "not a MediaWiki answer"),
        ((200, {}, b'["a list"]'), "not a MediaWiki answer"),
        ((200, {}, b'{"query": {}}'), "not a MediaWiki answer"),
        ((200, {}, b'{"error": {"code": "readapidenied"}}'), "wiki reported an error"),
        ((404, {}, b""), "wiki answered 404"),
        ((302, {"Location": "http://example.org/w/api.php"}, b""), "wiki redirects to another host"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "wiki redirects to another host"),
    ],
)
def test_a_wrong_answer_costs_its_article_alone(asking, wiki, mood, reason):
    wiki.mood = [mood]
    assert asking("Tide", "Ferry") == ([("Ferry", "A ferry.")], {reason: 1})


def test_a_redirect_within_the_host_is_followed(asking, wiki):
    wiki.mood = [(301, {"Location": "/w/api.php?titles=Ferry&rvstart=2026-11-23T12:00:00Z"}, b"")]
    assert asking("Ferry") == ([("Ferry", "A ferry.")], {})


def silence(handler):
    handler.server.woken.wait(30)


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.woken.wait(0.02):
        handler.wfile.write(b" ")


def test_a_wiki_that_hangs_costs_what_was_asked_and_then_is_left_alone(asking, wiki):
    wiki.mood = [silence, None, silence, silence, silence]
    found, troubles = asking("Tide", "Ghost", "A", "B", "C", "D", "Ferry", timeout=0.2)
    assert (found, troubles) == (
        [],
        {
            "wiki not reached: ReadTimeout": 4,
            "no such article": 1,
            "not asked after the wiki did not answer": 2,
        },
    )
    assert len(wiki.asked) == 5


def test_an_answer_that_never_ends_is_given_up(asking, wiki):
    wiki.mood = [drip]
    assert asking("Tide", "Ferry", limit=0.2) == (
        [("Ferry", "A ferry.")],
        {"wiki not reached: ReadTimeout": 1},
    )


def test_a_pause_may_be_given_as_a_date(asking, wiki):
    wiki.mood = [(429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"slow down")]
    assert asking("Ferry") == ([("Ferry", "A ferry.")], {})
    wiki.mood = [(503, {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}, b"maintenance")]
    assert asking("Tide") == ([], {"wiki answered 503": 1})


def test_an_endless_answer_is_cut_off(asking, wiki):
    wiki.mood = [(200, {}, b"x" * (MediaWiki.MAX_ANSWER + 1))]
    assert asking("Ferry") == ([], {"answer too large": 1})


def test_a_wiki_that_is_not_there_is_counted(asking):
    assert asking("Ferry", api="http://127.0.0.1:9/w/api.php") == ([], {"wiki not reached: ConnectError": 1})
    assert asking("Ferry", api="file:///etc/passwd") == ([], {"not the address of a wiki": 1})
