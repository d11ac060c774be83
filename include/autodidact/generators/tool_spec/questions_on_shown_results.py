"""Reading what a tool gave back: the value that was asked for, all of it, how many, an error, and what is not
in it.

A result follows the tool's output schema where it has one. Otherwise it repeats what was asked and adds what
tools usually say; it is made up as the arguments are, and the answer says what it says.
"""

import json
import random
from typing import Any

from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.schema_values import NO_VALUE, sample
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import call
from autodidact.shipped_tables import read_table

# Characters of a result.
MOST_RESULT = 700

_TABLE = read_table(__file__)["results"]
# First words of tools that give back many; fields that results often have; errors.
_MANY, _FIELDS, _ERRORS = tuple(_TABLE["many"]), _TABLE["fields"], _TABLE["errors"]


def with_result(
    known: KnownTool, given: dict[str, Any], message: str, rng: random.Random
) -> tuple[list[dict], str]:
    """(the request, the call, its result), and the answer that the result allows; ([], "") where it allows
    none.
    """
    kind = rng.random()
    if kind < 0.2:
        content, answer = _failed(known, rng)
        return _turns(message, known, given, content), answer
    if kind < 0.45 and not known.tool.output and known.name.lower().startswith(_MANY):
        content, ask, answer = _counted(rng)
        return _turns(f"{message}\n{ask}", known, given, content), answer
    result = _result(known, given, rng)
    content = json.dumps(result, ensure_ascii=False)
    if kind < 0.58:
        ask, answer = _absent(result, rng)
        return _turns(f"{message}\n{ask}", known, given, content), answer
    fields = {
        key: value
        for key, value in result.items()
        if isinstance(value, (str, int, float, bool)) and str(value) != ""
    }
    if not fields:
        return [], ""
    if kind < 0.85:
        ask, answer = _one_of(fields, rng)
        return _turns(f"{message}\n{ask}", known, given, content), answer
    if len(fields) != len(result) or len(fields) > 5:
        return [], ""
    listed = listing(f"`{key}` is `{_shown(value)}`" for key, value in fields.items())
    return _turns(message, known, given, content), f"Done: {listed}."


def _failed(known: KnownTool, rng: random.Random) -> tuple[str, str]:
    """(an error, the answer that reports it)."""
    error = rng.choice(_ERRORS)
    content = error if rng.random() < 0.5 else json.dumps({"error": error})
    answers = (
        f"`{known.name}` failed: {error}.",
        f"That did not work. `{known.name}` answered: {error}.",
        f'No result: `{known.name}` says "{error}".',
    )
    return content, rng.choice(answers)


def _counted(rng: random.Random) -> tuple[str, str, str]:
    """(a list of things, the question how many they are, the answer)."""
    ids = rng.sample(_FIELDS["id"], rng.randint(0, 4))
    content = json.dumps([{"id": name, "status": rng.choice(_FIELDS["status"])} for name in ids])
    asks = (
        "How many are there, and which?",
        "How many come back? Give me the ids.",
        "Count them and name their ids.",
    )
    ask = rng.choice(asks)
    answer = f"{len(ids)}: {listing(f'`{name}`' for name in ids)}." if ids else "None: the result is empty."
    return content, ask, answer


def _absent(result: dict[str, Any], rng: random.Random) -> tuple[str, str]:
    """A question for what the result does not have, and the answer that says so."""
    absent = rng.choice([key for key in (*_FIELDS, "price", "priority") if key not in result] or ["checksum"])
    asks = (
        f"What is the {absent}?",
        f"Tell me the {absent} when you have it.",
        f"I need the {absent} of it.",
    )
    there = listing(f"`{key}`" for key in result) or "nothing"
    return rng.choice(asks), f"The result has no `{absent}`; it has {there}."


def _one_of(fields: dict[str, Any], rng: random.Random) -> tuple[str, str]:
    """A question for one field of the result, and its value."""
    key = rng.choice(sorted(fields))
    word = human(key)
    asks = (
        f"What is the {word}?",
        f"Tell me the {word}.",
        f"All I need is the {word}.",
        f"Which {word} comes back?",
    )
    ask, value = rng.choice(asks), _shown(fields[key])
    return ask, rng.choice((f"`{key}` is `{value}`.", f"The {word} is `{value}`."))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _turns(message: str, known: KnownTool, given: dict[str, Any], content: str) -> list[dict]:
    return [
        {"role": "user", "content": message},
        call((known.name, given)),
        {"role": "tool", "name": known.name, "content": content},
    ]


def _result(known: KnownTool, given: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    output = known.tool.output
    if output:
        try:
            drawn = sample(output, rng)
        except NO_VALUE:
            drawn = None
        if isinstance(drawn, dict) and drawn and len(json.dumps(drawn)) <= MOST_RESULT:
            return drawn
    repeated = {
        key: value
        for key, value in given.items()
        if isinstance(value, (str, int, float)) and key not in _FIELDS
    }
    kept = rng.sample(sorted(repeated), min(len(repeated), rng.randint(0, 2)))
    more = rng.sample(sorted(_FIELDS), rng.randint(1, 3))
    pairs = [(key, repeated[key]) for key in kept] + [(key, rng.choice(_FIELDS[key])) for key in more]
    return dict(rng.sample(pairs, len(pairs)))
