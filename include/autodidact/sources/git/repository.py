"""Git repositories, read from their objects and never from the work tree.

One `cat-file --batch` reads all blobs and one `git log -p` all commits: thousands of blobs and about a
thousand commits a second. Symbolic links and submodules are not followed. What a hostile repository could do
is dealt with in run_git.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.bounded_process_output import Pipe, Stalled
from autodidact.sources.excluded_paths import excluded, generated
from autodidact.sources.forgotten_sources import NOTHING, Forgotten
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.git.history_despite_errors import history
from autodidact.sources.git.oversized_trees import MAX_PATHS, unfolded
from autodidact.sources.git.revisions import SHA, exists, git_dir, newest
from autodidact.sources.git.run_git import FSCK, run, stream, text
from autodidact.sources.reading_limits import OverBudget

# Bytes; a larger file is no source text that a person wrote.
MAX_BLOB = 5_000_000
# Looked up one by one; for more the whole tree is read.
MOST_PATHS = 500
_LINKS = {"120000": "symbolic link, not followed", "160000": "submodule, not read"}
MISSING = "file that this clone lacks (a partial clone? fetch it)"
TOO_MUCH = "folder of more paths than can be listed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file at a commit: path from the root, blob id, size in bytes."""

    path: str
    blob: str
    size: int


class Repository:
    """The repository at one commit: its files, their contents, and the commits that led there. Close it, or
    use it in a `with`.
    """

    def __init__(
        self, path: str | Path, commit: str, known: "Repository | None" = None, forgotten: Forgotten = NOTHING
    ):
        """`known`: the same repository at another commit. `forgotten`: of whose paths nothing is there, at
        any commit.
        """
        self.path = Path(path).expanduser().resolve()
        self.folder: Path = known.folder if known else git_dir(path)
        self.forgotten: Forgotten = known.forgotten if known else forgotten
        self._present: dict[str, bool] = known._present if known else {}
        if not SHA.fullmatch(commit):
            raise AutodidactError(
                f"{commit!r} is not a full commit id",
                "Resolve it first (autodidact.sources.git.revisions.resolve).",
            )
        if not self.has(commit):
            raise AutodidactError(
                f"Commit {commit} is not in {path}",
                "Fetch it (`git fetch --unshallow`), or open a new cycle.",
            )
        self.commit = commit
        self._entries: list[Entry] | None = None
        self._files: dict[tuple, list[Entry]] = {}
        self._links: list[tuple[str, str]] = []
        self._changed: dict[str, frozenset[str]] = {}
        self._batch: Pipe | None = None

    def __enter__(self) -> "Repository":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._batch:
            self._batch.close()
            self._batch = None

    def at(self, commit: str) -> "Repository":
        """The same repository at another commit."""
        return Repository(self.path, commit, self)

    def has(self, commit: str | None) -> bool:
        """Whether the commit can be read here (not rewritten away, not beyond a shallow boundary)."""
        if not commit or not SHA.fullmatch(commit):
            return False
        if commit not in self._present:
            self._present[commit] = exists(self.folder, commit)
        return self._present[commit]

    def files(self, suffixes: Iterable[str] | None = None, *, vendored: bool = False) -> list[Entry]:
        """Regular files at the commit, sorted by path; of these suffixes only (".py"); generated and vendored
        ones on demand.
        """
        if self._entries is None:
            self._entries = sorted(self._list(), key=lambda entry: entry.path)
        endings = tuple(suffixes) if suffixes is not None else ("",)
        found = self._files.get((endings, vendored))
        if found is None:
            found = [
                e
                for e in self._entries
                if e.path.lower().endswith(endings) and (vendored or not generated(e.path))
            ]
            self._files[endings, vendored] = found
        return list(found)

    def some(self, paths: set[str], suffixes: Iterable[str]) -> list[Entry]:
        """As `files`, of these paths only; a few are looked up without reading the whole tree."""
        # A backslash may stand for bytes that are no UTF-8: git would not find such a path by that name.
        if self._entries is not None or len(paths) > MOST_PATHS or any("\\" in path for path in paths):
            return [entry for entry in self.files(suffixes) if entry.path in paths]
        endings = tuple(suffixes)
        found = [e for e in (self._list(sorted(paths)) if paths else ()) if e.path in paths]
        found = [e for e in found if e.path.lower().endswith(endings) and not generated(e.path)]
        return sorted(found, key=lambda entry: entry.path)

    def not_followed(self, suffixes: Iterable[str]) -> list[tuple[str, str]]:
        """(reason, path) of the symbolic links with these suffixes, of all submodules at the commit, and of
        folders that unfold into too much.
        """
        self.files()
        return [
            (reason, path)
            for reason, path in self._links
            if reason in (_LINKS["160000"], TOO_MUCH) or path.lower().endswith(tuple(suffixes))
        ]

    def read(self, blob: str) -> bytes:
        """A blob's content. AutodidactError when it is missing or larger than MAX_BLOB."""
        data = self._read(blob) if SHA.fullmatch(blob) else None
        if data is None:
            raise AutodidactError(
                f"Blob {blob} of {self.path} cannot be read", "It is missing (a partial clone?) or too large."
            )
        return data

    def read_many(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, content) in the given order; what is missing or too large is left out."""
        for blob in blobs:
            data = self._read(blob) if SHA.fullmatch(blob) else None
            if data is not None:
                yield blob, data

    def read_at(self, commit: str, path: str) -> bytes | None:
        """The content of a file at any commit; None where there is none, or none that can be read."""
        found = self.found_at(commit, path)
        return found[1] if found else None

    def found_at(self, commit: str, path: str) -> tuple[str, bytes] | None:
        """As `read_at`: (blob, content)."""
        if not SHA.fullmatch(commit) or any(letter.isspace() for letter in path) or self.left(path):
            return None
        # By such a path git would find a file that no list of paths knows so.
        if {"", ".", ".."} & set(path.split("/")):
            return None
        return self._found(f"{commit}:{path}")

    def changed(self, since_commit: str | None) -> set[str]:
        """Paths that are new or different at this commit. All of them when `since_commit` is None or no
        longer there.
        """
        if since_commit is None or not self.has(since_commit):
            return {entry.path for entry in self.files(vendored=True)}
        if since_commit not in self._changed:
            with self.at(since_commit) as other:
                names = self._different(other)
            self._changed[since_commit] = frozenset(path for path in names if path and not self.left(path))
        return set(self._changed[since_commit])

    def _different(self, other: "Repository") -> list[str]:
        """Paths that are new or different here, as git compares the commits; where folders unfold into too
        much for that, what can be listed of both.
        """
        if self._unfolds() or other._unfolds():
            before = {entry.path: entry.blob for entry in other.files(vendored=True)}
            return [e.path for e in self.files(vendored=True) if before.get(e.path) != e.blob]
        options = ("-r", "-z", "--name-only", "--no-renames", "--diff-filter=d", "--no-ext-diff")
        return text(run(self.folder, "diff-tree", *options, other.commit, self.commit, "--")).split("\0")

    def newest(self) -> datetime | None:
        """When this commit was made, by its committer; None where its date cannot be read."""
        date = text(run(self.folder, "show", "-s", "--no-show-signature", "--format=%ct", self.commit, "--"))
        try:
            return datetime.fromtimestamp(int(date), tz=timezone.utc)
        except (ValueError, OverflowError, OSError):
            return None

    def since(self, moment: datetime) -> str | None:
        """The commit that was this line of development's state at `moment`."""
        return newest(self.folder, self.commit, moment)

    def commits(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        *,
        after: str | None = None,
    ) -> Iterator[Commit]:
        """What came to this commit's line of development in (since, until], newest first, with diffs; merges
        themselves are left out.

        The window is one of history, not of dates alone: a commit made before `since` and merged after it
        belongs to the later window, so that consecutive windows have neither hole nor overlap. `after`: the
        window begins at this commit, whatever its date.
        """
        tip = self.commit if until is None else self.since(until)
        if tip is None:
            return
        base = after if after and self.has(after) else self.since(since) if since is not None else None
        revisions = [tip, *([f"^{base}"] if base else []), "--"]
        if not self.forgotten:
            yield from history(self.folder, revisions, limit, self.shallow())
            return
        yield from islice(self._without(history(self.folder, revisions, None, self.shallow())), limit)

    def _without(self, commits: Iterable[Commit]) -> Iterator[Commit]:
        """The commits without the forgotten files; one that touched nothing else is left out."""
        for commit in commits:
            touched = [*(file.path for file in commit.files), *(path for _, path in commit.left_out)]
            commit.files = [f for f in commit.files if not (self.left(f.path) or self.left(f.old_path))]
            commit.left_out = [(why, path) for why, path in commit.left_out if not self.left(path)]
            if commit.files or commit.left_out or not touched:
                yield commit

    def left(self, path: str) -> bool:
        """Whether no generator may read this path."""
        return excluded(path) or self.forgotten.path(path)

    def _unfolds(self) -> bool:
        """Whether the commit has folders that unfold into more than can be listed."""
        self.files()
        return any(reason == TOO_MUCH for reason, _ in self._links)

    def shallow(self) -> set[str]:
        """The commits at which a shallow clone ends."""
        common = self.folder / text(run(self.folder, "rev-parse", "--git-common-dir")).strip()
        try:
            return set((common / "shallow").read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return set()

    def _list(self, paths: Iterable[str] = ()) -> Iterator[Entry]:
        for mode, name, blob, size in self._rows(paths):
            path = text(name)
            if self.left(path):
                continue
            if mode in _LINKS:
                if not paths:
                    self._links.append((_LINKS[mode], path))
            elif size.isdigit():
                yield Entry(path, blob, int(size))
            elif not paths:
                self._links.append((MISSING, path))

    def _rows(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes, str, str]]:
        """(mode, path, blob, its size) of what is at the commit, or below these paths."""
        try:
            rows = run(
                self.folder, "ls-tree", "-r", "-l", "-z", "--full-tree", self.commit, "--", *paths
            ).split(b"\0")
            if len(rows) > MAX_PATHS:
                raise OverBudget("more paths than can be listed")
        except OverBudget:
            yield from self._unfolded()
            return
        for row in filter(None, rows):
            meta, _, name = row.partition(b"\t")
            mode, _, blob, size = meta.decode("ascii").split()
            yield mode, name, blob, size

    def _unfolded(self) -> Iterator[tuple[str, bytes, str, str]]:
        """As `_rows`, of a commit with more than can be listed, or with trees that git gives up on."""
        try:
            listed, left = unfolded(self.folder, self.commit)
        except Stalled as stalled:
            raise AutodidactError(f"git cat-file of {self.path} failed: {stalled}", FSCK) from stalled
        self._links += [(TOO_MUCH, text(path)) for path in left]
        yield from ((entry.mode, entry.path, entry.id, str(size)) for entry, size in listed)

    def _read(self, blob: str) -> bytes | None:
        found = self._found(blob)
        return found[1] if found else None

    def _found(self, name: str) -> tuple[str, bytes] | None:
        """(blob, content) of what git knows by this name."""
        if self._batch is None:
            self._batch = stream(self.folder, "cat-file", "--batch", writable=True)
        try:
            self._batch.write(name.encode("utf-8", "backslashreplace") + b"\n")
            header = self._batch.line().split()
            if len(header) != 3:
                return None
            size = int(header[2])
            keep = header[1] == b"blob" and size <= MAX_BLOB
            data = self._batch.take(size, keep=keep)
            self._batch.take(1)
            return (header[0].decode("ascii"), data) if keep else None
        except Stalled as stalled:
            self.close()
            raise AutodidactError(f"git cat-file of {self.path} failed: {stalled}", FSCK) from stalled
