"""Which lines of a repository call a function, at any commit."""

import io
import pathlib
import re
from itertools import islice

from autodidact.errors import AutodidactError
from autodidact.generators.diff_miner.full.commit_answers import compare
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.sources.code.definitions import is_test
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.run_git import run, text

# Lines looked at, and characters of one that is named.
MOST_LINES, MOST_TEXT = 200, 110
# Characters of a name that is looked for.
LEAST_NAME = 4
# Methods of Python's own types: a line that calls one of these names mostly calls theirs.
OF_PYTHON = frozenset(
    name for kind in (str, bytes, list, dict, set, io.TextIOBase, pathlib.Path) for name in dir(kind)
)
_OPTIONS = ("-n", "-I", "-w", "-F", "-z", "--no-recurse-submodules", "--no-color", "--full-name")


def users(repository: Repository, change: Change) -> dict[str, list[str]]:
    """By name, `path:line: text` of each call of what has other parameters at this commit, and of each line
    that names what is gone. A name that could not be looked for is not there, nor one that Python's own types
    have.
    """
    changed = [t.after.short for t in change.parsed.touched if compare(t)]
    gone = [d.short for d in change.parsed.removed if "." not in d.name]
    found = {}
    for name in [*changed[:2], *gone[:1]]:
        if name in OF_PYTHON:
            continue
        lines = _lines_with(repository, change.commit.sha, name, name in gone)
        if lines is not None:
            found[name] = lines
    return found


def _lines_with(repository: Repository, sha: str, name: str, any_line: bool) -> list[str] | None:
    if len(name) < LEAST_NAME:
        return None
    try:
        printed = text(run(repository.folder, "grep", *_OPTIONS, "-e", name, sha, "--", check=False))
    except AutodidactError:
        return None
    call = re.compile(rf"(?<!def )\b{re.escape(name)}\(")
    found = []
    lines = [line.partition(":")[2].partition("\0") for line in printed.splitlines()]
    if any_line and any(repository.left(line[0]) for line in lines):
        # A file that nobody is to read names it: that none does could not be said.
        return None
    readable = (line for line in lines if not repository.left(line[0]))
    for path, _, rest in islice(readable, MOST_LINES):
        number, _, code = rest.partition("\0")
        code = code.strip()
        calls = path.endswith(".py") and call.search(code) and not code.startswith("#")
        if any_line or (calls and len(code) <= MOST_TEXT and "`" not in code):
            found.append(f"{path}:{number}: {code}")
    return sorted(found, key=lambda one: (is_test(one.partition(":")[0]), one))
