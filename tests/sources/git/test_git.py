"""The git reader on small real repositories, some of them hostile."""

import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autodidact.errors import AutodidactError
from autodidact.sources.excluded_paths import excluded, generated
from autodidact.sources.git import oversized_trees, run_git
from autodidact.sources.git import repository as git
from autodidact.sources.git.history_despite_errors import MISSING
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.revisions import discover, is_ancestor, resolve, system_name
from tests.bounded import bounded
from tests.sandbox import NOON, Sandbox


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def test_a_system_is_named_by_its_folder_and_its_root_commit(sandbox):
    root = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.commit("Go on", {"a.py": "A = 2\n"}, hours=1)
    assert discover(sandbox.path) == ("shop", root)
    assert system_name(sandbox.path) == f"shop-{root[:8]}"
    (sandbox.path / "deep" / "er").mkdir(parents=True)
    assert system_name(sandbox.path / "deep" / "er") == f"shop-{root[:8]}"


def test_of_two_roots_the_earlier_one_names_the_system(sandbox):
    sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.git("checkout", "-q", "--orphan", "other")
    older = sandbox.commit("Imported", {"b.py": "B = 1\n"}, hours=-9)
    sandbox.git("checkout", "-q", "main")
    sandbox.git("merge", "-q", "--allow-unrelated-histories", "-m", "Merge", "other", when=hours(1))
    assert discover(sandbox.path)[1] == older


def test_a_worktree_and_a_bare_clone_have_the_name_of_the_repository(sandbox, tmp_path):
    root = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "elsewhere"))
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(sandbox.path), str(tmp_path / "mirror" / "shop.git")], check=True
    )
    assert discover(tmp_path / "elsewhere") == discover(tmp_path / "mirror" / "shop.git") == ("shop", root)


def test_a_shallow_clone_is_named_by_the_earliest_commit_it_has(sandbox, tmp_path):
    sandbox.commit("Begin", {"a.py": "A = 1\n"})
    second = sandbox.commit("Go on", {"a.py": "A = 2\n"}, hours=1)
    third = sandbox.commit("Further", {"a.py": "A = 3\n"}, hours=2)
    subprocess.run(
        ["git", "clone", "-q", "--depth=2", f"file://{sandbox.path}", str(tmp_path / "clone")], check=True
    )
    assert discover(tmp_path / "clone") == ("clone", second)
    with Repository(tmp_path / "clone", third) as repository:
        assert [commit.sha for commit in repository.commits()] == [third, second]
        assert repository.changed(discover(sandbox.path)[1]) == {
            "a.py"
        }  # the commit before is out of reach: everything counts as new


def test_the_commit_of_a_moment_is_the_newest_one_not_after_it(sandbox):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    second = sandbox.commit("Go on", {"a.py": "A = 2\n"}, hours=2)
    assert resolve(sandbox.path, None, hours(-1)) is None
    assert resolve(sandbox.path, None, hours(0)) == first
    assert resolve(sandbox.path, None, hours(1.99)) == first
    assert resolve(sandbox.path, "main", hours(2)) == second


def test_clocks_that_go_backwards_do_not_hide_what_was_there(sandbox):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    fast = sandbox.commit("By a fast clock", {"a.py": "A = 2\n"}, hours=48)
    third = sandbox.commit("By a right clock", {"a.py": "A = 3\n"}, hours=2)
    assert resolve(sandbox.path, None, hours(1)) == first
    assert resolve(sandbox.path, None, hours(3)) == third
    # The tip, and not what the clock that was ahead made before it.
    assert resolve(sandbox.path, None, hours(50)) == third
    assert resolve(sandbox.path, fast, hours(50)) == fast


def test_a_moment_in_the_past_is_that_of_the_first_commit_from_the_tip_that_is_not_after_it(sandbox):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.commit("By a fast clock", {"a.py": "A = 2\n"}, hours=4)
    third = sandbox.commit("By a right clock", {"a.py": "A = 3\n"}, hours=2)
    last = sandbox.commit("Go on", {"a.py": "A = 4\n"}, hours=5)
    found = [resolve(sandbox.path, None, hours(moment)) for moment in (1, 2, 3, 4.5, 5)]
    assert found == [first, third, third, third, last]


def test_a_commit_counts_from_its_merge_on(sandbox):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.git("checkout", "-q", "-b", "feature")
    feature = sandbox.commit("Add b", {"b.py": "B = 1\n"}, hours=1)
    sandbox.git("checkout", "-q", "main")
    sandbox.git("merge", "-q", "--no-ff", "-m", "Merge feature", "feature", when=hours(3))
    assert resolve(sandbox.path, None, hours(2)) == first
    with Repository(sandbox.path, sandbox.git("rev-parse", "main")) as repository:
        assert [commit.sha for commit in repository.commits(since=hours(2))] == [
            feature
        ]  # in the window in which it came to main
        assert list(repository.commits(since=hours(3))) == []
        assert [commit.sha for commit in repository.commits(until=hours(2))] == [first]


def test_branches(sandbox):
    sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.git("checkout", "-q", "-b", "release/1.x")
    fix = sandbox.commit("Fix", {"a.py": "A = 2\n"}, hours=1)
    sandbox.git("checkout", "-q", "main")
    assert resolve(sandbox.path, "release/1.x", hours(9)) == fix
    for bad in ("nope", "--output=/tmp/x", "-h", "", "a\nb"):
        with pytest.raises(AutodidactError, match=r"No branch .* one of: main, release/1.x"):
            resolve(sandbox.path, bad, hours(9))


def test_what_is_no_repository_says_what_to_do(tmp_path, sandbox):
    with pytest.raises(AutodidactError, match="is not in a git repository.*git init"):
        discover(tmp_path)
    with pytest.raises(AutodidactError, match="No such folder.*sources.repository"):
        discover(tmp_path / "absent")
    with pytest.raises(AutodidactError, match="is empty.*Commit something"):
        discover(sandbox.path)
    sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.git("checkout", "-q", "--orphan", "unborn")
    with pytest.raises(AutodidactError, match="HEAD .* without commits.*sources.branch"):
        resolve(sandbox.path, None, NOON)
    with pytest.raises(AutodidactError, match="not a full commit id"):
        Repository(sandbox.path, "HEAD")
    with pytest.raises(AutodidactError, match="Commit 0{40} is not in"):
        Repository(sandbox.path, "0" * 40)


def test_files_are_those_of_the_commit_not_of_the_work_tree(sandbox):
    commit = sandbox.commit(
        "Begin",
        {"pkg/b.py": "B = 1\n", "pkg/ä ö.py": "Ä = 1\n", "README.md": "# Shop\n", "vendor/x.py": "X = 1\n"},
    )
    sandbox.write("pkg/b.py", "B = 'changed'\n")
    sandbox.write("pkg/new.py", "N = 1\n")
    with Repository(sandbox.path, commit) as repository:
        assert [(e.path, e.size) for e in repository.files([".py"])] == [("pkg/b.py", 6), ("pkg/ä ö.py", 7)]
        assert [e.path for e in repository.files()] == ["README.md", "pkg/b.py", "pkg/ä ö.py"]
        assert "vendor/x.py" in [e.path for e in repository.files(vendored=True)]
        blobs = [e.blob for e in repository.files([".py"])]
        assert repository.read(blobs[0]) == b"B = 1\n"
        assert list(repository.read_many([*blobs, "0" * 40, "--help", blobs[0]])) == [
            (blobs[0], b"B = 1\n"),
            (blobs[1], "Ä = 1\n".encode()),
            (blobs[0], b"B = 1\n"),
        ]
        with pytest.raises(AutodidactError, match="cannot be read"):
            repository.read("0" * 40)


def test_a_name_that_is_not_utf8_is_kept_apart(sandbox):
    sandbox.write("a.py", "A = 1\n")
    (Path(os.fsencode(sandbox.path).decode()) / os.fsdecode(b"caf\xe9.py")).write_text("C = 1\n")
    commit = sandbox.commit("Begin")
    with Repository(sandbox.path, commit) as repository:
        assert [e.path for e in repository.files()] == ["a.py", "caf\\xe9.py"]
        assert [f.path for c in repository.commits() for f in c.files] == ["a.py", "caf\\xe9.py"]


def test_links_and_submodules_are_not_followed(sandbox, tmp_path):
    other = Sandbox(tmp_path / "other")
    other.commit("Begin", {"inner.py": "I = 1\n"})
    sandbox.write("a.py", "A = 1\n")
    (sandbox.path / "passwd.py").symlink_to("/etc/passwd")
    sandbox.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.path), "sub")
    commit = sandbox.commit("Begin")
    with Repository(sandbox.path, commit) as repository:
        assert [e.path for e in repository.files()] == [".gitmodules", "a.py"]
        assert [f.path for c in repository.commits() for f in c.files] == [".gitmodules", "a.py"]
    inside = sandbox.path / "sub"
    assert discover(inside)[1] == other.git("rev-parse", "HEAD")


def test_changed_paths(sandbox):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n", "b.py": "B = 1\n", "c.py": "C = 1\n"})
    sandbox.git("rm", "-q", "c.py")
    second = sandbox.commit("Go on", {"b.py": "B = 2\n", "d.py": "D = 1\n"}, hours=1)
    with Repository(sandbox.path, second) as repository:
        assert repository.changed(first) == {"b.py", "d.py"}
        assert repository.changed(second) == set()
        assert repository.changed(None) == repository.changed("1" * 40) == {"a.py", "b.py", "d.py"}
        assert [e.path for e in repository.at(first).files()] == ["a.py", "b.py", "c.py"]


def test_commits_carry_their_diffs_newest_first(sandbox):
    body = "".join(f"line {n}\n" for n in range(20))
    sandbox.commit("Begin", {"a.txt": body, "bin.dat": b"\0\1\2"})
    sandbox.git("mv", "a.txt", "b ä.txt")
    second = sandbox.commit(
        "Rename a\n\nBecause b is better.", {"b ä.txt": body.replace("line 7\n", "line seven\n")}, hours=1
    )
    third = sandbox.commit("Nothing", hours=2)
    fourth = sandbox.commit(
        "Break the frame: \x01 + and a \x02", {"odd.txt": "\x01not a commit\ndiff --git a/x b/x\n"}, hours=3
    )
    with Repository(sandbox.path, fourth) as repository:
        newest, empty, renamed, oldest = repository.commits()
    assert (empty.sha, empty.subject, empty.files) == (third, "Nothing", [])
    assert (newest.subject, newest.files[0].patch) == (
        "Break the frame: \x01 + and a \x02",
        "@@ -0,0 +1,2 @@\n+\x01not a commit\n+diff --git a/x b/x\n",
    )
    assert (renamed.sha, renamed.subject, renamed.body, renamed.committer_time) == (
        second,
        "Rename a",
        "Because b is better.",
        hours(1),
    )
    (file,) = renamed.files
    assert (file.status, file.old_path, file.path) == ("R", "a.txt", "b ä.txt")
    assert (
        file.patch
        == "@@ -5,7 +5,7 @@ line 3\n line 4\n line 5\n line 6\n-line 7\n+line seven\n line 8\n line 9\n line"
        " 10\n"
    )
    assert [(f.path, f.status, f.binary) for f in oldest.files] == [
        ("a.txt", "A", False),
        ("bin.dat", "A", True),
    ]
    assert oldest.files[0].patch.startswith("@@ -0,0 +1,20 @@\n+line 0\n")


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2016-12-27T21:49:59-0600", "2016-12-27"),
        ("2016-12-27T21:49:59+0000", "2016-12-27"),
        ("2016-12-28T03:30:00+0900", "2016-12-28"),
        ("2024-02-29T23:59:59-0930", "2024-02-29"),
    ],
)
def test_a_commit_has_the_day_of_its_author_s_own_clock(sandbox, date, day):
    sandbox.commit("Begin", {"a.py": "A = 1\n"})
    sandbox.write("a.py", "A = 2\n")
    sandbox.git("commit", "-qam", "Go on", "--date", date, when=hours(1))
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        newest, _ = repository.commits()
    assert newest.author_day == day == sandbox.git("log", "-1", "--date=short", "--format=%ad")


def test_the_limit_counts_the_newest(sandbox):
    shas = [sandbox.commit(f"Step {n}", {"a.py": f"A = {n}\n"}, hours=n) for n in range(4)]
    with Repository(sandbox.path, shas[-1]) as repository:
        assert [commit.sha for commit in repository.commits(limit=2)] == [shas[3], shas[2]]
        assert [commit.sha for commit in repository.commits(since=hours(1), until=hours(2))] == [shas[2]]
        for commit in repository.commits():  # a reader may stop in the middle
            assert commit.sha == shas[3]
            break


def test_huge_patches_and_huge_commits_are_cut(sandbox):
    sandbox.commit(
        "Begin",
        {f"many/{n:03}.txt": f"{n}\n" for n in range(510)}
        | {"long.txt": "x" * 300_000 + "\n", "z.py": "Z = 1\n"},
    )
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        (commit,) = repository.commits()
    assert commit.truncated and len(commit.files) == 500
    assert (commit.files[0].path, commit.files[0].truncated, commit.files[0].patch) == ("long.txt", True, "")
    assert commit.files[1].patch == "@@ -0,0 +1 @@\n+0\n"


def test_a_type_change_does_not_shift_the_patches(sandbox):
    (sandbox.path / "a.py").symlink_to("b.py")
    sandbox.commit("Begin", {"b.py": "B = 1\n"})
    (sandbox.path / "a.py").unlink()
    second = sandbox.commit("A file of its own", {"a.py": "A = 1\n", "b.py": "B = 2\n"}, hours=1)
    with Repository(sandbox.path, second) as repository:
        newest = next(repository.commits())
    assert [(f.path, f.patch) for f in newest.files] == [("b.py", "@@ -1 +1 @@\n-B = 1\n+B = 2\n")]


def test_a_hostile_repository_runs_nothing(sandbox, tmp_path):
    trap = tmp_path / "trap.sh"
    trap.write_text(f'#!/bin/sh\ntouch {tmp_path}/sprung\ncat "$1" 2>/dev/null\n')
    trap.chmod(0o755)
    commit = sandbox.commit("Begin", {".gitattributes": "*.py diff=evil filter=evil\n", "a.py": "A = 1\n"})
    for key in (
        "core.fsmonitor diff.external diff.evil.textconv diff.evil.command filter.evil.smudge"
        " filter.evil.clean core.pager core.sshCommand gpg.program core.alternateRefsCommand"
        " credential.helper"
    ).split():
        sandbox.git("config", key, str(trap))
    sandbox.git("config", "log.showSignature", "true")
    sandbox.git("config", "core.hooksPath", str(tmp_path))
    sandbox.git("config", "alias.log", f"!{trap}")
    assert resolve(sandbox.path, None, NOON) == commit
    with Repository(sandbox.path, commit) as repository:
        assert [f.patch for c in repository.commits() for f in c.files if f.path == "a.py"] == [
            "@@ -0,0 +1 @@\n+A = 1\n"
        ]
        assert repository.read(repository.files([".py"])[0].blob) == b"A = 1\n"
        assert repository.changed(None) == {".gitattributes", "a.py"}
    assert not (tmp_path / "sprung").exists()


def test_the_callers_git_variables_and_replacements_change_nothing(sandbox, tmp_path, monkeypatch):
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    second = sandbox.commit("Go on", {"a.py": "A = 2\n"}, hours=1)
    sandbox.git("replace", second, first)
    sandbox.git("config", "diff.noprefix", "true")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))
    with Repository(sandbox.path, second) as repository:
        assert [commit.subject for commit in repository.commits()] == ["Go on", "Begin"]
        assert repository.read(repository.files()[0].blob) == b"A = 2\n"


def test_a_damaged_repository_is_an_error_that_names_git(sandbox):
    commit = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    blob = sandbox.git("rev-parse", "HEAD:a.py")
    tree = sandbox.git("rev-parse", "HEAD^{tree}")
    with Repository(sandbox.path, commit) as repository:
        for broken in (blob, tree):
            (sandbox.path / ".git" / "objects" / broken[:2] / broken[2:]).unlink()
        assert list(repository.read_many([blob])) == []
        with pytest.raises(AutodidactError, match="git fsck"):
            repository.files()
        (found,) = repository.commits()
        assert (found.subject, found.files) == ("Begin", [])
        assert found.left_out == [(MISSING, "")]
        (sandbox.path / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
        with pytest.raises(AutodidactError, match="git fsck"):
            list(repository.commits())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("include/autodidact/benchmark/suite/tool_use.py", True),
        ("autodidact/benchmark/judge.py", True),
        ("tests/benchmark/test_items.py", True),
        ("include/samples/sessions/morning.jsonl", True),
        (".autodidact/store/x.json", True),
        ("include/autodidact/gate/length.py", False),
        ("include/samples/mcp_server.py", False),
        ("src/benchmark/run.py", False),
        ("mytests/benchmark/run.py", False),
    ],
)
def test_the_examination_papers_are_not_read(path, expected):
    assert excluded(path) is expected


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("src/_vendor/six.py", b"", True),
        ("src/Web/wwwroot/lib/bootstrap/modal.md", b"", True),
        ("static/app.min.js", b"", True),
        ("api/service_pb2.py", b"", True),
        ("poetry.lock", b"", True),
        ("pkg/parser.py", b"# DO NOT EDIT: made by a tool\n", True),
        ("web/app.js", b"x" * 800, True),
        ("pkg/parser.py", b"import ast\n", False),
        ("pkg/distance/vendoring.py", b"", False),
        ("environment/env.py", b"", False),
    ],
)
def test_generated_and_vendored_files(path, content, expected):
    assert generated(path, content) is expected


def test_a_commit_made_before_the_window_and_pushed_in_it_is_new_after_the_commit_that_was_read(sandbox):
    read = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    late = sandbox.commit("Late", {"a.py": "A = 2\n"}, hours=2)
    with Repository(sandbox.path, late) as repository:
        assert [commit.subject for commit in repository.commits(hours(4))] == []
        assert [commit.subject for commit in repository.commits(hours(4), after=read)] == ["Late"]
        assert [commit.subject for commit in repository.commits(hours(1), after="0" * 40)] == [
            "Late"
        ]  # gone: the date counts
    assert is_ancestor(sandbox.path, read, late)
    assert not is_ancestor(sandbox.path, late, read)
    assert not is_ancestor(sandbox.path, "0" * 40, late)


# Folders in folders, two of each: 16 million paths out of 24 trees.
BOMB = 24


def bombed(sandbox: Sandbox) -> list[str]:
    """Commits of a repository: one file, then a folder that unfolds into very much, then a change beside
    it."""
    first = sandbox.commit("Begin", {"a.py": "A = 1\n"})
    blob = sandbox.git("rev-parse", "HEAD:a.py")

    def tree(*entries: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(sandbox.path), "mktree"],
            input="\n".join(entries) + "\n",
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    inner = tree(f"100644 blob {blob}\tb.py")
    for _ in range(BOMB):
        inner = tree(f"040000 tree {inner}\tx", f"040000 tree {inner}\ty")
    lib = tree(f"040000 tree {inner}\tdeep", f"100644 blob {blob}\tc.py")
    whole = tree(f"040000 tree {lib}\tlib", f"100644 blob {blob}\ta.py")
    second = sandbox.git("commit-tree", whole, "-p", first, "-m", "Add a library", when=hours(1))
    more = tree(f"040000 tree {lib}\tlib", f"100644 blob {blob}\ta.py", f"100644 blob {blob}\td.py")
    third = sandbox.git("commit-tree", more, "-p", second, "-m", "Go on", when=hours(2))
    sandbox.git("update-ref", "refs/heads/main", third)
    return [first, second, third]


@pytest.mark.slow
def test_a_folder_that_unfolds_into_very_much_costs_itself_alone(sandbox, monkeypatch):
    monkeypatch.setattr(run_git, "TIMEOUT", 5.0)
    monkeypatch.setattr(run_git, "MAX_OUTPUT", 5_000_000)
    first, second, third = bombed(sandbox)
    with bounded(20, megabytes=300), Repository(sandbox.path, third) as repository:
        assert [entry.path for entry in repository.files([".py"])] == ["a.py", "d.py", "lib/c.py"]
        assert repository.not_followed([".py"]) == [
            ("folder of more paths than can be listed", "lib/deep/x"),
            ("folder of more paths than can be listed", "lib/deep/y"),
        ]
        assert repository.changed(first) == {"d.py", "lib/c.py"} and repository.changed(second) == {"d.py"}
        told = [
            (commit.sha, commit.truncated, [file.path for file in commit.files])
            for commit in repository.commits()
        ]
        assert told == [(third, False, ["d.py"]), (second, True, []), (first, False, ["a.py"])]
        assert [commit.sha for commit in repository.commits(limit=2)] == [third, second]


def test_a_folder_of_too_many_paths_is_left_out_and_what_is_around_it_listed(sandbox, monkeypatch):
    monkeypatch.setattr(git, "MAX_PATHS", 20)
    monkeypatch.setattr(oversized_trees, "MAX_PATHS", 20)
    names = [f"lib/many/{folder}/{number}.py" for folder in "xy" for number in range(15)]
    commit = sandbox.commit(
        "Begin", {name: "A = 1\n" for name in ["a.py", "lib/b.py", "lib/many/c.py", *names]}
    )
    with Repository(sandbox.path, commit) as repository:
        found = {entry.path: entry.size for entry in repository.files()}
        left = repository.not_followed([".py"])
    assert {path for path in found if "/y/" not in path} == {
        "a.py",
        "lib/b.py",
        "lib/many/c.py",
        *(name for name in names if "/x/" in name),
    }
    assert (
        len(found) == 20
        and set(found.values()) == {6}
        and found.keys() <= {"a.py", "lib/b.py", "lib/many/c.py", *names}
    )
    assert [reason for reason, _ in left] == ["folder of more paths than can be listed"] * 13 and all(
        "/y/" in path for _, path in left
    )


@pytest.mark.parametrize("name", ["HEAD", "config", "packed-refs", "shallow"])
def test_a_pipe_in_place_of_a_file_of_git_is_refused_at_once(name, sandbox):
    sandbox.commit("Begin", {"shop.py": "A = 1\n"})
    place = sandbox.path / ".git" / name
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    with pytest.raises(AutodidactError, match="is not in a git repository"):
        discover(sandbox.path)
