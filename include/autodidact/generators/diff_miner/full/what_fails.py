"""What is sure to fail in code that runs for a value which a test was to keep from it."""

import ast
from collections.abc import Iterator

from autodidact.generators.diff_miner.full.planted_bug import parsed


def failure(known: str, code: str | None) -> str:
    """A sentence on what raises an error in a statement, or in the head of one, that runs while a test holds:
    "If `key` is not in `data`, `data[key]` is evaluated now, which raises `KeyError`."; "" where nothing is
    sure to.
    """
    tree = parsed([code]) or parsed([f"{code}:"]) if code else None
    try:
        test = ast.parse(known, mode="eval").body
    except SyntaxError:
        return ""
    return _said(test, list(_evaluated(tree))) if tree else ""


def negated(test: str) -> str:
    """The test that holds when this one does not."""
    return f"not ({test})"


def _said(test: ast.expr, nodes: list[ast.AST]) -> str:
    match _plain(test):
        case ast.Compare(left=sought, ops=[ast.NotIn()], comparators=[place]):
            case, error = f"If `{ast.unparse(sought)}` is not in `{ast.unparse(place)}`", "KeyError"
            fails = [node for node in nodes if _looks_up(node, place, ast.unparse(sought))]
        case ast.Compare(left=name, ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            case = f"If `{ast.unparse(name)}` is `None`"
            fails = [node for node in nodes if _of_none(node, name)]
            error = _of_none(fails[0], name) if fails else ""
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Call(func=ast.Name(id="hasattr"), args=[of, ast.Constant(value=str(attribute))]),
        ):
            case, error = f"If `{ast.unparse(of)}` has no `{attribute}`", "AttributeError"
            wanted = ast.Attribute(of, attribute, ast.Load())
            fails = [node for node in nodes if ast.dump(node) == ast.dump(wanted)]
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[of]),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=0)],
        ):
            case, error = f"If `{ast.unparse(of)}` is empty", "IndexError"
            fails = [node for node in nodes if _looks_up(node, of, "0") or _looks_up(node, of, "-1")]
        case _:
            return ""
    return _sentence(case, fails[0], error) if fails else ""


def _looks_up(node: ast.AST, place: ast.expr, key: str) -> bool:
    """Whether a node is `place[key]`, which is read or deleted."""
    match node:
        case ast.Subscript(value=value, slice=part, ctx=ast.Load() | ast.Del()):
            return _same(value, place) and ast.unparse(part) == key
    return False


def _sentence(case: str, node: ast.AST, error: str) -> str:
    return f"{case}, `{ast.unparse(node)}` is evaluated now, which raises `{error}`."


def _of_none(node: ast.AST, name: ast.expr) -> str:
    """The error where `None` stands for a name; "" where this does not use it so."""
    match node:
        case ast.Attribute(value=value, attr=attribute) if _same(value, name):
            return "" if hasattr(None, attribute) else "AttributeError"
        case ast.Subscript(value=value) | ast.Call(func=value) if _same(value, name):
            return "TypeError"
    return ""


def _plain(test: ast.expr) -> ast.expr:
    """A test with the `not` before it drawn into it."""
    opposites: dict[type, ast.cmpop] = {
        ast.In: ast.NotIn(),
        ast.NotIn: ast.In(),
        ast.Is: ast.IsNot(),
        ast.IsNot: ast.Is(),
        ast.NotEq: ast.Eq(),
        ast.Gt: ast.LtE(),
    }
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.UnaryOp(op=ast.Not(), operand=inner)):
            return _plain(inner)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=left, ops=[op], comparators=[right])):
            if type(op) in opposites:
                turned = ast.Compare(left, [opposites[type(op)]], [right])
                # No length is less than 0.
                if isinstance(op, ast.Gt) and ast.unparse(right) == "0":
                    turned = ast.Compare(left, [ast.Eq()], [right])
                return turned
    return test


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.unparse(one) == ast.unparse(other)


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement that are evaluated whenever it runs."""
    match node:
        case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Try():
            return
        case ast.BoolOp(values=[first, *_]):
            yield from _evaluated(first)
            return
        case ast.IfExp(test=test) | ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            yield from _evaluated(test)
            return
        case ast.For(iter=source):
            yield from _evaluated(source)
            return
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _evaluated(node.generators[0].iter)
            return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _evaluated(child)
