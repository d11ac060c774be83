"""By which name each file of a repository is imported, as the repository's own import statements show it.

They outweigh what the names of folders suggest: `from lib.tools import x` shows that `lib` is part of the
name, `from zoo.cats import x` that a folder `zoo` without an `__init__.py` is. A relative import shows that
the folders which it counts are part of the name too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from autodidact.sources.code.file_analysis import Analysis, Import
from autodidact.sources.code.resolve_imports import OUTSIDE, Modules, folder_of


def roots_by_imports(modules: Modules, analyses: Mapping[str, Analysis]) -> dict[str, str | None]:
    """Uppermost package, or folder outside packages -> the folder on Python's path above it, by the imports
    of what lies there; None where they show several, or leave it open. Folders that they say nothing of are
    not in it. `analyses` by path.
    """
    certain: dict[str, set[str]] = defaultdict(set)
    likely: dict[str, set[str]] = defaultdict(set)
    against: set[str] = set()
    for importer, analysis in analyses.items():
        for target in dict.fromkeys((*analysis.run, *analysis.typing)):
            if target.level:
                folder = _counted(importer, target.level)
                if folder is None or not _above(modules.home(importer), folder):
                    against.add(modules.unit(importer))
                continue
            for name, brings in _names(target):
                found = modules.find(importer, name)
                paths = [path for path in found if path != OUTSIDE]
                root = _root(paths[0], name) if len(paths) == 1 else None
                if root is None or paths[0] == importer:
                    continue
                unit = modules.unit(paths[0])
                if len(found) == 1:
                    certain[unit].add(root)
                elif brings and brings in _bound(analyses.get(paths[0])):
                    likely[unit].add(root)
                elif root != modules.home(paths[0]):
                    # Perhaps this file by a longer name, perhaps something from elsewhere.
                    against.add(unit)
    shown: dict[str, str | None] = {}
    for unit in dict.fromkeys((*certain, *likely, *against)):
        roots = certain.get(unit) or likely.get(unit) or set()
        shown[unit] = min(roots) if len(roots) == 1 else None
    return shown


def _names(target: Import) -> Iterable[tuple[str, str]]:
    """The modules that an absolute import may mean, each with what it brings of it, "" for nothing."""
    if target.module:
        yield target.module, "" if target.name in (None, "*") else str(target.name)
    if target.name not in (None, "*"):
        yield f"{target.module}.{target.name}", ""


def _root(path: str, name: str) -> str | None:
    """The folder from which a file has this name; None of a file that has it from nowhere."""
    inside = f"/{path.removesuffix('.py').removesuffix('/__init__')}"
    end = f"/{name.replace('.', '/')}"
    return inside.removesuffix(end)[1:] if inside.endswith(end) else None


def _counted(importer: str, level: int) -> str | None:
    """The folder that the dots of a relative import mean; None above the repository."""
    folder = folder_of(importer)
    for _ in range(level - 1):
        if not folder:
            return None
        folder = folder_of(folder)
    return folder


def _above(root: str, folder: str) -> bool:
    """Whether a folder lies in another one, and is not that."""
    return folder != root and (not root or folder.startswith(f"{root}/"))


def _bound(analysis: Analysis | None) -> set[str]:
    """The names of a file's top level."""
    if analysis is None:
        return set()
    tops = (d.name for d in analysis.definitions if d.owner is None)
    return {*tops, *analysis.assigned, *analysis.imports}
