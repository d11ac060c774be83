"""Questions about what a definition itself says: signature, documentation, bases, defaults, exceptions,
place.
"""

import random
import re

from autodidact.generators.ast_parser.base_names import base_name, variable
from autodidact.generators.ast_parser.codebase_for_questions import (
    MAX_SIGNATURE,
    MOST,
    CodeView,
    QuestionAndAnswer,
    prose,
)
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.copied_docstrings import first_sentence
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.documents.sentences import in_first_person


def signature(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if d.kind == "class" or len(d.signature) > MAX_SIGNATURE:
        return None
    place = f"a method of `{d.owner}` in `{d.path}`" if d.owner else f"in `{d.path}`"
    name = view.label(d)
    ways = [
        f"What is the signature of {name}?",
        f"How is {name} declared?",
        f"Which arguments does {name} take?",
        f"{name}: signature?",
    ]
    return QuestionAndAnswer(ways, f"`{d.signature}`, {place}.")


# How a docstring begins that says of the parts and not of the whole; of NumPy, Google and Sphinx.
_OF_PARTS = re.compile(
    r"(Parameters|Arguments|Args|Attributes|Returns|Raises|Yields|Notes?|Examples?)\s*(:|-{3})"
    r"|:\w+|[\w*]+ *: [^.]*(,|$)"
)


def doc(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    text = prose(d.doc)
    if not 20 <= len(text) <= 400 or _OF_PARTS.match(text) or in_first_person(text):
        return None
    if first_sentence(d.doc) in view.copied:
        return None
    name, thing = view.label(d), "class" if d.kind == "class" else "method" if d.owner else "function"
    ways = [f"What does {name} do?", f"What is {name} for?", f"Explain {name} in a sentence or two."]
    if d.signature and len(d.signature) <= 120:
        ways.append(f"```python\n{d.signature}\n```\nWhat does this {thing} of `{d.path}` do?")
    return QuestionAndAnswer(ways, text)


def bases(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if d.kind != "class" or d.hidden_bases or not 1 <= len(d.bases) <= MOST or variable(view.code, d):
        return None
    name = view.label(d)
    ways = [
        f"Which classes does {name} build on?",
        f"How does the class statement of {name} name its bases?",
        f"{name} derives from what?",
    ]
    named = listing(base_name(view.code, d, base) for base in d.bases)
    return QuestionAndAnswer(ways, f"`{d.name}` inherits from {named}; it is in `{d.path}`.")


def methods(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """What the body of a class defines, where all that may be a method is written as one."""
    members = view.code.members(d) if d.kind == "class" else []
    found = [m.name for m in members if m.kind != "class" and m.name[0] != "_"]
    if not 1 <= len(found) <= 12 or any(name[0] != "_" for name in d.binds):
        return None
    properties = any("property" in decorator for m in members for decorator in m.decorators)
    things, name = "public methods and properties" if properties else "public methods", view.label(d)
    ways = [f"Which {things} does {name} define?", f"List the {things} that the body of {name} defines."]
    return QuestionAndAnswer(ways, f"{listing(f'`{m}`' for m in found)}, defined in `{d.path}`.")


def decorators(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not d.decorators or any(re.fullmatch(r"[\w.]+", one) is None for one in d.decorators):
        return None
    name = view.label(d)
    ways = [f"How is {name} decorated?", f"Which decorators does {name} have?"]
    return QuestionAndAnswer(
        ways, f"With {listing(f'`@{x}`' for x in d.decorators)}, above `{d.path}` line {d.lines[0]}."
    )


def default(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not d.defaults or len(d.signature) > MAX_SIGNATURE:
        return None
    parameter = rng.choice(sorted(d.defaults))
    name = view.label(d)
    ways = [
        f"What is the default of `{parameter}` in {name}?",
        f"I call {name} without `{parameter}`. Which value does it get?",
    ]
    return QuestionAndAnswer(ways, f"`{d.defaults[parameter]}`: the signature is `{d.signature}`.")


def raises(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not 1 <= len(d.raises) <= MOST or d.raises_more:
        return None
    name = view.label(d)
    ways = [
        f"Which exceptions does {name} raise itself?",
        f"What may {name} raise in its own body?",
        f"Which raise statements does {name} have?",
    ]
    return QuestionAndAnswer(
        ways, f"{listing(f'`{x}`' for x in d.raises)}, raised in the body of `{d.qualname}`."
    )


def returns(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if not d.returns or d.returns == "None":
        return None
    name = view.label(d)
    ways = [f"What type does {name} return?", f"What do I get back from {name}?"]
    return QuestionAndAnswer(ways, f"`{d.returns}`, by the annotation of `{d.name}` in `{d.path}`.")


def where(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    if view.count[d.qualname] != 1 or not d.owner:
        return None
    ways = [
        f"Where is the code of `{d.qualname}`?",
        f"Which file and line has `{d.qualname}`?",
        f"Open `{d.qualname}` for me: which file?",
    ]
    answer = f"`{d.qualname}` is in `{d.path}`, at line {d.lines[0]}."
    return QuestionAndAnswer(ways, view.closed(answer, d.name))


def module(view: CodeView, d: Definition, rng: random.Random) -> QuestionAndAnswer | None:
    """What a file is about, asked with its first definition."""
    file = view.code.files[d.path]
    text = prose(file.doc)
    if 20 <= len(text) <= 400 and not in_first_person(text):
        ways = [f"What is `{d.path}` about?"]
        if view.modules[file.module] == 1:
            ways.append(f"What is the module `{file.module}` for?")
        return QuestionAndAnswer(ways, text, lines=(1, d.lines[1]))
    defined = file.defined()
    last = max(x.lines[1] for x in file.definitions)
    if file.exports:
        own, says = file.exports, f"By its `__all__` `{d.path}` makes public"
        ways = [f"Which public names does `{d.path}` have?", f"What does `{d.path}` export?"]
        # The list stands anywhere in the file.
        lines = (1, last)
    else:
        own, says = defined or [], f"At its top level `{d.path}` defines"
        ways = [f"What does `{d.path}` define?", f"Which public names does `{d.path}` define?"]
        lines = (d.lines[0], last)
    if not 1 <= len(own) <= 12:
        return None
    return QuestionAndAnswer(ways, f"{says} {listing(f'`{x}`' for x in own)}.", lines=lines)
