"""Reading git repositories that nobody vouches for, from their objects and never from the work tree.

Plain `git` processes, no shell. What the repository's own configuration or files could make git execute is switched off: hooks, fsmonitor,
external diff, textconv, signature programs, replacement objects, lazy fetches, prompts. The caller's GIT_* variables and the user's
configuration do not reach it either, so that equal commits give equal output on every machine. Symbolic links and submodules are not followed.
One `cat-file --batch` reads all blobs and one `git log -p` all commits: thousands of blobs and about a thousand commits a second.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from autodidact.errors import AutodidactError
from autodidact.sources.paths import excluded, generated
from autodidact.sources.pipe import Pipe, Stalled

TIMEOUT = 120.0  # seconds a git process may say nothing
MAX_BLOB = 5_000_000  # bytes; a larger file is no source text that a person wrote
MAX_PATCH = 200_000  # bytes of one file's patch; what is longer is dropped and the file marked `truncated`
MAX_FILES = 500  # of one commit; further ones are dropped and the commit marked `truncated`
MAX_MESSAGE = 100_000  # bytes
RENAME_LIMIT = 400  # files of a commit compared for similarity (git's own default is 1,000)

_SWITCHED_OFF = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "core.bare=true", "core.alternateRefsCommand=",
    "core.quotePath=true", "core.bigFileThreshold=1m", "log.showSignature=false", "log.follow=false", "log.mailmap=false",
    "diff.renames=true", f"diff.renameLimit={RENAME_LIMIT}", "diff.ignoreSubmodules=all", "gc.auto=0", "maintenance.auto=false",
    "protocol.allow=never", "attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
)  # fmt: skip
_LOG = (
    "log", "-z", "--no-merges", "--raw", "-p", "--full-index", "--no-abbrev", "-M", "-U3", "--diff-algorithm=myers", "--no-ext-diff",
    "--no-textconv", "--no-color", "--no-notes", "--no-show-signature", "--no-relative", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/",
    "--inter-hunk-context=0", "-O/dev/null", "--encoding=UTF-8", "--no-decorate", "--ws-error-highlight=none", "--format=%x01%H%x00%at%x00%ct%x00%P%x00%s%x00%b%x00",
)  # fmt: skip
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file at a commit: path from the root, blob id, size in bytes."""

    path: str
    blob: str
    size: int


@dataclass(slots=True)
class FileDiff:
    """What a commit did to one file. `status` is A, M, D, R or C; a blob is None where the file does not exist.

    `patch` holds the hunks (from the first "@@"), empty when the file is `binary` or the patch was `truncated`.
    """

    path: str
    old_path: str
    status: str
    before_blob: str | None
    after_blob: str | None
    patch: str = ""
    binary: bool = False
    truncated: bool = False


@dataclass(slots=True)
class Commit:
    sha: str
    author_time: datetime
    committer_time: datetime
    subject: str
    body: str
    parents: list[str]
    files: list[FileDiff] = field(default_factory=list)
    truncated: bool = False


def discover(path: str | Path, branch: str | None = None) -> tuple[str, str]:
    """(name, root commit sha) of the repository at `path` or above it.

    The name is that of its folder. Of several roots the earliest by committer date counts; in a shallow clone it is the earliest commit there is.
    """
    folder = git_dir(path)
    head = _head(folder, branch)
    roots = _lines(folder, "log", "--max-parents=0", "--no-show-signature", "--no-color", "--no-decorate", "--format=%ct %H", head, "--")
    _, root = min((int(stamp), sha) for stamp, sha in (line.split() for line in roots))
    return _name(folder), root


def system_name(path: str | Path, branch: str | None = None) -> str:
    """What names a living system by default: "<name>-<first 8 of its root commit>"."""
    name, root = discover(path, branch)
    return f"{name}-{root[:8]}"


def resolve(path: str | Path, branch: str | None, until: datetime) -> str | None:
    """The commit that was the state of `branch` (default: HEAD) at `until`, or None if it had none yet.

    Of the branch's own line of first parents (a merged commit was not there before its merge) the newest by committer date that is not after
    `until`; among equals the one nearest to the tip. All dates are looked at, because clocks go backwards.
    """
    folder = git_dir(path)
    return _newest(folder, _head(folder, branch), until)


def git_dir(path: str | Path) -> Path:
    """The git folder of the repository at `path` or above it (ordinary, worktree, submodule or bare)."""
    start = Path(path).expanduser().resolve()
    if not start.exists():
        raise AutodidactError(f"No such folder: {path}", "Set sources.repository to a git repository.")
    for folder in (start, *start.parents):
        dot = folder / ".git"
        if dot.is_dir() and (dot / "HEAD").exists():
            return dot
        if dot.is_file():
            text = dot.read_text(encoding="utf-8", errors="replace").strip()
            target = (folder / text.removeprefix("gitdir:").strip()).resolve()
            if text.startswith("gitdir:") and (target / "HEAD").exists():
                return target
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            return folder
    raise AutodidactError(f"{path} is not in a git repository", "Set sources.repository to one, or run `git init` and commit there.")


class Repository:
    """The repository at one commit: its files, their contents, and the commits that led there. Close it, or use it in a `with`."""

    def __init__(self, path: str | Path, commit: str):
        self.path = Path(path).expanduser().resolve()
        self.folder = git_dir(path)
        if not _SHA.fullmatch(commit):
            raise AutodidactError(f"{commit!r} is not a full commit id", "Resolve it first (autodidact.sources.git.resolve).")
        if not _exists(self.folder, commit):
            raise AutodidactError(f"Commit {commit} is not in {path}", "Fetch it (`git fetch --unshallow`), or open a new cycle.")
        self.commit = commit
        self._entries: list[Entry] | None = None
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
        return Repository(self.path, commit)

    def has(self, commit: str | None) -> bool:
        """Whether the commit can be read here (not rewritten away, not beyond a shallow boundary)."""
        return bool(commit) and _SHA.fullmatch(commit) is not None and _exists(self.folder, commit)

    def files(self, suffixes: Iterable[str] | None = None, *, vendored: bool = False) -> list[Entry]:
        """Regular files at the commit, sorted by path; of these suffixes only (".py"); generated and vendored ones on demand."""
        if self._entries is None:
            self._entries = sorted(self._list(), key=lambda entry: entry.path)
        endings = tuple(suffixes) if suffixes is not None else ("",)
        return [e for e in self._entries if e.path.lower().endswith(endings) and (vendored or not generated(e.path))]

    def read(self, blob: str) -> bytes:
        """A blob's content. AutodidactError when it is missing or larger than MAX_BLOB."""
        data = self._read(blob)
        if data is None:
            raise AutodidactError(f"Blob {blob} of {self.path} cannot be read", "It is missing (a partial clone?) or too large.")
        return data

    def read_many(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(blob, content) in the order asked; what is missing or too large is left out."""
        for blob in blobs:
            data = self._read(blob)
            if data is not None:
                yield blob, data

    def changed(self, since_commit: str | None) -> set[str]:
        """Paths that are new or different at this commit. All of them when `since_commit` is None or no longer there."""
        if since_commit is None or not self.has(since_commit):
            return {entry.path for entry in self.files(vendored=True)}
        command = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=d", "--no-ext-diff", since_commit, self.commit, "--")
        return {path for path in _text(_run(self.folder, *command)).split("\0") if path and not excluded(path)}

    def since(self, moment: datetime) -> str | None:
        """The commit that was this line of development's state at `moment`."""
        return _newest(self.folder, self.commit, moment)

    def commits(self, since: datetime | None = None, until: datetime | None = None, limit: int | None = None) -> Iterator[Commit]:
        """What came to this commit's line of development in (since, until], newest first, with diffs; merges themselves are left out.

        The window is one of history, not of dates alone: a commit made before `since` and merged after it belongs to the later window, so that
        consecutive windows have neither hole nor overlap.
        """
        tip = self.commit if until is None else self.since(until)
        if tip is None:
            return
        base = self.since(since) if since is not None else None
        command = [*_LOG, *([f"--max-count={int(limit)}"] if limit is not None else []), tip, *([f"^{base}"] if base else []), "--"]
        pipe = _open(self.folder, *command)
        try:
            while pipe.peek() == b"\x01":
                yield _commit(pipe)
            pipe.finish()
        except Stalled as stalled:
            raise AutodidactError(f"git log of {self.path} failed: {stalled}", "Check the repository with `git fsck`.") from stalled
        finally:
            pipe.close()

    def _list(self) -> Iterator[Entry]:
        for row in _run(self.folder, "ls-tree", "-r", "-l", "-z", "--full-tree", self.commit).split(b"\0"):
            if not row:
                continue
            meta, _, name = row.partition(b"\t")
            mode, kind, blob, size = meta.decode("ascii").split()
            path = _text(name)
            if kind == "blob" and mode != "120000" and size.isdigit() and not excluded(path):
                yield Entry(path, blob, int(size))

    def _read(self, blob: str) -> bytes | None:
        if not _SHA.fullmatch(blob):
            return None
        if self._batch is None:
            self._batch = _open(self.folder, "cat-file", "--batch", writable=True)
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
            raise AutodidactError(f"git cat-file of {self.path} failed: {stalled}", "Check the repository with `git fsck`.") from stalled


def _commit(pipe: Pipe) -> Commit:
    """One commit of the log: header fields ended by NUL, then `--raw -z` entries, then their patches; the next commit starts with \\x01."""
    pipe.take(1)
    sha, authored, committed, parents, subject, body = (_text(pipe.until(b"\0", MAX_MESSAGE)) for _ in range(6))
    commit = Commit(sha, _time(authored), _time(committed), subject.strip(), body.strip(), parents.split())
    pipe.until(b"\0", 1)
    if pipe.peek() != b"\n":
        return commit
    pipe.take(1)
    sections: list[FileDiff | None] = []
    while pipe.peek() == b":":
        old_mode, mode, before, after, status = pipe.until(b"\0", 1000).decode("ascii").lstrip(":").split()
        old_path = path = _text(pipe.until(b"\0", MAX_MESSAGE))
        if status[0] in "RC":
            path = _text(pipe.until(b"\0", MAX_MESSAGE))
        links = {old_mode, mode} & {"120000", "160000"}
        wanted = not links and not excluded(path) and not excluded(old_path)
        if wanted and len(commit.files) >= MAX_FILES:
            wanted, commit.truncated = False, True
        file = FileDiff(path, old_path, status[0], before if before.strip("0") else None, after if after.strip("0") else None)
        if wanted:
            commit.files.append(file)
        sections += [file if wanted else None] * (2 if status[0] == "T" else 1)
    if pipe.peek() == b"\0":
        pipe.take(1)
    _patches(pipe, sections)
    return commit


def _patches(pipe: Pipe, sections: list[FileDiff | None]) -> None:
    """The patch text up to the next commit, one section an entry, in their order."""
    following = iter(sections)
    file: FileDiff | None = None
    hunks: list[bytes] = []
    size = 0

    def done() -> None:
        if file and not file.truncated:
            file.patch = b"".join(hunks).decode("utf-8", "replace")

    while pipe.peek() not in (b"", b"\x01"):
        line = pipe.line(MAX_PATCH)
        if line.startswith(b"diff --git "):
            done()
            file, hunks, size = next(following, None), [], 0
        elif file is None:
            continue
        elif hunks or line.startswith(b"@@"):
            size += len(line)
            if size > MAX_PATCH:
                file.truncated, hunks = True, [b""]
            else:
                hunks.append(line)
        elif line.startswith(b"Binary files "):
            file.binary = True
    done()


def _newest(folder: Path, tip: str, until: datetime) -> str | None:
    limit = int(until.astimezone(timezone.utc).timestamp())
    best: tuple[int, str] | None = None
    for line in _lines(folder, "rev-list", "--first-parent", "--timestamp", tip, "--"):
        stamp, sha = line.split()
        if int(stamp) <= limit and (best is None or int(stamp) > best[0]):
            best = int(stamp), sha
    return best[1] if best else None


def _head(folder: Path, branch: str | None) -> str:
    """The commit at the tip of a branch (local, else of origin, else any tag or id); of HEAD without one."""
    if branch is None:
        if sha := _verify(folder, "HEAD"):
            return sha
        if _lines(folder, "for-each-ref", "--count=1"):
            raise AutodidactError(f"HEAD of {folder} names a branch without commits", "Set sources.branch to one that has some.")
        raise AutodidactError(f"The repository {folder} is empty", "Commit something there first.")
    if branch and not branch.startswith("-") and branch.isprintable():
        for name in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}", branch):
            if sha := _verify(folder, name):
                return sha
    known = _lines(folder, "for-each-ref", "--count=8", "--format=%(refname:short)", "refs/heads")
    raise AutodidactError(f"No branch {branch!r} in {folder}", f"Set sources.branch to one of: {', '.join(known) or 'none there'}.")


def _verify(folder: Path, name: str) -> str | None:
    found = _run(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False).decode("ascii", "replace").strip()
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


def _command(folder: Path, *arguments: str) -> list[str]:
    git = shutil.which("git")
    if git is None:
        raise AutodidactError("git is not installed", "Install git and put it on the PATH.")
    return [git, "--no-pager", "--no-replace-objects", f"--git-dir={folder}", *(x for item in _SWITCHED_OFF for x in ("-c", item)), *arguments]


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C", "LANGUAGE": "C", "TZ": "UTC",
    }  # fmt: skip


def _run(folder: Path, *arguments: str, check: bool = True) -> bytes:
    try:
        done = subprocess.run(
            _command(folder, *arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise AutodidactError(f"git {arguments[0]} took more than {TIMEOUT:.0f} s in {folder}", "Check the repository with `git fsck`.") from None
    if check and done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise AutodidactError(f"git {arguments[0]} failed in {folder}: {reason[0]}", "Check the repository with `git fsck`.")
    return done.stdout


def _lines(folder: Path, *arguments: str) -> list[str]:
    return _text(_run(folder, *arguments)).splitlines()


def _open(folder: Path, *arguments: str, writable: bool = False) -> Pipe:
    return Pipe(_command(folder, *arguments), _environment(), timeout=TIMEOUT, writable=writable)


def _text(data: bytes) -> str:
    """Paths and messages as text; bytes that are not UTF-8 stay distinct, as escapes."""
    return data.decode("utf-8", "backslashreplace")


def _time(seconds: str) -> datetime:
    """A commit's time; one outside the years that Python knows (a forged commit) counts as 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
