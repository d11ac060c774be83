"""Prose of every form: headings, and sentences and rows that are whole."""

import pytest

from autodidact.generators.architecture_docs.full.section_blocks import parts
from autodidact.generators.architecture_docs.text_and_table_questions import table_name
from autodidact.sources.documents.inline_markdown import plain
from autodidact.sources.documents.reader import Document, Prose, prose
from autodidact.sources.documents.sentences import HOLE, whole
from autodidact.sources.placeholders import is_placeholder
from autodidact.stage import Troubles

HOLES = "a sentence with a part that is not text"


def read(text: str, path: str = "a.md") -> tuple[Prose, dict[str, int]]:
    troubles = Troubles()
    return prose(Document(path, text, {}), troubles), {t.reason: t.count for t in troubles.list()}


def titles(text: str, path: str = "a.md") -> list[str]:
    return [section.title for section in read(text, path)[0].sections[1:]]


def paragraphs(text: str, path: str = "a.md") -> list[str]:
    return [paragraph for section in read(text, path)[0].sections for paragraph in section.paragraphs]


def tables(text: str, path: str = "a.md") -> list:
    return [table for section in read(text, path)[0].sections for table in section.tables]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Book\n====\n\nMaking a hold\n---\n", ["Book", "Making a hold"]),
        ("Two lines\nof it\n=\n", ["Two lines of it"]),
        ("- item\n---\n\n> quote\n---\n\n---\n", []),
        ("# One #\n## Two ##  \n###### Six\n#no\n", ["One", "Two", "Six"]),
        ("## Prices ![badge](https://x.example/b.svg)\n", ["Prices"]),
        ("# [![b](x)](y) [Shop](z) {#shop}\n", ["Shop"]),
        ('<h1 align="center">\n  <img src=x>\n  Shop\n</h1>\n', ["Shop"]),
        ("<h2>One</h2>\n", ["One"]),
        ("---\ntitle: Holds\ndescription: x\n---\n# Real\n", ["Real"]),
        ("+++\ntitle = 'x'\n+++\n\nReal\n====\n", ["Real"]),
        ("<!--\n# Hidden\n-->\n# Seen\n", ["Seen"]),
        ("1. a\n\n   ```bash\n   # no heading\n   ```\n\n# Yes\n", ["Yes"]),
    ],
)
def test_headings_of_markdown(text, found):
    assert titles(text) == found


@pytest.mark.parametrize(
    "text", ["# TODO", "## TBD: prices", "# ![logo](x)", "# The ![x](y) part", "# ?", "<h1><img src=x></h1>"]
)
def test_a_heading_without_words_costs_its_section_and_silences_the_outline(text):
    found, counted = read(f"# One\n\n{text}\n\nText.\n")
    assert [section.title for section in found.sections] == ["a.md", "One"]
    assert counted == {"a heading without words": 1} and not found.unread.whole("headings")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{% include "note.md" %}', "a.md"),
        ('--8<-- "x.md"', "a.md"),
        ("{{< include x.md >}}", "a.md"),
        ("import X from './x.mdx'\n\n<X />", "a.mdx"),
        ("```\nnever closed\n# Lost", "a.md"),
        ("<!-- never closed\n# Lost", "a.md"),
        (".. include:: x.rst", "a.rst"),
        ("include::x.adoc[]", "a.adoc"),
        ("ifdef::html[]\n== A\nendif::[]", "a.adoc"),
        ("----\nnever closed", "a.adoc"),
    ],
)
def test_what_may_bring_headings_silences_the_outline(text, path):
    found, counted = read(f"One text.\n\n{text}\n", path)
    assert sum(counted.values()) >= 1 and not found.unread.whole("headings")


@pytest.mark.parametrize(
    "sentence",
    [
        "It waits ![clock](c.svg) seconds.",
        "It waits ![clock][c] seconds.",
        "It waits [](x.md) seconds.",
        "It waits $t^2$ seconds.",
        "It waits $$t$$ seconds.",
        "It waits {{ wait }} seconds.",
        "It waits @WAIT@ seconds.",
        "![icon](x) Icon marks what is new.",
        "<img src='x'> Icon marks what is new.",
        "It waits {% wait %} seconds.",
        "It waits ~~20~~ seconds.",
        "It waits <img src='x'> seconds.",
        "It waits 10<sup>3</sup> seconds.",
        "It waits <del>5</del> seconds.",
        "It waits {ref}`wait` seconds.",
        "It waits :material-clock: seconds.",
        "It waits \ufffd seconds.",
    ],
)
def test_a_sentence_with_a_hole_is_left_out_and_counted(sentence):
    found, counted = read(f"The first is whole. {sentence} It is broken, too. The last is whole.\n")
    assert found.sections[0].paragraphs == ["The first is whole.", "", "The last is whole."]
    assert counted == {HOLES: 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It costs 4 pounds. 2 * 3 is `7*`.\n", ["It costs 4 pounds. 2 * 3 is `7*`."]),
        ("![logo](x)\n[![b](c)](d) <img src=e>\nShop sells boats. ![badge](y)\n", ["Shop sells boats."]),
        ("It costs 5 (see ![x](y)) pounds.\n", ["It costs 5 pounds."]),
        ("It costs $5 and $6 &amp; no \\*more\\*.\n", ["It costs $5 and $6 & no *more*."]),
        ("Write to <https://x.example> or `{{ code }}`.\n", ["Write to https://x.example or `{{ code }}`."]),
        ("- item\nthat goes on.\n\nText.\n", ["Text."]),
        ("- item\n\n  that goes on.\n\nText.\n", ["Text."]),
        ("> quote\nthat goes on.\n\nText.\n", ["Text."]),
        ("One line\n    and its second.\n", ["One line and its second."]),
        (":::warning\nA paid hold stays.\n:::\n", ["A paid hold stays."]),
        ("[a]: https://x.example\n\nText.\n", ["Text."]),
        ("import X from 'y'\n\nexport const a = {\n  b: 1\n}\n\nText.\n", ["Text."]),
        ("<table>\n<tr><td>\n\nInside.\n\n</td></tr>\n</table>\n\nText.\n", ["Text."]),
        ("<Card\n  title='x'\n>\n\nText.\n\n</Card>\n", ["Text."]),
        ("Term\n: what it is\n\nText.\n", ["Text."]),
        ('=== "Tab"\n\n    Inside.\n\nText.\n', ["Text."]),
    ],
)
def test_what_is_whole_is_kept(text, said):
    assert [run for run in paragraphs(text) if run] == said and HOLES not in read(text)[1]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("- item\n", "a.md"),
        ("> quote\n", "a.md"),
        ("```\ncode\n```\n", "a.md"),
        ("| a | b |\n|-|-|\n| 1 | 2 |\n", "a.md"),
        ("<ul><li>x</li></ul>\n", "a.md"),
        ("#. item\n", "a.rst"),
        (".. code-block:: sh\n\n   x\n", "a.rst"),
        ("As in::\n\n   x\n", "a.rst"),
        ("* item\n", "a.adoc"),
        ("----\ncode\n----\n", "a.adoc"),
        ("NOTE: Take care.\n", "a.adoc"),
    ],
)
def test_what_follows_something_else_is_not_how_a_section_begins(text, path):
    first, *others = paragraphs(f"{text}\nText is here.\n", path)
    assert first == "" and others[-1] == "Text is here."


def test_labels_that_a_text_explains_are_words():
    assert paragraphs("See [the Guide] and [x].\n\n[the guide]: a.md\n") == ["See the Guide and [x]."]


@pytest.mark.parametrize("title", ["API [#api]", "API {#api}", "[API]"])
def test_a_heading_without_its_anchor(title):
    assert titles(f"# {title}\n\n[api]: x.md\n") == ["API"]


def test_expressions_and_components_of_mdx_are_holes():
    assert paragraphs("It waits {props.time} seconds. All is well.\n", "a.mdx") == ["", "All is well."]
    assert paragraphs("It waits <Time/> seconds. All is well.\n", "a.mdx") == ["", "All is well."]
    assert paragraphs("{/* hidden */}\n\nAll is well.\n", "a.mdx") == ["All is well."]
    assert paragraphs("A set is {a, b}.\n", "a.md") == ["A set is {a, b}."]


@pytest.mark.parametrize(
    "row", ["| ![yes](y.svg) | 1 |", "| ~~old~~ | ~~8106~~ |", "| a | {{ port }} |", "| a | b | c |", "| a |"]
)
def test_a_row_with_a_hole_is_left_out_and_its_table_is_not_whole(row):
    found, counted = read(f"# Ports\n\n| Service | Port |\n|-|-|\n| web | 80 |\n{row}\n")
    assert found.sections[1].tables == [[["Service", "Port"], ["web", "80"]]]
    assert counted == {"a table row with missing or unreadable cells": 1} and not found.unread.whole(
        "tables/Ports"
    )


def test_a_table_needs_a_rule_of_as_many_columns():
    assert tables("a | b\n--- | ---\n1 | 2\n") == [[["a", "b"], ["1", "2"]]]
    assert tables("| a | b |\n|---|\n| 1 | 2 |\n") == []


def test_a_table_in_html_and_a_diagram_of_another_language_are_counted():
    found, counted = read("# T\n\n<table><tr><td>1</td></tr></table>\n\n```plantuml\na -> b\n```\n")
    assert counted == {"a table in HTML": 1, "a diagram of a language that is not read": 1}
    assert not found.unread.whole("tables/T")


RST = """
.. _holds-guide:

Holds
=====

A hold is kept for |minutes| minutes. {}

.. |minutes| replace:: twenty
.. |logo| image:: x.png
"""


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("See :ref:`holds-guide`.", "See Holds."),
        ("See :ref:`the fares <fares>`.", "See the fares."),
        ("It is of version |version|.", ""),
        ("See |logo| there.", ""),
        ("See :ref:`fares`.", ""),
        ("See :numref:`fig`.", ""),
        ("See :doc:`/money/index`.", ""),
        ("It is :math:`x^2` long.", ""),
        ("It is long [1]_.", ""),
    ],
)
def test_substitutions_and_references_of_restructured_text(sentence, said):
    first, *others = paragraphs(RST.format(sentence), "a.rst")
    assert first == f"A hold is kept for twenty minutes. {said}".strip()
    assert others == ([] if said else [""])


def test_headings_of_restructured_text():
    text = "Go\n==\n\nText.\n\n===\nTop\n===\n\nC\n-\n\nOne\ntwo\n\nLonger title\n---\n"
    assert titles(text, "a.rst") == ["Go", "Top", "C"]
    assert paragraphs(text, "a.rst") == ["Text.", "One two", "Longer title"]


def test_lists_and_definitions_of_restructured_text_are_no_paragraphs():
    text = "#. Ask.\n#. Pay.\n\na. One\n\nterm\n   what it is\n\n>>> code\n\nText.\n"
    assert paragraphs(text, "a.rst") == ["", "Text."]


ADOC = """= Shop: the guide
Ada Lovelace <ada@x.example>
v1.0, 2026-01-01
:minutes: twenty
:toc:

The guide of the *shop* says `all` of it.

== Holds

A hold is kept for {minutes} minutes. It costs {price} pounds. See link:x.html[the fares^] and <<holds,below>>.
A second image:x.png[] line. All is well.

* a list
that goes on

.Ports
[cols="1,1",options="header"]
|===
|Service |Port
|web |80
|db |5432
|===

[source,mermaid]
----
flowchart LR
a --> b
----

[%header]
|===
|a |b

|1
|2
|===

Term:: what it is

Top
---
"""


def test_asciidoc():
    found, counted = read(ADOC, "a.adoc")
    assert [(section.title, section.line) for section in found.sections] == [
        ("a.adoc", 1),
        ("Shop: the guide", 1),
        ("Holds", 9),
    ]
    guide, holds = found.sections[1:]
    assert guide.paragraphs == ["The guide of the shop says `all` of it."]
    assert holds.paragraphs == [
        "A hold is kept for twenty minutes.",
        "",
        "See the fares and below.",
        "",
        "All is well.",
        "Top ---",
    ]
    assert holds.tables == [[["Service", "Port"], ["web", "80"], ["db", "5432"]], [["a", "b"], ["1", "2"]]]
    assert holds.mermaid == ["flowchart LR\na --> b"] and counted == {HOLES: 1}


def test_a_table_of_asciidoc_has_the_title_above_it():
    table = "|===\n|Service |Port\n\n|web |80\n|==="
    text = f'= T\n\n== Decision\n\n.Ports\n[cols="1,1"]\n{table}\n\n.Not this\nA text.\n\n{table}\n'
    assert read(text, "a.adoc")[0].sections[-1].captions == {0: "Ports"}


@pytest.mark.parametrize(
    "table",
    [
        "|===\n|a |b\n\n2+|1\n|===",
        "[%header]\n|===\n|a |b\n|1\n|2 |3\n|===",
        ",===\na,b\n1,2\n,===",
        "[%header]\n|===",
        "[%header]\n|===\n|a |b\n|===",
    ],
)
def test_a_table_of_asciidoc_that_is_not_plain_is_counted(table):
    assert read(f"= T\n\n{table}\n", "a.adoc")[1] == {"a table that is not read": 1}


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "–",
        "—",
        "",
        " ",
        "n/a",
        "N/A",
        "TBD",
        "tbd.",
        "TODO",
        "**TODO: ask**",
        "?",
        "...",
        "_unknown_",
        "See below",
        "ditto",
        "to be done",
        "^^",
        '"',
        "〃",
        "as above",
        "same as above",
        "wie oben",
        "s. o.",
        "ci-dessus",
        "ver arriba",
    ],
)
def test_what_holds_the_place_of_a_value(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["0", "none", "no", "✅", "todos", "-1", "C", "1/2"])
def test_what_is_a_value(text):
    assert not is_placeholder(text)


def test_runs_of_whole_sentences():
    assert list(whole(f"One is. Two {HOLE} is. They are. Three is.")) == ["One is.", "", "Three is."]
    assert list(whole(f"{HOLE} {HOLE}")) == [] and list(whole("")) == []
    assert list(whole(f"{HOLE} is the best.")) == [""]


def test_a_link_keeps_its_words_and_a_hole_for_each_footnote():
    assert plain("[a[^1]](x) and [b][^2]") == f"a{HOLE} and [b]{HOLE}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "One is so. A hold ends after 20 minutes[^1]. All is well.\n\n[^1]: Since May.\n"),
        ("a.md", "One is so. A hold ends after 20 minutes.[^1] [^2] All is well.\n"),
        ("a.md", "One is so. A hold ends after 20* minutes. All is well.\n"),
        ("a.md", "One is so. A hold ends after 20 minutes†. All is well.\n"),
        ("a.rst", "One is so. A hold ends after 20 minutes. [1]_ [#a]_ All is well.\n"),
        ("a.adoc", "One is so. A hold ends after 20 minutes.footnote:[Since May.] All is well.\n"),
    ],
)
def test_a_sentence_with_a_note_says_less_without_it(path, text):
    assert paragraphs(text, path) == ["One is so.", "", "All is well."]
    assert read(text, path)[1] == {HOLES: 1}


def test_a_row_with_a_note_is_left_out_and_counted():
    text = "|A|B|\n|-|-|\n|depth|5[^2]|\n|width|7*|\n|height|8 ‡|\n|glob|src/*|\n|type|char*|\n|ver|3.*|\n"
    assert tables(text) == [[["A", "B"], ["glob", "src/*"], ["type", "char*"], ["ver", "3.*"]]]
    assert read(text)[1] == {"a table row with missing or unreadable cells": 1}


@pytest.mark.parametrize(
    "cell",
    '待定|未知|无|k. A.|n.v.|n/v|à définir|por definir|↑|”|"|idem|dito|unbekannt|не указано|未定|noch offen'.split(
        "|"
    ),
)
def test_placeholders_of_other_languages_and_signs(cell):
    assert is_placeholder(cell)


@pytest.mark.parametrize("cell", "✓|offen|id|KA|nv|NC|no|主要|nein|0|non".split("|"))
def test_short_values_are_no_placeholders(cell):
    assert not is_placeholder(cell)


@pytest.mark.parametrize(
    ("back", "on"),
    [
        ("Sie ist lang.", "Der Fluss ist lang."),
        ("Elle est longue.", "Le pont est long."),
        ("Ella es larga.", "Madrid es grande."),
        ("Она длинная.", "Мост длинный."),
        ("Él es alto.", "Ávila es alta."),
        ("Das ist lang.", "Das Haus ist lang."),
        ("As of 2020, it has four lanes.", "In 2020, the bridge has four lanes."),
    ],
)
def test_what_points_back_to_a_lost_sentence_is_lost_in_every_language(back, on):
    assert list(whole(f"A {HOLE} is. {back} {on}")) == ["", on]


def test_a_reader_of_blocks_knows_notes_and_mdx_too():
    text = "# A\n\nA hold ends after <Limit /> minutes.\n\nIt is 7* long.\n\nAll is well.\n"
    document = Document("a.mdx", text, {})
    *_, part = parts(document, read(text, "a.mdx")[0])
    assert [(block.kind, block.text) for block in part.blocks] == [
        ("gap", ""),
        ("gap", ""),
        ("text", "All is well."),
    ]


def test_the_caption_of_a_table_is_its_name():
    text = (
        "Piers\n=====\n\n.. list-table:: Limits of ``piers``\n   :header-rows: 1\n\n   * - Pier\n     - Seats\n"
        "   * - Skerry\n     - 40\n\n.. csv-table::\n   :header: A, B\n\n   1, 2\n\n"
        ".. csv-table:: Ports\n   :header: A, B\n\n   1, 2\n"
    )
    piers = read(text, "a.rst")[0].sections[-1]
    assert piers.captions == {0: "Limits of `piers`", 2: "Ports"}
    assert [table_name(piers, table) for table in piers.tables] == ["Limits of piers", "Piers", "Ports"]
