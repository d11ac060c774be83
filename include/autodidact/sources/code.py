"""Python code as facts: what each file defines, with signatures, documentation, calls and raised exceptions, by `ast` alone.

The analysis of a file depends on its bytes only, so it is cached by git blob id.
"""

import ast
import re
import warnings

VERSION = "1"  # of the analysis; part of the cache key
MAX_FILE = 1_000_000  # bytes; larger Python files are data
MAX_SIGNATURE = 400  # characters
MAX_DOC = 600

_SKIPPED_FIELDS = {
    "ctx", "op", "ops", "id", "attr", "arg", "name", "names", "kind", "level", "module", "type_comment", "simple", "type_params",
}  # fmt: skip
_LEAVES = {ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal}
_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _SKIPPED_FIELDS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.If, ast.Try, ast.With, ast.TryStar)
_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")


def is_test(path: str) -> bool:
    """Whether a path is that of a test."""
    return _TEST.search(path) is not None


def analyse(source: bytes) -> dict:
    """`{"doc", "imports": [[alias, module, name or null, level]], "definitions": [...]}` of a file, or `{"error": reason, "line": n}`.

    A definition: name, qualname, kind ("function", "async function", "class"), owner (the class around it or null), lines [first, last],
    signature, params, defaults {param: text}, returns, doc (its first paragraph), decorators, raises, calls (dotted, in order), bases.
    """
    if len(source) > MAX_FILE:
        return {"error": "larger than 1 MB", "line": 0}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        text = re.split(r"\r\n|\r|\n", source.decode("utf-8-sig"))  # as ast counts lines: a form feed ends none
    except UnicodeDecodeError:
        return {"error": "not UTF-8", "line": 0}
    except SyntaxError as error:
        return {"error": "not UTF-8" if "codec" in str(error) or "Non-UTF-8" in str(error) else "syntax error", "line": error.lineno or 0}
    except (ValueError, RecursionError, MemoryError):
        return {"error": "not Python source", "line": 0}
    reader = _Reader(text)
    reader.body(tree.body, None)
    return {"doc": _doc(tree), "imports": reader.imports, "definitions": reader.definitions}


class _Reader:
    def __init__(self, text: list[str]):
        self.text = text
        self.imports: list[list] = []
        self.definitions: list[dict] = []

    def body(self, statements: list[ast.stmt], owner: str | None) -> None:
        """What a module's or a class's body defines; blocks under if, try and with count as part of it."""
        for node in statements:
            if isinstance(node, _FUNCTIONS):
                self.function(node, owner)
            elif isinstance(node, ast.ClassDef):
                self.klass(node, owner)
            elif isinstance(node, ast.Import):
                self.imports += [[a.asname or a.name, a.name, None, 0] for a in node.names if owner is None]
            elif isinstance(node, ast.ImportFrom):
                self.imports += [[a.asname or a.name, node.module or "", a.name, node.level] for a in node.names if owner is None]
            elif isinstance(node, _BLOCKS):
                for name in ("body", "orelse", "finalbody"):
                    self.body(getattr(node, name, []), owner)
                for handler in getattr(node, "handlers", []):
                    self.body(handler.body, owner)

    def klass(self, node: ast.ClassDef, owner: str | None) -> None:
        qualname = f"{owner}.{node.name}" if owner else node.name
        bases = [text for base in node.bases if (text := dotted(base.value if isinstance(base, ast.Subscript) else base))]
        self.definitions.append(
            {
                "name": node.name, "qualname": qualname, "kind": "class", "owner": owner, "lines": [node.lineno, node.end_lineno],
                "doc": _doc(node), "decorators": _decorators(node), "bases": bases,
            }
        )  # fmt: skip
        self.body(node.body, qualname)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str | None) -> None:
        calls, raises = _calls_and_raises(node.body)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        with_default = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
        with_default += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        self.definitions.append(
            {
                "name": node.name, "qualname": f"{owner}.{node.name}" if owner else node.name,
                "kind": "function" if isinstance(node, ast.FunctionDef) else "async function", "owner": owner,
                "lines": [node.lineno, node.end_lineno], "signature": self.signature(node),
                "params": [a.arg for a in (*positional, *arguments.kwonlyargs)],
                "defaults": {a.arg: text for a, value in with_default if value is not None and (text := _short(value))},
                "returns": _short(node.returns) if node.returns else None, "doc": _doc(node), "decorators": _decorators(node),
                "raises": raises, "calls": calls,
            }
        )  # fmt: skip

    def signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The definition's head as it is written, on one line: `def f(a, b=1) -> int`."""
        head = "\n".join(self.text[node.lineno - 1 : node.body[0].lineno - 1]).strip()
        if head.endswith(":") and "#" not in head and '"""' not in head and "'''" not in head and "\\" not in head:
            return _one_line(head.removesuffix(":"))
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        word = "def" if isinstance(node, ast.FunctionDef) else "async def"
        return f"{word} {node.name}({ast.unparse(node.args)}){result}"


def _one_line(head: str) -> str:
    """Lines joined as a formatter would: no space inside brackets, no comma before a closing one."""
    joined = ""
    for line in filter(None, map(str.strip, head.split("\n"))):
        if line[0] in ")]}":
            joined = joined.rstrip(",")
        elif joined and joined[-1] not in "([{":
            joined += " "
        joined += line
    return joined


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` of a name or a chain of attributes; None of anything else."""
    parts: list[str] = []
    while type(node) is ast.Attribute:
        parts.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


def _calls_and_raises(body: list[ast.stmt]) -> tuple[list[str], list[str]]:
    """What a function's own body calls and raises, in the order of the source; functions and classes inside it are not its own."""
    calls: list[tuple[int, int, str]] = []
    raises: list[tuple[int, int, str]] = []
    stack: list = list(body)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind in _LEAVES or kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda):
            continue
        if kind is ast.Call:
            if name := dotted(node.func):
                calls.append((node.lineno, node.col_offset, name))
        elif kind is ast.Raise and node.exc is not None:
            name = dotted(node.exc.func if type(node.exc) is ast.Call else node.exc)
            if name and name.rpartition(".")[2][:1].isupper():
                raises.append((node.lineno, node.col_offset, name))
        for field in _FIELDS[kind]:
            value = getattr(node, field)
            if type(value) is list:
                stack.extend(item for item in value if item is not None)
            elif isinstance(value, ast.AST):
                stack.append(value)
    return ([*dict.fromkeys(name for _, _, name in sorted(found))] for found in (calls, raises))


def _decorators(node) -> list[str]:
    return [text for d in node.decorator_list if (text := dotted(d.func if isinstance(d, ast.Call) else d))]


def _short(node: ast.expr) -> str | None:
    """The text of a simple value (a constant, a name, a type), None of a long one."""
    text = repr(node.value) if type(node) is ast.Constant and node.value is not ... else ast.unparse(node)
    return text if len(text) <= 60 else None


def _doc(node) -> str:
    """The first paragraph of the docstring on one line, "" without one."""
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant) or not isinstance(first.value.value, str):
        return ""
    paragraph = re.split(r"\n\s*\n", first.value.value.strip(), maxsplit=1)[0]
    return " ".join(paragraph.split())[: MAX_DOC + 1]
