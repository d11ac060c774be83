"""The process that trains: `python -m autodidact.training.worker spec.json`.

A process of its own, because signals reach only a main thread, because it can be killed without harm to
whoever waits for it, and because all of its memory is given back. Standard output carries one JSON event a
line for the parent; standard error is the log. It dies with its parent: the kernel sends it SIGTERM (Linux),
and the end of standard input says the same everywhere. Either way it saves a checkpoint first, within
`GRACE_SECONDS`.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

# To finish the update under way and to save it.
GRACE_SECONDS = 60
# How long to wait for an earlier worker that still saves.
LOCK_SECONDS = 90


def follow_parent(parent: int, stop) -> None:
    """Calls `stop` when the process `parent` is gone; ends this one after `GRACE_SECONDS` more if it is still
    there.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it died before the line above
        raise SystemExit(75)

    def watch() -> None:
        while sys.stdin.buffer.raw.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(75)

    threading.Thread(target=watch, daemon=True).start()


def hold(path: Path) -> object:
    """Locks the folder of a run for this process. Raises Unavailable when another worker still has it after
    `LOCK_SECONDS`.
    """
    from autodidact.errors import Unavailable

    path.mkdir(parents=True, exist_ok=True)
    file = (path / "lock").open("w")
    try:
        import fcntl
    except ImportError:  # Windows has no flock; the store's lease already keeps two runs apart
        return file
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except OSError:
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another process trains in {path.parent}", "Wait for it to end, then run again."
                ) from None
            time.sleep(0.2)


def one_gpu(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that leave a process the one GPU it trains on: that of AUTODIDACT_DEVICE, else the first
    of those it may see.

    With more in sight transformers would split each batch among them, row by row, and flat sequences have one
    row.
    """
    kind, _, number = (environment.get("AUTODIDACT_DEVICE") or "cuda").partition(":")
    seen, number = environment.get("CUDA_VISIBLE_DEVICES"), number or "0"
    names = [number] if seen is None else [name.strip() for name in seen.split(",") if name.strip()]
    place = 0 if seen is None else int(number) if number.isdecimal() else len(names)
    if kind != "cuda" or place >= len(names):
        return {}  # none is wanted, or there is not that one: whoever loads the model says so
    # What is left is the first in sight, whatever its number was.
    return {"CUDA_VISIBLE_DEVICES": names[place]} | (
        {"AUTODIDACT_DEVICE": "cuda"} if environment.get("AUTODIDACT_DEVICE") else {}
    )


def main(path: str) -> int:
    """Trains as the file says. Exit status: 0 done, 75 stopped and saved, 2 wrong usage, 1 failed; the last
    event says why.
    """
    spec = json.loads(Path(path).read_text(encoding="utf-8"))
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print must not look like an event

    def report(event: dict) -> None:
        try:
            events.write(json.dumps(event) + "\n")
        except BrokenPipeError:  # the parent is gone; this process is being stopped
            pass

    os.environ.update(one_gpu(os.environ))
    from autodidact.errors import AutodidactError, as_data
    from autodidact.training import qlora

    stop = qlora.Stop()
    try:
        qlora.install(stop)
        follow_parent(spec["parent"], stop)
        lock = hold(Path(spec["out"]) / "checkpoints")
        report({"event": "done", "result": qlora.train(spec, stop, report)})
        del lock
        return 0
    except AutodidactError as error:
        report({"event": "failed"} | as_data(error))
        return error.exit_status


if __name__ == "__main__":
    # The interpreter's tidying-up after torch can take seconds and has nothing left to save.
    status = main(sys.argv[1])
    sys.stderr.flush()
    os._exit(status)
