"""Reading what a tool gave back: the value that was asked for, all of it, how many, an error, and what is not
in it.

A result follows the tool's output schema where it has one. Otherwise it repeats what was asked and adds what
tools usually say; it is made up as the arguments are, and the answer is held to it.
"""

import json
import random
from typing import Any

from autodidact.generators.tool_spec.schema_values import inlined, sample
from autodidact.generators.tool_spec.words import Known, human
from autodidact.generators.writing.wording import listing
from autodidact.records import call
from autodidact.sources.budget import OverBudget

# characters.
MOST_RESULT = 700

_MANY = ("list", "search", "find", "query", "scan", "browse")
_MORE = {
    "status": ("queued", "running", "done", "failed", "accepted", "pending"),
    "id": ("A-17", "K-208", "R-4411", "Q-36", "M-905", "T-73"),
    "owner": ("ada", "grace", "alan", "barbara", "edsger"),
    "region": ("eu-west", "us-east", "ap-south"),
    "seconds": (2, 7, 15, 40, 95),
    "total": (3, 12, 48, 260),
    "version": ("1.4.0", "2.0.3", "0.9.12"),
}
_ERRORS = (
    "timed out after 30 s",
    "permission denied",
    "rate limit exceeded, retry after 60 s",
    "connection refused",
    "503 Service Unavailable",
    "the token has expired",
    "not found",
    "locked by another process",
    "quota exceeded",
)


def with_result(
    known: Known, given: dict[str, Any], asked: str, rng: random.Random
) -> tuple[list[dict], str]:
    """(the request, the call, its result), and the answer that the result allows."""
    kind = rng.random()
    if kind < 0.2:
        error = rng.choice(_ERRORS)
        content = error if rng.random() < 0.5 else json.dumps({"error": error})
        return _turns(asked, known, given, content), rng.choice(
            (
                f"`{known.name}` failed: {error}.",
                f"That did not work. `{known.name}` answered: {error}.",
                f'No result: `{known.name}` says "{error}".',
            )
        )
    name = known.name.lower()
    if kind < 0.45 and not known.tool.output and name.startswith(_MANY):
        ids = rng.sample(_MORE["id"], rng.randint(0, 4))
        content = json.dumps([{"id": one, "status": rng.choice(_MORE["status"])} for one in ids])
        ask = rng.choice(
            (
                "How many are there, and which?",
                "How many come back? Give me the ids.",
                "Count them and name their ids.",
            )
        )
        return _turns(f"{asked}\n{ask}", known, given, content), (
            f"{len(ids)}: {listing(f'`{one}`' for one in ids)}." if ids else "None: the result is empty."
        )
    result = _result(known, given, rng)
    fields = {
        key: value
        for key, value in result.items()
        if isinstance(value, (str, int, float, bool)) and str(value) != ""
    }
    content = json.dumps(result, ensure_ascii=False)
    if kind < 0.58:
        absent = rng.choice(
            [key for key in (*_MORE, "price", "priority") if key not in result] or ["checksum"]
        )
        ask = rng.choice(
            (
                f"What is the {absent}?",
                f"Tell me the {absent} when you have it.",
                f"I need the {absent} of it.",
            )
        )
        return (
            _turns(f"{asked}\n{ask}", known, given, content),
            f"The result has no `{absent}`; it has {listing(f'`{key}`' for key in result) or 'nothing'}.",
        )
    if not fields:
        return [], ""
    if kind < 0.85:
        key = rng.choice(sorted(fields))
        word = human(key)
        ask = rng.choice(
            (
                f"What is the {word}?",
                f"Tell me the {word}.",
                f"All I need is the {word}.",
                f"Which {word} comes back?",
            )
        )
        return _turns(f"{asked}\n{ask}", known, given, content), rng.choice(
            (f"`{key}` is `{_shown(fields[key])}`.", f"The {word} is `{_shown(fields[key])}`.")
        )
    if len(fields) != len(result) or len(fields) > 5:
        return [], ""
    return (
        _turns(asked, known, given, content),
        f"Done: {listing(f'`{key}` is `{_shown(value)}`' for key, value in fields.items())}.",
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _turns(asked: str, known: Known, given: dict[str, Any], content: str) -> list[dict]:
    return [
        {"role": "user", "content": asked},
        call((known.name, given)),
        {"role": "tool", "name": known.name, "content": content},
    ]


def _result(known: Known, given: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    output = known.tool.output
    if output:
        try:
            drawn = sample(inlined(output), rng)
        except (
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            ArithmeticError,
            RecursionError,
            OverBudget,
        ):
            drawn = None
        if isinstance(drawn, dict) and drawn and len(json.dumps(drawn)) <= MOST_RESULT:
            return drawn
    repeated = {
        key: value
        for key, value in given.items()
        if isinstance(value, (str, int, float)) and key not in _MORE
    }
    kept = rng.sample(sorted(repeated), min(len(repeated), rng.randint(0, 2)))
    more = rng.sample(sorted(_MORE), rng.randint(1, 3))
    pairs = [(key, repeated[key]) for key in kept] + [(key, rng.choice(_MORE[key])) for key in more]
    return dict(rng.sample(pairs, len(pairs)))
