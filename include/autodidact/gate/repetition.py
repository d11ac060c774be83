"""Repetition: the share of an answer's bigrams that were there before, 0.4 and more is dropped, as in the
article.

Ratio = 1 - distinct / all bigrams over white-space words. Counted so, 18 of 17,245 functions and 2 of 6,773
docstrings of the standard library reach 0.4, and 83 of 52,384 examples of three repositories. Under 20 words
there is too little to judge. Tool calls and JSON are exempt, because a schema repeats itself by nature.

Prose of 100 words and more must also pass the rules of Gopher (Rae et al. 2021, table A1): no more than 30%
of its lines there before, and not too many of its characters in its most frequent run of two, three or four
words. Code, tables and lists are no prose: functions repeat lines by nature. These drop one docstring, no
function and no example (`benchmarks/gate_rules.py` prints all of these).
"""

import re
from collections import Counter

from autodidact.fast_json import is_json
from autodidact.gate.rule import Context, Drop
from autodidact.records import Example

NAME = "repetition"

MIN_WORDS = 20


# Words. In shorter answers a phrase of four words that stands there twice is already the 16%, and is no
# fault.
MIN_PROSE = 100

DUPLICATE_LINES = 0.30

# Gopher's thresholds: run of so many words -> largest share of the characters.
TOP_RUNS = {2: 0.20, 3: 0.18, 4: 0.16}

# Prose is of letters, spaces and the marks of sentences, as to so much of its characters.
PROSE = 0.93

_SENTENCES = re.compile(r"[^\W\d_]|[ .,;:!?'\"\u2019-]")

# Lists, tables, quotations and code.
_LAYOUT = re.compile(
    r"```|^(?:\s{4}|\t|\s*(?:[-*+>|#=@]|\d+[.)]"
    r"|(?:def|class|if|for|while|return|import|from|try|with)\b.*[:)]$))",
    re.MULTILINE,
)


def bigram_ratio(text: str) -> float:
    """Between 0, no bigram twice, and 1. A text of fewer than two words has 0."""
    words = text.split()
    bigrams = list(zip(words, words[1:], strict=False))
    return 1 - len(set(bigrams)) / len(bigrams) if bigrams else 0.0


def is_prose(text: str) -> bool:
    """Whether a text is sentences, not code, a table or data."""
    flat = " ".join(text.split())
    return not _LAYOUT.search(text) and len(_SENTENCES.findall(flat)) >= PROSE * len(flat)


def gopher(text: str) -> tuple[str, float] | None:
    """(reason, share) of the first of Gopher's rules that a text of prose breaks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    again = 1 - len(set(lines)) / len(lines) if lines else 0.0
    if again > DUPLICATE_LINES:
        return "lines repeat", again
    words = text.split()
    for length, most in TOP_RUNS.items():
        runs = Counter(zip(*(words[start:] for start in range(length)), strict=False))
        run, count = max(runs.items(), key=lambda pair: pair[1] * sum(map(len, pair[0])), default=((), 0))
        share = count * sum(map(len, run)) / sum(map(len, words)) if count > 1 else 0.0
        if share > most:
            return f"one run of {length} words repeats", share
    return None


def check(example: Example, context: Context) -> Example | Drop:
    text = example.messages[-1]["content"]
    words = len(text.split())
    if words < MIN_WORDS or is_json(text):
        return example
    ratio = bigram_ratio(text)
    if ratio >= context.settings.bigram_ratio:
        return Drop("bigrams repeat", round(ratio, 3))
    broken = gopher(text) if words >= MIN_PROSE and is_prose(text) else None
    return Drop(broken[0], round(broken[1], 3)) if broken else example
