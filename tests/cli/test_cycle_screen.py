"""`autodidact cycle` on a terminal and elsewhere, without a cycle: what is said, and which stages begin."""

import io
import os
import pty
import sys
from types import SimpleNamespace

from autodidact.cli.cycle_screen import InProcess, watched
from autodidact.terminal.cycle_progress import PlainLines
from tests.cli.test_hostile_text import read_all


def test_stages_end_where_the_next_one_begins_with_what_they_said_last():
    shown, log = io.StringIO(), io.StringIO()
    screen = PlainLines(shown, clock=lambda: 0.0)
    stages = InProcess(screen, log)
    stages.start("generate.ast_parser")
    stages.say("generate.ast_parser: failed, no\x1b[2J memory")
    stages.start("gate")
    stages.say("gate: skipped, nothing new")
    stages.start("train")
    stages.say("train: update 1 of 9")
    stages.say("train: 9 rows, 3 updates")
    stages.end()
    assert shown.getvalue() == (
        "     0 s  generators begin\n"
        "     0 s  ERROR in generate.ast_parser: no\\u001b[2J memory\n"
        "     0 s  generators failed after 0 s: 1 failed\n"
        "     0 s  gate begins\n"
        "     0 s  gate skipped after 0 s: nothing new\n"
        "     0 s  train begins\n"
        "     0 s  train done after 0 s: 9 rows, 3 updates\n"
    )
    assert log.getvalue().splitlines()[-2:] == ["train: update 1 of 9", "train: 9 rows, 3 updates"]


def test_elsewhere_every_line_is_shown_as_it_was():
    said: list[str] = []
    runtime = SimpleNamespace(say=said.append)
    with watched(runtime) as on_stage:
        on_stage("gate")
        runtime.say("gate: 9 examples")
    assert said == ["== gate", "gate: 9 examples"]


def test_on_a_terminal_libraries_print_into_the_log_and_the_screen_is_the_stages(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        runtime = SimpleNamespace(say=print)
        with watched(runtime) as on_stage:
            runtime.say("opened: live cycle 2026-11-29T2258Z of shop, window all")
            on_stage("gate")
            print("a library prints")
            runtime.say("gate: 9 examples")
        assert sys.stderr is terminal and runtime.say is print
    shown = read_all(ours)
    assert "gate" in shown and "a library prints" not in shown
    log = tmp_path / ".autodidact/cycle.log"
    assert log.read_text().splitlines() == [
        "== open_cycle",
        "opened: live cycle 2026-11-29T2258Z of shop, window all",
        "== gate",
        "a library prints",
        "gate: 9 examples",
    ]
    assert log.stat().st_mode & 0o777 == 0o600
