"""Open-book questions about goals: what comes first, what waits for what, who has it, which step is next."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact, lower
from autodidact.generators.writing.prompt_layouts import NAME, NUMBER, ending, put
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.graphs.triple_graph import Triple
from autodidact.sources.unread import Unread

_TABLE = read_table(__file__)
_PHRASES, _NOUNS = read_phrases(_TABLE["relations"]), _TABLE["nouns"]
_STEPS, _LEFT, _FIRST = (_TABLE["reading"][kind] for kind in ("steps", "left", "first"))


def questions(
    goals: dict[str, Goal], source: dict, limit: int, unread: Unread, rng: random.Random
) -> Iterator[Fact]:
    """At most `limit`: four fifths about a table of facts, the rest about numbered steps and about dates."""
    facts = {
        "needs": ("depends_on", [(goal.id, other) for goal in goals.values() for other in goal.depends_on]),
        "belongs_to": (
            "owner",
            [
                (goal.id, goal.owners[0])
                for goal in goals.values()
                if len(goal.owners) == 1 and unread.whole(f"whose/{goal.id}")
            ],
        ),
        "is": ("state", [(goal.id, goal.state) for goal in goals.values() if goal.state]),
        "is_due_on": ("deadline", [(goal.id, goal.deadline) for goal in goals.values() if goal.deadline]),
        "has_priority": ("priority", [(g.id, g.priority.word) for g in goals.values() if g.priority]),
    }
    numbered = all(value.isdigit() for _, value in facts["has_priority"][1])
    relations = [
        open_book.Relation(
            _PHRASES[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: source,
            _NOUNS.get(relation, "name") if relation != "has_priority" or numbered else "word",
            complete=unread.whole("goals", scope),
        )
        for relation, (scope, pairs) in facts.items()
        if pairs
    ]
    needs = relations[:1] if facts["needs"][1] else []
    yield from open_book.mixed(
        open_book.questions(needs + relations, limit, rng), _others(goals, source, limit, rng), 0.2
    )


def _others(goals: dict[str, Goal], source: dict, limit: int, rng: random.Random) -> Iterator[Fact]:
    """The next of some steps, how many are left, and the earliest of some dates."""
    stepped = [
        goal for goal in goals.values() if len(goal.steps) > 1 and any(not done for _, done in goal.steps)
    ]
    dated = [goal for goal in goals.values() if goal.deadline == goal.day and goal.day]
    prompts: set[str] = set()
    for _ in range(2 * limit):
        made: tuple[str, str, list[str]] | None
        if stepped and rng.random() < 0.6:
            made = _about_steps(rng.choice(stepped), rng)
        elif len(dated) > 2:
            made = _about_dates(dated, rng)
        else:
            return
        if made and made[0] not in prompts:
            user, answer, what = made
            prompts.add(user)
            yield Fact(user, answer, source | {"open_book": what, "triples": []}, short=True)


def _about_steps(goal: Goal, rng: random.Random) -> tuple[str, str, list[str]]:
    """(prompt, answer, what is asked): which of the numbered steps is next, or how many are left."""
    finished, open_ = rng.choice((("done", "open"), ("x", " "), ("finished", "to do")))
    lines = "\n".join(
        f"{n}. [{finished if done else open_}] {step}" for n, (step, done) in enumerate(goal.steps, 1)
    )
    left = [n for n, (_, done) in enumerate(goal.steps, 1) if not done]
    count = rng.random() < 0.3
    ask = f"{goal.id}: {lower(rng.choice(_LEFT if count else _STEPS))} {ending(NUMBER, rng)}"
    prompt = put(lines, ask, rng)
    return prompt, str(len(left) if count else left[0]), ["left" if count else "next", goal.id]


def _about_dates(dated: list[Goal], rng: random.Random) -> tuple[str, str, list[str]] | None:
    """(prompt, answer, what is asked): which of a few goals is due first; None where two are due together."""
    some = rng.sample(dated, min(len(dated), rng.randint(2, 4)))
    if len({goal.deadline for goal in some}) < len(some):
        return None
    spelled = rng.random() < 0.3
    lines = "\n".join(f"- {goal.id}: {_day(goal.deadline) if spelled else goal.deadline}" for goal in some)
    prompt = put(lines, f"{rng.choice(_FIRST)} {ending(NAME, rng)}", rng)
    earliest = min(some, key=lambda goal: goal.deadline).id
    return prompt, earliest, ["earliest", *(goal.id for goal in some)]


def _day(text: str) -> str:
    when = date.fromisoformat(text)
    return f"{when.day} {when:%B %Y}"
