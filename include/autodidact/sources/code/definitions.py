"""Python code as facts: what a file defines, with signatures, documentation, calls and raised exceptions, by
`ast` alone. The analysis depends on the bytes of the file only.
"""

import ast
import re
import warnings
from typing import NamedTuple

from autodidact.sources.code.analysis import Analysis, Definition, Import
from autodidact.sources.code.calls import CallReader, dotted, type_name

# Of the analysis and its form in the cache.
VERSION = "6"
# Bytes; larger Python files are data.
MAX_FILE = 1_000_000
# Characters of a docstring's first paragraph.
MAX_DOC = 600
# Characters of the text of a default or a type.
MAX_TEXT = 60

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.If, ast.Try, ast.With, ast.TryStar, ast.For, ast.While)
_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")
_NAMED = re.compile(rb"\b(?:def|class)[ \t\\]+(\w+)")
_PYTHON_2 = re.compile(
    rb"^[ \t]*(print[ \t]+[^(\s=]|exec[ \t]+[\"']|raise[ \t]+\w+[ \t]*,"
    rb"|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:)",
    re.MULTILINE,
)


def is_test(path: str) -> bool:
    """Whether a path is that of a test."""
    return _TEST.search(path) is not None


def analyse(source: bytes) -> Analysis:
    """What a file holds, or the reason why it cannot be read."""
    if len(source) > MAX_FILE:
        return Analysis("larger than 1 MB")
    try:
        with warnings.catch_warnings():
            # Invalid escapes in somebody's source are not ours to report.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Analysis("not UTF-8")
    except SyntaxError as error:
        coded = "codec" in str(error) or "Non-UTF-8" in str(error)
        reason = "not UTF-8" if coded else "Python 2" if _PYTHON_2.search(source) else "syntax error"
        return Analysis(reason, error.lineno or 0)
    except (ValueError, RecursionError, MemoryError):
        return Analysis("not Python source")
    try:
        return _FileReader(text, source).read(tree)
    except RecursionError:
        # An expression that `ast` reads and nobody can walk.
        return Analysis("not Python source")


class _Class(NamedTuple):
    """A class whose body is being read. `attributes`: name -> (class or None where two are assigned, whether
    an annotation names it).
    """

    definition: Definition
    attributes: dict[str, tuple[str | None, bool]]


class _FileReader:
    def __init__(self, text: str, source: bytes):
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        # As ast counts lines: a form feed ends none.
        self.text = text.split("\n")
        # In ASCII the columns of ast are characters.
        self.ascii = text.isascii()
        self.source = source
        self.imports: dict[str, Import] = {}
        self.stars: list[Import] = []
        self.assigned: dict[str, None] = {}
        self.definitions: list[Definition] = []
        # Functions that import something themselves.
        self.importing: list[tuple[Definition, CallReader]] = []
        self.called_inside: set[str] = set()

    def read(self, tree: ast.Module) -> Analysis:
        self.body(tree.body, None)
        top = CallReader()
        top.walk(tree.body)
        # What the top level binds are the names of the module: calls of them can be followed.
        top.stored.clear()
        self._inner_imports()
        outside = {d.name for d in self.definitions}
        inner = {name.decode("utf-8", "replace") for name in _NAMED.findall(self.source)} - outside
        return Analysis(
            doc=_doc(tree),
            imports=self.imports,
            stars=self.stars,
            assigned=list(self.assigned),
            inner=sorted(inner),
            called_inside=sorted(self.called_inside | top.inside()),
            calls=top.calls(),
            definitions=self.definitions,
        )

    def body(self, statements: list[ast.stmt], owner: _Class | None) -> None:
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
                    found = imported(node)
                    self.imports |= {alias: target for alias, target in found if alias != "*"}
                    self.stars += [target for alias, target in found if alias == "*"]
            elif isinstance(node, _BLOCKS):
                for name in ("body", "orelse", "finalbody"):
                    self.body(getattr(node, name, []), owner)
                for handler in getattr(node, "handlers", ()):
                    self.body(handler.body, owner)

    def assignment(self, node: ast.Assign | ast.AnnAssign, owner: _Class | None) -> None:
        if owner is None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            self.assigned |= dict.fromkeys(names)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            kind = type_name(node.annotation)
            if kind:
                owner.attributes[node.target.id] = kind, True

    def klass(self, node: ast.ClassDef, owner: _Class | None) -> None:
        bases = [dotted(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases]
        definition = Definition(
            node.name,
            _qualified(node.name, owner),
            "class",
            (node.lineno, node.end_lineno or node.lineno),
            owner=owner.definition.qualname if owner else None,
            doc=_doc(node),
            decorators=_decorators(node),
            bases=tuple(base for base in bases if base),
        )
        self.definitions.append(definition)
        inside = _Class(definition, {})
        self.body(node.body, inside)
        definition.attributes = {name: kind for name, (kind, _) in inside.attributes.items() if kind}

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: _Class | None) -> None:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        reader = CallReader({a.arg: type_name(a.annotation) if a.annotation else None for a in named})
        reader.stored.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
        reader.walk(node.body)
        params, decorators = tuple(a.arg for a in named), _decorators(node)
        self_name = params[0] if owner and params and "staticmethod" not in decorators else None
        definition = Definition(
            node.name,
            _qualified(node.name, owner),
            "function" if isinstance(node, ast.FunctionDef) else "async function",
            (node.lineno, node.end_lineno or node.lineno),
            owner=owner.definition.qualname if owner else None,
            doc=_doc(node),
            decorators=decorators,
            signature=self.signature(node),
            params=params,
            defaults=self.defaults(arguments),
            returns=(self.short(node.returns) or None) if node.returns else None,
            gives=type_name(node.returns) if node.returns else None,
            raises=tuple(reader.raises()),
            calls=reader.calls(self_name),
        )
        self.definitions.append(definition)
        if reader.imports:
            self.importing.append((definition, reader))
        if reader.nested:
            self.called_inside |= reader.inside()
        if owner and self_name:
            _assigned_to_self(owner, reader, self_name)

    def defaults(self, arguments: ast.arguments) -> dict[str, str]:
        """Parameter -> the text of its default, where that is short."""
        positional = [*arguments.posonlyargs, *arguments.args]
        last = positional[len(positional) - len(arguments.defaults) :]
        pairs = [
            *zip(last, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        return {a.arg: text for a, value in pairs if value is not None and (text := self.short(value))}

    def signature(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """The definition's head as it is written, on one line: `def f(a, b=1) -> int`."""
        first, body = node.lineno, node.body[0].lineno
        lines = self.text[first - 1 : first if body == first + 1 else body - 1]
        head = "\n".join(lines).strip()
        if head.endswith(":") and not any(mark in head for mark in ("#", '"""', "'''", "\\")):
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
        return text if len(text) <= MAX_TEXT else None

    def _inner_imports(self) -> None:
        """Imports inside functions count for the file, unless the name means something else there: then the
        calls through it are not known.
        """
        tops = {d.name for d in self.definitions if d.owner is None} | self.assigned.keys()
        for _, reader in self.importing:
            for alias, target in reader.imports.items():
                if alias not in tops:
                    self.imports.setdefault(alias, target)
        for definition, reader in self.importing:
            odd = {alias for alias, target in reader.imports.items() if self.imports.get(alias) != target}
            definition.calls = {
                name: line
                for name, line in definition.calls.items()
                if re.split(r"[.:]", name, maxsplit=1)[0] not in odd
            }


def imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, Import]]:
    """(alias, what it means) of an import statement."""
    if isinstance(node, ast.Import):
        return [(a.asname or a.name, Import(a.name, None, 0)) for a in node.names]
    return [(a.asname or a.name, Import(node.module or "", a.name, node.level)) for a in node.names]


def _qualified(name: str, owner: _Class | None) -> str:
    return f"{owner.definition.qualname}.{name}" if owner else name


def _assigned_to_self(owner: _Class, reader: CallReader, self_name: str) -> None:
    """Adds what a method assigns to attributes of `self`. An annotation outweighs values; of two different
    types none is known.
    """
    for name, kind, declared in reader.attributes(self_name):
        known, written = owner.attributes.setdefault(name, (kind, declared))
        if known != kind and not (written and not declared):
            owner.attributes[name] = kind if declared else None, declared


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


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    names = [dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list]
    return tuple(name for name in names if name)


def _doc(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """The first paragraph of the docstring on one line, "" without one. Lone surrogates, which are no UTF-8,
    are replaced.
    """
    text = ast.get_docstring(node, clean=False) or ""
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    return " ".join(paragraph.split())[: MAX_DOC + 1].encode("utf-8", "replace").decode()
