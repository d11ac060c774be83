"""What conversations teach, and what they do not."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import session_miner
from autodidact.settings import SAMPLES

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def session(*turns: tuple) -> str:
    """A Claude Code transcript: ("user", text), ("say", text), ("call", name, arguments, result or None for a failure); one minute a turn."""
    lines, parent = [], None

    def put(kind: str, content) -> None:
        nonlocal parent
        uuid = f"u{len(lines)}"
        when = (NOON + timedelta(minutes=len(lines))).isoformat()
        record = {"parentUuid": parent, "sessionId": "s", "type": kind, "uuid": uuid, "timestamp": when, "message": {"role": kind, "content": content}}
        lines.append(json.dumps(record))
        parent = uuid

    for number, (kind, *rest) in enumerate(turns):
        if kind == "user":
            put("user", rest[0])
        elif kind == "say":
            put("assistant", [{"type": "text", "text": rest[0]}])
        else:
            name, arguments, text = rest
            put("assistant", [{"type": "tool_use", "id": f"t{number}", "name": name, "input": arguments}])
            put("user", [{"type": "tool_result", "tool_use_id": f"t{number}", "content": text or "boom", "is_error": text is None}])
    return "\n".join(lines) + "\n"


def hand(handler: str) -> tuple:
    return ("call", "Task", {"subagent_type": handler, "prompt": "..."}, "done")


def mined(tmp_path, *turns: tuple, **window) -> list:
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "talk.jsonl", session(*turns))])
    for key, value in window.items():
        setattr(seen, key, value)
    return list(session_miner.generate(seen))


DESK = (
    ("user", "My parcel is late."), hand("tracking"), ("say", "It comes tomorrow."),
    ("user", "I was charged twice."), hand("billing"), ("say", "Paid back."),
    ("user", "How warm is it in Oslo?"), ("call", "weather", {"city": "Oslo", "days": 1}, "4"), ("say", "4 degrees."),
    ("user", "And in Rome?"), ("call", "weather", {"city": "Rome"}, "19"), ("say", "19 degrees."),
)  # fmt: skip


def test_requests_go_to_the_handler_that_took_them(tmp_path):
    rows = [r for r in mined(tmp_path, *DESK) if r.category == "intent_classification"]
    assert {(r.messages[-1]["content"], "parcel" in r.prompt(), "charged" in r.prompt()) for r in rows} == {
        ("tracking", True, False), ("billing", False, True),
    }  # fmt: skip
    assert all("tracking" in r.prompt() and "billing" in r.prompt() for r in rows)
    assert rows[0].time == "2026-03-01T12:00:00Z"
    assert rows[0].source.model_dump() == {
        "kind": "transcript", "ref": f"{tmp_path}/talk.jsonl:1", "file": f"{tmp_path}/talk.jsonl", "line": 1,
    }  # fmt: skip


def test_calls_come_with_the_schema_that_the_conversation_shows(tmp_path):
    first, second = (r for r in mined(tmp_path, *DESK) if r.category == "tool_use")
    assert first.messages[-1]["tool_calls"] == [{"type": "function", "function": {"name": "weather", "arguments": {"city": "Oslo", "days": 1}}}]
    assert first.tools == [{"type": "function", "function": {"name": "weather", "description": "weather", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}}}]  # fmt: skip
    assert [m["content"] for m in second.messages] == ["How warm is it in Oslo?", "4 degrees.", "And in Rome?", ""]  # what it goes on from is there


@pytest.mark.parametrize(
    "spoiled",
    [
        (("user", "I was charged twice."), hand("tracking"), ("say", "It comes tomorrow."), ("user", "No, I want my money."), hand("billing")),
        (("user", "I was charged twice."), ("call", "Task", {"subagent_type": "billing"}, None), ("say", "It failed.")),
        (("user", "I was charged twice."), hand("billing"), ("user", "[Request interrupted by user]")),
        (("user", "I was charged twice."),),
    ],
    ids=["corrected", "failed", "interrupted", "abandoned"],
)
def test_what_went_wrong_is_not_taught(tmp_path, spoiled):
    rows = mined(tmp_path, *DESK[:3], ("user", "Send the bill again."), hand("billing"), ("say", "Sent."), *spoiled)
    assert not any("charged twice" in r.prompt() for r in rows)
    assert any("parcel" in r.prompt() for r in rows)


def test_the_window_counts_by_the_records_own_time(tmp_path):
    def requests(**window):
        return {word for r in mined(tmp_path, *DESK, **window) for word in ("parcel", "charged", "Oslo") if word in r.prompt()}

    assert requests() == {"parcel", "charged", "Oslo"}
    assert requests(since=NOON) == {"charged", "Oslo"}  # (since, until]; the handler of the parcel is still known
    assert requests(since=NOON - timedelta(hours=1), until=NOON + timedelta(minutes=4)) == {"parcel", "charged"}
    with pytest.raises(Skipped, match="no conversations in the window"):
        mined(tmp_path, *DESK, since=NOON + timedelta(days=1))


def test_records_without_time_belong_to_the_first_window(tmp_path):
    chat = {"messages": [{"role": "user", "content": "How warm is it in Oslo?"}, {"role": "assistant", "content": "", "tool_calls": [
        {"id": "1", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}]}, {"role": "tool", "tool_call_id": "1", "content": "4"}]}  # fmt: skip
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "chat.jsonl", json.dumps(chat))])
    assert [r.prompt() for r in session_miner.generate(seen)] == ["How warm is it in Oslo?"]
    seen.since = NOON
    with pytest.raises(Skipped):
        list(session_miner.generate(seen))


def test_declared_tools_and_descriptions_are_used(tmp_path):
    def tool(name, description):
        return {"type": "function", "function": {"name": name, "description": description, "parameters": {"type": "object", "properties": {}}}}

    tools = [tool("transfer_to_billing", "Money."), tool("transfer_to_tracking", "Parcels."), tool("weather", "Weather now.")]
    lines = []
    for number, (request, name) in enumerate((("I paid twice.", "transfer_to_billing"), ("Where is it?", "transfer_to_tracking"), ("Is it warm?", "weather"))):
        messages = [{"role": "user", "content": request}, {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "function": {"name": name,
                    "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "ok"}]  # fmt: skip
        lines.append(json.dumps({"id": number, "messages": messages, "tools": tools}))
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "chat.jsonl", "\n".join(lines))])
    rows = list(session_miner.generate(seen))
    assert {r.messages[-1]["content"] for r in rows if r.category == "intent_classification"} == {"billing", "tracking"}
    (use,) = (r for r in rows if r.category == "tool_use")
    assert (use.prompt(), use.tools) == ("Is it warm?", [tools[2]])  # hand-overs are no tools to choose from


def test_without_any_hand_over_the_tool_is_the_handler(tmp_path):
    oslo = ("user", "How warm is it in Oslo?"), ("call", "weather", {"city": "Oslo"}, "4")
    rows = mined(tmp_path, *oslo, ("user", "What is 2 + 2?"), ("call", "sum", {"a": 2, "b": 2}, "4"))
    assert {r.messages[-1]["content"] for r in rows if r.category == "intent_classification"} == {"weather", "sum"}


def test_the_samples(tmp_path):
    seen = snapshot(tmp_path, sessions=[str(SAMPLES / "sessions")])
    rows = list(session_miner.generate(seen))
    assert {r.category for r in rows} == {"intent_classification", "tool_use"}
    assert len(rows) > 100 and len({(r.prompt(), str(r.tools)) for r in rows}) == len(rows)
    told = answers([r for r in rows if r.category == "tool_use"])
    assert json.loads(told["What is the high water at Northhaven tomorrow, 18 June?"]) == {
        "name": "mcp__wharfside__tide_at", "arguments": {"pier": "northhaven", "date": "2026-06-18"},
    }  # fmt: skip
    assert "The 16:30 was cancelled and the family of B-2188 wants its 46 pounds." not in " ".join(r.prompt() for r in rows)
    assert [r.line() for r in session_miner.generate(seen)] == [r.line() for r in rows]
    assert troubles(seen)["torn last line"] == 2  # once a reading


def test_without_transcripts_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="names no transcripts"):
        list(session_miner.generate(snapshot(tmp_path, sessions=[str(tmp_path / "absent")])))
