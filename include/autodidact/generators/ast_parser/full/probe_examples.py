"""The facts of the knowledge probe in the register `full`: where a name is defined, what a class derives
from, whose method it is. A fact comes in several kinds of text; some go on with what the docstring says, in
some it is looked up or asked for in a conversation.
"""

import random
import re
from collections.abc import Iterator

from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.full_code_view import FullView, joined, paragraphs, quoted, thing
from autodidact.generators.ast_parser.single_answers import WORDINGS
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.conversations import assistant, user
from autodidact.knowledge.fact import Question
from autodidact.records import Example
from autodidact.sources.code.file_analysis import Definition

# Of the rows of a fact, those whose answer goes on.
MORE = 0.9
# Words of a docstring that says more than the name.
LONG = 4


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
        extra = _addition(view, d, question, ask)
        extra = "" if _confusing(extra, question) or rng.random() > MORE else extra
        piece = Piece(ask, paragraphs(say, extra) if "```" in extra else joined(say, extra), d)
        if turn == 2:
            piece = _looked_up(view, piece, question, rng)
        elif turn == 1:
            piece = _after_another(view, Piece(ask, say, d), question) or piece
        yield piece, row


def _definition(view: FullView, question: Question) -> Definition | None:
    """What a question of the probe is about."""
    extra = question.source.model_extra or {}
    file = view.code.files.get(extra.get("path", ""))
    found = [d for d in file.definitions if list(d.lines) == list(extra.get("lines", ()))] if file else []
    return found[0] if found else None


def _addition(view: FullView, d: Definition, question: Question, ask: str) -> str:
    """What follows the answer: the import line where one wants to import it, else a sentence of the
    docstring as it stands, else the signature; "" where there is none.
    """
    importable = view.code.modules.importable(d.path) and view.modules[d.module] == 1 and "." in d.module
    if " import " in ask:
        line = f"from {d.module} import {d.name}"
        return f"To import it:\n\n```python\n{line}\n```" if importable and not d.owner else ""
    said = view.first_sentence(d)
    if len(said.split()) >= LONG:
        return f"The docstring of `{d.qualname}` {'asks' if said[-1] == '?' else 'says'}: {quoted(said)}"
    if d.kind != "class" and 10 < len(d.signature) <= 160:
        return f"Its signature:\n\n```python\n{d.signature}\n```"
    return ""


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
    return piece


def _after_another(view: FullView, piece: Piece, question: Question) -> Piece | None:
    """The question after one on what the thing does; None without a docstring that says it."""
    d, does = piece.d, view.does(piece.d)
    if not 30 < len(does) < 400 or _confusing(does, question):
        return None
    asks = (
        f"What does the {thing(d)} `{d.name}` do?",
        f"`{d.name}`: what is it for?",
        f"Remind me what `{d.qualname}` is, please.",
        f"Tell me about `{d.name}`.",
    )
    piece.history = [user(asks[len(d.qualname) % len(asks)]), assistant(does)]
    return piece
