"""Who calls a definition, with the methods that override it and tests that call it."""

import ast
import random
from collections import Counter

from autodidact.generators.ast_parser.calls_outside_functions import TOP, called_name
from autodidact.generators.ast_parser.full.calls_not_seen import called_unseen
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    Callers,
    FullView,
    calls_itself,
    joined,
    paragraphs,
)
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.model_calls import line_of_name
from autodidact.generators.ast_parser.full.real_calls_of_definition import uses
from autodidact.generators.ast_parser.full.shown_functions import PLAIN
from autodidact.generators.ast_parser.full.tests_of_definition import own_tests
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.code.file_analysis import Definition

# Callers that are listed.
MOST = 14
# Overriding methods that are named with their files.
MOST_HEIRS = 3


def callers(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """All that call a function outside the tests; None where a call may be missing."""
    # What another decorator does with it (a route, a task) calls it where no call is written.
    known = view.callers(d) if PLAIN | {"cached_property"} >= {*d.decorators} else None
    if (
        known is None
        or not known.whole
        or d.kind == "class"
        or d.test
        or not 1 <= len(known.real) <= MOST
        or d.name.startswith("__")
        or called_unseen(view, d)
    ):
        return None
    name, plain = view.name(d), view.plain(d)
    asks = [
        f"Who calls {name}?",
        f"I'm about to change the signature of {view.placed(d)}. Which calls do I adapt?",
        # Nobody announces the end of what is private.
        *([f"Deprecating {plain} in `{d.path}`: which code still calls it?"] if d.public else []),
        f"Where is {name} called, outside the tests?",
        f"Which code calls {name}? I'd rather know before I touch it.",
    ]
    ask = rng.choice(asks)
    head = _head(view, d, known, rng)
    changes = "the signature" in ask
    rest = joined(heirs(view, d), nothing_else(view, d, rng, bool(known.tests)), exported(view, d))
    # Whoever changes a signature has to adapt the tests too; whoever wants none of them reads of none.
    tests = "" if "outside the tests" in ask else covered(view, d, known.tests, rng)
    tests = in_the_tests(view, known.tests, d) if changes and known.tests else tests
    return Piece(ask, paragraphs(head, rest, tests), d, core=head.split("\n\n")[0])


def _head(view: FullView, d: Definition, known: Callers, rng: random.Random) -> str:
    """Who calls it, with one call where these are few."""
    plain = view.plain(d)
    calls = uses(view, view.texts, d, rng, most=3) if len(known.real) <= 2 else []
    use = next((u for u in calls if u.caller in known.real), None)
    caller = known.real[0]
    outside = [*view.outside_functions(caller, d)]
    if len(known.real) == 1 and len(outside) < 2:
        who = outside[0] if outside else f"`{caller.qualname}`"
        head = f"{plain} has one caller outside the tests, {who} in `{caller.path}`"
        lines = _lines_of_calls(view, caller, d)
        # One call shown, and "no further call" below it, would deny the others.
        if len(lines) != 1:
            where = f" in lines {listing(map(str, lines))}" if len({*lines}) == len(lines) else ""
            return f"{head}, with {len(lines)} calls{where}." if lines else f"{head}."
        return f"{head}:\n\n{use.shown.fenced}" if use else f"{head}."
    if len({c.path for c in known.real}) == 1:
        head = (
            f"Outside the tests, these in `{known.real[0].path}` call {plain}: {_names(view, known.real, d)}."
        )
        return (
            paragraphs(head, f"For example, line {line_of_name(use.call)}:", use.shown.fenced)
            if use
            else head
        )
    heads = [
        f"The code outside the tests that calls {plain}, by file:",
        f"By file, the code that calls {plain}, tests aside:",
    ]
    return f"{rng.choice(heads)}\n\n{by_file(view, known.real, d)}"


def how_often(view: FullView, caller: Definition, d: Definition) -> int:
    """How many calls by its name a caller has; 0 where its code is not read as one function."""
    return len(_lines_of_calls(view, caller, d))


def _lines_of_calls(view: FullView, caller: Definition, d: Definition) -> list[int]:
    if caller.kind == "module":
        return sorted(line for lines in view.outside_functions(caller, d).values() for line in lines)
    node, names = view.texts.function(caller), view.code.names_of(d.name)
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)] if node else []
    return sorted(line_of_name(one) for one in calls if called_name(one) in names)


def by_file(view: FullView, found: list[Definition], d: Definition, most: int = 6) -> str:
    """A list of those who call a definition, one line a file."""
    files: dict[str, dict[str, None]] = {}
    for caller in found:
        files.setdefault(caller.path, {}).update(dict.fromkeys(_with_counts(view, caller, d)))
    lines = []
    for path, names in files.items():
        more = f" and {len(names) - most} more" if len(names) > most else ""
        lines.append(f"- `{path}`: {', '.join([*names][:most]) if more else listing(names)}{more}")
    return "\n".join(lines)


def _names(view: FullView, found: list[Definition], d: Definition) -> str:
    return listing(dict.fromkeys(name for one in found for name in _with_counts(view, one, d)))


def _with_counts(view: FullView, caller: Definition, d: Definition) -> list[str]:
    """What a caller is called, with how many calls it has if there are several: those who adapt them look
    for all. Of a file each place outside functions.
    """
    counts = {place: len(lines) for place, lines in view.outside_functions(caller, d).items()}
    counts = counts or {f"`{caller.qualname}`": how_often(view, caller, d)}
    # Of a name that several things have, some of the calls may be of another.
    alone = view.names[d.name] == 1
    return [
        (f"{place} of the module" if place == TOP else place) + (f" ({n} calls)" if n > 1 and alone else "")
        for place, n in counts.items()
    ]


def heirs(view: FullView, d: Definition) -> str:
    """A sentence on the methods of subclasses that replace a method."""
    if not d.owner or d.kind == "class":
        return ""
    holder = view.code.files[d.path].first.get(d.owner)
    if holder is None or holder.kind != "class":
        return ""
    found = [m for child in view.below(holder) for m in view.code.members(child) if m.name == d.name]
    if not found:
        return ""
    verb = "overrides" if len(found) == 1 else "override"
    if len(found) > MOST_HEIRS:
        classes = listing(f"`{m.owner}`" for m in found[:MOST])
        all_of_them = f"among them {classes}" if len(found) > MOST else classes
        least = "At least " if view.code.unreadable_bases else ""
        return f"{least}{len(found)} subclasses override it, so keep their signatures in step: {all_of_them}."
    return f"{view.spread(found)} {verb} it, so keep the signatures in step."


def exported(view: FullView, d: Definition) -> str:
    """A sentence on a public name that a package hands on: code outside the repository may use it."""
    module = view.imported_from(d) if d.public else ""
    if not module or module == d.module:
        return ""
    return f"`{module}` exports it, so code outside the repository may depend on it too."


def covered(view: FullView, d: Definition, tests: list[Definition], rng: random.Random) -> str:
    """A sentence on its own tests that call it."""
    found = own_tests(view, d, tests)
    if not found:
        return ""
    path = found[0].path
    shown = [t for t in found if t.path == path][:3]
    names = listing(f"`{t.qualname}`" for t in shown)
    verb = "calls" if len(shown) == 1 else "call"
    return rng.choice(
        [f"On the side of the tests, {names} in `{path}` {verb} it.", f"In `{path}`, {names} {verb} it too."]
    )


def in_the_tests(view: FullView, tests: list[Definition], d: Definition) -> str:
    """The tests that call it, by file; of many in a file how many these are."""
    found = [*dict.fromkeys(tests)]
    files = Counter(t.path for t in found)
    if len(found) <= MOST_HEIRS and len(files) == 1:
        verb = "calls" if len(found) == 1 else "call"
        return f"In the tests, {_names(view, found, d)} in `{found[0].path}` {verb} it too."
    first, *others = files.items()
    counted = [f"{first[1]} caller{'s' * (first[1] > 1)} in `{first[0]}`"]
    return f"In the tests it has {listing([*counted, *(f'{n} in `{path}`' for path, n in others)])}."


def nothing_else(view: FullView, d: Definition, rng: random.Random, tested: bool) -> str:
    """That a list of callers is whole. `tested`: whether tests call it, too."""
    name = d.name
    aside = " outside the tests" if tested else ""
    if calls_itself(view, d):
        return f"It also calls itself; I see no further call of it in the Python code{aside}."
    ways = [f"I see no further call in the repository's Python code{aside}.", ""]
    if view.names[name] == 1:
        ways += [
            f"The Python code of the repository{aside} calls `{name}` nowhere else by its name.",
            f"I see no other call by name{aside}. A use of `{name}` without a call would not show up.",
        ]
    return rng.choice(ways)
