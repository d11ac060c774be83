"""The families of reasoning that are about cascades: what else fails when a part fails, what failed first,
what a fallback saves.
"""

from random import Random

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import choose, shuffled
from autodidact.benchmark.suite.made_up.service_call_graphs import (
    Edges,
    called_by,
    failing,
    graph,
    prose,
    services,
)

RULE = "A service fails when one that it calls fails."


def _system(rng: Random, level: int) -> tuple[list[str], Edges]:
    names = services(rng, {1: 4, 2: 6, 3: 8}[level])
    return names, list(zip(names, names[1:], strict=False)) if level == 1 else graph(rng, names, 3)


def cascade_set(rng: Random, level: int) -> Draw:
    """All services that fail. Level 3: a second one goes down as well."""
    while True:
        names, edges = _system(rng, level)
        down = set(rng.sample(names[1:], 2 if level == 3 else 1))
        lost = failing(edges, down)
        if len(down) < len(lost) <= len(names) // 2 or (level == 1 and 1 < len(lost) < len(names)):
            break
    right = [s for s in names if s in lost]
    user = (
        f"{prose(rng, edges)} {RULE}\n{' and '.join(sorted(down))} fail{'' if len(down) > 1 else 's'}. Which"
        " services fail now? List all, with commas."
    )
    target = {"items": right, "universe": names}
    return Draw(
        user,
        target,
        ", ".join(right),
        "set",
        slots={"edges": sorted(edges), "down": sorted(down)},
        max_tokens=72,
    )


def cascade_size(rng: Random, level: int) -> Draw:
    """How many fail: any number from one to all is as likely."""
    n = {1: 4, 2: 6, 3: 8}[level]
    wanted = rng.randint(1, n)
    while True:
        names, edges = _system(rng, level)
        down = rng.choice(names)
        lost = failing(edges, {down})
        if len(lost) == wanted:
            break
    user = (
        f"{prose(rng, edges)} {RULE}\n{down} fails. How many of the {n} services fail, {down} included? Reply"
        " with the number only."
    )
    slots = {"edges": sorted(edges), "down": down}
    return Draw(user, {"answer": wanted}, str(wanted), "number", slots=slots, max_tokens=24, chance=1 / n)


def root_cause(rng: Random, level: int) -> Draw:
    """Several services report errors: the first cause is the one whose own calls are all healthy."""
    while True:
        names, edges = _system(rng, level)
        down = rng.choice(names[1:])
        lost = failing(edges, {down})
        if len(lost) >= 2 and (level == 1 or called_by(edges, down)):
            break
    shown = shuffled(rng, [s for s in names if s in lost])
    user = (
        f"{prose(rng, edges)} {RULE}\n{', '.join(shown)} report errors; all others are healthy. Where did it"
        " begin? Reply with the name only."
    )
    return choose(user, shown, down, edges=sorted(edges))


def survives(rng: Random, level: int) -> Draw:
    """Does a service still answer? As often yes as no. It may have a fallback; higher: further up the
    chain."""
    answer = rng.choice(["yes", "no"])
    while True:
        names = services(rng, {1: 4, 2: 6, 3: 8}[level])
        body, spare = names[:-1], names[-1]
        edges = list(zip(body[:3], body[1:3], strict=False)) if level == 1 else graph(rng, body, 2)
        guard, backed = rng.choice(edges)
        down, asked = rng.choice(body[1:]), rng.choice(body[:-1])
        if asked == down or asked not in failing(edges, {down}):
            continue
        spare_down = rng.random() < (0.3 if level == 1 else 0.5)
        kept = edges if spare_down else [e for e in edges if e != (guard, backed)]
        if ("no" if asked in failing(kept, {down}) else "yes") == answer and rng.random() < (
            1.0 if backed == down else 0.4
        ):
            break
    lines = f"{prose(rng, edges)} When {backed} fails, {guard} uses {spare} instead."
    state = f"{down} fails{f', and so does {spare}' if spare_down else f'; {spare} is healthy'}."
    user = (
        f"{lines} Otherwise a service fails when one that it calls fails.\n{state} Does {asked} still work?"
        " Reply with yes or no."
    )
    return choose(
        user,
        ["yes", "no"],
        answer,
        edges=sorted(edges),
        backed=[guard, backed, spare],
        down=[down, spare_down],
        asked=asked,
    )
