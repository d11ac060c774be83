"""Whether the code reader and jedi, which knows nothing of it, mean the same by a name: python -m
benchmarks.resolver REPO [--files 150] [--calls 1500]

Needs `pip install jedi==0.20.1`. REPO is a checkout without changes. Of a random sample of files is compared
whom they import and what their classes inherit from, and of a random sample of all calls in functions and
methods, what is called. Both find a definition of the repository, or do not:

    same     both mean the same
    differ   each means something else
    ours     jedi finds nothing
    jedi     the reader finds nothing, and says so: its lists are then none of "all"
    missed   the reader finds nothing, and yet calls the list of callers, heirs or importers whole

Agreement is `same` among those that both find. What is missed is wrong; so is one of two that differ. What
only jedi finds is mostly the result of a call that no annotation types. The differences are listed, so many
of each kind as --show says.

Measured with --files 100 --calls 800 on flask 3.1.3, click 8.5.1, httpx 0.28.1, jinja2 3.1.6, celery 5.7.0,
sqlalchemy 2.1.9, alembic 1.20.1 and libcst 1.9.0, each in one commit: imports agree on 2,428 of 2,428, bases
on 1,762 of 1,762, calls on 2,358 of 2,362; one list misses a caller that jedi finds (celery: jedi takes the
`tasks.py` of another folder). Of the four, jedi takes an overload for what is called (jinja2), and a class
that is assigned for the one that is annotated (sqlalchemy); one line calls two things of one name (libcst);
in sqlalchemy the reader took a method of a base that another base replaces, which is mended since.
"""

import argparse
import ast
import random
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.file_imports import files_imported
from autodidact.sources.code.import_statements import import_statements
from autodidact.sources.code.python_syntax import text_of
from autodidact.sources.code.resolve_imports import ROOTS
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.revisions import commit_at


class Use(NamedTuple):
    """A name at a place (line from 1, column from 0) that stands for a file or a definition."""

    path: str
    line: int
    column: int
    # As the reader writes it, and the class around it.
    name: str
    owner: str | None
    caller: Definition | None


class Compared:
    """Outcomes by what is compared, with the places where they are not the same."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = defaultdict(list)

    def add(self, kind: str, place: str, ours: str, theirs: str, claimed: bool) -> None:
        if ours == theirs:
            outcome = "same" if ours else "neither"
        elif ours and theirs:
            outcome = "differ"
        elif ours:
            outcome = "ours"
        else:
            outcome = "missed" if claimed else "jedi"
        self.found[outcome].append(f"{place}: reader {ours or '-'}, jedi {theirs or '-'}")

    def report(self, kind: str, show: int) -> None:
        number = {name: len(self.found[name]) for name in ("same", "differ", "ours", "jedi", "missed")}
        both = number["same"] + number["differ"]
        share = f"{number['same'] / both:.2%}" if both else "-"
        print(f"{kind:8} agree {share:>8} of {both}; " + ", ".join(f"{n} {k}" for k, n in number.items()))
        for name in ("differ", "missed", "ours", "jedi"):
            for line in random.Random(1).sample(self.found[name], min(show, number[name])):
                print(f"    {name:7} {line}")


class Jedi:
    """What jedi finds at a place, as PATH of a module or PATH:NAME of a definition; "" for anything else."""

    def __init__(self, root: Path, code: CodeBase):
        import jedi  # type: ignore[import-not-found]

        self._jedi, self._root, self._modules = jedi, root, code.modules
        paths = {str(root / code.modules.home(path)) for path in code.files}
        paths |= {str(root / name) for name in ROOTS if (root / name).is_dir()}
        self._paths = [str(root), *sorted(paths)]
        self._scripts: dict[str, Any] = {}
        # (path, line) -> the definition that begins there.
        self._begins = {(d.path, d.lines[0]): d for d in code.definitions}

    def at(self, use: Use) -> str:
        script = self._scripts.get(use.path)
        if script is None:
            # One file after another: what jedi keeps of each is large.
            self._scripts.clear()
            file = self._root / use.path
            # Python looks into a script's own folder first.
            own = str(self._root / self._modules.home(use.path))
            project = self._jedi.Project(str(self._root), sys_path=[own, *self._paths], smart_sys_path=False)
            script = self._scripts[use.path] = self._jedi.Script(path=str(file), project=project)
        try:
            found = script.goto(use.line, use.column, follow_imports=True)
        except Exception:  # jedi fails in many ways on code that it cannot infer.
            return ""
        places = {self._place(name) for name in found} - {""}
        return places.pop() if len(places) == 1 else ""

    def _place(self, name: Any) -> str:
        if name.module_path is None or not name.module_path.is_relative_to(self._root):
            return ""
        path = name.module_path.relative_to(self._root).as_posix()
        if name.type == "module":
            return path
        known = self._begins.get((path, name.line)) if name.type in ("function", "class") else None
        return named(known)


def column(text: list[str], line: int, offset: int) -> int:
    """The column in characters of an offset in bytes."""
    return len(text[line - 1].encode()[:offset].decode())


def at_name(text: list[str], path: str, node: ast.expr, name: str, owner, caller=None) -> Use | None:
    """The last part of a dotted name."""
    if isinstance(node, ast.Name):
        return Use(path, node.lineno, column(text, node.lineno, node.col_offset), name, owner, caller)
    if isinstance(node, ast.Attribute) and node.end_lineno:
        end = column(text, node.end_lineno, node.end_col_offset or 0)
        return Use(path, node.end_lineno, end - len(node.attr), name, owner, caller)
    return None


def imports(code: CodeBase, sources: dict[str, str], jedi: Jedi, compared: Compared) -> None:
    for path, source in sources.items():
        file, lines = code.files[path], source.split("\n")
        ours = files_imported(file, code.names)
        known = {*ours.run, *ours.typing, *ours.perhaps}
        theirs: dict[str, int] = {}
        for node, _ in import_statements(ast.parse(source)):
            for use in imported_names(path, node, lines):
                found = jedi.at(use)
                if found and ":" not in found and found != path:
                    theirs.setdefault(found, use.line)
        # A package that is imported for one of its modules is not counted by the reader.
        packages = {one for one in theirs if one.endswith("__init__.py")} - known
        for other in sorted(known | theirs.keys()):
            if other in packages or (other.endswith("__init__.py") and other not in theirs):
                continue
            line = theirs.get(other, 1)
            target = code.files.get(other)
            claimed = target is not None and code.importers(target).whole
            mine, its = other if other in known else "", other if other in theirs else ""
            compared.add("imports", f"{path}:{line}", mine, its, claimed)


def imported_names(path: str, node: ast.Import | ast.ImportFrom, lines: list[str]) -> Iterator[Use]:
    for alias in node.names:
        inner = alias.name.rpartition(".")[0]
        start = column(lines, alias.lineno, alias.col_offset) + (len(inner) + 1 if inner else 0)
        if alias.name != "*":
            yield Use(path, alias.lineno, start, alias.name, None, None)
    if isinstance(node, ast.ImportFrom) and node.module:
        found = re.compile(r"from\s+[.\s]*([\w.]+)").match(lines[node.lineno - 1], node.col_offset)
        if found:
            last = found.end(1) - len(node.module.rpartition(".")[2])
            yield Use(path, node.lineno, last, node.module, None, None)


def named(definition: Definition | None) -> str:
    return f"{definition.path}:{definition.qualname}" if definition else ""


def bases(code: CodeBase, sources: dict[str, str], jedi: Jedi, compared: Compared) -> None:
    by_line = {(d.path, d.lines[0]): d for d in code.definitions}
    for path, source in sources.items():
        lines = source.split("\n")
        for node in ast.walk(ast.parse(source)):
            known = by_line.get((path, node.lineno)) if isinstance(node, ast.ClassDef) else None
            if known is None or not isinstance(node, ast.ClassDef):
                continue
            for base in node.bases:
                base = base.value if isinstance(base, ast.Subscript) else base
                name = ast.unparse(base)
                use = at_name(lines, path, base, name, known.owner)
                if use is None or not re.fullmatch(r"[\w.]+", name):
                    continue
                ours = code.resolve(path, name, known.owner)
                theirs = jedi.at(use)
                target = definition_of(code, theirs)
                claimed = target is not None and code.children(target)[1]
                compared.add("bases", f"{path}:{use.line} {name}", named(ours), theirs, claimed)


def definition_of(code: CodeBase, place: str) -> Definition | None:
    path, _, name = place.rpartition(":")
    return code.files[path].first.get(name) if path in code.files else None


def calls(code: CodeBase, sources: dict[str, str], jedi: Jedi, most: int, compared: Compared) -> None:
    uses = [use for path, source in sources.items() for use in called(code, path, source)]
    chosen = sorted(random.Random(1).sample(uses, min(most, len(uses))))
    for use in chosen:
        theirs, caller = jedi.at(use), use.caller
        target = definition_of(code, theirs)
        ours = None
        for call, line in caller.calls.items() if caller else ():
            if code.files[use.path].simple(call) == code.files[use.path].simple(use.name):
                ours = code.resolve(use.path, call, caller.owner if caller else None)
                if line == use.line or named(ours) == theirs:
                    break
        known = code.callers(target) if target else None
        claimed = known is not None and known[1] and caller not in known[0] and caller is not target
        compared.add("calls", f"{use.path}:{use.line} {use.name}", named(ours), theirs, claimed)


def called(code: CodeBase, path: str, source: str) -> Iterator[Use]:
    """The calls of a file's functions and methods, those in functions inside them aside."""
    lines = source.split("\n")
    by_line = {d.lines[0]: d for d in code.files[path].definitions}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.lineno not in by_line:
            continue
        stack: list[ast.AST] = list(node.body)
        while stack:
            inner = stack.pop()
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
                continue
            stack.extend(ast.iter_child_nodes(inner))
            if isinstance(inner, ast.Call) and isinstance(inner.func, (ast.Name, ast.Attribute)):
                name = inner.func.id if isinstance(inner.func, ast.Name) else f"?:{inner.func.attr}"
                caller = by_line[node.lineno]
                if use := at_name(lines, path, inner.func, name, caller.owner, caller):
                    yield use


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("repository", type=Path)
    options.add_argument("--files", type=int, default=150, help="files compared (default: 150)")
    options.add_argument("--calls", type=int, default=1500, help="calls compared (default: 1500)")
    options.add_argument("--show", type=int, default=5, help="differences listed of each kind (default: 5)")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    root = chosen.repository.resolve()
    with Repository(root, commit_at(root, None, datetime.now(timezone.utc))) as repository:
        code = CodeBase(repository)
        sources = {path: text_of(repository.read(file.blob)) for path, file in code.files.items()}
    jedi = Jedi(root, code)
    some = sorted(random.Random(1).sample(list(sources), min(chosen.files, len(sources))))
    few = {path: sources[path] for path in some}
    print(f"{root.name}: {len(code.files)} files, {sum(1 for _ in code.definitions)} definitions", flush=True)
    for kind, compare in (
        ("imports", lambda found: imports(code, few, jedi, found)),
        ("bases", lambda found: bases(code, few, jedi, found)),
        ("calls", lambda found: calls(code, sources, jedi, chosen.calls, found)),
    ):
        compared = Compared()
        compare(compared)
        compared.report(kind, chosen.show)


if __name__ == "__main__":
    main()
