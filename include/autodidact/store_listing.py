"""What lies below a path: of a folder of this machine, or of a file system of fsspec."""

import contextlib
import os
from typing import Any


def local_files(base: str) -> dict[str, dict[str, Any]]:
    """{path: {}} of all files below `base`."""
    return {os.path.join(folder, name): {} for folder, _, names in os.walk(base) for name in names}


def remote_files(fs: Any, base: str, *, raises: bool) -> dict[str, dict[str, Any]]:
    """{path: what the listing says of it, such as its size} of all files below `base`. `raises`: where the
    store is away, its `find` says so; others would list nothing then, and are asked first.
    """
    found: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(FileNotFoundError):
        if raises or fs.exists(base):
            found = fs.find(base, detail=True)
    # Some object stores keep an emptied folder as an object.
    return {path: info for path, info in found.items() if path != base and not path.endswith("/")}


def local_folders(base: str) -> list[str]:
    """The names of the folders right below `base`."""
    return [entry.name for entry in os.scandir(base) if entry.is_dir()] if os.path.isdir(base) else []


def remote_folders(fs: Any, base: str) -> list[str]:
    """The names of the folders right below `base`; what lies in them is not listed."""
    with contextlib.suppress(FileNotFoundError):
        rows = fs.ls(base, detail=True)
        return [row["name"].rstrip("/").rpartition("/")[2] for row in rows if row["type"] == "directory"]
    return []
