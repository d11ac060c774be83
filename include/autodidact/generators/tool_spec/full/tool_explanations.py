"""Tools explained to a colleague: what one does and takes, what is wrong with a call."""

import json
import re
from typing import Any

from autodidact.generators.tool_spec.arguments_in_schema import values_of
from autodidact.generators.tool_spec.full.argument_with_its_schema import plain
from autodidact.generators.tool_spec.full.description_conditions import speaks_of_cases
from autodidact.generators.tool_spec.full.exchange_context import Scene
from autodidact.generators.tool_spec.full.no_call_exchanges import destructive, quoted, stopped
from autodidact.generators.tool_spec.full.sentence_templates import kinds, pair, say
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.schema_questions import named
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.tool_spec.value_type_phrases import kind_of
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.records import Example
from autodidact.sources.json_of_expected_type import dict_of

# Arguments that are explained one by one, and characters of a description of one.
MOST_ARGUMENTS, MOST_ABOUT = 9, 110


def argument_line(known: KnownTool, key: str) -> str:
    """What an argument is: required or not, its values or type, its default, what the schema says of it."""
    part = plain(known.properties[key])
    values, when = values_of(part), known.arguments.when.get(key)
    kind = (
        f"one of {listing((f'`{in_code(one)}`' for one in values), 'or')}"
        if len(values) > 1
        else kind_said(part)
    )
    kind = kind or {"object": "an object", "array": "a list"}.get(str(part.get("type")), "")
    if key in known.required:
        needed = "required"
    elif when:
        needed = f"needed when {when}"
    else:
        sure = when is None and not speaks_of_cases(known)
        needed = known.unread.closed("optional", "required") if sure else ""
    default = part.get("default")
    assumed = (
        f"default `{in_code(default)}`"
        if default not in (None, "") and not isinstance(default, (dict, list))
        else ""
    )
    about = " ".join(str(part.get("description") or "").split())
    about = re.sub(r"^YYYY-MM-DD(?:[,;:.] *|$)", "", about) if "YYYY-MM-DD" in kind else about
    about = "" if len(about) > MOST_ABOUT or about.rstrip(".").lower() == kind.lower() else about
    head = ", ".join(one for one in (needed, kind, assumed) if one)
    return f"`{key}`{f' ({head})' if head else ''}{f': {about}' if about else ''}".rstrip(".")


def kind_said(part: dict) -> str:
    """The type of an argument in a few words; a pattern of days as such."""
    said = kind_of(part).replace("at least 1 entries", "at least 1 entry")
    said = re.sub(r"a string in the format date(?![\w-])", "a day as YYYY-MM-DD", said)
    return re.sub(r"a string that matches `\^?\\d\{4\}-\\d\{2\}-\\d\{2\}\$?`", "a day as YYYY-MM-DD", said)


def example_call(known: KnownTool, given: dict[str, Any]) -> str:
    body = json.dumps({"name": known.name, "arguments": given}, ensure_ascii=False, indent=2)
    return f"```json\n{body}\n```"


def explained(scene: Scene) -> Example | None:
    """What a tool is for, what it takes, and a call as an example, where one is known that surely fits."""
    known, rng, given = scene.known, scene.rng, scene.draw()
    if not known.purpose or len(known.properties) > MOST_ARGUMENTS:
        return None
    scene.offer(known)
    lines = "\n".join(f"- {argument_line(known, key)}" for key in known.properties)
    takes = f"It takes:\n{lines}" if lines else "It names no arguments."
    warn = "Ask before you call it: it is not one to be tried out." if destructive(known) else ""
    words = {
        "tool": f"`{known.name}`",
        "name": known.name,
        "says": stopped(quoted(known)),
        "purpose": re.sub(r"(?<![.!?])$", ".", " ".join(known.purpose.split())),
        "takes": takes,
        "call": "" if given is None else example_call(known, given),
        "parts": "" if given is None else _parts(known, given),
        "at_hand": at_hand(known),
        "warn": f" {warn}" if warn else "",
        "warn_below": f"\n\n{warn}" if warn else "",
    }
    group = "explained" if given is not None else "explained without a call"
    return scene.row([], *pair(group, rng.choice(kinds(group)), **words))


def _parts(known: KnownTool, given: dict[str, Any]) -> str:
    """The arguments of a call one by one."""
    if not known.properties:
        return "It takes no arguments here."
    return "\n".join(f"- {argument_line(known, key)}" for key in given if key in known.properties)


def at_hand(known: KnownTool) -> str:
    """What a call needs, as far as it is known, and what may be left out, where no description of the tool
    says a word of cases.
    """
    when = [f"`{key}` when {how}" for key, how in known.arguments.when.items() if how]
    if len(when) < len(known.arguments.when):
        return (
            f"At least {named(known.required)} must be given."
            if known.required
            else "What it needs depends on the case."
        )
    if speaks_of_cases(known):
        at_least = f"At least {named(known.required)} must be given." if known.required else ""
        return at_least or known.unread.closed("The schema requires no argument.", "required", "arguments")
    needs = listing([*(f"`{key}`" for key in known.required), *when])
    if not needs:
        return (
            known.unread.closed("No argument is required.", "required", "arguments")
            or "It names no required argument."
        )
    may = f" {capital(named(known.optional))} may be left out." if known.optional else ""
    return f"You need {needs}.{may}"


def mistake(scene: Scene) -> Example | None:
    """A call that the schema refuses: what is wrong with it, and the right one."""
    known, rng, given = scene.known, scene.rng, scene.draw()
    if not given or not known.valid():
        return None
    found = [one for key in given for one in _wrong(known, key, given)]
    if not found:
        return None
    bad, why, good = rng.choice(found)
    if known.accepts(bad) or good is not None and not known.accepts(good):
        return None
    scene.offer(known)
    body = json.dumps(bad, ensure_ascii=False, indent=2 if rng.random() < 0.6 else None)
    ask = say("mistake", "ask", rng, tool=f"`{known.name}`", body=f"```json\n{body}\n```")
    if good is None:
        return scene.row([], ask, say("mistake", "open", rng, why=why))
    fixed = f"```json\n{json.dumps(good, ensure_ascii=False, indent=2)}\n```"
    return scene.row([], ask, say("mistake", "say", rng, why=why, fixed=fixed))


Fault = tuple[dict[str, Any], str, dict[str, Any] | None]


def _wrong(known: KnownTool, key: str, given: dict[str, Any]) -> list[Fault]:
    """(arguments with one mistake at this key, what is wrong, the right ones or None where one must ask)."""
    part, value = plain(known.properties.get(key)), given[key]
    found = [*_wrong_choice(key, part, value), *_wrong_type(key, part, value)]
    faults: list[Fault] = [(given | {key: bad}, why, given | {key: good}) for bad, why, good in found]
    if key in known.required and len(given) > 1:
        rest = {one: item for one, item in given.items() if one != key}
        faults.append((rest, f"`{key}` is missing, and `{known.name}` requires it.{_about(part)}", None))
    return faults


def _wrong_choice(key: str, part: dict, value: Any) -> list[tuple[Any, str, Any]]:
    """(a wrong value, what is wrong, the right one) for an argument with a list of values."""
    values = values_of(part)
    if not isinstance(value, str) or len(values) < 2:
        return []
    listed = (
        listing((f"`{in_code(one)}`" for one in values), "or") if len(values) < 9 else "one of a fixed list"
    )
    if re.search("[-_]", value):
        shown = value.replace("_", " ").replace("-", " ")
        why = (
            f"`{key}` is spelled as one says it, `{shown}`, but the schema has `{value}` (allowed: {listed})."
        )
        return [(shown, why, value)]
    other = value.upper() if value.islower() else value.lower()
    return [(other, f"The case matters: `{key}` has to be {listed}, in exactly this spelling.", value)]


def _wrong_type(key: str, part: dict, value: Any) -> list[tuple[Any, str, Any]]:
    """(a wrong value, what is wrong, the right one) of a number or a list."""
    found: list[tuple[Any, str, Any]] = []
    if isinstance(value, int) and not isinstance(value, bool) and part.get("type") in ("integer", "number"):
        kind = kind_said(part) or "a number"
        why = f'`{key}` is a text here (`"{value}"`), and the schema wants {kind}: take the quotes away.'
        found.append((str(value), why, value))
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], (str, int)):
        why = f"`{key}` takes a list, even for one entry: put `{in_code(value[0])}` into brackets."
        found.append((value[0], why, value))
    return found


def _about(part: dict) -> str:
    values, kind = values_of(part), kind_said(part)
    if fields := dict_of(part.get("properties")):
        return f" It is an object that may have {named(list(fields))}."
    if 1 < len(values) < 9:
        return f" It is one of {listing((f'`{in_code(one)}`' for one in values), 'or')}."
    return f" It is {kind}." if kind not in ("", "a string") else ""
