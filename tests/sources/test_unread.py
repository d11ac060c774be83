"""An answer that needs completeness is silent where something was not read."""

import pytest

from autodidact.sources.unread import Unread
from autodidact.stage import Troubles


def test_says_what_was_read_whole():
    assert Unread().closed("None: booking publishes no port.", "ports/booking") == (
        "None: booking publishes no port."
    )


@pytest.mark.parametrize(
    ("gap", "asked", "answer"),
    [
        ("ports/booking", "ports/booking", ""),
        ("ports/booking", "ports", ""),
        ("ports", "ports/booking", ""),
        ("ports/booking", "ports/payments", "None."),
        ("ports/booking", "ports/booking-2", "None."),
        ("services", "ports/booking", "None."),
    ],
)
def test_a_gap_silences_what_is_inside_and_around(gap, asked, answer):
    unread = Unread()
    unread.add(gap, "a port with a variable")
    assert unread.closed("None.", asked) == answer


def test_every_scope_of_a_question_must_be_whole():
    unread = Unread()
    unread.add("rows", "a row without an id", "goals.csv:4")
    assert unread.closed("None.", "blockers", "rows") == ""
    assert unread.closed("None.", "blockers") == "None."


def test_a_gap_whose_bytes_are_known_hides_only_the_names_in_them():
    unread = Unread()
    unread.add("code", "newer syntax", "lorry.py:3", text=b"type X = int\nreduced(2)\n")
    assert unread.closed("Nobody calls `reduced`.", "code", naming="reduced") == ""
    assert unread.closed("Nobody calls `doubled`.", "code", naming="doubled") == "Nobody calls `doubled`."
    assert unread.closed("Nothing calls anything.", "code") == ""


def test_a_name_that_no_encoding_has_is_looked_for_too():
    unread = Unread()
    unread.add("rows", "incomplete line", text=b"shop")
    assert unread.closed("None.", "rows", naming="\ud800") == "None."


def test_each_gap_is_counted_as_bad_input():
    troubles = Troubles()
    Unread(troubles).add("rows", "a row without an id", "goals.csv:4")
    assert [(t.reason, t.count, t.ref) for t in troubles.list()] == [
        ("a row without an id", 1, "goals.csv:4")
    ]


def test_what_a_reader_without_scopes_counts_is_a_gap_of_the_scope_it_was_given():
    troubles = Troubles()
    unread = Unread(troubles)
    unread.counting("rows").add("incomplete line", "goals.jsonl:3", 2)
    assert unread.closed("None.", "rows") == "" and unread.closed("None.", "columns") == "None."
    assert [(t.reason, t.count, t.ref) for t in troubles.list()] == [("incomplete line", 2, "goals.jsonl:3")]


def test_what_is_noted_only_is_no_bad_input():
    troubles = Troubles()
    unread = Unread(troubles)
    unread.note("steps/a", "a free text")
    assert unread.closed("None.", "steps/a") == "" and troubles.list() == []


def test_gaps_beyond_number_hide_every_name():
    unread = Unread()
    for number in range(100_000):
        unread.add("rows", "incomplete line", f"a.csv:{number}", text=b"shop,,")
    assert len(unread.gaps) < 1_000 and unread.closed("None.", "rows", naming="mail") == ""
