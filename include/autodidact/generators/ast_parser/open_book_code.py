"""Open-book questions about code: the facts of some definitions, or a short function as it stands, and an
answer of a word.

shown    def _load(self, path, strict=False):
             if not path:
                 raise ValueError("no path")
asked    Which exception does this raise? Reply with the name only.       ["raises"]
answer   ValueError
"""

import ast
import random
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from autodidact.errors import AutodidactError
from autodidact.generators.ast_parser.codebase_for_questions import SYNTAX, source
from autodidact.generators.writing import open_book
from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.prompt_layouts import NAME, NAMES, NUMBER, YES_NO, ending, put
from autodidact.generators.writing.relation_phrases import read_phrases
from autodidact.shipped_tables import read_table
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_analysis import Definition
from autodidact.sources.code.python_syntax import Unreadable, text_of
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Graph, Triple

# Definitions whose facts are shown.
MOST = 400
# Of a function that is shown.
LINES = (2, 9)
CHARACTERS = 420

_WORDS = read_phrases(read_table(__file__)["relations"])
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOUNS = {"is_in": "file", "has_lines": "number"}
_PLAIN = re.compile(r"[A-Za-z_][\w.]*(\[[\w., ]+\])?")


def questions(code: CodeBase, repository: Repository, limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit`: half about a table of facts, half about code that is shown. Tests are left out."""
    definitions = [d for d in code.definitions if not d.test]
    found = rng.sample(definitions, min(MOST, len(definitions)))
    where = {(d.path, d.qualname): d for d in found}
    times = Counter(qualname for _, qualname in where)
    single = [d for d in found if times[d.qualname] == 1]
    facts = open_book.questions(_relations(code, single), limit, rng)
    functions = [d for d in found if d.kind != "class"]
    yield from open_book.mixed(facts, _shown(code, repository, functions, limit, rng), 0.5)


def _relations(code: CodeBase, found: list[Definition]) -> Iterator[open_book.Relation]:
    by_name = {d.qualname: d for d in found}
    facts: dict[str, list[tuple[str, str]]] = {
        "takes": [(d.qualname, p) for d in found for p in _parameters(d)],
        "raises": [(d.qualname, name) for d in found for name in d.raises],
        "returns": [(d.qualname, d.returns) for d in found if d.returns and d.returns != "None"],
        "is_in": [(d.qualname, d.path) for d in found],
        "has_lines": [(d.qualname, str(d.lines[1] - d.lines[0] + 1)) for d in found if d.kind != "class"],
    }
    for relation, pairs in facts.items():
        triples = [
            Triple(name, relation, value)
            for name, value in pairs
            if _PLAIN.fullmatch(value) or "/" in value or value.isdigit()
        ]
        scale = ("longest", "shortest") if relation == "has_lines" else None

        def where(triples: list[Triple]) -> dict:
            first = by_name[triples[0].subject]
            return source(code, first.path, first.lines) | {
                "paths": {t.subject: by_name[t.subject].path for t in triples}
            }

        if triples:
            yield open_book.Relation(
                _WORDS[relation], triples, where, _NOUNS.get(relation, "name"), scale, Graph(triples)
            )


def _parameters(d: Definition) -> list[str]:
    return [p for p in (name.lstrip("*") for name in d.params) if p not in ("self", "cls") and p]


def _shown(
    code: CodeBase, repository: Repository, found: list[Definition], limit: int, rng: random.Random
) -> Iterator[Fact]:
    """A short function as it stands, and one question about it."""
    prompts: set[str] = set()
    for d in found * 3:
        shown = _text(code, repository, d)
        if shown is None:
            continue
        text, tree = shown
        question = _question(text, tree, rng)
        if question is None or not limit:
            continue
        ask, answer, about = question
        prompt = put(f"```python\n{text}\n```" if rng.random() < 0.4 else text, ask, rng)
        if prompt not in prompts:
            prompts.add(prompt)
            limit -= 1
            yield Fact(prompt, answer, source(code, d.path, d.lines) | {"open_book": about}, short=True)


def _text(code: CodeBase, repository: Repository, d: Definition) -> tuple[str, ast.Module] | None:
    """The lines of a definition, dedented, and their tree; None where there are too many, or they are no
    Python by themselves.
    """
    if not LINES[0] <= d.lines[1] - d.lines[0] + 1 <= LINES[1]:
        return None
    try:
        lines = text_of(repository.read(code.files[d.path].blob)).split("\n")
        text = textwrap.dedent("\n".join(lines[d.lines[0] - 1 : d.lines[1]])).rstrip()
        tree = ast.parse(text, feature_version=SYNTAX)
    except (AutodidactError, Unreadable, SyntaxError, ValueError):
        return None
    return (text, tree) if len(text) <= CHARACTERS and "```" not in text else None


class _Ask(NamedTuple):
    """Something to ask about a function: the ways to put it, the answer and its form, and what it is about,
    for the example's source. `weight`: how often it is drawn, compared with others.
    """

    ways: tuple[str, ...]
    answer: str
    form: tuple[str, ...]
    about: list
    weight: int = 1


def _question(text: str, tree: ast.Module, rng: random.Random) -> tuple[str, str, list] | None:
    """(question, answer, what it is about); None without a function, or of one that is explained."""
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not functions or ast.get_docstring(functions[0]):
        return None
    function = functions[0]
    names = ("What is this function called?", "Which name does it define?")
    asks = [
        _Ask(names, function.name, NAME, ["name"]),
        *_about_parameters(function, text, rng),
        *_about_defaults(function, rng),
        *_about_body(function),
    ]
    chosen = rng.choice([ask for ask in asks for _ in range(ask.weight)])
    noun = "value" if chosen.about[0] == "default" else "name"
    return f"{rng.choice(chosen.ways)} {ending(chosen.form, rng, noun)}", chosen.answer, chosen.about


def _about_parameters(function: _Function, text: str, rng: random.Random) -> list[_Ask]:
    given = function.args
    arguments = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    parameters = [a.arg for a in arguments if a.arg not in ("self", "cls")]
    if not 1 <= len(parameters) <= 5:
        return []
    absent = rng.choice(("strict", "limit", "depth", "retry", "verbose", "prefix", "encoding"))
    one = rng.choice(parameters) if rng.random() < 0.5 or absent in text else absent
    whether = (f"Does it take a parameter {one}?", f"Is {one} a parameter here?")
    which = ("Which parameters does it take, without self?", "Name its parameters (not self).")
    count = ("How many parameters does it have, without self?", "Count its parameters, self aside.")
    return [
        _Ask(whether, "yes" if one in parameters else "no", YES_NO, ["parameter", one]),
        _Ask(which, ", ".join(parameters), NAMES, ["parameters"]),
        _Ask(count, str(len(parameters)), NUMBER, ["count"]),
    ]


def _about_defaults(function: _Function, rng: random.Random) -> list[_Ask]:
    given = function.args
    last = given.args[len(given.args) - len(given.defaults) :]
    pairs = [*zip(last, given.defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    plain = {a.arg: ast.unparse(value) for a, value in pairs if isinstance(value, ast.Constant)}
    if not plain:
        return []
    name = rng.choice(sorted(plain))
    ways = (f"What is the default of {name}?", f"Which value does {name} have when it is left out?")
    return [_Ask(ways, plain[name], NAME, ["default", name], weight=2)]


def _about_body(function: _Function) -> list[_Ask]:
    """The one exception that it raises, the one call that it makes, the one line where it returns."""
    nodes = list(ast.walk(function))
    raised = {_raised(node.exc) if node.exc else "" for node in nodes if isinstance(node, ast.Raise)}
    called = {_called(node.func) for node in nodes if isinstance(node, ast.Call)}
    returns = [node.lineno for node in nodes if isinstance(node, ast.Return)]
    asks = []
    if len(raised) == 1 and "" not in raised:
        ways = ("Which exception does this raise?", "What does it raise?")
        asks.append(_Ask(ways, raised.pop(), NAME, ["raises"], weight=2))
    if len(called) == 1 and "" not in called:
        ways = ("Which one function or method does it call?", "What is called in it?")
        asks.append(_Ask(ways, called.pop(), NAME, ["calls"], weight=2))
    if len(returns) == 1:
        ways = (
            "In which line, counted from 1, does it return?",
            "The line that returns: which number, the first being 1?",
        )
        asks.append(_Ask(ways, str(returns[0]), NUMBER, ["line"]))
    return asks


def _called(node: ast.expr) -> str:
    """The simple name of what is called; nothing for the result of an expression."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _raised(node: ast.expr) -> str:
    """The name of the class that is raised, without the module before it; nothing for a variable or an
    attribute that holds one.
    """
    name = _called(node.func if isinstance(node, ast.Call) else node)
    return name if name[:1].isupper() else ""
