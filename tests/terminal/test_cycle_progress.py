"""What `make cycle` shows: plain lines elsewhere, one screen on a terminal, from what `airflow dags test`
prints.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from autodidact.terminal.cycle_progress import PlainLines
from autodidact.terminal.live_screen import LiveScreen
from autodidact_airflow.dag_test_output_to_screen import DagTestLog

ROOT = Path(__file__).resolve().parents[2]
EVIL = "a\x1b[2J\x9b31m\u202e"

# As Airflow 3.3 prints them, shortened at their ends.
A = "2026-11-29T23:52:17.250023Z "
STARTS = A + "[info     ] [DAG TEST] starting task_id={} map_index=-1 [airflow.sdk.definitions.dag]\n"
ENDS = (
    A + "[info     ] Task instance state updated    [airflow.api] loc=a.py:485 new_state={} rows_affected=1\n"
)
SKIPS = A + "[info     ] Skipping task.                 [task] loc=task_runner.py:1622 reason='{}'\n"
FAILED = A + "[error    ] Task failed with exception     [task] loc=task_runner.py:1676\n"
GROUP = A + "[info     ] ::group::Post Execute          [task] loc=task_runner.py:1677\n"
TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    boom()\n'


def clock(*times: float):
    """The times one after the other, then always the last."""
    left = list(times)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def plain(log: str, now=lambda: 0.0) -> str:
    stream = io.StringIO()
    with PlainLines(stream, clock=now) as screen:
        reader = DagTestLog(screen)
        for line in log.splitlines(keepends=True):
            reader.read(line)
    return stream.getvalue()


def drawn(log: str, width: int = 100) -> tuple[str, str]:
    """(what a screen looks like at the end of the log, what it printed above itself)"""
    above = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    screen = LiveScreen("cycle.log", console=above, clock=lambda: 0.0)
    reader = DagTestLog(screen)
    for line in log.splitlines(keepends=True):
        reader.read(line)
    picture = Console(file=io.StringIO(), width=width, color_system=None)
    picture.print(screen.picture())
    return picture.file.getvalue(), above.file.getvalue()


def test_a_stage_is_a_line_where_it_begins_and_one_where_it_ends_and_batches_are_none():
    log = (
        STARTS.format("open_cycle")
        + "[autodidact] opened: live cycle 2026-11-29T2258Z of shop, window all\n"
        + ENDS.format("success")
        + STARTS.format("gate")
        + "[autodidact] judging 0 of 90\n[autodidact] judging 64 of 90\nsome library prints\n"
        + "[autodidact] gate: raw 9, kept 8 in 18.2 s\n"
        + ENDS.format("success")
    )
    assert plain(log) == (
        "     0 s  open_cycle begins\n"
        "     0 s  open_cycle done after 0 s: opened: live cycle 2026-11-29T2258Z of shop, window all\n"
        "     0 s  gate begins\n"
        "     0 s  gate done after 0 s: raw 9, kept 8\n"
    )


def test_generators_are_one_stage_with_their_states_counted():
    log = "".join(
        STARTS.format(f"generate.{name}") + end
        for name, end in (
            ("ast_parser", ENDS.format("success")),
            ("goal_examples", SKIPS.format("sources.goals names no file") + ENDS.format("skipped")),
            ("tool_spec", FAILED + TRACE + "ValueError: boom\n" + GROUP + ENDS.format("failed")),
        )
    )
    assert plain(log + STARTS.format("gate")) == (
        "     0 s  generators begin\n"
        "     0 s  ERROR in generate.tool_spec: ValueError: boom\n"
        "     0 s  generators done after 0 s: 1 done, 1 skipped, 1 failed\n"
        "     0 s  gate begins\n"
        "     0 s  gate stopped after 0 s\n"
    )


def test_an_error_of_ours_is_shown_once_with_what_to_do_and_a_stage_that_is_tried_again_says_so():
    sentence = "The judge at http://127.0.0.1:9 does not answer. Start it."
    log = (
        STARTS.format("benchmark")
        + f"[autodidact] ERROR, to be tried again: {sentence}\n"
        + FAILED
        + TRACE
        + f"airflow.sdk.exceptions.AirflowException: {sentence}\n"
        + GROUP
        + ENDS.format("up_for_retry")
        + STARTS.format("benchmark")
        + f"[autodidact] ERROR, to be tried again: {sentence}\n"
        + ENDS.format("failed")
    )
    assert plain(log) == (
        "     0 s  benchmark begins\n"
        f"     0 s  ERROR, to be tried again: {sentence}\n"
        f"     0 s  benchmark to be tried again after 0 s: {sentence}\n"
        "     0 s  benchmark begins\n"
        "     0 s  benchmark failed after 0 s\n"
    )


def test_a_line_of_a_stage_cannot_pass_for_airflows_and_steers_nothing():
    log = (
        STARTS.format("gate")
        + "[autodidact] WARNING: " + EVIL + "\n"
        + "[autodidact] " + STARTS.format("promote")
        + "prints " + ENDS.format("failed")
        + "[autodidact] " + "x" * 10_000_000 + "\n"
        + ENDS.format("success")
    )  # fmt: skip
    text = plain(log)
    assert text.splitlines()[1] == "     0 s  WARNING: a\\u001b[2J\\u009b31m\\u202e"
    assert text.splitlines()[2] == "     0 s  gate done after 0 s: " + "x" * 200
    picture, above = drawn(log)
    assert not {"\x1b", "\x9b", "\u202e"} & set(picture + above.replace("\x1b[?25l", ""))
    assert max(map(len, picture.splitlines())) <= 100


def test_a_screen_shows_every_stage_and_the_bar_of_what_is_counted():
    log = (
        STARTS.format("open_cycle")
        + "[autodidact] opened: live cycle 2026-11-29T2258Z of shop, window all\n"
        + ENDS.format("success")
        + STARTS.format("train")
        + "[autodidact] train: update 250 of 500, loss 0.5\n"
    )
    picture, above = drawn(log)
    lines = [line.rstrip() for line in picture.splitlines()]
    assert lines[0] == "Cycle 2026-11-29T2258Z of shop   0 s"
    assert [line.split()[:2] for line in lines[1:13]] == [
        ["open_cycle", "done"],
        ["generators", "waiting"],
        ["knowledge", "waiting"],
        ["gate", "waiting"],
        ["measure_champion", "waiting"],
        ["train", "running"],
        ["benchmark", "waiting"],
        ["decide", "waiting"],
        ["promote", "waiting"],
        ["keep_champion", "waiting"],
        ["ask_ledger", "waiting"],
        ["close_cycle", "waiting"],
    ]
    assert lines[13:] == [
        "###############...............  50%",
        "train: update 250 of 500, loss 0.5",
        "All of the detail: cycle.log",
    ]
    assert above == ""


def test_a_long_note_takes_no_room_from_names_and_states():
    log = STARTS.format("gate") + "[autodidact] gate: " + "x" * 150 + "\n" + ENDS.format("success")
    picture, _ = drawn(log, width=80)
    lines = picture.splitlines()
    assert lines[4] == f"gate              done     0 s  {'x' * 47}…"
    assert lines[5].rstrip() == "measure_champion  waiting"


def make_cycle(tmp_path, script: str) -> subprocess.CompletedProcess:
    """scripts/run_cycle.py with programs of these names in place of Airflow and the command."""
    for name, body in (("airflow", script), ("autodidact", 'echo "the report: $@"')):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "run_cycle.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_make_cycle_ends_with_the_report_and_keeps_all_of_the_detail_in_the_log_that_it_names(tmp_path):
    log = (
        STARTS.format("open_cycle")
        + "[autodidact] resumed: cycle 2026-11-29T2258Z of shop\nnoise\n"
        + ENDS.format("success")
    )
    (tmp_path / "lines").write_text(log)
    done = make_cycle(tmp_path, f"cat {tmp_path}/lines")
    lines = done.stdout.splitlines()
    assert lines[0] == f"airflow dags test autodidact_cycle (all that it prints: {tmp_path}/cycle.log)"
    assert lines[-1] == "the report: status --cycle 2026-11-29T2258Z --system shop"
    assert len(lines) == 4 and done.returncode == 0
    assert (tmp_path / "cycle.log").read_text() == log


def test_make_cycle_that_fails_without_a_word_shows_the_end_of_the_log(tmp_path):
    done = make_cycle(tmp_path, f"echo {json.dumps('first')}; echo no such DAG; exit 1")
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == [
        "first",
        "no such DAG",
        f"The cycle did not finish. Why: the end of the log stands above; all of it is in {tmp_path}/cycle.log."
        " After the remedy, the same command goes on.",
    ]


def test_an_interruption_waits_for_what_airflow_still_saves_and_says_that_it_goes_on(tmp_path):
    # What it prints while it ends is more than a pipe holds.
    body = "trap 'seq 100000; exit 1' INT; echo started; while :; do sleep 0.1; done"
    program = tmp_path / "airflow"
    program.write_text(f"#!/bin/bash\n{body}\n")
    program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "run_cycle.py")],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell starts what runs in its background with the signal ignored, and that would be inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            log = tmp_path / "cycle.log"
            while not (log.exists() and "started" in log.read_text()):
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGINT)
            shown = process.communicate(timeout=60)[0]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 75
    assert [line.partition(" s  ")[2] for line in shown.splitlines()[1:]] == [
        "Interrupted: waiting until everything is saved.",
        "The same command goes on where this one stopped.",
    ]
    assert log.read_text().endswith("\n100000\n")
