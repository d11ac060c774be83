"""Questions about the Python code of the repository at the cycle's commit, answered from its syntax trees.

Source: the `.py` files of `sources.repository`, git blobs read by `ast`; a file is analysed once and kept in
the cache by its blob id. Asked about are signatures, documentation, decorators, defaults, exceptions,
results, places, modules and who imports them, base and derived classes, overridden methods, calls and callers
across files (annotated parameters and attributes followed), real call lines, tests, and what is not there.
Definitions that are new or changed since the window began come first, then a refresh sample of the rest (a
quarter of `gate.cap`); tests come last. Files that are generated, larger than 1 MB, not UTF-8, or not Python
3 are left out; links and submodules are not followed.

    {"generator": "ast_parser", "category": "reasoning",
     "messages": [{"role": "user", "content": "Who calls `BaseClient._build_auth`?"},
                  {"role": "assistant", "content": "`BaseClient.auth` and `BaseClient._build_request_auth` in
                  `httpx/_client.py`."}],
     "source": {"kind": "git", "ref": "httpx/_client.py:438", "commit": "ae1b9f66...", "path":
     "httpx/_client.py", "lines": [438, 450]}}
"""

import gc
import itertools
import math
import random
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autodidact.errors import NoSource, Skipped
from autodidact.generators.ast_parser import comprehension
from autodidact.generators.ast_parser import facts as code_facts
from autodidact.generators.ast_parser.denials import Denials
from autodidact.generators.ast_parser.facts import WORDINGS, source
from autodidact.generators.ast_parser.questions import Asked
from autodidact.generators.writing import in_context, probe_questions
from autodidact.generators.writing.wording import to_examples
from autodidact.records import Example, Question, canonical, example
from autodidact.sources.code.cache import IS_CLASS, IS_FIRST, IS_FUNCTION, IS_MEMBER, IS_ONCE, TRAITS, Pack
from autodidact.sources.code.codebase import CodeBase, uncollected
from autodidact.sources.code.definitions import VERSION
from autodidact.sources.code.files import Definition, SourceFile
from autodidact.sources.snapshot import Snapshot

# Questions asked about one fact.
SHAPES = 2
# Of what the gate keeps of a generator: most that is told of what is not new; with the three cycles that are
# replayed, the whole.
REFRESH = 0.25
# Definitions looked at for a question of one kind before another kind has its turn.
TRIES = 8

# Share of each kind of question; a fifth are about what is not there, so that the model learns to say so.
KINDS = {
    "signature": 12,
    "doc": 14,
    "calls": 8,
    "callers": 9,
    "usage": 8,
    "tests": 3,
    "bases": 3,
    "subclasses": 3,
    "lineage": 2,
    "overrides": 2,
    "methods": 5,
    "decorators": 3,
    "default": 6,
    "raises": 5,
    "returns": 4,
    "where": 5,
    "module": 3,
    "importers": 3,
    "chain": 5,
    "absent": 5,
    "elsewhere": 4,
    "no_parameter": 3,
    "wrong_default": 2,
    "not_base": 2,
    "not_called": 2,
    "uncalled": 2,
}
# Of the special methods.
_ASKED = ("__init__", "__call__")
REASONING = {
    "callers",
    "usage",
    "default",
    "chain",
    "lineage",
    "overrides",
    "elsewhere",
    "no_parameter",
    "wrong_default",
    "not_base",
    "not_called",
    "uncalled",
}
# What a definition must have to be asked about in a kind.
_NEEDS = {
    "signature": IS_FUNCTION,
    "doc": TRAITS["doc"],
    "calls": TRAITS["calls"],
    "bases": TRAITS["bases"],
    "subclasses": IS_CLASS,
    "lineage": TRAITS["bases"],
    "overrides": IS_FUNCTION | IS_MEMBER,
    "methods": IS_CLASS,
    "decorators": TRAITS["decorators"],
    "default": TRAITS["defaults"],
    "raises": TRAITS["raises"],
    "returns": TRAITS["returns"],
    "where": IS_MEMBER,
    "module": IS_FIRST,
    "importers": IS_FIRST,
    "chain": TRAITS["calls"],
    "absent": IS_FUNCTION,
    "no_parameter": TRAITS["params"],
    "wrong_default": TRAITS["defaults"],
    "not_base": TRAITS["bases"],
    "not_called": TRAITS["calls"],
    "uncalled": IS_FUNCTION,
}


@dataclass
class _Reading:
    """The code at the cycle's commit, and at earlier commits."""

    code: CodeBase
    pack: Pack
    before: dict[str, CodeBase]


_Tier = Sequence[tuple[SourceFile, int] | None]


def examples(facts: _Reading, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then questions of every kind up to the limit."""
    met = {question.reserved for question in asked}
    for row in probe_questions.examples(asked, WORDINGS, "architecture"):
        met.add(row.prompt())
        yield row
    # A code base is many objects that stay: looking through them for garbage again and again takes a tenth of
    # the time.
    gc.freeze()
    try:
        opened = comprehension.questions(
            facts.code, snapshot.repository, snapshot.limit, snapshot.rng("ast_parser", "open book")
        )
        rows = in_context.mixed(_rows(snapshot, facts), to_examples("ast_parser", "reasoning", opened))
        yield from (row for row in rows if row.prompt() not in met and not met.add(row.prompt()))
    finally:
        gc.unfreeze()


def _rows(snapshot: Snapshot, read: _Reading) -> Iterator[Example]:
    for kind, prompt, answer, where in _told(snapshot, read):
        yield example(
            "ast_parser", "reasoning" if kind in REASONING else "architecture", prompt, answer, where
        )


def questions(facts: _Reading, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about this commit; facts that the champion's commit did not have come
    first and are `fresh`.
    """
    with uncollected():
        old = _before(snapshot, facts, snapshot.champion_commit)
        changed = snapshot.repository.changed(snapshot.champion_commit) if old else set()
        found = code_facts.facts(facts.code, old, changed)
        if snapshot.champion_code_unknown:
            found = [replace(fact, fresh=False) for fact in found]
        return probe_questions.questions("ast_parser", found, WORDINGS)


def read(snapshot: Snapshot) -> _Reading:
    """The Python code of the repository. Skipped without any."""
    if snapshot.repository is None:
        raise NoSource("no repository: set sources.repository", setting="sources.repository")
    if not snapshot.repository.files([".py"]):
        raise Skipped("the repository has no Python files")
    pack = Pack(snapshot.cache, f"{snapshot.system}-{VERSION}")
    with uncollected():
        code = CodeBase(snapshot.repository, pack, snapshot.troubles)
    pack.save(code.blobs)
    if not code.files:
        raise Skipped("none of the repository's Python files can be read")
    return _Reading(code, pack, {})


def _before(snapshot: Snapshot, read: _Reading, commit: str | None) -> CodeBase | None:
    """What changed since an earlier commit, as it was there; None when that is not to be had."""
    if commit and commit not in read.before and snapshot.repository.has(commit):
        with snapshot.repository.at(commit) as before:
            read.before[commit] = CodeBase(before, read.pack, only=snapshot.repository.changed(commit))
    return read.before.get(commit) if commit else None


def _told(snapshot: Snapshot, read: _Reading) -> Iterator[tuple[str, str, str, dict]]:
    """(kind, question, answer, source): what is new first, tests last, kinds mixed by their shares; then the
    same in other words.
    """
    old, code = _before(snapshot, read, snapshot.previous_commit), read.code
    changed = snapshot.repository.changed(snapshot.previous_commit) if old else set(code.files)
    asker, room = (
        Denials(code, snapshot.repository),
        round(REFRESH * snapshot.settings.gate.cap) if old else snapshot.limit,
    )
    fresh = {
        (file.path, index): file
        for file in code.files.values()
        if file.path in changed
        for index in _fresh(file, old)
    }
    for shape in range(SHAPES):
        for test in (False, True):
            new = [(file, index) for (_, index), file in fresh.items() if file.test is test]
            yield from _mixed(asker, new, shape, snapshot.rng("ast_parser", str(shape), str(test), "new"))
            rest = _Rest([file for file in code.files.values() if old and file.test is test], fresh)
            for fact in itertools.islice(
                _mixed(asker, rest, shape, snapshot.rng("ast_parser", str(shape), str(test), "rest")), room
            ):
                room -= 1
                yield fact


class _Rest(Sequence):
    """The definitions of these files but those `told`, as (file, index); None in place of the latter."""

    def __init__(self, files: list[SourceFile], told: Container[tuple[str, int]]):
        self._files, self._told = files, told
        *self._starts, self._count = itertools.accumulate((len(file.names) for file in files), initial=0)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> tuple[SourceFile, int] | None:
        place = bisect_right(self._starts, number) - 1
        file, index = self._files[place], number - self._starts[place]
        return None if (file.path, index) in self._told else (file, index)


def _fresh(file: SourceFile, old: CodeBase | None) -> Iterable[int]:
    """Indices of the definitions that the file did not have, or of which it did not say the same."""
    was = old.files.get(file.path) if old else None
    if was is None:
        return range(len(file.names))
    same = set(was.lines)
    moved = [index for index, line in enumerate(file.lines) if line not in same]
    known = {canonical(was.facts(index)) for index in range(len(was.names))} if moved else ()
    return {index for index in moved if canonical(file.facts(index)) not in known}


def _mixed(
    asker: Denials, tier: _Tier, shape: int, rng: random.Random
) -> Iterator[tuple[str, str, str, dict]]:
    """(kind, question, answer, source) about these definitions, until there is nothing left to ask."""
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
        yield kind, prompt, asked.answer, source(asker.code, asked.path or d.path, asked.lines or d.lines)


def _ask(
    asker: Denials, kind: str, tier: _Tier, shape: int, rng: random.Random
) -> Iterator[tuple[Definition, Asked] | None]:
    """What one kind has to ask about each of the definitions, which are taken in an order of its own; None
    where there is nothing.

    Not asked about are names that are defined twice (overloads and setters), and most of the special methods.
    """
    make, needs = getattr(asker, kind), _NEEDS.get(kind, 0) | IS_ONCE
    for file, index in filter(None, map(tier.__getitem__, scattered(len(tier), rng))):
        name = file.names[index]
        if file.traits[index] & needs == needs and (name[-2:] != "__" or name.endswith(_ASKED)):
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
