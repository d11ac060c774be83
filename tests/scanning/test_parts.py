"""Some patterns are tried only in a text that holds a part of what they match (a word, a sign): no text that they
match may be without it.
"""

import random

import pytest

from autodidact.gate import noise, text_without_disguises, text_without_layout
from autodidact.gate.secrets import everything
from autodidact.scanning import (
    decodings,
    personal_data,
    prose_secrets,
    redact,
    seed_phrases,
    split_keys,
    unknown_format_secrets,
    unnamed_passwords,
)
from tests.gate import fresh
from tests.gate.planted import planted


def any_of(words):
    return lambda text: any(word in text for word in words)


PARTS = {
    "letters apart": (text_without_disguises._APART, text_without_disguises._TWO_APART.search),
    "strung words": (text_without_disguises._STRUNG, text_without_disguises._STRUNG_SIGNS.search),
    "titles": (text_without_layout._ATTRIBUTE, text_without_layout._ASSIGNED.search),
    "progress bars": (noise._PROGRESS, noise._BAR.search),
    "prompts": (noise._PROMPT, noise._SIGN.search),
    "strings of one letter": (decodings._STRINGS, decodings._STRINGS_PART.search),
    "letters with blanks": (decodings._SPACED, decodings._SPACED_PART.search),
    "pairs of digits": (decodings._PAIRS, decodings._PAIRS_PART.search),
    "groups of letters": (decodings._GROUPED, decodings._GROUPED_PART.search),
    "calls of chr": (split_keys._CHARACTER, any_of(split_keys._CALLS)),
    "names of seed phrases": (seed_phrases._NAMES, any_of(seed_phrases._PARTS)),
    "accounts": (prose_secrets._ACCOUNTS, any_of(prose_secrets._ACCOUNTS_PARTS)),
    "user": (unknown_format_secrets._USER, any_of(unknown_format_secrets._USER_SIGNS)),
    "client": (unknown_format_secrets._CLIENT, any_of(unknown_format_secrets._CLIENTS)),
    "head of columns": (unnamed_passwords._HEAD, unnamed_passwords._LAST_COLUMN.search),
} | {
    place.pattern[:20]: (place, any_of(words))
    for words, place in unnamed_passwords._PLACES + unnamed_passwords._PLACES_IN_LOWER_CASE
}


@pytest.fixture(scope="module")
def texts():
    """What secrets and orders were planted in, 1,500 texts, and each in lower case."""
    examples = [
        one for name in ("written for", "unseen", "later", "third") for *_, one in planted(name, most=800)
    ]
    examples += [one for *_, one in (*fresh.secrets(1), *fresh.orders())]
    found = [everything(one) for one in random.Random(0).sample(examples, 1500)]
    return found + [text.lower() for text in found]


@pytest.mark.parametrize("name", PARTS)
def test_what_a_pattern_matches_holds_its_part(name, texts):
    pattern, holds = PARTS[name]
    assert [text for text in texts if pattern.search(text) and not holds(text)] == []


def test_no_personal_datum_is_without_its_part(texts):
    def without_parts(text):
        for masks in personal_data.MASKS.values():
            for pattern, mask in masks:
                text = pattern.sub(mask, text)
        return text

    assert [redact(text) for text in texts] == [without_parts(text) for text in texts]
