"""Handlers that requests are routed to, in groups of neighbours whose work overlaps
(routing_handlers.yaml).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.item_building_blocks import table
from autodidact.benchmark.suite.made_up.vocabulary import MONTHS, PEOPLE, PRODUCTS, PROJECTS, WEEKDAYS

_WORDS = table("made_up/routing_handlers")


@dataclass(frozen=True)
class Handler:
    """A row of routing_handlers.yaml."""

    name: str
    group: str
    cues: list[str]
    about: str
    requests: list[str]


HANDLERS = [Handler(**row) for row in _WORDS["handlers"]]


def fill(rng: Random, text: str, **fixed: str) -> str:
    """The text with its slots drawn."""
    person, person2 = rng.sample(PEOPLE, 2)
    service, service2 = rng.sample(PROJECTS, 2)
    slots = {
        "person": person,
        "person2": person2,
        "service": service,
        "service2": service2,
        "product": rng.choice(PRODUCTS),
        "day": rng.choice(WEEKDAYS),
        "month": rng.choice(MONTHS),
        "n": str(rng.randint(12, 480)),
        "port": str(rng.randint(1025, 9999)),
    }
    return text.format(**{**slots, **fixed})


def ask(rng: Random, handler: Handler, level: int, others: Sequence[Handler] = ()) -> str:
    """A request for `handler`: level 1 names one of the two cues listed, level 2 means it in other words,
    level 3 also mentions what another one does.
    """
    if level == 1:
        return fill(rng, rng.choice(_WORDS["plain_requests"]), cue=rng.choice(handler.cues[:2]))
    text = fill(rng, rng.choice(handler.requests))
    if level == 3 and others:
        aside = fill(rng, rng.choice(_WORDS["asides"]), cue=rng.choice(rng.choice(others).cues))
        return f"{aside} {text}" if rng.random() < 0.5 else f"{text} {aside}"
    return text


def options(rng: Random, level: int, n: int | None = None) -> tuple[Handler, list[Handler]]:
    """A handler and the shuffled list it is offered in: 3 or 4 of different groups, 5, or 8 with all its
    neighbours.
    """
    right = rng.choice(HANDLERS)
    n = n or {1: rng.choice([3, 4]), 2: 5, 3: 8}[level]
    if level == 3:
        near = [h for h in HANDLERS if h.group == right.group and h != right]
        far = [h for h in HANDLERS if h.group != right.group]
        others = near[: n - 1] + rng.sample(far, max(0, n - 1 - len(near)))
    else:
        others = rng.sample(
            [h for h in HANDLERS if h != right and (level == 2 or h.group != right.group)], n - 1
        )
    listed = [right, *others]
    rng.shuffle(listed)
    return right, listed


def listing(handlers: list[Handler], level: int) -> str:
    """`- name: what it is for`, one a line."""
    return "\n".join(f"- {h.name}: {', '.join(h.cues[:2]) if level == 1 else h.about}" for h in handlers)
