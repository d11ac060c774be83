"""Work in a child process: its messages, its result, its errors, and its end."""

import os
import signal
import subprocess
import sys
import time

import pytest

from autodidact.errors import AutodidactError, UsageError
from autodidact.models import child_process

HEAD = """import os, signal, sys, time
from autodidact.errors import Interrupted, Unavailable, UsageError
from autodidact.models import child_process

"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Writes a module and returns its name; children find it."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    def write(name: str, code: str) -> str:
        (tmp_path / f"{name}.py").write_text(HEAD + code)
        return name

    return write


@pytest.fixture
def run(module):
    """Runs `body` as a child's work; (its result, its lines)."""

    def play(body: str):
        lines: list[str] = []
        name = module("scene", f"def work(spec, voice):\n    {body}\n\nchild_process.main(work)\n")
        return child_process.run(name, {"n": 21}, say=lines.append), lines

    return play


def test_a_child_returns_its_result_or_its_error(run):
    assert run("voice('half'); print('noise'); return spec['n'] * 2") == (42, ["half"])
    with pytest.raises(UsageError, match="wrong. Mend it."):
        run("raise UsageError('wrong', 'Mend it.')")
    with pytest.raises(AutodidactError, match="broke: .*ZeroDivisionError.*AUTODIDACT_DEBUG=1"):
        run("1 / 0")


def test_a_child_that_is_killed_says_by_which_signal(run):
    for name in ("SIGKILL", "SIGTERM"):
        with pytest.raises(child_process.Killed, match=f"was killed by {name}") as killed:
            run(f"os.kill(os.getpid(), signal.{name}); time.sleep(60)")
        assert killed.value.number == getattr(signal, name)


def test_a_child_is_one_process_until_its_work_fails(module):
    name = module(
        "memory",
        "known = []\n\n\ndef work(spec, voice):\n    if spec['n'] < 0:\n        raise UsageError('negative', '')\n"
        "    known.append(spec['n'])\n    return known\n\n\nchild_process.main(work)\n",
    )
    with child_process.Child(name) as one:
        assert [one.ask({"n": n}, say=print) for n in (1, 2)] == [[1], [1, 2]]
        with pytest.raises(UsageError, match="negative"):
            one.ask({"n": -1}, say=print)
        assert one.pid is None
        assert one.ask({"n": 3}, say=print) == [3]


SAVES = """def stop(*_):
    raise Interrupted("stopped")


def work(spec, voice):
    signal.signal(signal.SIGTERM, stop)
    try:
        voice(str(os.getpid()))
        time.sleep(60)
    finally:
        open(spec["file"], "w").write("saved")


child_process.main(work, grace=20)
"""


def test_a_child_with_a_grace_saves_when_its_caller_is_stopped(module, tmp_path):
    def say(line: str) -> None:
        raise KeyboardInterrupt

    with child_process.Child(module("saves", SAVES), grace=20) as child:
        with pytest.raises(KeyboardInterrupt):
            child.ask({"file": str(tmp_path / "file")}, say=say)
        assert child.pid is None
    assert (tmp_path / "file").read_text() == "saved"


def test_a_child_with_a_grace_saves_when_its_parent_is_killed(module, tmp_path):
    code = (
        "import sys\nfrom autodidact.models import child_process\n"
        f"child_process.Child({module('saves', SAVES)!r}, grace=20).ask({{'file': sys.argv[1]}},"
        " say=lambda line: print(line, flush=True))\n"
    )
    file = tmp_path / "file"
    parent = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and os.path.exists(f"/proc/{child}/exe"):
        time.sleep(0.02)
    assert file.read_text() == "saved"


def test_the_log_is_kept_where_it_is_asked_for(module, tmp_path):
    log = tmp_path / "log"
    name = module("breaks", "raise ValueError('no such thing')\n")
    broken = pytest.raises(AutodidactError, match=f"no such thing. Its log is {log}.")
    with child_process.Child(name, log=log) as child, broken:
        child.ask({}, say=print)
    assert "Traceback" in log.read_text()
