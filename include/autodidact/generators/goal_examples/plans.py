"""What is asked about one goal, and about all of them."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import STATES, Goal, behind, circle, hindrances, order, ready
from autodidact.generators.writing.wording import Fact, capital, listing

RULE = "dependencies first, then priority, then deadline"
# Goals in one plan.
MOST_PLANNED = 12

NEXT = (
    "What is the next step of the goal {id}?",
    'How do we go on with "{title}"?',
    "{id}: what now?",
    "I have an hour for {id}. What do I do?",
    "We have two people free for {id}. Where do they begin?",
    'Give me the very next thing to do on "{title}".',
    "Somebody asks me to move {id} along. How?",
    'Monday morning, and "{title}" is on my desk. What first?',
    "Tell the team in one line how {id} continues.",
)
BLOCKED = (
    "Is {id} blocked?",
    'Can anything stop us from working on "{title}" today?',
    "Anything in the way of {id}?",
    "Does something hold {id} up?",
    'Is there an obstacle to "{title}"?',
    "Would we run into a wall if we took up {id}?",
    'Does "{title}" wait for anything?',
)
WHY = (
    'Why is nobody working on "{title}"?',
    'Why does "{title}" not move?',
    "{id} has not moved for days. For what reason?",
)
START = (
    "{id} can start now, right?",
    "We begin with {id} this afternoon, yes?",
    'Nothing stands against "{title}" any more, correct?',
)
TAKE_UP = ("Please start with {step!r} of {id}.", "Next on my list is {step!r} for {id}. Fine?")
CLOSED = (
    'Shall I plan time for "{title}"?',
    'Should somebody pick up "{title}" this week?',
    "Do we still owe work on {id}?",
)
LIST = (
    "Put {id} on this week's list.",
    "Remind me of {id} tomorrow.",
    'Assign "{title}" to somebody, please.',
)
STATE = (
    "What is the state of {id}?",
    "Where does {id} stand?",
    'How do things stand with "{title}"?',
    "Status of {id}, please.",
)
OWNER = ("Whose goal is {id}?", "Whom do I talk to about {id}?", '"{title}": whose is it?')
NOT_THEIRS = (
    "{id} is {other}'s, isn't it?",
    "I thought {id} was with {other}. True?",
    "Let me ask {other} about {id}, it is theirs, no?",
)
DONE = ("How far is {id}?", 'How much of "{title}" is done?', "Progress on {id}?")
WAY = (
    "Plan the way to {id}.",
    "What has to be finished for {id}, in order and including it?",
    "Lay out everything that leads to {id}, step by step.",
    "Which goals come before {id}, and in which order? End with it.",
)
DUE = ('When is "{title}" due?', "Deadline of {id}?", 'Which date is set for "{title}"?')
LATE = (
    "Today is {day}. Is {id} late?",
    "It is {day}: has {id} missed its deadline?",
    "{day}, morning round. Is {id} behind its date?",
    'As of {day}, is "{title}" past the day it was due?',
)
KEEPS = ("Can {id} keep its deadline?", "Is the date of {id} realistic?")
FREED = (
    "What does finishing {id} set free?",
    "Once {id} is done, what can start?",
    'Suppose "{title}" were finished. What would that release?',
)
IN_STATE = (
    "Which goals are {state}?",
    "List every {state} goal.",
    "Name all that is {state}.",
    "Filter the goals: {state} only.",
)


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

    def tell(
        asks: tuple[str, ...], answer: str, most: int = 2, short: bool = False, **slots: str
    ) -> Iterator[Fact]:
        """The answer to some of the shapes of a question."""
        for ask in rng.sample(asks, min(most, len(asks))):
            yield Fact(
                ask.format(id=goal.id, title=goal.title, **slots), answer, source, fresh=fresh, short=short
            )

    if goal.open:
        if why:
            answer = f"Nothing yet: {listing(why)}."
        elif goal.next_step:
            answer = f"{capital(goal.next_step)}."
        elif goal.steps:
            answer = "All its steps are done: check the result and close it."
        else:
            answer = f"Start it: nothing is in its way, and no steps are written down for {goal.id} yet."
        yield from tell(NEXT, answer, 5)
        answer = (
            f"Yes: {listing(why)}."
            if why
            else "No: nothing is in its way" + (", its dependencies are done." if goal.depends_on else ".")
        )
        yield from tell(BLOCKED, answer, 4, short=True)
        if why:
            yield from tell(WHY, f"Because {listing(why)}.")
            yield from tell(START, f"No: {listing(why)}.", short=True)
        if why and goal.next_step:
            yield from tell(TAKE_UP, f"Not yet: {listing(why)}.", 1, step=goal.next_step)
        yield from _planned(goal, goals, tell)
    else:
        yield from tell(NEXT[:3:2], f"None: {goal.id} is {goal.state}.", 1, short=True)
        yield from tell(CLOSED, f"No, that goal is {goal.state}.", short=True)
        yield from tell(LIST, f"{goal.id} is {goal.state}: there is nothing left to do.", short=True)
    yield from tell(
        STATE, f"{capital(goal.state)}" + (f": {listing(why)}." if why and goal.open else "."), short=True
    )
    yield from _dated(goal, goals, day, tell)
    if goal.owner:
        yield from tell(OWNER, f"It belongs to {goal.owner}.", short=True)
        others = sorted({g.owner for g in goals.values() if g.owner and g.owner != goal.owner})
        if others:
            yield from tell(
                NOT_THEIRS, f"No, it belongs to {goal.owner}.", 1, short=True, other=rng.choice(others)
            )
    else:
        yield from tell(OWNER, f"Nobody's: no owner is written down for {goal.id}.", short=True)
    if goal.steps:
        done = sum(done for _, done in goal.steps)
        left = [step for step, finished in goal.steps if not finished]
        rest = f"; left: {listing(left)}" if left else ""
        yield from tell(DONE, f"{done} of {len(goal.steps)} steps are done{rest}.", short=True)
    yield from _freed(goal, goals, tell)


def _planned(goal: Goal, goals: dict[str, Goal], tell) -> Iterator[Fact]:
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
    yield from tell(WAY, answer)


def _dated(goal: Goal, goals: dict[str, Goal], day: date, tell) -> Iterator[Fact]:
    if not goal.open:
        return
    if not goal.deadline:
        yield from tell(DUE, f"No deadline is written down for {goal.id}.", short=True)
        return
    yield from tell(DUE, goal.deadline, short=True)
    days = (date.fromisoformat(goal.deadline) - day).days
    spoken = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    answer = (
        f"Yes, by {spoken}: it was due {goal.deadline}."
        if days < 0
        else f"No: it is due {goal.deadline}, {f'in {spoken}' if days else 'today'}."
    )
    yield from tell(LATE, answer, short=True, day=str(day))
    later = [o for o in goal.depends_on if goals[o].open and goals[o].deadline > goal.deadline]
    if later:
        yield from tell(
            KEEPS,
            f"No: it is due {goal.deadline}, but needs"
            f" {listing(f'{o} (due {goals[o].deadline})' for o in later)}.",
        )


def _freed(goal: Goal, goals: dict[str, Goal], tell) -> Iterator[Fact]:
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
    yield from tell((*FREED, "Who waits for {id}?" if freed else "What would {id} unblock?"), answer)


def overall(goals: dict[str, Goal], source: dict, day: date, rng: random.Random) -> Iterator[Fact]:
    """Questions about all goals, and about those of one owner."""
    for state in STATES:
        named = sorted(goal.id for goal in goals.values() if goal.state == state)
        answer = f"{listing(named)}." if named else "None."
        for ask in IN_STATE:
            yield Fact(ask.format(state=state), answer, source, short=True)
        yield Fact(f"How many goals are {state}?", str(len(named)), source, short=True)
    late = sorted(
        (g for g in goals.values() if g.open and g.deadline and g.deadline < day.isoformat()),
        key=lambda g: (g.deadline, g.id),
    )
    answer = (
        f"{listing(f'{g.id} (due {g.deadline})' for g in late)}."
        if late
        else "None: no open goal is past its deadline."
    )
    for ask in (
        f"Today is {day}. Which goals are overdue?",
        f"What is late as of {day}?",
        f"{day}: which deadlines have we missed?",
    ):
        yield Fact(ask, answer, source, short=True)
    coming = sorted(
        (g for g in goals.values() if g.open and g.deadline >= day.isoformat()),
        key=lambda g: (g.deadline, g.id),
    )
    if coming:
        yield Fact(
            f"Today is {day}. Which deadline comes next?",
            f"{coming[0].deadline}, of {coming[0].id}.",
            source,
            short=True,
        )
    stuck = [g for g in sorted(goals.values(), key=lambda g: g.rank) if g.open and hindrances(g, goals)]
    answer = (
        "\n".join(f"- {g.id}: {listing(hindrances(g, goals))}" for g in stuck[:MOST_PLANNED])
        or "Nothing: every open goal can go on."
    )
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
    mine = {name: goal for name, goal in goals.items() if not owner or goal.owner == owner}
    doable = [g for g in ready(goals) if g.id in mine]
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
        elif any(g.open for g in mine.values()):
            stuck = [
                f"{g.id}: {listing(hindrances(g, goals)) or g.state}"
                for g in sorted(mine.values(), key=lambda g: g.rank)
                if g.open
            ]
            yield Fact(ask, f"Nothing can go on. {'; '.join(stuck)}.", source)
    if owner:
        unfinished = sorted(g.id for g in mine.values() if g.open)
        yield Fact(
            f"Which open goals does {owner} have?",
            f"{listing(unfinished)}." if unfinished else "None.",
            source,
            short=True,
        )


def _pressing(goal: Goal) -> str:
    due = f" and due {goal.deadline}" if goal.deadline else ""
    return f"{goal.id}: {goal.next_step or 'start it'}. It is priority {goal.priority}{due}."
