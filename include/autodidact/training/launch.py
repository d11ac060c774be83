"""Starting the process that trains, on this machine, and staying with it.

Whatever brings the stage to a machine (a shell, a worker of the queue `gpu`, a pod), it ends here: one code
path.
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

from autodidact.errors import AutodidactError, Interrupted, from_data
from autodidact.training.memory import halved, killed_for_memory
from autodidact.training.worker import GRACE_SECONDS

# Between two progress lines.
SAY_SECONDS = 10


def run_here(
    spec: dict[str, Any], say: Callable[[str], None], on_checkpoint: Callable[[Path], None] | None = None
) -> dict[str, Any]:
    """Trains as `spec` says in a child process and returns what it found.

    A child that the kernel killed for memory is started again with smaller micro-batches, and goes on from
    its last checkpoint. Raises Interrupted when the child was stopped (exit status 75) or killed,
    AutodidactError when it failed. When the caller is stopped by an exception, the child is asked to save and
    is waited for.
    """
    while True:
        before = killed_for_memory()
        last, status, log = _run(spec, say, on_checkpoint)
        if last.get("event") == "done" and status == 0:
            return last["result"]
        smaller = halved(spec["recipe"])
        if status != -9 or killed_for_memory() == before or not smaller:
            break
        spec = spec | {"recipe": spec["recipe"] | smaller}
        say(
            f"train: killed for want of memory: goes on with {smaller['batch_size']} rows a pass,"
            f" {smaller['accumulation']} passes an update"
        )
    if last.get("event") == "failed":
        raise from_data(last)
    if status in (75, -15):
        raise Interrupted(
            "Training was stopped", "Run the same command again: it goes on from its last checkpoint."
        )
    if status == -9:
        raise Interrupted(
            "The training process was killed (SIGKILL), often because memory ran out",
            "Run again: it goes on from its last checkpoint. If it happens again, lower training.max_length.",
        )
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise AutodidactError(
        f"The training process failed: {lines[-1] if lines else f'exit status {status}'}",
        f"Its log is {log}.",
    )


def _run(spec: dict[str, Any], say, on_checkpoint) -> tuple[dict[str, Any], int, Path]:
    """One child, from start to end: (its last event, exit status, log)."""
    folder = Path(spec["out"]) / "checkpoints"
    file, log = folder / "spec.json", folder / "worker.log"
    # Threads that spin while they wait cost up to four times the speed on a machine that others use too.
    # Nothing here is compiled, and torch's compiler, which bitsandbytes asks for, takes 1.3 s to import.
    environment = {"OMP_WAIT_POLICY": "PASSIVE", "TORCHDYNAMO_DISABLE": "1"} | os.environ
    environment |= {
        "OMP_NUM_THREADS": str(spec["threads"]),
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
    }
    command = [sys.executable, "-m", "autodidact.training.worker", str(file)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(spec | {"parent": os.getpid()}, indent=1), encoding="utf-8")
        errors = log.open("wb")
    except OSError as error:
        raise AutodidactError(
            f"{folder} cannot be written: {error.strerror}",
            "Free some space, or mend its permissions; then run again.",
        ) from None
    with errors:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        try:
            return _follow(child, say, on_checkpoint), child.wait(), log
        except BaseException:
            _stop(child)
            raise
        finally:
            with contextlib.suppress(OSError):
                child.stdin.close()


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
            left_out += "".join(
                f", {count} left out: {reason}" for reason, count in event["left_out"].items()
            )
            left_out += f", {event['held_out']} held out" if event["held_out"] else ""
            went_on = f", going on from update {event['resumed_from']}" if event["resumed_from"] else ""
            say(f"train: {event['rows']} rows{left_out}, {event['steps']} updates{went_on}")
        elif kind == "step" and (time.monotonic() - said >= SAY_SECONDS or event["step"] == event["of"]):
            said = time.monotonic()
            say(
                f"train: update {event['step']} of {event['of']}, loss {event['loss']:.3f},"
                f" {event['tokens_per_second']:,.0f} tokens/s"
            )
        elif kind == "say":
            say(f"train: {event['text']}")
        elif kind == "evaluation":
            say(f"train: update {event['step']} of {event['of']}, held-out loss {event['loss']:.3f}")
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
