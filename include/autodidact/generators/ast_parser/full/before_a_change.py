"""Questions on the way to a change: two definitions compared, a parameter added, a traceback explained."""

import ast
import random
import re

from autodidact.generators.ast_parser.code_view import MAX_SIGNATURE
from autodidact.generators.ast_parser.full.classes import signatures_of
from autodidact.generators.ast_parser.full.impact import heirs
from autodidact.generators.ast_parser.full.piece import COMMON, Piece
from autodidact.generators.ast_parser.full.text import own_nodes
from autodidact.generators.ast_parser.full.view import (
    FullView,
    article,
    joined,
    own_params,
    paragraphs,
    quoted,
)
from autodidact.generators.writing.wording import listing
from autodidact.sources.code.analysis import Definition

_STARRED = re.compile(r"(?<![\w*])\*{1,2}[A-Za-z_]\w*")
# Parameters that somebody may want to add, with what they are by default.
_NEW = (
    ("timeout", "None"),
    ("strict", "False"),
    ("dry_run", "False"),
    ("verbose", "False"),
    ("retries", "0"),
    ("encoding", '"utf-8"'),
    ("limit", "None"),
)


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
        f"{one} or {two}: which one do I want?",
        f"Why are there both {one} and {two}?",
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


def add_parameter(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The signature with one more keyword, so that no call breaks."""
    function = view.texts.function(d) if not d.test and not d.decorators else None
    if (
        function is None
        or d.name.startswith("__")
        or rng.random() > COMMON
        or not re.fullmatch(r"[^'\"#\\]{10,160}", d.signature)
    ):
        return None
    given = function.args
    name, default = rng.choice(_NEW)
    taken = {a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    if name in taken or view.mentions(d, name):
        return None
    end = _closing(d.signature)
    if end is None:
        return None
    marker = "" if given.vararg or given.kwonlyargs else "*, "
    before, after = d.signature[:end], d.signature[end:]
    if given.kwarg:
        before, found, rest = before.rpartition("**")
        after = f"{found}{rest}{after}"
        new = f"{before}{marker}{name}={default}, {after}"
    else:
        opening = "" if before.endswith("(") else ", "
        new = f"{before}{opening}{marker}{name}={default}{after}"
    asks = [
        f"I want to give {view.name(d)} an optional `{name}`. How do I do that without breaking its callers?",
        f"Add a parameter `{name}` (default `{default}`) to {view.placed(d)}. New signature, please.",
        f"{view.name(d)} needs {article(name)} `{name}` that most callers never set. How would it look?",
    ]
    why = f"As a keyword with a default, `{name}` leaves every existing call valid"
    why += ", and the `*` before it keeps it from being filled by position." if marker else "."
    rest = given.kwarg.arg if given.kwarg else ""
    swallowed = (
        f"Whoever passes `{name}` today finds it in `**{rest}`; from then on it is not there." if rest else ""
    )
    known = view.callers(d)
    callers = [c for c in known.real if c.kind != "module"][:3] if known else []
    users = f"Pass it where it is needed, for example in {view.spread(callers)}." if callers else ""
    step = heirs(view, d).replace("keep the signatures in step", "they need the parameter as well")
    return Piece(
        rng.choice(asks),
        paragraphs(f"```python\n{new}:\n```", joined(why, swallowed), joined(step, users)),
        d,
        "reasoning",
    )


def _closing(signature: str) -> int | None:
    """Where the parenthesis is that closes the parameters."""
    depth = 0
    for place, letter in enumerate(signature):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter == ")":
            return place
    return None
