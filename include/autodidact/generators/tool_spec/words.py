"""A tool as examples need it, and how a developer asks for what it does: in prose, as a command, as JSON, as
a list.
"""

import json
import random
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from autodidact import json_schema
from autodidact.generators.tool_spec.schema_values import arguments, inlined
from autodidact.records import canonical, sha256
from autodidact.sources.budget import OverBudget
from autodidact.sources.mcp.servers import Tool

# Samples until one is valid.
TRIES = 6
# Characters of a call's arguments.
MOST_ARGUMENTS = 600

_EMPTY = frozenset(
    "a an and any are as at be by can do for from get give has have if in into is it its list make new no not"
    " of on one or our out please set show some that the their them then this to tool up us use used using"
    " was we what when where which who will with you your".split()
)
# First words of descriptions that say what to do; a tool's own name adds more.
_VERBS = frozenset(
    "add analyze apply archive ask assign attach book browse build calculate call cancel change check clean"
    " clear click close collect commit compare compute connect convert copy count create cut debug decode"
    " delete deploy describe detect disable download draw edit email enable encode estimate evaluate execute"
    " explain export extract fetch fill filter find fork format generate get give grant hold import insert"
    " inspect install invite issue launch link list load lock log look lookup mail make mark measure merge"
    " monitor move navigate notify open order parse pause pay perform ping pin post preview print publish"
    " pull push put query read rebuild record refresh register release remove rename render reopen replace"
    " reply report request reserve reset resize resolve restart restore resume retrieve return revert review"
    " revoke roll run save say schedule scrape search select send set share show sign sort split star start"
    " stop store submit subscribe summarize switch sync take tell test track transfer translate trigger turn"
    " type undo unlock unpin unsubscribe update upload validate verify view wait watch write".split()
)


def stems(text: str) -> set[str]:
    """The words of a text that mean something, without their endings: `sailings` and `sailing` are one."""
    words = (word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text))
    return {
        re.sub(r"(?:ies|ing|ed|es|s|e|y)$", "", word) if len(word) > 4 else word.rstrip("s")
        for word in words
        if word not in _EMPTY
    }


class Known:
    """A tool with what the examples need of it. Raises OverBudget for a schema that unfolds into too much."""

    def __init__(self, tool: Tool):
        self.tool, self.name = tool, tool.name
        self.schema, self._text = inlined(tool.schema), json.dumps(tool.schema, sort_keys=True)
        self.ref = f"{tool.server}/{tool.name}"
        self.purpose = " ".join(tool.description.strip().split())[:300]
        self.shown = {
            "type": "function",
            "function": {"name": tool.name, "description": self.purpose, "parameters": self.schema},
        }
        self.size = len(json.dumps(self.shown))
        required = dict.fromkeys(
            k for k in _listed(self.schema.get("required")) if isinstance(k, str) and k in self.properties
        )
        self.required = list(required)
        self.optional = [k for k in self.properties if k not in required]
        self.stems = stems(f"{tool.name} {self.purpose}")
        self.source = {
            "kind": "mcp",
            "ref": self.ref,
            "server": tool.server,
            "name": tool.name,
            "schema_sha256": sha256(canonical(tool.schema)),
        }
        self.task, self.thing = _task(tool.name, self.purpose)

    @cached_property
    def properties(self) -> dict[str, dict]:
        found = self.schema.get("properties")
        return {k: v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}

    def valid(self) -> bool:
        return json_schema.valid(self._text)

    def accepts(self, given: dict[str, Any]) -> bool:
        """Whether the tool's own schema, formats included, accepts these arguments."""
        return json_schema.refused(self._text, given, formats=True) is None

    def draw(self, rng: random.Random) -> dict[str, Any] | None:
        """Arguments that the tool's own schema accepts; None where the sampler finds none."""
        for _ in range(TRIES):
            try:
                drawn = arguments(self.schema, rng)
            except (
                ValueError,
                TypeError,
                LookupError,
                AttributeError,
                ArithmeticError,
                RecursionError,
                OverBudget,
            ):
                continue
            if self.accepts(drawn) and len(json.dumps(drawn)) <= MOST_ARGUMENTS and not _none(drawn):
                return drawn
        return None


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else []


def _none(value: Any) -> bool:
    """Whether a null is somewhere in it: nobody asks for one, and a chat template may drop it."""
    if isinstance(value, (dict, list)):
        return any(_none(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is None


def _task(name: str, purpose: str) -> tuple[str, str]:
    """(what to do, "") when the description or else the name begins with a verb, ("", what is given) when it
    does not.
    """
    head = re.split(r"(?<=\w)[.!?](?:\s|$)|;\s|\s[-–—]\s|\n", purpose, maxsplit=1)[0].strip(" .")
    head = re.sub(r"\s*\([^)]*\)", "", head)
    if ": " in head and len(head.partition(": ")[0].split()) >= 3:
        head = head.partition(": ")[0]
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]
    if not head or len(head) > 140:
        head = " ".join(words) or name
    first, _, rest = head.partition(" ")
    verb, known = first.lower(), _VERBS | set(words[:1])
    bases = [verb, verb.removesuffix("s"), verb.removesuffix("es"), verb.removesuffix("ies") + "y"]
    base = next((base for base in bases if base in known and (first[:1].isupper() or base == verb)), None)
    if base and rest:
        return f"{base} {rest}", ""
    return "", (head if first[1:].lower() != first[1:] or first == "I" else head[:1].lower() + head[1:])


NO_NOUNS = set(
    "from to since until till by before after at on in with without for of as via per is not".split()
)  # noqa: SIM905


def human(key: str) -> str:
    """A parameter's name as one says it: `maxItems` is "max items"."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " ").strip().lower() or key
    )


def said(value: Any) -> str:
    """A value as it stands in a sentence; each leaf of it occurs word for word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, (str, int, float)) and not isinstance(item, bool) for item in value)
    ):
        return (
            " and ".join((", ".join(map(_bare, value[:-1])), _bare(value[-1])))
            if len(value) > 1
            else _bare(value[0])
        )
    return _bare(value)


def _bare(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return (
        value
        if re.fullmatch(r"[\w./:@+-]+", value)
        else json.dumps(value, ensure_ascii=False)
        if '"' in value
        else f'"{value}"'
    )


def flat(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """The leaves by path: `contact.channel`, `party[0].count`; an empty object or list is a leaf."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from flat(item, f"{path}[{number}]")
    else:
        yield path, value


def pairs(given: dict[str, Any], rng: random.Random) -> str:
    """The arguments in one line, in one of several hands."""
    nested = any(
        isinstance(leaf, (dict, list))
        for value in given.values()
        for leaf in (value if isinstance(value, list) else [value])
    )
    if nested or rng.random() < 0.2:
        leaves = [
            (path, json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else _bare(value))
            for path, value in flat(given)
        ]
        return rng.choice((", ", " ")).join(f"{path}={value}" for path, value in leaves)
    form = rng.choice(("{} {}", "{}: {}", "{} {}", "{} = {}", "{} is {}"))
    listed = [form.format(human(key), said(value)) for key, value in given.items()]
    if form == "{}: {}":
        return "; ".join(listed)
    return (
        listed[0]
        if len(listed) == 1
        else f"{', '.join(listed[:-1])} and {listed[-1]}"
        if rng.random() < 0.5
        else ", ".join(listed)
    )


def request(known: Known, given: dict[str, Any], rng: random.Random, named: bool = False) -> str:
    """What a developer says who wants this call; every value occurs in it. `named`: the tool's name too."""
    name = f"`{known.name}`" if rng.random() < 0.5 else known.name
    if not given:
        forms = [f"Run {name}.", f"Call {name} for me.", f"{name}, please."]
        if not named:
            do = known.task or f"get me {known.thing}"
            forms += [
                f"{_capital(do)}.",
                f"Please {do}.",
                f"Can you {do}?",
                f"I need to {do}.",
                f"{do}, now",
                f"Time to {do}, please do it.",
            ]
        return rng.choice(forms)
    shape = rng.random()
    if named or shape < 0.3:
        body = json.dumps(given, ensure_ascii=False, indent=2 if rng.random() < 0.5 else None)
        leaves = [
            (path, json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else _bare(value))
            for path, value in flat(given)
        ]
        return rng.choice(
            (
                f"Call {name} with\n```json\n{body}\n```",
                f"{known.name} {' '.join(f'{path}={value}' for path, value in leaves)}",
                f"Run {name}: {pairs(given, rng)}.",
                f"Use {name} with {pairs(given, rng)}.",
                f"{name} for {pairs(given, rng)}, please.",
            )
        )
    if known.task:
        do, listed = known.task, pairs(given, rng)
        return rng.choice(
            (
                f"{_capital(do)}: {listed}.",
                f"{_capital(do)}, with {listed}.",
                f"Can you {do}? {_capital(listed)}.",
                f"I need to {do}. {_capital(listed)}.",
                f"{_capital(listed)}. {_capital(do)}, please.",
                f"We have to {do} before lunch: {listed}.",
                f"Next step in the runbook: {do}. Here {listed}.",
                f"{_capital(do)}\n" + "\n".join(f"- {path}: {_leaf(value)}" for path, value in flat(given)),
            )
        )
    listed = pairs(given, rng)
    return rng.choice(
        (
            f"I need {known.thing}: {listed}.",
            f"{_capital(known.thing)}, for {listed}?",
            f"Can you get me {known.thing}? {_capital(listed)}.",
            f"{_capital(listed)}. I want {known.thing}.",
            f"{_capital(known.thing)}, please: {listed}.",
            f"A user asks for {known.thing}. {_capital(listed)}.",
            f"{_capital(known.thing)}\n"
            + "\n".join(f"- {path}: {_leaf(value)}" for path, value in flat(given)),
        )
    )


def _leaf(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _capital(text: str) -> str:
    """With a capital, unless the first word is a name, a path or a setting, which stay as they are."""
    first = text.split(" ", 1)[0]
    return text if re.search(r"[^A-Za-z,:]|[a-z][A-Z]", first) else text[:1].upper() + text[1:]
