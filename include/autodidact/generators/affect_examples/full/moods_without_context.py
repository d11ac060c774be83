"""What the table says of a mood by itself: rows of phrases that nobody has asked anything with yet."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from autodidact.generators.affect_examples.full.openings import (
    CONDOLES,
    PRAISED,
    first_words,
    is_glad,
    mourns,
)
from autodidact.generators.affect_examples.full.questions_a_phrase_fits import kinds_of_question
from autodidact.generators.affect_examples.full.shared_slots import (
    EMERGENCY,
    TABLE,
    about,
    adjective,
    ended,
    quoted,
    row,
    said,
    without,
)
from autodidact.generators.affect_examples.read_affect_table import AffectTable, State
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import listing
from autodidact.generators.writing.recognise_english import is_english
from autodidact.records import Example

# Tones to choose among, and messages that are sorted.
OFFERED = 3
# Questions after a word of praise, for each phrase.
QUESTIONS = 2
# What a tone asks for that no opening words have: "friendly, one tip", "specific praise".
_ASKS_FOR_MORE = re.compile(
    r"\b(?:tips?|specific|sources?|figures?|numbers?|facts?|details?|reasons?"
    r"|steps?|instructions?|questions?)\b",
    re.I,
)


def alone(facts: AffectTable, rng: random.Random) -> list[list[Example]]:
    """The examples about moods by themselves, by kind, each in random order."""
    phrases = [(state, mood) for state in facts.states for mood in _calm(state)]
    kinds = (_meet, _told, _replied, _praised, _which, _inbox)
    made = [[one for state, mood in phrases for one in kind(state, mood, facts, rng)] for kind in kinds]
    made.append([one for state in facts.states for one in _rule(state, facts, rng)])
    made.append(list(_apart(facts, rng)))
    for rows in made:
        rng.shuffle(rows)
    return [rows for rows in made if rows]


def _slots(state: State, mood: str, facts: AffectTable, rng: random.Random) -> dict[str, str]:
    opened = first_words(state, mood, rng)
    begin = f'You can begin with "{opened}"' if opened else ""
    return about(state, mood, facts) | {"mood": mood, "begin": begin}


def _meet(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    yield row(state, None, "meet", *said("meet", _slots(state, mood, facts, rng), rng))


def _answered(state: State, mood: str, rng: random.Random) -> str:
    """What is written back to good news or to a loss; "" to anything else, which has to be answered, and
    where the tone asks for more than such words. What a state closes with ("Come and tell us how it ends")
    may fit another message of that mood alone.
    """
    sure = "?" not in mood and is_english(mood) and (is_glad(state) or mourns(state))
    sure = sure and not _ASKS_FOR_MORE.search(state.tone)
    says = CONDOLES if mourns(state) else PRAISED
    return first_words(_with_open(state, says), mood, rng) if sure else ""


def _with_open(state: State, says: re.Pattern) -> State:
    """The state with those of its opening words alone that are an answer by themselves: "Then on we go" is
    none to good news.
    """
    return replace(state, open=tuple(filter(says.search, state.open)))


def _told(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """A colleague asks what to write back."""
    if opened := _answered(state, mood, rng):
        slots = _slots(state, mood, facts, rng) | {"opened": opened}
        yield row(state, None, "told", *said("told", slots, rng))


def _replied(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """The person writes."""
    if opened := _answered(state, mood, rng):
        system = rng.choice(TABLE["told_systems"])
        yield row(state, None, "told", mood, opened, system=system)


def _praised(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """After good news was answered, a question about something else: its facts, and no more praise."""
    opened = first_words(_with_open(state, PRAISED), mood, rng)
    if not opened or not is_english(mood):
        return
    calm = [
        c
        for c in facts.contexts
        if state.id not in c.never
        and not EMERGENCY.search(c.asks)
        and not c.asks.lower().startswith("why")
        and kinds_of_question(c.asks) & {"knowing", "practical", "wish"}
    ]
    for context in rng.sample(calm, min(QUESTIONS, len(calm))):
        slots = {"asks": context.asks, "all_facts": context.text()}
        system = rng.choice(TABLE["systems"]).format(facts=context.bullets())
        history = [user(mood), assistant(opened)]
        yield row(state, context, "then", *said("then", slots, rng), system=system, history=history)


def _other_tones(state: State, facts: AffectTable, rng: random.Random) -> list[State]:
    """Some states with other tones, each tone once."""
    others = list({s.tone: s for s in facts.states if s.tone != state.tone and _calm(s)}.values())
    return rng.sample(others, OFFERED - 1) if len(others) >= OFFERED - 1 else []


def _which(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """A tone chosen, with what the others are for."""
    others = _other_tones(state, facts, rng)
    if not others:
        return
    offered = [quoted(one.tone) for one in rng.sample([state, *others], OFFERED)]
    kept = [f"{quoted(one.tone)} is {_for(one, rng)}" for one in others]
    more = {"offered": listing(offered, "or"), "others": ended(f"Of the others, {listing(kept)}")}
    yield row(state, None, "which", *said("which", _slots(state, mood, facts, rng) | more, rng))


def _for(state: State, rng: random.Random) -> str:
    """Whom a tone is for."""
    name = adjective(state.id)
    return (
        f"for people who are {name}" if name else f"for messages such as {quoted(rng.choice(_calm(state)))}"
    )


def _calm(state: State) -> list[str]:
    """What people in a state write, without calls for help, without what only announces more (`Only
    asking:`), and without a comma that leads on to more.
    """
    return [text.rstrip(", ") for text in state.says if not (EMERGENCY.search(text) or text.endswith(":"))]


def _inbox(state: State, mood: str, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """Messages of several moods, and the tone for each."""
    others = _other_tones(state, facts, rng)
    if not others:
        return
    chosen = [(state, mood), *((one, rng.choice(_calm(one))) for one in others)]
    rng.shuffle(chosen)
    lines = [f"{n}. {text}" for n, (_, text) in enumerate(chosen, 1)]
    tones = [
        f"{n}. `{one.id}`: {quoted(one.tone)}{without(one, facts)}." for n, (one, _) in enumerate(chosen, 1)
    ]
    slots = {"messages": "\n".join(lines), "tones": "\n".join(tones)}
    yield row(state, None, "inbox", *said("inbox", slots, rng))


def _rule(state: State, facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """How people in a state are answered, with lines that they write."""
    says = _calm(state)
    if not adjective(state.id) or len(says) < 2:
        return
    named = listing(map(quoted, state.open), "or")
    begins = ended(f"An answer may begin with {named}") if named else ""
    slots = about(state, says[0], facts) | {"begins": begins, "examples": listing(map(quoted, says[:2]))}
    yield row(state, None, "rule", *said("rule", slots, rng))


def _apart(facts: AffectTable, rng: random.Random) -> Iterator[Example]:
    """Two states, and how answers to them differ."""
    named = [state for state in facts.states if adjective(state.id) and _calm(state)]
    for state, other in zip(named, named[1:], strict=False):
        if state.tone == other.tone:
            continue
        slots = about(state, _calm(state)[0], facts) | {
            "other": adjective(other.id),
            "other_tone": quoted(other.tone),
            "other_without": without(other, facts),
            "example": quoted(rng.choice(_calm(state))),
            "other_example": quoted(rng.choice(_calm(other))),
        }
        yield row(state, None, "apart", *said("apart", slots, rng))
