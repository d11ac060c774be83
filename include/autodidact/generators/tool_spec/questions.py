"""Questions about a tool's schema, and requests that it does not allow."""

import random
from typing import Any

from autodidact.generators.tool_spec.schema_values import matching
from autodidact.generators.tool_spec.words import Known, human, said
from autodidact.generators.writing.wording import capital, listing

# In one answer.
MOST_VALUES = 10

_STRANGE = (
    "crimson",
    "zebra",
    "sideways",
    "nowhere",
    "mezzanine",
    "turnip",
    "eleventy",
    "platinum",
    "umbrella",
    "gravel",
)
_KINDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def named(keys: list[str]) -> str:
    return listing(f"`{key}`" for key in keys) if keys else "no arguments"


def facts(known: Known, usable: list[Known], rng: random.Random) -> list[tuple[str, str]]:
    """Questions and answers that follow from the schema and the description alone."""
    tool, parts = f"`{known.name}`", known.properties
    found: list[tuple[str, str]] = []

    def ask(answer: str, *questions: str) -> None:
        found.append((rng.choice(questions), answer))

    if known.required:
        ask(
            f"{tool} requires {named(known.required)}.",
            f"Which arguments does {tool} require?",
            f"What must I pass to {tool}?",
            f"{tool}: required arguments?",
        )
    elif parts:
        ask(
            f"None: every argument of {tool} is optional.",
            f"Which arguments does {tool} require?",
            f"What must I pass to {tool}?",
        )
    if known.optional:
        ask(
            f"In {tool} you may leave out {named(known.optional)}.",
            f"What may I leave out when I call {tool}?",
            f"Which arguments of {tool} are optional?",
        )
    for key, part in parts.items():
        kind = part.get("type")
        values = part.get("enum")
        needed = "required" if key in known.required else "optional"
        if isinstance(values, list) and 0 < len(values) <= MOST_VALUES:
            ask(
                f"`{key}` of {tool} is one of {named([said(value) for value in values])}.",
                f"Which values does `{key}` of {tool} take?",
                f"What can I pass as `{key}` to {tool}?",
                f"Allowed values of `{key}` in {tool}?",
            )
        if (
            key in known.optional
            and isinstance(part.get("default"), (str, int, float))
            and part["default"] != ""
        ):
            ask(
                f"{tool} assumes `{said(part['default'])}` for `{key}`.",
                f"What does {tool} assume when I do not give `{key}`?",
                f"I call {tool} without `{key}`. Which value does it take?",
            )
        if isinstance(kind, str) and kind in _KINDS and not isinstance(values, list):
            ask(
                f"`{key}` of {tool} is {_KINDS[kind]}{_bounds(part)}; it is {needed}.",
                f"What does {tool} expect as `{key}`?",
                f"Which type has `{key}` of {tool}?",
                f"`{key}` in {tool}: type, and do I need it?",
            )
        ask(f"Yes, it is {needed}.", f"Does {tool} take `{key}`?", f"Can I pass `{key}` to {tool}?")
        break_ = (
            part.get("properties") or (part.get("items") or {}).get("properties")
            if isinstance(part.get("items", {}), dict)
            else None
        )
        if isinstance(break_, dict) and 0 < len(break_) <= MOST_VALUES:
            one = "An entry" if "items" in part else "It"
            ask(
                f"{one} has {named(list(break_))}.",
                f"What goes into `{key}` of {tool}?",
                f"Which fields does `{key}` of {tool} have?",
            )
    own = {human(key) for key in parts}
    foreign = sorted({key for other in usable for key in other.properties if human(key) not in own})
    if foreign:
        key = rng.choice(foreign)
        ask(
            f"No: {tool} has no argument `{key}`; it takes {named(list(parts))}.",
            f"Does {tool} take `{key}`?",
            f"What do I pass as `{key}` to {tool}?",
            f"Which default does `{key}` of {tool} have?",
        )
    if known.purpose:
        ask(
            f"{tool}, which takes {named(list(parts))}.",
            f"Which tool do I use for this: {known.purpose}",
            f"Which of your tools is this: {known.purpose}",
        )
        ask(known.purpose, f"What is {tool} for?", f"What does {tool} do?", f"When do I reach for {tool}?")
    return found


def _bounds(part: dict) -> str:
    """What else the schema says of a value, as far as it is said in a few words."""
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
    known: Known, given: dict[str, Any], usable: list[Known], rng: random.Random
) -> tuple[dict[str, Any], str] | None:
    """(arguments with one mistake, what is wrong with them); None where the schema leaves nothing to get
    wrong.
    """
    tool = f"`{known.name}`"
    wrong: list[tuple[str, Any, str]] = []
    for key in given:
        part = known.properties.get(key, {})
        values, low, high = part.get("enum"), part.get("minimum"), part.get("maximum")
        if (
            isinstance(values, list)
            and 0 < len(values) <= MOST_VALUES
            and all(isinstance(value, str) for value in values)
        ):
            value = rng.choice([word for word in _STRANGE if word not in values])
            wrong.append(
                (
                    key,
                    value,
                    (
                        f"`{key}` of {tool} cannot be `{value}`: it is one of {named(values)}. Which one do"
                        " you mean?"
                    ),
                )
            )
        elif part.get("type") in ("integer", "number") and isinstance(high, (int, float)):
            value = high + rng.choice((1, 5, 20))
            limits = f"from {low} to {high}" if low is not None else f"at most {high}"
            wrong.append(
                (
                    key,
                    value,
                    f"`{key}` of {tool} is {limits}, so {value} does not work. Which value do you want?",
                )
            )
        elif (
            part.get("type") == "string"
            and isinstance(part.get("pattern"), str)
            and matching(part["pattern"], rng) is not None
        ):
            value = rng.choice(_STRANGE)
            wrong.append(
                (
                    key,
                    value,
                    (
                        f"`{key}` of {tool} has to match `{part['pattern']}`, and `{value}` does not. What is"
                        " the right one?"
                    ),
                )
            )
    own = {human(key) for key in known.properties}  # `per_page` for `perPage` is what everybody understands
    foreign = sorted({key for other in usable for key in other.properties if human(key) not in own})
    if foreign and given:
        key = rng.choice(foreign)
        sample = next(other.draw(rng) or {} for other in usable if key in other.properties)
        value = sample.get(key, rng.choice(_STRANGE))
        if isinstance(value, (str, int, float)):
            plenty = named(list(known.properties))
            wrong.append(
                (
                    key,
                    value,
                    f"{tool} has no argument `{key}`. It takes {plenty}. Shall I call it without `{key}`?",
                )
            )
    if not wrong:
        return None
    key, value, answer = rng.choice(wrong)
    bad = given | {key: value}
    if key in known.properties and known.accepts(bad):
        return None
    return bad, capital(answer) if answer[0].isalpha() else answer
