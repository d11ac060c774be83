"""Affect in the register `full`: whole replies in the right tone with the reason for it, drafts mended, lost
facts put back, conversations in which a fact of the reply is asked about, and what the table says of a mood
by itself.

The facts of an answer are the context's sentences, word for word, and all of them, or the one that is asked
about; the words before them are those that the state gives. What fits a state is said as the table says it.
A phrase and a question become one message only where they surely go together (`questions_a_phrase_fits.py`).
"""

import random
import re
from collections.abc import Iterator

from autodidact.generators.affect_examples.full.moods_without_context import alone
from autodidact.generators.affect_examples.full.openings import (
    CLAIMS,
    SORROW,
    clash,
    delighted_about_trouble,
    opening,
)
from autodidact.generators.affect_examples.full.questions_a_phrase_fits import fits, joined
from autodidact.generators.affect_examples.full.shared_slots import EMERGENCY, NAME, TABLE, about, row, said
from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.generators.writing.conversations import assistant, user
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

# A number before one of these is a day or a year, of which not every other one exists.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_IS_THAT = re.compile(r"(?:^|[,.;] )(?:is|was) (?:that|this|it) (\w+)\?$", re.IGNORECASE)
# Somebody asks for leave, and what facts have that give it, refuse it, or say on what it depends.
_MAY_I = re.compile(r"(?:^|[.!,:;] )(?:can|may|could|am|are) (?:I|we)\b[^?]*\?$", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:yes|no|not|never|nobody|can|cannot|may|must|ha(?:ve|s) to|needs?|needed|allowed|possible|free"
    r"|welcome|closed|open|without|until|unless|if|n't)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_RANGE = re.compile(r"\d\S* ?(?:to|and|-|–) ?\d")


def full_examples(facts: AffectTable, snapshot: Snapshot) -> Iterator[Example]:
    """Every state meets every context that somebody in it may ask about, in each kind of text once; between
    these stand the examples about moods by themselves, one of each kind in turn.
    """
    rounds = [_pairs(facts, snapshot), *map(iter, alone(facts, snapshot.rng(NAME, "full", "alone")))]
    left = snapshot.limit
    while rounds and left:
        for queue in list(rounds):
            found = next(queue, None)
            if found is None:
                rounds.remove(queue)
            elif left:
                left -= 1
                yield found


def _pairs(facts: AffectTable, snapshot: Snapshot) -> Iterator[Example]:
    kinds = (_draft, _reply, _mend, _check, _turn, _compare)
    made: list[tuple[State, Context, random.Random]] = []
    for context in facts.contexts:
        asked_by = [s for s in facts.states if s.id not in context.never and _moods(s, context, facts)]
        if not asked_by:
            table = facts.states[0].ref.partition("#")[0]
            snapshot.troubles.add(_why_nobody(context, facts), f"{table}#{context.id}")
        for state in asked_by:
            made.append((state, context, snapshot.rng(NAME, "full", state.id, context.id)))
    snapshot.rng(NAME, "full").shuffle(made)
    for round_ in range(len(kinds)):
        for place, (state, context, rng) in enumerate(made):
            found = kinds[(place + round_) % len(kinds)](state, context, facts, rng)
            if found:
                yield found


def _moods(state: State, context: Context, facts: AffectTable) -> list[str]:
    """What somebody in the state says who asks this, as far as that is sure and the state's opening words fit
    it, where it has any.
    """
    if delighted_about_trouble(state, context) or EMERGENCY.search(context.asks) or not judged(context):
        return []
    rng = random.Random(0)
    return [
        mood
        for mood in state.says
        if fits(mood, context)
        and not EMERGENCY.search(mood)
        and (opening(state, context, f"{mood} {context.asks}", facts, rng) or not _has_words(state))
        and not (SORROW.search(context.asks) and not _has_words(state))
    ]


def _why_nobody(context: Context, facts: AffectTable) -> str:
    """Why a context has no message of anybody's."""
    if all(state.id in context.never for state in facts.states):
        return "context that no state of the table asks about"
    if EMERGENCY.search(context.asks):
        return "context of an emergency"
    if not judged(context):
        return "context whose facts lack what its question asks for"
    return "context whose question no phrase of a state surely goes with"


def judged(context: Context) -> bool:
    """Whether the facts have the word that a question ends with: "Is that dangerous?" is not answered by
    where to send the book; and a word of leave where somebody asks for it: "Can I watch from home?" is not
    answered by what is planned.
    """
    if _MAY_I.search(context.asks) and not _ANSWERS.search(context.text()):
        return False
    asked = _IS_THAT.search(context.asks)
    return asked is None or asked[1].lower() in context.text().lower()


def _has_words(state: State) -> bool:
    """Whether a reply in the state's tone has words of its own to begin with."""
    return not all(map(CLAIMS.search, state.open))


def in_tone(opened: str, context: Context) -> str:
    """The context's facts after opening words. What a state closes with fits a conversation that is over,
    and not every question; it is left out.
    """
    return " ".join(part for part in (opened, *context.facts) if part)


def _slots(state: State, context: Context, facts: AffectTable, rng: random.Random) -> dict[str, str]:
    """What the shapes of wordings.yaml may name."""
    mood = rng.choice(_moods(state, context, facts))
    message = joined(mood, context.asks, rng.random() < 0.6)
    opened = opening(state, context, message, facts, rng)
    return about(state, mood, facts) | {
        "mood": mood,
        "asks": context.asks,
        "message": message,
        "facts": context.bullets(),
        "opening": opened,
        "reply": in_tone(opened, context),
    }


def _draft(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """A colleague wants a draft, and why it sounds so; none that is the notes, word for word."""
    slots = _slots(state, context, facts, rng)
    if not slots["opening"]:
        return None
    ask, answer = said("draft", slots, rng)
    return row(state, context, "draft", ask, answer)


def _reply(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example:
    """The person writes, the facts stand in the system prompt."""
    slots = _slots(state, context, facts, rng)
    system = rng.choice(TABLE["systems"]).format(**slots)
    return row(state, context, "reply", slots["message"], slots["reply"], system=system)


def _wrong_opening(
    state: State, message: str, facts: AffectTable, rng: random.Random
) -> tuple[str, str] | None:
    """(words that belong to another mood, why they are wrong here)."""
    wrong = [
        (text, why)
        for one in facts.states
        for text in one.open
        if one.tone != state.tone and (why := clash(text, state, message))
    ]
    return rng.choice(wrong) if wrong else None


def _mend(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """A draft that sounds as if for somebody else."""
    slots = _slots(state, context, facts, rng)
    wrong = _wrong_opening(state, slots["message"], facts, rng)
    if wrong is None:
        return None
    slots |= {"draft": in_tone(wrong[0], context), "opened": wrong[0], "clash": wrong[1]}
    return row(state, context, "mend", *said("mend", slots, rng))


def _check(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """A reply that leaves a fact out, or has a number wrong."""
    at = rng.randrange(len(context.facts))
    fact, kept = context.facts[at], list(context.facts)
    wrong, _, _ = _wrong(fact, rng)
    if wrong and rng.random() < 0.5:
        kept[at], kind = wrong, "changed"
    elif len(kept) > 1:
        del kept[at]
        kind = "lost"
    else:
        return None
    slots = _slots(state, context, facts, rng) | {"fact": fact}
    slots["draft"] = " ".join(part for part in (slots["opening"], *kept) if part)
    return row(state, context, kind, *said(kind, slots, rng))


def _wrong(fact: str, rng: random.Random) -> tuple[str, str, str]:
    """(the fact with another number, its number, the other one); empty where it has none that may be
    another.
    """
    if _RANGE.search(fact):
        return "", "", ""  # `15 to 12 days` is not what anybody hears
    number = re.search(rf"(?<![\w.,:-])\d{{1,6}}(?![\w:-]|[.,]\d| (?:{_MONTHS})\b)", fact)
    if not number or re.search(rf"(?:{_MONTHS})\s$", fact[: number.start()]):
        return "", "", ""
    step = rng.randint(1, 9)
    # What may be a year is altered to one before it: nothing is sold out in 2030 yet.
    other = str(int(number[0]) + (-step if _YEAR.fullmatch(number[0]) else step))
    return f"{fact[: number.start()]}{other}{fact[number.end() :]}", number[0], other


def _turn(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """The reply was given; then the person repeats one of its facts with a wrong number."""
    heard = [(fact, *found) for fact in context.facts if (found := _wrong(fact, rng))[0]]
    if not heard:
        return None
    slots = _slots(state, context, facts, rng)
    slots |= dict(zip(("fact", "heard", "number", "other"), rng.choice(heard), strict=True))
    system = rng.choice(TABLE["systems"]).format(**slots)
    history = [user(slots["message"]), assistant(slots["reply"])]
    ask, answer = said("misread", slots, rng)
    return row(state, context, "turn", ask, answer, system=system, history=history)


def _compare(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """Two drafts with the same facts."""
    slots = _slots(state, context, facts, rng)
    wrong = _wrong_opening(state, slots["message"], facts, rng)
    if wrong is None:
        return None
    reply, first = in_tone(wrong[0], context), rng.random() < 0.5
    slots |= {"opened": wrong[0], "clash": wrong[1]}
    slots |= {"a": slots["reply"] if first else reply, "b": reply if first else slots["reply"]}
    slots |= {"letter": "A" if first else "B", "wrong": "B" if first else "A"}
    return row(state, context, "compare", *said("compare", slots, rng))
