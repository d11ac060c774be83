"""Questions that take for granted what is not so, and the answers that correct it: a fifth of all, so that
the model learns to. What is denied is looked for in the whole code base first.
"""

import random

from autodidact.generators.ast_parser.base_names import base_name, variable
from autodidact.generators.ast_parser.codebase_for_questions import (
    MAX_SIGNATURE,
    MOST,
    CodeView,
    QuestionAndAnswer,
    is_class,
    is_function,
)
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.names_in_file import last_part


def absent(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    parts = d.name.split("_")
    if not d.public or len(parts) < 2 or d.kind == "class":
        return None
    other = view.another(rng, lambda x: is_function(x) and x.public and not x.test)
    found = other.name.split("_") if other else []
    words = [word for word in found if len(word) > 2 and word.islower() and word not in parts]
    if not words:
        return None
    position = rng.randrange(len(parts))
    name = "_".join([*parts[:position], rng.choice(words), *parts[position + 1 :]])
    if view.exists(name):
        return None
    ways = [
        f"What does `{name}` do?",
        f"Who calls `{name}`?",
        f"Which file has `{name}`?",
        f"What is the signature of `{name}`?",
    ]
    return QuestionAndAnswer(
        ways,
        view.closed(
            f"No function or class of this code base is named `{name}`. One that exists: `{d.qualname}` in"
            f" `{d.path}`.",
            name,
        ),
    )


def elsewhere(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if view.count[d.qualname] != 1 or d.owner or not d.public:
        return None
    other = rng.choice(view.paths)
    file = view.code.files[other]
    if (
        other == d.path
        or d.name in file.bound
        or any(x.name == d.name for x in file.definitions)
        or file.stars
        or file.defined() is None
    ):
        return None
    ways = [f"What does `{d.name}` in `{other}` do?", f"Where in `{other}` is `{d.name}` defined?"]
    answer = view.closed(f"`{other}` does not define `{d.name}`; it is defined in `{d.path}`.", d.name)
    return QuestionAndAnswer(ways, answer)


def no_parameter(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    own = [p for p in d.params if p not in ("self", "cls")]
    if d.kind == "class" or "*" in d.signature or not 1 <= len(own) <= MOST:
        return None
    other = view.another(rng, lambda x: _foreign(x, d))
    if other is None:
        return None
    name = rng.choice(_foreign(other, d))
    ways = [
        f"What is the default of `{name}` in {view.label(d)}?",
        f"What do I pass as `{name}` to {view.label(d)}?",
    ]
    return QuestionAndAnswer(
        ways, f"`{d.qualname}` has no parameter `{name}`; it takes {listing(f'`{p}`' for p in own)}."
    )


def wrong_default(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """A default that is another one's."""
    if not d.defaults or len(d.signature) > MAX_SIGNATURE:
        return None
    parameter = rng.choice(sorted(d.defaults))
    own = set(d.defaults.values())
    other = view.another(rng, lambda x: not own.issuperset(x.defaults.values()))
    if other is None:
        return None
    value = rng.choice([v for v in other.defaults.values() if v not in own])
    ways = [
        f"Why is `{value}` the default of `{parameter}` in {view.label(d)}?",
        f"`{parameter}` of {view.label(d)} is `{value}` by default, right?",
    ]
    return QuestionAndAnswer(
        ways, f"No, the default of `{parameter}` in `{d.qualname}` is `{d.defaults[parameter]}`."
    )


def not_base(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if d.kind != "class" or len(d.bases) != 1 or d.hidden_bases or variable(view.code, d):
        return None
    other = view.another(
        rng, lambda x: is_class(x) and not x.owner and x.public and not x.test and x is not d
    )
    if other is None or other.name == d.name or _may_inherit(view.code, d, other.name):
        return None
    ways = [
        f"Why does {view.label(d)} inherit from `{other.name}`?",
        f"What does {view.label(d)} take over from `{other.name}`?",
    ]
    own = base_name(view.code, d, d.bases[0])
    answer = f"It does not inherit from `{other.name}`: the base class of `{d.name}` is {own}."
    return QuestionAndAnswer(ways, view.closed(answer, last_part(d.bases[0])))


def not_called(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """A call that a function does not make."""
    found = view.code.callees(d) if d.calls else []
    if not 1 <= len(found) <= MOST or not view.code.sure_of_callees(d):
        return None
    other = view.another(
        rng, lambda x: is_function(x) and x.public and not x.test and not x.name.startswith("__")
    )
    names = {last_part(call) for call in d.calls} | {x.name for x in found}
    if other is None or other is d or other.name in names or view.code.called_inside(other.name, d.path):
        return None
    ways = [
        f"Where does {view.label(d)} call {view.label(other)}?",
        f"Why does {view.label(d)} need {view.label(other)}?",
    ]
    if view.mentions(d, other.name):
        return None
    answer = (
        f"`{d.qualname}` does not call `{other.qualname}`. Of this code base it calls {view.listed(found)}."
    )
    return QuestionAndAnswer(ways, view.closed(answer, other.name))


def uncalled(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not d.public or d.kind == "class" or d.name.startswith("__") or d.test or d.decorators:
        return None
    if view.code.calling(d.name) or view.code.called_inside(d.name):
        return None
    ways = [
        f"Who calls {view.label(d)}?",
        f"Is {view.label(d)} called anywhere in this repository?",
        f"Show me a call of {view.label(d)}.",
    ]
    answer = view.closed(
        f"No Python file of this repository calls `{d.qualname}` by its name; it is defined in `{d.path}`.",
        d.name,
    )
    return QuestionAndAnswer(ways, answer)


def _foreign(other: Definition, d: Definition) -> list[str]:
    """Parameters of another definition that this one does not have."""
    return [p for p in other.params if len(p) > 2 and p[0] != "_" and p not in ("self", "cls", *d.params)]


def _may_inherit(code: CodeBase, d: Definition, name: str, depth: int = 8) -> bool:
    """Whether a class inherits from one of this name, or from one that cannot be followed."""
    simple = code.files[d.path].simple
    if not depth or d.hidden_bases or any(name in (last_part(base), simple(base)) for base in d.bases):
        return True
    outside = [base for base in d.bases if code.names.outside(d.path, base)]
    bases = code.bases(d)
    if len(bases) + len(outside) < len(d.bases):
        return True
    return any(_may_inherit(code, base, name, depth - 1) for base in bases)
