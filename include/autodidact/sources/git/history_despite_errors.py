"""The commits of a history, as git shows them. One that git cannot show costs itself alone, and an object
that is missing (a partial clone) or broken costs its file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.bounded_process_output import Stalled
from autodidact.sources.git.commits_with_diffs import HEADERS, LOG, Commit, FileDiff, commits
from autodidact.sources.git.run_git import EXHAUSTED, FSCK, stream
from autodidact.sources.reading_limits import OverBudget

# Commits of one history that git cannot show in its time and memory.
MOST_ENDLESS = 3
# Commits of one history that are read file by file since something of them is unreadable; of further ones
# only the messages are.
MOST_UNREADABLE = 300
MISSING = "object missing from this clone: fetch it (`git fetch --refetch --no-filter`)"
BROKEN = "object that cannot be read: check the repository (`git fsck`)"
UNREADABLE = (MISSING, BROKEN)
_CANNOT_READ = re.compile(
    r"could not (?:fetch|read)|promisor|lazy fetching|unable to (?:read|find|open)|missing|corrupt|inflate"
    r"|bad object|hash mismatch|not a tree",
    re.IGNORECASE,
)
# Of these messages, those of what is there.
_IS_BROKEN = re.compile(r"corrupt|inflate|hash mismatch|not a tree", re.IGNORECASE)


class _CannotRead(Exception):
    """An object is missing or broken; `reason` says which, as far as git does."""

    def __init__(self, message: str):
        super().__init__(message)
        self.reason = BROKEN if _IS_BROKEN.search(message) else MISSING


def history(folder: Path, revisions: list[str], most: int | None, shallow: set[str]) -> Iterator[Commit]:
    """The commits of a git folder that `revisions` name, newest first, at most `most`. `shallow`: where a
    shallow clone ends.

    A commit whose trees unfold into more than git can show in its time and memory comes without files,
    `truncated`. An object that is not there, as in a partial clone, or broken costs its file alone.
    """
    given = endless = unreadable = 0
    while most is None or given < most:
        count = [] if most is None else [f"--max-count={most - given}"]
        try:
            for commit in _log(folder, shallow, *LOG, *count, f"--skip={given}", *revisions):
                given += 1
                yield commit
            return
        except OverBudget as over:
            endless += 1
            if endless > MOST_ENDLESS:
                raise AutodidactError(f"git log of {folder} failed: {over}", FSCK) from None
        except _CannotRead:
            unreadable += 1
        if unreadable > MOST_UNREADABLE:
            for commit in _log(folder, shallow, *HEADERS, *count, f"--skip={given}", *revisions):
                commit.left_out.append((MISSING, ""))
                yield commit
            return
        whole = True
        # One by one up to the commit that takes too much: it costs itself alone.
        while whole and (most is None or given < most):
            found, whole = _one(folder, shallow, f"--skip={given}", revisions)
            if not found:
                return
            given += 1
            yield found


def _one(folder: Path, shallow: set[str], skip: str, revisions: list[str]) -> tuple[Commit | None, bool]:
    """(the first commit after those that are skipped, whether git can show all of it)."""
    try:
        return next(_log(folder, shallow, *LOG, "-1", skip, *revisions), None), True
    except (_CannotRead, OverBudget) as failure:
        try:
            commit = next(_log(folder, shallow, *HEADERS, "-1", skip, *revisions))
        except _CannotRead as unreadable:
            raise AutodidactError(f"git log of {folder} failed: {unreadable}", FSCK) from None
        if isinstance(failure, _CannotRead):
            return _readable(folder, shallow, commit), False
        commit.truncated = True
        return commit, False


def _readable(folder: Path, shallow: set[str], commit: Commit) -> Commit:
    """The commit with the files of which both versions can be read; the others are left out."""
    try:
        # Renames are found by comparing contents, and a context asks for patches.
        raw = [option for option in LOG if option not in ("-p", "-U3", "-M")]
        listed = next(_log(folder, shallow, *raw, "--no-renames", "-1", commit.sha))
        blobs = [blob for file in listed.files for blob in (file.before_blob, file.after_blob) if blob]
        missing = _missing(folder, blobs)
    except _CannotRead as failure:
        commit.left_out.append((failure.reason, ""))
        return commit
    there = [file for file in listed.files if not {file.before_blob, file.after_blob} & missing]
    commit.files = _with_patches(
        folder, shallow, commit.sha, [file.path for file in there if not file.invalid]
    )
    kept = {path for file in commit.files for path in (file.path, file.old_path)}
    commit.truncated, commit.left_out = listed.truncated, listed.left_out
    for file in listed.files:
        if file.path not in kept:
            gone = [blob for blob in (file.before_blob, file.after_blob) if blob and blob in missing]
            # Git calls a broken object missing too.
            broken = not gone or any((folder / "objects" / name[:2] / name[2:]).exists() for name in gone)
            commit.left_out.append((BROKEN if broken else MISSING, file.path))
    return commit


def _with_patches(folder: Path, shallow: set[str], sha: str, paths: list[str]) -> list[FileDiff]:
    """The files of a commit at these paths, without those that cannot be read."""
    if not paths:
        return []
    try:
        return next(_log(folder, shallow, *LOG, "-1", sha, "--", *paths)).files
    except (_CannotRead, StopIteration):
        half = len(paths) // 2
        if not half:
            return []
        parts = paths[:half], paths[half:]
        return [file for part in parts for file in _with_patches(folder, shallow, sha, part)]


def _missing(folder: Path, blobs: list[str]) -> set[str]:
    """Those of the objects that are not there. In a partial clone git ends at each of them."""
    found: set[str] = set()
    waiting = list(dict.fromkeys(blobs))[::-1]
    while waiting:
        pipe = stream(folder, "cat-file", "--batch-check", writable=True)
        try:
            while waiting:
                blob = waiting.pop()
                pipe.write(blob.encode("ascii") + b"\n")
                if pipe.line().split()[1:] == [b"missing"]:
                    found.add(blob)
        except Stalled:
            found.add(blob)
        finally:
            pipe.close()
    return found


def _log(folder: Path, shallow: set[str], *arguments: str) -> Iterator[Commit]:
    """What git prints. OverBudget when it runs out of time or memory, _CannotRead at an object."""
    pipe = stream(folder, *arguments)
    try:
        for commit in commits(pipe):
            # Git shows it as if it had made every file there is.
            if commit.sha in shallow:
                commit.boundary, commit.files = True, []
            yield commit
    except Stalled as stalled:
        if EXHAUSTED.search(str(stalled)):
            raise OverBudget(str(stalled)) from None
        if _CANNOT_READ.search(str(stalled)):
            raise _CannotRead(str(stalled)) from None
        raise AutodidactError(f"git log of {folder} failed: {stalled}", FSCK) from stalled
    finally:
        pipe.close()
