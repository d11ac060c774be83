"""Exceptions: where one of the code base is raised, and what a traceback means."""

import ast
import builtins
import random
import re

from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    is_error,
    joined,
    paragraphs,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, own_nodes
from autodidact.generators.ast_parser.full.real_calls_of_definition import uses
from autodidact.generators.ast_parser.full.return_branches import outcomes
from autodidact.generators.ast_parser.full.shown_code_questions import PLAIN, shown_function
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition


def is_exception(view: FullView, d: Definition) -> bool:
    """Whether a class is an exception, also through classes of this code base."""
    return d.kind == "class" and any(map(is_error, view.code.names.order(d)))


def raisers(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Where an exception of the code base is raised."""
    if d.kind != "class" or d.test:
        return None
    found, below = _raising(view, d), view.below(d)
    of_heirs = {heir: raising for heir in below if (raising := _raising(view, heir))}
    if not len(found) >= 1 or len(found) + sum(map(len, of_heirs.values())) > 8:
        return None
    first = _raise_of(view, rng.choice(found), d)
    if first is None:
        return None
    where, shown = first
    asks = [
        f"Where does {view.name(d)} come from? It is in our logs.",
        f"Which code raises {view.name(d)}?",
        f"{view.name(d)}: when is it raised, and where?",
    ]
    lead = view.does(d)
    places = f"I find it raised in {view.spread(found)}."
    return Piece(
        rng.choice(asks),
        paragraphs(
            joined(lead, places),
            f"In `{where.qualname}`:\n\n{shown}",
            joined(_heirs_too(view, d, of_heirs), _caught(view, d)),
        ),
        d,
    )


def _raising(view: FullView, d: Definition) -> list[Definition]:
    """What raises this exception itself, outside the tests."""
    return [
        other
        for other, name in view.raising.get(d.name, ())
        if not other.test and view.code.resolve(other.path, name) is d
    ]


def _heirs_too(view: FullView, d: Definition, of_heirs: dict[Definition, list[Definition]]) -> str:
    """Where its subclasses are raised, which an `except` of it catches as well."""
    parts = [f"`{heir.qualname}` in {view.spread(places)}" for heir, places in of_heirs.items()]
    if not parts:
        return ""
    kinds = "a subclass that is raised too:" if len(parts) == 1 else "subclasses that are raised too:"
    return f"`except {d.name}` also catches {kinds} {listing(parts)}."


def _raise_of(view: FullView, where: Definition, error: Definition) -> tuple[Definition, str] | None:
    """The place that raises, with the condition around the statement where that is short."""
    node = view.texts.function(where)
    branches = [one for one in ast.walk(node) if isinstance(one, ast.If)] if node else []
    for outer in branches:
        for statement in outer.body:
            if isinstance(statement, ast.Raise) and statement.exc and error.name in ast.dump(statement.exc):
                shown = view.texts.shown(where.path, outer.lineno, statement.end_lineno or 0)
                if shown and shown.text.startswith("if ") and len(shown.text.split("\n")) <= 8:
                    return where, shown.fenced
    for inner in ast.walk(node) if node else ():
        if isinstance(inner, ast.Raise) and inner.exc and error.name in ast.dump(inner.exc):
            shown = view.texts.shown(where.path, inner.lineno, inner.end_lineno or 0)
            if shown and len(shown.text.split("\n")) <= 6:
                return where, shown.fenced
    return None


def _exception(name: str) -> bool:
    """Whether a class of that name, from outside the code, is an exception."""
    kind = getattr(builtins, name, None)
    known = isinstance(kind, type) and issubclass(kind, BaseException)
    return known or name.endswith(("Error", "Exception", "Warning"))


def _caught(view: FullView, d: Definition) -> str:
    """By which other `except` it is caught."""
    # A mixin or `Generic` is nothing that an `except` may name.
    above = [f"`{base.name}`" for base in view.code.names.order(d)[1:] if is_error(base)]
    plain = [f"`{base}`" for base in d.bases if view.code.names.outside(d.path, base) and _exception(base)]
    found = list(dict.fromkeys([*above, *plain]))[:4]
    if not found or found == ["`Exception`"]:
        return ""
    if found == ["`BaseException`"]:
        return f"As `{d.name}` derives from `BaseException` alone, `except Exception` does not catch it."
    return f"As `{d.name}` derives from {listing(found)}, `except {found[0].strip('`')}` catches it too."


def traceback(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The end of a traceback, and what led there by the lines of the function."""
    found = shown_function(view, d) if d.raises and not d.test and PLAIN.issuperset(d.decorators) else None
    known = found and _direct_raise(view, d, found[0].body)
    real = (u for u in uses(view, view.texts, d, rng) if u.caller.kind != "module" and not u.caller.test)
    use = next(real, None)
    if not found or not known or use is None or "\n" in use.shown.text:
        return None
    # There it may be caught, and something else be raised.
    if _tried(view.texts.function(use.caller), use.shown.first):
        return None
    node, test, when = known
    error = view.texts.expression(d.path, node.exc) if node.exc else None
    last = _last_line(view, d, error or "")
    reading = view.tools.read_file(d.path, found[1].first, found[1].last)
    if error is None or last is None or not reading:
        return None
    text = (
        f'  File "{use.caller.path}", line {use.shown.first}, in {use.caller.name}\n    {use.shown.text}\n'
        f'  File "{d.path}", line {node.lineno}, in {d.name}\n    raise {error}\n{last}'
    )
    kind = error.partition("(")[0]
    asks = [
        "This is the end of a traceback from production. What went wrong?",
        f"Why do I get `{kind}` here?",
        "Can you make sense of this traceback?",
        "Which condition leads to this?",
    ]
    say = paragraphs(
        f"`{d.name}` raises `{kind}` in line {node.lineno} of `{d.path}` when {when}:",
        f"```python\nif {test}:\n    raise {error}\n```",
    )
    ask = f"{rng.choice(asks)}\n\n```\n{text}\n```"
    return Piece(ask, say, d, "reasoning", reading=reading, lines=(found[1].first, found[1].last))


def _tried(caller: Function | None, number: int) -> bool:
    """Whether a line stands in a `try` that catches something."""
    tries = [one for one in ast.walk(caller) if isinstance(one, (ast.Try, ast.TryStar))] if caller else []
    return any(one.handlers and one.lineno <= number < one.handlers[0].lineno for one in tries)


def _last_line(view: FullView, d: Definition, error: str) -> str | None:
    """How Python ends the traceback of an exception that is raised with a constant message or none."""
    kind, _, rest = error.partition("(")
    message = re.fullmatch(r"(['\"])([^'\"\\{}%]+)\1\)", rest)
    target = view.code.resolve(d.path, kind)
    if not message and rest not in ("", ")") or target is None and not hasattr(builtins, kind):
        return None
    name = f"{target.module}.{target.qualname}" if target else kind
    return f"{name}: {message[2]}" if message else name


def _direct_raise(view: FullView, d: Definition, body: list[ast.stmt]) -> tuple[ast.Raise, str, str] | None:
    """A `raise` that is all that an `if` does: the statement, the test, and in words all that must hold for
    it to be reached.
    """

    def say(part: ast.AST) -> str | None:
        return view.texts.expression(d.path, part)

    ways = outcomes(body, say) or []
    by_line = {way.line: way for way in ways if way.kind == "raise"}
    for statement in own_nodes(body):
        inner = statement.body[0] if isinstance(statement, ast.If) else None
        if (
            not isinstance(statement, ast.If)
            or not isinstance(inner, ast.Raise)
            or inner.lineno not in by_line
        ):
            continue
        guards = by_line[inner.lineno].guards
        test = say(statement.test)
        if test and len(guards) <= 3 and all(guard.kind in ("if", "else") for guard in guards):
            words = [f"({g.words})" if " or " in g.words and len(guards) > 1 else g.words for g in guards]
            return inner, test, listing(words)
    return None
