"""Values that a JSON Schema allows, as a person would give them, and schemas in their shortest equal form."""

import random
import re
from typing import Any

from autodidact.generators.tool_spec.string_patterns import MOST_TEXT, in_format, matching
from autodidact.generators.writing.tables import read_table
from autodidact.sources.budget import Budget, OverBudget

# Of nested objects and arrays.
DEPTH = 6
# Of a schema with its references written out; one of 100 kB has 5,000.
MOST_PARTS = 20_000
# In one value; what is shown has a few dozen.
MOST_VALUES = 2_000
# Of one array.
MOST_ITEMS = 200

_VALUES = read_table(__file__)["values"]
# Strings by what a parameter is called, and of no name in particular.
_BY_NAME, _WORDS = _VALUES["by_name"], _VALUES["words"]

_SUCH_AS = re.compile(r"(?:such as|e\.g\.,?|for example,?|like) [`'\"]?([A-Za-z0-9][\w./:-]{1,30})")
_LEFT_OUT = {"title", "$schema", "$id", "$comment", "examples", "$defs", "definitions"}


def inlined(schema: Any) -> Any:
    """The schema without titles and with its local references written out; a recursive reference becomes {}.
    Raises OverBudget.
    """
    return _inlined(
        schema, schema, (), False, Budget(MOST_PARTS, "tool schema whose references unfold into too much")
    )


def _inlined(schema: Any, root: Any, trail: tuple[str, ...], named: bool, budget: Budget) -> Any:
    budget.spend()
    if isinstance(schema, list):
        return [_inlined(item, root, trail, False, budget) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str) and not named:
        target = schema["$ref"]
        if target in trail or len(trail) > DEPTH:
            return {}
        whole = {**_pointed(root, target), **{k: v for k, v in schema.items() if k != "$ref"}}
        return _inlined(whole, root, (*trail, target), False, budget)
    return {
        key: (
            _inlined(value, root, trail, key in ("properties", "patternProperties"), budget)
            if key not in ("enum", "const", "default")
            else value
        )
        for key, value in schema.items()
        if named or key not in _LEFT_OUT
    }


def _pointed(root: Any, reference: str) -> dict:
    at: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        at = at.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else {}


def sample(
    schema: dict, rng: random.Random, name: str = "", depth: int = 0, budget: Budget | None = None
) -> Any:
    """A value for an inlined schema. It is a good guess: whether it is valid, a validator says. Raises
    OverBudget for one too large.
    """
    budget = budget or _budget()
    budget.spend()
    if "const" in schema:
        return schema["const"]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return rng.choice(schema["enum"])
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list) and schema[key]:
            real = [s for s in schema[key] if isinstance(s, dict) and s.get("type") != "null"] or schema[key]
            return sample(
                {**{k: v for k, v in schema.items() if k != key}, **rng.choice(real)},
                rng,
                name,
                depth,
                budget,
            )
    if isinstance(schema.get("allOf"), list):
        merged = {k: v for k, v in schema.items() if k != "allOf"}
        for part in (p for p in schema["allOf"] if isinstance(p, dict)):
            properties = {**merged.get("properties", {}), **part.get("properties", {})}
            required = [*merged.get("required", []), *part.get("required", [])]
            merged = {
                **merged,
                **part,
                **({"properties": properties} if properties else {}),
                **({"required": required} if required else {}),
            }
        return sample(merged, rng, name, depth, budget)
    kind = schema.get("type") or (
        "object" if "properties" in schema else "array" if "items" in schema else "string"
    )
    if isinstance(kind, list):
        kind = next((k for k in kind if k != "null"), "null")
    if kind == "object":
        return arguments(schema, rng, depth, budget) if depth < DEPTH else {}
    if kind == "array":
        return _array(schema, rng, name, depth, budget) if depth < DEPTH else []
    if kind in ("integer", "number"):
        return _number(schema, rng, kind, name)
    if kind == "boolean":
        return not schema["default"] if isinstance(schema.get("default"), bool) else rng.random() < 0.5
    return None if kind == "null" else _string(schema, rng, name)


def _budget() -> Budget:
    return Budget(MOST_VALUES, f"more than {MOST_VALUES:,} values in one")


def arguments(
    schema: dict, rng: random.Random, depth: int = 0, budget: Budget | None = None
) -> dict[str, Any]:
    """An object: every required property, and each optional one in a third of the cases (but for recursive
    ones). Raises OverBudget.
    """
    budget = budget or _budget()
    named, required = schema.get("properties"), schema.get("required")
    properties = named if isinstance(named, dict) else {}
    required = required if isinstance(required, list) else []
    chosen = {
        k: p
        for k, p in properties.items()
        if isinstance(p, dict) and (k in required or (p and rng.random() < 0.35))
    }
    if depth and properties and not chosen:  # nobody passes an empty object
        key = rng.choice([k for k, p in properties.items() if isinstance(p, dict) and p] or [""])
        chosen = {key: properties[key]} if key else {}
    made = {key: sample(part, rng, key, depth + 1, budget) for key, part in chosen.items()}
    free = schema.get("additionalProperties")
    if not properties and isinstance(free, dict) and free:  # a map from names to values
        made = {
            name: sample(free, rng, name, depth + 1, budget)
            for name in rng.sample(_WORDS, max(1, min(3, int(schema.get("minProperties", 2)))))
        }
    return _sensible(made, chosen, rng)


def _sensible(made: dict[str, Any], parts: dict[str, dict], rng: random.Random) -> dict[str, Any]:
    """The same with beginnings before ends, and with two different values where two properties choose from
    one list (origin, destination).
    """
    for low, high in _VALUES["ordered"]:
        for one in (key for key in made if low in _name_words(key)):
            other = re.sub(low, high, one, count=1, flags=re.IGNORECASE)
            a: Any = made.get(one)
            b: Any = made.get(other)
            if type(a) is type(b) and isinstance(a, (int, float, str)) and a > b:
                made[one], made[other] = b, a
    met: dict[str, list] = {}
    for key, part in parts.items():
        options = part.get("enum")
        if isinstance(options, list) and len(options) > 2:
            taken = met.setdefault(repr(options), [])
            if made[key] in taken and (left := [option for option in options if option not in taken]):
                made[key] = rng.choice(left)
            taken.append(made[key])
    return made


def _name_words(name: str) -> list[str]:
    """The words of a parameter's name, in lower case: `maxItems` and `max_items` have the same."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]


def _array(schema: dict, rng: random.Random, name: str, depth: int, budget: Budget) -> list:
    if isinstance(schema.get("prefixItems"), list):
        return [
            sample(part, rng, name, depth + 1, budget)
            for part in schema["prefixItems"]
            if isinstance(part, dict)
        ]
    least = _least(schema, "minItems", 1, MOST_ITEMS)
    size = rng.randint(least, max(least, min(int(schema.get("maxItems", least + 1)), least + 1)))
    given = schema.get("items")
    items = given if isinstance(given, dict) else {"type": "string"}
    values: list = []
    for _ in range(4 * size):
        value = sample(items, rng, name.rstrip("s"), depth + 1, budget)
        if len(values) < size and value not in values:
            values.append(value)
    return values


def _least(schema: dict, key: str, usual: int, most: int) -> int:
    """A lower bound of a schema. Raises OverBudget where it asks for more than anybody would write."""
    least = int(schema.get(key, usual))
    if least > most:
        raise OverBudget(f"{key} above {most:,}")
    return least


def _number(schema: dict, rng: random.Random, kind: str, name: str) -> int | float:
    """Many schemas say `number` of page and issue numbers: a half is drawn only where the name or the limits
    speak for one.
    """
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    halves = not set(_name_words(name)).isdisjoint(_VALUES["fractions"]) or isinstance(
        schema.get("default"), float
    )
    halves |= isinstance(low, (int, float)) and isinstance(high, (int, float)) and high - low <= 2
    step = schema.get("multipleOf") or (0.5 if kind == "number" and halves else 1)
    if low is None:
        low = 0 if high is None else high - 50 * step
    if high is None:
        high = low + 50 * step
    first = int(low // step) + (1 if low % step or "exclusiveMinimum" in schema else 0)
    last = int(high // step) - (1 if "exclusiveMaximum" in schema and high % step == 0 else 0)
    value = rng.randint(first, max(first, last)) * step
    return int(value) if kind == "integer" or float(value).is_integer() else round(float(value), 4)


def _string(schema: dict, rng: random.Random, name: str) -> str:
    made = in_format(schema.get("format"), rng)
    if made is None and isinstance(schema.get("pattern"), str):
        made = matching(schema["pattern"], rng)
    if made is None and (match := _SUCH_AS.search(str(schema.get("description", "")))):
        made = re.sub(r"\d", lambda _: str(rng.randint(1, 9)), match[1].rstrip(".,;:"))
    if made is None:
        lowered = {*_name_words(name), name.lower()}
        pool = next((values for names, values in _BY_NAME.items() if lowered & set(names.split("|"))), _WORDS)
        made = rng.choice(pool)
    least, most = _least(schema, "minLength", 0, MOST_TEXT), schema.get("maxLength")
    made = made if len(made) >= least else made + "x" * (least - len(made))
    return made[: int(most)] if isinstance(most, (int, float)) else made
