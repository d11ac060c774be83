"""Which files of a code base a file imports, and who imports it."""

from collections import defaultdict
from dataclasses import dataclass, field

from autodidact.sources.code.file_analysis import Import
from autodidact.sources.code.imports_by_name import may_load
from autodidact.sources.code.name_resolution import Names
from autodidact.sources.code.names_in_file import SourceFile
from autodidact.sources.code.resolve_imports import OUTSIDE


@dataclass
class Imported:
    """Paths of the files that a file imports when it is run, that it imports for type checkers alone, that it
    may import, or another instead, and that it may import by a name which is known at run time. `whole`:
    whether it can import no others.
    """

    run: dict[str, None] = field(default_factory=dict)
    typing: dict[str, None] = field(default_factory=dict)
    perhaps: dict[str, None] = field(default_factory=dict)
    by_name: dict[str, None] = field(default_factory=dict)
    whole: bool = True


@dataclass
class Importers:
    """The files that import one, in the order of their paths: when they are run, and for type checkers alone.
    `whole`: whether there can be no others among the files that were read.
    """

    run: list[SourceFile] = field(default_factory=list)
    typing: list[SourceFile] = field(default_factory=list)
    whole: bool = True


def files_imported(file: SourceFile, names: Names) -> Imported:
    """What the import statements of a file mean. That Python runs the packages around an imported module as
    well is not counted.
    """
    found = Imported()
    for target in file.run:
        _add(file, target, names, found.run, found.perhaps)
    for target in file.typing:
        _add(file, target, names, found.typing, found.perhaps)
    never: dict[str, None] = {}
    for target in file.never:
        _add(file, target, names, never, never)
    # Whoever asks what the file imports may mean these lines or not.
    found.perhaps.update(dict.fromkeys(path for path in never if path not in found.run))
    for start in file.unwritten:
        for path, other in names.files.items():
            if may_load(start, other.module, file.module, file.opens_package) and path not in found.run:
                found.by_name[path] = None
    for paths in (found.by_name, found.run, found.typing, found.perhaps):
        paths.pop(file.path, None)
    for path in found.run:
        found.typing.pop(path, None)
    found.whole = not (file.unwritten or found.typing or found.perhaps)
    return found


def _add(
    file: SourceFile, target: Import, names: Names, certain: dict[str, None], perhaps: dict[str, None]
) -> None:
    way = names.modules.find(file.path, target.module, target.level)
    if target.name not in (None, "*"):
        module = f"{target.module}.{target.name}" if target.module else str(target.name)
        inner = names.modules.find(file.path, module, target.level)
        if inner and not _shadowed(names, way, str(target.name), inner):
            way = inner
    paths = perhaps if len(way) > 1 else certain
    paths.update(dict.fromkeys(path for path in way if path != OUTSIDE))


def _shadowed(names: Names, package: tuple[str, ...], name: str, module: tuple[str, ...]) -> bool:
    """Whether a package binds the name of one of its modules to something else."""
    holder = names.files.get(package[0]) if len(package) == 1 else None
    if holder is None:
        return False
    if name in holder.first or name in holder.inner:
        return True
    target = holder.imports.get(name)
    if target is None:
        return False
    whole = ".".join(filter(None, (target.module, target.name)))
    return names.modules.find(holder.path, whole, target.level) != module


def importers(files: dict[str, SourceFile], names: Names) -> dict[str, Importers]:
    """Who imports each file, by its path."""
    found: dict[str, Importers] = defaultdict(Importers)
    for file in files.values():
        imported = files_imported(file, names)
        for path in imported.run:
            found[path].run.append(file)
        for path in imported.typing:
            found[path].typing.append(file)
        for path in (*imported.perhaps, *imported.by_name):
            found[path].whole = False
    return found
