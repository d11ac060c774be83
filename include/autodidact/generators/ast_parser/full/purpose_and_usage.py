"""What a definition is for and how it is called: from its docstring, its signature and real calls."""

import ast
import random
import re

from autodidact.generators.ast_parser.full.calls_not_seen import called_unseen
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    a,
    is_error,
    is_exception,
    joined,
    own_params,
    paragraphs,
    quoted,
    quoted_block,
    thing,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.informative_docstrings import explains
from autodidact.generators.ast_parser.full.model_calls import line_of_name, models
from autodidact.generators.ast_parser.full.real_calls_of_definition import (
    Arguments,
    Use,
    arguments,
    constructor,
    uses,
)
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.sources.code.file_analysis import Definition

# Parameters that are explained in one answer.
MOST = 6
# Parameters left out of a call that are named with their defaults.
MOST_LEFT = 3
# Words of a docstring that explains something by itself.
LONG = 8
# How much longer than its summary a docstring is that says much besides.
MUCH = 2

_VALUE = re.compile(r"`[^`]+`\.")


def explain(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What it does and what it needs, for somebody who is new to it."""
    if not view.does(d) or d.test:
        return None
    body = [*_more(view, d, rng), *_parameters(view, d, rng), *_result(view, d)]
    users = called_by(view, d)
    summary = view.doc(d).summary
    if not body and (not users or len(summary.split()) < LONG):
        return None
    # What else its docstring says, in a form that is not quoted, would be missed.
    if not body and len(view.texts.docstring(d)) > MUCH * len(summary):
        return None
    what, plain = thing(d), view.plain(d)
    asks = [
        f"I'm new here and keep running into {view.placed(d)}. What is it for?",
        f"{view.name(d)}: what does it do?",
        f"Can you explain {plain} to me? It is {a(what)} in `{d.path}`.",
        f"What is {view.name(d)} good for?",
        f"Onboarding question: what's the job of {plain} ({d.path})?",
        f"Before I review a change to {view.name(d)}: what is that {what} supposed to do?",
        f"{plain} ({d.path}) came up in a review. What does the {what} do?",
    ]
    owner = f" {'inside' if d.kind == 'class' else 'of'} `{d.owner}`" if d.owner else ""
    file = f"(`{d.path}`)" if d.owner else f"in `{d.path}`"
    place = f"It is {a(what)}{owner} {file}."
    subject = rng.choice(["", "", f"{plain} in `{d.path}`"])
    lead = view.summed_up(d, subject)
    ask = rng.choice(asks)
    # Who asks may have said what it is.
    known = f"It is {a(what)}" in ask or f"{a(what)} " in lead.lower()
    if not subject and rng.random() < 0.6 and not known:
        lead = joined(lead, place)
    return Piece(ask, paragraphs(lead, *body[:2], users), d)


def _more(view: FullView, d: Definition, rng: random.Random) -> list[str]:
    """What the docstring says after its summary."""
    more = view.doc(d).more[:2]
    if not more:
        return []
    if len(more) > 1 or len(more[0]) > 240:
        head = rng.choice(["The docstring goes on:", "From its docstring:", "It is documented further:"])
        return [f"{head}\n\n{quoted_block(more)}"]
    head = rng.choice(["The docstring adds:", "Its documentation continues:", "Its docstring also says:"])
    return [f"{head} {quoted(more[0])}"]


def _parameters(view: FullView, d: Definition, rng: random.Random) -> list[str]:
    """What its parameters mean, as its docstring says, and what they are if they are left out."""
    target = constructor(view, d) if d.kind == "class" else d
    if target is None:
        return []
    said = view.doc(d).params | (view.doc(target).params if target is not d else {})
    known = [name for name in target.params if name in said][:MOST]
    if not known:
        return []
    lines = []
    for name in known:
        default = f" (default `{target.defaults[name]}`)" if name in target.defaults else ""
        lines.append(f"- `{name}`{default}: {capital(said[name])}")
    heads = ["Among its documented parameters:", "The docstring explains, among others:"]
    if {*own_params(target)} <= {*known}:
        heads = ["Its parameters, as documented:", "What you pass:", f"The arguments of `{d.name}`:"]
    return [f"{rng.choice(heads)}\n\n" + "\n".join(lines)]


def _result(view: FullView, d: Definition) -> list[str]:
    """What the docstring says of the result and of exceptions."""
    doc = view.doc(d)
    # Words of its summary alone say nothing new.
    new = explains(f"{d.qualname} {doc.summary}", doc.returns)
    lines = [f"On the result the docstring says: {quoted(doc.returns)}"] if new else []
    if _VALUE.fullmatch(doc.returns):
        lines = [f"By its docstring it returns {doc.returns}"]
    lines += [
        f"`{name}` is raised, in the words of the docstring: {quoted(said)}"
        for name, said in [*doc.raises.items()][:2]
    ]
    return [joined(*lines)] if lines else []


def called_by(view: FullView, d: Definition) -> str:
    """A sentence on who calls it."""
    known = view.callers(d)
    if known is None or not known.real or len(known.real) > 12:
        return ""
    # `self.storage.put(key)` may be a call of it, where what `storage` is does not show.
    # Of a special method, such as `__len__`, most calls are not by its name.
    if not known.whole or called_unseen(view, d) or d.name.startswith("__") and d.name.endswith("__"):
        return ""
    # That a class is made within itself, or a function calls itself, tells nothing about who needs it.
    real = [c for c in known.real if d.qualname not in (c.qualname, c.owner)]
    shown = [c for c in real if c.kind != "module"][:3]
    if not shown:
        return ""
    verb = "created" if is_error(d) else "instantiated" if d.kind == "class" else "called"
    if len(shown) < len(real):
        return f"Among the places where it is {verb}: {view.spread(shown)}."
    return f"It is {verb} by {view.spread(shown)}."


def usage(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A real call, and what its arguments mean."""
    # Of `__name` nobody outside its class copies a call.
    mangled = d.name.startswith("__") and not d.name.endswith("__")
    if d.test or mangled or is_exception(view, d):
        return None
    # `super().read(path)` is how an override goes on, and no model for other code.
    real = (use for use in uses(view, view.texts, d, rng) if not _on_super(use))
    found, needs = next(iter(models(view, d, real)), (None, ""))
    if found is None or len(found.shown.text) < 12:
        return None
    name, caller, line = view.name(d), found.caller, line_of_name(found.call)
    at_top = caller.kind == "module"
    place = f"`{caller.path}`, line {line}" + ("" if at_top else f", in `{caller.qualname}`")
    meaning, does = explained(view, found, d), view.does(d)
    if not meaning or not does and len(meaning) < 90:
        return None
    asks = [
        f"Show me how {name} is used in practice.",
        # Which parameter an argument goes to is not what it means.
        *(
            [
                f"What do I have to pass to {name}? I'd like to copy an existing call.",
                f"Give me one call of {name} from the code base, with what the arguments mean.",
            ]
            if "\n" in meaning
            else []
        ),
        f"Is there an existing call of {name} that I can take as a model?",
    ]
    leads = [
        f"Like this, from {place}:",
        f"`{caller.path}:{line}` has a call that you can take as a model:",
        f"{view.plain(d)} is called in {place}:",
        f"Take the call in {place}:",
    ]
    if rng.random() < 0.5:
        end = does if len(meaning) < 90 else ""
        end = paragraphs(meaning, end) if "\n" in meaning else joined(meaning, end)
        say = paragraphs(rng.choice(leads), found.shown.fenced, end)
    else:
        say = paragraphs(found.shown.fenced, f"That is {place}.", meaning, does if len(meaning) < 90 else "")
    say = paragraphs(say, f"The import for it is `{needs}`." if needs else "")
    return Piece(rng.choice(asks), say, d)


def _on_super(use: Use) -> bool:
    on = use.call.func.value if isinstance(use.call.func, ast.Attribute) else None
    return isinstance(on, ast.Call) and isinstance(on.func, ast.Name) and on.func.id == "super"


def explained(view: FullView, use: Use, d: Definition) -> str:
    """Which argument of a call goes to which parameter; "" where that is not known, or there is none."""
    target = constructor(view, d) if d.kind == "class" else d
    known = arguments(view.texts, use, target) if target else None
    if target is None or known is None:
        return ""
    said = view.doc(d).params | view.doc(target).params
    given = [*known.given.items()][:MOST]
    open_ = [(name, value) for name, value in known.left.items() if name[0] != "_"]
    left = [f"`{name}` stays at `{value}`" for name, value in open_]
    # Of many, a part would be as arbitrary as the whole is long.
    left = left if not known.starred and len(left) <= MOST_LEFT else []
    # A subclass may have its own value of what an inherited `__init__` takes.
    left = left if d.kind != "class" or target.owner == d.qualname else []
    # What is called as its parameter is no example of it.
    if all(value == name for name, value in given) and not known.passed_on:
        return ""
    if any(name in said for name, _ in given):
        # What has its parameter's name, and nothing said of it, says nothing.
        telling = [(name, value) for name, value in given if value != name or name in said]
        lines = [f"- {_meaning(name, value, target, said)}" for name, value in telling]
        lines += [f"- `{name}`, which goes on in `**{known.rest}`" for name in known.passed_on[:MOST]]
        head = "What it passes" if telling == given else "Of what it passes"
        text = f"{head}:\n\n" + "\n".join(lines)
        return paragraphs(text, f"Left out: {listing(left)}." if left else "")
    by_name = {keyword.arg for keyword in use.call.keywords}
    # A keyword says by itself where it goes, parameters of one letter alone say nothing.
    placed = [(name, value) for name, value in given if name not in by_name]
    placed = placed if any(len(name) > 1 for name, _ in placed) else []
    goes = joined(_goes(placed, target), _passed_on(known))
    return joined(goes, f"Left out, {listing(left)}." if left else "") if goes else ""


def _passed_on(known: Arguments) -> str:
    """A sentence on the keywords that are no parameters."""
    if not known.passed_on:
        return ""
    verb = "goes" if len(known.passed_on) == 1 else "go"
    return f"{listing(f'`{name}`' for name in known.passed_on)} {verb} on in `**{known.rest}`."


def _meaning(name: str, value: str, target: Definition, said: dict[str, str]) -> str:
    meaning = f": {capital(said[name])}" if name in said else ""
    if value == name:
        return f"`{name}`{meaning}"
    return f"`{value}` as `{name}`{_instead(name, target)}{meaning}"


def _goes(given: list[tuple[str, str]], target: Definition) -> str:
    """A sentence on which argument goes where, those aside that are named like their parameters."""
    parts = [
        f"`{value}` goes to `{name}`{_instead(name, target)}"
        for name, value in given
        if value.rpartition(".")[2].lstrip("_") != name
    ]
    return f"{listing(parts)}." if parts else ""


def _instead(name: str, target: Definition) -> str:
    return f" (default `{target.defaults[name]}`)" if name in target.defaults else ""
