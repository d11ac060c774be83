"""The local values that the ways out of a function speak of: what they are, where that can be said."""

import ast
import re
from collections import Counter

from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Node, body_of, own_nodes
from autodidact.generators.ast_parser.full.return_branches import Expression, Outcome
from autodidact.generators.writing.facts_into_words import listing

# Values that are put into one sentence.
MOST = 3
_TEXT = re.compile(r"""(?<![fFtT])(["'])[^"'\n]*\1""")


def computed(node: Function, ways: list[Outcome], say: Expression) -> str | None:
    """A sentence on the locals that the ways name ("`total` is `price * count`"); "" where there are none;
    None where one has more than one value, or one that cannot be said, or is changed on the way.
    """
    texts = [text for way in ways for text in (way.value, *(guard.words for guard in way.guards))]
    # A word in quotes is no name; an f-string may hold one.
    texts = [_TEXT.sub("", text) for text in texts]
    named = {word for text in texts for word in re.findall(r"(?<![\w.])[A-Za-z_]\w*", text)}
    bound = _bound(node)
    names = [name for name in bound if name in named]
    if not names:
        return ""
    plain = filter(_plain, body_of(node))
    outer = {one.targets[0].id: one.value for one in plain}  # type: ignore[attr-defined]
    arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    said = [(name, say(outer[name]) if name in outer else None) for name in names]
    if len(names) > MOST or any(bound[name] > 1 or name in arguments or not text for name, text in said):
        return None
    inner = {word for _, text in said for word in re.findall(r"(?<![\w.])[A-Za-z_]\w*", text or "")}
    changed = {_changed(one) for one in own_nodes(body_of(node))}
    # What is computed from something that is computed itself would need that too.
    if changed & {*names, *inner} or any(bound[word] and word not in names for word in inner):
        return None
    values = [f"`{name}` is `{text}`" for name, text in said]
    return f"Here {listing(values)}."


def _bound(node: Function) -> Counter[str]:
    """How often each name is given a value in the body."""
    found: Counter[str] = Counter()
    for one in own_nodes(body_of(node)):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found[one.id] += 1
        elif isinstance(one, Node.__args__):
            found[one.name] += 2
        elif isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            found[one.target.id] += 1
    return found


def _plain(one: ast.stmt) -> bool:
    return isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name)


def _changed(one: ast.AST) -> str:
    """The name whose value is filled or changed in place: an item or an attribute of it is set, or a method
    is called for nothing but its effect.
    """
    if isinstance(one, ast.Expr) and isinstance(one.value, (ast.Call, ast.Await)):
        call = one.value.value if isinstance(one.value, ast.Await) else one.value
        target: ast.AST | None = call.func if isinstance(call, ast.Call) else None
    else:
        known = isinstance(one, (ast.Subscript, ast.Attribute)) and isinstance(one.ctx, (ast.Store, ast.Del))
        target = one if known else None
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
        if isinstance(target, ast.Name):
            return target.id
    return ""
