"""Which calls are shown as models: short plain statements, with the import by which they work."""

import ast
import re
from collections.abc import Iterable

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.real_calls_of_definition import Use
from autodidact.sources.code.calls import dotted
from autodidact.sources.code.file_analysis import Definition

# Files that show, measure, test or migrate: of `microbenchmarks.py` or `examples/x.py` nobody asks.
_ASIDE = re.compile(
    r"bench(?:mark|es)|conftest"
    r"|(?:^|[/_.-])(?:bench|docs?|examples?|samples?|demos?|tests?|migrations)(?=[/_.-])",
    re.IGNORECASE,
)
# A call in one of these is no line that somebody could write the same way.
_NESTED = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda, ast.JoinedStr)


def aside(path: str) -> bool:
    """Whether a file only shows, measures, tests or migrates what others do, by its name or its folder's."""
    return _ASIDE.search(path) is not None


def models(view: FullView, d: Definition, found: Iterable[Use]) -> list[tuple[Use, str]]:
    """The calls that can be copied, the shortest first and those of tests last, each with its import: the
    line in the file of the call, "" where none is needed.
    """
    order = sorted(found, key=lambda use: (use.caller.test, len(use.shown.text)))
    known = (
        (use, import_line(view, use, d))
        for use in order
        if is_plain(use.call, view, use) and (use.caller.test or not aside(use.caller.path))
    )
    return [(use, line) for use, line in known if line is not None]


def is_plain(call: ast.Call, view: FullView, use: Use) -> bool:
    """Whether a call stands in a statement by itself or as an argument: in no comprehension, and in no part
    of an annotated value.
    """
    found = view.texts.statement(use.caller.path, line_of_name(call))
    statement = found[0] if found else None
    if statement is None:
        return False
    if isinstance(statement, ast.AnnAssign):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        return value is not None and _same(value, call)
    return not any(
        isinstance(one, _NESTED) and any(_same(inner, call) for inner in ast.walk(one))
        for one in ast.walk(statement)
    )


def _same(one: ast.AST, call: ast.Call) -> bool:
    return isinstance(one, ast.Call) and (one.lineno, one.col_offset, one.end_col_offset) == (
        call.lineno,
        call.col_offset,
        call.end_col_offset,
    )


def line_of_name(call: ast.Call) -> int:
    """The line of the called name: of `a\\n.b()` the second one."""
    return call.func.end_lineno or call.lineno


def import_line(view: FullView, use: Use, d: Definition) -> str | None:
    """The line that imports what a call begins with; "" of a method or of what is private to its own file;
    None where no line of the file brings it, or only one that no other file could take over.
    """
    path = use.caller.path
    root = (dotted(use.call.func) or "").partition(".")[0]
    if path == d.path and root == d.name:
        module = view.public_module(d) if d.public else ""
        return f"from {module} import {d.name}" if module else ""
    if d.owner and root not in view.code.files[path].imports:
        return ""
    tree = view.texts.tree(path)
    for node in tree.body if tree else ():
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            if (alias.asname or alias.name.partition(".")[0]) != root:
                continue
            name = alias.name + (f" as {alias.asname}" if alias.asname else "")
            if isinstance(node, ast.Import):
                return f"import {name}"
            public = view.public_module(d) if root == d.name == alias.name else ""
            private = any(part.startswith("_") for part in (node.module or "").split("."))
            # Its own files and its tests may import from a private module, others need not.
            if not node.level and not (private and public):
                return f"from {node.module} import {name}"
            # A relative line works in its own package alone.
            return f"from {public} import {d.name}" if public else None
    return None
