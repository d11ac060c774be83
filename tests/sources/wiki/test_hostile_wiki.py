"""Encyclopedia exports that are small and stand for very much, and wikitext whose reading would take the
square of its length.
"""

import bz2
import gzip

import pytest

from autodidact.sources.reading_limits import OverBudget
from autodidact.sources.unread import Unread
from autodidact.sources.wiki import mediawiki_dump
from autodidact.sources.wiki.mediawiki_dump import dump_articles
from autodidact.sources.wiki.wikitext import MAX_NESTED, wiki_sections
from autodidact.stage import Troubles
from tests.bounded import bounded

PAGE = "<page><title>Tide</title><ns>0</ns><revision><id>{}</id><timestamp>{}</timestamp><text>{}</text></revision></page>"
HONEST = PAGE.format(7, "2026-01-01T00:00:00Z", "A tide is the rise and fall of the sea.")


def read(path, text: str | bytes) -> tuple[list, list[str]]:
    """(title, revision, characters) of the articles, and what was counted."""
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(
        bz2.compress(data) if path.suffix == ".bz2" else gzip.compress(data) if path.suffix == ".gz" else data
    )
    troubles = Troubles()
    with bounded(5.0, megabytes=300):
        found = [
            (article.title, article.revision, len(article.text))
            for article in dump_articles(path, [], troubles)
        ]
    return found, [
        f"{trouble.reason} ({trouble.count}): {trouble.ref.removeprefix(str(path))}"
        for trouble in troubles.list()
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<page " + "a" * 5_000_000, "a tag of more than 1,000,000 bytes"),
        ("<!--" + "a" * 5_000_000, "a tag of more than 1,000,000 bytes"),
        ("<a>" * 60, "its elements are nested more than 50 deep"),
    ],
)
def test_an_export_without_an_end_costs_what_follows(tmp_path, text, said):
    assert read(tmp_path / "dump.xml.bz2", f"<mediawiki>{HONEST}{text}") == (
        [("Tide", 7, 39)],
        [f"export broken or refused (1): : {said}"],
    )


@pytest.mark.parametrize("junk", [b"junk after the end", gzip.compress(b"x", mtime=0)[:-4]])
def test_a_packed_export_that_breaks_costs_what_follows_the_break(tmp_path, junk):
    path, troubles = tmp_path / "dump.xml.gz", Troubles()
    path.write_bytes(gzip.compress(f"<mediawiki>{HONEST}".encode()) + junk)
    assert [article.title for article in dump_articles(path, [], troubles)] == ["Tide"]
    assert [trouble.reason for trouble in troubles.list()] == ["export broken or refused"]


@pytest.mark.parametrize(("size", "most"), [(1_000, 60.002), (100_000_000, 260.0), (10**12, 1_800.0)])
def test_an_export_may_take_time_by_its_packed_size(tmp_path, monkeypatch, size, most):
    path, given = tmp_path / "dump.xml", []
    with path.open("wb") as file:
        file.truncate(size)
    monkeypatch.setattr(mediawiki_dump, "each", lambda items, *_, seconds: given.append(seconds) or [])
    assert list(dump_articles(path, [], Troubles())) == []
    assert given == [pytest.approx(most)]


def test_a_page_without_an_end_is_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("autodidact.sources.wiki.mediawiki_dump.MAX_PAGE", 1_000_000)
    endless = f"<mediawiki>{HONEST}<page><text>" + "a " * 1_000_000
    assert read(tmp_path / "dump.xml.bz2", endless) == (
        [("Tide", 7, 39)],
        ["export broken or refused (1): : more than 1,000,000 bytes without the end of a page"],
    )


def test_a_number_of_many_digits_and_a_time_beyond_the_calendar_cost_nothing(tmp_path):
    odd = PAGE.format("9" * 5_000, "9999-12-31T23:59:59-23:59", "The odd one is here, too.")
    assert read(tmp_path / "dump.xml", f"<mediawiki>{odd}{HONEST}</mediawiki>") == (
        [("Tide", 0, 25), ("Tide", 7, 39)],
        [],
    )


def test_a_title_of_many_characters_is_cut_and_long_articles_are_counted(tmp_path):
    long = PAGE.replace("Tide", "x" * 5_000_000).format(1, "", "Text.") + PAGE.format(2, "", "y" * 2_000_001)
    found, counted = read(tmp_path / "dump.xml", f"<mediawiki>{long}{HONEST}</mediawiki>")
    assert found[-1] == ("Tide", 7, 39) and all(len(title) <= 10_000 for title, *_ in found)
    assert counted == ["article too long (1): Tide"]


@pytest.mark.parametrize(
    "change", [lambda data: data[:-200] + b"\0" * 190, lambda data: data[:60] + b"\xff\xff" + data[62:]]
)
def test_a_damaged_archive_is_counted(tmp_path, change):
    path = tmp_path / "dump.xml.gz"
    path.write_bytes(change(gzip.compress(f"<mediawiki>{HONEST * 500}</mediawiki>".encode())))
    troubles = Troubles()
    list(dump_articles(path, [], troubles))
    assert [trouble.reason for trouble in troubles.list()] == ["export broken or refused"]


def test_an_encoding_that_is_none_is_counted(tmp_path):
    found, counted = read(
        tmp_path / "dump.xml", f'<?xml version="1.0" encoding="utf-7"?><mediawiki>{HONEST}</mediawiki>'
    )
    assert found == [] and len(counted) == 1 and counted[0].startswith("export broken or refused")


# Characters; an article may have ten times as many.
LENGTH = 200_000


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<ref>",
        "<ref ",
        "<ref>a",
        "<nowiki>",
        "[http://a ",
        "[http://a",
        "<a",
        "__",
        "( ",
        "= ",
        "== ",
        "'''a ",
        "{{a}}",
        "[[a]]",
        "\n",
        "[[a|b]] ",
        "<ref/>",
        "(,",
        "<sup>",
        "<sup>1",
        "<sub>a</sub>",
        "<s>",
        "{{convert|1|m}}",
        "(\ufffc",
    ],
)
def test_wikitext_is_read_once(piece):
    with bounded(2.0):
        sections = wiki_sections(f"The beginning.\n{piece * (LENGTH // len(piece))}\nThe end.", Unread())
    assert sections[0].paragraphs[0] == "The beginning." and sections[-1].paragraphs[-1] == "The end."


@pytest.mark.parametrize("opening", ["{{", "[[", "{|"])
def test_wikitext_that_is_nested_very_deep_is_over_budget(opening):
    with bounded(2.0), pytest.raises(OverBudget, match="nested too deep"):
        wiki_sections(opening * 400_000, Unread())
    text = "{{" * (MAX_NESTED - 1) + "a" + "}}" * (MAX_NESTED - 1) + "The end."
    assert wiki_sections(text, Unread())[0].paragraphs == ["The end."]
