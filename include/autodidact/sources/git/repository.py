"""Git repositories, read from their objects and never from the work tree.

One `cat-file --batch` reads all blobs and one `git log -p` all commits: thousands of blobs and about a
thousand commits a second. Symbolic links and submodules are not followed. What a hostile repository could do
is dealt with in gitprocess.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autodidact.errors import AutodidactError, UsageError
from autodidact.records import instant
from autodidact.sources.budget import OverBudget
from autodidact.sources.git.log import Commit, FileDiff, history
from autodidact.sources.git.process import FSCK, lines, run, stream, text
from autodidact.sources.git.trees import MAX_PATHS, unfolded
from autodidact.sources.paths import excluded, generated
from autodidact.sources.pipe import Pipe, Stalled

__all__ = [
    "Commit",
    "Entry",
    "FileDiff",
    "Repository",
    "discover",
    "excluded",
    "generated",
    "git_dir",
    "resolve",
    "system_name",
]

# Bytes; a larger file is no source text that a person wrote.
MAX_BLOB = 5_000_000
# Looked up one by one; for more the whole tree is read.
MOST_PATHS = 500
_LINKS = {"120000": "symbolic link, not followed", "160000": "submodule, not read"}
TOO_MUCH = "folder of more paths than can be listed"
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file at a commit: path from the root, blob id, size in bytes."""

    path: str
    blob: str
    size: int


def discover(path: str | Path, branch: str | None = None) -> tuple[str, str]:
    """(name, root commit sha) of the repository at `path` or above it.

    The name is that of its folder. Of several roots the earliest by committer date counts; in a shallow clone
    that is the earliest commit there is.
    """
    folder = git_dir(path)
    head = _head(folder, branch)
    roots = lines(
        folder,
        "log",
        "--max-parents=0",
        "--no-show-signature",
        "--no-color",
        "--no-decorate",
        "--format=%ct %H",
        head,
        "--",
    )
    _, root = min((int(stamp), sha) for stamp, sha in (line.split() for line in roots))
    return _name(folder), root


def system_name(path: str | Path, branch: str | None = None) -> str:
    """What names a living system by default: "<name>-<first 8 of its root commit>"."""
    name, root = discover(path, branch)
    return f"{name}-{root[:8]}"


def resolve(path: str | Path, branch: str | None, until: datetime) -> str | None:
    """The commit that was the state of `branch` (default: HEAD) at `until`, or None if it had none yet.

    Of the branch's own line of first parents (a merged commit was not there before its merge) the newest by
    committer date that is not after `until`; among equals the one nearest to the tip. All dates are looked
    at, because clocks go backwards.
    """
    folder = git_dir(path)
    return _newest(folder, _head(folder, branch), until)


def commit_at(path: str | Path, branch: str | None, until: datetime) -> str:
    """As `resolve`. Raises UsageError when the branch had no commit yet."""
    if (commit := resolve(path, branch, until)) is None:
        raise UsageError(
            f"{path} has no commit before {instant(until)}",
            "Choose a later end of the window, or another sources.branch.",
        )
    return commit


def files_at_tip(path: str | Path, branch: str | None, names: list[str]) -> dict[str, bytes]:
    """The contents of those of the files `names`, paths from the root, that the newest commit of `branch`
    (default: HEAD) has.
    """
    folder = git_dir(path)
    head = _head(folder, branch)
    there = lines(folder, "ls-tree", "--full-tree", "--name-only", head, "--", *names)
    return {name: run(folder, "cat-file", "blob", f"{head}:{name}") for name in names if name in there}


def is_ancestor(path: str | Path, commit: str, tip: str) -> bool:
    """Whether `commit` is still there and part of the history of `tip`."""
    folder = git_dir(path)
    return (
        _exists(folder, commit)
        and text(run(folder, "merge-base", commit, tip, check=False)).strip() == commit
    )


def git_dir(path: str | Path) -> Path:
    """The git folder of the repository at `path` or above it (ordinary, worktree, submodule or bare), as
    GitPython finds it.
    """
    try:
        import git
    except ImportError:  # GitPython looks for the program when it is imported
        raise AutodidactError("git is not installed", "Install git and put it on the PATH.") from None
    try:
        with git.Repo(
            Path(path).expanduser().resolve(), search_parent_directories=True, expand_vars=False
        ) as found:
            return Path(found.git_dir).resolve()
    except git.NoSuchPathError:
        raise AutodidactError(
            f"No such folder: {path}", "Set sources.repository to a git repository."
        ) from None
    except (git.InvalidGitRepositoryError, ValueError, OSError):
        raise AutodidactError(
            f"{path} is not in a git repository", "Set sources.repository, or `git init` and commit there."
        ) from None


class Repository:
    """The repository at one commit: its files, their contents, and the commits that led there. Close it, or
    use it in a `with`.
    """

    def __init__(self, path: str | Path, commit: str, beside: "Repository | None" = None):
        """`beside`: the same repository at another commit, which knows some of this already."""
        self.path = Path(path).expanduser().resolve()
        self.folder = beside.folder if beside else git_dir(path)
        self._present: dict[str, bool] = beside._present if beside else {}
        if not _SHA.fullmatch(commit):
            raise AutodidactError(
                f"{commit!r} is not a full commit id",
                "Resolve it first (autodidact.sources.git.repository.resolve).",
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
        if not commit or not _SHA.fullmatch(commit):
            return False
        if commit not in self._present:
            self._present[commit] = _exists(self.folder, commit)
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
        if (
            self._entries is not None or len(paths) > MOST_PATHS or any("\\" in path for path in paths)
        ):  # not UTF-8, perhaps
            return [entry for entry in self.files(suffixes) if entry.path in paths]
        found = self._list(sorted(paths)) if paths else ()
        found = [
            e
            for e in found
            if e.path in paths and e.path.lower().endswith(tuple(suffixes)) and not generated(e.path)
        ]
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
        data = self._read(blob)
        if data is None:
            raise AutodidactError(
                f"Blob {blob} of {self.path} cannot be read", "It is missing (a partial clone?) or too large."
            )
        return data

    def read_many(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, content) in the order asked; what is missing or too large is left out."""
        for blob in blobs:
            data = self._read(blob)
            if data is not None:
                yield blob, data

    def changed(self, since_commit: str | None) -> set[str]:
        """Paths that are new or different at this commit. All of them when `since_commit` is None or no
        longer there.
        """
        if since_commit is None or not self.has(since_commit):
            return {entry.path for entry in self.files(vendored=True)}
        known = self._changed.get(since_commit)
        if known is None:
            options = ("-r", "-z", "--name-only", "--no-renames", "--diff-filter=d", "--no-ext-diff")
            with self.at(since_commit) as other:
                if self._unfolds() or other._unfolds():  # of both commits what can be listed is compared
                    before = {entry.path: entry.blob for entry in other.files(vendored=True)}
                    names = [
                        entry.path
                        for entry in self.files(vendored=True)
                        if before.get(entry.path) != entry.blob
                    ]
                else:
                    names = text(
                        run(self.folder, "diff-tree", *options, since_commit, self.commit, "--")
                    ).split("\0")
            known = self._changed[since_commit] = frozenset(
                path for path in names if path and not excluded(path)
            )
        return set(known)

    def since(self, moment: datetime) -> str | None:
        """The commit that was this line of development's state at `moment`."""
        return _newest(self.folder, self.commit, moment)

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
        yield from history(self.folder, [tip, *([f"^{base}"] if base else []), "--"], limit, self._shallow())

    def _unfolds(self) -> bool:
        """Whether the commit has folders that unfold into more than can be listed."""
        self.files()
        return any(reason == TOO_MUCH for reason, _ in self._links)

    def _shallow(self) -> set[str]:
        """The commits at which a shallow clone ends."""
        common = self.folder / text(run(self.folder, "rev-parse", "--git-common-dir")).strip()
        try:
            return set((common / "shallow").read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return set()

    def _list(self, paths: Iterable[str] = ()) -> Iterator[Entry]:
        for mode, name, blob, size in self._rows(paths):
            path = text(name)
            if excluded(path):
                continue
            if mode in _LINKS:
                if not paths:
                    self._links.append((_LINKS[mode], path))
            elif size.isdigit():
                yield Entry(path, blob, int(size))

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
        if not _SHA.fullmatch(blob):
            return None
        if self._batch is None:
            self._batch = stream(self.folder, "cat-file", "--batch", writable=True)
        try:
            self._batch.write(blob.encode("ascii") + b"\n")
            header = self._batch.line().split()
            if len(header) != 3:
                return None
            size = int(header[2])
            keep = header[1] == b"blob" and size <= MAX_BLOB
            data = self._batch.take(size, keep=keep)
            self._batch.take(1)
            return data if keep else None
        except Stalled as stalled:
            self.close()
            raise AutodidactError(f"git cat-file of {self.path} failed: {stalled}", FSCK) from stalled


def _newest(folder: Path, tip: str, until: datetime) -> str | None:
    limit = int(until.timestamp())
    best: tuple[int, str] | None = None
    for line in lines(folder, "rev-list", "--first-parent", "--timestamp", tip, "--"):
        stamp, sha = line.split()
        if int(stamp) <= limit and (best is None or int(stamp) > best[0]):
            best = int(stamp), sha
    return best[1] if best else None


def _head(folder: Path, branch: str | None) -> str:
    """The commit at the tip of a branch (local, else of origin, else any tag or id); of HEAD without one."""
    if branch is None:
        if sha := _verify(folder, "HEAD"):
            return sha
        if lines(folder, "for-each-ref", "--count=1"):
            raise AutodidactError(
                f"HEAD of {folder} names a branch without commits", "Set sources.branch to one that has some."
            )
        raise AutodidactError(f"The repository {folder} is empty", "Commit something there first.")
    if branch and not branch.startswith("-") and branch.isprintable():
        for name in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}", branch):
            if sha := _verify(folder, name):
                return sha
    known = lines(folder, "for-each-ref", "--count=8", "--format=%(refname:short)", "refs/heads")
    raise AutodidactError(
        f"No branch {branch!r} in {folder}",
        f"Set sources.branch to one of: {', '.join(known) or 'none there'}.",
    )


def _verify(folder: Path, name: str) -> str | None:
    found = (
        run(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)
        .decode("ascii", "replace")
        .strip()
    )
    return found if _SHA.fullmatch(found) else None


def _exists(folder: Path, commit: str) -> bool:
    return _verify(folder, commit) is not None


def _name(folder: Path) -> str:
    if folder.name == ".git":
        name = folder.parent.name
    elif (folder / "commondir").is_file():  # a worktree: named like the repository it belongs to
        common = (folder / (folder / "commondir").read_text(encoding="utf-8").strip()).resolve()
        name = common.parent.name if common.name == ".git" else common.name.removesuffix(".git")
    else:
        name = folder.name.removesuffix(".git")
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "repository"
