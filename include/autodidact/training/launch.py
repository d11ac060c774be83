"""Starting the process that trains, on this machine, and staying with it.

Whatever brings the stage to a machine (a shell, a worker of the queue `gpu`, a pod), it ends here: one code path.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Interrupted, UsageError
from autodidact.training.worker import GRACE_SECONDS

SAY_SECONDS = 10  # between two progress lines


def run_here(spec: dict[str, Any], say: Callable[[str], None], on_checkpoint: Callable[[Path], None] | None = None) -> dict[str, Any]:
    """Trains as `spec` says in a child process and returns what it found.

    Raises Interrupted when the child was stopped (exit status 75), AutodidactError when it failed or died. When the caller is
    stopped by an exception, the child is asked to save and is waited for.
    """
    folder = Path(spec["out"]) / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    file, log = folder / "spec.json", folder / "worker.log"
    file.write_text(json.dumps(spec | {"parent": os.getpid()}, indent=1), encoding="utf-8")
    # Threads that spin while they wait cost up to four times the speed on a machine that others use too.
    environment = {"OMP_WAIT_POLICY": "PASSIVE"} | os.environ
    environment |= {"OMP_NUM_THREADS": str(spec["threads"]), "TOKENIZERS_PARALLELISM": "false", "TRANSFORMERS_VERBOSITY": "error"}
    command = [sys.executable, "-m", "autodidact.training.worker", str(file)]
    with log.open("wb") as errors:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment)
        try:
            last = _follow(child, say, on_checkpoint)
            status = child.wait()
        except BaseException:
            _stop(child)
            raise
        finally:
            with contextlib.suppress(OSError):
                child.stdin.close()
    if last.get("event") == "done" and status == 0:
        return last["result"]
    if last.get("event") == "failed":
        kind = {2: UsageError, 75: Interrupted}.get(last["status"], AutodidactError)
        raise kind(last["message"], last["remedy"])
    if status in (75, -15):
        raise Interrupted("Training was stopped", "Run the same command again: it goes on from its last checkpoint.")
    if status == -9:
        raise AutodidactError(
            "The training process was killed (SIGKILL), often because memory ran out",
            "Run again: it goes on from its last checkpoint. If it happens again, lower training.batch_size and raise training.accumulation.",
        )
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise AutodidactError(f"The training process failed: {lines[-1] if lines else f'exit status {status}'}", f"Its log is {log}.")


def _follow(child: subprocess.Popen, say, on_checkpoint) -> dict[str, Any]:
    """Reads the child's events until its output ends; returns the last one."""
    event: dict[str, Any] = {}
    said = -SAY_SECONDS
    for line in child.stdout:
        event = json.loads(line)
        kind = event["event"]
        if kind == "start":
            left_out = f" ({event['unused']} more than there is time for)" if event["unused"] else ""
            left_out += f", {event['too_long']} too long" if event["too_long"] else ""
            went_on = f", going on from update {event['resumed_from']}" if event["resumed_from"] else ""
            say(f"train: {event['rows']} rows{left_out}, {event['steps']} updates{went_on}")
        elif kind == "step" and (time.monotonic() - said >= SAY_SECONDS or event["step"] == event["of"]):
            said = time.monotonic()
            say(f"train: update {event['step']} of {event['of']}, loss {event['loss']:.3f}, {event['tokens_per_second']:,.0f} tokens/s")
        elif kind == "checkpoint" and on_checkpoint:
            on_checkpoint(Path(event["path"]))
    return event


def _stop(child: subprocess.Popen) -> None:
    """Asks the child to save and waits until it has; kills it after the grace."""
    with contextlib.suppress(OSError):
        child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
