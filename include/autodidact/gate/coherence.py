"""Coherence: the answer is about the question. Cosine of their MiniLM embeddings, for prose and code.

The threshold (`gate.coherence`) is 0.15: on 400 pairs of the standard library it keeps 97.0% of the true ones and drops 65.2% of the
shuffled ones; 0.20 keeps 94.5% and drops 81.0% (`benchmarks/calibrate_coherence.py`).
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
