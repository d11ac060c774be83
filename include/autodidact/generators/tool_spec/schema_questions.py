"""Questions about a tool's schema, and requests that it does not allow."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.requests import human, in_words
from autodidact.generators.tool_spec.string_patterns import matching
from autodidact.generators.writing.tables import read_table
from autodidact.generators.writing.wording import capital, listing

# In one answer.
MOST_VALUES = 10

_TABLE = read_table(__file__)
_STRANGE, _TYPES = _TABLE["strange"], _TABLE["types"]


def named(keys: list[str]) -> str:
    return listing(f"`{key}`" for key in keys) if keys else "no arguments"


def facts(known: KnownTool, usable: list[KnownTool], rng: random.Random) -> list[tuple[str, str]]:
    """Questions and answers that follow from the schema and the description alone."""
    arguments = (_about_argument(known, key, part) for key, part in known.properties.items())
    found = itertools.chain(
        _about_required(known),
        itertools.chain.from_iterable(arguments),
        _about_foreign(known, usable, rng),
        _about_purpose(known),
    )
    return [(rng.choice(asks), answer) for answer, *asks in found]


def _about_required(known: KnownTool) -> Iterator[tuple[str, ...]]:
    """(answer, ways to ask) about which arguments are required, and which are not."""
    tool = f"`{known.name}`"
    if known.required:
        yield (
            f"{tool} requires {named(known.required)}.",
            f"Which arguments does {tool} require?",
            f"What must I pass to {tool}?",
            f"{tool}: required arguments?",
        )
    elif known.properties:
        yield (
            f"None: every argument of {tool} is optional.",
            f"Which arguments does {tool} require?",
            f"What must I pass to {tool}?",
        )
    if known.optional:
        yield (
            f"In {tool} you may leave out {named(known.optional)}.",
            f"What may I leave out when I call {tool}?",
            f"Which arguments of {tool} are optional?",
        )


def _about_argument(known: KnownTool, key: str, part: dict) -> Iterator[tuple[str, ...]]:
    """(answer, ways to ask) about one argument: its values, its default, its type, what is in it."""
    tool, kind, values = f"`{known.name}`", part.get("type"), part.get("enum")
    needed = "required" if key in known.required else "optional"
    if isinstance(values, list) and 0 < len(values) <= MOST_VALUES:
        yield (
            f"`{key}` of {tool} is one of {named([in_words(value) for value in values])}.",
            f"Which values does `{key}` of {tool} take?",
            f"What can I pass as `{key}` to {tool}?",
            f"Allowed values of `{key}` in {tool}?",
        )
    default = part.get("default")
    if key in known.optional and isinstance(default, (str, int, float)) and default != "":
        yield (
            f"{tool} assumes `{in_words(default)}` for `{key}`.",
            f"What does {tool} assume when I do not give `{key}`?",
            f"I call {tool} without `{key}`. Which value does it take?",
        )
    if isinstance(kind, str) and kind in _TYPES and not isinstance(values, list):
        yield (
            f"`{key}` of {tool} is {_TYPES[kind]}{_bounds(part)}; it is {needed}.",
            f"What does {tool} expect as `{key}`?",
            f"Which type has `{key}` of {tool}?",
            f"`{key}` in {tool}: type, and do I need it?",
        )
    yield f"Yes, it is {needed}.", f"Does {tool} take `{key}`?", f"Can I pass `{key}` to {tool}?"
    fields = _fields(part)
    if isinstance(fields, dict) and 0 < len(fields) <= MOST_VALUES:
        yield (
            f"{'An entry' if 'items' in part else 'It'} has {named(list(fields))}.",
            f"What goes into `{key}` of {tool}?",
            f"Which fields does `{key}` of {tool} have?",
        )


def _fields(part: dict) -> Any:
    """The properties of an object, or of the objects of a list."""
    items = part.get("items", {})
    return part.get("properties") or (items or {}).get("properties") if isinstance(items, dict) else None


def _foreign(known: KnownTool, usable: list[KnownTool]) -> list[str]:
    """Arguments of other tools alone. `per_page` for `perPage` is what everybody understands."""
    own = {human(key) for key in known.properties}
    return sorted({key for other in usable for key in other.properties if human(key) not in own})


def _about_foreign(
    known: KnownTool, usable: list[KnownTool], rng: random.Random
) -> Iterator[tuple[str, ...]]:
    if foreign := _foreign(known, usable):
        tool, key = f"`{known.name}`", rng.choice(foreign)
        yield (
            f"No: {tool} has no argument `{key}`; it takes {named(list(known.properties))}.",
            f"Does {tool} take `{key}`?",
            f"What do I pass as `{key}` to {tool}?",
            f"Which default does `{key}` of {tool} have?",
        )


def _about_purpose(known: KnownTool) -> Iterator[tuple[str, ...]]:
    tool, purpose = f"`{known.name}`", known.purpose
    if purpose:
        yield (
            f"{tool}, which takes {named(list(known.properties))}.",
            f"Which tool do I use for this: {purpose}",
            f"Which of your tools is this: {purpose}",
        )
        yield purpose, f"What is {tool} for?", f"What does {tool} do?", f"When do I reach for {tool}?"


def _bounds(part: dict) -> str:
    """What else the schema says of a value, as far as a few words can."""
    low, high = part.get("minimum"), part.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f", at least {low}"
    if high is not None:
        return f", at most {high}"
    if isinstance(part.get("format"), str):
        return f" in the format {part['format']}"
    return f" that matches `{part['pattern']}`" if isinstance(part.get("pattern"), str) else ""


def mistake(
    known: KnownTool, given: dict[str, Any], usable: list[KnownTool], rng: random.Random
) -> tuple[dict[str, Any], str] | None:
    """(arguments with one mistake, what is wrong with them); None where the schema leaves nothing to get
    wrong.
    """
    wrong = [found for key in given if (found := _wrong_value(known, key, rng))]
    foreign = _foreign(known, usable)
    if foreign and given:
        key = rng.choice(foreign)
        sample = next(other.draw(rng) or {} for other in usable if key in other.properties)
        value = sample.get(key, rng.choice(_STRANGE))
        if isinstance(value, (str, int, float)):
            answer = (
                f"`{known.name}` has no argument `{key}`. It takes {named(list(known.properties))}. Shall I"
                f" call it without `{key}`?"
            )
            wrong.append((key, value, answer))
    if not wrong:
        return None
    key, value, answer = rng.choice(wrong)
    bad = given | {key: value}
    if key in known.properties and known.accepts(bad):
        return None
    return bad, capital(answer) if answer[0].isalpha() else answer


def _wrong_value(known: KnownTool, key: str, rng: random.Random) -> tuple[str, Any, str] | None:
    """(argument, a value that its schema refuses, what is wrong with it)."""
    part, where = known.properties.get(key, {}), f"`{key}` of `{known.name}`"
    values, low, high = part.get("enum"), part.get("minimum"), part.get("maximum")
    if (
        isinstance(values, list)
        and 0 < len(values) <= MOST_VALUES
        and all(isinstance(value, str) for value in values)
    ):
        value = rng.choice([word for word in _STRANGE if word not in values])
        return (
            key,
            value,
            f"{where} cannot be `{value}`: it is one of {named(values)}. Which one do you mean?",
        )
    if part.get("type") in ("integer", "number") and isinstance(high, (int, float)):
        value = high + rng.choice((1, 5, 20))
        limits = f"from {low} to {high}" if low is not None else f"at most {high}"
        return key, value, f"{where} is {limits}, so {value} does not work. Which value do you want?"
    pattern = part.get("pattern")
    if part.get("type") == "string" and isinstance(pattern, str) and matching(pattern, rng) is not None:
        value = rng.choice(_STRANGE)
        return key, value, f"{where} has to match `{pattern}`, and `{value}` does not. What is the right one?"
    return None
