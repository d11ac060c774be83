"""Questions about a tool's schema, and requests that it does not allow."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.default_in_words import another_default
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import human, in_code
from autodidact.generators.tool_spec.strings_from_patterns import matching
from autodidact.generators.tool_spec.value_type_phrases import kind_of
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of

# In one answer.
MOST_VALUES = 10

_STRANGE = read_table(__file__)["strange"]


def named(keys: list[str]) -> str:
    return listing(f"`{key}`" for key in keys) if keys else "no arguments"


def taken(known: KnownTool) -> str:
    """All arguments of a tool; "" where there may be others."""
    return known.unread.closed(named(list(known.properties)), "arguments")


def facts(known: KnownTool, usable: list[KnownTool], rng: random.Random) -> list[tuple[str, str]]:
    """Questions and answers that follow from the schema and the description alone."""
    arguments = (_about_argument(known, key, part) for key, part in known.properties.items())
    found = itertools.chain(
        _about_required(known),
        itertools.chain.from_iterable(arguments),
        _about_foreign(known, usable, rng),
        _about_purpose(known),
    )
    return [(rng.choice(asks), answer) for answer, *asks in found if answer]


def _about_required(known: KnownTool) -> Iterator[tuple[str, ...]]:
    """(answer, ways to ask) about which arguments are required, and which are not."""
    tool, when = f"`{known.name}`", known.arguments.when
    sometimes = [f"`{key}` when {how}" for key, how in when.items() if how]
    required = " ".join(
        (
            f"{tool} requires {named(known.required)}." if known.required else "",
            f"It {'also ' if known.required else ''}needs {listing(sometimes)}." if sometimes else "",
        )
    ).strip()
    if not required and known.properties and not when:
        required = f"None: every argument of {tool} is optional."
    # A condition that cannot be said may require any of them.
    if len(sometimes) == len(when):
        yield (
            known.unread.closed(required, "arguments", "required"),
            f"Which arguments does {tool} require?",
            f"What must I pass to {tool}?",
            f"{tool}: required arguments?",
        )
    if known.optional and not when:
        answer = f"In {tool} you may leave out {named(known.optional)}."
        yield (
            known.unread.closed(answer, "arguments", "required"),
            f"What may I leave out when I call {tool}?",
            f"Which arguments of {tool} are optional?",
        )


def _needed(known: KnownTool, key: str) -> str:
    """Whether an argument is required; "" where that cannot be said."""
    if key in known.required:
        return "required"
    if key in known.arguments.when:
        how = known.arguments.when[key]
        return f"needed when {how}" if how else ""
    return known.unread.closed("optional", "required")


def _about_argument(known: KnownTool, key: str, part: dict) -> Iterator[tuple[str, ...]]:
    """(answer, ways to ask) about one argument: its values, its default, its type, what is in it."""
    tool, values, needed = f"`{known.name}`", values_of(part), _needed(known, key)
    if 0 < len(values) <= MOST_VALUES:
        how = "is one of" if len(values) > 1 else "is always"
        yield (
            f"`{key}` of {tool} {how} {named([in_code(value) for value in values])}.",
            f"Which values does `{key}` of {tool} take?",
            f"What can I pass as `{key}` to {tool}?",
            f"Allowed values of `{key}` in {tool}?",
        )
    default = part.get("default")
    sure = key in known.optional and isinstance(default, (str, int, float)) and default != ""
    if sure and not another_default(key, part, known.tool.description):
        yield (
            f"{tool} assumes `{in_code(default)}` for `{key}`.",
            f"What does {tool} assume when I do not give `{key}`?",
            f"I call {tool} without `{key}`. Which value does it take?",
        )
    if not values and (kind := kind_of(part)):
        yield (
            f"`{key}` of {tool} is {kind}{f'; it is {needed}' if needed else ''}.",
            f"What does {tool} expect as `{key}`?",
            f"Which type has `{key}` of {tool}?",
            *([f"`{key}` in {tool}: type, and do I need it?"] if needed else []),
        )
    yield (
        f"Yes, it is {needed}." if needed else "Yes.",
        f"Does {tool} take `{key}`?",
        f"Can I pass `{key}` to {tool}?",
    )
    fields = _fields(part)
    if isinstance(fields, dict) and 0 < len(fields) <= MOST_VALUES:
        yield (
            f"{'An entry' if 'items' in part else 'It'} has {named(list(fields))}.",
            f"What goes into `{key}` of {tool}?",
            f"Which fields does `{key}` of {tool} have?",
        )


def _fields(part: dict) -> Any:
    """The properties of an object, or of the objects of a list, where they are all there are."""
    inner = dict_of(part.get("items")) if "items" in part else part
    more = {"$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas"}
    open_ = inner.get("additionalProperties") not in (None, False)
    return None if open_ or more & inner.keys() else inner.get("properties")


def _foreign(known: KnownTool, usable: list[KnownTool]) -> list[str]:
    """Arguments of other tools alone. `per_page` for `perPage` is what everybody understands."""
    own = {human(key) for key in known.properties}
    return sorted({key for other in usable for key in other.properties if human(key) not in own})


def _about_foreign(
    known: KnownTool, usable: list[KnownTool], rng: random.Random
) -> Iterator[tuple[str, ...]]:
    if foreign := _foreign(known, usable):
        tool, key = f"`{known.name}`", rng.choice(foreign)
        answer = f"No: {tool} has no argument `{key}`; it takes {taken(known)}."
        yield (
            known.unread.closed(answer, "arguments"),
            f"Does {tool} take `{key}`?",
            f"What do I pass as `{key}` to {tool}?",
            f"Which default does `{key}` of {tool} have?",
        )


def _about_purpose(known: KnownTool) -> Iterator[tuple[str, ...]]:
    tool, purpose = f"`{known.name}`", known.purpose
    if purpose:
        yield (
            f"{tool}, which takes {all_of_them}." if (all_of_them := taken(known)) else f"{tool}.",
            f"Which tool do I use for this: {purpose}",
            f"Which of your tools is this: {purpose}",
        )
        yield purpose, f"What is {tool} for?", f"What does {tool} do?", f"When do I reach for {tool}?"


def mistake(
    known: KnownTool, given: dict[str, Any], usable: list[KnownTool], rng: random.Random
) -> tuple[dict[str, Any], str] | None:
    """(arguments with one mistake, what is wrong with them); None where the schema leaves nothing to get
    wrong.
    """
    wrong = [found for key in given if (found := _wrong_value(known, key, rng))]
    foreign, takes = _foreign(known, usable), taken(known)
    if foreign and given and takes:
        key = rng.choice(foreign)
        sample = next(other.draw(rng) or {} for other in usable if key in other.properties)
        value = sample.get(key, rng.choice(_STRANGE))
        if isinstance(value, (str, int, float)):
            answer = (
                f"`{known.name}` has no argument `{key}`. It takes {takes}. Shall I call it without `{key}`?"
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
    values, high = values_of(part), part.get("maximum")
    if 1 < len(values) <= MOST_VALUES and all(isinstance(value, str) for value in values):
        value = rng.choice([word for word in _STRANGE if word not in values])
        return (
            key,
            value,
            f"{where} cannot be `{value}`: it is one of {named(values)}. Which one do you mean?",
        )
    if part.get("type") in ("integer", "number") and isinstance(high, (int, float)):
        value = high + rng.choice((1, 5, 20))
        return key, value, f"{where} is {kind_of(part)}, so {value} does not work. Which value do you want?"
    pattern = part.get("pattern")
    if part.get("type") == "string" and isinstance(pattern, str) and matching(pattern, rng) is not None:
        value = rng.choice(_STRANGE)
        return key, value, f"{where} has to match `{pattern}`, and `{value}` does not. What is the right one?"
    return None
