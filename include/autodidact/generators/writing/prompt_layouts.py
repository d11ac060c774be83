"""How a question that brings its facts along is put: facts, question, and how the answer has to look."""

import random
from collections.abc import Sequence

from autodidact.shipped_tables import read_table

_TABLE = read_table(__file__)
NAME, NAMES, ORDERED, NUMBER, LETTER, YES_NO, OR_NONE = (
    _TABLE["endings"][kind] for kind in ("name", "names", "ordered", "number", "letter", "yes_no", "or_none")
)
BY_THIS = _TABLE["by_this"]


def ending(wordings: Sequence[str], rng: random.Random, noun: str = "name") -> str:
    """How the answer has to look: the first wording, which is the plainest, in half of the cases."""
    return (wordings[0] if rng.random() < 0.5 else rng.choice(wordings)).format(noun=noun)


def put(lines: str, ask: str, rng: random.Random) -> str:
    """The prompt: the question after what is shown, sometimes before it."""
    lead = rng.choice(_TABLE["leads"])
    lines = f"{lead}\n{lines}" if lead else lines
    return f"{lines}\n{ask}" if rng.random() < 0.85 else f"{ask}\n{lines}"
