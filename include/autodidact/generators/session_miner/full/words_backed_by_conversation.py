"""What a record says in words of its own: whether what came before bears it out.

A model in a record knows its desk from elsewhere. It passes on that "the member wants a call", names Sepp
where the tool said `sl`, and promises to "send another". Whoever learns from that learns to invent. So what
follows from a tool's result has to have the words of what is shown, clause by clause, and what is handed over
has to stand there as it is: "water into the machine room" has the words of a message of which it says the
opposite. Words that are shown are asked of an answer without a call, too, where tools are at hand: an opening
hour that no tool was asked for is not sure.
"""

import json
import re
from typing import Any

from autodidact.generators.writing.recognise_english import is_english
from autodidact.shipped_tables import read_table

# Letters by which two words are taken for one; share of the words of a text that what is shown has at least.
STEM, BACKED = 4, 0.5
# Words of a text that is compared.
LEAST_WORDS = 4
# Words of an English answer that nothing shows, at most: `large`, of `towel-l`.
MOST_ADDED = 1

_PLAIN = frozenset(read_table(__file__, "words_backed_by_conversation.yaml")["plain"].split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CLAUSE = re.compile(r"[.!?;:]+(?=\s|$)|,\s|\n|\s[-–—]\s|\b(?:and|but|because|so that)\b")
_SENTENCE = re.compile(r"[.!?;]+(?=\s|$)|\n")
# A subject without an article at the beginning: a name (a service's is often in lower case), or things.
_SUBJECT = re.compile(r"\W*([A-Za-z][a-z]+) (?:is|was|has|had|will|can|does|[a-z]{2,}(?:[^s\W]s|ed))\b")
# What is offered, and claims nothing.
_OFFERS = re.compile(
    r"\W*(?:shall|should|may|can|could) I\b|\W*(?:do|would) you (?:want|like)\b", re.IGNORECASE
)
# What is promised: to do something, or that it is being done.
_PROMISES = re.compile(
    r"\b(?:we|I)(?:['’]ll| will)? (?:also )?(send|call|ring|replace|refund|pay|give|write)\b"
    r"|\b(?:will|['’]ll) (?:be |also |soon |now )?([a-z]+)\b|\bon (?:its|the|their|his|her|my|our) (way)\b",
    re.IGNORECASE,
)

# What is allowed or said to be safe; what a word is explained by: "F08 may fly. Amber only means ...".
_CLEARS = re.compile(
    r"\b(?:may|(?:is|are) (?:safe|ok|okay|fine|clear|cleared|free|allowed|good) to) (?:not |be )*([a-z]+)"
)
_EXPLAINS = re.compile(r"([^\W_]+) (?:only |just |simply |here )?means?\b")

# What is said of all, or of how a thing does, and needs a result that says so; a thing that is pointed at:
# "that night".
_ALL = re.compile(r"\b(?:only|always|never|nobody|everybody|nothing|fine)\b", re.IGNORECASE)
_POINTED_AT = re.compile(r"\b(?:that|this|those|these) ([a-z]{3,})\b", re.IGNORECASE)
# Who asks for a cause; lines of results from which one may be seen.
_WHY = re.compile(r"\bwhy\b|\bhow come\b|\bcause", re.IGNORECASE)
FEWEST_LINES = 2
# What is reported as done.
_DONE = re.compile(
    r"\b(added|booked|cancel+ed|changed|created|deleted|fixed|moved|ordered|removed|renamed|replaced"
    r"|sent|stopped|updated)\b",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DAY = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b", re.IGNORECASE)

# That nothing is to be paid, and a result with an amount.
_FREE = re.compile(r"\bno (?:fee|charge|costs?)\b|\bfree of charge\b|\bcosts? nothing\b", re.IGNORECASE)
_FEE = re.compile(r"(?:fee|cost|charge|price|eur|usd|gbp)\w*\W{1,4}[1-9]", re.IGNORECASE)


def handed_in_shown_words(value: str, shown: str) -> bool:
    """Whether a text that is handed over stands in what is shown, word after word; the signs between the
    words do not count, and a title of three words may have words of its own.
    """
    said, known = (f" {' '.join(_WORD.findall(text.lower()))} " for text in (value, shown))
    return len(value.split()) < LEAST_WORDS or said in known


def told_in_shown_words(
    messages: list[dict[str, Any]], answer: str | dict[str, Any], tools: list[dict[str, Any]]
) -> bool:
    """Whether an answer that follows on results of tools, or that was given with tools at hand, has their
    words and those of the conversation.
    """
    found = any(one["role"] == "tool" for one in messages)
    if not isinstance(answer, str) or not (found or tools):
        return True
    shown = json.dumps([messages, tools], ensure_ascii=False)
    known = _stems(_CAMEL.sub(" ", shown))
    gave = " ".join(one["content"] for one in messages if one["role"] == "tool")
    called = json.dumps([one.get("tool_calls") for one in messages])
    results = _stems(gave)
    if not says_no_more(answer, shown):
        return False
    if not found:
        return is_english(answer)
    asked = [one["content"] for one in messages if one["role"] == "user"][-1:]
    # One line of a log shows what happened, and not why.
    if asked and _WHY.search(asked[0]) and len(gave.strip().splitlines()) < FEWEST_LINES:
        return False
    return (
        _backed(answer, known)
        and not (_FREE.search(answer) and _FEE.search(gave))
        and all(_any_backed(one, known) for one in _SENTENCE.split(answer) if not _OFFERS.match(one))
        and all(subject.lower() in shown.lower() for subject in _subjects(answer))
        and all("".join(found)[:STEM].lower() in results for found in _PROMISES.findall(answer))
        and all(word[:STEM].lower() in results for word in _cleared(answer))
        and all(word[:STEM].lower() in results | _stems(called) for word in _DONE.findall(answer))
    )


def says_no_more(answer: str, shown: str) -> bool:
    """Whether an answer in English has at most one word that says something and is not shown, points at
    nothing that is not, and says of all, or of a weekday, only what is shown. What is in another language
    cannot be compared.
    """
    if not is_english(answer):
        return True
    known, said = _stems(_CAMEL.sub(" ", shown)), shown.lower()
    added = {word[:STEM].lower() for word in _content(answer) if not _DAY.fullmatch(word)} - known
    pointed = [word for word in _POINTED_AT.findall(answer) if word.lower() not in _PLAIN]
    return (
        len(added) <= MOST_ADDED
        and all(word[:STEM].lower() in known for word in pointed)
        and all(word.lower() in said for word in _ALL.findall(answer))
        and all(re.search(rf"\b{day[:3]}", said) for day in _DAY.findall(answer.lower()))
    )


def _cleared(answer: str) -> list[str]:
    """What an answer says may be done, and the words that it explains."""
    found = _CLEARS.findall(answer) + _EXPLAINS.findall(answer)
    return [word for word in found if word.lower() not in _PLAIN]


def _stems(text: str) -> set[str]:
    return {word[:STEM].lower() for word in _WORD.findall(text)}


def _content(text: str) -> list[str]:
    """The words that say something: of three letters and more, or with digits."""
    words = _WORD.findall(text)
    return [
        w for w in words if (len(w) > 2 or re.search(r"\d", w)) and w.lower().replace("’", "'") not in _PLAIN
    ]


def _backed(text: str, known: set[str]) -> bool:
    words = _content(text)
    return sum(word[:STEM].lower() in known for word in words) >= BACKED * len(words)


def _any_backed(clause: str, known: set[str]) -> bool:
    """Whether a clause has one word that is shown; what has no word of its own says nothing."""
    words = _content(clause)
    return not words or any(word[:STEM].lower() in known for word in words)


def _subjects(answer: str) -> list[str]:
    found = (_SUBJECT.match(sentence) for sentence in _SENTENCE.split(answer))
    return [match[1] for match in found if match and len(match[1]) > 2 and match[1].lower() not in _PLAIN]
