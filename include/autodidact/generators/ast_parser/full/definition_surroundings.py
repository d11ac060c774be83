"""What a developer asks of the parts around a definition: imports, tests, chains of calls."""

import ast
import random
import re
from typing import NamedTuple

from autodidact.generators.ast_parser.full.calls_on_every_way import always_called
from autodidact.generators.ast_parser.full.class_answers import does_nothing
from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView, paragraphs, stated
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.model_calls import aside
from autodidact.generators.ast_parser.full.real_calls_of_definition import is_to_fail, no_model
from autodidact.generators.ast_parser.full.tests_of_definition import own_file, own_tests
from autodidact.sources.code.file_analysis import Definition

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def imports(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The line that imports a public definition: from the package that re-exports it, where one does."""
    module = view.public_module(d) if d.public and not d.test else ""
    if not module:
        return None
    text = f"from {module} import {d.name}"
    same = next((found for found in _statements(view, d) if found.text == text), None)
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
    seen = f"`{module}` re-exports it."
    if same:
        # Other names, or a comment, may stand in the same line.
        how = "just so" if same.alone else f"from `{module}` too,"
        seen = f"`{same.path}` imports it {how} in line {same.line}."
    tail = f"{view.plain(d)} is defined in `{d.path}`. {seen}"
    head = f"{view.placed(d)} is imported like this:" if rng.random() < 0.5 else ""
    return Piece(rng.choice(asks), paragraphs(head, fence, seen if head else tail), d, core=fence)


class _Statement(NamedTuple):
    """A line that imports a definition, as it would be for this name alone. `alone`: whether it is written
    so.
    """

    text: str
    path: str
    line: int
    alone: bool


def _statements(view: FullView, d: Definition) -> list[_Statement]:
    """Absolute `from ... import` lines of other files that bring a definition."""
    found = []
    for path, file in view.code.files.items():
        target = file.imports.get(d.name)
        if target is None or target.name != d.name or target.level or file.test or path == d.path:
            continue
        if aside(path):
            continue
        if view.code.resolve(path, d.name) is not d:
            continue
        tree, lines = view.texts.tree(path), view.texts.lines(path) or []
        for node in tree.body if tree else ():
            if not isinstance(node, ast.ImportFrom) or node.module != target.module:
                continue
            if any(alias.name == d.name and not alias.asname for alias in node.names):
                text = f"from {node.module} import {d.name}"
                alone = lines[node.lineno - 1].strip() == text
                found.append(_Statement(text, path, node.lineno, alone))
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
    way = way or rng.choice(("which", "there"))
    # What calls it on the way to something else is no test of it.
    named = [t for t in tests if _is_named_after(t, d)]
    tests = sorted(named or tests, key=lambda t: t.lines[1] - t.lines[0])
    # Of a class every test of its methods makes one.
    if not named and (way == "which" or d.kind == "class"):
        return None
    model = rng.choice(tests[:3])
    shown = view.texts.definition(model)
    if shown is None or len(shown.text.split("\n")) > 20:
        return None
    # One that is in part about what fails is none to start from.
    if way == "which" and re.search(r"\b(raises|assertRaises\w*|warns)\(", shown.text):
        return None
    ask, lead = _test_words(view, d, model, way, rng)
    return Piece(
        ask,
        paragraphs(lead, shown.fenced),
        d,
        path=model.path,
        lines=(shown.first, shown.last),
        core=shown.fenced,
    )


def _is_named_after(test: Definition, d: Definition) -> bool:
    """Whether a test has the name of a definition in its own, its class's or its file's."""
    words = [word.lower() for word in _WORD.findall(f"{test.path} {test.qualname}")]
    # Whole words: `Env` is not in `test_environs`, `MultiDict` is in `test_multidict`.
    starts = range(len(words))
    runs = {"".join(words[start:end]) for start in starts for end in range(start + 1, len(words) + 1)}
    name = d.name.replace("_", "").lower()
    return name in runs or f"{name}s" in runs


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
    # Under another name, the line would not show the call.
    if one and not re.search(rf"\b{re.escape(middle.name)}\b", one[1].text):
        return None
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
    does = stated(f"`{last.name}`", end) if end and rng.random() < 0.5 else ""
    say = paragraphs(lead, f"{first}:\n\n{one[1].fenced}", f"{second}{where}:\n\n{two[1].fenced}", does)
    return Piece(ask, say, d, "reasoning")
