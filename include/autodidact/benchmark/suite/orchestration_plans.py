"""The families of orchestration that are about plans: dependencies, order, what is ready, blocked or undone,
chains of tools.
"""

from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, numbered, shuffled, table
from autodidact.benchmark.suite.made_up.service_call_graphs import Edges, graph
from autodidact.benchmark.suite.made_up.vocabulary import MODULES, STORES, VERBS

_WORDS = table("orchestration")

ONLY = "Reply with its name only."


def steps_named(rng: Random, n: int) -> list[str]:
    """Names of steps: `check_orders`. No verb and no noun twice, so that none is a part of another."""
    return [f"{verb}_{noun}" for verb, noun in zip(rng.sample(VERBS, n), rng.sample(MODULES, n), strict=True)]


def _needs(rng: Random, edges: Edges) -> str:
    """The dependencies in words, in random order, grouped by the step that has them."""
    by_step: dict[str, list[str]] = {}
    for a, b in edges:
        by_step.setdefault(b, []).append(a)
    form = rng.choice(_WORDS["needs"])
    return " ".join(
        form.format(a=" and ".join(shuffled(rng, before)), b=b)
        for b, before in shuffled(rng, list(by_step.items()))
    )


def _ready(steps: list[str], edges: Edges, done: set[str]) -> list[str]:
    return [s for s in steps if s not in done and all(a in done for a, b in edges if b == s)]


def _downstream(edges: Edges, lost: set[str]) -> set[str]:
    """`lost` and everything that needs it, directly or not."""
    lost = set(lost)
    while new := {b for a, b in edges if a in lost} - lost:
        lost |= new
    return lost


def next_step(rng: Random, level: int) -> Draw:
    """A plan, what is done, what comes next. Level 3: what a failed step drags down is skipped."""
    if level == 1:
        steps = steps_named(rng, rng.choice([3, 4]))
        i = rng.randrange(1, len(steps))
        user = f"Plan:\n{numbered(steps)}\nDone: {', '.join(steps[:i])}.\nWhich step is next? {ONLY}"
        return choose(user, steps, steps[i], steps=steps, done=steps[:i])
    while True:
        steps = steps_named(rng, 5 if level == 2 else 7)
        edges = graph(rng, steps, 2 if level == 2 else 3)
        failed = {rng.choice(steps[1:-1])} if level == 3 else set()
        lost = _downstream(edges, failed)
        possible = [s for s in steps if s not in lost]
        done = set(possible[: rng.randrange(1, len(possible))]) if len(possible) > 1 else set()
        ready = [s for s in _ready(steps, edges, done) if s not in lost]
        if done and len(ready) == 1 and (level == 2 or len(lost) > 1):
            break
    fate = f" {next(iter(failed))} failed; what needs it, directly or not, is skipped." if failed else ""
    shown = shuffled(rng, steps)
    user = (
        f"Steps: {', '.join(shown)}.\n{_needs(rng, edges)}\nDone:"
        f" {', '.join(shuffled(rng, sorted(done)))}.{fate}\nWhich step can start now? {ONLY}"
    )
    return choose(user, shown, ready[0], edges=sorted(edges), done=sorted(done), failed=sorted(failed))


def dependency_order(rng: Random, level: int) -> Draw:
    """All steps, in any order that respects the dependencies."""
    steps = steps_named(rng, {1: 3, 2: 5, 3: 7}[level])
    edges = list(zip(steps, steps[1:], strict=False)) if level == 1 else graph(rng, steps, 2)
    shown = shuffled(rng, steps)
    user = (
        f"Steps: {', '.join(shown)}.\n{_needs(rng, edges)}\nGive an order that works. List all steps,"
        " separated by commas."
    )
    target = {"items": steps, "before": [list(edge) for edge in edges]}
    return Draw(user, target, ", ".join(steps), "order", slots={"edges": sorted(edges)}, max_tokens=96)


def blocked_steps(rng: Random, level: int) -> Draw:
    """What cannot run while a resource is down: one step, or also all that waits for it."""
    steps, resources = steps_named(rng, {1: 3, 2: 5, 3: 7}[level]), rng.sample(STORES, 3)
    while True:
        if level == 1:
            uses = {s: [r] for s, r in zip(steps, resources, strict=True)}
        else:
            uses = {s: rng.sample(resources, rng.choice([1, 1, 2])) for s in steps}
        down = rng.choice(resources)
        edges = [] if level == 1 else graph(rng, steps, 3)
        # Two resources: either will do.
        either = level == 3
        stuck = {s for s, found in uses.items() if down in found and not (either and len(found) == 2)}
        lost = _downstream(edges, stuck)
        if stuck and len(lost) < len(steps):
            break
    lines = [f"{s} uses {(' or ' if either else ' and ').join(uses[s])}" for s in shuffled(rng, steps)]
    slots: dict[str, Any] = {
        "uses": {s: sorted(r) for s, r in uses.items()},
        "edges": sorted(edges),
        "down": down,
    }
    if level == 1:
        user = f"{bullets(lines)}\n{down} is down. Which step is blocked? {ONLY}"
        return choose(user, steps, next(iter(lost)), **slots)
    user = (
        f"{bullets(lines)}\n{_needs(rng, edges)}\n{down} is down. Which steps cannot run? Count those that"
        " wait for a blocked step. Use commas."
    )
    right = [s for s in steps if s in lost]
    return Draw(
        user, {"items": right, "universe": steps}, ", ".join(right), "set", slots=slots, max_tokens=96
    )


def ready_now(rng: Random, level: int) -> Draw:
    """All steps that can start at once."""
    while True:
        steps = steps_named(rng, {1: 3, 2: 5, 3: 8}[level])
        edges = [e for e in graph(rng, steps, 3) if rng.random() < 0.7]
        done = set() if level == 1 else set(rng.sample(_ready(steps, edges, set()), 1))
        ready = _ready(steps, edges, done)
        if edges and 0 < len(ready) < len(steps) - len(done):
            break
    shown = shuffled(rng, steps)
    so_far = f"Done: {', '.join(sorted(done))}. " if done else ""
    user = (
        f"Steps: {', '.join(shown)}.\n{_needs(rng, edges)}\n{so_far}Which steps can start now? List all of"
        " them, separated by commas."
    )
    target = {"items": ready, "universe": steps}
    return Draw(
        user,
        target,
        ", ".join(ready),
        "set",
        slots={"edges": sorted(edges), "done": sorted(done), "steps": sorted(steps)},
        max_tokens=96,
    )


def duration(rng: Random, level: int) -> Draw:
    """How long a plan takes: a sum, then the longer of two branches, then the longest way through a graph."""
    steps = steps_named(rng, {1: 2, 2: 4, 3: 6}[level])
    time = {s: rng.randint(2, 20 if level == 1 else 40) for s in steps}
    shown = ", ".join(f"{s} {t} min" for s, t in time.items())
    if level == 1:
        edges = [(steps[0], steps[1])]
        text = f"{steps[0]} takes {time[steps[0]]} minutes. Then {steps[1]} takes {time[steps[1]]} minutes."
    elif level == 2:
        a, b, c, d = steps
        edges = [(a, b), (a, c), (b, d), (c, d)]
        text = f"{shown}. First {a}; then {b} and {c} at the same time; when both are done, {d}."
    else:
        edges = graph(rng, steps, 2)
        text = f"{shown}. {_needs(rng, edges)} Everything that can run at the same time does."
    end: dict[str, int] = {}
    for s in steps:
        end[s] = time[s] + max((end[a] for a, b in edges if b == s), default=0)
    user = f"{text}\nHow many minutes from the start to the end of the last step? Reply with the number only."
    return Draw(
        user,
        {"answer": max(end.values()), "unit": "min"},
        str(max(end.values())),
        "number",
        slots={"time": time, "edges": edges},
        max_tokens=24,
    )


def undo_order(rng: Random, level: int) -> Draw:
    """The steps that ran have to be undone, the last one first; some left nothing behind."""
    steps = steps_named(rng, {1: 3, 2: 5, 3: 7}[level])
    ran = steps if level == 1 else steps[: -rng.randint(1, 2)]
    kept = set() if level < 3 else set(rng.sample(ran[:-1], 2))
    undo = [s for s in reversed(ran) if s not in kept]
    text = f"Plan:\n{numbered(steps)}\n"
    text += (
        "All steps ran."
        if level == 1
        else f"{steps[len(ran)]} failed and changed nothing; the steps before it ran."
    )
    if kept:
        text += f" {' and '.join(sorted(kept))} only read data: there is nothing to undo."
    user = (
        f"{text}\nUndo the work, the last step first. List the steps to undo in order, separated by commas."
    )
    return Draw(
        user,
        {"items": undo, "universe": steps},
        ", ".join(undo),
        "order",
        slots={"steps": steps, "ran": len(ran), "kept": sorted(kept)},
        max_tokens=96,
    )


def _tool_lines(rng: Random, n: int, others: int, branch: bool) -> tuple[list[str], list[str], str, str]:
    """A chain of `n` tools, each of which turns one value into the next, among `others` that lead elsewhere.

    Returns the chain, all tools in words, the value at hand and the one that is wanted. `branch`: the others
    start in the middle of the chain.
    """
    nouns = rng.sample(MODULES, n + others + 2)
    values = [f"{noun}_{rng.choice(_WORDS['value_kinds'])}" for noun in nouns]
    way, aside = values[: n + 1], values[n + 1 :]
    if branch:
        aside[0] = way[1]
    hops = [*zip(way, way[1:], strict=False), *zip(aside, aside[1:], strict=False)]
    names = [
        f"{verb}_{b.rsplit('_', 1)[0]}"
        for verb, (_, b) in zip(rng.sample(VERBS, len(hops)), hops, strict=True)
    ]
    lines = [f"{name}: takes {a}, gives {b}" for name, (a, b) in zip(names, hops, strict=True)]
    return names[:n], lines, way[0], way[-1]


def first_tool(rng: Random, level: int) -> Draw:
    """The goal's tool lacks an input; which tool has to be called first with what is at hand?"""
    tools, lines, start, goal = _tool_lines(rng, 1 + level, level, False)
    user = (
        f"Tools:\n{bullets(shuffled(rng, lines))}\n\nYou have {start} and want {goal}. Which tool do you call"
        f" first? {ONLY}"
    )
    return choose(user, [line.split(":")[0] for line in lines], tools[0], tools=sorted(lines), goal=goal)


def tool_sequence(rng: Random, level: int) -> Draw:
    """The whole chain of tools from what is at hand to what is wanted; the others are not needed."""
    tools, lines, start, goal = _tool_lines(rng, 1 + level, level, level == 3)
    user = (
        f"Tools:\n{bullets(shuffled(rng, lines))}\n\nYou have {start} and want {goal}. List the tools to call"
        " in order, separated by commas."
    )
    target = {"items": tools, "universe": [line.split(":")[0] for line in lines]}
    return Draw(
        user, target, ", ".join(tools), "order", slots={"tools": sorted(lines), "goal": goal}, max_tokens=96
    )
