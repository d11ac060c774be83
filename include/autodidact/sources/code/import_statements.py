"""The import statements of a file: what they mean, and which of them only type checkers see."""

import ast
from collections.abc import Iterator

from autodidact.sources.code.file_analysis import Import

Statement = ast.Import | ast.ImportFrom
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


def import_statements(tree: ast.Module) -> Iterator[tuple[Statement, bool]]:
    """(statement, whether only type checkers see it) of every import in the file, in the order of the source:
    at its top level, in classes, in functions, in blocks of any kind.
    """
    stack: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(tree.body)]
    while stack:
        node, typing = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, typing
            continue
        if type(node) not in _COMPOUND:
            continue
        only = checked_only(node)
        inner = [
            (child, typing or name == only)
            for name in ("body", "handlers", "orelse", "finalbody", "cases")
            for child in getattr(node, name, ())
        ]
        stack += reversed(inner)


def checked_only(node: ast.AST) -> str:
    """Which part of a block only type checkers see: "body" of `if TYPE_CHECKING`, "orelse" of `if not
    TYPE_CHECKING`; "" of any other.
    """
    if not isinstance(node, ast.If):
        return ""
    test, part = node.test, "body"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, part = test.operand, "orelse"
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return part if name == "TYPE_CHECKING" else ""
