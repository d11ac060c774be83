"""Python code as facts: what each file defines, with signatures, documentation, calls and raised exceptions,
by `ast` alone.

The analysis of a file depends on its bytes only, so it is cached by git blob id (code_pack.py).
"""

import ast
import re
import warnings

from autodidact.sources.code.calls import CallReader, dotted, type_name

# Of the analysis and its entry in the pack; part of the cache key.
VERSION = "5"
# Bytes; larger Python files are data.
MAX_FILE = 1_000_000
MAX_DOC = 600

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.If, ast.Try, ast.With, ast.TryStar, ast.For, ast.While)
_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")
_NAMED = re.compile(rb"\b(?:def|class)[ \t\\]+(\w+)")
_PYTHON_2 = re.compile(
    rb"^[ \t]*(print[ \t]+[^(\s=]|exec[ \t]+[\"']|raise[ \t]+\w+[ \t]*,|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+["
    rb" \t]*:)",
    re.MULTILINE,
)


def is_test(path: str) -> bool:
    """Whether a path is that of a test."""
    return _TEST.search(path) is not None


def analyse(source: bytes) -> dict:
    """What a file holds, or `{"error": reason, "line": n}`.

    `doc`: the module's first paragraph. `imports`: alias -> [module, name or None, level], those inside
    functions too; `stars`: [[module, level]].
    `assigned`: other names of the top level. `inner`: names of functions and classes inside functions.
    `nested`: simple names of what those
    call. `calls`: those of the top level and of class bodies. `definitions`, in the order of the source:
    name, qualname, kind ("function",
    "async function", "class"), owner (the class around it), lines [first, last], signature, params, defaults
    {param: text}, returns, gives (the
    class that is returned), doc, decorators, raises, bases, attributes {name: class} and calls {callee:
    line}, as code_calls.py writes them.
    """
    if len(source) > MAX_FILE:
        return {"error": "larger than 1 MB", "line": 0}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in somebody's source are not ours to report
            tree = ast.parse(source)
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {"error": "not UTF-8", "line": 0}
    except SyntaxError as error:
        coded = "codec" in str(error) or "Non-UTF-8" in str(error)
        reason = "not UTF-8" if coded else "Python 2" if _PYTHON_2.search(source) else "syntax error"
        return {"error": reason, "line": error.lineno or 0}
    except (ValueError, RecursionError, MemoryError):
        return {"error": "not Python source", "line": 0}
    try:
        return _Reader(text, source).read(tree)
    except RecursionError:  # an expression that `ast` reads and nobody can walk
        return {"error": "not Python source", "line": 0}


class _Reader:
    def __init__(self, text: str, source: bytes):
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.text = text.split("\n")  # as ast counts lines: a form feed ends none
        self.ascii = text.isascii()  # then columns are characters
        self.source = source
        self.imports: dict[str, list] = {}
        self.stars: list[list] = []
        self.assigned: dict[str, None] = {}
        self.definitions: list[dict] = []
        self.importing: list[tuple[dict, CallReader]] = []  # functions that import something themselves
        self.nested: set[str] = set()

    def read(self, tree: ast.Module) -> dict:
        self.body(tree.body, None)
        top = CallReader()
        top.walk(tree.body)
        top.stored.clear()  # names of the module are what it stores
        self._inner_imports()
        outside = {d["name"] for d in self.definitions}
        inner = {name.decode("utf-8", "replace") for name in _NAMED.findall(self.source)} - outside
        return {
            "doc": _doc(tree),
            "imports": self.imports,
            "stars": self.stars,
            "assigned": list(self.assigned),
            "inner": sorted(inner),
            "nested": sorted(self.nested | top.inside()),
            "calls": top.calls(),
            "definitions": self.definitions,
        }

    def body(self, statements: list[ast.stmt], owner: dict | None) -> None:
        """What a module's or a class's body defines; blocks under if, try and with count as part of it."""
        for node in statements:
            if isinstance(node, _FUNCTIONS):
                self.function(node, owner)
            elif isinstance(node, ast.ClassDef):
                self.klass(node, owner)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self.assignment(node, owner)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                if owner is None:
                    self.imports |= {alias: target for alias, target in imported(node) if alias != "*"}
                    self.stars += [
                        [module, level] for alias, (module, _, level) in imported(node) if alias == "*"
                    ]
            elif isinstance(node, _BLOCKS):
                for name in ("body", "orelse", "finalbody"):
                    self.body(getattr(node, name, ()), owner)
                for handler in getattr(node, "handlers", ()):
                    self.body(handler.body, owner)

    def assignment(self, node: ast.Assign | ast.AnnAssign, owner: dict | None) -> None:
        if owner is None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self.assigned |= dict.fromkeys(
                name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
            )
        elif (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and (kind := type_name(node.annotation))
        ):
            owner["attributes"][node.target.id] = kind, True

    def klass(self, node: ast.ClassDef, owner: dict | None) -> None:
        bases = [
            text
            for base in node.bases
            if (text := dotted(base.value if isinstance(base, ast.Subscript) else base))
        ]
        mine = {
            "name": node.name,
            "qualname": f"{owner['qualname']}.{node.name}" if owner else node.name,
            "kind": "class",
            "owner": owner["qualname"] if owner else None,
            "lines": [node.lineno, node.end_lineno],
            "doc": _doc(node),
            "decorators": _decorators(node),
            "bases": bases,
            "attributes": {},
        }
        self.definitions.append(mine)
        self.body(node.body, mine)
        mine["attributes"] = {name: kind for name, (kind, _) in mine["attributes"].items() if kind}

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: dict | None) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        named = [*positional, *arguments.kwonlyargs]
        with_default = [
            *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
        ]
        with_default += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        reader = CallReader({a.arg: type_name(a.annotation) if a.annotation else None for a in named})
        reader.stored.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
        reader.walk(node.body)
        params, decorators = [a.arg for a in named], _decorators(node)
        self_name = params[0] if owner and params and "staticmethod" not in decorators else None
        mine = {
            "name": node.name,
            "qualname": f"{owner['qualname']}.{node.name}" if owner else node.name,
            "kind": "function" if isinstance(node, ast.FunctionDef) else "async function",
            "owner": owner["qualname"] if owner else None,
            "lines": [node.lineno, node.end_lineno],
            "signature": self.signature(node),
            "params": params,
            "defaults": {
                a.arg: text for a, value in with_default if value is not None and (text := self.short(value))
            },
            "returns": self.short(node.returns) if node.returns else None,
            "doc": _doc(node),
            "decorators": decorators,
            "raises": reader.raises(),
            "calls": reader.calls(self_name),
        }
        if kind := node.returns and type_name(node.returns):
            mine["gives"] = kind
        self.definitions.append(mine)
        if reader.imports:
            self.importing.append((mine, reader))
        if reader.nested:
            self.nested |= reader.inside()
        for name, kind, declared in reader.attributes(self_name) if self_name else ():
            known, written = owner["attributes"].setdefault(name, (kind, declared))
            if known != kind and not (written and not declared):
                owner["attributes"][name] = (
                    kind if declared else None,
                    declared,
                )  # of two types: of none that is known

    def signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The definition's head as it is written, on one line: `def f(a, b=1) -> int`."""
        first, body = node.lineno, node.body[0].lineno
        head = (
            self.text[first - 1] if body == first + 1 else "\n".join(self.text[first - 1 : body - 1])
        ).strip()
        if (
            head.endswith(":")
            and "#" not in head
            and '"""' not in head
            and "'''" not in head
            and "\\" not in head
        ):
            return _one_line(head[:-1]) if "\n" in head else head[:-1].rstrip()
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        word = "def" if isinstance(node, ast.FunctionDef) else "async def"
        return f"{word} {node.name}({ast.unparse(node.args)}){result}"

    def short(self, node: ast.expr) -> str | None:
        """The text of a simple value (a constant, a name, a type) as it is written, None of a long one."""
        if self.ascii and node.lineno == node.end_lineno:
            text = self.text[node.lineno - 1][node.col_offset : node.end_col_offset]
        else:
            text = ast.unparse(node)
        return text if len(text) <= 60 else None

    def _inner_imports(self) -> None:
        """Imports inside functions count for the file, unless the name means something else there: then the
        calls through it are not known.
        """
        tops = {d["name"] for d in self.definitions if d["owner"] is None} | self.assigned.keys()
        for _, reader in self.importing:
            for alias, target in reader.imports.items():
                if alias not in tops:
                    self.imports.setdefault(alias, target)
        for mine, reader in self.importing:
            odd = {alias for alias, target in reader.imports.items() if self.imports.get(alias) != target}
            if odd:
                mine["calls"] = {
                    name: line
                    for name, line in mine["calls"].items()
                    if re.split(r"[.:]", name, maxsplit=1)[0] not in odd
                }


def imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, list]]:
    """(alias, [module, name or None, level]) of an import statement."""
    if isinstance(node, ast.Import):
        return [(a.asname or a.name, [a.name, None, 0]) for a in node.names]
    return [(a.asname or a.name, [node.module or "", a.name, node.level]) for a in node.names]


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


def _decorators(node) -> list[str]:
    return [text for d in node.decorator_list if (text := dotted(d.func if isinstance(d, ast.Call) else d))]


def _doc(node) -> str:
    """The first paragraph of the docstring on one line, "" without one."""
    first = node.body[0] if node.body else None
    if (
        type(first) is not ast.Expr
        or type(first.value) is not ast.Constant
        or type(first.value.value) is not str
    ):
        return ""
    paragraph = first.value.value.strip()
    if "\n" in paragraph:
        paragraph = re.split(r"\n\s*\n", paragraph, maxsplit=1)[0]
    return " ".join(paragraph.split())[: MAX_DOC + 1]
