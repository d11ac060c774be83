"""The conversation before an answer, as it was: earlier exchanges, the request, calls and what they gave."""

import dataclasses
import json
import re
from collections import OrderedDict
from typing import Any

from autodidact.generators.session_miner.answers_that_are_none import cut_off, is_none
from autodidact.generators.session_miner.claims_of_deeds import claims_a_deed
from autodidact.generators.session_miner.empty_results import borne_out
from autodidact.generators.session_miner.exchange_examples import message
from autodidact.generators.session_miner.exchange_selection import (
    MOST_ARGUMENTS,
    MOST_RESULT,
    alone,
    in_context,
    labelled,
    spoiled,
)
from autodidact.generators.session_miner.full.answers_of_the_moment import CODE, lacks_place, of_the_moment
from autodidact.sources.transcripts import Call, Exchange, hands_over, size

# Characters of an answer that is trained, at most 800 tokens; words and marks of the shortest one.
MOST_ANSWER, LEAST_ANSWER = 2_800, 10
# Exchanges before the one that is answered, and characters of all that is shown before an answer.
MOST_BEFORE, MOST_SHOWN = 3, 5_000
# Exchanges of a file that are remembered, so that one can be joined to those before it.
REMEMBERED = 64

_TOKEN = re.compile(r"\w+|[^\w\s]")
# What was done, which no answer without a tool can have done.
_CLAIMS = re.compile(
    r"\s*(?:ok(?:ay)?[,.!]? |sure[,.!]? )?(?:I(?: have|'ve)? )?"
    r"(?:added|done|fixed|removed|renamed|changed|updated|created|deleted|committed|pushed|moved|sent"
    r"|replaced"
    r"|installed|ran|wrote|written|saved|deployed|merged|applied|set)\b",
    re.IGNORECASE,
)


class Chain:
    """Joins each exchange of a file to the ones before it, of which the reader keeps only the last."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], Exchange] = OrderedDict()

    def joined(self, exchange: Exchange) -> Exchange:
        """The exchange with up to MOST_BEFORE before it, and the one before those."""
        before = exchange.before
        if before is not None:
            known = self._known.get((before.line, before.text))
            # One more than is shown: so it is known whether the first that is shown has one before it.
            earlier = _cut(known.before, MOST_BEFORE) if known else None
            exchange = dataclasses.replace(exchange, before=dataclasses.replace(before, before=earlier))
        self._known[exchange.line, exchange.text] = exchange
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return exchange


def _cut(exchange: Exchange | None, most: int) -> Exchange | None:
    """An exchange with fewer than `most` before it."""
    if exchange is None or most <= 0:
        return None
    return dataclasses.replace(exchange, before=_cut(exchange.before, most - 1))


def long_enough(text: str) -> bool:
    """Whether an answer is more than a word or two."""
    return len(_TOKEN.findall(text)) >= LEAST_ANSWER


def answers(exchange: Exchange) -> bool:
    """Whether it ends with an answer that can be trained whole."""
    reply = exchange.reply
    fits = long_enough(reply) and len(reply) <= MOST_ANSWER
    whole_answer = exchange.final and fits and not is_none(reply) and not cut_off(reply)
    return whole_answer and not claims_a_deed(exchange)


def whole(exchange: Exchange) -> bool:
    """Whether all of its calls, and what they gave, are known, went well, and can be shown."""
    calls = [*exchange.calls, *exchange.then]
    return len(exchange.then) == exchange.later and all(
        made.ok is True
        and made.arguments is not None
        and size(made.arguments, 2 * MOST_ARGUMENTS) <= 2 * MOST_ARGUMENTS
        and 0 < len(made.result) <= MOST_RESULT
        for made in calls
    )


def worked(exchange: Exchange) -> bool:
    """Whether tools were called, however often, and an answer was made of what they gave."""
    ordinary = not any(hands_over(made.name) for made in exchange.calls)
    fits = bool(exchange.calls) and ordinary and whole(exchange) and answers(exchange)
    shown = borne_out([*exchange.calls, *exchange.then], exchange.reply)
    return fits and shown and in_context(exchange)


def handed(exchange: Exchange) -> bool:
    """Whether it was handed over, and an answer was made of what came back."""
    over = len(exchange.calls) == 1 and not exchange.later and hands_over(exchange.calls[0].name)
    return over and whole(exchange) and answers(exchange) and alone(exchange)


def routed(exchange: Exchange) -> bool:
    """Whether it tells who takes a request: not where it was handed over, and then to somebody else, or with
    a number or a code that the request does not say ("188 EUR").
    """
    one = len(exchange.calls) == 1 and not any(hands_over(made.name) for made in exchange.then)
    given = [made.arguments for made in exchange.calls if hands_over(made.name)]
    said = all(
        code in exchange.text for code in re.findall(r"\w*\d\w*", json.dumps(given, ensure_ascii=False))
    )
    return labelled(exchange) and one and said and not points_back(exchange)


def replied(exchange: Exchange) -> bool:
    """Whether it was answered without a tool, and the answer claims nothing that needs one."""
    claims = _CLAIMS.match(exchange.reply) or of_the_moment(exchange.text, exchange.reply)
    return not exchange.calls and not claims and answers(exchange) and in_context(exchange)


def turns(exchange: Exchange, *, answer: bool = True) -> list[dict[str, Any]]:
    """The messages of an exchange, with its last answer or without."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": exchange.text}]
    if exchange.calls:
        messages += [message(exchange.calls), *(result(made) for made in exchange.calls)]
    for made in exchange.then:
        messages += [message([made]), result(made)]
    return [*messages, {"role": "assistant", "content": exchange.reply}] if answer else messages


def result(made: Call) -> dict[str, Any]:
    """What a call gave, as a message."""
    return {"role": "tool", "name": made.name, "content": made.result}


# `Fix that.`, `Is there a limit for it?`, `does that count schools`: a word for what was named before.
_POINTS_BACK = re.compile(
    r"\b(?:it|that|this|those|these|them)(?:\s*(?:[.?!,;]|$)|\s+(?:in|on|for|from|to|too|again|now|with"
    r"|please)\b)"
    r"|^(?:thanks|and|also|well)\b|\b(?:it|that|them|this) (?:there|over|back|out|off|up|down)\b|\bthen\W*$"
    r"|\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must)(?:n['’]t)?"
    r" (?:it|that|this|these|those|they|he|she)\b(?! (?:a|an|the)\b)"
    r"|\b(?:davon|damit|dafür|dazu|darauf|daran|darin|darüber)\b",
    re.IGNORECASE,
)


# Fewer words than this, in the middle of a conversation, are the rest of a sentence: `Port?`.
LEAST_WORDS = 4
# How a request goes on from what was said, in the languages of the correction model.
_GOES_ON = re.compile(
    r"\W*(?:and|but|so|then|also|or|only|und|aber|dann|also|auch|oder|nur|et|mais|alors|puis|aussi|ou|y|pero"
    r"|entonces|también|e|ma|allora|poi|anche|en|maar|dan|ook|mas|então|também|и|а|но|тогда|тоже"
    r"|no|nope|nein|non|nee|não|нет|nie|yes|yeah|ja|oui|sí|tak|да|a+h+|o+h+|ok|okay|thanks|thank you|sorry"
    r"|great|perfect|good(?! (?:morning|day|evening|afternoon))|danke|merci|gracias|grazie|dank je"
    r"|i (?:will|do|am|did))\b",
    re.IGNORECASE,
)
# What has been spoken of: `the second event`, `the branch`.
_SPOKEN_OF = re.compile(
    r"\bthe (?:second|third|other|last|same|next|rest|remaining|previous|former|latter|above|new one"
    r"|old one)\b|\b(?:the|our|your) (?:branch|commit|diff|patch|fix|change|changes|pull request|pr|bug"
    r"|failure|block|draft|refactoring|rewrite|migration|merge)\b(?! (?:of|for|in|from|to|on) )"
    r"|\b(?:in|on|from) there\b",
    re.IGNORECASE,
)
# What the assistant said at another time: "You told the wrong one yesterday", "blue, you mean?"
_YOU_SAID = re.compile(r"\byou (?:mean|meant|told|said|wrote|answered|promised)\b", re.IGNORECASE)
# Work that was done together: only who saw it can answer like that.
_DONE_BEFORE = re.compile(
    r"\b(?:we|you|I)(?:['’]ve| have)? (?:just )?(?:deleted|removed|added|changed|renamed|wrote|fixed|moved"
    r"|agreed|discussed|decided|talked|saw|found|got|asked|looked|checked|tried|ran|read|opened|booked)\b"
    r"|\bas (?:said|mentioned|discussed)\b|\bearlier\b|\bI can \w+ [^.?!]*\bagain\b"
    r"|\bthe (?:answer|reply|result|output)s?\b",
    re.IGNORECASE,
)


def points_back(exchange: Exchange) -> bool:
    """Whether a request that follows another one has a word that only that one explains."""
    return exchange.before is not None and _rests(exchange.text)


def _rests(text: str) -> bool:
    """Whether a request rests on what was said before it."""
    return (
        len(text.split()) < LEAST_WORDS
        or _POINTS_BACK.search(text) is not None
        or _GOES_ON.match(text) is not None
        or _SPOKEN_OF.search(text) is not None
    )


def speaks_of_before(exchange: Exchange) -> bool:
    """Whether an answer speaks of earlier work, or its first calls look for code that the request does not
    name: neither is understood where the turns before are cut off.
    """
    if exchange.before is None:
        return False
    given = " ".join(str(value) for made in exchange.calls for value in (made.arguments or {}).values())
    unknown = [name for name in CODE.findall(given) if name not in exchange.text]
    return bool(unknown) or _DONE_BEFORE.search(exchange.reply) is not None


def history(exchange: Exchange) -> list[Exchange]:
    """The exchanges before, oldest first; none where not all of them went well, fit, and begin with one that
    is understood by itself.
    """
    found: list[Exchange] = []
    room, before = MOST_SHOWN - length(turns(exchange)), exchange.before
    while before is not None and len(found) < MOST_BEFORE:
        needed = length(turns(before))
        good = spoiled(before) is None and whole(before) and before.final and before.reply
        if not good or needed > room:
            break
        found.insert(0, before)
        room -= needed
        before = before.before
    complete = before is None and found and not rests_on_before(found[0])
    return found if complete else []


def rests_on_before(exchange: Exchange) -> bool:
    """Whether an exchange is not understood where the turns before are cut off."""
    unclear = points_back(exchange) or speaks_of_before(exchange) or lacks_place(exchange)
    return unclear or _YOU_SAID.search(exchange.text) is not None or not alone(exchange)


# What names one thing or one day: B-2041, W103, ALL-URS-1L, 2026-09-05, 09:10.
_NAMES = re.compile(r"\b[A-Z]{1,4}-?\d+[\w-]*|\b[A-Z]{2,}(?:-[A-Z0-9]+)+\b|\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d\b")
# What only somebody can name who has met it: /srv/app, loans/fines.py, fines.py, HOLD_MINUTES.
_PLACES = re.compile(
    r"(?<![\w:/.~-])/(?:[\w.-]+/)+[\w.-]+"
    r"|\b(?:[\w.-]+/)*[\w-]+\.(?:py|js|ts|tsx|go|rs|java|rb|c|h|cpp|cs|sh|sql|md|txt|csv|xml|html|css"
    r"|ya?ml|toml"
    r"|json|ini|cfg|log)\b"
    r"|\b[A-Z]{2,}_[A-Z_]+\b"
)
# Arguments that hold text of the model's own, by their names.
_OWN_TEXT = re.compile(r"old|new|content|text|code|body|message", re.IGNORECASE)


# A claim about all there is; a look at a part of it.
_ALL = re.compile(
    r"\b(?:nobody|nothing|none|nowhere|never|no other|no one|only|everywhere|all of)\b", re.IGNORECASE
)
_LOOKS = re.compile(r"\b(?:grep|rg|ag|find|fd|glob|search|ls)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def shown_by_tools(messages: list[dict[str, Any]], answer: str | dict[str, Any]) -> bool:
    """Whether an answer that tools were called for says no number that nothing showed, and does not say of
    all places what was looked for in some.
    """
    found = [one for one in messages if one["role"] == "tool"]
    if not isinstance(answer, str) or not found:
        return True
    called = json.dumps([one.get("tool_calls") for one in messages if one.get("tool_calls")])
    if _ALL.search(answer) and _LOOKS.search(called):
        return False
    shown = set(re.findall(r"\d+", json.dumps(messages, ensure_ascii=False)))
    return all(_is_shown(number, shown) for number in _NUMBER.findall(answer))


def _is_shown(number: str, shown: set[str]) -> bool:
    """Whether the messages have a number, however it is spaced; a single digit may have been counted."""
    groups = re.findall(r"\d+", number)
    if number.isdecimal() and len(number) == 1:
        return True
    short = [group.lstrip("0") or "0" for group in groups]
    known = shown | {one.lstrip("0") or "0" for one in shown}
    return "".join(groups) in shown or all(one in known for one in short)


def names_shown(messages: list[dict[str, Any]], answer: str | dict[str, Any]) -> bool:
    """Whether the names, days and times in an answer or in its calls stand in the messages before it. Which
    day a word means is known where the prompt says which day it is (unshown_days.py).
    """
    shown = json.dumps(messages, ensure_ascii=False)
    named = _NAMES.findall(json.dumps(answer, ensure_ascii=False))
    if messages and messages[0]["role"] == "system" and "Today is " in messages[0]["content"]:
        named = [name for name in named if not re.fullmatch(r"\d{4}-\d\d-\d\d", name)]
    return all(name in shown for name in named)


def grounded(messages: list[dict[str, Any]], answer: str | dict[str, Any]) -> bool:
    """Whether the names, days and times in an answer, or in the arguments of its calls, stand in the messages
    before it; of calls also the files, folders and constants that they are about.
    """
    shown = json.dumps(messages, ensure_ascii=False)
    places = _places(answer)
    if isinstance(answer, str) and any(one["role"] == "tool" for one in messages):
        places = _PLACES.findall(answer)
    return (
        names_shown(messages, answer)
        and all(_met(place, shown) for place in places)
        and all(json.dumps(text, ensure_ascii=False)[1:-1] in shown for text in replaced(answer))
    )


def _places(answer: str | dict[str, Any]) -> list[str]:
    """The files, folders and constants in the arguments of an answer's calls."""
    calls = (answer.get("tool_calls") or []) if isinstance(answer, dict) else []
    given = [(key, value) for made in calls for key, value in made["function"]["arguments"].items()]
    about = [json.dumps(value, ensure_ascii=False) for key, value in given if not _OWN_TEXT.search(key)]
    return [place for value in about for place in _PLACES.findall(value)]


def replaced(answer: str | dict[str, Any]) -> list[str]:
    """The texts of files that an answer's calls replace: whoever makes such a call has read them."""
    calls = (answer.get("tool_calls") or []) if isinstance(answer, dict) else []
    return [
        value
        for made in calls
        for key, value in made["function"]["arguments"].items()
        if re.match(r"old", key, re.IGNORECASE) and isinstance(value, str)
    ]


def _met(place: str, shown: str) -> bool:
    """Whether the messages name a place: whole, or its file and, of an absolute path, where that begins."""
    root = "/".join(place.split("/")[:3]) if place.startswith("/") else ""
    return place in shown or (root in shown and "/" in place and place.rpartition("/")[2] in shown)


def length(messages: list[dict[str, Any]]) -> int:
    """Characters of messages, calls included."""
    return sum(len(m["content"]) + size(m.get("tool_calls") or [], MOST_SHOWN) for m in messages)
