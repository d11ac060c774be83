"""What is taught of a commit's message: no words of its author as the model's own, no vague subject, no reason
that is none.
"""

import random

import pytest

from autodidact.generators.diff_miner.open_book_hunks import _plain
from autodidact.generators.diff_miner.shown_diff import Shown
from autodidact.generators.diff_miner.usable_commit_messages import message, reason
from autodidact.generators.diff_miner.whole_commits import _changes, _explanation
from autodidact.sources.documents.sentences import in_first_person
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.hunks import hunks
from tests.sandbox import NOON


def commit(subject: str, body: str = "", *paths: str) -> Commit:
    files = [FileDiff(path, path, "M", "1" * 40, "2" * 40) for path in paths]
    return Commit("0" * 40, NOON, NOON, subject, body, [], files)


@pytest.mark.parametrize(
    ("subject", "body", "says"),
    [
        ("Tweak the advice", "I do run it, though I ignore the update.", "Tweak the advice."),
        (
            "Stop inlining of the cold path",
            "It grew. We saw that in a profile.",
            "Stop inlining of the cold path.",
        ),
        (
            "Fix the build of the serde tests",
            "The path was renamed last week. I guess nobody ran them? Weird.",
            "Fix the build of the serde tests. The path was renamed last week.",
        ),
        (
            "Fix the extra line of the preview",
            "When a text ends at the right end of the window\n\n    seq 10",
            "Fix the extra line of the preview.",
        ),
        (
            "Lift the constraint of the marker",
            "Use it at your own risk.",
            "Lift the constraint of the marker.",
        ),
        (
            "Close the idle connections",
            "They pile up overnight",
            "Close the idle connections. They pile up overnight.",
        ),
        ("Use my own parser for dates", "", None),
        ("Fix pylint errors", "", None),
        ("Update some of the docs", "", None),
        ("Fix pylint errors of the ledger", "", "Fix pylint errors of the ledger."),
    ],
)
def test_what_an_author_says_of_themselves_and_what_fits_any_commit_is_left_out(subject, body, says):
    assert message(commit(subject, body)) == says


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("I do run it", True),
        ("send it to my address", True),
        ("Let's refactor the schema", True),
        ("We're done", True),
        ("tell us", True),
        ("the I/O of us-east-1 in the US", False),
        ('Call `my()` with "our" names', False),
        ("A mine is no pronoun of my-app", False),
    ],
)
def test_the_first_person_of_an_author(text, first):
    assert in_first_person(text) is first


def test_a_subject_that_names_its_file_alone_is_vague():
    assert message(commit("Tweak issue config.yml", "", ".github/ISSUE_TEMPLATE/config.yml")) is None
    renamed = message(commit("Rename stock to store", "", "stock.py", "store.py"))
    assert renamed == "Rename stock to store."


def test_a_commit_of_change_logs_alone_is_not_told_by_its_subject():
    subject = "Improve the docs of --replace"
    assert message(commit(subject, "", "CHANGELOG.md", "docs/news/1.rst")) is None
    assert message(commit(subject, "", "CHANGELOG.md", "doc/rg.1.txt")) == f"{subject}."


def test_why_is_asked_only_where_the_message_says_why():
    assert reason("Remove the macro. The tests are adapted.") == ""
    why = "Remove the macro. It is not needed since the standard library has one."
    assert reason(why) == "It is not needed since the standard library has one."
    asked = [_explanation("Remove the macro.", True, random.Random(seed)) for seed in range(60)]
    assert not [ask for ask, _ in asked if "why" in ask.lower() or "for?" in ask]
    answers = {ask: answer for ask, answer in (_explanation(why, True, random.Random(n)) for n in range(200))}
    said = "It is not needed since the standard library has one. The change: remove the macro."
    assert answers["Why was `{path}` changed here?"] == said
    assert answers["Describe the change to `{path}`."] == why


def test_a_question_names_a_file_only_where_the_commit_has_no_other():
    asked = {_explanation("Remove the macro.", False, random.Random(seed))[0] for seed in range(60)}
    assert not [ask for ask in asked if "{path}" in ask]


RENAMED = "@@ -1,4 +1,4 @@\n-def check(a):\n+def refuse(a):\n     if a is None:\n         raise ValueError(a)\n     return a\n"


def test_a_function_under_another_name_is_not_called_new():
    file = FileDiff("shop.py", "shop.py", "M", "1" * 40, "2" * 40, RENAMED)
    part = Shown(file, hunks(RENAMED))
    assert _changes([part]) == "It changes `shop.py` (+1 -1)."
    rows = [(line, number) for line, number in part.hunks[0].numbered() if line[0] != "-"]
    kinds = {_plain(rows, True, random.Random(seed))[2][0] for seed in range(60)}
    assert kinds == {"has", "state", "count"}
