"""The text and the syntax trees of the files of a code base, as answers show them."""

import ast
import textwrap
import warnings
from collections import OrderedDict
from typing import NamedTuple

from autodidact.errors import AutodidactError
from autodidact.generators.ast_parser.code_view import SYNTAX
from autodidact.sources.code.analysis import Definition
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.python_syntax import Unreadable, text_of
from autodidact.sources.git.repository import Repository

# Files whose trees are kept; a tree takes about 40 times its text, so at most some hundred MB.
KEPT = 128
# Characters of an expression that is quoted within a sentence.
MAX_EXPRESSION = 90
# Lines and characters of code in a fence.
MAX_LINES = 24
MAX_CODE = 1400

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Shown(NamedTuple):
    """Lines of a file, dedented, and their numbers in it, the first and the last."""

    text: str
    first: int
    last: int

    @property
    def fenced(self) -> str:
        return f"```python\n{self.text}\n```"


class Texts:
    """The files of a code base at its commit. What cannot be read, or parsed on the oldest Python that runs
    this, is None: so examples do not depend on the interpreter.
    """

    def __init__(self, code: CodeBase, repository: Repository):
        self._code, self._repository = code, repository
        self._files: OrderedDict[str, tuple[list[str], ast.Module] | None] = OrderedDict()

    def lines(self, path: str) -> list[str] | None:
        """The lines of a file, as `ast` counts them."""
        found = self._file(path)
        return found[0] if found else None

    def tree(self, path: str) -> ast.Module | None:
        found = self._file(path)
        return found[1] if found else None

    def node(self, d: Definition) -> Node | None:
        """The syntax tree of a definition."""
        tree = self.tree(d.path)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, Node) and node.lineno == d.lines[0] and node.name == d.name:
                return node
        return None

    def function(self, d: Definition) -> Function | None:
        node = self.node(d) if d.kind != "class" else None
        return node if isinstance(node, Function) else None

    def docstring(self, d: Definition) -> str:
        """The whole docstring, without its indentation; "" without one."""
        node = self.node(d)
        return (ast.get_docstring(node) or "") if node else ""

    def module_docstring(self, path: str) -> str:
        tree = self.tree(path)
        return (ast.get_docstring(tree) or "") if tree else ""

    def shown(self, path: str, first: int, last: int) -> Shown | None:
        """These lines; None where they are too many to be shown, or would end the fence around them."""
        lines = self.lines(path)
        if lines is None or not 1 <= first <= last <= len(lines) or last - first >= MAX_LINES:
            return None
        text = textwrap.dedent("\n".join(lines[first - 1 : last])).strip("\n").rstrip()
        plain = "```" not in text and "\t" not in text and text.isprintable() is not None
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
        text = line[node.col_offset : node.end_col_offset].decode("utf-8", "replace")  # type: ignore[attr-defined]
        return text if 0 < len(text) <= MAX_EXPRESSION and "`" not in text else None

    def statement(self, path: str, number: int) -> tuple[ast.stmt, Shown] | None:
        """The simple statement that has this line, and its lines."""
        tree = self.tree(path)
        for node in ast.walk(tree) if tree else ():
            if not isinstance(node, _SIMPLE) or not node.lineno <= number <= (node.end_lineno or 0):
                continue
            shown = self.shown(path, node.lineno, node.end_lineno or node.lineno)
            return (node, shown) if shown and len(shown.text.split("\n")) <= 10 else None
        return None

    def _file(self, path: str) -> tuple[list[str], ast.Module] | None:
        if path in self._files:
            self._files.move_to_end(path)
            return self._files[path]
        self._files[path] = found = self._read(path)
        if len(self._files) > KEPT:
            self._files.popitem(last=False)
        return found

    def _read(self, path: str) -> tuple[list[str], ast.Module] | None:
        try:
            text = text_of(self._repository.read(self._code.files[path].blob))
            with warnings.catch_warnings():
                # Invalid escapes in somebody's source are not ours to report.
                warnings.simplefilter("ignore")
                return text.split("\n"), ast.parse(text, feature_version=SYNTAX)
        except (AutodidactError, Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
            return None


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
