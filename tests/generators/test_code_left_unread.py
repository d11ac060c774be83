"""What is told of code of which a part was not read, and whose names may mean one thing or another."""

import shutil
from pathlib import Path

import pytest

from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import answers, examples_of, snapshot, troubles

CASES = Path(__file__).parents[1] / "data" / "code"
FARES = {
    "fares.py": "def reduced(price):\n    return price // 2\n\n\nclass Table:\n    def lookup_fare(self):\n        pass\n",
    "sale.py": "from fares import reduced\n\n\ndef sell(price):\n    return reduced(price)\n",
    "tests/test_fares.py": "import fares\n\n\ndef test_it():\n    fares.reduced(2)\n",
}


def told(sandbox, tmp_path, files=None, case=None) -> dict[str, str]:
    """Every question and its answer, those that bring their facts along aside."""
    if case:
        shutil.copytree(CASES / case, sandbox.path, dirs_exist_ok=True)
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        seen = snapshot(tmp_path, repository, limit=5000)
        rows = [row for row in examples_of("ast_parser", seen) if "open_book" not in row.source.model_extra]
        told.troubles = troubles(seen)
        return answers(rows)


def answer_to(found: dict[str, str], *beginnings: str) -> set[str]:
    return {answer for prompt, answer in found.items() if prompt in beginnings}


def of(name: str, found: dict[str, str]) -> set[str]:
    """What is said of who calls it."""
    asked = ("Who calls {}?", "I am changing {}. Which callers do I check?", "Where is {} called?")
    asked += ("Is {} called anywhere in this repository?", "Show me a call of {}.")
    return answer_to(found, *(a.format(name) for a in asked))


def importing(path: str, module: str, found: dict[str, str]) -> set[str]:
    asked = (f"Which files import `{path}`?", f"I am renaming `{path}`. Which imports break?")
    return answer_to(found, *asked, f"Who depends on the module `{module}`?")


def test_callers_in_another_encoding_and_in_newer_syntax_are_found(sandbox, tmp_path):
    found = told(sandbox, tmp_path, case="ferry")
    assert of("`reduced`", found) == {"`ermässigt` in `kinder.py`."}
    assert of("`doubled`", found) == {"`fare` in `lorry.py`."}
    asked = ("Which classes inherit from `Table`?", "What subclasses does `Table` have?")
    assert answer_to(found, *asked) == {"`Große` in `kinder.py`."}
    (imports,) = importing("fares.py", "fares", found)
    assert imports.startswith("`kinder.py` and `lorry.py`. For example")
    assert told.troubles == {}


def test_a_file_of_newer_syntax_has_all_its_public_names(sandbox, tmp_path):
    found = told(sandbox, tmp_path, case="harbour")
    asked = ("What does `{}` define?", "Which public names does `{}` define?")
    types = answer_to(found, *(a.format("src/harbour/types.py") for a in asked))
    assert types == {"At its top level `src/harbour/types.py` defines `Box`, `first`, `Money` and `Pair`."}
    assert importing("src/harbour/types.py", "harbour.types", found) == {
        "`src/harbour/__init__.py`. For type checkers alone: `src/harbour/_core.py`."
    }
    latin = answer_to(found, *(a.format("legacy/latin.py") for a in asked))
    assert latin == {"At its top level `legacy/latin.py` defines `grüße`."}
    # The class method makes one too, or one of the class below it.
    assert of("`Berth`", found) == {
        "At least `open_berth` in `src/harbour/_core.py`. Whether other calls of a `Berth` mean this one the"
        " code alone does not say."
    }
    assert told.troubles == {"Python 2": 1}


UNREAD = {
    "an unknown encoding": ("kinder.py", b"# coding: no-such\nreduced(1)\nTable().lookup_fare()\n"),
    "a torn file": ("torn.py", b"def f(:\n  reduced(1); Table.lookup_fare\n"),
    "Python 2": (
        "old.py",
        b"print 'x'\nfrom fares import reduced, Table\nreduced(1)\nTable().lookup_fare()\n",
    ),
    "a generated file": (
        "made.py",
        b"# DO NOT EDIT\nimport fares\nfares.reduced(1)\nfares.Table().lookup_fare()\n",
    ),
    "a vendored file": ("vendor/x.py", b"import fares\nfares.reduced(1)\nfares.Table().lookup_fare()\n"),
    "a notebook": (
        "note.ipynb",
        b'{"source": ["import fares\\n", "fares.reduced(fares.Table.lookup_fare)"]}',
    ),
    "a script": (
        "bin/sell",
        b"#!/usr/bin/env python3\nfrom fares import reduced, Table\nreduced(Table().lookup_fare())\n",
    ),
    "UTF-16": ("wide.py", "import fares\nfares.reduced(fares.Table.lookup_fare)\n".encode("utf-16")),
    "a large file": (
        "large.py",
        b"from fares import reduced, Table\nreduced(Table.lookup_fare)\n" + b"# x\n" * 300_000,
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_was_not_read_silences_what_it_may_contradict(sandbox, tmp_path, name):
    path, source = UNREAD[name]
    found = told(sandbox, tmp_path, FARES | {path: source})
    assert of("`Table.lookup_fare`", found) == set() == of("`Table.lookup_fare` in `fares.py`", found)
    at_least = "At least `sell` in `sale.py`. A file that was not read has its name too."
    assert of("`reduced`", found) | of("`reduced` in `fares.py`", found) == {at_least}
    if b"fares" in source.replace(b"\0", b""):
        assert importing("fares.py", "fares", found) == set()
    assert answer_to(found, "Which file defines `sell`?") <= {"sale.py"}
    assert answer_to(found, "Which file defines `reduced`?") == set()


def test_what_does_not_occur_in_what_was_not_read_is_told(sandbox, tmp_path):
    found = told(
        sandbox, tmp_path, FARES | {"torn.py": b"def f(:\n  other()\n", "LICENSE": "reduced fares\n"}
    )
    assert of("`reduced`", found) == {"`sell` in `sale.py`."}
    (denied,) = of("`Table.lookup_fare`", found)
    assert denied.startswith("No Python file of this repository calls `Table.lookup_fare` by its name")
    (imports,) = importing("fares.py", "fares", found)
    assert (
        imports
        == "`sale.py`. Of the tests: `tests/test_fares.py`. For example `sell` in `sale.py` calls `reduced`."
    )


def test_two_services_with_modules_of_one_name_keep_their_own(sandbox, tmp_path):
    files = {
        f"services/{name}/{file}": text
        for name in ("bus", "boat")
        for file, text in {
            "main.py": "import fares\n\n\ndef serve():\n    return fares.reduced(2)\n",
            "fares.py": "def reduced(price):\n    return price\n",
        }.items()
    }
    found = told(sandbox, tmp_path, files | {"tools/check.py": "import fares\n\nfares.reduced(1)\n"})
    for name in ("bus", "boat"):
        assert importing(f"services/{name}/fares.py", "fares", found) <= {
            f"`services/{name}/main.py`. For example `serve` in `services/{name}/main.py` calls `reduced`."
        }
        (callers,) = of(f"`reduced` in `services/{name}/fares.py`", found)
        assert callers.startswith(f"At least `serve` in `services/{name}/main.py`.") or callers == (
            f"`serve` in `services/{name}/main.py`."
        )


def test_an_import_that_may_mean_two_files_is_not_told(sandbox, tmp_path):
    files = {
        f"packages/{name}/common/{file}": text
        for name in ("a", "b")
        for file, text in {"__init__.py": "", "money.py": "def pounds_of(x):\n    pass\n"}.items()
    }
    found = told(
        sandbox, tmp_path, files | {"run/go.py": "from common.money import pounds_of\n\npounds_of(1)\n"}
    )
    for name in ("a", "b"):
        assert importing(f"packages/{name}/common/money.py", "common.money", found) == set()
        assert of(f"`pounds_of` in `packages/{name}/common/money.py`", found) == set()


def test_alternatives_are_nobodys_call(sandbox, tmp_path):
    files = {
        "fast.py": "def convert_it():\n    pass\n",
        "slow.py": "def convert_it():\n    pass\n",
        "use.py": "try:\n    from fast import convert_it\nexcept ImportError:\n    from slow import convert_it\n\n\ndef go():\n    convert_it()\n",
    }
    found = told(sandbox, tmp_path, files)
    assert of("`convert_it` in `fast.py`", found) == set() == of("`convert_it` in `slow.py`", found)
    assert importing("fast.py", "fast", found) == {"`use.py`."} == importing("slow.py", "slow", found)


def test_names_are_followed_through_what_a_package_passes_on(sandbox, tmp_path):
    files = {
        "src/shop/__init__.py": "from .cart import *\nfrom .money import pounds as to_pounds\n",
        "src/shop/cart.py": "__all__ = ['open_cart']\n\n\ndef open_cart():\n    pass\n\n\ndef close_cart():\n    pass\n",
        "src/shop/money.py": "def pounds():\n    pass\n",
        "app/main.py": "import shop\n\n\ndef start():\n    shop.open_cart()\n    shop.to_pounds()\n    shop.close_cart()\n",
    }
    found = told(sandbox, tmp_path, files)
    assert of("`open_cart`", found) == {"`start` in `app/main.py`."} == of("`pounds`", found)
    # The star brings what `__all__` lists.
    assert of("`close_cart`", found) == set()
    asked = ("Which public names does `src/shop/cart.py` have?", "What does `src/shop/cart.py` export?")
    assert answer_to(found, *asked) == {"By its `__all__` `src/shop/cart.py` makes public `open_cart`."}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (
            "LIMIT = 3\nfor NAME in 'ab': pass\nwith x as Y: pass\ndef f():\n    global SET\n    SET = 1\n",
            "`f`, `LIMIT`, `NAME`, `Y` and `SET`",
        ),
        ("import sys\nif sys.platform == 'x':\n    A = 1\nelse:\n    def f(): pass\n", "`f` and `A`"),
        ("def f(): pass\nglobals()['g'] = f\n", None),
        ("def f(): pass\ndef __getattr__(name): pass\n", None),
        ("A, (B, *C) = x\nD: int\ndef f(): pass\n", "`f`, `A`, `B` and `C`"),
    ],
)
def test_what_a_file_defines_is_all_of_it_or_not_asked(sandbox, tmp_path, code, answer):
    found = told(sandbox, tmp_path, {"names.py": code})
    asked = answer_to(found, "What does `names.py` define?", "Which public names does `names.py` define?")
    assert asked == ({f"At its top level `names.py` defines {answer}."} if answer else set())


@pytest.mark.parametrize(
    ("body", "methods"),
    [
        ("def open(self): pass\n    class Meta: pass", "`open`"),
        ("def open(self): pass\n    close = open", None),
        ("def open(self): pass\n    size = property(lambda self: 1)", None),
        ("def open(self): pass\n    size = 3", "`open`"),
    ],
)
def test_the_methods_of_a_class_are_all_of_them_or_not_asked(sandbox, tmp_path, body, methods):
    found = told(sandbox, tmp_path, {"box.py": f"class Box:\n    {body}\n"})
    asked = answer_to(
        found,
        "Which public methods does `Box` define?",
        "List the public methods that the body of `Box` defines.",
    )
    assert asked == ({f"{methods}, defined in `box.py`."} if methods else set())


@pytest.mark.parametrize(
    ("body", "raised"),
    [
        ("raise KeyError(a)", "`KeyError`"),
        ("try:\n        f()\n    except Exception:\n        raise\n    raise KeyError(a)", None),
        ("if a:\n        raise a\n    raise KeyError(a)", None),
        ("def g():\n        raise a\n    raise KeyError(a)", "`KeyError`"),
    ],
)
def test_the_exceptions_of_a_function_are_all_of_them_or_not_asked(sandbox, tmp_path, body, raised):
    found = told(sandbox, tmp_path, {"box.py": f"def open_it(a):\n    {body}\n"})
    asked = ("Which exceptions does `open_it` raise itself?", "What may `open_it` raise in its own body?")
    said = answer_to(found, *asked, "Which raise statements does `open_it` have?")
    assert said == ({f"{raised}, raised in the body of `open_it`."} if raised else set())


@pytest.mark.parametrize(
    ("heir", "told_of"),
    [
        ("class Heir(Base): pass", True),
        ("class Heir(make(Base)): pass", False),  # its base is an expression
        ("Alias = Base\nclass Heir(Alias): pass", True),
        ("class Heir(x.Base): pass", False),  # of something that cannot be followed
    ],
)
def test_heirs_are_all_of_them_or_not_asked(sandbox, tmp_path, heir, told_of):
    files = {"base.py": "class Base: pass\n", "one.py": "from base import Base\nclass One(Base): pass\n"}
    found = told(
        sandbox, tmp_path, files | {"more.py": f"from base import Base\nimport x, y\nx = y.x\n{heir}\n"}
    )
    said = answer_to(found, "Which classes inherit from `Base`?", "What subclasses does `Base` have?")
    assert said == ({"`Heir` in `more.py`; `One` in `one.py`."} if told_of else set())


@pytest.mark.parametrize(
    "heir",
    [
        "class Heir(__import__('app').Other): pass",
        "class Heir(importlib.import_module(NAME).Other): pass",
        "class Heir(getattr(app, NAME)): pass",
        "class Heir(globals()[NAME]): pass",
        "class Heir(type(made())): pass",
        "class Heir(made()): pass",
        "class Heir(*BASES): pass",
    ],
)
def test_where_a_base_cannot_be_read_heirs_are_at_least_these(sandbox, tmp_path, heir):
    files = {
        "base.py": "class Base: pass\n",
        "one.py": "from base import Base\nclass One(Base): pass\n",
        "more.py": f"import importlib\nimport app\n\n\ndef made(): return app.pick()\n\n\n{heir}\n",
        "app.py": "def pick(): pass\n",
    }
    found = told(sandbox, tmp_path, files)
    said = answer_to(found, "Which classes inherit from `Base`?", "What subclasses does `Base` have?")
    assert said == {"At least `One` in `one.py`."}


@pytest.mark.parametrize(
    "heir",
    [
        "class Heir(namedtuple('Heir', 'a b')): pass",
        "class Heir(abc.made('Heir')): pass",
        "class Heir(with_meta(Meta, Else)): pass",
        "class Heir(type('Heir', (object,), {})): pass",
        "class Heir(getattr(abc, 'ABC', object)): pass",
    ],
)
def test_a_base_that_is_made_of_other_classes_hides_no_heir(sandbox, tmp_path, heir):
    head = (
        "import abc\nfrom collections import namedtuple\n\n\nclass Meta(type): pass\n\n\nclass Else: pass\n"
    )
    files = {
        "base.py": "class Base: pass\n",
        "one.py": "from base import Base\nclass One(Base): pass\n",
        "more.py": f"{head}\n\ndef with_meta(meta, base): return meta('M', (base,), {{}})\n\n\n{heir}\n",
    }
    found = told(sandbox, tmp_path, files)
    said = answer_to(found, "Which classes inherit from `Base`?", "What subclasses does `Base` have?")
    assert said == {"`One` in `one.py`."}


def test_an_expression_may_name_a_base_by_another_name(sandbox, tmp_path):
    files = {
        "base.py": "class Base: pass\n",
        "one.py": "from base import Base\nclass One(Base): pass\n",
        "more.py": "from base import Base as Other\nfrom six import made\n\n\nclass Heir(made(Other)): pass\n",
    }
    found = told(sandbox, tmp_path, files)
    asked = ("Which classes inherit from `Base`?", "What subclasses does `Base` have?")
    assert answer_to(found, *asked) == set()


def test_a_call_on_a_base_may_be_one_of_what_takes_its_place(sandbox, tmp_path):
    files = {
        "base.py": "class Base:\n    def run(self):\n        self.work()\n\n    def work(self):\n        pass\n",
        "heir.py": "from base import Base\n\n\nclass Heir(Base):\n    def work(self):\n        pass\n",
        "tests/test_heir.py": "from heir import Heir\n\n\ndef test_it():\n    Heir().work()\n",
    }
    found = told(sandbox, tmp_path, files)
    (callers,) = of("`Heir.work`", found)
    assert callers.startswith("At least `test_it` in `tests/test_heir.py`.")


def test_what_another_language_defines_too_is_not_asked_by_its_name_alone(sandbox, tmp_path):
    files = {
        "shop.py": "class Basket:\n    def checkout(self):\n        pass\n\n\ndef refund(order):\n    pass\n",
        "load/script.js": "export function refund (order) {\n}\n",
        "cmd/main.go": "func (s *server) checkout(ctx Context) error {\n}\n",
    }
    found = told(sandbox, tmp_path, files)
    asked = ("Which file defines `refund`?", "On which class do I call `checkout`?")
    assert answer_to(found, *asked) == set()
    assert "Which file defines `Basket`?" in found
    assert not any("`refund`" in ask and "shop.py" not in ask for ask in found)


def test_a_module_that_a_stub_or_a_call_at_run_time_imports_has_no_list_of_importers(sandbox, tmp_path):
    files = {
        "shop/__init__.py": "import importlib\n\n\ndef load():\n    return importlib.import_module('.filters')\n",
        "shop/filters.py": "def small():\n    pass\n",
        "shop/prices.py": "def total():\n    pass\n",
        "shop/rates.py": "def rate():\n    pass\n",
        "shop/desk.pyi": "from shop import rates\n",
        "shop/desk.py": "from shop import filters, prices, rates\n",
    }
    found = told(sandbox, tmp_path, files)
    assert importing("shop/filters.py", "shop.filters", found) == set()
    assert importing("shop/rates.py", "shop.rates", found) == set()
    assert importing("shop/prices.py", "shop.prices", found) != set()


@pytest.mark.parametrize("lost", ["load/script.js", "shop/desk.pyi", "sale.py"])
def test_where_such_a_file_cannot_be_read_any_name_may_be_in_it(sandbox, tmp_path, lost):
    files = {
        "shop/__init__.py": "",
        "shop/prices.py": "def refund(order):\n    pass\n",
        "shop/desk.py": "from shop import prices\n",
        lost: "function other () {\n}\n",
    }
    commit = sandbox.commit("Begin", files)
    blob = sandbox.git("rev-parse", f"HEAD:{lost}")
    (sandbox.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with Repository(sandbox.path, commit) as repository:
        found = answers(examples_of("ast_parser", snapshot(tmp_path, repository, limit=5000)))
    if lost.endswith(".py"):
        assert not any(answer.startswith("No Python file") for answer in found.values())
    elif lost.endswith(".js"):
        assert "Which file defines `refund`?" not in found
    else:
        assert importing("shop/prices.py", "shop.prices", found) == set()


def test_a_function_that_calls_itself_is_among_its_callers_and_callees(sandbox, tmp_path):
    files = {
        "walk.py": "def descend(tree):\n    measure(tree)\n    return descend(tree.left)\n\n\ndef measure(tree):\n    pass\n",
        "shop.py": "from walk import descend\n\n\ndef sell(tree):\n    return descend(tree)\n",
    }
    found = told(sandbox, tmp_path, files)
    assert of("`descend`", found) == {"`sell` in `shop.py`. It also calls itself."}
    assert answer_to(found, "What does `descend` call in this code base?") <= {
        "It calls `measure` in `walk.py`. It also calls itself."
    }
