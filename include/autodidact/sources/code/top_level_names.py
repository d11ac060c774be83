"""Which names a file binds at its top level besides those of definitions, and what it makes public."""

import ast
import re
from collections.abc import Iterator

# The word `__all__`; begun with its letters, which a search finds faster than the edge of a word.
_ALL = re.compile(r"__all__(?<!\w__all__)(?!\w)")
# Calls by which a module gets names that are not written in it.
_UNWRITTEN = ("globals", "vars", "exec", "setattr", "eval")

_NAMED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
)
# Of names of their own, or of none.
_NAMELESS = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Constant, ast.Attribute),
)


def assigned_names(body: list[ast.stmt], walrus: bool) -> Iterator[str]:
    """The names that statements of a top level bind, those in its blocks too, in the order of the source;
    what is deleted and not bound again is none. `walrus`: whether there may be `:=` in its expressions.
    """
    names = [*_bound_or_deleted(body, walrus)]
    last = dict(names)
    return (name for name, bound in names if bound and last[name])


def names_bound(node: ast.AST) -> Iterator[str]:
    """The names that a node binds itself, without its parts: assigned or deleted, a parameter, a definition,
    imported ("*" for everything), an exception, a part of a pattern.
    """
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.MatchMapping):
        yield node.rest or ""
    elif isinstance(node, _NAMED):
        yield node.name or ""


def deleted_names(node: ast.Delete) -> set[str]:
    """The names that a `del` statement takes away; a part of something takes none."""
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Del)}


def _bound_or_deleted(body: list[ast.stmt], walrus: bool) -> Iterator[tuple[str, bool]]:
    """(name, whether it is bound, not deleted), in the order of the source."""
    stack: list[ast.AST] = [*reversed(body)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, (ast.Store, ast.Del)):
                yield node.id, isinstance(node.ctx, ast.Store)
            continue
        if isinstance(node, _NAMELESS) or (isinstance(node, ast.AnnAssign) and node.value is None):
            continue
        if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, True
        if walrus or not isinstance(node, (ast.Assign, ast.Expr)):
            stack += reversed([*ast.iter_child_nodes(node)])
        elif isinstance(node, ast.Assign):
            stack += reversed(node.targets)


def exports(body: list[ast.stmt], text: str) -> list[str] | None:
    """What `__all__` lists; None without it, and where the text speaks of it otherwise than to list names."""
    lists = [value for value in map(_of_all, body) if value is not None]
    if not lists or len(lists) != len(_ALL.findall(text)):
        return None
    elements = [element for value in lists for element in getattr(value, "elts", [None])]
    values = [element.value for element in elements if isinstance(element, ast.Constant)]
    names = [value for value in values if isinstance(value, str)]
    return list(dict.fromkeys(names)) if len(names) == len(elements) else None


def _of_all(node: ast.stmt) -> ast.expr | None:
    """What a statement puts into `__all__`: `= [...]`, `+= [...]`, `.extend([...])`."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_all(node.targets[0]):
        return node.value
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and _is_all(node.target):
        return node.value
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_all(call.func.value):
        if call.func.attr == "extend" and len(call.args) == 1:
            return call.args[0]
        if call.func.attr == "append":
            return ast.List(call.args)
    return None


def settled(tree: ast.Module, called: set[str]) -> bool:
    """Whether all names of the top level are written there. `called`: simple names of what the file calls."""
    dynamic = any(name in called for name in _UNWRITTEN)
    return not dynamic and not any(
        isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body
    )


def _is_all(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__all__"
