"""Whether calls still fit the functions that they call: a change after which one may raise is not called
clean.
"""

import ast
import posixpath
import re
from collections.abc import Iterator

from autodidact.errors import AutodidactError
from autodidact.generators.diff_miner.breaking_signature_changes import compatible
from autodidact.sources.git.commits_with_diffs import FileDiff
from autodidact.sources.git.hunks import Hunk
from autodidact.sources.git.repository import Repository

# Bytes of a file that is parsed.
MOST_TEXT = 400_000
# Files that one file's imports lead to.
MOST_IMPORTED = 20
# Files of which the functions are remembered: commits that follow each other import the same ones.
MOST_REMEMBERED = 500

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_HEAD = re.compile(r"\s*(?:async )?def (\w+)\(")


class Calls:
    """The calls in the files of a repository. What is parsed is remembered by git's blob id."""

    def __init__(self, repository: Repository):
        self.repository = repository
        self._functions: dict[str, dict[str, ast.arguments] | None] = {}

    def fit(self, commit: str, file: FileDiff, hunk: Hunk) -> bool:
        """Whether no call in the file after the commit is one that its function refuses, and no function of
        the hunk is gone or has other parameters than its callers knew. Calls that cannot be resolved count as
        fine.
        """
        heads: dict[str, dict[str, str]] = {"-": {}, "+": {}}
        for line in hunk.lines:
            if line[0] in heads and (match := _HEAD.match(line[1:])):
                heads[line[0]][match[1]] = line[1:]
        for name, old in heads["-"].items():
            if name not in heads["+"] or not compatible(old, heads["+"][name]):
                return False
        found = self._read(commit, file.path)
        tree = _parsed(found[1]) if found else None
        calls = self._calls(tree, commit, file.path) if tree else ()
        return not any(_refused(call, known) for call, known in calls)

    def _read(self, commit: str, path: str) -> tuple[str, bytes] | None:
        try:
            return self.repository.found_at(commit, path)
        except AutodidactError:
            return None

    def _calls(self, tree: ast.Module, commit: str, path: str) -> Iterator[tuple[ast.Call, ast.arguments]]:
        """The calls of functions that are defined in the file or in one that it imports, with their
        parameters.
        """
        nodes = list(ast.walk(tree))
        calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        called = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
        # What is stored under the same name somewhere may be another thing.
        called -= {
            node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        called -= {node.arg for node in nodes if isinstance(node, ast.arg)}
        known = _functions(tree.body)
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        imports = [node for node in imports if called & {name.asname or name.name for name in node.names}]
        for node in imports[:MOST_IMPORTED]:
            names = {name.asname or name.name: name.name for name in node.names}
            names = {here: name for here, name in names.items() if here in called}
            found = self._imported(node, set(names.values()), commit, path)
            for here, name in names.items():
                if name in found:
                    known.setdefault(here, found[name])
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in called and call.func.id in known:
                yield call, known[call.func.id]

    def _imported(
        self, node: ast.ImportFrom, names: set[str], commit: str, path: str
    ) -> dict[str, ast.arguments]:
        """The functions of the module that an import names: next to the importing file, or from the root.
        Nothing is parsed where none of these names is one of a function.
        """
        here = posixpath.dirname(path)
        parts = (node.module or "").split(".")
        if node.level:
            for _ in range(node.level - 1):
                here = posixpath.dirname(here)
            folders = [here]
        else:
            folders = list(dict.fromkeys([here, "", "src", "include"]))
        for folder in folders:
            found = self._read(commit, posixpath.join(folder, *parts) + ".py")
            if found is None:
                continue
            if not any(f"def {name}".encode() in found[1] for name in names):
                return {}
            functions = self._defined(*found)
            if functions is not None:
                return functions
        return {}

    def _defined(self, blob: str, data: bytes) -> dict[str, ast.arguments] | None:
        """The functions of a file; None where it cannot be parsed."""
        if blob not in self._functions:
            if len(self._functions) >= MOST_REMEMBERED:
                # The one that was parsed first.
                del self._functions[next(iter(self._functions))]
            tree = _parsed(data)
            self._functions[blob] = _functions(tree.body) if tree else None
        return self._functions[blob]


def _parsed(data: bytes) -> ast.Module | None:
    try:
        return ast.parse(data) if len(data) <= MOST_TEXT else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _functions(body: list[ast.stmt]) -> dict[str, ast.arguments]:
    """The functions that are defined once, and that nothing wraps."""
    found: dict[str, ast.arguments] = {}
    names = [node.name for node in body if isinstance(node, (_Function, ast.ClassDef))]
    for node in body:
        if isinstance(node, _Function) and not node.decorator_list and names.count(node.name) == 1:
            found[node.name] = node.args
    return found


def _refused(call: ast.Call, known: ast.arguments) -> bool:
    """Whether Python raises TypeError for these arguments."""
    spread = any(isinstance(one, ast.Starred) for one in call.args)
    if spread or any(one.arg is None for one in call.keywords):
        return False
    positional = [one.arg for one in (*known.posonlyargs, *known.args)]
    by_name = {one.arg for one in (*known.args, *known.kwonlyargs)}
    given = {one.arg for one in call.keywords}
    if len(call.args) > len(positional) and not known.vararg or given - by_name and not known.kwarg:
        return True
    filled = {*positional[: len(call.args)], *(name for name in given if name)}
    if given & set(positional[: len(call.args)]) & by_name:
        return True
    needed = {*positional[: len(positional) - len(known.defaults)]}
    needed |= {
        one.arg for one, default in zip(known.kwonlyargs, known.kw_defaults, strict=True) if default is None
    }
    return bool(needed - filled)
