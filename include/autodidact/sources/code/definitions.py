"""Python code as facts: what a file defines, with signatures, documentation, calls and raised exceptions, by
`ast` alone. The analysis depends on the bytes of the file only.
"""

import ast
import re
from typing import NamedTuple

from autodidact.sources.code.calls import CallReader, dotted, loaded_module, making_its_own, type_name
from autodidact.sources.code.file_analysis import Analysis, Definition, Import
from autodidact.sources.code.import_statements import NEVER, TYPING, import_statements, imported
from autodidact.sources.code.imports_by_name import by_name
from autodidact.sources.code.newer_syntax import NewerSyntax
from autodidact.sources.code.python_syntax import Unreadable, joined_lines, parse
from autodidact.sources.code.top_level_names import assigned_names, deleted_names, exports, settled

# Of the analysis and its form in the cache.
VERSION = "15"
# Bytes; larger Python files are data.
MAX_FILE = 1_000_000
# Characters of a docstring's first paragraph.
MAX_DOC = 600
# Characters of the text of a default or a type.
MAX_TEXT = 60

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.If, ast.Try, ast.With, ast.TryStar, ast.For, ast.While)
# `type X = int` has a node of its own from Python 3.12 on; before, it is rewritten (newer_syntax.py).
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, getattr(ast, "TypeAlias", ast.Assign))
_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")
# With words of prose, which do no harm: what bears one of these names is not denied.
# A search that begins with given letters takes a quarter of the time of one with an alternative.
_NAMED = (re.compile(r"def[ \t\\]+(\w+)"), re.compile(r"class[ \t\\]+(\w+)"))

# A change of the path on which Python looks for modules.
_MOVES = re.compile(
    r"\bsys\.path(?:\.(?:insert|append|extend)\(|\[[^\]\n]*\]\s*=(?!=)|\s*\+?=(?!=))|\baddsitedir\("
)


def is_test(path: str) -> bool:
    """Whether a path is that of a test."""
    return _TEST.search(path) is not None


def analyse(source: bytes, newer: NewerSyntax | None = None) -> Analysis:
    """What a file holds, or the reason why it cannot be read. `newer`: what reads syntax of newer releases,
    for many files.
    """
    if len(source) > MAX_FILE:
        return Analysis("larger than 1 MB")
    if newer is None:
        with NewerSyntax() as newer:
            return analyse(source, newer)
    try:
        tree, text = parse(source, newer)
        return _FileReader(text).read(tree)
    except Unreadable as error:
        return Analysis(error.reason, error.line)
    except RecursionError:
        # An expression that `ast` reads and nobody can walk.
        return Analysis("not Python source")


class _Class(NamedTuple):
    """A class whose body is being read. `attributes`: name -> (class or None where two are assigned, whether
    an annotation names it). `binds`: names bound to what may be a method.
    """

    definition: Definition
    attributes: dict[str, tuple[str | None, bool]]
    binds: list[str]


class _FileReader:
    def __init__(self, text: str):
        self.source = text
        # As ast counts lines: a form feed ends none.
        self.text = text.split("\n")
        # In ASCII the columns of ast are characters.
        self.ascii = text.isascii()
        self.imports: dict[str, Import] = {}
        self.either: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.stars: list[Import] = []
        self.definitions: list[Definition] = []
        # Functions that import something themselves.
        self.importing: list[tuple[Definition, CallReader]] = []
        self.called_inside: set[str] = set()
        self.globals: set[str] = set()
        self.deleted: set[str] = set()

    def read(self, tree: ast.Module) -> Analysis:
        self.body(tree.body, None)
        top = CallReader()
        top.walk(tree.body)
        # What the top level binds are the names of the module: calls of them can be followed.
        top.stored.clear()
        calls, inside = top.calls(), top.inside()
        assigned = dict.fromkeys([*assigned_names(tree.body, ":=" in self.source), *sorted(self.globals)])
        tops = {d.name for d in self.definitions if d.owner is None}
        known = tops | self.imports.keys()
        self.aliases = {name: of for name, of in self.aliases.items() if of and name not in known}
        self.either |= tops & self.imports.keys()
        self._inner_imports(tops | assigned.keys())
        outside = {d.name for d in self.definitions}
        called = {name for d in self.definitions for name in d.calls}
        found = [*import_statements(tree)]
        by_when: dict[str, dict[Import, None]] = {"": {}, TYPING: {}, NEVER: {}}
        for node, when in found:
            by_when[when] |= dict.fromkeys(target for _, target in imported(node))
        written, loaded, unwritten = by_name(tree, self.source)
        run = by_when[""] | dict.fromkeys(written)
        return Analysis(
            doc=_doc(tree),
            imports=self.imports,
            either=sorted(self.either),
            stars=self.stars,
            run=list(run),
            typing=[target for target in by_when[TYPING] if target not in run],
            never=[target for target in by_when[NEVER] if target not in run],
            loaded=sorted(loaded),
            unwritten=sorted(unwritten),
            moves=_MOVES.search(self.source) is not None,
            assigned=[name for name in assigned if name not in tops],
            aliases=self.aliases,
            exports=exports(tree.body, self.source),
            settled=settled(tree, called | self.called_inside | inside | calls.keys()),
            inner=sorted({*self.deleted, *_words_defined(self.source)} - outside),
            called_inside=sorted(self.called_inside | inside),
            calls=calls,
            definitions=self.definitions,
        )

    def body(self, statements: list[ast.stmt], owner: _Class | None) -> None:
        """What a module's or a class's body defines; blocks under if, try and with count as part of it."""
        for node in statements:
            if isinstance(node, _FUNCTIONS):
                self.function(node, owner)
            elif isinstance(node, ast.ClassDef):
                self.klass(node, owner)
            elif isinstance(node, _ASSIGNMENTS):
                self.assignment(node, owner)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                if owner is None:
                    self.importing_statement(node)
            elif isinstance(node, ast.Delete):
                self.deletion(deleted_names(node), owner)
            elif isinstance(node, _BLOCKS):
                for name in ("body", "orelse", "finalbody"):
                    self.body(getattr(node, name, []), owner)
                for handler in getattr(node, "handlers", ()):
                    self.body(handler.body, owner)

    def deletion(self, names: set[str], owner: _Class | None) -> None:
        """Forgets what a body deletes, under a condition too: nobody can be sent there."""
        gone = tuple(_qualified(name, owner) for name in names)
        inside = tuple(f"{name}." for name in gone)
        self.definitions = [
            d for d in self.definitions if d.qualname not in gone and not d.qualname.startswith(inside)
        ]
        self.deleted |= names
        if owner is None:
            for alias in [one for one in self.imports if one.partition(".")[0] in names]:
                del self.imports[alias]
            for name in names & self.aliases.keys():
                del self.aliases[name]
        else:
            owner.binds[:] = [name for name in owner.binds if name not in names]

    def importing_statement(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias, target in imported(node):
            if alias == "*":
                self.stars.append(target)
            elif self.imports.setdefault(alias, target) != target:
                self.either.add(alias)

    def assignment(self, node: ast.Assign | ast.AnnAssign, owner: _Class | None) -> None:
        if isinstance(node, ast.Assign):
            targets = node.targets
        else:
            # A `type` statement has a name for a target.
            targets = [node.target if isinstance(node, ast.AnnAssign) else node.name]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if owner is None:
            module = loaded_module(node.value)
            for name in names:
                if module and (name in self.aliases or self.imports.setdefault(name, module) != module):
                    self.either.add(name)
            for name in names:
                self.aliases[name] = "" if name in self.aliases else node.value and dotted(node.value) or ""
            if not module and not isinstance(node.value, (ast.Constant, type(None))):
                # Of an alternative in a `try`, None says only that there is none.
                self.either.update(name for name in names if name in self.imports)
            return
        if isinstance(node, ast.AnnAssign) and names and (kind := type_name(node.annotation)):
            owner.attributes[names[0]] = kind, True
        if isinstance(node.value, (ast.Name, ast.Attribute, ast.Lambda)) or _method_of(node.value):
            owner.binds.extend(names)

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
            hidden_bases=_hidden_bases(node),
        )
        self.definitions.append(definition)
        inside = _Class(definition, {}, [])
        self.body(node.body, inside)
        definition.binds = tuple(dict.fromkeys(inside.binds))
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
            raises_more=reader.raises_more,
            calls=reader.calls(self_name),
            ended=tuple(reader.ended(self_name)),
        )
        if owner:
            by_class = "classmethod" in decorators or node.name == "__new__"
            definition.calls = making_its_own(definition.calls, by_class, owner.definition.qualname)
        self.definitions.append(definition)
        self.globals |= reader.globals
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
            return joined_lines(head[:-1]) if "\n" in head else head[:-1].rstrip()
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

    def _inner_imports(self, tops: set[str]) -> None:
        """Imports inside functions count for the file, unless the name means something else there: then the
        calls through it are not known. `tops`: the other names of the top level.
        """
        for _, reader in self.importing:
            for alias, target in reader.imports.items():
                if alias not in tops:
                    self.imports.setdefault(alias, target)
        for definition, reader in self.importing:
            odd = {alias for alias, target in reader.imports.items() if self.imports.get(alias) != target}
            calls: dict[str, int] = {}
            for name, line in definition.calls.items():
                known = re.split(r"[.:]", name, maxsplit=1)[0] not in odd
                calls.setdefault(name if known else f"?:{re.split('[.:]', name)[-1]}", line)
            definition.calls = calls


def _qualified(name: str, owner: _Class | None) -> str:
    return f"{owner.definition.qualname}.{name}" if owner else name


def _words_defined(source: str) -> set[str]:
    """The words after `def` and `class`, wherever they stand."""
    return {name for words in _NAMED for name in words.findall(source)}


def _hidden_bases(node: ast.ClassDef) -> tuple[str, ...]:
    """Simple names in those bases that are no names themselves, such as `namedtuple("P", "x y")`."""
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    inside = [part for base in plain if dotted(base) is None for part in ast.walk(base)]
    names = [getattr(part, "id", "") or getattr(part, "attr", "") for part in inside]
    return tuple(dict.fromkeys(name for name in names if name))


def _method_of(value: ast.expr | None) -> bool:
    """Whether a value in a class body makes a method or property of something."""
    makes = ("property", "staticmethod", "classmethod", "partialmethod", "partial")
    return isinstance(value, ast.Call) and (dotted(value.func) or "").rpartition(".")[2] in makes


def _assigned_to_self(owner: _Class, reader: CallReader, self_name: str) -> None:
    """Adds what a method assigns to attributes of `self`. An annotation outweighs values; of two different
    types none is known.
    """
    for name, kind, declared in reader.attributes(self_name):
        known, written = owner.attributes.setdefault(name, (kind, declared))
        if known != kind and not (written and not declared):
            owner.attributes[name] = kind if declared else None, declared


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    named = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return tuple(dotted(name) or ast.unparse(name) for name in named)


def _doc(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """The first paragraph of the docstring on one line, "" without one. Lone surrogates, which are no UTF-8,
    are replaced.
    """
    text = ast.get_docstring(node, clean=False) or ""
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    return " ".join(paragraph.split())[: MAX_DOC + 1].encode("utf-8", "replace").decode()
