"""A folder that is there whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError, Unavailable, UsageError


@contextlib.contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` that takes its name when the block ends well.

    What a killed export left there is removed by the next one. Raises UsageError where `out` already has
    files, Unavailable while another process writes it, AutodidactError when the disk does not take it.
    """
    out = out.expanduser().absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists already", "Name another folder, or delete this one.")
    partial = out.parent / f".{out.name}.partial"
    try:
        partial.mkdir(parents=True, exist_ok=True)
        with _alone(partial):
            for left in partial.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            try:
                yield partial
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            for file in partial.rglob("*"):
                _sync(file)
            partial.replace(out)
    except OSError as error:
        raise AutodidactError(
            f"{out} cannot be written: {error.strerror or error}",
            "Free some space, or name another folder; then run again.",
        ) from None


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Locks the folder for this process; Windows has no flock, and there nothing is locked."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    lock: Any = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(f"Another process writes {folder}", "Wait for it to end.") from None
        yield
    finally:
        os.close(lock)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
