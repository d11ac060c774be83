"""Who may read what is written: its owner alone, because sources hold secrets before the gate has looked and
a salt must not be known.

A folder with the set-group-ID bit (`chmod 2770 FOLDER`; Kubernetes' fsGroup sets it) shares what is below it
with its group: for workers and servers that run as other users.
"""

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
from functools import lru_cache
from pathlib import Path

OWN_FILE, OWN_FOLDER = 0o600, 0o700
SHARED_FILE, SHARED_FOLDER = 0o660, 0o2770


def modes(folder: Path) -> tuple[int, int]:
    """The modes of files and folders below `folder`."""
    with contextlib.suppress(OSError):
        if folder.stat().st_mode & stat.S_ISGID:
            return SHARED_FILE, SHARED_FOLDER
    return OWN_FILE, OWN_FOLDER


def make_folder(path: Path, shared_by: Path) -> None:
    """Makes the folder and what is missing above it, with the modes of `shared_by`; what is there keeps its
    own. Raises OSError.
    """
    for folder in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        with contextlib.suppress(FileExistsError):  # somebody else was quicker
            folder.mkdir(OWN_FOLDER)
            folder.chmod(modes(shared_by)[1])
    path.mkdir(exist_ok=True)  # raises where a file stands in its place


def make_file(path: Path) -> None:
    """Makes an empty file in a folder, unless it is there. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWN_FILE))
        path.chmod(modes(path.parent)[0])


def is_private(folder: Path) -> bool:
    """Whether it is a folder, no link to one, that only this user can read and change. Raises OSError."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def settle(folder: Path, shared_by: Path) -> None:
    """Gives everything below `folder`, which libraries wrote as the umask says, the modes of `shared_by`.
    Links are left alone.
    """
    file_mode, folder_mode = modes(shared_by)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            with contextlib.suppress(OSError):
                path.chmod(folder_mode if path.is_dir() else file_mode)


@lru_cache(maxsize=1)
def process_folder() -> str:
    """A folder of this process alone, which goes when it ends."""
    folder = tempfile.mkdtemp(prefix="autodidact-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
