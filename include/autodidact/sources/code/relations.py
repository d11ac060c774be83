"""Relations among the definitions of a Python code base: who inherits from whom, who calls whom, which module
owns what.

Static reading misses what it cannot resolve, so for each relation it is also known for which nodes it is
whole: there a list is complete and a "no" is true.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from autodidact.records import canonical, sha256
from autodidact.sources.code.codebase import CODE, CodeBase, cached_analyses
from autodidact.sources.code.definitions import VERSION as ANALYSIS
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.store import Cache

# Of the relations in the cache.
VERSION = "relations 8"
INHERITS, CALLS, OWNED = "inherits", "calls", "defined_in"

_NAME = re.compile(rb"(?<!\w)(def\s+)?([^\W\d]\w{3,})")
# What mentions a name without using it: imports, lists of public names, comments.
_MENTION = re.compile(
    rb"^[ \t]*(?:from\s+[\w.]+\s+)?import\s*(?:\([^)]*\)|[^\n]*)"
    rb"|^__all__\s*\+?=\s*[\[(][^\])]*[\])]"
    rb"|#[^\n]*",
    re.MULTILINE,
)
_SPECIAL = re.compile(r"__\w+__")
# A class statement that begins right of the margin.
_INDENTED = re.compile(rb"^[ \t]+class[ \t]+\w+\s*\(([^)]*)\)", re.MULTILINE)


@dataclass
class Relations:
    """`places`: node -> path and lines. `out` and `back`: (node, relation) pairs of which everything that
    leaves or reaches the node is known. `recursive`: the functions that may call themselves, which no triple
    says.
    """

    triples: list[Triple]
    places: dict[str, tuple[str, tuple[int, int]]]
    out: set[tuple[str, str]]
    back: set[tuple[str, str]]
    recursive: set[str] = field(default_factory=set)

    @cached_property
    def graph(self) -> Graph:
        return Graph(self.triples)


def cached_relations(repository: Repository, modules: dict[str, str], cache: Cache, system: str) -> Relations:
    """As `code_relations` of the whole commit, from the cache when its files are the same. `system`: whose
    analyses are used and kept.
    """
    files = [[entry.path, entry.blob] for entry in repository.files((".py",))]
    key = sha256(canonical([VERSION, ANALYSIS, files, modules]))
    if kept := cache.get("code-graph", key):
        return msgspec.json.decode(kept, type=Relations)
    analyses = cached_analyses(cache, system)
    code = CodeBase(repository, analyses)
    analyses.save(code.blobs)
    made = code_relations(code, repository, modules)
    cache.put("code-graph", key, msgspec.json.encode(made))
    return made


def code_relations(code: CodeBase, repository: Repository, modules: dict[str, str]) -> Relations:
    """The relations among definitions whose qualified names occur once. Calls are those outside the tests.
    `modules`: path -> dotted name.
    """
    definitions = list(code.definitions)
    count = Counter(d.qualname for d in definitions)
    places = {d.qualname: d for d in definitions if count[d.qualname] == 1 and not _SPECIAL.fullmatch(d.name)}
    named = {d: name for name, d in places.items()}
    found: set[Triple] = set()
    out: set[tuple[str, str]] = set()
    back: set[tuple[str, str]] = set()
    _inheritance(code, definitions, named, found, out, back)
    inside = _bases_inside_functions(code, repository)
    back = {(name, INHERITS) for name, _ in back if places[name].name not in inside}
    recursive: set[str] = set()
    _calls(code, repository, named, found, back, recursive)
    for name, d in places.items():
        if d.owner is None and d.path in modules:
            found.add(Triple(name, OWNED, modules[d.path]))
            out.add((name, OWNED))
    where = {name: (d.path, d.lines) for name, d in places.items()}
    return Relations(sorted(found), where, out, back, recursive)


def _inheritance(
    code: CodeBase,
    definitions: list[Definition],
    named: dict[Definition, str],
    found: set,
    out: set,
    back: set,
) -> None:
    # Last parts of bases that lead nowhere: perhaps to a class of that name here.
    unresolved: set[str] = set()
    for d in definitions:
        if d.kind != "class":
            continue
        bases = [code.resolve(d.path, base, d.owner) for base in d.bases]
        unresolved.update(
            text.rpartition(".")[2] for text, base in zip(d.bases, bases, strict=True) if base is None
        )
        names = [named.get(base) for base in bases if base and base.kind == "class" and base is not d]
        if d in named:
            found.update(Triple(named[d], INHERITS, base) for base in names if base)
            if all(names) and len(names) == len(d.bases) and not d.hidden_bases:
                out.add((named[d], INHERITS))
        else:
            # A subclass without a unique name: its base classes have more heirs than can be listed.
            unresolved.update(base.name for base in bases if base)
    unresolved.update(name for d in definitions for name in d.hidden_bases)
    if code.unreadable_bases:
        return
    back.update(
        (named[d], INHERITS)
        for d in definitions
        if d.kind == "class" and d in named and d.name not in unresolved and _whole(code, d)
    )


def _bases_inside_functions(code: CodeBase, repository: Repository) -> set[str]:
    """Simple names of what classes inside functions inherit from: these classes are no definitions, so a list
    of who inherits from such a name lacks them.
    """
    known = {(d.path, d.lines[0]) for d in code.definitions if d.kind == "class"}
    paths = {file.blob: path for path, file in code.files.items()}
    found: set[str] = set()
    for blob, text in repository.read_many(paths):
        for match in _INDENTED.finditer(text):
            if (paths[blob], text.count(b"\n", 0, match.start()) + 1) not in known:
                found.update(re.findall(r"\w+", match[1].decode("utf-8", "replace")))
    return found


def _calls(
    code: CodeBase,
    repository: Repository,
    named: dict[Definition, str],
    found: set,
    back: set,
    recursive: set[str],
) -> None:
    """Callees whose name is defined once and whose every use in the text, outside the tests, is in a caller
    that was resolved.
    """
    count = Counter(d.name for d in code.definitions)
    callees = {
        d.name: d
        for d in code.definitions
        if count[d.name] == 1 and d.kind != "class" and len(d.name) > 3 and not d.test and d in named
    }
    used = _uses(code, repository, callees.keys())
    for name, callee in callees.items():
        callers_and_sure = code.callers(callee)
        if callers_and_sure is None:
            continue
        callers = [caller for caller in callers_and_sure[0] if not caller.test]
        spans = [(d.path, *d.lines) for d in (callee, *callers)]
        known = all(
            any(path == at and first <= line <= last for at, first, last in spans)
            for path, line in used[name]
        )
        if known and all(caller in named for caller in callers) and _whole(code, callee):
            found.update(Triple(named[caller], CALLS, named[callee]) for caller in callers)
            back.add((named[callee], CALLS))
            first, last = callee.lines
            if any(path == callee.path and first <= line <= last for path, line in used[name]):
                recursive.add(named[callee])


def _whole(code: CodeBase, d: Definition) -> bool:
    """Whether no file that was left out has the name of a definition."""
    return code.unread.whole(CODE, naming=d.name if d.name.isascii() else None)


def _uses(code: CodeBase, repository: Repository, names: Container[str]) -> dict[str, list[tuple[str, int]]]:
    """Name -> (path, line) of each place outside the tests where it stands and is neither defined, imported
    nor in a comment.
    """
    used: dict[str, list[tuple[str, int]]] = defaultdict(list)
    blobs = {file.blob: path for path, file in code.files.items() if not file.test}
    for blob, text in repository.read_many(blobs):
        text = _MENTION.sub(lambda match: b"\n" * match[0].count(b"\n"), text)
        line, place = 1, 0
        for match in _NAME.finditer(text):
            name = match[2].decode("utf-8", "replace")
            if name in names and not match[1]:
                line += text.count(b"\n", place, match.start())
                place = match.start()
                used[name].append((blobs[blob], line))
    return used
