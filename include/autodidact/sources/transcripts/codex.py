"""Codex: `{"timestamp", "type": "session_meta" | "response_item" | "event_msg" | ..., "payload": {...}}`, one
session a file.

The items of a response are OpenAI's (openai_response_items.py). Newer files may hold instead of them the
events `item_completed`; files of early versions hold the items bare, after a line with id, timestamp and
instructions. The session of a sub-agent or a guardian is a side chain: nobody typed in it. Nor did anybody in
a review, whose request the program writes.
"""

from datetime import datetime

from autodidact.sources.json_of_expected_type import dict_of
from autodidact.sources.transcripts.codex_items import add_turn_item
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.openai_response_items import ResponseItems
from autodidact.sources.transcripts.outcomes import Outcome
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.untrusted_fields import moment, name_of, parsed

_TYPES = {
    "session_meta",
    "response_item",
    "event_msg",
    "turn_context",
    "compacted",
    "world_state",
    "inter_agent_communication",
}
_ITEMS = set(
    (
        "message reasoning function_call function_call_output custom_tool_call custom_tool_call_output"
        " local_shell_call local_shell_call_output web_search_call ghost_snapshot compaction"
    ).split()
)
_STARTED = ("task_started", "turn_started")
_REVIEW = {
    **dict.fromkeys(("entered_review_mode", "EnteredReviewMode"), True),
    **dict.fromkeys(("exited_review_mode", "ExitedReviewMode"), False),
}
_COMPLETE = ("task_complete", "turn_complete", "turn_aborted")


def _is_header(record: dict) -> bool:
    return "type" not in record and {"id", "timestamp", "instructions"} <= record.keys()


class Codex(ThreadFormat):
    @staticmethod
    def reads(record: dict) -> bool:
        kind = name_of(record.get("type"))
        if isinstance(record.get("payload"), dict):
            return kind in _TYPES
        bare_item = kind in _ITEMS and "message" not in record
        return record.get("record_type") == "state" or bare_item or _is_header(record)

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.items = ResponseItems(self.thread, self.trouble)
        self.started: datetime | None = None
        # Whether it is a person's session; None before its header.
        self.side: bool | None = None
        # Whether the file has items of a response: then completed items repeat them.
        self.has_items = False
        # Whether a turn runs, and whether its first words have come: later ones steer it.
        self.running = self.asked = False
        self.reviewing = False

    def feed(self, line: int, record: dict) -> list[Exchange]:
        payload = dict_of(record.get("payload"))
        bare = not isinstance(record.get("payload"), dict)
        if bare and _is_header(record):
            self.started = moment(record["timestamp"])
        time = moment(record.get("timestamp")) or self.started
        if not self.reading.keeps(time):
            return []
        kind = record.get("type")
        if kind == "session_meta" and self.side is None:
            # A fork repeats the header of the session that it continues; the first is its own.
            self.side = _is_side(payload)
        if self.side:
            return []
        if self.reviewing and kind != "event_msg":
            return []
        if bare or kind == "response_item":
            self._item(line, record if bare else payload, time)
        elif kind == "event_msg":
            self._event(line, payload, time)
        elif kind == "compacted":
            self.thread.add(Turn(Who.HARNESS, line=line, time=time))
        elif kind == "inter_agent_communication":
            self.thread.add(Turn(Who.SUBAGENT, line=line, time=time))
        elif kind == "session_meta":
            declared = self.reading.toolbox.declare(parsed(payload.get("dynamic_tools"), list))
            self.thread.tools = declared or self.thread.tools
        return self.thread.take()

    def _item(self, line: int, item: dict, time: datetime | None) -> None:
        self.has_items = self.has_items or item.get("type") == "message"
        before = self.thread.current
        self.items.add(item, line, time, steers=self.running and self.asked)
        now = self.thread.current
        if now is not before and now and now.who is Who.PERSON:
            self.asked = True

    def _event(self, line: int, event: dict, time: datetime | None) -> None:
        kind = event.get("type")
        if kind in _STARTED:
            self.running, self.asked = True, False
        elif kind in _COMPLETE:
            self.running = False
        whole = dict_of(event.get("item")) if kind == "item_completed" else event
        if (review := _REVIEW.get(name_of(whole.get("type")) or "")) is not None:
            if review and not self.reviewing:
                self.thread.add(Turn(Who.HARNESS, line=line, time=time))
            self.reviewing = review
        elif self.reviewing:
            return
        elif kind == "item_completed" and not self.has_items:
            add_turn_item(self.items, dict_of(event.get("item")), line, time)
        elif kind == "turn_aborted":
            self.thread.ends(Outcome.CUT)
        elif kind == "error" or _broke(event):
            self.thread.ends(Outcome.FAILED)
        elif kind == "stream_error" and self.thread.current:
            # What came is no answer; one may come when it tries again.
            self.thread.current.final = False
        elif kind == "thread_rolled_back" and isinstance(event.get("num_turns"), int):
            self.thread.rolled_back(event["num_turns"])

    def plain(self) -> dict:
        own = {
            "started": self.started.isoformat() if self.started else None,
            "side": self.side,
            "has_items": self.has_items,
            "running": self.running,
            "asked": self.asked,
            "reviewing": self.reviewing,
            "cells": self.items.cells,
        }
        return self.thread.plain() | own

    def restore(self, state: dict) -> None:
        self.started, self.side, self.has_items = moment(state["started"]), state["side"], state["has_items"]
        self.running, self.asked, self.items.cells = state["running"], state["asked"], state["cells"]
        self.reviewing = state.get("reviewing", False)
        self.thread.restore(state)


def _is_side(meta: dict) -> bool:
    """Whether a session's header names no person as its source, but a sub-agent or an inner task."""
    source = meta.get("source")
    if any(meta.get(key) for key in ("agent_nickname", "agent_role", "agent_path", "parent_thread_id")):
        return True
    if isinstance(source, dict):
        return not source.keys() <= {"custom"}
    return str(source or "").startswith(("subagent", "internal")) or meta.get("thread_source") not in (
        None,
        "user",
    )


def _broke(event: dict) -> bool:
    """Whether an event tells of a call that failed, whatever the call's output says."""
    kind = event.get("type")
    if kind == "exec_command_end":
        return event.get("exit_code") not in (0, None)
    if kind == "patch_apply_end":
        return event.get("success") is False
    return kind == "mcp_tool_call_end" and "Err" in dict_of(event.get("result"))
