"""What a developer asks of the parts around a definition: class hierarchies, modules, imports, tests, chains
of calls.
"""

import ast
import random

from autodidact.generators.ast_parser.code_view import MAX_SIGNATURE
from autodidact.generators.ast_parser.full_docs import read_doc
from autodidact.generators.ast_parser.full_piece import Piece
from autodidact.generators.ast_parser.full_view import FullView, about, joined, paragraphs, quoted, thing
from autodidact.generators.writing.wording import listing
from autodidact.sources.code.analysis import Definition
from autodidact.sources.documents.sentences import sentences

# Members of a class or a module that are listed.
MOST = 7


def first_sentence(view: FullView, d: Definition) -> str:
    """What its docstring says first; "" without one, or where that is long."""
    text = next(iter(sentences(view.doc(d).summary)), "")
    return text if len(text) <= 140 else ""


def tour(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A class: its purpose, its bases, what it overrides and what it adds."""
    if d.kind != "class" or d.test or d.hidden_bases:
        return None
    methods = [m for m in view.code.members(d) if m.kind != "class" and m.name[0] != "_"]
    described = [(m, first_sentence(view, m)) for m in methods]
    told = [(m, text) for m, text in described if text][:MOST]
    if len(told) < 2:
        return None
    name = view.name(d)
    asks = [
        f"Give me a tour of the class {name}.",
        f"What is {name} responsible for? I mean the class in `{d.path}`.",
        f"I have to work on {name} tomorrow. Which of its methods matter?",
        f"{name} in `{d.path}`: what does it inherit and what does it do itself?",
        f"Summarise {name} for somebody who has never opened `{d.path}`.",
        f"What can I do with a {name} object?",
    ]
    lead = view.does(d) or f"{name} is a class in `{d.path}`."
    members = "\n".join(
        f"- `{m.name}`{'' if thing(m) != 'property' else ' (a property)'}: {text}" for m, text in told
    )
    rest = [m for m in methods if m.name not in {t.name for t, _ in told}]
    heads = ["In its own docstrings' words:", "Its methods, by their docstrings:", "What it offers:"]
    also = f"It also defines {listing(f'`{m.name}`' for m in rest)}." if 1 <= len(rest) <= 6 else ""
    return Piece(
        rng.choice(asks),
        paragraphs(joined(lead, _bases(view, d)), f"{rng.choice(heads)}\n\n{members}", also),
        d,
    )


def _bases(view: FullView, d: Definition) -> str:
    """A sentence on what a class inherits from, and what it overrides of that."""
    if not d.bases or d.bases == ("object",):
        return ""
    known = view.code.bases(d)
    named = [f"`{b.qualname}` (`{b.path}`)" if b.path != d.path else f"`{b.qualname}`" for b in known]
    if len(known) < len(d.bases):
        named = [f"`{base}`" for base in d.bases]
    own = {m.name for m in view.code.members(d)}
    above = {m.name for base in view.code.names.order(d)[1:] for m in view.code.members(base)}
    both = [f"`{one}`" for one in own & above if one[0] != "_"]
    text = f"It derives from {listing(named)}"
    return (
        f"{text} and overrides {listing(sorted(both))} of what it inherits."
        if 1 <= len(both) <= 6
        else f"{text}."
    )


def override(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A method and the one that it replaces: signatures, and whether it calls that."""
    if (
        not d.owner
        or d.kind == "class"
        or d.test
        or d.name.startswith("__")
        or len(d.signature) > MAX_SIGNATURE
    ):
        return None
    holder = view.code.files[d.path].first.get(d.owner)
    above = view.code.names.order(holder)[1:] if holder and holder.kind == "class" else []
    found = [m for base in above for m in view.code.members(base) if m.name == d.name and m.kind != "class"]
    if not found or found[0].qualname in view.code.files[found[0].path].repeated:
        return None
    base, function = found[0], view.texts.function(d)
    if function is None or not base.signature or len(base.signature) > MAX_SIGNATURE:
        return None
    name, old = view.name(d), f"`{base.qualname}`"
    asks = [
        f"How does {name} differ from the method that it overrides?",
        f"Does {name} replace {old}, or extend it?",
        f"`{d.owner}` has its own `{d.name}`. What about the inherited one?",
        f"If I call `{d.name}` on a `{d.owner}`, does the code of {old} still run?",
        f"{name} vs. {old}: same signature?",
    ]
    calls_it = any(call == f"super:{d.name}" or call.endswith(f"{base.owner}.{d.name}") for call in d.calls)
    mentions = view.mentions(d, "super") or view.mentions(d, base.owner or "")
    if not calls_it and mentions:
        return None
    run = (
        f"It extends {old}: its body calls the inherited method, so that code runs as well."
        if calls_it
        else f"It replaces {old} (`{base.path}`): its body does not call `super()`, so that code is not run."
    )
    same = d.signature == base.signature and thing(d) == thing(base)
    signatures = (
        f"Both are declared as `{d.signature}`."
        if same
        else f"The signatures differ:\n\n{signatures_of(base, d)}"
    )
    said = view.does(d)
    parts = [run, signatures, said] if same or rng.random() < 0.6 else [said, run, signatures]
    flat = joined(*parts) if same else paragraphs(*parts)
    return Piece(rng.choice(asks), flat, d, "reasoning")


def signatures_of(*found: Definition) -> str:
    """Signatures in a fence, each below the name that it belongs to."""
    lines = [line for d in found for line in (f"# {d.qualname}", d.signature)]
    return "```python\n" + "\n".join(lines) + "\n```"


def module(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What a file is for and what is in it, asked with its first definition."""
    file = view.code.files[d.path]
    if file.definitions[0] is not d or file.test:
        return None
    tops = [m for m in file.first.values() if m.owner is None and m.name[0] != "_"]
    told = [(m, text) for m in tops if (text := first_sentence(view, m))][:MOST]
    summary = _module_doc(view, d.path)
    if len(told) < 2:
        return None
    asks = [
        f"What lives in `{d.path}`?",
        f"Is `{d.path}` the right place to look? What is in there?",
        f"Summarise `{d.path}` for me.",
        f"`{d.path}`: what is that module about and where do I start reading?",
        f"I just opened `{d.path}`. What are its main parts?",
    ]
    lines = "\n".join(f"- `{m.name}` ({thing(m)}): {text}" for m, text in told)
    lead = (
        f"The module's docstring says: {quoted(summary)}"
        if summary
        else f"`{d.path}` is the module `{file.module}`."
    )
    heads = ["Its main definitions:", "To start with:", "What it defines, by the docstrings:"]
    importers = view.code.importers(file)
    real = [f"`{other.path}`" for other in importers.run if not other.test]
    users = (
        f"It is imported by {listing(real[:4])}{' among others' if len(real) > 4 else ''}."
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
    """The line that imports a public definition, as other files have it."""
    if d.owner or d.test or not d.public or view.modules[d.module] != 1:
        return None
    found = _statements(view, d)
    if not found:
        return None
    text, path, line = rng.choice(found[:4])
    name = view.name(d)
    asks = [
        f"What's the import line for {name}?",
        f"From which module do I import {name}?",
        f"NameError on {name}. What do I have to import?",
        f"How do other modules get at {name}?",
        f"I want to use {name} in a new module. Where does it come from?",
    ]
    fence = f"```python\n{text}\n```"
    if not text.split()[1].endswith(d.module.rpartition(".")[2]):
        tail = f"That line is in `{path}`. Its module passes the name on; the definition is in `{d.path}`."
        return Piece(rng.choice(asks), paragraphs(fence, joined(tail, view.does(d))), d, core=fence)
    head = f"{view.placed(d)} is imported like this:"
    tail = f"`{path}` imports it just so in line {line}."
    if rng.random() < 0.5:
        return Piece(
            rng.choice(asks),
            paragraphs(fence, f"{view.plain(d)} is defined in `{d.path}`. {tail}"),
            d,
            core=fence,
        )
    return Piece(rng.choice(asks), paragraphs(head, fence, joined(tail, view.does(d))), d, core=fence)


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
    """Where a test of it goes, with one that exists to copy from. `way`: whether it is asked where a test
    belongs ("where"), which there are ("which") or whether there is one ("there"); "" any of these.
    """
    known = view.callers(d) if not d.test and d.public and d.kind != "module" else None
    tests = [t for t in known.tests if t.name.startswith("test")] if known else []
    if not tests:
        return None
    tests = sorted(tests, key=lambda t: t.lines[1] - t.lines[0])
    model = rng.choice(tests[:3])
    shown = view.texts.definition(model)
    if shown is None or len(shown.text.split("\n")) > 20:
        return None
    name, test = view.name(d), f"`{model.qualname}`"
    asks = {
        "where": [
            f"I fixed a bug in {name}. Where do I put the test?",
            f"Need a regression test for {view.placed(d)}. Where does it belong?",
            f"In which file would a new test of {name} go?",
        ],
        "which": [
            f"Which tests cover {name}? I want to add one.",
            f"How is {name} tested? Show me one I can copy from.",
        ],
        "there": [f"Is there a test that exercises {name} directly?", f"Does anything test {name}?"],
    }
    leads = {
        "where": [
            f"In `{model.path}`, beside {test}, which calls it already:",
            f"`{model.path}` is the place. {test} is short enough to copy:",
        ],
        "which": [
            f"{test} in `{model.path}` calls it directly:",
            f"A short one is {test} in `{model.path}`:",
        ],
        "there": [f"Yes, {test} in `{model.path}` calls it:", f"Yes: {test}, in `{model.path}`."],
    }
    way = way or rng.choice(("where", "where", "which", "there"))
    ask, lead = rng.choice(asks[way]), rng.choice(leads[way])
    same = [t for t in tests if t.path == model.path]
    names = listing(f"`{t.qualname}`" for t in same[:4])
    calls = "calls" if len(same) == 1 else "call"
    more = f"Of the tests there, {names} {calls} `{d.name}`." if len(same) > 1 else ""
    command = f"```\npytest {model.path} -k {model.name}\n```" if view.pytest and rng.random() < 0.4 else ""
    return Piece(
        ask,
        paragraphs(lead, shown.fenced, more, command),
        d,
        path=model.path,
        lines=(shown.first, shown.last),
        core=shown.fenced,
    )


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
        if last is not d and last not in direct and last.name != middle.name
    ]
    if not steps:
        return None
    middle, last = rng.choice(steps)
    one = view.texts.statement(d.path, view.code.line_of(d, middle))
    two = view.texts.statement(middle.path, view.code.line_of(middle, last))
    if not one or not two or max(len(s.text.split("\n")) for _, s in (one, two)) > 5:
        return None
    asks = [
        f"How does {view.name(d)} end up in {view.name(last)}?",
        f"A breakpoint in {view.name(last)} fires when I run {view.name(d)}. By which way?",
        f"I'm changing {view.name(last)}. Does {view.name(d)} notice?",
        f"Trace the call from {view.name(d)} to {view.name(last)} for me.",
    ]
    first = f"`{d.qualname}` (`{d.path}`) calls `{middle.qualname}`"
    second = (
        f"`{middle.qualname}` (`{middle.path}`) calls `{last.qualname}`"
        if middle.path != d.path
        else f"`{middle.qualname}`, in the same file, calls `{last.qualname}`"
    )
    end = first_sentence(view, last)
    say = paragraphs(
        rng.choice(
            [
                f"By way of `{middle.qualname}`.",
                f"`{middle.qualname}` is the link between the two.",
                f"In two steps, through `{middle.qualname}`.",
            ]
        ),
        f"{first}:\n\n{one[1].fenced}",
        f"{second}, which is defined in `{last.path}`:\n\n{two[1].fenced}",
        about(f"`{last.name}`", end, False) if end and rng.random() < 0.5 else "",
    )
    return Piece(rng.choice(asks), say, d, "reasoning")
