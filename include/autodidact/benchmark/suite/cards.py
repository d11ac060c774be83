"""Status cards: what a model in service may say about itself, made up anew for every item."""

from random import Random
from typing import Any

from autodidact.benchmark.suite.vocabulary import PROJECTS

SKILLS = [
    "routing",
    "planning",
    "tools",
    "review",
    "arithmetic",
    "topology",
    "brevity",
    "tone",
    "candour",
    "lookup",
    "summaries",
    "dates",
    "coding",
    "graphs",
    "matrices",
    "logs",
    "names",
    "units",
    "forms",
    "quotes",
    "ranking",
    "recall",
    "safety",
    "syntax",
    "spelling",
    "forecasts",
]
"""Categories of made-up cards: short names, so that none is a part of another."""

CAPABILITIES = [
    "read files",
    "send mail",
    "run tests",
    "open tickets",
    "restart services",
    "search the web",
    "write code",
    "book rooms",
    "query tables",
    "draw charts",
    "call people",
    "sign releases",
    "delete backups",
    "merge branches",
    "translate pages",
    "order parts",
    "block accounts",
    "rotate keys",
    "grant access",
    "publish pages",
    "start training",
    "change prices",
    "read mail",
    "plan shifts",
]

STANDINGS = ("low", "medium", "high")

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day_in(rng: Random) -> str:
    """A month."""
    return rng.choice(_MONTHS)


def scores(rng: Random, n: int) -> dict[str, int]:
    """`n` categories with different scores of 100."""
    return dict(zip(rng.sample(SKILLS, n), rng.sample(range(21, 95), n), strict=True))


def score_lines(values: dict[str, int]) -> list[str]:
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
        "until": f"{day_in(rng)} {rng.randint(1, 28)}",
    }
