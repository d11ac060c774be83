"""What a name in a file means: the definition that it leads to, by imports, bases and written types."""

import builtins
import re
from collections.abc import Iterator
from functools import cached_property

from autodidact.sources.code.calls import OWN
from autodidact.sources.code.file_analysis import Definition, Import
from autodidact.sources.code.names_in_file import SourceFile
from autodidact.sources.code.resolve_imports import Modules

# Re-exports and base classes followed to a definition.
_HOPS = 6
# What gives a module by a name that is known at run time: it may be one of this code base.
_LOADERS = frozenset(
    (
        *("__import__", "importlib.import_module", "importlib.reload", "importlib.util.module_from_spec"),
        *("pytest.importorskip",),
    )
)


class Names:
    """`files` by path. A name that may mean one thing or another leads nowhere."""

    def __init__(self, files: dict[str, SourceFile], modules: Modules):
        self.files, self.modules = files, modules
        # What was followed already, by definition.
        self._bases: dict[Definition, list[Definition]] = {}
        self._orders: dict[tuple[Definition, int], list[Definition]] = {}

    def file(self, importer: str, module: str, level: int) -> SourceFile | None:
        """The file that a module's name in an import statement means, if it is certain and was read."""
        found = self.modules.find(importer, module, level)
        return self.files.get(found[0]) if len(found) == 1 else None

    def bases(self, definition: Definition) -> list[Definition]:
        """The base classes that this code base defines."""
        known = self._bases.get(definition)
        if known is None:
            found = [self.resolve(definition.path, base, definition.owner) for base in definition.bases]
            known = [base for base in found if base and base.kind == "class" and base is not definition]
            self._bases[definition] = known
        return known

    def resolve(self, path: str, name: str, owner: str | None = None) -> Definition | None:
        """What a callee or a dotted name in a file means: a definition there, an imported one, a member; None
        if it is not of this code base, or may be another.
        """
        maker, typed, rest = name.partition(":")
        holder = self.files[path].first.get(owner) if owner else None
        if typed:
            if maker == "?":
                return None
            if name.startswith(OWN):
                # Which class of a family it is called on does not show.
                made = self.files[path].first.get(rest)
                return made if made and not self._has_heirs(made) else None
            if maker == "super":
                return self._member(holder, rest, above=True) if holder else None
            if maker.startswith("self."):
                made = self._attribute(holder, maker[5:], _HOPS)
            else:
                made = self._instance(path, maker)
            return self._member(made, rest) if made else None
        if name.startswith("self."):
            return self._member(holder, name[5:]) if holder else None
        return self._lookup(path, name, _HOPS)

    def outside(self, path: str, name: str) -> bool:
        """Whether a callee or a dotted name in a file is certainly nothing of this code base: it is imported
        from elsewhere, or Python's own.
        """
        file, head = self.files[path], re.split("[.:]", name, maxsplit=1)[0]
        if head in file.either or head in file.first or head in ("self", "super", "class", "?"):
            return False
        if head in file.aliases or (":" in name and _loads(file, name.partition(":")[0])):
            return False
        targets = [target for alias, target in file.imports.items() if alias.partition(".")[0] == head]
        if not targets:
            return hasattr(builtins, head) and not file.stars and head not in file.inner
        modules = [(target.module, target.level) for target in targets]
        modules += [(f"{target.module}.{target.name}", target.level) for target in targets if target.name]
        return not any(level or self.modules.find(path, module, level) for module, level in modules)

    def variable(self, path: str, name: str, hops: int = _HOPS) -> bool:
        """Whether a dotted name in a file means a variable of the top level, here or where it is imported
        from: what it holds, no statement says.
        """
        file, head = self.files.get(path), name.partition(".")[0]
        if file is None or not hops or head in file.first:
            return False
        if name in file.assigned:
            return True
        stars = ((star.module, star.level) for star in file.stars)
        starred = [self.file(path, *star) for star in stars]
        places: list[tuple[str, str]] = [
            *(self._places(file, *found) if (found := _import_of(file, name)) else ()),
            *((one.path, name) for one in starred if one and one is not file and one.exported(head)),
        ]
        return any(self.variable(there, own, hops - 1) for there, own in places)

    def order(self, definition: Definition, hops: int = _HOPS) -> list[Definition]:
        """A class and what it inherits from, in the order in which Python looks for a method."""
        known = self._orders.get((definition, hops))
        if known is None:
            bases = self.bases(definition) if hops else []
            known = [definition, *_merged([*(self.order(base, hops - 1) for base in bases), bases])]
            self._orders[definition, hops] = known
        return known

    def _has_heirs(self, definition: Definition) -> bool:
        """Whether a class inherits from it, or may."""
        heirs, names = self._inherited
        return definition in heirs or definition.name in names

    @cached_property
    def _inherited(self) -> tuple[set[Definition], set[str]]:
        """The classes that others inherit from, and the last parts of bases that lead to no class."""
        found: set[Definition] = set()
        names: set[str] = set()
        for definition in (d for file in self.files.values() for d in file.definitions if d.kind == "class"):
            found.update(self.bases(definition))
            names.update(definition.hidden_bases)
            for base in definition.bases:
                if self.resolve(definition.path, base, definition.owner) is None:
                    names.add(self.files[definition.path].simple(base))
        return found, names

    def _instance(self, path: str, maker: str) -> Definition | None:
        """The class of what a class or a function makes."""
        made = self._lookup(path, maker, _HOPS)
        if made is None or made.kind == "class":
            return made
        if made.qualname in self.files[made.path].repeated:
            # Which of several (overloads, alternatives) is called does not show.
            return None
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
        head, separator, rest = name.partition(".")
        if file is None or hops == 0 or head in file.either:
            return None
        if found := file.first.get(name):
            return found
        if separator and head in file.first:
            return self._member(file.first[head], rest) if "." not in rest else None
        if imported := _import_of(file, name):
            places = self._places(file, *imported)
            return next(filter(None, (self._lookup(there, own, hops - 1) for there, own in places)), None)
        if head in file.aliases:
            return self._lookup(path, f"{file.aliases[head]}{separator}{rest}", hops - 1)
        for star in reversed(file.stars):
            target = self.file(path, star.module, star.level)
            brings = target is not None and target is not file and target.exported(head)
            if target and brings and (found := self._lookup(target.path, name, hops - 1)):
                return found
        if separator and file.opens_package:
            # A module of the package, imported by somebody.
            module = self.file(path, head, 1)
            return self._lookup(module.path, rest, hops - 1) if module else None
        return None

    def _places(self, file: SourceFile, target: Import, rest: str) -> Iterator[tuple[str, str]]:
        """Where `rest` of something imported may stand, "" for the thing itself: (path, name there)."""
        module = target.module
        if target.name is not None:
            name = f"{target.name}.{rest}" if rest else target.name
            holder = self.file(file.path, module, target.level)
            if holder and holder is not file:
                yield holder.path, name
            module = f"{module}.{target.name}" if module else target.name
        # Of a.b.c.f the longest module that exists.
        while rest:
            holder = self.file(file.path, module, target.level)
            if holder and holder is not file:
                yield holder.path, rest
            step, _, rest = rest.partition(".")
            module = f"{module}.{step}"

    def _member(self, holder: Definition, name: str, above: bool = False) -> Definition | None:
        """The member of a class, or with `above` the one that it replaces."""
        if holder.kind != "class" or not name:
            return None
        for one in self.order(holder)[above:]:
            if own := self.files[one.path].first.get(f"{one.qualname}.{name}"):
                return own
        return None


def _import_of(file: SourceFile, name: str) -> tuple[Import, str] | None:
    """The import that brings the head of a dotted name, and the rest of it; None without one."""
    alias = name
    while alias and alias not in file.imports:
        alias = alias.rpartition(".")[0]
    if alias:
        return file.imports[alias], name[len(alias) + 1 :]
    head, _, rest = name.partition(".")
    # `import a.b` binds `a`.
    return (Import(head, None, 0), rest) if any(one.startswith(f"{head}.") for one in file.imports) else None


def _loads(file: SourceFile, maker: str) -> bool:
    """Whether what a file calls by this name gives a module."""
    head, _, rest = maker.partition(".")
    target = file.imports.get(head)
    return ".".join(filter(None, (target.module, target.name, rest) if target else (maker,))) in _LOADERS


def _merged(orders: list[list[Definition]]) -> list[Definition]:
    """The orders of some bases as one, as Python merges them (C3); where that fails, each base in turn."""
    found: list[Definition] = []
    while orders := [order for order in orders if order]:
        heads = (order[0] for order in orders)
        behind = {one for order in orders for one in order[1:]}
        head = next((one for one in heads if one not in behind), orders[0][0])
        found.append(head)
        orders = [[one for one in order if one is not head] for order in orders]
    return found
