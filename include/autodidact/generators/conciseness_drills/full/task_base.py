"""What the tasks of conciseness_drills share in the register `full`: prompts, conversations, examples."""

import random
import re
from collections.abc import Sequence
from typing import Any

from autodidact.generators.conciseness_drills.full.long_winded_texts import TABLE
from autodidact.generators.writing.conversations import system_prompt
from autodidact.records import Example, example
from autodidact.sources.git.revisions import without_hash
from autodidact.sources.snapshot import Snapshot

NAME = "conciseness_drills"
CATEGORY = "conciseness"

# Share of the examples that have a system prompt.
WITH_SYSTEM = 0.35
# Words and marks of an answer that is taken for a short one: about 10 tokens.
SHORT = 9

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Tasks:
    """Makes examples; each text has its own draws, so that one more text changes no other example."""

    def __init__(self, snapshot: Snapshot):
        self.snapshot = snapshot

    def rng(self, kind: str, *of: str) -> random.Random:
        """The draws of one task."""
        return self.snapshot.rng(NAME, "full", kind, *of)

    def row(
        self,
        rng: random.Random,
        user: str,
        answer: str,
        source: dict[str, Any],
        *,
        history: Sequence[dict[str, Any]] = (),
        tools: list[dict[str, Any]] | None = None,
        time: str | None = None,
        keeps: bool = False,
    ) -> Example:
        """An example, with a system prompt where there are tools and in a third of the others. `keeps`: the
        answer holds every fact of the text, so a system prompt may ask for that.
        """
        system, name = None, without_hash(self.snapshot.system)
        if tools:
            system = system_prompt(name, rng, tools=True, answer=answer)
        elif rng.random() < WITH_SYSTEM:
            system = rng.choice(TABLE["system"] + (TABLE["keeping"] if keeps else [])).format(name)
        short = {"short": True} if len(_TOKEN.findall(answer)) <= SHORT else {}
        return example(
            NAME,
            CATEGORY,
            user,
            answer,
            source,
            system=system,
            history=list(history),
            tools=tools,
            time=time,
            **short,
        )


def ask(kind: str, rng: random.Random, **given: object) -> str:
    """A prompt of this kind. Its parts are put in at once, so that braces in them stay."""
    wording: str = rng.choice(TABLE["asks"][kind])
    return re.sub(r"\{(\w+)\}", lambda slot: str(given[slot[1]]), wording)
