"""How people show moods in messages at work, and the tones that a style guide may ask for
(messages_in_moods.yaml).
"""

from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.item_building_blocks import table
from autodidact.benchmark.suite.made_up.vocabulary import SERVICES, TEAMS, ticket

_WORDS = table("made_up/messages_in_moods")


@dataclass(frozen=True)
class Mood:
    """A row of messages_in_moods.yaml."""

    cues: list[str]
    pleasant: bool
    link: str
    plain: list[str]
    veiled: list[str]


MOODS = {name: Mood(**row) for name, row in _WORDS["moods"].items()}


def message(rng: Random, mood: str, level: int) -> str:
    """What somebody in that mood writes: with a cue at level 1, with a cue and a fact at level 2, without a
    cue at level 3.
    """
    line = rng.choice(MOODS[mood].veiled if level == 3 else MOODS[mood].plain).format(s=rng.choice(SERVICES))
    if level == 1:
        return line
    return f"{line} {rng.choice(_WORDS['facts']).format(n=ticket(rng), t=rng.choice(TEAMS))}"


def feels(person: str, mood: str, about: str) -> str:
    """`Omar is proud of billing`; the mood may have an adverb before it."""
    return f"{person} is {mood} {MOODS[mood.split()[-1]].link} {about}"


def guide(rng: Random, n: int) -> list[str]:
    """`n` different tones."""
    return rng.sample(_WORDS["tones"], n)
