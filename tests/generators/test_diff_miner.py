"""What commits teach: explanations, edits, reviews with a planted bug and without."""

import random
import re
import subprocess
from datetime import timedelta

import pytest
from snapshots import snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import diff_miner
from autodidact.generators.defects import plant
from autodidact.sources.git import Repository
from autodidact.sources.gitlog import Commit
from autodidact.sources.hunks import hunks
from sandbox import NOON

STOCK = '''def reserve(stock, item, count):
    if item not in stock:
        raise KeyError(item)
    left = stock[item] - count
    return left


def total(prices, limit):
    result = 0
    for price in prices:
        result = result + price
    return result
'''


def mined(sandbox, tmp_path, **window) -> list:
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(tmp_path, repository)
        for key, value in window.items():
            setattr(seen, key, value)
        return list(diff_miner.generate(seen))


def test_a_commit_is_explained_by_its_message(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit(
        "Refuse to reserve more than there is (#12)\n\nNegative stock was sold twice\nbefore Christmas.\n\nSigned-off-by: Ada",
        {"stock.py": STOCK.replace("    left =", "    if count > stock[item]:\n        raise ValueError(count)\n    left =")}, hours=1,
    )  # fmt: skip
    sha = sandbox.git("rev-parse", "HEAD")
    explained = next(r for r in mined(sandbox, tmp_path) if r.prompt().split("\n")[0] in diff_miner.EXPLAIN)
    says = "Refuse to reserve more than there is. Negative stock was sold twice before Christmas."
    assert explained.response() in (says, f"{says} It changes `stock.py` (+2 -0).")
    assert explained.prompt().split("\n", 1)[1] == (
        "```diff\n--- a/stock.py\n+++ b/stock.py\n@@ -1,6 +1,8 @@\n"
        " def reserve(stock, item, count):\n     if item not in stock:\n         raise KeyError(item)\n"
        "+    if count > stock[item]:\n+        raise ValueError(count)\n     left = stock[item] - count\n     return left\n \n```"
    )
    assert (explained.category, explained.time) == ("code_review", "2026-03-01T13:00:00Z")
    assert explained.source.model_dump() == {"kind": "git", "ref": f"{sha}:stock.py", "commit": sha, "path": "stock.py", "lines": [1, 8]}


def test_before_and_after(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit("Use sum for the total of prices", {"stock.py": STOCK[: STOCK.index("    result = 0")] + "    return sum(prices)\n"}, hours=1)
    edit = next(r for r in mined(sandbox, tmp_path) if "This is the place" in r.prompt())
    before = "\n\ndef total(prices, limit):\n    result = 0\n    for price in prices:\n        result = result + price\n    return result"
    assert edit.prompt() == f"Use sum for the total of prices. This is the place in `stock.py`:\n```python\n{before}\n```"
    assert edit.response() == "```python\n\n\ndef total(prices, limit):\n    return sum(prices)\n```"


def written(source: str, own: str, seed: int = 0):
    """The defect planted into the lines of `source` that contain `own`, and the file with it."""
    lines = source.splitlines()
    numbers = {n for n, text in enumerate(lines, 1) if own in text}
    defect = plant(source.encode(), numbers, set(), random.Random(seed))
    if defect is None:
        return None
    put = [] if defect.planted is None else [defect.planted]
    return defect.kind, defect.line, [*lines[: defect.line - 1], *put, *lines[defect.line - 1 + defect.count :]][defect.line - 1], defect.says


@pytest.mark.parametrize(
    ("source", "own", "expected"),
    [
        ("def f(a, b):\n    ok = a.x < b.y\n", "<", ("comparison", 2, "    ok = a.x <= b.y", "off by one: `a.x <= b.y` should be `a.x < b.y`")),
        ("def f(a):\n    ok = a.é is not None\n", "is not", (
            "comparison", 2, "    ok = a.é is None", "the comparison is reversed: `a.é is None` should be `a.é is not None`")),
        ("def f(a):\n    b = a.x and a.y\n", "and", (
            "boolean", 2, "    b = a.x or a.y", "the conditions are joined wrongly: `a.x or a.y` should be `a.x and a.y`")),
        ("def f(a):\n    b = a.n - 1\n", "-", ("index", 2, "    b = a.n + 1", "off by one in the wrong direction: `a.n + 1` should be `a.n - 1`")),
        ("def f(a):\n    b = a.n[0]\n", "[0]", ("index", 2, "    b = a.n[1]", "off by one: `a.n[1]` should be `a.n[0]`")),
        ("def f(a):\n    return g(a)\n", "return", ("lost return", 2, "    g(a)", "`g(a)` is computed and not returned: `return` is missing")),
        ("def f(a, b):\n    c = g(a, b)\n", "g(", (
            "wrong variable", 2, "    c = g(a, a)", "wrong variable: `g(a, a)` uses `a` twice and should be `g(a, b)`")),
        ("try:\n    x = 1\nexcept E:\n    raise\n", "raise", ("swallowed exception", 4, "    pass", "the exception is swallowed: `pass` should be `raise`")),
        ("def f(a):\n    if not a:\n        return\n    g()\n", "if not", (
            "inverted check", 2, "    if a:", "the check is inverted: `if a` should be `if not a`")),
    ],
)  # fmt: skip
def test_defects(source, own, expected):
    assert written(source, own) == expected


@pytest.mark.parametrize("source", ["def f(:\n", "x = 1\n", "s = '''\nif a < b:\n'''\n", "if (a.x)< (b.y): pass\n"])
def test_nothing_is_planted_where_nothing_can_break(source):
    assert plant(source.encode(), set(range(1, source.count("\n") + 1)), set(), random.Random(0)) is None


def test_a_check_in_the_context_may_be_removed():
    defect = plant(STOCK.encode(), {4}, {1, 2, 3, 5}, random.Random(3))
    assert (defect.kind, defect.line, defect.count, defect.planted) == ("removed check", 2, 2, None)
    assert defect.says == "the check `if item not in stock:` is removed, so what it refused now passes"


def test_a_review_names_the_planted_bug_and_its_line(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": "LIMIT = 10\n"})
    for n in range(12):
        body = "".join(f"\n\ndef fits_{k}(count, room):\n    if count > room.left_{k}:\n        return False\n    return count + 1\n" for k in range(n + 1))
        sandbox.commit(f"Add check number {n}", {"stock.py": "LIMIT = 10\n" + body}, hours=n + 1)
    reviews = [r for r in mined(sandbox, tmp_path) if r.prompt().split("\n")[0] in diff_miner.REVIEW]
    bugs = [r for r in reviews if r.source.model_dump().get("defect")]
    clean = [r for r in reviews if r not in bugs]
    assert len(bugs) >= 4 and len(clean) >= 3
    for row in bugs:
        number = row.source.defect["line"]
        said = re.fullmatch(r"Line (\d+) of `stock\.py`: (.+)\.", row.response())
        assert int(said[1]) == number
        original = sandbox.git("show", f"{row.source.commit}:stock.py").split("\n")[number - 1]
        (hunk,) = hunks(row.prompt())
        shown = next(line for line, n in hunk.numbered() if n == number and line[0] == "+")
        assert shown[1:] != original  # the bug is in the diff that is shown, not in the commit
        quoted = re.findall(r"`([^`]+)`", said[2])
        assert any(q.removeprefix("if ") in shown for q in quoted)
    for row in clean:
        assert re.fullmatch(r"I see no bug in (this diff\. Add check number \d+\.|these lines of `stock\.py`\.)", row.response())
        shown = row.prompt().split("```diff\n")[1].removesuffix("\n```").split("\n", 2)[2]
        assert shown in sandbox.git("show", "--format=", row.source.commit).replace("\r", "")


def test_a_long_hunk_is_shown_in_pieces_that_keep_their_line_numbers():
    (whole,) = hunks("@@ -1,2 +1,8 @@\n import os\n+\n+def a():\n+    return 1\n+\n+def b():\n+    return 2\n old = 1\n")
    assert [piece.text() for piece in whole.parts(4)] == [
        "@@ -1 +1,4 @@\n import os\n+\n+def a():\n+    return 1",
        "@@ -2 +5,4 @@\n+\n+def b():\n+    return 2\n old = 1",
    ]
    assert [number for piece in whole.parts(4) for _, number in piece.numbered()] == list(range(1, 9))


def test_planted_diffs_still_apply(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    guard = "    if result > limit:\n        return limit\n    return result"
    sandbox.commit("Stop at the limit of a total", {"stock.py": STOCK.replace("    return result", guard)}, hours=1)
    sandbox.commit("Take the limit as it is given", {"stock.py": STOCK.replace("    return result", guard.replace(">", ">="))}, hours=2)
    reviews = [r for r in mined(sandbox, tmp_path) if r.prompt().split("\n")[0] in diff_miner.REVIEW]
    assert len(reviews) == 3
    for review in reviews:
        if "/dev/null" not in review.prompt():
            sandbox.git("checkout", "-q", f"{review.source.commit}~1")
            patch = review.prompt().split("```diff\n")[1].removesuffix("```")
            subprocess.run(["git", "apply", "--check", "-"], input=patch.encode(), cwd=sandbox.path, check=True)


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Fix the race in the pool", "", "Fix the race in the pool."),
        ("fix(pool): close idle connections (#77)", "They pile up\novernight.\n\nCloses #76", "Close idle connections. They pile up overnight."),
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
)  # fmt: skip
def test_messages_worth_learning_from(subject, body, expected):
    assert diff_miner.message(Commit("0" * 40, NOON, NOON, subject, body, [])) == expected


def test_reverted_generated_and_oversized_changes_are_left_out(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    bad = sandbox.commit("Accept every order blindly", {"stock.py": STOCK.replace("not in stock", "is None")}, hours=1)
    sandbox.commit(f'Revert "Accept every order blindly"\n\nThis reverts commit {bad}.', {"stock.py": STOCK}, hours=2)
    sandbox.commit("Add many numbers to the table", {"table.py": "".join(f"A{n} = {n}\n" for n in range(500))}, hours=3)
    sandbox.commit("Add a vendored copy of six", {"vendor/six.py": "def u(x):\n    return x\n"}, hours=4)
    sandbox.commit("Add a line that is far too long", {"long.py": "A = '" + "x" * 200 + "'\n"}, hours=5)
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        seen = snapshot(tmp_path, repository)
        prompts = "".join(r.prompt() for r in diff_miner.generate(seen))
    assert "is None" not in prompts and "A499" not in prompts and "vendor" not in prompts and "xxxx" not in prompts
    assert troubles(seen) == {"reverted commit": 2}


def test_only_the_commits_of_the_window(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit("Double every price of the total", {"stock.py": STOCK.replace("+ price", "+ 2 * price")}, hours=1)
    sandbox.commit("Halve every price of the total", {"stock.py": STOCK.replace("+ price", "+ price / 2")}, hours=13)
    rows = mined(sandbox, tmp_path, since=NOON + timedelta(hours=12))
    assert rows and {r.source.commit for r in rows} == {sandbox.git("rev-parse", "HEAD")}
    with pytest.raises(Skipped, match="no commits in the window"):
        mined(sandbox, tmp_path, since=NOON + timedelta(hours=14))


def test_equal_snapshots_give_equal_examples(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK})
    sandbox.commit("Stop at the limit of a total", {"stock.py": STOCK.replace("    return result", "    return min(result, limit)")}, hours=1)
    first = [r.line() for r in mined(sandbox, tmp_path)]
    assert first == [r.line() for r in mined(sandbox, tmp_path)] and len(first) == len(set(first)) >= 3


def test_without_a_repository_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="no repository"):
        next(diff_miner.generate(snapshot(tmp_path)))
