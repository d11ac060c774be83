"""The facts of the knowledge probe in the register `full`: where a name is defined, what a class derives
from, whose method it is. A fact comes in several kinds of text; some go on with what the docstring says, in
some it is looked up or asked for in a conversation.
"""

import re
from collections.abc import Iterator

from autodidact.generators.ast_parser.base_names import base_name, own_name
from autodidact.generators.ast_parser.code_probe_facts import WORDINGS
from autodidact.generators.ast_parser.full.base_class_names import as_written, origin
from autodidact.generators.ast_parser.full.class_answers import computed_base
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    joined,
    own_params,
    paragraphs,
    stated,
    thing,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.model_calls import aside
from autodidact.generators.ast_parser.full.patched_methods import patched
from autodidact.generators.ast_parser.full.premises_corrected_or_confirmed import akin
from autodidact.generators.ast_parser.full.purpose_and_usage import called_by
from autodidact.generators.writing import probe_questions
from autodidact.generators.writing.facts_into_words import capital
from autodidact.generators.writing.probe_questions import names_another
from autodidact.knowledge.fact import Question
from autodidact.records import Example
from autodidact.sources.code.file_analysis import Definition

# What speaks of one definition of a name: its line, and the code that imports it.
_PLACED = re.compile(r"\blines? \d|\bimport\b|```")
# Words of a docstring that says more than the name.
LONG = 4


def pieces(view: FullView, asked: list[Question]) -> Iterator[tuple[Piece, Example]]:
    """The trained wordings of each question with what belongs to them, and the row that they come from."""
    by_id = {question.id: question for question in asked}
    others = {question.id: _others(view, question) for question in asked}
    for row in probe_questions.full_examples(asked, WORDINGS, "architecture", others=others):
        question = by_id[str((row.model_extra or {})["probe"])]
        d = _definition(view, question)
        ask, say = row.messages[-2]["content"], row.messages[-1]["content"]
        if d is None:
            file = view.code.files[question.source.path]  # type: ignore[attr-defined]
            yield Piece(ask, say, file.definitions[0]), row
            continue
        if question.kind == "base_class" and computed_base(view, d):
            continue
        if "patch.object" in say:
            if (say := patched(view, d)) and not names_another(say, question):
                yield Piece(ask, say, d), row
            continue
        if question.kind == "base_class":
            ask, say = (as_written(view, d, text) for text in (ask, say))
            own = own_name(view.code.files[d.path], d.bases[0])
            say = say.replace(f"`{own}`", base_name(view.code, d, d.bases[0]), 1)
        if d.qualname in view.code.files[d.path].repeated:
            # Defined more than once: neither one line nor one signature is that of the name.
            if question.kind != "base_class" and not _PLACED.search(f"{ask} {say}"):
                yield Piece(ask, say, d), row
            continue
        piece = _import(view, ask, d) if " import " in ask else _said(view, ask, say, d, question)
        if piece is None:
            continue
        yield piece, row


def _others(view: FullView, question: Question) -> list[str]:
    """The values that somebody may take for the right one, and that are wrong: files of the same folder that
    do not import the name; classes of the same file, or with a word in common, that neither inherit the
    method nor are inherited from.
    """
    d = _definition(view, question)
    if d is None or question.kind == "base_class":
        return [*question.confuse]
    files, wrong = view.code.files, [*question.confuse]
    if question.kind == "defined_in":
        wrong = [path for path in wrong if path in files and not aside(path)]
        wrong = [path for path in wrong if d.name not in files[path].imports]
        near = [path for path in wrong if path.rpartition("/")[0] == d.path.rpartition("/")[0]]
        return near or wrong
    here, owner = files[d.path].first, d.owner or ""
    if (holder := here.get(owner)) is None or holder.kind != "class":
        return []
    kin = {one.qualname for one in (*view.below(holder), *view.code.names.order(holder))}
    return [name for name in wrong if name not in kin and (name in here or akin(name, owner))]


def _said(view: FullView, ask: str, say: str, d: Definition, question: Question) -> Piece:
    """The answer with what the thing does, who calls it or what it declares."""
    if not d.owner and view.names[d.name] > 1:
        ask = capital(ask.replace(f"`{d.name}`", f"the {thing(d)} `{d.name}`", 1))
    said = view.first_sentence(d)
    extra = stated(f"`{d.qualname}`", said) if _tells(said) else ""
    extra = extra or called_by(view, d)
    if "File and line of" in ask:
        # Who wants only these reads only these.
        return Piece(ask, f"`{d.path}`, line {d.lines[0]}.", d)
    if question.kind == "base_class":
        # What it derives from has nothing to do with what it is for, who makes one, or what it defines.
        extra = origin(view, d)
    elif question.kind != "defined_in" and not say.startswith(("Yes", "No", "Right")):
        extra = extra or _declared(d)
    return Piece(ask, say if names_another(extra, question) else joined(say, extra), d)


def _tells(said: str) -> bool:
    """Whether a sentence says what a thing does: "`record` should be a dictionary" speaks of its argument."""
    return len(said.split()) >= LONG and said[0] != "`"


def _declared(d: Definition) -> str:
    """What a function takes; "" of one that takes nothing."""
    shown = d.kind != "class" and own_params(d) and len(d.signature) <= 120
    return f"It is declared as `{d.signature}`." if shown else ""


def _import(view: FullView, ask: str, d: Definition) -> Piece | None:
    """The line that imports it, and where the definition is; None where nobody can or should."""
    module = view.imported_from(d)
    if not module or view.deprecated(d):
        return None
    code = f"```python\nfrom {module} import {d.name}\n```"
    by = "" if module == d.module else f" `{module}` re-exports it."
    private = any(part.startswith("_") and not part.endswith("__") for part in module.split("."))
    by += f" The underscore in `{module}` marks that module as internal." if private else ""
    return Piece(ask, paragraphs(code, f"It is defined in `{d.path}`, line {d.lines[0]}.{by}"), d)


def _definition(view: FullView, question: Question) -> Definition | None:
    """What a question of the probe is about."""
    extra = question.source.model_extra or {}
    file = view.code.files.get(extra.get("path", ""))
    found = [d for d in file.definitions if list(d.lines) == list(extra.get("lines", ()))] if file else []
    return found[0] if found else None
