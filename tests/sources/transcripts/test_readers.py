"""Transcripts in the forms in which people have them."""

import json
from datetime import datetime, timezone

import pytest

from autodidact.settings import SAMPLES
from autodidact.sources.transcripts import files, moment
from tests.sources.transcripts.reading import UNTIL, read, told, write

AT = "2026-03-02T10:00:00.000Z"
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather now.",
        "parameters": {"type": "object", "properties": {}},
    },
}
OSLO = [("How warm is it in Oslo?", [("weather", {"city": "Oslo"}, True)], 0, "Four degrees.")]


def line(uuid: str, parent: str | None, kind: str, content, **more) -> dict:
    """A line of a Claude Code transcript."""
    message = {"role": kind, "content": content, **({"id": more.pop("message")} if "message" in more else {})}
    return {
        "parentUuid": parent,
        "sessionId": "s",
        "type": kind,
        "uuid": uuid,
        "timestamp": AT,
        "message": message,
    } | more


def text(words: str) -> dict:
    return {"type": "text", "text": words}


def use(ident: str, name: str, **arguments) -> dict:
    return {"type": "tool_use", "id": ident, "name": name, "input": arguments}


def result(ident: str, words: str, **more) -> dict:
    return {"type": "tool_result", "tool_use_id": ident, "content": [text(words)], **more}


def test_claude_code(tmp_path):
    path = write(
        tmp_path / "anything.jsonl",
        {"type": "summary", "summary": "A day", "leafUuid": "4"},
        line("1", None, "user", "How warm is it in Oslo?"),
        line("2", "1", "assistant", [text("I look."), use("t1", "weather", city="Oslo")]),
        line("3", "2", "user", [result("t1", "4 degrees")]),
        line("4", "3", "assistant", [text("Four degrees.")]),
    )
    found, troubles, toolbox = read(path)
    assert (told(found), troubles) == (OSLO, {})
    assert (found[0].line, found[0].called, found[0].answered, found[0].end) == (
        2,
        3,
        5,
        datetime(2026, 3, 2, 10, tzinfo=timezone.utc),
    )
    assert toolbox.schema("weather")["function"]["parameters"] == {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    }


def test_claude_code_failed_and_refused_calls(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Delete it."),
        line(
            "2",
            "1",
            "assistant",
            [use("a", "rm", path="x"), use("b", "rm", path="y"), use("c", "rm", path="z")],
        ),
        line(
            "3",
            "2",
            "user",
            [
                result("a", "no such file", is_error=True),
                result("b", "The user doesn't want to proceed with this tool use."),
            ],
        ),
    )
    (exchange,), _, _ = read(path)
    assert [call.ok for call in exchange.calls] == [False, False, None] and exchange.outcome == "failed"


def test_claude_code_leaves_out_side_chains_summaries_and_commands(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Caveat: the messages below ...", isMeta=True),
        line("2", "1", "user", "Review it."),
        line("3", "2", "assistant", [use("t", "Task", subagent_type="reviewer")]),
        line("4", "3", "user", "Look at the diff.", isSidechain=True),
        line("5", "4", "assistant", [text("Looks fine.")], isSidechain=True),
        line("6", "3", "user", [result("t", "fine")]),
        line("7", "6", "user", "This session continues an earlier one.", isCompactSummary=True),
        line("8", "7", "user", "<command-name>/clear</command-name>"),
        line("9", "8", "user", "Thanks. <system-reminder>be brief</system-reminder>"),
    )
    found, _, toolbox = read(path)
    assert told(found) == [
        ("Review it.", [("Task", {"subagent_type": "reviewer"}, True)], 0, ""),
        ("Thanks.", [], 0, ""),
    ]
    assert toolbox.handlers == {"reviewer": 1}


def test_claude_code_a_prompt_that_hangs_on_an_earlier_turn_takes_back_what_came_after_it(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Hello"),
        line("2", "1", "assistant", [text("Hello.")]),
        line("3", "2", "user", "Make it blue"),
        line("4", "3", "assistant", [text("Blue.")]),
        line("5", "2", "user", "Make it green"),
        line("6", "5", "assistant", [text("Green.")]),
    )
    found, troubles, _ = read(path)
    assert told(found) == [("Hello", [], 0, "Hello."), ("Make it green", [], 0, "Green.")]
    assert [e.followed for e in found] == ["Make it green", None] and found[1].before.text == "Hello"
    # How the model took the words that stayed, also in what the newest exchange knows of the one before.
    assert [e.reaction for e in found] == ["Green.", ""] and found[1].before.reaction == "Green."
    assert troubles == {"turn that was taken back": 1}


def test_claude_code_an_answer_that_was_asked_for_again_replaces_the_first(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "How warm is it?"),
        line("2", "1", "assistant", [use("a", "guess")], message="m1"),
        line("3", "2", "user", [result("a", "no", is_error=True)]),
        line("4", "1", "assistant", [text("4 degrees.")], message="m2"),
    )
    found, _, _ = read(path)
    assert told(found) == [("How warm is it?", [], 0, "4 degrees.")] and found[0].outcome == "succeeded"


def test_claude_code_parallel_calls_of_one_answer_stay_together(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Weather in Oslo and Rome?"),
        line("2", "1", "assistant", [use("a", "weather", city="Oslo")], message="m1"),
        line("4", "2", "user", [result("a", "4")]),
        line("3", "2", "assistant", [use("b", "weather", city="Rome")], message="m1"),
        line("5", "3", "user", [result("b", "19")]),
        line("6", "5", "assistant", [use("c", "weather", city="Bern")], message="m2"),
        line("7", "6", "user", [result("c", "9")]),
    )
    found, _, _ = read(path)
    assert told(found)[0][1:3] == (
        [("weather", {"city": "Oslo"}, True), ("weather", {"city": "Rome"}, True)],
        1,
    )


def test_claude_code_an_interruption_marks_what_it_stopped(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Count to a million"),
        line("2", "1", "user", "[Request interrupted by user]"),
    )
    assert [(e.text, e.outcome) for e in read(path)[0]] == [("Count to a million", "cut")]


def codex(kind: str, **payload) -> dict:
    return {"timestamp": AT, "type": kind, "payload": payload}


def said(role: str, words: str) -> dict:
    return codex(
        "response_item",
        type="message",
        role=role,
        content=[{"type": "input_text" if role == "user" else "output_text", "text": words}],
    )


def test_codex(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        codex("session_meta", id="x", timestamp=AT, cwd="/srv"),
        said("user", "<environment_context>\n<cwd>/srv</cwd>\n</environment_context>"),
        codex("turn_context", model="m"),
        said("user", "How warm is it in Oslo?"),
        codex("event_msg", type="user_message", message="How warm is it in Oslo?"),
        codex(
            "response_item", type="function_call", name="weather", arguments='{"city": "Oslo"}', call_id="c1"
        ),
        codex(
            "response_item",
            type="function_call_output",
            call_id="c1",
            output='{"output": "4", "metadata": {"exit_code": 0}}',
        ),
        said("assistant", "Four degrees."),
        codex("something_new", type="?"),
    )
    found, troubles, _ = read(path)
    assert (told(found), troubles) == (OSLO, {"unknown kind of record": 1})
    assert found[0].calls[0].result == "4"


@pytest.mark.parametrize(
    ("output", "ok"),
    [
        ('{"output": "boom", "metadata": {"exit_code": 1}}', False),
        ("Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code 2\nOutput:\nboom", False),
        ("Exit code: 0\nWall time: 0.1 seconds\nOutput:\nfine", True),
        ("failed to parse function arguments: missing field", False),
        ({"content": "no", "success": False}, False),
        ([{"type": "input_text", "text": "fine"}], True),
        (None, None),
    ],
)
def test_codex_knows_by_the_output_whether_a_call_succeeded(tmp_path, output, ok):
    call = codex(
        "response_item", type="local_shell_call", call_id="c", action={"type": "exec", "command": ["ls"]}
    )
    path = write(
        tmp_path / "s.jsonl",
        said("user", "List."),
        call,
        codex("response_item", type="function_call_output", call_id="c", output=output),
    )
    (exchange,), _, _ = read(path)
    assert [(c.name, c.ok) for c in exchange.calls] == [("local_shell", ok)]


def test_codex_interrupted_rolled_back_and_broken_turns(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        said("user", "One"),
        said("assistant", "1"),
        codex("event_msg", type="turn_aborted", reason="interrupted"),
        said("user", "Two"),
        codex("event_msg", type="error", message="stream lost"),
        said("user", "Three"),
        said("assistant", "3"),
        codex("event_msg", type="thread_rolled_back", num_turns=1),
    )
    found, troubles, _ = read(path)
    assert [(e.text, e.outcome) for e in found] == [("One", "cut"), ("Two", "failed")]
    assert troubles == {"turn that was taken back": 1}


def test_codex_of_early_versions(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        {"id": "x", "timestamp": AT, "instructions": None},
        {"record_type": "state"},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "How warm is it in Oslo?"}],
        },
        {"type": "function_call", "name": "weather", "arguments": '{"city": "Oslo"}', "call_id": "c"},
        {"type": "function_call_output", "call_id": "c", "output": "4"},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Four degrees."}],
        },
    )
    found, troubles, _ = read(path)
    assert (told(found), troubles) == (OSLO, {}) and found[0].time == datetime(
        2026, 3, 2, 10, tzinfo=timezone.utc
    )


def pi(ident: str, parent: str | None, **message) -> dict:
    return {"type": "message", "id": ident, "parentId": parent, "timestamp": AT, "message": message}


def test_pi(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        {"type": "session", "version": 3, "id": "x", "timestamp": AT, "cwd": "/srv"},
        pi("1", None, role="user", content=[text("How warm is it in Oslo?")]),
        {"type": "model_change", "id": "m", "parentId": "1", "timestamp": AT},
        pi(
            "2",
            "m",
            role="assistant",
            content=[{"type": "toolCall", "id": "t", "name": "weather", "arguments": {"city": "Oslo"}}],
            stopReason="toolUse",
        ),
        pi(
            "3",
            "2",
            role="toolResult",
            toolCallId="t",
            toolName="weather",
            content=[text("4")],
            isError=False,
        ),
        pi(
            "4",
            "3",
            role="assistant",
            content=[{"type": "thinking", "thinking": "4"}, text("Four degrees.")],
            stopReason="stop",
        ),
        pi("5", "4", role="bashExecution", command="ls", output="x", exitCode=0),
        pi("6", "5", role="user", content="Wrong way"),
        pi("7", "6", role="assistant", content=[], stopReason="aborted"),
        pi("8", "4", role="user", content="Right way"),
        pi("9", "8", role="oracle", content="?"),
    )
    found, troubles, _ = read(path)
    assert told(found) == [*OSLO, ("Right way", [], 0, "")]
    assert troubles == {"turn that was taken back": 1, "unknown role": 1}


def test_the_session_trace_simple_format(tmp_path):
    def message(**message):
        return {"type": "message", "message": message | {"timestamp": 1772445600000}}

    call = {"id": "t", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
    path = write(
        tmp_path / "s.jsonl",
        {"type": "session", "harness": "mine", "id": "x"},
        message(role="user", content="How warm is it in Oslo?"),
        message(role="assistant", content="", toolCalls=[call], reasoningContent="?"),
        message(role="tool", toolCallId="t", content="4"),
        message(role="assistant", content="Four degrees."),
        {"type": "session", "harness": "mine", "id": "y"},
        message(role="user", content="Another talk"),
    )
    found, troubles, _ = read(path)
    assert (told(found), troubles) == ([*OSLO, ("Another talk", [], 0, "")], {})
    assert (
        found[1].before is None
        and found[0].followed is None
        and found[0].end == datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
    )


def test_openai_chat(tmp_path):
    chat = {
        "created_at": AT,
        "tools": [WEATHER, "nonsense"],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [text("How warm is it in Oslo?")]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "c1", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "4"},
            {
                "role": "assistant",
                "content": "Four degrees.",
                "tool_calls": [{"id": "c2", "function": {"name": "weather", "arguments": "{torn"}}],
            },
            {"role": "narrator", "content": "Meanwhile ..."},
        ],
    }
    found, troubles, toolbox = read(write(tmp_path / "s.jsonl", chat))
    assert told(found) == OSLO
    assert troubles == {"tool call that cannot be read": 1, "unknown role": 1}
    assert [toolbox.declared[digest] for digest in found[0].tools] == [WEATHER]


def test_the_answer_of_a_second_model_to_the_same_question_is_not_its_answer(tmp_path):
    said = [
        ("human", "Which pier is open?"),
        ("chatgpt", "W1."),
        ("bing", "E4, as far as I know."),
        ("human", "And at night?"),
        ("bing", "None."),
        ("bing", "The harbour is closed then."),
    ]
    conversation = {"conversations": [{"from": who, "value": text} for who, text in said]}
    found, wrong, _ = read(write(tmp_path / "chat.jsonl", conversation))
    assert [(e.text, e.reply) for e in found] == [
        ("Which pier is open?", "W1."),
        ("And at night?", "The harbour is closed then."),
    ]
    assert wrong == {"answer of a second model to the same question": 1}


def test_sharegpt_as_lines_and_as_one_list(tmp_path):
    talk = {
        "conversations": [
            {"from": "human", "value": "How warm is it in Oslo?"},
            {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Oslo"}}'},
            {"from": "observation", "value": "4"},
            {"from": "gpt", "value": "Four degrees."},
            {"from": "moon", "value": "?"},
        ]
    }
    found, troubles, _ = read(write(tmp_path / "s.jsonl", talk))
    assert (told(found), troubles) == (OSLO, {"unknown role": 1})
    for indent in (None, 1):
        found, troubles, _ = read(write(tmp_path / "all.json", json.dumps([talk, talk, 7], indent=indent)))
        assert (told(found), troubles) == (OSLO * 2, {"unknown role": 2, "unknown kind of record": 1})
        assert [e.line for e in found] == [1, 2]
    assert told(read(write(tmp_path / "one.json", json.dumps(talk, indent=2)))[0]) == OSLO


def otlp(*spans: dict) -> dict:
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": list(spans)}]}]}


def span(at: int, status: int = 0, **attributes) -> dict:
    """A span of trace "t" from second `at` on; keys with `__` for `.`, values as OTLP writes them."""

    def value(v):
        return {"stringValue": v if isinstance(v, str) else json.dumps(v)}

    pairs = [{"key": key.replace("__", "."), "value": value(v)} for key, v in attributes.items()]
    seconds = 1772445600 + at
    return {
        "traceId": "t",
        "startTimeUnixNano": str(seconds * 10**9),
        "endTimeUnixNano": str((seconds + 1) * 10**9),
        "attributes": pairs,
        "status": {"code": status},
    }


ASKED = {"role": "user", "parts": [{"type": "text", "content": "How warm is it in Oslo?"}]}
CALLED = {
    "role": "assistant",
    "parts": [{"type": "tool_call", "id": "c", "name": "weather", "arguments": {"city": "Oslo"}}],
}
GAVE = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": {"degrees": 4}}]}
SAID = {"role": "assistant", "parts": [{"type": "text", "content": "Four degrees."}], "finish_reason": "stop"}


def test_opentelemetry_spans_of_one_conversation_are_told_once(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        otlp(span(0, gen_ai__input__messages=[ASKED], gen_ai__output__messages=[CALLED])),
        otlp(span(1, gen_ai__operation__name="execute_tool", gen_ai__tool__call__id="c")),
        otlp(
            span(
                9,
                gen_ai__input__messages=[ASKED, CALLED, GAVE],
                gen_ai__output__messages=[SAID],
                gen_ai__tool__definitions=[WEATHER["function"]],
            )
        ),
    )
    found, troubles, toolbox = read(path)
    assert (told(found), troubles) == (OSLO, {})
    assert found[0].calls[0].result == '{"degrees": 4}' and [toolbox.declared[d] for d in found[0].tools] == [
        WEATHER
    ]
    assert (found[0].time, found[0].end) == (
        datetime(2026, 3, 2, 10, tzinfo=timezone.utc),
        datetime(2026, 3, 2, 10, 0, 10, tzinfo=timezone.utc),
    )


def test_opentelemetry_a_tool_span_that_failed_fails_the_call(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        otlp(
            span(1, status=2, gen_ai__tool__call__id="c"),
            span(2, gen_ai__input__messages=[ASKED, CALLED, GAVE], gen_ai__output__messages=[SAID]),
        ),
    )
    assert [e.outcome for e in read(path)[0]] == ["failed"]


def test_openinference_where_there_are_no_genai_messages(tmp_path):
    message = "llm__input_messages__{}__message__"
    flat = {
        "openinference__span__kind": "LLM",
        message.format(0) + "role": "user",
        message.format(0) + "content": "How warm is it in Oslo?",
        message.format(1) + "role": "assistant",
        message.format(1) + "tool_calls__0__tool_call__id": "c",
        message.format(1) + "tool_calls__0__tool_call__function__name": "weather",
        message.format(1) + "tool_calls__0__tool_call__function__arguments": '{"city": "Oslo"}',
        message.format(2) + "role": "tool",
        message.format(2) + "tool_call_id": "c",
        message.format(2) + "content": "4",
        "llm__output_messages__0__message__role": "assistant",
        "llm__output_messages__0__message__content": "Four degrees.",
        "llm__tools__0__tool__json_schema": json.dumps(WEATHER),
    }
    found, troubles, toolbox = read(write(tmp_path / "s.jsonl", otlp(span(0, **flat))))
    assert (told(found), troubles) == (OSLO, {})
    assert toolbox.schema("weather") == WEATHER


def test_records_newer_than_the_window_are_not_there(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        line("1", None, "user", "Before"),
        line("2", "1", "assistant", [text("Yes.")]),
        line("3", "2", "user", "After", timestamp="2026-11-23T12:00:01Z"),
        line("4", "3", "user", "The clock went backwards"),
    )
    found, _, _ = read(path, until=UNTIL)
    assert [e.text for e in found] == ["Before", "The clock went backwards"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-02T10:00:00.000Z", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("2026-03-02T12:00:00+02:00", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("2026-03-02 10:00:00", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        (1772445600, datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        (1772445600000, datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("1772445600000000000", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("yesterday", None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_moments(value, expected):
    assert moment(value) == expected


def test_the_samples_are_read_without_loss():
    found = [(path.name, *read(path)[:2]) for path in files([str(SAMPLES / "sessions")])]
    assert sum(len(exchanges) for _, exchanges, _ in found) == 106
    assert all(exchanges for _, exchanges, _ in found)
    assert {reason for _, _, troubles in found for reason in troubles} == {
        "incomplete last line",
        "turn that was taken back",
    }
