"""Whether a tool's JSON Schema accepts arguments. Schemas come from outside: no reference leaves the schema,
patterns have a time limit, and references within it a limit of their own.
"""

import json
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Seconds for a pattern on one text.
PATTERN_SECONDS = 0.1
# Seconds for all patterns on all texts of one call.
PATTERNS_SECONDS = 1.0
# Characters and classes of a pattern with its repeats written out, as `regex` keeps it: about 300 bytes each.
MOST_PIECES = 50_000
# References followed for one call. A schema may refer to itself, and twice at each level makes a million of
# twenty.
REFERENCES = 2_000


def refused(schema: str, arguments: dict, *, formats: bool = False) -> tuple[str, str] | None:
    """(reason, keyword of JSON Schema or what went wrong) when a schema, as JSON text, does not accept the
    arguments.

    `formats`: `format` counts too, which JSON Schema leaves open.
    """
    from jsonschema import SchemaError, ValidationError

    _cost.references, _cost.seconds = 0, 0.0
    try:
        error = next(_validator(schema, formats).iter_errors(arguments), None)
    except SchemaError as broken:
        return "a tool whose schema is no JSON Schema", str(broken.validator)
    except (_Endless, RecursionError):
        return "a tool whose schema cannot be followed", "endless"
    except Exception as broken:
        # The schema is anybody's: a reference that leads nowhere, a pattern that is none, a number too large.
        return "a tool whose schema cannot be followed", type(broken).__name__
    assert error is None or isinstance(error, ValidationError)
    return ("arguments that the tool's schema does not accept", str(error.validator)) if error else None


class _Endless(Exception):
    """A pattern or a chain of references takes too long."""


@dataclass
class _Cost:
    """What the current call has cost: references followed, and seconds of patterns."""

    references: int = 0
    seconds: float = 0.0


_cost = _Cost()


def valid(schema: str) -> bool:
    """Whether this JSON text is a JSON Schema."""
    from jsonschema import SchemaError

    try:
        _validator(schema, False)
    except (SchemaError, RecursionError):
        return False
    return True


@lru_cache(maxsize=512)
def _validator(schema: str, formats: bool) -> Any:
    """Raises SchemaError when it is none."""
    from jsonschema import FormatChecker
    from jsonschema.validators import validator_for
    from jsonschema_specifications import REGISTRY

    parsed = json.loads(schema)
    kind = validator_for(parsed)
    kind.check_schema(parsed)
    checker = FormatChecker() if formats else None
    # Nothing but the published meta-schemas can be referred to.
    return _bounded(kind)(parsed, registry=REGISTRY, format_checker=checker)


@lru_cache(maxsize=16)
def _bounded(kind: Any) -> Any:
    """A validator class of jsonschema that gives up instead of running for years."""
    from jsonschema.validators import extend

    def counted(keyword):
        original = kind.VALIDATORS[keyword]

        def check(validator, value, instance, schema):
            _cost.references += 1
            if _cost.references > REFERENCES:
                raise _Endless
            yield from original(validator, value, instance, schema) or ()

        return check

    references = {
        key: counted(key) for key in ("$ref", "$dynamicRef", "$recursiveRef") if key in kind.VALIDATORS
    }
    return extend(kind, references | {"pattern": _pattern, "patternProperties": _pattern_properties})


def _matches(pattern: str, text: str) -> bool:
    import regex

    if _pieces(pattern) > MOST_PIECES:
        raise _Endless
    began = time.perf_counter()
    try:
        return regex.search(pattern, text, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        raise _Endless from None
    finally:
        _cost.seconds += time.perf_counter() - began
        if _cost.seconds > PATTERNS_SECONDS:
            raise _Endless


_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|[()]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)


@lru_cache(maxsize=512)
def _pieces(pattern: str) -> float:
    """How many characters and classes a pattern has when its least repeats are written out."""
    outer: list[float] = []
    # Of the group that is open, and of what a repeat would repeat.
    total = last = 0.0
    for token in _TOKEN.finditer(pattern):
        if token[1]:
            total += last * (float(token[1]) - 1)
            last *= float(token[1])
        elif token[0] == "(":
            outer.append(total)
            total = last = 0.0
        elif token[0] == ")" and outer:
            total, last = total + outer.pop() + 1, total + 1
        else:
            total, last = total + 1, 1.0
    return total + sum(outer)


def _pattern(validator: Any, pattern: str, instance: Any, schema: dict) -> Any:
    from jsonschema import ValidationError

    if validator.is_type(instance, "string") and not _matches(pattern, instance):
        yield ValidationError("does not match")


def _pattern_properties(validator: Any, patterns: dict, instance: Any, schema: dict) -> Any:
    for pattern, inner in patterns.items() if validator.is_type(instance, "object") else ():
        for key, value in instance.items():
            if _matches(pattern, key):
                yield from validator.descend(value, inner, path=key, schema_path=pattern)
