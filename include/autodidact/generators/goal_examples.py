"""The state of the goals: what comes next, in which order, what is blocked and why.

Source: the table of goals as it stands; each goal has an id, a title, a state, a priority (1 first), perhaps an owner, a deadline, steps,
goals it depends on and blockers. Half of the questions bring the goals along, so the model also learns to plan on goals it has never seen.

    {"generator": "goal_examples", "category": "orchestration",
     "messages": [{"role": "user", "content": "What should money do next?"},
                  {"role": "assistant", "content": "card-retry: raise the last timeout instead of returning None. It is priority 1 and due 2026-12-04."}],
     "source": {"kind": "table", "ref": "samples/goals.yaml#card-retry"}}
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from autodidact.generators.wording import Fact, capital, choose, listing, told
from autodidact.records import Example
from autodidact.snapshot import Snapshot
from autodidact.sources.tables import Row, named_file, rows, shown
from autodidact.stage import Troubles

NAME = "goal_examples"
CATEGORY = "orchestration"

STATES = ("active", "planned", "waiting", "blocked", "done", "dropped")
CLOSED = ("done", "dropped")
LAST = "9999"  # a goal without a deadline comes after those with one
RULE = "dependencies first, then priority, then deadline"
SELECTIONS = 400  # most random selections of goals that questions bring along


@dataclass(frozen=True)
class Goal:
    id: str
    title: str
    state: str
    ref: str
    priority: int = 9
    owner: str = ""
    deadline: str = ""
    depends_on: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    steps: tuple[tuple[str, bool], ...] = field(default=())

    @property
    def open(self) -> bool:
        return self.state not in CLOSED

    @property
    def next_step(self) -> str:
        return next((step for step, done in self.steps if not done), "")

    @property
    def rank(self) -> tuple:
        """What comes first: priority, then deadline."""
        return self.priority, self.deadline or LAST, self.id


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """Plans for the goals. Skipped without a table of goals."""
    path = named_file(snapshot.settings.sources.goals, "sources.goals")
    goals = read_goals(rows(path, snapshot.troubles, "goals"), snapshot.troubles)
    day = snapshot.until.date().isoformat()
    source = {"kind": "table", "ref": shown(path)}
    groups = {
        "each goal": [fact for goal in goals.values() for fact in _about(goal, goals)],
        "all goals": list(_overall(goals, source, day)),
        "selections": list(_selections(goals, source, snapshot.rng(NAME, "selections"))),
    }
    yield from told(NAME, CATEGORY, choose(groups, snapshot.limit, snapshot.rng(NAME)))


def read_goals(table: list[Row], troubles: Troubles) -> dict[str, Goal]:
    """The goals by id. A record without id, title or a known state is counted and left out, and so is a dependency that is no goal."""
    goals: dict[str, Goal] = {}
    for row in table:
        name, title, state = (str(row.data.get(key) or "").strip() for key in ("id", "title", "state"))
        if not name or not title or state.lower() not in STATES or name in goals:
            troubles.add("goal without id, title or known state" if name not in goals or not name else "goal named twice", row.ref)
            continue
        steps = tuple((str(s.get("do") or s.get("title") or ""), bool(s.get("done"))) for s in _list(row.data.get("steps")) if isinstance(s, dict))
        priority = row.data.get("priority")
        goals[name] = Goal(
            id=name, title=title, state=state.lower(), ref=row.ref, priority=priority if isinstance(priority, int) else 9,
            owner=str(row.data.get("owner") or ""), deadline=str(row.data.get("deadline") or "")[:10],
            depends_on=tuple(str(other) for other in _list(row.data.get("depends_on"))),
            blockers=tuple(str(blocker).strip() for blocker in _list(row.data.get("blockers"))), steps=tuple(step for step in steps if step[0]),
        )  # fmt: skip
    for name, goal in goals.items():
        unknown = [other for other in goal.depends_on if other not in goals]
        for other in unknown:
            troubles.add("goal depends on an unknown goal", f"{goal.ref}: {other}")
        if unknown:
            goals[name] = Goal(**{**goal.__dict__, "depends_on": tuple(other for other in goal.depends_on if other in goals)})
    return goals


def _list(value) -> list:
    return value if isinstance(value, list) else []


def hindrances(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on: its open dependencies, then its blockers, else its state. Empty when it can."""
    why = [f"{other} is not done ({goals[other].state})" for other in goal.depends_on if goals[other].state != "done"] + list(goal.blockers)
    return why or ([f"it is marked {goal.state} without a reason"] if goal.state in ("blocked", "waiting") else [])


def ready(goals: dict[str, Goal]) -> list[Goal]:
    """The goals that can be worked on now, the most pressing first."""
    return sorted((g for g in goals.values() if g.open and not hindrances(g, goals)), key=lambda g: g.rank)


def order(names: list[str], goals: dict[str, Goal]) -> list[str] | None:
    """The goals in an order that respects every dependency among them, the most pressing first where there is a choice; None for a circle."""
    left, found = set(names), []
    while left:
        free = [goals[name] for name in left if not left.intersection(goals[name].depends_on)]
        if not free:
            return None
        found.append(min(free, key=lambda g: g.rank).id)
        left.remove(found[-1])
    return found


def _about(goal: Goal, goals: dict[str, Goal]) -> Iterator[Fact]:
    """Questions about one goal."""
    source = {"kind": "table", "ref": goal.ref}
    why = hindrances(goal, goals)
    called = (f"the goal {goal.id}", f'"{goal.title}"')
    if goal.open:
        if why:
            answer = f"Nothing yet: {listing(why)}."
        elif goal.next_step:
            answer = f"{capital(goal.next_step)}."
        elif goal.steps:
            answer = "All its steps are done: check the result and close it."
        else:
            answer = f"Start it: nothing is in its way, and no steps are written down for {goal.id} yet."
        for ask in (f"What is the next step of {called[0]}?", f"How do we go on with {called[1]}?", f"{goal.id}: what now?"):
            yield Fact(ask, answer, source)
        answer = f"Yes: {listing(why)}." if why else "No: nothing is in its way" + (", its dependencies are done." if goal.depends_on else ".")
        for ask in (f"Is {goal.id} blocked?", f"Can anything stop us from working on {called[1]} today?"):
            yield Fact(ask, answer, source, short=True)
        if why:
            yield Fact(f"Why is nobody working on {called[1]}?", f"Because {listing(why)}.", source)
        if why and goal.next_step:
            yield Fact(f"Please start with {goal.next_step!r} of {goal.id}.", f"Not yet: {listing(why)}.", source)
    else:
        yield Fact(f"What is the next step of {called[0]}?", f"None: {goal.id} is {goal.state}.", source, short=True)
        yield Fact(f"Shall I plan time for {called[1]}?", f"No, that goal is {goal.state}.", source, short=True)
    yield Fact(f"What is the state of {goal.id}?", f"{capital(goal.state)}" + (f": {listing(why)}." if why else "."), source, short=True)
    if goal.deadline and goal.open:
        yield Fact(f"When is {called[1]} due?", goal.deadline, source, short=True)
    if goal.owner:
        yield Fact(f"Whose goal is {goal.id}?", f"It belongs to {goal.owner}.", source, short=True)
    freed = sorted(other.id for other in goals.values() if other.open and goal.id in other.depends_on)
    if goal.open:
        at_once = [name for name in freed if len(hindrances(goals[name], goals)) == 1]
        if not freed:
            answer = f"Nothing: no other goal depends on {goal.id}."
        elif at_once == freed:
            answer = f"{listing(freed)}: nothing else is in the way."
        else:
            kept = [f"{name} still waits because {listing(h for h in hindrances(goals[name], goals) if not h.startswith(goal.id + ' '))}"
                    for name in freed if name not in at_once]  # fmt: skip
            answer = f"{listing(at_once)}. " if at_once else "Nothing at once: "
            answer += f"{'; '.join(kept)}."
        yield Fact(f"What does finishing {goal.id} set free?", answer, source)


def _overall(goals: dict[str, Goal], source: dict, day: str) -> Iterator[Fact]:
    """Questions about all goals, and about those of one owner."""
    for state in STATES:
        named = sorted(goal.id for goal in goals.values() if goal.state == state)
        answer = f"{capital(listing(named))}." if named else "None."
        yield Fact(f"Which goals are {state}?", answer.replace(capital(named[0]), named[0], 1) if named else answer, source, short=True)
    late = sorted((g for g in goals.values() if g.open and g.deadline and g.deadline < day), key=lambda g: g.deadline)
    yield Fact(
        f"Today is {day}. Which goals are overdue?",
        f"{listing(f'{g.id} (due {g.deadline})' for g in late)}." if late else "None: every open goal is due later.", source, short=True,
    )  # fmt: skip
    coming = sorted((g for g in goals.values() if g.open and g.deadline >= day), key=lambda g: (g.deadline, g.id))
    if coming:
        yield Fact(f"Today is {day}. Which deadline comes next?", f"{coming[0].deadline}, of {coming[0].id}.", source, short=True)
    stuck = [g for g in sorted(goals.values(), key=lambda g: g.rank) if g.open and hindrances(g, goals)]
    if stuck:
        reasons = "\n".join(f"- {g.id}: {listing(hindrances(g, goals))}" for g in stuck)
        yield Fact("What is blocked right now, and why?", reasons, source)
    for owner in ("", *sorted({g.owner for g in goals.values() if g.owner})):
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
    unfinished = [g.id for g in goals.values() if g.open]
    plan = order(unfinished, goals)
    if plan and len(plan) <= 12:
        yield Fact(f"In which order should we finish the open goals, {RULE}?", _numbered(plan), source)


def _pressing(goal: Goal) -> str:
    due = f" and due {goal.deadline}" if goal.deadline else ""
    return f"{goal.id}: {goal.next_step or 'start it'}. It is priority {goal.priority}{due}."


def _numbered(names: list[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _selections(goals: dict[str, Goal], source: dict, rng: random.Random) -> Iterator[Fact]:
    """Questions that bring a few goals along: related ones rather than any."""
    names = sorted(goals)
    if len(names) < 3:
        return
    for _ in range(min(SELECTIONS, 12 * len(names))):
        picked = {rng.choice(names)}
        while len(picked) < min(len(names), rng.choice((3, 4, 5))):
            near = sorted({o for n in picked for o in goals[n].depends_on} | {n for n in names if picked.intersection(goals[n].depends_on)})
            fitting = [n for n in near if n not in picked]
            picked.add(rng.choice(fitting) if fitting and rng.random() < 0.6 else rng.choice(names))
        picked |= {other for name in picked for other in goals[name].depends_on}
        picked |= {other for name in picked for other in goals[name].depends_on}
        some = {name: goals[name] for name in sorted(picked)}
        if len(some) > 6 or any(other not in some for goal in some.values() for other in goal.depends_on):
            continue
        shown_goals = "\n".join(_line(some[name]) for name in rng.sample(sorted(some), len(some)))
        cited = source | {"goals": sorted(some)}
        kind = rng.choice(("next", "order", "blocked"))
        if kind == "next":
            doable = ready(some)
            answer = f"{doable[0].id}: {doable[0].next_step or 'start it'}." if doable else "None: every one of them is finished, waiting or blocked."
            yield Fact(f"{shown_goals}\n\n{rng.choice(('What comes next?', 'Which of these do we work on now, and what is the step?'))}", answer, cited)
        elif kind == "order":
            plan = order([n for n in some if some[n].open], some)
            if plan is None or len(plan) < 2:
                continue
            ask = rng.choice((f"In which order do we finish the open ones, {RULE}?", f"Put the open goals in order: {RULE}."))
            yield Fact(f"{shown_goals}\n\n{ask}", _numbered(plan), cited)
        else:
            stuck = [g for g in some.values() if g.open and hindrances(g, some)]
            answer = "\n".join(f"- {g.id}: {listing(hindrances(g, some))}" for g in stuck) or "None of them."
            yield Fact(f"{shown_goals}\n\nWhich of these are blocked, and why?", answer, cited, short=not stuck)


def _line(goal: Goal) -> str:
    parts = [f"{goal.id}: {goal.state}, priority {goal.priority}"]
    parts += [f"due {goal.deadline}"] if goal.deadline else []
    parts += [f"needs {listing(goal.depends_on)}"] if goal.depends_on else []
    parts += [f"blocked because {listing(goal.blockers)}"] if goal.blockers else []
    parts += [f"next step: {goal.next_step}"] if goal.next_step and goal.open else []
    return "- " + ", ".join(parts)
