"""The graph of a repository's own Python modules: which imports which, from the git objects of one commit."""

from collections.abc import Iterable
from dataclasses import dataclass

from autodidact.sources.code.codebase import CODE, OTHERWISE, CodeBase, cached_analyses
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.file_imports import files_imported
from autodidact.sources.code.resolve_imports import ASIDE, folder_of
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.stage import Troubles
from autodidact.store import Cache

IMPORTS = "imports"
# Why a module is counted that is left out.
NAMELESS = "an imported module whose name is not its own, or not settled"


@dataclass(frozen=True)
class CodeGraph:
    """`graph`: imports among the repository's modules when they are run, tests left out. `tests`: those of
    its tests. `paths`: module -> where it is. `out`, `back`, `tested`: the modules of which all that they
    import, all who import them, and all tests that do is in these graphs.
    """

    graph: Graph
    tests: Graph
    paths: dict[str, str]
    out: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    tested: frozenset[str] = frozenset()


def code_graph(
    repository: Repository, troubles: Troubles, cache: Cache | None = None, system: str = ""
) -> CodeGraph:
    """The import graph at the repository's commit, function-level imports included. Files that cannot be
    read are counted and left out, and so are modules that others import and that have no name of their own,
    such as two of one name. `system`: whose analyses in `cache` are used and kept.
    """
    analyses = cached_analyses(cache, system)
    code = CodeBase(repository, analyses, troubles)
    analyses.save(code.blobs)
    names = _nodes(code)
    triples: dict[bool, list[Triple]] = {True: [], False: []}
    out = {path for path in names if path in code.files}
    # Imported by something that is in no graph: a program outside the code, perhaps by a name that is not
    # written; or nobody knows what.
    aside: dict[bool, set[str]] = {True: set(), False: set()}
    perhaps: set[str] = set()
    nameless: set[str] = set()
    for path, file in code.files.items():
        imported = files_imported(file, code.names)
        if not imported.whole or not imported.run.keys() <= names.keys():
            out.discard(path)
        perhaps.update(imported.perhaps, imported.typing)
        aside[is_test(path)].update(imported.by_name)
        nameless.update(other for other in imported.run if other not in names and not _aside(other))
        if path not in names:
            aside[is_test(path)].update(imported.run)
        else:
            others = sorted(names[other] for other in imported.run if other in names)
            triples[is_test(path)] += [Triple(names[path], IMPORTS, other) for other in others]
    for path in sorted(nameless):
        troubles.add(NAMELESS, path)
    known = {p for p in names if p not in perhaps and code.unread.whole(CODE, OTHERWISE, naming=_last(p))}
    return CodeGraph(
        Graph(triples[False]),
        Graph(triples[True]),
        {name: path for path, name in names.items()},
        frozenset(names[path] for path in out),
        frozenset(names[path] for path in known - aside[False]),
        frozenset(names[path] for path in known - aside[True]),
    )


def _nodes(code: CodeBase) -> dict[str, str]:
    """Path -> name of each file that others can import, and that is no program outside the code."""
    every = sorted([*code.files, *(entry.path for entry, _ in code.left_out)])
    paths = [path for path in every if not _aside(path)]
    named = {path: _named(code, path) for path in paths if code.modules.importable(path)}
    # The tests of several services in one repository often have the same names.
    first = _once(named.values())
    named = {
        path: path.removesuffix(".py").replace("/", ".") if is_test(path) and name not in first else name
        for path, name in named.items()
    }
    once = _once(named.values())
    return {path: name for path, name in named.items() if name in once}


def _named(code: CodeBase, path: str) -> str:
    """A module's name; of a test outside packages, of whose name there may be many, from its folders."""
    alone = is_test(path) and code.modules.home(path) == folder_of(path)
    return path.removesuffix(".py").replace("/", ".") if alone else code.modules.name(path)


def _aside(path: str) -> bool:
    """Whether a file is a program that goes with the code."""
    return path.split("/")[0] in ASIDE and not is_test(path)


def _once(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for name in names:
        (twice if name in seen else seen).add(name)
    return seen - twice


def _last(path: str) -> str | None:
    """The word that an import of a file has in it; None for a package, which `from . import x` does not
    name.
    """
    stem = path.rpartition("/")[2].removesuffix(".py")
    return None if stem == "__init__" else stem
