"""The checker of `ast_parser` passes what the generator makes and refuses the same once it is falsified."""

import copy
import json
import re

import pytest

from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.ast_parser import check

SHOP = '''"""Carts and what they cost."""

from .money import rounded as whole


class Basket:
    def clear(self):
        """Take everything out of it."""

    @property
    def size(self) -> int:
        return whole(3.2)

    def weight(self) -> int:
        return 7


class Cart(Basket):
    """What somebody is about to buy."""

    def __init__(self, owner: str, limit: int = 20, *, tax=0.2):
        self.basket: Basket = Basket()

    def clear(self):
        if self.size:
            raise ValueError("full")
        self.basket.clear()


def never_used_yet(cart: Cart, how_many=7):
    cart.clear()


def check_out(cart: "Cart | None", currency="EUR"):
    total_price = whole(cart.size)
    return total_price
'''
FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": SHOP,
    "shop/money.py": (
        "def rounded(amount: float) -> int:\n    return int(amount)\n\n\ndef logged(level):\n    return"
        " level\n"
    ),
    "tests/test_cart.py": (
        "from shop.cart import Cart, check_out\n\n\ndef test_check_out():\n    assert check_out(Cart('ada'))"
        " == 0\n"
    ),
}


@pytest.fixture
def seen(sandbox, tmp_path):
    commit = sandbox.commit("Begin", FILES)
    with Repository(sandbox.path, commit) as repository:
        yield snapshot(tmp_path, repository, limit=3000)


@pytest.fixture
def rows(seen) -> dict[str, dict]:
    return {row.prompt(): json.loads(row.line()) for row in examples_of("ast_parser", seen)}


def test_what_is_generated_passes(seen, rows):
    assert len(rows) > 120
    assert {prompt: reason for prompt, row in rows.items() if (reason := check(row, seen))} == {}


BARE = {  # of a question of the probe: its value -> what it is not
    "Which file defines `rounded`?": (
        "shop/money.py",
        ["shop/cart.py", "shop/moneys.py", "`shop/money.py`", "rounded"],
    ),
    "I need to edit `Basket`. Which file do I open?": (
        "shop/cart.py",
        ["shop/money.py", "cart.py", "Basket"],
    ),
    "Which class does `Cart` extend?": ("Basket", ["Cart", "Bag", "shop/cart.py", "`Basket`"]),
    "Name the base class of `Cart`.": ("Basket", ["object", "Basket."]),
    "Which class has the method `weight`?": ("Basket", ["Cart", "weight", "shop/cart.py"]),
    "`weight` is a method of which class?": ("Basket", ["Cart", "Basket.weight"]),
}


@pytest.mark.parametrize("prompt", BARE)
def test_a_falsified_value_is_refused_and_so_is_another_question(seen, rows, prompt):
    row, (value, others) = copy.deepcopy(rows[prompt]), BARE[prompt]
    assert row["probe"] and row["messages"][-1]["content"] == value
    for other in others:
        row["messages"][-1]["content"] = other
        assert check(row, seen), other
    row["messages"][-1]["content"] = value
    for asked in (
        prompt.replace("?", "??").replace(".", "!"),
        re.sub("`.+`", "`nowhere`", prompt),
        "Who calls `rounded`?",
    ):
        row["messages"][-2]["content"] = asked
        assert check(row, seen), asked


FALSE = {  # what an answer says -> what it does not
    "`def rounded(amount: float) -> int`": "`def rounded(amount: int) -> int`",
    "What somebody is about to buy.": "What somebody has bought.",
    "It calls `rounded`": "It calls `logged`",
    "Only tests call it: `test_check_out`": "Only tests call it: `test_other`",
    "That is line": "That is line 1",
    "`Cart` inherits from `Basket`": "`Cart` inherits from `Bag`",
    "`Basket.clear` in `shop/cart.py`: `Cart`": "`Basket.size` in `shop/cart.py`: `Cart`",
    "`size` and `weight`, defined": "`size` and `total`, defined",
    "With `@property`": "With `@cached_property`",
    "`: the signature is `": "1`: the signature is `",
    "`ValueError`, raised": "`KeyError`, raised",
    "`int`, by the annotation": "`float`, by the annotation",
    "at line ": "at line 1",
    "At its top level `shop/money.py` defines `rounded`": "At its top level `shop/money.py` defines `whole`",
    "Through `Cart.clear`": "Through `Basket.clear`",
    "it takes `level`": "it takes `levels`",
    "does not define `rounded`; it is defined in `shop/money.py`": (
        "does not define `rounded`; it is defined in `shop/cart.py`"
    ),
    "calls `never_used_yet` by its name": "calls `check_out` by its name",
}


@pytest.mark.parametrize(("true", "false"), FALSE.items())
def test_a_falsified_answer_is_refused(seen, rows, true, false):
    found = [row for row in rows.values() if true in row["messages"][-1]["content"]]
    assert found, f"nothing says {true!r}"
    for row in found:
        forged = copy.deepcopy(row)
        forged["messages"][-1]["content"] = row["messages"][-1]["content"].replace(true, false)
        assert check(forged, seen), forged["messages"]


def test_a_name_that_exists_is_not_absent(seen, rows):
    for row in rows.values():
        if row["messages"][-1]["content"].startswith("No function or class"):
            row["messages"][-1]["content"] = (
                "No function or class of this code base is named `rounded`. One that exists: `logged` in"
                " `shop/money.py`."
            )
            assert check(row, seen) == "rounded exists"
