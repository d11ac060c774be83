"""Questions about code in the register `full`, on a shop of a few files: whole conversations, word for word."""

import random

import pytest

from autodidact.generators.ast_parser.code_probe_facts import code_facts
from autodidact.generators.ast_parser.full import (
    base_class_names,
    class_answers,
    conversations,
    definition_surroundings,
    model_calls,
    premises_corrected_or_confirmed,
    purpose_and_usage,
    teach_probe_facts,
)
from autodidact.generators.ast_parser.full.caller_lists import callers
from autodidact.generators.ast_parser.full.calls_not_seen import called_unseen
from autodidact.generators.ast_parser.full.codebase_for_full_answers import FullView, about, stated
from autodidact.generators.ast_parser.full.docstring_parts import read_doc
from autodidact.generators.ast_parser.full.draft_example import Piece
from autodidact.generators.ast_parser.full.informative_docstrings import says_more
from autodidact.generators.ast_parser.full.real_calls_of_definition import arguments, constructor, uses
from autodidact.generators.ast_parser.full.tests_of_definition import own_tests
from autodidact.records import Example
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, examples_of, questions_of, snapshot

CART = '''"""Carts of customers, before they pay."""

from shop import money
from shop.errors import Empty


class Basket:
    """Things that somebody wants."""

    def clear(self):
        """Take everything out."""


class Cart(Basket):
    """What a customer is about to buy.

    Args:
        owner: Whose cart it is.
        limit (int): Most things that fit in.
    """

    def __init__(self, owner: str, limit: int = 20):
        self.owner = owner
        self.things = []

    def clear(self):
        """Take everything out and forget the owner."""
        self.owner = None

    def total(self, currency=None, tax: float = 0.2) -> float:
        """Return the price of everything in the cart.

        Prices are rounded once, at the end.

        Args:
            currency: The code of a currency.
        """
        if not self.things:
            raise Empty("nothing in it")
        if not currency:
            return money.rounded(1.0)
        return money.rounded(1.0, tax)


def check_out(owner):
    """Sell what is in a new cart."""
    cart = Cart(owner, limit=5)
    return cart.total("EUR", tax=0.1)
'''
FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": CART,
    "shop/money.py": (
        'def rounded(amount, tax=0.0):\n    """Round an amount to cents."""\n'
        "    return _cents(amount + tax) / 100\n\n\n"
        "def _cents(amount):\n    return int(amount * 100)\n"
    ),
    "shop/errors.py": 'class Empty(ValueError):\n    """Raised when there is nothing to sell."""\n',
    "tests/test_cart.py": (
        "import pytest\n\nfrom shop.cart import Cart, check_out\n\n\n"
        "def test_total():\n    with pytest.raises(ValueError):\n        Cart('ada').total()\n\n\n"
        "def test_check_out():\n    assert check_out('ada')\n"
    ),
}


@pytest.fixture
def shop(sandbox):
    commit = sandbox.commit("Begin", FILES)
    with Repository(sandbox.path, commit) as repository:
        yield repository


@pytest.fixture
def rows(shop, tmp_path) -> list[Example]:
    seen = snapshot(tmp_path, shop, limit=3000, settings=FULL)
    return list(examples_of("ast_parser", seen))


@pytest.fixture
def view(shop) -> FullView:
    return FullView(CodeBase(shop), shop, "shop")


def pieces(view: FullView, write, name: str, most: int = 60) -> list[Piece]:
    """What a kind of question makes of a definition, with many random numbers."""
    (d,) = [d for d in view.code.definitions if d.qualname == name]
    made = (write(view, d, random.Random(seed)) for seed in range(most))
    return [piece for piece in made if piece]


def answers(found: list[Piece]) -> set[str]:
    return {piece.say for piece in found}


def test_a_definition_is_explained_in_the_words_of_its_docstring(view):
    assert (
        'The docstring of `Cart.total` reads: "Return the price of everything in the cart." It is a method of'
        " `Cart` (`shop/cart.py`).\n\n"
        'The docstring adds: "Prices are rounded once, at the end."\n\n'
        "What you pass:\n\n"
        "- `currency` (default `None`): The code of a currency.\n\n"
        # Another parameter has no word in the docstring.
        "The docstring says nothing of `tax` (default `0.2`).\n\n"
        "It is called by `check_out` in `shop/cart.py`."
    ) in answers(pieces(view, purpose_and_usage.explain, "Cart.total"))


def test_arguments_of_a_real_call_go_to_their_parameters(view):
    passed = (
        "In `check_out` (`shop/cart.py`, line 48) the call is:\n\n"
        '```python\nreturn cart.total("EUR", tax=0.1)\n```\n\n'
        "What it passes:\n\n"
        '- `"EUR"` as `currency` (default `None`): The code of a currency.\n'
        "- `0.1` as `tax` (default `0.2`)"
    )
    fits = (
        "Yes, it fits `def total(self, currency=None, tax: float = 0.2) -> float`:"
        " every parameter without a default gets its argument."
    )
    found = {piece.ask: piece.say for piece in pieces(view, conversations.two_reads, "Cart.total")}
    assert found == {
        "What does `check_out` hand to `Cart.total`?": passed,
        "Read `Cart.total` and its caller `check_out`. What does the one pass to the other?": passed,
        "Does the call in `check_out` fit the signature of `Cart.total`?": f"{fits}\n\n{passed}",
    }


OWN = {
    "shop/cart.py": "class Cart:\n    def total(self):\n        return 1\n\n\nclass Basket:\n    pass\n",
    "tests/test_cart.py": (
        "from shop.cart import Cart, Basket\n\n\nclass TestBasket:\n    def test_size(self):\n"
        "        assert Cart().total()\n\n\nclass TestCart:\n    def test_total(self):\n"
        "        assert Cart().total()\n"
    ),
    "tests/test_rest.py": ("from shop.cart import Cart\n\n\ndef test_all():\n    assert Cart().total()\n"),
}


def test_a_test_belongs_to_the_class_that_its_own_class_or_file_is_named_after(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", OWN)) as repository:
        view = FullView(CodeBase(repository), repository, "shop")
        (d,) = [d for d in view.code.definitions if d.qualname == "Cart.total"]
        known = view.callers(d)
        assert {t.qualname for t in known.tests} == {
            "TestBasket.test_size",
            "TestCart.test_total",
            "test_all",
        }
        assert [t.qualname for t in own_tests(view, d, known.tests)] == ["TestCart.test_total"]


def test_a_method_that_overrides_one_without_code_is_not_compared_with_it(view):
    assert answers(pieces(view, class_answers.override, "Cart.clear")) == set()


def test_callers_are_called_all_of_them_only_where_no_file_was_left_unread(sandbox):
    every = "The Python code of the repository calls `rounded` nowhere else by its name."
    for files, known in (({}, True), ({"shop/odd.py": "print 'no Python 3', rounded\n"}, False)):
        with Repository(sandbox.path, sandbox.commit("More", FILES | files)) as repository:
            found = pieces(FullView(CodeBase(repository), repository, "shop"), callers, "rounded")
        assert any(every in answer for answer in answers(found)) is bool(found) is known


def test_a_follow_up_repeats_no_paragraph_of_the_turns_before(rows):
    talks = [row for row in rows if sum(m["role"] == "user" for m in row.messages) > 1]
    assert len(talks) > len(rows) / 20
    for row in talks:
        before = {part for m in row.messages[:-1] for part in m["content"].split("\n\n") if len(part) > 40}
        assert before.isdisjoint(row.response().split("\n\n")), row.messages


def test_facts_of_the_probe_are_stated_in_sentences_and_never_in_the_reserved_wording(shop, tmp_path, rows):
    seen = snapshot(tmp_path, shop, limit=3000, settings=FULL)
    asked = {question.id: question for question in questions_of("ast_parser", seen)}
    taught = [row for row in rows if "probe" in row.model_extra]
    assert {row.model_extra["probe"] for row in taught} == asked.keys()
    for row in taught:
        question = asked[row.model_extra["probe"]]
        assert question.accept[0] in row.response() and len(row.response().split()) > 2
        assert question.reserved not in row.prompt()


def test_equal_snapshots_give_equal_examples(shop, tmp_path, rows):
    again = snapshot(tmp_path, shop, limit=3000, settings=FULL)
    assert [row.line() for row in examples_of("ast_parser", again)] == [row.line() for row in rows]


@pytest.mark.parametrize(
    ("summary", "is_class", "said"),
    [
        ("Return the size.", False, "`f` returns the size."),
        ("Retries the call.", False, "`f` retries the call."),
        ("Get or create a cart.", False, 'The docstring of `f` reads: "Get or create a cart."'),
        ("Open it and close it.", False, 'The docstring of `f` reads: "Open it and close it."'),
        ("Called when a job ends.", False, "`f` is called when a job ends."),
        ("A list of things.", True, "`f` is a list of things."),
        ("The value did not fit.", True, 'The docstring of `f` reads: "The value did not fit."'),
        ("The value passed no test.", True, 'The docstring of `f` reads: "The value passed no test."'),
        ("A task can raise this.", True, 'The docstring of `f` reads: "A task can raise this."'),
        ("List does not hold it.", True, 'The docstring of `f` reads: "List does not hold it."'),
        ("Reverse of `g`.", False, 'The docstring of `f` reads: "Reverse of `g`."'),
        ("Return it, or create one.", False, 'The docstring of `f` reads: "Return it, or create one."'),
        ("Return what you pass.", False, 'The docstring of `f` reads: "Return what you pass."'),
    ],
)
def test_a_summary_as_a_sentence(summary, is_class, said):
    assert about("`f`", summary, is_class) == said


@pytest.mark.parametrize(
    "text",
    [
        "Send it.\n\nMore of it.\n\nArgs:\n    to (str): Whom to.\n\nRaises:\n    Gone: If nobody is there.",
        "Send it.\n\nMore of it.\n\n:param to: Whom to.\n:raises Gone: If nobody is there.\n",
        "Send it.\n\nMore of it.\n\nParameters\n----------\nto : str\n    Whom to.\n\nRaises\n------\nGone\n"
        "    If nobody is there.",
    ],
)
def test_docstrings_of_google_sphinx_and_numpy(text):
    doc = read_doc(text)
    assert (doc.summary, doc.more) == ("Send it.", ["More of it."])
    assert (doc.params, doc.raises) == ({"to": "Whom to."}, {"Gone": "If nobody is there."})


def test_markup_ends_the_quotation_of_a_docstring():
    doc = read_doc("Send it to :class:`~a.Box`.\n\nFor example::\n\n    send()\n\nThat is all.")
    assert (doc.summary, doc.more) == ("Send it to `a.Box`.", [])


PACKAGE = {
    "shop/__init__.py": "from shop._cart import Cart\n",
    "shop/_cart.py": (
        "class Basket:\n    def clear(self):\n        pass\n\n\n"
        'class Cart(Basket):\n    """The things that somebody is about to buy."""\n\n\n'
        "class BigCart:\n    pass\n\n\ndef fill():\n    return Cart()\n"
    ),
}


@pytest.fixture
def package(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", PACKAGE)) as repository:
        yield repository


def test_a_name_is_imported_from_the_package_that_hands_it_on(package, tmp_path):
    seen = snapshot(tmp_path, package, limit=3000, settings=FULL)
    found = {
        row.response() for row in examples_of("ast_parser", seen) if "I want to import `Cart`" in row.prompt()
    }
    assert found <= {
        "```python\nfrom shop import Cart\n```\n\n"
        "It is defined in `shop/_cart.py`, line 6. `shop` re-exports it."
    }


def test_a_wrong_base_class_is_denied(package):
    view = FullView(CodeBase(package), package, "shop")
    by_question = {
        piece.ask: piece.say.split(" ")[0]
        for piece in pieces(view, premises_corrected_or_confirmed.base, "Cart", 200)
    }
    assert by_question == {"Does `Cart` inherit from `BigCart`?": "No:"}


def test_names_are_taken_for_each_other_only_where_they_share_a_word():
    assert premises_corrected_or_confirmed.akin("AsyncClient.send", "Client")
    assert not premises_corrected_or_confirmed.akin("StreamError.__init__", "CookieConflict.__init__")


@pytest.mark.parametrize(
    ("text", "summary", "more"),
    [
        # An option keeps its dashes: what is quoted is what stands there.
        ("Adds a ``--yes`` option.", "Adds a `--yes` option.", []),
        ("Asks :meth:`~shop.Cart.pay` first.", "Asks `shop.Cart.pay` first.", []),
        # A reference without a role is read as Sphinx shows it.
        ("Asks the `~.shop.Cart` for `.Money` of `.env`.", "Asks the `Cart` for `Money` of `.env`.", []),
        ("Read the :pep:`517` settings.", "Read the PEP 517 settings.", []),
        # A word of the glossary and the words of a link are no code.
        ("Set it in a :ref:`hook wrapper <wrappers>`.", "Set it in a hook wrapper.", []),
        ("Set it in a :term:`hook wrapper`.", "Set it in a hook wrapper.", []),
        ("Assert that it is false.\n\n(see :func:`is_true` for more)", "Assert that it is false.", []),
        ("Drop it. **For good!**", "Drop it. **For good!**", []),
        # A heading of Markdown and what it sends the reader to are no prose.
        ("Send a `GET` request.\n\n**Parameters**: See `shop.request`.", "Send a `GET` request.", []),
    ],
)
def test_what_is_quoted_of_a_docstring(text, summary, more):
    doc = read_doc(text)
    assert (doc.summary, doc.more) == (summary, more)


def test_what_a_docstring_says_of_a_parameter_is_more_than_its_name():
    doc = read_doc(
        "Read it.\n\nArgs:\n    field: The field.\n    field_name: The field name.\n"
        "    wait: In seconds. See `shop` for details."
    )
    assert doc.params == {"wait": "In seconds."}


def test_an_import_line_names_the_package_that_re_exports_the_name(package):
    view = FullView(CodeBase(package), package, "shop")
    fence = "```python\nfrom shop import Cart\n```"
    assert answers(pieces(view, definition_surroundings.imports, "Cart")) == {
        f"{fence}\n\n`Cart` is defined in `shop/_cart.py`. `shop` re-exports it.",
        f"`Cart` in `shop/_cart.py` is imported like this:\n\n{fence}\n\n`shop` re-exports it.",
    }


def test_where_a_name_is_goes_on_with_what_it_does_or_declares(package, tmp_path):
    view = FullView(CodeBase(package), package, "shop")
    asked = questions_of("ast_parser", snapshot(tmp_path, package, settings=FULL))
    found = {
        (piece.d.name, piece.say)
        for piece, _ in teach_probe_facts.pieces(view, asked)
        if not piece.history and "`" in piece.ask and "```" not in piece.say
    }
    assert {
        ("Cart", "`Basket` goes there: `Cart` in `shop/_cart.py` has that class as its direct base."),
        (
            "Cart",
            'Start in `shop/_cart.py`, where `Cart` is defined in line 6. The docstring of `Cart` reads: "The'
            ' things that somebody is about to buy."',
        ),
    } <= found


@pytest.mark.parametrize(
    ("name", "summary", "more"),
    [
        ("RequestHooksMixin.register_hook", "Properly register a hook.", False),
        ("describe_token", "Returns a description of the token.", False),
        ("RequestsWarning", "Base warning for Requests.", False),
        ("RequestEncodingMixin.path_url", "Build the path URL to use.", False),
        ("Response.is_permanent_redirect", "True if this Response is a permanent redirect.", False),
        ("has_read", "Checks if an object supports read, including proxies.", True),
        ("Cart.total", "Return the price of everything in the cart.", True),
        ("Cart.clear", "Take everything out.", True),
    ],
)
def test_a_summary_that_repeats_the_name_says_nothing(name, summary, more):
    assert says_more(name, summary) is more


CLIENT = {
    "client.py": (
        "def get(url, timeout=None, **options):\n"
        '    """Fetch a page from the server that the address names.\n\n    :param url: Its address.\n    """\n'
        "    return url, options\n\n\n"
        "def load_page(url):\n"
        '    """Fetch one page and keep it for the next reader."""\n'
        '    return get(url, auth="ada")  # pragma: no cover\n'
    )
}


def test_a_keyword_that_is_no_parameter_is_not_passed_over(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", CLIENT)) as repository:
        view = FullView(CodeBase(repository), repository, "client")
        found = answers(pieces(view, purpose_and_usage.usage, "get"))
    assert (
        "Like this, from `client.py`, line 11, in `load_page`:\n\n"
        '```python\nreturn get(url, auth="ada")\n```\n\n'
        "What it passes:\n\n- `url`: Its address.\n- `auth`, which goes on in `**options`\n\n"
        "Left out: `timeout` stays at `None`.\n\n"
        "The import for it is `from client import get`."
    ) in found


VERSIONED = """import sys


class Path:
    if sys.version_info >= (3, 13):

        def is_file(self, *, follow_symlinks=True):
            return True

    else:

        def is_file(self):
            return True

    def is_socket(self, strict=False):
        return True
"""


def test_one_line_is_not_given_for_a_method_that_is_defined_under_two_conditions(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", {"paths.py": VERSIONED})) as repository:
        view = FullView(CodeBase(repository), repository, "paths")
        asked = questions_of("ast_parser", snapshot(tmp_path, repository, settings=FULL))
        found = [piece for piece, _ in teach_probe_facts.pieces(view, asked)]
    twice = {(piece.ask, piece.say) for piece in found if piece.d.name == "is_file"}
    assert twice == {
        (
            "How do I patch `is_file` in tests?",
            "Patch it on `Path` (`paths.py`):\n\n"
            "```python\nfrom unittest.mock import patch\n\nfrom paths import Path\n\n"
            'with patch.object(Path, "is_file", return_value=value) as is_file:\n    ...\n```\n\n'
            "`value` stands for what the test wants from `is_file`; without it, a call gives a `MagicMock`.",
        )
    }
    once = {piece.say for piece in found if piece.d.name == "is_socket"}
    assert (
        "Of our classes `Path` has it: `is_socket` is defined in line 15 of `paths.py`. It is declared as"
        " `def is_socket(self, strict=False)`."
    ) in once


@pytest.mark.parametrize(
    ("summary", "says"),
    [
        ("Notify exactly n listeners.", 'The docstring of `f` reads: "Notify exactly n listeners."'),
        ("Returns it's size. See `g`.", 'The docstring of `f` reads: "Returns it\'s size."'),
        ("", ""),
    ],
)
def test_what_a_docstring_says_stays_its_word(summary, says):
    assert stated("`f`", summary) == says


def test_who_asks_for_arguments_is_told_those_of_the_name_that_exists(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", CLIENT)) as repository:
        view = FullView(CodeBase(repository), repository, "client")
        found = pieces(view, premises_corrected_or_confirmed.unknown, "load_page")
    (say,) = {piece.say for piece in found if piece.ask == "What are the arguments of `read_page`?"}
    assert say == (
        "I know of no `read_page` here: nothing in the Python code defines or calls it. A similar name that exists"
        " is `load_page` in `client.py`. It is declared as `def load_page(url)`. The docstring of `load_page`"
        ' reads: "Fetch one page and keep it for the next reader."'
    )


FRONT = {
    "src/attr/__init__.py": "from ._make import define\n",
    "src/attr/_make.py": "def define():\n    pass\n\n\nclass Props:\n    pass\n",
    "src/attrs/__init__.py": "from attr import define\nfrom attr._make import Props\n",
}


def test_what_a_private_module_defines_is_imported_from_the_package_in_front_of_it(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", FRONT)) as repository:
        view = FullView(CodeBase(repository), repository, "attrs")
        props, define = (pieces(view, definition_surroundings.imports, name) for name in ("Props", "define"))
    assert {piece.core for piece in props} == {"```python\nfrom attrs import Props\n```"}
    assert {piece.core for piece in define} == {"```python\nfrom attr import define\n```"}


def test_an_import_from_an_internal_module_is_said_to_be_one(sandbox):
    files = {"shop/__init__.py": "", "shop/_compat.py": "def fits():\n    pass\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        view = FullView(CodeBase(repository), repository, "shop")
        (fits,) = [d for d in view.code.definitions if d.name == "fits"]
        piece = teach_probe_facts._import(view, "I want to import `fits`. From where?", fits)
    assert piece and piece.say == (
        "```python\nfrom shop._compat import fits\n```\n\nIt is defined in `shop/_compat.py`, line 1."
        " The underscore in `shop._compat` marks that module as internal."
    )


@pytest.mark.parametrize(
    ("doc", "known"),
    [
        ("Types of the shop.\n\n.. warning::\n    This module is considered private API.", False),
        ("Types of the shop, for internal use only.", False),
        ("Types of the shop, and of its private rooms.", True),
    ],
)
def test_nobody_imports_from_a_module_that_says_that_it_is_private(sandbox, doc, known):
    files = {"shop/__init__.py": "", "shop/types.py": f'"""{doc}\n"""\n\n\ndef fits():\n    pass\n'}
    view = view_of(sandbox, files)
    (fits,) = [d for d in view.code.definitions if d.name == "fits"]
    assert view.imported_from(fits) == ("shop.types" if known else "")


OWN_USE = {
    "bag.py": (
        "class Bag:\n    def __init__(self, things=()):\n        self.more = Bag() if things else None\n\n\n"
        "def walk(depth):\n    return walk(depth - 1)\n"
    )
}


def test_that_a_class_makes_itself_or_a_function_calls_itself_is_no_caller(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", OWN_USE)) as repository:
        view = FullView(CodeBase(repository), repository, "bag")
        assert {purpose_and_usage.called_by(view, d) for d in view.code.definitions} == {""}


NESTED = {
    "errors.py": "class Note:\n    pass\n\n\ndef note():\n    return Note()\n",
    "cols.py": (
        "from errors import Note\n\n\ndef factory():\n    def structure():\n        return Note()\n\n"
        "    return structure\n\n\ndef check(x):\n    return isinstance(x, Note)\n"
    ),
}


def test_no_list_is_made_where_a_nested_function_makes_the_call(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", NESTED)) as repository:
        assert not pieces(FullView(CodeBase(repository), repository, "cols"), callers, "Note", 5)


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (
            "Check if a text is a name. Call a function to get the app.",
            'The docstring of `f` reads: "Check if a text is a name. Call a function to get the app."',
        ),
        ("Check if a text is a name. See `custom-scripts`.", "`f` checks if a text is a name."),
        ("Use this to keep a result.", 'The docstring of `f` reads: "Use this to keep a result."'),
        # A question is no statement of what it does.
        ("Does this collection exist?", 'The docstring of `f` reads: "Does this collection exist?"'),
    ],
)
def test_a_summary_is_turned_as_a_whole_or_quoted(summary, said):
    assert about("`f`", summary, False) == said


@pytest.mark.parametrize(
    ("decorator", "method"),
    [
        ("", True),
        ("@classmethod", True),
        ("@staticmethod", True),
        ("@retry(3)", True),
        ("@property", False),
        ("@cached_property", False),
        ("@functools.cached_property", False),
        ("@abc.abstractproperty", False),
        ("@hybrid_property", False),
    ],
)
def test_a_property_is_not_taught_as_a_method(sandbox, decorator, method):
    code = f"class Till:\n    {decorator or '# none'}\n    def content(self):\n        return 1\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"till.py": code})) as repository:
        found = code_facts(CodeBase(repository), None, set())
    assert ([one.subject for one in found if one.kind == "method_of"] == ["content"]) is method


@pytest.mark.parametrize(("bases", "known"), [("Desk", True), ("object", False), ("Desk, Box", False)])
def test_that_a_class_derives_from_object_is_no_fact(sandbox, bases, known):
    code = f"class Till({bases}):\n    pass\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"till.py": code})) as repository:
        found = code_facts(CodeBase(repository), None, set())
    assert ("base_class" in {one.kind for one in found}) is known


def view_of(sandbox, files: dict[str, str]) -> FullView:
    repository = Repository(sandbox.path, sandbox.commit("Begin", files))
    return FullView(CodeBase(repository), repository, "shop")


def test_a_call_on_the_class_passes_the_object_itself(sandbox):
    code = (
        "class Till:\n    def pay(self, amount, tax):\n        return amount\n\n\n"
        "def sell(till):\n    return Till.pay(till, 3, 4)\n"
    )
    view = view_of(sandbox, {"till.py": code})
    (d,) = [d for d in view.code.definitions if d.qualname == "Till.pay"]
    (use,) = uses(view, view.texts, d, random.Random(1))
    assert arguments(view.texts, use, d) is None


def test_a_link_of_restructured_text_ends_what_is_quoted():
    doc = read_doc("Publish events.\n\nRequires the paho-mqtt_ library to be installed.")
    assert (doc.summary, doc.more) == ("Publish events.", [])


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ("", True),
        # These may call it where no call of it is written.
        ("def plan(jobs):\n    jobs.add(pay)\n", False),
        ("JOBS = {1: pay}\n", False),
        ("def plan(jobs):\n    jobs.add('pay')\n", False),
    ],
)
def test_callers_are_listed_where_all_that_name_a_function_call_it(sandbox, more, known):
    code = f"def pay(x):\n    return x\n\n\ndef sell(x):\n    return pay(x)\n\n\n{more}"
    assert bool(pieces(view_of(sandbox, {"till.py": code}), callers, "pay", 3)) is known


@pytest.mark.parametrize(
    ("opening", "module"),
    [
        ("from shop._till import pay\n", "shop"),
        ('from shop._till import pay\n\n__all__ = ["pay"]\n', "shop"),
        ("from shop._till import pay as pay\n\nX = pay(1)\n", "shop"),
        # It needs the name itself, or says what it hands on.
        ("from shop._till import pay\n\nX = pay(1)\n", "shop._till"),
        ("from shop._till import pay\n\n__all__ = []\n", "shop._till"),
    ],
)
def test_a_package_that_uses_a_name_itself_is_not_said_to_hand_it_on(sandbox, opening, module):
    files = {"shop/__init__.py": opening, "shop/_till.py": "def pay(x):\n    return x\n"}
    view = view_of(sandbox, files)
    (d,) = [d for d in view.code.definitions if d.name == "pay"]
    assert view.public_module(d) == view.imported_from(d) == module


def test_a_package_elsewhere_does_not_hand_on_what_it_imports(sandbox):
    files = {
        "shop/__init__.py": "",
        "shop/_till.py": "def pay(x):\n    return x\n",
        "shop/cron/__init__.py": "from shop._till import pay\n",
    }
    view = view_of(sandbox, files)
    (d,) = [d for d in view.code.definitions if d.name == "pay"]
    assert view.public_module(d) == "shop._till"


def test_an_escaped_space_of_restructured_text_is_none():
    doc = read_doc("Produce :class:`Letter`\\ s for the post.")
    assert doc.summary == "Produce `Letter`s for the post."


@pytest.mark.parametrize(("own", "says"), [("count(n - 1)", 1), ("n", 0)])
def test_a_function_that_calls_itself_is_among_its_callers(sandbox, own, says):
    text = f"def count(n):\n    return n and {own}\n\n\ndef start():\n    count(3)\n"
    (piece, *_) = pieces(view_of(sandbox, {"tally.py": text}), callers, "count")
    assert piece.say.count("t also calls itself") == says


PROPERTIES = """class Item:
    @property
    def trivia(self):
        return self._trivia

    def wrap(self):
        return 1

    def plain(self):
        return 2


class Space(Item):
    @property
    def trivia(self):
        raise RuntimeError("none")

    def wrap(self):
        return 3
"""


def test_a_property_is_no_method_that_is_overridden(sandbox):
    found = view_of(sandbox, {"items.py": PROPERTIES})
    assert not pieces(found, class_answers.override, "Space.trivia")
    assert pieces(found, class_answers.override, "Space.wrap")


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        (("test_a",), {"One of the two: `test_a` in `tests/test_till.py`."}),
        (("test_a", "test_b"), {"2 of the 3: `test_a` and `test_b` in `tests/test_till.py`."}),
        (("test_a", "measure"), set()),
    ],
)
def test_tests_are_counted_where_all_callers_among_the_tests_are_some(sandbox, tests, says):
    calls = "".join(f"\n\ndef {name}():\n    assert sell('pen')\n" for name in tests)
    files = {
        "till.py": "def sell(thing):\n    return thing\n\n\ndef run():\n    return sell('pen')\n",
        "tests/test_till.py": f"from till import sell\n{calls}",
    }
    found = answers(pieces(view_of(sandbox, files), conversations.which_tests, "sell"))
    assert found == {f"{text} Outside the tests it is called by `run` in `till.py`." for text in says}


def test_callers_are_said_to_be_those_outside_the_tests(sandbox):
    files = {
        "pay.py": "def charge(sum_):\n    return sum_\n\n\ndef one():\n    return charge(1)\n",
        "cart.py": "from pay import charge\n\n\ndef two():\n    return charge(2)\n",
        "tests/test_cart.py": "from pay import charge\n\n\ndef test_two():\n    assert charge(2) == 2\n",
    }
    told = {piece.say for piece in pieces(view_of(sandbox, files), callers, "charge")}
    assert told and all("outside the tests" in say or "tests aside" in say for say in told)
    assert not [
        say for say in told if "in the repository's Python code." in say or "of the repository calls" in say
    ]


@pytest.mark.parametrize(("new", "known"), [("", True), ("    def __new__(cls):\n        return 1\n", False)])
def test_what_init_takes_is_said_where_no_class_above_makes_something_else(sandbox, new, known):
    code = f"class Field:\n{new or '    pass'}\n\n\nclass Text(Field):\n    def __init__(self, label=None):\n        pass\n"
    view = view_of(sandbox, {"field.py": code})
    (text,) = [d for d in view.code.definitions if d.qualname == "Text"]
    assert bool(constructor(view, text)) is known


@pytest.mark.parametrize(("body", "known"), [("return 1", True), ("return self.inner.fill(x)", False)])
def test_inherited_code_is_said_not_to_run_where_nothing_of_its_name_is_called(sandbox, body, known):
    code = (
        "class Field:\n    def fill(self, x):\n        return x\n\n\n"
        f"class Form(Field):\n    def fill(self, x):\n        {body}\n"
    )
    assert bool(pieces(view_of(sandbox, {"form.py": code}), class_answers.override, "Form.fill", 5)) is known


def test_what_an_inherited_init_is_left_with_is_not_said_of_a_subclass(sandbox):
    code = (
        "class Input:\n    kind = None\n\n    def __init__(self, name, kind=None):\n        self.kind = kind or self.kind\n\n\n"
        "class Radio(Input):\n    kind = 'radio'\n\n\ndef plain():\n    return Input('a')\n\n\ndef radio():\n    return Radio('a')\n"
    )
    view = view_of(sandbox, {"widgets.py": code})
    told = {}
    for name in ("Input", "Radio"):
        (d,) = [d for d in view.code.definitions if d.qualname == name]
        (use,) = uses(view, view.texts, d, random.Random(1))
        told[name] = purpose_and_usage.explained(view, use, d)
    assert told == {
        "Input": "`'a'` goes to `name`. Left out, `kind` stays at `None`.",
        "Radio": "`'a'` goes to `name`.",
    }


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Insert a row, see :ref:`inserting rows`.\n\n:param row: the row", "Insert a row."),
        ("Parse a date.\n\nA list:\n\n- dayfirst", "Parse a date."),
        ("Parse a date to ISO format.\n\x08\n- dayfirst=True: xx is the day", "Parse a date to ISO format."),
        # A list that begins in the lines of a sentence is no prose.
        ("Parse a date to ISO format, with\n- dayfirst=True: xx is the day", ""),
    ],
)
def test_a_list_and_a_page_of_the_documentation_are_no_part_of_a_summary(text, summary):
    assert read_doc(text).summary == summary


@pytest.mark.parametrize(
    ("signature", "more"),
    [("def check():", []), ("def check(args):", ["Unless `args` is given, the caller's are read."])],
)
def test_a_docstring_ends_where_it_speaks_of_a_parameter_that_is_gone(sandbox, signature, more):
    doc = "Check the values that a caller was given.\n\n    Unless ``args`` is given, the caller's are read."
    view = view_of(sandbox, {"checks.py": f'{signature}\n    """{doc}"""\n    return True\n'})
    assert view.doc(next(iter(view.code.definitions))).more == more


@pytest.mark.parametrize(
    ("called", "params"), [("search", {}), ("match", {"flags": "Flags to pass to `re.match`."})]
)
def test_nothing_is_said_of_a_parameter_that_names_another_function_of_its_module(sandbox, called, params):
    code = (
        "import re\n\n\ndef find(text, flags=0):\n"
        '    """Find a word.\n\n    :param flags: Flags to pass to ``re.match``.\n    """\n'
        f"    return re.{called}('a', text, flags)\n"
    )
    view = view_of(sandbox, {"words.py": code})
    assert view.doc(next(iter(view.code.definitions))).params == params


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("    return name_of(item)\n", True),
        ("    for one in item:\n        name_of(one)\n", True),
        ("    return 1 if name_of(item) else 2\n", True),
        ("    if name is None:\n        name = name_of(item)\n    return name\n", False),
        ("    if name:\n        return name\n    return name_of(item)\n", False),
        ("    return name or name_of(item)\n", False),
        ("    return lambda: name_of(item)\n", False),
        ("    try:\n        return item()\n    except KeyError:\n        return name_of(item)\n", False),
    ],
)
def test_one_function_ends_up_in_another_where_no_condition_decides_it(sandbox, body, known):
    code = (
        "def block(name):\n    remove(None, name)\n    return 1\n\n\n"
        f"def remove(item, name=None):\n{body}\n\ndef name_of(item):\n    return str(item)\n"
    )
    view = view_of(sandbox, {"plugins.py": code})
    assert bool(pieces(view, definition_surroundings.chain, "block", 5)) is known


def test_no_call_ends_up_in_an_abstract_method(sandbox):
    code = (
        "from abc import abstractmethod\n\n\nclass Storage:\n    @abstractmethod\n    def read(self):\n"
        "        raise NotImplementedError\n\n    def load(self):\n        return self.read()\n\n"
        "    def all(self):\n        return self.load()\n"
    )
    view = view_of(sandbox, {"storage.py": code})
    assert pieces(view, definition_surroundings.chain, "Storage.all", 5) == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("sell('pen', count=2)", "`'pen'` goes to `thing`."),
        # What stands there is not read back.
        ("sell(thing='pen', count=2)", ""),
        (
            "sell(thing, 2)",
            "`2` goes to `count` (default `1`); `thing` goes to the parameter of the same name.",
        ),
        ("sell(thing, count)", ""),
        ("sell(run._thing, 2)", "`run._thing` goes to `thing` and `2` goes to `count` (default `1`)."),
        ("sell(run._thing, count)", ""),
    ],
)
def test_where_a_keyword_goes_is_not_said(sandbox, call, says):
    code = f"def sell(thing, count=1, v=0):\n    return thing\n\n\ndef run():\n    return {call}\n"
    view = view_of(sandbox, {"till.py": code})
    (d,) = [d for d in view.code.definitions if d.qualname == "sell"]
    (use,) = uses(view, view.texts, d, random.Random(1))
    assert purpose_and_usage.explained(view, use, d).partition(" Left out")[0] == says


def test_that_something_goes_to_a_single_letter_says_nothing(sandbox):
    code = "def title(v):\n    return v\n\n\ndef run():\n    return title('pen')\n"
    view = view_of(sandbox, {"till.py": code})
    (d,) = [d for d in view.code.definitions if d.qualname == "title"]
    (use,) = uses(view, view.texts, d, random.Random(1))
    assert purpose_and_usage.explained(view, use, d) == ""


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("def test_sell():\n    sell('pen')\n", 1),
        ("def test_sell():\n    with pytest.raises(ValueError):\n        sell('')\n", 0),
        ("def test_sell_on_bounds_assertion():\n    sell('')\n", 0),
        ("def test_sell():\n    assert not sell('pen')\n", 0),
        ("def test_sell():\n    sell('\u0448')\n", 0),
    ],
)
def test_a_call_that_is_to_fail_is_no_model(sandbox, test, found):
    files = {
        "till.py": "def sell(thing):\n    return thing\n",
        "tests/test_till.py": f"import pytest\n\nfrom till import sell\n\n\n{test}",
    }
    view = view_of(sandbox, files)
    (d,) = [d for d in view.code.definitions if d.qualname == "sell"]
    assert len(uses(view, view.texts, d, random.Random(1))) == found


@pytest.mark.parametrize(
    ("body", "shown"), [("sell('pen')", True), ("with pytest.raises(TypeError):\n        sell(3)", False)]
)
def test_a_test_of_what_fails_is_not_shown_as_the_test_of_a_function(sandbox, body, shown):
    files = {
        "till.py": "def sell(thing):\n    return thing\n",
        "tests/test_till.py": f"import pytest\n\nfrom till import sell\n\n\ndef test_sell():\n    {body}\n",
    }
    assert bool(pieces(view_of(sandbox, files), definition_surroundings.test_place, "sell", 5)) is shown


def test_a_field_of_sphinx_goes_on_in_lines_that_are_not_indented():
    doc = read_doc(
        "Put it.\n\n:param cond: which one, optional if you pass a\nThing with an id\n:returns: its id"
    )
    assert doc.params == {"cond": "which one, optional if you pass a Thing with an id."}
    assert doc.returns == "its id."


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("PaperCart", "PaperBag"), True),
        # Nobody takes one error for another because both are called so.
        (("TypeInvalid", "DateInvalid", "TimeInvalid", "UrlInvalid"), False),
        (("PaperCart", "PaperBag(Protocol)"), False),
    ],
)
def test_a_class_is_taken_for_another_by_a_word_that_few_have(sandbox, names, asked):
    heads = [name if "(" in name else f"{name}(Base)" for name in names]
    code = "class Base:\n    pass\n" + "".join(f"\n\nclass {head}:\n    pass\n" for head in heads)
    found = pieces(view_of(sandbox, {"a.py": code}), premises_corrected_or_confirmed.base, names[0])
    assert bool(found) is asked
    assert not asked or answers(found) == {
        "No: `PaperCart` does not derive from `PaperBag`, though both are in `a.py`. It derives from `Base`."
    }


@pytest.mark.parametrize(("base", "taught"), [("Table", True), ("TableBase", False)])
def test_a_variable_is_not_taught_as_the_base_class(sandbox, tmp_path, base, taught):
    code = (
        "def typed(kind):\n    return object\n\n\nclass Table:\n    pass\n\n\nTableBase = typed(Table)\n\n\n"
        f"class Store({base}):\n    pass\n"
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {"store.py": code})) as repository:
        seen = snapshot(tmp_path, repository, limit=3000, settings=FULL)
        found = [row.messages[-1]["content"] for row in examples_of("ast_parser", seen)]
    assert any(f"`{base}`" in str(say) and "`Store`" in str(say) for say in found) is taught


def test_nobody_copies_a_call_of_an_exception(sandbox):
    code = (
        "class Failed(Exception):\n    pass\n\n\nclass Unpaid(Failed):\n"
        '    """Says that somebody left the shop without paying for it."""\n\n'
        "    def __init__(self, customer):\n        self.customer = customer\n\n\n"
        "def pay(x):\n    raise Unpaid(x.name)\n"
    )
    assert pieces(view_of(sandbox, {"till.py": code}), purpose_and_usage.usage, "Unpaid", 5) == []


def test_nothing_but_none_is_guessed_where_a_parameter_is_none(sandbox):
    code = (
        "def find(word, where=None, most=0):\n"
        '    """Find a word.\n\n    :param where: The shelf to look at.\n    """\n    return word\n'
    )
    found = pieces(view_of(sandbox, {"words.py": code}), premises_corrected_or_confirmed.default, "find")
    assert found and all("`None`" in piece.ask and piece.say.startswith("Yes") for piece in found)


@pytest.mark.parametrize(("path", "asked"), [("shop/bell.py", True), ("docs/examples/bell.py", False)])
def test_nobody_has_to_know_the_code_of_an_example(sandbox, tmp_path, path, asked):
    code = (
        'def ring(loud=False):\n    """Ring the bell at the door of the shop until somebody comes.\n\n'
        '    :param loud: Whether the neighbours hear it.\n    """\n    return loud\n'
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {path: code})) as repository:
        seen = snapshot(tmp_path, repository, limit=3000, settings=FULL)
        rows = [row for row in examples_of("ast_parser", seen) if "probe" not in (row.model_extra or {})]
    assert bool(rows) is asked


@pytest.mark.parametrize(
    ("more", "explained"),
    [
        ("", True),
        ("\n\n    .. attribute:: names\n       :type: dict\n\n        Names of types, by module.", False),
    ],
)
def test_a_class_with_more_to_say_than_its_summary_is_not_explained_by_its_callers(sandbox, more, explained):
    doc = f"Holds what the checkers of types need to do their work.{more}"
    text = f'class Memo:\n    """{doc}"""\n\n\ndef check():\n    return Memo()\n'
    view = view_of(sandbox, {"memo.py": text})
    assert bool(pieces(view, purpose_and_usage.explain, "Memo")) is explained


def test_what_is_read_of_a_function_begins_before_its_head(view):
    for piece in pieces(view, conversations.look_up, "check_out"):
        assert piece.say["tool_calls"][0]["function"]["arguments"]["first_line"] <= piece.d.lines[0]
        assert "traceback" not in piece.ask


@pytest.mark.parametrize(
    ("head", "base", "said", "more"),
    [
        ("import asyncio", "asyncio.StreamReader", "asyncio.StreamReader", ""),
        (
            "from asyncio import StreamReader",
            "StreamReader",
            "StreamReader",
            "`StreamReader` is imported from `asyncio`.",
        ),
        (
            "from marshmallow import fields",
            "fields.Integer",
            "fields.Integer",
            "`fields` is that of `marshmallow`: `from marshmallow import fields`.",
        ),
        ("", "ValueError", "ValueError", ""),
        (
            "from shop.near import ValueError",
            "ValueError",
            "ValueError",
            "`ValueError` is defined in `near.py`.",
        ),
        ("class Reader:\n    pass", "Reader", "Reader", ""),
        ("import near", "near.ValueError", "ValueError", "`ValueError` is defined in `near.py`."),
        (
            "try:\n    from json import Reader\nexcept ImportError:\n    from simplejson import Reader",
            "Reader",
            "Reader",
            "",
        ),
    ],
)
def test_a_base_class_is_said_with_where_it_is_from(sandbox, head, base, said, more):
    files = {
        "near.py": "class ValueError:\n    pass\n",
        "a.py": f"{head}\n\n\nclass Kept({base}):\n    pass\n",
    }
    view = view_of(sandbox, {name: text.replace("shop.", "") for name, text in files.items()})
    (d,) = [one for one in view.code.definitions if one.name == "Kept"]
    last = base.rpartition(".")[2]
    assert base_class_names.as_written(view, d, f"It is `{last}`.") == f"It is `{said}`."
    assert base_class_names.origin(view, d) == more


def test_an_import_among_others_is_not_said_to_be_written_just_so(sandbox):
    cart = "class Cart:\n    pass\n\n\nclass Till:\n    pass\n"
    files = {
        "cart.py": cart,
        "a.py": "from cart import Cart, Till\n",
        "b.py": "from cart import Cart  # noqa\n",
    }
    fence = "```python\nfrom cart import Cart\n```"
    assert answers(pieces(view_of(sandbox, files), definition_surroundings.imports, "Cart")) == {
        f"{fence}\n\n`Cart` is defined in `cart.py`. `a.py` imports it from `cart` too, in line 1.",
        f"`Cart` in `cart.py` is imported like this:\n\n{fence}\n\n`a.py` imports it from `cart` too, in line 1.",
    }


@pytest.mark.parametrize(("base", "asked"), [("Protocol", False), ("Base", True)])
def test_nobody_patches_a_method_on_a_protocol(sandbox, tmp_path, base, asked):
    code = f"from typing import Protocol\n\n\nclass Base:\n    pass\n\n\nclass Log({base}):\n" + "".join(
        f"    def write_{n}(self):\n        print(self)\n\n" for n in "abcdefgh"
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {"log.py": code})) as repository:
        view = FullView(CodeBase(repository), repository, "log")
        seen = questions_of("ast_parser", snapshot(tmp_path, repository, settings=FULL))
        found = [str(piece.say) for piece, _ in teach_probe_facts.pieces(view, seen)]
    assert any("patch.object" in say for say in found) is asked


def test_who_calls_what_is_handed_on_as_a_value_is_not_said(sandbox):
    code = "class Ring:\n    def node(self):\n        pass\n\n    def write(self):\n        self.node()\n"
    view = view_of(sandbox, {"ring.py": code})
    (d,) = [one for one in view.code.definitions if one.name == "node"]
    assert purpose_and_usage.called_by(view, d) == "It is called by `Ring.write` in `ring.py`."
    bound = code + "\n    def fill(self):\n        make = self.node\n        make()\n"
    view = view_of(sandbox, {"ring.py": bound})
    (d,) = [one for one in view.code.definitions if one.name == "node"]
    assert purpose_and_usage.called_by(view, d) == ""


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("import bag\n\nkept = bag.Bag(other)\n", [("kept = bag.Bag(other)", 3, "import bag")]),
        (
            "from bag import Bag as B\n\nkept = B(other)\n",
            [("kept = B(other)", 3, "from bag import Bag as B")],
        ),
        (
            "from bag import Bag\n\nkept = print(\n    Bag(other)\n)\n",
            [("kept = print(\n    Bag(other)\n)", 4, "from bag import Bag")],
        ),
        ("from bag import Bag\n\nkept = [Bag(one) for one in other]\n", []),
        ("from bag import Bag\n\nkept: dict[str, Bag] = {'a': Bag(other)}\n", []),
        (
            "from bag import Bag\n\nkept: Bag = Bag(other)\n",
            [("kept: Bag = Bag(other)", 3, "from bag import Bag")],
        ),
    ],
)
def test_a_model_is_a_plain_call_with_its_own_import(sandbox, code, shown):
    bag = "class Bag:\n    def __init__(self, arg):\n        self.arg = arg\n"
    view = view_of(sandbox, {"bag.py": bag, "use.py": code, "microbenchmarks.py": code})
    (d,) = [one for one in view.code.definitions if one.name == "Bag"]
    found = model_calls.models(view, d, uses(view, view.texts, d, random.Random(1)))
    assert [(use.shown.text, model_calls.line_of_name(use.call), line) for use, line in found] == shown


@pytest.mark.parametrize(
    ("path", "is_aside"),
    [
        ("microbenchmarks.py", True),
        ("bench/run.py", True),
        ("docs/conf.py", True),
        ("pkg/example_app.py", True),
        ("examples/app.py", True),
        ("src/conftest.py", True),
        ("shop/test_cart.py", True),
        ("stats/migrations/0001_initial.py", True),
        ("shop/latest.py", False),
        ("shop/testing.py", False),
        ("shop/workbench.py", False),
    ],
)
def test_what_measures_shows_or_tests_is_no_subject(path, is_aside):
    assert model_calls.aside(path) is is_aside


def test_a_premise_that_is_upside_down_is_turned_round(sandbox):
    code = "class KeyError_(Exception):\n    pass\n\n\nclass BothKeyError_(KeyError_):\n    pass\n"
    view = view_of(sandbox, {"a.py": code.replace("KeyError_", "KeyGone")})
    found = pieces(view, premises_corrected_or_confirmed.base, "KeyGone")
    assert answers(found) == {
        "No, the other way round: `BothKeyGone` derives from `KeyGone`. `KeyGone` itself derives from `Exception`."
    }


def test_who_wants_file_and_line_reads_these_alone(rows):
    found = {row.response() for row in rows if row.messages[-2]["content"].startswith("File and line of")}
    assert found
    assert all(one.count("`") == 2 and ", line " in one and one.endswith(".") for one in found)


def test_a_call_on_a_class_by_another_name_passes_the_object(sandbox):
    files = {
        "json_.py": "class Renderer:\n    def show(self, logger, event):\n        pass\n",
        "b.py": "from json_ import Renderer as Generic\n\n\ndef go(self, one):\n    Generic.show(self, one, 2)\n",
    }
    view = view_of(sandbox, files)
    (d,) = [one for one in view.code.definitions if one.name == "show"]
    assert [arguments(view.texts, use, d) for use in uses(view, view.texts, d, random.Random(1))] in (
        [None],
        [],
    )


@pytest.mark.parametrize(
    ("base", "name", "unseen"),
    [
        ("ast.NodeVisitor", "begin", True),
        ("Near", "visit_Name", True),
        ("Near", "begin", False),
        ("abc.ABC", "begin", False),
        ("threading.Thread", "run", True),
        ("threading.Thread", "_begin", False),
    ],
)
def test_a_base_class_from_outside_may_call_a_method(sandbox, base, name, unseen):
    code = f"import abc, ast, threading\n\n\nclass Near:\n    pass\n\n\nclass Kept({base}):\n    def {name}(self):\n"
    view = view_of(sandbox, {"a.py": code + "        pass\n"})
    (d,) = [one for one in view.code.definitions if one.name == name]
    assert called_unseen(view, d) is unseen


def test_what_is_said_to_be_a_class_is_not_called_one_again(sandbox):
    code = 'class Freezer:\n    """A class to stop the clock of a running test.\n\n    It may be entered twice.\n    """\n'
    found = answers(pieces(view_of(sandbox, {"a.py": code}), purpose_and_usage.explain, "Freezer"))
    assert found
    assert all(text.count("class") == 1 for text in found)


def test_a_benchmark_is_no_example_of_an_import(sandbox):
    files = {"cart.py": "class Cart:\n    pass\n", "url_benchmark.py": "from cart import Cart\n"}
    assert answers(pieces(view_of(sandbox, files), definition_surroundings.imports, "Cart")) == set()


def test_callers_that_may_not_be_all_are_not_said(sandbox):
    code = "class Ring:\n    def node(self):\n        pass\n\n    def write(self):\n        self.node()\n"
    more = "\n\ndef fill(store):\n    store.ring.node()\n"
    view = view_of(sandbox, {"ring.py": code + more})
    (d,) = [one for one in view.code.definitions if one.name == "node"]
    assert purpose_and_usage.called_by(view, d) == ""


def test_of_a_caller_with_several_calls_none_is_shown_alone(sandbox):
    code = "def mark(one):\n    pass\n\n\ndef keep(a, b):\n    mark(a)\n    mark(b)\n"
    found = answers(pieces(view_of(sandbox, {"a.py": code}), callers, "mark"))
    assert found
    assert all(
        one.startswith(
            "`mark` has one caller outside the tests, `keep` in `a.py`, with 2 calls in lines 6 and 7."
        )
        for one in found
    )


def test_of_a_file_that_imports_a_name_nobody_asks_whether_it_defines_it(sandbox):
    shop = 'class Cart:\n    """What a customer is about to buy before paying for all of it."""\n'
    asked = {}
    for imported in ("", "from cart import Cart\n\n\n"):
        files = {"cart.py": shop, "till.py": f"{imported}def sell(cart):\n    pass\n"}
        view = view_of(sandbox, files)
        asked[imported] = {piece.ask for piece in pieces(view, premises_corrected_or_confirmed.place, "Cart")}
    assert [*asked.values()] == [
        {"I'm looking at `till.py` for the definition of `Cart`. Am I in the right file?"},
        set(),
    ]


def test_nobody_calls_new_by_its_name(sandbox):
    code = (
        'class Cart:\n    def {}(self, key=None, most=0):\n        """Begin.\n\n        :param key: What sorts it.\n'
        '        """\n'
    )
    found = []
    for name in ("__init__", "__new__"):
        view = view_of(sandbox, {"cart.py": code.format(name)})
        found.append(bool(pieces(view, premises_corrected_or_confirmed.default, f"Cart.{name}")))
    assert found == [True, False]


def test_a_result_in_the_words_of_the_summary_is_not_said_again(sandbox):
    code = 'def made(key):\n    """Return a new dict sorted by its keys.\n\n    :param key: What sorts it.\n'
    found = []
    for result in ("new sorted dict", "the dict, or None without keys"):
        view = view_of(sandbox, {"a.py": f'{code}    :return: {result}\n    """\n'})
        said = answers(pieces(view, purpose_and_usage.explain, "made"))
        found.append({"On the result" in text for text in said})
    assert found == [{False}, {True}]


def test_a_call_of_a_name_with_two_underscores_is_no_model(sandbox):
    code = (
        "class Till:\n    def {0}(self, thing, price):\n"
        '        """Take the money of a customer who bought something and count it."""\n\n'
        "    def sell(self, item):\n        return self.{0}(item.kind, 3)\n"
    )
    found = []
    for name in ("_pay", "__pay"):
        view = view_of(sandbox, {"till.py": code.format(name)})
        found.append(bool(pieces(view, purpose_and_usage.usage, f"Till.{name}")))
    assert found == [True, False]


def test_a_model_from_a_test_comes_with_the_public_import(sandbox):
    files = {
        "shop/__init__.py": "from shop._cart import Cart\n\n__all__ = ['Cart']\n",
        "shop/_cart.py": (
            'class Cart:\n    """What a customer is about to buy before paying for all of it."""\n\n'
            "    def __init__(self, owner, limit):\n        pass\n"
        ),
        "tests/test_cart.py": "from shop._cart import Cart\n\n\ndef test_a():\n    cart = Cart('ada', 5)\n    assert cart\n",
    }
    found = answers(pieces(view_of(sandbox, files), purpose_and_usage.usage, "Cart"))
    assert found and all(text.endswith("The import for it is `from shop import Cart`.") for text in found)


@pytest.mark.parametrize(
    ("test", "asks"),
    [
        ("test_total_of_nothing", {"Does a test", "Is there a t", "I want to wr", "Show me a te"}),
        ("test_ways", {"Does a test", "Is there a t"}),
    ],
)
def test_a_test_to_copy_from_is_named_after_what_it_tests(sandbox, test, asks):
    files = {
        "cart.py": "def total(things):\n    return sum(things)\n",
        "tests/test_cart.py": f"from cart import total\n\n\ndef {test}():\n    assert total([]) == 0\n",
    }
    found = pieces(view_of(sandbox, files), definition_surroundings.test_place, "total")
    assert {piece.ask[:12].strip() for piece in found} == asks


def test_calls_at_the_top_of_a_file_are_counted(sandbox):
    code = "def made(level):\n    return level\n\n\nLOW = made(1)\nHIGH = made(2)\n"
    found = answers(pieces(view_of(sandbox, {"a.py": code}), callers, "made"))
    assert found
    assert all("the top level in `a.py`, with 2 calls in lines 5 and 6." in text for text in found)


@pytest.mark.parametrize(("name", "asked"), [("made", True), ("_made", False)])
def test_nobody_deprecates_what_is_private(sandbox, name, asked):
    code = f"def {name}(level):\n    return level\n\n\ndef go():\n    return {name}(1)\n"
    found = pieces(view_of(sandbox, {"a.py": code}), callers, name)
    assert any(piece.ask.startswith("Deprecating") for piece in found) is asked


@pytest.mark.parametrize(("line", "known"), [("import near", True), ("import near as _near", False)])
def test_a_link_is_shown_under_its_own_name(sandbox, line, known):
    called = line.split()[-1]
    files = {
        "b.py": "def far():\n    return 1\n\n\ndef near():\n    return far()\n",
        "a.py": f"from b {line}\n\n\ndef go():\n    return {called}()\n",
    }
    assert bool(pieces(view_of(sandbox, files), definition_surroundings.chain, "go")) is known


def test_code_that_is_shown_brings_its_docstring_along(sandbox):
    code = (
        "class Till:\n    def sell(self, thing):\n        return thing\n\n\n"
        "class Counted(Till):\n    def sell(self, thing):\n"
        '        """Count what a customer takes home."""\n        return super().sell(thing)\n'
    )
    found = answers(pieces(view_of(sandbox, {"till.py": code}), class_answers.override, "Counted.sell"))
    assert found
    assert all(text.count("Count what a customer takes home.") <= 1 for text in found)


def test_who_calls_a_special_method_is_not_said(sandbox):
    code = "class Shelf:\n    def {0}(self):\n        return 1\n\n    def show(self):\n        return self.{0}()\n"
    found = []
    for name in ("__len__", "size"):
        view = view_of(sandbox, {"shelf.py": code.format(name)})
        (d,) = [one for one in view.code.definitions if one.name == name]
        found.append(purpose_and_usage.called_by(view, d))
    assert found == ["", "It is called by `Shelf.show` in `shelf.py`."]


def test_what_the_question_says_is_not_said_again(view):
    found = pieces(view, purpose_and_usage.explain, "Cart.total")
    said = {piece.say for piece in found if "It is a method" in piece.ask}
    assert said and not any("It is a method" in text for text in said)


def test_nobody_asks_what_a_class_does_then(view):
    asked = {
        name: {piece.ask for piece in pieces(view, conversations.follow_up, name, 300)}
        for name in ("Cart", "check_out", "Cart.total")
    }
    assert "What does it do, then?" in asked["Cart.total"]
    assert not asked["Cart"] & {"What does it do, then?", "Remind me what it does?"}
