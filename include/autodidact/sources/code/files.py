"""One Python file of a code base, and what it defines. Definitions are taken out of the file's analysis when
somebody asks for them.
"""

import json
from collections.abc import Iterator
from functools import cached_property

import msgspec

from autodidact import fast_json
from autodidact.sources.code.cache import Analysis
from autodidact.sources.code.definitions import is_test


class Definition(msgspec.Struct, eq=False):
    """A function, method or class, or the top level of a file (kind "module").

    `owner` is the class around it, `lines` the first and the last. `calls`: callee -> line of the first call
    (see code_calls.py). Functions have
    `gives`, the class that `returns` names; classes `attributes`, name -> class.
    """

    name: str
    qualname: str
    kind: str
    lines: list[int]
    path: str = ""
    module: str = ""
    owner: str | None = None
    doc: str = ""
    decorators: list[str] = []
    bases: list[str] = []
    attributes: dict[str, str] = {}
    signature: str = ""
    params: list[str] = []
    defaults: dict[str, str] = {}
    returns: str | None = None
    gives: str | None = None
    raises: list[str] = []
    calls: dict[str, int] = {}

    @property
    def public(self) -> bool:
        """Whether neither it nor the class around it is private."""
        return self.qualname[0] != "_" and "._" not in self.qualname

    @property
    def test(self) -> bool:
        return is_test(self.path)


_decode = msgspec.json.Decoder(Definition).decode


def _definition(line: str) -> Definition:
    try:
        return _decode(line)
    except (
        UnicodeEncodeError,
        msgspec.DecodeError,
    ):  # a lone surrogate in a name or a docstring, which is no UTF-8
        return msgspec.convert(json.loads(line), Definition)


class SourceFile:
    """What a file defines and imports. `names`: qualified names in the order of the source; one may occur
    twice (overloads, setters).
    """

    def __init__(self, path: str, blob: str, packages: "Packages", analysis: Analysis):
        self.path, self.blob, self.names = path, blob, analysis.names
        self.importing = f" {analysis.importing} "  # what it imports, each between spaces: `..module:name`
        self._packages, self._analysis = packages, analysis
        self._made: dict[int, Definition] = {}

    @cached_property
    def module(self) -> str:
        """The dotted name by which it is imported."""
        return self._packages.module(self.path)

    @cached_property
    def traits(self) -> list[int]:
        """What each of `names` has, as bits (code_pack.TRAITS)."""
        return self._analysis.traits

    @property
    def called(self) -> list[str]:
        return self._analysis.called

    @property
    def based(self) -> list[str]:
        return self._analysis.based

    @cached_property
    def test(self) -> bool:
        return is_test(self.path)

    @cached_property
    def places(self) -> dict[str, int]:
        """Qualified name -> index of its first definition."""
        found: dict[str, int] = {}
        for index, name in enumerate(self.names):
            found.setdefault(name, index)
        return found

    @cached_property
    def distinct(self) -> list[str]:
        """The qualified names, each once."""
        return self.names if len(set(self.names)) == len(self.names) else list(dict.fromkeys(self.names))

    @cached_property
    def _head(self) -> dict:
        return fast_json.loads(self._analysis.head)

    @property
    def doc(self) -> str:
        return self._head.get("doc", "")

    @cached_property
    def bound(self) -> set[str]:
        """Names of the top level beside definitions, and those of functions and classes inside functions."""
        return {*self._analysis.bound, *(alias.partition(".")[0] for alias in self.imports)}

    @property
    def inner(self) -> list[str]:
        """As `bound`, without what is imported."""
        return self._analysis.bound

    @cached_property
    def imports(self) -> dict[str, tuple[str, str | None]]:
        """Alias -> (absolute module, name in it)."""
        return {
            alias: (self._absolute(module, level), name)
            for alias, (module, name, level) in self._head.get("imports", {}).items()
        }

    def imports_near(self, module: str) -> bool:
        """Whether a relative import names this module, or is of something in it."""
        last = module.rpartition(".")[2]
        for text in self.importing.split():
            path, _, name = text.partition(":")
            if path[:1] == "." and (name == last or path.rpartition(".")[2] in ("", last)):
                bare = path.lstrip(".")
                whole = self._absolute(bare, len(path) - len(bare))
                if module in (whole, f"{whole}.{name}"):
                    return True
        return False

    @cached_property
    def stars(self) -> list[str]:
        """Modules of which everything is imported."""
        return [self._absolute(module, level) for module, level in self._head.get("stars", ())]

    @cached_property
    def top(self) -> Definition:
        """The code outside functions."""
        return Definition(
            self.module,
            self.path,
            "module",
            [1, 1],
            self.path,
            self.module,
            calls=self._head.get("calls", {}),
        )

    @property
    def lines(self) -> list[str]:
        """What is known of each definition, as JSON: equal where nothing changed and nothing moved."""
        return self._analysis.lines

    def at(self, index: int) -> Definition:
        """The definition with that index; always the same object."""
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = _definition(self._analysis.lines[index])
            made.path, made.module = self.path, self.module
        return made

    def facts(self, index: int) -> dict:
        """What is said of the definition with that index wherever in the file it stands: as `at`, without
        lines.
        """
        said = fast_json.loads(self._analysis.lines[index])
        del said["lines"]
        said["calls"] = list(said.get("calls", ()))
        return said

    def get(self, qualname: str) -> Definition | None:
        """The first definition of that name."""
        index = self.places.get(qualname)
        return None if index is None else self.at(index)

    def mentioning(self, name: str) -> list[tuple[Definition, list[str]]]:
        """The definitions, and the top level last, that call something of this simple name, whatever it is
        called here; with those calls.
        """
        names = self.aliases(name)
        ends = tuple(f"{separator}{name}" for separator in ".:")
        some = [*self._holding([f'{name}":' for name in names])]
        if any(f'{name}":' in self._analysis.head for name in names):
            some.append(self.top)
        return [(d, calls) for d in some if (calls := [c for c in d.calls if c in names or c.endswith(ends)])]

    def deriving(self, name: str) -> Iterator[Definition]:
        """The classes with a base class of this simple name, whatever it is called here."""
        return self._holding([f'{name}"' for name in self.aliases(name)], '"bases":')

    def aliases(self, name: str) -> list[str]:
        """The name, and others under which it is imported."""
        if f":{name}" not in self.importing and f"{name}:" not in self.importing:
            return [name]
        return [name, *(alias for alias, (_, imported) in self.imports.items() if imported == name != alias)]

    def _holding(self, marks: list[str], also: str = "") -> Iterator[Definition]:
        """Definitions in whose facts one of the marks occurs: looking is much cheaper than taking them
        out."""
        mark, *others = marks
        for i, line in enumerate(self._analysis.lines):
            if (mark in line or (others and any(other in line for other in others))) and also in line:
                yield self.at(i)

    def __iter__(self) -> Iterator[Definition]:
        return map(self.at, range(len(self.names)))

    def _absolute(self, module: str, level: int) -> str:
        if not level:
            return module
        package = self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]
        parts = package.split(".") if package else []
        parts = parts[: len(parts) - level + 1] if level <= len(parts) + 1 else []
        return ".".join([*parts, *([module] if module else [])])


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
