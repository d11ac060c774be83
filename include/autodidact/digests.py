"""Digests of files: of one that is there, of a folder, and of lines while they are written."""

import hashlib
import json
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel

from autodidact.errors import AutodidactError
from autodidact.records import Output


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_digest(path: Path) -> str:
    """sha256 of the sorted lines `<sha256>  <relative path>` of a folder's files. A link is an error."""
    lines = []
    for file in sorted(p for p in Path(path).rglob("*") if not p.is_dir()):
        if file.is_symlink():
            raise AutodidactError(f"{file} is a link", "An artifact folder holds plain files only.")
        lines.append(f"{file_sha256(file)}  {file.relative_to(path).as_posix()}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


class LineSink:
    """Takes rows and writes them as lines."""

    def __init__(self, file: IO[bytes]):
        self._file, self._digest, self._bytes, self._records = file, hashlib.sha256(), 0, 0

    @property
    def output(self) -> Output:
        """What was written so far."""
        return Output(sha256=self._digest.hexdigest(), bytes=self._bytes, records=self._records)

    def __call__(self, row: str | dict[str, Any] | BaseModel) -> None:
        if isinstance(row, BaseModel):
            row = row.model_dump(mode="json")
        if not isinstance(row, str):
            row = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        data = (row + "\n").encode("utf-8", "backslashreplace")
        self._file.write(data)
        self._digest.update(data)
        self._bytes += len(data)
        self._records += 1
