"""Goals as people keep them in a table, and what follows from them: what hinders one, what is ready, in which
order, what is late or circular.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from autodidact.generators.goal_examples.parse_goal_fields import Priority

STATES = ("active", "planned", "waiting", "blocked", "done", "dropped")
# What trackers say where they do not say which of them it is.
OPEN = ("active", "planned", "waiting", "blocked", "open")
CLOSED = ("done", "dropped", "closed")
# A goal without a deadline or a priority comes after those with one.
LAST, LEAST = "9999", 1_000


@dataclass(frozen=True)
class Goal:
    """A goal as its table has it. `state`: one of OPEN or CLOSED, "" where it is not known; `word`: the
    table's own for it. `deadline`: a day, or an instant of it (`2026-06-10 22:00 UTC`). `results`: key
    results, with the share that is reached.
    """

    id: str
    title: str
    state: str
    ref: str
    word: str = ""
    priority: Priority | None = None
    owners: tuple[str, ...] = ()
    deadline: str = ""
    depends_on: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    steps: tuple[tuple[str, bool], ...] = ()
    results: tuple[tuple[str, float | None], ...] = ()

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def day(self) -> str:
        """The deadline as a day."""
        return self.deadline[:10]

    @property
    def next_step(self) -> str:
        return next((step for step, done in self.steps if not done), "")

    @property
    def rank(self) -> tuple:
        """What comes first: priority, then deadline."""
        return (*self.pressing, self.id)

    @property
    def pressing(self) -> tuple[int, str]:
        """Equal for two goals of which neither comes first."""
        return self.priority.rank if self.priority else LEAST, self.deadline or LAST


@dataclass(frozen=True)
class Hindrance:
    """Something that keeps a goal from going on: a goal that it `needs`, a `blocker`, or, with neither, what
    its table marks it as. `text` says it.
    """

    text: str
    needs: str = ""
    blocker: str = ""

    @property
    def marked(self) -> bool:
        return not self.needs and not self.blocker


def in_way(goal: Goal, goals: dict[str, Goal]) -> list[Hindrance]:
    """Why a goal cannot go on: its open dependencies, then its blockers, else its state. Empty when it
    can."""
    why = [
        Hindrance(f"{other} is not done ({goals[other].state})", needs=other)
        for other in goal.depends_on
        if goals[other].state not in ("done", "closed", "")
    ]
    why += [Hindrance(text, blocker=text) for text in goal.blockers]
    # What a goal waits for is outside; a blocked one may be blocked by what it depends on.
    unexplained = not goal.blockers if goal.state == "waiting" else not why
    if goal.state in ("blocked", "waiting") and unexplained:
        why.append(Hindrance(f"it is marked {goal.state}"))
    return why


def hindrances(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on, in words."""
    return [one.text for one in in_way(goal, goals)]


def given_up(names: Iterable[str], goals: dict[str, Goal]) -> list[tuple[str, str]]:
    """(goal, one that it depends on and that was dropped): with it no way leads to the goal."""
    return [(name, o) for name in names for o in goals[name].depends_on if goals[o].state == "dropped"]


def obstacles(goal: Goal) -> tuple[str, ...]:
    """The scopes (read_goal_tables.py) that "nothing is in its way" needs."""
    return "obstacles", f"depends_on/{goal.id}", f"blockers/{goal.id}"


def ready(goals: dict[str, Goal]) -> list[Goal]:
    """The goals that can be worked on now, the most pressing first."""
    return sorted((g for g in goals.values() if g.open and not hindrances(g, goals)), key=lambda g: g.rank)


def order(names: list[str], goals: dict[str, Goal]) -> list[str] | None:
    """The goals in an order that respects every dependency among them, the most pressing first where there is
    a choice; None for a circle.
    """
    left, found = set(names), []
    while left:
        free = [goals[name] for name in left if not left.intersection(goals[name].depends_on)]
        if not free:
            return None
        found.append(min(free, key=lambda g: g.rank).id)
        left.remove(found[-1])
    return found


def circle(names: list[str], goals: dict[str, Goal]) -> list[str]:
    """Goals that wait for each other, each for the next and the last for the first; [] when there are
    none."""
    left = set(names)
    while free := [name for name in left if not left.intersection(goals[name].depends_on)]:
        left.difference_update(free)
    if not left:
        return []
    path = [min(left)]
    while True:  # everything left has a dependency that is left: following them ends in a circle
        following = min(other for other in goals[path[-1]].depends_on if other in left)
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def behind(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Everything open that a goal rests on, near or far, itself included."""
    found, waiting = [], [goal.id]
    while waiting:
        name = waiting.pop()
        if name not in found and goals[name].open:
            found.append(name)
            waiting += goals[name].depends_on
    return found
