"""Starting the process that trains, on this machine, and staying with it.

Whatever brings the stage to a machine (a shell, a worker of the queue `gpu`, a pod), it ends here: one code
path.
"""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodidact.available_memory import killed_for_memory
from autodidact.errors import AutodidactError, Interrupted
from autodidact.models.child_process import Child, Killed
from autodidact.training.memory_fit import halved
from autodidact.training.worker import GRACE_SECONDS

WORKER = "autodidact.training.worker"
# Between two progress lines.
SAY_SECONDS = 10


def run_here(
    spec: dict[str, Any], say: Callable[[str], None], on_checkpoint: Callable[[Path], None] | None = None
) -> dict[str, Any]:
    """Trains as `spec` says in a child process and returns what it found.

    A child that the kernel killed for memory is started again with smaller micro-batches, and resumes from
    its last checkpoint. Raises Interrupted when the child was stopped or killed, AutodidactError when it
    failed. When the caller is stopped by an exception, the child is asked to save and is waited for.
    """
    while True:
        before = killed_for_memory()
        try:
            return _run(spec, say, on_checkpoint)
        except Killed as killed:
            smaller = halved(spec["recipe"])
            if killed.number != signal.SIGKILL or killed_for_memory() == before or not smaller:
                raise _explained(killed) from None
        spec = spec | {"recipe": spec["recipe"] | smaller}
        say(
            f"train: killed for want of memory: continues with {smaller['batch_size']} rows a pass,"
            f" {smaller['accumulation']} passes an update"
        )


def _explained(killed: Killed) -> Interrupted:
    """The signal in words about training."""
    if killed.number == signal.SIGTERM:
        return Interrupted(
            "Training was stopped", "Run the same command again: it resumes from its last checkpoint."
        )
    if killed.number == signal.SIGKILL:
        return Interrupted(
            "The training process was killed (SIGKILL), often because memory ran out",
            "Run again: it resumes from its last checkpoint. If it happens again, lower training.max_length.",
        )
    return killed


def _run(spec: dict[str, Any], say, on_checkpoint) -> dict[str, Any]:
    """One child, from start to end."""
    folder = Path(spec["out"]) / "checkpoints"
    environment = {
        "OMP_NUM_THREADS": str(spec["threads"]),
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "worker.log"
        log.touch()
    except OSError as error:
        raise AutodidactError(
            f"{folder} cannot be written: {error.strerror}",
            "Free some space, or mend its permissions; then run again.",
        ) from None
    with Child(WORKER, log=log, environment=environment, grace=GRACE_SECONDS) as child:
        return child.ask(spec, say=say, on_event=Progress(say, on_checkpoint))


class Progress:
    """Takes the child's events: lines of progress go to `say`, complete checkpoints to `on_checkpoint`."""

    def __init__(self, say: Callable[[str], None], on_checkpoint: Callable[[Path], None] | None):
        self._say, self._on_checkpoint = say, on_checkpoint
        self._last_line = -float(SAY_SECONDS)

    def __call__(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "start":
            self._say(_start_line(event))
        elif kind == "step":
            self._step(event)
        elif kind == "say":
            self._say(f"train: {event['text']}")
        elif kind == "evaluation":
            self._say(f"train: update {event['step']} of {event['of']}, held-out loss {event['loss']:.3f}")
        elif kind == "checkpoint" and self._on_checkpoint:
            self._on_checkpoint(Path(event["path"]))

    def _step(self, event: dict[str, Any]) -> None:
        """A line every SAY_SECONDS, and for the last update."""
        if time.monotonic() - self._last_line < SAY_SECONDS and event["step"] != event["of"]:
            return
        self._last_line = time.monotonic()
        self._say(
            f"train: update {event['step']} of {event['of']}, loss {event['loss']:.3f},"
            f" {event['tokens_per_second']:,.0f} tokens/s"
        )


def _start_line(event: dict[str, Any]) -> str:
    left_out = f" ({event['unused']} more than there is time for)" if event["unused"] else ""
    left_out += f", {event['too_long']} too long" if event["too_long"] else ""
    left_out += "".join(f", {count} left out: {reason}" for reason, count in event["left_out"].items())
    left_out += f", {event['held_out']} held out" if event["held_out"] else ""
    resumed = f", resumed from update {event['resumed_from']}" if event["resumed_from"] else ""
    return f"train: {event['rows']} rows{left_out}, {event['steps']} updates{resumed}"
