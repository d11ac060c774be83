"""A sign of life: a file of this machine that its process keeps locked. The system unlocks it when the
process dies, however it dies.

Host names and process numbers do not say whether a process lives: containers and cloned machines share them.
A sign has a name that is never used again, so a machine without that file knows nothing of the process.
"""

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from autodidact.private_files import is_private

# /dev/shm is of one machine and one boot; a container has its own.
PLACES = ("/dev/shm", tempfile.gettempdir())  # noqa: S108 - only a folder of this user's is used there
# After this the sign of a dead process is of no use: its lease has expired.
OLD_SECONDS = 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}")


class Sign:
    """A sign that this process gives; `handle`: the locked file."""

    def __init__(self, path: Path, handle: int):
        self._path, self._handle = path, handle

    def end(self, *, remove: bool) -> None:
        """Unlocks it. Without `remove` the file stays and says that this process is done."""
        if remove:
            self._path.unlink(missing_ok=True)
        os.close(self._handle)


def give(name: str) -> Sign | None:
    """Makes and locks the sign `name` (32 hexadecimal digits); None where no folder can be written, or the
    system has no such locks.
    """
    for folder in _folders():
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            folder.mkdir(0o700, exist_ok=True)
            if not is_private(folder):
                continue
            _remove_old(folder)
            handle = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(handle, _boot())
            return Sign(folder / name, handle)
    return None


def has_ended(name: str) -> bool:
    """Whether the process that gave the sign `name` lived on this machine, since it was started, and has
    ended. False where that is not known.
    """
    for path in _found(name):
        with contextlib.suppress(OSError, ImportError):
            return _unlocked(path) == _boot()
    return False


def remove(name: str) -> None:
    """Removes what a killed process left; nothing happens where there is none."""
    for path in _found(name):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _unlocked(path: Path) -> bytes:
    """What the file says. Raises OSError where it is locked."""
    import fcntl

    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return os.read(handle, 100)
    finally:
        os.close(handle)


def _remove_old(folder: Path) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - path.lstat().st_mtime > OLD_SECONDS:
                _unlocked(path)
                path.unlink()


def _found(name: str) -> Iterator[Path]:
    for folder in _folders() if _NAME.fullmatch(name) else ():
        with contextlib.suppress(OSError):
            if is_private(folder):
                yield folder / name


def _folders() -> list[Path]:
    user = os.getuid() if hasattr(os, "getuid") else 0
    return [Path(place, f"autodidact-lives-{user}") for place in PLACES]


def _boot() -> bytes:
    """What tells this start of this machine from all others: a cloned disk has the files of another. Empty
    where the system does not say it.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    except OSError:
        return b""
