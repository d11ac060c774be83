"""Questions that bring a few goals along, in one of several notations, so that the model learns to plan on
goals that it has never seen.
"""

import json
import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import Goal, circle, hindrances, order, ready
from autodidact.generators.goal_examples.questions_on_all_goals import RULE, late, numbered
from autodidact.generators.goal_examples.questions_on_one_goal import chain
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.shipped_tables import read_table
from autodidact.sources.unread import Unread

# Most random selections of goals that questions bring along.
SELECTIONS = 900
# Of them for each goal there is.
OF_EACH = 20

# The fields that a question shows.
_SHOWN = ("state", "depends_on", "blockers", "priority", "deadline", "steps")

_ASK = read_table(__file__)["ask_selection"]


def selections(
    goals: dict[str, Goal], source: dict, day: date, unread: Unread, rng: random.Random
) -> Iterator[Fact]:
    """Questions that bring a few goals along: related ones rather than any, and only such of which all is
    known that the answer rests on.
    """
    # Of a table without dependencies it is not known what is free, blocked or has to wait.
    kinds = ("next", "order", "blocked", "late", "free") if unread.whole("obstacles") else ("next", "late")
    names = sorted(name for name in goals if unread.whole(*(f"{scope}/{name}" for scope in _SHOWN)))
    if len(names) < 3:
        return
    for _ in range(min(SELECTIONS, OF_EACH * len(names))):
        picked = {rng.choice(names)}
        while len(picked) < min(len(names), rng.choice((3, 4, 5))):
            near = sorted(
                {o for n in picked for o in goals[n].depends_on if o in names}
                | {n for n in names if picked.intersection(goals[n].depends_on)}
            )
            fitting = [n for n in near if n not in picked]
            picked.add(rng.choice(fitting) if fitting and rng.random() < 0.6 else rng.choice(names))
        for _ in range(2):
            picked |= {other for name in picked for other in goals[name].depends_on}
        some = {name: goals[name] for name in sorted(picked)}
        if (
            len(some) > 6
            or not set(some).issubset(names)
            or any(other not in some for goal in some.values() for other in goal.depends_on)
        ):
            continue
        lines = rng.choice((_lines, _lines, _table, _yaml, _json))(
            [some[name] for name in rng.sample(sorted(some), len(some))]
        )
        cited = source | {"goals": sorted(some)}
        kind = rng.choice(kinds)
        answer, short = _answer(kind, some, day)
        if answer:
            ask = rng.choice(_ASK[kind]).format(rule=RULE)
            ask = f"Today is {day}. {ask}" if kind == "late" else ask
            prompt = f"{lines}\n\n{ask}" if rng.random() < 0.7 else f"{ask}\n\n{lines}"
            yield Fact(prompt, answer, cited, short=short)


def _answer(kind: str, some: dict[str, Goal], day: date) -> tuple[str, bool]:
    """(answer, whether it is short) to a question about goals that it shows; "" when there is nothing to
    ask.
    """
    none = "None of them."
    if kind == "next":
        doable = ready(some)
        if not doable:
            return "None: every one of them is finished, waiting or blocked.", False
        if any(other.pressing == doable[0].pressing for other in doable[1:]):
            return "", False
        first = doable[0]
        step = first.next_step or ("go on with it" if first.state == "active" else "start it")
        return f"{first.id}: {step}.", False
    if kind == "order":
        unfinished = [name for name in some if some[name].open]
        if len(unfinished) < 2:
            return "", False
        plan = order(unfinished, some)
        return (
            numbered(plan) if plan else f"There is no such order: {chain(circle(unfinished, some))}."
        ), False
    if kind == "late":
        overdue = listing(f"{goal.id} (due {goal.deadline})" for goal in late(some, day))
        return (f"{overdue}." if overdue else none), True
    if kind == "free":
        free = listing(goal.id for goal in ready(some))
        return (f"{free}." if free else none), True
    stuck = [goal for goal in some.values() if goal.open and hindrances(goal, some)]
    lines = [f"- {goal.id}: {listing(hindrances(goal, some))}" for goal in stuck]
    return "\n".join(lines) or none, not stuck


def _lines(goals: list[Goal]) -> str:
    return "\n".join(map(_line, goals))


def _line(goal: Goal) -> str:
    parts = [f"{goal.id}: {goal.state}"]
    parts += [f"priority {goal.priority.word}"] if goal.priority else []
    parts += [f"due {goal.deadline}"] if goal.deadline else []
    parts += [f"needs {listing(goal.depends_on)}"] if goal.depends_on else []
    parts += [f"blocked because {listing(goal.blockers)}"] if goal.blockers else []
    parts += [f"next step: {goal.next_step}"] if goal.next_step and goal.open else []
    return "- " + ", ".join(parts)


def _fields(goal: Goal) -> dict:
    """What a question shows of a goal, without what it does not have."""
    step = goal.next_step if goal.open else ""
    word = goal.priority.word if goal.priority else ""
    fields = {
        "goal": goal.id,
        "state": goal.state,
        "priority": int(word) if word.isdigit() else word,
        "due": goal.deadline,
        "needs": list(goal.depends_on),
        "blockers": list(goal.blockers),
        "next": step,
    }
    return {key: value for key, value in fields.items() if value not in ("", [])}


def _json(goals: list[Goal]) -> str:
    return "\n".join(json.dumps(_fields(goal), ensure_ascii=False) for goal in goals)


def _yaml(goals: list[Goal]) -> str:
    rows = (_fields(goal) for goal in goals)
    return "goals:\n" + "\n".join(
        "\n".join(
            f"{'  - ' if key == 'goal' else '    '}{key}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in row.items()
        )
        for row in rows
    )


def _table(goals: list[Goal]) -> str:
    columns = ("goal", "state", "priority", "due", "needs", "blockers", "next")
    rows = [
        [str(_cell(_fields(goal).get(column, ""))).replace("|", "/") for column in columns] for goal in goals
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def _cell(value) -> str:
    return "; ".join(value) if isinstance(value, list) else value
