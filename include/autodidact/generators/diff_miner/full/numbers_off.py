"""What a number that is too large or too small does, and a division that does not round down."""

import ast
import re

from autodidact.generators.diff_miner.full.planted_bug import Planted

# What makes a whole number of one with a fraction again.
_ROUNDS = {"int", "round", "floor", "ceil", "trunc"}


def number_off(one: Planted) -> str | None:
    """What follows from a sum or difference that is off, by the place where it stands; None where the lines
    do not say what becomes of it.
    """
    amount = re.search(r"is (\d+) too (small|large)", one.defect.effect)
    node, above = _place(one)
    if not amount or node is None or not above:
        return None
    number, large = int(amount[1]), amount[2] == "large"
    late = "late" if large else "early"
    match above[-1]:
        case ast.Return():
            return f"Callers get a number that is {number} too {amount[2]}."
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return f"So `{ast.unparse(target)}` is {number} too {amount[2]}."
        case ast.Slice(lower=lower, step=step) if step is not node:
            return f"The slice {'begins' if lower is node else 'ends'} {number} too {late}."
        case ast.Subscript(value=value):
            places = "one place" if number == 1 else f"{number} places"
            end = "behind" if large else "before"
            text = isinstance(value, ast.Constant)
            what = "character" if text else f"element of `{ast.unparse(value)}`"
            return f"It takes the {what} {places} {end} the one that is needed."
        case ast.Call(func=ast.Name(id="range"), args=args) if node in args[:2]:
            ends = args.index(node) == min(len(args) - 1, 1)
            return f"The range {'ends' if ends else 'begins'} {number} too {late}."
    return None


def division(one: Planted) -> str | None:
    """What follows from `/` for `//`; None where the lines round it, or do not tell."""
    node, above = _place(one)
    if node is None:
        return None
    for outer in reversed(above):
        match outer:
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv()) | ast.UnaryOp():
                continue
            case ast.Slice():
                return "`/` gives a float, and a slice with a float as its bound raises `TypeError`."
            case ast.Subscript(value=value):
                of = "a text" if isinstance(value, ast.Constant) else f"`{ast.unparse(value)}`"
                return f"`/` gives a float, and {of} with a float as its index raises `TypeError`."
            case ast.Call(func=ast.Name(id="range")):
                return "`/` gives a float, and `range` raises `TypeError` for one."
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _ROUNDS:
                return None
        break
    return "`/` gives a float with its fraction, where `//` gives the whole number below it."


def _place(one: Planted) -> tuple[ast.expr | None, list[ast.AST]]:
    """What is right, within its statement, and the nodes around it, innermost last; None where it is not
    found there exactly once.
    """
    try:
        wanted = ast.dump(ast.parse(one.defect.good, mode="eval").body)
    except SyntaxError:
        return None, []
    found: list[tuple[ast.expr, list[ast.AST]]] = []
    stack: list[tuple[ast.AST, list[ast.AST]]] = [(one.tree, [])] if one.tree else []
    while stack:
        node, above = stack.pop()
        if isinstance(node, ast.expr) and ast.dump(node) == wanted:
            found.append((node, above))
        stack += [(child, [*above, node]) for child in ast.iter_child_nodes(node)]
    return found[0] if len(found) == 1 else (None, [])
