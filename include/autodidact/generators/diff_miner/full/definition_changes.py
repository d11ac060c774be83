"""The functions, classes and values of a Python file before and after a commit."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autodidact.generators.diff_miner.full.edits_in_words import Comparer, Edits
from autodidact.sources.code.definitions import is_test

# Functions of a commit that are compared.
MOST_FUNCTIONS = 12
# Characters of a value that an answer names.
MOST_VALUE = 40

# Folders of what tests need.
_TESTING = re.compile(r"(^|/)(t|tests?|testing|examples?|benchmarks?)/")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def written(node: ast.AST) -> str:
    """A node as code; "" where it is nested too deep for that."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):
        return ""


@dataclass(frozen=True)
class Definition:
    """A function or class. `name`: with the classes around it. `text`: its source."""

    path: str
    name: str
    node: Function | ast.ClassDef
    text: str

    @property
    def short(self) -> str:
        """Its name without what is around it."""
        return self.node.name

    def call(self) -> str:
        """The name with its parameters, or without them where these are long."""
        if isinstance(self.node, ast.ClassDef):
            return self.node.name
        arguments = written(self.node.args) or "..."
        arguments = re.sub(r"^(?:self|cls)(?:, |$)", "", arguments)
        return f"{self.node.name}({arguments})" if len(arguments) <= 60 else f"{self.node.name}(...)"

    @property
    def kind(self) -> str:
        """What it is, by its decorators: "property", "class method" ..."""
        if isinstance(self.node, ast.ClassDef):
            return "class"
        names = {written(d).partition("(")[0].rpartition(".")[2] for d in self.node.decorator_list}
        if any(one.endswith("property") or one in ("setter", "getter", "deleter") for one in names):
            return "property"
        for name, kind in (("classmethod", "class method"), ("staticmethod", "static method")):
            if name in names:
                return kind
        return "method" if "." in self.name else "function"

    def docstring(self) -> str | None:
        """The first sentence or line of its docstring, where it is a whole sentence."""
        text = ast.get_docstring(self.node) or ""
        first = " ".join(text.partition("\n\n")[0].split())
        whole = re.match(r".{15,220}?[.!](?=\s|$)", first)
        if (
            not whole
            or "`" in whole[0]
            and whole[0].count("`") % 2
            or re.search(r"[:<>\\]|\be\.g\.$|\bi\.e\.$", whole[0])
        ):
            return None
        return whole[0]


@dataclass(frozen=True)
class Touched:
    """A function before and after a commit."""

    before: Definition
    after: Definition
    edits: Edits


@dataclass(frozen=True)
class Value:
    """A constant or a default that a commit changes. `where`: the function whose parameter it is, or None."""

    path: str
    name: str
    where: str | None
    old: str
    new: str


@dataclass
class Parsed:
    """What is different in the Python files of a commit."""

    touched: list[Touched] = field(default_factory=list)
    added: list[Definition] = field(default_factory=list)
    removed: list[Definition] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    # Whether every change of Python code outside tests is among these.
    whole: bool = True


def compare_files(found: Parsed, path: str, sources: list, trees: list) -> None:
    """Adds what is different in one file: `sources` and `trees` are those before and after."""
    old, new = ({d.name: d for d in _definitions(path, *side)} for side in zip(trees, sources, strict=True))
    test, helps = is_test(path), bool(_TESTING.search(path))
    for name, after in new.items():
        before = old.get(name)
        if before is None:
            if not test and not helps and not _defined(after, sources[0]):
                found.added.append(after)
        elif not test and isinstance(after.node, Function) and isinstance(before.node, Function):
            if before.text == after.text or len(found.touched) >= MOST_FUNCTIONS:
                continue
            if ast.dump(before.node) != ast.dump(after.node):
                edits = Comparer(*sources).functions(before.node, after.node)
                found.touched.append(Touched(before, after, edits))
                found.values += _defaults(before, after)
    if test or helps:
        return
    found.removed += [d for name, d in old.items() if name not in new and not _defined(d, sources[1])]
    _outside(found, path, trees)


def _defined(one: Definition, text: str) -> bool:
    """Whether a text defines a function or class of that name somewhere, as in a `try`."""
    return "." not in one.name and re.search(rf"\b(?:def|class) {re.escape(one.short)}\b", text) is not None


def _outside(found: Parsed, path: str, trees: list) -> None:
    """What is different in a module, and in its classes, outside functions."""
    for where, old, new in _bodies(trees[0], trees[1]):
        was: dict[str, ast.expr] = {}
        now: dict[str, ast.expr] = {}
        for body, into in ((old, was), (new, now)):
            for node in body:
                if (
                    isinstance(node, ast.Assign)
                    and len(node.targets) == 1
                    and isinstance(node.targets[0], ast.Name)
                ):
                    into[node.targets[0].id] = node.value
        for name in was.keys() & now.keys():
            before, after = _literal(was[name]), _literal(now[name])
            if before and after and before != after and not name.startswith("__"):
                full = f"{where}.{name}" if where else name
                found.values.append(Value(path, full, None, before, after))
    found.values.sort(key=lambda value: (value.path, value.name))


def _bodies(old: ast.Module, new: ast.Module) -> Iterator[tuple[str, list[ast.stmt], list[ast.stmt]]]:
    """(name, statements before, statements after) of the module and of the classes at its top."""
    yield "", old.body, new.body
    classes = {node.name: node for node in old.body if isinstance(node, ast.ClassDef)}
    for node in new.body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            yield node.name, classes[node.name].body, node.body


def _defaults(before: Definition, after: Definition) -> list[Value]:
    """The parameters whose default is another literal."""
    old, new = (defaults(d.node) for d in (before, after))
    found = []
    for name in old.keys() & new.keys():
        a, b = _literal(old[name]), _literal(new[name])
        if a is not None and b is not None and a != b:
            found.append(Value(after.path, name, after.name, a, b))
    return sorted(found, key=lambda value: value.name)


def defaults(node: ast.AST) -> dict[str, ast.expr]:
    """The default of each parameter that has one."""
    arguments = node.args  # type: ignore[attr-defined]
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=True)
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {a.arg: d for a, d in [*pairs, *only] if d is not None}


def _literal(node: ast.expr) -> str | None:
    """A number, text, boolean or None as it is written, if it is short."""
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.operand, ast.Constant)
        or isinstance(node, ast.Constant)
    ):
        text = written(node)
        return text if len(text) <= MOST_VALUE and "`" not in text else None
    return None


def _definitions(path: str, tree: ast.Module, text: str) -> Iterator[Definition]:
    """The functions and classes of a module and of its classes; of a name that occurs twice none."""
    lines = text.split("\n")
    found: dict[str, list[Definition]] = {}
    waiting: list[tuple[str, ast.stmt]] = [("", node) for node in tree.body]
    for prefix, node in waiting:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = f"{prefix}{node.name}"
            source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            found.setdefault(name, []).append(Definition(path, name, node, source))
            if isinstance(node, ast.ClassDef) and prefix.count(".") < 3:
                waiting += [(f"{name}.", inner) for inner in node.body]
    for same in found.values():
        if len(same) == 1:
            yield same[0]
