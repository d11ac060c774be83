"""One Python file of a code base: what it defines and imports, by the names that hold in its commit."""

from collections.abc import Iterator
from functools import cached_property

from msgspec.structs import replace

from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.file_analysis import Analysis, Definition


class SourceFile:
    """`definitions` in the order of the source; one name may occur twice (overloads, setters). `top`: the
    code outside functions. `module`: the dotted name by which the file is imported. `imports`, `either`,
    `stars`, `run`, `typing`, `never`, `loaded`, `unwritten`, `aliases`: as in Analysis.
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
        self.assigned = frozenset(analysis.assigned)
        self.inner = [*analysis.assigned, *analysis.inner]
        self.called_inside, self.loaded = analysis.called_inside, analysis.loaded
        self.imports, self.either, self.stars = analysis.imports, {*analysis.either}, analysis.stars
        self.run, self.typing, self.aliases = analysis.run, analysis.typing, analysis.aliases
        self.never, self.unwritten = analysis.never, analysis.unwritten
        self._analysis = analysis

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
        return {*self.inner, *(alias.partition(".")[0] for alias in self.imports)}

    @property
    def opens_package(self) -> bool:
        """Whether it is what is run when a package is imported."""
        return self.path.rpartition("/")[2] == "__init__.py"

    @property
    def exports(self) -> list[str] | None:
        """What `__all__` lists; None without it, or where it is worked out."""
        return self._analysis.exports

    def defined(self) -> list[str] | None:
        """The names without a leading underscore that its top level defines or assigns; None where some may
        not be written there.
        """
        if not self._analysis.settled:
            return None
        names = [name for name in self.first if "." not in name]
        return [name for name in (*names, *self._analysis.assigned) if name[0] != "_"]

    def renames(self) -> Iterator[tuple[str, str]]:
        """(simple name, another by which the file has the same thing)."""
        for alias, target in self.imports.items():
            if target.name and target.name != alias:
                yield target.name, alias
        for alias, of in self.aliases.items():
            yield last_part(of), alias

    def exported(self, name: str) -> bool:
        """Whether `from FILE import *` brings this name."""
        return name in self.exports if self.exports is not None else name[:1] != "_"

    def simple(self, name: str) -> str:
        """The last part of a callee or a base class as its definition writes it: an imported name's own, not
        its alias here.
        """
        if "." in name or ":" in name:
            return last_part(name)
        target = self.imports.get(name)
        return target.name or name if target else name


def last_part(name: str) -> str:
    """`f` of `f`, `a.b.f`, `T:f`."""
    return name.rpartition(":")[2].rpartition(".")[2]
