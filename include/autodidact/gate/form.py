"""A record that is not an example: no JSON, a missing field, an empty answer, a null argument, text that is no text.

First of all rules, and the only one that reads raw lines. What it drops is written without its text, because nothing has looked for
secrets in it yet; generator and line number say where it is.
"""

import json
import re

from pydantic import ValidationError

from autodidact.gate.rule import Drop
from autodidact.records import Example, example_id

NAME = "form"

MAX_CHARACTERS = 1_000_000
"""A line beyond this is no example: 800 tokens of answer are about 4,000 characters."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def read(line: str) -> Example | Drop:
    """The example of a line of JSON, or why there is none."""
    if len(line) > MAX_CHARACTERS:
        return Drop("absurdly long", len(line))
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return Drop("not JSON")
    if not isinstance(record, dict):
        return Drop("not an object", type(record).__name__)
    try:
        example = Example.model_validate(record)
    except ValidationError as error:
        return _complaint(error)
    if _SURROGATE.search(json.dumps([example.messages, example.tools], ensure_ascii=False)):
        return Drop("lone surrogate")
    for message in example.messages:
        for call in message.get("tool_calls") or ():
            if _has_null(call["function"]["arguments"]):
                return Drop("null argument")
    if example.id != example_id(example.messages, example.tools):
        return Drop("the id is not that of the content")
    return example


def _complaint(error: ValidationError) -> Drop:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return Drop("missing field", field)
    if "non-empty" in first["msg"]:
        return Drop("empty answer")
    return Drop("malformed field", field)


def _has_null(value) -> bool:
    if isinstance(value, dict):
        return any(_has_null(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_null(item) for item in value)
    return value is None
