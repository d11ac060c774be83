"""What was read of one commit: its message, its diff, the functions and values that it changes, its tests."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from autodidact.errors import AutodidactError
from autodidact.generators.diff_miner.full_edits import Comparer, Edits
from autodidact.generators.diff_miner.full_message import Message
from autodidact.generators.diff_miner.shown_files import Shown
from autodidact.sources.code.definitions import is_test
from autodidact.sources.git.commits import Commit
from autodidact.sources.git.repository import Repository

# Characters of a file that is parsed.
MOST_TEXT = 200_000
# Files of a commit that are parsed, and functions of it that are compared.
MOST_PARSED, MOST_FUNCTIONS = 6, 12
# Characters of a line that may define a name.
LONGEST_LINE = 400
# Characters of a value that an answer names.
MOST_VALUE = 40

CHANGELOG = re.compile(r"(^|/)(changes|changelog|history|news|whatsnew)[\w.-]*(/|$)", re.IGNORECASE)
# Lists that a commit of any kind adds a line to.
ASIDE = re.compile(
    r"(^|/)(contributors|authors|thanks|maintainers|\.gitignore|\.mailmap|\.pre-commit-config|[\w-]+\.lock)\b",
    re.IGNORECASE,
)
DOCUMENT = re.compile(r"\.(md|rst|txt|adoc)$|(^|/)docs?/", re.IGNORECASE)
# Programs, which a change is about rather than its settings and documents.
SOURCES = (
    ".py",
    ".rs",
    ".go",
    ".js",
    ".ts",
    ".tsx",
    ".jsx",
    ".java",
    ".c",
    ".h",
    ".cc",
    ".cpp",
    ".rb",
    ".sh",
)
# Folders of what tests need.
_TESTING = re.compile(r"(^|/)(t|tests?|testing|examples?|benchmarks?)/")
_PERSON = re.compile(r"^(?:[\w-]+-by|cc):.*$", re.IGNORECASE | re.MULTILINE)

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
class _Files:
    touched: list[Touched] = field(default_factory=list)
    added: list[Definition] = field(default_factory=list)
    removed: list[Definition] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    tests: list[Definition] = field(default_factory=list)
    # Whether every change of Python code outside tests is among these.
    whole: bool = True


class Change:
    """One commit. `files`: what of it can be shown; `complete`: that is all of it."""

    def __init__(self, commit: Commit, message: Message, files: list[Shown], repository: Repository):
        self.commit, self.message, self.files, self._repository = commit, message, files, repository
        self.complete = len(files) == len(commit.files) and not commit.left_out and not commit.truncated
        self.code = [
            f
            for f in files
            if not is_test(f.file.path)
            and not CHANGELOG.search(f.file.path)
            and not ASIDE.search(f.file.path)
        ]

    @property
    def sha(self) -> str:
        return self.commit.sha[:9]

    @property
    def date(self) -> str:
        return self.commit.committer_time.date().isoformat()

    @property
    def path(self) -> str:
        """The file that the change is about."""
        return self.main.file.path

    @property
    def main(self) -> Shown:
        """The file that the change is about: a source before others, the one with most changed lines."""
        return max(
            self.code or self.files,
            key=lambda f: (f.file.path.endswith(SOURCES), f.count("+") + f.count("-")),
        )

    @property
    def hidden(self) -> str:
        """A remark on the files that are not in `diff`; "" where it shows all."""
        shown = {f.file.path for f in self.code}
        paths = [file.path for file in self.commit.files] + [path for _, path in self.commit.left_out]
        left = [path for path in paths if path and path not in shown]
        rest = len(paths) - len(shown) - 1
        if rest < 0:
            return ""
        more = f" and {rest} more file{'s' if rest > 1 else ''}" if rest else ""
        return f"(Not shown: {left[0]}{more}.)" if left else "(Not all files are shown.)"

    def diff(self, files: list[Shown] | None = None) -> str:
        """These files of it, or those that are neither tests nor changelogs, as git prints them."""
        return "\n".join(part.diff() for part in (self.code if files is None else files))

    @cached_property
    def printed(self) -> str | None:
        """The whole commit as git shows it, without the people of its trailers; None where something of it
        is left out.
        """
        if not self.complete or self.commit.invalid:
            return None
        body = re.sub(r"\n{3,}", "\n\n", _PERSON.sub("", self.commit.body)).strip()
        text = f"{self.commit.subject}\n\n{body}".strip()
        message = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
        diffs = "\n".join(f"diff --git a/{f.file.old_path} b/{f.file.path}\n{f.diff()}" for f in self.files)
        return f"commit {self.commit.sha}\nDate:   {self.date}\n\n{message}\n\n{diffs}"

    def blob(self, name: str | None) -> str | None:
        """A file's text; None where it cannot be read or is too long."""
        if name is None:
            return ""
        try:
            text = self._repository.read(name).decode("utf-8")
        except (AutodidactError, UnicodeDecodeError):
            return None
        return (
            text.replace("\r\n", "\n")
            if len(text) <= MOST_TEXT and "\r" not in text.replace("\r\n", "")
            else None
        )

    @cached_property
    def parsed(self) -> _Files:
        """What is different in its Python files."""
        found = _Files()
        files = [f for f in self.files if f.file.path.endswith(".py")]
        found.whole = len(files) <= MOST_PARSED and all(
            f.file.path.endswith(".py") or DOCUMENT.search(f.file.path) for f in self.code
        )
        for shown in files[:MOST_PARSED]:
            sources = [self.blob(name) for name in (shown.file.before_blob, shown.file.after_blob)]
            try:
                trees = [ast.parse(text) if text is not None else None for text in sources]
                if None in trees:
                    found.whole = False
                    continue
                _compare(found, shown.file.path, sources, trees)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                found.whole = False
        gone, come = ({d.short for d in side} for side in (found.removed, found.added))
        # What goes here and comes there has moved; what a changed line named was there in another form.
        found.added = [d for d in found.added if d.short not in gone and not self._named("-", d.short)]
        found.removed = [d for d in found.removed if d.short not in come and not self._named("+", d.short)]
        return found

    def _named(self, sign: str, name: str) -> bool:
        """Whether a line that goes, or one that comes, defines or imports this name."""
        word = re.compile(
            rf"\b(?:def|class|import|as)\b.*\b{re.escape(name)}\b|^\s*{re.escape(name)}\b.*[=,]"
        )
        lines = [line for f in self.files for hunk in f.hunks for line in hunk.lines if line[0] == sign]
        lines = [line for line in lines if len(line) <= LONGEST_LINE]
        return any(word.search(line[1:]) for line in lines)

    def covering(self, name: str) -> list[Definition]:
        """The new or changed tests that call this function or class, or name it as an attribute."""
        if name.startswith("__") or len(name) < 4:
            return []
        call = re.compile(rf"(?<!def )\b{re.escape(name)}\(|\.{re.escape(name)}\b")
        return [test for test in self.parsed.tests if call.search(test.text)]

    def read_now(self, path: str) -> str | None:
        """A file at the cycle's commit; None where it is not there or cannot be read."""
        return self._read(self._repository.commit, path)

    def read_at(self, path: str) -> str | None:
        """A file as this commit left it."""
        return self._read(self.commit.sha, path)

    def _read(self, sha: str, path: str) -> str | None:
        data = self._repository.read_at(sha, path)
        try:
            return data.decode("utf-8") if data is not None and len(data) <= MOST_TEXT else None
        except UnicodeDecodeError:
            return None


def _compare(found: _Files, path: str, sources: list, trees: list) -> None:
    """Adds what is different in one file."""
    old, new = ({d.name: d for d in _definitions(path, *side)} for side in zip(trees, sources, strict=True))
    test, helps = is_test(path), bool(_TESTING.search(path))
    for name, after in new.items():
        before = old.get(name)
        if before is None or (before.text != after.text and test):
            if test and after.short.startswith("test") and not isinstance(after.node, ast.ClassDef):
                found.tests.append(after)
            elif before is None and not test and not helps and not _defined(after, sources[0]):
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
    _outside(found, path, sources, trees)


def _defined(one: Definition, text: str) -> bool:
    """Whether a text defines a function or class of that name somewhere, as in a `try`."""
    return "." not in one.name and re.search(rf"\b(?:def|class) {re.escape(one.short)}\b", text) is not None


def _outside(found: _Files, path: str, sources: list, trees: list) -> None:
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
