"""Articles to questions of general knowledge, each with the article it is from."""

from pathlib import Path

import pytest

from autodidact.errors import Skipped
from tests.generators.snapshots import answers, examples_of, file, snapshot, troubles

DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo><sitename>Reader</sitename><base>https://r.example/wiki/Main</base></siteinfo>
<page><title>Message queue</title><ns>0</ns><id>6</id><revision><id>106</id><timestamp>2026-02-16T09:00:00Z</timestamp><text>
A '''message queue''' keeps messages between a sender and a receiver. Most queues deliver a message at least once, so a receiver may see it twice.
== Size ==
Old queues hold 4 messages at a time. Heavy messages stand at the end, because they are slow to read.
</text></revision></page>
</mediawiki>"""


@pytest.fixture
def examples(tmp_path) -> list:
    dump = file(tmp_path, "wiki.xml", DUMP)
    return list(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump})))


def test_definitions_sections_reasons_and_numbers(examples):
    told = answers(examples)
    defined = [
        answer
        for ask, answer in told.items()
        if ask.endswith("(Message queue)") and answer.startswith("A message queue keeps")
    ]
    assert defined == ["A message queue keeps messages between a sender and a receiver."] * 2
    said = 'What does the article "Message queue" say about "Size"?'
    assert (
        told[said]
        == "Old queues hold 4 messages at a time. Heavy messages stand at the end, because they are slow to"
        " read."
    )
    assert (
        told["Most queues deliver a message at least once. What follows from that? (Message queue)"]
        == "A receiver may see it twice."
    )
    assert told["Why? Heavy messages stand at the end. (Message queue)"] == "Because they are slow to read."
    assert told["Which number is missing? Old queues hold ___ messages at a time. (Message queue)"] == "4"
    assert (
        told["Which word belongs in the gap? A ___ keeps messages between a sender and a receiver."]
        == "message queue"
    )


def test_a_wrong_claim_is_corrected(examples):
    wrong = {ask: answer for ask, answer in answers(examples).items() if answer.startswith("False")}
    ((ask, answer),) = wrong.items()
    said = ask.split("hold ")[1].split(" ")[0]
    assert said != "4" and answer == f"False: it is 4, not {said}."


def test_what_an_article_does_not_cover_is_said_and_where_a_sentence_stands(tmp_path):
    other = (
        "<page><title>Ferry</title><ns>0</ns><id>7</id><revision><id>107</id><timestamp>2026-02-17T09:00:00Z</timestamp><text>A"
        " '''ferry''' is a vessel.\n== Loading ==\nHeavy vehicles stand low and near the middle of the"
        " deck.\n</text></revision></page></mediawiki>"
    )
    dump = file(tmp_path, "wiki.xml", DUMP.replace("</mediawiki>", other))
    told = answers(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump})))
    assert (
        told['What does the article "Ferry" say about "Size"?']
        == "Nothing under that heading. Its sections: Loading."
    )
    assert (
        told['Which article of Reader says this? "Heavy vehicles stand low and near the middle of the deck."']
        == "Ferry"
    )


def test_every_example_names_its_article_and_revision(examples):
    assert {e.category for e in examples} == {"reasoning"}
    assert all(
        e.source.model_dump()
        == {
            "kind": "wiki",
            "ref": "https://r.example/wiki/Message_queue",
            "title": "Message queue",
            "revision": 106,
            "site": "Reader",
        }
        and e.time == "2026-02-16T09:00:00Z"
        for e in examples
    )


def test_a_broken_dump_costs_what_follows_the_break(tmp_path):
    dump = file(tmp_path, "wiki.xml", DUMP.replace("</mediawiki>", "<page><title>Torn"))
    seen = snapshot(tmp_path, wikipedia={"dump": dump, "titles": ["Message queue", "Ghost"]})
    assert answers(examples_of("wikipedia_harvest", seen))
    assert troubles(seen) == {"export broken or refused": 1, "no such article": 1}


def test_skipped_without_a_source(tmp_path):
    with pytest.raises(Skipped, match="neither a dump nor an api"):
        list(examples_of("wikipedia_harvest", snapshot(tmp_path)))
    with pytest.raises(Skipped, match="lists no titles, and no document links"):
        list(
            examples_of(
                "wikipedia_harvest", snapshot(tmp_path, wikipedia={"api": "http://127.0.0.1:9/w/api.php"})
            )
        )
    with pytest.raises(Skipped, match="which is not there"):
        list(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": "nowhere.xml"})))


def test_with_an_api_and_no_titles_the_articles_that_documents_link_to_are_asked_for(tmp_path):
    docs = file(
        tmp_path,
        "a.md",
        "See [tides](http://127.0.0.1:9/wiki/Tide_table), http://127.0.0.1:9/wiki/File:X.png and"
        " http://other.example/wiki/No.\n",
    )
    seen = snapshot(tmp_path, documents=[docs], wikipedia={"api": "http://127.0.0.1:9/w/api.php"})
    assert list(examples_of("wikipedia_harvest", seen)) == []
    assert [(t.reason, t.count, t.ref) for t in seen.troubles.list()] == [
        ("wiki not reached: ConnectError", 1, "Tide table")
    ]


BRIDGE = Path(__file__).parents[1] / "data" / "wiki" / "bridge.xml"


def test_values_of_templates_are_told_and_sentences_that_lost_one_are_not(tmp_path):
    seen = snapshot(tmp_path, limit=500, wikipedia={"dump": str(BRIDGE)})
    told = answers(examples_of("wikipedia_harvest", seen))
    said = {text for pair in told.items() for text in pair}
    assert "The toll is 2 pounds for cars." in said
    assert told['What does the article "Harbour bridge of Skerry" say about "History"?'] == (
        "The first plan was made in 1902 by A. Lovage, an engineer."
    )
    defined = "The Harbour bridge of Skerry is a road bridge that is 420 m long and crosses the sound at a height of 18.5 m."
    assert defined in said
    assert not [
        text for text in said if "it froze" in text.lower() or "population" in text or "bridge cost" in text
    ]
    assert not [text for text in said if "may refer" in text or "disambiguation" in text]
    assert troubles(seen) == {
        "a page that only lists others": 1,
        "a sentence that lost a template or a formula": 3,
    }


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "Ferries are vessels of many kinds.\n== Loading ==\n* a list\n",
            "Nothing under that heading. Its sections: Loading.",
        ),
        ("Ferries are vessels of many kinds.\n", "Nothing under that heading. It has no sections."),
        (
            "Ferries are vessels of many kinds.\n" + "".join(f"== Part {n} ==\n" for n in range(9)),
            "Nothing under that heading.",
        ),
        ("Ferries are vessels of many kinds.\n{{:Other}}\n", None),
        ("Ferries are vessels of many kinds.\n{{never closed\n", None),
        ("'''Ferries''' may be:\n* vessels\n{{disambiguation}}\n", None),
    ],
)
def test_what_is_not_there_is_said_of_all_headings_or_not_at_all(tmp_path, text, answer):
    other = (
        "<page><title>Ferry</title><ns>0</ns><id>7</id><revision><id>107</id><timestamp>2026-02-17T09:00:00Z</timestamp>"
        f"<text>{text}</text></revision></page></mediawiki>"
    )
    dump = file(tmp_path, "wiki.xml", DUMP.replace("</mediawiki>", other))
    told = answers(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump})))
    assert told.get('What does the article "Ferry" say about "Size"?') == answer


@pytest.mark.parametrize("word", ["circa", "about", "more than", "at least"])
def test_no_number_near_one_that_is_not_exact_is_called_wrong(tmp_path, word):
    dump = file(tmp_path, "wiki.xml", DUMP.replace("hold 4 messages", f"hold {word} 4 messages"))
    told = answers(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump})))
    assert not [answer for answer in told.values() if answer.startswith("False")]


def test_a_section_whose_beginning_is_lost_is_not_told(tmp_path):
    text = "It is long.\n== Size ==\nIt is {{x}} long in all its parts. The rest of it is twice as long as that.\n"
    dump = file(
        tmp_path,
        "wiki.xml",
        DUMP.replace("== Size ==", f"== Width ==\n{text.partition('== Size ==')[2]}\n== Size =="),
    )
    told = answers(examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump})))
    assert not [ask for ask in told if '"Width"' in ask] and [ask for ask in told if '"Size"' in ask]


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("'''Vasa''' was a warship built in 1626. See http://vasa.se for more of it.", "Vasa"),
        ("'''Vasa''' (or '''Wasa''') was a warship built in 1626.", "Vasa"),
        ("'''Water''' is a liquid without a colour. Most of the water is salty.", "water"),
        ("'''Ferries''' are vessels that carry people across.", "ferries"),
        ("A '''ferry''' is a vessel that carries people across.", "ferry"),
    ],
)
def test_a_name_keeps_its_capital(tmp_path, sentence, term):
    page = (
        "<page><title>X</title><ns>0</ns><id>7</id><revision><id>107</id>"
        f"<timestamp>2026-02-17T09:00:00Z</timestamp><text>{sentence}</text></revision></page></mediawiki>"
    )
    dump = file(tmp_path, "wiki.xml", DUMP.replace("</mediawiki>", page))
    rows = examples_of("wikipedia_harvest", snapshot(tmp_path, wikipedia={"dump": dump}))
    words = [
        answer for ask, answer in answers(rows).items() if ask.startswith("Which word") and "keeps" not in ask
    ]
    assert words == [term]
