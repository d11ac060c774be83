"""How the base of a class is named to somebody who does not see the file."""

from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.names_in_file import SourceFile


def variable(code: CodeBase, d: Definition) -> bool:
    """Whether a base is a variable such as `Base = typed(Table)`, of the file or of one that it imports: what
    class it is, the class statement does not say.
    """
    return any(code.names.variable(d.path, base) for base in d.bases)


def own_name(file: SourceFile, base: str) -> str:
    """What an imported base is called where it is from; any other as it is written."""
    target = file.imports.get(base)
    if target is None or target.name is None or base in file.either or base in file.first:
        return base
    return target.name


def base_name(code: CodeBase, d: Definition, base: str) -> str:
    """A base by the name that its source gives it, with the one that the class statement has: "`Tide`
    (imported as `T`)". Of one that is called as the class itself, where it is from.
    """
    file = code.files[d.path]
    own, target = own_name(file, base), file.imports.get(base)
    alias = f" (imported as `{base}`)" if own != base else ""
    where = ""
    if own == d.name and target:
        found = code.resolve(d.path, base, d.owner)
        known = found is not None and found is not d
        where = f" of `{found.path if found and known else '.' * target.level + target.module}`"
    return f"`{own}`{where}{alias}"
