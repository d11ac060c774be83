"""Values that a JSON Schema allows, as a person would give them, and schemas in their shortest equal form."""

import random
import re
from typing import Any

from autodidact.sources.budget import Budget, OverBudget

# Of nested objects and arrays.
DEPTH = 6
# Of a schema with its references written out; one of 100 kB has 5,000.
MOST_PARTS = 20_000
# In one value; what is shown has a few dozen.
MOST_VALUES = 2_000
# Of one array.
MOST_ITEMS = 200
# Characters of one string.
MOST_TEXT = 2_000

_NAMED = {  # plain strings by what the parameter is called
    "query|search|question|term|keyword": (
        "late sailings",
        "open invoices",
        "retry policy",
        "lost luggage",
        "login errors",
    ),
    "path|file|filename|filepath": (
        "docs/setup.md",
        "src/app.py",
        "config/limits.toml",
        "README.md",
        "tests/test_app.py",
    ),
    "folder|dir|directory": ("docs", "src", "tests", "config"),
    "url|uri|link|endpoint": (
        "https://example.org/status",
        "https://example.com/docs",
        "https://example.net/feed",
    ),
    "email|mail": ("ada@example.org", "grace@example.com", "alan@example.net"),
    "city|place|location": ("Lisbon", "Oslo", "Nairobi", "Kyoto", "Quito"),
    "country": ("Portugal", "Norway", "Kenya", "Japan", "Ecuador"),
    "name|title|label": ("north dock", "weekly report", "spring plan", "blue team", "night shift"),
    "user|username|owner|assignee|author": ("ada", "grace", "alan", "barbara", "edsger"),
    "branch|ref": ("main", "release-2", "fix-timeout", "docs-cleanup"),
    "message|text|body|content|note|comment|summary|description|reason": (
        "the nightly job is late",
        "please call back before noon",
        "two items are missing",
        "the screen stays dark",
        "it works again since nine",
    ),
    "phone|tel": ("+44 20 7946 0018", "+44 20 7946 0735", "+44 20 7946 0251"),
    "currency": ("EUR", "USD", "GBP"),
    "language|lang|locale": ("en", "pt", "ja", "sw"),
    "id|key|code|number|reference|address|token_name": ("A-17", "K-208", "R-4411", "Q-36", "M-905"),
}
_PAIRS = (
    ("since", "until"),
    ("start", "end"),
    ("from", "to"),
    ("min", "max"),
    ("after", "before"),
    ("begin", "end"),
    ("first", "last"),
)
_WORDS = ("amber", "cedar", "delta", "harbour", "lantern", "maple", "orchid", "quartz", "saffron", "willow")
_SUCH_AS = re.compile(r"(?:such as|e\.g\.,?|for example,?|like) [`'\"]?([A-Za-z0-9][\w./:-]{1,30})")
_KEPT_OUT = {"title", "$schema", "$id", "$comment", "examples", "$defs", "definitions"}


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
        if named or key not in _KEPT_OUT
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
    properties = schema.get("properties") if isinstance(schema.get("properties"), dict) else {}
    required = schema.get("required") if isinstance(schema.get("required"), list) else []
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
    for low, high in _PAIRS:
        for one in (key for key in made if low in _name_words(key)):
            other = re.sub(low, high, one, count=1, flags=re.IGNORECASE)
            a, b = made.get(one), made.get(other)
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
    items = schema.get("items") if isinstance(schema.get("items"), dict) else {"type": "string"}
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


_FRACTIONS = frozenset(
    "amount area confidence cost discount factor fee fraction height lat latitude length lng lon longitude"
    " percent percentage price probability rate ratio score share similarity speed tax temperature threshold"
    " volume weight width".split()
)


def _number(schema: dict, rng: random.Random, kind: str, name: str) -> int | float:
    """Many schemas say `number` of page and issue numbers: a half is drawn only where the name or the limits
    speak for one.
    """
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    halves = bool(_FRACTIONS & set(_name_words(name))) or isinstance(schema.get("default"), float)
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
    made = _format(schema.get("format"), rng)
    if made is None and isinstance(schema.get("pattern"), str):
        made = matching(schema["pattern"], rng, name)
    if made is None and (match := _SUCH_AS.search(str(schema.get("description", "")))):
        made = re.sub(r"\d", lambda _: str(rng.randint(1, 9)), match[1].rstrip(".,;:"))
    if made is None:
        lowered = {*_name_words(name), name.lower()}
        pool = next((values for names, values in _NAMED.items() if lowered & set(names.split("|"))), _WORDS)
        made = rng.choice(pool)
    least, most = _least(schema, "minLength", 0, MOST_TEXT), schema.get("maxLength")
    made = made if len(made) >= least else made + "x" * (least - len(made))
    return made[: int(most)] if isinstance(most, (int, float)) else made


def _format(name: Any, rng: random.Random) -> str | None:
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    hour = f"{rng.randint(0, 23):02}:{rng.choice((0, 15, 30, 45)):02}:00"
    return (
        {
            "date": day,
            "time": f"{hour}Z",
            "date-time": f"{day}T{hour}Z",
            "email": rng.choice(_NAMED["email|mail"]),
            "uri": rng.choice(_NAMED["url|uri|link|endpoint"]),
            "url": rng.choice(_NAMED["url|uri|link|endpoint"]),
            "uuid": (
                f"{rng.getrandbits(32):08x}-{rng.getrandbits(16):04x}-4{rng.getrandbits(12):03x}-a{rng.getrandbits(12):03x}-{rng.getrandbits(48):012x}"
            ),
            "ipv6": f"2001:db8::{rng.randint(1, 9999):x}",
            "uri-reference": "/docs/setup",
            "iri": "https://example.org/status",
            "idn-email": "ada@example.org",
            "json-pointer": rng.choice(("/items/0", "/owner/name")),
            "regex": rng.choice(("^W[0-9]+$", "late|early")),
            "ipv4": f"192.0.2.{rng.randint(1, 254)}",
            "hostname": rng.choice(("example.org", "example.com")),
            "duration": f"PT{rng.randint(1, 90)}M",
        }.get(name)
        if isinstance(name, str)
        else None
    )


def matching(pattern: str, rng: random.Random, name: str = "") -> str | None:
    """A text that the pattern matches; None when the pattern is beyond what is worth it (look-around, huge
    classes).
    """
    if re.fullmatch(r"\^?\\d\{4\}-\\d\{2\}-\\d\{2\}\$?", pattern):
        return _format("date", rng)
    from re import (
        _parser,  # what `re` itself parses with; the format of its output is the same since Python 3.11
    )

    try:
        made = "".join(_pieces(_parser.parse(pattern), rng, Budget(MOST_TEXT, "a text too long")))
        return made if re.search(pattern, made) else None
    except (re.error, KeyError, ValueError, OverflowError, RecursionError, OverBudget):
        return None


def _pieces(parsed, rng: random.Random, budget: Budget):
    for operation, argument in parsed:
        budget.spend()
        kind = str(operation)
        if kind == "LITERAL":
            yield chr(argument)
        elif kind == "ANY":
            yield rng.choice("abcdefgh")
        elif kind == "IN":
            yield _class(argument, rng)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            for _ in range(rng.randint(least, max(least, min(int(most), least + 3, 40)))):
                budget.spend()  # what is repeated may be nothing
                yield from _pieces(inner, rng, budget)
        elif kind == "SUBPATTERN":
            yield from _pieces(argument[3], rng, budget)
        elif kind == "BRANCH":
            yield from _pieces(rng.choice(argument[1]), rng, budget)
        elif kind != "AT":
            raise ValueError(kind)


def _class(parts, rng: random.Random) -> str:
    pool = ""
    for kind, argument in ((str(kind), argument) for kind, argument in parts):
        if kind == "LITERAL":
            pool += chr(argument)
        elif kind == "RANGE":
            pool += "".join(map(chr, range(argument[0], min(argument[1], argument[0] + 100) + 1)))
        elif kind == "CATEGORY":
            pool += {
                "CATEGORY_DIGIT": "0123456789",
                "CATEGORY_WORD": "abcdefghij0123456789",
                "CATEGORY_SPACE": " ",
            }[str(argument)]
        else:
            raise ValueError(kind)
    return rng.choice(pool)
