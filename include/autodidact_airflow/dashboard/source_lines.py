"""The lines that an example was made from, at the commit at which they were read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Lines shown before and after those that the example names, and at most in all.
AROUND, MOST_LINES = 3, 160
MOST_COLUMNS = 400


@dataclass
class Lines:
    """`rows`: (number, whether the example names it, text); `why`: the reason why there are none."""

    title: str
    rows: list[tuple[int, bool, str]]
    why: str | None = None


def lines_of(cycle: "Cycle", source: dict[str, Any], forgotten: Any) -> Lines:
    """The lines of a source in a repository of the cycle. What looks like a secret, what was forgotten and
    what is not in a repository is not shown, and `why` says so.
    """
    commit, path = source.get("commit"), source.get("path")
    title = (
        f"{path} at {str(commit)[:12]}" if commit and path else str(source.get("ref") or source.get("kind"))
    )
    if not (isinstance(commit, str) and isinstance(path, str)):
        return Lines(title, [], f"A source of the kind {source.get('kind')}: it is named, and not read here.")
    data = None
    for repository in cycle.repositories:
        data = data or _read(repository["path"], commit, path, forgotten)
    if data is None:
        return Lines(title, [], "This machine has no such file at that commit, or it was forgotten.")
    return _shown(title, data, source.get("lines"))


def _read(folder: str, commit: str, path: str, forgotten: Any) -> bytes | None:
    from autodidact.sources.git.repository import Repository

    try:
        with Repository(folder, commit, forgotten=forgotten) as repository:
            return repository.read_at(commit, path)
    except (AutodidactError, OSError):
        return None


def _shown(title: str, data: bytes, lines: Any) -> Lines:
    from autodidact.scanning import find, redact, suspicious

    every = data.decode("utf-8", "replace").split("\n")
    named = isinstance(lines, list) and len(lines) == 2
    first, last = lines if named else (1, MOST_LINES)
    start = max(1, first - AROUND)
    part = every[start - 1 : min(last + AROUND, start + MOST_LINES - 1)]
    text = "\n".join(line[:MOST_COLUMNS] for line in part)
    if find(text) or suspicious(text):
        return Lines(title, [], "Something in these lines looks like a secret, so they are not shown.")
    rows = redact(text).split("\n")
    return Lines(
        title, [(start + k, named and first <= start + k <= last, row) for k, row in enumerate(rows)]
    )
