"""How a developer asks for a call: in prose, as a command, as JSON, as a list; every value occurs in it."""

import json
import random
import re
from collections.abc import Iterable
from typing import Any

from autodidact.generators.tool_spec.known_tool import KnownTool


def human(key: str) -> str:
    """A parameter's name as one says it: `maxItems` is "max items"."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").strip().lower() or key
    )


def in_words(value: Any) -> str:
    """A value as it stands in a sentence; each leaf of it occurs word for word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in value)
    ):
        return (
            " and ".join((", ".join(map(_bare, value[:-1])), _bare(value[-1])))
            if len(value) > 1
            else _bare(value[0])
        )
    return _bare(value)


def _bare(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return (
        value
        if re.fullmatch(r"[\w./:@+-]+", value)
        else json.dumps(value, ensure_ascii=False)
        if '"' in value
        else f'"{value}"'
    )


def flat(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """The leaves by path: `contact.channel`, `party[0].count`; an empty object or list is a leaf."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from flat(item, f"{path}[{number}]")
    else:
        yield path, value


def pairs(given: dict[str, Any], rng: random.Random) -> str:
    """The arguments in one line, in one of several hands."""
    nested = any(
        isinstance(leaf, (dict, list))
        for value in given.values()
        for leaf in (value if isinstance(value, list) else [value])
    )
    if nested or rng.random() < 0.2:
        return rng.choice((", ", " ")).join(f"{path}={_argument(value)}" for path, value in flat(given))
    form = rng.choice(("{} {}", "{}: {}", "{} {}", "{} = {}", "{} is {}"))
    listed = [form.format(human(key), in_words(value)) for key, value in given.items()]
    if form == "{}: {}":
        return "; ".join(listed)
    return (
        listed[0]
        if len(listed) == 1
        else f"{', '.join(listed[:-1])} and {listed[-1]}"
        if rng.random() < 0.5
        else ", ".join(listed)
    )


def request(known: KnownTool, given: dict[str, Any], rng: random.Random, named: bool = False) -> str:
    """What a developer says who wants this call. `named`: with the name of the tool."""
    name = f"`{known.name}`" if rng.random() < 0.5 else known.name
    if not given:
        return rng.choice(_without_arguments(known, name, named))
    shape = rng.random()
    if named or shape < 0.3:
        return _by_name(known, name, given, rng)
    return _by_task(known, given, rng) if known.task else _by_thing(known, given, rng)


def _without_arguments(known: KnownTool, name: str, named: bool) -> list[str]:
    forms = [f"Run {name}.", f"Call {name} for me.", f"{name}, please."]
    if not named:
        do = known.task or f"get me {known.thing}"
        forms += [f"{_capital(do)}.", f"Please {do}.", f"Can you {do}?", f"I need to {do}."]
        forms += [f"{do}, now", f"Time to {do}, please do it."]
    return forms


def _by_name(known: KnownTool, name: str, given: dict[str, Any], rng: random.Random) -> str:
    body = json.dumps(given, ensure_ascii=False, indent=2 if rng.random() < 0.5 else None)
    command = " ".join(f"{path}={_argument(value)}" for path, value in flat(given))
    return rng.choice(
        (
            f"Call {name} with\n```json\n{body}\n```",
            f"{known.name} {command}",
            f"Run {name}: {pairs(given, rng)}.",
            f"Use {name} with {pairs(given, rng)}.",
            f"{name} for {pairs(given, rng)}, please.",
        )
    )


def _by_task(known: KnownTool, given: dict[str, Any], rng: random.Random) -> str:
    do, listed = known.task, pairs(given, rng)
    return rng.choice(
        (
            f"{_capital(do)}: {listed}.",
            f"{_capital(do)}, with {listed}.",
            f"Can you {do}? {_capital(listed)}.",
            f"I need to {do}. {_capital(listed)}.",
            f"{_capital(listed)}. {_capital(do)}, please.",
            f"We have to {do} before lunch: {listed}.",
            f"Next step in the runbook: {do}. Here {listed}.",
            f"{_capital(do)}\n{_lines(given)}",
        )
    )


def _by_thing(known: KnownTool, given: dict[str, Any], rng: random.Random) -> str:
    thing, listed = known.thing, pairs(given, rng)
    return rng.choice(
        (
            f"I need {thing}: {listed}.",
            f"{_capital(thing)}, for {listed}?",
            f"Can you get me {thing}? {_capital(listed)}.",
            f"{_capital(listed)}. I want {thing}.",
            f"{_capital(thing)}, please: {listed}.",
            f"A user asks for {thing}. {_capital(listed)}.",
            f"{_capital(thing)}\n{_lines(given)}",
        )
    )


def _argument(value: Any) -> str:
    """A value as it stands behind `path=`."""
    return _bare(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(given: dict[str, Any]) -> str:
    return "\n".join(f"- {path}: {_leaf(value)}" for path, value in flat(given))


def _leaf(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _capital(text: str) -> str:
    """With a capital, unless the first word is a name, a path or a setting, which stay as they are."""
    first = text.split(" ", 1)[0]
    return text if re.search(r"[^A-Za-z,:]|[a-z][A-Z]", first) else text[:1].upper() + text[1:]
