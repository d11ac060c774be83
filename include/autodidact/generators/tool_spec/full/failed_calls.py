"""A call that fails: what the error means, what has not been done, and what comes next."""

import json
import re
from random import Random

from autodidact.generators.tool_spec.full.argument_values import leaves
from autodidact.generators.tool_spec.full.requests_from_descriptions import Wish
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.tool_spec.full.sure_values import code_for
from autodidact.generators.tool_spec.full.tool_results import READ, verb_of
from autodidact.generators.tool_spec.full.value_phrases import names_of
from autodidact.generators.tool_spec.schema_arguments import values_of
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.word_tables import read_table

_TABLE = read_table(__file__)
_ERRORS, _NOT_NAMES = _TABLE["errors"], frozenset(_TABLE["not_names"])


# Numbers that name something.
_NUMBERED = re.compile(r"(?:number|id|no|issue|pull)$", re.IGNORECASE)


def reads(wish: Wish) -> bool:
    """Whether a tool only looks: by its own hint, or by its verb."""
    return wish.known.tool.hints.get("readOnlyHint", verb_of(wish) in READ)


def failed(wish: Wish, rng: Random) -> tuple[str, str]:
    """(the error that comes back, what to say of it)."""
    named = _named(wish)
    errors = [error for error in _ERRORS if error["kind"] != "unknown" or named]
    errors = [error for error in errors if not (error.get("changes") and reads(wish))]
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
        single = isinstance(leaf.value, (str, int)) and not isinstance(leaf.value, bool)
        if leaf.is_time or isinstance(leaf.value, (int, float)) and not _NUMBERED.search(leaf.key):
            continue  # there is no amount, and no hour, that a server does not know
        if "pattern" in leaf.part and code_for(leaf.key, leaf.part, Random(0)):
            continue  # nor a currency
        if free and single and " " not in str(leaf.value) and name[-1] not in _NOT_NAMES:
            return name[0], str(leaf.value)
    return None
