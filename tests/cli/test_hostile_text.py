"""What hostile texts of a cycle do to the terminal, whichever command shows them: nothing. Escape sequences,
marks of direction, and an answer of ten megabytes.
"""

import json
import os
import pty
import subprocess
import sys

import pytest

from autodidact.chronicle import Chronicle
from autodidact.store import Store
from tests.airflow_ import page_data
from tests.airflow_.page_data import DONE, SYSTEM, VERSION
from tests.cli.test_cli import run

STEERS = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"
LONG = "x" * 10_000_000
RAW = {"\x9b", "\u202e", "\x07"}
COMMANDS = [
    ["status", "--cycle", DONE],
    ["show", DONE],
    ["history", "--plot"],
    ["examples", "--cycle", DONE],
    ["compare", "base-1", VERSION],
    ["gate", "--explain", page_data.EXAMPLE, "--cycle", DONE],
]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    """A deployment whose questions, answers and reasons are hostile; a reason of the verdict and an example
    have a line of ten megabytes.
    """
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_data, "EVIL", STEERS)
        variables = page_data.fill(folder)
    with Chronicle(variables["AUTODIDACT_CHRONICLE__URL"]) as log:
        log.set_state(SYSTEM, "base-1", "withdrawn", "test", f"because {STEERS}")
    store, place = Store(variables["AUTODIDACT_STORE"]), f"{SYSTEM}/cycles/{DONE}"
    reasons = {"reasons": [f"better {STEERS}{LONG}"]}
    store.write_json(f"{place}/verdict.json", store.read_json(f"{place}/verdict.json") | reasons)
    kept = list(map(json.loads, store.read_lines(f"{place}/gate/kept.jsonl")))
    store.write_jsonl(f"{place}/gate/kept.jsonl", [*kept, kept[0] | {"id": "3" * 64, "time": LONG}])
    return variables


def named(arguments: list[str]) -> list[str]:
    return arguments if arguments[0] == "gate" else [*arguments, "--system", SYSTEM]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda each: each[0])
def test_in_a_pipe_and_as_json_nothing_steers(tmp_path, deployment, arguments):
    environment = deployment | {"AUTODIDACT_SYSTEM": SYSTEM}
    plain = run(*named(arguments), cwd=tmp_path, **environment)
    assert plain.returncode == 0, plain.stderr
    assert not (RAW | {"\x1b"}) & set(plain.stdout + plain.stderr)
    assert max(map(len, plain.stdout.splitlines())) < 11_000
    as_json = run(*named(arguments), "--json", cwd=tmp_path, **environment)
    assert json.loads(as_json.stdout) and not (RAW | {"\x1b"}) & set(as_json.stdout)


@pytest.mark.parametrize("arguments", [COMMANDS[1], COMMANDS[3], COMMANDS[4]], ids=lambda each: each[0])
def test_on_a_terminal_only_colours_are_sequences(tmp_path, deployment, arguments):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "autodidact.cli", *named(arguments)],
        cwd=tmp_path,
        env=os.environ
        | deployment
        | {"TERM": "xterm-256color", "AUTODIDACT_SYSTEM": SYSTEM, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
    assert process.returncode == 0, shown[-2000:]
    # A colour is `ESC [ numbers m`; any other sequence would be somebody else's.
    assert not [part for part in shown.split("\x1b")[1:] if not part.startswith("[") or part[1:2] == "2J"]
    assert "\x1b[2J" not in shown and "\x1b]0" not in shown and not RAW & set(shown)
    assert "\\u001b[2J\\u009b31m\\u202egnp.exe" in shown


def read_all(terminal: int) -> str:
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # the other end was closed
        pass
    os.close(terminal)
    return b"".join(parts).decode("utf-8", "replace")
