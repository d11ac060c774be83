"""What depends on a definition: its callers, the methods that override it, who imports it, its tests."""

import ast
import random
import re
from collections.abc import Callable

from autodidact.generators.ast_parser.full.call_examples import uses
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.full_code_view import (
    Callers,
    FullView,
    by_file,
    calls_itself,
    joined,
    paragraphs,
)
from autodidact.generators.ast_parser.full.shown_code_questions import PLAIN
from autodidact.generators.ast_parser.full.tests_of_definition import own_tests
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition

# Callers that are listed.
MOST = 14
# Code that shows how something is used is changed when that changes: nobody asks what hangs on it.
_SHOWN = re.compile(r"(?:^|/)(?:docs?|examples?|samples?|demos?)/", re.IGNORECASE)
# What answers the question whether it can go.
STILL = "Not without changing the code that uses it."


def impact(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Who has to change with it, and which tests cover it."""
    # What another decorator does with it (a route, a task) calls it where no call is written.
    called = PLAIN | {"cached_property"} >= {*d.decorators} or d.kind == "class"
    known = view.callers(d) if called else None
    if (
        known is None
        or d.test
        or _SHOWN.search(d.path)
        or not 1 <= len(known.real) <= MOST
        or d.name.startswith("__")
    ):
        return None
    name, plain = view.name(d), view.plain(d)
    drop = f"Can I drop {name}, or is it still used?"
    asks = [
        f"I want to rename {name}. What has to change with it?",
        f"I'm about to change the signature of {view.placed(d)}. What depends on it?",
        drop,
        f"{name} is going to work differently. Whom do I have to warn?",
        f"What is the blast radius of a change to {name}?",
        f"Who relies on {name}? I'd rather know before I touch it.",
        f"Deprecating {plain} in `{d.path}`: which code would still use it?",
    ]
    if own_tests(view, d, known.tests):
        asks.append(f"Planning a refactoring of {plain} ({d.path}). Callers and tests, please.")
    head = _head(view, d, known, rng)
    tests = covered(view, d, known.tests, rng)
    named = without_call(view, d, known.real) if d.owner is None else []
    also = f"It is also named without a call in {view.spread(named[:5])}" if named else ""
    also += (", among other places." if len(named) > 5 else ".") if named else ""
    if d.kind == "class" and (inner := called_inside(view, d, known.real)):
        more = ", among other places" if len(inner) > 5 else ""
        also = joined(f"It is also called inside {view.spread(inner[:5])}{more}, in a nested function.", also)
    hedged = hedge(view, d, known.whole, rng, bool(known.tests)) if not named else ""
    # Its own calls are to be changed with it; where all calls are known, that is said with them.
    itself = "" if hedged and known.whole or not calls_itself(view, d) else "It also calls itself."
    rest = joined(itself, heirs(view, d), also, hedged, exported(view, d))
    ask = rng.choice(asks)
    still = STILL if ask == drop else ""
    return Piece(ask, paragraphs(still, head, rest, tests), d, core=head.split("\n\n")[0])


def _head(view: FullView, d: Definition, known: Callers, rng: random.Random) -> str:
    """Who calls it, with one call where these are few."""
    plain = view.plain(d)
    verb = "instantiates" if d.kind == "class" else "calls"
    calls = uses(view, view.texts, d, rng, most=3) if len(known.real) <= 2 else []
    use = next((u for u in calls if u.caller in known.real), None)
    paths = {c.path for c in known.real}
    if len(known.real) == 1:
        caller = known.real[0]
        who = "the top level" if caller.kind == "module" else f"`{caller.qualname}`"
        where = f"`{caller.path}`"
        one = "is instantiated in one place" if d.kind == "class" else "has one caller"
        head = f"{plain} {one} outside the tests that I can see, {who} in {where}"
        head = f"{head}:\n\n{use.shown.fenced}" if use else f"{head}."
    elif len(paths) == 1:
        these = "these" if known.whole else "at least these"
        head = f"Outside the tests, {these} in `{known.real[0].path}` use {plain}: {_names(known.real)}."
        head = (
            joined(head, "")
            if not use
            else paragraphs(head, f"For example, line {use.shown.first}:", use.shown.fenced)
        )
    else:
        heads = [
            f"The code outside the tests that {verb} {plain}, by file:",
            f"By file, the code that {verb} {plain}, tests aside:",
        ]
        head = f"{rng.choice(heads)}\n\n{by_file(known.real)}"
    return head


def _names(found: list[Definition]) -> str:
    return listing(
        dict.fromkeys(
            "the top level of the module" if d.kind == "module" else f"`{d.qualname}`" for d in found
        )
    )


def heirs(view: FullView, d: Definition) -> str:
    """A sentence on the methods of subclasses that replace a method."""
    if not d.owner or d.kind == "class":
        return ""
    holder = view.code.files[d.path].first.get(d.owner)
    if holder is None or holder.kind != "class":
        return ""
    found = [m for child in view.below(holder) for m in view.code.members(child) if m.name == d.name]
    if not found:
        return ""
    verb = "overrides" if len(found) == 1 else "override"
    more = f", and {len(found) - 4} more," if len(found) > 4 else ""
    return f"{view.spread(found[:4])}{more} {verb} it, so keep the signatures in step."


def exported(view: FullView, d: Definition) -> str:
    """A sentence on a public name that a package hands on: code outside the repository may use it."""
    module = view.imported_from(d) if d.public else ""
    if not module or module == d.module:
        return ""
    return f"`{module}` exports it, so code outside the repository may depend on it too."


def without_call(view: FullView, d: Definition, callers: list[Definition]) -> list[Definition]:
    """The functions outside the tests that name a class without a call of it, as `isinstance` does; those
    that call it as well, be it in a nested function, are left out.
    """
    calling = {*callers, *called_inside(view, d, callers)}
    return [one for one in _naming(view, d, _names_in) if one not in calling]


def called_inside(view: FullView, d: Definition, callers: list[Definition]) -> list[Definition]:
    """The functions outside the tests that are no callers of a class themselves, and hold a call of it: a
    function that they define calls it.
    """
    return [one for one in _naming(view, d, _calls_in) if one not in callers]


def _names_in(tree: ast.Module, name: str) -> set[int]:
    """The lines that have a name."""
    return {n.lineno for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name}


def _calls_in(tree: ast.Module, name: str) -> set[int]:
    """The lines that call it."""
    calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    return {n.lineno for n in calls if isinstance(n, ast.Name) and n.id == name}


def _naming(
    view: FullView, d: Definition, lines_of: Callable[[ast.Module, str], set[int]]
) -> list[Definition]:
    """The functions outside the tests around such lines, but those of the class itself."""
    found: dict[Definition, None] = {}
    for path, file in view.code.files.items():
        if (
            file.test
            or path != d.path
            and (d.name not in file.imports or view.code.resolve(path, d.name) is not d)
        ):
            continue
        tree = view.texts.tree(path)
        for line in sorted(lines_of(tree, d.name)) if tree else ():
            around = [x for x in file.definitions if x.lines[0] <= line <= x.lines[1]]
            inner = max(around, key=lambda x: x.lines[0], default=None)
            if inner and inner.kind != "class" and (inner.path, inner.owner) != (d.path, d.name):
                found[inner] = None
    return [*found]


def covered(view: FullView, d: Definition, tests: list[Definition], rng: random.Random) -> str:
    """A sentence on its own tests that call it, with the command that runs those of one file."""
    found = own_tests(view, d, tests)
    if not found:
        return ""
    path = found[0].path
    shown = [t for t in found if t.path == path][:3]
    names = listing(f"`{t.qualname}`" for t in shown)
    verb = "calls" if len(shown) == 1 else "call"
    text = rng.choice(
        [
            f"On the side of the tests, {names} in `{path}` {verb} it.",
            f"In `{path}`, {names} {verb} it too, so start there:",
            f"Tests to run: {names} in `{path}`.",
        ]
    )
    if view.pytest and (text[-1] == ":" or rng.random() < 0.3):
        tail = " or ".join(dict.fromkeys(t.name for t in shown))
        chosen = tail if " " not in tail else f'"{tail}"'
        return f"{text}\n\n```\npytest {path} -k {chosen}\n```"
    return f"{text[:-1]}." if text[-1] == ":" else text


def hedge(view: FullView, d: Definition, whole: bool, rng: random.Random, tested: bool = False) -> str:
    """How complete a list of callers is. `tested`: whether tests call it, too."""
    name = d.name
    aside = " outside the tests" if tested else ""
    if whole and calls_itself(view, d):
        return f"It also calls itself; I see no further call of it in the Python code{aside}."
    if whole:
        ways = [f"I see no further call in the repository's Python code{aside}.", ""]
        if view.names[name] == 1:
            ways += [
                f"The Python code of the repository{aside} calls `{name}` nowhere else by its name.",
                f"I see no other call by name{aside}. A use of `{name}` without a call would not show up.",
            ]
        return rng.choice(ways)
    return rng.choice(
        [
            f"Treat that as a lower bound: not every call of `{name}` shows which one it means.",
            f"There may be more, as some calls of `{name}` cannot be traced to one definition.",
            f"Also search for `{name}(`: calls on objects of unknown type are not in this list.",
            f"A search for `.{name}(` may turn up calls on objects whose class the source does not show.",
        ][: 4 if d.owner else 3]
    )
