"""Commits with their diffs, parsed from one `git log -p` stream in bounded memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from autodidact.sources.bounded_process_output import Pipe
from autodidact.sources.excluded_paths import excluded
from autodidact.sources.git.run_git import text

# Bytes of one file's patch; what is longer is dropped and the file marked `truncated`.
MAX_PATCH = 200_000
# Bytes of one commit's patches; those behind it are dropped and their files marked `truncated`.
MAX_COMMIT = 20_000_000
# Of one commit; further ones are dropped and the commit marked `truncated`.
MAX_FILES = 500
# Bytes of a message or a path.
MAX_FIELD = 100_000

# Every option that a configuration could set otherwise is spelled out. \x01 starts a commit: no line of a
# patch does.
LOG = (
    "log",
    "-z",
    "--no-merges",
    "--raw",
    "-p",
    "--full-index",
    "--no-abbrev",
    "-M",
    "-U3",
    "--inter-hunk-context=0",
    "-O/dev/null",
    "--diff-algorithm=myers",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-notes",
    "--no-show-signature",
    "--no-decorate",
    "--no-relative",
    "--submodule=short",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--ws-error-highlight=none",
    "--encoding=UTF-8",
    "--date=raw",
    "--format=%x01%H%x00%ad%x00%ct%x00%P%x00%s%x00%b%x00",
)
HEADERS = (
    "log",
    "-z",
    "--no-merges",
    "--no-color",
    "--no-notes",
    "--no-show-signature",
    "--no-decorate",
    "--encoding=UTF-8",
    *LOG[-2:],
)
_LINKS = {"120000": "symbolic link changed", "160000": "submodule changed"}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(slots=True)
class FileDiff:
    """What a commit did to one file. `status` is A, M, D, R or C; a blob is None where the file does not
    exist.

    `patch` holds the hunks (from the first "@@"), empty when the file is `binary` (git counts larger ones
    than 1 MB among these) or the patch was `truncated`. `invalid`: the path or the patch is not UTF-8.
    """

    path: str
    old_path: str
    status: str
    before_blob: str | None
    after_blob: str | None
    patch: str = ""
    binary: bool = False
    truncated: bool = False
    invalid: bool = False


@dataclass(slots=True)
class Commit:
    """A commit and what it did to its files. `left_out`: (reason, path) of the changes that are not among
    `files`.

    `author_day`: the date on the author's own clock, as git shows it (YYYY-MM-DD). `truncated`: it has more
    files than MAX_FILES. `invalid`: its message is not UTF-8. `boundary`: a shallow clone ends here, so what
    it changed is not known.
    """

    sha: str
    author_day: str
    committer_time: datetime
    subject: str
    body: str
    parents: list[str]
    files: list[FileDiff] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    truncated: bool = False
    invalid: bool = False
    boundary: bool = False


def commits(pipe: Pipe) -> Iterator[Commit]:
    """The commits of a `git LOG ...` stream, in its order. Stalled when the process fails."""
    while pipe.peek() == b"\x01":
        commit = _commit(pipe)
        if not pipe.peek():
            # A process that fails may have printed a part of its last commit.
            pipe.finish()
        yield commit
    pipe.finish()


def _commit(pipe: Pipe) -> Commit:
    """One commit: header fields ended by NUL, then `--raw -z` entries, then their patches; the next commit
    starts with \\x01.
    """
    pipe.take(1)
    fields = [pipe.until(b"\0", MAX_FIELD) for _ in range(6)]
    sha, authored, committed, parents, subject, body = map(text, fields)
    commit = Commit(sha, _day(authored), _time(committed), subject.strip(), body.strip(), parents.split())
    commit.invalid = not (_utf8(fields[4]) and _utf8(fields[5]))
    pipe.until(b"\0", 1)
    if pipe.peek() != b"\n":
        return commit
    pipe.take(1)
    sections: list[FileDiff | None] = []
    while pipe.peek() == b":":
        sections += _entry(pipe, commit)
    if pipe.peek() == b"\0":
        pipe.take(1)
    if pipe.peek() not in (b"", b"\x01"):
        _patches(pipe.before(b"\n\x01", MAX_COMMIT), sections)
        if pipe.peek() == b"\n":
            pipe.take(1)
    return commit


def _entry(pipe: Pipe, commit: Commit) -> list[FileDiff | None]:
    """One file of `--raw -z`; returns what its patches belong to, None for those that nobody wants."""
    old_mode, mode, before, after, status = pipe.until(b"\0", 1000).decode("ascii").lstrip(":").split()
    raw = [pipe.until(b"\0", MAX_FIELD) for _ in range(2 if status[0] in "RC" else 1)]
    path = text(raw[-1])
    old_path = text(raw[0]) if len(raw) > 1 else path
    link = _LINKS.get(mode) or _LINKS.get(old_mode)
    file = None
    if link:
        commit.left_out.append((link, path))
    elif excluded(path) or (old_path is not path and excluded(old_path)):
        commit.left_out.append(("not to be read", path))
    elif len(commit.files) >= MAX_FILES:
        commit.truncated = True
    else:
        file = FileDiff(
            path,
            old_path,
            status[0],
            before if before.strip("0") else None,
            after if after.strip("0") else None,
        )
        file.invalid = not all(map(_utf8, raw))
        commit.files.append(file)
    return [file] * (2 if status[0] == "T" else 1)


def _patches(data: bytes, sections: list[FileDiff | None]) -> None:
    """The patches of a commit, one section an entry, in their order. No line of a hunk starts like the head
    of a section.
    """
    parts = (b"\n" + data.removesuffix(b"\n")).split(b"\ndiff --git ")[1:]
    complete = len(data) < MAX_COMMIT and len(parts) == len(sections)
    for file, part in zip(sections, parts + [b""] * len(sections), strict=False):
        if file is None:
            continue
        head, found, hunks = part.partition(b"\n@@")
        if not complete or len(hunks) > MAX_PATCH:
            file.truncated, file.patch = True, ""
        elif found:
            try:
                patch = hunks.decode()
            except UnicodeDecodeError:
                file.invalid, patch = True, hunks.decode("utf-8", "replace")
            file.patch += f"@@{patch}\n"
        elif b"\nBinary files " in head:
            file.binary = True


def _utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _day(raw: str) -> str:
    """The date that `--date=raw` (`1482900000 -0600`) has where it was written."""
    seconds, _, zone = raw.partition(" ")
    away = re.fullmatch(r"([+-])(\d\d)(\d\d)", zone)
    moved = timedelta(hours=int(away[2]), minutes=int(away[3])) if away else timedelta(0)
    try:
        there = _time(seconds) + (-moved if away and away[1] == "-" else moved)
    except OverflowError:
        return _EPOCH.date().isoformat()
    return there.date().isoformat()


def _time(seconds: str) -> datetime:
    """A commit's time; one outside the years that Python knows (a forged commit) counts as 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
