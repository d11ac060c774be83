"""Answers without a tool that teach nothing: courtesy, and what is so only at the moment of asking."""

import re

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


def of_the_moment(request: str, reply: str) -> bool:
    """Whether an exchange without a tool is courtesy, or tells what is so at the moment."""
    return any(map(_MOMENT.search, (request, reply))) or _COURTESY.match(request) is not None
