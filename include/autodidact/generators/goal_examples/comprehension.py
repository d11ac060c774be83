"""Open-book questions about goals: what comes first, what waits for what, who has it, which step is next."""

import random
from collections.abc import Iterator
from datetime import date

from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.writing import in_context
from autodidact.generators.writing.in_context import NAME, NUMBER, ending, put
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.wording import Fact, lower
from autodidact.sources.graphs.graph import Triple

_WORDS = {
    "needs": Phrase(
        "needs",
        "need",
        "goals that it needs",
        "goals",
        (
            "What does {0} need first?",
            "What has to be done before {0}?",
            "{0} waits for what?",
            "What blocks {0}?",
        ),
        ("What needs {0}?", "Which goal waits for {0}?", "What can begin once {0} is done?"),
        "Does {0} need {1}?",
        carries=True,
        ask_path=(
            "In which order do they follow, from {0} down to {1}?",
            "Trace what {0} needs down to {1}.",
        ),
        ask_impact=(
            "{0} slips. What slips with it, directly or not?",
            "{0} is stuck. What is held up?",
            "What is blocked by {0}, near or far?",
        ),
    ),
    "belongs_to": Phrase(
        "belongs to",
        "belong to",
        "owners",
        "goals",
        ("Who owns {0}?", "Whom do I ask about {0}?", "Who takes {0}?"),
        ("Which goal does {0} own?", "What belongs to {0}?", "What is on the desk of {0}?"),
        "Does {0} belong to {1}?",
    ),
    "is": Phrase(
        "is",
        "are",
        "states",
        "goals",
        ("How does {0} stand?", "In which state is {0}?", "{0}: state?"),
        ("Which one is {0}?", "Name what is {0}."),
        "Is {0} {1}?",
    ),
    "is_due_on": Phrase(
        "is due on",
        "are due on",
        "dates",
        "goals",
        ("When is {0} due?", "By which day must {0} be done?"),
        ("What is due on {0}?", "Which goal has to be done by {0}?"),
        "Is {0} due on {1}?",
    ),
    "has_priority": Phrase(
        "has priority",
        "have priority",
        "priorities",
        "goals",
        ("Which priority does {0} have?", "{0}: priority?"),
        ("Which one has priority {0}?", "What is of priority {0}?"),
        "Does {0} have priority {1}?",
    ),
}
_NOUNS = {"is_due_on": "date", "has_priority": "number", "is": "word"}
_STEPS = (
    "Which step is next?",
    "What is done next?",
    "Which one comes now?",
    "Where does the work continue?",
)
_LEFT = ("How many steps are left?", "How many of them are still to do?")
_FIRST = ("Which is due first?", "What has the earliest date?", "Which deadline comes first?")


def questions(goals: dict[str, Goal], source: dict, limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit`: four fifths about a table of facts, the rest about numbered steps and about dates."""
    facts = {
        "needs": [(goal.id, other) for goal in goals.values() for other in goal.depends_on],
        "belongs_to": [(goal.id, goal.owner) for goal in goals.values() if goal.owner],
        "is": [(goal.id, goal.state) for goal in goals.values()],
        "is_due_on": [(goal.id, goal.deadline) for goal in goals.values() if goal.deadline],
        "has_priority": [(goal.id, str(goal.priority)) for goal in goals.values()],
    }
    sheets = [
        in_context.Relation(
            _WORDS[relation],
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: source,
            _NOUNS.get(relation, "name"),
        )
        for relation, pairs in facts.items()
        if pairs
    ]
    needs = sheets[:1] if facts["needs"] else []
    yield from in_context.mixed(
        in_context.questions(needs + sheets, limit, rng), _others(goals, source, limit, rng), 0.2
    )


def _others(goals: dict[str, Goal], source: dict, limit: int, rng: random.Random) -> Iterator[Fact]:
    """The next of some steps, how many are left, and the earliest of some dates."""
    stepped = [
        goal for goal in goals.values() if len(goal.steps) > 1 and any(not done for _, done in goal.steps)
    ]
    dated = [goal for goal in goals.values() if goal.deadline]
    asked: set[str] = set()
    for _ in range(2 * limit):
        if stepped and rng.random() < 0.6:
            goal = rng.choice(stepped)
            marks = rng.choice((("done", "open"), ("x", " "), ("finished", "to do")))
            lines = "\n".join(
                f"{n}. [{marks[0] if done else marks[1]}] {step}"
                for n, (step, done) in enumerate(goal.steps, 1)
            )
            left = [n for n, (_, done) in enumerate(goal.steps, 1) if not done]
            count = rng.random() < 0.3
            ask = f"{goal.id}: {lower(rng.choice(_LEFT if count else _STEPS))} {ending(NUMBER, rng)}"
            user, answer, what = (
                put(lines, ask, rng),
                str(len(left) if count else left[0]),
                ["left" if count else "next", goal.id],
            )
        elif len(dated) > 2:
            some = rng.sample(dated, min(len(dated), rng.randint(2, 4)))
            if len({goal.deadline for goal in some}) < len(some):
                continue
            spelled = rng.random() < 0.3
            lines = "\n".join(
                f"- {goal.id}: {_day(goal.deadline) if spelled else goal.deadline}" for goal in some
            )
            user = put(lines, f"{rng.choice(_FIRST)} {ending(NAME, rng)}", rng)
            answer, what = (
                min(some, key=lambda goal: goal.deadline).id,
                ["earliest", *(goal.id for goal in some)],
            )
        else:
            return
        if user not in asked:
            asked.add(user)
            yield Fact(user, answer, source | {"open_book": what, "triples": []}, short=True)


def _day(text: str) -> str:
    when = date.fromisoformat(text)
    return f"{when.day} {when:%B %Y}"
