"""Sentences of an article that say nothing by themselves, and pages that warn of themselves."""

import pytest

from autodidact.sources.unread import Unread
from autodidact.sources.wiki.wikitext import wiki_sections
from autodidact.stage import Troubles

NOT_ALONE = "a sentence that says nothing by itself"


def read(text: str) -> tuple[list[tuple[str, list[str]]], dict[str, int]]:
    troubles = Troubles()
    sections = wiki_sections(text, Unread(troubles), "A")
    found = [(section.title, [run for run in section.paragraphs if run]) for section in sections]
    return found, {one.reason: one.count for one in troubles.list()}


@pytest.mark.parametrize(
    "sentence",
    [
        "In 1960 the following parts were replaced:",
        "The following parts were replaced in 1960.",
        "The floods above are from the report.",
        "See the table below.",
        "It contains 6 cells, as shown in Figure 2.",
        "The cells (pictured) are flat.",
        "The lists at the right name them.",
        "The keeper, [...] was dismissed in 1961.",
        "The keeper said that ...",
        "Lorem ipsum dolor sit amet in 1990.",
        "In the game, the tower is destroyed by 12 dragons.",
        "A flood is expected in 2019 because the dam is old.",
        "The pier will be closed in 2031.",
        '"She will float.',
        "The keepers earned £40 ({{Inflation|UK|40|1890}} today) a year.",
        "The park was opened in 2012.{{update inline|date=2020}}",
        "The bolts were too weak.{{dubious}}",
    ],
)
def test_a_sentence_that_says_nothing_by_itself_is_left_out_and_counted(sentence):
    found, counted = read(f"The tower is tall. {sentence} The lamp is bright.")
    assert found[0][1][0] == "The tower is tall." and sentence[:12] not in " ".join(found[0][1])
    assert sum(counted.values()) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The deck hangs 12 m above the water.",
        "It freezes below 0 degrees.",
        "In the following year the tower fell.",
        "The table of the king is round.",
        "A receiver will see it twice.",
        "The work was planned in 1890 and ended in 1895.",
        'The keeper called it "the lamp".',
        "The tower ({{IPA|x}}) is tall.",
        "The painter chose a figure of wood.",
        "It was said that the list of piers is long.",
        "See the page of the town.",
    ],
)
def test_a_sentence_that_says_something_by_itself_stays(sentence):
    found, counted = read(f"The tower is tall. {sentence}")
    assert sentence.replace(" ({{IPA|x}})", "") in " ".join(found[0][1]) and counted == {}


def test_what_goes_on_after_a_formula_is_left_out():
    text = "A cell has a voltage.\n: <math>E = 2</math>\nwhere E is the voltage of one cell. The pack is big."
    assert read(text)[0] == [("", ["A cell has a voltage.", "The pack is big."])]


def test_what_stands_within_a_quotation_of_several_sentences_is_left_out():
    text = 'The king is dead. He said: "I have 12 sons. They like me. I go." The queen is old.'
    assert read(text)[0] == [("", ["The king is dead.", "The queen is old."])]


def test_poems_and_blocks_that_are_quoted_are_no_text_of_the_article():
    text = (
        "The sea is wide.\n<poem>Roses are red in 5 lands.</poem>\n<blockquote>I have 12 sons.</blockquote>\n"
    )
    assert read(text)[0] == [("", ["The sea is wide."])]


def test_a_section_that_retells_a_work_is_not_read_nor_what_is_under_it():
    text = "The film is long.\n== Plot ==\nA king dies.\n=== Second act ===\nA queen dies.\n== Reception ==\nIt won."
    assert read(text)[0] == [
        ("", ["The film is long."]),
        ("Plot", []),
        ("Second act", []),
        ("Reception", ["It won."]),
    ]


@pytest.mark.parametrize(
    "box",
    [
        "{{hoax|date=May 2022}}",
        "{{multiple issues|{{unreferenced}}{{hoax}}}}",
        "{{db-g7}}",
        "{{Proposed deletion/dated|concern=x}}",
        "{{disputed}}",
        "{{Löschen|1=x}}",
    ],
)
def test_a_page_that_warns_of_itself_is_left_out_and_counted(box):
    assert read(f"{box}\nThe bridge is long.") == ([], {"a page that warns of itself": 1})


@pytest.mark.parametrize("box", ["{{Short description|Bridge}}", "{{unreferenced}}", "<!-- {{hoax}} -->"])
def test_other_boxes_cost_no_page(box):
    assert read(f"{box}\nThe bridge is long.")[0] == [("", ["The bridge is long."])]
