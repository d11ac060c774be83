"""Checkpoints that a killed run resumes from. One is used only if it is complete and of the same rows,
recipe, seed and base model.

checkpoints/checkpoint-30/         what transformers' Trainer saves: adapter, optimizer, random state, ...
checkpoints/checkpoint-30/complete.json  written last: {"format", "digest", "step", "files": {name: bytes}}
"""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

MARKER = "complete.json"
PREFIX = "checkpoint-"


@dataclass(frozen=True)
class Checkpoint:
    path: Path
    step: int
    digest: str = field(default="", compare=False)  # of data and settings


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def complete(path: Path, *, digest: str, step: int) -> Checkpoint:
    """Marks the checkpoint in `path` as complete once all its files are on the disk, and removes the older
    ones.
    """
    # The pickle of the training arguments is never read: a checkpoint that travels should not carry one more.
    (path / "training_args.bin").unlink(missing_ok=True)
    files = {}
    for file in sorted(path.iterdir()):
        if file.is_file():
            _sync(file)
            files[file.name] = file.stat().st_size
    temporary = path / f".{MARKER}"
    with temporary.open("w", encoding="utf-8") as marker:
        json.dump({"format": 1, "digest": digest, "step": step, "files": files}, marker)
        marker.flush()
        os.fsync(marker.fileno())
    temporary.replace(path / MARKER)
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        _sync(path)
    for other in path.parent.glob(f"{PREFIX}*"):
        if other != path:
            shutil.rmtree(other, ignore_errors=True)
    return Checkpoint(path, step, digest)


def read(path: Path, *digests: str) -> Checkpoint | None:
    """The checkpoint in `path`; None when it is incomplete, damaged, or of other data or settings."""
    try:
        marker = json.loads((path / MARKER).read_text(encoding="utf-8"))
        sizes = {name: (path / name).stat().st_size for name in marker["files"]}
        if marker["digest"] not in digests or sizes != marker["files"]:
            return None
        return Checkpoint(path, int(marker["step"]), marker["digest"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def newest(folder: Path, *digests: str) -> Checkpoint | None:
    """The checkpoint to resume from, of one of these digests of data and settings. All others are removed:
    they can never be used.
    """
    usable = None
    for path in sorted(folder.glob(f"{PREFIX}*")):
        found = read(path, *digests)
        if found and (usable is None or found.step > usable.step):
            usable = found
    for path in folder.glob(f"{PREFIX}*"):
        if usable is None or path != usable.path:
            shutil.rmtree(path, ignore_errors=True)
    return usable
