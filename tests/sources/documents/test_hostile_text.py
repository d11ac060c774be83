"""Prose whose reading would take the square of its length: every expression passes over a text once."""

import pytest

from autodidact.sources.documents.reader import _TEMPLATE as TEMPLATE
from autodidact.sources.documents.reader import Document, kind_of, plain, prose
from autodidact.sources.documents.sentences import HOLE
from tests.bounded import bounded

# Characters; documents may have ten times as many.
LENGTH = 100_000
OPEN = [
    ".",
    "1,",
    "†",
    ".[^1]",
    " [1]_",
    "[",
    "![",
    "](",
    "[a](",
    "[a][",
    "**a ",
    "__a ",
    "{#",
    "[^",
    "<a ",
    "<a x='",
    "*a ",
    "_a ",
    "[`a`",
    ":a",
    ":ref:`a ",
    ":a:`",
    ":`a`",
    "`a <",
    "|a",
]


@pytest.mark.parametrize("name", ["a.md", "a.rst"])
@pytest.mark.parametrize("piece", OPEN)
def test_what_opens_and_never_ends_is_read_once(name, piece):
    text = f"A {piece * (LENGTH // len(piece))}\n\nThe end.\n"
    with bounded(2.0):
        (section,) = prose(Document(name, text, {})).sections
    assert section.paragraphs[-1] == "The end."


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# a" + " " * LENGTH + "b\n", ["a b"]),
        ("# a " + "#" * LENGTH + "x\n", [f"a {'#' * LENGTH}x"]),
        ("| a |\n|" + " " * LENGTH + "x\n# b\n", ["b"]),
    ],
)
def test_headings_and_rules_of_tables_are_read_once(text, titles):
    with bounded(2.0):
        assert [section.title for section in prose(Document("a.md", text, {})).sections[1:]] == titles


def test_white_space_is_no_template():
    with bounded(2.0):
        assert TEMPLATE.search("a: b\n" + "\n" * LENGTH + "c") is None
        assert kind_of("a.yaml", "apiVersion: v1\n" * 20_000) == ""
    assert (
        TEMPLATE.search("a: b\n  {% if x %}\n")
        and TEMPLATE.search("a: {{ b }}")
        and TEMPLATE.search("\n\n\t{{ b }}")
    )


def test_a_simple_table_of_many_columns_and_lines_is_none():
    rule = "== " * 30_000 + "=="
    with bounded(2.0, megabytes=200):
        text = "\n".join([rule, "a", rule, *["b"] * 30_000, rule, "", "The end."])
        (section,) = prose(Document("a.rst", text, {})).sections
    assert section.tables == [] and section.paragraphs == ["The end."]


def test_a_list_table_of_one_endless_cell_is_none():
    text = (
        ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     - d\n"
        + "       x\n" * 60_000
    )
    with bounded(2.0):
        (section,) = prose(Document("a.rst", text, {})).sections
    assert section.tables == []


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("[a][b] [] [c](d) [e", "a [] c [e"),
        ("a](b) [[c](d)](e) ![f](g", "a](b) [c](e) ![f](g"),
        ("**a** **b __c__ ** d**", "a b __c__ d"),
        ("{#x} y [^1] {# z", f"y{HOLE} {{# z"),
        ("[`a`](b) and [c", "`a` and [c"),
        ("![", "!["),
    ],
)
def test_what_does_not_end_stays_as_it_is(text, bare):
    assert plain(text) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("`a :class:`Foo` b", "`a `Foo` b"),
        ("::`x` :py:func:`~a.b` c:d:`e`", "::`x` `a.b` c`e`"),
        (":`a`:b:`c`", ":`a``c`"),
    ],
)
def test_roles_are_left_out_and_nothing_else(text, bare):
    (section,) = prose(Document("a.rst", f"Z {text}\n", {})).sections
    assert section.paragraphs == [f"Z {bare}"]
