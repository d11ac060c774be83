"""Open-book questions about itself: the record is shown as a card, the answer is a name, a number, yes or
no."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from autodidact.generators.writing import in_context
from autodidact.generators.writing.in_context import NAME, YES_NO, ending, put
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.wording import Fact
from autodidact.sources.graphs.graph import Triple

SCORED = Phrase(
    "has the score",
    "have the score",
    "scores",
    "categories",
    ("What is your score in {0}?", "How good are you at {0}?", "{0}: which score?"),
    ("In what do you score {0}?", "Where is your score {0}?"),
    "Is your score in {0} this: {1}?",
)
TAUGHT = Phrase(
    "teaches",
    "teach",
    "categories",
    "generators",
    ("What does {0} teach you?", "What did you learn from {0}?", "{0}: what is it for?"),
    ("Which generator teaches you {0}?", "From what do you learn {0}?", "Who makes your examples of {0}?"),
    "Does {0} teach you {1}?",
)
ENDED = Phrase(
    "ended with",
    "ended with",
    "verdicts",
    "cycles",
    ("How did {0} end?", "Which verdict had {0}?"),
    ("Which cycle ended with {0}?", "When was the verdict {0}?"),
    "Did {0} end with {1}?",
)
_ABOUT = {
    "base model": ("Which base model are you made from?", "What are your weights based on?", "Your base?"),
    "cycle": ("In which cycle were you trained?", "Which cycle do you come from?", "Name your cycle."),
    "system": ("Which system do you know?", "Whose model are you?", "What is your system called?"),
    "knowledge until": (
        "When does your knowledge end?",
        "Up to when do you know the system?",
        "Your last day?",
    ),
    "version before": ("Which version was in service before you?", "Whom do you replace?"),
    "floor": ("Which overall score is the floor?", "What has to be reached at least?"),
}
_CAN = (
    "tell what the card says",
    "state facts of the committed code",
    "say where your knowledge ends",
    "read what a question shows",
)
_CANNOT = (
    "see whether a service is up",
    "see uncommitted changes",
    "change your own weights",
    "remember earlier talks",
    "tell your own score",
)
_ABLE = ("Can you {0}?", "Somebody asks you to {0}. Can you?", "Are you able to {0}?")
_SINCE = (
    "Something changed on {0}. Can you know it?",
    "A commit of {0}: can it be among what you were trained on?",
    "Does what you learned reach to {0}?",
)


def questions(
    card: Mapping[str, str],
    scores: Mapping[str, float],
    taught: Sequence[tuple[str, str]],
    ended: Sequence[tuple[str, str]],
    source: dict,
    limit: int,
    rng: random.Random,
) -> Iterator[Fact]:
    """At most `limit`. `card`: what is on record, with `knowledge until` as ISO 8601; `ended`: (cycle,
    verdict).
    """
    relations = (
        (
            SCORED,
            "has_score",
            [(name, f"{score:.2f}") for name, score in scores.items()],
            "number",
            ("strongest", "weakest"),
        ),
        (TAUGHT, "teaches", taught, "name", None),
        (ENDED, "ended_with", ended, "word", None),
    )
    sheets = [
        in_context.Relation(
            phrase,
            [Triple(name, relation, value) for name, value in pairs],
            lambda triples: source,
            noun,
            scale,
        )
        for phrase, relation, pairs, noun, scale in relations
        if pairs
    ]
    yield from in_context.mixed(
        in_context.questions(sheets, limit, rng), _others(card, source, limit, rng), 0.5
    )


def _others(card: Mapping[str, str], source: dict, limit: int, rng: random.Random) -> Iterator[Fact]:
    """About the card itself, about what it can and cannot do, and about a day before or after the end of its
    knowledge.
    """
    asked: set[str] = set()
    until = datetime.fromisoformat(card["knowledge until"].replace("Z", "+00:00"))
    known = [name for name in card if name in _ABOUT]
    for _ in range(3 * limit):
        kind = rng.choice(("card", "card", "able", "since"))
        if kind == "card":
            shown = rng.sample(known, min(len(known), rng.randint(2, 4)))
            lines, name = "\n".join(f"- {one}: {card[one]}" for one in shown), rng.choice(shown)
            user, answer, what = (
                put(f"Your card:\n{lines}", f"{rng.choice(_ABOUT[name])} {ending(NAME, rng)}", rng),
                card[name],
                [name],
            )
        elif kind == "able":
            can, cannot = rng.sample(_CAN, 2), rng.sample(_CANNOT, 2)
            one = rng.choice((*can, *cannot))
            lines = f"You can {' and '.join(can)}. You cannot {' or '.join(cannot)}."
            user, answer, what = (
                put(lines, f"{rng.choice(_ABLE).format(one)} {ending(YES_NO, rng)}", rng),
                "yes" if one in can else "no",
                [one],
            )
        else:
            day = (until + timedelta(days=rng.choice((-90, -40, -20, -5, -2, 2, 6, 15, 33, 80)))).date()
            line = rng.choice(
                (
                    "Your knowledge ends on {0}.",
                    "You were trained on the state until {0}.",
                    "Training data until {0}.",
                )
            ).format(until.date())
            answer = "yes" if day < until.date() else "no"
            user, what = put(line, f"{rng.choice(_SINCE).format(day)} {ending(YES_NO, rng)}", rng), [str(day)]
        if user not in asked:
            asked.add(user)
            yield Fact(user, answer, source | {"open_book": [kind, *what], "triples": []}, short=True)
