"""A record that is not an example: no JSON, a missing field, an empty answer, a null argument, text that is
no text.

First of all rules, and the only one that reads raw lines. What it drops is written without its text, because
nothing has looked for secrets in it yet; generator and line number say where it is.
"""

import json
import re

from pydantic import ValidationError

from autodidact import fast_json
from autodidact.gate.rule import Drop
from autodidact.records import Example, example_id, sha256

NAME = "form"

# A line beyond this is no example: 800 tokens of answer are about 4,000 characters, and the longest of 33,310
# raw lines has 2,495.
MAX_CHARACTERS = 100_000

# Deeper nesting of lists and objects is no tool call, but an attempt to exhaust whoever reads it.
MAX_DEPTH = 64

_SURROGATE = re.compile("[\ud800-\udfff]")
_GENERATOR = re.compile(r"[a-z][a-z0-9_]{0,60}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")


def read(line: str) -> Example | Drop:
    """The example of a line of JSON, or why there is none."""
    if len(line) > MAX_CHARACTERS:
        return Drop("absurdly long", len(line))
    try:
        record = fast_json.loads(line)
    except (ValueError, RecursionError):
        return Drop("not JSON")
    if not isinstance(record, dict):
        return Drop("not an object", type(record).__name__)
    if line.count("[") + line.count("{") > MAX_DEPTH and _depth(record) > MAX_DEPTH:
        return Drop("nested too deeply")
    try:
        example = Example.model_validate(record)
    except ValidationError as error:
        return _complaint(error)
    if not _GENERATOR.fullmatch(example.generator):
        return Drop("malformed field", "generator")
    if example.time is not None and not _TIME.fullmatch(example.time):
        return Drop("malformed field", "time")
    if (not line.isascii() and _SURROGATE.search(line)) or (
        "\\u" in line and _SURROGATE.search(json.dumps(record, ensure_ascii=False))
    ):
        return Drop("lone surrogate")
    if wrong := _misused(record):
        return Drop("malformed field", wrong)
    for message in example.messages:
        for call in message.get("tool_calls") or ():
            if _has_null(call["function"]["arguments"]):
                return Drop("null argument")
    if not _named_right(example, plain=line.isascii() and "\\u" not in line):
        return Drop("the id is not that of the content")
    return example


def _misused(record: dict) -> str | None:
    """The field in a form that nobody who reads it expects: what only the gate says of an example (that it
    was dropped, which rules rewrote it), or the lines of its source.
    """
    if "dropped" in record:
        return "dropped"
    rewritten = record.get("rewritten", [])
    if not isinstance(rewritten, list) or not all(isinstance(rule, str) for rule in rewritten):
        return "rewritten"
    lines = record["source"].get("lines", [1, 1])
    whole = isinstance(lines, list) and len(lines) == 2 and all(type(number) is int for number in lines)
    return None if whole else "source.lines"


def _named_right(example: Example, plain: bool) -> bool:
    """Whether the id is that of the content. What is ASCII is in normal form C, so nothing has to be brought
    into it.
    """
    if plain and example.id == sha256(
        fast_json.canonical({"messages": example.messages, "tools": example.tools})
    ):
        return True
    return example.id == example_id(example.messages, example.tools)


def _depth(value) -> int:
    """How deep lists and objects are nested, level by level."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            item
            for one in level
            for item in (one.values() if isinstance(one, dict) else one)
            if isinstance(item, (dict, list))
        ]
    return depth


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
