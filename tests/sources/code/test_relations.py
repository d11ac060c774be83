"""Who inherits, calls and defines, and where a static reading is complete."""

from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.relations import cached_relations, code_relations
from autodidact.sources.git.repository import Repository
from autodidact.store import Cache, Store

FILES = {
    "shop/__init__.py": "",
    "shop/base.py": (
        "class Thing:\n    pass\n\nclass Part(Thing):\n    pass\n\nclass Outside(Exception):\n    pass\n"
    ),
    "shop/cart.py": (
        "from shop.base import (\n    Part,\n)\nfrom shop.money import charge\n\nclass Wheel(Part):\n"
        "    def turn(self):\n        charge()\n        refund_all()\n"
    ),
    "shop/money.py": (
        "def charge():\n    audit()\n\ndef audit():\n    pass\n\ndef refund_all():\n    pass\n\ndef"
        " lonely():\n    pass\n\nHOOKS = [lonely]\n"
    ),
    "tests/test_money.py": "from shop.money import audit\n\ndef test_it():\n    audit()\n",
}


def relations(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", FILES)) as repository:
        return code_relations(CodeBase(repository), repository, {"shop/cart.py": "shop.cart"})


def test_relations_have_qualified_names(sandbox):
    found = relations(sandbox)
    assert [triple for triple in found.graph.triples if triple.relation != "defined_in"] == [
        ("Part", "inherits", "Thing"),
        ("Wheel", "inherits", "Part"),
        ("Wheel.turn", "calls", "charge"),
        ("charge", "calls", "audit"),
    ]
    assert found.graph.out("Wheel", "defined_in") == ["shop.cart"]


def test_what_is_whole_is_said(sandbox):
    found = relations(sandbox)
    assert ("Wheel", "inherits") in found.out and (
        "Outside",
        "inherits",
    ) not in found.out  # Exception is not of this repository
    assert ("Thing", "inherits") in found.back
    whole = {node for node, relation in found.back if relation == "calls"}
    assert whole == {
        "charge",
        "audit",
        "Wheel.turn",
    }  # refund_all is called by a name that leads nowhere, lonely is handed on


def test_who_inherits_is_not_known_where_a_class_inside_a_function_does(sandbox):
    test = (
        "from shop.base import Part\nfrom shop.cart import Wheel\n\ndef test_part():\n    class Quiet(Part):\n        pass\n"
        "\nclass Outer:\n    class Inner(Wheel):\n        pass\n"
    )
    commit = sandbox.commit("Begin", FILES | {"tests/test_part.py": test})
    with Repository(sandbox.path, commit) as repository:
        found = code_relations(CodeBase(repository), repository, {})
    back = {name for name, relation in found.back if relation == "inherits"}
    assert "Part" not in back
    assert {"Thing", "Wheel"} <= back


def test_a_base_that_cannot_be_read_may_be_any_class(sandbox):
    commit = sandbox.commit("Begin", FILES | {"more.py": "class More(__import__(NAME).Any):\n    pass\n"})
    with Repository(sandbox.path, commit) as repository:
        found = code_relations(CodeBase(repository), repository, {})
    assert not [name for name, relation in found.back if relation == "inherits"]
    assert ("Wheel", "inherits") in found.out and ("More", "inherits") not in found.out


def test_relations_of_the_same_files_are_looked_up(sandbox, tmp_path, monkeypatch):
    made, cache = relations(sandbox), Cache(Store(tmp_path / "store"))
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        first = cached_relations(repository, {"shop/cart.py": "shop.cart"}, cache, "shop")
        monkeypatch.delattr("autodidact.sources.code.relations.CodeBase")
        again = cached_relations(repository, {"shop/cart.py": "shop.cart"}, cache, "shop")
    for found in (first, again):
        assert (found.graph.triples, found.places, found.out, found.back) == (
            made.graph.triples,
            made.places,
            made.out,
            made.back,
        )
