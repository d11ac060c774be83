"""What a record says in words of its own: whether what came before bears it out.

A model in a record knows its desk from elsewhere. It passes on that "the member wants a call", names Sepp
where the tool said `sl`, and promises to "send another". Whoever learns from that learns to invent. So what
follows from a tool's result, or is handed over, has to have the words of what is shown, clause by clause;
what is translated cannot be compared, and only short hand-overs of that are taught.
"""

import json
import re
from typing import Any

from autodidact.generators.writing.read_word_table import read_table
from autodidact.generators.writing.recognise_english import is_english

# Letters by which two words are taken for one; share of the words of a text that what is shown has at least.
STEM, BACKED = 4, 0.5
# Words of a text that is compared; of a translated one.
LEAST_WORDS, MOST_TRANSLATED = 4, 8

_PLAIN = frozenset(read_table(__file__, "words_backed_by_conversation.yaml")["plain"].split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CLAUSE = re.compile(r"[.!?;:]+(?=\s|$)|,\s|\n|\s[-–—]\s|\b(?:and|but|because|so that)\b")
_SENTENCE = re.compile(r"[.!?;]+(?=\s|$)|\n")
# A subject without an article at the beginning: a name, or things.
_SUBJECT = re.compile(r"\W*([A-Z][a-z]+) (?:is|was|has|had|will|can|does|[a-z]{2,}(?:[^s\W]s|ed))\b")
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

# That nothing is to be paid, and a result with an amount.
_FREE = re.compile(r"\bno (?:fee|charge|costs?)\b|\bfree of charge\b|\bcosts? nothing\b", re.IGNORECASE)
_FEE = re.compile(r"(?:fee|cost|charge|price|eur|usd|gbp)\w*\W{1,4}[1-9]", re.IGNORECASE)


def handed_in_shown_words(value: str, asked: str, shown: str) -> bool:
    """Whether a text that is handed over says what the person said in `asked`, or what else is shown."""
    if len(value.split()) < LEAST_WORDS:
        return True
    if is_english(value) and not is_english(asked):
        return len(value.split()) <= MOST_TRANSLATED
    known = _stems(shown)
    return all(subject[:STEM].lower() in known for subject in _subjects(value)) and _all_backed(value, known)


def told_in_shown_words(
    messages: list[dict[str, Any]], answer: str | dict[str, Any], tools: list[dict[str, Any]]
) -> bool:
    """Whether an answer that follows on results of tools has their words and those of the conversation."""
    if not isinstance(answer, str) or not any(one["role"] == "tool" for one in messages):
        return True
    shown = json.dumps([messages, tools], ensure_ascii=False)
    known = _stems(shown)
    gave = " ".join(one["content"] for one in messages if one["role"] == "tool")
    results = _stems(gave)
    return (
        _backed(answer, known)
        and not (_FREE.search(answer) and _FEE.search(gave))
        and all(_any_backed(one, known) for one in _SENTENCE.split(answer) if not _OFFERS.match(one))
        and all(subject.lower() in shown.lower() for subject in _subjects(answer))
        and all("".join(found)[:STEM].lower() in results for found in _PROMISES.findall(answer))
        and all(word[:STEM].lower() in results for word in _cleared(answer))
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


def _all_backed(text: str, known: set[str]) -> bool:
    """Whether every word of a text that says something is shown: "sank" is not, of what "moved"."""
    return all(word[:STEM].lower() in known for word in _content(text))


def _any_backed(clause: str, known: set[str]) -> bool:
    """Whether a clause has one word that is shown; what has no word of its own says nothing."""
    words = _content(clause)
    return not words or any(word[:STEM].lower() in known for word in words)


def _subjects(answer: str) -> list[str]:
    found = (_SUBJECT.match(sentence) for sentence in _SENTENCE.split(answer))
    return [match[1] for match in found if match and len(match[1]) > 2 and match[1].lower() not in _PLAIN]
