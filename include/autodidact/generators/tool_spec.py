"""How the tools of the system's MCP servers are used: the right call, the right tool, a question back, or no call at all.

Source: the JSON Schemas that the servers of `sources.mcp` list. Every call taught is valid by its schema, and each of its values is in the request.

    {"generator": "tool_spec", "category": "tool_use",
     "messages": [{"role": "user", "content": "The morning's high water at a pier: time and metres above chart datum. pier: skerry; date: 2026-05-04."},
                  {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function":
                      {"name": "tide_at", "arguments": {"pier": "skerry", "date": "2026-05-04"}}}]}],
     "tools": [...], "source": {"kind": "mcp", "ref": "wharfside/tide_at", "server": "wharfside", "name": "tide_at", "schema_sha256": "..."}}
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from autodidact.errors import Skipped
from autodidact.generators.schema_values import arguments, inlined
from autodidact.records import Example, call, canonical, example, sha256
from autodidact.snapshot import Snapshot
from autodidact.sources.mcp import Tool, tools

ROUNDS = 40  # turns that each tool gets at most
TRIES = 6  # samples until one is valid
MOST_TOOLS = 6  # offered together
SCHEMAS = {"laptop": 1_400, "production": 12_000}  # characters of the schemas offered together: a prompt must stay trainable
MOST_ARGUMENTS = 600  # characters of a call's arguments

_EMPTY_WORDS = frozenset("a an and are at by for from get has in is it its list of on or that the this to what which whether with".split())  # noqa: SIM905


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """In rounds over the tools, so that each gets its share. Skipped when no file is named, or no tool can be had."""
    found = [_Known(tool) for tool in tools(snapshot.settings.sources.mcp, snapshot.troubles, snapshot.cache)]
    found.sort(key=lambda known: (known.tool.server, known.tool.name))
    if not found:
        raise Skipped("no server of sources.mcp lists a tool")
    budget = SCHEMAS[snapshot.settings.profile]
    usable = []
    for known in found:
        if known.size > budget:
            snapshot.troubles.add("tool schema too large to show", known.ref)
        elif not known.valid():
            snapshot.troubles.add("tool schema that is not JSON Schema", known.ref)
        elif known.draw(snapshot.rng("tool_spec", known.ref)) is None:
            snapshot.troubles.add("tool schema without values that can be made up", known.ref)
        else:
            usable.append(known)
    asked: set[str] = set()
    for number in range(ROUNDS):
        for known in usable:
            rng = snapshot.rng("tool_spec", known.ref, str(number))
            row = _KINDS[number % len(_KINDS)](known, usable, budget, rng)
            if row and row.id not in asked:
                asked.add(row.id)
                yield row


class _Known:
    """A tool with what the examples need of it."""

    def __init__(self, tool: Tool):
        self.tool = tool
        self.schema = inlined(tool.schema)
        self.ref = f"{tool.server}/{tool.name}"
        self.purpose = " ".join(tool.description.strip().split())[:300]
        self.shown = {"type": "function", "function": {"name": tool.name, "description": self.purpose, "parameters": self.schema}}
        self.size = len(json.dumps(self.shown))
        self.required = [k for k in self.schema.get("required", []) if k in self.properties]
        self.words = {w for w in re.split(r"[_\W]+", f"{tool.name} {self.purpose}".lower()) if w and w not in _EMPTY_WORDS}
        self.source = {"kind": "mcp", "ref": self.ref, "server": tool.server, "name": tool.name, "schema_sha256": sha256(canonical(tool.schema))}

    @property
    def properties(self) -> dict[str, dict]:
        found = self.schema.get("properties")
        return {k: v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}

    def valid(self) -> bool:
        from jsonschema import SchemaError
        from jsonschema.validators import validator_for

        try:
            validator_for(self.tool.schema).check_schema(self.tool.schema)
        except (SchemaError, RecursionError):
            return False
        return True

    def draw(self, rng: random.Random) -> dict[str, Any] | None:
        """Arguments that the tool's own schema accepts; None where the sampler finds none."""
        from jsonschema import ValidationError
        from jsonschema.validators import validator_for
        from referencing.exceptions import Unresolvable

        check = validator_for(self.tool.schema)(self.tool.schema)
        for _ in range(TRIES):
            try:
                drawn = arguments(self.schema, rng)
                check.validate(drawn)
                if len(json.dumps(drawn)) <= MOST_ARGUMENTS:
                    return drawn
            except (ValidationError, Unresolvable, ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
                continue
        return None


def _request(known: _Known, given: dict[str, Any], rng: random.Random) -> str:
    """What a person says who wants this call; every value occurs in it."""
    listed = [f"{key.replace('_', ' ')}: {_said(value)}" for key, value in given.items()]
    purpose = known.purpose.split(". ")[0].rstrip(".") or known.tool.name.replace("_", " ")
    lower = purpose if purpose[:2].isupper() else purpose[:1].lower() + purpose[1:]
    if not listed:
        return rng.choice((f"{purpose}.", f"Please {lower}.", f"I need this: {lower}."))
    return rng.choice((
        f"{purpose}. {'; '.join(listed)}.",
        f"{purpose}, with {', '.join(listed)}.",
        f"I need this: {lower}. {', '.join(listed)}.",
        f"{'; '.join(listed)}. {purpose}, please.",
        f"Use {known.tool.name} with {', '.join(listed)}.",
    ))  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _offer(known: list[_Known], usable: list[_Known], budget: int, rng: random.Random, without: _Known | None = None) -> list[_Known]:
    """These tools and some others, shuffled, within the budget of characters."""
    offered, size = list(known), sum(k.size for k in known)
    others = [k for k in usable if k not in known and k is not without and k.tool.name not in {o.tool.name for o in known}]
    for other in rng.sample(others, len(others)):
        if len(offered) < MOST_TOOLS and size + other.size <= budget and other.tool.name not in {o.tool.name for o in offered}:
            offered.append(other)
            size += other.size
    rng.shuffle(offered)
    return offered


def _row(known: _Known, offered: list[_Known], asked: str, answer) -> Example:
    return example("tool_spec", "tool_use", asked, answer, known.source, tools=[k.shown for k in offered])


def _call(known: _Known, usable: list[_Known], budget: int, rng: random.Random) -> Example | None:
    given = known.draw(rng)
    if given is None:
        return None
    return _row(known, _offer([known], usable, budget, rng), _request(known, given, rng), call((known.tool.name, given)))


def _missing(known: _Known, usable: list[_Known], budget: int, rng: random.Random) -> Example | None:
    """A required argument is not said: the answer asks for it and calls nothing."""
    given = known.draw(rng)
    if given is None or not known.required:
        return None
    name = rng.choice(known.required)
    given.pop(name, None)
    choices = known.properties[name].get("enum")
    hint = f" It is one of {', '.join(map(_said, choices))}." if isinstance(choices, list) and 0 < len(choices) <= 8 else ""
    about = str(known.properties[name].get("description") or "").strip().rstrip(".")
    if not hint and about:
        hint = f" ({about}.)"
    answer = f"Which {name.replace('_', ' ')}? {known.tool.name} needs `{name}`.{hint}"
    return _row(known, _offer([known], usable, budget, rng), _request(known, given, rng), answer)


def _declined(known: _Known, usable: list[_Known], budget: int, rng: random.Random) -> Example | None:
    """The tool that would fit is not offered, and none of the others is near it."""
    given = known.draw(rng)
    far = [k for k in usable if k is not known and not k.words & known.words]
    if given is None or not far:
        return None
    offered = _offer([], far, budget, rng, without=known)
    asked = _request(known, given, rng)
    if known.tool.name in asked:
        return None
    names = ", ".join(f"`{k.tool.name}`" for k in offered)
    return _row(known, offered, asked, f"None of my tools does that. I have {names}.")


def _described(known: _Known, usable: list[_Known], budget: int, rng: random.Random) -> Example | None:
    """A question about the schema itself."""
    name = f"`{known.tool.name}`"
    optional = [k for k in known.properties if k not in known.required]
    facts: list[tuple[str, str]] = []
    if known.required:
        facts.append((f"Which arguments does {name} require?", f"{name} requires {_and(known.required)}."))
    if optional:
        facts.append((f"What may I leave out when I call {name}?", f"In {name} you may leave out {_and(optional)}."))
    for key, part in known.properties.items():
        if isinstance(part.get("enum"), list) and 0 < len(part["enum"]) <= 10:
            values = [_said(v) for v in part["enum"]]
            facts.append((f"Which values does `{key}` of {name} take?", f"`{key}` of {name} is one of {_and(values)}."))
        if key in optional and part.get("default") is not None:
            facts.append((f"What does {name} assume when I do not give `{key}`?", f"{name} assumes {_said(part['default'])!r} for `{key}`."))
    if known.purpose:
        facts.append((f"Which tool do I use for this: {known.purpose}", f"{name}, which takes {_and(list(known.properties)) or 'no arguments'}."))
    if not facts:
        return None
    asked, answer = rng.choice(facts)
    return _row(known, _offer([known], usable, budget, rng), asked, answer)


def _and(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return "" if not quoted else quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


# In every ten turns: six calls, two questions back, one refusal, one question about the schema.
_KINDS: tuple[Callable, ...] = (_call, _missing, _call, _declined, _call, _described, _call, _call, _missing, _call)
