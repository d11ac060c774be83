"""Questions on the way to a change: two definitions compared."""

import ast
import random
import re

from autodidact.generators.ast_parser.codebase_for_questions import MAX_SIGNATURE
from autodidact.generators.ast_parser.full.class_answers import signatures_of
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    joined,
    own_params,
    paragraphs,
    quoted,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.file_texts_and_trees import own_nodes
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition

_STARRED = re.compile(r"(?<![\w*])\*{1,2}[A-Za-z_]\w*")


def compare(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Two functions of one name, or of one class with like names: what sets them apart."""
    if d.kind == "class" or d.test or d.name.startswith("__") or not view.does(d):
        return None
    other = _like(view, d, rng)
    if other is None or max(len(d.signature), len(other.signature)) > MAX_SIGNATURE:
        return None
    if d.owner != other.owner and d.signature == other.signature and d.kind == other.kind:
        return None
    one, two = view.plain(d), view.plain(other)
    asks = [
        f"What's the difference between {one} and {two}?",
        f"In what do {one} and {two} differ?",
        f"Compare {one} ({d.path}) with {two} ({other.path}).",
    ]
    said = [view.does(d), view.does(other)]
    if said[0].removeprefix(one) == said[1].removeprefix(two):
        said = [f"The docstrings of {one} and {two} say the same: {quoted(view.doc(d).summary)}"]
    code = signatures_of(d, other)
    apart = _apart(view, d, other)
    if len(said) == 1 and not apart:
        return None
    same = "" if apart else "Their parameters are the same."
    return Piece(rng.choice(asks), paragraphs("\n\n".join(said), code, apart or same), d, "reasoning")


def _like(view: FullView, d: Definition, rng: random.Random) -> Definition | None:
    """Another function that is easily taken for this one."""
    here = view.code.files[d.path]
    pool = [
        x for x in here.definitions if x.kind != "class" and x is not d and x.qualname not in here.repeated
    ]
    same = [x for x in pool if x.name == d.name and view.does(x) and x.qualname != d.qualname]
    near = [x for x in pool if x.owner == d.owner and x.public and view.does(x) and _alike(x.name, d.name)]
    near = [x for x in near if {*own_params(x)} & {*own_params(d)}]
    # A prefix of many (`cmd_`) says nothing of likeness.
    found = same or (near if len(near) <= 3 else [])
    return rng.choice(found) if found else None


def _alike(one: str, other: str) -> bool:
    """Whether two names are easily confused: one goes on where the other ends, or two parts are the same."""
    parts, others = one.strip("_").split("_"), other.strip("_").split("_")
    same = next((n for n, pair in enumerate(zip(parts, others, strict=False)) if pair[0] != pair[1]), 99)
    return same >= min(2, len(parts), len(others))


def _apart(view: FullView, d: Definition, other: Definition) -> str:
    """What sets two signatures apart, in sentences."""
    ours = [p for p in own_params(d) if p not in own_params(other)]
    theirs = [p for p in own_params(other) if p not in own_params(d)]
    parts = []
    for names, owner in ((ours, d), (theirs, other)):
        if names:
            be = "is" if len(names) == 1 else "are"
            parts.append(f"{listing(f'`{p}`' for p in names)} {be} in `{owner.qualname}` alone")
    text = f"{', while '.join(parts)}." if parts else ""
    both = [p for p in d.defaults if p in other.defaults and d.defaults[p] != other.defaults[p]]
    values = [
        f"`{p}` is `{d.defaults[p]}` in the first and `{other.defaults[p]}` in the second" for p in both
    ]
    differs = f"Left out, {listing(values)}." if values else ""
    more = []
    for one, two in ((d, other), (other, d)):
        optional = [f"`{p}`" for p in one.defaults if p in two.params and p not in two.defaults]
        rest = [f"`{p}`" for p in _STARRED.findall(one.signature) if p not in _STARRED.findall(two.signature)]
        if optional:
            more.append(f"{listing(optional)} may be left out in `{one.qualname}` alone.")
        if rest:
            more.append(f"`{one.qualname}` also takes {listing(rest)}.")
    waiting = next((x for x in (d, other) if x.kind == "async function"), None)
    body = view.texts.function(waiting) if waiting and not waiting.decorators else None
    yields = (
        any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own_nodes(body.body)) if body else True
    )
    if waiting and d.kind != other.kind and not yields:
        more.append(f"`{waiting.qualname}` is asynchronous and has to be awaited, the other one is not.")
    return joined(text, differs, *more)
