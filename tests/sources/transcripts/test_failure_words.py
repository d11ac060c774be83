"""What the text of a result says of a call whose record has no field for it."""

import json

import pytest

from autodidact.sources.transcripts.failure_words import only_shows, says_failure
from autodidact.sources.transcripts.turn import Call

RESTART = Call("restart", {"service": "kiosk"})
READ = Call("Read", {"file_path": "a.log"})
TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 4'


def bash(command) -> Call:
    return Call("Bash", {"command": command})


@pytest.mark.parametrize(
    "text",
    [
        "kiosk: unit not found; nothing was restarted",
        "Fehler: Dienst nicht gefunden",
        "Erreur lors de la connexion",
        "Запуск\nОшибка: нет такой службы",
        "错误：找不到文件",
        "HTTP 503 Service Unavailable\nupstream connect error",
        "HTTP/1.1 404 Not Found",
        "Request failed with status code 404",
        "apply_patch verification failed: Failed to find expected lines in a.py",
        "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1",
        "gcc -c a.c\nmake: *** [Makefile:2: a.o] Error 1",
        "$ systemctl restart kiosk\nbash: systemctl: command not found",
        "sh: 1: lamps: not found",
        f"It begins:\n{TRACE}",
        "requests.exceptions.ConnectionError: refused",
        "MCP error -32602: unknown tool",
        "Tool execution error",
        "InputValidationError: Edit failed",
        "String to replace not found in file.",
        "File does not exist.",
        "Error: ENOENT: no such file or directory, open 'a'",
        "ls: cannot access 'a': No such file or directory",
        "Timeout while waiting for the service",
        "warming up\nerror: no such table",
        '{"status": "failed", "reason": "unit not found"}',
        '{"statusCode": 500, "body": "oops"}',
        '{"status": 404}',
        '{"code": 1}',
        '{"stdout": "", "code": 2}',
        '{"id": 4, "error": {"message": "no such unit"}}',
        '{"data": null, "errors": [{"message": "no field"}]}',
    ],
)
def test_a_report_of_a_failure(text):
    assert says_failure(text, RESTART)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The kiosk was restarted.",
        "3 failed, 9 passed in 1.0s",
        "0 errors, 0 warnings",
        "compiled\nerrors: 0\nerror: 0\nfailed: 0",
        "timeout: 30\nretries: 4",
        "Tests failed: 0",
        "HTTP/1.1 200 OK",
        "200 OK, after one error",
        '{"status": "ok", "error": null, "errors": []}',
        '{"code": 0}',
        '{"code": 200, "status": "done"}',
        '{"code": 47, "country": "Norway"}',
        '{"errors": 3, "warnings": 1}',
        '[{"status": "failed"}]',
        "{torn",
    ],
)
def test_no_report_of_a_failure(text):
    assert not says_failure(text, RESTART)


@pytest.mark.parametrize(
    ("call", "text", "failed"),
    [
        (READ, f"10:00 start\n{TRACE}", False),
        (READ, "Error: disk full\nError: disk full", False),
        (READ, "File does not exist.", True),
        (bash("cat a.log"), "cat: a.log: No such file or directory", True),
        (bash("cd app && grep -rn Error ."), "a.py:1: Error\nError: raise it", False),
        (bash("make 2>&1 | grep -i error"), "error: expected ;\nerror: no rule", False),
        (bash("make 2>&1 | tail"), "make: *** [all] Error 2", True),
        (Call("get_job", {"id": 4}), json.dumps({"id": 4, "status": "failed", "started": "10:00"}), False),
        (Call("get_job", {"id": 4}), json.dumps({"status": "error", "message": "no such job"}), True),
        (Call("search_docs", {"q": "x"}), "How to read:\nTypeError: x is not a function", False),
    ],
)
def test_what_a_call_only_shows_is_no_report(call, text, failed):
    assert says_failure(text, call) is failed


@pytest.mark.parametrize(
    ("call", "shows"),
    [
        (Call("readFile", {}), True),
        (Call("mcp__files__list_directory", {}), True),
        (Call("WebFetch", {}), True),
        (Call("deploy", {}), False),
        (Call("catalogue_update", {}), False),
        (Call("Bash", None), False),
        (bash("git log -3; tail -n 4 a.log"), True),
        (bash(["bash", "-lc", "sed -n 1,9p a.py"]), True),
        (bash("pytest -q | tail -3"), False),
        (bash("cat a.sql && psql -f a.sql"), False),
    ],
)
def test_a_call_that_only_shows_something(call, shows):
    assert only_shows(call) is shows
