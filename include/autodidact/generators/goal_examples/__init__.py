"""The state of the goals: what comes next, in which order, what is blocked and why, what is late, which goals
wait for each other.

Source: the table that `sources.goals` names as it stands at the end of the window: YAML or JSON (a list, or a
list under `goals`), JSON lines or CSV. A goal has an id, a title, a state (active, planned, waiting, blocked,
done, dropped, or a tracker's word for one of them), and perhaps a priority (1 first), an owner, a deadline,
steps, goals it depends on and blockers. Kinds: one goal, all goals, the goals of one owner, plans, mistaken
premises, and selections that questions bring along, so that the model also learns to plan on goals it has
never seen. Goals that are new or changed come first.

    {"generator": "goal_examples", "category": "orchestration",
     "messages": [{"role": "user", "content": "What should money do next?"},
                  {"role": "assistant", "content": "card-retry: raise the last timeout instead of returning
                  None. It is priority 1 and due 2026-12-04."}],
     "source": {"kind": "table", "ref": "samples/goals.yaml#card-retry"}}
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date

from autodidact.generators.goal_examples import comprehension
from autodidact.generators.goal_examples.goals import Goal, circle, hindrances, order, read_goals, ready
from autodidact.generators.goal_examples.plans import RULE, about, chain, numbered, overall
from autodidact.generators.writing import in_context, probe_questions
from autodidact.generators.writing.probe_questions import Wordings
from autodidact.generators.writing.wording import Fact, choose, listing, to_examples
from autodidact.knowledge.facts import Compared
from autodidact.records import Example, Question
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import named_file, rows, shown

NAME = "goal_examples"
CATEGORY = "orchestration"

# Most random selections of goals that questions bring along.
SELECTIONS = 900
# Of them for each goal there is.
OF_EACH = 20

WORDINGS = {
    "deadline_of": Wordings(
        (
            "What is the deadline of the goal `{}`?",
            "By which day must `{}` be finished?",
            "`{}` is due when?",
            "Tell me the due date of `{}`.",
        ),
        "On which date is the goal `{}` due?",
        "`{}` is due on {}.",
        0.4,
    ),
    "step_of": Wordings(
        (
            "What is the first open step of the goal `{}`?",
            "Which unfinished step of `{}` comes first?",
            "I am picking up `{}`. Where do I go on?",
            "`{}`: which step is left first?",
        ),
        "Of the goal `{}`, what is the next unfinished step?",
        "The first open step of `{}` is: {}.",
        0.3,
    ),
    "owner_of": Wordings(
        (
            "Who owns the goal `{}`?",
            "To whom does the goal `{}` belong?",
            "Which team is responsible for `{}`?",
            "Name the owner of `{}`.",
        ),
        "Which owner does the goal `{}` have?",
        "`{}` belongs to {}.",
        0.3,
    ),
}


@dataclass
class GoalTable:
    """The goals by id, where the table is, and what of it is new."""

    goals: dict[str, Goal]
    source: dict
    compared: Compared


def read(snapshot: Snapshot) -> GoalTable:
    """The table of goals. Skipped without one."""
    path = named_file(snapshot.settings.sources.goals, "sources.goals")
    goals = read_goals(rows(path, snapshot.troubles, "goals"), snapshot.troubles)
    return GoalTable(goals, {"kind": "table", "ref": shown(path)}, _compared(snapshot, goals))


def examples(facts: GoalTable, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the probe, then plans for the goals."""
    goals, source = facts.goals, facts.source
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    day = snapshot.until.date()
    rng = snapshot.rng(NAME, "words")
    groups = {
        "each goal": [
            fact
            for goal in goals.values()
            for fact in about(goal, goals, day, facts.compared.fresh(goal.id), rng)
        ],
        "all goals": list(overall(goals, source, day, rng)),
        "selections": list(_selections(goals, source, day, snapshot.rng(NAME, "selections"))),
    }
    chosen = choose(groups, snapshot.limit, snapshot.rng(NAME))
    opened = comprehension.questions(goals, source, snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from to_examples(NAME, CATEGORY, in_context.mixed(chosen, opened))


def _compared(snapshot: Snapshot, goals: dict[str, Goal]) -> Compared:
    """The goals beside what earlier cycles read; where one stands in the table does not count."""
    things = {name: asdict(replace(goal, ref="")) for name, goal in goals.items()}
    return Compared(snapshot, "goals", things, {name: goal.ref for name, goal in goals.items()})


def questions(facts: GoalTable, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about the goals: deadlines, first open steps, owners."""
    goals = facts.goals
    steps = [goal.next_step for goal in goals.values() if goal.next_step]
    values = {
        "deadline_of": {g.id: g.deadline for g in goals.values() if g.open and g.deadline},
        "step_of": {
            g.id: g.next_step
            for g in goals.values()
            if g.open and 0 < len(g.next_step) <= 100 and steps.count(g.next_step) == 1
        },
        "owner_of": {g.id: g.owner for g in goals.values() if g.open and g.owner and g.owner not in g.id},
    }
    things = {f"{kind}/{name}": value for kind, mine in values.items() for name, value in mine.items()}
    compared = Compared(snapshot, "facts", things)
    found = []
    for kind, mine in values.items():
        known = sorted(set(mine.values()))
        for name, value in mine.items():
            accept = [value, *(_spelled(value) if kind == "deadline_of" else ())]
            others = [
                other for other in known if other not in accept and other not in name and other not in value
            ][: probe_questions.CONFUSED]
            source = {"kind": "table", "ref": goals[name].ref}
            fresh = compared.news(f"{kind}/{name}")
            found.append(probe_questions.Fact(kind, name, value, accept, source, fresh, others))
    return probe_questions.questions(NAME, found, WORDINGS)


def _spelled(day: str) -> list[str]:
    """Other ways to write a date: 11 December 2026, December 11, 2026."""
    when = date.fromisoformat(day)
    return [f"{when.day} {when:%B %Y}", f"{when:%B} {when.day}, {when:%Y}"]


def _selections(goals: dict[str, Goal], source: dict, day: date, rng: random.Random) -> Iterator[Fact]:
    """Questions that bring a few goals along: related ones rather than any."""
    names = sorted(goals)
    if len(names) < 3:
        return
    for _ in range(min(SELECTIONS, OF_EACH * len(names))):
        picked = {rng.choice(names)}
        while len(picked) < min(len(names), rng.choice((3, 4, 5))):
            near = sorted(
                {o for n in picked for o in goals[n].depends_on}
                | {n for n in names if picked.intersection(goals[n].depends_on)}
            )
            fitting = [n for n in near if n not in picked]
            picked.add(rng.choice(fitting) if fitting and rng.random() < 0.6 else rng.choice(names))
        for _ in range(2):
            picked |= {other for name in picked for other in goals[name].depends_on}
        some = {name: goals[name] for name in sorted(picked)}
        if len(some) > 6 or any(other not in some for goal in some.values() for other in goal.depends_on):
            continue
        lines = rng.choice((_lines, _lines, _table, _yaml, _json))(
            [some[name] for name in rng.sample(sorted(some), len(some))]
        )
        cited = source | {"goals": sorted(some)}
        kind = rng.choice(("next", "order", "blocked", "late", "free"))
        asked, answer, short = _asked(kind, some, day, rng)
        if answer:
            prompt = f"{lines}\n\n{asked}" if rng.random() < 0.7 else f"{asked}\n\n{lines}"
            yield Fact(prompt, answer, cited, short=short)


def _asked(kind: str, some: dict[str, Goal], day: date, rng: random.Random) -> tuple[str, str, bool]:
    """(question, answer, whether the answer is short) about goals that the question shows; "" when there is
    nothing to ask.
    """
    unfinished = [name for name in some if some[name].open]
    if kind == "next":
        doable = ready(some)
        answer = (
            f"{doable[0].id}: {doable[0].next_step or 'start it'}."
            if doable
            else "None: every one of them is finished, waiting or blocked."
        )
        return (
            rng.choice(
                (
                    "What comes next?",
                    "Which of these do we work on now, and what is the step?",
                    "Pick the next task for me.",
                    "One of these gets my afternoon. Which, and with what?",
                    "Choose what to take up first.",
                    "Where would you put your hands first, and on what?",
                )
            ),
            answer,
            False,
        )
    if kind == "order":
        if len(unfinished) < 2:
            return "", "", False
        ask = rng.choice(
            (
                f"In which order do we finish the open ones, {RULE}?",
                f"Put the open goals in order: {RULE}.",
                f"Sort what is open ({RULE}).",
                f"Make a queue of everything unfinished, in the right order ({RULE}).",
                f"Order the rest of the work by this rule: {RULE}.",
            )
        )
        plan = order(unfinished, some)
        return (
            ask,
            numbered(plan) if plan else f"There is no such order: {chain(circle(unfinished, some))}.",
            False,
        )
    if kind == "late":
        late = sorted(
            (g for g in some.values() if g.open and g.deadline and g.deadline < day.isoformat()),
            key=lambda g: (g.deadline, g.id),
        )
        ask = rng.choice(
            (
                "Which of these are overdue?",
                "What is late here?",
                "Has any of these missed its deadline?",
                "Name whatever is overdue.",
                "Which dates have we missed?",
            )
        )
        return (
            f"Today is {day}. {ask}",
            f"{listing(f'{g.id} (due {g.deadline})' for g in late)}." if late else "None of them.",
            True,
        )
    if kind == "free":
        free = ready(some)
        ask = rng.choice(
            (
                "Which of these can be worked on right now?",
                "What is free to start?",
                "List what nothing stands in the way of.",
                "Where can somebody begin right now?",
                "Name the ones that are free to start.",
            )
        )
        return ask, f"{listing(g.id for g in free)}." if free else "None of them.", True
    stuck = [g for g in some.values() if g.open and hindrances(g, some)]
    answer = "\n".join(f"- {g.id}: {listing(hindrances(g, some))}" for g in stuck) or "None of them."
    return (
        rng.choice(
            (
                "Which of these are blocked, and why?",
                "What is stuck here, and on what?",
                "Name the blocked ones with their reasons.",
                "Anything stuck? Say on what.",
                "Give me the list of blocked goals, reasons included.",
            )
        ),
        answer,
        not stuck,
    )


def _lines(goals: list[Goal]) -> str:
    return "\n".join(map(_line, goals))


def _line(goal: Goal) -> str:
    parts = [f"{goal.id}: {goal.state}, priority {goal.priority}"]
    parts += [f"due {goal.deadline}"] if goal.deadline else []
    parts += [f"needs {listing(goal.depends_on)}"] if goal.depends_on else []
    parts += [f"blocked because {listing(goal.blockers)}"] if goal.blockers else []
    parts += [f"next step: {goal.next_step}"] if goal.next_step and goal.open else []
    return "- " + ", ".join(parts)


def _said(goal: Goal) -> dict:
    """What a question says of a goal, without what it does not have."""
    step = goal.next_step if goal.open else ""
    said = {
        "goal": goal.id,
        "state": goal.state,
        "priority": goal.priority,
        "due": goal.deadline,
        "needs": list(goal.depends_on),
        "blockers": list(goal.blockers),
        "next": step,
    }
    return {key: value for key, value in said.items() if value}


def _json(goals: list[Goal]) -> str:
    return "\n".join(json.dumps(_said(goal), ensure_ascii=False) for goal in goals)


def _yaml(goals: list[Goal]) -> str:
    rows = (_said(goal) for goal in goals)
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
        [str(_cell(_said(goal).get(column, ""))).replace("|", "/") for column in columns] for goal in goals
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def _cell(value) -> str:
    return "; ".join(value) if isinstance(value, list) else value
