"""Where the names of a code base were defined at each commit of its branch, in which class, with which base.

The branch's line of first parents is walked once, and of each commit only the files that it touched are read
(outline.py). What is kept are statements with the commits from which and to which they were true; a later
walk reads only what came since. Tests are left out, as are files that no person wrote.

    history = name_history(repository, cache, "shop-1f0c77aa")
    history.now("defined_in", "Order", "shop/order.py")     # Span(start=12, end=None): true since commit 12
    history.earlier("defined_in", "Order")                  # [("shop/models.py", Span(start=3, end=12))]
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import cached_property

import msgspec

from autodidact.errors import AutodidactError
from autodidact.records import instant
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.outline import VERSION, Outline, outline
from autodidact.sources.excluded_paths import generated
from autodidact.sources.git.first_parents import Change, Step, line_of, steps
from autodidact.sources.git.repository import Repository
from autodidact.store import Cache

KINDS = ("defined_in", "base_class", "method_of")
# Commits and changed Python files of one history, the newest ones; what was so before them is so since a time
# that is not known. Celery's 7,900 commits change 19,000 files, which takes 12 s.
MOST_COMMITS = 50_000
MOST_CHANGES = 150_000
# In a Span: from before the first commit that was read.
UNKNOWN = -1

# (kind, subject, value)
Statement = tuple[str, str, str]


class Span(msgspec.Struct, array_like=True):
    """A statement is true from the commit number `start` on, up to the one before `end` (None: still).

    `alone`: the first commit at which it was the only one of its kind about its subject, None if it never
    was. `count`: how many files make it now.
    """

    start: int
    end: int | None = None
    alone: int | None = None
    count: int = 0


class Kept(msgspec.Struct, array_like=True):
    """The form in the cache. `line`: (commit, its time in seconds), the oldest first. `whole`: the line's
    first commit is the repository's first, so that before it there was nothing.
    """

    line: list[tuple[str, int]]
    whole: bool
    spans: dict[str, dict[str, dict[str, list[Span]]]]


class NameHistory:
    """What was true at each commit of a line up to `last`, a commit's number."""

    def __init__(self, kept: Kept, last: int):
        self._kept, self._last = kept, last

    def at(self, commit: str) -> "NameHistory | None":
        """The same history up to an earlier commit; None where that is not of the line."""
        numbers = {sha: number for number, (sha, _) in enumerate(self._kept.line[: self._last + 1])}
        return NameHistory(self._kept, numbers[commit]) if commit in numbers else None

    def moment(self, number: int) -> tuple[str, str] | None:
        """(time, id) of the commit of this number; None for UNKNOWN."""
        if number == UNKNOWN:
            return None
        sha, seconds = self._kept.line[number]
        return instant(datetime.fromtimestamp(seconds, timezone.utc)), sha

    def now(self, kind: str, subject: str, value: str) -> Span | None:
        """Since when something is true; None where it is not, or was not read."""
        spans = self._kept.spans[kind].get(subject, {}).get(value, ())
        return next((span for span in reversed(spans) if self._holds(span)), None)

    def earlier(self, kind: str, subject: str) -> list[tuple[str, Span]]:
        """(value, when) of what was the one true value of a subject and is none now; the oldest end first."""
        found = [
            (value, span)
            for value, spans in self._kept.spans[kind].get(subject, {}).items()
            for span in spans
            if span.end is not None and span.end <= self._last
            if span.alone is not None and span.alone <= self._last
        ]
        return sorted(found, key=lambda pair: (pair[1].end, pair[1].start, pair[0]))

    def last(self, kind: str, subject: str) -> str | None:
        """What was true of a subject last, or is; None where nothing was read of it."""
        found = [
            (not self._holds(span), -span.start, value)
            for value, spans in self._kept.spans[kind].get(subject, {}).items()
            for span in spans
            if span.start <= self._last
        ]
        return min(found)[2] if found else None

    def ended(self, kind: str, subject: str) -> int | None:
        """The commit at which the last that was true of a subject ended; None where that is not known."""
        ends = [
            span.end
            for spans in self._kept.spans[kind].get(subject, {}).values()
            for span in spans
            if span.end is not None and span.end <= self._last
        ]
        return max(ends, default=None)

    def gone(self, since: int) -> Iterator[tuple[str, str]]:
        """(kind, subject) of all that had one true value, and has had none since a commit at or after the
        number `since`.
        """
        for kind, subjects in self._kept.spans.items():
            for subject, values in sorted(subjects.items()):
                spans = [span for found in values.values() for span in found if span.start <= self._last]
                if any(self._holds(span) for span in spans):
                    continue
                ends = [span.end for span in spans if span.alone is not None and span.alone <= self._last]
                if any(end is not None and since <= end <= self._last for end in ends):
                    yield kind, subject

    def number_at(self, moment: datetime) -> int:
        """The number of the first commit of the line that was made at this time or later."""
        seconds = moment.timestamp()
        numbers = range(self._last + 1)
        return next((n for n in numbers if self._kept.line[n][1] >= seconds), self._last + 1)

    def _holds(self, span: Span) -> bool:
        return span.start <= self._last and (span.end is None or span.end > self._last)

    @cached_property
    def commits(self) -> int:
        """How many commits were read."""
        return self._last + 1


def name_history(repository: Repository, cache: Cache | None, system: str) -> NameHistory:
    """The history of the names of a repository up to its commit. What was walked before is taken from the
    cache; without it everything is walked again, with the same result.
    """
    key = f"{system}-names-{VERSION}"
    kept = _load(cache, key)
    tip = repository.commit
    found = NameHistory(kept, len(kept.line) - 1).at(tip) if kept else None
    if kept is None or found is None:
        line = set(line_of(repository.folder, tip, MOST_COMMITS))
        # A history that was rewritten is walked anew.
        extends = kept is not None and kept.line[-1][0] in line
        kept = _walked(repository, kept if extends else None)
        if cache:
            cache.put("code", key, msgspec.json.encode(kept))
        found = NameHistory(kept, len(kept.line) - 1)
    return found


def _load(cache: Cache | None, key: str) -> Kept | None:
    data = cache.get("code", key) if cache else None
    try:
        return msgspec.json.decode(data, type=Kept) if data else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        # A torn entry is made again.
        return None


def _walked(repository: Repository, kept: Kept | None) -> Kept:
    """What is kept, with the commits up to the repository's."""
    shallow = repository.shallow()
    found: list[Step] = []
    changes = 0
    wanted, after = _wanted(repository), kept.line[-1][0] if kept else None
    for step in steps(repository.folder, repository.commit, after, wanted):
        if step.truncated:
            break
        found.append(step)
        changes += len(step.changes)
        if step.sha in shallow or len(found) >= MOST_COMMITS or changes >= MOST_CHANGES:
            break
    else:
        after = None
    if after:
        # What was read before does not follow on any more.
        kept = None
    if not found:
        raise AutodidactError(
            f"commit {repository.commit} of {repository.path} changes too many files",
            "Its history is not read.",
        )
    found.reverse()
    book = _Book(repository, kept or Kept([], found[0].first and found[0].sha not in shallow, _empty()))
    if not kept and not book.kept.whole:
        book.begin(found.pop(0))
    for step in found:
        book.add(step)
    return book.kept


def _empty() -> dict[str, dict[str, dict[str, list[Span]]]]:
    return {kind: {} for kind in KINDS}


def _wanted(repository: Repository) -> Callable[[str], bool]:
    """Tells of a path whether it is one of code that is read: no test, and nothing that was forgotten."""

    def wanted(path: str) -> bool:
        left = is_test(path) or generated(path) or repository.left(path)
        return path.lower().endswith(".py") and not left

    return wanted


class _Book:
    """Statements, brought from commit to commit."""

    def __init__(self, repository: Repository, kept: Kept):
        self.kept = kept
        self._repository = repository
        # Outlines of the newest contents; a file that moves is not read again.
        self._outlines: dict[str, Outline | None] = {}

    def begin(self, step: Step) -> None:
        """The first commit that can be read, with all that is there, since nobody knows when."""
        entries = self._repository.at(step.sha)
        with entries:
            wanted = _wanted(entries)
            files = [Change(e.path, None, e.blob) for e in entries.files([".py"]) if wanted(e.path)]
        self.add(Step(step.sha, step.time, step.first, files), unknown=True)

    def add(self, step: Step, unknown: bool = False) -> None:
        """One commit: what its changes make true or untrue."""
        number = len(self.kept.line)
        self.kept.line.append((step.sha, step.time))
        more: dict[Statement, int] = defaultdict(int)
        # What a file that cannot be read said, before or after: neither true nor untrue from now on.
        unclear: set[Statement] = set()
        for change in step.changes:
            before, after = (
                self._statements(change.path, change.before),
                self._statements(change.path, change.after),
            )
            for statement in before or ():
                more[statement] -= 1
            for statement in after or ():
                more[statement] += 1
            if before is None or after is None:
                unclear.update(before or (), after or ())
        for statement, files in more.items():
            self._count(statement, files, UNKNOWN if unknown or statement in unclear else number, number)
        for kind, subject in dict.fromkeys((kind, subject) for kind, subject, _ in more):
            self._mark(kind, subject, number)

    def _statements(self, path: str, blob: str | None) -> list[Statement] | None:
        """What a content says at a path; nothing without one, None where it cannot be read."""
        if blob is None:
            return []
        if blob not in self._outlines:
            if len(self._outlines) > 5_000:
                self._outlines.clear()
            data = next((data for _, data in self._repository.read_many([blob])), None)
            self._outlines[blob] = (
                None if data is None else Outline() if generated(path, data) else outline(data)
            )
        found = self._outlines[blob]
        return (
            None
            if found is None
            else [
                *(("defined_in", name, path) for name in found.tops),
                *(("base_class", *pair) for pair in found.bases),
                *(("method_of", *pair) for pair in found.methods),
            ]
        )

    def _count(self, statement: Statement, more: int, start: int, number: int) -> None:
        """Counts the files that make a statement; begins its time at `start`, or ends it."""
        if not more:
            return
        kind, subject, value = statement
        spans = self.kept.spans[kind].setdefault(subject, {}).setdefault(value, [])
        if not spans or spans[-1].end is not None:
            spans.append(Span(start))
        spans[-1].count += more
        if spans[-1].count > 0:
            return
        if start == UNKNOWN or spans[-1].start == number:
            spans.pop()
        else:
            spans[-1].end = number

    def _mark(self, kind: str, subject: str, number: int) -> None:
        """Notes which statement is now the only one about a subject."""
        places = self._open("defined_in", subject)
        found = self._open(kind, subject)
        single = kind != "base_class" or sum(span.count for span in places) == 1
        if single and sum(span.count for span in found) == 1 and found[0].alone is None:
            found[0].alone = number

    def _open(self, kind: str, subject: str) -> list[Span]:
        values = self.kept.spans[kind].get(subject, {})
        return [spans[-1] for spans in values.values() if spans and spans[-1].end is None]
