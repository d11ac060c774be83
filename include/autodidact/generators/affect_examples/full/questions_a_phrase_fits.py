"""Which questions a phrase about somebody's mood can join.

`Best butter in Wales!` is a message of its own: before "Half the box arrived broken" it makes nonsense, and
nothing in the table of moods says so. A phrase joins a question only where it is known by its words and says
nothing of the matter (`No time, quick.`), and where the question is one that people in that mood ask.
"""

import re
from dataclasses import dataclass

from autodidact.generators.affect_examples.read_affect_table import Context
from autodidact.shipped_tables import read_table

# Questions of people for whom something went wrong.
COMPLAINS = re.compile(
    r"\b(?:taken|broken?|lost|stolen|frozen|errors?|wrong|(?:does|did|do|is|are|was|has)(?:n['’]t| not)"
    r"|won['’]t|can['’]?t|cannot|closed|late|missing|refunds?|complain\w*|stuck|dead|died|fail\w*"
    r"|cancell?ed|alarm|smells?"
    r"|never|double|twice|blocked|stopped"
    r"|still (?:off|out|down|red)|out of order|is down|switched off)\b",
    re.IGNORECASE,
)
# What somebody did, of which nobody else is to blame.
_OWN_SLIP = re.compile(
    r"\bI (?:may have |might have |have |must have )?(?:booked|ordered|merged|logged|dropped|pressed"
    r"|deleted|missed|mixed|lost|broke|forgot|left|found|sent|took|spilt|spilled|entered|typed|picked)\b"
    r"|\bmy \w+ (?:fell|broke)\b",
    re.IGNORECASE,
)
# Somebody is missing: nobody adds how tired they are.
_ALARM = re.compile(
    r"\b(?:my|our) (?:son|daughter|child|children|kids?|boy|girl|husband|wife|mother|father)\b.*"
    r"\b(?:not there|gone|missing|lost|find)\b",
    re.IGNORECASE,
)
# People whom only an earlier message names.
_NAMED_BEFORE = re.compile(r"\b(?:her|his|him|hers)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"\b(?:my|our) [a-z]+\b.*\b(?:her|his|him|hers)\b", re.IGNORECASE)
_MINE_GONE = re.compile(r"\bwhere (?:is|are|did) (?:my|our)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|we|me|us)\b|\b(?:do|does|is|are|did) (?:my|our)\b", re.IGNORECASE)
_KNOWING = re.compile(
    r"(?:what (?:is|are|does|do)|how (?:often|does|do you|many|thick|old|high|fast|is|are)"
    r"|why (?:do|does|is|are)|since when|do you|may I (?:see|look|watch))\b",
    re.IGNORECASE,
)
_PRACTICAL = re.compile(
    r"(?:when|where|how (?:do|can) (?:I|we)|how long|what (?:do|must) (?:I|we)|who"
    r"|are you (?:open|closed)|is there|does)\b",
    re.IGNORECASE,
)
_WISH = re.compile(r"(?:may|can|could|would) (?:I|we|you|the)\b", re.IGNORECASE)

_TABLE = read_table(__file__, "phrases.yaml")
_PLAIN = frozenset(_TABLE["plain"].split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True)
class Sense:
    """What a phrase says of its writer, and the kinds of questions that it fits."""

    name: str
    says: re.Pattern[str]
    before: frozenset[str]
    once: re.Pattern[str] | None
    detail: bool
    last: bool


_SENSES = tuple(
    Sense(
        name,
        re.compile(row["says"], re.IGNORECASE),
        frozenset(row["before"]),
        re.compile(row["once"], re.IGNORECASE) if "once" in row else None,
        row.get("detail", False),
        row.get("last", False),
    )
    for name, row in _TABLE["senses"].items()
)


def kinds_of_question(asks: str) -> set[str]:
    """What somebody may want who asks this: `trouble` (with `own slip` or `their fault`), `knowing`,
    `practical`, `wish`; nothing where it cannot be told.
    """
    if COMPLAINS.search(asks) or _MINE_GONE.search(asks) or _OWN_SLIP.search(asks) or "?" not in asks:
        return {"trouble", "own slip" if _OWN_SLIP.search(asks) else "their fault"}
    last = re.split(r"[.!]\s+", asks)[-1]
    if _KNOWING.match(last) and not (_FIRST_PERSON.search(asks) and not last.lower().startswith("may i")):
        return {"knowing"}
    if _PRACTICAL.match(last):
        return {"practical"}
    return {"wish"} if _WISH.match(last) else set()


def sense_of(phrase: str) -> Sense | None:
    """The sense of a phrase that says nothing of what is asked; None where it may."""
    if "?" in phrase and not re.search(r"what kind of", phrase, re.IGNORECASE):
        return None
    for sense in _SENSES:
        if sense.says.search(phrase):
            left = _WORD.findall(sense.says.sub(" ", phrase).lower())
            return sense if sense.detail or all(word in _PLAIN for word in left) else None
    return None


def fits(phrase: str, context: Context) -> bool:
    """Whether somebody may say the phrase and ask the context's question in one message."""
    sense, asks = sense_of(phrase), context.asks
    if _ALARM.search(asks) or (_NAMED_BEFORE.search(asks) and not _PEOPLE.search(asks)):
        return False
    if sense is None or (sense.once and not sense.once.search(asks)):
        return False
    return bool(sense.before & kinds_of_question(asks))


def joined(phrase: str, asks: str, first: bool) -> str:
    """The message, with the phrase in front where `first` and its kind allow it."""
    said = phrase if phrase[-1:] in ".!?…" else f"{phrase}."
    said = said[:1].upper() + said[1:]
    sense = sense_of(phrase)
    return f"{said} {asks}" if first and not (sense and sense.last) else f"{asks} {said}"
