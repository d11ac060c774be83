"""The Python of a repository at a commit as one index: who defines what, who inherits from whom, who calls whom."""

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from autodidact.sources.code import MAX_FILE, VERSION, analyse, is_test
from autodidact.sources.git import Repository, generated

_HOPS = 6  # re-exports followed from an import to its definition


@dataclass(slots=True, eq=False)
class Definition:
    """A function, method or class. `owner` is the class around it, `lines` the first and the last; functions alone have what follows `bases`."""

    path: str
    module: str
    name: str
    qualname: str
    kind: str
    owner: str | None
    lines: list[int]
    doc: str
    decorators: list[str]
    bases: list[str] = field(default_factory=list)
    signature: str = ""
    params: list[str] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)
    returns: str | None = None
    raises: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def public(self) -> bool:
        """Whether neither it nor the class around it is private."""
        return not any(part.startswith("_") for part in self.qualname.split("."))

    @property
    def test(self) -> bool:
        return is_test(self.path)


@dataclass(slots=True)
class SourceFile:
    path: str
    blob: str
    module: str
    doc: str
    names: dict[str, Definition]  # by qualified name
    imports: dict[str, tuple[str, str | None]]  # alias -> (absolute module, name in it)


class CodeBase:
    """`files` by path and `definitions` in the order of path and line."""

    def __init__(self, repository: Repository, cache=None, troubles=None, only: set[str] | None = None):
        """Reads every Python file of the commit that is not generated, or `only` these. What cannot be read is counted in `troubles`."""
        self.commit = repository.commit
        self.files: dict[str, SourceFile] = {}
        self.definitions: list[Definition] = []
        entries = [e for e in repository.files([".py"]) if only is None or e.path in only]
        paths = {e.path for e in entries}
        analyses = dict(_analyses(repository, entries, cache))
        for entry in entries:
            unread = "larger than 1 MB" if entry.size > MAX_FILE else "missing from the repository"
            found = analyses.get(entry.blob, {"error": unread, "line": 0})
            if "generated" in found:
                continue
            if "error" in found:
                if troubles:
                    troubles.add(found["error"], f"{entry.path}:{found['line']}" if found["line"] else entry.path)
                continue
            self._add(entry.path, entry.blob, found, paths)
        self._modules: dict[str, str] = {}
        for path in sorted(self.files, key=lambda p: (p.count("/"), p), reverse=True):  # of two modules of one name the upper one counts
            self._modules[self.files[path].module] = path
        self._callers: dict[int, list[Definition]] | None = None
        self._children: dict[int, list[Definition]] | None = None

    def named(self, name: str) -> list[Definition]:
        """Every definition of this simple name."""
        if not hasattr(self, "_by_name"):
            self._by_name: dict[str, list[Definition]] = {}
            for definition in self.definitions:
                self._by_name.setdefault(definition.name, []).append(definition)
        return self._by_name.get(name, [])

    def members(self, owner: Definition) -> list[Definition]:
        """The functions and classes that a class body defines, in the order of the source."""
        names = self.files[owner.path].names
        return [d for d in names.values() if d.owner == owner.qualname]

    def bases(self, definition: Definition) -> list[Definition]:
        """The base classes that this code base defines."""
        found = (self.resolve(definition.path, base, definition.owner) for base in definition.bases)
        return [base for base in found if base and base.kind == "class" and base is not definition]

    def children(self, definition: Definition) -> list[Definition]:
        """The classes that inherit from it directly."""
        if self._children is None:
            self._children = {}
            for child in self.definitions:
                if child.kind == "class":
                    for base in self.bases(child):
                        self._children.setdefault(id(base), []).append(child)
        return self._children.get(id(definition), [])

    def callees(self, definition: Definition) -> list[Definition]:
        """What it calls of this code base, in the order of the first calls."""
        found: dict[int, Definition] = {}
        for call in definition.calls:
            target = self.resolve(definition.path, call, definition.owner)
            if target and target is not definition:
                found.setdefault(id(target), target)
        return list(found.values())

    def callers(self, definition: Definition) -> list[Definition]:
        """The functions of this code base that call it by a name that can be followed."""
        if self._callers is None:
            self._callers = {}
            for caller in self.definitions:
                for target in self.callees(caller) if caller.calls else ():
                    self._callers.setdefault(id(target), []).append(caller)
        return self._callers.get(id(definition), [])

    def resolve(self, path: str, name: str, owner: str | None = None) -> Definition | None:
        """What a dotted name in a file means: a definition there, an imported one, a member of `self`; None if it is not of this code base."""
        head, _, rest = name.partition(".")
        if head in ("self", "cls") and owner:
            holder = self.files[path].names.get(owner)
            return self._member(holder, rest, _HOPS) if holder and rest and "." not in rest else None
        return self._lookup(path, name, _HOPS)

    def _lookup(self, path: str, name: str, hops: int) -> Definition | None:
        file = self.files.get(path)
        if file is None or hops == 0:
            return None
        if name in file.names:
            return file.names[name]
        head, _, rest = name.partition(".")
        if head in file.names:
            return self._member(file.names[head], rest, hops) if "." not in rest else None
        for alias in sorted((a for a in file.imports if name == a or name.startswith(a + ".")), key=len, reverse=True):
            module, imported = file.imports[alias]
            rest = name[len(alias) + 1 :]
            if imported is not None and (target := self._modules.get(module)) and target != path:
                found = self._lookup(target, f"{imported}.{rest}" if rest else imported, hops - 1)
                if found:
                    return found
            whole = f"{module}.{imported}" if imported is not None else module
            while rest:  # a.b.c.f: the longest module that exists
                if target := self._modules.get(whole):
                    found = self._lookup(target, rest, hops - 1)
                    if found:
                        return found
                step, _, rest = rest.partition(".")
                whole = f"{whole}.{step}"
            return None
        return None

    def _member(self, holder: Definition, name: str, hops: int) -> Definition | None:
        if holder.kind != "class" or hops == 0:
            return None
        own = self.files[holder.path].names.get(f"{holder.qualname}.{name}")
        if own:
            return own
        for base in self.bases(holder):
            if found := self._member(base, name, hops - 1):
                return found
        return None

    def _add(self, path: str, blob: str, found: dict, paths: set[str]) -> None:
        module = _module(path, paths)
        package = module if path.endswith("/__init__.py") else module.rpartition(".")[0]
        imports: dict[str, tuple[str, str | None]] = {}
        for alias, name, imported, level in found["imports"]:
            if level:
                parts = package.split(".") if package else []
                parts = parts[: len(parts) - level + 1] if level <= len(parts) + 1 else []
                name = ".".join([*parts, *([name] if name else [])])
            imports[alias] = (name, imported)
        file = SourceFile(path, blob, module, found["doc"], {}, imports)
        for row in found["definitions"]:
            definition = Definition(path=path, module=module, **row)
            self.definitions.append(definition)
            file.names.setdefault(definition.qualname, definition)
        self.files[path] = file


def _analyses(repository: Repository, entries: list, cache) -> Iterator[tuple[str, dict]]:
    missing = []
    for entry in entries:
        kept = cache.get("code", f"{entry.blob}-{VERSION}") if cache else None
        if kept is not None:
            yield entry.blob, json.loads(kept)
        elif entry.size <= MAX_FILE:
            missing.append(entry)
    paths = {entry.blob: entry.path for entry in missing}
    for blob, source in repository.read_many(paths):
        found = {"generated": True} if generated(paths[blob], source) else analyse(source)
        if cache:
            cache.put("code", f"{blob}-{VERSION}", json.dumps(found, separators=(",", ":")).encode())
        yield blob, found


def _module(path: str, paths: set[str]) -> str:
    """The dotted name by which a file is imported: from the uppermost folder of the packages around it."""
    folder, stem = posixpath.dirname(path), posixpath.basename(path).removesuffix(".py")
    parts = [] if stem == "__init__" else [stem]
    while folder and f"{folder}/__init__.py" in paths:
        parts.insert(0, posixpath.basename(folder))
        folder = posixpath.dirname(folder)
    return ".".join(parts) or posixpath.basename(posixpath.dirname(path)) or stem
