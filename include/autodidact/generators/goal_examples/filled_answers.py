"""A question about goals and an answer to it, from full.yaml: of each kind those whose slots are filled."""

import random

from autodidact.generators.goal_examples.shared_titles import names_one
from autodidact.generators.writing.facts_into_words import listing
from autodidact.shipped_tables import read_table

TABLE = read_table(__file__, "full.yaml")

# Kinds of which the table's first answer that can be filled is taken: the others leave something out.
FULLEST = ("plan", "standup")
# What an answer of a kind must not leave out where the table has it, the most important first: whoever asks
# what is left wants to hear all of it, and no date can be judged without what holds a goal up.
NEEDED = {
    "blocked": ("{first_step}",),
    "premise": ("{first_step}",),
    "status": ("{then}",),
    "status_none": ("{then}",),
    "status_blocked": ("{then}",),
    "way": ("{outside}",),
    "way_one": ("{outside}",),
    "late": ("{why}",),
    "in_time": ("{why}", "{then}"),
}


def said(
    kind: str, there: dict[str, str], slots: dict[str, str], rng: random.Random
) -> tuple[str, str] | None:
    """A question, and an answer of the same group that needs only what is `there`."""
    found = []
    for group in TABLE[kind]:
        asks = [ask for ask in group["ask"] if asks_for_one(ask, slots)]
        says = [say for say in group["say"] if _has_all(say, there)]
        if asks and says:
            if kind in FULLEST:
                says = says[:1]
            for slot in NEEDED.get(kind, ()):
                says = [say for say in says if slot in say] or says
            says = [say for say in says if names_one(say, bool(slots.get("shared")))] or says
            found.append((asks, says))
    if not found:
        return None
    asks, says = rng.choice(found)
    return rng.choice(asks).format(**slots), rng.choice(says).format(**slots)


def quoted(steps: list[str]) -> str:
    """`"raise the timeout" and "replay a day"`, with single quotes inside."""
    return listing(f'"{single(step)}"' for step in steps if step)


def single(text: str) -> str:
    """A text that stands in quotes, with single ones inside."""
    return text.replace('"', "'")


def asks_for_one(ask: str, slots: dict[str, str]) -> bool:
    """Whether a question can be filled, and names one goal alone; `shared`: whether others have its title."""
    return _has_all(ask, slots) and names_one(ask, bool(slots.get("shared")))


def _has_all(text: str, slots: dict[str, str]) -> bool:
    """Whether every slot of a text is filled."""
    return not any("{" + name + "}" in text for name, value in slots.items() if not value)
