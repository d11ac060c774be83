"""What templates show, and the sentences that lose one."""

import pytest

from autodidact.sources.documents.sentences import HOLE
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.templates import shown
from autodidact.sources.wiki.wikitext import wiki_sections
from autodidact.stage import Troubles

LOST = "a sentence that lost a template or a formula"


def read(text: str) -> tuple[list[tuple[str, list[str]]], dict[str, int], Unread]:
    troubles = Troubles()
    unread = Unread(troubles)
    found = [(section.title, section.paragraphs) for section in wiki_sections(text, unread, "A")]
    return found, {t.reason: t.count for t in troubles.list()}, unread


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("convert|420|m|ft", "420 metres"),
        ("convert|420|m|ft|abbr=on", "420 m"),
        ("convert|1|mi|km", "1 mile"),
        ("convert|3|to|5|km|mi", "3 to 5 kilometres"),
        ("convert|6|ft|m|adj=on", "6-foot"),
        ("convert|5|m|ft|sp=us", "5 meters"),
        ("convert|20|C|F", "20 °C"),
        ("cvt|1,300|mi|km", "1,300 mi"),
        ("cvt|105|km2|sqmi|1", "105 km²"),
        ("nts|12271794", "12271794"),
        ("val|18.5|u=m", "18.5 m"),
        ("val|18.5|0.2|ul=kg", "18.5±0.2 kg"),
        ("formatnum:12000", "12000"),
        ("nowrap|an [[engineer|old engineer]]", "an [[engineer|old engineer]]"),
        ("lang|gd|Drochaid", "Drochaid"),
        ("transl|ru|ISO|most", "most"),
        ("abbr|BT|British Telecom", "BT"),
        ("frac|1|2", "1/2"),
        ("frac|3|1|2", "3 1/2"),
        ("circa|1850", "circa 1850"),
        ("start date|1931|5|2", "May 2, 1931"),
        ("start date|1931|5|2|df=yes", "2 May 1931"),
        ("end date|1931|5", "May 1931"),
        ("as of|2020|3|lc=y", "as of March 2020"),
        ("ndash", "–"),
        ("spaced ndash", " – "),
        ("nbsp", " "),
        ("US$|5", "US$5"),
        ("ill|Ada|de|Ada Lovage|lt=Ada L.", "Ada L."),
        ("Citation_needed|date=May 2020", ""),
        ("efn|Until 1971 shillings were paid.", ""),
        ("sfn|Smith|1999|p=3", ""),
        ("nowrap|1=a = b", "a = b"),
    ],
)
def test_what_a_template_shows(template, text):
    assert shown(template) == text


@pytest.mark.parametrize(
    "template",
    [
        "UN_Population|x",
        "#expr:1900+12",
        "inflation|UK|200000|1931",
        "convert|420|m|ft|disp=out",
        "convert|6|ft|2|in|m",
        "convert|4.2|e6smi|km",
        "convert|20|M|ft",
        "convert|x|m|ft",
        "val|1|2|3",
        "val|5|e=3",
        "formatnum:{x}",
        "circa|1850|1860",
        "start date|1931|13|2",
        "age|1931|5|2",
        "PAGENAME",
        "nowrap",
        "lang|gd",
        "frac|a|b",
        "US$|5|year=1931",
        "lang-de|Brücke",
    ],
)
def test_what_is_not_known_leaves_a_hole(template):
    assert shown(template) == HOLE


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("It is {{convert|4|m|ft}} long.", ["It is 4 metres long."]),
        ("One is. Two is {{x}} long. It froze. Three is.", ["One is.", "", "Three is."]),
        ("The bridge ({{lang|gd|Drochaid}}; {{IPA|/x/}}) is old.", ["The bridge is old."]),
        ("The bridge ({{lang-de|Brücke}}) is old.", ["The bridge is old."]),
        ("{{Infobox|a={{b}}}}'''A''' is old.", ["A is old."]),
        ("It holds <math>x^2</math>. All is well.", ["", "All is well."]),
        ("It is 5 km<sup>2</sup> wide. All is well.", ["", "All is well."]),
        ("It is the 2<sup>nd</sup> of CO<sub>2</sub>.<sup>[a]</sup>", ["It is the 2nd of CO2."]),
        ("It is <s>old</s> new. All is well.", ["", "All is well."]),
        ("It is <nowiki>[x]</nowiki> here. All is well.", ["", "All is well."]),
        ("It is old.<ref>{{cite|x}}</ref><ref name=a/> All is well.", ["It is old. All is well."]),
        (
            "The plan&nbsp;of 1902 &amp; 1903 was {{nowrap|{{val|5}} m}}.",
            ["The plan of 1902 & 1903 was 5 m."],
        ),
        ("[[Category:Bridges]] [[de:Brücke]]", []),
        ("[https://x.example the page] is old.", ["the page is old."]),
    ],
)
def test_the_sentences_of_a_line(line, runs):
    found, counted, _ = read(line)
    assert [run for _, paragraphs in found for run in paragraphs] == runs
    assert counted == ({LOST: 1} if "" in runs else {})


def test_boxes_lists_and_tables_are_no_sentences_and_headings_without_prose_stay():
    found, counted, unread = read(
        "{{Infobox\n|a=b\n}}\n{{About|x}}\nText is here.\n== Data ==\n{|\n| a\n|}\n* {{x}}\n== See also {{small}} ==\n* b\n"
    )
    assert found == [("", ["Text is here."]), ("Data", []), ("See also", [])]
    assert counted == {} and unread.whole("headings")


@pytest.mark.parametrize(
    "text",
    [
        "{{:Other page}}",
        "{{#lst:Other|part}}",
        "{{never closed",
        "== The {{x}} part ==",
        "{{disambiguation}}",
    ],
)
def test_what_may_hold_more_headings_silences_them(text):
    assert not read(f"Text is here.\n{text}\n")[2].whole("headings")


def test_a_page_that_lists_others_has_no_sections():
    assert read("'''A''' may refer to:\n* [[B]]\n{{Disambig}}")[:2] == (
        [],
        {"a page that only lists others": 1},
    )
