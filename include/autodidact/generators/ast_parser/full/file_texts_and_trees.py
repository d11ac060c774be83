"""The text and the syntax trees of the files of a code base, as answers show them."""

import ast
import re
import textwrap
import warnings
from collections import OrderedDict
from typing import NamedTuple

from autodidact.errors import AutodidactError
from autodidact.generators.ast_parser.codebase_for_questions import SYNTAX
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.python_syntax import Unreadable, text_of
from autodidact.sources.git.repository import Repository

# Characters of the files whose trees are kept, which take about 60 times as many bytes.
KEPT = 5_000_000
# Characters of an expression that is quoted within a sentence.
MAX_EXPRESSION = 90
# Lines and characters of code in a fence.
MAX_LINES = 24
MAX_CODE = 1400

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


# What a comment says to a linter or to the measurement of coverage, which is no part of an example.
_FOR_TOOLS = re.compile(r"[ \t]+# *(?:noqa|pragma|type: *ignore|pylint|mypy|fmt|pyright|ruff)\b[^\n]*")


class Shown(NamedTuple):
    """Lines of a file, dedented, and their numbers in it, the first and the last."""

    text: str
    first: int
    last: int

    @property
    def fenced(self) -> str:
        return f"```python\n{self.text}\n```"


class _File(NamedTuple):
    """A file: its lines, its tree, and of that the definitions by line and name, the simple statements and,
    once they were asked for, the docstrings.
    """

    lines: list[str]
    tree: ast.Module
    nodes: dict[tuple[int, str], Node]
    statements: list[ast.stmt]
    characters: int
    docstrings: dict[tuple[int, str], str]


class Texts:
    """The files of a code base at its commit. What cannot be read, or parsed on the oldest Python that runs
    this, is None: so examples do not depend on the interpreter.
    """

    def __init__(self, code: CodeBase, repository: Repository):
        self._code, self._repository = code, repository
        self._files: OrderedDict[str, _File | None] = OrderedDict()
        self._kept = 0

    def lines(self, path: str) -> list[str] | None:
        """The lines of a file, as `ast` counts them."""
        found = self._file(path)
        return found.lines if found else None

    def tree(self, path: str) -> ast.Module | None:
        found = self._file(path)
        return found.tree if found else None

    def node(self, d: Definition) -> Node | None:
        """The syntax tree of a definition."""
        found = self._file(d.path)
        return found.nodes.get((d.lines[0], d.name)) if found else None

    def function(self, d: Definition) -> Function | None:
        node = self.node(d) if d.kind != "class" else None
        return node if isinstance(node, Function) else None

    def docstring(self, d: Definition) -> str:
        """The whole docstring, without its indentation; "" without one."""
        found, place = self._file(d.path), (d.lines[0], d.name)
        if found is None or place not in found.nodes:
            return ""
        if place not in found.docstrings:
            found.docstrings[place] = ast.get_docstring(found.nodes[place]) or ""
        return found.docstrings[place]

    def shown(self, path: str, first: int, last: int) -> Shown | None:
        """These lines; None where they are too many to be shown, or would end the fence around them."""
        lines = self.lines(path)
        if lines is None or not 1 <= first <= last <= len(lines) or last - first >= MAX_LINES:
            return None
        text = textwrap.dedent("\n".join(lines[first - 1 : last])).strip("\n").rstrip()
        plain = "```" not in text and text.replace("\n", "").isprintable()
        return Shown(text, first, last) if plain and len(text) <= MAX_CODE else None

    def definition(self, d: Definition) -> Shown | None:
        """A definition with its decorators."""
        node = self.node(d)
        return self.shown(d.path, start_of(node), d.lines[1]) if node else None

    def expression(self, path: str, node: ast.AST) -> str | None:
        """An expression as it is written; None where it takes more than one line or is long."""
        lines = self.lines(path)
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if lines is None or not first or first != last:
            return None
        line = lines[first - 1].encode("utf-8", "replace")
        shown = line[node.col_offset : node.end_col_offset]  # type: ignore[attr-defined]
        text = shown.decode("utf-8", "replace")
        return text if 0 < len(text) <= MAX_EXPRESSION and "`" not in text and text.isprintable() else None

    def statement(self, path: str, number: int) -> tuple[ast.stmt, Shown] | None:
        """The simple statement that has this line, and its lines."""
        found = self._file(path)
        for node in found.statements if found else ():
            if not node.lineno <= number <= (node.end_lineno or 0):
                continue
            shown = self.shown(path, node.lineno, node.end_lineno or node.lineno)
            shown = shown and shown._replace(text=_FOR_TOOLS.sub("", shown.text))
            return (node, shown) if shown and len(shown.text.split("\n")) <= 10 else None
        return None

    def _file(self, path: str) -> _File | None:
        if path in self._files:
            self._files.move_to_end(path)
            return self._files[path]
        self._files[path] = found = self._read(path)
        self._kept += found.characters if found else 0
        while self._kept > KEPT and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._kept -= oldest.characters if oldest else 0
        return found

    def _read(self, path: str) -> _File | None:
        try:
            text = text_of(self._repository.read(self._code.files[path].blob))
            with warnings.catch_warnings():
                # Invalid escapes in somebody's source are not ours to report.
                warnings.simplefilter("ignore")
                tree = ast.parse(text, feature_version=SYNTAX)
        except (AutodidactError, Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        nodes: dict[tuple[int, str], Node] = {}
        statements: list[ast.stmt] = []
        for node in ast.walk(tree):
            if isinstance(node, Node):
                nodes.setdefault((node.lineno, node.name), node)
            elif isinstance(node, _SIMPLE):
                statements.append(node)
        return _File(text.split("\n"), tree, nodes, statements, len(text), {})


_SIMPLE = (
    *(ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise),
    *(ast.Assert, ast.Delete),
)


def start_of(node: Node) -> int:
    """The line where a definition begins, with its decorators."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def body_of(node: Node) -> list[ast.stmt]:
    """The statements of a definition, without its docstring."""
    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return node.body[1:] if is_text and ast.get_docstring(node, clean=False) is not None else node.body


def own_nodes(statements: list[ast.stmt]) -> list[ast.AST]:
    """All that these statements consist of, in the order of the source, without what is inside functions and
    classes that they define.
    """
    found: list[ast.AST] = []
    stack: list[ast.AST] = [*reversed(statements)]
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (*Node.__args__, ast.Lambda)):
            stack += reversed([*ast.iter_child_nodes(node)])
    return found
