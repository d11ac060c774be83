"""Exceptions: where one of the code base is raised."""

import ast
import builtins
import random

from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    is_error,
    joined,
    paragraphs,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
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
