"""Repetition: the share of an answer's bigrams that were there before, 0.4 and more is dropped, as in the article.

Ratio = 1 - distinct / all bigrams over white-space words. Counted so, none of the standard library's functions and docstrings reaches 0.4;
counting punctuation as words, 6.5% of functions and 2.8% of docstrings would. Under 20 words there is too little to judge. Tool calls and
JSON are exempt: a schema repeats itself by nature (all synthetic JSON schemas reach 0.4).
"""

import json

from autodidact.gate.rule import Context, Drop
from autodidact.records import Example

NAME = "repetition"

MIN_WORDS = 20


def bigram_ratio(text: str) -> float:
    """Between 0, no bigram twice, and 1. A text of fewer than two words has 0."""
    words = text.split()
    bigrams = list(zip(words, words[1:], strict=False))
    return 1 - len(set(bigrams)) / len(bigrams) if bigrams else 0.0


def is_json(text: str) -> bool:
    """Whether the whole text is a JSON object or list, with or without a code fence."""
    text = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    if text[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def check(example: Example, context: Context) -> Example | Drop:
    text = example.messages[-1]["content"]
    if len(text.split()) < MIN_WORDS or is_json(text):
        return example
    ratio = bigram_ratio(text)
    return Drop("bigrams repeat", round(ratio, 3)) if ratio >= context.settings.bigram_ratio else example
