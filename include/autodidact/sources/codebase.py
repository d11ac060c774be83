"""The Python of a repository at a commit as one index: who defines what, who inherits from whom, who calls whom.

Files and definitions are taken out of the pack when somebody asks for them, and links followed then, so that a cycle pays for what it tells.
"""

import gc
import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from autodidact.sources.code import MAX_FILE, analyse, is_test
from autodidact.sources.code_pack import Analysis, Pack, dump, load
from autodidact.sources.git import Entry, Repository, generated

_HOPS = 6  # re-exports and base classes followed to a definition
CANDIDATES = 40  # files with calls of a name; more is a name so common that its callers are not told apart


@dataclass(slots=True, eq=False)
class Definition:
    """A function, method or class, or the top level of a file (kind "module").

    `owner` is the class around it, `lines` the first and the last. `calls`: callee -> line of the first call (see code_calls.py). Functions have
    `gives`, the class that `returns` names; classes `attributes`, name -> class.
    """

    path: str
    module: str
    name: str
    qualname: str
    kind: str
    lines: list[int]
    owner: str | None = None
    doc: str = ""
    decorators: list[str] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    signature: str = ""
    params: list[str] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)
    returns: str | None = None
    gives: str | None = None
    raises: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def public(self) -> bool:
        """Whether neither it nor the class around it is private."""
        return self.qualname[0] != "_" and "._" not in self.qualname

    @property
    def test(self) -> bool:
        return is_test(self.path)


class SourceFile:
    """What a file defines and imports. `names`: qualified names in the order of the source; one may occur twice (overloads, setters)."""

    def __init__(self, path: str, blob: str, paths: set[str], analysis: Analysis):
        self.path, self.blob, self.names = path, blob, analysis.names
        self.called, self.based = analysis.called, analysis.based
        self._paths, self._analysis = paths, analysis
        self._made: dict[int, Definition] = {}

    @cached_property
    def module(self) -> str:
        """The dotted name by which it is imported."""
        return _module(self.path, self._paths)

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
    def _lines(self) -> list[str]:
        return self._analysis.lines()

    @cached_property
    def _head(self) -> dict:
        return json.loads(self._lines[0])

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
        return {alias: (self._absolute(module, level), name) for alias, (module, name, level) in self._head.get("imports", {}).items()}

    @cached_property
    def stars(self) -> list[str]:
        """Modules of which everything is imported."""
        return [self._absolute(module, level) for module, level in self._head.get("stars", ())]

    @cached_property
    def top(self) -> Definition:
        """The code outside functions."""
        return Definition(self.path, self.module, self.module, self.path, "module", [1, 1], calls=self._head.get("calls", {}))

    def at(self, index: int) -> Definition:
        """The definition with that index; always the same object."""
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = Definition(path=self.path, module=self.module, **json.loads(self._lines[index + 1]))
        return made

    def get(self, qualname: str) -> Definition | None:
        """The first definition of that name."""
        index = self.places.get(qualname)
        return None if index is None else self.at(index)

    def mentioning(self, name: str) -> list[tuple[Definition, list[str]]]:
        """The definitions, and the top level last, that call something of this simple name, whatever it is called here; with those calls."""
        names = self.aliases(name)
        ends = tuple(f"{separator}{name}" for separator in ".:")
        some = [*self._holding([f'{name}":' for name in names])]
        if any(f'{name}":' in self._lines[0] for name in names):
            some.append(self.top)
        return [(d, calls) for d in some if (calls := [c for c in d.calls if c in names or c.endswith(ends)])]

    def deriving(self, name: str) -> Iterator[Definition]:
        """The classes with a base class of this simple name, whatever it is called here."""
        return self._holding([f'{name}"' for name in self.aliases(name)], '"bases":')

    def aliases(self, name: str) -> list[str]:
        """The name, and others under which it is imported."""
        return [name, *(alias for alias, (_, imported) in self.imports.items() if imported == name != alias)]

    def _holding(self, marks: list[str], also: str = "") -> Iterator[Definition]:
        """Definitions in whose facts one of the marks occurs: looking is much cheaper than taking them out."""
        (mark, *others), lines = marks, self._lines
        for i in range(len(self.names)):
            line = lines[i + 1]
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


class CodeBase:
    """`files` by path, in the order of their paths. `blobs`: ids of all that was looked at."""

    def __init__(self, repository: Repository, pack: Pack | None = None, troubles=None, only: set[str] | None = None):
        """Reads every Python file of the commit that is not generated, or `only` these. What cannot be read is counted in `troubles`."""
        self.commit = repository.commit
        self.files: dict[str, SourceFile] = {}
        entries = [e for e in repository.files([".py"]) if only is None or e.path in only]
        self.blobs = list(dict.fromkeys(e.blob for e in entries))
        paths = {e.path for e in entries}
        pack = pack or Pack(None, "")
        _analyse(repository, entries, pack)
        for entry in entries:
            text = pack.get(entry.blob)
            found = load(text) if text is not None else Analysis([], [], [], [], "", _unread(entry))
            if found.error is None:
                self.files[entry.path] = SourceFile(entry.path, entry.blob, paths, found)
            elif found.error != "generated" and troubles:
                troubles.add(found.error, f"{entry.path}:{found.line}" if found.line else entry.path)
        self._bases: dict[int, list[Definition]] = {}
        self._children: dict[int, list[Definition]] = {}
        self._callers: dict[int, tuple[list[Definition], bool]] = {}
        self._callees: dict[int, list[Definition]] = {}

    @property
    def definitions(self) -> Iterator[Definition]:
        """Every definition, in the order of path and line."""
        for file in self.files.values():
            yield from file

    @cached_property
    def _simple(self) -> set[str]:
        return {name.rpartition(".")[2] for file in self.files.values() for name in file.names}

    @cached_property
    def _modules(self) -> dict[str, str]:
        order = sorted(self.files, key=lambda p: (p.count("/"), p), reverse=True)  # of two modules of one name the upper one counts
        return {self.files[path].module: path for path in order}

    @cached_property
    def _calling(self) -> dict[str, list[SourceFile]]:
        return _index((file, file.called) for file in self.files.values())

    @cached_property
    def _basing(self) -> dict[str, list[SourceFile]]:
        return _index((file, file.based) for file in self.files.values())

    def calling(self, name: str) -> list[SourceFile]:
        """The files with calls of something of this simple name."""
        return self._calling.get(name, [])

    @cached_property
    def _importing(self) -> dict[str, list[SourceFile]]:
        found = defaultdict(list)
        for file in self.files.values():
            modules = {module for module, _ in file.imports.values()} | {
                f"{module}.{name}" for module, name in file.imports.values() if name
            }
            for module in modules | set(file.stars):
                found[module].append(file)
        return found

    def importers(self, file: SourceFile) -> list[SourceFile]:
        """The other files that import it, or something of it, by its name."""
        return (
            [other for other in self._importing.get(file.module, ()) if other is not file]
            if self._modules.get(file.module) == file.path
            else []
        )

    def members(self, owner: Definition) -> list[Definition]:
        """The functions and classes that a class body defines, in the order of the source."""
        start = owner.qualname + "."
        file = self.files[owner.path]
        return [
            file.at(i)
            for name, i in sorted(file.places.items(), key=lambda item: item[1])
            if name.startswith(start) and "." not in name[len(start) :]
        ]

    def bases(self, definition: Definition) -> list[Definition]:
        """The base classes that this code base defines."""
        known = self._bases.get(id(definition))
        if known is None:
            found = (self.resolve(definition.path, base, definition.owner) for base in definition.bases)
            known = self._bases[id(definition)] = [base for base in found if base and base.kind == "class" and base is not definition]
        return known

    def children(self, definition: Definition) -> list[Definition]:
        """The classes that inherit from it directly."""
        if id(definition) not in self._children:
            found = []
            for file in self._basing.get(definition.name, ()):
                found += [child for child in file.deriving(definition.name) if definition in self.bases(child)]
            self._children[id(definition)] = found
        return self._children[id(definition)]

    def callees(self, definition: Definition) -> list[Definition]:
        """What it calls of this code base, in the order of the first calls."""
        known = self._callees.get(id(definition))
        if known is None:
            calls = (c for c in definition.calls if re.split(r"[.:]", c)[-1] in self._simple or c in self.files[definition.path].imports)
            targets = (self.resolve(definition.path, call, definition.owner) for call in calls)
            known = self._callees[id(definition)] = list({id(d): d for d in targets if d and d is not definition}.values())
        return known

    def callers(self, definition: Definition) -> tuple[list[Definition], bool] | None:
        """What calls it by a name that can be followed, top levels of files last, and whether there can be no other call.

        None when too many files call something of its name.
        """
        if id(definition) not in self._callers:
            files = self.calling(definition.name)
            if len(files) > CANDIDATES:
                return None
            found, sure = [], not self.calling(f"~{definition.name}")
            for file in files:
                for caller, calls in file.mentioning(definition.name):
                    targets = {call: self.resolve(caller.path, call, caller.owner) for call in calls}
                    if definition in targets.values() and caller is not definition:
                        found.append(caller)
                    sure = sure and not any(
                        target is None and re.split(r"[.:]", call)[-1] == definition.name for call, target in targets.items()
                    )
            found.sort(key=lambda d: d.kind == "module")
            self._callers[id(definition)] = found, sure
        return self._callers[id(definition)]

    def line_of(self, caller: Definition, definition: Definition) -> int:
        """The line where a caller calls it first."""
        return min(line for call, line in caller.calls.items() if self.resolve(caller.path, call, caller.owner) is definition)

    def resolve(self, path: str, name: str, owner: str | None = None) -> Definition | None:
        """What a callee or a dotted name in a file means: a definition there, an imported one, a member; None if it is not of this code base."""
        maker, typed, rest = name.partition(":")
        holder = self.files[path].get(owner) if owner else None
        if typed:
            if maker == "?":
                return None
            if maker == "super":
                found = (self._member(base, rest, _HOPS) for base in self.bases(holder)) if holder else ()
                return next(filter(None, found), None)
            made = self._attribute(holder, maker[5:], _HOPS) if maker.startswith("self.") else self._instance(path, maker)
            return self._member(made, rest, _HOPS) if made else None
        if name.startswith("self."):
            return self._member(holder, name[5:], _HOPS) if holder else None
        return self._lookup(path, name, _HOPS)

    def _instance(self, path: str, maker: str) -> Definition | None:
        """The class of what a class or a function makes."""
        made = self._lookup(path, maker, _HOPS)
        if made is None or made.kind == "class":
            return made
        if made.gives == "Self" and made.owner:
            return self.files[made.path].get(made.owner)
        given = self._lookup(made.path, made.gives, _HOPS) if made.gives and made.kind == "function" else None
        return given if given and given.kind == "class" else None

    def _attribute(self, holder: Definition | None, name: str, hops: int) -> Definition | None:
        """The class of an attribute."""
        if holder is None or holder.kind != "class" or not hops:
            return None
        if kind := holder.attributes.get(name):
            return self._instance(holder.path, kind)
        if (own := self.files[holder.path].get(f"{holder.qualname}.{name}")) and own.gives and "property" in own.decorators:
            return self._instance(own.path, own.gives)
        return next(filter(None, (self._attribute(base, name, hops - 1) for base in self.bases(holder))), None)

    def _lookup(self, path: str, name: str, hops: int) -> Definition | None:
        file = self.files.get(path)
        if file is None or hops == 0:
            return None
        if found := file.get(name):
            return found
        head, separator, rest = name.partition(".")
        if separator and head in file.places:
            return self._member(file.get(head), rest, hops) if "." not in rest else None
        imports = file.imports
        alias = name
        while alias and alias not in imports:
            alias = alias.rpartition(".")[0]
        if not alias:
            for module in file.stars:
                target = self._modules.get(module)
                if target and target != path and (found := self._lookup(target, name, hops - 1)):
                    return found
            return None
        module, imported = imports[alias]
        rest = name[len(alias) + 1 :]
        if imported is not None and (target := self._modules.get(module)) and target != path:
            found = self._lookup(target, f"{imported}.{rest}" if rest else imported, hops - 1)
            if found:
                return found
        whole = f"{module}.{imported}" if imported is not None else module
        while rest:  # a.b.c.f: the longest module that exists
            target = self._modules.get(whole)
            if target and target != path and (found := self._lookup(target, rest, hops - 1)):
                return found
            step, _, rest = rest.partition(".")
            whole = f"{whole}.{step}"
        return None

    def _member(self, holder: Definition, name: str, hops: int) -> Definition | None:
        if holder.kind != "class" or hops == 0 or not name:
            return None
        own = self.files[holder.path].get(f"{holder.qualname}.{name}")
        if own:
            return own
        return next(filter(None, (self._member(base, name, hops - 1) for base in self.bases(holder))), None)


def _index(named: Iterable[tuple[SourceFile, list[str]]]) -> dict[str, list[SourceFile]]:
    found = defaultdict(list)
    for file, names in named:
        for name in names:
            found[name].append(file)
    return found


def _analyse(repository: Repository, entries: list[Entry], pack: Pack) -> None:
    """Puts into the pack what it does not have yet. Garbage is not collected meanwhile: syntax trees have no cycles, and are let go at once."""
    missing = {e.blob: e.path for e in entries if e.size <= MAX_FILE and pack.get(e.blob) is None}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for blob, source in repository.read_many(missing):
            pack.put(blob, "generated\t0" if generated(missing[blob], source) else dump(analyse(source)))
    finally:
        if collecting:
            gc.enable()


def _unread(entry: Entry) -> str:
    return "larger than 1 MB" if entry.size > MAX_FILE else "missing from the repository"


def _module(path: str, paths: set[str]) -> str:
    """The dotted name by which a file is imported: from the uppermost folder of the packages around it."""
    folder, stem = posixpath.dirname(path), posixpath.basename(path).removesuffix(".py")
    parts = [] if stem == "__init__" else [stem]
    while folder and f"{folder}/__init__.py" in paths:
        parts.insert(0, posixpath.basename(folder))
        folder = posixpath.dirname(folder)
    return ".".join(parts) or posixpath.basename(posixpath.dirname(path)) or stem
