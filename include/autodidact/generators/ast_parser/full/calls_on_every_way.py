"""Whether a function makes a call whenever it is run to its end: not under a condition, which the one who
calls it may never meet.
"""

import ast
from collections.abc import Collection

from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Node, own_nodes
from autodidact.sources.code.calls import dotted


def always_called(function: Function, names: Collection[str]) -> bool:
    """Whether a call by one of these names stands on every way through a function. That of a loop's body or a
    comprehension counts, though there may be nothing to go through.
    """
    return _in_block(function.body, names)


def _in_block(body: list[ast.stmt], names: Collection[str]) -> bool:
    for statement in body:
        if _in_statement(statement, names):
            return True
        if any(isinstance(one, (ast.Return, ast.Continue, ast.Break)) for one in own_nodes([statement])):
            return False
    return False


def _in_statement(node: ast.stmt, names: Collection[str]) -> bool:
    match node:
        case ast.If():
            return _in(node.test, names) or _in_block(node.body, names) and _in_block(node.orelse, names)
        case ast.While():
            return _in(node.test, names) or _in_block(node.body, names)
        case ast.For() | ast.AsyncFor():
            return _in(node.iter, names) or _in_block(node.body, names)
        case ast.With() | ast.AsyncWith():
            return any(_in(one, names) for one in node.items) or _in_block(node.body, names)
        case ast.Try() | ast.TryStar():
            return _in_block(node.body, names) or _in_block(node.finalbody, names)
        case ast.Match():
            return _in(node.subject, names)
    return not isinstance(node, Node) and _in(node, names)


def _in(node: ast.AST, names: Collection[str]) -> bool:
    """Whether an expression that is evaluated makes the call."""
    match node:
        case ast.Lambda():
            return False
        case ast.IfExp():
            return _in(node.test, names)
        case ast.BoolOp():
            return _in(node.values[0], names)
        case ast.Call() if _name(node.func) in names:
            return True
    return any(_in(child, names) for child in ast.iter_child_nodes(node))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else dotted(called) or ""
