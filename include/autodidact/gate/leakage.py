"""Leakage: no scored question of the benchmark is ever trained on.

An example that asks a scored question is dropped, with the item's id. One of `benchmark_targeted` or an anchor must never do so, because
they are drawn from dev items: then the drawing is broken, and the gate fails instead of hiding it.
"""

from autodidact.errors import AutodidactError
from autodidact.gate.rule import TARGETED, Context, Drop
from autodidact.records import Example, nfc, sha256

NAME = "leakage"


def prompt_key(messages: list[dict]) -> str:
    """What two prompts share when they ask the same: the text of all messages but the system's, without case and spacing."""
    text = "\n".join(message.get("content") or "" for message in messages if message.get("role") != "system")
    return sha256(" ".join(nfc(text).casefold().split()))


def check(example: Example, context: Context) -> Example | Drop:
    """Raises AutodidactError when a targeted example asks a scored question."""
    item = context.scored.get(prompt_key(example.messages[:-1]))
    if item is None:
        return example
    if example.generator in TARGETED:
        raise AutodidactError(
            f"An example of {example.generator} asks the scored question {item}: nothing of this cycle may be trained on",
            "Draw targeted examples from dev items only, then run the generator and the gate again.",
        )
    return Drop("a scored question", item)
