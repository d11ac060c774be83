"""Conversations: questions that need the turn before, and lookups with the repository's tools."""

import random
import re
from collections.abc import Callable
from functools import partial

import autodidact.generators.ast_parser.full.class_answers as classes
import autodidact.generators.ast_parser.full.definition_surroundings as structure
import autodidact.generators.ast_parser.full.purpose_and_usage as memory
import autodidact.generators.ast_parser.full.shown_functions as shown
from autodidact.generators.ast_parser.full.caller_lists import by_file, callers, how_often
from autodidact.generators.ast_parser.full.calls_not_seen import called_unseen
from autodidact.generators.ast_parser.full.codebase_for_full_answers import (
    FullView,
    calls_itself,
    own_params,
    paragraphs,
)
from autodidact.generators.ast_parser.full.draft_example import COMMON, Piece
from autodidact.generators.ast_parser.full.model_calls import line_of_name
from autodidact.generators.ast_parser.full.real_calls_of_definition import Use, arguments, uses
from autodidact.generators.writing.conversations import assistant, user
from autodidact.records import call
from autodidact.sources.code.file_analysis import Definition

Write = Callable[[FullView, Definition, random.Random], Piece | None]

# Lines after the first of a function about whose code somebody asks.
SHORT = 3
# Lines that are read before and after one.
AROUND = 10
# The paragraph of an explanation that names who calls the thing.
_USERS = re.compile(r"^It is (called|instantiated|created)[^\n]*$", re.MULTILINE)
_GAP = re.compile(r"\n{3,}")
_FENCE = re.compile(r"```.*?```", re.DOTALL)
# The kinds that can answer a question about "it", and how such a question is put.
_FOLLOWING: tuple[tuple[Write, tuple[str, ...]], ...] = (
    (
        memory.usage,
        (
            "Show me a call of it, please.",
            "And how is it called in practice?",
            "Can I see one real call?",
            "An example, please.",
            "What does a call look like?",
        ),
    ),
    (callers, ("And who calls it?", "Where is it called?", "OK. Which callers do I have to look at?")),
    (partial(structure.test_place, way="there"), ("Is there a test that calls it?", "Does a test call it?")),
    (
        partial(structure.test_place, way="which"),
        ("And a test that I could copy from?", "Show me a test of it, please."),
    ),
    (
        classes.override,
        (
            "Does it still run the inherited code?",
            "How is that different from the inherited one?",
            "And the method that it overrides?",
        ),
    ),
    (
        structure.imports,
        ("What do I import to use it?", "And the import line?", "Where do I import it from?"),
    ),
    (memory.explain, ("And what is it for?", "What does it do, then?", "Remind me what it does?")),
)
_LEADING: tuple[Write, ...] = (memory.explain, callers, structure.imports, memory.usage, classes.override)


def follow_up(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Two questions about one definition, the second one with "it"; sometimes a third."""
    leading = rng.sample(_LEADING, len(_LEADING))
    first, lead = next(((p, write) for write in leading if (p := write(view, d, rng))), (None, None))
    if first is None or not isinstance(first.say, str):
        return None
    history = [user(first.ask), assistant(first.say)]
    used = {first.say}
    pieces = []
    kinds = {lead}
    for write, asks in rng.sample(_FOLLOWING, len(_FOLLOWING)):
        # After its verb, whose ending is changed.
        summed_up = view.doc(d).summary.partition(" ")[2][:30]
        if write is memory.explain and summed_up and any(summed_up in text for text in used):
            continue
        if write is callers and any(_USERS.search(text) for text in used):
            continue
        kind = getattr(write, "func", write)
        # A call comes with its own import; another line may not go with that call.
        if {kind, *kinds} >= {memory.usage, structure.imports}:
            continue
        piece = write(view, d, rng) if kind not in kinds else None
        if piece and kind is structure.test_place and any(f"`{piece.path}" in text for text in used):
            continue
        said = view.does(d)
        if piece and write is memory.usage and said and any(said in text for text in used):
            # What it does, or stands for, was said in the turn before.
            piece.say = _GAP.sub("\n\n", re.sub(f" ?{re.escape(said)}", "", str(piece.say))).strip()
        if piece and write is memory.explain and callers in kinds:
            piece.say = _USERS.sub("", str(piece.say)).rstrip()
        # A class is for something; an exception does nothing.
        if write is memory.explain and d.kind == "class":
            asks = asks[:1]
        if piece and write is classes.override:
            # The answer begins with the yes or no of the question that it was made for.
            if "same signature" in piece.ask:
                continue
            # How the two differ is said in the answer to that question alone.
            asks = asks[:1] if "still" in piece.ask else asks[1:2] if "differ" in piece.ask else asks[2:]
        if piece and isinstance(piece.say, str) and (say := _news(piece, used)):
            piece.say = say
            used.add(say)
            kinds.add(kind)
            pieces.append((rng.choice(asks), piece))
        if len(pieces) == 2:
            break
    if not pieces:
        return None
    if len(pieces) == 2 and rng.random() < 0.35:
        history += [user(pieces[0][0]), assistant(str(pieces[0][1].say))]
        pieces = pieces[1:]
    ask, last = pieces[0]
    say = str(last.say)
    return Piece(ask, say, d, last.category, history=history, path=last.path, lines=last.lines)


def _news(piece: Piece, used: set[str]) -> str:
    """An answer without the paragraphs that were given before; "" where it then says little, or loses what
    answers the question.
    """
    text = str(piece.say)
    known = {run for other in used for run in _runs(other)}
    parts = [part.replace("\0", "\n") for part in _FENCE.sub(_closed_up, text).split("\n\n")]
    kept: list[str] = []
    for part in parts:
        if len(_runs(part) & known) * 2 <= len(_runs(part)):
            kept.append(part)
        elif kept and kept[-1].endswith(":"):
            return ""
    core = piece.core or parts[0]
    return "\n\n".join(kept) if core in kept and len(" ".join(kept).split()) >= 12 else ""


def _closed_up(fence: re.Match[str]) -> str:
    """A fence without line ends, so that no paragraph ends in it."""
    return fence[0].replace("\n", "\0")


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w.]+", text)
    return {*zip(words, words[1:], words[2:], strict=False)}


def which_tests(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """Everybody who calls it, then how many of these are tests."""
    unseen = d.kind == "class" or called_unseen(view, d)
    known = None if unseen else view.callers(d)
    if (
        known is None
        or not known.whole
        or d.test
        or not known.real
        or not known.tests
        or calls_itself(view, d)
    ):
        return None
    real, tests = known.real, known.tests
    # What only stands in the folder of the tests, a benchmark or an own class, is none of them.
    if any(not c.name.startswith("test") for c in tests):
        return None
    if len(real) + len(tests) > 8 or any(c.kind == "module" for c in (*real, *tests)):
        return None
    everybody = sorted((*real, *tests), key=lambda c: (c.path, c.lines))
    first = f"These call {view.name(d)}:\n\n{by_file(view, everybody, d)}"
    asks = [
        f"Who calls {view.name(d)}?",
        f"List the callers of {view.name(d)}, tests included.",
        f"Where is {view.name(d)} called, all in all?",
    ]
    test_names, real_names = view.spread(tests, d), view.spread(real, d)
    count = f"{len(tests)} of the {len(everybody)}" if len(everybody) > 2 else "One of the two"
    say = f"{count}: {test_names}. Outside the tests it is called by {real_names}."
    ask = "How many of these are in the tests?"
    return Piece(ask, say, d, "reasoning", history=[user(rng.choice(asks)), assistant(first)])


def named(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """An answer that names a caller, then what that caller does."""
    piece = rng.choice((callers, memory.usage))(view, d, rng)
    known = view.callers(d)
    if piece is None or known is None:
        return None
    found = [
        c
        for c in known.real
        if c.kind != "module" and view.doc(c).summary and f"`{c.qualname}`" in str(piece.say)
    ]
    if not found:
        return None
    caller = rng.choice(found)
    inner = memory.explain(view, caller, rng)
    if inner is None:
        return None
    asks = [
        f"And what does `{caller.qualname}` do?",
        f"You mention `{caller.qualname}`. What is that for?",
        f"What is `{caller.qualname}`, then? I haven't come across it.",
        f"OK, and `{caller.qualname}`: what is its job?",
    ]
    return Piece(rng.choice(asks), inner.say, caller, history=[user(piece.ask), assistant(str(piece.say))])


def look_up(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A place that somebody names, and the call that reads it."""
    lines = view.texts.lines(d.path)
    # Of a stub there is nothing to read.
    short = d.lines[1] - d.lines[0] < SHORT
    if lines is None or d.test or d.kind == "class" or short or d.name[:2] == "__" or rng.random() > COMMON:
        return None
    # So near its head that what is read begins before it.
    number = rng.randint(d.lines[0], min(d.lines[1], d.lines[0] + AROUND))
    first, last = max(1, number - AROUND), min(len(lines), number + AROUND)
    if not view.tools.read_file(d.path, first, last):
        return None
    asks = [
        f"What's at line {number} of `{d.path}`? Check it, don't guess.",
        f"Please read `{d.path}` around line {number} before we talk about `{d.name}`.",
    ]
    arguments = {"path": d.path, "first_line": first, "last_line": last}
    texts = [
        "",
        "",
        f"I'll read the lines around {number} first.",
        f"Let me look at `{d.name}` in the source.",
    ]
    reply = call(("read_file", arguments), content=rng.choice(texts))
    return Piece(rng.choice(asks), reply, d, "reasoning", tools=True)


def two_reads(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """A function and one of its callers are read, then what the caller passes."""
    found = shown.shown_function(view, d)
    if found is None or d.test:
        return None
    real = (u for u in uses(view, view.texts, d, rng) if u.caller.kind != "module" and not u.caller.test)
    use = next(real, None)
    around = shown.shown_function(view, use.caller) if use else None
    if use is None or around is None or use.caller.qualname == d.qualname:
        return None
    one = view.tools.read_file(d.path, found[1].first, found[1].last)
    two = view.tools.read_file(use.caller.path, around[1].first, around[1].last)
    known = arguments(view.texts, use, d)
    if not _fits(view, use, d) or known is None or len(known.given) < 2 or not one or not two:
        return None
    # Of several calls one is not the answer, and `req` for `req` is what everybody has just read.
    if how_often(view, use.caller, d) != 1 or all(value == name for name, value in known.given.items()):
        return None
    if sum(len(m["content"]) for m in (*one, *two)) > 2600:
        return None
    asks = [
        f"What does `{use.caller.qualname}` hand to `{d.qualname}`?",
        f"Read `{d.qualname}` and its caller `{use.caller.qualname}`. What does the one pass to the other?",
        f"Does the call in `{use.caller.qualname}` fit the signature of `{d.qualname}`?",
    ]
    ask = rng.choice(asks)
    head = f"In `{use.caller.qualname}` (`{use.caller.path}`, line {line_of_name(use.call)}) the call is:"
    fits = f"Yes, it fits `{d.signature}`: every parameter without a default gets its argument."
    fits = fits if "fit the signature" in ask else ""
    say = paragraphs(fits, head, use.shown.fenced, memory.handed(view, known, d))
    return Piece(ask, say, d, "reasoning", reading=[*one, *two])


def _fits(view: FullView, use: Use, d: Definition) -> bool:
    """Whether a call gives every parameter without a default its argument."""
    known = arguments(view.texts, use, d)
    needed = [p for p in own_params(d) if p not in d.defaults]
    return known is not None and not known.starred and all(p in known.given for p in needed)
