"""What every transcript becomes: exchanges. An exchange is a person's question, what was done about it, and
their next words.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

# Characters kept of one message or result: what is longer is a paste or a dump.
MAX_TEXT = 4_000
# Characters of a call's arguments that are kept; a longer call (such as a whole file) still shows which
# properties it gave.
MAX_ARGUMENTS = 2_000

# How tools report that a call went wrong, where the format has no field for it.
_FAILED = re.compile(
    r"\s*(<tool_use_error>|error\b|traceback \(most recent call last\)|fatal:|exception:|failed to parse"
    r" function arguments|unsupported call|execution error"
    r"|\{\s*\"(error|isError)\"\s*:\s*(?!null|false|\"\"|\[\]|\{\})"
    r"|\{\s*\"(success|ok)\"\s*:\s*false"
    r"|permission denied|command not found|(tool|command|request) (failed|was rejected|timed out)"
    r"|the user doesn['’]t want to (proceed|take this action)|\[request interrupted|aborted by user)",
    re.IGNORECASE,
)
_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


@dataclass
class Call:
    """A tool call. `ok` is None while no result is known; `arguments` is None where they are too long to
    keep; `shape`: their types.
    """

    name: str
    arguments: dict[str, Any] | None
    shape: dict[str, str] = field(default_factory=dict)
    result: str = ""
    ok: bool | None = None

    @classmethod
    def of(cls, name: str, arguments: dict[str, Any]) -> "Call":
        kept = arguments if size(arguments, MAX_ARGUMENTS) <= MAX_ARGUMENTS else None
        shape = {key: _TYPES.get(type(value), "null") for key, value in list(arguments.items())[:50]}
        return cls(name, kept, shape)


@dataclass
class Exchange:
    """What a person asked for (`text`, at `line` of `file`), what was done, and their next words (`followed`;
    None: nothing yet).

    `calls` are those of the first step, which follow from the request alone, at `called`; `later` counts the
    calls after them. `reply` is the last answer, at line `answered`; `final`: no call came after it. `end` is
    the time of the last turn. `before` is the exchange that this one continues. `tools` are digests of the
    tools that the conversation declares.
    """

    file: str
    text: str
    line: int
    time: datetime | None = None
    end: datetime | None = None
    calls: list[Call] = field(default_factory=list)
    called: int = 0
    later: int = 0
    reply: str = ""
    answered: int = 0
    final: bool = False
    failed: bool = False
    interrupted: bool = False
    followed: str | None = None
    before: "Exchange | None" = None
    tools: tuple[str, ...] = ()

    def plain(self) -> dict:
        """As JSON, without what came before."""
        calls = [vars(call) for call in self.calls]
        times = {"time": _text_of(self.time), "end": _text_of(self.end)}
        return vars(self) | {"before": None, "calls": calls} | times

    @classmethod
    def from_plain(cls, data: dict) -> "Exchange":
        times = {"time": moment(data["time"]), "end": moment(data["end"])}
        calls = [Call(**call) for call in data["calls"]]
        return cls(**data | {"calls": calls, "tools": tuple(data["tools"])} | times)


def size(value: Any, most: int) -> int:
    """About the characters of a JSON value; counting ends once it is beyond `most`."""
    if isinstance(value, str):
        return len(value) + 2
    if not isinstance(value, (list, dict)):
        return 4
    total = 2
    for item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        total += (len(item[0]) + 3 if item[0] is not None else 1) + size(item[1], most - total)
        if total > most:
            break
    return total


def moment(value: Any) -> datetime | None:
    """A timestamp as ISO 8601 or as seconds, milli-, micro- or nanoseconds since 1970; None of anything
    else."""
    try:
        if isinstance(value, str):
            if value.isdecimal() and len(value) > 9:
                return moment(int(value))
            found = datetime.fromisoformat(value)
            return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            for _ in range(3):
                value = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(value, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _text_of(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def failed(text: str) -> bool:
    """Whether the text of a result reports that the call went wrong."""
    return _FAILED.match(text) is not None


def name_of(value: Any) -> str | None:
    """A value that names something: text, not empty and of sensible length."""
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None


def text_of(content: Any) -> str:
    """The text of a message's or a result's content, which may be a list of parts."""
    if isinstance(content, str):
        return content[:MAX_TEXT]
    parts = []
    for part in content if isinstance(content, list) else ():
        if isinstance(part, str):
            parts.append(part[:MAX_TEXT])
        elif (
            isinstance(part, dict)
            and part.get("type") in (None, "text", "input_text", "output_text")
            and isinstance(part.get("text"), str)
        ):
            parts.append(part["text"][:MAX_TEXT])
    return "\n".join(parts)[:MAX_TEXT]


def parsed(value: Any, kind: type = dict) -> Any:
    """A JSON object (or a value of another `kind`), or one in a string; None otherwise."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, kind) else None


def functions(declared: Any) -> list[dict]:
    """Declared tools in the form `{"type": "function", "function": {...}}`; others are left out.

    Read are the forms of OpenAI (chat and responses), Anthropic (`input_schema`) and MCP (`inputSchema`).
    """
    kept = []
    for tool in declared if isinstance(declared, list) else ():
        function = tool.get("function", tool) if isinstance(tool, dict) else None
        if isinstance(function, dict) and name_of(function.get("name")):
            schemas = (function.get(key) for key in ("parameters", "input_schema", "inputSchema"))
            parameters = next(
                (s for s in map(parsed, schemas) if s is not None), {"type": "object", "properties": {}}
            )
            described = {
                "name": function["name"],
                "description": str(function.get("description") or "")[:MAX_TEXT],
                "parameters": parameters,
            }
            kept.append({"type": "function", "function": described})
    return kept
