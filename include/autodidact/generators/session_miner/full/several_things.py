"""Requests for several things, of which one call is no answer: "temps in both houses"."""

import re

from autodidact.sources.transcripts import Call, Exchange

# Words for several things, each of which takes a call.
_SEVERAL = re.compile(r"\b(?:both|each|every|all (?:of|three|four|the \w+s))\b|\bbeide", re.IGNORECASE)
_AND = re.compile(r",|&|\+|\b(?:and|und|et|y|e|en|i)\b", re.IGNORECASE)


def asks_for_several(exchange: Exchange) -> bool:
    """Whether a request names several things, and the calls after the first one are for the others: by a word
    for that, or by "and" where a later call differs from the first one in one argument.
    """
    if not exchange.later or len(exchange.calls) > 1:
        return False
    first = exchange.calls[0]
    again = [made for made in exchange.then if made.name == first.name and _differs_in_one(first, made)]
    return _SEVERAL.search(exchange.text) is not None or (
        bool(again) and _AND.search(exchange.text) is not None
    )


def _differs_in_one(first: Call, other: Call) -> bool:
    one, two = first.arguments or {}, other.arguments or {}
    return one.keys() == two.keys() and sum(one[key] != two[key] for key in one) == 1
