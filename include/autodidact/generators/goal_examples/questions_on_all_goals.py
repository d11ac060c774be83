"""Questions about all goals, and about those of one owner."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import (
    CLOSED,
    OPEN,
    STATES,
    Goal,
    circle,
    hindrances,
    order,
    ready,
)
from autodidact.generators.goal_examples.questions_on_one_goal import ASK, MOST_PLANNED, chain
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.sources.unread import Unread

RULE = "dependencies first, then priority, then deadline"


def numbered(names: list[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


# The scopes (read_goal_tables.py) that a statement about the order of all goals needs.
ORDER = ("goals", "state", "obstacles", "depends_on", "priority", "deadline")


def overall(
    goals: dict[str, Goal], source: dict, day: date, unread: Unread, rng: random.Random
) -> Iterator[Fact]:
    """Questions about all goals, and about those of one owner."""
    yield from _by_state(goals, source, unread)
    yield from _by_date(goals, source, day, unread)
    yield from _stuck(goals, source, unread)
    yield from _circular(goals, source, unread)
    yield from _absent(goals, source, unread, rng)
    for owner in ("", *sorted({owner for goal in goals.values() for owner in goal.owners})):
        yield from _of_owner(owner, goals, source, unread)
    unfinished = [goal.id for goal in goals.values() if goal.open]
    plan = order(unfinished, goals) if len(unfinished) <= MOST_PLANNED else None
    if plan:
        ask = f"In which order should we finish the open goals, {RULE}?"
        yield Fact(ask, unread.closed(numbered(plan), *ORDER), source)


def _by_state(goals: dict[str, Goal], source: dict, unread: Unread) -> Iterator[Fact]:
    used = {goal.state for goal in goals.values()}
    for state in STATES:
        # A goal that is only known to be open may be active, or planned.
        if ("open" in used and state in OPEN) or ("closed" in used and state in CLOSED):
            continue
        named = sorted(goal.id for goal in goals.values() if goal.state == state)
        scopes = ["goals", "state", "standing"] if state in OPEN else ["goals", "state"]
        scopes += [] if named else ["absent"]
        answer = unread.closed(f"{listing(named)}." if named else "None.", *scopes)
        for ask in ASK["in_state"]:
            yield Fact(ask.format(state=state), answer, source, short=True)
        count = unread.closed(str(len(named)), *scopes)
        yield Fact(f"How many goals are {state}?", count, source, short=True)


def late(goals: dict[str, Goal], day: date) -> list[Goal]:
    """The open goals that are past their deadline, the longest first."""
    found = (g for g in goals.values() if g.open and g.deadline and g.day < day.isoformat())
    return sorted(found, key=lambda goal: (goal.deadline, goal.id))


def _by_date(goals: dict[str, Goal], source: dict, day: date, unread: Unread) -> Iterator[Fact]:
    overdue = listing(f"{goal.id} (due {goal.deadline})" for goal in late(goals, day))
    asks = (
        f"Today is {day}. Which goals are overdue?",
        f"What is late as of {day}?",
        f"{day}: which deadlines have we missed?",
    )
    for ask in asks:
        answer = f"{overdue}." if overdue else "None: no open goal is past its deadline."
        yield Fact(ask, unread.closed(answer, "goals", "state", "deadline"), source, short=True)
    coming = (goal for goal in goals.values() if goal.open and goal.day >= day.isoformat())
    nearest = min(coming, key=lambda goal: (goal.deadline, goal.id), default=None)
    if nearest:
        ask, answer = f"Today is {day}. Which deadline comes next?", f"{nearest.deadline}, of {nearest.id}."
        yield Fact(ask, unread.closed(answer, "goals", "state", "deadline"), source, short=True)


def _stuck(goals: dict[str, Goal], source: dict, unread: Unread) -> Iterator[Fact]:
    stuck = [g for g in sorted(goals.values(), key=lambda g: g.rank) if g.open and hindrances(g, goals)]
    lines = [f"- {goal.id}: {listing(hindrances(goal, goals))}" for goal in stuck]
    if len(stuck) <= MOST_PLANNED:
        for ask in ("What is blocked right now, and why?", "Stand-up: what is stuck, and on what?"):
            answer = "\n".join(lines) or "Nothing: every open goal can go on."
            answer = unread.closed(answer, "goals", "state", "obstacles", "depends_on", "blockers")
            yield Fact(ask, answer, source, short=not stuck)


def _circular(goals: dict[str, Goal], source: dict, unread: Unread) -> Iterator[Fact]:
    found = circle([g.id for g in goals.values() if g.open], goals)
    none = "No: every open goal can be finished after what it depends on."
    answer = (
        f"Yes: {chain(found)}." if found else unread.closed(none, "goals", "state", "obstacles", "depends_on")
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


def _absent(goals: dict[str, Goal], source: dict, unread: Unread, rng: random.Random) -> Iterator[Fact]:
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
            answer = f"There is no goal {made}. There is {name}: {goals[name].title}."
            yield Fact(ask, unread.closed(answer, "goals", "absent"), source)


def _of_owner(owner: str, goals: dict[str, Goal], source: dict, unread: Unread) -> Iterator[Fact]:
    theirs = {name: goal for name, goal in goals.items() if not owner or owner in goal.owners}
    doable = [g for g in ready(goals) if g.id in theirs]
    # Which of them presses most a table without dependencies says as well.
    scopes = (*(scope for scope in ORDER if scope != "obstacles"), "blockers", "owner")
    asks = (
        f"What should {owner or 'we'} do next?",
        f"Which goal comes first for {owner}?" if owner else "Which goal comes first?",
    )
    for ask in asks:
        # Of two that are equally pressing neither comes first.
        if doable and all(doable[0].pressing < other.pressing for other in doable[1:2]):
            first = _pressing(doable[0], unread)
            answer = first if "next" in ask else f"The goal {first}"
            yield Fact(ask, unread.closed(answer, *scopes), source)
        elif not doable and any(g.open for g in theirs.values()):
            stuck = [
                f"{g.id}: {listing(hindrances(g, goals)) or g.state}"
                for g in sorted(theirs.values(), key=lambda g: g.rank)
                if g.open
            ]
            answer = f"Nothing can go on. {'; '.join(stuck)}."
            yield Fact(ask, unread.closed(answer, *scopes), source)
    if owner:
        unfinished = sorted(g.id for g in theirs.values() if g.open)
        answer = f"{listing(unfinished)}." if unfinished else "None."
        whole = ("goals", "state", "owner") if unfinished else ("goals", "state", "owner", "absent")
        yield Fact(f"Which open goals does {owner} have?", unread.closed(answer, *whole), source, short=True)


def _pressing(goal: Goal, unread: Unread) -> str:
    """The goal, what is next in it, and why it comes first: by what its table says, and no more."""
    step = goal.next_step if unread.whole(f"steps/{goal.id}") else ""
    word = goal.priority.word if goal.priority else ""
    due = f"due {goal.deadline}" if goal.deadline else ""
    if word[-1:].isdigit():
        why = f" It is priority {word}{f' and {due}' if due else ''}."
    elif word:
        why = f" Its priority is {word}{f', and it is {due}' if due else ''}."
    else:
        why = f" It is {due}." if due else ""
    return f"{goal.id}: {step or goal.title}.{why}"
