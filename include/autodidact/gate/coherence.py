"""Coherence: the answer is about the question. Cosine of their MiniLM embeddings, for prose and code.

An answer that has three tenths of its telling words from the prompt, the names of the tools included, is
about it; embeddings decide about the rest. The threshold (`gate.coherence`) is 0.15 for what is mined from
text: the highest of the grid that keeps 95% of the true pairs of each of these generators in three
repositories, 98 to 99% of all; of pairs shuffled among them it drops 64 to 70% (0.20: 74 to 79%, but 8% of
what a document says). Of what a program computes from tables and the like only cosines below 0 are dropped, 0
to 2% of each generator's: at 0.15 it would be 7 to 9% (`benchmarks/calibrate_coherence.py 0 EXAMPLES`). On
the labelled set that means a precision of .73 and a recall of .45, against .43 and .31 of one threshold of
0.10 for all (`benchmarks/gate_labelled.py`). Labels, names, numbers, JSON and tool calls are exempt: an
embedding of one word says nothing about whether it is right.
"""

from collections.abc import Sequence
from typing import Any

from autodidact.fast_json import is_json
from autodidact.gate.compact_examples import OPEN
from autodidact.gate.rule import Context, Drop, extra, question
from autodidact.records import Example
from autodidact.shingles import words

NAME = "coherence"

# Shorter answers are labels, names or numbers.
MIN_WORDS = 6


# An answer that has so much of its words from the prompt is about it, however far apart their embeddings are:
# these see 300 characters of each, no names of tools, and no sense in names.
COVERED = 0.3


# The threshold for what is not of `sketches.OPEN`: tables, graphs, tools, the record of earlier cycles. A
# program put question and answer together there, so that they belong together, and "None is on record."
# shares no word with "Whom do you replace?".
COMPUTED = 0.0


def least(kind: str, settings: Any) -> float:
    """The threshold for a source of this kind."""
    return settings.coherence if kind in OPEN else min(COMPUTED, settings.coherence)


def covered(answer: str, prompt: str) -> bool:
    """Whether `COVERED` of the answer's words stand in the prompt. Words of four letters and more count, and
    what has a digit or an underscore.
    """
    words_of_answer = _telling(answer)
    common = words_of_answer & _telling(prompt)
    return bool(words_of_answer) and len(common) >= COVERED * len(words_of_answer)


def _telling(text: str) -> set[str]:
    return {word for word in words(text) if len(word) > 3 or not word.isalpha()}


def shown(example: Example) -> str:
    """All that the answer may be about: the messages before it, and the names of the tools."""
    names = (str(tool.get("function", {}).get("name")) for tool in example.tools)
    return "\n".join([*(message["content"] for message in example.messages[:-1]), *names])


def applies(example: Example) -> bool:
    answer = example.messages[-1]
    return not (
        answer.get("tool_calls")
        or extra(example, "short") is True
        or example.category == "intent_classification"
        or len(answer["content"].split()) < MIN_WORDS
        or is_json(answer["content"])
        or not question(example)
    )


def judge(examples: Sequence[Example], context: Context) -> list[Example | Drop]:
    results: list[Example | Drop] = list(examples)
    judged = [
        place
        for place, example in enumerate(examples)
        if applies(example) and not covered(example.messages[-1]["content"], shown(example))
    ]
    questions = [question(examples[place]) for place in judged]
    cosines = (
        context.embed.cosines(questions, [examples[place].messages[-1]["content"] for place in judged])
        if judged
        else []
    )
    for place, cosine in zip(judged, cosines, strict=True):
        if cosine < least(examples[place].source.kind, context.settings):
            results[place] = Drop("the answer is not about the question", round(float(cosine), 3))
    return results
