"""What depends on a definition: its callers, the methods that override it, who imports it, its tests."""

import random

from autodidact.generators.ast_parser.full.calls import uses
from autodidact.generators.ast_parser.full.piece import Piece
from autodidact.generators.ast_parser.full.view import FullView, by_file, calls_itself, joined, paragraphs
from autodidact.generators.writing.wording import listing
from autodidact.sources.code.analysis import Definition

# Callers that are listed.
MOST = 14


def impact(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Who has to change with it, and which tests cover it."""
    known = view.callers(d)
    if known is None or d.test or not 1 <= len(known.real) <= MOST or d.name.startswith("__"):
        return None
    name, plain = view.name(d), view.plain(d)
    verb = "instantiates" if d.kind == "class" else "calls"
    drop = f"Can I drop {name}, or is it still used?"
    asks = [
        f"I want to rename {name}. What has to change with it?",
        f"I'm about to change the signature of {view.placed(d)}. What depends on it?",
        drop,
        f"{name} is going to work differently. Whom do I have to warn?",
        f"What is the blast radius of a change to {name}?",
        f"Who relies on {name}? I'd rather know before I touch it.",
        f"Deprecating {plain} in `{d.path}`: which code would still use it?",
    ]
    if any(t.name.startswith("test") for t in known.tests):
        asks.append(f"Planning a refactoring of {plain} ({d.path}). Callers and tests, please.")
    calls = uses(view, view.texts, d, rng, most=3) if len(known.real) <= 2 else []
    use = next((u for u in calls if u.caller in known.real), None)
    paths = {c.path for c in known.real}
    if len(known.real) == 1:
        caller = known.real[0]
        who = "the top level" if caller.kind == "module" else f"`{caller.qualname}`"
        where = "the same file" if caller.path == d.path else f"`{caller.path}`"
        one = "is instantiated in one place" if d.kind == "class" else "has one caller"
        head = f"{plain} {one} outside the tests that I can see, {who} in {where}"
        head = f"{head}:\n\n{use.shown.fenced}" if use else f"{head}."
    elif len(paths) == 1:
        these = "These" if known.whole else "At least these"
        head = f"{these} in `{known.real[0].path}` use {plain}: {_names(known.real)}."
        head = (
            joined(head, "")
            if not use
            else paragraphs(head, f"For example, line {use.shown.first}:", use.shown.fenced)
        )
    else:
        heads = [
            f"The code that {verb} {plain}, by file:",
            f"These would have to follow a change of {plain}:",
        ]
        head = f"{rng.choice(heads)}\n\n{by_file(known.real)}"
    tests = covered(view, known.tests, rng)
    does = view.does(d) if not tests and rng.random() < 0.7 else ""
    rest = joined(heirs(view, d), hedge(view, d, known.whole, rng))
    ask = rng.choice(asks)
    still = "Not without changing the code that uses it." if ask == drop else ""
    return Piece(ask, paragraphs(joined(still, does), head, rest, tests), d, core=head.split("\n\n")[0])


def _names(found: list[Definition]) -> str:
    return listing(
        dict.fromkeys(
            "the top level of the module" if d.kind == "module" else f"`{d.qualname}`" for d in found
        )
    )


def heirs(view: FullView, d: Definition) -> str:
    """A sentence on the methods of subclasses that replace a method."""
    if not d.owner or d.kind == "class":
        return ""
    holder = view.code.files[d.path].first.get(d.owner)
    if holder is None or holder.kind != "class":
        return ""
    below = [child for child in view.code.deriving(holder.name) if holder in view.code.bases(child)]
    found = [m for child in below for m in view.code.members(child) if m.name == d.name and not m.test][:4]
    if not found:
        return ""
    verb = "overrides" if len(found) == 1 else "override"
    return f"{view.spread(found)} {verb} it, so keep the signatures in step."


def covered(view: FullView, tests: list[Definition], rng: random.Random) -> str:
    """A sentence on tests that call it, with the command that runs those of one file."""
    found = [t for t in tests if t.name.startswith("test")]
    if not found:
        return ""
    path = found[0].path
    shown = [t for t in found if t.path == path][:3]
    names = listing(f"`{t.name}`" for t in shown)
    verb = "calls" if len(shown) == 1 else "call"
    text = rng.choice(
        [
            f"On the side of the tests, {names} in `{path}` {verb} it.",
            f"In `{path}`, {names} {verb} it too, so start there:",
            f"Tests to run: {names} in `{path}`.",
        ]
    )
    if view.pytest and (text[-1] == ":" or rng.random() < 0.3):
        tail = " or ".join(dict.fromkeys(t.name for t in shown))
        chosen = tail if " " not in tail else f'"{tail}"'
        return f"{text}\n\n```\npytest {path} -k {chosen}\n```"
    return f"{text[:-1]}." if text[-1] == ":" else text


def hedge(view: FullView, d: Definition, whole: bool, rng: random.Random) -> str:
    """How complete a list of callers is."""
    name = d.name
    if whole and calls_itself(view, d):
        return "It also calls itself; I see no further call of it in the Python code."
    if whole:
        ways = ["That is all of the Python code here; what others built on it I cannot see.", ""]
        if view.names[name] == 1:
            ways += [
                f"The Python code of the repository calls `{name}` nowhere else by its name.",
                f"I see no other call by name. A use of `{name}` without a call would not show up here.",
            ]
        return rng.choice(ways)
    return rng.choice(
        [
            f"Treat that as a lower bound: not every call of `{name}` shows which one it means.",
            f"There may be more, as some calls of `{name}` cannot be traced to one definition.",
            f"Also search for `{name}(`: calls on objects of unknown type are not in this list.",
            f"A search for `.{name}(` may turn up calls on objects whose class the source does not show.",
        ][: 4 if d.owner else 3]
    )
