"""The tests that came with a commit, and how to run them."""

import random

from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Definition
from autodidact.generators.diff_miner.shown_diff import Shown
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.definitions import is_test

# Tests that are named.
MOST_TESTS = 3


def tests(change: Change, rng: random.Random) -> str | None:
    """The tests that came with the commit: their names, and how to run them. None where the commit does more
    among the tests than to add these to one file, as they may need it.
    """
    found, files = change.parsed.tests, [shown for shown in change.files if is_test(shown.file.path)]
    if not (change.complete and 0 < len(found) <= MOST_TESTS and len(files) == 1):
        return None
    (shown,) = files
    path, text = shown.file.path, change.read_at(shown.file.path) or ""
    if shown.file.status != "A" and not _adds_only(shown, found):
        return None
    where = f"`{path}`, a new file" if shown.file.status == "A" else f"`{path}`"
    names = listing(f"`{test.name}`" for test in found)
    lead = rng.choice(
        (
            f"The commit comes with {names} in {where}.",
            f"In {where}: {names}.",
            f"With {change.sha} came {names} ({where}).",
        )
    )
    # Their code was shown by the tool that the answer rests on, or nobody knows it by heart.
    run = " ".join(f"{path}::{test.name.replace('.', '::')}" for test in found)
    return f"{lead} Run `pytest {run}`." if "pytest" in text else lead


def _lines(one: Definition) -> range:
    """The lines of a function with its decorators."""
    first = min([one.node.lineno, *(decorator.lineno for decorator in one.node.decorator_list)])
    return range(first, (one.node.end_lineno or first) + 1)


def _adds_only(shown: Shown, tests: list[Definition]) -> bool:
    """Whether all that is different in a file is that these tests are new."""
    theirs = {number for test in tests for number in _lines(test)}
    lines = [(line, number) for hunk in shown.hunks for line, number in hunk.numbered()]
    return all(
        line[0] == " " or not line[1:].strip() or (line[0] == "+" and number in theirs)
        for line, number in lines
    )
