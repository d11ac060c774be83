"""What a command shows: plain text in a pipe, colours on a terminal, and nothing foreign that steers either."""

import io

import pytest

from autodidact.terminal.view import Either, Heading, Table, cell, coloured, counts_text, plain, text_of

EVIL = "a\x1b[2J\x9b31m\u202eb\nc"
VIEW = [
    Heading("Checks"),
    Table(["check", "state", "n"], [["store", "ok", 12], ["judge", "failed", None]]),
    "x",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_a_view_is_plain_text_in_columns():
    assert text_of(VIEW, io.StringIO()) == (
        "Checks\ncheck  state    n\nstore  ok      12\njudge  failed   -\nx"
    )


def test_on_a_terminal_it_has_colours_unless_the_terminal_knows_none(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[32mok" in text_of(VIEW, Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in text_of(VIEW, Terminal())


@pytest.mark.parametrize("parts", [[EVIL], [Heading(EVIL)], [Table([EVIL], [[EVIL]])]])
def test_foreign_text_steers_neither(parts):
    written_out = "a\\u001b[2J\\u009b31m\\u202eb"
    assert written_out in plain(parts) and written_out in coloured(parts, width=200)
    assert not {"\x9b", "\u202e"} & set(coloured(parts, width=200)) and "\x1b[2J" not in coloured(parts)


def test_a_cell_is_one_line_and_says_where_it_was_cut():
    assert cell("a\nb\tc") == "a\\nb c"
    assert cell("x" * 10_000_000) == "x" * 400 + " [...]"
    assert (cell(None), cell(0.12345), cell(12)) == ("-", "0.123", "12")


def test_what_would_look_like_nothing_or_all_and_is_neither_has_more_digits():
    values = [0.99986, 1.0, 0.00014, 0.0, -0.9999, 0.9994, 1.0002]
    assert [cell(value) for value in values] == [
        "0.99986",
        "1.000",
        "0.00014",
        "0.000",
        "-0.99990",
        "0.999",
        "1.000",
    ]


def test_what_looks_like_markup_stays_as_it_is():
    assert "[red]x[/red]" in coloured([Table(["a"], [["[red]x[/red]"]])], width=80)


def test_of_counts_only_single_numbers_are_shown():
    assert counts_text({"raw": 193, "overall": 0.20632885, "categories": {"a": 1}, "through": EVIL}) == (
        "raw 193, overall 0.206, through a\\u001b[2J\\u009b31m\\u202eb\\nc"
    )


def test_a_line_of_ten_megabytes_is_cut_and_the_others_stay():
    assert plain(["a\n" + "x" * 10_000_000 + "\nb"]) == "a\n" + "x" * 10_000 + " [...]\nb"


def test_what_other_programs_read_stays_as_it_was_and_a_terminal_gets_tables():
    view = [Either("known: 3 of 9", [Heading("Facts"), Table(["known"], [[3]])])]
    assert plain(view) == "known: 3 of 9"
    assert "Facts" in coloured(view, width=80) and "known: 3" not in coloured(view, width=80)
