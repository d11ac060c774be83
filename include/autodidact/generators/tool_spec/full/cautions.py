"""Exchanges in which a description has a condition on what is asked for: it is quoted and nothing called."""

from typing import Any

from autodidact.generators.tool_spec.full.argument_values import plain
from autodidact.generators.tool_spec.full.conditions import conditions, mentions, settled
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import stopped
from autodidact.generators.tool_spec.full.request_wordings import requested
from autodidact.generators.tool_spec.full.sentence_templates import say
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example
from autodidact.sources.json_of_expected_type import dict_of

# Characters of the conditions that are quoted.
MOST_CONDITIONS = 240


def caution(scene: Scene) -> Example | None:
    """What a description sets a condition on is not called where something in the request comes under it: an
    amount, a choice. What the condition needs and the request lacks is asked for.
    """
    asks = scene.wish(checked=False)
    found = [one for one in conditions(asks.known) if one.about(asks.given)] if asks else []
    if asks is None or len(found) != 1 or len(found[0].text) > MOST_CONDITIONS:
        return None
    message, one = requested(asks, scene.rng), found[0]
    if not one.text or not (one.values or one.above is not None) or settled(one.text, message):
        return None
    if any(one.text.startswith(f"{key}: ") for key in _all_keys(asks.known.properties)):
        return None
    absent = [key for key in asks.known.optional if key not in asks.given]
    absent = [key for key in absent if "default" not in plain(asks.known.properties[key])]
    lacking = [key for key in absent if mentions(one.text, key)]
    amount = next((n for n in asks.given.values() if isinstance(n, (int, float)) and type(n) is not bool), "")
    kind = "lacks" if lacking else "above" if one.above is not None and not one.values else "choice"
    scene.offer(scene.known)
    words = {
        "tool": f"`{asks.known.name}`",
        "says": stopped(_in_quotes(one.text)),
        "quoted": _in_quotes(one.text),
        "keys": listing(f"`{key}`" for key in lacking),
        "it": "them" if len(lacking) > 1 else "it",
        "amount": amount,
        "choice": listing(f"`{value}`" for value in asks.given.values() if value in one.values),
    }
    return scene.row([], message, say("caution", kind, scene.rng, **words))


def _all_keys(properties: dict[str, Any]) -> set[str]:
    """The names of all arguments, and of the fields of those that are objects."""
    inner = (dict_of(plain(part).get("properties")) for part in properties.values())
    return {*properties, *(key for fields in inner for key in fields)}


def _in_quotes(text: str) -> str:
    return f"“{text}”" if '"' in text else f'"{text}"'
