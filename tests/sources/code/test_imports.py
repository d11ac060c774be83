"""Which module of a repository imports which."""

import ast

import pytest

from autodidact.sources.code.imports import code_graph, importable, imported, module_name, statements
from autodidact.sources.git.repository import Repository
from autodidact.stage import Troubles
from autodidact.store import Cache, Store

KNOWN = {"shop": "", "shop.cart": "", "shop.cart.lines": "", "shop.money": ""}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import shop.cart.lines as l, os", {"shop.cart.lines"}),
        ("from shop import money, VERSION", {"shop.money", "shop"}),
        ("from .lines import Line", {"shop.cart.lines"}),
        ("from ..money import pounds", {"shop.money"}),
        ("from .. import money", {"shop.money"}),
        ("from ....far import x", set()),
        ("def late():\n    from shop.money import pounds", {"shop.money"}),
        ("if TYPE_CHECKING:\n    import shop.money", {"shop.money"}),
        ("import shop.money.unknown", set()),
        ("import shopping", set()),
    ],
)
def test_imports_are_resolved_to_the_repositorys_own_modules(code, found):
    assert imported(statements(ast.parse(code)), "shop.cart", True, KNOWN) == found


def test_modules_are_named_from_their_uppermost_package():
    packages = {"src/shop", "src/shop/cart", "tools/x"}
    assert module_name("src/shop/cart/__init__.py", packages) == "shop.cart"
    assert module_name("src/shop/cart/lines.py", packages) == "shop.cart.lines"
    assert module_name("setup.py", packages) == "setup" and module_name("lib/one.py", packages) == "one"
    assert (
        module_name("src/shop/open/a.py", packages) == "shop.open.a"
    )  # a folder without __init__.py inside a package
    assert (
        importable("src/shop/a.py", packages)
        and importable("src/shop/open/a.py", packages)
        and not importable("notes/a.py", packages)
    )


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
    assert [(t.reason, t.ref) for t in troubles.list()] == [("not Python 3", "shop/b.py")]


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
    cache, parsed, parse = Cache(Store(tmp_path / "store")), [], ast.parse
    monkeypatch.setattr(
        "autodidact.sources.code.imports.ast.parse", lambda source: parsed.append(source) or parse(source)
    )

    def graph(commit: str, cache: Cache | None):
        with Repository(sandbox.path, commit) as repository:
            found = code_graph(repository, troubles := Troubles(), cache)
        return (
            found.graph.triples,
            found.tests.triples,
            found.paths,
            [(t.reason, t.ref) for t in troubles.list()],
        )

    known = graph(first, cache)
    assert len(parsed) == 3 and known[3] == [
        ("not Python 3", "shop/b.py"),
        ("symbolic link, not followed", "link.py"),
    ]
    assert graph(second, cache) == known and len(parsed) == 3
    assert graph(third, cache)[0] == [
        ("shop", "imports", "shop.a"),
        ("shop.c", "imports", "shop.a"),
    ] and parsed[3:] == [b"import shop.a\n"]
    assert graph(third, cache) == graph(third, None)
