"""Codex's completed items as turns: `{"type": "item_completed", "item": {"type": "UserMessage" |
"AgentMessage" | "CommandExecution" | "McpToolCall" | ...}}`. A call and its result are one item.
"""

from datetime import datetime
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of
from autodidact.sources.transcripts.openai_response_items import ResponseItems
from autodidact.sources.transcripts.outcomes import Outcome, of_exit, of_result, worse
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.untrusted_fields import (
    has_attachment,
    name_of,
    parsed,
    short_json,
    text_of,
)

_STATUS = {
    "completed": Outcome.SUCCEEDED,
    "failed": Outcome.FAILED,
    "declined": Outcome.REFUSED,
    "inprogress": Outcome.RUNNING,
    "in_progress": Outcome.RUNNING,
}


def add_turn_item(items: ResponseItems, item: dict, line: int, time: datetime | None) -> None:
    """Adds one completed item to the thread."""
    kind, content, ident = item.get("type"), item.get("content"), name_of(item.get("id"))
    if kind == "UserMessage":
        items.asked(text_of(content).strip(), line, time, has_attachment(content))
    elif kind == "AgentMessage":
        items.thread.add(Turn(Who.MODEL, text_of(content).strip(), line, time))
        if item.get("phase") == "commentary" and items.thread.current:
            items.thread.current.final = False
    elif kind in ("HookPrompt", "ContextCompaction"):
        items.thread.add(Turn(Who.HARNESS, line=line, time=time))
    elif found := _called(item):
        call, text, outcome = found
        turn = Turn(Who.MODEL, line=line, time=time, calls=[(ident, call)])
        items.thread.add(turn)
        exited = item.get("exit_code") is not None
        results = [Result(ident, text, outcome, exited, marked=True)]
        items.thread.add(Turn(Who.TOOL, line=line, time=time, results=results))


def _called(item: dict) -> tuple[Call, str, Outcome] | None:
    """(call, what it gave, how it went) of an item that is a call."""
    kind, status = item.get("type"), _STATUS.get(str(item.get("status")).lower(), Outcome.UNKNOWN)
    if kind == "CommandExecution":
        text = next(
            (str(item[k]) for k in ("aggregated_output", "formatted_output", "stdout") if item.get(k)), ""
        )
        known = worse(status, of_exit(item["exit_code"])) if item.get("exit_code") is not None else status
        return Call.of("exec_command", {"command": item.get("command")}), text, known
    name = name_of(item.get("tool"))
    if kind in ("McpToolCall", "DynamicToolCall") and name:
        arguments = parsed(item.get("arguments"))
        if kind == "McpToolCall" and name_of(item.get("server")):
            name = f"mcp__{item['server']}__{name}"
        text = _given(item)
        went = Outcome.FAILED if item.get("error") or item.get("success") is False else of_result(text)
        inner = dict_of(item.get("result"))
        went = Outcome.FAILED if inner.get("isError") or inner.get("is_error") else went
        call = Call.of(name, arguments) if arguments is not None else Call(name, None)
        return call, text, worse(status, went)
    if kind == "FileChange":
        return Call("apply_patch", None), "", status
    return None


def _given(item: dict) -> str:
    result: Any = item.get("result", item.get("content_items"))
    content = result.get("content") if isinstance(result, dict) else result
    return text_of(content) or (short_json(result) if result else "")
