"""Questions about all goals, and about those of one owner."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import STATES, Goal, circle, hindrances, order, ready
from autodidact.generators.goal_examples.one_goal import ASK, MOST_PLANNED, chain
from autodidact.generators.writing.wording import Fact, listing

RULE = "dependencies first, then priority, then deadline"


def numbered(names: list[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def overall(goals: dict[str, Goal], source: dict, day: date, rng: random.Random) -> Iterator[Fact]:
    """Questions about all goals, and about those of one owner."""
    yield from _by_state(goals, source)
    yield from _by_date(goals, source, day)
    yield from _stuck(goals, source)
    yield from _circular(goals, source)
    yield from _absent(goals, source, rng)
    for owner in ("", *sorted({goal.owner for goal in goals.values() if goal.owner})):
        yield from _of_owner(owner, goals, source)
    plan = order([goal.id for goal in goals.values() if goal.open], goals)
    if plan and len(plan) <= MOST_PLANNED:
        yield Fact(f"In which order should we finish the open goals, {RULE}?", numbered(plan), source)


def _by_state(goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    for state in STATES:
        named = sorted(goal.id for goal in goals.values() if goal.state == state)
        answer = f"{listing(named)}." if named else "None."
        for ask in ASK["in_state"]:
            yield Fact(ask.format(state=state), answer, source, short=True)
        yield Fact(f"How many goals are {state}?", str(len(named)), source, short=True)


def late(goals: dict[str, Goal], day: date) -> list[Goal]:
    """The open goals that are past their deadline, the longest first."""
    found = (g for g in goals.values() if g.open and g.deadline and g.deadline < day.isoformat())
    return sorted(found, key=lambda goal: (goal.deadline, goal.id))


def _by_date(goals: dict[str, Goal], source: dict, day: date) -> Iterator[Fact]:
    overdue = listing(f"{goal.id} (due {goal.deadline})" for goal in late(goals, day))
    asks = (
        f"Today is {day}. Which goals are overdue?",
        f"What is late as of {day}?",
        f"{day}: which deadlines have we missed?",
    )
    for ask in asks:
        answer = f"{overdue}." if overdue else "None: no open goal is past its deadline."
        yield Fact(ask, answer, source, short=True)
    coming = (goal for goal in goals.values() if goal.open and goal.deadline >= day.isoformat())
    nearest = min(coming, key=lambda goal: (goal.deadline, goal.id), default=None)
    if nearest:
        ask, answer = f"Today is {day}. Which deadline comes next?", f"{nearest.deadline}, of {nearest.id}."
        yield Fact(ask, answer, source, short=True)


def _stuck(goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    stuck = [g for g in sorted(goals.values(), key=lambda g: g.rank) if g.open and hindrances(g, goals)]
    lines = [f"- {goal.id}: {listing(hindrances(goal, goals))}" for goal in stuck]
    if len(stuck) <= MOST_PLANNED:
        for ask in ("What is blocked right now, and why?", "Stand-up: what is stuck, and on what?"):
            answer = "\n".join(lines) or "Nothing: every open goal can go on."
            yield Fact(ask, answer, source, short=not stuck)


def _circular(goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    found = circle([g.id for g in goals.values() if g.open], goals)
    answer = (
        f"Yes: {chain(found)}." if found else "No: every open goal can be finished after what it depends on."
    )
    for ask in (
        "Do any goals wait for each other in a circle?",
        "Is there a cycle in the goals' dependencies?",
    ):
        yield Fact(ask, answer, source, short=True)
    if found:
        yield Fact(
            f"In which order should we finish the open goals, {RULE}?",
            f"There is no such order: {chain(found)}.",
            source,
        )


def _absent(goals: dict[str, Goal], source: dict, rng: random.Random) -> Iterator[Fact]:
    """Goals that are not there: names made of two others' halves."""
    parts = sorted({part for name in goals for part in name.split("-") if len(part) > 2})
    for name in sorted(goals):
        if len(parts) < 4 or "-" not in name:
            continue
        made = f"{name.rpartition('-')[0]}-{rng.choice(parts)}"
        if made not in goals:
            ask = rng.choice(
                (f"What is the next step of the goal {made}?", f"Is {made} blocked?", f"Who owns {made}?")
            )
            yield Fact(ask, f"There is no goal {made}. There is {name}: {goals[name].title}.", source)


def _of_owner(owner: str, goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    theirs = {name: goal for name, goal in goals.items() if not owner or goal.owner == owner}
    doable = [g for g in ready(goals) if g.id in theirs]
    who = owner or "we"
    asks = (
        f"What should {who} do next?",
        f"Which goal comes first for {owner}?" if owner else "Which goal comes first?",
    )
    for ask in asks:
        if doable:
            yield Fact(
                ask, _pressing(doable[0]) if "next" in ask else f"The goal {_pressing(doable[0])}", source
            )
        elif any(g.open for g in theirs.values()):
            stuck = [
                f"{g.id}: {listing(hindrances(g, goals)) or g.state}"
                for g in sorted(theirs.values(), key=lambda g: g.rank)
                if g.open
            ]
            yield Fact(ask, f"Nothing can go on. {'; '.join(stuck)}.", source)
    if owner:
        unfinished = sorted(g.id for g in theirs.values() if g.open)
        yield Fact(
            f"Which open goals does {owner} have?",
            f"{listing(unfinished)}." if unfinished else "None.",
            source,
            short=True,
        )


def _pressing(goal: Goal) -> str:
    due = f" and due {goal.deadline}" if goal.deadline else ""
    return f"{goal.id}: {goal.next_step or 'start it'}. It is priority {goal.priority}{due}."
