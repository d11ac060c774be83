"""Which file an import means: scripts, packages, src layouts, namespaces, several services side by side."""

import pytest

from autodidact.sources.code.resolve_imports import OUTSIDE, Modules

FILES = """
src/shop/__init__.py src/shop/types.py src/shop/cart/__init__.py src/shop/cart/lines.py src/shop/open/a.py
src/lines.py src/space/pack/__init__.py src/space/pack/x.py
tests/test_shop.py tests/helpers.py tests/click/__init__.py
scripts/go.py scripts/helpers.py scripts/json.py
services/a/app/main.py services/a/app/models.py services/a/tests/test_main.py
services/b/app/main.py services/b/app/util.py
services/c/src/common/__init__.py services/c/src/common/money.py services/c/run.py
services/d/src/common/__init__.py services/d/run.py
services/e/pier/__init__.py services/e/run.py
tools/run.py setup.py
""".split()


@pytest.mark.parametrize(
    ("importer", "module", "level", "meant"),
    [
        ("tests/test_shop.py", "shop.cart.lines", 0, ["src/shop/cart/lines.py"]),
        ("src/shop/types.py", "lines", 0, ["src/lines.py"]),
        ("src/shop/types.py", "cart", 0, []),  # a module of its package is no module of its own
        ("src/shop/types.py", "space.pack.x", 0, ["src/space/pack/x.py"]),
        ("src/shop/types.py", "space", 0, []),
        # Relative.
        ("src/shop/cart/lines.py", "", 1, ["src/shop/cart/__init__.py"]),
        ("src/shop/cart/__init__.py", "lines", 1, ["src/shop/cart/lines.py"]),
        ("src/shop/cart/lines.py", "types", 2, ["src/shop/types.py"]),
        ("src/shop/open/a.py", "types", 2, ["src/shop/types.py"]),
        ("src/shop/cart/lines.py", "lines", 3, []),  # beyond the uppermost package
        # A script's own folder, then those around it.
        ("scripts/go.py", "helpers", 0, ["scripts/helpers.py"]),
        ("tests/test_shop.py", "helpers", 0, ["tests/helpers.py"]),
        ("scripts/go.py", "setup", 0, ["setup.py"]),
        ("tools/run.py", "helpers", 0, [OUTSIDE, "scripts/helpers.py", "tests/helpers.py"]),
        # The standard library, or a script of that name.
        ("scripts/go.py", "json", 0, [OUTSIDE, "scripts/json.py"]),
        ("setup.py", "json", 0, []),
        ("src/shop/cart/lines.py", "types", 0, []),
        # A stand-in for a package from elsewhere.
        ("src/shop/types.py", "click", 0, [OUTSIDE, "tests/click/__init__.py"]),
        # Services.
        ("services/a/app/main.py", "models", 0, ["services/a/app/models.py"]),
        ("services/a/app/main.py", "app.models", 0, ["services/a/app/models.py"]),
        ("services/a/tests/test_main.py", "app.main", 0, ["services/a/app/main.py"]),
        ("services/b/app/main.py", "app.models", 0, [OUTSIDE, "services/a/app/models.py"]),
        ("services/b/app/main.py", "models", 0, [OUTSIDE, "services/a/app/models.py"]),
        ("services/b/app/main.py", "types", 0, []),
        ("services/c/run.py", "common.money", 0, ["services/c/src/common/money.py"]),
        ("services/d/run.py", "common.money", 0, [OUTSIDE, "services/c/src/common/money.py"]),
        (
            "tools/run.py",
            "common",
            0,
            ["services/c/src/common/__init__.py", "services/d/src/common/__init__.py"],
        ),
        ("tools/run.py", "common.money", 0, ["services/c/src/common/money.py"]),
        ("tools/run.py", "pier", 0, ["services/e/pier/__init__.py"]),
        ("tools/run.py", "requests", 0, []),
        ("tools/run.py", "lines", 0, ["src/lines.py"]),
    ],
)
def test_the_file_that_an_import_means(importer, module, level, meant):
    assert list(Modules(FILES).find(importer, module, level)) == meant


@pytest.mark.parametrize(
    ("path", "name", "importable"),
    [
        ("src/shop/cart/__init__.py", "shop.cart", True),
        ("src/shop/cart/lines.py", "shop.cart.lines", True),
        ("src/shop/open/a.py", "shop.open.a", True),  # a folder without __init__.py inside a package
        ("src/space/pack/x.py", "space.pack.x", True),
        ("services/c/src/common/money.py", "common.money", True),
        ("setup.py", "setup", True),
        ("src/lines.py", "lines", True),
        ("tools/run.py", "run", False),
        ("tests/helpers.py", "helpers", True),
    ],
)
def test_a_module_is_named_from_above_its_uppermost_package(path, name, importable):
    modules = Modules(FILES)
    assert modules.name(path) == name and modules.importable(path) is importable
