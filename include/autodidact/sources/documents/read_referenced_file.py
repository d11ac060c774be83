"""The files that a document names: of the repository at the same commit, or among those that
`sources.documents` names.
"""

import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from autodidact.errors import AutodidactError
from autodidact.sources.table_files import MAX_BYTES, shown

if TYPE_CHECKING:
    from autodidact.sources.git.repository import Repository


def of_repository(repository: "Repository") -> Callable[[str], str | None]:
    """The text of a path at the repository's commit; None for what is not there, no file or no UTF-8."""
    entries: dict[str, str] = {}

    def text(path: str) -> str | None:
        if not entries:
            entries.update(
                (entry.path, entry.blob) for entry in repository.files() if entry.size <= MAX_BYTES
            )
        try:
            return repository.read(entries[path]).decode("utf-8-sig") if path in entries else None
        except (AutodidactError, UnicodeDecodeError):
            return None

    return text


def of_named(paths: list[Path]) -> Callable[[str], str | None]:
    """The text of one of these files, by the name that a source has, or of the env file of its folder."""
    there = {shown(path): path for path in paths}
    there |= {posixpath.join(posixpath.dirname(shown(path)), ".env"): path.parent / ".env" for path in paths}

    def text(path: str) -> str | None:
        place = there.get(path)
        try:
            if place is None or place.is_symlink() or not place.is_file() or place.stat().st_size > MAX_BYTES:
                return None
            return place.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None

    return text
