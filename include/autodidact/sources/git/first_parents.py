"""A branch's own line of first parents: which files each of its commits changed, with the ids of their
contents before and after. A merge counts as one change of the branch.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.bounded_process_output import Pipe, Stalled
from autodidact.sources.git.run_git import FSCK, lines, stream, text
from autodidact.sources.reading_limits import OverBudget

# Every option that a configuration could set otherwise is spelled out. \x01 starts a commit.
_LOG = (
    "log",
    "-z",
    "--first-parent",
    "-m",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "-O/dev/null",
    "--no-ext-diff",
    "--no-color",
    "--no-notes",
    "--no-show-signature",
    "--no-decorate",
    "--no-relative",
    "--ignore-submodules=all",
    "--format=%x01%H%x00%ct%x00%P%x00",
)
# Bytes of one field: a list of parents, a path.
_FIELD = 100_000
# Files that one commit may touch: of a folder that unfolds into more nobody wants to wait for the end.
MOST_CHANGES = 150_000
# Seconds since 1970 at the end of the last year that Python knows; a later time is forged.
_LAST = 253_402_300_799
# Regular files; a link's or a submodule's content is no source text.
_FILES = ("100644", "100755")


@dataclass(slots=True)
class Change:
    """What a commit did to a file: blob ids before and after, None where there is no such file."""

    path: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Step:
    """A commit of the line. `time`: the committer's, in seconds since 1970, 0 where it cannot be read.
    `first`: it has no parents. `truncated`: it touches more than MOST_CHANGES files.
    """

    sha: str
    time: int
    first: bool
    changes: list[Change]
    truncated: bool = False


def line_of(folder: Path, tip: str, most: int) -> list[str]:
    """The ids of the line's newest commits, at most `most`, the oldest first. AutodidactError where git
    fails.
    """
    try:
        return lines(folder, "rev-list", "--first-parent", f"--max-count={most}", tip, "--")[::-1]
    except OverBudget as over:
        raise AutodidactError(f"git rev-list of {folder} failed: {over}", FSCK) from None


def steps(
    folder: Path, tip: str, after: str | None, wanted: Callable[[str], bool]
) -> Generator[Step, None, None]:
    """The commits of the line from `tip` back to the one behind `after` (None: to its beginning), newest
    first, with the changes of `wanted` paths; a truncated one is the last. AutodidactError where git fails.
    """
    pipe = stream(folder, *_LOG, tip, *([f"^{after}"] if after else []), "--")
    try:
        while pipe.peek() == b"\x01":
            yield (step := _step(pipe, wanted))
            if step.truncated:
                return
        pipe.finish()
    except Stalled as stalled:
        raise AutodidactError(f"git log of {folder} failed: {stalled}", FSCK) from stalled
    finally:
        pipe.close()


def _step(pipe: Pipe, wanted: Callable[[str], bool]) -> Step:
    pipe.take(1)
    sha, time, parents = (pipe.until(b"\0", _FIELD).decode("ascii", "replace") for _ in range(3))
    step = Step(sha, int(time) if time.isdigit() and int(time) <= _LAST else 0, not parents, [])
    pipe.until(b"\0", 1)
    if pipe.peek() == b"\n":
        pipe.take(1)
    touched = 0
    while pipe.peek() == b":":
        touched += 1
        if touched > MOST_CHANGES:
            step.truncated = True
            return step
        old, new, before, after, _ = pipe.until(b"\0", 1000).decode("ascii").lstrip(":").split()
        path = text(pipe.until(b"\0", _FIELD))
        if wanted(path):
            there, now = before if old in _FILES else None, after if new in _FILES else None
            if there != now:
                step.changes.append(Change(path, there, now))
    if pipe.peek() == b"\0":
        pipe.take(1)
    return step
