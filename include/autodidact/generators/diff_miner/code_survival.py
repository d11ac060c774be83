"""Whether time has confirmed what a commit wrote: its lines still stand as it wrote them, long after, and no
fix has come near them. Only then a review may call them right, as nobody has read them for it.
"""

import itertools
import re
from collections import OrderedDict
from datetime import datetime, timedelta

from autodidact.errors import AutodidactError
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.hunks import Hunk, hunks
from autodidact.sources.git.repository import Repository

# How long lines have to stand. Half of the bugs that a study of the Linux kernel dated were found within a
# year (Palix et al. 2011, section 5); a quarter of a year is what a short history still has.
AGE = timedelta(days=90)
# How long lines have to last for a bug planted into them to be taken for the only one: most slips of a first
# version are mended within days. Of lines that were replaced later, how long they have to have stood.
LASTING, REPLACED = timedelta(days=30), timedelta(days=365)
# Lines that fixes touched, remembered to doubt what once wrote them.
MENDED_LINES = 200_000
# Files at the cycle's commit that are kept in memory.
MOST_FILES = 64
# Characters of a line, and of lines in a row, that are distinguished from others by their text alone.
TELLING, TELLING_RUN = 12, 40

_FIXES = re.compile(
    r"\b(fix(es|ed|ing|up)?|hotfix|bugs?|regression|broken|breakage|crash(es|ed)?|reverts?|reverted"
    r"|wrong(ly)?"
    r"|incorrect(ly)?|mistake|oops)\b",
    re.IGNORECASE,
)


class Confirmed:
    """What is known of later commits while a history is read, newest first."""

    def __init__(self, repository: Repository):
        self.repository = repository
        self.newest: datetime | None = None
        # Path in an older commit -> path at the cycle's commit; None where it is gone.
        self._now: dict[str, str | None] = {}
        self._mended: dict[str, set[int]] = {}
        # Lines that became, maybe over several commits, others that a fix touched.
        self._led_to_a_fix: dict[str, set[int]] = {}
        # Path at the cycle's commit -> line -> when it was removed next, seen from an older commit.
        self._removed: dict[str, dict[int, datetime]] = {}
        self._remembered = 0
        self._texts: OrderedDict[str, str] = OrderedDict()

    def begin(self, commit: Commit) -> None:
        """Takes the time of the newest commit."""
        self.newest = self.newest or commit.committer_time

    def remember(self, commit: Commit) -> None:
        """What older commits have to know of this one: which lines it mended, which files it moved."""
        if _FIXES.search(f"{commit.subject}\n{commit.body}"):
            self._mend(commit.files)
        for file in commit.files:
            self._trace(file)
            self._remove(file, commit.committer_time)
            if file.status == "R":
                self._now[file.old_path] = self._path(file.path)
            elif file.status == "D":
                self._now[file.path] = None

    def mended(self, file: FileDiff, hunk: Hunk) -> bool:
        """Whether a later fix touched a line that this part added."""
        touched = self._mended.get(self._path(file.path) or file.path, ())
        return any(hash_of(line[1:]) in touched for line in hunk.lines if line[0] == "+")

    def led_to_a_fix(self, file: FileDiff, hunk: Hunk) -> bool:
        """Whether a line that this part added was rewritten into one that a later fix touched."""
        touched = self._led_to_a_fix.get(self._path(file.path) or file.path, ())
        return any(hash_of(line[1:]) in touched for line in hunk.lines if line[0] == "+")

    def stands(self, commit: Commit, file: FileDiff, hunk: Hunk) -> bool:
        """Whether all that this part added stands in the file at the cycle's commit as it was written, at
        least AGE later.
        """
        path = self._path(file.path)
        if self.newest is None or self.newest - commit.committer_time < AGE or path is None:
            return False
        text = self._text(path)
        return all(f"\n{run}\n" in text for run in _runs(hunk))

    def lasts(self, commit: Commit, file: FileDiff, hunk: Hunk) -> bool:
        """Whether this part is LASTING old, and nobody removed a line of it before it was REPLACED old."""
        if self.newest is None or self.newest - commit.committer_time < LASTING:
            return False
        removed = self._removed.get(self._path(file.path) or file.path, {})
        times = [removed.get(hash_of(line[1:])) for line in hunk.lines if line[0] == "+"]
        return all(time is None or time - commit.committer_time >= REPLACED for time in times)

    def _path(self, path: str) -> str | None:
        return self._now.get(path, path)

    def _text(self, path: str) -> str:
        """The file at the cycle's commit between line ends; "" where it cannot be read."""
        if path not in self._texts:
            try:
                data = self.repository.read_at(self.repository.commit, path) or b""
            except AutodidactError:
                data = b""
            text = data.decode("utf-8", "replace").replace("\r\n", "\n")
            self._texts[path] = f"\n{text}\n"
            if len(self._texts) > MOST_FILES:
                self._texts.popitem(last=False)
        self._texts.move_to_end(path)
        return self._texts[path]

    def _trace(self, file: FileDiff) -> None:
        """Remembers the lines that a commit replaced by such as a later fix touched."""
        path = self._path(file.path) or file.path
        fixed = self._mended.get(path, set()) | self._led_to_a_fix.get(path, set())
        if not fixed:
            return
        for hunk in hunks(file.patch):
            if any(line[0] == "+" and hash_of(line[1:]) in fixed for line in hunk.lines):
                gone = {
                    hash_of(line[1:]) for line in hunk.lines if line[0] == "-" and len(line.strip()) > TELLING
                }
                self._led_to_a_fix.setdefault(path, set()).update(
                    gone if self._remembered < MENDED_LINES else ()
                )
                self._remembered += len(gone)

    def _remove(self, file: FileDiff, time: datetime) -> None:
        """Remembers when the lines were removed which a commit removed."""
        removed = self._removed.setdefault(self._path(file.path) or file.path, {})
        for line in file.patch.split("\n"):
            if line[:1] == "-" and len(line.strip()) > TELLING and len(removed) < MENDED_LINES // MOST_FILES:
                removed[hash_of(line[1:])] = time

    def _mend(self, files: list[FileDiff]) -> None:
        """Remembers the lines that a fix removed, and those next to what it changed."""
        for file in files:
            touched = self._mended.setdefault(self._path(file.path) or file.path, set())
            lines = file.patch.split("\n")
            for number, line in enumerate(lines):
                near = line[:1] == " " and any(
                    0 <= n < len(lines) and lines[n][:1] in ("+", "-") for n in (number - 1, number + 1)
                )
                known = len(line.strip()) > TELLING and self._remembered < MENDED_LINES
                if known and (line[:1] == "-" or near):
                    touched.add(hash_of(line[1:]))
                    self._remembered += 1


def _runs(hunk: Hunk) -> list[str]:
    """The added lines that follow one another; short runs with the line above and the one below."""
    after = [line for line in hunk.lines if line[0] != "-"]
    added = [number for number, line in enumerate(after) if line[0] == "+"]
    runs = []
    for _, group in itertools.groupby(enumerate(added), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        start, end = numbers[0], numbers[-1] + 1
        if sum(len(line.strip()) for line in after[start:end]) < TELLING_RUN:
            start, end = max(start - 1, 0), end + 1
        runs.append("\n".join(line[1:] for line in after[start:end]))
    return runs


def hash_of(line: str) -> int:
    """A line by its text, the same on every machine."""
    import zlib

    text = line.strip().encode()
    return zlib.crc32(text) << 32 | zlib.adler32(text)
