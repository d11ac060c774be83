"""Goals as people keep them in a table, and what follows from them: what hinders one, what is ready, in which
order, what is late or circular.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from autodidact.sources.table_files import Row
from autodidact.stage import Troubles

STATES = ("active", "planned", "waiting", "blocked", "done", "dropped")
CLOSED = ("done", "dropped")
# A goal without a deadline comes after those with one.
LAST = "9999"

# What other tables call these: trackers' words for states, and for the columns.
_STATES = {
    "in progress": "active",
    "in-progress": "active",
    "doing": "active",
    "started": "active",
    "open": "active",
    "wip": "active",
    "todo": "planned",
    "to do": "planned",
    "backlog": "planned",
    "new": "planned",
    "not started": "planned",
    "later": "planned",
    "on hold": "waiting",
    "paused": "waiting",
    "pending": "waiting",
    "stuck": "blocked",
    "closed": "done",
    "completed": "done",
    "complete": "done",
    "finished": "done",
    "resolved": "done",
    "cancelled": "dropped",
    "canceled": "dropped",
    "abandoned": "dropped",
    "rejected": "dropped",
}
_COLUMNS = {
    "id": ("id", "key", "goal"),
    "title": ("title", "name", "summary"),
    "state": ("state", "status"),
    "owner": ("owner", "assignee", "team"),
    "deadline": ("deadline", "due", "due_date"),
    "depends_on": ("depends_on", "dependencies", "needs", "after"),
    "blockers": ("blockers", "blocker", "blocked_by"),
    "steps": ("steps", "tasks"),
    "priority": ("priority", "prio"),
}


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


def read_goals(table: list[Row], troubles: Troubles) -> dict[str, Goal]:
    """The goals by id. A record without id, title or a known state is counted and left out, and so is a
    dependency that is no goal.
    """
    goals: dict[str, Goal] = {}
    for row in table:
        given = {
            name: next((row.data[key] for key in keys if row.data.get(key) not in (None, "")), None)
            for name, keys in _COLUMNS.items()
        }
        name, title, state = (" ".join(str(given[key] or "").split()) for key in ("id", "title", "state"))
        state = _STATES.get(state.lower(), state.lower())
        if not name or not title or state not in STATES or name in goals:
            troubles.add(
                (
                    "goal without id, title or known state"
                    if name not in goals or not name
                    else "goal named twice"
                ),
                row.ref,
            )
            continue
        goals[name] = Goal(
            id=name,
            title=title,
            state=state,
            ref=row.ref,
            priority=_number(given["priority"]),
            owner=str(given["owner"] or "").strip(),
            deadline=_day(given["deadline"], row.ref, troubles),
            depends_on=tuple(dict.fromkeys(_texts(given["depends_on"], r"[;,|\s]+"))),
            blockers=tuple(_texts(given["blockers"], r"[;|]")),
            steps=tuple(_steps(given["steps"])),
        )
    for name, goal in goals.items():
        unknown = [other for other in goal.depends_on if other not in goals]
        for other in unknown:
            troubles.add("goal depends on an unknown goal", f"{goal.ref}: {other}"[:200])
        if unknown:
            goals[name] = replace(
                goal, depends_on=tuple(other for other in goal.depends_on if other in goals)
            )
    return goals


def _texts(value, separator: str) -> list[str]:
    """A list as YAML has it, or the parts of a cell."""
    parts = value if isinstance(value, list) else re.split(separator, value) if isinstance(value, str) else []
    return [
        text
        for part in parts
        if isinstance(part, (str, int, float)) and (text := " ".join(str(part).split()).rstrip("."))
    ]


def _steps(value) -> list[tuple[str, bool]]:
    if isinstance(value, str):
        value = value.split(";")
    found = []
    for step in value if isinstance(value, list) else ():
        if isinstance(step, dict):
            text, done = step.get("do") or step.get("title") or step.get("name") or "", bool(step.get("done"))
        else:  # a line of a checklist: "[x] draw the page"
            mark, text = re.findall(r"\A\s*(?:\[([ xX])\])?\s*(.*)", str(step), re.DOTALL)[0]
            done = (mark or " ") in "xX"
        if text := " ".join(str(text).split()).rstrip("."):
            found.append((text, done))
    return found


def _number(value) -> int:
    """1 is first; P1 and "1" are 1; what is no number comes last."""
    match = (
        re.fullmatch(r"[pP]?(\d{1,3})", str(value).strip())
        if value is not None and not isinstance(value, bool)
        else None
    )
    return int(match[1]) if match else 9


def _day(value, ref: str, troubles: Troubles) -> str:
    if value is None:
        return ""
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        troubles.add("goal with a deadline that is no date (YYYY-MM-DD)", ref)
        return ""


def hindrances(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on: its open dependencies, then its blockers, else its state. Empty when it
    can."""
    why = [
        f"{other} is not done ({goals[other].state})"
        for other in goal.depends_on
        if goals[other].state != "done"
    ] + list(goal.blockers)
    return why or (
        [f"it is marked {goal.state} without a reason"] if goal.state in ("blocked", "waiting") else []
    )


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
