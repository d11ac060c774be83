"""Questions about the Python code of the repository at the cycle's commit, answered from its syntax trees.

Source: the `.py` files of `sources.repository`, git blobs read by `ast`; a file is analysed once and kept in
the cache by its blob id. Asked about are signatures, documentation, decorators, defaults, exceptions,
results, places, modules and who imports them, base and derived classes, overridden methods, calls and callers
across files (annotated parameters and attributes followed), real call lines, tests, and what is not there.
Definitions that are new or changed since the window began come first, then a refresh sample of the rest (a
quarter of `gate.cap`); tests come last.

Files are read in the encoding that they declare, and in newer syntax than the interpreter's: libcst rewrites
it, so that examples do not depend on the interpreter. An import means a file in the importer's own folder or
package first, then in the folders around it, then elsewhere; where two files may be meant, or one of the
alternatives of a `try`, the name is not followed. Imports under `TYPE_CHECKING` are kept apart. Files that
are generated or vendored, larger than 1 MB, in an unknown encoding or no Python 3 are left out; links and
submodules are not followed. What needs all files ("no Python file calls it", "only tests call it", who
imports a file, in which file a name is defined) is not said where a file that was left out has the name in
it, nor, of a notebook, a `.pyx` file or a script without a suffix, where one of those has. `python -m
benchmarks.resolver` compares all this with jedi: on eight packages both mean the same by at least 99.4% of
the names that both can follow, and of the lists that are called whole one lacks what jedi finds.

In the register `full` a developer asks with a purpose, and the answer is what a colleague would say who knows
the code: "Which code still calls it?" is answered with the callers, one of their lines and a test. What a
docstring says is quoted. What a change breaks, which tests cover it, what comes out of a function and what is
in a module are not said. For example "What is `DigestAuth._parse_challenge`, then? I haven't come across
it.": "The docstring of `DigestAuth._parse_challenge` reads: "Returns a challenge from a Digest
WWW-Authenticate header." ... It is called by `DigestAuth.auth_flow` in `httpx/_auth.py`."

    {"generator": "ast_parser", "category": "reasoning",
     "messages": [{"role": "user", "content": "Who calls `BaseClient._build_auth`?"},
                  {"role": "assistant", "content": "`BaseClient.auth` and `BaseClient._build_request_auth` in
                  `httpx/_client.py`."}],
     "source": {"kind": "git", "ref": "httpx/_client.py:438", "commit": "ae1b9f66...", "path":
     "httpx/_client.py", "lines": [438, 450]}}
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autodidact.errors import NoSource, Skipped
from autodidact.generators.ast_parser import open_book_code
from autodidact.generators.ast_parser.changed_code import PythonCode, before, fresh_definitions, scattered
from autodidact.generators.ast_parser.code_probe_facts import WORDINGS, code_facts, users
from autodidact.generators.ast_parser.codebase_for_questions import CodeView, QuestionAndAnswer, source
from autodidact.generators.ast_parser.full import full_examples as full_examples
from autodidact.generators.ast_parser.question_kinds import KINDS, Kind
from autodidact.generators.writing import open_book, probe_questions
from autodidact.generators.writing.facts_into_words import to_examples
from autodidact.generators.writing.probe_questions import ProbeFact
from autodidact.knowledge.fact import Question
from autodidact.records import Example, example
from autodidact.sources.code.codebase import CodeBase, cached_analyses
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.snapshot import Snapshot

# Questions about one fact.
WAYS = 2
# Share of gate.cap for definitions that did not change: with the three cycles that are replayed, the whole.
MAX_UNCHANGED = 0.25
# Definitions looked at for a question of one kind before another kind has its turn.
TRIES = 8
# The special methods that there are questions about.
_SPECIAL = ("__init__", "__call__")


def read(snapshot: Snapshot) -> PythonCode:
    """The Python code of the repository. Skipped without any."""
    if snapshot.repository is None:
        raise NoSource("no repository: set sources.repository", setting="sources.repository")
    if not snapshot.repository.files([".py"]):
        raise Skipped("the repository has no Python files")
    analyses = cached_analyses(snapshot.cache, snapshot.system)
    code = CodeBase(snapshot.repository, analyses, snapshot.troubles)
    analyses.save(code.blobs)
    if not code.files:
        raise Skipped("none of the repository's Python files can be read")
    return PythonCode(snapshot.repository, code, analyses)


def questions(facts: PythonCode, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about this commit; facts that the champion's commit did not have come
    first and are `fresh`.
    """
    return probe_questions.questions("ast_parser", _facts(facts, snapshot), WORDINGS)


def probe_facts(facts: PythonCode, snapshot: Snapshot) -> list[ProbeFact]:
    """Every fact of this commit that has one right answer."""
    code, found = facts.code, _facts(facts, snapshot, every=True)
    known = {d.qualname: d for file in code.files.values() for d in file.first.values()}
    for fact in found:
        of_method = fact.kind == "method_of"
        fact.users = len(users(code, known[f"{fact.value}.{fact.subject}" if of_method else fact.subject]))
    return found


def _facts(facts: PythonCode, snapshot: Snapshot, *, every: bool = False) -> list[ProbeFact]:
    old = before(facts, snapshot.champion_commit)
    changed = facts.repository.changed(snapshot.champion_commit) if old else set()
    found = code_facts(facts.code, old, changed, every=every)
    if snapshot.champion_code_unknown:
        found = [replace(fact, fresh=False) for fact in found]
    return found


def examples(facts: PythonCode, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the knowledge probe, then questions of every kind up to the limit."""
    prompts = {question.reserved for question in asked}
    for row in probe_questions.examples(asked, WORDINGS, "architecture"):
        prompts.add(row.prompt())
        yield row
    opened = open_book_code.questions(
        facts.code, facts.repository, snapshot.limit, snapshot.rng("ast_parser", "open book")
    )
    for row in open_book.mixed(_rows(snapshot, facts), to_examples("ast_parser", "reasoning", opened)):
        if row.prompt() not in prompts:
            prompts.add(row.prompt())
            yield row


def _rows(snapshot: Snapshot, facts: PythonCode) -> Iterator[Example]:
    """Questions about what is new first, about tests last; then the same in other words. Of what did not
    change at most a share of the cap.
    """
    old, code = before(facts, snapshot.previous_commit), facts.code
    changed = facts.repository.changed(snapshot.previous_commit) if old else set(code.files)
    fresh = dict.fromkeys(fresh_definitions(code, old, changed))
    view = CodeView(code, facts.repository)
    left = round(MAX_UNCHANGED * snapshot.settings.gate.cap)
    for way in range(WAYS):
        for test in (False, True):
            rng = snapshot.rng("ast_parser", str(way), str(test), "new")
            yield from _mixed(view, [d for d in fresh if d.test is test], way, rng)
            if old:
                rng = snapshot.rng("ast_parser", str(way), str(test), "rest")
                rest = [None if d in fresh else d for d in code.definitions if d.test is test]
                for row in itertools.islice(_mixed(view, rest, way, rng), left):
                    left -= 1
                    yield row


def _mixed(
    view: CodeView, definitions: Sequence[Definition | None], way: int, rng: random.Random
) -> Iterator[Example]:
    """Questions about these definitions, kinds mixed by their shares, until there is nothing left to ask."""
    queues = {kind: _questions(kind, view, definitions, rng) for kind in KINDS}
    while queues:
        (kind,) = rng.choices(list(queues), [kind.share for kind in queues])
        found = next((pair for pair in itertools.islice(queues[kind], TRIES) if pair), None)
        if found is None:
            # The kind stands for the end of its queue.
            if next(queues[kind], kind) is kind:
                del queues[kind]
            continue
        d, question = found
        prompt = question.ways[(len(d.qualname) + d.lines[0] + way) % len(question.ways)]
        where = source(view.code, question.path or d.path, question.lines or d.lines)
        yield example("ast_parser", kind.category, prompt, question.answer, where)


def _questions(
    kind: Kind, view: CodeView, definitions: Sequence[Definition | None], rng: random.Random
) -> Iterator[tuple[Definition, QuestionAndAnswer] | None]:
    """What one kind has to ask about each of the definitions, in an order of its own; None where there is
    nothing. Left out are names that are defined twice (overloads and setters), and most special methods.
    """
    for d in scattered(definitions, rng):
        if d is None or d.qualname in view.code.files[d.path].repeated:
            continue
        if d.name.endswith("__") and d.name not in _SPECIAL:
            continue
        if kind.needs(view, d):
            found = kind.ask(view, d, rng)
            # Without an answer where that would take more than was read.
            yield (d, found) if found and found.answer else None
