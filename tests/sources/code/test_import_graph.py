"""Which module of a repository imports which."""

import pytest

from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.file_imports import files_imported
from autodidact.sources.code.import_graph import code_graph
from autodidact.sources.git.repository import Repository
from autodidact.stage import Troubles
from autodidact.store import Cache, Store

SHOP = {"shop/__init__.py": "", "shop/money.py": "def pounds(): pass\n", "shop/cart/lines.py": ""}


@pytest.mark.parametrize(
    ("code", "run", "typing"),
    [
        ("import shop.cart.lines as l, os", ["shop/cart/lines.py"], []),
        ("from shop import money, VERSION", ["shop/money.py", "shop/__init__.py"], []),
        ("from .lines import Line", ["shop/cart/lines.py"], []),
        ("from ..money import pounds", ["shop/money.py"], []),
        ("from ....far import x", [], []),
        ("import shop.money.unknown", [], []),
        ("import shopping", [], []),
        ("def late():\n    def later():\n        from shop.money import pounds", ["shop/money.py"], []),
        ("class A:\n    from shop import money", ["shop/money.py"], []),
        ("match x:\n    case 1:\n        import shop.money", ["shop/money.py"], []),
        ("import importlib\nimportlib.import_module('shop.money')", ["shop/money.py"], []),
        # Both of an alternative.
        (
            "try:\n    from shop.money import f\nexcept ImportError:\n    from .lines import f",
            ["shop/money.py", "shop/cart/lines.py"],
            [],
        ),
        # For type checkers alone.
        ("if TYPE_CHECKING:\n    import shop.money", [], ["shop/money.py"]),
        (
            "if typing.TYPE_CHECKING:\n    import shop.money\nelse:\n    from . import lines",
            ["shop/cart/lines.py"],
            ["shop/money.py"],
        ),
        ("if not TYPE_CHECKING:\n    import shop.money", ["shop/money.py"], []),
        ("if TYPE_CHECKING:\n    import shop.money\ndef f():\n    import shop.money", ["shop/money.py"], []),
        ("def f():\n    if TYPE_CHECKING:\n        import shop.money", [], ["shop/money.py"]),
        ("MYPY = False\nif MYPY:\n    import shop.money", [], ["shop/money.py"]),
        ("if TYPE_CHECKING and x:\n    import shop.money", [], ["shop/money.py"]),
        # The name may be true, or is set again.
        ("if TYPE_CHECKING or x:\n    import shop.money", ["shop/money.py"], []),
        ("OLD = False\nif x:\n    OLD = True\nif OLD:\n    import shop.money", ["shop/money.py"], []),
        ("OLD = False\nfrom x import *\nif OLD:\n    import shop.money", ["shop/money.py"], []),
        ("OLD = True\nif OLD:\n    import shop.money", ["shop/money.py"], []),
        ("if 0:\n    pass\nelse:\n    import shop.money", ["shop/money.py"], []),
    ],
)
def test_imports_are_resolved_to_the_repositorys_own_files(sandbox, code, run, typing):
    commit = sandbox.commit("Begin", SHOP | {"shop/cart/__init__.py": "", "shop/cart/here.py": code})
    with Repository(sandbox.path, commit) as repository:
        base = CodeBase(repository)
        found = files_imported(base.files["shop/cart/here.py"], base.names)
    assert (list(found.run), list(found.typing), list(found.perhaps)) == (run, typing, [])


@pytest.mark.parametrize(
    "code",
    [
        "if False:\n    import shop.money",
        "if 0:\n    from shop import money",
        "OLD = False\nif OLD:\n    import shop.money",
        "OLD: bool = False\ndef f():\n    if OLD and x:\n        import shop.money",
        "if not False:\n    pass\nelse:\n    import shop.money",
        "if 1:\n    pass\nelse:\n    import shop.money",
        "if False:\n    if TYPE_CHECKING:\n        import shop.money",
    ],
)
def test_an_import_that_python_never_comes_to_is_neither_stated_nor_denied(sandbox, code):
    commit = sandbox.commit("Begin", SHOP | {"shop/here.py": code})
    with Repository(sandbox.path, commit) as repository:
        found = code_graph(repository, Troubles())
    assert not found.graph.triples
    assert "shop.here" not in found.out and "shop.money" not in found.back
    assert "shop.money" in found.out and "shop.here" in found.back


@pytest.mark.parametrize(
    ("code", "maybe"),
    [
        ("import_module('shop.plug.' + name)", {"shop.plug.a", "shop.plug.b"}),
        ("importlib.import_module(f'shop.plug.a{name}')", {"shop.plug.a"}),
        ("__import__('shop.plug.%s' % name)", {"shop.plug.a", "shop.plug.b"}),
        ("import_module('shop.plug.{}'.format(name))", {"shop.plug.a", "shop.plug.b"}),
        ("import_module('.plug.' + name, __package__)", {"shop.plug.a", "shop.plug.b"}),
        ("import_module(f'.{name}', package='shop.plug')", {"shop.plug.a", "shop.plug.b"}),
        ("import_module('.money', __package__)", {"shop.money"}),
        # A name of which nothing is written: only what the file imports is open.
        ("import_module(name)", set()),
        ("map(import_module, names)", set()),
    ],
)
def test_imports_by_a_name_that_is_not_written_leave_open_what_they_may_load(sandbox, code, maybe):
    files = {"shop/__init__.py": "", "shop/here.py": code, "shop/money.py": "A = 1\n"}
    files |= {"shop/plug/__init__.py": "", "shop/plug/a.py": "B = 1\n", "shop/plug/b.py": "C = 1\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        found = code_graph(repository, Troubles())
        base = CodeBase(repository)
        open_lists = {f.module for f in base.files.values() if not base.importers(f).whole}
    modules = {"shop.here", "shop.money", "shop.plug.a", "shop.plug.b"}
    assert not found.graph.triples and open_lists == maybe
    assert modules - found.out == {"shop.here"}
    assert modules - found.back - {"shop.money"} == maybe - {"shop.money"}


def test_an_import_by_a_name_that_is_written_whole_is_one(sandbox):
    files = SHOP | {"shop/here.py": "import importlib\nimportlib.import_module('shop.money')\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        found = code_graph(repository, Troubles())
    assert found.graph.triples == [("shop.here", "imports", "shop.money")] and "shop.here" in found.out


def test_a_name_that_a_package_binds_to_something_else_is_not_its_module(sandbox):
    files = {
        "shop/__init__.py": "from shop.money import money\nfrom . import cart\n",
        "shop/money.py": "def money(): pass\n",
        "shop/cart.py": "",
        "app.py": "from shop import money, cart\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        base = CodeBase(repository)
        assert list(files_imported(base.files["app.py"], base.names).run) == [
            "shop/__init__.py",
            "shop/cart.py",
        ]


def test_tests_are_kept_apart_and_broken_files_counted(sandbox):
    commit = sandbox.commit(
        "Begin",
        {
            "shop/__init__.py": "from shop.a import f\n",
            "shop/a.py": "",
            "shop/b.py": "print 'two'\n",
            "tests/test_a.py": "import shop.a\n",
        },
    )
    troubles = Troubles()
    with Repository(sandbox.path, commit) as repository:
        found = code_graph(repository, troubles)
    assert found.graph.triples == [("shop", "imports", "shop.a")]
    assert found.tests.triples == [("tests.test_a", "imports", "shop.a")]
    assert found.paths["shop.b"] == "shop/b.py"
    assert [(t.reason, t.ref) for t in troubles.list()] == [("Python 2", "shop/b.py:1")]


def test_the_graph_knows_of_which_modules_it_has_everything(sandbox):
    files = {
        "shop/__init__.py": "",
        "shop/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.b import B\nimport shop.c\n",
        "shop/b.py": "class B: pass\n",
        "shop/c.py": "",
        "shop/d.py": "import shop.c\n",
        "shop/old.py": "import shop.d\nprint 'two'\n",
        "shop/e.py": "",
        "scripts/go.py": "import shop.e\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        found = code_graph(repository, Troubles())
    assert found.graph.triples == [("shop.a", "imports", "shop.c"), ("shop.d", "imports", "shop.c")]
    # What `a` imports for type checkers is in no graph; the file of Python 2 is not read, and imports `d`.
    assert found.out == {"shop", "shop.b", "shop.c", "shop.d", "shop.e"}
    # A script imports `e`; a package may be imported under any name of its modules.
    assert found.back == {"shop.a", "shop.c", "shop.old"} == found.tested - {"shop.e"}


def test_two_modules_of_one_name_are_left_out(sandbox):
    files = {
        "services/a/app/__init__.py": "",
        "services/a/app/main.py": "from app import models\n",
        "services/a/app/models.py": "",
        "services/b/app/__init__.py": "",
        "services/b/app/main.py": "from app import util\n",
        "services/b/app/util.py": "",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        found = code_graph(repository, Troubles())
    assert sorted(found.paths) == ["app.models", "app.util"] and not found.graph.triples


def test_imported_modules_of_one_name_are_counted(sandbox):
    main = "from config import load\n"
    files = {f"{one}/{name}": text for one in "ab" for name, text in (("main.py", main), ("config.py", ""))}
    troubles = Troubles()
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        assert not code_graph(repository, troubles).paths
    assert [(t.reason, t.count, t.ref) for t in troubles.list()] == [
        ("an imported module whose name is not its own, or not settled", 2, "a/config.py")
    ]


def test_a_package_of_tests_is_named_from_the_packages_around_it(sandbox):
    inits = {f"{folder}/__init__.py": "" for folder in ("t", "t/smoke", "t/smoke/tests")}
    commit = sandbox.commit("Begin", inits | {"t/smoke/tests/test_a.py": "A = 1\n"})
    with Repository(sandbox.path, commit) as repository:
        assert "t.smoke.tests.test_a" in code_graph(repository, Troubles()).paths


def test_the_graph_of_the_same_files_is_looked_up_and_counts_the_same_troubles(
    sandbox, tmp_path, monkeypatch
):
    files = {
        "shop/__init__.py": "from shop.a import f\n",
        "shop/a.py": "A = 1\n",
        "shop/b.py": "print 'two'\n",
    }
    (sandbox.path / "link.py").symlink_to("/etc/passwd")
    first = sandbox.commit("Begin", files)
    second = sandbox.commit("Write about it", {"README.md": "# Shop\n"}, hours=1)
    third = sandbox.commit("Use it", {"shop/c.py": "import shop.a\n"}, hours=2)
    cache, parsed = Cache(Store(tmp_path / "store")), []
    from autodidact.sources.code import codebase

    analyse = codebase.analyse
    monkeypatch.setattr(
        codebase, "analyse", lambda source, newer: parsed.append(source) or analyse(source, newer)
    )

    def graph(commit: str, cache: Cache | None):
        with Repository(sandbox.path, commit) as repository:
            found = code_graph(repository, troubles := Troubles(), cache, "shop")
        return (
            found.graph.triples,
            found.tests.triples,
            found.paths,
            [(t.reason, t.ref) for t in troubles.list()],
        )

    known = graph(first, cache)
    assert len(parsed) == 3 and known[3] == [
        ("Python 2", "shop/b.py:1"),
        ("symbolic link, not followed", "link.py"),
    ]
    assert graph(second, cache) == known and len(parsed) == 3
    assert graph(third, cache)[0] == [
        ("shop", "imports", "shop.a"),
        ("shop.c", "imports", "shop.a"),
    ] and parsed[3:] == [b"import shop.a\n"]
    assert graph(third, cache) == graph(third, None)


def test_tests_of_several_services_that_have_the_same_names_are_all_kept(sandbox):
    test = "from {}.models import Order\n"
    files = {
        f"{one}/{path}": text
        for one in ("orders", "products")
        for path, text in {
            f"{one}/__init__.py": "",
            f"{one}/models.py": "class Order:\n    pass\n",
            "test/__init__.py": "",
            "test/test_service.py": test.format(one),
        }.items()
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        found = code_graph(repository, Troubles())
    assert found.tests.back("orders.models", "imports") == ["orders.test.test_service"]
    assert found.tests.back("products.models", "imports") == ["products.test.test_service"]
    assert {"orders.models", "products.models"} <= found.tested
