"""The tools that transcripts show: as conversations declare them, else as far as their calls show them."""

import json
import re
from typing import Any

from autodidact.records import canonical, sha256
from autodidact.sources.transcripts.turn import Call
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT, name_of, parsed

MAX_TOOLS = 2_000
# Of one tool.
MAX_PROPERTIES = 50
# Characters of a declared tool.
MAX_SCHEMA = 20_000
# Different declarations that are remembered as they stand.
MAX_READ = 200

_HAND_OVER = re.compile(r"(?:transfer|hand_?off|hand_?over|delegate|route)_to_(\w+)$", re.IGNORECASE)
_AGENTS = {
    "Task": "subagent_type",
    "Agent": "subagent_type",
    "Skill": "skill",
    "spawn_agent": "agent_type",
    "subagent": "agent",
}


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


def handler(name: str, arguments: dict | None) -> str | None:
    """The handler that a call hands the request to: a sub-agent, a skill, the x of `transfer_to_x`; None of
    an ordinary tool.
    """
    if name in _AGENTS:
        found = (arguments or {}).get(_AGENTS[name])
        return found if isinstance(found, str) and 0 < len(found) <= 80 and "\n" not in found else None
    match = _HAND_OVER.search(name)
    return match[1] if match else None


def hands_over(name: str) -> bool:
    """Whether calls of this name go to a handler and not to a tool."""
    return name in _AGENTS or _HAND_OVER.search(name) is not None


class Toolbox:
    """What is known of tools and handlers. What one file shows is added to what the files before it
    showed."""

    def __init__(self) -> None:
        # Digest -> tool.
        self.declared: dict[str, dict] = {}
        # Name -> digest of its newest declaration.
        self.latest: dict[str, str] = {}
        # Name -> {"calls": count, "given": {property: count}, "types": {property: [type]}}
        self.called: dict[str, dict[str, Any]] = {}
        self.handlers: dict[str, int] = {}
        # Declarations as they stand in files -> their digests.
        self._read: dict[str, tuple[str, ...]] = {}

    def declare(self, declared: Any) -> tuple[str, ...]:
        """The digests of tools as a conversation declares them, which are kept once however many
        conversations repeat them.
        """
        if not declared:
            return ()
        text = json.dumps(declared)
        if text not in self._read:
            if len(self._read) >= MAX_READ:
                self._read.clear()
            self._read[text] = self._declare(functions(declared))
        self.latest |= {self.declared[digest]["function"]["name"]: digest for digest in self._read[text]}
        return self._read[text]

    def _declare(self, tools: list[dict]) -> tuple[str, ...]:
        digests = []
        for tool in tools:
            text = canonical(tool)
            if len(text) > MAX_SCHEMA or len(self.declared) >= MAX_TOOLS:
                continue
            digest = sha256(text)[:16]
            self.declared[digest] = tool
            self.latest[tool["function"]["name"]] = digest
            digests.append(digest)
            if found := handler(tool["function"]["name"], None):
                self.handlers.setdefault(found, 0)
        return tuple(dict.fromkeys(digests))

    def add_call(self, call: Call) -> None:
        """A call that was not refused."""
        found = handler(call.name, call.arguments)
        if found and (found in self.handlers or len(self.handlers) < MAX_TOOLS):
            self.handlers[found] = self.handlers.get(found, 0) + 1
        if call.name not in self.called and len(self.called) >= MAX_TOOLS:
            return
        tool = self.called.setdefault(call.name, {"calls": 0, "given": {}, "types": {}})
        tool["calls"] += 1
        for key, kind in call.shape.items():
            if key in tool["given"] or len(tool["given"]) < MAX_PROPERTIES:
                tool["given"][key] = tool["given"].get(key, 0) + 1
                kinds = tool["types"].setdefault(key, [])
                if kind not in kinds:
                    kinds.append(kind)

    def merge(self, other: "Toolbox") -> None:
        """Adds what another file showed."""
        self._declare(list(other.declared.values()))
        self.latest |= {name: digest for name, digest in other.latest.items() if digest in self.declared}
        for name, count in other.handlers.items():
            if name in self.handlers or len(self.handlers) < MAX_TOOLS:
                self.handlers[name] = self.handlers.get(name, 0) + count
        for name, tool in other.called.items():
            if name not in self.called and len(self.called) >= MAX_TOOLS:
                continue
            known = self.called.setdefault(name, {"calls": 0, "given": {}, "types": {}})
            known["calls"] += tool["calls"]
            for key, count in tool["given"].items():
                if key in known["given"] or len(known["given"]) < MAX_PROPERTIES:
                    known["given"][key] = known["given"].get(key, 0) + count
                    kinds = known["types"].setdefault(key, [])
                    kinds += [kind for kind in tool["types"][key] if kind not in kinds]

    def schema(self, name: str) -> dict | None:
        """The tool as an OpenAI function: its newest declaration, else what its calls show; None of one never
        met.
        """
        if name in self.latest:
            return self.declared[self.latest[name]]
        return self._as_called(name) if name in self.called else None

    def names(self) -> list[str]:
        """Every ordinary tool, sorted."""
        return sorted(name for name in {*self.called, *self.latest} if not hands_over(name))

    def _as_called(self, name: str) -> dict:
        """The properties that calls gave, their types, and as required what every call gave."""
        tool = self.called[name]
        properties: dict[str, dict] = {}
        for key in sorted(tool["given"]):
            kinds = set(tool["types"][key]) - {"null"}
            kinds = {"number"} if kinds == {"integer", "number"} else kinds
            properties[key] = {"type": kinds.pop()} if len(kinds) == 1 else {}
        required = sorted(key for key, count in tool["given"].items() if count == tool["calls"])
        parameters = {"type": "object", "properties": properties, "required": required}
        description = name.rpartition("__")[2].replace("_", " ")
        return {
            "type": "function",
            "function": {"name": name, "description": description, "parameters": parameters},
        }

    def plain(self) -> dict:
        return {
            "declared": self.declared,
            "latest": self.latest,
            "called": self.called,
            "handlers": self.handlers,
        }

    @classmethod
    def from_plain(cls, data: dict) -> "Toolbox":
        box = cls()
        box.declared, box.latest, box.called, box.handlers = (
            data["declared"],
            data["latest"],
            data["called"],
            data["handlers"],
        )
        return box
