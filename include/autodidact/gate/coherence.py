"""Coherence: the answer is about the question. Cosine of their MiniLM embeddings, for prose and code.

The threshold (`gate.coherence`) is 0.10: of 568 pairs of the generators it keeps 96.1% and drops 62.7% when their answers are shuffled; of
400 pairs of the standard library 99.0% and 44.0%. 0.15 would drop more (80.8%, 65.2%), but keep only 93.0% of what the generators make, where
a fact often shares no word with its question (`benchmarks/calibrate_coherence.py`).
Labels, names, numbers, JSON and tool calls are exempt: an embedding of one word says nothing about whether it is right.
"""

from collections.abc import Sequence

from autodidact.gate.repetition import is_json
from autodidact.gate.rule import Context, Drop, extra, question
from autodidact.records import Example

NAME = "coherence"

MIN_WORDS = 6
"""Shorter answers are labels, names or numbers."""


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
    judged = [place for place, example in enumerate(examples) if applies(example)]
    asked = [question(examples[place]) for place in judged]
    cosines = context.embed.cosines(asked, [examples[place].messages[-1]["content"] for place in judged]) if judged else []
    for place, cosine in zip(judged, cosines, strict=True):
        if cosine < context.settings.coherence:
            results[place] = Drop("the answer is not about the question", round(float(cosine), 3))
    return results
