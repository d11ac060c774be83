"""Questions about a function that is shown: which attributes it sets, and how it has to be called."""

import ast
import random
import re

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView, article, joined
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, own_nodes
from autodidact.generators.ast_parser.full.return_branches import condition
from autodidact.generators.ast_parser.full.shown_code_questions import put, shown_function
from autodidact.sources.code.file_analysis import Definition

_NUMBERS = ("Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


def sets(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Which attributes a method sets, and from what."""
    method = d.owner and not d.test and not {"staticmethod", "classmethod"} & {*d.decorators}
    found = shown_function(view, d) if method else None
    if found is None or not found[0].args.args:
        return None
    node, shown = found
    own = node.args.args[0].arg
    written = _written(view, d, node, own)
    if written is None or not 2 <= len(written) <= 8:
        return None
    parameters = {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
    lines = [
        f"- `{own}.{name}`: {_from(value, parameters)}{f', but only when {when}' if when else ''}"
        for name, (value, when) in written.items()
    ]
    asks = [
        f"Which attributes does the body of `{d.qualname}` assign?",
        f"What does `{d.qualname}` itself set on the object, and where do the values come from?",
        f"List what `{d.qualname}` assigns to `{own}`.",
        f"Which attributes of {article(d.owner or '')} `{d.owner}` does `{d.name}` set?",
    ]
    heads = [
        f"`{d.qualname}` sets these attributes:",
        f"{_NUMBERS[len(written) - 2]} attributes are assigned in `{d.name}`:",
        f"What `{d.qualname}` itself assigns to `{own}`:",
    ]
    return put(view, d, shown, asks, f"{rng.choice(heads)}\n\n" + "\n".join(lines), rng)


def _written(view: FullView, d: Definition, node: Function, own: str) -> dict[str, tuple[str, str]] | None:
    """Attribute -> what is assigned to it, and the condition under which, "" always; None where that cannot
    be said.
    """
    if any(isinstance(one, ast.Return) for one in own_nodes(node.body)):
        return None
    found: dict[str, tuple[str, str]] = {}
    places: dict[int, str] = {id(statement): "" for statement in node.body}
    for statement in node.body:
        if isinstance(statement, ast.If) and not statement.orelse:
            when = condition(statement.test, True, lambda part: view.texts.expression(d.path, part))
            places |= {id(inner): when for inner in statement.body if when}
    for one in own_nodes(node.body):
        if not isinstance(one, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            continue
        targets = one.targets if isinstance(one, ast.Assign) else [one.target]
        for target in targets:
            if not isinstance(target, ast.Attribute) or getattr(target.value, "id", "") != own:
                continue
            plain = not isinstance(one, ast.AugAssign) and id(one) in places
            value = view.texts.expression(d.path, one.value) if plain and one.value else None
            if value is None or target.attr in found:
                return None
            found[target.attr] = value, places[id(one)]
    # In a tuple, a loop or a `with` it is set as well.
    stored = [
        one.attr
        for one in own_nodes(node.body)
        if isinstance(one, ast.Attribute)
        and not isinstance(one.ctx, ast.Load)
        and getattr(one.value, "id", "") == own
    ]
    return found if sorted(stored) == sorted(found) else None


def _from(value: str, parameters: set[str]) -> str:
    if value in parameters:
        return f"the argument `{value}` as it is"
    used = [
        name
        for name in sorted(parameters)
        if re.search(rf"(?<![\w.]){name}\b", value) and name not in ("self", "cls")
    ]
    if used == [value]:
        return f"the argument `{value}`"
    return f"`{value}`"


def awaited(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """How it has to be called, by its kind: property, class method, coroutine, generator."""
    # What is abstract runs the code of a subclass.
    abstract = any("abstract" in one for one in d.decorators)
    found = shown_function(view, d) if not d.test and not abstract else None
    if found is None:
        return None
    node, shown = found
    name, owner = d.name, d.owner or ""
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own_nodes(node.body))
    if d.decorators == ("property",):
        on = f"{article(owner)} `{owner}`"
        say = (
            f"Without parentheses: `{name}` is a property, so reading `obj.{name}` on {on}"
            f" runs this code each time. `obj.{name}()` would call whatever the property returns."
        )
        asks = [
            f"Do I write `.{name}` or `.{name}()`?",
            f"How do I read `{name}` of {article(owner)} `{owner}`?",
        ]
    elif d.decorators == ("classmethod",) and node.args.args:
        first = node.args.args[0].arg
        say = (
            f"`{name}` is a class method, so `{owner}.{name}(...)` works without an instance and `{first}` is"
            f" the class itself. Called on a subclass, `{first}` is that subclass."
        )
        asks = [
            f"How do I call `{name}` without {article(owner)} `{owner}` object?",
            f"What is `{first}` in `{d.qualname}`?",
        ]
    elif d.kind == "async function" and not yields and not d.decorators:
        call = f"await {'obj.' if owner else ''}{name}(...)"
        say = (
            f"`{name}` is declared with `async def`: calling it makes a coroutine object, and its body starts"
            f" when that is awaited, as in `{call}`. From synchronous code you need an event loop, for"
            " example `asyncio.run(...)`."
        )
        asks = [
            f"I called `{name}` and nothing happened. Why?",
            f"Can I use `{name}` from a normal function?",
        ]
    elif yields and d.kind == "function" and not d.decorators:
        say = (
            f"`{name}` contains `yield`, so a call returns a generator and runs none of the body yet. The"
            " code starts with the first `next()`, for example in a `for` loop, and stops at each `yield`"
            " until the next value is asked for."
        )
        asks = [f"Does calling `{name}` run its body at once?", f"What do I get back when I call `{name}`?"]
    else:
        return None
    return put(view, d, shown, asks, joined(say, view.does(d) if rng.random() < 0.6 else ""), rng)
