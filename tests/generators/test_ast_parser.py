"""Questions about code, on a shop of a few files."""

import ast as syntax
import re
from collections import Counter

import pytest

from autodidact.errors import Skipped
from autodidact.generators.ast_parser.code_probe_facts import WORDINGS
from autodidact.generators.run_generator import generate
from autodidact.generators.writing.probe_questions import MAJORITY
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import answers, examples_of, questions_of, snapshot, troubles

CART = '''"""Carts of customers, before they pay."""

from shop import money
from shop.errors import Empty as EmptyCart


class Basket:
    """Things that somebody wants."""


class Cart(Basket):
    """What a customer is about to buy.

    It never holds a price.
    """

    def __init__(self, owner: str, limit: int = 20):
        self.owner = owner

    @property
    def size(self) -> int:
        return 0

    def total(self, currency="EUR", *, tax: float = 0.2) -> float:
        """The price of everything in it, in ``currency``."""
        if not self.size:
            raise EmptyCart("nothing in it")
        return money.rounded(self.raw_total()) * tax

    def raw_total(
        self,
    ) -> float:
        return sum([1.0])


@money.logged(level=2)
async def check_out(cart, *rest):
    """Take the money.

    And more.
    """
    return cart.total()
'''
MONEY = """def rounded(amount: float) -> float:
    return _cents(amount) / 100


def _cents(amount): return int(amount * 100)


def logged(level):
    return level
"""
FILES = {
    "src/shop/__init__.py": "from shop.cart import Cart\n",
    "src/shop/cart.py": CART,
    "src/shop/money.py": MONEY,
    "src/shop/errors.py": (
        'class Empty(ValueError):\n    pass\n\n\nclass Refused(Empty):\n    """A card was refused by the'
        ' bank."""\n'
    ),
    "tests/test_cart.py": (
        "from shop import Cart\n\n\ndef test_total():\n    assert Cart('ada').total() == 0\n"
    ),
}


@pytest.fixture
def shop(sandbox):
    commit = sandbox.commit("Begin", FILES)
    with Repository(sandbox.path, commit) as repository:
        yield repository


@pytest.fixture
def told(shop, tmp_path) -> dict[str, str]:
    return answers(
        [
            row
            for row in examples_of("ast_parser", snapshot(tmp_path, shop, limit=3000))
            if "open_book" not in row.source.model_extra
        ]
    )


def one_of(told: dict[str, str], *prompts: str) -> str:
    """The one answer that these wordings got."""
    (answer,) = {told[prompt] for prompt in prompts if prompt in told}
    return answer


def test_signatures(told):
    total = [
        f"What is the signature of {(n := '`Cart.total`')}?",
        f"How is {n} declared?",
        f"Which arguments does {n} take?",
        f"{n}: signature?",
    ]
    assert (
        one_of(told, *total)
        == '`def total(self, currency="EUR", *, tax: float = 0.2) -> float`, a method of `Cart` in'
        " `src/shop/cart.py`."
    )
    raw = [prompt.replace("Cart.total", "Cart.raw_total") for prompt in total]
    assert one_of(told, *raw) == "`def raw_total(self) -> float`, a method of `Cart` in `src/shop/cart.py`."
    cents = [prompt.replace("Cart.total", "_cents") for prompt in total]
    assert one_of(told, *cents) == "`def _cents(amount)`, in `src/shop/money.py`."
    check_out = [prompt.replace("Cart.total", "check_out") for prompt in total]
    assert one_of(told, *check_out) == "`async def check_out(cart, *rest)`, in `src/shop/cart.py`."


def test_documentation_is_its_first_paragraph(told):
    for name, text in (
        ("Cart", "What a customer is about to buy."),
        ("Cart.total", "The price of everything in it, in `currency`."),
        ("Refused", "A card was refused by the bank."),
    ):
        asked = [
            f"What does `{name}` do?",
            f"What is `{name}` for?",
            f"Explain `{name}` in a sentence or two.",
        ]
        shown = (
            '```python\ndef total(self, currency="EUR", *, tax: float = 0.2) -> float\n```\nWhat does this'
            " method of `src/shop/cart.py` do?"
        )
        assert one_of(told, *asked, *([shown] if name == "Cart.total" else [])) == text
    assert (
        one_of(told, "What is `src/shop/cart.py` about?", "What is the module `shop.cart` for?")
        == "Carts of customers, before they pay."
    )
    assert (
        one_of(
            told, "What does `src/shop/money.py` define?", "Which public names does `src/shop/money.py` have?"
        )
        == "At its top level `src/shop/money.py` defines `rounded` and `logged`."
    )


def test_calls_are_followed_through_imports_self_and_inheritance(told):
    asked = [
        "What does `{}` call in this code base?",
        "What of this project does `{}` call?",
        "List the calls `{}` makes.",
    ]
    assert (
        one_of(told, *(a.format("Cart.total") for a in asked))
        == "It calls `Empty` in `src/shop/errors.py`; `rounded` in `src/shop/money.py`; `Cart.raw_total` in"
        " `src/shop/cart.py`."
    )
    asked = ["Who calls `{}`?", "I am changing `{}`. Which callers do I check?", "Where is `{}` called?"]
    assert one_of(told, *(a.format("rounded") for a in asked)) == "`Cart.total` in `src/shop/cart.py`."
    assert (
        one_of(told, *(a.format("Cart") for a in asked))
        == "Only tests call it: `test_total` in `tests/test_cart.py`."
    )
    chain = [
        "How does `Cart.total` come to call `_cents`?",
        "By which way does a change of `_cents` reach `Cart.total`?",
    ]
    assert one_of(told, *chain) == "Through `rounded`: `Cart.total` calls `rounded`, which calls `_cents`."


def test_classes(told):
    asked = [
        "Which classes does `Cart` build on?",
        "How does the class statement of `Cart` name its bases?",
        "`Cart` derives from what?",
    ]
    assert one_of(told, *asked) == "`Cart` inherits from `Basket`; it is in `src/shop/cart.py`."
    assert (
        one_of(told, "Which classes inherit from `Empty`?", "What subclasses does `Empty` have?")
        == "`Refused` in `src/shop/errors.py`."
    )
    asked = [
        "Which public methods and properties does `Cart` define?",
        "List the public methods and properties that the body of `Cart` defines.",
    ]
    assert one_of(told, *asked) == "`size`, `total` and `raw_total`, defined in `src/shop/cart.py`."


def test_decorators_defaults_exceptions_and_results(told):
    assert (
        one_of(told, "How is `check_out` decorated?", "Which decorators does `check_out` have?")
        == "With `@money.logged`, above `src/shop/cart.py` line 37."
    )
    asked = [
        "What is the default of `limit` in `Cart.__init__`?",
        "I call `Cart.__init__` without `limit`. Which value does it get?",
    ]
    assert one_of(told, *asked) == "`20`: the signature is `def __init__(self, owner: str, limit: int = 20)`."
    asked = [
        "Which exceptions does `Cart.total` raise itself?",
        "What may `Cart.total` raise in its own body?",
    ]
    assert one_of(told, *asked) == "`EmptyCart`, raised in the body of `Cart.total`."
    asked = ["What type does `rounded` return?", "What do I get back from `rounded`?"]
    assert one_of(told, *asked) == "`float`, by the annotation of `rounded` in `src/shop/money.py`."


def test_a_fair_share_says_that_it_is_not_so(told):
    denied = [a for a in told.values() if re.match(r"No\b|`[^`]+` (does not|has no)|It does not", a)]
    assert 0.08 <= len(denied) / len(told) <= 0.3
    assert any(
        re.fullmatch(r"`[^`]+` does not define `rounded`; it is defined in `src/shop/money.py`.", a)
        for a in denied
    )


def test_a_real_call_is_shown_with_its_line(told):
    asked = [
        "How is `rounded` used?",
        "Show me a real call of `rounded`.",
        "Give me an example of `rounded` from this repository.",
    ]
    answer = one_of(
        told, *asked, "I want to use `rounded` from `src/shop/money.py`. How do others here do it?"
    )
    assert (
        answer == "```python\nreturn money.rounded(self.raw_total()) * tax\n```\nThat is line 28 of"
        " `src/shop/cart.py`, in `Cart.total`."
    )


def test_modules_tests_and_overridden_methods(told):
    asked = [
        "Which files import `src/shop/money.py`?",
        "Who depends on the module `shop.money`?",
        "I am renaming `src/shop/money.py`. Which imports break?",
    ]
    assert (
        one_of(told, *asked)
        == "`src/shop/cart.py`. For example `Cart.total` in `src/shop/cart.py` calls `rounded`."
    )
    asked = [
        "Which tests call `Cart.total`?",
        "I changed `Cart.total`. Which tests exercise it directly?",
        "Where is `Cart.total` tested?",
    ]
    assert (
        one_of(told, *asked) == "At least `test_total` in `tests/test_cart.py`."
    )  # `check_out` does not say whose `total` it calls


def test_every_example_names_lines_that_hold_what_it_is_about(shop, tmp_path):
    for row in examples_of("ast_parser", snapshot(tmp_path, shop)):
        source = row.source
        text = FILES[source.path].splitlines()
        first, last = source.lines
        assert source.commit == shop.commit and source.ref == f"{source.path}:{first}"
        assert 1 <= first <= last <= len(text)
        assert first == 1 or text[first - 1].lstrip().startswith(("def ", "class ", "async def "))


def told_after(sandbox, tmp_path, changes: dict[str, str], **gate) -> list:
    """What is told of the shop after a second commit, beside the probe's facts and what brings its facts
    along.
    """
    first = sandbox.commit("Begin", FILES)
    second = sandbox.commit("Go on", changes, hours=1)
    with Repository(sandbox.path, second) as repository:
        seen = snapshot(tmp_path, repository, previous=first)
        seen.settings = seen.settings.model_copy(update={"gate": seen.settings.gate.model_copy(update=gate)})
        return [
            row
            for row in examples_of("ast_parser", seen)
            if not getattr(row, "probe", None) and "open_book" not in row.source.model_extra
        ]


def test_what_changed_comes_first_and_tests_last(sandbox, tmp_path):
    rows = told_after(
        sandbox, tmp_path, {"src/shop/money.py": "# Moved down.\n" + MONEY.replace("level", "depth")}
    )
    new = ["logged" in row.prompt() for row in rows]
    assert new.index(False) > 3 and {row.source.path for row in rows[: new.index(False)]} <= {
        "src/shop/money.py",
        "src/shop/cart.py",
    }
    paths = [row.source.path for row in rows]
    assert paths.index("src/shop/errors.py") < paths.index("tests/test_cart.py")


def test_of_what_did_not_change_a_quarter_of_what_the_gate_keeps_is_told(sandbox, tmp_path):
    rows = told_after(sandbox, tmp_path, {"src/shop/money.py": MONEY.replace("level", "depth")}, cap=0)
    assert rows and all("logged" in row.prompt() for row in rows)
    assert (
        len(told_after(sandbox, tmp_path, {"src/shop/money.py": MONEY.replace("level", "width")}, cap=20))
        == len(rows) + 5
    )


def test_an_incremental_run_tells_what_a_cold_one_does(sandbox, tmp_path):
    first = sandbox.commit("Begin", FILES)
    second = sandbox.commit(
        "Go on",
        {"src/shop/money.py": MONEY.replace("level", "depth"), "src/shop/log.py": "def write(): pass\n"},
        hours=1,
    )

    def told_at(commit: str, folder: str) -> list[str]:
        with Repository(sandbox.path, commit) as repository:
            seen = snapshot(tmp_path / folder, repository, previous=first)
            seen.champion_commit = first
            return [row.line() for row in examples_of("ast_parser", seen)] + [
                q.model_dump_json() for q in questions_of("ast_parser", seen)
            ]

    for folder in ("warm", "cold"):
        (tmp_path / folder).mkdir()
    told_at(first, "warm")
    assert told_at(second, "warm") == told_at(second, "cold")
    kept = sorted(p.name for p in (tmp_path / "warm" / "store" / "cache" / "code").rglob("*") if p.is_file())
    assert kept == ["shop-12345678-15"]


def test_the_same_snapshot_gives_the_same_examples_from_the_cache_too(shop, tmp_path):
    seen = snapshot(tmp_path, shop)
    cold = [row.line() for row in examples_of("ast_parser", seen)]
    assert (tmp_path / "store" / "cache" / "code").is_dir()
    assert [row.line() for row in examples_of("ast_parser", seen)] == cold
    prompts = [row.prompt() for row in examples_of("ast_parser", seen)]
    assert len(prompts) == len(set(prompts))


def test_the_probe_asks_for_facts_with_one_answer(shop, tmp_path):
    asked = {q.subject: q for q in questions_of("ast_parser", snapshot(tmp_path, shop))}
    rounded = asked["rounded"]
    assert rounded.reserved == "What file is `rounded` defined in?"
    assert rounded.answer == "`rounded` is defined in `src/shop/money.py`."
    assert rounded.accept == ["src/shop/money.py", "shop.money"]
    assert rounded.confuse == ["src/shop/cart.py", "src/shop/errors.py"]
    assert rounded.source.model_dump() == {
        "kind": "git",
        "ref": "src/shop/money.py:1",
        "commit": shop.commit,
        "path": "src/shop/money.py",
        "lines": [1, 2],
    }
    methods = {subject: q.answer for subject, q in asked.items() if q.kind == "method_of"}
    assert len(methods) == 2  # of three: no more questions share an answer
    assert all(
        answer == f"The method `{subject}` belongs to the class `Cart`."
        for subject, answer in methods.items()
    )
    assert "test_total" not in asked and "_cents" not in asked


def test_each_probe_fact_is_trained_in_four_wordings_first_and_never_in_the_reserved_one(shop, tmp_path):
    seen = snapshot(tmp_path, shop)
    questions = {q.id: q for q in questions_of("ast_parser", seen)}
    rows = list(examples_of("ast_parser", seen))
    trained = [r for r in rows if getattr(r, "probe", None)]
    assert rows[: len(trained)] == trained
    assert Counter(r.probe for r in trained) == dict.fromkeys(questions, 4)
    assert all(r.response() == questions[r.probe].accept[0] and r.short is True for r in trained)
    openings = tuple(w.reserved.split("{}")[0] for w in WORDINGS.values())
    assert not any(r.prompt().startswith(openings) for r in rows)


def test_fresh_is_what_the_champions_commit_did_not_say(sandbox, tmp_path):
    first = sandbox.commit("Begin", FILES)
    moved = {
        "src/shop/money.py": MONEY.replace("def logged(level):\n    return level\n", ""),
        "src/shop/log.py": "def logged(level):\n    return level\n",
    }
    second = sandbox.commit(
        "Move", moved | {"src/shop/cart.py": CART + "\n\nclass Voucher(Basket):\n    pass\n"}, hours=1
    )
    with Repository(sandbox.path, second) as repository:
        seen = snapshot(tmp_path, repository)
        seen.champion_commit = first
        fresh = {(q.kind, q.subject) for q in questions_of("ast_parser", seen) if q.fresh}
        stale = {(q.kind, q.subject) for q in questions_of("ast_parser", seen) if not q.fresh}
    assert fresh == {("defined_in", "logged"), ("defined_in", "Voucher"), ("base_class", "Voucher")}
    assert ("defined_in", "rounded") in stale


def test_facts_are_spread_and_stay_when_the_code_stays(sandbox, tmp_path):
    files = {
        f"lib/part{n:02}.py": "".join(f"def thing_{n}_{k}():\n    pass\n\n\n" for k in range(40))
        for n in range(12)
    }
    first = sandbox.commit("Begin", files)
    second = sandbox.commit("Add", {"lib/more.py": "def something_else():\n    pass\n"}, hours=1)
    chosen = []
    for commit in (first, second):
        with Repository(sandbox.path, commit) as repository:
            questions = list(questions_of("ast_parser", snapshot(tmp_path, repository)))
        assert len(questions) == 80
        assert (
            max(Counter(q.answer.split("`")[3] for q in questions).values()) <= len(questions) * MAJORITY + 1
        )
        chosen.append({q.id for q in questions})
    assert len(chosen[0] & chosen[1]) >= 72


def test_broken_files_cost_themselves(sandbox, tmp_path):
    broken = {
        "old.py": "print 'two'\n",
        "latin.py": b"# caf\xe9\nA = 1\n",
        "big.py": "A = 1\n" + "#" * 1_000_001,
        "null.py": b"A = 1\0\n",
        "deep.py": "x = " + "(" * 3000 + ")" * 3000 + "\n",
        "empty.py": "",
        "pkg/api_pb2.py": "def generated(): pass\n",
        "made.py": "# Code generated by protoc. DO NOT EDIT.\ndef made(): pass\n",
        "odd.py": "def f(a, /, b=1, *c, d, e=2, **g): pass\n\x0c\ndef after(): pass\n",
    }
    commit = sandbox.commit("Begin", FILES | broken)
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        rows, asked = generate("ast_parser", seen)
        paths = {row.source.path for row in rows}
    lines = {question.subject: question.source.lines for question in asked}
    assert paths == {p for p in FILES if p != "src/shop/__init__.py"} | {"odd.py"}
    assert lines["after"] == [3, 3]
    # A file with a null byte is "not Python source" to Python 3.11.2, and a syntax error to later ones.
    found = set(troubles(seen)) - {"not Python source"}
    assert found == {"Python 2", "syntax error", "not UTF-8", "larger than 1 MB"}
    assert sum(troubles(seen).values()) == 5


def test_without_python_it_is_skipped(sandbox, tmp_path):
    commit = sandbox.commit("Begin", {"README.md": "# Shop\n"})
    with Repository(sandbox.path, commit) as repository, pytest.raises(Skipped, match="no Python"):
        next(examples_of("ast_parser", snapshot(tmp_path, repository)))
    with pytest.raises(Skipped, match="no repository"):
        next(examples_of("ast_parser", snapshot(tmp_path)))


def test_our_own_suite_is_never_read(sandbox, tmp_path):
    secret = {
        "include/autodidact/benchmark/suite/tool_use.py": "def hidden_family(): pass\n",
        "tests/benchmark/test_items.py": "def test_hidden(): pass\n",
    }
    commit = sandbox.commit("Begin", FILES | secret)
    with Repository(sandbox.path, commit) as repository:
        assert not any(
            "hidden" in row.line()
            for row in examples_of("ast_parser", snapshot(tmp_path, repository, limit=3000))
        )


def test_names_and_lines_agree_with_the_syntax_tree(shop):
    code = CodeBase(shop)
    for path, text in FILES.items():
        expected = sorted(
            n.name
            for n in syntax.walk(syntax.parse(text))
            if isinstance(n, (syntax.FunctionDef, syntax.AsyncFunctionDef, syntax.ClassDef))
        )
        assert sorted(d.name for d in code.definitions if d.path == path) == expected
