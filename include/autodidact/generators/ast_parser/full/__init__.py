"""Examples of the register `full`: a developer's questions about the code, answered as a colleague who knows
it would.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autodidact.generators.ast_parser.changed_code import PythonCode, before, fresh_definitions, scattered
from autodidact.generators.ast_parser.code_view import source
from autodidact.generators.ast_parser.full import before_a_change as edit
from autodidact.generators.ast_parser.full import (
    classes,
    denials,
    errors,
    memory,
    shown,
    state,
    structure,
    talks,
)
from autodidact.generators.ast_parser.full import probe as full_probe
from autodidact.generators.ast_parser.full.impact import impact
from autodidact.generators.ast_parser.full.piece import Piece
from autodidact.generators.ast_parser.full.view import FullView
from autodidact.generators.writing.conversations import TOOLS, system_prompt, user
from autodidact.records import Example, Question, from_messages
from autodidact.sources.code.analysis import Definition
from autodidact.sources.snapshot import Snapshot

# Share of gate.cap for definitions that did not change, as in the register `drill`.
MAX_UNCHANGED = 0.25
# Definitions looked at for a question of one kind before another kind has its turn.
TRIES = 12
# Share of the examples that open with a system prompt.
SYSTEM = 0.35


@dataclass(frozen=True)
class Kind:
    """`share` is relative to those of the other kinds."""

    write: Callable[[FullView, Definition, random.Random], Piece | None]
    share: int


KINDS = (
    Kind(memory.explain, 12),
    Kind(memory.usage, 9),
    Kind(impact, 9),
    Kind(classes.tour, 5),
    Kind(classes.override, 5),
    Kind(structure.module, 4),
    Kind(structure.imports, 4),
    Kind(structure.test_place, 6),
    Kind(structure.chain, 6),
    Kind(errors.raisers, 4),
    Kind(shown.cases, 16),
    Kind(shown.flow, 10),
    Kind(state.sets, 5),
    Kind(state.awaited, 4),
    Kind(edit.compare, 7),
    Kind(errors.traceback, 6),
    Kind(denials.parameter, 4),
    Kind(denials.default, 4),
    Kind(denials.base, 3),
    Kind(denials.place, 3),
    Kind(denials.unknown, 3),
    Kind(talks.follow_up, 30),
    Kind(talks.which_tests, 4),
    Kind(talks.named, 4),
    Kind(talks.look_up, 3),
    Kind(talks.two_reads, 4),
    Kind(talks.wrong_path, 3),
)


def full_examples(facts: PythonCode, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The facts of the knowledge probe in several kinds of text, then questions of every kind."""
    prompts = {question.reserved for question in asked}
    view = FullView(facts.code, facts.repository, snapshot.system)
    rng = snapshot.rng("ast_parser", "full", "probe")
    taught = (
        _example(view, piece, rng, row.source.model_dump(), **(row.model_extra or {}))
        for piece, row in full_probe.pieces(view, asked, rng)
    )
    for row in itertools.chain(taught, _rows(view, facts, snapshot)):
        if row.prompt() not in prompts:
            prompts.add(row.prompt())
            yield row


def _rows(view: FullView, facts: PythonCode, snapshot: Snapshot) -> Iterator[Example]:
    """Questions about what is new first, about tests last. Of what did not change at most a share of the
    cap.
    """
    old, code = before(facts, snapshot.previous_commit), facts.code
    changed = facts.repository.changed(snapshot.previous_commit) if old else set(code.files)
    fresh = dict.fromkeys(fresh_definitions(code, old, changed))
    yield from _mixed(view, list(fresh), snapshot.rng("ast_parser", "full", "new"))
    if old:
        rest = [None if d in fresh else d for d in code.definitions]
        left = round(MAX_UNCHANGED * snapshot.settings.gate.cap)
        yield from itertools.islice(_mixed(view, rest, snapshot.rng("ast_parser", "full", "rest")), left)


def _mixed(view: FullView, definitions: Sequence[Definition | None], rng: random.Random) -> Iterator[Example]:
    """Examples about these definitions, kinds mixed by their shares, until there is nothing left to say."""
    queues = {kind: _pieces(kind, view, definitions, rng) for kind in KINDS}
    while queues:
        (kind,) = rng.choices(list(queues), [kind.share for kind in queues])
        piece = next((one for one in itertools.islice(queues[kind], TRIES) if one), None)
        if piece is not None:
            yield _example(view, piece, rng)
        # The kind stands for the end of its queue.
        elif next(queues[kind], kind) is kind:
            del queues[kind]


def _pieces(
    kind: Kind, view: FullView, definitions: Sequence[Definition | None], rng: random.Random
) -> Iterator[Piece | None]:
    """What one kind has to say about each of the definitions; None where there is nothing. Left out are names
    that are defined twice (overloads and setters).
    """
    for d in scattered(definitions, rng):
        if d is None or d.qualname in view.code.files[d.path].repeated:
            continue
        try:
            yield kind.write(view, d, rng)
        except RecursionError:
            # An expression so deep that it can be read and not be walked.
            yield None


def _example(
    view: FullView, piece: Piece, rng: random.Random, where: dict | None = None, **extra: Any
) -> Example:
    where = where or source(view.code, piece.path or piece.d.path, piece.lines or piece.d.lines)
    with_tools = piece.tools or bool(piece.reading)
    alone = not piece.history and not with_tools
    system = system_prompt(view.system, rng) if not alone or rng.random() < SYSTEM else None
    reply = {"role": "assistant", "content": piece.say} if isinstance(piece.say, str) else piece.say
    messages = [{"role": "system", "content": system}] if system else []
    messages += [*piece.history, user(piece.ask), *piece.reading, reply]
    return from_messages(
        "ast_parser", piece.category, messages, where, tools=TOOLS if with_tools else None, **extra
    )
