"""The import statements of a file: what they mean, and which of them are not run."""

import ast
from collections import Counter
from collections.abc import Iterator

from autodidact.sources.code.file_analysis import Import
from autodidact.sources.code.top_level_names import names_bound

Statement = ast.Import | ast.ImportFrom
# When a statement counts: only type checkers see it, or it stands where Python never comes.
TYPING, NEVER = "typing", "never"
# The names that type checkers take to be true.
_CHECKERS = ("TYPE_CHECKING", "MYPY")
# What has statements in it.
_COMPOUND = frozenset(
    (
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While),
        *(ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.ExceptHandler, ast.Match, ast.match_case),
    )
)


def imported(node: Statement) -> list[tuple[str, Import]]:
    """(alias, what it means) of an import statement; the alias of everything is "*"."""
    if isinstance(node, ast.Import):
        return [(a.asname or a.name, Import(a.name, None, 0)) for a in node.names]
    return [(a.asname or a.name, Import(node.module or "", a.name, node.level)) for a in node.names]


def import_statements(tree: ast.Module) -> Iterator[tuple[Statement, str]]:
    """(statement, TYPING, NEVER or "" of one that is run) of every import in the file, in the order of the
    source: at its top level, in classes, in functions, in blocks of any kind.
    """
    off = _off(tree)
    stack: list[tuple[ast.AST, str]] = [(node, "") for node in reversed(tree.body)]
    while stack:
        node, when = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, when
            continue
        if type(node) not in _COMPOUND:
            continue
        part, why = _not_run(node.test, off) if isinstance(node, ast.If) else ("", "")
        inner = [
            (child, NEVER if NEVER in (when, why) and name == part else when or (why if name == part else ""))
            for name in ("body", "handlers", "orelse", "finalbody", "cases")
            for child in getattr(node, name, ())
        ]
        stack += reversed(inner)


def _not_run(test: ast.expr, off: set[str]) -> tuple[str, str]:
    """Which part of an `if` is not run, "body" or "orelse", and why: TYPING or NEVER; "" of any other."""
    part, other = "body", "orelse"
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, part, other = test.operand, other, part
    if why := _false(test, off):
        return part, why
    return (other, NEVER) if isinstance(test, ast.Constant) and test.value else ("", "")


def _false(test: ast.expr, off: set[str]) -> str:
    """Why a condition is not true when the file is run, "" where it may be."""
    if isinstance(test, ast.BoolOp):
        parts = [_false(one, off) for one in test.values]
        known = any(parts) if isinstance(test.op, ast.And) else all(parts)
        return (TYPING if TYPING in parts else NEVER) if known else ""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    if name in _CHECKERS:
        return TYPING
    constant = isinstance(test, ast.Constant) and not test.value
    return NEVER if constant or (isinstance(test, ast.Name) and name in off) else ""


def _off(tree: ast.Module) -> set[str]:
    """The names that the file's top level sets to False or the like, and that nothing in the file binds
    again.
    """
    found = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if isinstance(value, ast.Constant) and not value.value and isinstance(targets[0], ast.Name):
            found.add(targets[0].id)
    if not found:
        return found
    bound: Counter[str] = Counter()
    for part in ast.walk(tree):
        bound.update(names_bound(part))
    return set() if bound["*"] else {name for name in found if bound[name] == 1}
