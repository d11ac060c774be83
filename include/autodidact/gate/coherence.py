"""Coherence: the answer is about the question. Cosine of their MiniLM embeddings, for prose and code.

The threshold (`gate.coherence`) is 0.10: of 568 pairs of the generators it keeps 96.1% and drops 62.7% when their answers are shuffled; of
400 pairs of the standard library 99.0% and 44.0%. 0.15 would drop more (80.8%, 65.2%), but keep only 93.0% of what the generators make, where
a fact often shares no word with its question (`benchmarks/calibrate_coherence.py`).
Labels, names, numbers, JSON and tool calls are exempt: an embedding of one word says nothing about whether it is right.
"""

from autodidact.gate.repetition import is_json
from autodidact.gate.rule import Context, Drop, extra, question
from autodidact.records import Example

NAME = "coherence"

MIN_WORDS = 6
"""Shorter answers are labels, names or numbers."""

CHUNK = 512
"""Examples embedded at once: enough to sort by length, and all that a kill costs."""


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


def sift(examples: list[Example], context: Context) -> list[Example | Drop]:
    results: list[Example | Drop] = list(examples)
    judged = [place for place, example in enumerate(examples) if applies(example)]
    for start in range(0, len(judged), CHUNK):
        context.say(f"coherence: {start} of {len(judged)}")
        places = judged[start : start + CHUNK]
        vectors = context.embed([text for p in places for text in (question(examples[p]), examples[p].messages[-1]["content"])])
        cosines = (vectors[0::2] * vectors[1::2]).sum(axis=1)
        for place, cosine in zip(places, cosines, strict=True):
            if cosine < context.settings.coherence:
                results[place] = Drop("the answer is not about the question", round(float(cosine), 3))
    return results
