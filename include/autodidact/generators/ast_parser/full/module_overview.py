"""What is in a module: what its docstring says, and every public name that it defines."""

import random

from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    paragraphs,
    quoted,
    thing,
)
from autodidact.generators.ast_parser.full.docstring_parts import read_doc
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.names_in_file import SourceFile

# Definitions whose docstrings are quoted, and other public names that are listed.
MOST = 9
NAMES = 10
# Files that are named as importing it.
FILES = 4


def module(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What a file is for and what is in it, asked with its first definition; None where the docstrings say
    little of what is in it.
    """
    file = view.code.files[d.path]
    names = file.defined()
    if file.definitions[0] is not d or file.test or names is None:
        return None
    tops = [m for m in file.first.values() if m.owner is None and m.name[0] != "_"]
    summed_up = [(m, text) for m in tops if (text := view.first_sentence(m))][:MOST]
    constants = [name for name in names if name.isupper() and name not in file.first]
    shown = {m.name for m, _ in summed_up}
    rest = [m.name for m in tops if m.name not in shown]
    # Who asks what is in it has to hear all of it, and a few docstrings are not what it is about.
    if len(summed_up) < max(2, len(rest)) or len(rest) + len(constants) > NAMES:
        return None
    summary = read_doc(view.texts.module_docstring(d.path)).summary
    asks = [f"What lives in `{d.path}`?", f"I just opened `{d.path}`. What does it define?"]
    if summary:
        asks += [f"Summarise `{d.path}` for me.", f"`{d.path}`: what is that module about?"]
    lines = "\n".join(f"- `{m.name}` ({thing(m)}): {text}" for m, text in summed_up)
    head = f"{'Public' if summary else f'`{d.path}` defines these public'} {_kinds(summed_up)}"
    more = [f"`{name}`" for name in (*rest, *constants)]
    return Piece(
        rng.choice(asks),
        paragraphs(
            f"The module's docstring says: {quoted(summary)}" if summary else "",
            f"{head}, by their docstrings:\n\n{lines}",
            f"It also defines {listing(more)}." if more else "",
            _importers(view, file),
        ),
        d,
        lines=(1, max(x.lines[1] for x in file.definitions)),
    )


def _kinds(found: list[tuple[Definition, str]]) -> str:
    kinds = {m.kind == "class" for m, _ in found}
    return "classes and functions" if len(kinds) > 1 else "classes" if True in kinds else "functions"


def _importers(view: FullView, file: SourceFile) -> str:
    """A sentence on the files that import it, without the tests."""
    importers = view.code.importers(file)
    real = [f"`{other.path}`" for other in importers.run if not other.test]
    if not real or file.opens_package:
        return ""
    more = len(real) > FILES or any(not other.test for other in importers.typing)
    # Tests that import it are not named.
    begins = "Outside the tests, it" if any(other.test for other in importers.run) else "It"
    return f"{begins} is imported by {listing(real[:FILES])}{' among others' if more else ''}."
