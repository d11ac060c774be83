"""What the names of some generators and categories mean, in a few words: for the report of a cycle."""

from collections.abc import Iterable, Mapping
from typing import Any

# Names of repositories that are shown.
SHOWN = 10
GENERATORS = {
    "goal_examples": "the state of the goals",
    "interrupt_handler": "what to do when something interrupts a task",
    "benchmark_targeted": "practice items",
    "affect_examples": "answers in the right tone",
    "consciousness": "the model's own version, scores and limits",
}
CATEGORIES = {"affect_reasoning": "moods and tone", "consciousness_articulation": "about itself"}


def of_generator(name: str) -> str | None:
    """What its examples are about; None where its name says it."""
    return GENERATORS.get(name)


def of_category(name: str) -> str:
    """The name, with what it means in brackets where it does not say it."""
    return f"{name} ({CATEGORIES[name]})" if name in CATEGORIES else name


def of_repositories(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line about those of `sources.repositories`, of what cycle.json says of repositories; none without
    any.
    """
    more = [f"{each['name']} at {each['commit'][:12]}" for each in rows if "name" in each]
    rest = f" and {len(more) - SHOWN} more" if len(more) > SHOWN else ""
    return [f"Repositories besides the first: {', '.join(more[:SHOWN])}{rest}"] if more else []
