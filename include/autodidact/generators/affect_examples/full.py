"""Affect in the register `full`: whole replies in the right tone with the reason for it, drafts mended, lost
facts put back, and conversations in which a fact of the reply is asked about.

The facts of an answer are the context's sentences, word for word, and all of them, or the one that is asked
about; the words before them are those that the state gives. What fits a state is said as the table says it.
"""

import random
import re
from collections.abc import Iterator

from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.word_tables import read_table
from autodidact.records import Example, example
from autodidact.sources.snapshot import Snapshot

NAME = "affect_examples"
CATEGORY = "affect_reasoning"

# Words of an opening that is a sentence and no label, such as `In plain words.`
SENTENCE = 4
# What a state avoids that facts given word for word may hold all the same.
OF_FACTS = re.compile(r"jargon|number|abbreviation|detail", re.I)

# What openings take for granted, by their words, and how a message bears it out: that it was asked before,
# that something is asked, that something has happened.
_TAKEN_FOR_GRANTED = {
    "repeated": (
        re.compile(r"\b(again|still)\b", re.I),
        re.compile(r"\b(again|still|already|twice|(second|third|fourth|\w+th) time)\b", re.I),
    ),
    "asked": (re.compile(r"\b(ask(ed)?|question)\b", re.I), re.compile(r"\?|\bask", re.I)),
    "waited": (
        re.compile(r"\b(too long|long wait|so long|waiting|your patience)\b", re.I),
        re.compile(r"\b(wait\w*|minutes?|hours?|days?|weeks?|long|late|still|since)\b", re.I),
    ),
    "two": (
        re.compile(r"\b(alike|both|the two of them|easy to mix)\b", re.I),
        re.compile(r"\b(mix\w*|which|both|confus\w+|difference)\b", re.I),
    ),
    "happened": (
        re.compile(r"\bhappen", re.I),
        re.compile(r"\b(I|my \w+) (\w+ed|booked|broke|fell|forgot|lost)\b", re.I),
    ),
}
# What calls for help before anything else: no record of opening hours answers that.
_EMERGENCY = re.compile(
    r"\b(?:can['’]?t find|cannot find|(?:does|do)(?:n['’]t| not) (?:move|breathe|wake|react)|not breathing"
    r"|help me|somebody help|bleed\w*|unconscious|trapped|on fire|drown\w*|is missing|hurt|injured"
    r"|we are stuck|gets dark|kill myself|collapsed)\b",
    re.IGNORECASE,
)
# Openings that only good news allows.
_GLAD = re.compile(r"\b(glad|good|great|happy|pleased|lovely|wonderful|delighted|nice)\b", re.I)
_DELIGHT = re.compile(r"\b(glad|great|happy|pleased|lovely|wonderful|delighted)\b", re.I)
# Openings that sound as if something were wrong.
_GRAVE = re.compile(
    r"\b(is known|we know|so far|calm(ly)?|breath|panic|worry|worried|fear|safety|danger)\b", re.I
)
# Of a death or the like nothing is said before a word of sorrow.
_SORROW = re.compile(
    r"\b(died|dead|death|dying|deceased|funeral|passed away|miscarriage|killed|cancer|terminally ill)\b", re.I
)
# Openings that are wrong for hardly anybody: they are no example of a voice that misses the mood.
_PLAIN = re.compile(r"\bhere (?:is|are)\b|^(?:I am|I'm|We are|We're) (?:very |so |truly )?sorry\.$", re.I)
_CONDOLES = re.compile(r"\b(sorry|condolences?|sympathy|sympathies|loss)\b", re.I)
# Openings that fit an answer which is still missing.
_SYMPATHY = re.compile(
    r"\b(sorry|condolences?|understand|apologi[sz]e|sympathy|no need to|happens to|see why)\b", re.I
)
# A number before one of these is a day or a year, of which not every other one exists.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# Words for how somebody is, by their form.
_ADJECTIVE = re.compile(
    r"in (?:a |an )?[a-z]+|(?:very |so )?(?:[a-z]+(?:ed|ous|ful|less|ish|ive|sick|worn)"
    r"|(?:worn|burnt|stressed) out|lost|sad|glad|calm"
    r"|mad|cross|upset|angry|happy|hungry|sorry|proud|afraid|tense|nosy|busy|shy|weary|grumpy"
    r"|jolly|merry|lonely|ready|frantic|sarcastic|enthusiastic|optimistic|nervous|bitter|eager|torn|brusque"
    r"|polite|rude|impatient|indignant|reluctant|confident|hesitant|insecure|playful|moved|chuffed|in pain"
    r"|mourning|grieving|panicking|hurting|doubting|joking|gloating|(?:very )?new)",
    re.IGNORECASE,
)
# Openings that state what is so, or what will be done: no context says that.
_CLAIMS = re.compile(
    r"\b(?:safe|saved|solved|normal|ours|our (?:mistake|fault|doing)|(?:is|are) being \w+"
    r"|(?:is|are) on (?:its|the|their) way|went wrong|will be|can be|help is|is coming"
    r"|nothing (?:is|was|will)|has been|have been|guarantee\w*)\b",
    re.IGNORECASE,
)
# Questions of people for whom something went wrong.
_COMPLAINS = re.compile(
    r"\b(?:taken|broken?|lost|stolen|frozen|errors?|wrong|(?:does|did|do|is|are|was|has)(?:n['’]t| not)"
    r"|won['’]t|can['’]?t|cannot|closed|late|missing|refunds?|complain\w*|stuck|dead|died|fail\w*|cancell?ed|alarm|smells?"
    r"|never|double|twice|blocked|stopped)\b",
    re.IGNORECASE,
)

_TABLE = read_table(__file__, "full.yaml")


def full_examples(facts: AffectTable, snapshot: Snapshot) -> Iterator[Example]:
    """Every state meets every context that somebody in it may ask about, in each kind of text once."""
    kinds = (_draft, _reply, _mend, _check, _missing, _turn, _advice, _compare)
    made: list[tuple[State, Context, random.Random]] = []
    for context in facts.contexts:
        for state in facts.states:
            if state.id not in context.never and _moods(state, context, facts):
                made.append((state, context, snapshot.rng(NAME, "full", state.id, context.id)))
    snapshot.rng(NAME, "full").shuffle(made)
    left = snapshot.limit
    for round_ in range(len(kinds)):
        for place, (state, context, rng) in enumerate(made):
            if left == 0:
                return
            found = kinds[(place + round_) % len(kinds)](state, context, facts, rng)
            if found:
                left -= 1
                yield found


def _row(state: State, context: Context, kind: str, ask: str, answer: str, **more) -> Example:
    source = {"kind": "table", "ref": state.ref, "ask": kind, "context": context.id}
    return example(NAME, CATEGORY, ask, answer, source, **more)


def opening(state: State, context: Context, message: str, facts: AffectTable, rng: random.Random) -> str:
    """Words of the state to open with that fit the message, a whole sentence where it has one; "" where it
    has none.
    """
    fit = [text for text in state.open if _presupposed(text) <= _shown(message) and not _CLAIMS.search(text)]
    bad = _is_bad_news(context, facts)
    fit = [text for text in fit if not (_GLAD.search(text) if bad else _GRAVE.search(text))]
    if _SORROW.search(message):
        fit = [text for text in fit if _CONDOLES.search(text)]
    sentences = [text for text in fit if len(text.split()) >= SENTENCE] or fit
    # `You should not have to ask again` before what suits any message, where it does fit.
    telling = [text for text in sentences if _presupposed(text)]
    return rng.choice(telling or sentences) if sentences else ""


def _is_bad_news(context: Context, facts: AffectTable) -> bool:
    """Whether nobody who is glad would ask this; of a table in which nobody is glad, that is not known, and
    what may be grave is taken for it.
    """
    glad = any(map(_GLAD.search, (text for state in facts.states for text in state.open)))
    return (
        not glad
        or _COMPLAINS.search(context.asks) is not None
        or any(state.id in context.never and any(map(_GLAD.search, state.open)) for state in facts.states)
    )


def _moods(state: State, context: Context, facts: AffectTable) -> list[str]:
    """What somebody in the state says with which the state's opening words fit, all where it has none and
    nothing sad is said;
    without those about an `it` that no context names, where there are others.
    """
    rng = random.Random(0)
    if _COMPLAINS.search(context.asks) and any(map(_DELIGHT.search, state.open)):
        return []  # whoever complains is not delighted
    usable = [text for text in state.open if not _CLAIMS.search(text)]
    fit = [
        mood
        for mood in state.says
        if opening(state, context, f"{mood} {context.asks}", facts, rng)
        or not (usable or _SORROW.search(f"{mood} {context.asks}"))
    ]
    fit = [mood for mood in fit if not _EMERGENCY.search(mood)]
    asking = [mood for mood in fit if "?" not in mood] or fit  # a question of its own stays open
    return [mood for mood in asking if not re.search(r"\bit\b", mood)] or asking


def _presupposed(text: str) -> set[str]:
    """What an opening takes for granted."""
    return {name for name, (words, _) in _TAKEN_FOR_GRANTED.items() if words.search(text)}


def _shown(message: str) -> set[str]:
    """What of that a message bears out."""
    return {name for name, (_, shown) in _TAKEN_FOR_GRANTED.items() if shown.search(message)}


def in_tone(opened: str, context: Context) -> str:
    """The context's facts after opening words. What a state closes with fits a conversation that is over,
    and not every question; it is left out.
    """
    return " ".join(part for part in (opened, *context.facts) if part)


def _slots(state: State, context: Context, facts: AffectTable, rng: random.Random) -> dict[str, str]:
    """What the shapes of full.yaml may name."""
    mood = rng.choice(_moods(state, context, facts))
    said = mood if mood[-1:] in ".!?…" else f"{mood}."
    message = f"{said} {context.asks}" if rng.random() < 0.6 else f"{context.asks} {mood}"
    opened = opening(state, context, message, facts, rng)
    return {
        "state": mood_said(state.id),
        "tone": f'"{state.tone}"',
        "mood": mood,
        "asks": context.asks,
        "message": message,
        "facts": context.bullets(),
        "opening": opened,
        "sympathy": opened if _SYMPATHY.search(opened) else "",
        "reply": in_tone(opened, context),
        "without": _without(state, facts),
        "begin": f'You can begin with "{opened}"' if opened else "Begin with the answer itself.",
    }


def _without(state: State, facts: AffectTable) -> str:
    """` (to avoid: jokes, excuses)`; empty where what is avoided was not read whole, or is nothing."""
    words = [word for word in state.avoid if not OF_FACTS.search(word)]
    avoided = facts.unread.closed(
        "; ".join(words) if ", " in "".join(words) else ", ".join(words), f"avoid/{state.id}"
    )
    return f" (to avoid: {avoided})" if avoided else ""


def mood_said(name: str) -> str:
    """How somebody in a state is, after "who is": "in a hurry", "worried"; of a word that may be no adjective
    that it is the name of a state.
    """
    words = re.sub(r"[-_ ]+", " ", name).strip()
    return words if _ADJECTIVE.fullmatch(words) else f"in the state `{name}`"


def _said(kind: str, slots: dict[str, str], rng: random.Random) -> tuple[str, str]:
    """A question of this kind, and one of the answers that fit it."""
    group = rng.choice(_TABLE[kind])
    ask, say = rng.choice(group["ask"]).format(**slots), rng.choice(group["say"]).format(**slots)
    return ask, say.replace(">  ", "> ")  # where a state has no opening words


def _draft(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example:
    """A colleague wants a draft, and why it sounds so."""
    ask, answer = _said("draft", _slots(state, context, facts, rng), rng)
    return _row(state, context, "draft", ask, answer)


def _reply(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example:
    """The person writes, the facts stand in the system prompt."""
    slots = _slots(state, context, facts, rng)
    system = rng.choice(_TABLE["systems"]).format(**slots)
    return _row(state, context, "reply", slots["message"], slots["reply"], system=system)


def _other(state: State, context: Context, facts: AffectTable, rng: random.Random) -> State | None:
    """A state whose words would be wrong here, of those in which somebody may ask this."""
    others = [
        one for one in facts.states if one.tone != state.tone and one.open and one.id not in context.never
    ]
    return rng.choice(others) if others else None


def _mend(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """A draft that sounds as if for somebody else."""
    other = _other(state, context, facts, rng)
    slots = _slots(state, context, facts, rng)
    opened = opening(other, context, slots["message"], facts, rng) if other else ""
    if other is None or not opened or _PLAIN.search(opened):
        return None
    slots |= {"draft": in_tone(opened, context), "opened": opened, "other": mood_said(other.id)}
    ask, answer = _said("mend", slots, rng)
    return _row(state, context, "mend", ask, answer)


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
    return _row(state, context, kind, *_said(kind, slots, rng))


def _wrong(fact: str, rng: random.Random) -> tuple[str, str, str]:
    """(the fact with another number, its number, the other one); empty where it has none that may be
    another.
    """
    number = re.search(rf"(?<![\w.:-])\d{{1,6}}(?![\w:-]|\.\d| (?:{_MONTHS})\b)", fact)
    if not number or re.search(rf"(?:{_MONTHS})\s$", fact[: number.start()]):
        return "", "", ""
    other = str(int(number[0]) + rng.randint(1, 9))
    return f"{fact[: number.start()]}{other}{fact[number.end() :]}", number[0], other


def _missing(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """The facts at hand are about something else."""
    others = [one for one in facts.contexts if not set(one.facts) & set(context.facts)]
    if not others:
        return None
    other = rng.choice(others)
    slots = _slots(state, context, facts, rng) | {"facts": other.bullets()}
    ask, answer = _said("missing", slots, rng)
    return _row(state, context, "missing", ask, answer)


def _turn(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """The reply was given; then the person repeats one of its facts with a wrong number, or wants the facts
    as a list.
    """
    heard = [(fact, *found) for fact in context.facts if (found := _wrong(fact, rng))[0]]
    if not heard and len(context.facts) < 2:
        return None
    slots = _slots(state, context, facts, rng)
    kind = "misread" if heard and rng.random() < 0.7 else "listed"
    if kind == "misread":
        slots |= dict(zip(("fact", "heard", "number", "other"), rng.choice(heard), strict=True))
    system = rng.choice(_TABLE["systems"]).format(**slots)
    history = [user(slots["message"]), assistant(slots["reply"])]
    ask, answer = _said(kind, slots, rng)
    return _row(state, context, "turn", ask, answer, system=system, history=history)


def _advice(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example:
    """How to answer somebody who feels so, with this case as the example."""
    ask, answer = _said("advice", _slots(state, context, facts, rng), rng)
    return _row(state, context, "advice", ask, answer)


def _compare(state: State, context: Context, facts: AffectTable, rng: random.Random) -> Example | None:
    """Two drafts with the same facts."""
    other = _other(state, context, facts, rng)
    slots = _slots(state, context, facts, rng)
    opened = opening(other, context, slots["message"], facts, rng) if other else ""
    if other is None or not opened or _PLAIN.search(opened):
        return None
    right, wrong = slots["reply"], in_tone(opened, context)
    slots |= {"other": mood_said(other.id)}
    first = rng.random() < 0.5
    slots |= {"a": right if first else wrong, "b": wrong if first else right}
    slots |= {"letter": "A" if first else "B", "wrong": "B" if first else "A"}
    ask, answer = _said("compare", slots, rng)
    return _row(state, context, "compare", ask, answer)
