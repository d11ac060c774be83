"""Commits with their diffs, parsed from one `git log -p` stream in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone

from autodidact.sources.gitprocess import text
from autodidact.sources.paths import excluded
from autodidact.sources.pipe import Pipe

MAX_PATCH = 200_000  # bytes of one file's patch; what is longer is dropped and the file marked `truncated`
MAX_FILES = 500  # of one commit; further ones are dropped and the commit marked `truncated`
MAX_FIELD = 100_000  # bytes of a message or a path

# Every option that a configuration could set otherwise is spelled out. \x01 starts a commit: no line of a patch does.
LOG = (
    "log", "-z", "--no-merges", "--raw", "-p", "--full-index", "--no-abbrev", "-M", "-U3", "--inter-hunk-context=0", "-O/dev/null",
    "--diff-algorithm=myers", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--no-show-signature", "--no-decorate",
    "--no-relative", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/", "--ws-error-highlight=none", "--encoding=UTF-8",
    "--format=%x01%H%x00%at%x00%ct%x00%P%x00%s%x00%b%x00",
)  # fmt: skip
_LINKS = {"120000", "160000"}  # modes of symbolic links and submodules
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


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


def commits(pipe: Pipe) -> Iterator[Commit]:
    """The commits of a `git LOG ...` stream, in its order. Stalled when the process fails."""
    while pipe.peek() == b"\x01":
        yield _commit(pipe)
    pipe.finish()


def _commit(pipe: Pipe) -> Commit:
    """One commit: header fields ended by NUL, then `--raw -z` entries, then their patches; the next commit starts with \\x01."""
    pipe.take(1)
    sha, authored, committed, parents, subject, body = (text(pipe.until(b"\0", MAX_FIELD)) for _ in range(6))
    commit = Commit(sha, _time(authored), _time(committed), subject.strip(), body.strip(), parents.split())
    pipe.until(b"\0", 1)
    if pipe.peek() != b"\n":
        return commit
    pipe.take(1)
    sections: list[FileDiff | None] = []
    while pipe.peek() == b":":
        old_mode, mode, before, after, status = pipe.until(b"\0", 1000).decode("ascii").lstrip(":").split()
        old_path = path = text(pipe.until(b"\0", MAX_FIELD))
        if status[0] in "RC":
            path = text(pipe.until(b"\0", MAX_FIELD))
        wanted = not {old_mode, mode} & _LINKS and not excluded(path) and not excluded(old_path)
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


def _time(seconds: str) -> datetime:
    """A commit's time; one outside the years that Python knows (a forged commit) counts as 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
