"""A question about a commit holds what its answer needs, and an unreadable object costs itself alone."""

import random
import re
import subprocess
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from autodidact.generators.diff_miner.breaking_signature_changes import compatible
from autodidact.generators.diff_miner.call_compatibility import Calls
from autodidact.generators.diff_miner.plant_bugs import plant
from autodidact.generators.diff_miner.subject_implies_edit import implied
from autodidact.generators.diff_miner.usable_commit_messages import without_reason
from autodidact.generators.diff_miner.whole_commits import removes_nothing, speaks_of
from autodidact.generators.diff_miner.windows_line_ends import with_plain_ends
from autodidact.sources.git import history_despite_errors
from autodidact.sources.git.commits_with_diffs import FileDiff
from autodidact.sources.git.history_despite_errors import BROKEN, MISSING
from autodidact.sources.git.hunks import Hunk, hunks
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, snapshot, troubles

CASES = Path(__file__).parents[1] / "data" / "history"
STOCK = "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return result\n"


def mined(path: Path, folder: Path) -> tuple[list, dict[str, int]]:
    """(examples of a repository, what was counted)."""
    done = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    with Repository(path, done.stdout.strip()) as repository:
        seen = snapshot(folder, repository)
        return list(examples_of("diff_miner", seen)), troubles(seen)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """(examples, what was counted) of a bundle of tests/data/history."""
    made = {}

    def get(name: str) -> tuple[list, dict[str, int]]:
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            subprocess.run(["git", "clone", "-q", CASES / f"{name}.bundle", folder / "clone"], check=True)
            made[name] = mined(folder / "clone", folder)
        return made[name]

    return get


def orders(rows: list) -> set[str]:
    """What edits are asked for."""
    text = "\n".join(row.prompt() for row in rows if row.source.ask == "edit")
    known = (
        "Call a cancelled hold void, like the ledger",
        "Make refund asynchronous and name its currency",
        "Refuse a refund larger than what was paid",
        "Name the state of a cancelled hold",
        "Take the reason by name only",
        "Rename pay to payments, as finance calls it",
        "Read the key from the environment, since the old one leaked",
        "Write the subtraction out, because a proxy of hold has no __isub__",
        "Raise the limit to 250",
        "Raise the limit to 300",
    )
    return {order for order in known if order in text}


# Line ends


def test_changes_of_a_file_with_line_ends_of_windows_are_read(case):
    rows, counted = case("repo")
    assert counted["line ends changed, or carriage returns within lines"] == 1
    told = {row.source.commit: row for row in rows if row.source.ask in ("explain", "message")}
    said = " ".join(row.response() for row in told.values())
    assert "Write the subtraction out" in said and "Let a hold be cancelled" in said
    assert not [row for row in rows if "\r" in row.line() or "Convert line endings" in row.response()]


@pytest.mark.parametrize(
    ("patch", "plain"),
    [
        ("@@ -1 +1 @@\n-a\n+b\n", "@@ -1 +1 @@\n-a\n+b\n"),
        ("@@ -1 +1 @@ def f():\r\n a\r\n-b\r\n+c\r\n", "@@ -1 +1 @@ def f():\n a\n-b\n+c\n"),
        # Lines that were added to such a file without its line ends.
        ("@@ -1 +1,2 @@\n a\r\n+b\n", "@@ -1 +1,2 @@\n a\n+b\n"),
        # Moved, with its line end.
        ("@@ -1,2 +1,2 @@\n-a\r\n b\r\n+a\r\n", "@@ -1,2 +1,2 @@\n-a\n b\n+a\n"),
        # Converted, and converted with a change beside.
        ("@@ -1 +1 @@\n-a\n+a\r\n", None),
        ("@@ -1,2 +1,2 @@\n-a\r\n-b\r\n+a\n+c\n", None),
        ("@@ -1 +1 @@\n-a\n+b\rc\n", None),
    ],
)
def test_patches_with_plain_line_ends(patch, plain):
    assert with_plain_ends(patch) == plain


def test_bugs_are_planted_into_such_files_at_their_lines(sandbox, tmp_path):
    sandbox.commit("Begin", {"stock.py": STOCK.replace("\n", "\r\n").encode()})
    for n in range(12):
        text = STOCK.replace(
            "return result", f"if result == 'x{n}':\n        raise ValueError(result)\n    return result"
        )
        sandbox.commit(
            f"Refuse the total number {n}", {"stock.py": text.replace("\n", "\r\n").encode()}, hours=n + 1
        )
    rows, counted = mined(sandbox.path, tmp_path)
    bugs = [
        row for row in rows if row.source.ask in ("review", "line") and "defect" in row.source.model_dump()
    ]
    assert bugs and counted == {}
    for row in bugs:
        (hunk,) = hunks(row.prompt())
        assert row.source.defect["line"] in {number for line, number in hunk.numbered() if line[0] == "+"}


def test_a_pointer_of_git_lfs_is_no_code(case):
    rows, counted = case("repo")
    assert counted["pointer of Git LFS, not the file itself"] == 1
    assert not [row for row in rows if "git-lfs" in row.prompt()]


# Objects that cannot be read


def blob(sandbox, name: str) -> Path:
    """The file of an object."""
    sha = sandbox.git("rev-parse", name)
    return sandbox.path / ".git" / "objects" / sha[:2] / sha[2:]


@pytest.fixture
def broken(sandbox):
    """A history of three commits, of which the second one changes two files."""
    sandbox.commit("Begin", {"stock.py": STOCK, "notes.md": "Notes\n"}, hours=-9_000)
    half = {"stock.py": STOCK.replace("+= price", "+= price / 2"), "notes.md": "Half\n"}
    sandbox.commit("Halve every price of the total", half, hours=-8_000)
    sandbox.commit("Take the limit of a total", {"limit.py": "LIMIT = 3\n", "notes.md": "Limit\n"}, hours=2)
    return sandbox


def test_a_missing_blob_costs_its_file_alone(broken, tmp_path):
    blob(broken, "HEAD~1:notes.md").unlink()
    rows, counted = mined(broken.path, tmp_path)
    # It is missing before and after.
    assert counted == {MISSING: 2}
    assert {row.source.path for row in rows} == {"stock.py"}
    # What the message of a commit is about may be in the file that is missing.
    assert not [row for row in rows if row.source.ask in ("explain", "message") and "Halve" in row.response()]
    with Repository(broken.path, broken.git("rev-parse", "HEAD")) as repository:
        commits = list(repository.commits())
    assert [[file.path for file in commit.files] for commit in commits] == [
        ["limit.py"],
        ["stock.py"],
        ["notes.md", "stock.py"],
    ]
    assert [commit.left_out for commit in commits] == [[(MISSING, "notes.md")], [(MISSING, "notes.md")], []]


def test_a_broken_object_is_told_from_a_missing_one(broken, tmp_path):
    file = blob(broken, "HEAD~1:notes.md")
    file.chmod(0o644)
    file.write_bytes(b"no object")
    rows, counted = mined(broken.path, tmp_path)
    assert counted == {BROKEN: 2}
    assert {row.source.path for row in rows} == {"stock.py"}


def test_a_missing_tree_costs_the_commits_that_need_it(broken, tmp_path):
    blob(broken, "HEAD^{tree}").unlink()
    with Repository(broken.path, broken.git("rev-parse", "HEAD")) as repository:
        commits = list(repository.commits())
    assert [commit.left_out for commit in commits] == [[(MISSING, "")], [], []]
    assert [commit.subject for commit in commits][0] == "Take the limit of a total"


def test_a_clone_without_blobs_is_read_in_bounded_time(broken, tmp_path, monkeypatch):
    broken.git("config", "uploadpack.allowFilter", "true")
    clone = [
        "git",
        "clone",
        "-q",
        "--bare",
        "--filter=blob:none",
        f"file://{broken.path}",
        tmp_path / "clone",
    ]
    subprocess.run(clone, check=True)
    monkeypatch.setattr(history_despite_errors, "MOST_UNREADABLE", 1)
    rows, counted = mined(tmp_path / "clone", tmp_path)
    assert rows == []
    # Two files of the newest commit; of the others only the messages are read.
    assert counted == {MISSING: 4}
    with Repository(tmp_path / "clone", broken.git("rev-parse", "HEAD")) as repository:
        assert [commit.subject for commit in repository.commits()][-1] == "Begin"


def test_the_commits_before_an_unreadable_one_come_once(broken):
    blob(broken, "HEAD~2:stock.py").unlink()
    with Repository(broken.path, broken.git("rev-parse", "HEAD")) as repository:
        commits = list(repository.commits())
    assert len({commit.sha for commit in commits}) == len(commits) == 3
    assert [commit.left_out for commit in commits] == [[], [(MISSING, "stock.py")], [(MISSING, "stock.py")]]


# What a prompt must hold


def test_edits_of_the_cases_follow_from_what_is_asked(case):
    assert orders(case("repo2")[0]) == {
        "Call a cancelled hold void, like the ledger",
        "Make refund asynchronous and name its currency",
        "Refuse a refund larger than what was paid",
        "Name the state of a cancelled hold",
    }
    assert "Raise the limit to 300" in orders(case("repo")[0])


@pytest.mark.parametrize(
    ("order", "before", "after", "follows"),
    [
        ("Raise the limit to 250", "LIMIT = 200", "LIMIT = 250", True),
        ("Raise the limit", "LIMIT = 200", "LIMIT = 250", False),
        ("Halve every price", "x = price", "x = price / 2", True),
        ("Take the reason by name only", "def f(reason=None):", 'def f(*, reason="guest asked"):', False),
        ("Read the key from the environment", "KEY = 'x'", "KEY = environ['PAY_KEY']", False),
        ("Rename pay to payments", '"""Give money."""', '"""Give money to the guest."""', False),
        ("Fix the build", "import os\nimport sys", "import sys", False),
        ("Remove the unused import of os", "import os\nimport sys", "import sys", True),
        ("Refuse an empty name", "x = name", "if not name:\n    raise ValueError(name)\nx = name", True),
        ("Refuse an empty name", "x = name", "if not name:\n    raise ShopError(name)\nx = name", False),
        ("Cache the rows of a query", "def rows(query):", "@cached\ndef rows(query):", True),
        ("Log the retries", "retry()", "logger.info('retry %s', attempt)\nretry()", False),
        ("Test a bad server in one place", 'body = ["", {}]', 'body = ["", {}, {"a": 1}]', False),
        ("Find a password by its name", 'return "password after its name"', 'return "password"', False),
        ("Drop the name of a password", 'return "password after its name"', 'return "password"', False),
        ("Drop the name of a password", 'return "password, name"', 'return "password"', True),
        ("Find more passwords", 'return "password after its name"', 'return "password"', False),
        ("Show the address", "def shown(self):\n    return self.url\n\nx = 1", "x = 1", False),
        (
            "Refuse more than was paid",
            "if a < 1:\n    h.paid -= a",
            "if a < 1 or a > h.paid:\n    h.paid -= a",
            True,
        ),
        ("Link to the harbour docs", "docs = ''", "docs = 'https://harbour.example/docs'", False),
        ("Link to https://harbour.example/docs", "docs = ''", "docs = 'https://harbour.example/docs'", True),
        ("Remove 3.6 from the classifiers", '"Python :: 3.6"\n"Python :: 3.7"', '"Python :: 3.7"', True),
        ("Remove an old classifier", '"Python :: 3.6"\n"Python :: 3.7"', '"Python :: 3.7"', False),
        ("Use StreamClosed for ResponseClosed", "* ResponseClosed", "* StreamClosed", True),
        ("Use StreamClosed for ResponseClosed", "* ResponseClosed", "* StreamBroken", False),
        ("Use const for the port", "let port = 80;", "const port = 80;", True),
    ],
)
def test_whether_an_edit_follows_from_its_order(order, before, after, follows):
    assert implied(order, before.split("\n"), after.split("\n")) == follows


def test_a_message_is_without_the_reason_that_nobody_can_see(case):
    says = {
        "Write the subtraction out, because a proxy has none. And more.": "Write the subtraction out",
        "Rename pay to payments, as finance calls it.": "Rename pay to payments",
        "Take room 3 as the limit.": "Take room 3 as the limit",
        "Close the pool before the loop.": "Close the pool before the loop",
    }
    assert {text: without_reason(text) for text in says} == says
    messages = [
        row.response() for name in ("repo", "repo2") for row in case(name)[0] if row.source.ask == "message"
    ]
    assert messages and not [
        text for text in messages if "\n" in text or ", as " in text or "because" in text
    ]


@pytest.mark.parametrize("name", ["repo", "repo2"])
def test_planted_bugs_of_the_cases_show(case, name):
    for row in case(name)[0]:
        if row.source.ask not in ("review", "line") or "defect" not in row.source.model_dump():
            continue
        right = re.findall(r"should be `([^`]+)`", row.response())
        assert "is missing" not in row.response() or "\n-" in row.prompt()
        assert all(set(re.findall(r"\w+", text)) <= set(re.findall(r"\w+", row.prompt())) for text in right)
    assert not [row for row in case(name)[0] if "is right as it stands" in row.response()]


CODE = {
    "a check in a new file": (
        "def f(a):\n    if a < 1:\n        raise ValueError(a)\n    return a\n",
        "",
        {},
    ),
    "a bound in a new file": ("def f(a, n):\n    return a[1:] if len(a) > n else a[:-1]\n", "", {}),
    "a direction in a new file": ("def f(a, b):\n    ok = a.x < b.y\n    return ok\n", "", {}),
    "clean-up in a new file": ("def f(a):\n    b = a.open()\n    a.send(b.x)\n    a.close()\n", "", {}),
    "a text compared by identity": ("def f(a):\n    return a == 'x'\n", "", {"identity"}),
    "an f-string": ("def f(a):\n    return f'{a} left'\n", "", {"missing f"}),
    "a sum": (
        "def f(a):\n    total = 0\n    for x in a:\n        total += x\n    print(total)\n",
        "",
        {"wrong operator"},
    ),
    "an exception of an import": (
        "try:\n    import brotli\nexcept ImportError:\n    brotli = None\n",
        "",
        {"broad except"},
    ),
    "an exception of somebody's": ("try:\n    pay()\nexcept CardError:\n    print(1)\n", "", set()),
    # The old line is shown.
    "a check that was there": (
        "def f(a, b):\n    if a < 1:\n        raise ValueError(a)\n    return b\n",
        "    return b",
        {"removed check", "off by one"},
    ),
    "a direction that was there": (
        "def f(a, b):\n    ok = a.x < b.y\n    return [ok]\n",
        "    return [ok]",
        {"wrong operator"},
    ),
}


@pytest.mark.parametrize(("source", "written", "kinds"), CODE.values(), ids=CODE)
def test_only_bugs_that_show_are_planted(source, written, kinds):
    """`written`: the line that the commit wrote; "" for a new file."""
    lines = source.removesuffix("\n").split("\n")
    shown = [("+" if not written or line == written else " ") + line for line in lines]
    rows = [(line, number) for number, line in enumerate(shown, 1)]
    own = {number for line, number in rows if line[0] == "+"}
    around = {number for line, number in rows if line[0] == " "}
    used: Counter = Counter()
    for seed in range(12):
        if defect := plant(source, own, around, random.Random(seed), used, shown=rows):
            used[defect.kind] += 1
    assert set(used) == set(kinds) or kinds and kinds <= set(used) and written


def test_a_bug_in_a_new_line_shows_where_the_old_line_has_it_right():
    rows = [("-    ok = a.x < b.y", 2), ("+    ok = bool(a.x < b.y)", 2)]
    source = "def f(a, b):\n    ok = bool(a.x < b.y)\n    return ok\n"
    defect = plant(source, {2}, set(), random.Random(0), shown=rows)
    assert defect and (defect.kind, defect.bad, defect.good) == ("wrong operator", "a.x > b.y", "a.x < b.y")
    assert plant(source, {2}, set(), random.Random(0), shown=rows[1:]) is None


PAY = "def refund(hold, amount):\n    return hold\n\n\ndef cancel(hold, *, reason='asked', notify=True):\n    return refund(hold, 1)\n"


@pytest.mark.parametrize(
    ("code", "fine"),
    [
        ("from pay import cancel\n\n\ndef f(h):\n    return cancel(h, 'old')\n", False),
        ("from pay import cancel\n\n\ndef f(h):\n    return cancel(h, reason='old')\n", True),
        ("from pay import cancel as stop\n\n\ndef f(h):\n    return stop(h, why='old')\n", False),
        ("from .pay import refund\n\n\ndef f(h):\n    return refund(h)\n", False),
        ("from pay import refund\n\n\ndef f(h):\n    return refund(*h)\n", True),
        ("from pay import refund\n\n\ndef f(refund, h):\n    return refund(h)\n", True),
        ("from elsewhere import refund\n\n\ndef f(h):\n    return refund(h)\n", True),
        ("def g(a, b=1, *c, **d):\n    return a\n\n\ndef f(h):\n    return g(1, 2, 3, e=4)\n", True),
        ("def g(a, b):\n    return a\n\n\ndef f(h):\n    return g(1, a=2, b=3)\n", False),
        (
            "import functools\n\n\n@functools.cache\ndef g(a):\n    return a\n\n\ndef f(h):\n    return g()\n",
            True,
        ),
    ],
)
def test_a_call_that_its_function_refuses_is_found(sandbox, code, fine):
    commit = sandbox.commit("Begin", {"pay.py": PAY, "job.py": code})
    with Repository(sandbox.path, commit) as repository:
        file = FileDiff("job.py", "job.py", "A", None, None)
        assert Calls(repository).fit(commit, file, Hunk(0, 1, "", ["+x"])) == fine


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("def f(a):", "def f(a, b=1):", True),
        ("def f(a):", "def f(a) -> int:", True),
        ("def f(a):", "def f(a, b):", False),
        ("def f(a):", "async def f(a):", False),
        ("def f(a, b=1):", "def f(a, *, b=1):", False),
        ("def f(a, b):", "def f(b, a):", False),
    ],
)
def test_whether_calls_fit_a_changed_signature(old, new, fits):
    assert compatible(old, new) == fits


def test_a_change_after_which_a_caller_fails_is_not_called_clean(sandbox, tmp_path):
    body = "def pay{n}(a):\n    if a == 'x{n}':\n        return None\n    return a\n\n\ndef use{n}(a):\n    return pay{n}(a)\n"
    sandbox.commit("Begin", {"p.py": "X = 1\n"})
    for n in range(12):
        sandbox.commit(f"Add the payment number {n}", {f"p{n}.py": body.format(n=n)}, hours=3 * n + 1)
        least = f"def least{n}(a):\n    return min(a)\n"
        sandbox.commit(f"Add the least payment {n}", {f"q{n}.py": least}, hours=3 * n + 2)
        changed = (
            body.format(n=n).replace(f"def pay{n}(a)", f"def pay{n}(a, b)").replace("return None", "return b")
        )
        sandbox.commit(f"Take what else payment {n} wants", {f"p{n}.py": changed}, hours=3 * n + 3)
    sandbox.commit("Look at the shop again", {"news.md": "News\n"}, hours=3_000)
    rows, counted = mined(sandbox.path, tmp_path)
    clean = [
        row
        for row in rows
        if row.source.ask in ("review", "line") and "defect" not in row.source.model_dump()
    ]
    assert clean and not [row for row in clean if "(a, b)" in row.prompt()]
    assert counted["change after which a call may fail"] >= 1


def test_a_changed_definition_is_not_called_new(case):
    new = [
        row
        for name in ("repo", "repo2")
        for row in case(name)[0]
        if row.source.model_dump().get("open_book") == ["defines"]
    ]
    assert {row.response() for row in new} <= {"cancel", "nightly", "refund", "naïve"}
    assert not [row for row in new if "notify=True" in row.prompt()]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Make the Polar logo fit better", False),
        ("Leave the static files out", True),
        ("Exclude docs", True),
        ("Tidy the hooks", False),
    ],
)
def test_a_message_that_is_about_what_is_not_shown_is_told_from_one_that_is_not(message, shown):
    part = SimpleNamespace(
        file=SimpleNamespace(path=".pre-commit-config.yaml"), diff=lambda: "+  exclude: docs/_static"
    )
    assert speaks_of(message, [part]) is shown


@pytest.mark.parametrize(
    ("message", "wrong"),
    [("Remove trailing lines", True), ("Tidy the hooks", False), ("Removes a port", True)],
)
def test_a_message_that_removes_where_nothing_goes_is_not_taught(message, wrong):
    part = SimpleNamespace(count={"+": 2, "-": 2}.__getitem__)
    assert removes_nothing(message, [part]) is wrong
