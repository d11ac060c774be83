"""Words to begin an answer with: whether they fit a message, and why those of another mood do not."""

import random
import re

from autodidact.generators.affect_examples.full.questions_a_phrase_fits import COMPLAINS, sense_of
from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.shipped_tables import read_table

# Words of openings that fit many questions.
_GENERAL = frozenset(read_table(__file__, "phrases.yaml")["general"].split())

# Words of an opening that is a sentence and no label, such as `In plain words.`
SENTENCE = 4

# What openings take for granted, by their words, and how a message bears it out: that it was asked before,
# that something is asked, that somebody waited or said something kind, that something has happened, that the
# writer is to blame, or tired.
_TAKEN_FOR_GRANTED = {
    "repeated": (
        re.compile(r"\b(again|still)\b", re.I),
        re.compile(r"\b(again|still|already|twice|(second|third|fourth|\w+th) time)\b", re.I),
    ),
    "asked": (re.compile(r"\b(ask(ed|ing)?|questions?)\b", re.I), re.compile(r"\?|\bask", re.I)),
    "waited": (
        re.compile(r"\b(too long|long wait|so long|a long time|waiting|your patience)\b", re.I),
        re.compile(r"\b(wait\w*|minutes?|hours?|days?|weeks?|months?|years?|long|late|still|since)\b", re.I),
    ),
    "praised": (
        re.compile(
            r"\b(nice|kind|good|sweet|lovely) of you\b|\bthank(s| you)( so much| very much)?[.!]", re.I
        ),
        re.compile(
            r"\b(best|lov\w+|thank\w*|great|wonderful|kind|beautiful|brilliant|favou?rite|got me|wow"
            r"|perfect)\b",
            re.I,
        ),
    ),
    "two": (
        re.compile(r"\b(alike|both|the two of them|easy to mix)\b", re.I),
        re.compile(r"\b(mix\w*|which|both|confus\w+|difference)\b", re.I),
    ),
    "happened": (
        re.compile(r"\bhappen|\beasily done\b|\b(done|did) the same\b", re.I),
        re.compile(
            r"\b(I|my \w+)(['’]ve| have| may have)? "
            r"((?!need)\w+ed|booked|broke|fell|forgot|lost|left|killed|mixed|found|took|sent)\b"
            r"|\bmistake of mine\b|\bmy mistake\b|\b(silly|stupid) of me\b|\bI should have\b",
            re.I,
        ),
    ),
    "weary": (
        re.compile(
            r"\b(had a day|long day|sit down|get some (rest|sleep)|(then )?go home|rest well)\b", re.I
        ),
        re.compile(
            r"\b(tired|exhausted|up since|my feet|shift|(day|night) in a row|night of|hours|asleep|slept"
            r"|sleep|worn|brain)\b|nicht mehr",
            re.I,
        ),
    ),
}
# What is named as if it were known, and words behind "the" that name no thing.
_DEFINITE = re.compile(r"\b(?:the|your|his|her|their|these|those) ([a-z]{3,})", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_NO_THINGS = frozenset(
    "best next right rest time way first last same truth whole only answer answers facts fact question day"
    " loss trouble patience message feeling point moment one two need good sunny".split()
)
# Letters by which two words are taken for one.
STEM = 4
# Openings that only good news allows.
_GLAD = re.compile(r"\b(glad|good|great|happy|pleased|lovely|wonderful|delighted|nice)\b", re.I)
_DELIGHT = re.compile(r"\b(glad|great|happy|pleased|lovely|wonderful|delighted)\b", re.I)
# Openings that answer good news, and no question.
PRAISED = re.compile(
    r"\b(?:good|great|glad|lovely|happy|wonderful|nice) to hear(?! you\b| from)"
    r"|\bmakes? us (?:happy|glad|proud)"
    r"|\bcongratulations|\b(?:wonderful|great|good|lovely) news|\bwell done"
    r"|\bthat(?:'s| is) (?:great|lovely|wonderful)",
    re.IGNORECASE,
)
# Openings that sound as if something were wrong.
_GRAVE = re.compile(
    r"\b(is known|we know|so far|calm(ly)?|breath|panic|worry|worried|fear|safety|danger)\b", re.I
)
# Of a death or the like nothing is said before a word of sorrow.
SORROW = re.compile(
    r"\b(died|dead|death|dying|deceased|funeral|passed away|miscarriage|killed|cancer|terminally ill)\b", re.I
)
# What people say of a loss, which alone may mean something else ("the bus has passed").
MOURNS = re.compile(
    r"\b(?:died|funeral|(?:dad|mum|mam|mother|father|wife|husband|sister|brother|friend|he|she) "
    r"(?:has |have )?(?:just )?(?:died|passed)|buried|passed away|(?:grave|ashes)\b|lost my "
    r"(?:\w+ )?(?:mother|father|wife|husband|sister|brother|dad|mum|son|daughter|friend)|is gone\b)",
    re.IGNORECASE,
)
CONDOLES = re.compile(r"\b(sorry|condolences?|sympathy|sympathies|loss)\b", re.I)
# Openings that state what is so, or what will be done: no context says that.
CLAIMS = re.compile(
    r"\b(?:safe|saved|solved|normal|ours|our (?:mistake|fault|doing)|(?:is|are) being \w+"
    r"|(?:is|are) on (?:its|the|their) way|went wrong|will be|can be|help is|is coming|on us"
    r"|nothing (?:is|was|will)|has been|have been|guarantee\w*|one thing|(?:on|in|at) every"
    r"|(?:\w+th|first|second|third) (?:this|today)|rests on|not many|nobody (?:asks|else))\b",
    re.IGNORECASE,
)
# Why words that belong to another mood are wrong for a message, as a clause about the words.
_CLASHES = {
    "repeated": "it speaks to somebody who has asked before, and this person has not said so",
    "happened": "it comforts somebody who owns up to a mistake, and nobody does that here",
    "weary": "it is meant for somebody who is worn out, and nothing in the message says that",
}
_GLAD_CLASH = "it is an answer to good news, and there is none in the message"
_SORRY_CLASH = "it is a word of sympathy, and nothing sad is told"


def opening(state: State, context: Context, message: str, facts: AffectTable, rng: random.Random) -> str:
    """Words of the state to open with that fit the message, a whole sentence where it has one; "" where it
    has none.
    """
    fit = [text for text in state.open if _may_open(text, message, _shown(message)) and is_general(text)]
    bad = _is_bad_news(context, facts)
    fit = [text for text in fit if not (_GLAD.search(text) if bad else _GRAVE.search(text))]
    if SORROW.search(message):
        fit = [text for text in fit if CONDOLES.search(text)]
    return _telling(fit, rng)


def is_general(text: str) -> bool:
    """Whether words to open with fit whatever is asked: "Everybody leaves it on once" is about one thing."""
    return all(word in _GENERAL for word in re.findall(r"[a-z]{3,}", text.lower().replace("’", "'")))


def first_words(state: State, phrase: str, rng: random.Random) -> str:
    """Words of the state to open with after a phrase alone; "" where it has none."""
    seen = _shown(phrase + " ?") if "?" in phrase else _shown(phrase)
    return _telling([text for text in state.open if _may_open(text, phrase, seen)], rng)


def _may_open(text: str, message: str, shown: set[str]) -> bool:
    """Whether words take nothing for granted that the message does not show, and claim nothing."""
    taken = taken_for_granted(text) <= shown
    return taken and not CLAIMS.search(text) and not speaks_of_others(text, message)


def speaks_of_others(text: str, message: str) -> bool:
    """Whether words name what the message does not: "All the best to the twins", "Thank you for telling us of
    him", "That should not have taken four calls".
    """
    counted = {word.lower() for word in _COUNT.findall(text)}
    named = [word.lower() for word in _DEFINITE.findall(text)]
    people = {word.lower() for word in _PRONOUN.findall(text)} - {
        word.lower() for word in _PRONOUN.findall(message)
    }
    counted -= set(re.findall(r"\w+", message.lower()))
    return bool(people or counted) or any(
        word not in _NO_THINGS and word[:STEM] not in message.lower() for word in named
    )


def _telling(fit: list[str], rng: random.Random) -> str:
    """One of the openings, a whole sentence and one that says something of the case where there is one."""
    sentences = [text for text in fit if len(text.split()) >= SENTENCE] or fit
    # `You should not have to ask again` before what suits any message, where it does fit.
    telling = [text for text in sentences if taken_for_granted(text)]
    return rng.choice(telling or sentences) if sentences else ""


def clash(opened: str, state: State, message: str) -> str:
    """Why words to open with are wrong for somebody in the state who writes the message, as a clause; ""
    where that is not certain.
    """
    if opened in state.open:
        return ""
    own = {name for text in state.open for name in taken_for_granted(text)}
    for name, why in _CLASHES.items():
        words, _ = _TAKEN_FOR_GRANTED[name]
        # "That should not have happened" is said to somebody who complains.
        about_them = name == "happened" and "happened" in opened
        if words.search(opened) and not about_them and name not in _shown(message) | own:
            return why
    if PRAISED.search(opened) and not any(map(_DELIGHT.search, state.open)):
        return _GLAD_CLASH
    sense = sense_of(message)
    light = any(map(PRAISED.search, state.open)) or (sense and sense.name in ("curious", "hurry", "shy"))
    if (
        light
        and CONDOLES.search(opened)
        and not (COMPLAINS.search(message) or any(map(CONDOLES.search, state.open)))
    ):
        return _SORRY_CLASH
    return ""


def is_glad(state: State) -> bool:
    """Whether people in the state tell good news: the table answers them as one answers that."""
    return any(map(PRAISED.search, state.open))


def mourns(state: State) -> bool:
    """Whether people in the state tell of a loss, and the table has a word of sympathy for it."""
    return any(map(CONDOLES.search, state.open)) and any(map(MOURNS.search, state.says))


def delighted_about_trouble(state: State, context: Context) -> bool:
    """Whether whoever complains would have to be delighted."""
    return bool(COMPLAINS.search(context.asks)) and any(map(_DELIGHT.search, state.open))


def taken_for_granted(text: str) -> set[str]:
    """What an opening takes for granted."""
    return {name for name, (words, _) in _TAKEN_FOR_GRANTED.items() if words.search(text)}


def _shown(message: str) -> set[str]:
    """What of that a message bears out."""
    return {name for name, (_, shown) in _TAKEN_FOR_GRANTED.items() if shown.search(message)}


def _is_bad_news(context: Context, facts: AffectTable) -> bool:
    """Whether nobody who is glad would ask this; of a table in which nobody is glad, that is not known, and
    what may be grave is taken for it.
    """
    glad = any(map(_GLAD.search, (text for state in facts.states for text in state.open)))
    return (
        not glad
        or COMPLAINS.search(context.asks) is not None
        or any(state.id in context.never and any(map(_GLAD.search, state.open)) for state in facts.states)
    )
