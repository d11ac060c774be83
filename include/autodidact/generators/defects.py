"""Bugs planted into a commit's own lines, each with the sentence in which a reviewer names it. What results still parses."""

import ast
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS: dict[type, tuple[str, str, str]] = {  # of a comparison: what it says, what is planted, what is wrong then
    ast.Lt: ("<", "<=", "off by one"),
    ast.LtE: ("<=", "<", "off by one"),
    ast.Gt: (">", ">=", "off by one"),
    ast.GtE: (">=", ">", "off by one"),
    ast.Eq: ("==", "!=", "the comparison is reversed"),
    ast.NotEq: ("!=", "==", "the comparison is reversed"),
    ast.Is: ("is", "is not", "the comparison is reversed"),
    ast.IsNot: ("is not", "is", "the comparison is reversed"),
    ast.In: ("in", "not in", "the membership test is reversed"),
    ast.NotIn: ("not in", "in", "the membership test is reversed"),
}
_TOP = re.compile(rb"(async def|def|class|import|from|@)\b|[A-Za-z_]\w* *=")
_MAX_TEXT = 90  # characters of an expression that a review quotes


@dataclass(frozen=True)
class Defect:
    """`kind`; the first line concerned (of the file after the commit) and how many; what stands there instead (None: the lines are removed)."""

    kind: str
    line: int
    count: int
    planted: str | None
    says: str


def plant(source: bytes, own: set[int], around: set[int], rng: random.Random) -> Defect | None:
    """A defect in the lines `own` that a commit wrote, or in a check that stands `around` them; None where there is nothing to break.

    Kinds are drawn first, so that the frequent ones (comparisons) do not crowd out the rest.
    """
    lines = source.replace(b"\r\n", b"\n").split(b"\n")
    shown = own | around
    tree = _parse(_excerpt(lines, min(shown), max(shown))) or _parse(b"\n".join(lines))
    if tree is None:
        return None
    kinds: dict[str, list[Defect]] = {}
    for defect in _candidates(tree, lines, own, around):
        kinds.setdefault(defect.kind, []).append(defect)
    order = sorted(kinds)
    rng.shuffle(order)
    for kind in order:
        rng.shuffle(kinds[kind])
        for defect in kinds[kind][:4]:
            if _parses(tree, lines, defect):
                return defect
    return None


def _parse(source: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _excerpt(lines: list[bytes], first: int, last: int) -> bytes:
    """The statements of the module around these lines, under their own line numbers: most of the time of planting is parsing."""
    start, end = first - 1, last
    while start > 0 and not _TOP.match(lines[start]):
        start -= 1
    while start > 0 and lines[start - 1].startswith(b"@"):
        start -= 1
    while end < len(lines) and not _TOP.match(lines[end]):
        end += 1
    above = b"\n".join(lines[:start])
    if above.count(b'"""') % 2 or above.count(b"'''") % 2:  # perhaps in the middle of a string
        return b"\n".join(lines)
    return b"\n" * start + b"\n".join(lines[start:end])


def _parses(tree: ast.Module, lines: list[bytes], defect: Defect) -> bool:
    """Whether the statement of the module that holds the defect is still Python."""
    end = defect.line + defect.count - 1
    for node in tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        if first <= defect.line and end <= node.end_lineno:
            put = [] if defect.planted is None else [defect.planted.encode()]
            source = b"\n".join([*lines[first - 1 : defect.line - 1], *put, *lines[end : node.end_lineno]])
            return _parse(source) is not None
    return False


def _near(tree: ast.Module, first: int, last: int) -> Iterator[ast.AST]:
    """The nodes that overlap these lines; what lies elsewhere is not walked."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        for child in ast.iter_child_nodes(node):
            if getattr(child, "lineno", first) <= last and getattr(child, "end_lineno", last) >= first:
                stack.append(child)


def _candidates(tree: ast.Module, lines: list[bytes], own: set[int], around: set[int]) -> Iterator[Defect]:
    shown = own | around
    for node in _near(tree, min(shown), max(shown)):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if isinstance(node, ast.If) and _is_guard(node):
            whole = set(range(first, last + 1))
            if whole <= around and _refuses(node.body[0]):
                check = lines[first - 1].decode("utf-8", "replace").strip()
                says = f"the check `{check}` is removed, so what it refused now passes"
                if not check.startswith("elif") and len(check) <= _MAX_TEXT:
                    yield Defect("removed check", first, last - first + 1, None, says)
            elif first in own:
                yield from _inverted(node, lines)
        if first != last or first not in own:
            continue
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPERATORS:
            right, planted, wrong = _OPERATORS[type(node.ops[0])]
            left, other = node.left, node.comparators[0]
            yield from _swap(lines, node, left.end_col_offset, other.col_offset, right, planted, "comparison", wrong)
            if isinstance(left, ast.Name) and isinstance(other, ast.Name) and left.id != other.id:
                yield from _twice(lines, node, left, other)
        elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
            right, planted = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            a, b = node.values
            yield from _swap(lines, node, a.end_col_offset, b.col_offset, right, planted, "boolean", "the conditions are joined wrongly")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            if isinstance(node.right, ast.Constant) and node.right.value == 1 and type(node.right.value) is int:
                right, planted = ("+", "-") if isinstance(node.op, ast.Add) else ("-", "+")
                where = node.left.end_col_offset, node.right.col_offset
                yield from _swap(lines, node, *where, right, planted, "index", "off by one in the wrong direction")
            elif isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name) and node.left.id != node.right.id:
                yield from _twice(lines, node, node.left, node.right)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and type(node.slice.value) is int:
            at, number = node.slice, node.slice.value
            if number in (0, 1):
                planted = str(1 - number)
                yield from _swap(lines, node, at.col_offset, at.end_col_offset, str(number), planted, "index", "off by one")
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            start = node.col_offset
            expression = _cut(lines[first - 1], node.value.col_offset, node.value.end_col_offset)
            if len(expression) <= _MAX_TEXT and _cut(lines[first - 1], start, node.value.col_offset) == "return ":
                planted = _replaced(lines[first - 1], start, node.value.col_offset, "")
                yield Defect("lost return", first, 1, planted, f"`{expression}` is computed and not returned: `return` is missing")
        elif isinstance(node, ast.Call) and len(node.args) == 2 and all(isinstance(a, ast.Name) for a in node.args):
            if node.args[0].id != node.args[1].id:
                yield from _twice(lines, node, *node.args)
        elif isinstance(node, ast.Raise) and node.exc is None:
            planted = _replaced(lines[first - 1], node.col_offset, node.end_col_offset, "pass")
            yield Defect("swallowed exception", first, 1, planted, "the exception is swallowed: `pass` should be `raise`")


def _is_guard(node: ast.If) -> bool:
    """`if ...:` that only raises or returns."""
    return not node.orelse and len(node.body) == 1 and isinstance(node.body[0], (ast.Raise, ast.Return)) and node.body[0].lineno > node.lineno


def _refuses(statement: ast.stmt) -> bool:
    """A raise, or a return of nothing."""
    if isinstance(statement, ast.Return):
        return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value in (None, False))
    return isinstance(statement, ast.Raise)


def _inverted(node: ast.If, lines: list[bytes]) -> Iterator[Defect]:
    test, line = node.test, lines[node.lineno - 1]
    if test.lineno != node.lineno or test.end_lineno != node.lineno:
        return
    old = _cut(line, test.col_offset, test.end_col_offset)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        new = _cut(line, test.operand.col_offset, test.end_col_offset)
    elif isinstance(test, (ast.Name, ast.Attribute, ast.Call)):
        new = f"not {old}"
    else:
        return
    if len(old) <= _MAX_TEXT:
        planted = _replaced(line, test.col_offset, test.end_col_offset, new)
        yield Defect("inverted check", node.lineno, 1, planted, f"the check is inverted: `if {new}` should be `if {old}`")


def _swap(lines: list[bytes], node, start: int, end: int, right: str, planted: str, kind: str, wrong: str) -> Iterator[Defect]:
    """The operator or number between two columns replaced, if nothing else (a bracket, a comment) stands between them."""
    line = lines[node.lineno - 1]
    between = _cut(line, start, end)
    if start < end and between.strip() == right:
        put = between.replace(right, planted)
        old = _cut(line, node.col_offset, node.end_col_offset)
        cut = node.col_offset
        new = _replaced(line[cut : node.end_col_offset], start - cut, end - cut, put)
        if len(old) <= _MAX_TEXT:
            yield Defect(kind, node.lineno, 1, _replaced(line, start, end, put), f"{wrong}: `{new}` should be `{old}`")


def _twice(lines: list[bytes], node, first: ast.Name, second: ast.Name) -> Iterator[Defect]:
    line, cut = lines[node.lineno - 1], node.col_offset
    old = _cut(line, cut, node.end_col_offset)
    new = _replaced(line[cut : node.end_col_offset], second.col_offset - cut, second.end_col_offset - cut, first.id)
    if len(old) <= _MAX_TEXT:
        planted = _replaced(line, second.col_offset, second.end_col_offset, first.id)
        says = f"wrong variable: `{new}` uses `{first.id}` twice and should be `{old}`"
        yield Defect("wrong variable", node.lineno, 1, planted, says)


def _cut(line: bytes, start: int, end: int) -> str:
    return line[start:end].decode("utf-8", "replace")


def _replaced(line: bytes, start: int, end: int, put: str) -> str:
    return (line[:start] + put.encode() + line[end:]).decode("utf-8", "replace")
