"""Relations among the definitions of a Python code base: who inherits from whom, who calls whom, which module
owns what.

Static reading misses what it cannot resolve, so each relation also says for which nodes it is whole: there a
list is complete and a "no" is true.
"""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import starmap

from autodidact.records import canonical, sha256
from autodidact.sources.code.cache import Pack
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.definitions import VERSION as ANALYSIS
from autodidact.sources.code.definitions import is_test
from autodidact.sources.code.files import Definition
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.graph import Graph, Triple
from autodidact.store import Cache

# Of what is kept.
VERSION = "relations 1"
INHERITS, CALLS, OWNED = "inherits", "calls", "defined_in"

_NAME = re.compile(rb"(?<!\w)(def\s+)?([^\W\d]\w{3,})")
# What mentions a name without using it: imports, lists of public names, comments.
_MENTION = re.compile(
    rb"^[ \t]*(?:from\s+[\w.]+\s+)?import\s*(?:\([^)]*\)|[^\n]*)|^__all__\s*\+?=\s*[\[(][^\])]*[\])]|#[^\n]*",
    re.MULTILINE,
)
_SPECIAL = re.compile(r"__\w+__")


@dataclass
class Relations:
    """`graph` holds the triples. `out` and `back`: (node, relation) pairs of which everything that leaves or
    reaches the node is known.
    """

    graph: Graph
    places: dict[str, tuple[str, list[int]]]  # node -> path and lines
    out: set[tuple[str, str]] = field(default_factory=set)
    back: set[tuple[str, str]] = field(default_factory=set)


def kept_relations(
    repository: Repository, modules: dict[str, str], cache: Cache, pack_name: str
) -> Relations:
    """As `code_relations` of the whole commit, from the cache when its files are the same. `pack_name`: that
    of the analyses in the cache.
    """
    key = sha256(
        canonical(
            [VERSION, ANALYSIS, [[entry.path, entry.blob] for entry in repository.files((".py",))], modules]
        )
    )
    if kept := cache.get("code-graph", key):
        found = json.loads(kept)
        pairs = (set(map(tuple, found[name])) for name in ("out", "back"))
        return Relations(
            Graph(starmap(Triple, found["triples"])),
            {name: tuple(place) for name, place in found["places"].items()},
            *pairs,
        )
    pack = Pack(cache, pack_name)
    code = CodeBase(repository, pack)
    pack.save(code.blobs)
    made = code_relations(code, repository, modules)
    found = {
        "triples": made.graph.triples,
        "places": made.places,
        "out": sorted(made.out),
        "back": sorted(made.back),
    }
    cache.put("code-graph", key, json.dumps(found).encode())
    return made


def code_relations(code: CodeBase, repository: Repository, modules: dict[str, str]) -> Relations:
    """The relations among definitions whose qualified names occur once. Calls are those outside the tests.
    `modules`: path -> dotted name.
    """
    definitions = list(code.definitions)
    count = Counter(d.qualname for d in definitions)
    places = {d.qualname: d for d in definitions if count[d.qualname] == 1 and not _SPECIAL.fullmatch(d.name)}
    named = {id(d): name for name, d in places.items()}
    found: set[Triple] = set()
    out, back = set(), set()
    _inheritance(code, definitions, named, found, out, back)
    _calls(code, definitions, repository, named, found, back)
    for name, d in places.items():
        if d.owner is None and d.path in modules:
            found.add(Triple(name, OWNED, modules[d.path]))
            out.add((name, OWNED))
    return Relations(Graph(found), {name: (d.path, d.lines) for name, d in places.items()}, out, back)


def _inheritance(
    code: CodeBase, definitions: list[Definition], named: dict[int, str], found: set, out: set, back: set
) -> None:
    unresolved: set[str] = (
        set()
    )  # last parts of bases that lead nowhere: perhaps to a class of that name here
    for d in definitions:
        if d.kind != "class":
            continue
        bases = [code.resolve(d.path, base, d.owner) for base in d.bases]
        unresolved.update(
            text.rpartition(".")[2] for text, base in zip(d.bases, bases, strict=True) if base is None
        )
        names = [named.get(id(base)) for base in bases if base and base.kind == "class" and base is not d]
        if id(d) in named:
            found.update(Triple(named[id(d)], INHERITS, base) for base in names if base)
            if all(names) and len(names) == len(d.bases):
                out.add((named[id(d)], INHERITS))
        # A subclass that has no name of its own: whoever it inherits from has more heirs than can be told.
        else:
            unresolved.update(base.name for base in bases if base)
    back.update(
        (named[id(d)], INHERITS)
        for d in definitions
        if d.kind == "class" and id(d) in named and d.name not in unresolved
    )


def _calls(
    code: CodeBase,
    definitions: list[Definition],
    repository: Repository,
    named: dict[int, str],
    found: set,
    back: set,
) -> None:
    """Callees whose name is defined once and whose every use in the text, outside the tests, is in a caller
    that was resolved.
    """
    count = Counter(d.name for d in code.definitions)
    callees = {
        d.name: d
        for d in code.definitions
        if count[d.name] == 1 and d.kind != "class" and len(d.name) > 3 and not d.test and id(d) in named
    }
    used: dict[str, list[tuple[str, int]]] = defaultdict(list)
    blobs = {file.blob: path for path, file in code.files.items() if not is_test(path)}
    for blob, text in repository.read_many(blobs):
        text = _MENTION.sub(lambda match: b"\n" * match[0].count(b"\n"), text)
        line, place = 1, 0
        for match in _NAME.finditer(text):
            name = match[2].decode("utf-8", "replace")
            if name in callees and not match[1]:
                line += text.count(b"\n", place, match.start())
                place = match.start()
                used[name].append((blobs[blob], line))
    for name, callee in callees.items():
        met = code.callers(callee)
        if met is None:
            continue
        callers = [caller for caller in met[0] if not caller.test]
        spans = [(d.path, *d.lines) for d in (callee, *callers)]
        known = all(
            any(path == at and first <= line <= last for at, first, last in spans)
            for path, line in used[name]
        )
        if known and all(id(caller) in named for caller in callers):
            found.update(Triple(named[id(caller)], CALLS, named[id(callee)]) for caller in callers)
            back.add((named[id(callee)], CALLS))
