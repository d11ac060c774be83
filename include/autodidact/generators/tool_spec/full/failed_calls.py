"""A call that fails: what the error means, what has not been done, and what comes next."""

import json
import re
from random import Random

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import Leaf, leaves
from autodidact.generators.tool_spec.full.likely_arguments import LOOKS
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.full.value_phrases import names_of
from autodidact.generators.tool_spec.full.value_surely_fits import code_for
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.read_word_table import read_table

_TABLE = read_table(__file__)
_ERRORS, _NOT_NAMES = _TABLE["errors"], frozenset(_TABLE["not_names"])
_ACTING = frozenset(_TABLE["acting"])


# A moment, a day or a month, in whatever zone; a pattern that lists choices.
_WHEN = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:T.*)?)?$|\d{1,2}:\d{2}")
_CHOICES = re.compile(r"\^?\(?(?:\?:)?[\w-]+(?:\|[\w-]+)+\)?\$?")
# Numbers that name something.
_NUMBERED = re.compile(r"(?:number|id|no|issue|pull)$", re.IGNORECASE)


def reads(wish: Wish) -> bool:
    """Whether a tool only looks: by its own hint, or by its verb."""
    return bool(wish.known.tool.hints.get("readOnlyHint", not wish.do or _verb(wish) in LOOKS))


def _changes(wish: Wish) -> bool:
    """Whether a tool surely changes something: whether `locate` does is not known by its verb."""
    return wish.known.tool.hints.get("readOnlyHint") is False or _verb(wish) in _ACTING


def _verb(wish: Wish) -> str:
    return wish.do.split(" ", 1)[0]


def failed(wish: Wish, rng: Random) -> tuple[str, str] | None:
    """(the error that comes back, what to say of it); None of a tool of which it is not known whether it
    changes anything, where the error leaves open whether it did.
    """
    named = _named(wish)
    errors = [error for error in _ERRORS if error["kind"] != "unknown" or named]
    errors = [error for error in errors if error["kind"] != "open" or reads(wish) or _changes(wish)]
    kind = rng.choice(sorted({error["kind"] for error in errors}))
    error = rng.choice([one for one in errors if one["kind"] == kind])
    thing, value = named or ("", "")
    known = {"n": rng.choice((15, 20, 30, 60, 90)), "thing": thing, "value": value}
    says = error["says"].format(**known)
    content = rng.choice((f"Error: {says}", json.dumps({"error": says}, ensure_ascii=False), says))
    looks = reads(wish)
    words = {
        "what": wish.do or f"look up {wish.thing}",
        "tool": f"`{wish.known.name}`",
        "means": error["means"].format(**known),
        "Means": capital(error["means"].format(**known)),
        "says": says,
        "thing": thing,
        "value": value,
        "nothing": say("failed", "nothing_read" if looks else "nothing_changed", rng),
        "then": rng.choice(error.get("next", [""])).format(**known),
    }
    if kind == "open":
        return content, say("failed", "read_open" if looks else "change_open", rng, **words)
    return content, say("failed", "unknown" if kind == "unknown" else "refused", rng, **words)


def _named(wish: Wish) -> tuple[str, str] | None:
    """(what an argument names, its value), where the value may not exist."""
    for leaf in leaves(wish.known, wish.given) or []:
        name = names_of(leaf.key)
        free = leaf.path[0] in wish.known.required and not values_of(leaf.part) and not leaf.is_day
        if "pattern" in leaf.part and code_for(leaf.key, leaf.part, Random(0)):
            continue  # nor a currency
        if free and _identifies(leaf) and name[-1] not in _NOT_NAMES:
            return name[0], str(leaf.value)
    return None


def _identifies(leaf: Leaf) -> bool:
    """Whether the value is an identifier, by its argument's name or by a digit in it: there is no amount, no
    moment, no day and no choice that a server does not know.
    """
    value = leaf.value
    if isinstance(value, int) and not isinstance(value, bool):
        return _NUMBERED.search(leaf.key) is not None
    if not isinstance(value, str) or " " in value or _WHEN.match(value):
        return False
    if _CHOICES.fullmatch(str(leaf.part.get("pattern", ""))):
        return False
    return _NUMBERED.search(leaf.key) is not None or re.search(r"\d", value) is not None
