"""Which of some words stand in a text, in the order of the words."""

import pytest

from autodidact.scanning.word_search import Beginnings

WORDS = ("ghp_", "ai", "ferry", "fer", "été", "渡し船", "ab\u00e9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the ferry runs", ["ferry", "fer"]),
        ("said ghp_1", ["ghp_", "ai"]),
        ("l'été, 渡し船", ["été", "渡し船"]),
        ("abé", ["ab\u00e9"]),
        ("fe", []),
        ("f", []),
        ("", []),
        ("\udce9 ferry", ["ferry", "fer"]),
    ],
)
def test_words_that_stand_in_a_text(text, expected):
    assert Beginnings(WORDS).standing(text) == expected


def test_of_no_words_none_stands_anywhere():
    assert Beginnings([]).standing("the ferry runs") == []
