"""The turns of a conversation with tools: one call, several, a question back, no call at all, a result."""

import random
from collections.abc import Callable
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.call_requests import request
from autodidact.generators.tool_spec.default_in_words import another_default
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.questions_on_shown_results import with_result
from autodidact.generators.tool_spec.schema_questions import facts as schema_facts
from autodidact.generators.tool_spec.schema_questions import mistake
from autodidact.generators.tool_spec.spelled_values import human, in_code
from autodidact.generators.tool_spec.tools_for_nearly_anything import may_do_anything
from autodidact.generators.tool_spec.values_left_open import drawn
from autodidact.records import Example, call, canonical, example
from autodidact.shipped_tables import read_table

NAME = "tool_spec"
CATEGORY = "tool_use"

# Offered together.
MOST_TOOLS = 6

_TABLE = read_table(__file__)
# Requests that no tool fits; names of arguments that cannot follow "which".
ELSEWHERE, _NO_NOUNS = _TABLE["elsewhere"], frozenset(_TABLE["no_nouns"])


def offer(
    known: list[KnownTool], usable: list[KnownTool], budget: int, rng: random.Random
) -> list[KnownTool]:
    """These tools and some others, in half of the cases those that are most like the first, shuffled, within
    the budget of characters.
    """
    offered, size = list(known), sum(one.size for one in known)
    taken = {one.name for one in known}
    others = rng.sample(usable, len(usable))
    if known and rng.random() < 0.5:
        others.sort(key=lambda other: -len(other.stems & known[0].stems))
    most = rng.randint(2, MOST_TOOLS)
    for other in others:
        if other.name not in taken and len(offered) < most and size + other.size <= budget:
            offered.append(other)
            taken.add(other.name)
            size += other.size
    rng.shuffle(offered)
    return offered


def row(known: KnownTool, offered: list[KnownTool], message: str, answer, *, short: bool = False) -> Example:
    """An example about a tool, with these offered."""
    also: dict[str, Any] = {"short": True} if short else {}
    return example(
        NAME, CATEGORY, message, answer, known.source, tools=[one.shown for one in offered], **also
    )


def defaults(known: KnownTool) -> list[tuple[str, object]]:
    """The defaults of the schema that no description says otherwise of."""
    return [
        (key, part["default"])
        for key, part in known.properties.items()
        if key in known.optional
        and isinstance(part.get("default"), (str, int, float))
        and part["default"] != ""
        and not another_default(key, part, known.tool.description)
    ]


def _ambiguous(known: KnownTool, usable: list[KnownTool]) -> bool:
    """Whether another tool says of itself much the same, so that only the name tells which is meant."""
    return any(
        other is not known and len(other.stems & known.stems) >= 0.7 * len(other.stems | known.stems)
        for other in usable
    )


def _call(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    given = drawn(known, rng)
    if given is None:
        return None
    message = request(known, given, rng, named=_ambiguous(known, usable))
    left = [key for key, _ in defaults(known) if key not in given]
    if left and rng.random() < 0.25:
        key = rng.choice(left)
        message += rng.choice(
            (
                f" Leave `{key}` at its default.",
                f" The default of `{key}` is fine.",
                f" No special {human(key)}.",
            )
        )
    return row(known, offer([known], usable, budget, rng), message, call((known.name, given)))


def _parallel(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    """Two or three calls in one answer: of one tool, or of two."""
    others = [one for one in usable if one.name != known.name and one.size + known.size <= budget]
    second = rng.choice(others) if others and rng.random() < 0.5 else known
    chosen = rng.choice(([known, second], [known, second], [known, second, known]))
    found = [(one, drawn(one, rng)) for one in chosen]
    made = [(one, given) for one, given in found if given is not None]
    if len({canonical([one.name, given]) for one, given in made}) < len(found):
        return None
    parts = [request(one, given, rng, named=_ambiguous(one, usable)) for one, given in made]
    if rng.random() < 0.5 or any("\n" in part for part in parts):
        message = rng.choice(("", "Do these together:\n", "Several things:\n")) + "\n".join(
            f"{n}. {part}" for n, part in enumerate(parts, 1)
        )
    else:
        message = rng.choice((" Also: ", " And: ", " At the same time: ")).join(parts)
    offered = offer([known] if second is known else [known, second], usable, budget, rng)
    return row(known, offered, message, call(*((one.name, given) for one, given in made)))


def _missing(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    """A required argument is missing, or one that the others require: the answer asks for it and calls
    nothing.
    """
    given = drawn(known, rng) or {}
    wanted = [*known.required, *(key for key, how in known.arguments.when.items() if how and key in given)]
    if not given or not wanted:
        return None
    name = rng.choice(wanted)
    given.pop(name, None)
    if known.accepts(given):
        return None
    part, how = known.properties[name], known.arguments.when.get(name)
    needs = f"`{name}` when {how}" if how else f"`{name}`"
    choices = values_of(part)
    about = " ".join(str(part.get("description") or "").split()).rstrip(".")
    hint = f" It is one of {', '.join(map(in_code, choices))}." if 1 < len(choices) <= 8 else ""
    hint = hint or (f" ({about}.)" if 0 < len(about) <= 90 and "?" not in about else "")
    what = human(name)
    answer = rng.choice(
        (
            f"Which {what}? `{known.name}` needs {needs}.{hint}",
            f"What is the {what}? `{known.name}` requires {needs}.{hint}",
            f"`{known.name}` also needs {needs}: which {what}?{hint}",
        )
    )
    if what in _NO_NOUNS:
        answer = f"What is to be passed as `{name}`? `{known.name}` requires {needs}.{hint}"
    return row(
        known,
        offer([known], usable, budget, rng),
        request(known, given, rng, named=_ambiguous(known, usable)),
        answer,
    )


def _declined(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    """The tool that would fit is not offered, or there is none, and the others have no word in common with
    what is asked.
    """
    if rng.random() < 0.4:
        message = rng.choice(ELSEWHERE)
        wanted = stems(message)
    else:
        given = drawn(known, rng)
        if given is None:
            return None
        message = request(known, given, rng)
        wanted = known.stems
        if known.name in message:
            return None
    far = [one for one in usable if one is not known and not one.stems & wanted and not may_do_anything(one)]
    offered = offer([], far, budget, rng)
    if not offered:
        return None
    names = ", ".join(f"`{one.name}`" for one in offered)
    answer = rng.choice(
        (
            f"None of my tools does that. I have {names}.",
            f"No tool fits: I have {names}.",
            f"I have no tool for that, only {names}.",
        )
    )
    return row(known, offered, message, answer)


def _result(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    given = drawn(known, rng)
    if given is None:
        return None
    history, answer = with_result(
        known, given, request(known, given, rng, named=_ambiguous(known, usable)), rng
    )
    shown = [one.shown for one in offer([known], usable, budget, rng)]
    return (
        example(NAME, CATEGORY, "", answer, known.source, history=history, tools=shown, short=True)
        if answer
        else None
    )


def _mistaken(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    """The request gives a value or an argument that the schema does not allow: the answer says so and calls
    nothing.
    """
    given = drawn(known, rng)
    found = mistake(known, given, usable, rng) if given is not None else None
    if found is None:
        return None
    wrong, answer = found
    return row(
        known,
        offer([known], usable, budget, rng),
        request(known, wrong, rng, named=_ambiguous(known, usable)),
        answer,
    )


def _described(known: KnownTool, usable: list[KnownTool], budget: int, rng: random.Random) -> Example | None:
    facts = schema_facts(known, usable, rng)
    if not facts:
        return None
    message, answer = rng.choice(facts)
    return row(known, offer([known], usable, budget, rng), message, answer, short=True)


# In twenty turns: nine calls, three of several at once, three results, two questions about the schema, and
# three times no call.
KINDS: tuple[Callable, ...] = (
    _call,
    _missing,
    _call,
    _result,
    _parallel,
    _call,
    _declined,
    _call,
    _described,
    _call,
    _mistaken,
    _call,
    _parallel,
    _call,
    _result,
    _call,
    _described,
    _parallel,
    _call,
    _result,
)
