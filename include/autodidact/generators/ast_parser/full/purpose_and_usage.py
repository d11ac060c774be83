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
from autodidact.generators.ast_parser.full.docstring_parts import left_out
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.effects_left_unsaid import effects_left_unsaid
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Shown, body_of
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
from autodidact.sources.documents.sentences import sentences

# Parameters that are explained in one answer, and users that are named as all of them.
MOST = 10
MOST_USERS = 5
# Parameters left out of a call that are named with their defaults.
MOST_LEFT = 3
# Words of a docstring that explains something by itself.
LONG = 8
# Words of a summary that explains nothing, and parameters that do together with it.
SHORT = 5
TELLING = 3
# Changes of attributes that a docstring does not name, and lines of a body that is shown for them.
SEVERAL = 2
SHORT_BODY = 15
# How much longer than its summary a docstring is that says much besides.
MUCH = 2

_VALUE = re.compile(r"`[^`]+`\.")
# What a docstring warns of, which an answer must not leave out.
_WARNS = re.compile(r"^\s*(?:\.\. (?:warning|danger|caution|attention)::|warnings?:)", re.I | re.M)


def explain(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What it does and what it needs, for somebody who is new to it."""
    if not view.does(d) or d.test:
        return None
    body = [*_more(view, d, rng), *_parameters(view, d, rng), *_result(view, d)]
    users = called_by(view, d)
    summary, text = view.doc(d).summary, view.texts.docstring(d)
    if not body and (not users or len(summary.split()) < LONG):
        return None
    # One sentence about a function that changes several things says less than its code does.
    node = None if body or len(sentences(summary)) > 1 else view.texts.function(d)
    if node and effects_left_unsaid(node, summary) >= SEVERAL:
        if not (code := _short_body(view, d, node)):
            return None
        body = [f"Its body:\n\n{code.fenced}"]
    # What else its docstring says, in a form that is not quoted, would be missed.
    shown = "\n".join((summary, *body))
    if len(text) > MUCH * len(shown) or left_out(text, shown) or _WARNS.search(text):
        return None
    # "A notification emitter." and one argument explain nothing.
    if len(summary.split()) < SHORT and not view.doc(d).more and shown.count("\n- ") < TELLING:
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
    return Piece(ask, paragraphs(lead, *body, users), d)


def _short_body(view: FullView, d: Definition, node: Function) -> Shown | None:
    """The statements of a function after its docstring, where these are a few lines."""
    first, last = body_of(node)[0].lineno, d.lines[1]
    return view.texts.shown(d.path, first, last) if last - first < SHORT_BODY else None


def _more(view: FullView, d: Definition, rng: random.Random) -> list[str]:
    """What the docstring says after its summary."""
    more = view.doc(d).more
    if not more:
        return []
    if len(more) > 1 or len(more[0]) > 240:
        head = rng.choice(["The docstring goes on:", "From its docstring:", "It is documented further:"])
        return [f"{head}\n\n{quoted_block(more)}"]
    head = rng.choice(["The docstring adds:", "Its documentation continues:", "Its docstring also says:"])
    return [f"{head} {quoted(more[0])}"]


def _parameters(view: FullView, d: Definition, rng: random.Random) -> list[str]:
    """What each of its parameters means, as its docstring says, what they are if they are left out, and which
    it says nothing of. Of many, or where most are left open, a part would be as arbitrary as it is long.
    """
    target = constructor(view, d) if d.kind == "class" else d
    function = view.texts.function(target) if target else None
    if target is None or function is None:
        return []
    said = view.doc(d).params | (view.doc(target).params if target is not d else {})
    stars = {a.arg: f"{sign}{a.arg}" for a, sign in zip(_starred(function), ("*", "**"), strict=True) if a}
    own = [*own_params(target), *stars]
    # What goes on in `**options` may be documented by its names.
    more = [name for name in said if name not in own] if function.args.kwarg else []
    known, open_ = [p for p in own if p in said] + more, [p for p in own if p not in said]
    open_ = [p for p in open_ if p not in stars or not more]
    text = view.texts.docstring(d) + view.texts.docstring(target)
    # What is said in a form that is not quoted is not to be called unsaid; nor is what is gone to be taught.
    lost = any(re.search(rf"\b{re.escape(name)}\b", text) for name in open_) or not {*said} <= {*known}
    if not known or len(known) > MOST or len(open_) > len(known) or lost:
        return []
    shown = {name: stars.get(name) or name for name in (*known, *open_)}
    lines = [f"- {_with_default(name, target, shown[name])}: {capital(said[name])}" for name in known]
    heads = ["Its parameters, as documented:", "What you pass:", f"The arguments of `{d.name}`:"]
    left = listing(_with_default(name, target, shown[name]) for name in open_)
    rest = f"The docstring says nothing of {left}." if open_ else ""
    return [paragraphs(f"{rng.choice(heads)}\n\n" + "\n".join(lines), rest)]


def _starred(function: Function) -> tuple[ast.arg | None, ast.arg | None]:
    """What takes the arguments that no parameter takes: `*args`, `**options`."""
    return function.args.vararg, function.args.kwarg


def _with_default(name: str, d: Definition, shown: str) -> str:
    """A parameter, with its default where it has one."""
    return f"`{shown}` (default `{d.defaults[name]}`)" if name in d.defaults else f"`{shown}`"


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
    if all(c.kind == "module" for c in real):
        return ""
    verb = "created" if is_error(d) else "instantiated" if d.kind == "class" else "called"
    if len(real) > MOST_USERS:
        return (
            f"It is {verb} by {len(real)} callers outside the tests, among them {view.spread(real[:3], d)}."
        )
    return f"It is {verb} by {view.spread(real, d)}."


def usage(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A real call, and what its arguments mean."""
    # Of `__name` nobody outside its class copies a call.
    mangled = d.name.startswith("__") and not d.name.endswith("__")
    if d.test or mangled or is_exception(view, d):
        return None
    # `super().read(path)` is how an override goes on, and no model for other code.
    found_uses = [use for use in uses(view, view.texts, d, rng) if not _on_super(use)]
    found, needs = next(iter(models(view, d, found_uses)), (None, ""))
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
    internal = re.search(r"[ .]_\w+ import ", needs)
    end = "; the underscore marks that module as internal." if internal else "."
    return Piece(
        rng.choice(asks), paragraphs(say, f"The import for it is `{needs}`{end}" if needs else ""), d
    )


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
    given = [*known.given.items()]
    open_ = [(name, value) for name, value in known.left.items() if name[0] != "_"]
    left = [f"`{name}` stays at `{value}`" for name, value in open_]
    # Of many, a part would be as arbitrary as the whole is long.
    left = left if not known.starred and len(left) <= MOST_LEFT else []
    # A subclass may have its own value of what an inherited `__init__` takes.
    left = left if d.kind != "class" or target.owner == d.qualname else []
    # What is called as its parameter is no example of it.
    if all(value == name for name, value in given) and not known.passed_on:
        return ""
    # What the arguments mean is said of all of them or of none.
    if given and all(name in said for name, _ in given) and len(given) <= MOST:
        lines = [f"- {_meaning(name, value, target, said)}" for name, value in given]
        lines += _going_on(known, said)
        text = "What it passes:\n\n" + "\n".join(lines)
        return paragraphs(text, f"Left out: {listing(left)}." if left else "")
    by_name = {keyword.arg for keyword in use.call.keywords}
    # A keyword says by itself where it goes, parameters of one letter alone say nothing.
    # Where some keywords are named as what goes on, the others are not passed over.
    placed = [(name, value) for name, value in given if name not in by_name or known.passed_on]
    placed = placed if any(len(name) > 1 for name, _ in placed) else []
    goes = joined(_goes(placed, target), _passed_on(known))
    return joined(goes, f"Left out, {listing(left)}." if left else "") if goes else ""


def handed(view: FullView, known: Arguments, d: Definition) -> str:
    """A list of every argument of a call: which parameter it is for, and what is said of that."""
    said = view.doc(d).params
    lines = []
    for name, value in known.given.items():
        meaning = f": {capital(said[name])}" if name in said else ""
        lines.append(f"- `{value}` as `{name}`{_instead(name, d)}{meaning}")
    lines += _going_on(known, said)
    return "What it passes:\n\n" + "\n".join(lines)


def _going_on(known: Arguments, said: dict[str, str]) -> list[str]:
    """A line on each keyword that is no parameter, with what is said of it."""
    meanings = {name: f": {capital(said[name])}" if name in said else "" for name in known.passed_on}
    return [f"- `{name}`, which goes on in `**{known.rest}`{text}" for name, text in meanings.items()]


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
    """A sentence on which argument goes where; "" where all are named like their parameters."""
    if all(value.rpartition(".")[2].lstrip("_") == name for name, value in given):
        return ""
    same = [f"`{value}`" for name, value in given if value == name]
    goes = listing(
        f"`{value}` goes to `{name}`{_instead(name, target)}" for name, value in given if value != name
    )
    if not same:
        return f"{goes}."
    whose = "goes to the parameter" if len(same) == 1 else "go to the parameters"
    return f"{goes}; {listing(same)} {whose} of the same name."


def _instead(name: str, target: Definition) -> str:
    return f" (default `{target.defaults[name]}`)" if name in target.defaults else ""
