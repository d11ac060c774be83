"""Questions about code that is shown: which way out it takes when.
The answer follows from the lines alone.
"""

import ast
import random
import re

from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView, joined, paragraphs
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.file_texts_and_trees import Function, Shown, body_of, own_nodes
from autodidact.generators.ast_parser.full.local_values_in_returns import computed
from autodidact.generators.ast_parser.full.return_branches import Outcome, case, in_words, outcomes
from autodidact.generators.writing.facts_into_words import capital, listing
from autodidact.sources.code.file_analysis import Definition

# Lines of a function that is shown, and ways out of it that are explained.
LINES = (4, 24)
MOST = 6
# Share of the questions that bring the code along; for the others it is read with a tool.
PASTED = 0.45
# Calls of a function that is known to give something else than it is written.
_GENERATES = (ast.Yield, ast.YieldFrom)

# Decorators that leave what a function returns and raises as it is.
PLAIN = frozenset(("property", "classmethod", "staticmethod", "abstractmethod", "override"))


def shown_function(view: FullView, d: Definition) -> tuple[Function, Shown] | None:
    """The tree and the text of a function that can be shown."""
    if d.kind == "class" or not LINES[0] <= d.lines[1] - d.lines[0] + 1 <= LINES[1]:
        return None
    node, shown = view.texts.function(d), view.texts.definition(d)
    return (node, shown) if node and shown and body_of(node) else None


def put(view: FullView, d: Definition, shown: Shown, asks: list[str], say: str, rng: random.Random) -> Piece:
    """The question with the code, before it or after it, or with a tool that reads the code."""
    ask = rng.choice(asks)
    reading = None if rng.random() < PASTED else view.tools.read_file(d.path, shown.first, shown.last)
    lines = (shown.first, shown.last)
    if reading:
        where = rng.choice(
            [
                f"{d.path}, lines {shown.first} to {shown.last}",
                f"see {d.path}:{shown.first}",
                f"it starts at {d.path}:{shown.first}",
            ]
        )
        return Piece(f"{ask} ({where})", say, d, "reasoning", reading=reading, lines=lines)
    style = rng.random()
    prompt = f"{ask}\n\n{shown.fenced}" if style < 0.5 else f"{shown.fenced}\n\n{ask}"
    if style > 0.8:
        prompt = f"From `{d.path}`:\n\n{shown.fenced}\n\n{ask}"
    return Piece(prompt, say, d, "reasoning", lines=lines)


def cases(view: FullView, d: Definition, rng: random.Random) -> Piece | None:
    """What it returns or raises in which case."""
    found = shown_function(view, d)
    if found is None or d.test or d.name.startswith("__") or not PLAIN.issuperset(d.decorators):
        return None
    node, shown = found
    if any(isinstance(one, _GENERATES) for one in own_nodes(node.body)):
        return None

    def expression(part: ast.AST) -> str | None:
        return view.texts.expression(d.path, part)

    ways = outcomes(body_of(node), expression)
    where = computed(node, ways, expression) if ways else None
    if where is None:
        return None
    if not ways or not 2 <= len(ways) <= MOST or all(way.kind == "end" for way in ways):
        return None
    if len({(case(way), in_words(way)) for way in ways}) < len(ways):
        return None
    raised = any(way.kind == "raise" for way in ways)
    procedure = not any(way.kind == "return" and way.value for way in ways)
    if procedure and not raised:
        return None
    name = f"`{d.name}`"
    asks = [
        f"What can come out of {name}, and in which case?",
        f"When does {name} return what?",
        f"Explain the branches of {name}.",
        f"I have to write tests for {name}. Which cases are there?",
        f"Which paths lead out of {name}?",
        f"What does a caller of {name} have to expect?",
    ]
    if procedure:
        asks = []
    if raised:
        asks += [
            f"Under which condition does {name} itself raise?",
            f"Which exception does {name} raise in its own body, and when?",
        ]
    ends = "" if not procedure else f"`{d.name}` gives nothing back in any of these cases."
    say = paragraphs(_listed(d, ways, procedure, rng), joined(where, _truth(d, ways), ends))
    piece = put(view, d, shown, asks, say, rng)
    if not piece.reading:
        # Of code that is pasted nobody has said yet where it stands.
        piece.say = paragraphs(say, f"{name} is defined in `{d.path}`, line {d.lines[0]}.")
    return piece


def _listed(d: Definition, ways: list[Outcome], procedure: bool, rng: random.Random) -> str:
    """Two ways as a sentence, more as a list. `procedure`: whether it returns no values."""
    name = f"`{d.name}`"

    def does(way: Outcome) -> str:
        if procedure and way.kind != "raise":
            stops = (
                f"runs {listing(f'`{one}`' for one in way.before)} and stops" if way.before else "stops there"
            )
            # What it calls may still raise.
            return "raises nothing itself" if way.kind == "end" else stops
        first = f"runs {listing(f'`{one}`' for one in way.before)}, then " if way.before else ""
        return f"{first}{in_words(way)}"

    if len(ways) == 2 and not case(ways[1]) and case(ways[0]):
        first = case(ways[0])
        if rng.random() < 0.6 or len(first) > 60:
            return f"{capital(first)}, {name} {does(ways[0])}. Otherwise it {does(ways[1])}."
        return f"{name} {does(ways[0])} {first}; otherwise it {does(ways[1])}."
    lines = []
    for number, way in enumerate(ways):
        opening = ", ".join(part for part in ("Otherwise" if number else "", case(way)) if part)
        it = f"{', it' if case(way) else ' it'}" if opening else "It"
        lines.append(f"- {capital(opening)}{it} {does(way)}.")
    heads = [
        f"The returns and raises written in {name}, from top to bottom; the first that applies decides:",
        f"These are the returns and raises in the body of {name}; take the first one that applies:",
        f"Read {name} from the top; the first case that fits is the one:",
    ]
    return f"{rng.choice(heads)}\n\n" + "\n".join(lines)


def _truth(d: Definition, ways: list[Outcome]) -> str:
    """What a test of the truth of a parameter, by default None, lets through besides that."""
    parameters = [name for name, value in d.defaults.items() if value == "None"]
    for guard in (one for way in ways for one in way.guards):
        match = re.fullmatch(r"`(\w+)` is (falsy|truthy)", guard.words)
        if match and match[1] in parameters and (match[2] == "falsy" or guard.ends):
            return (
                f"Note that the truth of `{match[1]}` is tested, not whether it is `None`: an empty string,"
                " an empty container and `0` count like `None`."
            )
    return ""
