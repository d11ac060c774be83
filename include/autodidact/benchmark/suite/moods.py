"""Moods: how people show them in messages at work, and the tones that a style guide may ask for."""

from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.vocabulary import SERVICES, TEAMS, ticket


@dataclass(frozen=True)
class Mood:
    cues: tuple[str, str]  # two words, one of which each plain line uses
    plain: tuple[str, ...]  # lines that say it with a cue
    veiled: tuple[str, ...]  # lines that show it without naming it
    pleasant: bool = False
    link: str = "about"  # angry about, proud of


MOODS = {
    "angry": Mood(
        ("furious", "unacceptable"),
        ("I am furious about the {s}.", "It is unacceptable what happened to the {s}."),
        (
            "This is the third time that you broke the {s}, and I have had it.",
            "Who on earth signed off on this {s} mess?",
        ),
    ),
    "worried": Mood(
        ("afraid", "nervous"),
        ("I am afraid for the {s}.", "The {s} makes me nervous."),
        ("What if the {s} goes down before the audit?", "I did not sleep much; will the {s} hold tomorrow?"),
    ),
    "confused": Mood(
        ("lost", "puzzled"),
        ("I am lost with the {s}.", "The {s} has me puzzled."),
        (
            "Two pages say two things about the {s}; which one counts?",
            "I have read the guide for the {s} twice and still do not see how it fits.",
        ),
        link="by",
    ),
    "grateful": Mood(
        ("thanks", "appreciate"),
        ("Many thanks for the {s}.", "I appreciate what you did for the {s}."),
        ("You saved my week with the {s}.", "The {s} would not be up without you, I owe you one."),
        True,
        link="for",
    ),
    "excited": Mood(
        ("thrilled", "amazing"),
        ("I am thrilled about the {s}.", "The {s} is amazing."),
        ("We are live with the {s}! I cannot wait to show it!", "Wow, look at the {s} go!"),
        True,
    ),
    "sad": Mood(
        ("sorry", "miss"),
        ("I am sorry to see the {s} go.", "I miss the old {s}."),
        (
            "Four years of work on the {s}, and tonight it is switched off.",
            "It is quiet here since the {s} people left.",
        ),
    ),
    "tired": Mood(
        ("exhausted", "weary"),
        ("I am exhausted from the {s}.", "I am weary of the {s}."),
        (
            "It is my ninth night in a row with the {s}.",
            "One more page about the {s} and I fall off the chair.",
        ),
        link="of",
    ),
    "proud": Mood(
        ("proud", "achievement"),
        ("I am proud of the {s}.", "The {s} is a real achievement."),
        ("We built the {s} from nothing in a month, and it stands.", "Look what my crew made of the {s}."),
        True,
        link="of",
    ),
    "embarrassed": Mood(
        ("ashamed", "awkward"),
        ("I am ashamed of the {s}.", "This is awkward: the {s} was my fault."),
        (
            "I told everybody that the {s} was safe, and then I deleted it myself.",
            "Please do not tell the others that I broke the {s}.",
        ),
        link="by",
    ),
    "calm": Mood(
        ("relaxed", "fine"),
        ("I am relaxed about the {s}.", "The {s} is fine with me."),
        ("No hurry with the {s}, whenever it suits you.", "Take your time with the {s}; we have all week."),
        True,
    ),
}

TONES = [
    "apologetic",
    "reassuring",
    "patient",
    "warm",
    "cheerful",
    "gentle",
    "brief",
    "formal",
    "encouraging",
    "factual",
    "humble",
    "lively",
    "firm",
]


def message(rng: Random, mood: str, level: int) -> str:
    """What somebody in that mood writes: with a cue at level 1, with a cue and a fact at level 2, without a
    cue at level 3.
    """
    line = rng.choice(MOODS[mood].veiled if level == 3 else MOODS[mood].plain).format(s=rng.choice(SERVICES))
    return line if level == 1 else f"{line} {rng.choice(_FACTS).format(n=ticket(rng), t=rng.choice(TEAMS))}"


_FACTS = [
    "It is ticket {n}.",
    "The {t} team knows.",
    "See ticket {n}.",
    "I wrote to the {t} team as well.",
    "The number is {n}.",
]


def feels(person: str, mood: str, about: str) -> str:
    """`Omar is proud of billing`; the mood may have an adverb before it."""
    return f"{person} is {mood} {MOODS[mood.split()[-1]].link} {about}"


def guide(rng: Random, n: int) -> list[str]:
    """`n` different tones."""
    return rng.sample(TONES, n)
