"""What a function does to the state around it without a word of that in its docstring."""

import ast
import re

from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, body_of, own_nodes

# Methods by which lists, dicts and sets are changed.
_CHANGES = frozenset("add append appendleft clear discard extend insert pop remove setdefault update".split())
# Letters by which words are compared: "block" and "blocks" are one.
STEM = 4


def effects_left_unsaid(node: Function, said: str) -> int:
    """How many statements of a function change an attribute, or hold one in a `with`, that the words of its
    docstring do not name: of `default_instance` each word.
    """
    known = {word[:STEM] for word in _words(said)}
    targets = [name for one in own_nodes(body_of(node)) for name in _changed(one)]
    return sum(not known.issuperset(word[:STEM] for word in _words(name)) for name in targets)


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+", text)]


def _changed(node: ast.AST) -> list[str]:
    """The attributes that one statement changes, with what a `with` statement holds."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [name for item in node.items if (name := _attribute(item.context_expr))]
    if isinstance(node, ast.Assign):
        return [name for target in node.targets if (name := _attribute(target))]
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return [name] if node.value and (name := _attribute(node.target)) else []
    method = node.func if isinstance(node, ast.Call) else None
    if isinstance(method, ast.Attribute) and method.attr in _CHANGES:
        return [name] if (name := _attribute(method.value)) else []
    return []


def _attribute(node: ast.AST) -> str:
    """The name of the attribute that is meant: `_kept` of `self._kept["a"]`; "" of a local name."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else ""
