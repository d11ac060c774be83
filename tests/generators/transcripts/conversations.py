"""Records of the formats in which tools keep conversations, and what is taught of them."""

import json
import tempfile
from itertools import count
from pathlib import Path

from autodidact.errors import Skipped
from tests.generators.snapshots import examples_of, snapshot, troubles

AT = "2026-06-01T09:00:00Z"
DATA = Path(__file__).parents[2] / "data" / "transcripts"
_numbers = count()


def taught(place: Path) -> tuple[list[tuple], dict[str, int]]:
    """What is taught of a file or folder, as (what was asked last, the answer or the calls), and what was
    counted. Of a source that is skipped: why.
    """
    with tempfile.TemporaryDirectory() as scratch:
        return _taught(snapshot(Path(scratch), sessions=[str(place)]))


def _taught(seen) -> tuple[list[tuple], dict[str, int]]:
    rows = set()
    try:
        for row in examples_of("session_miner", seen):
            if row.category != "tool_use":
                continue
            asked = [m["content"] for m in row.messages[:-1] if m["role"] == "user"][-1]
            made = [call["function"] for call in row.messages[-1].get("tool_calls") or ()]
            calls = " ".join(f"{call['name']}({json.dumps(call['arguments'])})" for call in made)
            rows.add((asked, calls or row.messages[-1]["content"]))
    except Skipped as why:
        return [], {str(why): 1}
    return sorted(rows), troubles(seen)


def of(tmp_path: Path, *records, name: str = "talk.jsonl") -> list[tuple]:
    """What is taught of one file of these records, or of one text."""
    return taught(written(tmp_path, *records, name=name))[0]


def written(tmp_path: Path, *records, name: str = "talk.jsonl") -> Path:
    """A file of its own in a new folder."""
    folder = tmp_path / f"source{next(_numbers)}"
    folder.mkdir()
    path = folder / name
    text = "".join(record if isinstance(record, str) else json.dumps(record) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


class Claude:
    """A session of Claude Code, record after record."""

    def __init__(self) -> None:
        self.records: list[dict] = []
        self.last: str | None = None

    def put(self, kind: str, content, **more) -> "Claude":
        uuid, message = f"u{len(self.records)}", {"role": kind, "content": content} | more.pop("message", {})
        record = {"type": kind, "uuid": uuid, "parentUuid": self.last, "timestamp": AT, "message": message}
        self.records.append(record | more)
        self.last = uuid
        return self

    def asks(self, content, **more) -> "Claude":
        return self.put("user", content, **more)

    def says(self, text: str, **message) -> "Claude":
        return self.put("assistant", [{"type": "text", "text": text}], message=message)

    def calls(self, name: str, result: str | None, **arguments) -> "Claude":
        """A call, and its result (none: there is no record of it)."""
        ident = f"t{len(self.records)}"
        self.put("assistant", [{"type": "tool_use", "id": ident, "name": name, "input": arguments}])
        if result is not None:
            self.put("user", [{"type": "tool_result", "tool_use_id": ident, "content": result}])
        return self

    def other(self, record: dict) -> "Claude":
        self.records.append(record)
        return self


def codex(kind: str, **payload) -> dict:
    return {"timestamp": AT, "type": kind, "payload": payload}


def item(kind: str, **fields) -> dict:
    return codex("response_item", type=kind, **fields)


def event(kind: str, **fields) -> dict:
    return codex("event_msg", type=kind, **fields)


def completed(kind: str, **fields) -> dict:
    return event("item_completed", item={"type": kind, "id": f"i{next(_numbers)}"} | fields)


def asked(text: str) -> dict:
    """A person's words in Codex."""
    return item("message", role="user", content=[{"type": "input_text", "text": text}])


def said(text: str, **more) -> dict:
    """The model's words in Codex."""
    return item("message", role="assistant", content=[{"type": "output_text", "text": text}], **more)


def ran(command: str, output, ident: str = "c1") -> list[dict]:
    """A command and its output in Codex."""
    arguments = json.dumps({"cmd": command})
    return [
        item("function_call", name="exec_command", arguments=arguments, call_id=ident),
        item("function_call_output", call_id=ident, output=output),
    ]


def script(source: str, *output: str, ident: str = "e1") -> list[dict]:
    """A script of Codex's tool `exec`, and the parts of its output."""
    parts = [{"type": "input_text", "text": text} for text in output]
    return [
        item("custom_tool_call", name="exec", input=source, call_id=ident),
        item("custom_tool_call_output", call_id=ident, output=parts),
    ]


def chat(*messages: tuple, **more) -> dict:
    """A line of OpenAI chat: (role, content) or (role, content, other fields)."""
    listed = [
        {"role": role, "content": content} | (rest[0] if rest else {}) for role, content, *rest in messages
    ]
    return {"messages": listed} | more


def tool_call(name: str, ident: str = "c1", **arguments) -> dict:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"id": ident, "type": "function", "function": function}]}


def pi(role: str, content, **more) -> dict:
    return {"type": "message", "timestamp": AT, "message": {"role": role, "content": content} | more}


def gemini(kind: str, content, **more) -> dict:
    return {"id": f"g{next(_numbers)}", "timestamp": AT, "type": kind, "content": content} | more


GEMINI = {"sessionId": "s", "projectHash": "p", "startTime": AT, "kind": "main"}


def span(*messages: tuple, **attributes) -> dict:
    """A bare GenAI span: (role, text or parts), the last one the output."""

    def message(role, text, reason=None):
        parts = [{"type": "text", "content": text}] if isinstance(text, str) else text
        return {"role": role, "parts": parts} | ({"finish_reason": reason} if reason else {})

    told = [message(*each) for each in messages]
    given = {"gen_ai.input.messages": told[:-1], "gen_ai.output.messages": told[-1:]} | attributes
    return {"traceId": "t", "spanId": "s", "attributes": given}


def hands(source: str, action: str, **args) -> dict:
    """An action of OpenHands."""
    return {"id": next(_numbers), "source": source, "action": action, "args": args}


def saw(action: dict, kind: str, content: str, **extras) -> dict:
    """The observation of an action of OpenHands."""
    return {
        "id": next(_numbers),
        "source": "agent",
        "observation": kind,
        "cause": action["id"],
        "content": content,
        "extras": extras,
    }
