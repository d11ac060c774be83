"""What modules of a repository say themselves: the lines of their imports, and the first sentence of their
docstrings.
"""

import ast
import re
from functools import cache, cached_property

from autodidact.generators.writing.facts_into_words import code
from autodidact.sources.code.import_graph import CodeGraph
from autodidact.sources.documents.sentences import sentences
from autodidact.sources.git.repository import Repository

# Characters of a line, and of a docstring, that is quoted.
LINE = 120
DOC = 200
# Bytes of a file that is looked into.
MAX_BYTES = 400_000

_IMPORT = re.compile(r"^\s*(?:from\s+(\.*)([\w.]*)\s+import\s+(.+)|import\s+([\w., ]+?))\s*(?:#.*)?$")
# The first sentence of a notice, which says nothing about the module.
_NOTICE = re.compile(r"copyright|\blicen[cs]ed?\b|all rights reserved|SPDX|warranty", re.IGNORECASE)
_DOC = re.compile(r"\A(?:#[^\n]*\n|[^\S\n]*\n)*[rRuU]?(\"\"\"|''')(.*?)\1", re.DOTALL)


def counted(count: int) -> str:
    """`one module`, `3 modules`."""
    return "one module" if count == 1 else f"{count} modules"


def few(names: list[str]) -> str:
    """All names where they are few, else their number and some of them."""
    if len(names) <= 5:
        return code(names)
    return f"{len(names)} modules ({code(names[:3])} among them)"


class Sources:
    """The texts of the modules of a graph, read when they are needed."""

    def __init__(self, repository: Repository, graph: CodeGraph):
        self._repository, self.paths = repository, graph.paths
        self._modules = {path: name for name, path in graph.paths.items()}
        self.text = cache(self._text)
        self.imports = cache(self._imports)
        self._statements = cache(self._read_statements)

    def _text(self, module: str) -> str:
        return self.text_at(self.paths[module])

    def text_at(self, path: str) -> str:
        """What stands in a file; "" of a very large one."""
        data = self._repository.read_at(self._repository.commit, path)
        return data.decode("utf-8", "replace") if data and len(data) <= MAX_BYTES else ""

    def _imports(self, module: str) -> list[tuple[int, str, bool, frozenset[str]]]:
        """(line, text, whether it is not indented, names that it may load) of the imports that
        stand on one line or begin on it."""
        path = self.paths[module]
        package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
        found = []
        for number, line in enumerate(self.text(module).splitlines(), 1):
            if len(line) <= LINE and (match := _IMPORT.match(line)):
                flat = not line[0].isspace()
                # What a comment says to a linter is no part of the import.
                text = re.sub(r"\s+#.*", "", line.strip())
                found.append((number, text, flat, frozenset(_loaded(match, package))))
        return found

    def line(self, module: str, target: str) -> tuple[int, str, bool] | None:
        """(number, text, whether it is not indented) of the line of a module that imports `target`; None
        where it is not plain, or one of several.
        """
        if len(self.lines(module, target)) != 1:
            return None
        for number, text, flat, names in self.imports(module):
            if target in names and "`" not in text:
                return number, text, flat
        return None

    def lines(self, module: str, target: str) -> list[tuple[int, str]]:
        """(number, first line) of each import statement of a module that may load `target`, nested ones too;
        [] where the file cannot be read as Python.
        """
        return [(number, text) for number, text, names in self._statements(module) if target in names]

    def _read_statements(self, module: str) -> list[tuple[int, str, frozenset[str]]]:
        """(number, first line, names that it may load) of each import statement of a module."""
        path, text = self.paths[module], self.text(module)
        package = module if path.endswith("__init__.py") else module.rpartition(".")[0]
        written = text.split("\n")
        found = []
        try:
            nodes = list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom) and (match := _IMPORT.match(ast.unparse(node))):
                line = re.sub(r"\s+#.*", "", written[node.lineno - 1].strip())
                found.append((node.lineno, line, frozenset(_loaded(match, package))))
        return sorted(found, key=lambda one: one[0])

    def defined(self, module: str) -> dict[str, str]:
        """The classes and functions at the top of a module, also below an `if` or a `try`, in order: name
        -> the first sentence of its docstring, "" where that says too little. {} of what cannot be read.
        """
        found: dict[str, str] = {}
        try:
            left = ast.parse(self.text(module)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}
        while left:
            node = left.pop(0)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found[node.name] = found.get(node.name) or _sentence(ast.get_docstring(node) or "")
            elif isinstance(node, ast.If | ast.Try):
                left[:0] = [*node.body, *node.orelse]
        return found

    def proof(self, module: str, target: str) -> str:
        """`line 12 of `a.py`: `from b import c``, or "" where no line is plain and whole."""
        found = self.line(module, target)
        if found and found[1].endswith(("(", ",", "\\")):
            return ""
        return f"line {found[0]} of `{self.paths[module]}`: `{found[1]}`" if found else ""

    def doc(self, module: str) -> str:
        """The first sentence of a module's docstring, "" where it says too little."""
        match = _DOC.match(self.text(module))
        return _sentence(match[2]) if match else ""

    @cached_property
    def commit(self) -> str:
        """The commit that is read."""
        return self._repository.commit


def _sentence(docstring: str) -> str:
    """The first sentence of a docstring, "" where it is a notice, too short, or markup."""
    paragraph = docstring.strip().split("\n\n")[0]
    first = sentences(paragraph)[0] if paragraph.strip() else ""
    if _NOTICE.search(first):
        return ""
    good = 25 <= len(first) <= DOC and first[:1].isupper() and "``" not in first and ":" not in first
    return first if good and first.endswith(".") and '"' not in first else ""


def _loaded(match: re.Match, package: str) -> list[str]:
    """The dotted names that an import may load."""
    dots, base, names, plain = match[1], match[2], match[3], match[4]
    if plain:
        return [part.split(" as ")[0].strip() for part in plain.split(",")]
    if dots:
        parents = package.split(".")
        parents = parents[: len(parents) - len(dots) + 1]
        base = ".".join([*parents, *([base] if base else [])])
    listed = [part.split(" as ")[0].strip() for part in names.strip("()\\ ").split(",")]
    return [base, *(f"{base}.{name}" for name in listed if re.fullmatch(r"\w+", name))]
