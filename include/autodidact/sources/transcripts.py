"""Conversations that people had with a model, from the files in which tools keep them: Claude Code, OpenAI chat, ShareGPT.

All become the same: turns of user and assistant, each call with its result. Files are read line by line; what is torn, too long or of an
unknown kind costs itself and is counted.
"""

import glob
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autodidact.sources.tables import shown

MAX_LINE = 10_000_000  # bytes; a longer line is skipped
MAX_FILE = 50_000_000  # bytes of a .json file, which has to be read whole
MAX_TEXT = 4_000  # characters kept of one message or result: what is longer is a paste or a dump
SUFFIXES = (".jsonl", ".json", ".ndjson")

_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)
_COMMAND = re.compile(r"<(command-\w+|local-command-\w+|bash-\w+|user-memory-\w+|task-notification)>")
_INTERRUPTED = "[Request interrupted by user"
_REFUSED = re.compile(r"\s*(<tool_use_error>|Error:|The user doesn't want to (proceed|take this action)|\[Request interrupted)")
_ROLES = {"human": "user", "user": "user", "gpt": "assistant", "chatgpt": "assistant", "assistant": "assistant", "model": "assistant",
          "system": "system", "function_call": "call", "observation": "result", "tool": "result", "function_response": "result"}  # fmt: skip


@dataclass
class Call:
    """A tool call. `ok` is None while no result is known."""

    name: str
    arguments: dict[str, Any]
    result: str = ""
    ok: bool | None = None


@dataclass
class Turn:
    """What one side said: text, and calls of the assistant's. `interrupted`: the user stopped it."""

    role: str
    text: str
    line: int
    time: datetime | None = None
    calls: list[Call] = field(default_factory=list)
    message: str | None = None  # the model's answer it is part of
    interrupted: bool = False


@dataclass
class Conversation:
    """Turns in order; `tools` as declared there, in the form of OpenAI's function tools."""

    file: str
    turns: list[Turn]
    tools: list[dict[str, Any]] = field(default_factory=list)


def files(patterns: Iterable[str]) -> list[Path]:
    """The transcript files that paths, folders (with everything below) and globs name, sorted, each once."""
    found: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern).expanduser()
        for match in [path] if path.exists() else map(Path, glob.glob(str(path), recursive=True)):
            below = match.rglob("*") if match.is_dir() else [match]
            found.update(p for p in below if p.is_file() and p.suffix in SUFFIXES)
    return sorted(found)


def conversations(path: Path, troubles) -> Iterator[Conversation]:
    """The conversations of one file, whatever its format."""
    nodes: list[tuple[int, dict]] = []
    for number, record in _records(path, troubles):
        if isinstance(record.get("conversations"), list):
            yield _sharegpt(path, number, record, troubles)
        elif isinstance(record.get("messages"), list):
            yield _openai(path, number, record, troubles)
        elif isinstance(record.get("type"), str) and ("uuid" in record or "sessionId" in record or record["type"] == "summary"):
            if isinstance(record.get("uuid"), str):
                nodes.append((number, _slim(record)))
        else:
            troubles.add("unknown kind of record", f"{shown(path)}:{number}")
    if nodes:
        yield from _claude_code(path, nodes)


def moment(value: Any) -> datetime | None:
    """A timestamp as ISO 8601 or as seconds or milliseconds since 1970; None of anything else."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _records(path: Path, troubles) -> Iterator[tuple[int, dict]]:
    """(line number, object). A .json file may hold one object or a list of them."""
    ref = shown(path)
    try:
        if path.suffix == ".json" and path.stat().st_size <= MAX_FILE:
            try:
                whole = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
            except (ValueError, RecursionError):
                whole = None  # perhaps one object a line
            if whole is not None:
                for number, record in enumerate(whole if isinstance(whole, list) else [whole], 1):
                    if isinstance(record, dict):
                        yield number, record
                    else:
                        troubles.add("unknown kind of record", f"{ref}:{number}")
                return
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_LINE):
                number += 1
                if len(line) >= MAX_LINE and not line.endswith(b"\n"):
                    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                    troubles.add("line longer than 10 MB", f"{ref}:{number}")
                    continue
                record = _parse(line, f"{ref}:{number}", troubles)
                if record is not None:
                    yield number, record
    except OSError:
        troubles.add("file cannot be read", ref)


def _parse(line: bytes, ref: str, troubles) -> dict | None:
    if not line.strip():
        return None
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        troubles.add("invalid UTF-8", ref)
        text = line.decode("utf-8-sig", "replace")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        troubles.add("line that is not JSON" if line.endswith(b"\n") else "torn last line", ref)
        return None
    if not isinstance(record, dict):
        troubles.add("unknown kind of record", ref)
        return None
    return record


def _slim(record: dict) -> dict:
    """What is needed of a Claude Code record; the rest (tool output above all) is let go at once."""
    message = record.get("message") if isinstance(record.get("message"), dict) else {}
    hidden = any(record.get(key) for key in ("isSidechain", "isMeta", "isCompactSummary", "isApiErrorMessage"))
    return {
        "uuid": record["uuid"], "parent": _id(record.get("parentUuid")), "time": moment(record.get("timestamp")),
        "message": _id(message.get("id")),
        "role": record["type"] if record["type"] in ("user", "assistant") and not hidden else None,
        "blocks": [] if hidden else _blocks(message.get("content")),
    }  # fmt: skip


def _blocks(content: Any) -> list[dict]:
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    kept = []
    for block in content if isinstance(content, list) else ():
        if not isinstance(block, dict):
            continue
        if block.get("type") == "text" and isinstance(block.get("text"), str):
            kept.append({"type": "text", "text": block["text"][:MAX_TEXT]})
        elif block.get("type") == "tool_use" and isinstance(block.get("name"), str) and isinstance(block.get("input"), dict):
            kept.append({"type": "call", "id": _id(block.get("id")), "name": block["name"], "input": block["input"]})
        elif block.get("type") == "tool_result":
            text = _text(block.get("content"))
            failed = bool(block.get("is_error")) or _REFUSED.match(text) is not None
            kept.append({"type": "result", "id": _id(block.get("tool_use_id")), "text": text, "ok": not failed})
    return kept


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _text(content: Any) -> str:
    """The text of a message's or a result's content, which may be a list of parts."""
    if isinstance(content, str):
        return content[:MAX_TEXT]
    parts = (p.get("text") for p in content if isinstance(p, dict)) if isinstance(content, list) else ()
    return "\n".join(p for p in parts if isinstance(p, str))[:MAX_TEXT]


def _claude_code(path: Path, nodes: list[tuple[int, dict]]) -> Iterator[Conversation]:
    """A file is a forest by parentUuid. In each tree the way to its last record is what happened; other branches were taken back."""
    results = {b["id"]: b for _, node in nodes for b in node["blocks"] if b["type"] == "result" and b["id"]}
    parents = {node["uuid"]: node["parent"] for _, node in nodes}
    taken: set[str] = set()
    seen: set[str] = set()
    for _, node in reversed(nodes):
        way, at = [], node["uuid"] if node["role"] else None
        while at in parents and at not in seen:
            seen.add(at)
            way.append(at)
            at = parents[at]
        if at not in seen:  # up to a root that no later record leads to
            taken.update(way)
    together = {node["message"] for _, node in nodes if node["uuid"] in taken and node["message"]}  # parallel calls hang side by side
    turns: list[Turn] = []
    for number, node in nodes:
        if not node["role"] or not (node["uuid"] in taken or (node["role"] == "assistant" and node["message"] in together)):
            continue
        text = "\n".join(b["text"] for b in node["blocks"] if b["type"] == "text").strip()
        if node["role"] == "user":
            text = _REMINDER.sub("", text).strip()
            if text.startswith(_INTERRUPTED):
                if turns:
                    turns[-1].interrupted = True
            elif text and not _COMMAND.search(text):
                turns.append(Turn("user", text, number, node["time"]))
            continue
        calls = []
        for block in node["blocks"]:
            if block["type"] == "call":
                result = results.get(block["id"], {})
                calls.append(Call(block["name"], block["input"], result.get("text", ""), result.get("ok")))
        if text or calls:
            previous = turns[-1] if turns else None
            if previous and previous.role == "assistant" and node["message"] and previous.message == node["message"]:
                previous.calls += calls
                previous.text = "\n".join(filter(None, [previous.text, text]))
            else:
                turns.append(Turn("assistant", text, number, node["time"], calls, node["message"]))
    if turns:
        yield Conversation(shown(path), turns)


def _openai(path: Path, number: int, record: dict, troubles) -> Conversation:
    """`{"messages": [{"role", "content", "tool_calls"}], "tools": [...]}`; a message of the role `tool` is the result of a call."""
    time = moment(record.get("created_at") or record.get("created") or record.get("timestamp"))
    turns: list[Turn] = []
    calls: dict[Any, Call] = {}
    for message in record["messages"]:
        if not isinstance(message, dict):
            continue
        role, text = message.get("role"), _text(message.get("content"))
        if role in ("tool", "function"):
            call = calls.get(_id(message.get("tool_call_id"))) or next((c for c in calls.values() if c.ok is None), None)
            if call:
                call.result, call.ok = text, _REFUSED.match(text) is None
        elif role in ("user", "assistant", "system", "developer"):
            turn = Turn("system" if role == "developer" else role, text.strip(), number, moment(message.get("timestamp")) or time)
            listed = message.get("tool_calls")
            for raw in listed if isinstance(listed, list) else ():
                function = raw.get("function") if isinstance(raw, dict) else None
                arguments = _arguments(function.get("arguments")) if isinstance(function, dict) else None
                if arguments is None or not isinstance(function.get("name"), str):
                    troubles.add("tool call that cannot be read", f"{shown(path)}:{number}")
                    continue
                turn.calls.append(Call(function["name"], arguments))
                calls[_id(raw.get("id")) or len(calls)] = turn.calls[-1]
            turns.append(turn)
        else:
            troubles.add("unknown role", f"{shown(path)}:{number}")
    return Conversation(shown(path), turns, _tools(record.get("tools")))


def _sharegpt(path: Path, number: int, record: dict, troubles) -> Conversation:
    """`{"conversations": [{"from": "human", "value": ...}]}`, with `function_call` and `observation` for tools."""
    time = moment(record.get("created_at") or record.get("timestamp") or record.get("create_time"))
    turns: list[Turn] = []
    for part in record["conversations"]:
        role = _ROLES.get(_id(part.get("from"))) if isinstance(part, dict) else None
        if role is None or not isinstance(part.get("value"), str):
            troubles.add("unknown role", f"{shown(path)}:{number}")
            continue
        text = part["value"].strip()[:MAX_TEXT]
        if role == "call":
            call = _arguments(text)
            arguments = _arguments(call.get("arguments", {})) if call else None
            if arguments is None or not isinstance(call.get("name"), str):
                troubles.add("tool call that cannot be read", f"{shown(path)}:{number}")
            else:
                turns.append(Turn("assistant", "", number, time, [Call(call["name"], arguments)]))
        elif role == "result":
            if turns and turns[-1].calls:
                turns[-1].calls[-1].result, turns[-1].calls[-1].ok = text, _REFUSED.match(text) is None
        else:
            turns.append(Turn(role, text, number, time))
    return Conversation(shown(path), turns, _tools(_arguments(record.get("tools"), list)))


def _arguments(value: Any, kind: type = dict) -> Any:
    """A JSON object, or one in a string; None otherwise."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, kind) else None


def _tools(declared: Any) -> list[dict]:
    """Declared tools in the form `{"type": "function", "function": {...}}`; others are left out."""
    kept = []
    for tool in declared if isinstance(declared, list) else ():
        function = tool.get("function", tool) if isinstance(tool, dict) else None
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            parameters = function.get("parameters") if isinstance(function.get("parameters"), dict) else {"type": "object", "properties": {}}
            described = {"name": function["name"], "description": str(function.get("description") or ""), "parameters": parameters}
            kept.append({"type": "function", "function": described})
    return kept
