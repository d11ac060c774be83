"""Questions with a premise that may be wrong, and answers that correct it or confirm it."""

import random
import re
from collections import Counter

from autodidact.generators.ast_parser.base_names import base_name
from autodidact.generators.ast_parser.codebase_for_questions import MAX_SIGNATURE
from autodidact.generators.ast_parser.full.class_answers import computed_base
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    joined,
    paragraphs,
    thing,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.wrong_premise_questions import _may_inherit
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.names_in_file import last_part

# Classes of a file that may have a word in common and still be taken for each other.
FAMILY = 3
# Words of a sentence that says what something does.
TELLING = 7
# A value that could as well be the default.
_OTHERWISE = {"True": "False", "False": "True"}
# Others, instead of which anything could be guessed.
_ALONE = ("None", "0", "1")


def akin(one: str, other: str) -> bool:
    """Whether two names share a word, so that somebody may take the one for the other."""
    return bool(_words(one) & _words(other))


def _words(name: str) -> set[str]:
    found = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
    return {word for word in found if len(word) > 2 and word != "init"}


def default(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What a parameter is when it is left out, asked with a right or a wrong guess."""
    known = {name: value for name, value in d.defaults.items() if value in (*_OTHERWISE, *_ALONE)}
    if (
        not known
        or d.test
        or len(d.defaults) < 2
        and not view.doc(d).params
        or len(d.signature) > MAX_SIGNATURE
        or d.kind == "class"
        # Nobody calls `C.__new__` by its name.
        or d.name.startswith("__")
        and d.name != "__init__"
    ):
        return None
    name = rng.choice(sorted(known))
    value = known[name]
    right = value in _ALONE or rng.random() < 0.4
    guess = f"`{value if right else _OTHERWISE[value]}`"
    asks = [
        f"`{name}` of {view.name(d)} is {guess} unless I say otherwise. Correct?",
        f"Reviewing a call of {view.name(d)} without `{name}`: am I right that it falls back to {guess}?",
    ]
    said = view.doc(d).params.get(name, "")
    meaning = f'On `{name}` the docstring says: "{said}"' if said and '"' not in said else ""
    if not meaning:
        return None
    code = f"```python\n{d.signature}\n```"
    head = (
        f"Yes, `{name}` is `{value}` by default"
        if right
        else f"No, `{name}` is `{value}` when it is left out"
    )
    return Piece(
        rng.choice(asks),
        paragraphs(f"{head}, as the signature in `{d.path}` says:", code, meaning),
        d,
        "reasoning",
    )


def base(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A class that it does not derive from."""
    if d.kind != "class" or d.test or len(d.bases) != 1 or d.hidden_bases or computed_base(view, d):
        return None
    own = d.bases[0]
    near = [
        x for x in view.code.files[d.path].definitions if x.kind == "class" and x is not d and not x.owner
    ]
    # What a whole family of names shares (`TypeInvalid`, `DateInvalid`) makes nobody take one for another.
    common = Counter(word for x in (d, *near) for word in _words(x.name))
    rare = {word for word in _words(d.name) if common[word] <= FAMILY}
    near = [x for x in near if x.name != last_part(own) and rare & _words(x.name)]
    near = [x for x in near if not any(last_part(one) == "Protocol" for one in x.bases)]
    wrong = [x for x in near if not _may_inherit(view.code, d, x.name)]
    known = view.code.bases(d)
    lead = f"`{d.name}` derives from {base_name(view.code, d, own)}" + (
        f", which is defined in `{known[0].path}`" if known and known[0].path != d.path else ""
    )
    if not wrong:
        return None
    other = rng.choice(wrong)
    say = f"No: `{d.name}` does not derive from `{other.name}`, though both are in `{d.path}`."
    lead = lead.replace(f"`{d.name}` derives", "It derives")
    if d in view.code.names.order(other)[1:]:
        say = f"No, the other way round: `{other.name}` derives from `{d.name}`."
        # That it derives from `object` is no news.
        lead = "" if own == "object" else lead.replace("It derives", f"`{d.name}` itself derives")
    if not view.closed(say, other.name):
        return None
    ask = f"Does {view.name(d)} inherit from `{other.name}`?"
    return Piece(ask, joined(say, lead and f"{lead}."), d, "reasoning")


def place(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A file that does not define it."""
    if view.count[d.qualname] != 1 or d.owner or not d.public or d.test:
        return None
    folder = d.path.rpartition("/")[0]
    near = [p for p in view.paths if p != d.path and p.rpartition("/")[0] == folder]
    other = rng.choice(near) if near else None
    file = view.code.files[other] if other else None
    if (
        file is None
        or file.stars
        or file.defined() is None
        # Of a file that imports it, more than "not there" would have to be said.
        or d.name in file.imports
        or d.name in file.inner
        or any(x.name == d.name for x in file.definitions)
    ):
        return None
    ask = f"I'm looking at `{other}` for the definition of `{d.name}`. Am I in the right file?"
    head, does = f"`{d.name}` is defined in `{d.path}`, not in `{other}`.", view.does(d)
    if not view.closed(head, d.name) or len(does.split()) < TELLING:
        return None
    return Piece(ask, joined("No.", head, does), d, "reasoning")


def unknown(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A name that nothing in the code base has, close to one that exists."""
    parts, does = d.name.split("_"), view.does(d)
    if not d.public or d.test or len(parts) < 2 or d.kind == "class" or len(does.split()) < TELLING:
        return None
    swaps = {
        "get": "fetch",
        "set": "update",
        "add": "append",
        "remove": "delete",
        "delete": "remove",
        "on": "handle",
        "create": "make",
        "make": "create",
        "is": "has",
        "to": "as",
        "from": "of",
        "load": "read",
        "read": "load",
        "send": "post",
        "parse": "read",
        "start": "run",
        "stop": "end",
    }
    position = next((n for n, part in enumerate(parts) if part in swaps), None)
    if position is None:
        return None
    name = "_".join([*parts[:position], swaps[parts[position]], *parts[position + 1 :]])
    if view.exists(name) or not _is_first_of_its_name(view, d):
        return None
    error = "an AttributeError" if d.owner else "a NameError"
    asks = [
        f"Where is `{name}` defined? I can't find it.",
        f"`{name}` gives me {error}. What am I missing?",
        f"What are the arguments of `{name}`?",
    ]
    say = view.closed(f"I know of no `{name}` here: nothing in the Python code defines or calls it.", name)
    closest = f"A similar name that exists is {view.placed(d)}."
    declared = thing(d) != "property" and len(d.signature) <= MAX_SIGNATURE
    ask = rng.choice(asks if declared else asks[:2])
    takes = f"It is declared as `{d.signature}`." if ask == asks[2] else ""
    return Piece(ask, joined(say, closest, takes, does), d, "reasoning") if say else None


def _is_first_of_its_name(view: FullView, d: Definition) -> bool:
    """Whether nothing else has a definition's name, those methods aside that override it: any other would be
    as similar.
    """
    holder = view.code.files[d.path].first.get(d.owner or "")
    below = view.below(holder) if holder and holder.kind == "class" else []
    overriding = sum(m.name == d.name for child in below for m in view.code.members(child))
    others = sum(one.name == d.name and not one.test for one in view.code.definitions)
    return others == 1 + overriding
