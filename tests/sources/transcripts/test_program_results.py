"""Results of calls that run a program: only an exit code or a field tells that it went well."""

import json

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, write

UNKNOWN, REFUSED, FAILED, GOOD = Outcome.UNKNOWN, Outcome.REFUSED, Outcome.FAILED, Outcome.SUCCEEDED
SHELL = ("run_shell", {"command": "make all"})


def went(tmp_path, call: tuple[str, dict], result: str, **more) -> Outcome:
    """How a call went in OpenAI's form."""
    function = {"name": call[0], "arguments": json.dumps(call[1])}
    made = {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "function": function}]}
    messages = [
        {"role": "user", "content": "Make it."},
        made,
        {"role": "tool", "tool_call_id": "1", "content": result, **more},
        {"role": "assistant", "content": "It is made."},
    ]
    [found], _, _ = read(write(tmp_path / "s.jsonl", {"messages": messages}))
    assert found.calls[0].outcome is found.outcome
    return found.outcome


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("made", UNKNOWN),
        ("=== 3 failed, 2 passed in 0.1s ===", UNKNOWN),
        ("Segmentation fault (core dumped)", UNKNOWN),
        ('{"stdout": "made", "stderr": ""}', UNKNOWN),
        ("made\n[exit 1]", FAILED),
        ("(exit: 127)", FAILED),
        ("exit status 1", FAILED),
        ("Command 'make' returned non-zero exit status 2", FAILED),
        ("Process finished with exit code 3", FAILED),
        ("made\nexit status 0", GOOD),
        ("Exit code: 0\nOutput:\nmade", GOOD),
        ('{"stdout": "made", "rc": "1"}', FAILED),
        ('{"stdout": "made", "exit_status": 1}', FAILED),
        ('{"stdout": "made", "rc": 0}', GOOD),
        ('{"success": true, "output": "made"}', GOOD),
        ('{"made": ["a.o", "b.o"]}', GOOD),
        ('{"result": {"isError": true}}', FAILED),
        ('{"content": [{"type": "text", "text": "bad"}], "is_error": "true"}', FAILED),
        ('{"content": [{"type": "text", "text": "{\\"exit_code\\": 2}"}], "isError": false}', FAILED),
        ('{"content": [{"type": "text", "text": "made"}], "isError": false}', GOOD),
        ('{"message": "Not Found", "status": "404"}', FAILED),
        ('{"data": {"message": "Not Found", "status": 404}}', FAILED),
        ('{"detail": "Not found"}', FAILED),
        ("<error>no such berth</error>", FAILED),
        ("tool call error: tool call failed for `tide/get`", FAILED),
        ("failed in sandbox: MacosSeatbelt with execution error: denied", FAILED),
        ("request_user_input was cancelled before receiving a response", REFUSED),
        ("Command was cancelled by user before it could complete.", REFUSED),
        ("Cancelled.", UNKNOWN),
    ],
)
def test_a_program(tmp_path, result, outcome):
    assert went(tmp_path, SHELL, result) is outcome


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (("run_shell", {"command": "cat a.log"}), "10:00 start\n10:01 exit status 1 of the job\n10:02 end"),
        (("run_shell", {"command": "rg -n sh ."}), "a.md:3: zsh: command not found: make\nb.md:1: sh"),
        (("read_file", {"path": "a"}), "made"),
        (("search", {"q": "a"}), "a.md:3"),
        (("run_query", {"sql": "select 1"}), "1"),
        (("restart", {"service": "kiosk"}), "The kiosk was restarted."),
        (("get_jobs", {}), '{"jobs": [{"id": 1, "status": "failed", "error": "no disk"}]}'),
        (("cancel", {"pier": 3}), "Booking 3 was cancelled by request."),
        (("cancel", {"pier": 3}), "Cancelled."),
    ],
)
def test_what_only_shows_and_tools_of_their_own(tmp_path, call, result):
    assert went(tmp_path, call, result) is GOOD


@pytest.mark.parametrize(
    "result",
    [
        '{"statusCode": 404, "body": "no pier"}',
        '{"result": null, "error_message": "closed"}',
        '[{"type": "text", "text": "Error executing tool get_jobs: closed"}]',
        "❌ pier closed",
    ],
)
def test_a_tool_that_shows_reports_its_own_failure(tmp_path, result):
    assert went(tmp_path, ("get_jobs", {}), result) is FAILED


def test_a_shell_that_has_no_such_program(tmp_path):
    header = "Wall time: 0.3 seconds\nTotal output lines: 1\nOutput:\n"
    assert went(tmp_path, ("sh", {"cmd": "cat a"}), f"{header}zsh: command not found: rg") is FAILED
    assert went(tmp_path, ("sh", {"cmd": "cat a | rg b"}), "one\nzsh: command not found: rg\ntwo") is FAILED
    assert went(tmp_path, ("sh", {"cmd": "cat a | rg b"}), "one\nsh: 1: rg: not found\ntwo") is FAILED


def test_a_field_of_the_result_says_how_it_went(tmp_path):
    assert went(tmp_path, SHELL, "made", status="success") is GOOD
    assert went(tmp_path, SHELL, "made", status="error") is FAILED
    assert went(tmp_path, SHELL, "made", is_error=False) is GOOD
    assert went(tmp_path, ("restart", {}), "kiosk", status="error") is FAILED
