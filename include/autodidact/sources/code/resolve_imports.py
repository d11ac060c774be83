"""Which file of a repository an import statement means, from the paths of its files.

Nobody says where Python will be started, so the places where it would look are tried from the file that
imports: its own folder, then the folders around it (each with its `src`, `lib` and the like), then whatever
package of that name there is elsewhere. The first place that has the name decides, as on Python's own path.
Two files there, or a name that the standard library has as well, and the answer is both: what is said of
either must leave that open.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable

from autodidact.sources.code.definitions import is_test

# Folders that hold packages and are no part of their names.
ROOTS = ("src", "lib", "python", "include")
# Folders with programs that go with the code; nobody imports them from elsewhere.
ASIDE = ("t", "docs", "doc", "examples", "example", "samples", "scripts", "tools", "benchmarks")
# Stands among the files that an import may mean for something outside the repository.
OUTSIDE = ""

# Modules that both 3.11 and a newer Python may have: the answer must not hang on the interpreter.
_STANDARD = sys.stdlib_module_names | {
    *("asynchat", "asyncore", "cgi", "cgitb", "distutils", "imp", "imghdr", "pipes", "smtpd", "telnetlib"),
    *("annotationlib", "compression"),
}


class Modules:
    """`paths`: of every Python file of the commit, also of those that cannot be read."""

    def __init__(self, paths: Iterable[str]):
        self._paths = set(paths)
        # Files that change where Python looks for modules.
        self.moving: set[str] = set()
        self._folders = {""}
        for path in self._paths:
            while (path := folder_of(path)) not in self._folders:
                self._folders.add(path)
        self._packages = {folder_of(path) for path in self._paths if path.endswith("/__init__.py")}
        # Folders from which packages and modules of anybody may be imported.
        roots = [one for one in sorted(self._folders) if one.rpartition("/")[2] in ROOTS]
        self._sources = dict.fromkeys(one for one in roots if not self._inside(one))
        # Name of an uppermost package -> the folders that hold it.
        self._tops: dict[str, list[str]] = defaultdict(list)
        for package in sorted(self._packages):
            holder = folder_of(package)
            if package and not self._inside(holder):
                self._tops[package.rpartition("/")[2]].append(holder)
        # Last part of a module's name -> the files that have it.
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            stem = path.removesuffix("/__init__.py").removesuffix(".py")
            self._by_stem[stem.rpartition("/")[2]].append(path)
        self._homes: dict[str, str] = {}
        # As `roots_by_imports` (names_by_imports.py) finds them.
        self._shown: dict[str, str | None] = {}
        self._found: dict[tuple[str, str, int], tuple[str, ...]] = {}

    def learn(self, shown: dict[str, str | None]) -> None:
        """Takes over what the repository's imports show of the names of its files."""
        self._shown = shown
        self._homes.clear()
        self._found.clear()

    def name(self, path: str) -> str:
        """The dotted name by which others import a file: what their imports show, else from above its
        uppermost package, below `src` and the like; of a file elsewhere its own name.
        """
        home = self.home(path)
        inside = path[len(home) + 1 if home else 0 :].removesuffix(".py")
        return inside.removesuffix("/__init__").replace("/", ".")

    def home(self, path: str) -> str:
        """The folder on Python's path from which a file is imported."""
        folder = folder_of(path)
        if folder not in self._homes:
            around = [*reversed([*_around(folder)])]
            unit = self.unit(path)
            home = folder_of(unit) if unit in self._packages else folder
            roots = [one for one in around if one in self._sources and f"{home}/".startswith(f"{one}/")]
            home = roots[-1] if roots else home
            # What lies below a folder of sources is named as the modules in it.
            shown = self._shown.get(unit, self._shown.get(home) if roots else None)
            self._homes[folder] = home if shown is None else shown
        return self._homes[folder]

    def unit(self, path: str) -> str:
        """What is imported from one place: the uppermost package around a file, else its folder."""
        around = [*_around(folder_of(path))]
        return next((one for one in reversed(around) if one in self._packages), around[0])

    def agreed(self, path: str) -> bool:
        """Whether the imports of a file, if there are any, settle on one name for it."""
        return self._shown.get(self.unit(path), "") is not None

    def importable(self, path: str) -> bool:
        """Whether others can import a file by a name that the repository settles: it is in a package or below
        one, at a root of sources, or a test; and its imports agree.
        """
        folder = folder_of(path)
        if not self.agreed(path):
            return False
        return not folder or folder in self._sources or self._inside(folder) or is_test(path)

    def find(self, importer: str, module: str, level: int = 0) -> tuple[str, ...]:
        """The paths of the files that a module's name in an import statement may mean: one where that is
        certain, none where it is nothing of the repository; several, or OUTSIDE among them, where it may be
        either. `level`: the dots before the name.
        """
        folder = folder_of(importer)
        moving = importer in self.moving and level == 0
        key = importer if moving else folder, module, level
        if key not in self._found:
            parts = module.split(".") if module else []
            if level:
                self._found[key] = self._relative(folder, parts, level)
            else:
                found = self._absolute(importer, parts) if parts else ()
                if moving and found:
                    # Which of several is first on the path is known at run time.
                    found = tuple(dict.fromkeys((*found, *self._anywhere(parts))))
                self._found[key] = found
        return self._found[key]

    def _relative(self, folder: str, parts: list[str], level: int) -> tuple[str, ...]:
        for _ in range(level - 1):
            folder = folder_of(folder)
            # Beyond the uppermost package such an import fails.
            root = folder in self._sources and self._shown.get(folder) in (None, folder)
            if root or (not folder and "__init__.py" not in self._paths):
                return ()
        return self._files(folder, parts)

    def _absolute(self, importer: str, parts: list[str]) -> tuple[str, ...]:
        folder = folder_of(importer)
        start = self.home(importer) if self._inside(folder) else folder
        if parts[0] in _STANDARD:
            own = self._files(start, parts)
            return (OUTSIDE, *own) if own else ()
        for holder in _around(start):
            holders = [holder, *(f"{holder}/{root}" if holder else root for root in ROOTS)]
            found = [file for one in holders for file in self._files(one, parts)]
            if found:
                return tuple(found)
            if any(self._files(one, parts[:1]) for one in holders):
                # The name is that of a package here, which does not have what is asked for.
                found = [file for file in self._elsewhere(importer, parts) if file != OUTSIDE]
                return (OUTSIDE, *found) if found else ()
        return self._elsewhere(importer, parts)

    def _elsewhere(self, importer: str, parts: list[str]) -> tuple[str, ...]:
        """In places that are on the path only if somebody puts them there."""
        top = importer.split("/")[0]
        found: dict[str, None] = {}
        for holder in dict.fromkeys([*self._tops.get(parts[0], ()), *self._sources]):
            for file in self._files(holder, parts):
                if _aside(file) and file.split("/")[0] != top:
                    # Stand-ins for packages lie about among tests and examples.
                    found[OUTSIDE] = None
                found[file] = None
        if not found and (anywhere := self._anywhere(parts)):
            # In a folder that is on Python's path if somebody says so at run time.
            return (OUTSIDE, *anywhere)
        return tuple(found)

    def _anywhere(self, parts: list[str]) -> list[str]:
        """The files outside packages, or in uppermost ones, that have this name below some folder."""
        name = "/".join(parts)
        found = []
        for path in self._by_stem.get(parts[-1], ()):
            inside = path.removesuffix("/__init__.py").removesuffix(".py")
            if inside.endswith(f"/{name}") and not self._inside(inside[: -len(name) - 1]):
                found.append(path)
        return found

    def _files(self, holder: str, parts: list[str]) -> tuple[str, ...]:
        path = "/".join(filter(None, (holder, *parts)))
        for file in (f"{path}/__init__.py" if path else "__init__.py", f"{path}.py"):
            if file in self._paths:
                return (file,)
        return ()

    def _inside(self, folder: str) -> bool:
        """Whether a folder is a package or lies in one."""
        return any(around in self._packages for around in _around(folder))


def folder_of(path: str) -> str:
    """The folder around a path; "" is the root of the repository."""
    return path.rpartition("/")[0]


def _around(folder: str) -> Iterable[str]:
    """The folder and those around it, the nearest first; the root of the repository last."""
    yield folder
    while folder:
        folder = folder_of(folder)
        yield folder


def _aside(path: str) -> bool:
    return path.split("/")[0] in ASIDE or is_test(path)
