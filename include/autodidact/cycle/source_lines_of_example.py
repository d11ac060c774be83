"""The lines that an example was made from, at the commit at which they were read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle

# Lines shown before and after those that the example names, and at most in all.
AROUND, MOST_LINES = 3, 160
# Characters of a line that are shown, and of one that is searched for secrets: a longer one is not shown.
MOST_COLUMNS, LONGEST = 400, 4000


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
    commit, path, name = (source.get(each) for each in ("commit", "path", "repository"))
    title = (
        f"{name + ':' if name else ''}{path} at {str(commit)[:12]}"
        if commit and path
        else str(source.get("ref") or source.get("kind"))
    )
    if not (isinstance(commit, str) and isinstance(path, str)):
        return Lines(title, [], f"A source of the kind {source.get('kind')}: it is named, and not read here.")
    repository = cycle.repository(name)
    forgotten = forgotten.within(name) if name and forgotten else forgotten
    data = _read(repository["path"], commit, path, forgotten) if repository else None
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
    named = isinstance(lines, list) and len(lines) == 2 and all(type(each) is int for each in lines)
    first, last = lines if named else (1, MOST_LINES)
    start = max(1, first - AROUND)
    part = every[start - 1 : min(last + AROUND, start + MOST_LINES - 1)]
    if not part:
        return Lines(title, [], "The file has no such lines.")
    # Cut afterwards: what begins before the cut and ends behind it looks like no secret.
    text = "\n".join(_bounded(line) for line in part)
    if find(text) or suspicious(text):
        return Lines(title, [], "Something in these lines looks like a secret, so they are not shown.")
    rows = redact(text).split("\n")
    return Lines(
        title, [(start + k, named and first <= start + k <= last, _cut(row)) for k, row in enumerate(rows)]
    )


def _bounded(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    return f"(a line of {len(line):,} characters: too long to be shown)"


def _cut(row: str) -> str:
    return row if len(row) <= MOST_COLUMNS else f"{row[:MOST_COLUMNS]} [...]"
