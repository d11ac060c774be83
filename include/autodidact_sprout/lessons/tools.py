"""Tool lessons: JSON schemas rendered by the real chat template, requests in words, calls as the only right
answer.

A call is written exactly as Qwen3's template writes it, so what is learned here is what a server parses.
"""

import json
from collections.abc import Callable
from typing import Any

from autodidact_sprout.lessons.maker import PHRASES, Lesson, Maker

NO_TOOL = "No tool fits this request."
VERBS = "create delete get list update send find open close start stop add check move book".split()


def call(name: str, arguments: dict) -> str:
    """One call as text, to the letter what Qwen3's template renders for `tool_calls`."""
    return (
        "<tool_call>\n"
        + json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
        + "\n</tool_call>"
    )


def _parameter(m: Maker, kinds: str) -> tuple[dict, Callable[[], Any]]:
    """A parameter's schema, and what draws a value for it."""
    kind = m.one(kinds)
    if kind == "e":
        options = m.some(m.count(2, 4))
        return {"type": "string", "enum": options}, lambda: m.one(options)
    if kind == "i":
        return {"type": "integer"}, lambda: int(m.number())
    if kind == "n":
        return {"type": "number"}, lambda: m.random.randint(1, 99) / 10
    if kind == "b":
        return {"type": "boolean"}, lambda: m.chance(0.5)
    if kind == "a":
        return {"type": "array", "items": {"type": "string"}}, lambda: m.some(m.count(1, 3))
    if kind == "o":
        inner = m.some(m.count(1, 2))
        parts = {k: _parameter(m, "si") for k in inner}
        return {
            "type": "object",
            "properties": {k: s for k, (s, _) in parts.items()},
            "required": inner,
        }, lambda: {k: draw() for k, (_, draw) in parts.items()}
    return {
        "type": "string"
    }, lambda: m.one([m.word, m.word, m.name, m.path, m.number])() if m.chance(0.9) else " ".join(m.some(2))


class Tool:
    """A random tool: its schema, and how a request for it reads."""

    def __init__(self, m: Maker, kinds: str, verb: str | None = None, noun: str | None = None, most: int = 3):
        self.m = m
        self.verb, self.noun = verb or m.one([*VERBS, *m.some(5)]), noun or m.word()
        self.name = m.one(["{}_{}", "{}_{}", "{}_{}", "{}-{}", "{}{}", "{}.{}"])
        self.name = (
            self.verb + self.noun.capitalize()
            if self.name == "{}{}"
            else self.name.format(self.verb, self.noun)
        )
        self.parameters = {
            k: _parameter(m, kinds)
            for k in [m.one([m.word, m.word, m.word, m.snake])() for _ in range(m.count(1, most))]
        }
        self.required = [k for k in self.parameters if m.chance(0.7)] or list(self.parameters)[:1]
        self.description = m.one(
            [
                f"{self.verb.capitalize()} the {self.noun}.",
                f"{self.verb.capitalize()} a {self.noun} by {list(self.parameters)[0]}.",
                f"Use it to {self.verb} a {self.noun}.",
            ]
        )

    def schema(self) -> dict:
        properties = {}
        for k, (s, _) in self.parameters.items():
            properties[k] = (
                dict(s) if self.m.chance(0.85) else {**s, "description": f"{self.m.word().capitalize()} {k}"}
            )
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": {"type": "object", "properties": properties, "required": self.required},
            },
        }

    def request(self) -> tuple[str, dict]:
        """Words and the arguments they mean; optional parameters appear in both or in neither."""
        m = self.m
        arguments = {
            k: draw() for k, (_, draw) in self.parameters.items() if k in self.required or m.chance(0.5)
        }

        parts = [self._argument(k, v) for k, v in arguments.items()]
        with_ = m.one([" and ", ", ", ", "]).join(parts)
        named = m.one([self.name, f"`{self.name}`"])
        if m.chance(0.5):
            return m.one(PHRASES["request"]["named"]).format(named, with_), arguments
        text = m.one(PHRASES["request"]["described"]).format(v=self.verb, n=self.noun, w=with_)
        return text[0].upper() + text[1:], arguments

    def _argument(self, name: str, value) -> str:
        """A parameter and its value in words."""
        if isinstance(value, dict):
            return f"{name} with " + " and ".join(f"{a} {b}" for a, b in value.items())
        if isinstance(value, list):
            return f"{name} " + self.m.one([", ", " and "]).join(value)
        value = str(value).lower() if isinstance(value, bool) else value
        return self.m.one(PHRASES["request"]["argument"]).format(name, value)


def _lesson(m: Maker, tools: list[Tool], turns: list[tuple[str, str]]) -> Lesson:
    return Lesson(
        turns,
        m.one([None, None, None, "You are a helpful assistant.", "Call a tool when one fits."]),
        [t.schema() for t in tools],
    )


def _requests(m: Maker, tools: list[Tool]) -> list[tuple[str, str]]:
    """Two to four requests, each with the call of a tool that it asks for."""
    turns = []
    for _ in range(m.count(2, 4)):
        tool = m.one(tools)
        text, arguments = tool.request()
        turns.append((text, call(tool.name, arguments)))
    return turns


def tool_simple(m: Maker) -> Lesson:
    """One to three tools with strings and integers."""
    tools = [Tool(m, "ssi") for _ in range(m.one([1, 1, m.count(1, 3)]))]
    return _lesson(m, tools, _requests(m, tools))


def tool_types(m: Maker) -> Lesson:
    """Enums, numbers, booleans, lists and nested objects."""
    tools = [Tool(m, "sienbao") for _ in range(m.one([1, 1, m.count(1, 2)]))]
    return _lesson(m, tools, _requests(m, tools))


def tool_choice(m: Maker) -> Lesson:
    """Similar tools: one noun with several verbs, or one verb with several nouns; now and then none fits."""
    n = m.one([2, 2, m.count(2, 4)])
    if m.chance(0.5):
        noun = m.word()
        tools = [Tool(m, "si", verb=v, noun=noun, most=2) for v in m.random.sample(VERBS, n)]
    else:
        verb = m.one(VERBS)
        tools = [Tool(m, "si", verb=verb, noun=w, most=2) for w in m.some(n)]
    turns = []
    for _ in range(m.count(2, 5)):
        if m.chance(0.2):
            turns.append(_nothing_fits(m, tools))
            continue
        t = m.one(tools)
        text, arguments = t.request()
        turns.append((text, call(t.name, arguments)))
    return _lesson(m, tools, turns)


def _nothing_fits(m: Maker, tools: list[Tool]) -> tuple[str, str]:
    """A request whose words no tool knows."""
    known = {w for t in tools for w in (t.verb, t.noun)}
    verb, noun = m.one([v for v in VERBS if v not in known]), m.one([w for w in m.some(9) if w not in known])
    return m.one(
        [
            "{v} the {n}.",
            "Please {v} a {n}.",
            "I want to {v} the {n} with {w}.",
            "Can you {v} my {n}?",
            "What is a {n}?",
            "Tell me about the {n}.",
        ]
    ).format(v=verb, n=noun, w=m.word()), NO_TOOL


def tool_none(m: Maker) -> Lesson:
    """As often no tool fits as one does."""
    tools = [Tool(m, "si", most=2) for _ in range(m.count(1, 3))]
    turns = [_nothing_fits(m, tools)]
    for _ in range(m.count(1, 3)):
        t = m.one(tools)
        text, arguments = t.request()
        turns.append((text, call(t.name, arguments)) if m.chance(0.6) else _nothing_fits(m, tools))
    return _lesson(m, tools, turns)


def tool_two(m: Maker) -> Lesson:
    """Two calls in one answer, in the order asked."""
    tools = [Tool(m, "si", most=2) for _ in range(2)]
    turns = []
    for _ in range(m.count(1, 3)):
        pair = [m.one(tools), m.one(tools)]
        said = [t.request() for t in pair]
        text = m.one(["{} Then {}", "{} And then {}", "First: {} Second: {}", "{} Also {}"]).format(
            *(s for s, _ in said)
        )
        turns.append((text, "\n".join(call(t.name, a) for t, (_, a) in zip(pair, said, strict=True))))
    return _lesson(m, tools, turns)
