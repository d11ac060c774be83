"""The process that trains: `python -m autodidact.training.worker`, a child (models/child_process.py) of
whoever starts it.

A process of its own, because signals reach only a main thread, because it can be killed without harm to
whoever waits for it, and because all of its memory is given back. When it is asked to stop, or its parent
dies, it saves a checkpoint first, within `GRACE_SECONDS`.
"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from autodidact.errors import Unavailable
from autodidact.models import child_process

# Seconds to finish the update under way and to save it.
GRACE_SECONDS = 60
# Seconds to wait for an earlier worker that still saves.
LOCK_SECONDS = 90


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Locks the folder of a run for this process. Raises Unavailable when another worker still has it after
    `LOCK_SECONDS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _flock(file):
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another process trains in {folder.parent}", "Wait for it to end, then run again."
                )
            time.sleep(0.2)
        yield


def _flock(file: IO[str]) -> bool:
    """Whether this process has the lock now. Windows has no flock; the store's lease already keeps two runs
    apart.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def one_gpu(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that leave a process the one GPU it trains on: that of AUTODIDACT_DEVICE, else the first
    of those it may see.

    With more in sight transformers would split each batch among them, row by row, and flat sequences have one
    row.
    """
    kind, _, number = (environment.get("AUTODIDACT_DEVICE") or "cuda").partition(":")
    visible, number = environment.get("CUDA_VISIBLE_DEVICES"), number or "0"
    names = [number] if visible is None else [name.strip() for name in visible.split(",") if name.strip()]
    place = 0 if visible is None else int(number) if number.isdecimal() else len(names)
    if kind != "cuda" or place >= len(names):
        return {}  # none is wanted, or there is not that one: whoever loads the model says so
    # What is left is the first in sight, whatever its number was.
    return {"CUDA_VISIBLE_DEVICES": names[place]} | (
        {"AUTODIDACT_DEVICE": "cuda"} if environment.get("AUTODIDACT_DEVICE") else {}
    )


def work(spec: dict[str, Any], voice: child_process.Voice) -> dict[str, Any]:
    """Trains as `training.specification` says; returns the facts for the manifest."""
    os.environ.update(one_gpu(os.environ))
    from autodidact.training import qlora

    stop = qlora.Stop()
    qlora.install(stop)
    with locked(Path(spec["out"]) / "checkpoints"):
        return qlora.train(spec, stop, voice.event)


if __name__ == "__main__":
    child_process.main(work, grace=GRACE_SECONDS)
