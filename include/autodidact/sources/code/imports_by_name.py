"""Imports by a name that is given at run time: `importlib.import_module(...)`, `__import__(...)`."""

import ast
import re
from collections.abc import Iterator

from autodidact.sources.code.calls import dotted
from autodidact.sources.code.file_analysis import Import

_LOADERS = ("import_module", "__import__")
_QUOTED = re.compile(r"['\"]([\w.]{1,200})['\"]")
# The name is whole only where no text is added to it.
_IMPORTED = re.compile(r"\b(?:import_module|__import__)\(\s*[\"']([A-Za-z_][\w.]*)[\"']\s*[,)]")


def by_name(tree: ast.Module, source: str) -> tuple[list[Import], set[str], set[str]]:
    """Of a file: the modules that are written in such imports; the words in quotes, some of which may be
    others; and how the names of others begin of which not all is written, "" of one that may be any. A dot at
    the start stands for the package of the file.
    """
    if not any(name in source for name in _LOADERS):
        return [], set(), set()
    written = [Import(name, None, 0) for name in _IMPORTED.findall(source)]
    words = {word for text in _QUOTED.findall(source) for word in text.split(".") if word}
    return written, words, set(_unwritten(tree))


def _unwritten(tree: ast.Module) -> Iterator[str]:
    called: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _loads(node.func):
            called.add(node.func)
            name = node.args[0] if node.args else _keyword(node, "name")
            if not (node.args and _text(name) and not _text(name).startswith(".")):
                yield _start(name, node)
        elif isinstance(node, (ast.Name, ast.Attribute)) and _loads(node) and node not in called:
            # Handed on: `map(import_module, names)`.
            yield ""


def _loads(node: ast.expr) -> bool:
    return (dotted(node) or "").rpartition(".")[2] in _LOADERS


def _start(name: ast.expr | None, call: ast.Call) -> str:
    start = _begins(name)
    package = _text(call.args[1] if len(call.args) == 2 else _keyword(call, "package"))
    return f"{package}{start}" if package and re.match(r"\.(?!\.)", start) else start


def _begins(node: ast.expr | None) -> str:
    """What is written of the beginning of a text."""
    if isinstance(node, ast.JoinedStr):
        return _text(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _begins(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left).partition("%")[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _text(node.func.value).partition("{")[0]
    return _text(node)


def _text(node: ast.expr | None) -> str:
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def may_load(start: str, module: str, importer: str, opens_package: bool) -> bool:
    """Whether a module's name begins so, in a file of the name `importer`."""
    rest = start.lstrip(".")
    if dots := len(start) - len(rest):
        parts = importer.split(".")
        package = parts[: max(len(parts) - dots + opens_package, 0)]
        start = ".".join([*package, rest])
    return bool(start) and module.startswith(start)
