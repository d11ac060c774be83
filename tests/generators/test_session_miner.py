"""What conversations teach, and what they do not."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from autodidact.errors import Skipped
from autodidact.settings import SAMPLES
from tests.generators.snapshots import answers, examples_of, file, snapshot, troubles

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def session(*turns: tuple) -> str:
    """A Claude Code transcript: ("user", text), ("say", text), ("call", name, arguments, result or None for a
    failure); one minute a turn.
    """
    lines, parent = [], None

    def put(kind: str, content) -> None:
        nonlocal parent
        uuid = f"u{len(lines)}"
        when = (NOON + timedelta(minutes=len(lines))).isoformat()
        record = {
            "parentUuid": parent,
            "sessionId": "s",
            "type": kind,
            "uuid": uuid,
            "timestamp": when,
            "message": {"role": kind, "content": content},
        }
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
            put(
                "user",
                [
                    {
                        "type": "tool_result",
                        "tool_use_id": f"t{number}",
                        "content": text or "boom",
                        "is_error": text is None,
                    }
                ],
            )
    return "\n".join(lines) + "\n"


def hand(handler: str) -> tuple:
    return ("call", "Task", {"subagent_type": handler, "prompt": "..."}, "done")


def mined(tmp_path, *turns: tuple, **window) -> list:
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "talk.jsonl", session(*turns))])
    for key, value in window.items():
        setattr(seen, key, value)
    return list(examples_of("session_miner", seen))


DESK = (
    ("user", "My parcel is late."),
    hand("tracking"),
    ("say", "It comes tomorrow."),
    ("user", "I was charged twice."),
    hand("billing"),
    ("say", "Paid back."),
    ("user", "How warm is it in Oslo?"),
    ("call", "weather", {"city": "Oslo", "days": 1}, "4"),
    ("say", "4 degrees."),
    ("user", "And in Rome?"),
    ("call", "weather", {"city": "Rome"}, "19"),
    ("say", "19 degrees."),
)


def test_requests_go_to_the_handler_that_took_them(tmp_path):
    rows = [r for r in mined(tmp_path, *DESK) if r.category == "intent_classification"]
    assert {("parcel" in r.prompt(), "charged" in r.prompt()) for r in rows} == {(True, False), (False, True)}
    assert all(
        ("tracking" if "parcel" in r.prompt() else "billing") in r.messages[-1]["content"] for r in rows
    )
    parcel = next(r for r in rows if "parcel" in r.prompt())
    assert parcel.time == "2026-03-01T12:00:00Z"
    assert parcel.source.model_dump() == {
        "kind": "transcript",
        "ref": f"{tmp_path}/talk.jsonl:1",
        "file": f"{tmp_path}/talk.jsonl",
        "lines": [1, 4],
        "line": 1,
    }


def uses(rows) -> list:
    return [r for r in rows if r.category == "tool_use" and r.messages[-1].get("tool_calls")]


def replies(rows) -> list:
    return [r for r in rows if r.category == "tool_use" and not r.messages[-1].get("tool_calls")]


def test_calls_come_with_the_schema_that_the_conversation_shows(tmp_path):
    told = {r.messages[-2]["content"]: r for r in uses(mined(tmp_path, *DESK))}
    first, second = told["How warm is it in Oslo?"], told["And in Rome?"]
    assert first.messages[-1]["tool_calls"] == [
        {"type": "function", "function": {"name": "weather", "arguments": {"city": "Oslo", "days": 1}}}
    ]
    assert first.tools == [
        {
            "type": "function",
            "function": {
                "name": "weather",
                "description": "weather",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
                    "required": ["city"],
                },
            },
        }
    ]
    assert [m["content"] for m in second.messages] == [
        "How warm is it in Oslo?",
        "4 degrees.",
        "And in Rome?",
        "",
    ]  # what it goes on from is there


def test_answers_are_taught_with_the_result_that_they_are_made_of_and_without_one(tmp_path):
    rows = replies(
        mined(
            tmp_path,
            *DESK,
            ("user", "What is a weather station?"),
            ("say", "A place that measures the weather."),
        )
    )
    told = [
        [(m["role"], m["content"] or m["tool_calls"][0]["function"]["name"]) for m in r.messages]
        for r in rows
    ]
    assert sorted(told, key=len) == [
        [("user", "What is a weather station?"), ("assistant", "A place that measures the weather.")],
        [
            ("user", "How warm is it in Oslo?"),
            ("assistant", "weather"),
            ("tool", "4"),
            ("assistant", "4 degrees."),
        ],
    ]


WRONG = (
    ("user", "I was charged twice."),
    hand("tracking"),
    ("say", "It comes tomorrow."),
    ("user", "No, I want my money back."),
)


def test_a_correction_becomes_the_lesson(tmp_path):
    rows = mined(tmp_path, *WRONG, hand("billing"), ("say", "Paid back."))
    (lesson,) = (r for r in rows if "charged twice" in r.prompt())
    assert (
        "tracking" in lesson.prompt()
        and "No, I want my money back." in lesson.prompt()
        and lesson.messages[-1]["content"] == "billing"
    )
    assert lesson.source.model_dump()["lines"] == [1, 8]


def test_a_corrected_call_is_the_lesson_and_the_wrong_one_is_none(tmp_path):
    wrong = (
        ("user", "How warm is it in Oslo?"),
        ("call", "weather", {"city": "Olso"}, "?"),
        ("say", "I do not know."),
    )
    (row,) = uses(
        mined(
            tmp_path,
            *wrong,
            ("user", "No, Oslo, in Norway."),
            ("call", "weather", {"city": "Oslo"}, "4"),
            ("say", "4 degrees."),
        )
    )
    assert [m["content"] for m in row.messages] == [
        "How warm is it in Oslo?",
        "I do not know.",
        "No, Oslo, in Norway.",
        "",
    ]
    assert row.messages[-1]["tool_calls"][0]["function"]["arguments"] == {"city": "Oslo"}


@pytest.mark.parametrize("after", ["It still fails.", "That does not work.", "Same error again", "Try again"])
def test_what_solved_nothing_is_not_taught(tmp_path, after):
    rows = mined(
        tmp_path,
        *DESK[:3],
        ("user", "How do I print?"),
        ("say", "Press print."),
        ("user", after),
        ("say", "Then pull the plug."),
    )
    assert not any("How do I print?" in m["content"] for r in rows for m in r.messages)


@pytest.mark.parametrize(
    "spoiled",
    [
        (
            ("user", "I was charged twice."),
            hand("tracking"),
            ("say", "It comes tomorrow."),
            ("user", "No, I want my money."),
            hand("billing"),
        ),
        (
            ("user", "I was charged twice."),
            ("call", "Task", {"subagent_type": "billing"}, None),
            ("say", "It failed."),
        ),
        (("user", "I was charged twice."), hand("billing"), ("user", "[Request interrupted by user]")),
        (("user", "I was charged twice."),),
    ],
    ids=["corrected", "failed", "interrupted", "abandoned"],
)
def test_what_went_wrong_is_not_taught(tmp_path, spoiled):
    rows = mined(
        tmp_path, *DESK[:3], ("user", "Send the bill again."), hand("billing"), ("say", "Sent."), *spoiled
    )
    assert not any("charged twice" in r.prompt() and "No, I want" not in r.prompt() for r in rows)
    assert any("parcel" in r.prompt() for r in rows)


def test_the_window_counts_by_the_records_own_time(tmp_path):
    def requests(**window):
        return {
            word
            for r in mined(tmp_path, *DESK, **window)
            for word in ("parcel", "charged", "Oslo")
            if word in r.prompt()
        }

    assert requests() == {"parcel", "charged", "Oslo"}
    assert requests(since=NOON + timedelta(minutes=3)) == {
        "charged",
        "Oslo",
    }  # (since, until]; the handler of the parcel is still known
    assert requests(since=NOON) == {
        "parcel",
        "charged",
        "Oslo",
    }  # the parcel was asked before, and answered in the window
    assert (
        requests(until=NOON + timedelta(minutes=4)) == set()
    )  # who takes the charge is not known yet, and one handler is no choice
    assert requests(until=NOON + timedelta(minutes=7)) == {"parcel", "charged"}
    with pytest.raises(Skipped, match="no conversations in the window"):
        mined(tmp_path, *DESK, since=NOON + timedelta(days=1))


def test_a_cycle_that_skips_what_it_knows_gives_the_same_examples_as_one_that_does_not(tmp_path):
    def cycle(store: str, turns: tuple, **window) -> tuple[list[str], dict[str, int]]:
        (tmp_path / store).mkdir(exist_ok=True)
        seen = snapshot(tmp_path / store, sessions=[file(tmp_path, "talk.jsonl", session(*turns))])
        for key, value in window.items():
            setattr(seen, key, value)
        return [row.line() for row in examples_of("session_miner", seen)], troubles(seen)

    noon = {"until": NOON + timedelta(minutes=7)}
    later = {"since": noon["until"], "until": NOON + timedelta(hours=1)}
    cycle("warm", DESK[:6], **noon)
    assert cycle("warm", DESK, **later) == cycle("cold", DESK, **later)
    assert len(cycle("warm", DESK, **later)[0]) == 3


def test_records_without_time_belong_to_the_first_window(tmp_path):
    chat = {
        "messages": [
            {"role": "user", "content": "How warm is it in Oslo?"},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "1", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}],
            },
            {"role": "tool", "tool_call_id": "1", "content": "4"},
        ]
    }
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "chat.jsonl", json.dumps(chat))])
    assert [r.prompt() for r in examples_of("session_miner", seen)] == ["How warm is it in Oslo?"]
    seen.since = NOON
    with pytest.raises(Skipped):
        list(examples_of("session_miner", seen))


def test_declared_tools_and_descriptions_are_used(tmp_path):
    def tool(name, description):
        return {
            "type": "function",
            "function": {
                "name": name,
                "description": description,
                "parameters": {"type": "object", "properties": {}},
            },
        }

    tools = [
        tool("transfer_to_billing", "Money."),
        tool("transfer_to_tracking", "Parcels."),
        tool("weather", "Weather now."),
    ]
    lines = []
    for number, (request, name) in enumerate(
        (
            ("I paid twice.", "transfer_to_billing"),
            ("Where is it?", "transfer_to_tracking"),
            ("Is it warm?", "weather"),
        )
    ):
        messages = [
            {"role": "user", "content": request},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "1", "function": {"name": name, "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "1", "content": "ok"},
        ]
        lines.append(json.dumps({"id": number, "messages": messages, "tools": tools}))
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "chat.jsonl", "\n".join(lines))])
    rows = list(examples_of("session_miner", seen))
    handed = [r for r in rows if r.category == "intent_classification"]
    assert handed and all(
        r.response().strip(".").endswith(("billing", "tracking")) for r in handed
    )  # the handler, without "transfer_to_"
    (use,) = uses(rows)
    assert (use.prompt(), use.tools) == ("Is it warm?", [tools[2]])  # hand-overs are no tools to choose from


def test_without_any_hand_over_the_tool_is_the_handler(tmp_path):
    oslo = ("user", "How warm is it in Oslo?"), ("call", "weather", {"city": "Oslo"}, "4"), ("say", "4.")
    rows = mined(tmp_path, *oslo, ("user", "What is 2 + 2?"), ("call", "sum", {"a": 2, "b": 2}, "4"))
    intents = [r for r in rows if r.category == "intent_classification"]
    assert intents and all(("weather" if "Oslo" in r.prompt() else "sum") in r.response() for r in intents)


def test_the_samples(tmp_path):
    seen = snapshot(tmp_path, sessions=[str(SAMPLES / "sessions")])
    rows = list(examples_of("session_miner", seen))
    assert {r.category for r in rows} == {"intent_classification", "tool_use"}
    assert len(rows) > 150 and len({r.prompt() for r in rows}) == len(rows)
    told = answers(uses(rows))
    assert json.loads(told["What is the high water at Northhaven tomorrow, 18 June?"]) == {
        "name": "mcp__wharfside__tide_at",
        "arguments": {"pier": "northhaven", "date": "2026-06-18"},
    }
    spoiled = [
        r
        for r in rows
        if "The 16:30 was cancelled and the family of B-2188 wants its 46 pounds." in r.prompt()
    ]
    assert [r.messages[-1]["content"] for r in spoiled] == [
        "refunds"
    ] and "No, they want the money back" in spoiled[0].prompt()
    denied = [r for r in rows if r.messages[-1]["content"].startswith(("No", "None"))]
    assert 0.05 < len(denied) / sum(r.category == "intent_classification" for r in rows) < 0.25
    assert [r.line() for r in examples_of("session_miner", seen)] == [r.line() for r in rows]
    assert troubles(seen)["incomplete last line"] == 2  # once a reading


def test_without_transcripts_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="names no transcripts"):
        list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(tmp_path / "absent")])))


def test_a_chat_in_markdown_is_of_an_unknown_form(tmp_path):
    text = "# Ports\n_Exported from Cursor_\n\n---\n\n**User**\n\nWhich port?\n\n---\n\n**Cursor**\n\n8104.\n"
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "chat.md", text)])
    with pytest.raises(Skipped, match=r"^1 file of an unknown form \(no JSON\)$"):
        list(examples_of("session_miner", seen))


def test_an_answer_of_weight_0_is_not_taught_and_disproves_no_equal_one(tmp_path):
    def asked(question: str, answer: str, weight: int) -> list[dict]:
        return [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer, "weight": weight},
        ]

    port, pier = ("Which port has the ledger?", "It is 8104."), ("Which pier has the crane?", "It is pier 3.")
    lines = [{"messages": asked(*port, 1)}, {"messages": asked(*port, 0)}, {"messages": [*asked(*pier, 0)]}]
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines)))])
    rows = list(examples_of("session_miner", seen))
    assert [row.messages[-1]["content"] for row in rows] == ["It is 8104."]
    assert troubles(seen) == {"turn not to be trained on (weight 0)": 2}
