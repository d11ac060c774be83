"""Only what is known to have succeeded is taught: siblings of the cases, in other formats."""

import json

import pytest

from tests.generators.transcripts.conversations import (
    GEMINI,
    Claude,
    asked,
    chat,
    completed,
    event,
    gemini,
    hands,
    item,
    of,
    pi,
    ran,
    said,
    saw,
    script,
    span,
    taught,
    tool_call,
    written,
)

TESTS, LIE = "Run the tests.", "All tests pass."
CALL = 'const r = await tools.exec_command({cmd:"pytest -q"}); text(r.output);'
DONE = "Script completed\nWall time 0.4 seconds\nOutput:\n"
RUN = hands("agent", "run", command="pytest -q")
COMMAND = {"command": ["pytest", "-q"], "aggregated_output": "1 failed"}
WORDS = [{"type": "text", "text": TESTS}]

FAILED = {
    "codex: a script was terminated": [
        asked(TESTS),
        *script(CALL, "Script terminated\nOutput:\n"),
        said(LIE),
    ],
    "codex: a tool in a script failed": [
        asked(TESTS),
        *script("text(await tools.mcp__ci__run({}));", DONE, '{"isError": true, "content": []}'),
        said(LIE),
    ],
    "codex: one of several tools in a script": [
        asked(TESTS),
        *script(CALL, DONE, '[{"exit_code": 0, "output": "ok"}, {"exit_code": 1, "output": "1 failed"}]'),
        said(LIE),
    ],
    "codex: an exit code within": [
        asked(TESTS),
        *script(CALL, DONE, '{"lint": {"exit_code": 0}, "tests": {"exit_code": 2}}'),
        said(LIE),
    ],
    "codex: an event tells of an exit code": [
        asked(TESTS),
        *script(CALL, DONE, "..F"),
        event("exec_command_end", call_id="x", exit_code=1),
        said(LIE),
    ],
    "codex: a completed command": [
        completed("UserMessage", content=WORDS),
        completed("CommandExecution", status="failed", exit_code=1, **COMMAND),
        completed("AgentMessage", content=[{"type": "Text", "text": LIE}]),
    ],
    "codex: a completed call of MCP": [
        completed("UserMessage", content=WORDS),
        completed(
            "McpToolCall", server="ci", tool="run", arguments={}, status="completed", result={"isError": True}
        ),
        completed("AgentMessage", content=[{"type": "Text", "text": LIE}]),
    ],
    "codex: a late exit code": [
        asked(TESTS),
        *ran("pytest", "Chunk ID: 1\nWall time: 10 s\nProcess running with session ID 7\nOutput:\n"),
        item("function_call", name="write_stdin", arguments='{"session_id": 7, "chars": ""}', call_id="w"),
        item(
            "function_call_output",
            call_id="w",
            output="Wall time: 3 s\nProcess exited with code 1\nOutput:\n",
        ),
        said(LIE),
    ],
    "gemini: an error": [
        GEMINI,
        gemini("user", TESTS),
        gemini(
            "gemini", "", toolCalls=[{"id": "1", "name": "run_shell_command", "args": {}, "status": "error"}]
        ),
        gemini("gemini", LIE),
    ],
    "gemini: a status of success about an exit code": [
        GEMINI,
        gemini("user", TESTS),
        gemini(
            "gemini",
            "",
            toolCalls=[
                {
                    "id": "1",
                    "name": "run_shell_command",
                    "args": {},
                    "status": "success",
                    "result": [{"functionResponse": {"response": {"output": "Command: x\nExit Code: 1"}}}],
                }
            ],
        ),
        gemini("gemini", LIE),
    ],
    "openhands: an exit code": [
        hands("user", "message", content=TESTS),
        RUN,
        saw(RUN, "run", "1 failed", metadata={"exit_code": 1}),
        hands("agent", "finish", final_thought=LIE),
    ],
    "openhands: an error": [
        hands("user", "message", content=TESTS),
        RUN,
        saw(RUN, "error", "no such tool"),
        hands("agent", "finish", final_thought=LIE),
    ],
    "openai chat: a failed block in a list": [
        chat(
            ("user", TESTS),
            ("assistant", None, tool_call("pytest")),
            ("tool", [{"type": "tool_result", "tool_use_id": "c1", "is_error": True, "content": "1 failed"}]),
            ("assistant", LIE),
        )
    ],
    "anthropic messages as a string": [
        {
            "messages": json.dumps(
                [
                    {"role": "user", "content": WORDS},
                    {
                        "role": "assistant",
                        "content": [{"type": "tool_use", "id": "1", "name": "t", "input": {}}],
                    },
                    {
                        "role": "user",
                        "content": [
                            {"type": "tool_result", "tool_use_id": "1", "is_error": True, "content": "no"}
                        ],
                    },
                    {"role": "assistant", "content": LIE},
                ]
            )
        }
    ],
    "openai chat: an exit code in an object": [
        chat(
            ("user", TESTS),
            ("assistant", None, tool_call("pytest")),
            ("tool", json.dumps({"output": "x" * 900, "exit_code": 1}), {"tool_call_id": "c1"}),
            ("assistant", LIE),
        )
    ],
    "openai chat: the words of the tool": [
        chat(
            ("user", TESTS),
            ("assistant", None, tool_call("pytest")),
            ("tool", "collecting\nnpm ERR! code ELIFECYCLE", {"tool_call_id": "c1"}),
            ("assistant", LIE),
        )
    ],
    "sharegpt: a status in an object": [
        {
            "conversations": [
                {"from": "human", "value": TESTS},
                {"from": "function_call", "value": '{"name": "pytest", "arguments": {}}'},
                {"from": "observation", "value": '{"detail": "no such file", "status": "error"}'},
                {"from": "gpt", "value": LIE},
            ]
        }
    ],
    "qwen code: an error": [
        {"type": kind, "uuid": f"q{number}", "parentUuid": None, "message": {"role": role, "parts": [part]}}
        for number, (kind, role, part) in enumerate(
            (
                ("user", "user", {"text": TESTS}),
                ("assistant", "model", {"functionCall": {"id": "1", "name": "pytest", "args": {}}}),
                ("tool_result", "user", {"functionResponse": {"id": "1", "response": {"error": "x"}}}),
                ("assistant", "model", {"text": LIE}),
            )
        )
    ],
    "otel: a span that ended in an error": [
        span(("user", TESTS), ("assistant", LIE)) | {"status": {"code": "STATUS_CODE_ERROR"}}
    ],
    "a run that did not resolve its task": [chat(("user", TESTS), ("assistant", LIE), resolved=False)],
    "responses: an error": [
        {"input": TESTS, "output": [{"role": "assistant", "content": LIE}], "error": {"code": 1}}
    ],
}


@pytest.mark.parametrize("name", FAILED)
def test_what_failed_is_not_taught_and_counted(tmp_path, name):
    assert taught(written(tmp_path, *FAILED[name])) == ([], {"turn that failed": 1})


UNKNOWN = {
    "claude code: no result": Claude().asks(TESTS).calls("Bash", None, command="pytest").says(LIE).records,
    "openai chat: no result": [
        chat(("user", TESTS), ("assistant", None, tool_call("pytest")), ("assistant", LIE))
    ],
    "sharegpt: no result": [
        {
            "conversations": [
                {"from": "human", "value": TESTS},
                {"from": "function_call", "value": '{"name": "pytest", "arguments": {}}'},
                {"from": "gpt", "value": LIE},
            ]
        }
    ],
    "openhands: a command without an exit code": [
        hands("user", "message", content=TESTS),
        RUN,
        saw(RUN, "run", "..."),
        hands("agent", "finish", final_thought=LIE),
    ],
    "swe-agent: an observation": [
        {
            "trajectory": [],
            "history": [
                {"role": "user", "content": TESTS},
                {"role": "assistant", "content": "I run them.", "action": "pytest", "message_type": "action"},
                {"role": "user", "content": "1 passed", "message_type": "observation"},
                {"role": "assistant", "content": LIE},
            ],
        }
    ],
    "an unknown reason": [chat(("user", TESTS), ("assistant", LIE, {"finish_reason": "eclipse"}))],
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_without_a_known_outcome_nothing_is_taught(tmp_path, name):
    assert taught(written(tmp_path, *UNKNOWN[name])) == ([], {"turn whose outcome is not known": 1})


BACKGROUND = "Command running in background with ID: b1"
RUNNING = {
    "claude code: in the background": Claude()
    .asks(TESTS)
    .calls("Bash", BACKGROUND, command="pytest")
    .says(LIE)
    .records,
    "codex: a script that nobody waited for": [
        asked(TESTS),
        *script(CALL, "Script running with cell ID 4\nWall time 10 seconds\nOutput:\n"),
        said(LIE),
    ],
    "openhands: a time that was over": [
        hands("user", "message", content=TESTS),
        RUN,
        saw(RUN, "run", "...", exit_code=-1),
        hands("agent", "finish", final_thought=LIE),
    ],
}


@pytest.mark.parametrize("name", RUNNING)
def test_what_still_ran_has_no_result_yet(tmp_path, name):
    assert taught(written(tmp_path, *RUNNING[name])) == ([], {"turn whose call still ran": 1})


WHY, HALF = "Why is the fare reduced?", "The fare depends on the zone, the season and the"
CUT = {
    "openai chat": [chat(("user", WHY), ("assistant", HALF, {"finish_reason": "length"}))],
    "openai chat with choices": [
        chat(("user", WHY), choices=[{"message": {"role": "assistant", "content": HALF}, "finish_reason": "length"}])
    ],
    "anthropic": [{"messages": [{"role": "user", "content": WHY}, {"role": "assistant", "content": HALF}],
                   "stop_reason": "max_tokens"}],
    "openai chat: a status": [chat(("user", WHY), ("assistant", HALF, {"status": "incomplete"}))],
    "openai chat: no reason yet": [chat(("user", WHY), ("assistant", HALF, {"finish_reason": None}))],
    "openai chat: a choice without a reason": [
        chat(("user", WHY), choices=[{"message": {"role": "assistant", "content": HALF}, "finish_reason": None}])
    ],
    "claude code: no reason yet": Claude().asks(WHY).says(HALF, stop_reason=None).records,
    "claude code: paused": Claude().asks(WHY).says("I look.", stop_reason="pause_turn").records,
    "anthropic: paused": [chat(("user", WHY), ("assistant", "I look."), stop_reason="pause_turn")],
    "pi": [pi("user", WHY), pi("assistant", HALF, stopReason="length")],
    "responses": [{"input": WHY, "output": [{"role": "assistant", "content": HALF}], "status": "incomplete"}],
    "codex": [asked(WHY), said(HALF, status="incomplete")],
    "otel": [span(("user", WHY), ("assistant", HALF), **{"gen_ai.response.finish_reasons": ["max_tokens"]})],
    "aider": [
        "\n# aider chat started at 2026-06-01 09:00:00\n\n#### " + WHY + "  \n\n" + HALF + "\n\n"
        "> Model gpt-x has hit a token limit!  \n"
    ],
    "gemini": [GEMINI, gemini("user", WHY), gemini("gemini", HALF), gemini("info", "Request cancelled.")],
}  # fmt: skip


@pytest.mark.parametrize("name", CUT)
def test_an_answer_that_was_cut_is_not_taught_and_counted(tmp_path, name):
    assert taught(written(tmp_path, *CUT[name])) == ([], {"turn that was interrupted or cut off": 1})


def test_an_answer_that_paused_and_went_on_is_whole(tmp_path):
    whole = "It depends on the zone."
    paused = Claude().asks(WHY).says("I look.", stop_reason="pause_turn")
    assert of(tmp_path, *paused.says(whole, stop_reason="end_turn").records) == [(WHY, whole)]
    assert of(tmp_path, *Claude().asks(WHY).says(whole, stop_reason=None).records) == [(WHY, whole)]
    assert of(tmp_path, chat(("user", WHY), ("assistant", whole, {"status": "read"}))) == [(WHY, whole)]


DENIED = "The user doesn't want to proceed with this tool use."
REFUSED = {
    "openai chat: filtered": [
        chat(("user", WHY), ("assistant", "I will not.", {"finish_reason": "content_filter"}))
    ],
    "openai chat: a refusal": [chat(("user", WHY), ("assistant", "I will not.", {"refusal": "I will not."}))],
    "otel: filtered": [span(("user", WHY), ("assistant", "No.", "content_filter"))],
    "claude code: a person refused": Claude()
    .asks(TESTS)
    .calls("Bash", DENIED, command="rm")
    .says("Ok.")
    .records,
    "gemini: a person refused": [
        GEMINI,
        gemini("user", TESTS),
        gemini("gemini", "", toolCalls=[{"id": "1", "name": "rm", "args": {}, "status": "cancelled"}]),
        gemini("gemini", "Ok."),
    ],
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_refused_is_not_taught_and_counted(tmp_path, name):
    assert taught(written(tmp_path, *REFUSED[name])) == ([], {"turn that was refused": 1})


def test_the_tool_in_a_script_is_who_takes_the_request(tmp_path):
    source = "const r = await tools.exec_command({cmd: 'ls -a', 'limit': 5, flags: [`-v`], deep: {a: true}});"
    both = "await Promise.all([tools.read_file({path: x}), tools.read_file({path: y})]);"
    records = [
        asked("List."),
        *script(source, DONE, "a"),
        said("One file: a."),
        asked("Read."),
        *script(both, DONE, "b", ident="e2"),
    ]
    assert of(tmp_path, *records) == [
        ("List.", "One file: a."),
        ("List.", 'exec_command({"cmd": "ls -a", "limit": 5, "flags": ["-v"], "deep": {"a": true}})'),
    ]


def test_a_command_that_was_waited_for_has_the_result_that_came_later(tmp_path):
    records = [
        asked(TESTS),
        *ran("pytest", "Chunk ID: 1\nProcess running with session ID 7\nOutput:\n"),
        item("function_call", name="write_stdin", arguments='{"session_id": 7}', call_id="w"),
        item("function_call_output", call_id="w", output="Process exited with code 0\nOutput:\n1 passed"),
        said("One test passes."),
    ]
    assert of(tmp_path, *records) == [(TESTS, "One test passes."), (TESTS, 'exec_command({"cmd": "pytest"})')]
