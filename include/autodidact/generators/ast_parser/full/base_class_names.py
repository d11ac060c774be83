"""Which class the name of a base is: two libraries may have one of the same name."""

import ast

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.sources.code.file_analysis import Definition


def as_written(view: FullView, d: Definition, text: str) -> str:
    """A text about the base of a class with that base as the class statement has it, `asyncio.StreamReader`
    for `StreamReader`, where no class of the repository is meant.
    """
    written = d.bases[0]
    if view.code.bases(d) or "." not in written:
        return text
    return text.replace(f"`{written.rpartition('.')[2]}`", f"`{written}`")


def origin(view: FullView, d: Definition) -> str:
    """A sentence on where the base of a class is from, or the module in front of it (`fields.Integer`); ""
    where that is imported by its whole name, stands in the same file, or may be from several places.
    """
    known = next(iter(view.code.bases(d)), None)
    base = d.bases[0].partition(".")[0]
    if known:
        return f"`{known.qualname}` is defined in `{known.path}`." if known.path != d.path else ""
    file = view.code.files[d.path]
    modules = {
        f"{'.' * node.level}{node.module or ''}"
        for node in ast.walk(view.texts.tree(d.path) or ast.Module([], []))
        if isinstance(node, ast.ImportFrom)
        if any((one.asname or one.name) == base == one.name for one in node.names)
    }
    plain = len(modules) == 1 and base not in file.either and not file.stars
    if not plain:
        return ""
    module = modules.pop()
    if base != d.bases[0]:
        return f"`{base}` is that of `{module}`: `from {module} import {base}`."
    return f"`{base}` is imported from `{module}`."
