"""Where calls outside functions stand: at the top level of a file, or in the body of a class."""

import ast

TOP = "the top level"
# Where the file cannot be read again, or calls it in a way that is not looked for here.
UNKNOWN = "code outside functions"


def places(tree: ast.Module | None, names: set[str]) -> dict[str, list[int]]:
    """Place -> the lines of the calls by one of these names, the top level first."""
    found: dict[str, list[int]] = {}
    for node in tree.body if tree else ():
        _read(node, TOP, "", names, found)
    ordered = sorted(found.items(), key=lambda item: (item[0] != TOP, item[1]))
    return {place: sorted(lines) for place, lines in ordered} or {UNKNOWN: []}


def _read(node: ast.AST, place: str, around: str, names: set[str], found: dict[str, list[int]]) -> None:
    """Adds the calls of a node. `around`: the classes in whose bodies it stands, "A.B."."""
    parts: list[ast.AST] = [*ast.iter_child_nodes(node)]
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        # Decorators and defaults are worked out where the function is defined.
        parts = [*node.decorator_list, node.args]
    if isinstance(node, ast.ClassDef):
        parts = [*node.decorator_list, *node.bases, *node.keywords]
        for statement in node.body:
            inside = f"{around}{node.name}"
            _read(statement, f"the body of class `{inside}`", f"{inside}.", names, found)
    if isinstance(node, ast.Call) and called_name(node) in names:
        found.setdefault(place, []).append(node.func.end_lineno or node.lineno)
    for part in parts:
        _read(part, place, around, names, found)


def called_name(node: ast.Call) -> str:
    """The last name of what is called; "" of what has none."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
