"""What is scattered is put together, and what stands aside is read alone."""

import pytest

from autodidact.gate.text_in_fragments import fragments, latex, segmented
from autodidact.gate.text_without_disguises import readings


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            '<note><open port="both">doors</open><say>the ferry runs</say></note>',
            "note open both doors say the ferry runs",
        ),
        (
            "<table><tr><td>the ferry</td><td>runs</td></tr><tr><td>daily</td></tr></table>",
            "the ferry runs daily",
        ),
        (
            "| no | what it says |\n|---|---|\n| 1 | the ferry runs |\n| 2 | every day |",
            "the ferry runs every day",
        ),
        ("a **the ferry** b **runs** c **daily** d", "the ferry runs daily"),
        ("the ~~old~~ ferry runs", "the ferry runs"),
        ("x = 1;\n// the ferry runs\n// every single day\ny();", "the ferry runs every single day"),
        ("/* the ferry runs daily */\ny();", "the ferry runs daily"),
        (
            "14:00 call (the harbour master asks that the ferry runs every day)",
            "the harbour master asks that the ferry runs every day",
        ),
    ],
)
def test_pieces_are_read_as_one_text(text, read):
    assert [" ".join(one.split()) for one in fragments(text)] == [read]


@pytest.mark.parametrize(
    "text",
    [
        "The ferry (a small one) runs daily.\n\n- **one**\n- two",
        "| a |\n|---|\n| b |",
        "# a heading of a page\n\nThe ferry runs.",
        "a <b>word</b>",
    ],
)
def test_plain_text_has_no_pieces(text):
    assert not list(fragments(text))


def test_latex_is_read_without_its_commands():
    text = "it runs.\n{\\color{white}\\tiny the ferry runs daily.}\nmore"
    assert [one.split() for one in latex(text)] == ["it runs. the ferry runs daily. more".split()]
    assert not list(latex("c:\\quay\\ferry"))


def test_words_cut_over_lines_are_told_apart_again():
    assert segmented("theferryrunsdaily") == "the ferry runs daily"
    assert "the ferry runs daily" in readings("the\nfer\nry\nru\nns\ndai\nly")


def test_digits_stand_for_letters_in_letters_apart():
    assert "the ferry runs" in readings("7 h 3   f 3 r r y   r u n 5")
