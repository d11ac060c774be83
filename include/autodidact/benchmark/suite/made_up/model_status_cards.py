"""Status cards: what a model in service may say about itself, made up anew for every item."""

from random import Random
from typing import Any

from autodidact.benchmark.suite.item_building_blocks import table
from autodidact.benchmark.suite.made_up.vocabulary import MONTHS, PROJECTS

_WORDS = table("made_up/model_status_cards")
SKILLS, CAPABILITIES = _WORDS["skills"], _WORDS["capabilities"]
# How sure a model may be.
STANDINGS = ("low", "medium", "high")


def scores(rng: Random, n: int) -> dict[str, int]:
    """`n` categories with different scores of 100."""
    return dict(zip(rng.sample(SKILLS, n), rng.sample(range(21, 95), n), strict=True))


def score_lines(values: dict[str, int]) -> list[str]:
    """`name: score` for each category."""
    return [f"{name}: {value}" for name, value in values.items()]


def confidence_rule(rng: Random) -> tuple[int, int, str]:
    """(low, high, the rule in words): below low, from low to high - 1, from high on."""
    low, high = rng.randint(25, 50), rng.randint(60, 85)
    return low, high, f"low: below {low}. medium: {low} to {high - 1}. high: {high} and more."


def card(rng: Random) -> dict[str, Any]:
    """Names and dates of a card: version, the one before, a rejected one, base, the last day of the training
    data.
    """
    numbers = rng.sample(range(11, 99), 3)
    names = rng.sample(PROJECTS, 2)
    return {
        "version": f"{names[0].lower()}-{numbers[0]}",
        "before": f"{names[0].lower()}-{numbers[1]}",
        "rejected": f"{names[0].lower()}-{numbers[2]}",
        "base": f"{names[1]} {rng.choice([1, 3, 4, 7, 8, 14])}B",
        "until": f"{rng.choice(MONTHS)} {rng.randint(1, 28)}",
    }
