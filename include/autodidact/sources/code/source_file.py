"""One Python file of a code base: what it defines and imports, by the names that hold in its commit."""

from functools import cached_property

from msgspec.structs import replace

from autodidact.sources.code.analysis import Analysis, Definition, Import
from autodidact.sources.code.definitions import is_test


class SourceFile:
    """`definitions` in the order of the source; one name may occur twice (overloads, setters). `top`: the
    code outside functions. `module`: the dotted name by which the file is imported.
    """

    def __init__(self, path: str, blob: str, module: str, analysis: Analysis):
        self.path, self.blob, self.module = path, blob, module
        self.test = is_test(path)
        self.doc = analysis.doc
        # The same content may lie at several paths, so each file has definitions of its own.
        self.definitions = [
            replace(d, path=path, module=module, test=self.test) for d in analysis.definitions
        ]
        self.top = Definition(module, path, "module", (1, 1), path, module, self.test, calls=analysis.calls)
        # Names of the top level that are no definitions, and those of functions and classes inside functions.
        self.inner = [*analysis.assigned, *analysis.inner]
        self.called_inside = analysis.called_inside
        self._imports, self._stars = analysis.imports, analysis.stars

    @cached_property
    def first(self) -> dict[str, Definition]:
        """Qualified name -> its first definition, in the order of the source."""
        found: dict[str, Definition] = {}
        for definition in self.definitions:
            found.setdefault(definition.qualname, definition)
        return found

    @cached_property
    def repeated(self) -> set[str]:
        """The qualified names that are defined more than once."""
        return {d.qualname for d in self.definitions if self.first[d.qualname] is not d}

    @cached_property
    def bound(self) -> set[str]:
        """As `inner`, with what is imported."""
        return {*self.inner, *(alias.partition(".")[0] for alias in self._imports)}

    @cached_property
    def imports(self) -> dict[str, tuple[str, str | None]]:
        """Alias -> (absolute module, name in it)."""
        return {alias: (self._absolute(target), target.name) for alias, target in self._imports.items()}

    @cached_property
    def stars(self) -> list[str]:
        """Modules of which everything is imported."""
        return [self._absolute(target) for target in self._stars]

    @cached_property
    def imported(self) -> set[tuple[str, str | None]]:
        """(module, uppermost package) of whatever the file imports, or imports something from. The package is
        given for relative imports, which stay inside it, and None for others.
        """
        found = set()
        for target in (*self._imports.values(), *self._stars):
            module, package = self._absolute(target), self.package if target.level else None
            found.add((module, package))
            if target.name:
                found.add((f"{module}.{target.name}", package))
        return found

    @property
    def package(self) -> str:
        """The folder of the uppermost package around the file; outside packages its own."""
        folders = self.path.split("/")[:-1]
        inside = self.module.count(".") - (0 if self._is_package else 1)
        return "/".join(folders[: len(folders) - max(inside, 0)])

    @property
    def _is_package(self) -> bool:
        return self.path.endswith("/__init__.py")

    def simple(self, name: str) -> str:
        """The last part of a callee or a base class as its definition writes it: an imported name's own, not
        its alias here.
        """
        if "." in name or ":" in name:
            return last_part(name)
        target = self._imports.get(name)
        return target.name or name if target else name

    def _absolute(self, target: Import) -> str:
        if not target.level:
            return target.module
        package = self.module if self._is_package else self.module.rpartition(".")[0]
        parts = package.split(".") if package else []
        parts = parts[: len(parts) - target.level + 1] if target.level <= len(parts) + 1 else []
        return ".".join([*parts, *([target.module] if target.module else [])])


class Packages:
    """The names by which files are imported, from all paths: each begins with the uppermost folder of the
    packages around the file.
    """

    def __init__(self, paths: set[str]):
        self._folders = {path.removesuffix("/__init__.py") for path in paths if path.endswith("/__init__.py")}
        self._prefixes: dict[str, str] = {"": ""}

    def module(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        stem, prefix = name.removesuffix(".py"), self._prefix(folder)
        if stem != "__init__":
            return f"{prefix}.{stem}" if prefix else stem
        return prefix or folder.rpartition("/")[2] or stem

    def _prefix(self, folder: str) -> str:
        known = self._prefixes.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            known = "" if folder not in self._folders else ".".join(filter(None, (self._prefix(above), name)))
            self._prefixes[folder] = known
        return known


def last_part(name: str) -> str:
    """`f` of `f`, `a.b.f`, `T:f`."""
    return name.rpartition(":")[2].rpartition(".")[2]
