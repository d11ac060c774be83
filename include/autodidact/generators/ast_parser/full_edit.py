"""Questions on the way to a change: two definitions compared, a parameter added, a traceback explained."""

import ast
import random
import re

from autodidact.generators.ast_parser.code_view import MAX_SIGNATURE
from autodidact.generators.ast_parser.full_branches import condition
from autodidact.generators.ast_parser.full_calls import uses
from autodidact.generators.ast_parser.full_impact import heirs
from autodidact.generators.ast_parser.full_piece import Piece
from autodidact.generators.ast_parser.full_shown import shown_function
from autodidact.generators.ast_parser.full_text import own_nodes
from autodidact.generators.ast_parser.full_view import FullView, joined, paragraphs, quoted, thing
from autodidact.generators.writing.wording import listing
from autodidact.sources.code.analysis import Definition

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
    """Two functions of one name, or of one class with like names: what their signatures and docs set apart."""
    if d.kind == "class" or d.test or d.name.startswith("__") or not view.does(d):
        return None
    other = _like(view, d, rng)
    if other is None or max(len(d.signature), len(other.signature)) > MAX_SIGNATURE:
        return None
    one, two = view.plain(d), view.plain(other)
    asks = [
        f"What's the difference between {one} and {two}?",
        f"{one} or {two}: which one do I want?",
        f"Why are there both {one} and {two}?",
        f"Compare {one} ({d.path}) with {two} ({other.path}).",
        f"Can I swap {two} for {one}?",
    ]
    said = [view.does(d), view.does(other)]
    if said[0].removeprefix(one) == said[1].removeprefix(two):
        said = [f"The docstrings of {one} and {two} say the same: {quoted(view.doc(d).summary)}"]
    code = f"```python\n# {d.qualname}\n{d.signature}\n# {other.qualname}\n{other.signature}\n```"
    return Piece(rng.choice(asks), paragraphs("\n\n".join(said), code, _apart(d, other)), d, "reasoning")


def _like(view: FullView, d: Definition, rng: random.Random) -> Definition | None:
    """Another function that is easily taken for this one."""
    here = view.code.files[d.path]
    pool = [
        x for x in here.definitions if x.kind != "class" and x is not d and x.qualname not in here.repeated
    ]
    same = [x for x in pool if x.name == d.name and view.does(x) and x.qualname != d.qualname]
    stem = d.name.strip("_").partition("_")[0]
    near = [x for x in pool if x.owner == d.owner and x.public and view.does(x) and _stem(x.name) == stem]
    near = [x for x in near if set(x.params) & set(d.params) - {"self", "cls"}] if len(stem) > 2 else []
    found = same or near
    return rng.choice(found) if found else None


def _stem(name: str) -> str:
    return name.strip("_").partition("_")[0]


def _apart(d: Definition, other: Definition) -> str:
    """What sets two signatures apart, in sentences."""
    ours = [p for p in d.params if p not in other.params and p not in ("self", "cls")]
    theirs = [p for p in other.params if p not in d.params and p not in ("self", "cls")]
    parts = []
    for names, owner in ((ours, d), (theirs, other)):
        if names:
            parts.append(
                f"{listing(f'`{p}`' for p in names)} {'is' if len(names) == 1 else 'are'} in `{owner.qualname}` alone"
            )
    text = f"{', while '.join(parts)}." if parts else ""
    both = [p for p in d.defaults if p in other.defaults and d.defaults[p] != other.defaults[p]]
    values = [
        f"`{p}` is `{d.defaults[p]}` in the first and `{other.defaults[p]}` in the second" for p in both
    ]
    differs = f"Left out, {listing(values)}." if values else ""
    kinds = {thing(d), thing(other)}
    waiting = next((x for x in (d, other) if x.kind == "async function"), None)
    awaits = (
        f"`{waiting.qualname}` is asynchronous and has to be awaited, the other one is not."
        if waiting and d.kind != other.kind
        else ""
    )
    same = "" if text or values or awaits or len(kinds) > 1 else "The two take the same parameters."
    return joined(text, differs, awaits, same)


def add_parameter(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The signature with one more keyword, so that no call breaks."""
    function = view.texts.function(d) if not d.test and not d.decorators else None
    if function is None or d.name.startswith("__") or not re.fullmatch(r"[^'\"#\\]{10,160}", d.signature):
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
        f"{view.name(d)} needs a `{name}` that most callers will never set. What should the signature look like?",
    ]
    why = f"As a keyword with a default, `{name}` leaves every existing call valid"
    why += ", and the `*` before it keeps it from being filled by position." if marker else "."
    swallowed = (
        f"Calls that already pass `{name}` used to put it into `**{given.kwarg.arg}`; from now on it is taken out of there."
        if given.kwarg
        else ""
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


def traceback(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """The end of a traceback, and what led there by the lines of the function."""
    found = shown_function(view, d) if d.raises and not d.test else None
    known = found and _direct_raise(view, d, found[0].body)
    use = next(
        (u for u in uses(view, view.texts, d, rng) if u.caller.kind != "module" and not u.caller.test), None
    )
    if not found or not known or use is None or "\n" in use.shown.text:
        return None
    node, test, when = known
    error = view.texts.expression(d.path, node.exc) if node.exc else None
    if error is None:
        return None
    kind, _, rest = error.partition("(")
    message = re.fullmatch(r"(['\"])([^'\"\\{}%]*)\1\)", rest)
    last = f"{kind}: {message[2]}" if message else kind
    text = (
        f'  File "{use.caller.path}", line {use.shown.first}, in {use.caller.name}\n    {use.shown.text}\n'
        f'  File "{d.path}", line {node.lineno}, in {d.name}\n    raise {error}\n{last}'
    )
    asks = [
        "This is the end of a traceback from production. What went wrong?",
        f"Why do I get `{kind}` here?",
        "Can you make sense of this traceback?",
        "Which condition leads to this?",
    ]
    reading = view.tools.read_file(d.path, found[1].first, found[1].last)
    if not reading:
        return None
    ask = f"{rng.choice(asks)}\n\n```\n{text}\n```"
    inside = [p for p in d.params if re.search(rf"(?<![\w.]){p}\b", test) and p not in ("self", "cls")]
    from_caller = (
        f"`{use.caller.qualname}` decides about {listing(f'`{p}`' for p in inside)} in its call, `{use.shown.text}`, so look there first."
        if inside
        else ""
    )
    state = (
        ""
        if inside or "self." not in test
        else f"That is state of the object, so the call in `{use.caller.qualname}` alone does not explain it."
    )
    say = paragraphs(
        f"`{d.name}` raises `{kind}` in line {node.lineno} of `{d.path}` when {when}:",
        f"```python\nif {test}:\n    raise {error}\n```",
        joined(from_caller, state),
    )
    return Piece(ask, say, d, "reasoning", reading=reading, lines=(found[1].first, found[1].last))


def _direct_raise(view: FullView, d: Definition, body: list[ast.stmt]) -> tuple[ast.Raise, str, str] | None:
    """A `raise` that is the whole of an `if` without other conditions around it: statement, test, in words."""
    for statement in own_nodes(body):
        if not isinstance(statement, ast.If) or len(statement.body) != 1 or statement.orelse:
            continue
        inner = statement.body[0]
        if isinstance(inner, ast.Raise) and inner.exc and not inner.cause:
            test = view.texts.expression(d.path, statement.test)
            when = condition(statement.test, True, lambda part: view.texts.expression(d.path, part))
            if test and when:
                return inner, test, when
    return None
