"""What a repository's Python says of imports, classes and calls, by git's command line and `tokenize`: no
syntax tree, none of the library's readers.
"""

import io
import re
import subprocess
import tokenize
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")
_ASIDE = re.compile(r"^(t|docs?|examples?|scripts|tools|benchmarks)/")
_ROOTS = ("src", "lib", "python", "include")
_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)


@dataclass
class Scope:
    path: str
    name: str
    kind: str  # "class" or "def"
    first: int
    bases: list[str] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)  # the last parts of whatever is called anywhere inside
    names: set[str] = field(default_factory=set)  # every name inside


@dataclass
class Code:
    paths: dict[str, str]  # module -> path
    imports: dict[str, set[str]]  # path -> the modules it imports, as far as they are the repository's
    imported: dict[str, dict[str, str]]  # path -> name that an import binds -> the dotted thing behind it
    scopes: dict[str, list[Scope]]  # qualified name -> where

    def test(self, path: str) -> bool:
        return _TEST.search(path) is not None

    def aside(self, path: str) -> bool:
        return _ASIDE.search(path) is not None


@cache
def code(folder: str, commit: str) -> Code:
    """The repository at a commit."""
    listed = (
        _git(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        .decode("utf-8", "replace")
        .split("\0")
    )
    files = [path for path in listed if path.endswith(".py")]
    packages = {path.rpartition("/")[0] for path in files if path.endswith("__init__.py")}
    paths: dict[str, str] = {}
    for path in (
        path for path in files if _TEST.search(path) or not _ASIDE.search(path)
    ):  # programs beside the code have no names to import by
        paths.setdefault(_module(path, packages), path)
    known = Code(paths, {}, {}, defaultdict(list))
    dotted = {path: name for name, path in paths.items()}
    for path in files:
        try:
            text = _git(folder, "show", f"{commit}:{path}")
            tokens = [
                token for token in tokenize.tokenize(io.BytesIO(text).readline) if token.type not in _SKIPPED
            ]
        except (tokenize.TokenError, SyntaxError, UnicodeDecodeError, subprocess.CalledProcessError):
            continue
        known.imports[path], known.imported[path] = _imports(
            tokens, dotted.get(path, ""), path.endswith("__init__.py"), paths
        )
        for scope in _scopes(tokens, path):
            known.scopes[scope.name].append(scope)
    return known


def _git(folder: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=True).stdout


def _module(path: str, packages: set[str]) -> str:
    parts = path.removesuffix(".py").split("/")
    above = [part for part in range(1, len(parts)) if "/".join(parts[:part]) in packages]
    kept = parts[min(above) - 1 :] if above else parts[1:] if len(parts) > 1 and parts[0] in _ROOTS else parts
    return ".".join(kept[:-1] if kept[-1] == "__init__" and len(kept) > 1 else kept)


def _imports(
    tokens: list, name: str, package: bool, paths: dict[str, str]
) -> tuple[set[str], dict[str, str]]:
    found, bound = set(), {}
    begins = True
    for place, token in enumerate(tokens):
        if begins and token.type == tokenize.NAME and token.string in ("import", "from"):
            end = place
            while (
                tokens[end].type not in (tokenize.NEWLINE, tokenize.ENDMARKER) and tokens[end].string != ";"
            ):
                end += 1
            _one(" ".join(t.string for t in tokens[place:end]), name, package, paths, found, bound)
        begins = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or token.string in (
            ";",
            ":",
        )
    return found & set(paths), bound


def _one(
    line: str, name: str, package: bool, paths: dict[str, str], found: set[str], bound: dict[str, str]
) -> None:
    line = re.sub(r"\s*\.\s*", ".", line.replace("...", ". . .")).replace("(", "").replace(")", "")
    if match := re.match(
        r"from\s*(\.*)\s*([\w.]*?)\s*import\s+(.+)$", re.sub(r"^from(\.+)", r"from \1 ", line)
    ):
        level, base, names = len(match[1]), match[2], match[3]
        if base.startswith("."):
            level, base = level + len(base) - len(base.lstrip(".")), base.lstrip(".")
        if level:
            parts = name.split(".")
            parts = parts[: len(parts) - level + (1 if package else 0)]
            if not parts:
                return
            base = ".".join([*parts, base] if base else parts)
        for part in names.split(","):
            words = part.split()
            if words:
                inner = f"{base}.{words[0]}"
                bound[words[-1]] = inner
                found.add(inner if inner in paths else base)
    elif line.startswith("import "):
        for part in line.removeprefix("import ").split(","):
            words = part.split()
            if words:
                found.add(words[0])
                bound[words[-1]] = words[0]


def _scopes(tokens: list, path: str) -> list[Scope]:
    """Classes and functions of modules and of classes, each with what is called inside it."""
    made: list[Scope] = []
    stack: list[tuple[str, str, Scope | None]] = []  # (kind, qualified name, scope or None inside functions)
    waiting: tuple[str, str, Scope | None] | None = None
    begins = True
    for place, token in enumerate(tokens):
        if token.type == tokenize.INDENT:
            stack.append(waiting or ("", stack[-1][1] if stack else "", None))
            waiting = None
        elif token.type == tokenize.DEDENT and stack:
            stack.pop()
        elif token.type == tokenize.NEWLINE:
            if waiting and (place + 1 >= len(tokens) or tokens[place + 1].type != tokenize.INDENT):
                waiting = None  # a body on the same line
        elif token.type == tokenize.STRING and token.string[:1] in "fF":
            for scope in (s for _, _, s in stack if s):
                scope.calls.update(re.findall(r"(?<!\w)([^\W\d]\w*)\(", token.string))
        elif token.type == tokenize.NAME:
            following = tokens[place + 1].string if place + 1 < len(tokens) else ""
            before = tokens[place - 1].string if place else ""
            for scope in {
                id(s): s for s in [*(s for _, _, s in stack), waiting[2] if waiting else None] if s
            }.values():
                scope.names.add(token.string)
                if following == "(" and before not in ("def", "class"):
                    scope.calls.add(token.string)
            if token.string in ("def", "class") and (begins or before == "async"):
                name = tokens[place + 1].string
                owner = next((name for kind, name, _ in reversed(stack) if kind), "")
                inside = any(kind == "def" for kind, _, _ in stack)
                scope = (
                    None
                    if inside
                    else Scope(path, f"{owner}.{name}" if owner else name, token.string, token.start[0])
                )
                if scope:
                    made.append(scope)
                    if token.string == "class":
                        scope.bases = _bases(tokens, place + 2)
                waiting = (token.string, scope.name if scope else name, scope)
        begins = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or token.string == ":"
    return made


def _bases(tokens: list, place: int) -> list[str]:
    if tokens[place].string != "(":
        return []
    depth, words, found = 0, "", []
    for token in tokens[place:]:
        if token.string in "([{" and token.string:
            depth += 1
            words += token.string if depth > 1 else ""
        elif token.string in ")]}" and token.string:
            depth -= 1
            if not depth:
                break
            words += token.string
        elif token.string == "," and depth == 1:
            found, words = [*found, words], ""
        else:
            words += token.string
    found = [*found, words]
    return [re.sub(r"\[.*", "", base) for base in found if base and "=" not in base]


def unique(code: Code) -> Counter:
    """How many classes and functions have each last name."""
    return Counter(scope.name.rpartition(".")[2] for scopes in code.scopes.values() for scope in scopes)
