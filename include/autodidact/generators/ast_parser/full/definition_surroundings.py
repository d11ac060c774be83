"""What a developer asks of the parts around a definition: its module, imports, tests, chains of calls."""

import ast
import random

from autodidact.generators.ast_parser.full.calls_on_every_way import always_called
from autodidact.generators.ast_parser.full.class_answers import does_nothing
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    paragraphs,
    quoted,
    stated,
    thing,
)
from autodidact.generators.ast_parser.full.docstring_parts import read_doc
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.real_calls_of_definition import is_to_fail, no_model
from autodidact.generators.ast_parser.full.tests_of_definition import own_file, own_tests
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition

# Members of a class or a module that are listed.
MOST = 7


def module(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What a file is for and what is in it, asked with its first definition."""
    file = view.code.files[d.path]
    if file.definitions[0] is not d or file.test:
        return None
    tops = [m for m in file.first.values() if m.owner is None and m.name[0] != "_"]
    summed_up = [(m, text) for m in tops if (text := view.first_sentence(m))][:MOST]
    summary = _module_doc(view, d.path)
    if len(summed_up) < 2:
        return None
    asks = [
        f"What lives in `{d.path}`?",
        f"Summarise `{d.path}` for me.",
        f"`{d.path}`: what is that module about?",
        f"I just opened `{d.path}`. What does it define?",
    ]
    lines = "\n".join(f"- `{m.name}` ({thing(m)}): {text}" for m, text in summed_up)
    lead = (
        f"The module's docstring says: {quoted(summary)}"
        if summary
        else f"`{d.path}` is the module `{file.module}`."
    )
    # Those without a docstring are not among them.
    heads = ["Among its definitions:", "From the docstrings of what it defines:"]
    importers = view.code.importers(file)
    real = [f"`{other.path}`" for other in importers.run if not other.test]
    more = len(real) > 4 or any(not other.test for other in importers.typing)
    # Tests that import it are not named.
    begins = "Outside the tests, it" if any(other.test for other in importers.run) else "It"
    users = (
        f"{begins} is imported by {listing(real[:4])}{' among others' if more else ''}."
        if real and not file.opens_package
        else ""
    )
    lines_of = (1, max(x.lines[1] for x in file.definitions))
    return Piece(
        rng.choice(asks), paragraphs(lead, f"{rng.choice(heads)}\n\n{lines}", users), d, lines=lines_of
    )


def _module_doc(view: FullView, path: str) -> str:
    return read_doc(view.texts.module_docstring(path)).summary


def imports(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The line that imports a public definition: from the package that re-exports it, where one does."""
    module = view.public_module(d) if d.public and not d.test else ""
    if not module:
        return None
    text = f"from {module} import {d.name}"
    same = next((found for found in _statements(view, d) if found[0] == text), None)
    if same is None and module == d.module:
        return None
    name = view.name(d)
    asks = [
        f"What's the import line for {name}?",
        f"From which module do I import {name}?",
        f"NameError on {name}. What do I have to import?",
        f"I want to use {name} in a new module. Where does it come from?",
    ]
    fence = f"```python\n{text}\n```"
    seen = f"`{same[1]}` imports it just so in line {same[2]}." if same else f"`{module}` re-exports it."
    tail = f"{view.plain(d)} is defined in `{d.path}`. {seen}"
    head = f"{view.placed(d)} is imported like this:" if rng.random() < 0.5 else ""
    return Piece(rng.choice(asks), paragraphs(head, fence, seen if head else tail), d, core=fence)


def _statements(view: FullView, d: Definition) -> list[tuple[str, str, int]]:
    """(statement, path, line) of absolute `from ... import` lines of other files that bring a definition."""
    found = []
    for path, file in view.code.files.items():
        target = file.imports.get(d.name)
        if target is None or target.name != d.name or target.level or file.test or path == d.path:
            continue
        if view.code.resolve(path, d.name) is not d:
            continue
        tree = view.texts.tree(path)
        for node in tree.body if tree else ():
            if not isinstance(node, ast.ImportFrom) or node.module != target.module:
                continue
            if any(alias.name == d.name and not alias.asname for alias in node.names):
                found.append((f"from {node.module} import {d.name}", path, node.lineno))
        if len(found) >= 4:
            break
    return found


def test_place(view: FullView, d: Definition, rng: random.Random, way: str = "") -> Piece | None:
    """A test that calls it. `way`: whether one is asked for ("which"), or whether there is one ("there"); ""
    either of these.
    """
    known = view.callers(d) if not d.test and d.public and d.kind != "module" else None
    tests = own_tests(view, d, known.tests) if known else []
    tests = [t for t in tests if own_file(view, d, t.path) and not no_model(t)]
    tests = [t for t in tests if not is_to_fail(view.texts.function(t), view.code.line_of(t, d))]
    if not tests:
        return None
    tests = sorted(tests, key=lambda t: t.lines[1] - t.lines[0])
    model = rng.choice(tests[:3])
    shown = view.texts.definition(model)
    if shown is None or len(shown.text.split("\n")) > 20:
        return None
    way = way or rng.choice(("which", "there"))
    ask, lead = _test_words(view, d, model, way, rng)
    return Piece(
        ask,
        paragraphs(lead, shown.fenced),
        d,
        path=model.path,
        lines=(shown.first, shown.last),
        core=shown.fenced,
    )


def _test_words(
    view: FullView, d: Definition, model: Definition, way: str, rng: random.Random
) -> tuple[str, str]:
    """The question for a test of it, and the words that lead to `model`, one that exists."""
    name, test = view.name(d), f"`{model.qualname}`"
    asks = {
        "which": [
            f"Show me a test of {name} that I can copy from.",
            f"I want to write a test of {name}. Is there one to start from?",
        ],
        "there": [f"Is there a test that exercises {name} directly?", f"Does a test call {name}?"],
    }
    leads = {
        "which": [
            f"{test} in `{model.path}` calls it directly:",
            f"A short one is {test} in `{model.path}`:",
        ],
        "there": [f"Yes, {test} in `{model.path}` calls it:", f"Yes: {test}, in `{model.path}`."],
    }
    return rng.choice(asks[way]), rng.choice(leads[way])


def chain(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """How one function comes to call another through a third, with both lines."""
    if d.test or d.kind == "class":
        return None
    direct = view.code.callees(d)
    steps = [
        (middle, last)
        for middle in direct[:8]
        if middle.kind != "class"
        for last in view.code.callees(middle)[:8]
        if last is not d and last.kind != "class" and last not in direct and last.name != middle.name
    ]
    if not steps:
        return None
    middle, last = rng.choice(steps)
    function = view.texts.function(middle)
    # Where a condition decides, this caller may never meet it; what is abstract is not run.
    if function is None or not always_called(function, view.code.names_of(last.name)):
        return None
    if does_nothing(view, last):
        return None
    one = view.texts.statement(d.path, view.code.line_of(d, middle))
    two = view.texts.statement(middle.path, view.code.line_of(middle, last))
    if not one or not two or max(len(s.text.split("\n")) for _, s in (one, two)) > 5:
        return None
    asks = [
        f"How does {view.name(d)} end up in {view.name(last)}?",
        f"A breakpoint in {view.name(last)} fires when I run {view.name(d)}. How can that be?",
        f"Trace a call from {view.name(d)} to {view.name(last)} for me.",
    ]
    ask = rng.choice(asks)
    # Others may lead there as well, as far as their calls can be followed.
    leads = [
        f"One way is by `{middle.qualname}`.",
        f"`{middle.qualname}` is a link between the two.",
        f"In two steps, for example through `{middle.qualname}`.",
    ]
    lead = rng.choice(leads)
    first = f"`{d.qualname}` (`{d.path}`) calls `{middle.qualname}`"
    file = "in the same file" if middle.path == d.path else f"in `{middle.path}`"
    second = f"`{middle.qualname}`, {file}, calls `{last.qualname}`"
    where = "" if last.path == middle.path else f" of `{last.path}`"
    end = view.first_sentence(last)
    does = stated(f"`{last.name}`", end, False) if end and rng.random() < 0.5 else ""
    say = paragraphs(lead, f"{first}:\n\n{one[1].fenced}", f"{second}{where}:\n\n{two[1].fenced}", does)
    return Piece(ask, say, d, "reasoning")
