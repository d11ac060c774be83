"""The graph of a repository's own Python modules: which imports which, from the git objects of one commit."""

import ast
import warnings
from dataclasses import dataclass

from autodidact.errors import AutodidactError
from autodidact.records import sha256
from autodidact.sources.code.cache import BlobCache
from autodidact.sources.code.definitions import MAX_FILE, is_test
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.graph import Graph, Triple
from autodidact.stage import Troubles
from autodidact.store import Cache

# Of the import statements in the cache.
VERSION = "3"
IMPORTS = "imports"
# Folders that hold packages and are no part of their names.
ROOTS = ("src", "lib", "python", "include")
# Folders at the root with programs that go with the code and are no part of it.
ASIDE = ("t", "docs", "doc", "examples", "example", "scripts", "tools", "benchmarks")

# [level, module, name]; level -1: the module itself is imported, and there is no name.
Statement = tuple[int, str, str]


@dataclass(frozen=True)
class CodeGraph:
    """`graph`: imports among the repository's modules, tests left out. `tests`: those of its tests. `paths`:
    module -> where it is.
    """

    graph: Graph
    tests: Graph
    paths: dict[str, str]


def code_graph(repository: Repository, troubles: Troubles, cache: Cache | None = None) -> CodeGraph:
    """The import graph at the repository's commit, function-level imports included. Files that cannot be
    parsed are counted and left out. `cache` keeps the import statements of each file.
    """
    for reason, path in repository.not_followed((".py",)):
        troubles.add(reason, path)
    entries = repository.files((".py",))
    packages = {entry.path.rpartition("/")[0] for entry in entries if entry.path.endswith("__init__.py")}
    entries = [entry for entry in entries if entry.path.split("/")[0] not in ASIDE or is_test(entry.path)]
    entries = [entry for entry in entries if importable(entry.path, packages)]
    paths: dict[str, str] = {}
    for entry in entries:
        paths.setdefault(module_name(entry.path, packages), entry.path)
    names = {path: name for name, path in paths.items()}
    known: BlobCache[list[Statement] | None] = BlobCache(
        cache, sha256(f"imports {VERSION} {repository.folder}"), list[Statement] | None
    )
    triples: dict[bool, list[Triple]] = {True: [], False: []}
    for entry in entries:
        if entry.path not in names or not entry.size:
            continue
        if entry.size > MAX_FILE:
            troubles.add("file too large", entry.path)
            continue
        try:
            if entry.blob not in known:
                known[entry.blob] = _parsed(repository.read(entry.blob))
        except AutodidactError:
            troubles.add("file cannot be read", entry.path)
            continue
        found = known[entry.blob]
        if found is None:
            troubles.add("not Python 3", entry.path)
            continue
        name = names[entry.path]
        others = imported(found, name, entry.path.endswith("__init__.py"), paths) - {name}
        triples[is_test(entry.path)] += [Triple(name, IMPORTS, other) for other in sorted(others)]
    known.save(dict.fromkeys(entry.blob for entry in entries))
    return CodeGraph(Graph(triples[False]), Graph(triples[True]), paths)


def _parsed(source: bytes) -> list[Statement] | None:
    """The import statements of a file; None where it is no Python 3."""
    try:
        with warnings.catch_warnings():
            # Invalid escapes in somebody's source are not ours to report.
            warnings.simplefilter("ignore")
            return statements(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def module_name(path: str, packages: set[str]) -> str:
    """The dotted name of a file. `packages`: the folders with an `__init__.py`.

    Names begin above the topmost package; outside packages at the root of the repository or below `src`,
    `lib` and the like.
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
    """Whether others can import a file by a name that the repository settles: it is in a package or below
    one, at a root of sources, or a test.
    """
    folder = path.rpartition("/")[0]
    parts = folder.split("/")
    packed = any("/".join(parts[:depth]) in packages for depth in range(1, len(parts) + 1))
    return packed or folder in ("", *ROOTS) or is_test(path)


def statements(tree: ast.Module) -> list[Statement]:
    """Every import in the code, sorted."""
    found: set[Statement] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update((-1, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.level, node.module or "", alias.name) for alias in node.names)
    return sorted(found)


def imported(found: list[Statement], name: str, package: bool, known: dict[str, str]) -> set[str]:
    """The modules of `known` that a module imports by these statements, relative ones resolved.

    That Python also runs the packages around an imported module is not counted.
    """
    modules = set()
    for level, module, imports in found:
        base = module
        if level > 0:
            parts = name.split(".")
            depth = len(parts) - level + (1 if package else 0)
            if depth <= 0:
                # Beyond the top: such an import fails.
                continue
            base = ".".join([*parts[:depth], module] if module else parts[:depth])
        inner = f"{base}.{imports}"
        modules.add(inner if level >= 0 and inner in known else base)
    return modules & known.keys()
