"""How a definition is called in the code base: a real call, and which argument goes to which parameter."""

import ast
import random
import re
from functools import lru_cache
from typing import NamedTuple

from autodidact.generators.ast_parser.codebase_for_questions import CodeView
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Shown, Texts
from autodidact.sources.code.calls import dotted
from autodidact.sources.code.file_analysis import Definition

# Words in a test, or in its call, that say that the call is no example to follow.
_NO_MODEL = re.compile(
    r"mock|bogus|invalid|error|exception|raises|fails?\b|bad|encod|quot|escap|odd|weird|edge|various|empty"
    r"|assertion|assert not|incorrect|wrong|missing|malformed|unexpected|illegal|broken|unknown|\bnot an?\b",
    re.IGNORECASE,
)
_WAITS = re.compile(r"raises|warns", re.IGNORECASE)


class Use(NamedTuple):
    """A call of a definition: who makes it, the statement around it, and the call itself."""

    caller: Definition
    shown: Shown
    call: ast.Call


class Arguments(NamedTuple):
    """`given`: parameter -> the text of its argument. `left`: parameter -> its default, of those without an
    argument. `starred`: whether there may be more arguments than are written. `passed_on`: keywords that are
    no parameters and go into the one with two stars, which is called `rest`.
    """

    given: dict[str, str]
    left: dict[str, str]
    starred: bool
    passed_on: list[str]
    rest: str


def uses(view: CodeView, texts: Texts, d: Definition, rng: random.Random, most: int = 6) -> list[Use]:
    """Some real calls of a definition, those outside tests first; in statements that can be shown."""
    known = view.code.callers(d)
    if not known:
        return []
    callers = rng.sample(known[0], len(known[0]))
    found = []
    for caller in sorted(callers, key=lambda one: one.test)[:most]:
        number = view.code.line_of(caller, d)
        statement = texts.statement(caller.path, number)
        call = statement and _call_of(statement[0], number, {*view.code.names_of(d.name)}, d)
        # A call with stand-ins shows nothing of what is passed, one that is to fail is no model.
        stands_in = statement and caller.test and _NO_MODEL.search(f"{caller.name} {statement[1].text}")
        fails = caller.test and is_to_fail(texts.function(caller), number)
        # `with_suffix(".шлях")` is a test of what is rare.
        fails = fails or caller.test and statement is not None and not statement[1].text.isascii()
        if statement and call and not stands_in and not fails:
            found.append(Use(caller, statement[1], call))
    return found


def no_model(test: Definition) -> bool:
    """Whether a test is of what goes wrong, by its name."""
    return bool(_NO_MODEL.search(test.name))


def is_to_fail(test: Function | None, number: int) -> bool:
    """Whether a line of a test stands where an exception or a warning is waited for."""
    return any(first <= number <= last for first, last in _waiting(test)) if test else False


@lru_cache(maxsize=1024)
def _waiting(test: Function) -> list[tuple[int, int]]:
    """The first and last lines of its blocks in which an exception or a warning is waited for."""
    return [
        (one.lineno, one.end_lineno or 0)
        for one in ast.walk(test)
        if isinstance(one, ast.With)
        and any(_WAITS.search(ast.unparse(item.context_expr)) for item in one.items)
    ]


def _call_of(statement: ast.stmt, number: int, names: set[str], d: Definition) -> ast.Call | None:
    """The one call by one of these names in a statement; None where there are several or none."""
    if d.name == "__init__":
        return None
    found = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and (dotted(node.func) or _attribute(node.func)).rpartition(".")[2] in names
    ]
    return found[0] if len(found) == 1 and found[0].lineno <= number <= (found[0].end_lineno or 0) else None


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def constructor(view: CodeView, d: Definition) -> Definition | None:
    """The `__init__` that a call of a class runs, where this code base defines it and no `__new__`."""
    order = view.code.names.order(d)
    # A `__new__` further up may make something else, of which no `__init__` is run.
    if any(f"{one.qualname}.__new__" in view.code.files[one.path].first for one in order):
        return None
    for one in order:
        members = view.code.files[one.path].first
        if one.decorators or one.hidden_bases:
            return None
        if found := members.get(f"{one.qualname}.__init__"):
            return found
        if len(view.code.bases(one)) != len(one.bases):
            return None
    return None


def arguments(texts: Texts, use: Use, target: Definition) -> Arguments | None:
    """Which argument of a call goes to which parameter; None where that is not known."""
    function = texts.function(target)
    # `Cart.total(cart)` passes the object itself.
    on = dotted(use.call.func.value) or "" if isinstance(use.call.func, ast.Attribute) else ""
    # A class may be imported under another name.
    on_class = on != "" and (on == target.owner or on.rpartition(".")[2].lstrip("_")[:1].isupper())
    if on_class and not {"staticmethod", "classmethod"} & {*target.decorators}:
        return None
    if function is None or target.decorators and not {"staticmethod", "classmethod"} >= {*target.decorators}:
        return None
    positional = _positional(function, target)
    given: dict[str, str] = {}
    starred = any(isinstance(one, ast.Starred) for one in use.call.args)
    starred |= any(keyword.arg is None for keyword in use.call.keywords)
    for number, value in enumerate(use.call.args):
        text = texts.expression(use.caller.path, value)
        if isinstance(value, ast.Starred):
            break
        # What goes into `*args` has no parameter of its own.
        if text is None or number >= len(positional):
            return None
        given[positional[number]] = text
    names = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
    for keyword in use.call.keywords:
        text = texts.expression(use.caller.path, keyword.value)
        if keyword.arg in names:
            if text is None:
                return None
            given[keyword.arg or ""] = text
    left = {name: value for name, value in target.defaults.items() if name not in given}
    passed_on = [one.arg for one in use.call.keywords if one.arg and one.arg not in names]
    rest = function.args.kwarg.arg if function.args.kwarg else ""
    return Arguments(given, left, starred, passed_on, rest) if rest or not passed_on else None


def _positional(function: Function, target: Definition) -> list[str]:
    """The parameters that a caller passes by position."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    bound = target.owner is not None and "staticmethod" not in target.decorators
    return names[1:] if bound else names
