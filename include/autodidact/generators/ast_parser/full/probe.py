"""The facts of the knowledge probe in the register `full`: where a name is defined, what a class derives
from, whose method it is. A fact comes in several kinds of text; some go on with what the docstring says, in
some it is looked up or asked for in a conversation.
"""

import random
import re
from collections.abc import Iterator

from autodidact.generators.ast_parser.full.piece import Piece
from autodidact.generators.ast_parser.full.view import FullView, joined, paragraphs, thing
from autodidact.generators.ast_parser.probe_facts import WORDINGS
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.wording import listing
from autodidact.records import Example, Question
from autodidact.sources.code.analysis import Definition

# Of the rows of a fact, those whose answer goes on.
MORE = 0.9


def pieces(view: FullView, asked: list[Question], rng: random.Random) -> Iterator[tuple[Piece, Example]]:
    """The trained wordings of each question with what belongs to them, and the row that they come from."""
    by_id = {question.id: question for question in asked}
    turns: dict[str, int] = {}
    for row in probe_questions.full_examples(asked, WORDINGS, "architecture"):
        question = by_id[str((row.model_extra or {})["probe"])]
        turn = turns[question.id] = turns.get(question.id, -1) + 1
        d = _definition(view, question)
        ask, say = row.messages[-2]["content"], row.messages[-1]["content"]
        if d is None:
            yield Piece(ask, say, view.code.files[question.source.path].definitions[0]), row  # type: ignore[attr-defined]
            continue
        additions = [text for text in _additions(view, d, question) if not _confusing(text, question)]
        extra = additions[turn % len(additions)] if additions and rng.random() < MORE else ""
        piece = Piece(ask, paragraphs(say, extra) if "```" in extra else joined(say, extra), d)
        if turn == 2:
            piece = _looked_up(view, piece, question, rng)
        elif turn in (1, 4):
            piece = _after_another(view, piece, question)
        yield piece, row


def _definition(view: FullView, question: Question) -> Definition | None:
    """What a question of the probe is about."""
    extra = question.source.model_extra or {}
    file = view.code.files.get(extra.get("path", ""))
    found = [d for d in file.definitions if list(d.lines) == list(extra.get("lines", ()))] if file else []
    return found[0] if found else None


def _additions(view: FullView, d: Definition, question: Question) -> list[str]:
    """What may follow the answer: each stands by itself."""
    found = []
    does = view.does(d)
    if does and len(does) < 400:
        found.append(does)
    if d.kind != "class" and 10 < len(d.signature) <= 160:
        found.append(f"Its signature:\n\n```python\n{d.signature}\n```")
    importable = view.code.modules.importable(d.path) and view.modules[d.module] == 1 and "." in d.module
    if d.owner is None and importable and question.kind == "defined_in":
        found.append(f"To import it:\n\n```python\nfrom {d.module} import {d.name}\n```")
    if d.kind == "class":
        own = [m.name for m in view.code.members(d) if m.kind != "class" and m.name[0] != "_"]
        if 1 <= len(own) <= 5:
            found.append(f"The class body defines {listing(f'`{name}`' for name in own)}.")
    file = view.code.files[d.path]
    others = [x.name for x in file.first.values() if not x.owner and x is not d and x.name[0] != "_"]
    if question.kind == "defined_in" and 1 <= len(others) <= 20:
        more = ["more"] * (len(others) > 4)
        found.append(f"The same file defines {listing([*(f'`{name}`' for name in others[:4]), *more])}.")
    known = view.callers(d)
    near = [c for c in known.real if c.path == d.path and c.kind != "module"] if known else []
    if near and question.kind == "defined_in":
        verb = "uses" if len(near) == 1 else "use"
        found.append(f"In that file, {listing(f'`{c.qualname}`' for c in near[:3])} {verb} it.")
    if question.kind != "defined_in" and view.count[d.qualname] == 1:
        found.append(f"The code is in `{d.path}`.")
    return found


def _confusing(text: str, question: Question) -> bool:
    """Whether a text names another value of the kind, which the probe would take for the answer."""
    return any(re.search(rf"(?<![\w/.]){re.escape(value)}(?![\w/])", text) for value in question.confuse)


def _looked_up(view: FullView, piece: Piece, question: Question, rng: random.Random) -> Piece:
    """The answer after the lines were read with a tool, where that can be shown."""
    d = piece.d
    last = min(d.lines[1], d.lines[0] + rng.randint(6, 14))
    reading = view.tools.read_file(d.path, d.lines[0], last)
    if reading and not any(_confusing(message["content"], question) for message in reading):
        piece.reading = reading
        checked = f"I checked: its definition begins at line {d.lines[0]} of the file."
        if question.kind == "defined_in" and isinstance(piece.say, str) and "```" not in piece.say:
            piece.say = joined(piece.say, checked)
    return piece


def _after_another(view: FullView, piece: Piece, question: Question) -> Piece:
    """The question after one on what the thing does."""
    d, does = piece.d, view.does(piece.d)
    if not does or _confusing(does, question) or does in str(piece.say):
        return piece
    asks = (
        f"What does the {thing(d)} `{d.name}` do?",
        f"`{d.name}`: what is it for?",
        f"Remind me what `{d.qualname}` is, please.",
        f"Tell me about `{d.name}`.",
    )
    piece.history = [user(asks[len(d.qualname) % len(asks)]), assistant(does)]
    return piece
