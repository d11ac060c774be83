"""The families of reasoning that compare services: the most, the least, and all in order."""

from random import Random

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled
from autodidact.benchmark.suite.made_up.vocabulary import SERVICES


def compare_load(rng: Random, level: int) -> Draw:
    """Which service has the most or the least; higher: in mixed units, and against each one's own limit."""
    names = rng.sample(SERVICES, {1: 3, 2: 4, 3: 5}[level])
    most = rng.random() < 0.5
    values = rng.sample(range(10, 99), len(names))
    pick = max if most else min
    if level == 1:
        lines, keys = [f"{s}: {v} ms" for s, v in zip(names, values, strict=True)], values
        question = f"Which service is the {'slowest' if most else 'fastest'}?"
    elif level == 2:
        keys = [v * 10 for v in values]
        lines = [
            f"{s}: {f'{v} ms' if rng.random() < 0.5 else f'{v / 1000:g} s'}"
            for s, v in zip(names, keys, strict=True)
        ]
        question = f"Which service is the {'slowest' if most else 'fastest'}?"
    else:
        # Of limits 10 apart: no two are left with the same.
        used = [rng.randint(1, 9) for _ in names]
        keys = [limit * 10 - u for limit, u in zip(values, used, strict=True)]
        lines = [
            f"{s}: {u} of {v * 10} connections in use" for s, u, v in zip(names, used, values, strict=True)
        ]
        question = f"Which service has the {'most' if most else 'fewest'} free connections?"
    answer = names[keys.index(pick(keys))]
    return choose(
        f"{bullets(lines)}\n{question} Reply with its name only.",
        names,
        answer,
        lines=sorted(lines),
        most=most,
    )


def sort_by(rng: Random, level: int) -> Draw:
    """Put services in order of a figure; higher: more of them, in mixed units, by a difference."""
    names = rng.sample(SERVICES, {1: 3, 2: 4, 3: 5}[level])
    values = rng.sample(range(10, 99), len(names))
    fall = rng.random() < 0.5
    # To copy the list is no answer.
    while values == sorted(values, reverse=fall):
        values = shuffled(rng, values)
    if level == 3:
        before = [rng.randint(1, 9) for _ in names]
        lines = [f"{s}: from {b} to {b + v} errors" for s, b, v in zip(names, before, values, strict=True)]
        first, last = ("largest", "smallest") if fall else ("smallest", "largest")
        what = f"the {first} increase in errors, counted one by one, to the one with the {last}"
    else:
        lines = [
            f"{s}: {v * 10} ms"
            if level == 2 and rng.random() < 0.5
            else f"{s}: {v / 100:g} s"
            if level == 2
            else f"{s}: {v} errors"
            for s, v in zip(names, values, strict=True)
        ]
        high, low = ("slowest", "fastest") if level == 2 else ("most errors", "fewest errors")
        what = f"{high} to {low}" if fall else f"{low} to {high}"
    right = [s for _, s in sorted(zip(values, names, strict=True), reverse=fall)]
    user = (
        f"{bullets(lines)}\nOrder the services from {'the one with ' if level == 3 else ''}{what}. List them,"
        " separated by commas."
    )
    return Draw(
        user,
        {"items": right},
        ", ".join(right),
        "order",
        slots={"lines": sorted(lines), "fall": fall},
        max_tokens=48,
    )
