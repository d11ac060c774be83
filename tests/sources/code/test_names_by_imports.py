"""The repository's own imports show by which name a file is imported, before the names of folders do."""

import pytest

from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository

LIB = {"lib/tools.py": "def wash(): pass\n", "lib/sub/more.py": ""}
ZOO = {"ns/one/zoo/cats/__init__.py": "def meow(): pass\n", "ns/one/zoo/cats/paws.py": ""}
SRC = {"src/shop.py": "def sell(): pass\n"}


@pytest.mark.parametrize(
    ("files", "path", "name", "importable"),
    [
        # A folder called as if it held packages is part of the name, with what lies below it.
        (LIB | {"app/a.py": "from lib.tools import wash"}, "lib/tools.py", "lib.tools", True),
        (LIB | {"app/a.py": "from lib import tools"}, "lib/tools.py", "lib.tools", True),
        (LIB | {"app/a.py": "import lib.tools"}, "lib/sub/more.py", "lib.sub.more", False),
        (LIB | {"app/a.py": "from tools import wash"}, "lib/tools.py", "tools", True),
        (LIB, "lib/tools.py", "tools", True),
        # A folder without an __init__.py is part of the name.
        (ZOO | {"a.py": "from zoo.cats import meow"}, "ns/one/zoo/cats/__init__.py", "zoo.cats", True),
        (ZOO | {"a.py": "from zoo.cats import meow"}, "ns/one/zoo/cats/paws.py", "zoo.cats.paws", True),
        (
            ZOO | {"a.py": "from ns.one.zoo import cats"},
            "ns/one/zoo/cats/paws.py",
            "ns.one.zoo.cats.paws",
            True,
        ),
        (ZOO, "ns/one/zoo/cats/__init__.py", "cats", True),
        # This file by a longer name, or something from elsewhere: not asked.
        (ZOO | {"a.py": "from zoo.cats import purr"}, "ns/one/zoo/cats/__init__.py", "cats", False),
        (ZOO | {"a.py": "from zoo import cats"}, "ns/one/zoo/cats/__init__.py", "cats", False),
        # Two names: not asked.
        (
            SRC | {"t/a.py": "from src.shop import sell", "t/b.py": "from shop import sell"},
            "src/shop.py",
            "shop",
            False,
        ),
        # A relative import cannot run from the folder on the path.
        (SRC | {"src/till.py": "from .shop import sell"}, "src/shop.py", "shop", False),
        (
            SRC | {"src/till.py": "from .shop import sell", "a.py": "from src.till import sell"},
            "src/shop.py",
            "src.shop",
            True,
        ),
    ],
)
def test_a_file_has_the_name_by_which_the_repository_imports_it(sandbox, files, path, name, importable):
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        code = CodeBase(repository)
    assert (code.files[path].module, code.modules.importable(path)) == (name, importable)
