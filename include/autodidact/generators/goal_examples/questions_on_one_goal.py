"""Questions about one goal: what is next, what is in its way, when it is due, whose it is, what it frees."""

import random
from collections.abc import Callable, Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import (
    CLOSED,
    Goal,
    behind,
    circle,
    given_up,
    hindrances,
    in_way,
    obstacles,
    order,
)
from autodidact.generators.goal_examples.shared_titles import names_one
from autodidact.generators.writing.facts_into_words import Fact, capital, listing
from autodidact.shipped_tables import read_table
from autodidact.sources.unread import Unread

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


class AllGoals:
    """What is asked of all goals for each of them: who owns any, and which open goals wait for one."""

    def __init__(self, goals: dict[str, Goal], unread: Unread, day: date):
        self.goals, self.unread, self.day = goals, unread, day
        # One cell may hold several where they are not all known.
        sure = [goal for goal in goals.values() if unread.whole(f"whose/{goal.id}")]
        self.owners = sorted({owner for goal in sure for owner in goal.owners})
        self.waiting: dict[str, list[str]] = {}
        for goal in goals.values():
            for other in goal.depends_on if goal.open else ():
                self.waiting.setdefault(other, []).append(goal.id)

    def not_owners(self, goal: Goal) -> list[str]:
        """Who owns other goals, and goes by no part of the name of who owns this one."""
        theirs = [owner.lower() for owner in goal.owners]
        return [
            owner
            for owner in self.owners
            if not any(owner.lower() in name or name in owner.lower() for name in theirs)
        ]


def about(goal: Goal, among: AllGoals, fresh: bool, rng: random.Random) -> Iterator[Fact]:
    """Questions about one goal."""
    goals, unread = among.goals, among.unread
    source = {"kind": "table", "ref": goal.ref}
    shared = not unread.whole(f"title/{goal.id}")

    def answered(
        asks: list[str], answer: str, most: int = 2, short: bool = False, **slots: str
    ) -> Iterator[Fact]:
        fitting = [ask for ask in asks if names_one(ask, shared)]
        for ask in rng.sample(fitting, min(most, len(fitting))):
            user = ask.format(id=goal.id, title=goal.title, **slots)
            yield Fact(user, answer, source, fresh=fresh, short=short)

    why = hindrances(goal, goals)
    if goal.open:
        yield from _open(goal, goals, why, answered, unread)
        yield from _planned(goal, goals, answered, unread)
    elif goal.state in CLOSED:
        yield from _closed(goal, answered)
    if goal.word:
        more = goal.open and any(not one.marked for one in in_way(goal, goals))
        because = f": {listing(why)}" if more else ""
        yield from answered(ASK["state"], f"{capital(goal.word)}{because}.", short=True)
    yield from _dated(goal, among, answered)
    yield from _owned(goal, among, answered, rng)
    yield from _reached(goal, answered, unread)
    yield from _freed(goal, among, answered)


def _open(
    goal: Goal, goals: dict[str, Goal], why: list[str], answered: Answer, unread: Unread
) -> Iterator[Fact]:
    """What is next in a goal, and what is in its way (`why`)."""
    steps = f"steps/{goal.id}"
    if why:
        answer = f"Nothing yet: {listing(why)}."
    elif goal.next_step:
        answer = unread.closed(f"{capital(goal.next_step)}.", steps, f"standing/{goal.id}")
    elif goal.steps:
        answer = "All its steps are done: check the result and close it."
        answer = unread.closed(answer, steps, f"standing/{goal.id}")
    else:
        answer = f"Start it: nothing is in its way, and no steps are written down for {goal.id} yet."
        answer = unread.closed(answer, steps, *obstacles(goal))
    yield from answered(ASK["next"], answer, 5)
    if why:
        answer = f"Yes: {listing(why)}."
    else:
        over = listing({goals[other].state: None for other in goal.depends_on})
        answer = f"No: nothing is in its way{f', its dependencies are {over}' if over else ''}."
        answer = unread.closed(answer, *obstacles(goal))
    yield from answered(ASK["blocked"], answer, 4, short=True)
    if why:
        yield from answered(ASK["why"], f"Because {listing(why)}.")
        yield from answered(ASK["start"], f"No: {listing(why)}.", short=True)
    if why and goal.next_step:
        yield from answered(ASK["take_up"], f"Not yet: {listing(why)}.", 1, step=goal.next_step)


def _reached(goal: Goal, answered: Answer, unread: Unread) -> Iterator[Fact]:
    """How far a goal is, by its steps and its key results."""
    if goal.steps:
        done = sum(done for _, done in goal.steps)
        left = [step for step, finished in goal.steps if not finished]
        answer = f"{done} of {len(goal.steps)} steps are done{f'; left: {listing(left)}' if left else ''}."
        yield from answered(ASK["done"], unread.closed(answer, f"steps/{goal.id}"), short=True)
    if goal.results:
        lines = "\n".join(f"- {text}" for text, _ in goal.results)
        yield from answered(ASK["results"], unread.closed(lines, f"results/{goal.id}"))
    if goal.results and all(share is not None for _, share in goal.results):
        lines = "\n".join(f"- {text}: {share:.0%}" for text, share in goal.results)
        yield from answered(ASK["reached"], unread.closed(lines, f"results/{goal.id}"))


def _closed(goal: Goal, answered: Answer) -> Iterator[Fact]:
    yield from answered(ASK["next"][:3:2], f"None: {goal.id} is {goal.state}.", 1, short=True)
    yield from answered(ASK["closed"], f"No, that goal is {goal.state}.", short=True)
    yield from answered(ASK["list"], f"{goal.id} is {goal.state}: there is nothing left to do.", short=True)


def _owned(goal: Goal, among: AllGoals, answered: Answer, rng: random.Random) -> Iterator[Fact]:
    unread, scope = among.unread, f"owner/{goal.id}"
    if not goal.owners:
        answer = f"Nobody's: no owner is written down for {goal.id}."
        yield from answered(ASK["owner"], unread.closed(answer, scope), short=True)
        return
    owners = listing(goal.owners)
    yield from answered(ASK["owner"], f"It belongs to {owners}.", short=True)
    others = among.not_owners(goal)
    if others:
        answer, other = unread.closed(f"No, it belongs to {owners}.", scope), rng.choice(others)
        yield from answered(ASK["not_theirs"], answer, 1, short=True, other=other)


def _planned(goal: Goal, goals: dict[str, Goal], answered: Answer, unread: Unread) -> Iterator[Fact]:
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
    elif lost := given_up(plan, goals):
        missing = listing(f"{name} needs {other}, which is dropped" for name, other in lost)
        answer = f"There is no way as it stands: {missing}."
    else:
        answer = "\n".join(
            f"{n}. {name}" + (f": {goals[name].next_step}" if goals[name].next_step else "")
            for n, name in enumerate(plan, 1)
        )
    scopes = [
        scope for name in needed for scope in (f"depends_on/{name}", f"steps/{name}", f"priority/{name}")
    ]
    yield from answered(ASK["way"], unread.closed(answer, *scopes))


def _dated(goal: Goal, among: AllGoals, answered: Answer) -> Iterator[Fact]:
    goals, day = among.goals, among.day
    if not goal.open:
        return
    if not goal.deadline:
        answer = among.unread.closed(f"No deadline is written down for {goal.id}.", f"deadline/{goal.id}")
        yield from answered(ASK["due"], answer, short=True)
        return
    yield from answered(ASK["due"], goal.deadline, short=True)
    days = (date.fromisoformat(goal.day) - day).days
    spoken = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    answer = (
        f"Yes, by {spoken}: it was due {goal.deadline}."
        if days < 0
        else f"No: it is due {goal.deadline}, {f'in {spoken}' if days else 'today'}."
    )
    yield from answered(ASK["late"], answer, short=True, day=str(day))
    later = [o for o in goal.depends_on if goals[o].open and goals[o].day > goal.day]
    if later:
        yield from answered(
            ASK["keeps"],
            f"No: it is due {goal.deadline}, but needs"
            f" {listing(f'{o} (due {goals[o].deadline})' for o in later)}.",
        )


def _freed(goal: Goal, among: AllGoals, answered: Answer) -> Iterator[Fact]:
    goals, unread = among.goals, among.unread
    freed = sorted(name for name in among.waiting.get(goal.id, ()) if name != goal.id)
    if not goal.open:
        return
    at_once = [name for name in freed if len(hindrances(goals[name], goals)) == 1]
    # All that waits for it is asked for: any goal may.
    scopes = ["goals", "state", "obstacles", "depends_on", f"freed/{goal.id}"]
    scopes += [scope for name in freed for scope in obstacles(goals[name])]
    if not freed:
        answer = f"Nothing: no other goal depends on {goal.id}."
    elif at_once == freed:
        answer = f"{listing(freed)}: nothing else is in the way."
    else:
        kept = [
            f"{name} still waits because"
            f" {listing(one.text for one in in_way(goals[name], goals) if one.needs != goal.id)}"
            for name in freed
            if name not in at_once
        ]
        answer = f"{listing(at_once)}. " if at_once else "Nothing at once: "
        answer += f"{'; '.join(kept)}."
    asks = (*ASK["freed"], "Who waits for {id}?" if freed else "What would {id} unblock?")
    yield from answered(asks, unread.closed(answer, *scopes))
