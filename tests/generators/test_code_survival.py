"""Which changes time has confirmed: they stand as they were written, long after, and no fix came near them."""

import pytest

from autodidact.generators.diff_miner.code_survival import Confirmed
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.git.hunks import hunks
from autodidact.sources.git.repository import Repository

OLD = "def fits(count, room):\n    return count <= room\n"
CHECK = (
    "def fits(count, room):\n    if count < 0:\n        raise ValueError(count)\n    return count <= room\n"
)
LATE = 24 * 100


@pytest.fixture
def verdict(sandbox):
    """Whether the commit "Refuse" is confirmed at the end of a history of further commits."""

    def judge(*later: tuple[str, dict[str, str], float]) -> bool:
        sandbox.commit("Begin", {"shop.py": OLD})
        sandbox.commit("Refuse a count below nothing", {"shop.py": CHECK}, hours=1)
        for message, files, hours in later:
            sandbox.commit(message, files, hours=hours)
        with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
            known = Confirmed(repository)
            for commit in repository.commits():
                known.begin(commit)
                if commit.subject.startswith("Refuse"):
                    return _judged(known, commit)
                known.remember(commit)
        raise AssertionError

    return judge


def _judged(known: Confirmed, commit: Commit) -> bool:
    (file,) = commit.files
    (hunk,) = hunks(file.patch)
    return known.stands(commit, file, hunk) and not known.mended(file, hunk)


NEWS = {"news.md": "News\n"}


def test_what_stands_for_a_quarter_of_a_year_is_confirmed(verdict):
    assert verdict(("Tell the news", NEWS, LATE))


def test_what_is_young_is_not(verdict):
    assert not verdict(("Tell the news", NEWS, 24 * 80))


def test_what_was_changed_since_is_not(verdict):
    changed = CHECK.replace("count < 0", "count < 1")
    assert not verdict(("Count from one", {"shop.py": changed}, 5), ("Tell the news", NEWS, LATE))


def test_what_a_line_was_put_into_is_not(verdict):
    changed = CHECK.replace("0:\n", "0:\n        print(count)\n")
    assert not verdict(("Print the count", {"shop.py": changed}, 5), ("Tell the news", NEWS, LATE))


@pytest.mark.parametrize(("message", "confirmed"), [("Fix the bound", False), ("Tighten the bound", True)])
def test_what_a_fix_came_near_to_is_not(verdict, message, confirmed):
    """Its lines stand, but a fix once put something right below them."""
    fixed = CHECK.replace("(count)\n    return", "(count)\n    assert room\n    return")
    history = [(message, {"shop.py": fixed}, 5), ("Drop the assertion", {"shop.py": CHECK}, 6)]
    assert verdict(*history, ("Tell the news", NEWS, LATE)) is confirmed


def test_what_was_moved_to_another_path_is_found_there(verdict, sandbox):
    assert verdict(("Tell the news", NEWS, LATE))
    sandbox.git("mv", "shop.py", "store.py")
    sandbox.commit("Move the shop", hours=LATE + 1)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        known = Confirmed(repository)
        for commit in repository.commits():
            known.begin(commit)
            if commit.subject.startswith("Refuse"):
                assert _judged(known, commit)
            known.remember(commit)
