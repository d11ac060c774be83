"""What the fields of a record or a message, other than its words, say of how an answer ended and of what was
thought of it, whatever their names are: `finishReason`, `meta.status`, `kto_tag`, `is_correct`, `deleted`.

Nobody can list the values that say something bad. So a field that speaks of an end or a verdict lets an
answer be taught only with a value that is known to be good.
"""

import re
from collections.abc import Iterator
from typing import Any

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.transcripts.evaluations import above_one, alone, comment, holds_evaluation, verdicts
from autodidact.sources.transcripts.judgements import in_bad_words
from autodidact.sources.transcripts.names_of_fields import words_of
from autodidact.sources.transcripts.outcomes import Outcome, ending, worse
from autodidact.sources.transcripts.states_of_other_things import of_something_else
from autodidact.sources.transcripts.verdict_words import VOTES, flagged, of_number

# Of objects that are held in each other.
DEPTH = 4
# Entries of one object, or of a list in it, that are looked at.
MOST_FIELDS, MOST_ITEMS = 200, 20
# How it is counted.
NOT_GOOD = "answer whose record has {}"
# Characters of a value that are shown.
_SHOWN = 40

# Words in the name of a field that speaks of an end or a verdict.
_NEUTRAL = frozenset(
    "status state reason reasons finish stop end ending feedback rating ratings thumb thumbs label"
    " labels tag tags reaction reactions quality vote votes verdict judgement judgment grade outcome".split()
)
# Of those that are good when they are true, and of those that are good when they are false.
_POSITIVE = frozenset(
    "success successful succeeded ok passed correct liked chosen accepted approved resolved completed"
    " complete finished done helpful upvoted".split()
)
_NEGATIVE = {
    **dict.fromkeys("error errors failed failure failures exception timeout".split(), Outcome.FAILED),
    **dict.fromkeys(
        "cut truncated incomplete unfinished aborted cancelled canceled interrupted stopped".split(),
        Outcome.CUT,
    ),
    **dict.fromkeys(
        "deleted removed retracted flagged flag flags rejected refused blocked hidden disliked incorrect"
        " wrong bad downvoted unhelpful".split(),
        Outcome.REFUSED,
    ),
}
_SPEAKS = _NEUTRAL | _POSITIVE | _NEGATIVE.keys()
# Of a field that says when, how many or which, not how: `end_time`, `stop_sequence`, `completed_by`.
_BESIDES = frozenset(
    "at time date timestamp ms ns nano seconds id ids index offset count token tokens by url sequence"
    " sequences version position line user users front word words".split()
)
_MEASURES = frozenset("rating ratings quality verdict judgement judgment grade feedback outcome".split())
_FILED = frozenset("label labels tag tags reaction reactions".split())
# Values in words that are known to be good, as far as `ending` does not know them: without case and marks.
_GOOD = frozenset(
    "ok okay done read received seen pass passed resolved solved submitted closed ended successful succeeded"
    " successfully finishedsuccessfully delivered sent published final true yes up thumbsup thumbup"
    " upvote upvoted like liked positive good great excellent perfect best correct right helpful"
    " accept accepted approved chosen desirable verified gold high 👍".split()
)
_NO = frozenset(("", "false", "no", "none", "null", "0"))
# What holds an answer's words or calls, what it was asked with, or what it cost.
_OTHER = frozenset(
    "content value parts text messages conversations conversation contents tools functions tool_calls"
    " toolCalls function_call arguments input output usage logprobs choices thinking reasoning"
    " reasoning_content request params parameters system message thought toolUseResult end_turn stop"
    " end annotations refusal weight artifact".split()
)
# What the readers read themselves, of a record's own fields.
_READ = ("finish_reason", "stop_reason")
# What a comparison calls its two answers; or, as true or false, which one this is.
_ANSWERS = frozenset(("chosen", "rejected"))
# Of a run, not of what somebody thought of it.
_RAN = frozenset("success successful succeeded ok passed resolved completed complete finished done".split())
# Within a verdict these hold it, or tell it in free words.
_HOLDS, _COMMENTS = ("value", "type", "result"), ("text", "comment", "comments", "message")


def by_fields(given: dict) -> tuple[Outcome, list[str]]:
    """(How an answer ended by the fields of its record, those of them, with their values, which forbid to
    teach it though it came to its end).
    """
    outcome, found = Outcome.SUCCEEDED, []
    for name, value, went in _spoken(given, "", False, 0):
        outcome = worse(outcome, went)
        if went in (Outcome.UNKNOWN, Outcome.REFUSED):
            found.append(f"{name}: {_shown(value)}")
    return outcome, found


def _shown(value: Any) -> str:
    """A value that is one word or number; of longer ones there may be as many as there are records."""
    text = str(value)
    return text if len(text) <= _SHOWN and not re.search(r"\s|[{\[]", text) else "..."


def _spoken(
    given: dict, within: str, verdict: bool, depth: int, listed: bool = False
) -> Iterator[tuple[str, Any, Outcome]]:
    """(name, value, what it says) of each field that speaks; `verdict`: the object is one; `listed`: it is
    one of several.
    """
    more = above_one(given)
    said = any(_SPEAKS.intersection(words_of(str(key))) or key in _HOLDS for key in given)
    for key, value in list(given.items())[:MOST_FIELDS]:
        key, name = str(key), f"{within}{key}"
        words = words_of(key)
        if (known := _evaluated(key, value, name, None if listed else more, depth)) is not None:
            yield from known
            continue
        if verdict and (key in _HOLDS or (key in _COMMENTS and not said)):
            words = within.rstrip(".").split(".")[-1:]
            words = words_of(words[0]) if words else []
        elif key in _OTHER or (not depth and key in _READ):
            continue
        speaks = not _SPEAKS.isdisjoint(words)
        if isinstance(value, (dict, list)) and value and not _fails(words):
            if depth < DEPTH:
                yield from _held(value, words, name, speaks or verdict, depth, listed)
        elif speaks:
            went = _says(words, value)
            other = went is Outcome.UNKNOWN and of_something_else(words_of(name), given.keys(), value)
            yield name, value, Outcome.SUCCEEDED if other else went


def _evaluated(
    key: str, value: Any, name: str, more: bool | None, depth: int
) -> list[tuple[str, Any, Outcome]] | None:
    """What a field says that holds an evaluation, a measure, or a flag by its name; None of any other.
    `more`: None in a list of what may be sources, with the scores of a search.
    """
    words = words_of(key)
    if holds_evaluation(words, value):
        found = list(verdicts(value, words, name, depth))
        if not found and "annotations" not in words and (said := comment(value)):
            found = [(f"{name}.comment", said, _of_words(said))]
        return found
    if key in _OTHER and key != "parts":
        return None
    holder = words_of(name.split(".")[-2]) if "." in name else []
    votes = holder if VOTES.intersection(holder) else []
    went = _of_its_kind(key, value) or flagged([*votes, *words], value)
    if went is None and more is not None:
        went = alone(words, value, more)
    return None if went is None else [(name, value, went)]


def _of_its_kind(key: str, value: Any) -> Outcome | None:
    """What fields say that are known by their form: the limit that ended a run, `{"type": "token"}`, the
    level at which it was logged, a part that was still written.
    """
    if key == "limit" and isinstance(value, dict) and value.get("type"):
        return Outcome.CUT
    if key == "level" and isinstance(value, str) and value.lower() in ("error", "fatal"):
        return Outcome.FAILED
    if key == "parts" and any(str(part.get("state")).endswith("streaming") for part in dicts_of(value)):
        return Outcome.CUT
    return None


def _held(
    value: dict | list, words: list[str], name: str, verdict: bool, depth: int, listed: bool
) -> Iterator[tuple[str, Any, Outcome]]:
    # The two answers of a comparison are no verdicts.
    if _ANSWERS.intersection(words):
        return
    for each in [value] if isinstance(value, dict) else dicts_of(value[:MOST_ITEMS]):
        yield from _spoken(each, f"{name}.", verdict, depth + 1, listed or isinstance(value, list))
    if isinstance(value, list) and not _SPEAKS.isdisjoint(words) and verdict:
        for item in value[:MOST_ITEMS]:
            if not isinstance(item, (dict, list)):
                yield name, item, _says(words, item)


def _fails(words: list[str]) -> bool:
    """Whether a field is good only if it is empty: `error: {...}`, `errors: [...]`."""
    return any(_NEGATIVE.get(word) is Outcome.FAILED for word in words)


def _says(words: list[str], value: Any) -> Outcome:
    """What a field of these words says with a value."""
    if value is None or value == "":
        return Outcome.SUCCEEDED
    if isinstance(value, str) and _ANSWERS.intersection(words) and _plain(value) not in _GOOD | _NO:
        return Outcome.SUCCEEDED
    bad = next((_NEGATIVE[word] for word in words if word in _NEGATIVE), None)
    if bad is not None:
        setting = (
            words[-1:] == ["timeout"] and isinstance(value, (int, float)) and not isinstance(value, bool)
        )
        return Outcome.SUCCEEDED if setting or _nothing(value) else bad
    if not _BESIDES.isdisjoint(words) or (isinstance(value, (list, dict)) and not value):
        return Outcome.SUCCEEDED
    if isinstance(value, bool):
        worst = Outcome.REFUSED if _RAN.isdisjoint(words) else Outcome.FAILED
        return Outcome.SUCCEEDED if value else worst
    if isinstance(value, (int, float)):
        return _of_number(words, value)
    said = _of_words(str(value))
    # What a chat is filed under, `tags: ["billing"]`, says nothing of the answer.
    return Outcome.SUCCEEDED if said is Outcome.UNKNOWN and not _FILED.isdisjoint(words) else said


def _nothing(value: Any, depth: int = 0) -> bool:
    """Whether a field of something bad says that there is none, as `{"code": "", "message": null}` does."""
    if isinstance(value, (dict, list)) and depth < DEPTH:
        held = value.values() if isinstance(value, dict) else value
        return all(_nothing(each, depth + 1) for each in list(held)[:MOST_FIELDS])
    return not value or (isinstance(value, str) and value.strip().lower() in _NO)


def _of_number(words: list[str], value: float) -> Outcome:
    """A verdict of 0 may be none, and 1 the whole or the least; a status may be that of the web."""
    if {"status", "state"}.intersection(words):
        return Outcome.SUCCEEDED if value in (0, 1) or 200 <= value < 300 else Outcome.FAILED
    if value < 0:
        return Outcome.REFUSED
    if {"label", "tag", "thumb", "thumbs"}.intersection(words) or not _POSITIVE.isdisjoint(words):
        return Outcome.SUCCEEDED if value else Outcome.REFUSED
    return of_number(words, value, False) if _MEASURES.intersection(words) else Outcome.SUCCEEDED


def _plain(value: str) -> str:
    return re.sub(r"[\s_\-.!]", "", value[:80]).lower()


def _of_words(value: str) -> Outcome:
    plain = _plain(value)
    if plain in _GOOD:
        return Outcome.SUCCEEDED
    return Outcome.REFUSED if in_bad_words(value) or plain in _NO else ending(value)
