"""What a family of items is: a name, a way to draw one item, and whether training may see its like. And what
an item is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from autodidact.records import canonical, nfc

# 1: a tiny model (short prompts, 3 or 4 options, one step). 2: about 1B parameters. 3: about 8B (distractors,
# several steps, nesting).
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Draw:
    """One item before it has a place in a block.

    `slots` and the reference are the payload: what decides whether an item may be trained on. So whatever
    makes the question another question belongs into `slots`, and what is only a way to show it (the order of
    options, the greeting) does not. Lists whose order means nothing are sorted there.
    """

    user: str
    target: dict[str, Any]
    # What scores 1.0: text, or an assistant message made by `records.call`.
    reference: str | dict[str, Any]
    scorer: str = "label"
    system: str | None = None
    tools: Sequence[dict[str, Any]] = ()
    history: Sequence[dict[str, Any]] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    # Room for twice the reference and more; what is longer is cut, and wrong.
    max_tokens: int = 64
    # What guessing among the offered options scores; None: 1 / labels for `label`, else 0.
    chance: float | None = None


@dataclass(frozen=True)
class Family:
    """A kind of item. `draw(rng, level)` takes all its randomness from `rng`. Hidden: no dev items, so
    training never meets its like.
    """

    name: str
    draw: Callable[[Random, int], Draw]
    hidden: bool = False


@dataclass(frozen=True)
class Item:
    """One question with all that answering and scoring it takes."""

    # "<category>/<family>/<block>" or "<category>/<family>/dev-<number>".
    id: str
    category: str
    family: str
    hidden: bool
    # -1: a dev item.
    block: int
    level: int
    # System (maybe), earlier turns, user.
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    target: dict[str, Any]
    scorer: str
    # An assistant message that scores 1.0.
    reference: dict[str, Any]
    payload: str
    max_tokens: int
    # The folder that its family is from; None: shipped.
    own: str | None = None


def payload(draw: Draw) -> str:
    """Canonical JSON of what makes this question this question: slot values and reference."""
    return canonical({"reference": draw.reference, "slots": draw.slots})


def item_of(category: str, family: Family, draw: Draw, place: str, block: int, level: int) -> Item:
    """The draw as an item. `place` ends its id: the number of its block, or `dev-<number>`."""
    system = [{"role": "system", "content": draw.system}] if draw.system else []
    reference = draw.reference
    if isinstance(reference, str):
        reference = {"role": "assistant", "content": reference}
    return Item(
        id=f"{category}/{family.name}/{place}",
        category=category,
        family=family.name,
        hidden=family.hidden,
        block=block,
        level=level,
        messages=nfc([*system, *draw.history, {"role": "user", "content": draw.user}]),
        tools=nfc(list(draw.tools)),
        target=nfc(draw.target),
        scorer=draw.scorer,
        reference=nfc(reference),
        payload=payload(draw),
        max_tokens=draw.max_tokens,
    )
