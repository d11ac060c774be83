"""The register `full`: a developer's questions about commits, and answers with reasons.

A commit gives at most EACH examples, of the kinds that were made least so far. What was read of it is a
`commit.Change`; answers are written in answers.py and reviews.py, and put into conversations
in forms.py.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.contradicted_reasons import contradicted
from autodidact.generators.diff_miner.full.example_kinds import KINDS, Writer
from autodidact.generators.diff_miner.full.quotable_commit_message import read_message
from autodidact.generators.diff_miner.shown_diff import Shown
from autodidact.records import Example
from autodidact.sources.documents.sentences import sentences
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.history_despite_errors import UNREADABLE
from autodidact.sources.git.hunks import hunks
from autodidact.sources.snapshot import Snapshot

# Examples of one commit.
EACH = 3
# How far a kind may exceed the share that its weight gives it, and how many it may have in any case.
EXCESS, LEAST = 1.6, 3
# Files of a commit, and characters of all its patches, that a person would read in one go.
MOST_FILES, MOST_PATCHES = 8, 40_000

# Characters of a sentence that may stand in any message.
REMARK = 40

WhyLeftOut = Callable[[FileDiff], str | None]


def examples(facts: Iterator[Commit], snapshot: Snapshot, why_left_out: WhyLeftOut) -> Iterator[Example]:
    """A few examples a commit, newest commit first. `why_left_out`: why a file of a commit is not to be
    taught.
    """
    miner = _Miner(snapshot, why_left_out)
    for commit in facts:
        yield from miner.examples(commit)


class _Miner:
    """What is remembered from commit to commit: how often each kind was made, and what was reverted later."""

    def __init__(self, snapshot: Snapshot, why_left_out: WhyLeftOut):
        self._snapshot, self._why_left_out = snapshot, why_left_out
        self._writer = Writer(snapshot)
        self._made: Counter[str] = Counter()
        self._undone: set[str] = set()
        self._merged: set[tuple[str, ...]] = set()
        self._said: set[str] = set()

    def examples(self, commit: Commit) -> Iterator[Example]:
        self._writer.confirmed.begin(commit)
        self._undone.update(re.findall(r"This reverts commit ([0-9a-f]{7,64})", commit.body))
        change = self._change(commit)
        if change is not None:
            yield from self._of(change)
        self._writer.confirmed.remember(commit)

    def _change(self, commit: Commit) -> Change | None:
        """What can be taught of a commit; None, and counted, where nothing should be."""
        troubles = self._snapshot.troubles
        if commit.boundary:
            troubles.add("end of a shallow clone: what the commit changed is not known", commit.sha)
        elif commit.truncated:
            troubles.add("commit of too many files", commit.sha)
        elif any(commit.sha.startswith(sha) for sha in self._undone):
            troubles.add("reverted commit", commit.sha)
        elif 0 < len(commit.files) <= MOST_FILES and not any(why in UNREADABLE for why, _ in commit.left_out):
            message = read_message(commit)
            # What was merged into two branches is taught once, and so is what is said of two commits.
            if message and message.reasons in self._merged:
                troubles.add("message of another commit", commit.sha)
                return None
            if message and message.reasons:
                self._merged.add(message.reasons)
                said = {text for text in sentences(message.quote()) if len(text) > REMARK}
                message = replace(message, reasons=()) if said & self._said else message
                self._said |= said
            if message and contradicted(message.quote(), commit.files):
                troubles.add("message that its diff contradicts", commit.sha)
                message = replace(message, reasons=())
            files = [file for file in commit.files if self._fine(commit, file)]
            if message and files and sum(len(file.patch) for file in files) <= MOST_PATCHES:
                shown = [Shown(file, hunks(file.patch)) for file in files if file.patch or file.status == "R"]
                repository = self._snapshot.repository
                return Change(commit, message, shown, repository) if shown and repository else None
        return None

    def _fine(self, commit: Commit, file: FileDiff) -> bool:
        why = self._why_left_out(file) or ("carriage returns" if "\r" in file.patch else None)
        if why:
            self._snapshot.troubles.add(why, f"{commit.sha}:{file.path}")
        return why is None

    def _of(self, change: Change) -> Iterator[Example]:
        rng = self._snapshot.rng("diff_miner", "full", change.commit.sha)
        order = sorted(KINDS, key=lambda kind: (self._made[kind] / KINDS[kind].weight, kind))
        groups: Counter[str] = Counter()
        # Of the kinds that this history gives.
        all_weights = sum(KINDS[kind].weight for kind in self._made) + 1
        for kind in order:
            group = KINDS[kind].group
            if sum(groups.values()) == EACH or groups[group] == KINDS[kind].most:
                continue
            share = EXCESS * KINDS[kind].weight / all_weights
            if self._made[kind] >= max(LEAST, share * self._made.total()):
                continue
            row = self._writer.row(kind, change, random.Random(f"{rng.random()}{kind}"))
            if row is not None:
                groups[group] += 1
                self._made[kind] += 1
                yield row
