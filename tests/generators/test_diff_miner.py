"""What commits teach: explanations, edits, reviews with a planted bug and without."""

import itertools
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from autodidact.errors import Skipped
from autodidact.generators.diff_miner import breaking_signature_changes
from autodidact.generators.diff_miner import hunk_reviews as diff_review
from autodidact.generators.diff_miner.usable_commit_messages import message
from autodidact.generators.diff_miner.whole_commits import EXPLAIN, MESSAGE
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.git.hunks import hunks
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, snapshot, troubles
from tests.sandbox import NOON, Sandbox

STOCK = """def reserve(stock, item, count):
    if item not in stock:
        raise KeyError(item)
    left = stock[item] - count
    return left


def total(prices, limit):
    result = 0
    for price in prices:
        result = result + price
    return result
"""


def mined(sandbox, tmp_path, **window) -> list:
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(tmp_path, repository)
        for key, value in window.items():
            setattr(seen, key, value)
        return list(examples_of("diff_miner", seen))


def kind(rows, ask: str) -> list:
    return [row for row in rows if row.source.ask == ask]


def begin(words: tuple[str, ...]) -> str:
    """A pattern of the first line of a prompt."""
    return "|".join(re.escape(word).replace(re.escape("{path}"), ".+") for word in words)


def test_a_commit_is_explained_by_its_message(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    changed = STOCK.replace(
        "    left =", "    if count > stock[item]:\n        raise ValueError(count)\n    left ="
    )
    sha = sandbox.commit(
        "Refuse to reserve more than there is (#12)\n\nNegative stock was sold twice\nbefore"
        " Christmas.\n\nSigned-off-by: Ada",
        {"stock.py": changed, "tests/test_stock.py": "def test_reserve():\n" + "    assert True\n" * 30},
        hours=1,
    )
    (told,) = [row for row in mined(sandbox, tmp_path) if row.source.ask in ("explain", "message")]
    diff = (
        "```diff\n--- a/stock.py\n+++ b/stock.py\n@@ -1,6 +1,8 @@\n def reserve(stock, item, count):\n     if"
        " item not in stock:\n         raise KeyError(item)\n+    if count > stock[item]:\n+        raise"
        " ValueError(count)\n     left = stock[item] - count\n     return left\n \n```\n(1 more file of the"
        " commit not shown.)"
    )
    assert told.prompt().split("\n", 1)[1] == diff
    if told.source.ask == "explain":
        assert re.fullmatch(begin(EXPLAIN), told.prompt().split("\n")[0])
        says = "Refuse to reserve more than there is. Negative stock was sold twice before Christmas."
        assert told.response() == f"{says} It changes `stock.py` (+2 -0)."
    else:
        assert re.fullmatch(begin(MESSAGE), told.prompt().split("\n")[0])
        assert told.response() == "Refuse to reserve more than there is"
    assert (told.category, told.time) == ("code_review", "2026-03-01T13:00:00Z")
    assert told.source.model_dump() == {
        "kind": "git",
        "ref": f"{sha}:stock.py",
        "commit": sha,
        "path": "stock.py",
        "ask": told.source.ask,
        "lines": [1, 8],
    }


def test_before_and_after(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(
        "Use sum for the total of prices",
        {"stock.py": STOCK[: STOCK.index("    result = 0")] + "    return sum(prices)\n"},
        hours=1,
    )
    (edit,) = kind(mined(sandbox, tmp_path), "edit")
    before = (
        "\n\ndef total(prices, limit):\n    result = 0\n    for price in prices:\n        result = result +"
        " price\n    return result"
    )
    assert "Use sum for the total of prices" in edit.prompt() and "`stock.py`" in edit.prompt().replace(
        "File: stock.py", "`stock.py`"
    )
    assert f"```python\n{before}\n```" in edit.prompt()
    assert edit.response() == "```python\n\n\ndef total(prices, limit):\n    return sum(prices)\n```"


def test_renames_are_shown_and_told(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.git("mv", "stock.py", "store.py")
    sandbox.commit("Rename stock to store", hours=1)
    (told,) = [row for row in mined(sandbox, tmp_path) if row.source.ask in ("explain", "message")]
    assert told.prompt().split("\n", 1)[1] == "```diff\nrename from stock.py\nrename to store.py\n```"
    assert told.response() in (
        "Rename stock to store",
        "Rename stock to store. It renames `stock.py` to `store.py`.",
    )


def test_what_a_commit_does_not_touch(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    for n in range(24):
        sandbox.commit(f"Add the number {n} to the list", {f"part{n % 3}.py": f"NUMBER = {n}\n"}, hours=n + 1)
    absent = kind(mined(sandbox, tmp_path), "absent")
    assert absent
    for row in absent:
        other = re.search(r"`(part\d\.py|stock\.py)`", row.prompt())[1]
        assert other != row.source.path
        assert re.fullmatch(
            rf"(Not at all|Nothing|No|None): the commit changes only `{row.source.path}`\.", row.response()
        )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "def f(a):",
            "def f(a, b):",
            (True, "`b` is new without a default. Calls without it raise TypeError."),
        ),
        (
            "def f(a):",
            "def f(a, b=1):",
            (False, "`b` is new and has a default. Calls that fit before still fit."),
        ),
        ("def f(a, b):", "def f(a):", (True, "`b` is gone. Calls that pass it must stop doing so.")),
        (
            "def f(a, b=2):",
            "def f(a, c=2):",
            (True, "`b` is gone and `c` is new. Calls that pass `b=` by name raise TypeError."),
        ),
        (
            "def f(a):",
            "def f(a: int) -> int:",
            (False, "the parameters keep their names, order and defaults. Only annotations change."),
        ),
        ("def f(a, b):", "def f(b, a):", None),
        ("def f(a=1):", "def f(a=2):", None),
        ("def f(self, a):", "def f(a):", None),
        ("def f(*a):", "def f(*a, b):", None),
        ("def f(a):", "async def f(a, b=1):", None),
        ("def f(a=1):", "def f(a, *, b=1):", None),
    ],
)
def test_whether_callers_break(old, new, says):
    assert breaking_signature_changes._verdict(old, new) == says


def test_yes_and_no_answer_the_question_that_was_asked(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(40):
        sandbox.commit(
            f"Begin part number {n}", {f"part{n}.py": "def fits(count):\n    return count\n"}, hours=2 * n + 1
        )
        more = "room" if n % 2 else "room=None"
        sandbox.commit(
            f"Look at the room of part {n}",
            {f"part{n}.py": f"def fits(count, {more}):\n    return count\n"},
            hours=2 * n + 2,
        )
    begins = {"Does the new": "Yes:", "Is the new": "No:", "I call": "Yes:", "What does this mean": "`room`"}
    other = {"Yes:": "No:", "No:": "Yes:", "`room`": "`room`"}
    asked = set()
    for row in kind(mined(sandbox, tmp_path), "signature"):
        ((ask, begin),) = [item for item in begins.items() if row.prompt().startswith(item[0])]
        breaks = "raise TypeError" in row.response()
        asked.add((ask, breaks))
        assert row.response().startswith(begin if breaks else other[begin])
    assert len(asked) == 8


def test_reviews_name_the_planted_bug_and_its_line(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(14):
        body = "".join(
            f"\n\ndef fits_{k}(count, room):\n    if count > room.left_{k}:\n        return False\n    return"
            " count + 1\n"
            for k in range(n + 1)
        )
        sandbox.commit(f"Add check number {n}", {"stock.py": "LIMIT = 10\n" + body}, hours=n + 1)
    sandbox.commit("Look at the shop again", {"news.md": "News\n"}, hours=3_000)
    reviews = [row for row in mined(sandbox, tmp_path) if row.source.ask in ("review", "line")]
    bugs = [row for row in reviews if row.source.model_dump().get("defect")]
    clean = [row for row in reviews if row not in bugs]
    assert len(bugs) >= 4 and abs(len(bugs) - len(clean)) <= 3
    for row in bugs:
        number, count = row.source.defect["line"], row.source.defect["count"]
        said = re.search(r"(?:Line|Before line|After line) (\d+) of `stock\.py`: (.+)\.", row.response())
        assert number - 1 <= int(said[1]) <= number
        original = [*sandbox.git("show", f"{row.source.commit}:stock.py").split("\n"), "", ""]
        (hunk,) = hunks(row.prompt())
        shown = {n: line[1:] for line, n in hunk.numbered() if line[0] != "-"}
        gone = count if shown.get(number) == original[number - 1 + count] else 0
        differs = [n for n, text in shown.items() if text != original[n - 1 + (gone if n >= number else 0)]]
        assert differs in ([], [number]) and not (
            gone and differs
        )  # the bug is in the diff that is shown, not in the commit
    for row in clean:
        assert re.search(
            r"I see nothing wrong in these lines\.|I see nothing that is wrong in these lines\.|I find no bug",
            row.response(),
        )
        shown = row.prompt().split("```diff\n")[1].removesuffix("\n```").split("\n", 2)[2]
        assert shown in sandbox.git("show", "--format=", row.source.commit)
        for number, text in re.findall(r"[Ll]ine (\d+) \(`([^`]+)`\)", row.response()):
            assert (
                sandbox.git("show", f"{row.source.commit}:stock.py").split("\n")[int(number) - 1].strip()
                == text
            )


@pytest.mark.parametrize("others", [False, True])
def test_a_part_of_a_change_of_several_files_is_not_called_clean(sandbox, tmp_path, others):
    """It may be right only with the other files; and no answer says that a change can go in."""
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(14):
        body = "".join(
            f"\n\ndef fits_{k}(count, room):\n    if count > room.left_{k}:\n        return False\n    return"
            " count + 1\n"
            for k in range(n + 1)
        )
        files = {"stock.py": "LIMIT = 10\n" + body} | ({"till.py": f"LEFT = {n}\n"} if others else {})
        sandbox.commit(f"Add check number {n}", files, hours=n + 1)
    sandbox.commit("Look at the shop again", {"news.md": "News\n"}, hours=3_000)
    reviews = [row for row in mined(sandbox, tmp_path) if row.source.ask in ("review", "line")]
    clean = [row for row in reviews if not row.source.model_dump().get("defect")]
    assert bool([row for row in clean if "def fits" in row.prompt()]) is not others
    assert not [row for row in clean if row.response().startswith("Yes. ")]


def test_what_a_later_commit_fixed_is_not_called_clean(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(8):
        wrong = (
            f"def fits(count, room):\n    return count <= room.left_{n}\n\ndef least(a):\n    return min(a)\n"
        )
        sandbox.commit(f"Count the room of part {n}", {"stock.py": wrong}, hours=2 * n + 1)
        sandbox.commit(f"Fix the count of part {n}", {"stock.py": wrong.replace("<=", "<")}, hours=2 * n + 2)
    # Everything is as it was, so that only the fixes speak against the old lines.
    sandbox.commit("Count as before", {"stock.py": "LIMIT = 10\n"}, hours=3_000)
    sandbox.commit("Take the old count again", {"stock.py": wrong}, hours=3_001)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(tmp_path, repository)
        rows = list(examples_of("diff_miner", seen))
    called_clean = [
        row
        for row in rows
        if row.source.ask in ("review", "line") and not row.source.model_dump().get("defect")
    ]
    assert not [row for row in called_clean if "+    return count <= room" in row.prompt()]
    assert troubles(seen)["change that a later commit fixed"] >= 1


def test_a_bug_that_no_clean_review_balances_is_asked_to_be_mended(sandbox, tmp_path):
    """The lines are too young to be called right, so the question says that one is wrong."""
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(12):
        old = f"def fits_{n}(count, room):\n    return count >= room\n"
        sandbox.commit(f"Begin part {n}", {f"part{n}.py": old}, hours=2 * n + 1)
        new = old.replace("return count >= room", f"return count + {n} >= room")
        sandbox.commit(f"Count more in part {n}", {f"part{n}.py": new}, hours=2 * n + 2)
    rows = mined(sandbox, tmp_path)
    assert not [row for row in kind(rows, "review") if not row.source.model_dump().get("defect")]
    mends = kind(rows, "mend")
    assert len(mends) >= 4
    for row in mends:
        assert re.match(begin(diff_review.FIX), row.prompt())
        line = row.source.defect["line"]
        right = sandbox.git("show", f"{row.source.commit}:{row.source.path}").split("\n")[line - 1]
        assert row.response().startswith(f"Line {line} of `{row.source.path}`: ")
        assert row.response().endswith(f"Write:\n```python\n{right}\n```")
        assert f"+{right}\n" not in row.prompt()


def test_what_commits_have_besides_comes_last_where_there_is_room(sandbox, tmp_path):
    """Notes have an explanation and nothing to be read, the parts the reverse."""
    sandbox.commit("Begin", {"boats.md": "Boats\n"})
    for n in range(6):
        sandbox.commit(f"Note the price of boat {n}", {"boats.md": f"Boat {n} costs {n}\n"}, hours=2 * n + 1)
        part = f"NAMES = [\n    'the boat of pier {n}',\n    'the other boat of pier {n}',\n]\n"
        sandbox.commit("wip", {f"part{n}.py": part}, hours=2 * n + 2)
    asks = [row.source.ask for row in mined(sandbox, tmp_path)]
    assert asks.count("open book") == 6
    assert set(asks[-6:]) == {"open book"} and len(asks) > 12
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        few = examples_of("diff_miner", snapshot(tmp_path, repository, limit=len(asks) - 6))
        assert [row.source.ask for row in itertools.islice(few, len(asks) - 6)] == asks[:-6]


def test_what_a_later_commit_fixed_is_not_said_to_have_one_bug(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(8):
        wrong = f"def fits(count, room):\n    return self.room{n} is count <= room\n"
        sandbox.commit(f"Count the room of part {n}", {"stock.py": wrong}, hours=2 * n + 1)
        sandbox.commit(f"Fix the count of part {n}", {"stock.py": wrong.replace("<=", "<")}, hours=2 * n + 2)
    assert not [row for row in kind(mined(sandbox, tmp_path), "mend") if "count <= room" in row.response()]


def test_a_long_hunk_is_shown_in_pieces_that_keep_their_line_numbers():
    (whole,) = hunks(
        "@@ -1,2 +1,8 @@\n import os\n+\n+def a():\n+    return 1\n+\n+def b():\n+    return 2\n old = 1\n"
    )
    pieces = [whole.part(*cut) for cut in whole.cuts(4)]
    assert [piece.text() for piece in pieces] == [
        "@@ -1 +1,4 @@\n import os\n+\n+def a():\n+    return 1",
        "@@ -2 +5,4 @@\n+\n+def b():\n+    return 2\n old = 1",
    ]
    assert [number for piece in pieces for _, number in piece.numbered()] == list(range(1, 9))


def test_planted_diffs_still_apply(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    guard = "    if result > limit:\n        return limit\n    return result"
    sandbox.commit(
        "Stop at the limit of a total", {"stock.py": STOCK.replace("    return result", guard)}, hours=1
    )
    sandbox.commit(
        "Take the limit as it is given",
        {"stock.py": STOCK.replace("    return result", guard.replace(">", ">="))},
        hours=2,
    )
    reviews = [row for row in mined(sandbox, tmp_path) if row.source.ask in ("review", "line")]
    assert len(reviews) >= 2
    for review in reviews:
        if "/dev/null" not in review.prompt():
            sandbox.git("checkout", "-q", f"{review.source.commit}~1")
            patch = review.prompt().split("```diff\n")[1].removesuffix("```")
            subprocess.run(
                ["git", "apply", "--check", "-"], input=patch.encode(), cwd=sandbox.path, check=True
            )


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Fix the race in the pool", "", "Fix the race in the pool."),
        (
            "fix(pool): close idle connections (#77)",
            "They pile up\novernight.\n\nCloses #76",
            "Close idle connections. They pile up overnight.",
        ),
        ("pool: Drop idle connections.", "* one\n* two", "Drop idle connections."),
        ("Fixed the race in the pool", "", None),
        ("Bump version to 2.1.0", "", None),
        ("WIP fix pool", "", None),
        ("Merge branch 'main' into pool", "", None),
        ("Fix pool", "", None),
        ("Fix #1234 in the connection pool", "", None),
        ("Use code from deadbeef1 in the pool", "", None),
        ("Add link to https://example.org/pool", "", None),
        ("Update pool", "", None),
    ],
)
def test_messages_worth_learning_from(subject, body, expected):
    assert message(Commit("0" * 40, NOON, NOON, subject, body, [])) == expected


def test_reverted_generated_and_oversized_changes_are_left_out(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    bad = sandbox.commit(
        "Accept every order blindly", {"stock.py": STOCK.replace("not in stock", "is None")}, hours=1
    )
    sandbox.commit(
        f'Revert "Accept every order blindly"\n\nThis reverts commit {bad}.', {"stock.py": STOCK}, hours=2
    )
    sandbox.commit(
        "Add many numbers to the table", {"table.py": "".join(f"A{n} = {n}\n" for n in range(500))}, hours=3
    )
    sandbox.commit("Add a vendored copy of six", {"vendor/six.py": "def u(x):\n    return x\n"}, hours=4)
    sandbox.commit("Add a line that is far too long", {"long.py": "A = '" + "x" * 200 + "'\n"}, hours=5)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(tmp_path, repository)
        prompts = "".join(r.prompt() for r in examples_of("diff_miner", seen))
    assert (
        "is None" not in prompts
        and "A499" not in prompts
        and "vendor" not in prompts
        and "xxxx" not in prompts
    )
    assert troubles(seen) == {"reverted commit": 2, "generated or vendored file": 1}


def told_and_troubles(path: Path, folder: Path, **fields) -> tuple[list, dict[str, int]]:
    """The examples of the repository at `path`, and what was counted."""
    commit = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with Repository(path, commit) as repository:
        seen = snapshot(folder, repository)
        for key, value in fields.items():
            setattr(seen, key, value)
        return list(examples_of("diff_miner", seen)), troubles(seen)


def test_the_end_of_a_shallow_clone_is_not_taken_for_a_change(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(
        "Double every price of the total", {"stock.py": STOCK.replace("+ price", "+ 2 * price")}, hours=1
    )
    third = sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=2
    )
    subprocess.run(
        ["git", "clone", "-q", "--depth=2", f"file://{sandbox.path}", str(tmp_path / "clone")], check=True
    )
    rows, counted = told_and_troubles(tmp_path / "clone", tmp_path)
    assert rows and {row.source.commit for row in rows} == {third}
    assert counted == {"end of a shallow clone: what the commit changed is not known": 1}


def test_a_rewritten_history_is_counted_and_read_by_its_dates(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    new = sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=9
    )
    rows, counted = told_and_troubles(
        sandbox.path, tmp_path, since=NOON + timedelta(hours=1), previous_commit="1" * 40
    )
    assert {row.source.commit for row in rows} == {new}
    assert counted == {"rewritten history: the previous cycle's commit is gone": 1}


def test_clocks_that_go_backwards_are_counted_and_cost_nothing(sandbox, tmp_path):
    first = sandbox.commit("Double every price of the total", {"stock.py": STOCK}, hours=48)
    second = sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=1
    )
    rows, counted = told_and_troubles(sandbox.path, tmp_path)
    assert {row.source.commit for row in rows} <= {first, second} and second in {
        row.source.commit for row in rows
    }
    assert counted == {"clock that went backwards": 1}


def test_submodules_links_and_binary_files_are_counted(sandbox, tmp_path):
    other = Sandbox(tmp_path / "other")
    other.commit("Begin", {"inner.py": "I = 1\n"})
    sandbox.commit("Begin", {"stock.py": STOCK})
    (sandbox.path / "passwd.py").symlink_to("/etc/passwd")
    sandbox.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "sub")
    big = b"A = 1\n" * 9_000_000  # 54 MB
    half = STOCK.replace("+ price", "+ price / 2")
    sandbox.commit(
        "Halve every price of the total",
        {"stock.py": half, "big.py": big, "logo.png": b"\x89PNG\0\0"},
        hours=1,
    )
    rows, counted = told_and_troubles(sandbox.path, tmp_path)
    prompts = "".join(row.prompt() for row in rows)
    assert "stock.py" in prompts and not re.search("passwd|inner|logo|big", prompts)
    assert not [
        row
        for row in rows
        if row.source.ask in ("explain", "message", "absent") and "Halve" in row.response()
    ]  # the whole cannot be shown
    assert counted == {
        "submodule changed": 1,
        "symbolic link changed": 1,
        "binary file, or larger than 1 MB": 2,
    }


def test_what_is_not_utf8_is_counted(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK, "latin.py": "NAME = 'x'\n"})
    sandbox.commit("Name the caf\xe9 of the pier", {"latin.py": b"NAME = 'caf\xe9'\n"}, hours=1)
    (sandbox.path / os.fsdecode(b"caf\xe9.py")).write_text("CAFE = price + 1\n")
    sandbox.commit("Add the price of the cafe", hours=2)
    sandbox.write("stock.py", STOCK.replace("+ price", "+ price / 2"))
    sandbox.commit("Halve the price of the tea", hours=3)
    raw = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"], cwd=sandbox.path, capture_output=True, check=True
    ).stdout
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=sandbox.path,
        input=raw.replace(b"tea", b"caf\xe9"),
        capture_output=True,
        check=True,
    )
    sandbox.git("update-ref", "HEAD", made.stdout.decode().strip())
    rows, counted = told_and_troubles(sandbox.path, tmp_path)
    assert not re.search(r"caf\\|\ufffd|CAFE", "".join(row.line() for row in rows))
    assert counted == {"not UTF-8": 2, "message not UTF-8": 1}


def test_a_hostile_repository_runs_nothing(sandbox, tmp_path):
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    sandbox.commit("Begin", {".gitattributes": "*.py diff=evil\n", "stock.py": STOCK})
    sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=1
    )
    for key in (
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.fsmonitor",
        "core.pager",
        "gpg.program",
    ):
        sandbox.git("config", key, str(trap))
    sandbox.git("config", "core.hooksPath", str(tmp_path))
    rows, counted = told_and_troubles(sandbox.path, tmp_path)
    assert rows and counted == {} and not (tmp_path / "sprung").exists()


def test_merges_are_left_out_and_their_commits_are_told(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.git("checkout", "-q", "-b", "half")
    half = sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=1
    )
    sandbox.git("checkout", "-q", "main")
    sandbox.commit("Add the notes of the shop", {"notes.md": "Notes\n"}, hours=2)
    sandbox.git(
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "Merge the half prices into main",
        "half",
        when=NOON + timedelta(hours=3),
    )
    merge, rows = sandbox.git("rev-parse", "HEAD"), mined(sandbox, tmp_path)
    assert half in {row.source.commit for row in rows} and merge not in {row.source.commit for row in rows}


def test_only_the_commits_of_the_window(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(
        "Double every price of the total", {"stock.py": STOCK.replace("+ price", "+ 2 * price")}, hours=1
    )
    sandbox.commit(
        "Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=13
    )
    rows = mined(sandbox, tmp_path, since=NOON + timedelta(hours=12))
    assert rows and {r.source.commit for r in rows} == {sandbox.git("rev-parse", "HEAD")}
    with pytest.raises(Skipped, match="no commits in the window"):
        mined(sandbox, tmp_path, since=NOON + timedelta(hours=14))


def test_equal_snapshots_give_equal_examples(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(
        "Stop at the limit of a total",
        {"stock.py": STOCK.replace("    return result", "    return min(result, limit)")},
        hours=1,
    )
    first = [r.line() for r in mined(sandbox, tmp_path)]
    assert first == [r.line() for r in mined(sandbox, tmp_path)] and len(first) == len(set(first)) >= 3


def test_without_a_repository_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="no repository"):
        next(examples_of("diff_miner", snapshot(tmp_path)))


def test_a_bug_that_takes_away_the_whole_change_leaves_nothing_to_review(sandbox, tmp_path):
    """Lines that only add a check are not shown as a diff without lines when the check is what a bug
    removes."""
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(20):
        check = f"    if count > {n + 1}:\n        raise ValueError(count)\n"
        sandbox.commit(
            f"Begin part number {n}", {f"part{n}.py": "def fits(count):\n    return count\n"}, hours=2 * n + 1
        )
        sandbox.commit(
            f"Check the count of part {n}",
            {f"part{n}.py": f"def fits(count):\n{check}    return count\n"},
            hours=2 * n + 2,
        )
    sandbox.commit("Look at the shop again", {"news.md": "News\n"}, hours=3_000)
    diffs = [
        row.prompt().split("```diff\n")[1]
        for row in mined(sandbox, tmp_path)
        if row.source.ask in ("review", "line")
    ]
    assert diffs and all(re.search(r"^[+-](?![+-]{2} )", diff, re.MULTILINE) for diff in diffs)


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("Python environments. It is excluded from the code coverage checks.", True),
        ("only if the timeout is not None, else all of it", True),
        ("return data is not None and limit", False),
        ("while left in right and not done", False),
        ("total = first + second", False),
        ('f"error is {error}"', False),
    ],
)
def test_lines_of_docstrings_are_not_checked_as_code(line, prose):
    assert bool(diff_review._PROSE.match(line)) == prose


def test_a_commit_of_two_changes_is_not_told_by_the_subject_of_one(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK, "build.toml": "level = 1\n"})
    half = STOCK.replace("+ price", "+ price / 2")
    sandbox.commit("Halve every price of the total", {"stock.py": half, "build.toml": "level = 2\n"}, hours=1)
    rows = mined(sandbox, tmp_path)
    assert not [row for row in rows if row.source.ask in ("explain", "message", "absent")]


@pytest.mark.parametrize(
    ("more", "asked"),
    [("    name = str(name)\n", True), ("    assert name\n    raise ValueError(name)\n", False)],
)
def test_a_change_that_raises_more_is_not_said_to_break_nobody(sandbox, tmp_path, more, asked):
    sandbox.commit("Begin", {"stock.py": "def find(name):\n    return name\n"})
    changed = f"def find(name: str):\n{more}    return name\n"
    sandbox.commit("Look the name up", {"stock.py": changed}, hours=1)
    assert bool(kind(mined(sandbox, tmp_path), "signature")) is asked
