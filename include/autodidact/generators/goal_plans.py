"""What is asked about one goal, and about all of them."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goals import STATES, Goal, behind, circle, hindrances, order, ready
from autodidact.generators.wording import Fact, capital, listing

RULE = "dependencies first, then priority, then deadline"
MOST_PLANNED = 12  # goals in one plan


def numbered(names: list[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def chain(names: list[str]) -> str:
    """`a waits for b, b for c and c for a`; a goal that waits for itself says so."""
    if len(names) == 1:
        return f"{names[0]} waits for itself"
    pairs = list(zip(names, [*names[1:], names[0]], strict=True))
    return listing(f"{a} waits for {b}" if n == 0 else f"{a} for {b}" for n, (a, b) in enumerate(pairs))


def about(goal: Goal, goals: dict[str, Goal], day: date, fresh: bool, rng: random.Random) -> Iterator[Fact]:
    """Questions about one goal."""
    source = {"kind": "table", "ref": goal.ref}
    why = hindrances(goal, goals)
    called = (f"the goal {goal.id}", f'"{goal.title}"')

    def fact(ask: str, answer: str, short: bool = False) -> Fact:
        return Fact(ask, answer, source, fresh=fresh, short=short)

    if goal.open:
        if why:
            answer = f"Nothing yet: {listing(why)}."
        elif goal.next_step:
            answer = f"{capital(goal.next_step)}."
        elif goal.steps:
            answer = "All its steps are done: check the result and close it."
        else:
            answer = f"Start it: nothing is in its way, and no steps are written down for {goal.id} yet."
        for ask in (
            f"What is the next step of {called[0]}?",
            f"How do we go on with {called[1]}?",
            f"{goal.id}: what now?",
            f"I have an hour for {goal.id}. What do I do?",
        ):
            yield fact(ask, answer)
        answer = (
            f"Yes: {listing(why)}." if why else "No: nothing is in its way" + (", its dependencies are done." if goal.depends_on else ".")
        )
        for ask in (
            f"Is {goal.id} blocked?",
            f"Can anything stop us from working on {called[1]} today?",
            f"Anything in the way of {goal.id}?",
        ):
            yield fact(ask, answer, short=True)
        if why:
            yield fact(f"Why is nobody working on {called[1]}?", f"Because {listing(why)}.")
            yield fact(f"{goal.id} can start now, right?", f"No: {listing(why)}.", short=True)
        if why and goal.next_step:
            yield fact(f"Please start with {goal.next_step!r} of {goal.id}.", f"Not yet: {listing(why)}.")
        yield from _planned(goal, goals, fact)
    else:
        yield fact(f"What is the next step of {called[0]}?", f"None: {goal.id} is {goal.state}.", short=True)
        yield fact(f"Shall I plan time for {called[1]}?", f"No, that goal is {goal.state}.", short=True)
        yield fact(f"Put {goal.id} on this week's list.", f"{goal.id} is {goal.state}: there is nothing left to do.", short=True)
    yield fact(
        f"What is the state of {goal.id}?", f"{capital(goal.state)}" + (f": {listing(why)}." if why and goal.open else "."), short=True
    )
    yield from _dated(goal, goals, day, fact)
    if goal.owner:
        yield fact(f"Whose goal is {goal.id}?", f"It belongs to {goal.owner}.", short=True)
        others = sorted({g.owner for g in goals.values() if g.owner and g.owner != goal.owner})
        if others:
            yield fact(f"{goal.id} is {rng.choice(others)}'s, isn't it?", f"No, it belongs to {goal.owner}.", short=True)
    else:
        yield fact(f"Whose goal is {goal.id}?", f"Nobody's: no owner is written down for {goal.id}.", short=True)
    if goal.steps:
        done = sum(done for _, done in goal.steps)
        left = [step for step, finished in goal.steps if not finished]
        rest = f"; left: {listing(left)}" if left else ""
        yield fact(f"How far is {goal.id}?", f"{done} of {len(goal.steps)} steps are done{rest}.", short=True)
    yield from _freed(goal, goals, fact)


def _planned(goal: Goal, goals: dict[str, Goal], fact) -> Iterator[Fact]:
    """The way to a goal that rests on others."""
    needed = behind(goal, goals)
    if not 2 <= len(needed) <= MOST_PLANNED:
        return
    plan = order(needed, goals)
    if plan is None:
        answer = f"There is no way as it stands: {chain(circle(needed, goals))}. One of these dependencies has to go."
    else:
        answer = "\n".join(
            f"{n}. {name}" + (f": {goals[name].next_step}" if goals[name].next_step else "") for n, name in enumerate(plan, 1)
        )
    for ask in (f"Plan the way to {goal.id}.", f"What has to be finished for {goal.id}, in order and including it?"):
        yield fact(ask, answer)


def _dated(goal: Goal, goals: dict[str, Goal], day: date, fact) -> Iterator[Fact]:
    if not goal.open:
        return
    if not goal.deadline:
        yield fact(f'When is "{goal.title}" due?', f"No deadline is written down for {goal.id}.", short=True)
        return
    yield fact(f'When is "{goal.title}" due?', goal.deadline, short=True)
    days = (date.fromisoformat(goal.deadline) - day).days
    spoken = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    answer = (
        f"Yes, by {spoken}: it was due {goal.deadline}."
        if days < 0
        else f"No: it is due {goal.deadline}, {f'in {spoken}' if days else 'today'}."
    )
    for ask in (f"Today is {day}. Is {goal.id} late?", f"It is {day}: has {goal.id} missed its deadline?"):
        yield fact(ask, answer, short=True)
    later = [o for o in goal.depends_on if goals[o].open and goals[o].deadline > goal.deadline]
    if later:
        answer = f"No: it is due {goal.deadline}, but needs {listing(f'{o} (due {goals[o].deadline})' for o in later)}."
        yield fact(f"Can {goal.id} keep its deadline?", answer)


def _freed(goal: Goal, goals: dict[str, Goal], fact) -> Iterator[Fact]:
    freed = sorted(other.id for other in goals.values() if other.open and goal.id in other.depends_on and other.id != goal.id)
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
            f"{name} still waits because {listing(h for h in hindrances(goals[name], goals) if not h.startswith(start))}"
            for name in freed
            if name not in at_once
        ]
        answer = f"{listing(at_once)}. " if at_once else "Nothing at once: "
        answer += f"{'; '.join(kept)}."
    for ask in (f"What does finishing {goal.id} set free?", f"Who waits for {goal.id}?" if freed else f"What would {goal.id} unblock?"):
        yield fact(ask, answer)


def overall(goals: dict[str, Goal], source: dict, day: date, rng: random.Random) -> Iterator[Fact]:
    """Questions about all goals, and about those of one owner."""
    for state in STATES:
        named = sorted(goal.id for goal in goals.values() if goal.state == state)
        answer = f"{listing(named)}." if named else "None."
        for ask in (f"Which goals are {state}?", f"List every {state} goal."):
            yield Fact(ask, answer, source, short=True)
        yield Fact(f"How many goals are {state}?", str(len(named)), source, short=True)
    late = sorted((g for g in goals.values() if g.open and g.deadline and g.deadline < day.isoformat()), key=lambda g: (g.deadline, g.id))
    answer = f"{listing(f'{g.id} (due {g.deadline})' for g in late)}." if late else "None: no open goal is past its deadline."
    for ask in (f"Today is {day}. Which goals are overdue?", f"What is late as of {day}?", f"{day}: which deadlines have we missed?"):
        yield Fact(ask, answer, source, short=True)
    coming = sorted((g for g in goals.values() if g.open and g.deadline >= day.isoformat()), key=lambda g: (g.deadline, g.id))
    if coming:
        yield Fact(f"Today is {day}. Which deadline comes next?", f"{coming[0].deadline}, of {coming[0].id}.", source, short=True)
    stuck = [g for g in sorted(goals.values(), key=lambda g: g.rank) if g.open and hindrances(g, goals)]
    answer = "\n".join(f"- {g.id}: {listing(hindrances(g, goals))}" for g in stuck[:MOST_PLANNED]) or "Nothing: every open goal can go on."
    if len(stuck) <= MOST_PLANNED:
        for ask in ("What is blocked right now, and why?", "Stand-up: what is stuck, and on what?"):
            yield Fact(ask, answer, source, short=not stuck)
    yield from _circular(goals, source)
    yield from _absent(goals, source, rng)
    for owner in ("", *sorted({g.owner for g in goals.values() if g.owner})):
        yield from _of_owner(owner, goals, source)
    plan = order([g.id for g in goals.values() if g.open], goals)
    if plan and len(plan) <= MOST_PLANNED:
        yield Fact(f"In which order should we finish the open goals, {RULE}?", numbered(plan), source)


def _circular(goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    found = circle([g.id for g in goals.values() if g.open], goals)
    answer = f"Yes: {chain(found)}." if found else "No: every open goal can be finished after what it depends on."
    for ask in ("Do any goals wait for each other in a circle?", "Is there a cycle in the goals' dependencies?"):
        yield Fact(ask, answer, source, short=True)
    if found:
        yield Fact(f"In which order should we finish the open goals, {RULE}?", f"There is no such order: {chain(found)}.", source)


def _absent(goals: dict[str, Goal], source: dict, rng: random.Random) -> Iterator[Fact]:
    """Goals that are not there: names made of two others' halves."""
    parts = sorted({part for name in goals for part in name.split("-") if len(part) > 2})
    for name in sorted(goals):
        if len(parts) < 4 or "-" not in name:
            continue
        made = f"{name.rpartition('-')[0]}-{rng.choice(parts)}"
        if made not in goals:
            ask = rng.choice((f"What is the next step of the goal {made}?", f"Is {made} blocked?", f"Who owns {made}?"))
            yield Fact(ask, f"There is no goal {made}. There is {name}: {goals[name].title}.", source)


def _of_owner(owner: str, goals: dict[str, Goal], source: dict) -> Iterator[Fact]:
    mine = {name: goal for name, goal in goals.items() if not owner or goal.owner == owner}
    doable = [g for g in ready(goals) if g.id in mine]
    who = owner or "we"
    asks = (f"What should {who} do next?", f"Which goal comes first for {owner}?" if owner else "Which goal comes first?")
    for ask in asks:
        if doable:
            yield Fact(ask, _pressing(doable[0]) if "next" in ask else f"The goal {_pressing(doable[0])}", source)
        elif any(g.open for g in mine.values()):
            stuck = [f"{g.id}: {listing(hindrances(g, goals)) or g.state}" for g in sorted(mine.values(), key=lambda g: g.rank) if g.open]
            yield Fact(ask, f"Nothing can go on. {'; '.join(stuck)}.", source)
    if owner:
        unfinished = sorted(g.id for g in mine.values() if g.open)
        yield Fact(f"Which open goals does {owner} have?", f"{listing(unfinished)}." if unfinished else "None.", source, short=True)


def _pressing(goal: Goal) -> str:
    due = f" and due {goal.deadline}" if goal.deadline else ""
    return f"{goal.id}: {goal.next_step or 'start it'}. It is priority {goal.priority}{due}."
