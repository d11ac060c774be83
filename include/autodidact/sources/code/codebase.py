"""The Python of a repository at a commit as one index: who defines what, who inherits from whom, who calls
whom.

Files and definitions are taken out of the pack when somebody asks for them, and links followed then, so that
a cycle pays for what it tells.
"""

import contextlib
import gc
import itertools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from autodidact.sources.budget import Allowance, OverBudget
from autodidact.sources.code.cache import Analysis, Pack, dump
from autodidact.sources.code.definitions import MAX_FILE, analyse
from autodidact.sources.code.files import Definition, Packages, SourceFile
from autodidact.sources.git.repository import Entry, Repository, generated

# re-exports and base classes followed to a definition.
_HOPS = 6
# Files with calls of a name; more is a name so common that its callers are not told apart.
CANDIDATES = 40


class CodeBase:
    """`files` by path, in the order of their paths. `blobs`: ids of all that was looked at."""

    def __init__(
        self, repository: Repository, pack: Pack | None = None, troubles=None, only: set[str] | None = None
    ):
        """Reads every Python file of the commit that is not generated, or `only` these. What cannot be read
        is counted in `troubles`.
        """
        self.commit = repository.commit
        self.files: dict[str, SourceFile] = {}
        entries = repository.files([".py"]) if only is None else repository.some(only, [".py"])
        self.blobs = list(dict.fromkeys(e.blob for e in entries))
        for reason, path in repository.not_followed([".py"]) if troubles and only is None else ():
            troubles.add(reason, path)
        packages = Packages({e.path for e in entries})
        pack = pack or Pack(None, "")
        with uncollected():
            _analyse(repository, entries, pack)
            for entry in entries:
                text = pack.get(entry.blob)
                found = Analysis(text if text is not None else _unread(entry))
                if not found.error:
                    self.files[entry.path] = SourceFile(entry.path, entry.blob, packages, found)
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
    def simple(self) -> set[str]:
        """The simple names of all definitions."""
        return {name.rpartition(".")[2] for file in self.files.values() for name in file.names}

    @cached_property
    def _modules(self) -> dict[str, str]:
        order = sorted(
            self.files, key=lambda p: (p.count("/"), p), reverse=True
        )  # of two modules of one name the upper one counts
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

    def deriving(self, name: str) -> list[SourceFile]:
        """The files with classes that inherit from something of this simple name."""
        return self._basing.get(name, [])

    def importers(self, file: SourceFile) -> list[SourceFile]:
        """The other files that import it, or something of it, by its name."""
        if self._modules.get(file.module) != file.path:
            return []
        package, _, last = file.module.rpartition(".")
        whole, part = f" {file.module}:", f" {package}:{last} "
        # Relative imports stay in the uppermost package; `from . import x` does not name the package that it
        # is about.
        steps, around = file.path.split("/"), file.path.endswith("/__init__.py")
        folder = "/".join(steps[: min(len(steps) - file.module.count(".") - around, len(steps) - 1)]) + "/"
        marks = (f".{last}:", f":{last} ", *((".:",) if around else ()))
        text, begins, paths = self._importing
        found = {*_places(text, begins, whole), *_places(text, begins, part)}
        within = bisect_left(paths, folder), bisect_left(paths, folder[:-1] + "0")  # "0" follows "/"
        for number in {number for mark in marks for number in _places(text, begins, mark, *within)} - found:
            if self.files[paths[number]].imports_near(file.module):
                found.add(number)
        return [other for number in sorted(found) if (other := self.files[paths[number]]) is not file]

    @cached_property
    def _importing(self) -> tuple[str, list[int], list[str]]:
        """The imports of all files as one text, where in it each file's begin, and the files' paths: finding
        is much cheaper than looking.
        """
        texts = [file.importing for file in self.files.values()]
        return (
            "\n".join(texts),
            list(itertools.accumulate((len(text) + 1 for text in texts), initial=0)),
            list(self.files),
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
            known = self._bases[id(definition)] = [
                base for base in found if base and base.kind == "class" and base is not definition
            ]
        return known

    def children(self, definition: Definition) -> list[Definition]:
        """The classes that inherit from it directly."""
        if id(definition) not in self._children:
            found = []
            for file in self.deriving(definition.name):
                found += [
                    child for child in file.deriving(definition.name) if definition in self.bases(child)
                ]
            self._children[id(definition)] = found
        return self._children[id(definition)]

    def callees(self, definition: Definition) -> list[Definition]:
        """What it calls of this code base, in the order of the first calls."""
        known = self._callees.get(id(definition))
        if known is None:
            calls = (
                c
                for c in definition.calls
                if re.split(r"[.:]", c)[-1] in self.simple or c in self.files[definition.path].imports
            )
            targets = (self.resolve(definition.path, call, definition.owner) for call in calls)
            known = self._callees[id(definition)] = list(
                {id(d): d for d in targets if d and d is not definition}.values()
            )
        return known

    def callers(self, definition: Definition) -> tuple[list[Definition], bool] | None:
        """What calls it by a name that can be followed, top levels of files last, and whether there can be no
        other call.

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
                        target is None and re.split(r"[.:]", call)[-1] == definition.name
                        for call, target in targets.items()
                    )
            found.sort(key=lambda d: d.kind == "module")
            self._callers[id(definition)] = found, sure
        return self._callers[id(definition)]

    def line_of(self, caller: Definition, definition: Definition) -> int:
        """The line where a caller calls it first."""
        names = self.files[caller.path].aliases(definition.name)
        calls = (
            (call, line)
            for call, line in caller.calls.items()
            if call in names or re.split(r"[.:]", call)[-1] == definition.name
        )
        return min(
            line for call, line in calls if self.resolve(caller.path, call, caller.owner) is definition
        )

    def resolve(self, path: str, name: str, owner: str | None = None) -> Definition | None:
        """What a callee or a dotted name in a file means: a definition there, an imported one, a member; None
        if it is not of this code base.
        """
        maker, typed, rest = name.partition(":")
        holder = self.files[path].get(owner) if owner else None
        if typed:
            if maker == "?":
                return None
            if maker == "super":
                found = (self._member(base, rest, _HOPS) for base in self.bases(holder)) if holder else ()
                return next(filter(None, found), None)
            made = (
                self._attribute(holder, maker[5:], _HOPS)
                if maker.startswith("self.")
                else self._instance(path, maker)
            )
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
        if (
            (own := self.files[holder.path].get(f"{holder.qualname}.{name}"))
            and own.gives
            and "property" in own.decorators
        ):
            return self._instance(own.path, own.gives)
        return next(
            filter(None, (self._attribute(base, name, hops - 1) for base in self.bases(holder))), None
        )

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


def _places(text: str, begins: list[int], mark: str, first: int = 0, last: int = -1) -> Iterator[int]:
    """Numbers of the pieces of a text, from `first` to before `last`, in which the mark occurs. `begins`: of
    each piece, and the end.
    """
    end = begins[last]
    at = text.find(mark, begins[first], end)
    while at >= 0:
        number = bisect_right(begins, at) - 1
        yield number
        at = text.find(mark, begins[number + 1], end)


def _index(named: Iterable[tuple[SourceFile, list[str]]]) -> dict[str, list[SourceFile]]:
    found = defaultdict(list)
    with uncollected():
        for file, names in named:
            for name in names:
                found[name].append(file)
    return found


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Garbage is not collected meanwhile: for what makes many objects that stay, or, like syntax trees, have
    no cycles.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _analyse(repository: Repository, entries: list[Entry], pack: Pack) -> None:
    """Puts into the pack what it does not have yet."""
    missing = {e.blob: e.path for e in entries if e.size <= MAX_FILE and e.blob not in pack}
    for blob, source in repository.read_many(missing):
        pack.put(blob, "generated\t0" if generated(missing[blob], source) else _analysed(source))


def _analysed(source: bytes) -> str:
    """The analysis of a file as the pack keeps it."""
    try:
        with Allowance():
            return dump(analyse(source))
    except OverBudget as over:
        return dump({"error": str(over), "line": 0})


def _unread(entry: Entry) -> str:
    return "larger than 1 MB" if entry.size > MAX_FILE else "missing from the repository"
