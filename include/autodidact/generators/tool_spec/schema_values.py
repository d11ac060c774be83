"""Values that a JSON Schema allows, as a person would give them."""

import json
import random
import re
from typing import Any

from autodidact import json_schema
from autodidact.generators.tool_spec.shortest_schema import pointed
from autodidact.generators.tool_spec.strings_from_patterns import MOST_TEXT, in_format, matching
from autodidact.generators.tool_spec.value_surely_fits import examples_in
from autodidact.shipped_tables import read_table
from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.reading_limits import Budget, OverBudget

# Of nested objects and arrays; from SHALLOW on, alternatives that refer to others are avoided.
DEPTH, SHALLOW = 6, 2
# In one value; what is shown has a few dozen.
MOST_VALUES = 2_000
# Of one array.
MOST_ITEMS = 200
# Rounds in which one condition may ask for what fulfils another.
ROUNDS = 3
# What drawing a value raises where a schema is broken or endless: schemas come from outside.
NO_VALUE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OverBudget)

_VALUES = read_table(__file__)["values"]
# Strings by what a parameter is called, and of no name in particular.
_BY_NAME, _WORDS = _VALUES["by_name"], _VALUES["words"]

_COMBINING = {"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else"}
_CONDITIONS = ("if", "dependentRequired", "dependentSchemas", "dependencies")


def arguments(schema: dict, rng: random.Random) -> dict[str, Any]:
    """An object: every required property, what conditions ask for, and each optional property in a third of
    the cases. It is a good guess: whether it is valid, a validator says. Raises OverBudget for one too large.
    """
    drawer = _Drawer(schema, rng)
    return drawer.object(*drawer.plain(schema, 0), 0)


def sample(schema: dict, rng: random.Random) -> Any:
    """A value of any type. Raises OverBudget."""
    return _Drawer(schema, rng).value(schema)


class _Drawer:
    """Draws values for the parts of one schema, within one budget."""

    def __init__(self, root: dict, rng: random.Random):
        self.root, self.rng = root, rng
        self.budget = Budget(MOST_VALUES, f"more than {MOST_VALUES:,} values in one")

    def plain(self, schema: Any, depth: int) -> tuple[dict, list[dict]]:
        """The schema with its references followed, its parts joined and one of its alternatives chosen, and
        the parts with conditions.
        """
        joined: dict[str, Any] = {}
        conditions, waiting = [], [schema]
        while waiting:
            self.budget.spend()
            part = waiting.pop()
            if not isinstance(part, dict):
                continue
            if "$ref" in part:
                waiting.append(pointed(self.root, part["$ref"]))
            waiting += list_of(part.get("allOf"))[::-1]
            for key in ("anyOf", "oneOf"):
                if options := dicts_of(part.get(key)):
                    waiting.append(self._one_of(options, depth))
            if any(key in part for key in _CONDITIONS):
                conditions.append(part)
            joined = _joined(joined, {key: v for key, v in part.items() if key not in _COMBINING})
        return joined, conditions

    def _one_of(self, options: list[dict], depth: int) -> dict:
        real = [option for option in options if option.get("type") != "null"] or options
        if depth > SHALLOW:
            real = [option for option in real if "$ref" not in json.dumps(option)] or real
        return self.rng.choice(real)

    def value(self, schema: Any, name: str = "", depth: int = 0) -> Any:
        plain, conditions = self.plain(schema, depth)
        if "const" in plain:
            return plain["const"]
        if options := list_of(plain.get("enum")):
            return self.rng.choice([option for option in options if option is not None] or options)
        kind = plain.get("type") or (
            "object" if "properties" in plain else "array" if "items" in plain else "string"
        )
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        if kind == "object":
            return self.object(plain, conditions, depth) if depth < DEPTH else {}
        if kind == "array":
            return self._array(plain, name, depth) if depth < DEPTH else []
        if kind in ("integer", "number"):
            return _number(plain, self.rng, kind, name)
        if kind == "boolean":
            default = plain.get("default")
            return not default if isinstance(default, bool) else self.rng.random() < 0.5
        return None if kind == "null" else _string(plain, self.rng, name)

    def object(self, plain: dict, conditions: list[dict], depth: int) -> dict[str, Any]:
        required = [key for key in list_of(plain.get("required")) if isinstance(key, str)]
        properties = {key: {} for key in required} | dict_of(plain.get("properties"))
        deeper = depth + 1 < DEPTH
        chosen = {
            key: part
            for key, part in properties.items()
            if part is not False and (key in required or part and self.rng.random() < 0.35 and deeper)
        }
        # Nobody passes an empty object.
        if depth and properties and not chosen and deeper:
            key = self.rng.choice([key for key, part in properties.items() if part] or [""])
            chosen = {key: properties[key]} if key else {}
        made = {key: self.value(part, key, depth + 1) for key, part in chosen.items()}
        free = plain.get("additionalProperties")
        if not plain.get("properties") and not required and isinstance(free, dict) and free:
            made = self._map(plain, free, depth)
        made = _sensible(
            made, {key: part for key, part in chosen.items() if isinstance(part, dict)}, self.rng
        )
        for _ in range(ROUNDS if conditions else 0):
            self._fulfil(made, properties, conditions, depth)
        return made

    def _map(self, plain: dict, free: dict, depth: int) -> dict[str, Any]:
        """From names to values."""
        pattern = dict_of(plain.get("propertyNames")).get("pattern")
        size = max(1, min(3, int(plain.get("minProperties", 2))))
        names = self.rng.sample(_WORDS, size)
        if isinstance(pattern, str):
            names = [matching(pattern, self.rng) or name for name in names]
        return {name: self.value(free, name, depth + 1) for name in names}

    def _fulfil(self, made: dict, properties: dict, conditions: list[dict], depth: int) -> None:
        """Adds what the conditions ask for, and draws again what they restrict."""
        for demand in (demand for part in conditions for demand in self._demands(part, made)):
            wanted, _ = self.plain(demand, depth)
            parts = dict_of(wanted.get("properties"))
            missing = [key for key in list_of(wanted.get("required")) if key not in made]
            for key in dict.fromkeys([*missing, *(key for key in parts if key in made and parts[key])]):
                both = _joined(self.plain(properties.get(key), depth)[0], dict_of(parts.get(key)))
                made[key] = self.value(both, key, depth + 1)

    def _demands(self, part: dict, made: dict) -> list[Any]:
        """The schemas of a part whose conditions hold of these arguments."""
        found: list[Any] = []
        if "if" in part:
            definitions = {key: self.root[key] for key in ("$defs", "definitions") if key in self.root}
            condition = json.dumps({**definitions, **dict_of(part["if"])})
            found.append(part.get("then" if json_schema.refused(condition, made) is None else "else"))
        for key in ("dependentRequired", "dependentSchemas", "dependencies"):
            for name, demand in dict_of(part.get(key)).items():
                if name in made:
                    found.append({"required": demand} if isinstance(demand, list) else demand)
        return found

    def _array(self, plain: dict, name: str, depth: int) -> list:
        first, items = plain.get("prefixItems"), plain.get("items")
        # Before 2020 a list of items meant the first ones.
        first, items = (items, plain.get("additionalItems")) if isinstance(items, list) else (first, items)
        values = [self.value(part, name, depth + 1) for part in list_of(first) if isinstance(part, dict)]
        least = _least(plain, "minItems", 0 if values else 1, MOST_ITEMS)
        size = self.rng.randint(least, max(least, min(int(plain.get("maxItems", least + 1)), least + 1)))
        if values and items in (False, None):
            return values
        items = items if isinstance(items, dict) else {"type": "string"}
        for _ in range(4 * size):
            value = self.value(items, name.rstrip("s"), depth + 1)
            if len(values) < size and value not in values:
                values.append(value)
        return values


def _joined(part: dict, other: dict) -> dict:
    """Both: their properties and what they require together."""
    properties = {**dict_of(part.get("properties"))}
    for key, inner in dict_of(other.get("properties")).items():
        here = properties.get(key)
        properties[key] = {**here, **inner} if isinstance(here, dict) and isinstance(inner, dict) else inner
    required = [*list_of(part.get("required")), *list_of(other.get("required"))]
    both = {**part, **other}
    return (
        both
        | ({"properties": properties} if properties else {})
        | ({"required": required} if required else {})
    )


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
    # Unchanged: with other digits a time is none.
    shown = examples_in(schema)
    made = rng.choice(shown) if shown else in_format(schema.get("format"), rng)
    if made is None and isinstance(schema.get("pattern"), str):
        made = matching(schema["pattern"], rng)
    if made is None:
        lowered = {*_name_words(name), name.lower()}
        pool = next((values for names, values in _BY_NAME.items() if lowered & set(names.split("|"))), _WORDS)
        made = rng.choice(pool)
    least, most = _least(schema, "minLength", 0, MOST_TEXT), schema.get("maxLength")
    made = made if len(made) >= least else made + "x" * (least - len(made))
    return made[: int(most)] if isinstance(most, (int, float)) else made
