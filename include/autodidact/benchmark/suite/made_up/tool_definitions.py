"""Tools that requests are about (tool_definitions.yaml). A request is written in parts, so that it can leave
an argument out, or mention an optional one.
"""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from autodidact.benchmark.suite.item_building_blocks import table, tool
from autodidact.benchmark.suite.made_up.vocabulary import WORDS, path

_TABLE = table("made_up/tool_definitions")
TITLES = [f"{what} {state}" for what in _TABLE["title_subjects"] for state in _TABLE["title_states"]]
# Kinds of parameters whose values are listed in the schema.
CHOICES = {"environment": WORDS["environments"], "region": WORDS["regions"], **_TABLE["choices"]}
_NUMBERS = _TABLE["numbers"]
_WORDS = {
    "project": WORDS["projects"],
    "person": WORDS["people"],
    "day": WORDS["weekdays"],
    "product": WORDS["products"],
    "team": WORDS["teams"],
    "store": WORDS["stores"],
    "module": WORDS["modules"],
    "function": WORDS["functions"],
    "title": TITLES,
    **_TABLE["words"],
}


def value(rng: Random, kind: str) -> Any:
    """A value of a kind: an integer for numbers, else a text."""
    if kind in _NUMBERS:
        return rng.randint(*_NUMBERS[kind])
    if kind == "path":
        return path(rng)
    if kind == "version":
        return f"{rng.randint(1, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"
    return rng.choice(CHOICES.get(kind) or _WORDS[kind])


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind."""
    if kind in CHOICES:
        return {"type": "string", "enum": CHOICES[kind]}
    return {"type": "integer" if kind in _NUMBERS else "string"}


@dataclass(frozen=True)
class Tool:
    """A row of tool_definitions.yaml."""

    name: str
    group: str
    about: str
    begin: str
    # Name -> (kind, how a request says it).
    parameters: dict[str, tuple[str, str]] = field(hash=False)
    # Those without which a request still says all that is needed.
    optional: tuple[str, ...] = ()

    def cut(self, n: int) -> "Tool":
        """The same tool with its first `n` parameters."""
        return replace(self, parameters=dict(list(self.parameters.items())[:n]))

    def spec(self, optional: tuple[str, ...] = (), notes: dict[str, str] | None = None) -> dict[str, Any]:
        """The function tool; `notes`: descriptions of parameters."""
        schemas = {
            name: {**schema(kind), **self._note(name, notes)} for name, (kind, _) in self.parameters.items()
        }
        required = {name: s for name, s in schemas.items() if name not in optional}
        return tool(self.name, self.about, required, {name: schemas[name] for name in optional})

    def _note(self, name: str, notes: dict[str, str] | None) -> dict[str, str]:
        return {"description": notes[name]} if notes and name in notes else {}

    def draw(self, rng: Random) -> dict[str, Any]:
        """Arguments; two of the same kind differ."""
        found: dict[str, Any] = {}
        for name, (kind, _) in self.parameters.items():
            found[name] = value(rng, kind)
            while any(found[name] == other for key, other in found.items() if key != name):
                found[name] = value(rng, kind)
        return found

    def say(self, arguments: dict[str, Any]) -> str:
        """The request without its full stop: it mentions the arguments that are given."""
        return " ".join(
            [
                self.begin,
                *(
                    phrase.format(arguments[name])
                    for name, (_, phrase) in self.parameters.items()
                    if name in arguments
                ),
            ]
        )


def _tool(row: dict[str, Any]) -> Tool:
    parameters = {name: (each["kind"], each["say"]) for name, each in row["parameters"].items()}
    return Tool(**{**row, "parameters": parameters, "optional": tuple(row.get("optional", ()))})


TOOLS = [_tool(row) for row in _TABLE["tools"]]


def pick(rng: Random, level: int, at_least: int = 1) -> Tool:
    """A tool with as many parameters as the level allows, and no fewer than `at_least`."""
    return rng.choice([t for t in TOOLS if len(t.parameters) >= at_least]).cut(max(at_least, 1 + level))


def others(rng: Random, right: Tool, n: int, level: int) -> list[Tool]:
    """`n` tools that do not fit; at level 3 first of all the neighbours of the right one."""
    rest = [t for t in TOOLS if t.name != right.name]
    near = [t for t in rest if t.group == right.group] if level == 3 else []
    near = rng.sample(near, min(n, len(near)))
    far = [t for t in rest if t.group != right.group]
    return [t.cut(1 + level) for t in near + rng.sample(far, n - len(near))]


def sentence(rng: Random, request: str) -> str:
    """The request, more or less politely."""
    return rng.choice(_TABLE["requests"]).format(request[0].upper() + request[1:], request)
