"""What a condition with a bug decides: which statements run, and which do not."""

import ast
import re

from autodidact.generators.diff_miner.full.planted_bug import Planted
from autodidact.generators.diff_miner.full.what_fails import failure

# Characters of a condition that is said twice.
SHORT = 40


def _condition(text: str) -> str:
    """`if a` as `a`."""
    return re.sub(r"^(?:if|elif|while) ", "", text)


def opposite(one: Planted) -> str:
    """Of a test that says the opposite of what it should."""
    good, bad = (_condition(text) for text in (one.defect.good, one.defect.bad))
    tree = one.tree
    found = _test_of(tree, good) if tree else None
    match found:
        case ast.If() if one.right[0].lstrip().startswith("elif "):
            said = f"Of the cases that get here, {block_of(one)} runs if `{bad}` instead of if `{good}`"
            other = f"`{one.else_inner}`" if one.else_inner else "the `else`" if one.has_else else ""
            ends = f", and `{good}` leads to {other}." if other else "."
            return _with(said + ends, failure(bad, one.inner))
        case ast.If():
            return _branch(one, good, bad)
        case ast.While():
            if one.inner and _stands_once(one):
                return _with(
                    f"If `{good}` to begin with, `{one.inner}` never runs; otherwise it runs until `{good}`.",
                    failure(bad, one.inner),
                )
            return f"The loop runs as long as `{bad}`, and not as long as `{good}`."
        case ast.Assert():
            return f"The assertion fails if `{good}`, which is just what it has to confirm."
        case ast.Return():
            return "Every caller gets the opposite of the right answer."
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"So `{name}` says the opposite of what it should."
        case ast.IfExp():
            first, second = (as_written(part, one) for part in (found.body, found.orelse))
            return _with(
                f"So the value is `{first}` if `{bad}`, and `{second}` if `{good}`: they are exchanged.",
                failure(bad, ast.unparse(found.body)) or failure(good, ast.unparse(found.orelse)),
            )
        case ast.comprehension():
            return f"What fulfils `{good}` is left out, and the rest is kept."
        case ast.Call(func=ast.Name(id=name)):
            return f"`{name}` then asks for `{bad}` of each of them, and not for `{good}`."
        case ast.BoolOp() if (
            isinstance(tree, ast.If | ast.While) and _test_of(tree, ast.unparse(found)) is tree
        ):
            return _part(one, found, good, bad)
    return f"It is true if `{bad}`, and has to be true if `{good}`."


def as_written(node: ast.expr, one: Planted) -> str:
    """An expression with the quotation marks that the code has."""
    text = ast.unparse(node)
    other = text.replace("'", '"')
    return other if other in "\n".join(one.statement) else text


def _branch(one: Planted, good: str, bad: str) -> str:
    inner, falls_to = one.inner, one.falls_to
    fails = failure(bad, inner) or failure(good, falls_to)
    if inner and one.else_inner:
        return _with(
            f"So the two branches are exchanged: `{inner}` runs if `{bad}`,"
            f" and `{one.else_inner}` if `{good}`.",
            fails,
        )
    if one.has_else:
        return f"So the two branches are exchanged: the first one runs if `{bad}`."
    if inner and falls_to:
        return _with(
            f"As written, `{inner}` is skipped if `{good}`, and that case goes on to `{falls_to}`;"
            f" if `{bad}`, it is the other way round.",
            fails,
        )
    block = block_of(one)
    if len(good) > SHORT and one.was_there:
        said = f"So {block} runs in just the cases in which it was skipped before, and in no other."
        return _with(said, fails)
    return _with(f"As written, {block} is skipped if `{good}` and runs if `{bad}`.", fails)


def _with(said: str, fails: str) -> str:
    """What runs when, and what fails then; that alone where no statement that runs is shown."""
    return fails if fails and "the block" in said else f"{said} {fails}".strip()


def _part(one: Planted, whole: ast.BoolOp, good: str, bad: str) -> str:
    """Of one part of a condition."""
    block, following = block_of(one), _following(whole, good)
    if isinstance(whole.op, ast.And):
        said = f"With this, {block} is never reached if `{good}`, though that is required."
        if one.inner and not _stands_once(one):
            said = f"With this, the whole condition is false if `{good}`, though that is required."
        return _with(said, failure(bad, following) or failure(bad, one.inner))
    said = f"With this, {block} is reached whenever `{bad}`, and `{good}` alone no longer leads there."
    return _with(said, failure(good, following))


def _following(whole: ast.BoolOp, part: str) -> str | None:
    """What is evaluated next where one part of a condition does not decide it."""
    wanted = _dump(part)
    places = [at for at, value in enumerate(whole.values) if ast.dump(value) == wanted]
    return ast.unparse(whole.values[places[0] + 1]) if places and places[0] + 1 < len(whole.values) else None


def _test_of(tree: ast.AST, test: str) -> ast.AST | None:
    """What a test decides: the statement, expression or part of a comprehension that it belongs to."""
    wanted = _dump(test)
    if wanted is None:
        return None
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        match node:
            case ast.If() | ast.While() | ast.Assert() | ast.IfExp():
                parts = [node.test]
            case ast.comprehension():
                parts = node.ifs if len(node.ifs) == 1 else []
            case ast.Call(
                func=ast.Name(id="all" | "any"), args=[ast.GeneratorExp() | ast.ListComp() as each]
            ):
                parts = [each.elt]
            case ast.BoolOp():
                parts = node.values
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                parts = [value]
            case ast.AnnAssign(value=ast.expr() as value):
                parts = [value]
        if any(ast.dump(part) == wanted for part in parts):
            return node
    return None


def _dump(text: str) -> str | None:
    tree = expression(text)
    return ast.dump(tree) if tree else None


def expression(text: str) -> ast.expr | None:
    """A text as an expression of Python; None where it is none."""
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def as_in(text: str, node: ast.AST) -> str:
    """A part of an expression as it is written there."""
    part = ast.get_source_segment(text, node) or ast.unparse(node)
    return f"({part})" if isinstance(node, ast.NamedExpr) else part


def decides(one: Planted, test: str) -> bool:
    """Whether a test alone decides about the block that the bad line opens."""
    tree = one.tree
    return isinstance(tree, ast.If | ast.While) and _test_of(tree, test) is tree


def chosen(one: Planted, test: str, holds: bool) -> str | None:
    """The value that a test of an expression with two of them chooses; None where it belongs to none."""
    tree = one.tree
    found = _test_of(tree, test) if tree else None
    if not isinstance(found, ast.IfExp):
        return None
    return as_written(found.body if holds else found.orelse, one)


def is_required(one: Planted, test: str) -> bool:
    """Whether a test is one of several that the block which the bad line opens needs."""
    tree = one.tree
    if not isinstance(tree, ast.If | ast.While) or not isinstance(tree.test, ast.BoolOp):
        return False
    return isinstance(tree.test.op, ast.And) and _test_of(tree, test) is tree.test


def block_of(one: Planted) -> str:
    """The block that the bad line opens, by its first statement where that is shown."""
    return f"`{one.inner}`" if one.inner else "the block"


def only_block_of(one: Planted) -> str:
    """As `block_of`, but no statement that may be reached from another line, too."""
    return block_of(one) if _stands_once(one) else "the block"


def _stands_once(one: Planted) -> bool:
    """Whether the first statement of the block is none that the function may have elsewhere: what leaves a
    function or loop often has a like outside the lines that are shown.
    """
    inner = one.inner
    if not inner or re.match(r"(?:return|raise|continue|break|pass|yield)\b", inner):
        return False
    begin = inner.removesuffix("...)")
    return sum(line[1:].strip().startswith(begin) for line in one.hunk.lines if line[0] != "-") == 1
