"""The bases of a class in questions and answers, where the class statement alone does not say what they are."""

import pytest

from autodidact.generators.ast_parser.base_names import base_name, variable
from autodidact.generators.ast_parser.wrong_premise_questions import _may_inherit
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.git.repository import Repository

TIDES = "class Tide:\n    pass\n\n\nclass Neap:\n    pass\n"


@pytest.mark.parametrize(
    ("head", "base", "said"),
    [
        ("from tides import Tide", "Tide", "`Tide`"),
        ("from tides import Tide as T", "T", "`Tide` (imported as `T`)"),
        ("from elsewhere import Tide as T", "T", "`Tide` (imported as `T`)"),
        ("import tides as t", "t.Tide", "`t.Tide`"),
        ("from tides import Neap as Other", "Other", "`Neap` of `tides.py` (imported as `Other`)"),
        ("from elsewhere import Neap as Other", "Other", "`Neap` of `elsewhere` (imported as `Other`)"),
        (
            "try:\n    from tides import Tide as T\nexcept ImportError:\n    from tides import Neap as T",
            "T",
            "`T`",
        ),
        ("", "ValueError", "`ValueError`"),
    ],
)
def test_a_base_is_named_as_its_source_names_it(sandbox, head, base, said):
    code = f"{head}\n\n\nclass Neap({base}):\n    pass\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"a.py": code, "tides.py": TIDES})) as repository:
        read = CodeBase(repository)
        assert base_name(read, read.files["a.py"].first["Neap"], base) == said


@pytest.mark.parametrize(
    ("head", "base", "is_one"),
    [
        ("Base = made()", "Base", True),
        ("if x:\n    Base = made()", "Base", True),
        ("class Base:\n    pass", "Base", False),
        ("from tides import Tide as Base", "Base", False),
        ("db = made()", "db.Model", False),  # the class is named, wherever it is from
    ],
)
def test_a_variable_is_known_from_a_class(sandbox, head, base, is_one):
    code = f"{head}\n\n\nclass Neap({base}):\n    pass\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"a.py": code})) as repository:
        read = CodeBase(repository)
        assert variable(read, read.files["a.py"].first["Neap"]) is is_one


@pytest.mark.parametrize(
    ("head", "base", "is_one"),
    [
        ("from shop.models import Base", "Base", True),
        ("from shop.models import Base as B", "B", True),
        ("from shop import Base", "Base", True),  # by way of the package
        ("import shop.models", "shop.models.Base", True),
        ("from shop import models", "models.Base", True),
        ("from shop.models import *", "Base", True),
        ("from shop.models import db", "db.Model", False),
        ("from shop.models import Tide", "Tide", False),
        ("from elsewhere import Base", "Base", False),
    ],
)
def test_a_variable_of_another_file_is_known_from_a_class(sandbox, head, base, is_one):
    files = {
        "a.py": f"{head}\n\n\nclass Neap({base}):\n    pass\n",
        "shop/__init__.py": "from shop.models import Base\n",
        "shop/models.py": "Base = made()\ndb = made()\n\n\nclass Tide:\n    pass\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        read = CodeBase(repository)
        assert variable(read, read.files["a.py"].first["Neap"]) is is_one


def test_of_two_classes_of_one_name_none_is_denied_as_a_base(sandbox):
    code = (
        "from tides import Neap as Other\n\n\nclass Neap(Other):\n    pass\n\n\nclass Low(Other):\n    pass\n"
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {"a.py": code, "tides.py": TIDES})) as repository:
        read = CodeBase(repository)
        assert _may_inherit(read, read.files["a.py"].first["Low"], "Neap")
        assert not _may_inherit(read, read.files["a.py"].first["Low"], "Tide")
