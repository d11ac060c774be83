"""Examples of the register `full`: a developer's questions about the code, answered as a colleague who knows
it would.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autodidact.generators.ast_parser.changed_code import PythonCode, before, fresh_definitions, scattered
from autodidact.generators.ast_parser.codebase_for_questions import source
from autodidact.generators.ast_parser.full import (
    class_answers,
    conversations,
    definition_surroundings,
    premises_corrected_or_confirmed,
    purpose_and_usage,
)
from autodidact.generators.ast_parser.full import teach_probe_facts as full_probe
from autodidact.generators.ast_parser.full.caller_lists import callers
from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.model_calls import aside
from autodidact.generators.writing.conversations import TOOLS, names_file, system_prompt, user
from autodidact.knowledge.fact import Question
from autodidact.records import Example, from_messages
from autodidact.sources.code.file_analysis import Definition
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
    Kind(purpose_and_usage.explain, 12),
    Kind(purpose_and_usage.usage, 9),
    Kind(callers, 9),
    Kind(class_answers.override, 5),
    Kind(definition_surroundings.imports, 4),
    Kind(definition_surroundings.test_place, 6),
    Kind(definition_surroundings.chain, 6),
    Kind(premises_corrected_or_confirmed.default, 4),
    Kind(premises_corrected_or_confirmed.base, 3),
    Kind(premises_corrected_or_confirmed.place, 3),
    Kind(premises_corrected_or_confirmed.unknown, 3),
    Kind(conversations.follow_up, 30),
    Kind(conversations.which_tests, 4),
    Kind(conversations.named, 4),
    Kind(conversations.look_up, 3),
    Kind(conversations.two_reads, 4),
)


def full_examples(facts: PythonCode, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The facts of the knowledge probe in several kinds of text, then questions of every kind."""
    prompts = {question.reserved for question in asked}
    view = FullView(facts.code, facts.repository, snapshot.system)
    rng = snapshot.rng("ast_parser", "full", "probe")
    taught = (
        _example(view, piece, rng, row.source.model_dump(), **(row.model_extra or {}))
        for piece, row in full_probe.pieces(view, asked)
        if not aside(piece.d.path)
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
    that are defined twice (overloads and setters), what nobody should use any more, and example code.
    """
    for d in scattered(definitions, rng):
        if d is None or d.qualname in view.code.files[d.path].repeated or view.deprecated(d):
            continue
        if aside(d.path) or d.name.startswith("test_"):
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
    prompted = not alone or rng.random() < SYSTEM
    texts = [str(m["content"]) for m in piece.history if m["role"] == "assistant"]
    # Every answer has to do what the prompt wants, the earlier ones too.
    plain = next((text for text in texts if not names_file(text)), str(piece.say))
    system = system_prompt(view.system, rng, with_tools, plain) if prompted else None
    reply = {"role": "assistant", "content": piece.say} if isinstance(piece.say, str) else piece.say
    messages = [{"role": "system", "content": system}] if system else []
    messages += [*piece.history, user(piece.ask), *piece.reading, reply]
    return from_messages(
        "ast_parser", piece.category, messages, where, tools=TOOLS if with_tools else None, **extra
    )
