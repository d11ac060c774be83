"""What the window's commits teach about changing and reviewing this code: explanations, edits, and reviews
with and without a bug.

Source: one `git log -p` over the commits of the window (`sources.repository`, `sources.branch`), newest
first, read from git's objects. Kinds: what a commit does and why, its commit message, the edit from before to
after, what differs between two versions, what it does not touch (whole_commits.py); whether callers of a
changed signature break (breaking_signature_changes.py); reviews (hunk_reviews.py), of which half have a bug
that libcst codemods planted into the shown lines, so that its kind, its line and its mending are known; and
bugs to be mended, where no review without a bug balances them, so that the question says that one is there. A
question holds what its answer needs: a bug is planted only where the diff shows that it is one, because the
line was right before or is wrong in any case (bug_is_visible.py); an edit is asked for only where the message
says what is to be written (subject_implies_edit.py); a commit's message is asked for without its reason; a
change is called clean only where time has confirmed it (code_survival.py) and no call in its file raises
TypeError (call_compatibility.py). Messages pass rules like CommitPackFT's (usable_commit_messages.py).
Merges, generated and vendored files, and commits that were reverted are left out; renames are shown as such;
tests and documents of a commit are shown when there is room. Submodules, symbolic links, binary files,
pointers of Git LFS, other encodings than UTF-8, changes of line ends, objects that are missing from a partial
clone and the end of a shallow one are counted and left out. How much of a diff is shown depends on `profile`.

    {"generator": "diff_miner", "category": "code_review",
     "messages": [{"role": "user", "content": "Please review this patch. Name the line if something is
                     wrong.\\n```diff\\n--- /dev/null\\n+++ b/httpcore/compat.py\\n@@ -0,0 +1,4 @@\\n+try:
                     \\n+    import brotli\\n+except Exception:\\n+    brotli = None\\n```"},
                  {"role": "assistant", "content": "Line 3 of `httpcore/compat.py`: too much is caught.
                     `except Exception` should be `except ImportError`: errors that are no `ImportError`, bugs
                     among them, are handled here too."}],
     "source": {"kind": "git", "ref": "39b57c93...:httpcore/compat.py", "commit": "39b57c93...",
                "path": "httpcore/compat.py", "lines": [1, 4], "ask": "review",
                "defect": {"kind": "broad except", "line": 3, "count": 1}}}

In the register `full` developers ask with a purpose, often with a commit that a tool has shown, and follow
up. What a commit does is said from its syntax trees, why in whole sentences of its message that have nothing
of their author's own voice; a review gives the defect, what follows from it and the code that mends it:
"`reserve` now raises `ValueError` when `count > stock[item]`. The message of 7eb644e52 says why: ..."
"""

import hashlib
import itertools
import re
from collections.abc import Iterator
from datetime import datetime

from autodidact.errors import NoSource, Skipped
from autodidact.generators.diff_miner import breaking_signature_changes, full, open_book_hunks, whole_commits
from autodidact.generators.diff_miner.hunk_reviews import LONGEST_LINE, Reviewer
from autodidact.generators.diff_miner.shown_diff import Shown
from autodidact.generators.diff_miner.usable_commit_messages import message, without_reason
from autodidact.generators.diff_miner.windows_line_ends import with_plain_ends
from autodidact.generators.writing import open_book
from autodidact.records import Example
from autodidact.sources.code.definitions import is_test
from autodidact.sources.excluded_paths import generated
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.history_despite_errors import UNREADABLE
from autodidact.sources.git.hunks import hunks
from autodidact.sources.snapshot import Snapshot

# Of a diff shown: what a model of that size can attend to.
MOST_LINES = {"laptop": 10, "production": 60}
# Characters of it.
MOST_TEXT = {"laptop": 440, "production": 6_000}
# Of a commit that is explained.
MOST_FILES = 3
# Characters of one file's patch that is looked at: more is a move or a table.
MOST_PATCH = 60_000
# Of later commits, for questions about files that a commit does not touch.
KNOWN_PATHS = 40

_TEXT = (
    *whole_commits.LANGUAGES,
    ".java",
    ".rb",
    ".h",
    ".cpp",
    ".cc",
    ".sql",
    ".cfg",
    ".ini",
    ".md",
    ".rst",
    ".html",
    ".css",
    ".tsx",
    ".jsx",
    ".pyi",
)
_TESTS_OR_DOCUMENTS = re.compile(
    r"\b(tests?|docs?|documentation|docstrings?|changes|changelog|authors|readme)\b", re.IGNORECASE
)
_POINTER = re.compile(r"^[+ -]version https://git-lfs\.github\.com/spec/v1", re.MULTILINE)
_DOCUMENT = re.compile(r"\.(md|rst|txt)$|(^|/)(docs?|changes|changelog)(/|$)", re.IGNORECASE)


def read(snapshot: Snapshot) -> Iterator[Commit]:
    """The window's commits, newest first, read while they are taken. Skipped without a repository or without
    commits in the window.
    """
    if snapshot.repository is None:
        raise NoSource("no repository: set sources.repository", setting="sources.repository")
    if snapshot.previous_commit and not snapshot.repository.has(snapshot.previous_commit):
        snapshot.troubles.add(
            "rewritten history: the previous cycle's commit is gone", snapshot.previous_commit
        )
    commits = snapshot.repository.commits(
        snapshot.since, limit=40 * snapshot.limit, after=snapshot.previous_commit
    )
    newest = next(commits, None)
    if newest is None:
        raise Skipped("no commits in the window")
    return itertools.chain([newest], commits)


def examples(facts: Iterator[Commit], snapshot: Snapshot) -> Iterator[Example]:
    """A few examples a commit, newest commit first; then what they have besides, where there is room."""
    miner = _Miner(snapshot)
    for commit in facts:
        yield from miner.examples(commit)
    yield from miner.surplus()


def full_examples(facts: Iterator[Commit], snapshot: Snapshot) -> Iterator[Example]:
    """The same source in the register `full`: questions with reasons, reviews, conversations (full.py)."""
    return full.examples(facts, snapshot, _why_left_out)


class _Miner:
    """What is remembered from commit to commit, newest first: the prompts so far, what was reverted or
    fixed later, the balance of reviews.
    """

    def __init__(self, snapshot: Snapshot):
        self.snapshot, self.troubles = snapshot, snapshot.troubles
        self.most, self.text = MOST_LINES[snapshot.settings.profile], MOST_TEXT[snapshot.settings.profile]
        self.reviewer = Reviewer(snapshot, self.most, self.text)
        self.prompts: set[bytes] = set()
        # Rows so far, and those that are kept for the end.
        self.from_memory = self.open_book = 0
        self.mends: list[Example] = []
        self.opened: list[Example] = []
        self.undone: set[str] = set()
        self.paths: dict[str, None] = {}
        self.newest: dict[str, datetime] = {}

    def examples(self, commit: Commit) -> Iterator[Example]:
        """Those of one commit whose prompt is new."""
        self._clock(commit)
        self.reviewer.confirmed.begin(commit)
        self.undone.update(re.findall(r"This reverts commit ([0-9a-f]{7,64})", commit.body))
        files = self._files(commit)
        if commit.boundary:
            self.troubles.add("end of a shallow clone: what the commit changed is not known", commit.sha)
        elif commit.truncated:
            self.troubles.add("commit of too many files", commit.sha)
        elif commit.subject.startswith("Revert ") or any(commit.sha.startswith(sha) for sha in self.undone):
            self.troubles.add("reverted commit", commit.sha)
        elif files:
            shown = [Shown(file, hunks(file.patch)) for file in files if file.patch or file.status == "R"]
            opened = self._read(commit, shown)
            yield from self._inline(open_book.mixed(self._of(commit, shown), opened))
            self._keep(commit, opened)
        self.reviewer.confirmed.remember(commit)
        for file in commit.files[:3]:
            self.paths.pop(file.path, None)
            self.paths[file.path] = None
        while len(self.paths) > KNOWN_PATHS:
            del self.paths[next(iter(self.paths))]

    def surplus(self) -> Iterator[Example]:
        """What the commits have besides: bugs to be mended, and the open-book questions that are missing for
        want of other rows of their own commits.
        """
        opened = iter(self.opened)
        missing = self.from_memory - self.open_book
        yield from open_book.mixed(self.mends, opened)
        yield from itertools.islice(opened, max(missing, 0))

    def _inline(self, rows: Iterator[Example]) -> Iterator[Example]:
        """The rows of one commit, counted by their sort."""
        for row in rows:
            if self._is_new(row):
                is_open = (row.source.model_extra or {}).get("ask") == open_book_hunks.ASK
                self.open_book += is_open
                self.from_memory += not is_open
                yield row

    def _keep(self, commit: Commit, opened: Iterator[Example]) -> None:
        """Keeps what a commit has besides, while there may be room for it."""
        made = self.from_memory + self.open_book + len(self.mends) + len(self.opened)
        if made < self.snapshot.limit:
            rng = self.snapshot.rng("diff_miner", commit.sha, "mend")
            self.mends += filter(self._is_new, self.reviewer.to_mend(commit, rng))
            self.opened += filter(self._is_new, opened)

    def _is_new(self, row: Example) -> bool:
        prompt = hashlib.blake2b(row.prompt().encode(), digest_size=12).digest()
        known = prompt in self.prompts
        self.prompts.add(prompt)
        return not known

    def _clock(self, commit: Commit) -> None:
        """Counts a commit that is older than its parent: its own clock, or the parent's, was wrong."""
        child = self.newest.pop(commit.sha, None)
        if child is not None and commit.committer_time > child:
            self.troubles.add("clock that went backwards", commit.sha)
        for parent in commit.parents:
            self.newest[parent] = min(self.newest.get(parent, commit.committer_time), commit.committer_time)

    def _files(self, commit: Commit) -> list[FileDiff]:
        """The files of a commit that a person may have written; the others are counted by reason."""
        for why, path in commit.left_out:
            if why != "not to be read":
                self.troubles.add(why, f"{commit.sha}:{path}")
        kept = []
        for file in commit.files:
            if reason := _why_left_out(file):
                self.troubles.add(reason, f"{commit.sha}:{file.path}")
            elif file.path.endswith(_TEXT):
                kept.append(file)
        return kept

    def _read(self, commit: Commit, files: list[Shown]) -> Iterator[Example]:
        """Short questions about a few lines."""
        shown = [part for part in files if part.file.patch and part.file.path.endswith(".py")]
        rng = self.snapshot.rng("diff_miner", commit.sha, "open book")
        return open_book_hunks.questions(commit, shown, self.reviewer.plant, sorted(self.reviewer.kinds), rng)

    def _of(self, commit: Commit, files: list[Shown]) -> Iterator[Example]:
        rng = self.snapshot.rng("diff_miner", commit.sha)
        says = None
        if commit.invalid:
            self.troubles.add("message not UTF-8", commit.sha)
        else:
            says = message(commit)
        parsed = [
            shown
            for shown in files
            if all(max(map(len, hunk.lines), default=0) <= LONGEST_LINE for hunk in shown.hunks)
        ]
        shown = self._fully_shown(commit, parsed) if says else []
        if says and shown:
            yield from whole_commits.to_examples(commit, shown, says, list(self.paths), rng)
        for part in parsed:
            if part.file.path.endswith(".py") and not is_test(part.file.path):
                yield from breaking_signature_changes.to_examples(commit, part, self.most, rng)
        whole = len(shown) == len(commit.files) == 1 and not commit.left_out
        yield from self.reviewer.reviews(
            commit,
            [part for part in parsed if part.file.path.endswith(".py")],
            f"{without_reason(says)}." if says and whole else None,
            rng,
        )

    def _fully_shown(self, commit: Commit, parsed: list[Shown]) -> list[Shown]:
        """The files that the message is about, if all of them can be shown: the code, without tests and
        documents if they are too long.

        A message that speaks of tests or documents needs them.
        """
        if (
            not parsed
            or len(commit.files) > 4 * MOST_FILES
            or any(reason in ("submodule changed", *UNREADABLE) for reason, _ in commit.left_out)
        ):
            return []
        code = [
            file.path for file in commit.files if not is_test(file.path) and not _DOCUMENT.search(file.path)
        ]
        alone = [shown for shown in parsed if shown.file.path in code]
        for chosen in (parsed, alone):
            lines = [line for shown in chosen for hunk in shown.hunks for line in hunk.lines]
            fits = (
                0 < len(chosen) <= MOST_FILES
                and len(lines) <= self.most
                and sum(map(len, lines)) <= self.text
            )
            complete = len(chosen) == len(commit.files) or (
                code and not _TESTS_OR_DOCUMENTS.search(commit.subject)
            )
            if fits and complete and set(code) <= {shown.file.path for shown in chosen}:
                return chosen
        return []


def _why_left_out(file: FileDiff) -> str | None:
    """Why nothing is taught of a file that a person would not read; None where it is fine. Its patch has
    plain line ends then.
    """
    if generated(file.path):
        return "generated or vendored file"
    if file.binary:
        return "binary file, or larger than 1 MB"
    if file.invalid:
        return "not UTF-8"
    if file.truncated or len(file.patch) > MOST_PATCH:
        return "patch too large"
    if not file.path.endswith(_TEXT):
        return None
    if _POINTER.search(file.patch):
        return "pointer of Git LFS, not the file itself"
    plain = with_plain_ends(file.patch)
    if plain is None:
        return "line ends changed, or carriage returns within lines"
    file.patch = plain
    return None
