"""The register `full` of diff_miner: what is quoted of a message, how edits are put into words, and whole
examples of a small history.
"""

import ast
import random
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autodidact.generators.diff_miner.code_survival import Confirmed
from autodidact.generators.diff_miner.full import change_sentences as full_sentences
from autodidact.generators.diff_miner.full import commit_answers as full_answers
from autodidact.generators.diff_miner.full import review_answers as reviews
from autodidact.generators.diff_miner.full.closed_book_questions import holds
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.contradicted_reasons import contradicted
from autodidact.generators.diff_miner.full.definition_changes import Value
from autodidact.generators.diff_miner.full.edits_in_words import Comparer
from autodidact.generators.diff_miner.full.question_wordings import ASK, Room
from autodidact.generators.diff_miner.full.question_wordings import question as question_about
from autodidact.generators.diff_miner.full.quotable_commit_message import read_message
from autodidact.generators.diff_miner.full.stated_reasons import (
    gives_reason,
    leads_with_cause,
    states_cause,
    third_person,
)
from autodidact.generators.diff_miner.plant_bugs import Defect
from autodidact.generators.diff_miner.shown_diff import Shown, stands_alone
from autodidact.records import Example
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.hunks import Hunk, hunks
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, examples_of, snapshot
from tests.sandbox import NOON, Sandbox

STOCK = '''"""What is in store."""


def reserve(stock, item, count):
    left = stock[item] - count
    return left


def total(prices):
    return sum(prices)
'''
CHECKED = STOCK.replace(
    "    left =", "    if count > stock[item]:\n        raise ValueError(count)\n    left ="
)
TEST = '''import pytest

from stock import reserve


def test_reserve_refuses_too_much():
    """More than there is cannot be reserved."""
    with pytest.raises(ValueError):
        reserve({"pen": 1}, "pen", 2)
'''
REASON = "Negative stock was sold twice before Christmas, since nothing looked at what was left."


def commit(subject: str, body: str = "") -> Commit:
    return Commit("f" * 40, NOON, NOON, subject, body, [])


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (f"{REASON}\n\nSigned-off-by: Ada <a@b.c>", (REASON,)),
        ("Negative stock was sold\ntwice before Christmas, really.\n\nFixes #12", None),
        ("I did this because the shop was broken all of Monday and Tuesday.", ()),
        ("We sold negative stock twice before Christmas and nobody noticed it.", ()),
        (f"Thanks to the review of @bob this is now much better than it was.\n\n{REASON}", ()),
        (f"{REASON}\n\nSee https://example.org/12 for what was wrong with the shop.", ()),
        (f"This is achieved by looking at what is left of an item in the stock.\n\n{REASON}", ()),
        ("The shop has to refuse this in three cases, which are the following:\n\n- one\n- two", ()),
        (
            f"* Refuse it\n\n{REASON}\n\n* fix the linter\n\nThe linter was not content with the first try.",
            (REASON,),
        ),
        (f"* Refuse it\n\n{REASON}\n\n* Update stock.py", ()),
        (
            f"* Add a test\n\nA test of the till at night was still missing.\n\n* Refuse it\n\n{REASON}",
            (REASON,),
        ),
        ("By looking at what is left of an item in stock, instead of trusting the customer.", ()),
        ("While selling the last pens of the shop to somebody who wanted more.", ()),
        ("The lifetime of the till may be incorrect/inappropriate; its justification is that it sells.", ()),
        ("Refuse to reserve,\nNo redundant checks, unnecessary tills, and it is not broken any more.", ()),
        ("In particular, this makes it easier to see when the till is broken.", ()),
        ("Not only this, the second half of it was dropped since (see", ()),
        ("Hasn't been caught before because the till is tested on Mondays only, and never at night.", ()),
        (f"{REASON[:-1]}\nSigned-off-by: Ada <a@b.c>", (REASON,)),
        # What looks like a trailer goes on with a sentence.
        (
            "The till was broken at night, since nobody closed it. Treat noon as\nEvening: the till is closed then.",
            (
                "The till was broken at night, since nobody closed it. Treat noon as Evening: the till is closed"
                " then.",
            ),
        ),
        ("The problem and solution is the same as at noon. The till was not open yet, so nobody sold.", ()),
        ("Similar to the other till, this helps the shop with what is broken at night.", ()),
        ("By default the shop sells at noon, so reworded that a bit. It is broken at night.", ()),
        ("To do this, the till had to be closed first, so that nobody could open it again.", ()),
        ("Because of this the till was broken whenever somebody had left the shop before noon.", ()),
        ("...but keep the old name of the till, so that what was sold before can still be read.", ()),
    ],
)
def test_a_body_is_quoted_whole_and_in_nobodys_own_voice_or_not_at_all(body, kept):
    message = read_message(commit("Refuse to reserve too much", body))
    assert message is not None
    if kept is None:
        kept = ("Negative stock was sold twice before Christmas, really.",)
    assert message.reasons == kept


@pytest.mark.parametrize(
    ("subject", "does"),
    [
        ("fix(stock): close the till (#12)", "closes the till"),
        ("Fix #12: Try the other till", "tries the other till"),
        ("Fix reserve ignores the stock of the shop", None),
        ("Close the till and open the door", None),
        ("Closed the till at night", None),
        ("Accept unicode till names", None),
    ],
)
def test_a_subject_in_the_third_person(subject, does):
    message = read_message(commit(subject))
    assert (message.does() if message else None) == does


@pytest.mark.parametrize(
    "subject",
    [
        "Close the till in the night, that will",
        "Bump version to 2.0",
        "typo",
        "I close the till now",
        "Merge branch main",
        "wip: close the till",
    ],
)
def test_a_subject_that_is_not_worth_repeating(subject):
    assert read_message(commit(subject)) is None


def test_an_order_alone_is_no_reason():
    assert not gives_reason("Register the role with parentheses like the references of functions are.")
    assert not gives_reason("Handle to avoid calls of the till when the customer has already left the shop.")
    # What is made possible is what is done, not why.
    assert not gives_reason(
        "Modifies the subcommand `--berth` to allow a skipper to return several names of berths."
    )
    # Of a time, no cause.
    assert not gives_reason(
        "Use the tills that are available since Python 3.9 to find the place of the shop."
    )
    assert not gives_reason(
        "Use the till.find available since version 3.9 to find the place of the old shop."
    )
    assert gives_reason("Register the role so that references in the documentation do not end in errors.")
    assert third_person("try") == "tries" and third_person("display") == "displays"


LIMITS = (
    "afero.Fs/File requires mutating methods implementation but they will always return error because fs.FS is"
    " read-only. ReadAt and Seek will return error if underlying fs.File doesn't implement them."
)


@pytest.mark.parametrize(
    ("text", "reason", "cause"),
    [
        (LIMITS, False, False),
        ("Without the lock, two desks will sell the last seat of a sailing at the same time.", True, True),
        ("The count of seats was read too early, because the lock was taken after it.", True, True),
        ("The argument matches what the other functions of the module have been taking.", True, False),
        (
            "The variable SHOP_DESCRIPTIONS=0 can now be used to disable the descriptions of the till.",
            True,
            False,
        ),
        (
            "Make it so that the first letter is small and rephrase the second half of the sentence.",
            False,
            False,
        ),
        (
            "When looking at the till in order to close it, reorder the coins, annotate them and avoid wrong sums.",
            False,
            False,
        ),
        ("In `close_till`, break the counting out to a function, and add notes to the manual.", False, False),
        ("Close the till at night. Also, if closing it fails, prevent the shop from opening.", False, False),
        (
            "If a failure is one of the till already, don't put it into another one. Keep it as it is.",
            False,
            False,
        ),
        ("No longer assume that the till has a drawer on the old desk. Update the manual.", False, False),
        # The cause of a part of the change, which is the change itself.
        ("Because this change is not compatible, an argument is added to the till's opening.", False, False),
    ],
)
def test_what_new_code_will_not_do_is_no_reason_for_it(text, reason, cause):
    assert (gives_reason(text), states_cause(text)) == (reason, cause)


@pytest.mark.parametrize(
    ("before", "after", "now", "gone"),
    [
        ("a()", "if x > 1:\n        raise KeyError(x)\n    a()", ["raises `KeyError` when `x > 1`"], []),
        ("return a", "return b", ["returns `b` instead of `a`"], []),
        ("a(x)", "a(x, by=2)", ["passes `by=2` to `a`"], []),
        ("if a:\n        b()", "if a or c:\n        b()", ["tests `a or c` instead of `a`"], []),
        ("a()", "with lock:\n        a()", ["calls `a()` inside `with lock`"], []),
        (
            "try:\n        a()\n    except KeyError:\n        pass",
            "try:\n        a()\n    except OSError:\n        pass",
            ["catches `OSError` instead of `KeyError`"],
            [],
        ),
        ("a()\n    b()", "b()", [], ["calls `a()`"]),
        ("x = 1", "x = 2", ["sets `x` to `2` instead of `1`"], []),
    ],
)
def test_edits_are_put_into_words(before, after, now, gone):
    sources = [f"def f(x):\n    {body}\n" for body in (before, after)]
    nodes = [ast.parse(source).body[0] for source in sources]
    edits = Comparer(*sources).functions(*nodes)
    assert (edits.now, edits.gone, edits.whole) == (now, gone, True)


def test_what_cannot_be_said_is_not_said():
    sources = ["def f(x):\n    a()\n", "def f(x):\n    for i in x:\n        while i:\n            i = a(i)\n"]
    edits = Comparer(*sources).functions(*(ast.parse(source).body[0] for source in sources))
    assert not edits.whole


def test_what_runs_under_a_condition_is_not_said_without_it():
    sources = [f"def f(x):\n    if x:\n        {line}\n    b()\n" for line in ("return 1", "raise KeyError")]
    edits = Comparer(*sources).functions(*(ast.parse(source).body[0] for source in sources))
    assert (edits.now, edits.whole) == ([], False)


@contextmanager
def newest_change(sandbox):
    """The newest commit, with its message and its files."""
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        newest = next(repository.commits(None))
        message = read_message(newest)
        assert message is not None
        yield Change(newest, message, [Shown(f, hunks(f.patch)) for f in newest.files], repository)


@pytest.fixture
def change(sandbox):
    """A commit that adds a check, with a test and a reason."""
    sandbox.commit("Begin", {"stock.py": STOCK})
    subject = "Refuse to reserve more than there is"
    sandbox.commit(
        f"{subject} (#12)\n\n{REASON}\n\nCloses #7\n\nSigned-off-by: Ada <ada@example.org>",
        {"stock.py": CHECKED, "tests/test_stock.py": TEST},
        hours=1,
    )
    with newest_change(sandbox) as made:
        yield made


def test_what_a_commit_does_is_said_from_its_code(change):
    assert full_sentences.edits(change) == "`reserve` now raises `ValueError` when `count > stock[item]`."
    assert change.hidden == "(Not shown: tests/test_stock.py.)"
    assert change.message.does() == "refuses to reserve more than there is"


def test_a_reason_is_the_messages_and_attributed(change):
    for seed in range(20):
        answer = full_answers.why(change, random.Random(seed))
        assert answer is not None
        assert f'"{REASON}"' in answer and answer.endswith(" It closes #7.")
        assert "message" in answer.replace(REASON, "")
        assert not any(word in answer for word in ("  ", " .", "Signed-off"))


def test_a_reason_is_asked_for_with_every_file_that_it_may_be_of(change):
    room = Room("production")
    message, why = (str(room.diff(change, kind)) for kind in ("message", "why"))
    assert "tests/test_stock.py" in why and why.endswith("\n```")
    assert message.endswith("\n(Not shown: tests/test_stock.py.)")
    # It may be the reason for the test alone, so no question is about one of the two files.
    asked = {question_about(change, "why", "tool", random.Random(seed)) for seed in range(60)}
    assert not [one for one in asked if one is None or "`" in one]


def test_no_reason_is_asked_for_where_a_file_is_not_shown(change):
    change.complete = False
    assert Room("production").diff(change, "explain") is None


def test_what_speaks_of_a_test_is_no_reason_for_the_rest(change):
    reason = "The test fails without this commit, since mypy puts line breaks into what it prints."
    change.message = replace(change.message, reasons=(reason,))
    assert full_answers.why(change, random.Random(1)) is None
    change.message = replace(change.message, subject="Refuse to reserve too much, and mend the test of it")
    assert full_answers.why(change, random.Random(1)) is not None


def test_a_commit_is_printed_without_the_people_of_its_trailers(change):
    assert change.printed is not None and change.printed.startswith(
        f"commit {change.commit.sha}\nDate:   2026-03-01\n\n    Refuse to reserve more than there is (#12)\n\n"
        f"    {REASON}\n\n    Closes #7\n\ndiff --git a/stock.py b/stock.py\n--- a/stock.py\n"
    )
    assert "Ada" not in change.printed


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        # Mended after a day: something was wrong with the lines.
        ([("Count in dozens", CHECKED.replace("ValueError(count)", "ValueError(item)"), 25)], False),
        # After half a year it may have been wrong still.
        ([("Count in dozens", CHECKED.replace("ValueError(count)", "ValueError(item)"), 4400)], False),
        # The same after a year.
        ([("Count in dozens", CHECKED.replace("ValueError(count)", "ValueError(item)"), 9000)], True),
    ],
)
def test_lines_that_were_soon_replaced_did_not_last(sandbox, later, expected):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit("Refuse to reserve too much", {"stock.py": CHECKED}, hours=1)
    for subject, text, hours in later:
        sandbox.commit(subject, {"stock.py": text}, hours=hours)
    sandbox.commit("Describe the shop", {"README.md": "A shop.\n"}, hours=9999)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        confirmed = Confirmed(repository)
        for each in repository.commits(None):
            confirmed.begin(each)
            if each.subject == "Refuse to reserve too much":
                (file,) = each.files
                (hunk,) = hunks(file.patch)
                assert confirmed.lasts(each, file, hunk) is expected
            confirmed.remember(each)


@pytest.mark.parametrize(("subject", "led"), [("Fix what is refused", True), ("Say it in dozens", False)])
def test_lines_led_to_a_fix_that_were_rewritten_before_it(sandbox, subject, led):
    """The fix touches the line under the name that a commit in between gave it."""
    renamed = CHECKED.replace("count", "amount")
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit("Refuse to reserve too much", {"stock.py": CHECKED}, hours=1)
    sandbox.commit("Call it the amount", {"stock.py": renamed}, hours=9000)
    sandbox.commit(subject, {"stock.py": renamed.replace("amount > stock", "amount >= stock")}, hours=9100)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        confirmed = Confirmed(repository)
        for each in repository.commits(None):
            confirmed.begin(each)
            if each.subject == "Refuse to reserve too much":
                (file,) = each.files
                (hunk,) = hunks(file.patch)
                assert confirmed.led_to_a_fix(file, hunk) is led
                assert not confirmed.mended(file, hunk)
            confirmed.remember(each)


def mined(sandbox: Sandbox, folder: Path) -> list[Example]:
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(folder, repository, settings=FULL)
        return list(examples_of("diff_miner", seen))


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> Sandbox:
    """A dozen small commits, and two about which nothing may be said."""
    made = Sandbox(tmp_path_factory.mktemp("history") / "shop")
    made.commit("Begin", {"stock.py": STOCK})
    text = STOCK
    for n in range(7):
        text += (
            f"\n\ndef fits_{n}(count, room):\n    if count > room.left_{n}:\n        return False\n"
            "    return count\n"
        )
        reason = REASON.replace("stock", f"stock of shelf {n}")
        message = f"Look at the room of shelf {n}\n\n{reason}"
        made.commit(message, {"stock.py": text}, hours=n + 1)
    made.commit("Describe the shop", {"README.md": "A shop.\n"}, hours=9000)
    own = "Update stuff\n\nI did what I wanted here and broke the shop again."
    made.commit(own, {"stock.py": text + "\nX = 1\n"}, hours=9010)
    made.commit("Drop the shelves, as I said", {"stock.py": STOCK}, hours=9011)
    return made


@pytest.fixture(scope="module")
def rows(history, tmp_path_factory) -> list[Example]:
    return mined(history, tmp_path_factory.mktemp("mined"))


def test_examples_have_reasons_and_nobody_speaks_of_themselves(rows):
    assert {"explain", "why", "why by tool", "defect"} <= {row.source.ask for row in rows}
    for row in rows:
        assert row.category == "code_review" and len(row.response().split()) >= 10
        assert "I did" not in row.response() and "as I said" not in row.response()
    conversations = [row for row in rows if len([m for m in row.messages if m["role"] != "system"]) > 2]
    assert len(conversations) * 4 >= len(rows)


def test_a_tools_result_is_the_commit(rows, history):
    results = [
        (row, message["content"]) for row in rows for message in row.messages if message["role"] == "tool"
    ]
    assert results
    for row, shown in results:
        sha = row.source.commit
        assert shown.startswith(f"commit {sha}\nDate:   2026-03-01\n\n    Look at the room of shelf ")
        theirs = history.git("show", "--format=", "-U3", sha)
        assert theirs.partition("\n--- ")[2] == shown.partition("\n--- ")[2]


def test_a_commit_is_looked_up_by_the_id_that_the_user_gave(rows):
    asked = [
        (one["function"]["arguments"]["commit"], row.messages[place - 1]["content"])
        for row in rows
        for place, turn in enumerate(row.messages)
        for one in turn.get("tool_calls") or []
    ]
    assert asked
    for sha, question in asked:
        assert re.search(rf"(?<![0-9a-f]){sha}(?![0-9a-f])", question)


def test_what_is_mended_is_confirmed_without_a_word_of_the_rest():
    """The question is of that one point, so the answer is a yes and no disclaimer."""
    bug = planted_bug(
        "wrong return", "return conn", "return x", "what comes back is not `conn`", [" def f(x):"]
    )
    number = bug.defect.line
    assert {reviews.confirmed(bug, random.Random(seed)) for seed in range(40)} == {
        f"Yes, that mends it: line {number} has `return conn` now.",
        f"Yes. Line {number} of `{bug.file.path}` has `return conn` now.",
        f"Yes, line {number} of `{bug.file.path}` is right with `return conn`.",
        f"Yes: `return conn` stands in line {number} now, as it should.",
    }


def test_after_a_mended_bug_the_user_asks_about_that_point_alone():
    of_one_point = re.compile(r"(?:point|bug|you named|you found)[^.:]*\?$")
    assert not [ask for ask in ASK["review"]["again"] if not of_one_point.search(ask)]


@pytest.mark.parametrize(
    ("others", "alone"),
    [({}, True), ({"tests/test_till.py": TEST}, True), ({"till.py": "left = 1\n"}, False)],
)
def test_a_change_of_one_file_of_code_stands_alone(sandbox, others, alone):
    assert stands_alone(change_of(sandbox, {}, others).commit) is alone


@pytest.mark.parametrize(
    ("says", "gone", "contradicts"),
    [
        ("Replace the shell invocation with a parser of words.", "-    fields = text.split()", True),
        ("Replace the shell invocation with a parser of words.", "-    run(text, shell=True)", False),
        ("The shell is no longer used, since it fails at night.", "-    fields = text.split()", True),
        ("The parser fails at night, since it reads the till twice.", "-    fields = text.split()", False),
    ],
)
def test_what_is_said_to_be_gone_is_in_a_line_that_goes(says, gone, contradicts):
    files = [FileDiff("till.py", "till.py", "M", "a", "b", patch=f"@@ -1 +1 @@\n{gone}\n+    shell = 1")]
    assert contradicted(says, files) is contradicts


@pytest.mark.parametrize(
    "body",
    [
        "Removing the till before noon breaks the count of the shop\nRemove the old tills.",
        "Names of tills were changed to keep with custom\ngetattr call to the till (super) is unnecessary.",
    ],
)
def test_lines_of_their_own_are_not_joined(body):
    message = read_message(commit("Refuse to reserve too much", body))
    assert message is not None and message.reasons == ()


@pytest.mark.parametrize(
    ("asked", "verdicts"),
    [
        ("Title: Give the connection back. Can it be merged?", {"No, not yet", "Not yet", "No"}),
        ("The CI is green. Is the diff fine as well?", {"No, not yet", "Not yet", "No"}),
        ("LGTM?", {"No, not yet", "Not yet", "No"}),
        ("Is there a bug in here?", {"Yes"}),
        ("Approve or request changes?", {"Request changes", "Changes needed", "Changes requested"}),
        ("A verdict on `a.py`, please.", {"Request changes", "Changes needed", "Changes requested"}),
        ("This should close it. Does the code agree?", {"No", "Not yet", "Not quite"}),
        ("Quick look before I push?", {"Don't push yet", "Not yet", "Better not yet"}),
        (
            "Comments on this hunk of `pool.py`?",
            {"Request changes", "One blocking comment", "Not mergeable yet", "Changes requested", "One bug"},
        ),
    ],
)
def test_a_review_begins_with_the_verdict_that_is_asked_for(asked, verdicts):
    bug = planted_bug(
        "wrong return", "return conn", "return x", "what comes back is not `conn`", [" def f(x):"]
    )
    said = [reviews.finding(bug, random.Random(seed), asked) for seed in range(60)]
    assert {text.partition(".")[0] for text in said} == verdicts


def test_a_review_says_what_is_wrong_and_what_belongs_there():
    bug = planted_bug("identity", "return a == 1", "return a is 1", "`is` asks", ["-    return a == 1"])
    for seed in range(30):
        first = reviews.finding(bug, random.Random(seed), "Please review.").partition("```")[0]
        assert "`return a is 1`" in first and "`return a == 1`" in first and "line 1" in first.lower()
        assert "as in the line that it replaces" in first or " turns " in first


def test_a_review_of_some_lines_is_not_asked_for_line_by_line():
    assert not [ask for ask in ASK["review"]["pasted"] if "Line by line" in ask]


SWAPPED_PAIR = ("return code, date", "return date, code", "whoever unpacks it gets them swapped")
SWAPPED = ("find(text, names)", "find(names, text)", "`find` takes `text` before `names`")
TWICE = ("find(text, names)", "find(text, text)", "`text` is passed twice and `names` not at all")


@pytest.mark.parametrize(
    ("kind", "bug", "before", "doubt"),
    [
        ("wrong return", SWAPPED_PAIR, [" def main(text):"], True),
        ("wrong return", SWAPPED_PAIR, [" def main(text):", "-    return code, date"], False),
        ("swapped arguments", SWAPPED, [" def main(text, names):"], True),
        ("swapped arguments", SWAPPED, [" def find(text, names):"], False),
        ("swapped arguments", SWAPPED, [" def find(what, where):"], True),
        ("wrong variable", TWICE, [" def main(text, names):"], True),
        ("wrong variable", TWICE, ["-    found = find(text, names)"], False),
    ],
)
def test_an_order_that_nothing_shown_gives_is_in_doubt(kind, bug, before, doubt):
    good, bad, effect = bug
    assert reviews.in_doubt(planted_bug(kind, good, bad, effect, before)) is doubt


def test_the_sort_of_what_may_be_no_list_is_in_doubt():
    bug = planted_bug(
        "wrong function", "sorted(extra)", "extra.sort()", "the `sort` of a list gives None", []
    )
    defect = replace(bug.defect, wrong="`sort` returns nothing")
    assert not reviews.in_doubt(bug) and reviews.in_doubt(replace(bug, defect=defect))


def test_a_bracket_in_a_text_opens_nothing():
    good, bad = (f'    left = "[" {test} host' for test in ("in", "not in"))
    right, wrong = (Hunk(1, 1, "", [f"+{line}", '     right = "]" in host']) for line in (good, bad))
    defect = Defect("inverted test", 1, 1, (bad,), "", bad, good, "it holds when it should not")
    assert reviews.Planted(FILE, right, wrong, defect).statement == [good]


def test_the_code_that_mends_a_line_ends_with_its_statement():
    """A raw text in three quotes with quotes in it opens no bracket, and nothing breaks off at `setup(`."""
    pattern = "r'''v = ['\"]([^'\"]*)'''"
    good, bad = f"    m = re.search({pattern}, text)", f"    m = re.search(text, {pattern})"
    after = ["     if m:", "         return m.group(1)", " ", " ", " setup(", "     name='a',"]
    right, wrong = (Hunk(1, 1, "", [f"+{line}", *after]) for line in (good, bad))
    defect = Defect("swapped arguments", 1, 1, (bad,), "", bad, good, "the pattern comes first")
    assert reviews.Planted(FILE, right, wrong, defect).statement == [good]


def test_a_change_of_a_base_class_is_not_explained_by_one_of_its_methods(sandbox):
    old = (
        "import collections\n\n\nclass Shelf(collections.MutableMapping):\n    def __eq__(self, other):\n"
        "        return isinstance(other, collections.Mapping)\n"
    )
    new = old.replace("import collections", "from collections.abc import Mapping").replace(
        "collections.M", "M"
    )
    assert full_sentences.edits(change_of(sandbox, {"shelf.py": old}, {"shelf.py": new})) == ""


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("A new call may raise a `KeyError`, which is lost. Look first.", True),
        ("Add the option `drop`. It is off. Drop what is old. The old ones are previously read ones.", False),
        ("Add the option `drop`. It is off. It drops what is old. Without it the file is too long.", False),
        ("Add the option `drop`. Without it the file is broken.", True),
    ],
)
def test_a_text_that_tells_what_was_done_is_no_answer_to_why(text, leads):
    assert leads_with_cause(text) is leads


def test_a_class_that_has_another_name_now_is_not_told_as_new(sandbox):
    old = "class Styles:\n    bell = 1\n\n\ndef ring(styles: Styles):\n    return styles.bell\n"
    new = old.replace("Styles", "ColumnStyles") + "\n\nStyles = ColumnStyles\n"
    assert full_sentences.news(change_of(sandbox, {"bell.py": old}, {"bell.py": new})) == ""


def test_a_planted_bug_is_mended_by_the_line_that_was_there(rows, history):
    bugs = [row for row in rows if row.source.model_dump().get("defect")]
    assert bugs
    for row in bugs:
        fix = row.response().rsplit("```python\n", 1)[1].removesuffix("\n```").split("\n")
        right = history.git("show", f"{row.source.commit}:stock.py")
        shown = [line[1:].strip() for line in row.prompt().split("\n") if line[:1] in ("+", " ")]
        assert all(line.strip() in right for line in fix) and fix[0].strip() not in shown


def test_equal_histories_give_equal_examples(rows, history, tmp_path):
    assert [row.line() for row in mined(history, tmp_path)] == [row.line() for row in rows]


def test_a_review_names_no_function_but_the_one_that_its_lines_are_in(rows, history):
    named = [row for row in rows if row.source.model_dump().get("defect")]
    for row in named:
        asked = row.messages[-2]["content"].partition("```")[0]
        functions = re.findall(r"`(fits_\d|reserve|total)`", asked)
        assert all(f"def {name}(" in row.prompt() or f" {name}(" in row.prompt() for name in functions)


def test_what_a_reader_is_told_to_do_is_no_reason():
    listed = "Use the plugin DSL instead of the outdated script\nUpdate the wrapper to 6.3\nFix code warnings"
    assert not getattr(read_message(commit("Move the build to Gradle", listed)), "reasons", ())
    told = 'Just run "docker compose -f seed.yml up" to fill it (you need to "docker compose up -d" first).'
    assert not gives_reason(told) and gives_reason(REASON)


@pytest.mark.parametrize(
    ("text", "still"),
    [("def sign(self, sep=b'.'):\n", True), ("def sign(self, sep='.'):\n", False), (None, False)],
)
def test_since_when_a_value_holds_is_asked_only_of_one_that_still_does(text, still):
    assert holds(text, Value("sign.py", "sep", "sign", "'.'", "b'.'")) is still


def test_what_two_functions_have_in_common_is_said_once(sandbox):
    def each(text):
        return "".join(f"def {name}(items):\n    return {text}\n\n\n" for name in ("first", "_second"))

    sandbox.commit("Begin", {"stock.py": each("items[0]")})
    sandbox.commit("Take the last item", {"stock.py": each("items[-1]")}, hours=1)
    with newest_change(sandbox) as change:
        assert full_sentences.edits(change) == (
            "`first` now returns `items[-1]` instead of `items[0]`. The same goes for `_second`."
        )


def test_code_in_a_message_is_quoted_as_code():
    body = "``self.content`` could be ``None``, so its length may raise a ``TypeError`` here."
    message = read_message(commit("Fix the length of an empty answer. Fix #12", body))
    assert message is not None and message.subject == "Fix the length of an empty answer"
    assert message.reasons == ("`self.content` could be `None`, so its length may raise a `TypeError` here.",)


FILE = FileDiff("app.py", "app.py", "M", "a", "b")


def planted_bug(kind: str, good: str, bad: str, effect: str, before: list[str]) -> reviews.Planted:
    """A hunk whose last line is the bug."""
    right, wrong = (Hunk(1, 1, "", [*before, f"+    {text}"]) for text in (good, bad))
    line = 1 + sum(text[0] != "-" for text in before)
    return reviews.Planted(FILE, right, wrong, Defect(kind, line, 1, (bad,), "", bad, good, effect))


@pytest.mark.parametrize(
    ("before", "doubt"),
    [
        ([" def say(name):", '     first = f"Hello {name}"'], False),
        ([" def say(name):", '     first = "the template {name!r}"'], True),
        ([" def say(name):", "     # The text is compiled into an f-string."], True),
    ],
)
def test_a_text_without_its_f_is_in_doubt_among_templates(before, doubt):
    bug = planted_bug("missing f", 'text = f"{name!r}"', 'text = "{name!r}"', "the text shows itself", before)
    assert reviews.in_doubt(bug) is doubt


@pytest.mark.parametrize(
    ("before", "doubt"),
    [([" def say(name):"], True), (["     try:", "         hear()", "     except OSError:"], False)],
)
def test_an_error_is_said_to_be_lost_where_its_handler_is_shown(before, doubt):
    bug = planted_bug("swallowed exception", "raise", "pass", "the error is lost", before)
    assert reviews.in_doubt(bug) is doubt


def test_a_message_that_was_merged_twice_is_taught_once(sandbox, tmp_path):
    text = STOCK
    sandbox.commit("Begin", {"stock.py": text})
    for n in range(2):
        text += f"\n\ndef fits_{n}(count, room):\n    return room.left_{n} - count\n"
        sandbox.commit(f"Look at the room of a shelf\n\n{REASON}", {"stock.py": text}, hours=n + 1)
    rows = [row for row in mined(sandbox, tmp_path) if REASON in str(row.messages[-1]["content"])]
    assert rows and len({row.source.ref.partition(":")[0] for row in rows}) == 1


@pytest.mark.parametrize(
    ("before", "doubt"), [([" def f(x):", "     conn = open(x)"], False), ([" def f(x):"], True)]
)
def test_that_a_value_is_computed_is_said_where_that_is_shown(before, doubt):
    effect = "what comes back is not `conn`"
    assert reviews.in_doubt(planted_bug("wrong return", "return conn", "return x", effect, before)) is doubt


def change_of(sandbox, old: dict[str, str], new: dict[str, str]) -> Change:
    """What a commit changes that refuses to reserve too much."""
    sandbox.commit("Begin", {"stock.py": STOCK, **old})
    sandbox.commit("Refuse to reserve more than there is", {"stock.py": CHECKED, **new}, hours=1)
    repository = Repository(sandbox.path, sandbox.git("rev-parse", "HEAD"))
    newest = next(repository.commits(None))
    message = read_message(newest)
    assert message is not None
    return Change(newest, message, [Shown(f, hunks(f.patch)) for f in newest.files], repository)


@pytest.mark.parametrize(
    ("decorator", "kind"),
    [
        ("@property", "property"),
        ("@functools.cached_property", "property"),
        ("@classmethod", "class method"),
        ("@staticmethod", "static method"),
        ("@retry(3)", "method"),
    ],
)
def test_what_is_new_is_called_what_its_decorators_make_of_it(sandbox, decorator, kind):
    old = "class Till:\n    def close(self):\n        pass\n"
    new = f"{old}\n    {decorator}\n    def content(self):\n        return 1\n"
    assert full_sentences.news(change_of(sandbox, {"till.py": old}, {"till.py": new})) == (
        f"New in `till.py` is the {kind} `Till.content`."
    )


def test_a_diff_is_not_explained_by_its_message_alone(sandbox):
    sandbox.commit("Begin", {"stock.go": "package stock\n"})
    sandbox.commit(f"Refuse to reserve too much\n\n{REASON}", {"stock.go": "package till\n"}, hours=1)
    with newest_change(sandbox) as change:
        assert full_answers.explain(change, random.Random(1)) is None
        assert REASON in (full_answers.why(change, random.Random(1)) or "")


def test_a_message_that_states_no_cause_is_no_reason(sandbox):
    described = (
        "The shop allows to reserve several items of the stock in one go, and counts each of them once."
    )
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(f"Reserve several items\n\n{described}", {"stock.py": CHECKED}, hours=1)
    with newest_change(sandbox) as change:
        assert full_answers.why(change, random.Random(1)) is None


def test_a_sentence_that_was_said_of_another_commit_is_not_said_again(sandbox, tmp_path):
    """Two commits that do the same to two functions, and say so, are explained once."""
    text = STOCK
    sandbox.commit("Begin", {"stock.py": text})
    for n in range(2):
        text += f"\n\ndef fits_{n}(count, room):\n    return room.left_{n} - count\n"
        body = f"{REASON} The till of shelf {n} looks at it now."
        sandbox.commit(f"Look at the room of shelf {n}\n\n{body}", {"stock.py": text}, hours=n + 1)
    rows = [row for row in mined(sandbox, tmp_path) if REASON in str(row.messages[-1]["content"])]
    assert rows and all("shelf 1" in str(row.messages[-1]["content"]) for row in rows)


def test_what_happened_to_a_value_is_asked_only_where_the_reason_is_known():
    why = re.compile("What happened|[Ww]hy")
    assert not [ask for ask in ASK["value"]["memory"] if why.search(ask)]
    assert all(why.search(ask) for ask in ASK["value"]["reason"])


def test_no_title_of_several_files_stands_over_one_of_them(sandbox, tmp_path):
    """What the subject names may be in the other file."""
    old, texts = "def sold(a):\n    if a is None:\n        return 0\n    return a\n", {}
    sandbox.commit("Begin", {f"till_{n}.py": old for n in range(12)})
    for n in range(12):
        texts = {f"till_{n}.py": f"import stock_{n}\n\n{old}", f"stock_{n}.py": f"left = {n}\n"}
        sandbox.commit(f"Count the stock of till {n} in one place", texts, hours=n + 1)
    sandbox.commit("Describe the shop", {"README.md": "A shop.\n"}, hours=9999)
    reviews_ = [row for row in mined(sandbox, tmp_path) if row.source.ask.startswith("defect")]
    assert reviews_ and not any("in one place" in str(row.messages) for row in reviews_)


@pytest.mark.parametrize(
    ("asked", "yes", "code"),
    [
        ("Is there a reason on record for it?", True, False),
        ("2026-03-01, `stock.py` - do you remember the reason?", True, True),
        ("The diff tells me what, not why. Why?", False, False),
        ("A colleague calls this needless. Why was it done?", False, True),
    ],
)
def test_why_is_answered_as_it_is_asked(change, asked, yes, code):
    """Whether a reason is known, with a yes; what the code does, not to whoever has seen that."""
    said = [full_answers.why_asked(change, asked, random.Random(seed)) or "" for seed in range(40)]
    assert all(text.startswith("Yes. ") is yes and REASON in text for text in said)
    assert any("now raises `ValueError`" in text for text in said) is code


def test_a_reason_that_is_the_answer_stands_first(change):
    said = [full_answers.why(change, random.Random(seed)) or "" for seed in range(40)]
    sha, date = change.sha, change.date
    because = f'Because, in the author\'s words, "{REASON}" (message of {sha}, {date}). It closes #7.'
    assert because in said and not any(text.startswith('"') for text in said)
    yes = {full_answers.why_asked(change, "Is it known?", random.Random(seed)) for seed in range(40)}
    assert f"Yes. {because}" not in yes
    assert f'Yes. In the author\'s words: "{REASON}" (message of {sha}, {date}). It closes #7.' in yes


def test_no_message_is_quoted_by_heart(rows):
    assert "memory" not in ASK["why"] and not [row for row in rows if row.source.ask == "why by memory"]


LONG_CALL = """    add(
        "--{0}", default=False, action="store_true",
        help="Say what is in the shop and what was sold of it, or say nothing at all of it.",
    )
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    sell()\n", LONG_CALL.format("quiet"), "`f` now calls `add(...)`."),
        (LONG_CALL.format("all"), LONG_CALL.format("quiet"), '`f` now calls `add("--quiet", ...)`.'),
        (LONG_CALL.format("all"), LONG_CALL.format("all").replace("say", "tell"), ""),
    ],
)
def test_a_long_call_is_named_by_what_is_new_of_it(sandbox, old, new, said):
    before = f"def f(add, sell):\n{old}"
    sandbox.commit("Begin", {"till.py": before})
    sandbox.commit("Add an option of the till that is quiet", {"till.py": before + new}, hours=1)
    with newest_change(sandbox) as change:
        assert full_sentences.edits(change) == said


def test_no_value_is_said_to_have_changed_whose_name_did(sandbox, tmp_path):
    """The old name is kept for old callers, with `None`."""
    sandbox.commit("Begin", {"till.py": "def wait(intervall=0.05):\n    return intervall\n"})
    new = "def wait(interval=0.05, intervall=None):\n    return intervall or interval\n"
    sandbox.commit("Mend the name of the parameter of wait", {"till.py": new}, hours=1)
    assert not [row for row in mined(sandbox, tmp_path) if row.source.ask == "value"]


@pytest.mark.parametrize(
    ("comment", "known"),
    [
        ("# since nobody looked at what was left, negative stock was sold twice", False),
        ("# count is checked first", True),
    ],
)
def test_what_a_new_comment_says_is_no_reason(sandbox, comment, known):
    """Whoever asks has read the diff."""
    sandbox.commit("Begin", {"stock.py": STOCK})
    text = CHECKED.replace("    if count", f"    {comment}\n    if count")
    sandbox.commit(f"Refuse to reserve more than there is\n\n{REASON}", {"stock.py": text}, hours=1)
    with newest_change(sandbox) as change:
        assert full_answers.tells_why(change) is known
