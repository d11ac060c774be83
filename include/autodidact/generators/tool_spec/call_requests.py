"""How a developer asks for a call: in prose, as a command, as JSON, as a list; every value occurs in it."""

import json
import random
import re
from collections.abc import Iterable
from typing import Any

from autodidact.generators.tool_spec.description_phrases import Phrase
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.spelled_values import bare, human, in_words


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


def pairs(given: dict[str, Any], rng: random.Random, clause: bool = True) -> str:
    """The arguments in one line, in one of several hands. `clause`: a sentence may stand there ("pier is
    skerry"), not only names and values.
    """
    nested = any(
        isinstance(leaf, (dict, list))
        for value in given.values()
        for leaf in (value if isinstance(value, list) else [value])
    )
    if nested or rng.random() < 0.2:
        return rng.choice((", ", " ")).join(f"{path}={_argument(value)}" for path, value in flat(given))
    form = rng.choice(("{} {}", "{}: {}", "{} {}", "{} = {}", "{} is {}" if clause else "{} {}"))
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
    phrase = known.phrase
    if named or shape < 0.3 or phrase == Phrase():
        return _by_name(known, name, given, rng)
    if phrase.task:
        return _by_task(phrase.task, given, rng)
    return _by_thing(phrase.thing, given, rng) if phrase.thing else _by_quote(phrase.quote, given, rng)


def _without_arguments(known: KnownTool, name: str, named: bool) -> list[str]:
    forms = [f"Run {name}.", f"Call {name} for me.", f"{name}, please."]
    phrase = known.phrase
    if named or phrase == Phrase():
        return forms
    if phrase.quote:
        quoted = _in_quotes(phrase.quote)
        return [
            *forms,
            f"Run the tool that says: {quoted}",
            f"I need the tool with this description: {quoted}",
        ]
    do = phrase.task or f"get me {phrase.thing}"
    forms += [
        f"{_capital(do)}.",
        f"Please {do}.",
        f"Can you {do}?",
        f"{do}, now",
        f"Time to {do}, please do it.",
    ]
    return [*forms, f"I need to {do}." if phrase.task else f"I need {phrase.thing}."]


def _by_name(known: KnownTool, name: str, given: dict[str, Any], rng: random.Random) -> str:
    body = json.dumps(given, ensure_ascii=False, indent=2 if rng.random() < 0.5 else None)
    command = " ".join(f"{path}={_argument(value)}" for path, value in flat(given))
    return rng.choice(
        (
            f"Call {name} with\n```json\n{body}\n```",
            f"{known.name} {command}",
            f"Run {name}: {pairs(given, rng)}.",
            f"Use {name} with {pairs(given, rng, False)}.",
            f"{name} for {pairs(given, rng, False)}, please.",
        )
    )


def _by_task(do: str, given: dict[str, Any], rng: random.Random) -> str:
    listed, named = pairs(given, rng), pairs(given, rng, False)
    return rng.choice(
        (
            f"{_capital(do)}: {listed}.",
            f"{_capital(do)}, with {named}.",
            f"Can you {do}? {_capital(listed)}.",
            f"I need to {do}. {_capital(listed)}.",
            f"{_capital(listed)}. {_capital(do)}, please.",
            f"We have to {do} before lunch: {listed}.",
            f"Next step in the runbook: {do}. Here {listed}.",
            f"{_capital(do)}\n{_lines(given)}",
        )
    )


def _by_thing(thing: str, given: dict[str, Any], rng: random.Random) -> str:
    listed, named = pairs(given, rng), pairs(given, rng, False)
    return rng.choice(
        (
            f"I need {thing}: {listed}.",
            f"{_capital(thing)}, for {named}?",
            f"Can you get me {thing}? {_capital(listed)}.",
            f"{_capital(listed)}. I want {thing}.",
            f"{_capital(thing)}, please: {listed}.",
            f"A user asks for {thing}. {_capital(listed)}.",
            f"{_capital(thing)}\n{_lines(given)}",
        )
    )


def _by_quote(quote: str, given: dict[str, Any], rng: random.Random) -> str:
    quoted, listed, named = _in_quotes(quote), pairs(given, rng), pairs(given, rng, False)
    return rng.choice(
        (
            f"I need the tool that says: {quoted} {_capital(listed)}.",
            f"Use the tool with this description: {quoted} Call it with {named}.",
            f"{_capital(listed)}. The tool for this says of itself: {quoted}",
            f"Call the tool described as {quoted} with {named}.",
            f"The one that says {quoted}, please: {listed}.",
            f"Tool: {quoted}\n{_lines(given)}",
        )
    )


def _in_quotes(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def _argument(value: Any) -> str:
    """A value as it stands behind `path=`."""
    return bare(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(given: dict[str, Any]) -> str:
    return "\n".join(f"- {path}: {_leaf(value)}" for path, value in flat(given))


def _leaf(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _capital(text: str) -> str:
    """With a capital, unless the first word is a name, a path or a setting, which stay as they are."""
    first = text.split(" ", 1)[0]
    return text if re.search(r"[^A-Za-z,:]|[a-z][A-Z]", first) else text[:1].upper() + text[1:]
