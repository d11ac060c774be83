"""Answers without a tool that teach nothing: courtesy, and what is so only at the moment of asking."""

import re

from autodidact.sources.transcripts import Exchange

_COURTESY = re.compile(
    r"\W*(?:thx|ty|thanks|thank you|cheers|hi|hello|hey|bye|danke|merci|gracias|grazie|bedankt|obrigad[oa])\b"
    r"(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
# "is line 4 running right now?", "did the update go through last night": only a look can tell.
_MOMENT = re.compile(
    r"\b(?:right now|currently|at the moment|just now|last night|this morning|so far|tonight|gerade|derzeit"
    r"|momentan|en ce moment|ahora mismo|al momento|op dit moment)\b",
    re.IGNORECASE,
)
# "Which room am I in? Night Bus, 10 o'clock".
_OF_THE_ASKER = re.compile(r"\b(?:(?:which|what) \w+ am I (?:in|on|at)|where am I)\b", re.IGNORECASE)
# Names of code: `lift.stopped`, `src/holds`.
CODE = re.compile(r"[A-Za-z_]\w+(?:\\?[./]\w+)+")
# `where is the lift`, `How long is the interval?`: only who knows the house can answer.
_OF_A_PLACE = re.compile(
    r"\W*(?:where|how long|how far|when|which way|what time) (?:is|are|does|do) the\b", re.IGNORECASE
)


def of_the_moment(request: str, reply: str) -> bool:
    """Whether an exchange without a tool is courtesy, or tells what is so at the moment or of who asks."""
    if _COURTESY.match(request) or _OF_THE_ASKER.search(request):
        return True
    return any(map(_MOMENT.search, (request, reply)))


def lacks_place(exchange: Exchange) -> bool:
    """Whether an answer without a tool is of the place that a conversation is held at, or to a number alone,
    and no system prompt says where. An answer that names code is of the code.
    """
    asked = _OF_A_PLACE.match(exchange.text) is not None or not re.search(r"[^\W\d_]{2}", exchange.text)
    code = "`" in exchange.reply or CODE.search(exchange.reply)
    return asked and not exchange.calls and not exchange.system and not code
