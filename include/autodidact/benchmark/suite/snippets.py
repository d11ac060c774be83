"""Small pieces of Python, each with ways to break it: what the diffs of code_review are made of.

A snippet is a table row: its clean lines, then its defects. `{f}` is a function, `{xs}` a list, `{x}` a
value, `{n}` a number, `{p}` a store.
"""

from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.vocabulary import FUNCTIONS, MODULES, STORES, VARIABLES

KINDS = {
    "off_by_one": "a range or an index is one too long or too short",
    "wrong_operator": "an operator does the opposite of what is meant",
    "missing_return": "a result is computed and not returned",
    "missing_check": "an empty or zero value is not provided for",
    "unclosed_file": "a file is opened and never closed",
    "swallowed_error": "an error is caught and nobody learns of it",
    "shared_default": "calls share one mutable default value",
    "injection": "text from outside becomes part of a query",
    "missing_await": "a coroutine is called and not awaited",
    "secret_in_code": "a password stands in the source",
    "endless_loop": "a loop never comes to its end",
    "early_return": "a loop ends in its first round",
}

CUES = {
    "off_by_one": "a + 1 or - 1 too much",
    "missing_return": "print instead of return",
    "unclosed_file": "open( without with",
    "swallowed_error": "except with pass",
    "shared_default": "=[] as a default",
    "injection": "a query as an f-string",
    "missing_await": "a call without await",
    "secret_in_code": "a password written out",
}
"""How each looks, for those who cannot read code yet: level 1 says this."""


@dataclass(frozen=True)
class Snippet:
    about: str  # what it is for, as a docstring says it
    lines: tuple[str, ...]
    defects: tuple[
        tuple[str, int, str], ...
    ]  # kind, number of the line from 1, the line or lines that stand there instead


SNIPPETS = [
    Snippet(
        "Add up all values.",
        (
            "def {f}({xs}):",
            "    total = 0",
            "    for i in range(len({xs})):",
            "        total += {xs}[i]",
            "    return total",
        ),
        (
            ("off_by_one", 3, "    for i in range(len({xs}) - 1):"),
            ("off_by_one", 3, "    for i in range(len({xs}) + 1):"),
            ("wrong_operator", 4, "        total -= {xs}[i]"),
            ("missing_return", 5, "    print(total)"),
            ("early_return", 5, "        return total"),
        ),
    ),
    Snippet(
        "The mean, or 0 for no values.",
        ("def {f}({xs}):", "    n = len({xs})", "    return sum({xs}) / n if n else 0"),
        (
            ("missing_check", 3, "    return sum({xs}) / n"),
            ("wrong_operator", 3, "    return sum({xs}) * n if n else 0"),
            ("missing_return", 3, "    print(sum({xs}) / n if n else 0)"),
        ),
    ),
    Snippet(
        "Return the text of a file.",
        (
            "def {f}(path):",
            "    with open(path) as source:",
            "        text = source.read()",
            "    return text.strip()",
        ),
        (
            ("unclosed_file", 2, "    source = open(path)\n    text = source.read()"),
            ("missing_return", 4, "    print(text.strip())"),
        ),
    ),
    Snippet(
        "Find rows by name.",
        (
            "def {f}(db, name):",
            "    query = 'SELECT * FROM {m} WHERE name = ?'",
            "    rows = db.execute(query, [name])",
            "    return rows.fetchall()",
        ),
        (
            ("injection", 2, "    query = f'SELECT * FROM {m} WHERE name = {{name}}'"),
            ("missing_return", 4, "    print(rows.fetchall())"),
        ),
    ),
    Snippet(
        "Add a value to a list, or to a new one.",
        (
            "def {f}({x}, found=None):",
            "    found = [] if found is None else found",
            "    found.append({x})",
            "    return found",
        ),
        (("shared_default", 1, "def {f}({x}, found=[]):"), ("missing_return", 4, "    print(found)")),
    ),
    Snippet(
        "Send a value, and say so when it fails.",
        (
            "def {f}({x}):",
            "    try:",
            "        {p}.send({x})",
            "    except ConnectionError as error:",
            "        raise Unsent({x}) from error",
        ),
        (("swallowed_error", 5, "        pass"),),
    ),
    Snippet(
        "Load a row and return its value.",
        ("async def {f}(key):", "    row = await {p}.get(key)", "    return row['{x}']"),
        (("missing_await", 2, "    row = {p}.get(key)"), ("missing_return", 3, "    print(row['{x}'])")),
    ),
    Snippet(
        "Connect to the store.",
        ("def {f}():", "    password = os.environ['{p}_PASSWORD']", "    return connect('{p}', password)"),
        (
            ("secret_in_code", 2, "    password = '{m}-{n}'"),
            ("missing_return", 3, "    print(connect('{p}', password))"),
        ),
    ),
    Snippet(
        "Return the largest of one or more values.",
        (
            "def {f}({xs}):",
            "    best = {xs}[0]",
            "    for one in {xs}[1:]:",
            "        best = one if one > best else best",
            "    return best",
        ),
        (
            ("wrong_operator", 4, "        best = one if one < best else best"),
            ("early_return", 5, "        return best"),
            ("missing_return", 5, "    print(best)"),
        ),
    ),
    Snippet(
        "Try up to {n} times.",
        (
            "def {f}(job):",
            "    tries = 0",
            "    while tries < {n} and not job.done:",
            "        tries += 1",
            "        job.run()",
        ),
        (
            ("endless_loop", 4, "        tries = 1"),
            ("off_by_one", 3, "    while tries < {n} + 1 and not job.done:"),
            ("off_by_one", 3, "    while tries < {n} - 1 and not job.done:"),
        ),
    ),
    Snippet(
        "Return the rows of a page; the first page is 0.",
        ("def {f}({xs}, page):", "    start = page * {n}", "    return {xs}[start:start + {n}]"),
        (
            ("off_by_one", 2, "    start = (page + 1) * {n}"),
            ("wrong_operator", 2, "    start = page - {n}"),
            ("missing_return", 3, "    print({xs}[start:start + {n}])"),
        ),
    ),
    Snippet(
        "Whether all values are positive.",
        (
            "def {f}({xs}):",
            "    for one in {xs}:",
            "        if one <= 0:",
            "            return False",
            "    return True",
        ),
        (("wrong_operator", 3, "        if one >= 0:"), ("early_return", 5, "        return True")),
    ),
    Snippet(
        "The share of {n} that is used.",
        ("def {f}({x}, limit={n}):", "    if limit == 0:", "        return 0", "    return {x} / limit"),
        (("missing_check", 2, "    if limit == {n}:"), ("missing_return", 4, "    print({x} / limit)")),
    ),
    Snippet(
        "Collect the names in a file.",
        (
            "def {f}(path, found=None):",
            "    found = set() if found is None else found",
            "    with open(path) as source:",
            "        found.update(source)",
            "    return found",
        ),
        (
            ("unclosed_file", 3, "    source = open(path)\n    found.update(source)"),
            ("shared_default", 1, "def {f}(path, found=set()):"),
            ("missing_return", 5, "    print(found)"),
        ),
    ),
    Snippet(
        "Delete a row, and say so when it is not there.",
        (
            "async def {f}(key):",
            "    try:",
            "        await {p}.delete(key)",
            "    except KeyError:",
            "        raise Missing(key) from None",
        ),
        (("missing_await", 3, "        {p}.delete(key)"), ("swallowed_error", 5, "        return")),
    ),
]

_TAKEN = ("total", "start", "limit", "page")
_LISTS = [
    "rows",
    "users",
    "orders",
    "items",
    "lines",
    "names",
    "values",
    "scores",
    "prices",
    "pages",
    "totals",
    "limits",
]

ABOVE = [
    "import os",
    "LIMIT = {n}",
    "log = get_logger('{m}')",
    "from app import {m}",
    "START = time.time()",
    "{x} = config['{x}']",
]
BELOW = [
    "log.info('{m} ready')",
    "register({f})",
    "HANDLERS = [{f}]",
    "DEFAULT_{m} = {n}",
    "{m}_ready = True",
    "__all__ = ['{f}']",
]


@dataclass(frozen=True)
class Code:
    about: str
    clean: list[str]
    broken: list[str]
    kind: str
    line: int  # from 1


def fill(rng: Random, *texts: str) -> list[str]:
    """The texts with the same names in all."""
    names = {
        "f": rng.choice(FUNCTIONS),
        "xs": rng.choice(_LISTS),
        "x": rng.choice([v for v in VARIABLES if v not in (*_LISTS, *_TAKEN)]),
        "m": rng.choice(MODULES),
        "p": rng.choice(STORES),
        "n": str(rng.randint(3, 60)),
    }
    return [text.format(**names) for text in texts]


def code(rng: Random, kinds: list[str] | None = None, size: int = 0, place: int = 0) -> Code:
    """A snippet with one defect of one of the kinds. `size`: lines in all, filled up above and below;
    `place`: the line of the defect.
    """
    kinds = kinds or list(KINDS)
    kind = rng.choice(kinds)
    found = []
    for snippet in SNIPPETS:
        for defect in snippet.defects:
            for above in range(max(0, size - len(snippet.lines)) + 1) if size else (0,):
                if defect[0] == kind if not place else defect[0] in kinds and defect[1] + above == place:
                    found.append((snippet, defect, above))
    snippet, (kind, number, bad), above = rng.choice(found)
    top = rng.sample(ABOVE, above)
    bottom = rng.sample(BELOW, max(0, size - above - len(snippet.lines)))
    about, bad, *lines = fill(rng, snippet.about, bad, *top, *snippet.lines, *bottom)
    wrong = bad.split("\n")
    broken = [*lines[: above + number - 1], *wrong, *lines[above + number - 1 + len(wrong) :]]
    return Code(about, lines, broken, kind, above + number)


def added(path: str, lines: list[str]) -> str:
    """The lines as a diff that adds them."""
    return "\n".join([f"+++ {path}", *(f"+{line}" for line in lines)])
