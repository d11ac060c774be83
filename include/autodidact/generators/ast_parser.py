"""Questions about the Python code of the repository at the cycle's commit, answered from its syntax trees.

Source: the `.py` files of `sources.repository`, git blobs read by `ast`; a file is analysed once and kept in the cache by its blob id. Asked about are
signatures, documentation, decorators, defaults, exceptions, results, places, modules and who imports them, base and derived classes, overridden
methods, calls and callers across files (annotated parameters and attributes followed), real call lines, tests, and what is not there. What
changed since the window began comes first, then a refresh sample of the rest; tests come last. Files that are generated, larger than 1 MB, not
UTF-8, or not Python 3 are left out.

    {"generator": "ast_parser", "category": "reasoning",
     "messages": [{"role": "user", "content": "Who calls `BaseClient._build_auth`?"},
                  {"role": "assistant", "content": "`BaseClient.auth` and `BaseClient._build_request_auth` in `httpx/_client.py`."}],
     "source": {"kind": "git", "ref": "httpx/_client.py:438", "commit": "ae1b9f66...", "path": "httpx/_client.py", "lines": [438, 450]}}
"""

import itertools
import math
import random
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from autodidact.errors import Skipped
from autodidact.generators import code_facts, probe_facts
from autodidact.generators.code_denials import Denials
from autodidact.generators.code_facts import source
from autodidact.generators.code_questions import Asked
from autodidact.records import Example, Question, example
from autodidact.snapshot import Snapshot
from autodidact.sources.code import VERSION, is_test
from autodidact.sources.code_pack import Pack
from autodidact.sources.codebase import CodeBase, Definition, SourceFile
from autodidact.sources.git import Repository

SHAPES = 2  # questions asked about one fact
TRIES = 8  # definitions looked at for a question of one kind before another kind has its turn

# Share of each kind of question; a fifth are about what is not there, so that the model learns to say so.
KINDS = {
    "signature": 12, "doc": 14, "calls": 8, "callers": 9, "usage": 8, "tests": 3, "bases": 3, "subclasses": 3, "lineage": 2, "overrides": 2,
    "methods": 5, "decorators": 3, "default": 6, "raises": 5, "returns": 4, "where": 5, "module": 3, "importers": 3, "chain": 5,
    "absent": 5, "elsewhere": 4, "no_parameter": 3, "wrong_default": 2, "not_base": 2, "not_called": 2, "uncalled": 2,
}  # fmt: skip
_ASKED = ("__init__", "__call__")  # of the special methods
REASONING = {
    "callers", "usage", "default", "chain", "lineage", "overrides", "elsewhere", "no_parameter", "wrong_default", "not_base", "not_called", "uncalled",
}  # fmt: skip
_read: WeakKeyDictionary[Repository, tuple[CodeBase, Pack]] = (
    WeakKeyDictionary()
)  # `questions` is asked after `generate`, about the same commit


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then questions of every kind up to the limit. Skipped without Python code."""
    asked = questions(snapshot)
    code = _code(snapshot)
    met = {question.reserved for question in asked}
    for row in probe_facts.examples(asked, code_facts.WORDINGS, "architecture"):
        met.add(row.prompt())
        yield row
    for kind, prompt, answer, where in _told(snapshot, code):
        if prompt not in met:
            met.add(prompt)
            yield example("ast_parser", "reasoning" if kind in REASONING else "architecture", prompt, answer, where)


def questions(snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about this commit; facts that the champion's commit did not have come first and are `fresh`."""
    code = _code(snapshot)
    known = snapshot.champion_commit and snapshot.repository.has(snapshot.champion_commit)
    changed = snapshot.repository.changed(snapshot.champion_commit) if known else set()
    old = None
    if known:
        with snapshot.repository.at(snapshot.champion_commit) as before:
            old = CodeBase(before, _read[snapshot.repository][1], only=changed)
    return probe_facts.questions("ast_parser", code_facts.facts(code, old, changed), code_facts.WORDINGS)


def _code(snapshot: Snapshot) -> CodeBase:
    if snapshot.repository is None:
        raise Skipped("no repository")
    if snapshot.repository not in _read:
        if not snapshot.repository.files([".py"]):
            raise Skipped("the repository has no Python files")
        pack = _pack(snapshot)
        code = CodeBase(snapshot.repository, pack, snapshot.troubles)
        pack.save(code.blobs)
        _read[snapshot.repository] = code, pack
    code, _ = _read[snapshot.repository]
    if not code.files:
        raise Skipped("none of the repository's Python files can be read")
    return code


def _pack(snapshot: Snapshot) -> Pack:
    return Pack(snapshot.cache, f"{snapshot.system}-{VERSION}")


def _told(snapshot: Snapshot, code: CodeBase) -> Iterator[tuple[str, str, str, dict]]:
    """(kind, question, answer, source): changed files first, tests last, kinds mixed by their shares; then the same in other words."""
    changed = snapshot.repository.changed(snapshot.previous_commit)
    asker = Denials(code, snapshot.repository)
    tiers: dict[tuple[bool, bool], list[tuple[SourceFile, int]]] = {(test, new): [] for test in (False, True) for new in (True, False)}
    for path, file in code.files.items():
        tiers[is_test(path), path in changed] += [(file, index) for index in _worth(file.names)]
    for shape in range(SHAPES):
        for (test, new), tier in tiers.items():
            rng = snapshot.rng("ast_parser", str(shape), str(test), str(new))
            queues = {kind: _ask(asker, kind, tier, shape, rng) for kind in KINDS}
            while queues:
                (kind,) = rng.choices(list(queues), [KINDS[k] for k in queues])
                found = next((fact for fact in itertools.islice(queues[kind], TRIES) if fact), None)
                if found is None:
                    if next(queues[kind], kind) == kind:
                        del queues[kind]
                    continue
                d, asked = found
                prompt = asked.shapes[(len(d.qualname) + d.lines[0] + shape) % len(asked.shapes)]
                yield kind, prompt, asked.answer, source(code, asked.path or d.path, asked.lines or d.lines)


def _worth(names: list[str]) -> Iterator[int]:
    """Indices of the names to ask about: not those that are defined twice (overloads and setters), of the special methods only some."""
    once = set(names)
    twice = {name for name in once if names.count(name) > 1} if len(once) < len(names) else ()
    for index, name in enumerate(names):
        if name not in twice and (not name.endswith("__") or name.endswith(_ASKED)):
            yield index


def _ask(
    asker: Denials, kind: str, tier: list[tuple[SourceFile, int]], shape: int, rng: random.Random
) -> Iterator[tuple[Definition, Asked] | None]:
    """What one kind has to ask about each of the definitions, which are taken in an order of its own; None where there is nothing."""
    make = getattr(asker, kind)
    for number in scattered(len(tier), rng):
        file, index = tier[number]
        definition = file.at(index)
        asked = make(definition, rng)
        yield (definition, asked) if asked else None


def scattered(count: int, rng: random.Random) -> Iterator[int]:
    """Each number below `count` once, in an irregular order that costs nothing to make."""
    if count:
        step = rng.randrange(count // 3, count) or 1
        while math.gcd(step, count) != 1:
            step += 1
        start = rng.randrange(count)
        for number in range(count):
            yield (start + number * step) % count
