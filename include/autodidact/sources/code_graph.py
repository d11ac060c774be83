"""The graph of a repository's own Python modules: which imports which, from the git objects of one commit."""

import ast
import warnings
from dataclasses import dataclass

from autodidact.errors import AutodidactError
from autodidact.sources.code import MAX_FILE, is_test
from autodidact.sources.git import Repository
from autodidact.sources.graph import Graph, Triple
from autodidact.stage import Troubles

IMPORTS = "imports"
ROOTS = ("src", "lib", "python", "include")  # folders that hold packages and are no part of their names
ASIDE = (
    "t",
    "docs",
    "doc",
    "examples",
    "example",
    "scripts",
    "tools",
    "benchmarks",
)  # at the root: programs beside the code, not part of it


@dataclass(frozen=True)
class CodeGraph:
    """`graph`: imports among the repository's modules, tests left out. `tests`: those of its tests. `paths`: where each module is."""

    graph: Graph
    tests: Graph
    paths: dict[str, str]


def code_graph(repository: Repository, troubles: Troubles) -> CodeGraph:
    """The import graph at the repository's commit, function-level imports included. Files that cannot be parsed are counted and left out."""
    entries = [entry for entry in repository.files((".py",)) if entry.path.split("/")[0] not in ASIDE or is_test(entry.path)]
    packages = {entry.path.rpartition("/")[0] for entry in entries if entry.path.endswith("__init__.py")}
    entries = [entry for entry in entries if importable(entry.path, packages)]
    names: dict[str, str] = {}
    for entry in entries:
        names.setdefault(module_name(entry.path, packages), entry.path)
    paths = {path: name for name, path in names.items()}
    code, tests = [], []
    for entry in entries:
        if entry.path not in paths or not entry.size:
            continue
        if entry.size > MAX_FILE:
            troubles.add("file too large", entry.path)
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes in somebody's source are not ours to report
                tree = ast.parse(repository.read(entry.blob))
        except AutodidactError:
            troubles.add("file cannot be read", entry.path)
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            troubles.add("not Python 3", entry.path)
            continue
        name = paths[entry.path]
        found = imported(tree, name, entry.path.endswith("__init__.py"), names)
        (tests if is_test(entry.path) else code).extend(Triple(name, IMPORTS, other) for other in found if other != name)
    return CodeGraph(Graph(code), Graph(tests), names)


def module_name(path: str, packages: set[str]) -> str:
    """The dotted name of a file. `packages`: the folders with an `__init__.py`.

    Names begin above the topmost package; outside packages at the root of the repository or below `src`, `lib` and the like.
    """
    *folders, file = path.split("/")
    inside = [depth for depth in range(len(folders)) if "/".join(folders[: depth + 1]) in packages]
    if inside:
        depth = inside[0]
    else:
        depth = 1 if folders[:1] and folders[0] in ROOTS else 0
    parts = [*folders[depth:], file.removesuffix(".py")]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)


def importable(path: str, packages: set[str]) -> bool:
    """Whether others can import a file by a name that the repository settles: it is in a package or below one, at a root of sources, or a test."""
    folder = path.rpartition("/")[0]
    parts = folder.split("/")
    packed = any("/".join(parts[:depth]) in packages for depth in range(1, len(parts) + 1))
    return packed or folder in ("", *ROOTS) or is_test(path)


def imported(tree: ast.Module, name: str, package: bool, known: dict[str, str]) -> set[str]:
    """The modules of `known` that a module imports by name, anywhere in its code, relative imports resolved.

    That Python also runs the packages around an imported module is not counted.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = name.split(".")
                depth = len(parts) - node.level + (1 if package else 0)
                if depth <= 0:  # beyond the top: such an import fails
                    continue
                parts = parts[:depth]
                base = ".".join([*parts, base] if base else parts)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in known else base)
    return found & known.keys()
