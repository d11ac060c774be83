"""Whether a hand-over says what was asked for, and whether one alone took a request."""

import json
import re
from typing import Any

from autodidact.sources.transcripts import Call, Exchange, hands_over

# Letters by which two words are taken for one.
STEM = 5
# Something that only the person has before them; "this week" and "is that right?" are none.
POINTS_AT = re.compile(
    r"\b(?:this|these|those) (?!is\b|was\b|are\b|(?:week|month|year|morning|afternoon|evening|time|day|way"
    r"|season|summer|winter|spring|autumn|quarter|weekend)s?\b)[a-z]{3,}",
    re.IGNORECASE,
)
# Share of the words of a request that its hand-over has at least.
PASSED_ON = 0.8
# Tools that give a request to somebody, and do not say so in the way of the known frameworks.
_PASSES = re.compile(r"(?:^|_)(?:pass|hand|give|forward|send|escalate)_(?:on_|over_)?to_", re.IGNORECASE)


def stems(text: str) -> set[str]:
    """The beginnings of the longer words of a text."""
    return {word[:STEM].lower() for word in re.findall(r"\w{4,}", text)}


def passes_on(request: str, arguments: dict[str, Any]) -> bool:
    """Whether a hand-over says all that the request says: its numbers and names, and most of its words; and
    the request does not point at something that the hand-over cannot hold ("this tape").
    """
    if POINTS_AT.search(request):
        return False
    given = json.dumps(arguments, ensure_ascii=False)
    numbers = re.findall(r"\w*\d\w*", request)
    words = stems(request)
    return all(one in given for one in numbers) and len(words & stems(given)) >= PASSED_ON * len(words)


def gives_on(call: Call) -> bool:
    """Whether a call gives a request to somebody else: also by a tool `pass_to_studio`."""
    return hands_over(call.name) or _PASSES.search(call.name) is not None


def shared_out(exchange: Exchange) -> bool:
    """Whether a request goes to several handlers, one after the other: who takes it has no one answer."""
    over = {made.name for made in (*exchange.calls, *exchange.then) if gives_on(made)}
    return len(over) > 1 or any(map(gives_on, exchange.then))


def handed_on(exchange: Exchange) -> bool:
    """Whether the hand-overs of a request, if there are any, say together what it says, as `passes_on` has
    it.
    """
    made = [one for one in (*exchange.calls, *exchange.then) if gives_on(one)]
    return not made or passes_on(exchange.text, {str(place): one.arguments for place, one in enumerate(made)})
