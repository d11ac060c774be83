"""Questions about one goal: what is next, what is in its way, when it is due, whose it is, what it frees."""

import random
from collections.abc import Callable, Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import Goal, behind, circle, hindrances, order
from autodidact.generators.writing.tables import read_table
from autodidact.generators.writing.wording import Fact, capital, listing

# Goals in one plan.
MOST_PLANNED = 12

ASK = read_table(__file__)["ask"]

# Answers some of the shapes of a question: (shapes, answer, most shapes, short, slots) to facts.
Answer = Callable[..., Iterator[Fact]]


def chain(names: list[str]) -> str:
    """`a waits for b, b for c and c for a`; a goal that waits for itself says so."""
    if len(names) == 1:
        return f"{names[0]} waits for itself"
    pairs = list(zip(names, [*names[1:], names[0]], strict=True))
    return listing(f"{a} waits for {b}" if n == 0 else f"{a} for {b}" for n, (a, b) in enumerate(pairs))


def about(goal: Goal, goals: dict[str, Goal], day: date, fresh: bool, rng: random.Random) -> Iterator[Fact]:
    """Questions about one goal."""
    source = {"kind": "table", "ref": goal.ref}

    def answered(
        asks: list[str], answer: str, most: int = 2, short: bool = False, **slots: str
    ) -> Iterator[Fact]:
        for ask in rng.sample(asks, min(most, len(asks))):
            user = ask.format(id=goal.id, title=goal.title, **slots)
            yield Fact(user, answer, source, fresh=fresh, short=short)

    why = hindrances(goal, goals)
    if goal.open:
        yield from _open(goal, why, answered)
        yield from _planned(goal, goals, answered)
    else:
        yield from _closed(goal, answered)
    state = capital(goal.state) + (f": {listing(why)}." if why and goal.open else ".")
    yield from answered(ASK["state"], state, short=True)
    yield from _dated(goal, goals, day, answered)
    yield from _owned(goal, goals, answered, rng)
    if goal.steps:
        done = sum(done for _, done in goal.steps)
        left = [step for step, finished in goal.steps if not finished]
        rest = f"; left: {listing(left)}" if left else ""
        yield from answered(ASK["done"], f"{done} of {len(goal.steps)} steps are done{rest}.", short=True)
    yield from _freed(goal, goals, answered)


def _open(goal: Goal, why: list[str], answered: Answer) -> Iterator[Fact]:
    """What is next in a goal, and what is in its way (`why`)."""
    if why:
        answer = f"Nothing yet: {listing(why)}."
    elif goal.next_step:
        answer = f"{capital(goal.next_step)}."
    elif goal.steps:
        answer = "All its steps are done: check the result and close it."
    else:
        answer = f"Start it: nothing is in its way, and no steps are written down for {goal.id} yet."
    yield from answered(ASK["next"], answer, 5)
    if why:
        answer = f"Yes: {listing(why)}."
    else:
        answer = f"No: nothing is in its way{', its dependencies are done' if goal.depends_on else ''}."
    yield from answered(ASK["blocked"], answer, 4, short=True)
    if why:
        yield from answered(ASK["why"], f"Because {listing(why)}.")
        yield from answered(ASK["start"], f"No: {listing(why)}.", short=True)
    if why and goal.next_step:
        yield from answered(ASK["take_up"], f"Not yet: {listing(why)}.", 1, step=goal.next_step)


def _closed(goal: Goal, answered: Answer) -> Iterator[Fact]:
    yield from answered(ASK["next"][:3:2], f"None: {goal.id} is {goal.state}.", 1, short=True)
    yield from answered(ASK["closed"], f"No, that goal is {goal.state}.", short=True)
    yield from answered(ASK["list"], f"{goal.id} is {goal.state}: there is nothing left to do.", short=True)


def _owned(goal: Goal, goals: dict[str, Goal], answered: Answer, rng: random.Random) -> Iterator[Fact]:
    if not goal.owner:
        yield from answered(ASK["owner"], f"Nobody's: no owner is written down for {goal.id}.", short=True)
        return
    yield from answered(ASK["owner"], f"It belongs to {goal.owner}.", short=True)
    others = sorted({other.owner for other in goals.values() if other.owner and other.owner != goal.owner})
    if others:
        answer, other = f"No, it belongs to {goal.owner}.", rng.choice(others)
        yield from answered(ASK["not_theirs"], answer, 1, short=True, other=other)


def _planned(goal: Goal, goals: dict[str, Goal], answered: Answer) -> Iterator[Fact]:
    """The way to a goal that rests on others."""
    needed = behind(goal, goals)
    if not 2 <= len(needed) <= MOST_PLANNED:
        return
    plan = order(needed, goals)
    if plan is None:
        answer = (
            f"There is no way as it stands: {chain(circle(needed, goals))}. One of these dependencies has"
            " to go."
        )
    else:
        answer = "\n".join(
            f"{n}. {name}" + (f": {goals[name].next_step}" if goals[name].next_step else "")
            for n, name in enumerate(plan, 1)
        )
    yield from answered(ASK["way"], answer)


def _dated(goal: Goal, goals: dict[str, Goal], day: date, answered: Answer) -> Iterator[Fact]:
    if not goal.open:
        return
    if not goal.deadline:
        yield from answered(ASK["due"], f"No deadline is written down for {goal.id}.", short=True)
        return
    yield from answered(ASK["due"], goal.deadline, short=True)
    days = (date.fromisoformat(goal.deadline) - day).days
    spoken = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    answer = (
        f"Yes, by {spoken}: it was due {goal.deadline}."
        if days < 0
        else f"No: it is due {goal.deadline}, {f'in {spoken}' if days else 'today'}."
    )
    yield from answered(ASK["late"], answer, short=True, day=str(day))
    later = [o for o in goal.depends_on if goals[o].open and goals[o].deadline > goal.deadline]
    if later:
        yield from answered(
            ASK["keeps"],
            f"No: it is due {goal.deadline}, but needs"
            f" {listing(f'{o} (due {goals[o].deadline})' for o in later)}.",
        )


def _freed(goal: Goal, goals: dict[str, Goal], answered: Answer) -> Iterator[Fact]:
    freed = sorted(
        other.id
        for other in goals.values()
        if other.open and goal.id in other.depends_on and other.id != goal.id
    )
    if not goal.open:
        return
    at_once = [name for name in freed if len(hindrances(goals[name], goals)) == 1]
    if not freed:
        answer = f"Nothing: no other goal depends on {goal.id}."
    elif at_once == freed:
        answer = f"{listing(freed)}: nothing else is in the way."
    else:
        start = f"{goal.id} is not done"
        kept = [
            f"{name} still waits because"
            f" {listing(h for h in hindrances(goals[name], goals) if not h.startswith(start))}"
            for name in freed
            if name not in at_once
        ]
        answer = f"{listing(at_once)}. " if at_once else "Nothing at once: "
        answer += f"{'; '.join(kept)}."
    yield from answered(
        (*ASK["freed"], "Who waits for {id}?" if freed else "What would {id} unblock?"), answer
    )
