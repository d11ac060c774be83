"""Sentences turned into parts of other sentences."""

import pytest

from autodidact.generators.writing.facts_into_words import lower


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        ("The tide is low.", "the tide is low."),
        ("Well-known places.", "well-known places."),
        # Names and numbers keep their capital.
        ("W103 leaves at nine.", "W103 leaves at nine."),
        ("K3 takes coins.", "K3 takes coins."),
        ("B-2041 can be moved.", "B-2041 can be moved."),
        ("X-ray sources are off.", "X-ray sources are off."),
        ("URL of the page.", "URL of the page."),
        ("I'm late.", "I'm late."),
        ("I said so.", "I said so."),
        ("A dog.", "a dog."),
    ],
)
def test_the_first_word_is_put_in_lower_case_unless_it_is_a_name(text, lowered):
    assert lower(text) == lowered
