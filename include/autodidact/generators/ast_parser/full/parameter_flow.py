"""Where a parameter of a function ends up, by its syntax alone: passed on, stored, checked, returned.
Nothing is said of one that gets a new value on the way.
"""

import ast
from typing import NamedTuple

from autodidact.generators.ast_parser.full.file_texts import Function, Node, Texts, body_of, own_nodes
from autodidact.generators.ast_parser.full.return_branches import condition

# Uses of a parameter that are listed.
MOST = 6


class Step(NamedTuple):
    """What happens to a parameter, in words ("is passed to `f` as `x`"), the line where, and the condition of
    the `if` around that, "" without one.
    """

    words: str
    line: int
    when: str = ""

    @property
    def sentence(self) -> str:
        """About "it"."""
        return f"In the branch where {self.when}, it {self.words}." if self.when else f"It {self.words}."


def steps(texts: Texts, path: str, function: Function, name: str) -> list[Step] | None:
    """What a function does with one of its parameters, in the order of the source; None where it has too
    many uses, one inside another function or a loop, one that is not put into words, or one that may not be
    reached.
    """
    nodes = list(own_nodes(body_of(function)))
    if any(isinstance(one, (ast.Try, ast.TryStar, ast.Match)) for one in nodes):
        return None
    exits = [one.lineno for one in nodes if isinstance(one, (ast.Return, ast.Raise))]
    found: list[Step] = []
    # Each node with those around it, the nearest last.
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(node, ()) for node in reversed(body_of(function))]
    while stack:
        node, around = stack.pop()
        if isinstance(node, (*Node.__args__, ast.Lambda)):
            if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node)):
                return None
            continue
        if isinstance(node, ast.Name) and node.id == name:
            words = _words(texts, path, node, around)
            if words is None:
                return None
            when = _when(texts, path, node, around)
            if when is None or _repeated(node, around):
                return None
            # Another branch may have left the function before.
            if not when and any(line < node.lineno for line in exits):
                return None
            if not found or (found[-1].words, found[-1].when) != (words, when):
                found.append(Step(words, node.lineno, when))
        children = [*ast.iter_child_nodes(node)]
        stack += [(child, (*around, node)) for child in reversed(children)]
    return found if 0 < len(found) <= MOST else None


def _repeated(node: ast.Name, around: tuple[ast.AST, ...]) -> bool:
    """Whether it stands in a loop, and is not what the loop goes over."""
    loops = (one for one in around if isinstance(one, (ast.For, ast.AsyncFor, ast.While)))
    return any(getattr(loop, "iter", None) is not node for loop in loops)


def _when(texts: Texts, path: str, node: ast.AST, around: tuple[ast.AST, ...]) -> str | None:
    """The condition of the nearest `if` in one of whose branches a node stands."""
    chain = (*around, node)
    for number in range(len(chain) - 2, -1, -1):
        outer, inner = chain[number], chain[number + 1]
        if isinstance(outer, ast.If) and inner is not outer.test:
            holds = any(inner is statement for statement in outer.body)
            return condition(outer.test, holds, lambda part: texts.expression(path, part))
    return ""


def _words(texts: Texts, path: str, node: ast.Name, around: tuple[ast.AST, ...]) -> str | None:
    """What the nearest construct around a name does with it."""
    parent = around[-1] if around else None
    if not isinstance(node.ctx, ast.Load):
        return None
    if isinstance(parent, ast.keyword):
        call = texts.expression(path, around[-2].func) if isinstance(around[-2], ast.Call) else None
        how = f"as the keyword `{parent.arg}`" if parent.arg else "unpacked with `**`"
        return f"is passed to `{call}` {how}" if call else None
    if isinstance(parent, ast.Call):
        return _argument(texts, path, node, parent)
    if isinstance(parent, ast.Attribute):
        if not isinstance(parent.ctx, ast.Load):
            return f"has its attribute `{parent.attr}` set"
        text = texts.expression(path, _chain(around, parent))
        return f"is used as `{text}`" if text else f"is used for its attribute `{parent.attr}`"
    if isinstance(parent, ast.Return):
        return "is returned as it is"
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        names = [texts.expression(path, target) for target in targets]
        return f"is stored as `{names[0]}`" if len(names) == 1 and names[0] else None
    return _in_expression(texts, path, node, around)


def _chain(around: tuple[ast.AST, ...], node: ast.AST) -> ast.AST:
    """The whole chain of attributes and calls that begins with a node."""
    for outer in reversed(around[:-1]):
        if not (isinstance(outer, ast.Attribute) or isinstance(outer, ast.Call) and outer.func is node):
            break
        node = outer
    return node


def _argument(texts: Texts, path: str, node: ast.Name, call: ast.Call) -> str | None:
    if call.func is node:
        text = texts.expression(path, call)
        return f"is called: `{text}`" if text else None
    callee = texts.expression(path, call.func)
    if callee is None:
        return None
    place = next((number for number, value in enumerate(call.args) if value is node), None)
    if callee == "isinstance" and place == 0:
        text = texts.expression(path, call)
        return f"has its type checked with `{text}`" if text else None
    ordinal = ("first", "second", "third", "fourth")
    if place is None or place >= len(ordinal) or any(isinstance(v, ast.Starred) for v in call.args[:place]):
        return None
    how = (
        "the only argument" if len(call.args) == 1 and not call.keywords else f"the {ordinal[place]} argument"
    )
    return f"is passed to `{callee}` as {how}"


def _in_expression(texts: Texts, path: str, node: ast.Name, around: tuple[ast.AST, ...]) -> str | None:
    """A use in a condition or in a larger expression, which is quoted up to its statement."""
    whole: ast.AST = node
    for outer in reversed(around):
        if isinstance(outer, (ast.If, ast.While)):
            text = texts.expression(path, outer.test)
            return f"decides in `if {text}`" if text and isinstance(outer, ast.If) else None
        if isinstance(outer, (ast.For, ast.AsyncFor)) and outer.iter is whole:
            return "is iterated over" if whole is node else None
        if isinstance(outer, ast.Starred) and outer.value is node:
            return None
        if isinstance(outer, ast.stmt):
            break
        whole = outer
    text = texts.expression(path, whole)
    return f"is part of the expression `{text}`" if text and whole is not node else None
