"""Coherence: the answer is about the question. Cosine of their MiniLM embeddings, for prose and code.

An answer that has three tenths of its telling words from the prompt, the names of the tools included, is about it; embeddings are asked about
the rest. The threshold (`gate.coherence`) is 0.10: of 538 pairs of ten generators the rule keeps 96.5% and drops 60.8% when their answers are
shuffled among generators. 0.15 would drop 76.2%, but keep only 93.3% of what the generators make, where a fact often shares no word with its
question (`benchmarks/calibrate_coherence.py 0 EXAMPLES`). What it is for is mined text; of what is computed from facts it can only lose.
Labels, names, numbers, JSON and tool calls are exempt: an embedding of one word says nothing about whether it is right.
"""

from collections.abc import Sequence

from autodidact.gate.repetition import is_json
from autodidact.gate.rule import Context, Drop, extra, question
from autodidact.gate.words import words
from autodidact.records import Example

NAME = "coherence"

MIN_WORDS = 6
"""Shorter answers are labels, names or numbers."""


COVERED = 0.3
"""An answer that has so much of its words from the prompt is about it, however far apart their embeddings are: these see 300 characters of each,
no names of tools, and no sense in names."""


def covered(answer: str, prompt: str) -> bool:
    """Whether `COVERED` of the answer's words stand in the prompt. Words of four letters and more count, and what has a digit or an underscore."""
    said = _telling(answer)
    return bool(said) and len(said & _telling(prompt)) >= COVERED * len(said)


def _telling(text: str) -> set[str]:
    return {word for word in words(text) if len(word) > 3 or not word.isalpha()}


def shown(example: Example) -> str:
    """All that the answer may be about: what was said before, and the names of the tools."""
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
        place for place, example in enumerate(examples) if applies(example) and not covered(example.messages[-1]["content"], shown(example))
    ]
    asked = [question(examples[place]) for place in judged]
    cosines = context.embed.cosines(asked, [examples[place].messages[-1]["content"] for place in judged]) if judged else []
    for place, cosine in zip(judged, cosines, strict=True):
        if cosine < context.settings.coherence:
            results[place] = Drop("the answer is not about the question", round(float(cosine), 3))
    return results
