"""Which calls are shown as models: short plain statements, with the import by which they work."""

import ast
import builtins
import re
from collections.abc import Iterable

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.real_calls_of_definition import Use
from autodidact.sources.code.calls import dotted
from autodidact.sources.code.file_analysis import Definition

# Files that show, measure, test or migrate: of `microbenchmarks.py` or `examples/x.py` nobody asks.
_ASIDE = re.compile(
    r"bench(?:mark|es)|conftest|(?:^|/)(?:setup|noxfile|fabfile)\.py$"
    r"|(?:^|[/_.-])(?:bench|docs?|examples?|samples?|demos?|tests?|migrations)(?=[/_.-])",
    re.IGNORECASE,
)
# A call in one of these is no line that somebody could write the same way.
_NESTED = (ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda, ast.JoinedStr)


def aside(path: str) -> bool:
    """Whether a file only shows, measures, tests or migrates what others do, by its name or its folder's."""
    return _ASIDE.search(path) is not None


def models(view: FullView, d: Definition, found: Iterable[Use]) -> list[tuple[Use, str]]:
    """The calls that can be copied, the shortest first, each with its import: the line in the file of the
    call, "" where none is needed. Those of tests only where no other code calls it, and where they are whole
    by themselves.
    """
    known = view.callers(d)
    real = any(not c.test and not aside(c.path) for c in known.real) if known else False
    order = sorted(found, key=lambda use: len(use.shown.text))
    usable = (
        use
        for use in order
        if is_plain(use.call, view, use) and not _on_itself(use, d)
        if (not real and is_whole(view, use) if use.caller.test else not aside(use.caller.path))
    )
    return [(use, line) for use in usable if (line := _imports(view, use, d)) is not None]


def _imports(view: FullView, use: Use, d: Definition) -> str | None:
    """The import of a call; in a test, whose statement is to be whole by itself, those of its other names
    too, where one line brings them all.
    """
    own = import_line(view, use, d)
    found = view.texts.statement(use.caller.path, line_of_name(use.call))
    if not use.caller.test or found is None or own is None:
        return own
    imports = view.code.files[use.caller.path].imports
    used = {one.id for one in ast.walk(found[0]) if isinstance(one, ast.Name) and one.id in imports}
    head, _, name = own.rpartition(" import ")
    used -= {name, own.removeprefix("import ")}
    if not used:
        return own
    module = head.removeprefix("from ")
    alike = all(_is_of(view, use.caller.path, one, module) for one in used)
    return f"{head} import {', '.join(sorted({name, *used}))}" if head and alike else None


def _is_of(view: FullView, path: str, name: str, module: str) -> bool:
    """Whether a file has a name from this module."""
    tree = view.texts.tree(path)
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == module
        and not node.level
        and any(alias.name == name and not alias.asname for alias in node.names)
        for node in (tree.body if tree else ())
    )


def _on_itself(use: Use, d: Definition) -> bool:
    """Whether a public method is called on `self`: those who use its class write something else."""
    root = (dotted(use.call.func) or "").partition(".")[0]
    return d.owner is not None and d.public and root in ("self", "cls")


def is_whole(view: FullView, use: Use) -> bool:
    """Whether all names of a statement are imported or known everywhere: what a test made above it does not
    show.
    """
    found = view.texts.statement(use.caller.path, line_of_name(use.call))
    names = [one for one in ast.walk(found[0]) if isinstance(one, ast.Name)] if found else []
    known = {*view.code.files[use.caller.path].imports, *dir(builtins)}
    known |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
    return found is not None and not isinstance(found[0], ast.Return) and known >= {one.id for one in names}


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
        any(_same(inner, call) for inner in ast.walk(part))
        for one in ast.walk(statement)
        for part in _intricate(one)
    )


def _intricate(node: ast.AST) -> list[ast.AST]:
    """The parts of a node in which a call is no model: a comprehension, and the arguments of `f(...)` in
    `f(...)(...)` or `f(...).g()`.
    """
    if isinstance(node, _NESTED):
        return [node]
    found: list[ast.AST] = []
    callee: ast.AST | None = node.func if isinstance(node, ast.Call) else None
    while callee is not None:
        if isinstance(callee, ast.Call):
            found += [*callee.args, *callee.keywords]
        callee = getattr(callee, "func", None) or getattr(callee, "value", None)
    return found


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
