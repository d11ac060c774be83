"""The Python of a repository at a commit as one index: who defines what, who inherits from whom, who calls
whom.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from autodidact.sources.code.blob_cache import BlobCache
from autodidact.sources.code.calls import OWN
from autodidact.sources.code.definitions import MAX_FILE, VERSION, analyse
from autodidact.sources.code.file_analysis import Analysis, Definition
from autodidact.sources.code.file_imports import Importers, importers
from autodidact.sources.code.name_resolution import Names
from autodidact.sources.code.names_by_imports import roots_by_imports
from autodidact.sources.code.names_in_file import SourceFile
from autodidact.sources.code.names_in_unread_files import (
    defined_in_other_languages,
    imported_otherwise,
    unread_files,
)
from autodidact.sources.code.newer_syntax import NewerSyntax
from autodidact.sources.code.resolve_imports import Modules
from autodidact.sources.code.unreadable_bases import may_inherit_from_any
from autodidact.sources.excluded_paths import generated
from autodidact.sources.git.repository import Entry, Repository
from autodidact.sources.reading_limits import FAULT, Allowance, OverBudget
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles
from autodidact.store import Cache

# Files with calls of a name; more is a name so common that its callers cannot be distinguished.
CANDIDATES = 40
# The scope of what is unread: whatever is said of the whole code base.
CODE = "code"
# The scope of the names that are defined in other languages' code.
ELSEWHERE = "elsewhere"
# The scope of the names by which stubs, and calls at run time, import modules.
OTHERWISE = "otherwise"
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
        self._repository = repository
        entries = repository.files([".py"]) if only is None else repository.some(only, [".py"])
        self.blobs = list(dict.fromkeys(e.blob for e in entries))
        analyses = BlobCache(None, "", Analysis) if analyses is None else analyses
        _analyse(repository, entries, analyses)
        every = entries if only is not None else repository.files([".py"], vendored=True)
        links = repository.not_followed([".py"]) if only is None else []
        self.modules = Modules(
            [*(e.path for e in every), *(path for _, path in links if path.endswith(".py"))]
        )
        troubles = troubles or Troubles()
        for reason, path in links:
            troubles.add(reason, path)
        # Files that are left out, and why.
        self.left_out: list[tuple[Entry, str]] = []
        read: dict[str, Analysis] = {}
        for entry in entries:
            found = analyses[entry.blob] if entry.blob in analyses else Analysis(_unread(entry))
            if not found.error:
                read[entry.path] = found
                continue
            self.left_out.append((entry, found.error))
            if found.error != GENERATED:
                troubles.add(found.error, f"{entry.path}:{found.line}" if found.line else entry.path)
        self.modules.moving = {path for path, found in read.items() if found.moves}
        self.modules.learn(roots_by_imports(self.modules, read))
        blobs = {entry.path: entry.blob for entry in entries}
        for path, found in read.items():
            self.files[path] = SourceFile(path, blobs[path], self.modules.name(path), found)
        self.names = Names(self.files, self.modules)
        self.resolve, self.bases = self.names.resolve, self.names.bases
        # What was followed already, by definition.
        self._callers: dict[Definition, tuple[list[Definition], bool]] = {}
        self._callees: dict[Definition, list[Definition]] = {}

    @cached_property
    def unread(self) -> Unread:
        """What of the repository's code is not in this code base; it was counted when it was read. Ask while
        the repository is open.
        """
        report = Unread()
        known = {*self.files, *(entry.path for entry, _ in self.left_out)}
        for gap in unread_files(self._repository, self.left_out, known, CODE):
            report.note(gap.scope, gap.reason, gap.ref, gap.text)
        if elsewhere := defined_in_other_languages(self._repository, ELSEWHERE):
            report.note(ELSEWHERE, elsewhere.reason, text=elsewhere.text)
        loaded = {word for file in self.files.values() for word in file.loaded}
        analysed = {file.blob for file in self.files.values()}
        for gap in imported_otherwise(self._repository, OTHERWISE, loaded, analysed):
            report.note(gap.scope, gap.reason, text=gap.text)
        return report

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
    def class_names(self) -> frozenset[str]:
        """The simple names of all classes outside the tests."""
        return frozenset(d.name for d in self.definitions if d.kind == "class" and not d.test)

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
    def _renamed(self) -> dict[str, list[str]]:
        """Simple name -> others that files give to what is called so."""
        found: dict[str, list[str]] = defaultdict(list)
        for file in self.files.values():
            for name, alias in file.renames():
                if alias not in found[name]:
                    found[name].append(alias)
        return found

    @cached_property
    def _hidden_bases(self) -> set[str]:
        """Simple names in bases that are expressions."""
        return {name for definition in self.definitions for name in definition.hidden_bases}

    @cached_property
    def unreadable_bases(self) -> bool:
        """Whether a class has a base that may be any class of this code base."""
        return any(may_inherit_from_any(self.names, definition) for definition in self.definitions)

    @cached_property
    def _importers(self) -> dict[str, Importers]:
        return importers(self.files, self.names)

    def names_of(self, name: str) -> list[str]:
        """A simple name and the others by which files have what is called so."""
        return [name, *self._renamed.get(name, ())]

    def calls_of(self, name: str) -> dict[str, list[tuple[Definition, str]]]:
        """Path -> the calls of something of this simple name there, by whichever name."""
        names = [one for one in self.names_of(name) if one in self._calls]
        if len(names) == 1:
            return self._calls[names[0]]
        paths = dict.fromkeys(path for one in names for path in self._calls[one])
        return {path: [pair for one in names for pair in self._calls[one].get(path, ())] for path in paths}

    def calling(self, name: str) -> list[SourceFile]:
        """The files with calls of something of this simple name, by functions that can be named."""
        return [self.files[path] for path in self.calls_of(name)]

    def called_inside(self, name: str, path: str | None = None) -> bool:
        """Whether something of this simple name is called inside an inner function, or decorates; in one file
        or anywhere.
        """
        paths = [path for one in self.names_of(name) for path in self._called_inside.get(one, ())]
        return path in paths if path else bool(paths)

    def deriving(self, name: str) -> list[Definition]:
        """The classes that inherit from something of this simple name."""
        found = dict.fromkeys(heir for one in self.names_of(name) for heir in self._deriving.get(one, ()))
        return sorted(found, key=lambda heir: (heir.path, heir.lines))

    def importers(self, file: SourceFile) -> Importers:
        """The other files that import it, or something of it."""
        return self._importers.get(file.path, Importers())

    def members(self, owner: Definition) -> list[Definition]:
        """The functions and classes that a class body defines, each name once, in the order of the source."""
        return [d for d in self.files[owner.path].first.values() if d.owner == owner.qualname]

    def children(self, definition: Definition) -> tuple[list[Definition], bool]:
        """The classes that inherit from it directly, and whether there can be no other but those whose bases
        cannot be read (`unreadable_bases`).
        """
        found, whole = [], self._hidden_bases.isdisjoint(self.names_of(definition.name))
        for child in self.deriving(definition.name):
            if definition in self.bases(child):
                found.append(child)
            elif any(self._unclear(child, base) for base in child.bases):
                whole = False
        return found, whole

    def _replaces(self, method: Definition, other: Definition) -> bool:
        """Whether a method takes the place of another one in a class below that of the other."""
        if not method.owner or not other.owner:
            return False
        mine, its = (self.files[d.path].first.get(d.owner or "") for d in (method, other))
        return mine is not None and its is not None and its in self.names.order(mine)[1:]

    def _unclear(self, definition: Definition, name: str) -> bool:
        """Whether what a definition calls or builds on may be of this code base and cannot be followed."""
        return self.resolve(definition.path, name, definition.owner) is None and not self.names.outside(
            definition.path, name
        )

    def sure_of_callees(self, definition: Definition) -> bool:
        """Whether it calls nothing else of this code base than its `callees`."""
        return not any(
            self._unclear(definition, call)
            for call in definition.calls
            if self.files[definition.path].simple(call) in self.simple
        )

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
        calls = self.calls_of(definition.name)
        if len(calls) > CANDIDATES:
            return None
        if definition not in self._callers:
            found: dict[Definition, None] = {}
            sure = not self.called_inside(definition.name)
            for caller, call in (pair for pairs in calls.values() for pair in pairs):
                target = self.resolve(caller.path, call, caller.owner)
                if target is definition and caller is not definition:
                    found[caller] = None
                if target is None and not self.names.outside(caller.path, call):
                    sure = False
                if target is not None and target is not definition and self._replaces(definition, target):
                    # Of an object that is not seen to be of the class that defines it anew.
                    sure = False
            if not self._making_heirs.isdisjoint(self.names.order(definition)[1:]):
                sure = False
            self._callers[definition] = sorted(found, key=lambda d: d.kind == "module"), sure
        return self._callers[definition]

    @cached_property
    def _making_heirs(self) -> set[Definition]:
        """The classes with a method that makes an object of the class that it is called on."""
        makes = ((d, call) for d in self.definitions for call in d.calls if call.startswith(OWN))
        found = (self.files[d.path].first.get(call.removeprefix(OWN)) for d, call in makes)
        return {one for one in found if one}

    def line_of(self, caller: Definition, definition: Definition) -> int:
        """The line where a caller calls it first."""
        file, names = self.files[caller.path], self.names_of(definition.name)
        return min(
            line
            for call, line in caller.calls.items()
            if file.simple(call) in names and self.resolve(caller.path, call, caller.owner) is definition
        )


def _analyse(repository: Repository, entries: list[Entry], analyses: BlobCache[Analysis]) -> None:
    """Adds the analyses that are not there yet."""
    missing = {e.blob: e.path for e in entries if e.size <= MAX_FILE and e.blob not in analyses}
    with NewerSyntax() as newer:
        for blob, source in repository.read_many(missing):
            if generated(missing[blob], source):
                analyses[blob] = Analysis(GENERATED)
                continue
            try:
                with Allowance():
                    analyses[blob] = analyse(source, newer)
            except OverBudget as over:
                analyses[blob] = Analysis(str(over))
            except Exception as error:  # this file's alone
                analyses[blob] = Analysis(f"{FAULT} ({type(error).__name__})")


def _unread(entry: Entry) -> str:
    return "larger than 1 MB" if entry.size > MAX_FILE else "missing from the repository"
