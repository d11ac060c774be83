"""Tools explained to a colleague: what one does and takes, what is wrong with a call."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.full.argument_in_words import MOST_CHOICES, about_of, argument_line
from autodidact.generators.tool_spec.full.description_conditions import names_with_condition, speaks_of_cases
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive, quoted, stopped
from autodidact.generators.tool_spec.full.sentence_templates import pair, say
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.generators.tool_spec.schema_questions import named
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.records import Example

# Arguments that are explained one by one.
MOST_ARGUMENTS = 9
# Of the explanations with all arguments, how many also ask what has to be given.
OF_NEED = 0.25


def example_call(known: KnownTool, given: dict[str, Any]) -> str:
    body = json.dumps({"name": known.name, "arguments": given}, ensure_ascii=False, indent=2)
    return f"```json\n{body}\n```"


def whole(scene: Scene) -> Example | None:
    """What a tool is for and each argument, with a call as an example where one is known that surely fits;
    None where the schema says nothing of an argument.
    """
    known = scene.known
    if not quoted(known) or len(known.properties) > MOST_ARGUMENTS:
        return None
    listed = _lines(known, known.properties)
    if known.properties and not listed:
        return None
    takes = f"Its arguments:\n{listed}" if listed else "It names no arguments."
    if known.takes_any:
        # Below a list it would run on with the last line.
        takes += f"\n\nThe schema allows {'more than these' if listed else 'some all the same'}."
    kind = "whole"
    if scene.rng.random() < OF_NEED and not (nothing_required(known) and _asks_for_some(known)):
        kind = "need"
    return _explained(scene, kind, "\n\nA call looks like this:\n", takes=takes)


def nothing_required(known: KnownTool) -> str:
    """That the schema requires nothing, as a sentence; "" where it does, or where that is not known."""
    if known.required or known.arguments.when:
        return ""
    said = f"Nothing, by its schema: `{known.name}` requires no argument. "
    return known.unread.closed(said, "required", "arguments")


def _asks_for_some(known: KnownTool) -> bool:
    """Whether the tool's description sets a condition on an argument."""
    said = sentences(known.tool.description)
    return any(names_with_condition(one, known, key) for one in said for key in known.properties)


def _lines(known: KnownTool, keys: Iterable[str]) -> str:
    """A line for each of these arguments; "" where the schema says nothing of one."""
    lines = [argument_line(known, key) for key in keys]
    return "\n".join(f"- {line}" for line in lines) if all(lines) else ""


def in_brief(scene: Scene) -> Example | None:
    """What a tool is for and what it needs; None where that depends on the case."""
    if not quoted(scene.known) or scene.known.arguments.when or speaks_of_cases(scene.known):
        return None
    needed = _lines(scene.known, scene.known.required)
    if needed and scene.rng.random() < 0.5:
        # What all of them are required for is said above them.
        takes = re.sub(r"(?m)^(- `[^`]+`) \(required\)", r"\1", needed)
        takes = re.sub(r"(?m)^(- `[^`]+`) \(required, ", r"\1 (", takes)
        return _explained(scene, "at_hand", "\n\nFor instance:\n", takes=takes)
    return _explained(scene, "short", "\n\n", with_call=True)


def _explained(
    scene: Scene, kind: str, before_call: str, takes: str = "", with_call: bool = False
) -> Example | None:
    """The question and its answer; `with_call`: None without a call that surely fits."""
    scene = scene.at_length()
    known, given = scene.known, scene.draw()
    if with_call and given is None:
        return None
    scene.offer(known)
    warn = " Ask before you call it: it is not one to be tried out." if destructive(known) else ""
    words = {
        "tool": f"`{known.name}`",
        "says": stopped(quoted(known)),
        "takes": takes,
        "call": "" if given is None else before_call + example_call(known, given),
        "at_hand": f" {needs}" if (needs := at_hand(known)) else "",
        "rest": rest_said(known),
        "nothing": nothing_required(known),
        "warn": warn,
        # Below a list it would run on with the last line.
        "warn_apart": f"\n\n{warn.strip()}" if warn else "",
    }
    return scene.row([], *pair("explained", kind, scene.rng, **words))


def at_hand(known: KnownTool) -> str:
    """What a tool needs by its schema, as far as it is known, and what it does not require. The tool is
    named: "it" might be an argument, or another tool.
    """
    when = [f"`{key}` when {how}" for key, how in known.arguments.when.items() if how]
    whole = known.unread.closed("yes", "required", "arguments")
    if len(when) < len(known.arguments.when) or not whole:
        return f"`{known.name}` requires at least {named(known.required)}." if known.required else ""
    needs = listing([*(f"`{key}`" for key in known.required), *when]) or "no argument"
    if not known.optional:
        others = ", and has no other arguments" if known.properties else ", since it has none"
        return f"`{known.name}` requires {needs}{others}."
    return f"`{known.name}` requires {needs}; {_not_required(known)}."


def _not_required(known: KnownTool) -> str:
    return f"the schema does not require {listing((f'`{key}`' for key in known.optional), 'or')}"


def rest_said(known: KnownTool) -> str:
    """Which arguments are not required, as a paragraph; "" for none, and where that is not known."""
    if not known.optional:
        return ""
    return known.unread.closed(f"\n\n{capital(_not_required(known))}.", "required", "arguments")


Fault = tuple[dict[str, Any], str, dict[str, Any] | None]


def misspelled(scene: Scene) -> Example | None:
    """A call with a value that the schema refuses: what is wrong with it, and the right one."""
    return _mistake(scene, _wrong_value)


def incomplete(scene: Scene) -> Example | None:
    """A call without a required argument: which one, and what the schema says of it."""
    return _mistake(scene, _missing)


def completed(scene: Scene) -> Example | None:
    """A call that lacks a required argument, the question for its value, and the call with it."""
    given = scene.draw()
    keys = needed_alone(scene.known, given or {})
    if not given or not keys or len(given) == 1:
        return None
    key = scene.rng.choice(keys)
    scene.offer(scene.known)
    ask = _checked(scene, {one: value for one, value in given.items() if one != key})
    reply = say("missing", "given", scene.rng, value=in_words(given[key]))
    fixed = f"```json\n{json.dumps(given, ensure_ascii=False, indent=2)}\n```"
    answer = say("mistake", "complete", scene.rng, key=key, fixed=fixed)
    return scene.row([user(ask), assistant(asked_for(scene, key, ask))], reply, answer)


def asked_for(scene: Scene, key: str, checked: str = "") -> str:
    """The question for a required argument, with what the schema says of it. `checked`: the call that lacks
    it, where one was to be checked.
    """
    known = scene.known
    about = about_of(known.properties.get(key), key)
    kind = "of_call" if checked else "question"
    return say("missing", kind, scene.rng, tool=f"`{known.name}`", key=key, about=about)


def needed_alone(known: KnownTool, given: dict[str, Any]) -> list[str]:
    """The arguments of a call without which the tool refuses it, and which can be given in a word."""
    return [
        key
        for key, value in given.items()
        if key in known.required
        and isinstance(value, (str, int, float))
        and not isinstance(value, bool)
        and not known.accepts({one: item for one, item in given.items() if one != key})
    ]


def in_words(value: str | float) -> str:
    """A value as somebody answers with it: a day in words, all else as it is."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return f"`{in_code(value)}`"


def _checked(scene: Scene, bad: dict[str, Any]) -> str:
    """The question what is wrong with a call."""
    body = json.dumps(bad, ensure_ascii=False, indent=2 if scene.rng.random() < 0.6 else None)
    return say("mistake", "ask", scene.rng, tool=f"`{scene.known.name}`", body=f"```json\n{body}\n```")


def _mistake(scene: Scene, faults: Callable[[KnownTool, str, dict[str, Any]], list[Fault]]) -> Example | None:
    known, rng, given = scene.known, scene.rng, scene.draw()
    if not given or not known.valid():
        return None
    found = [one for key in given for one in faults(known, key, given)]
    if not found:
        return None
    bad, why, good = rng.choice(found)
    if known.accepts(bad) or good is not None and not known.accepts(good):
        return None
    scene.offer(known)
    ask = _checked(scene, bad)
    if good is None:
        return scene.row([], ask, say("mistake", "open", rng, why=why))
    fixed = f"```json\n{json.dumps(good, ensure_ascii=False, indent=2)}\n```"
    return scene.row([], ask, say("mistake", "say", rng, why=why, fixed=fixed))


def _missing(known: KnownTool, key: str, given: dict[str, Any]) -> list[Fault]:
    """(arguments without this one, what is wrong, None since one must ask)."""
    if key not in known.required or len(given) == 1:
        return []
    rest = {one: item for one, item in given.items() if one != key}
    about = about_of(known.properties.get(key), key)
    return [(rest, f"`{key}` is missing, and `{known.name}` requires it.{about}", None)]


def _wrong_value(known: KnownTool, key: str, given: dict[str, Any]) -> list[Fault]:
    """(arguments with a wrong value at this key, what is wrong, the right ones). A number as a text is none:
    many servers take it.
    """
    part, value = plain(known.properties.get(key)), given[key]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        why = f"`{key}` takes a list, even for one entry: put `{in_code(value[0])}` into brackets."
        return [(given | {key: value[0]}, why, given)]
    values = values_of(part)
    if not isinstance(value, str) or len(values) < 2:
        return []
    short = len(values) <= MOST_CHOICES
    listed = listing((f"`{in_code(one)}`" for one in values), "or")
    if re.search("[-_]", value):
        bad = value.replace("_", " ").replace("-", " ")
        why = f"`{key}` has to be `{value}`, not `{bad}`{f' (allowed: {listed})' if short else ''}."
    else:
        bad = value.upper() if value.islower() else value.lower()
        may_be = f"{listed}, in exactly this spelling" if short else f"`{value}`, as the schema spells it"
        why = f"The case matters: `{key}` has to be {may_be}."
    return [(given | {key: bad}, why, given)]
