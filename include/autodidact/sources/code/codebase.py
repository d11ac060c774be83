"""The Python of a repository at a commit as one index: who defines what, who inherits from whom, who calls
whom.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from autodidact.sources.budget import Allowance, OverBudget
from autodidact.sources.code.analysis import Analysis, Definition
from autodidact.sources.code.cache import BlobCache
from autodidact.sources.code.definitions import MAX_FILE, VERSION, analyse
from autodidact.sources.code.source_file import Packages, SourceFile, last_part
from autodidact.sources.exclusions import generated
from autodidact.sources.git.repository import Entry, Repository
from autodidact.stage import Troubles
from autodidact.store import Cache

# Re-exports and base classes followed to a definition.
_HOPS = 6
# Files with calls of a name; more is a name so common that its callers cannot be distinguished.
CANDIDATES = 40
# The error of a file that a program wrote: it is left out and no trouble.
GENERATED = "generated"


def cached_analyses(cache: Cache | None, system: str) -> BlobCache[Analysis]:
    """The analyses of a system's files that were made before."""
    return BlobCache(cache, f"{system}-{VERSION}", Analysis)


class CodeBase:
    """`files` by path, in the order of their paths. `blobs`: ids of all that was looked at."""

    def __init__(
        self,
        repository: Repository,
        analyses: BlobCache[Analysis] | None = None,
        troubles: Troubles | None = None,
        only: set[str] | None = None,
    ):
        """Reads every Python file of the commit that is not generated, or `only` these. What cannot be read
        is counted in `troubles`.
        """
        self.commit = repository.commit
        self.files: dict[str, SourceFile] = {}
        entries = repository.files([".py"]) if only is None else repository.some(only, [".py"])
        self.blobs = list(dict.fromkeys(e.blob for e in entries))
        analyses = BlobCache(None, "", Analysis) if analyses is None else analyses
        _analyse(repository, entries, analyses)
        packages = Packages({e.path for e in entries})
        troubles = troubles or Troubles()
        if only is None:
            for reason, path in repository.not_followed([".py"]):
                troubles.add(reason, path)
        for entry in entries:
            found = analyses[entry.blob] if entry.blob in analyses else Analysis(_unread(entry))
            if not found.error:
                self.files[entry.path] = SourceFile(
                    entry.path, entry.blob, packages.module(entry.path), found
                )
            elif found.error != GENERATED:
                troubles.add(found.error, f"{entry.path}:{found.line}" if found.line else entry.path)
        # What was followed already, by definition.
        self._bases: dict[Definition, list[Definition]] = {}
        self._callers: dict[Definition, tuple[list[Definition], bool]] = {}
        self._callees: dict[Definition, list[Definition]] = {}

    @property
    def definitions(self) -> Iterator[Definition]:
        """Every definition, in the order of path and line."""
        for file in self.files.values():
            yield from file.definitions

    @cached_property
    def simple(self) -> set[str]:
        """The simple names of all definitions."""
        return {d.name for d in self.definitions}

    @cached_property
    def _modules(self) -> dict[str, str]:
        """Module -> path. Of two modules of one name the upper one counts."""
        order = sorted(self.files, key=lambda path: (path.count("/"), path), reverse=True)
        return {self.files[path].module: path for path in order}

    @cached_property
    def _calls(self) -> dict[str, dict[str, list[tuple[Definition, str]]]]:
        """Simple name -> path -> the calls of something of that name there: who calls, and how the call is
        written.
        """
        found: dict = defaultdict(lambda: defaultdict(list))
        for path, file in self.files.items():
            for caller in (*file.definitions, file.top):
                for call in caller.calls:
                    found[file.simple(call)][path].append((caller, call))
        return found

    @cached_property
    def _called_inside(self) -> dict[str, set[str]]:
        """Simple name -> paths of the files where inner functions call something of that name, or it
        decorates.
        """
        found = defaultdict(set)
        for path, file in self.files.items():
            decorators = [name for d in file.definitions for name in d.decorators]
            for name in (*file.called_inside, *decorators):
                found[file.simple(name)].add(path)
        return found

    @cached_property
    def _deriving(self) -> dict[str, list[Definition]]:
        """Simple name -> the classes with a base class of that name."""
        found = defaultdict(list)
        for file in self.files.values():
            for definition in file.definitions:
                for name in dict.fromkeys(map(file.simple, definition.bases)):
                    found[name].append(definition)
        return found

    @cached_property
    def _importers(self) -> dict[tuple[str, str | None], list[SourceFile]]:
        """(module, package or None), as in SourceFile.imported -> the files that import it."""
        found = defaultdict(list)
        for file in self.files.values():
            for module in file.imported:
                found[module].append(file)
        return found

    def calling(self, name: str) -> list[SourceFile]:
        """The files with calls of something of this simple name, by functions that can be named."""
        return [self.files[path] for path in self._calls.get(name, ())]

    def called_inside(self, name: str, path: str | None = None) -> bool:
        """Whether something of this simple name is called inside an inner function, or decorates; in one file
        or anywhere.
        """
        paths = self._called_inside.get(name, ())
        return path in paths if path else bool(paths)

    def deriving(self, name: str) -> list[Definition]:
        """The classes that inherit from something of this simple name."""
        return self._deriving.get(name, [])

    def importers(self, file: SourceFile) -> list[SourceFile]:
        """The other files that import it, or something of it, by its name; in the order of their paths."""
        if self._modules.get(file.module) != file.path:
            return []
        ways = ((file.module, None), (file.module, file.package))
        found = {other.path: other for way in ways for other in self._importers.get(way, ())}
        return [found[path] for path in self.files if path in found and path != file.path]

    def members(self, owner: Definition) -> list[Definition]:
        """The functions and classes that a class body defines, each name once, in the order of the source."""
        return [d for d in self.files[owner.path].first.values() if d.owner == owner.qualname]

    def bases(self, definition: Definition) -> list[Definition]:
        """The base classes that this code base defines."""
        known = self._bases.get(definition)
        if known is None:
            found = [self.resolve(definition.path, base, definition.owner) for base in definition.bases]
            known = [base for base in found if base and base.kind == "class" and base is not definition]
            self._bases[definition] = known
        return known

    def children(self, definition: Definition) -> list[Definition]:
        """The classes that inherit from it directly."""
        return [child for child in self.deriving(definition.name) if definition in self.bases(child)]

    def callees(self, definition: Definition) -> list[Definition]:
        """What it calls of this code base, in the order of the first calls."""
        known = self._callees.get(definition)
        if known is None:
            targets = [self.resolve(definition.path, call, definition.owner) for call in definition.calls]
            known = list(dict.fromkeys(d for d in targets if d and d is not definition))
            self._callees[definition] = known
        return known

    def callers(self, definition: Definition) -> tuple[list[Definition], bool] | None:
        """What calls it by a name that can be followed, top levels of files last, and whether there can be no
        other call. None when too many files call something of its name.
        """
        calls = self._calls.get(definition.name, {})
        if len(calls) > CANDIDATES:
            return None
        if definition not in self._callers:
            found: dict[Definition, None] = {}
            sure = not self.called_inside(definition.name)
            for caller, call in (pair for pairs in calls.values() for pair in pairs):
                target = self.resolve(caller.path, call, caller.owner)
                if target is definition and caller is not definition:
                    found[caller] = None
                if target is None and last_part(call) == definition.name:
                    sure = False
            self._callers[definition] = sorted(found, key=lambda d: d.kind == "module"), sure
        return self._callers[definition]

    def line_of(self, caller: Definition, definition: Definition) -> int:
        """The line where a caller calls it first."""
        file = self.files[caller.path]
        return min(
            line
            for call, line in caller.calls.items()
            if file.simple(call) == definition.name
            and self.resolve(caller.path, call, caller.owner) is definition
        )

    def resolve(self, path: str, name: str, owner: str | None = None) -> Definition | None:
        """What a callee or a dotted name in a file means: a definition there, an imported one, a member; None
        if it is not of this code base.
        """
        maker, typed, rest = name.partition(":")
        holder = self.files[path].first.get(owner) if owner else None
        if typed:
            if maker == "?":
                return None
            if maker == "super":
                inherited = [self._member(base, rest, _HOPS) for base in self.bases(holder)] if holder else []
                return next(filter(None, inherited), None)
            if maker.startswith("self."):
                made = self._attribute(holder, maker[5:], _HOPS)
            else:
                made = self._instance(path, maker)
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
            return self.files[made.path].first.get(made.owner)
        given = self._lookup(made.path, made.gives, _HOPS) if made.gives and made.kind == "function" else None
        return given if given and given.kind == "class" else None

    def _attribute(self, holder: Definition | None, name: str, hops: int) -> Definition | None:
        """The class of an attribute."""
        if holder is None or holder.kind != "class" or not hops:
            return None
        if kind := holder.attributes.get(name):
            return self._instance(holder.path, kind)
        own = self.files[holder.path].first.get(f"{holder.qualname}.{name}")
        if own and own.gives and "property" in own.decorators:
            return self._instance(own.path, own.gives)
        inherited = (self._attribute(base, name, hops - 1) for base in self.bases(holder))
        return next(filter(None, inherited), None)

    def _lookup(self, path: str, name: str, hops: int) -> Definition | None:
        file = self.files.get(path)
        if file is None or hops == 0:
            return None
        if found := file.first.get(name):
            return found
        head, separator, rest = name.partition(".")
        if separator and head in file.first:
            return self._member(file.first[head], rest, hops) if "." not in rest else None
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
        # Of a.b.c.f the longest module that exists.
        while rest:
            target = self._modules.get(whole)
            if target and target != path and (found := self._lookup(target, rest, hops - 1)):
                return found
            step, _, rest = rest.partition(".")
            whole = f"{whole}.{step}"
        return None

    def _member(self, holder: Definition, name: str, hops: int) -> Definition | None:
        if holder.kind != "class" or hops == 0 or not name:
            return None
        if own := self.files[holder.path].first.get(f"{holder.qualname}.{name}"):
            return own
        inherited = (self._member(base, name, hops - 1) for base in self.bases(holder))
        return next(filter(None, inherited), None)


def _analyse(repository: Repository, entries: list[Entry], analyses: BlobCache[Analysis]) -> None:
    """Adds the analyses that are not there yet."""
    missing = {e.blob: e.path for e in entries if e.size <= MAX_FILE and e.blob not in analyses}
    for blob, source in repository.read_many(missing):
        if generated(missing[blob], source):
            analyses[blob] = Analysis(GENERATED)
            continue
        try:
            with Allowance():
                analyses[blob] = analyse(source)
        except OverBudget as over:
            analyses[blob] = Analysis(str(over))


def _unread(entry: Entry) -> str:
    return "larger than 1 MB" if entry.size > MAX_FILE else "missing from the repository"
