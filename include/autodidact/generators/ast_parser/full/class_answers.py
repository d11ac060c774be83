"""Classes: whether a base is known, and what becomes of an overridden method."""

import ast
import random

from autodidact.generators.ast_parser.base_names import variable
from autodidact.generators.ast_parser.codebase_for_questions import MAX_SIGNATURE
from autodidact.generators.ast_parser.full.added_to_inherited import added_to_inherited
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    article,
    paragraphs,
    thing,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.file_texts_and_trees import body_of
from autodidact.sources.code.file_analysis import Definition, is_property


def computed_base(view: FullView, d: Definition) -> bool:
    """Whether a base is a variable such as `Base = typed(Table)`, of the module or of one that it imports:
    what class it is, the statement does not say.
    """
    if variable(view.code, d):
        return True
    tree = view.texts.tree(d.path)
    targets = [
        target
        for one in (tree.body if tree else ())
        if isinstance(one, (ast.Assign, ast.AnnAssign))
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
    ]
    return any(isinstance(one, ast.Name) and one.id in d.bases for one in targets)


def override(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A method and the one that it replaces: signatures, and whether it calls that."""
    base, function = _overridden(view, d), view.texts.function(d)
    if base is None or function is None or not d.owner:
        return None
    name, old = view.name(d), f"`{base.qualname}`"
    asks = [
        f"How does {name} differ from the method that it overrides?",
        f"Does {name} replace {old}, or extend it?",
        f"`{d.owner}` has its own `{d.name}`. Is the inherited one still used?",
        f"If I call `{d.name}` on {article(d.owner)} `{d.owner}`, does the code of {old} still run?",
        f"{name} vs. {old}: same signature?",
    ]
    calls_it = any(call == f"super:{d.name}" or call.endswith(f"{base.owner}.{d.name}") for call in d.calls)
    mentions = view.mentions(d, "super") or view.mentions(d, base.owner or "")
    # On another object it may be the inherited one.
    elsewhere = any(isinstance(one, ast.Attribute) and one.attr == d.name for one in ast.walk(function))
    if not calls_it and (mentions or elsewhere):
        return None
    shown = view.texts.definition(d) if d.lines[1] - d.lines[0] < 9 else None
    # Code that is shown comes with its docstring.
    said = "" if shown else view.does(d)
    other = view.texts.definition(base) if shown and base.lines[1] - base.lines[0] < 16 else None
    # How they differ is asked where it can be said; of code that is not shown, only whether it runs.
    more = added_to_inherited(function, base) if calls_it and other else ""
    ask = rng.choice(asks if more or other and not calls_it else asks[1:] if shown or said else asks[3:])
    run = _runs(base, name, calls_it, ask, rng)
    run = f"{run} {more}" if more and "differ" in ask else run
    same = d.signature == base.signature and thing(d) == thing(base)
    if shown:
        signatures = f"The code of {name}:\n\n{shown.fenced}"
        inherited = f"\n\nThe inherited one, {old}:\n\n{other.fenced}" if other else ""
        signatures += inherited or ("" if same else f"\n\n{old} is declared as `{base.signature}`.")
    elif same:
        signatures = f"Both are declared as `{d.signature}`."
    else:
        signatures = f"The signatures differ:\n\n{signatures_of(base, d)}"
    if "same signature" in ask:
        differ = f"No, they differ:\n\n{signatures_of(base, d)}"
        answer = f"Yes, both are declared as `{d.signature}`." if same else differ
        return Piece(ask, paragraphs(answer, run), d, "reasoning")
    return Piece(ask, paragraphs(run, signatures, said), d, "reasoning", core=run)


def _overridden(view: FullView, d: Definition) -> Definition | None:
    """The method that a method replaces; None where that cannot be compared."""
    special = d.kind == "class" or d.test or d.name.startswith("__")
    if not d.owner or special or len(d.signature) > MAX_SIGNATURE:
        return None
    holder = view.code.files[d.path].first.get(d.owner)
    above = view.code.names.order(holder)[1:] if holder and holder.kind == "class" else []
    found = [m for base in above for m in view.code.members(base) if m.name == d.name and m.kind != "class"]
    if not found or found[0].qualname in view.code.files[found[0].path].repeated:
        return None
    base = found[0]
    # A property is no method, and nobody calls it.
    if is_property(d) or is_property(base):
        return None
    # Of an abstract method, or one without code, nothing is inherited.
    if not base.signature or len(base.signature) > MAX_SIGNATURE or does_nothing(view, base):
        return None
    return base


def _runs(base: Definition, name: str, calls_it: bool, ask: str, rng: random.Random) -> str:
    """Whether the code of a method that is overridden runs as well, as an answer to this question."""
    yes_no, either = "still" in ask, "replace" in ask
    old = f"`{base.qualname}`"
    if calls_it:
        ways = [
            f"{name} extends {old} (`{base.path}`): its body calls the inherited method.",
            f"The code of {old} (`{base.path}`) runs too, because {name} calls it.",
        ]
        return f"Yes. {ways[0]}" if yes_no else ways[0] if either else rng.choice(ways)
    ways = [
        f"{name} replaces {old} (`{base.path}`): its body does not call `super()`, so that code is not run.",
        f"The code of {old} (`{base.path}`) is not run, as {name} does without `super()`.",
    ]
    return f"No. {ways[0]}" if yes_no else ways[0] if either else rng.choice(ways)


def does_nothing(view: FullView, base: Definition) -> bool:
    """Whether a method is there only to be overridden."""
    node = view.texts.function(base)
    body = body_of(node) if node else []
    abstract = any(name.endswith("abstractmethod") for name in base.decorators)
    if len(body) != 1:
        return abstract or node is not None and not body
    empty = isinstance(body[0], ast.Pass) or "Constant(value=Ellipsis)" in ast.dump(body[0])
    raised = body[0].exc if isinstance(body[0], ast.Raise) else None
    return abstract or empty or raised is not None and "NotImplementedError" in ast.dump(raised)


def signatures_of(*found: Definition) -> str:
    """Signatures in a fence, each below the name that it belongs to."""
    lines = [line for d in found for line in (f"# {d.qualname}", d.signature)]
    return "```python\n" + "\n".join(lines) + "\n```"
