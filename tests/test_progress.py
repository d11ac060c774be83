"""What long work shows: plain lines in a log, a bar that overwrites itself on a terminal."""

import io

import pytest

from autodidact.progress import show
from autodidact.terminal.pace import Pace


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream, *lines: str) -> str:
    for line in lines:
        show(line, stream)
    return stream.getvalue()


def test_a_log_gets_plain_lines():
    assert (
        shown(io.StringIO(), "train: update 1 of 4, loss 2.0", "done")
        == "train: update 1 of 4, loss 2.0\ndone\n"
    )


def test_a_count_has_its_rate_and_the_time_left_as_soon_as_they_are_known(monkeypatch):
    clock = iter([0.0, 2.0, 4.0])
    monkeypatch.setattr("autodidact.progress._pace", Pace(clock=lambda: next(clock)))
    assert shown(io.StringIO(), "train: update 1 of 9", "train: update 5 of 9, loss 2.0") == (
        "train: update 1 of 9\ntrain: update 5 of 9, loss 2.0, 2.0/s, 2 s left\n"
    )
    monkeypatch.setenv("COLUMNS", "80")
    assert shown(Terminal(), "train: update 7 of 9") == (
        f"\r\033[Ktrain: update 7 of 9, 1.5/s, 1 s left [{'#' * 16}{'.' * 4}]"
    )


def test_on_a_terminal_a_count_is_overwritten_until_the_last(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = shown(Terminal(), "train: update 1 of 4", "train: update 4 of 4", "== benchmark")
    assert (
        text == f"\r\033[Ktrain: update 1 of 4 [{'#' * 5}{'.' * 15}]\r\033[Ktrain: update 4 of 4"
        f" [{'#' * 20}]\n\r\033[K== benchmark\n"
    )


def test_a_line_is_cut_where_it_would_wrap(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert len(shown(Terminal(), "  block 0: batch 2 of 9 " + "x" * 100).removeprefix("\r\033[K")) == 39


@pytest.mark.parametrize(
    "line",
    ["Of 120 facts 3 are new", "verdict: better in 3 of 9 categories", "gate: 390 examples of 3 generators"],
)
def test_other_numbers_are_no_progress(line):
    assert shown(Terminal(), line) == f"\r\033[K{line}\n"


def test_nothing_that_a_line_quotes_steers_the_terminal():
    assert (
        shown(Terminal(), "no such document: a\x1b[2J\x9b31m\u202e")
        == "\r\033[Kno such document: a\\u001b[2J\\u009b31m\\u202e\n"
    )
    assert shown(io.StringIO(), "a\x1b]0;b\x07") == "a\\u001b]0;b\\u0007\n"
