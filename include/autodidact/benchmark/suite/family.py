"""What a family of items is: a name, a way to draw one item, and whether training may see its like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

LEVELS = (1, 2, 3)
"""1: a tiny model (short prompts, 3 or 4 options, one step). 2: about 1B parameters. 3: about 8B
(distractors, several steps, nesting).
"""


@dataclass(frozen=True)
class Draw:
    """One item before it has a place in a block.

    `slots` and the reference are the payload: what decides whether an item may be trained on. So whatever
    makes the question another
    question belongs into `slots`, and what is only a way to show it (the order of options, the greeting) does
    not. Lists whose order
    means nothing are sorted there.
    """

    user: str
    target: dict[str, Any]
    reference: str | dict[str, Any]  # what scores 1.0: text, or an assistant message made by `records.call`
    scorer: str = "label"
    system: str | None = None
    tools: Sequence[dict[str, Any]] = ()
    history: Sequence[dict[str, Any]] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    max_tokens: int = 64  # room for twice the reference and more; what is longer is cut, and wrong
    chance: float | None = (
        None  # what guessing among the offered options scores; None: 1 / labels for `label`, else 0
    )


@dataclass(frozen=True)
class Family:
    """A kind of item. `draw(rng, level)` takes all its randomness from `rng`. Hidden: no dev items, so
    training never meets its like.
    """

    name: str
    draw: Callable[[Random, int], Draw]
    hidden: bool = False


def choose(
    user: str,
    labels: Sequence[str],
    answer: str,
    *,
    system: str | None = None,
    history: Sequence[dict] = (),
    **slots: Any,
) -> Draw:
    """An item whose answer is one of the labels, all of which the prompt shows; the labels join the slots."""
    target = {"labels": list(labels), "answer": answer}
    return Draw(
        user,
        target,
        answer,
        system=system,
        history=history,
        slots={"labels": sorted(labels), **slots},
        max_tokens=24,
    )


def tool(
    name: str, description: str, required: dict[str, Any], optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A function tool. Each parameter is a JSON Schema, or a type name ("string"), or a list: the values of a
    string enum.
    """

    def schema(value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"type": value}
        return {"type": "string", "enum": value} if isinstance(value, list) else value

    properties = {key: schema(value) for key, value in {**required, **(optional or {})}.items()}
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


def some(rng: Random, options: Sequence, n: int) -> list:
    """`n` different ones in random order."""
    return rng.sample(list(options), n)


def shuffled(rng: Random, items: Sequence) -> list:
    """A copy in random order."""
    return rng.sample(list(items), len(items))


def bullets(lines: Sequence[str]) -> str:
    """The lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Sequence[str]) -> str:
    """The lines, numbered from 1."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
