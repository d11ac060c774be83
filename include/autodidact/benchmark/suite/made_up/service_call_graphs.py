"""Systems on paper: which service calls which, for the families that ask about topologies and
cascades.
"""

from random import Random

from autodidact.benchmark.suite.item_building_blocks import shuffled
from autodidact.benchmark.suite.made_up.vocabulary import SERVICES

# (caller, called).
Edges = list[tuple[str, str]]


def services(rng: Random, n: int) -> list[str]:
    """`n` different names of services."""
    return rng.sample(SERVICES, n)


def graph(rng: Random, names: list[str], width: int = 2) -> Edges:
    """Calls from earlier to later names: every name but the first is called by one or two of the `width`
    names before it.
    """
    edges: Edges = []
    for i in range(1, len(names)):
        pool = names[max(0, i - width) : i]
        edges += [(a, names[i]) for a in rng.sample(pool, min(len(pool), rng.choice([1, 1, 2])))]
    return edges


def prose(rng: Random, edges: Edges) -> str:
    """The calls in words, one sentence a caller, in random order."""
    by_caller: dict[str, list[str]] = {}
    for a, b in edges:
        by_caller.setdefault(a, []).append(b)
    return " ".join(
        f"{a} calls {' and '.join(shuffled(rng, called))}."
        for a, called in shuffled(rng, list(by_caller.items()))
    )


def called_by(edges: Edges, name: str) -> list[str]:
    return [b for a, b in edges if a == name]


def callers(edges: Edges, name: str) -> list[str]:
    return [a for a, b in edges if b == name]


def failing(edges: Edges, down: set[str]) -> set[str]:
    """`down` and all that call them, directly or not."""
    lost = set(down)
    while new := {a for a, b in edges if b in lost} - lost:
        lost |= new
    return lost


def reached(edges: Edges, start: str) -> set[str]:
    """What `start` calls, directly or not."""
    found: set[str] = set()
    while new := {b for a, b in edges if a == start or a in found} - found:
        found |= new
    return found
