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

from autodidact.errors import AutodidactError
from autodidact.generators.ast_parser.facts import source
from autodidact.generators.writing import in_context
from autodidact.generators.writing.in_context import NAME, NAMES, NUMBER, YES_NO, ending, put
from autodidact.generators.writing.relation_phrases import Phrase
from autodidact.generators.writing.wording import Fact
from autodidact.sources.code.analysis import Definition
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.graph import Graph, Triple

# Definitions that facts are taken of.
MOST = 400
# Of a function that is shown.
LINES = (2, 9)
CHARACTERS = 420

_WORDS = {
    "takes": Phrase(
        "takes the parameter",
        "take the parameter",
        "parameters",
        "functions",
        ("Which parameters does {0} take?", "{0}: its parameters?", "What do I pass to {0}?"),
        (
            "Which function takes the parameter {0}?",
            "Where is {0} a parameter?",
            "What do I call to pass {0}?",
        ),
        "Does {0} take the parameter {1}?",
        code=True,
    ),
    "raises": Phrase(
        "raises",
        "raise",
        "exceptions",
        "functions",
        ("What does {0} raise?", "Which exception may {0} raise?", "What do I catch around {0}?"),
        ("What raises {0}?", "Where does {0} come from?", "Which function may raise {0}?"),
        "Does {0} raise {1}?",
        code=True,
    ),
    "returns": Phrase(
        "returns",
        "return",
        "types",
        "functions",
        ("What does {0} return?", "What type do I get from {0}?", "{0}: return type?"),
        ("What returns {0}?", "Which function gives me {0}?"),
        "Does {0} return {1}?",
        code=True,
    ),
    "is_in": Phrase(
        "is in",
        "are in",
        "files",
        "names",
        ("Which file contains {0}?", "Where is {0}?", "Which file do I open for {0}?"),
        ("What is in {0}?", "Which of these names is in {0}?"),
        "Is {0} in {1}?",
        code=True,
    ),
    "has_lines": Phrase(
        "has a length in lines of",
        "have a length in lines of",
        "lines",
        "functions",
        ("How many lines does {0} have?", "How long is {0}, in lines?"),
        ("Which one has {0} lines?", "What is {0} lines long?"),
        "Does {0} have {1} lines?",
        code=True,
    ),
}
_NOUNS = {"is_in": "file", "has_lines": "number"}
_PLAIN = re.compile(r"[A-Za-z_][\w.]*(\[[\w., ]+\])?")


def questions(code: CodeBase, repository: Repository, limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit`: half about a table of facts, half about code that is shown. Tests are left out."""
    definitions = [d for d in code.definitions if not d.test]
    found = rng.sample(definitions, min(MOST, len(definitions)))
    where = {(d.path, d.qualname): d for d in found}
    times = Counter(qualname for _, qualname in where)
    single = [d for d in found if times[d.qualname] == 1]
    sheets = in_context.questions(_sheets(code, single), limit, rng)
    yield from in_context.mixed(
        sheets, _shown(code, repository, [d for d in found if d.kind != "class"], limit, rng), 0.5
    )


def _sheets(code: CodeBase, found: list[Definition]) -> Iterator[in_context.Relation]:
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
            yield in_context.Relation(
                _WORDS[relation], triples, where, _NOUNS.get(relation, "name"), scale, Graph(triples)
            )


def _parameters(d: Definition) -> list[str]:
    return [p for p in (name.lstrip("*") for name in d.params) if p not in ("self", "cls") and p]


def _shown(
    code: CodeBase, repository: Repository, found: list[Definition], limit: int, rng: random.Random
) -> Iterator[Fact]:
    """A short function as it stands, and one question about it."""
    asked: set[str] = set()
    for d in found * 3:
        text, tree = _text(code, repository, d) or ("", None)
        made = _question(text, tree, rng) if tree else None
        if (
            made
            and limit
            and (user := put(f"```python\n{text}\n```" if rng.random() < 0.4 else text, made[0], rng))
            not in asked
        ):
            asked.add(user)
            limit -= 1
            yield Fact(user, made[1], source(code, d.path, d.lines) | {"open_book": made[2]}, short=True)


def _text(code: CodeBase, repository: Repository, d: Definition) -> tuple[str, ast.Module] | None:
    """The lines of a definition, dedented, and their tree; None where there are too many, or they are no
    Python by themselves.
    """
    if not LINES[0] <= d.lines[1] - d.lines[0] + 1 <= LINES[1]:
        return None
    try:
        lines = repository.read(code.files[d.path].blob).decode("utf-8").split("\n")
        text = textwrap.dedent("\n".join(lines[d.lines[0] - 1 : d.lines[1]])).rstrip()
        tree = ast.parse(text)
    except (AutodidactError, UnicodeDecodeError, SyntaxError, ValueError):
        return None
    return (text, tree) if len(text) <= CHARACTERS and "```" not in text and "\r" not in text else None


def _question(text: str, tree: ast.Module, rng: random.Random) -> tuple[str, str, list] | None:
    """(question, answer, what is asked) of one kind that fits."""
    function = next(
        (node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))), None
    )
    if function is None or ast.get_docstring(function):
        return None
    given = function.args
    parameters = [
        a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in ("self", "cls")
    ]
    nodes = list(ast.walk(function))
    called = {
        c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", "")
        for c in nodes
        if isinstance(c, ast.Call)
    } - {""}
    raised = {_last(r.exc) for r in nodes if isinstance(r, ast.Raise) and r.exc} - {""}
    kinds: list[tuple[tuple[str, ...], str, str, list]] = [
        (("What is this function called?", "Which name does it define?"), function.name, NAME, ["name"])
    ]
    if 1 <= len(parameters) <= 5:
        absent = rng.choice(("strict", "limit", "depth", "retry", "verbose", "prefix", "encoding"))
        one = rng.choice(parameters) if rng.random() < 0.5 or absent in text else absent
        kinds += [
            (
                (f"Does it take a parameter {one}?", f"Is {one} a parameter here?"),
                "yes" if one in parameters else "no",
                YES_NO,
                ["parameter", one],
            ),
            (
                ("Which parameters does it take, without self?", "Name its parameters (not self)."),
                ", ".join(parameters),
                NAMES,
                ["parameters"],
            ),
            (
                ("How many parameters does it have, without self?", "Count its parameters, self aside."),
                str(len(parameters)),
                NUMBER,
                ["count"],
            ),
        ]
    defaults = dict(
        zip([a.arg for a in given.args][len(given.args) - len(given.defaults) :], given.defaults, strict=True)
    )
    defaults |= {a.arg: value for a, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value}
    plain = {name: ast.unparse(value) for name, value in defaults.items() if isinstance(value, ast.Constant)}
    if plain:
        name = rng.choice(sorted(plain))
        kinds += 2 * [
            (
                (f"What is the default of {name}?", f"Which value does {name} have when it is left out?"),
                plain[name],
                NAME,
                ["default", name],
            )
        ]
    if len(raised) == 1:
        kinds += 2 * [
            (("Which exception does this raise?", "What does it raise?"), raised.pop(), NAME, ["raises"])
        ]
    if len(called) == 1:
        kinds += 2 * [
            (
                ("Which one function or method does it call?", "What is called in it?"),
                called.copy().pop(),
                NAME,
                ["calls"],
            )
        ]
    returns = [node.lineno for node in nodes if isinstance(node, ast.Return)]
    if len(returns) == 1:
        asks = (
            "In which line, counted from 1, does it return?",
            "The line that returns: which number, the first being 1?",
        )
        kinds.append((asks, str(returns[0]), NUMBER, ["line"]))
    asks, answer, how, what = rng.choice(kinds)
    noun = "value" if what[0] == "default" else "name"
    return f"{rng.choice(asks)} {ending(how, rng, noun)}", answer, what


def _last(node: ast.AST) -> str:
    """The name of the class that is raised, without the module before it; nothing for a variable or an
    attribute that holds one.
    """
    node = node.func if isinstance(node, ast.Call) else node
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name if name[:1].isupper() else ""
