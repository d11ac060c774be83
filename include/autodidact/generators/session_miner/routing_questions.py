"""Questions who takes a request: which handler, or which tool where nothing is handed over."""

import random

from autodidact.shipped_tables import read_table

_ASK = read_table(__file__)["ask"]


def ask_for_handler(
    request: str, taken: str, handlers: list[str], described: dict[str, str], most: int, rng: random.Random
) -> tuple[str, str]:
    """A question who takes the request, and its answer. One in four suggests a handler, or leaves open
    whether the right one is offered.
    """
    others = [name for name in handlers if name != taken]
    chance = rng.random()
    if chance < 0.12:
        suggested = rng.choice((taken, rng.choice(others)))
        answer = f"Yes, {taken}." if suggested == taken else f"No: {taken} takes it, not {suggested}."
        return rng.choice(_ASK["mistaken"]).format(wrong=suggested, request=request), answer
    if chance < 0.25 and len(others) > 1:
        offered = rng.sample(others, min(len(others), most, 4))
        if inside := rng.random() < 0.4:
            offered[rng.randrange(len(offered))] = taken
        ask = rng.choice(_ASK["without"]).format(handlers=", ".join(offered), request=request)
        return ask, taken if inside else f"None of these; {taken} takes it."
    offered = [taken, *rng.sample(others, min(len(others), most - 1))]
    rng.shuffle(offered)
    if all(described.get(name) for name in offered) and rng.random() < 0.5:
        listed = "\n".join(f"- {name}: {described[name]}" for name in offered)
        return rng.choice(_ASK["described"]).format(handlers=listed, request=request), taken
    return rng.choice(_ASK["ask"]).format(handlers=", ".join(offered), request=request), taken


def ask_after_correction(request: str, wrong: str, correction: str, rng: random.Random) -> str:
    """A question who should have taken a request that a person said was handed to the wrong one."""
    return rng.choice(_ASK["corrected"]).format(request=request, wrong=wrong, correction=correction)
