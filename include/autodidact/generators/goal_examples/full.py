"""Goals in the register `full`: what comes next, what is in the way and what can be done meanwhile; the order
of goals; what a stand-up has to hear.

What needs the whole table ("nothing is in its way", the order of all goals) is said only where all of it was
read (sources/unread.py). A sentence about a goal states what its row says.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from autodidact.generators.goal_examples.filled_answers import TABLE, asks_for_one, quoted, said, single
from autodidact.generators.goal_examples.goal_names import in_a_line, known_of, named
from autodidact.generators.goal_examples.goals import (
    CLOSED,
    Goal,
    behind,
    hindrances,
    obstacles,
    order,
    ready,
)
from autodidact.generators.goal_examples.obstacle_phrases import held_up, no_plain_step, outside, why
from autodidact.generators.goal_examples.questions_on_all_goals import ORDER, late
from autodidact.generators.goal_examples.questions_on_one_goal import MOST_PLANNED, AllGoals
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import capital, code, listing
from autodidact.records import Example, example
from autodidact.sources.git.revisions import without_hash
from autodidact.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from autodidact.generators.goal_examples import GoalTable

NAME = "goal_examples"
CATEGORY = "orchestration"

# Share of the answers that follow another one, and of those with a system prompt.
FOLLOWING, WITH_SYSTEM = 0.4, 0.3

# The scopes (read_goal_tables.py) that a round of several goals needs.
_ROUND = (*ORDER, "blockers", "owner", "steps")


def goal_rows(facts: "GoalTable", snapshot: Snapshot) -> Iterator[Example]:
    """Texts about each goal, then about the goals of each owner and of all, mixed; at most the limit."""
    writer = _Writer(facts, snapshot)
    made = [
        row
        for goal in facts.goals.values()
        for write in writer.of_goal
        if (row := write(goal, snapshot.rng(NAME, "full", goal.id, write.__name__)))
    ]
    owners = sorted({owner for goal in facts.goals.values() for owner in goal.owners})
    for owner in ("", *owners):
        made += writer.of_owner(owner, snapshot.rng(NAME, "full", "owner", owner))
    snapshot.rng(NAME, "full").shuffle(made)
    yield from made[: snapshot.limit]


def _not_begun(goal: Goal) -> bool:
    """Whether a table says that nothing has been done for a goal yet."""
    return goal.state == "planned" and not any(done for _, done in goal.steps)


def _under(heading: str, lines: list[str]) -> str:
    """A list with its heading; "" without lines."""
    return f"{heading}:\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


class _Writer:
    """Writes about one table of goals."""

    def __init__(self, facts: "GoalTable", snapshot: Snapshot):
        self.goals, self.unread, self.source = facts.goals, facts.unread, facts.source
        self.day, self.system = snapshot.until.date(), without_hash(snapshot.system)
        self.among = AllGoals(facts.goals, facts.unread, self.day)
        self.of_goal: Sequence[Callable[[Goal, random.Random], Example | None]] = (
            self.next_step,
            self.blocked,
            self.premise,
            self.way,
            self.depend,
            self.late,
            self.status,
            self.closed,
            self.handover,
        )

    def _begun_early(self, goal: Goal) -> bool:
        """Whether it is at work though a goal that it depends on is open: a short answer leaves that out."""
        return bool(hindrances(goal, self.goals)) and not held_up(goal, self.goals)

    def _slots(self, goal: Goal) -> dict[str, str]:
        left = [step for step, done in goal.steps if not done]
        whole = self.unread.whole(f"steps/{goal.id}")
        return {
            "id": f"`{goal.id}`",
            "title": single(goal.title),
            "shared": "" if self.unread.whole(f"title/{goal.id}") else "yes",
            "owner": code(goal.owners),
            "step": quoted([goal.next_step]) if whole else "",
            "then": quoted(left[1:]) if whole else "",
            "done": quoted([step for step, done in goal.steps if done]),
            "deadline": goal.deadline,
            "state": goal.state,
            "facts": (known := ", ".join(known_of(goal))),
            "Facts": capital(known),
            "go": "start" if _not_begun(goal) else "go on",
            "why": why(goal, self.goals) if held_up(goal, self.goals) else "",
            "day": str(self.day),
        }

    def _row(self, kind: str, goal: Goal | None, slots: dict[str, str], rng: random.Random) -> Example | None:
        """A question and an answer of one group of the table; None where the slots do not fill any answer.
        After a turn that gives the frame of a goal (owner, day, priority) the answer does not give it again.
        """
        # Who takes a goal over reads that text alone, and a first turn says already that a goal is over.
        alone = goal is None or kind.startswith(("handover", "closed"))
        history = self._before(goal, rng) if goal and not alone and rng.random() < FOLLOWING else None
        frame = dict.fromkeys(("facts", "Facts", "owner", "deadline"), "")
        texts = said(kind, slots | frame, slots, rng) if history else None
        if not texts:
            history, texts = None, said(kind, slots, slots, rng)
        if not texts:
            return None
        source = {"kind": "table", "ref": goal.ref if goal else self.source["ref"], "ask": kind}
        system = rng.choice(TABLE["systems"]).format(system=self.system)
        system = system if rng.random() < WITH_SYSTEM else None
        return example(NAME, CATEGORY, *texts, source, system=system, history=history)

    def _before(self, goal: Goal, rng: random.Random) -> list[dict] | None:
        """A question about the same goal, and its answer."""
        known = known_of(goal)
        if not known:
            return None
        slots = self._slots(goal)
        ask = rng.choice([ask for ask in TABLE["before"] if asks_for_one(ask, slots)]).format(**slots)
        known.append(f"marked {goal.state}")
        return [user(ask), assistant(f'`{goal.id}` is "{single(goal.title)}": {", ".join(known)}.')]

    def next_step(self, goal: Goal, rng: random.Random) -> Example | None:
        """What to do now in a goal that nothing hinders."""
        scopes = (f"steps/{goal.id}", *obstacles(goal))
        if not goal.open or hindrances(goal, self.goals) or not self.unread.whole(*scopes):
            return None
        slots = self._slots(goal)
        if no_plain_step(slots["step"]):
            return None
        kind = (
            "next" if slots["then"] else "next_last" if slots["step"] else "" if goal.steps else "unwritten"
        )
        return self._row(kind, goal, slots, rng) if kind else None

    def blocked(self, goal: Goal, rng: random.Random) -> Example | None:
        """Why a goal cannot move, and what can be done meanwhile."""
        if not goal.open or not held_up(goal, self.goals):
            return None
        return self._row("blocked", goal, self._slots(goal) | self._fall_back(goal), rng)

    def _fall_back(self, goal: Goal) -> dict[str, str]:
        """An open dependency that can go on, and its next step."""
        for name in behind(goal, self.goals):
            other = self.goals[name]
            whole = self.unread.whole(f"steps/{name}", *obstacles(other))
            if other is not goal and other.next_step and whole and not hindrances(other, self.goals):
                first = f'`{name}` ("{single(other.title)}")'
                via = [one for one in behind(goal, self.goals) if name in self.goals[one].depends_on]
                if goal.id not in via:
                    first = f"{first}, which {code(via)} need{'s' if len(via) == 1 else ''}"
                return {"first": first, "first_step": quoted([other.next_step])}
        return {"first": "", "first_step": ""}

    def premise(self, goal: Goal, rng: random.Random) -> Example | None:
        """Somebody takes for granted what is not so."""
        slots = self._slots(goal)
        if goal.open and slots["why"]:
            return self._row("premise", goal, slots | self._fall_back(goal), rng)
        others = self.among.not_owners(goal)
        if goal.open and goal.owners and others and self.unread.whole(f"owner/{goal.id}"):
            return self._row("not_theirs", goal, slots | {"other": rng.choice(others)}, rng)
        return None

    def way(self, goal: Goal, rng: random.Random) -> Example | None:
        """The plan to a goal that rests on others, each on the one before, with the reason for the order."""
        needed = behind(goal, self.goals)
        scopes = [f"{what}/{name}" for name in needed for what in ("depends_on", "steps", "priority")]
        plan = order(needed, self.goals) if 2 <= len(needed) <= MOST_PLANNED else None
        if not plan or not self.unread.whole(*scopes):
            return None
        # Between two goals that do not need each other no order follows from the table.
        pairs = zip(plan, plan[1:], strict=False)
        if not all(before in self.goals[name].depends_on for before, name in pairs):
            return None
        lines = [f"{number}. {in_a_line(self.goals[name])}" for number, name in enumerate(plan, 1)]
        first = plan[:-1]  # the goal itself is the last
        slots = {
            "plan": "\n".join(lines),
            "pairs": self._needs(plan),
            "first_plan": "\n".join(lines[:-1]),
            "first_pairs": self._needs(first),
            "one": in_a_line(self.goals[first[0]]),
            "outside": "; ".join(outside(plan, self.goals)),
        }
        return self._row("way_one" if len(first) == 1 else "way", goal, self._slots(goal) | slots, rng)

    def _needs(self, names: list[str]) -> str:
        """What depends on what among some goals, in a clause; "" where nothing does."""
        needs = {name: [o for o in self.goals[name].depends_on if o in names] for name in names}
        return listing(f"`{name}` needs {code(others)}" for name, others in needs.items() if others)

    def depend(self, goal: Goal, rng: random.Random) -> Example | None:
        """Which goals depend on one."""
        direct, far = self._dependents(goal)
        if not goal.open or not direct:
            return None
        slots = self._slots(goal) | {"waiting": direct, "far": far}
        return self._row("depend_far" if far else "depend", goal, slots, rng)

    def _dependents(self, goal: Goal) -> tuple[str, str]:
        """What depends on a goal: (directly, through another one)."""
        waiting = self._waiting(goal)
        direct = [name for name in waiting if goal.id in self.goals[name].depends_on]
        far = [name for name in waiting if name not in direct]
        return (
            listing(named(self.goals[name]) for name in direct),
            listing(named(self.goals[name]) for name in far),
        )

    def _waiting(self, goal: Goal) -> list[str]:
        """The open goals that depend on one, near or far; [] where they may not all be known."""
        scopes = ("goals", "state", "depends_on", f"freed/{goal.id}")
        found: list[str] = []
        ahead = [goal.id]
        while ahead:
            following = self.among.waiting.get(ahead.pop(), ())
            new = [other for other in following if other != goal.id and other not in found]
            found, ahead = found + new, ahead + new
        return sorted(found) if self.unread.whole(*scopes) else []

    def late(self, goal: Goal, rng: random.Random) -> Example | None:
        """Whether a goal is past its day, and what is left in it."""
        if not goal.open or not goal.deadline or self._begun_early(goal):
            return None
        days = (date.fromisoformat(goal.day) - self.day).days
        spoken = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
        kind = "late" if days < 0 else "in_time"
        return self._row(kind, goal, self._slots(goal) | {"days": spoken}, rng) if days else None

    def status(self, goal: Goal, rng: random.Random) -> Example | None:
        """How far a goal is, for somebody who has not followed it."""
        if not goal.open or not goal.steps or not self.unread.whole(f"steps/{goal.id}"):
            return None
        if self._begun_early(goal):
            return None
        done, total = sum(done for _, done in goal.steps), len(goal.steps)
        kind = "status_none" if not done else "status_all" if done == total else "status"
        if held_up(goal, self.goals):
            kind = "status_blocked" if 0 < done < total else ""
        count = {"count": f"{done} of {total}"}
        return self._row(kind, goal, self._slots(goal) | count, rng) if kind else None

    def closed(self, goal: Goal, rng: random.Random) -> Example | None:
        """Somebody plans for a goal that is over."""
        return self._row("closed", goal, self._slots(goal), rng) if goal.state in CLOSED else None

    def handover(self, goal: Goal, rng: random.Random) -> Example | None:
        """A message for whoever takes a goal over: all that the table has, and what to do first."""
        slots = self._slots(goal)
        if not goal.open or not (slots["step"] or slots["done"] or slots["why"]):
            return None  # of the work itself there is nothing to hand over
        return self._row("handover", goal, slots | {"points": "\n".join(self._points(goal))}, rng)

    def _points(self, goal: Goal) -> list[str]:
        slots, ahead = self._slots(goal), self._fall_back(goal)
        whole = self.unread.whole(f"steps/{goal.id}", *obstacles(goal))
        stuck = f"Held up: {slots['why']}." if slots["why"] else ""
        begun = "" if stuck else why(goal, self.goals)
        then = f", then {slots['then']}" if slots["then"] else ""
        direct, far = self._dependents(goal)
        points = [
            f"{slots['Facts']}." if slots["facts"] else "",
            stuck or (f"Active, though {begun}." if begun else ""),
            f"Can go on meanwhile: {ahead['first']}; the next step there is {ahead['first_step']}."
            if stuck and ahead["first"]
            else "",
            f"Done: {slots['done']}." if slots["done"] else "",
            f"{'Next, when it can go on' if stuck else 'Next'}: {slots['step']}{then}."
            if slots["step"]
            else "",
            "No steps are written down yet." if whole and not goal.steps else "",
            "Every step that is written down is done."
            if whole and goal.steps and not goal.next_step and not stuck
            else "",
            f"Depends on it: {direct}{f'; through another goal: {far}' if far else ''}." if direct else "",
        ]
        return [f"- {point}" for point in points if point]

    def of_owner(self, owner: str, rng: random.Random) -> list[Example]:
        """The order of work of one owner, or of all, and their stand-up."""
        theirs = [g for g in self.goals.values() if g.open and (not owner or owner in g.owners)]
        if not theirs or not self.unread.whole(*_ROUND):
            return []
        doable = [g for g in ready(self.goals) if g in theirs]
        stuck = [g for g in sorted(theirs, key=lambda g: g.rank) if g not in doable]
        if max(len(doable), len(stuck)) > MOST_PLANNED:
            return []
        behind_time = [g for g in late(self.goals, self.day) if g in theirs]
        slots = {
            "whom": f"`{owner}`" if owner else "the team",
            "late": listing(map(named, behind_time)),
            "day": str(self.day),
            "missed": f"Past the date: {code(g.id for g in behind_time)}." if behind_time else "",
            **self._rounds(doable, stuck),
        }
        # Of one goal it is asked by its name.
        kinds = ("plan", "standup", "missed", "stuck") if len(theirs) > 1 else ("plan", "missed", "stuck")
        return [row for kind in kinds if (row := self._row(kind, None, slots, rng))]

    def _rounds(self, doable: list[Goal], stuck: list[Goal]) -> dict[str, str]:
        """The parts of an answer on several goals, each with its heading; "" where there is none. `order`: of
        two goals or more, each with its priority.
        """
        lines = [f"{n}. {in_a_line(g, priority=True)}" for n, g in enumerate(doable, 1)]
        ranked = "\n".join(lines) if len(lines) > 1 and all(g.priority for g in doable) else ""
        going = [in_a_line(g) for g in doable if not _not_begun(g)]
        new = [in_a_line(g) for g in doable if _not_begun(g)]
        begun = [g for g in stuck if self._begun_early(g)]
        held = [
            self._hindered([g for g in stuck if g not in begun], "Held up"),
            self._hindered(begun, "Active, though something is in the way"),
        ]
        return {
            "order": ranked,
            "possible": (_under("Can go on", going) + "\n\n" + _under("Can start", new)).strip(),
            "held": (in_the_way := "\n\n".join(part for part in held if part)),
            "stuck": in_the_way if held[0] else "",
            "none_held": "" if stuck else self.unread.closed("Nothing is held up.", *_ROUND),
        }

    def _hindered(self, goals: list[Goal], heading: str) -> str:
        """Goals with what is in their way; "" without any."""
        return _under(heading, [f"{named(g)}: {why(g, self.goals)}" for g in goals])
