"""The graph of a repository's own Python modules: which imports which, from the git objects of one commit."""

import ast
import json
import warnings
from dataclasses import dataclass
from itertools import starmap

from autodidact.errors import AutodidactError
from autodidact.records import canonical, sha256
from autodidact.sources.code.cache import Pack
from autodidact.sources.code.definitions import MAX_FILE, is_test
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.graph import Graph, Triple
from autodidact.stage import Troubles
from autodidact.store import Cache

# Of what is kept.
VERSION = "2"
IMPORTS = "imports"
# Folders that hold packages and are no part of their names.
ROOTS = ("src", "lib", "python", "include")
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
    """`graph`: imports among the repository's modules, tests left out. `tests`: those of its tests. `paths`:
    where each module is.
    """

    graph: Graph
    tests: Graph
    paths: dict[str, str]


def code_graph(repository: Repository, troubles: Troubles, cache: Cache | None = None) -> CodeGraph:
    """The import graph at the repository's commit, function-level imports included. Files that cannot be
    parsed are counted and left out.

    `cache` keeps it for the same files, and for others the import statements of each file that did not
    change.
    """
    key = sha256(
        canonical(["imports", VERSION, [[entry.path, entry.blob] for entry in repository.files((".py",))]])
    )
    if cache and (kept := cache.get("code-graph", key)):
        found = json.loads(kept)
    else:
        found = _read(repository, Pack(cache, sha256(f"imports/{repository.folder}")))
        if cache:
            cache.put("code-graph", key, canonical(found).encode("utf-8", "surrogatepass"))
    for reason, ref in found["troubles"]:
        troubles.add(reason, ref)
    return CodeGraph(
        Graph(starmap(Triple, found["code"])), Graph(starmap(Triple, found["tests"])), found["paths"]
    )


def _read(repository: Repository, pack: Pack) -> dict:
    """As JSON: the triples of `code` and `tests`, the `paths` of all modules, and `troubles` [reason,
    path]."""
    troubles = list(map(list, repository.not_followed((".py",))))
    entries = repository.files((".py",))
    packages = {entry.path.rpartition("/")[0] for entry in entries if entry.path.endswith("__init__.py")}
    entries = [entry for entry in entries if entry.path.split("/")[0] not in ASIDE or is_test(entry.path)]
    entries = [entry for entry in entries if importable(entry.path, packages)]
    names: dict[str, str] = {}
    for entry in entries:
        names.setdefault(module_name(entry.path, packages), entry.path)
    paths = {path: name for name, path in names.items()}
    triples: dict[bool, list[Triple]] = {True: [], False: []}
    for entry in entries:
        if entry.path not in paths or not entry.size:
            continue
        if entry.size > MAX_FILE:
            troubles.append(["file too large", entry.path])
            continue
        if entry.blob not in pack:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter(
                        "ignore"
                    )  # invalid escapes in somebody's source are not ours to report
                    said = statements(ast.parse(repository.read(entry.blob)))
            except AutodidactError:
                troubles.append(["file cannot be read", entry.path])
                continue
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                said = None
            pack.put(entry.blob, json.dumps(said))
        said = json.loads(pack.get(entry.blob))
        if said is None:
            troubles.append(["not Python 3", entry.path])
            continue
        name = paths[entry.path]
        found = imported(said, name, entry.path.endswith("__init__.py"), names)
        triples[is_test(entry.path)] += [
            Triple(name, IMPORTS, other) for other in sorted(found) if other != name
        ]
    pack.save(dict.fromkeys(entry.blob for entry in entries))
    return {"code": triples[False], "tests": triples[True], "paths": names, "troubles": troubles}


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


def statements(tree: ast.Module) -> list[list]:
    """[level, module, name] of every import in the code, sorted; level -1: the module itself is imported, and
    there is no name.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update((-1, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((node.level, node.module or "", alias.name) for alias in node.names)
    return sorted(map(list, found))


def imported(said: list[list], name: str, package: bool, known: dict[str, str]) -> set[str]:
    """The modules of `known` that a module imports by these statements, relative ones resolved.

    That Python also runs the packages around an imported module is not counted.
    """
    found = set()
    for level, module, imports in said:
        base = module
        if level > 0:
            parts = name.split(".")
            depth = len(parts) - level + (1 if package else 0)
            if depth <= 0:  # beyond the top: such an import fails
                continue
            base = ".".join([*parts[:depth], module] if module else parts[:depth])
        inner = f"{base}.{imports}"
        found.add(inner if level >= 0 and inner in known else base)
    return found & known.keys()
