"""Labels and tool calls, which coherence does not judge: a label is one of those that the prompt offers, a
call is one that its tool accepts.

A label is an answer of a word or a few with commas between them, to a request to classify whose prompt lists
the labels: after "Handlers:", "one of" or the like, between commas or one a line. Where no list is found
nothing is dropped. A call must name a tool that is offered, with arguments that the tool's JSON Schema
accepts (without `format`, which is a remark by default in JSON Schema).

Of 1,502 calls and 383 labels that the generators made of three repositories it drops none; of as many with
the call of another example 80%, with the label of another 29%: the rest are labels and calls that fit there
too, or answers in a sentence (`benchmarks/gate_rules.py`). It drops no function, docstring or JSON, because
those are no labels.
"""

import json
import re

from autodidact.gate.rule import Context, Drop
from autodidact.json_schema import refused
from autodidact.records import Example

NAME = "schema"

# Categories whose answers are labels.
LABELS = ("intent_classification",)

# Right also where they are not in the list: the prompt says so in words.
ABSTAINS = {"none", "unknown", "other", "no_call", "nobody"}

_NAME = r"[`\"']?\w(?:[\w./@-]{0,60}\w)?[`\"']?"
_CUE = (
    r"(?:handlers?|labels?|options?|choices?|categor(?:y|ies)|class(?:es)?|queues?|intents?|kinds?|grades?"
    r"|types?|agents?|tools?|teams?|names?)"
)
_INLINE = re.compile(
    rf"(?:\b{_CUE}\s?[:(=]\s{{0,3}}|\b(?:one|which|any) of(?: these)?:?"
    r" |\b(?:choose|pick|select)\s(?:one\s)?(?:from|between|among|of):? "
    rf"|\btakes? (?:this|it):? |\b(?:into|as)(?: one of)?:? |^(?={_NAME}, [^.?!\n]{{0,400}}: ))"
    rf"({_NAME}(?:, {_NAME}){{1,60}}(?:,? (?:or|and) {_NAME})?|{_NAME} or {_NAME})(?=\s?[.?!:;)\n]|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_LINES = re.compile(
    rf"(?:^[ \t]{{0,4}}(?:[-*\u2022]|\d{{1,2}}[.)])[ \t]{_NAME}[ \t]{{0,2}}(?:$|[:(,\u2013-].*$)\n?){{2,}}",
    re.MULTILINE,
)
_BARE = re.compile(rf"\b{_CUE}:[ \t]*\n((?:^{_NAME}(?::.*)?(?:\n|\Z)){{2,}})", re.IGNORECASE | re.MULTILINE)
_FIRST = re.compile(rf"^[ \t]{{0,4}}(?:(?:[-*\u2022]|\d{{1,2}}[.)])[ \t])?({_NAME})", re.MULTILINE)
_LABEL = re.compile(rf"{_NAME}(?:, {_NAME}){{0,20}}")
_QUOTES = "`\"'"


def offered(prompt: str) -> set[str]:
    """The labels that a prompt lists, in lower case; empty when it lists none."""
    found = [name for match in _INLINE.finditer(prompt) for name in re.split(r",? (?:or|and) |, ", match[1])]
    for block in (
        *(match[0] for match in _LINES.finditer(prompt)),
        *(match[1] for match in _BARE.finditer(prompt)),
    ):
        found += _FIRST.findall(block)
    return {name.strip(_QUOTES).casefold() for name in found}


def label(example: Example) -> Drop | None:
    """Why the label is not one of those that the prompt offers."""
    answer = example.messages[-1]["content"].strip().rstrip(".")
    if not _LABEL.fullmatch(answer):
        return None
    prompt = "\n".join(
        message["content"] for message in example.messages[:-1] if message["role"] in ("system", "user")
    )
    names = offered(prompt)
    given = {name.strip(_QUOTES).casefold() for name in answer.split(", ")}
    return (
        Drop("a label that is not offered", len(names)) if names and not given <= names | ABSTAINS else None
    )


def calls(example: Example) -> Drop | None:
    """Why one of the calls is none that the tools offered accept."""
    tools = {
        tool["function"].get("name"): tool["function"]
        for tool in example.tools
        if isinstance(tool.get("function"), dict)
    }
    for made in example.messages[-1]["tool_calls"]:
        name, arguments = made["function"]["name"], made["function"]["arguments"]
        if name not in tools:
            return Drop("a call of a tool that is not offered", len(tools))
        schema = tools[name].get("parameters")
        if (schema is not None or arguments) and (
            why := refused(json.dumps(schema or {}, sort_keys=True), arguments)
        ):
            return Drop(*why)
    return None


def check(example: Example, context: Context) -> Example | Drop:
    if example.messages[-1].get("tool_calls"):
        return calls(example) or example
    if example.category in LABELS:
        return label(example) or example
    return example
