"""Graphs in the register `full`: answers in prose with their reasons, and conversations."""

from random import Random
from types import SimpleNamespace

import pytest

from autodidact.generators.knowledge_graph.full import _followed
from autodidact.generators.knowledge_graph.full.class_and_call_prose import DefinitionRows
from autodidact.generators.knowledge_graph.full.import_graph_prose import CodeRows, of_its_package
from autodidact.generators.knowledge_graph.full.module_quotes import Sources
from autodidact.generators.knowledge_graph.full.user_graph_prose import KeptRows
from autodidact.generators.writing.template_rotation import Row, Shapes
from autodidact.sources.code.codebase import CodeBase
from autodidact.sources.code.import_graph import code_graph
from autodidact.sources.code.relations import code_relations
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Graph, Triple
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles
from tests.generators.snapshots import (
    FULL,
    by_kind,
    examples_of,
    file,
    full_examples_of,
    questions_of,
    snapshot,
    troubles,
)

TRIPLES = """subject,relation,object
web,is_a,service
web,depends_on,shop
shop,is_a,service
shop,depends_on,ledger-db
shop,depends_on,mail
shop,owned_by,ada
mail,owned_by,bo
ledger-db,owned_by,ada
web,owned_by,cy
"""

CODE = {
    "shop/__init__.py": "",
    "shop/cart.py": '"""Carts and what is in them at a time."""\nfrom shop.money import charge\n\n\n'
    "class Cart:\n    def pay(self):\n        charge()\n\n\nclass BigCart(Cart):\n    pass\n",
    "shop/money.py": '"""Charges cards and writes the ledger."""\nfrom . import ledger\n\n\n'
    "def charge():\n    ledger.write()\n",
    "shop/ledger.py": "def write():\n    pass\n",
    "shop/mail.py": "import smtplib\n\nfrom shop import ledger\n",
    "tests/test_money.py": "from shop import money\n",
}


@pytest.fixture
def kept(tmp_path) -> dict[str, list]:
    seen = snapshot(tmp_path, settings=FULL, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES))
    return by_kind(examples_of("knowledge_graph", seen))


@pytest.fixture
def code(sandbox, tmp_path) -> dict[str, list]:
    with Repository(sandbox.path, sandbox.commit("Begin", CODE)) as repository:
        return by_kind(full_examples_of("knowledge_graph", tmp_path, repository))


def said(rows) -> set[str]:
    return {row.messages[-1]["content"] for row in rows}


def test_what_is_known_of_a_thing(kept):
    assert (
        "Shop is a service, depends on ledger-db and mail and is owned by ada. Web depends on shop. That is all that"
        " the graph has on this."
    ) in said(kept["kept brief"])
    assert (
        "Mail is owned by bo. Shop depends on mail directly, and web through shop (web -> shop -> mail). That is"
        " all that the graph has on this."
    ) in said(kept["kept brief"])


def test_no_brief_leaves_out_what_the_graph_has(tmp_path):
    """Seven relations are too many for one, and none of them is passed over."""
    relations = ("depends_on", "is_a", "listens_on", "owned_by", "part_of", "publishes", "replaced")
    lines = "".join(f"desk,{relation},x{n}\n" for n, relation in enumerate(relations))
    graph = file(tmp_path, "graph.csv", f"subject,relation,object\n{lines}web,depends_on,desk\n")
    rows = by_kind(examples_of("knowledge_graph", snapshot(tmp_path, settings=FULL, knowledge_graph=graph)))
    assert not [text for text in said(rows.get("kept brief", [])) if text.startswith("Desk ")]


def test_a_kind_that_begins_with_a_vowel_has_its_article(tmp_path):
    lines = "subject,relation,object\nodile,is_a,orchestrator\nodile,listens_on,7300\nodile,owned_by,ada\nweb,is_a,service\n"
    rows = by_kind(
        full_examples_of("knowledge_graph", tmp_path, knowledge_graph=file(tmp_path, "g.csv", lines))
    )
    assert (
        "Odile is an orchestrator, listens on 7300 and is owned by ada. That is all that the graph has on this."
    ) in said(rows["kept brief"])


def test_two_facts_are_no_brief(tmp_path):
    lines = "subject,relation,object\ndesk-db,is_a,data store\ndesk,depends_on,desk-db\n"
    rows = by_kind(
        full_examples_of("knowledge_graph", tmp_path, knowledge_graph=file(tmp_path, "g.csv", lines))
    )
    assert not [text for text in said(rows.get("kept brief", [])) if text.startswith("desk-db ")]


def test_who_fails_with_a_thing_and_by_which_way(kept):
    assert (
        "By the graph: shop depends on ledger-db directly, and web through shop (web -> shop -> ledger-db)."
        in said(kept["kept down"])
    )


def test_a_wrong_premise_is_put_right_with_what_the_graph_says(kept):
    for row in kept["kept premise"]:
        assert row.messages[-1]["content"].startswith("Not by the graph. ")


def test_a_few_pasted_triples_are_answered_from_these_alone(kept):
    assert kept["kept pasted"]
    for row in kept["kept pasted"]:
        ask = row.messages[-2]["content"]
        names = row.messages[-1]["content"].partition(". The reasons:")[0].replace(" and ", ", ").split(", ")
        assert all(name.lower() in ask for name in names)
        # A line that is read back is no reason: somebody depends on it through another.
        assert ", through " in row.messages[-1]["content"]


def test_a_graph_that_was_not_read_whole_is_silent_about_who_fails(tmp_path):
    broken = f"{TRIPLES}mail,depends_on\n"
    seen = snapshot(tmp_path, settings=FULL, knowledge_graph=file(tmp_path, "graph.csv", broken))
    found = by_kind(examples_of("knowledge_graph", seen))
    assert not any("mail depends" in text.lower() for text in said(found["kept down"]))


def test_who_feels_a_change_with_the_lines_that_prove_it(code):
    assert any(
        text.removeprefix("Going by the imports outside the tests: ").startswith(
            "`shop.mail` and `shop.money` import `shop.ledger` directly. Through them, `shop.cart` depends on"
            " `shop.ledger`. For example, `shop.cart` -> `shop.money` -> `shop.ledger`: line 2 of `shop/cart.py`: `from"
            " shop.money import charge`, and line 2 of `shop/money.py`: `from . import ledger`."
        )
        for text in said(code["full impact"])
    )


def test_an_import_is_shown_without_what_the_other_module_says_of_itself(code):
    """Nobody asked for that."""
    assert not [text for text in said(code["full premise"]) if "Yes, " in text and "says of itself" in text]


def test_the_lines_that_go_with_a_module(code):
    assert (
        "Outside the tests, one module imports `shop.money`:\n\n```\nshop/cart.py:2: from shop.money import"
        " charge\n```\n\nAmong the tests, `tests/test_money.py` does too."
    ) in said(code["full delete"])


def test_a_class_and_its_heirs(code):
    assert (
        "`BigCart` in `shop/cart.py:10` inherits from `Cart` (`shop/cart.py:5`). No class of the repository"
        " inherits from `BigCart`."
    ) in said(code["full subclasses"])


def heirs(sandbox, text: str, name: str) -> str:
    """What is said of the classes below one."""
    with Repository(sandbox.path, sandbox.commit("Begin", {"s.py": text})) as repository:
        found = code_relations(CodeBase(repository), repository, {})
    return DefinitionRows(found, lambda path: {}, set(), None, Random(1))._subclasses(name)


STREAMS = (
    "class Top:\n    pass\n\n\nclass Send(Top):\n    pass\n\n\nclass Receive(Top):\n    pass\n\n\n"
    "class File(Send):\n    pass\n\n\n"
)
MANY_STREAMS = STREAMS + "".join(f"class Sent{n}(File):\n    pass\n\n\n" for n in range(5))


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (
            STREAMS,
            "Top",
            "2 classes inherit directly from `Top` (`s.py:1`):\n\n- `Receive` in `s.py:9`\n"
            "- `Send` in `s.py:5`, and below it `File`",
        ),
        (
            MANY_STREAMS,
            "Top",
            "2 classes inherit directly from `Top` (`s.py:1`):\n\n- `Receive` in `s.py:9`\n"
            "- `Send` in `s.py:5`, and below it 6 classes",
        ),
        (
            MANY_STREAMS,
            "Send",
            "`File` in `s.py:13` inherits from `Send` (`s.py:5`), and `Sent0`, `Sent1`, `Sent2`, `Sent3` and `Sent4`"
            " from that in turn.",
        ),
        # Another `File` of somewhere else may be below `Receive`, or below this one.
        (STREAMS + "import far\n\n\nclass Late(far.File):\n    pass\n", "Top", ""),
    ],
)
def test_no_class_with_heirs_is_shown_without_them(sandbox, text, name, says):
    assert heirs(sandbox, text, name) == says


INSIDE = {
    "shop/__init__.py": "",
    "shop/money.py": "def charge():\n    pass\n",
    "shop/cart.py": "def pay():\n    from shop import money\n\n    money.charge()\n",
    "shop/mail.py": "from shop import money\n",
    "tests/test_mail.py": "from shop import mail\n",
    "tests/test_money.py": "def test_charge():\n    from shop import money\n\n    money.charge()\n",
}


def test_an_import_in_a_function_is_not_shown_as_one_of_the_file(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", INSIDE)) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    assert {tuple(row.source.model_extra["asks"]) for row in rows["read"]} == {
        ("read", "shop.mail", "shop.money")
    }


def test_callers_with_their_places(code):
    assert (
        "Outside the tests, `charge` (`shop/money.py:5`) is called by `Cart.pay` in `shop/cart.py:7` and by"
        " nothing else."
    ) in said(code["full callers"])


def test_two_files_are_read_before_a_way_is_told(code):
    row = next(row for row in code["read way"] if row.source.model_extra["asks"][1] == "shop.cart")
    assert [message["role"] for message in row.messages] == [
        "system", "user", "assistant", "tool", "assistant", "tool", "assistant",
    ]  # fmt: skip
    assert row.messages[3]["content"].splitlines()[1] == "    2  from shop.money import charge"
    assert row.messages[-1]["content"] == (
        "Through `shop.money`. Line 2 of `shop/cart.py` has `from shop.money import charge`, and line 2 of"
        " `shop/money.py` has `from . import ledger`. So `shop.cart` -> `shop.money` -> `shop.ledger`."
    )


def test_no_answer_is_a_bare_value(code, kept):
    for rows in (*code.values(), *kept.values()):
        assert all(len(row.messages[-1]["content"].split()) >= 5 for row in rows)


CHAIN = {
    "shop/__init__.py": "",
    "shop/web.py": "from shop.cart import Cart\n",
    "shop/cart.py": "from shop import money\n\n\nclass Cart:\n    pass\n",
    "shop/money.py": "import shop.ledger\n",
    "shop/ledger.py": "LINES = []\n",
}


def test_an_import_of_the_probe_is_shown_with_its_line(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", CHAIN)) as repository:
        rows = full_examples_of("knowledge_graph", tmp_path, repository)
    answers = [row.response() for row in rows if "probe" in row.model_extra and "`shop.cart`" in row.prompt()]
    lines = (
        "line 1 of `shop/web.py`: `from shop.cart import Cart`",
        "line 1 of `shop/cart.py`: `from shop import money`",
    )
    assert answers and all(
        text.endswith(tuple(f"The import is {line}." for line in lines)) for text in answers
    )


BASES = {
    "shop/__init__.py": "",
    "shop/cart.py": (
        "import abc\n\n\nclass Kept(abc.ABC):\n    pass\n\n\nclass Cart(Kept):\n    pass\n\n\n"
        "def price():\n    return 1\n\n\ndef pay():\n    return price()\n"
    ),
}


def test_a_hierarchy_that_goes_on_outside_is_not_said_to_end(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", BASES)) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    assert said(rows["full bases"]) == {
        "`Cart` (`shop/cart.py:8`) inherits from `Kept`, which is in `shop/cart.py:4`. The class statement of `Kept`"
        " names `abc.ABC`, so the hierarchy goes on from there. A method that `Cart` does not define itself is looked"
        " up there."
    }


def test_whether_there_is_more_than_one_caller_is_answered_first():
    found = SimpleNamespace(places={"price": ("shop/cart.py", (9, 10))}, graph=None)
    ask = SimpleNamespace(draw=lambda kind, m: f"Is {m} used in more than one place?")
    rows = DefinitionRows(found, lambda path: {"kind": "git", "ref": path}, set(), ask, Random(1))
    one = rows._row("callers", "outside the tests, `price` is called by `pay` and by nothing else.", "price")
    assert one.answer == "No. Outside the tests, `price` is called by `pay` and by nothing else."
    two = rows._row("callers", "`price` has 2 callers outside the tests: ...", "price")
    assert two.answer.startswith("Yes. `price` has 2 callers")


def test_a_question_that_follows_gets_no_yes_of_another_one():
    first = Row("What is it?", "A module.", {"asks": ["full around", "m"]}, True, "m")
    second = Row("Are there tests?", "Yes. `t.py` imports `m`.", {"asks": ["full tests", "m"]}, True, "m")
    follow = Shapes({"tests": ["What do I run?"]}, Random(1))
    (found,) = _followed([("around", first), ("tests", second)], follow, "m", Random(1), quoted=True)
    assert found[1].answer == "`t.py` imports `m`."


def test_a_relation_that_is_a_noun_is_said_as_one(tmp_path):
    more = "".join(
        f"{ship},home_pier,{pier}\n" for ship, pier in (("fulmar", "skerry"), ("petrel", "low-mole"))
    )
    seen = snapshot(tmp_path, settings=FULL, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES + more))
    found = by_kind(examples_of("knowledge_graph", seen))
    premises = said(row for row in found["kept premise"] if row.source.model_extra["asks"][1] == "petrel")
    assert premises == {
        "Not by the graph. The home pier of petrel is low-mole. The home pier of fulmar is skerry."
    }


LAYERS = {
    "app/__init__.py": "",
    "app/base.py": '"""Copyright (c) the authors of this program."""\nX = 1\n',
    "app/store.py": "from app import base\n",
    "app/jobs.py": "from app import store\n",
    "app/web.py": "from app import jobs\n",
}


@pytest.fixture
def layers(sandbox, tmp_path) -> dict[str, list]:
    with Repository(sandbox.path, sandbox.commit("Begin", LAYERS)) as repository:
        return by_kind(full_examples_of("knowledge_graph", tmp_path, repository))


def test_how_far_a_change_reaches_is_told_to_the_end(layers):
    found = [
        text for text in said(layers["full impact"]) if "import `app.base`" in text or "s `app.base`" in text
    ]
    assert any(
        "Through it, `app.jobs` depends on `app.base`, and further away `app.web`." in text for text in found
    )


def test_a_notice_is_not_what_a_module_says_of_itself(layers):
    assert not any("opyright" in text for rows in layers.values() for text in said(rows))


def test_who_asks_for_a_line_is_not_answered_yes(layers):
    for row in layers["read"]:
        asked, answer = (next(m["content"] for m in row.messages if m["role"] == "user"), row.response())
        assert answer.startswith("Yes, in line ") == asked.startswith(("Does", "Please verify", "In "))
        assert answer.startswith(("Yes, in line 1 of `app/", "It is line 1 of `app/"))


@pytest.mark.parametrize(
    ("way", "own"),
    [(("shop.web", "shop", "shop.mail"), True), (("shop.web", "shop.cart", "shop.mail"), False)],
)
def test_a_way_through_the_package_of_a_module_is_not_told(way, own):
    assert of_its_package(way[0], way) is own


def test_the_way_between_two_modules_is_told_once_in_a_conversation():
    pasted = Row("Through what?", "Through `b`.", {"asks": ["full pasted way", "a", "c"]}, True, "a")
    between = Row("How?", "The shortest way is ...", {"asks": ["full between", "a", "c"]}, True, "a")
    follow = Shapes({"between": ["And how does {m} get at {n}?"]}, Random(1))
    assert not list(_followed([("p", pasted), ("b", between)], follow, "m", Random(1), quoted=True))


TESTED = {
    "shop.py": "class Cart:\n    pass\n\n\nclass BigCart(Cart):\n    pass\n",
    "tests/test_shop.py": "class Base:\n    pass\n\n\nclass Sub(Base):\n    pass\n",
}


def test_families_of_classes_are_those_of_the_code_and_imports_come_without_remarks(sandbox, tmp_path):
    files = TESTED | {"till.py": "from shop import Cart  # noqa: F401\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    assert {row.source.model_extra["asks"][1] for row in rows["full bases"]} == {"BigCart"}
    assert any(
        "`from shop import Cart`" in text or "import Cart\n```" in text for text in said(rows["full delete"])
    )
    assert not any("noqa" in text for found in rows.values() for text in said(found))
    # Whoever wants to see a line would see another one.
    assert not [row for row in rows.get("read", []) if row.source.model_extra["asks"][1] == "till"]


@pytest.mark.parametrize(("remark", "asked"), [("", True), ("  # noqa: F401", False)])
def test_a_line_with_a_remark_is_not_quoted_without_it(sandbox, tmp_path, remark, asked):
    files = TESTED | {"till.py": f"from shop import Cart{remark}\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    assert any("from shop import Cart" in row.response() for row in rows["read"]) is asked


def test_one_importer_more_makes_no_module_the_riskier_one(layers):
    assert not layers["full compare"] and not layers["full compare risk"]


def probed(sandbox, tmp_path, files) -> set[tuple[str, str, str]]:
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        asked = questions_of("knowledge_graph", snapshot(tmp_path, repository, settings=FULL))
        return {(one.kind, one.subject, one.accept[0]) for one in asked}


MODULES = {f"app/m{n}.py": f"from app import m{n + 1}\n" for n in range(5)} | {
    "app/__init__.py": "",
    "app/m5.py": "X = 1\n",
}
TYPED = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app import m3\n"


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({}, True),
        # Imported for type checkers as well, by a program that is no module, and by one that nobody can read.
        ({"app/typed.py": TYPED}, False),
        ({"alembic/env.py": "from app import m3\n"}, False),
        ({"app/broken.py": "from app import m3\nprint 'x'\n"}, False),
        ({"tests/test_m3.py": "from app import m3\n"}, True),
    ],
)
def test_the_only_importer_is_asked_for_where_all_importers_are_known(sandbox, tmp_path, more, known):
    assert (("imported_by", "app.m3", "app.m2") in probed(sandbox, tmp_path, MODULES | more)) is known


def test_the_only_import_is_asked_for_where_all_imports_are_known(sandbox, tmp_path):
    typed = MODULES | {"app/m2.py": "from app import m3\n" + TYPED.replace("m3", "m5")}
    found = probed(sandbox, tmp_path, typed)
    assert ("only_import", "app.m1", "app.m2") in found and ("only_import", "app.m2", "app.m3") not in found


def test_two_modules_are_compared_with_the_import_of_one_by_the_other(sandbox, tmp_path):
    files = LAYERS | {f"app/user{n}.py": "from app import store\nfrom app import base\n" for n in range(4)}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = by_kind(list(examples_of("knowledge_graph", snapshot(tmp_path, repository, settings=FULL))))
    found = said(rows["full compare"]) | said(rows["full compare risk"])
    pairs = [text for text in found if "`app.jobs`" in text and "`app.store`" in text]
    assert all("`app.jobs` imports `app.store`." in text for text in pairs)
    users = [text for text in found if "`app.store`" in text and "`app.user0`" in text]
    assert users and all("`app.user0` imports `app.store`." in text for text in users)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ValueError, Fault", " The class statement of `Parse` names `ValueError` and `Fault`, so"),
        ("Fault, Generic[T]", " The class statement of `Parse` names `Fault` and `Generic[T]`, so"),
        (
            "\n    ValueError,\n    Fault,\n",
            " The class statement of `Parse` names `ValueError` and `Fault`, so",
        ),
        (f"Fault, {'a' * 61}", " `Parse` has bases of its own, so"),
    ],
)
def test_all_bases_of_a_class_statement_are_named_or_none(sandbox, tmp_path, line, says):
    text = f"class Fault(Exception):\n    pass\n\n\nclass Parse({line}):\n    pass\n\n\nclass End(Parse):\n    pass\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"faults.py": text, "t.py": ""})) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    (answer,) = {one for one in said(rows["full bases"]) if one.startswith("`End`")}
    at = 5 + line.count("\n") + 4
    assert answer == (
        f"`End` (`faults.py:{at}`) inherits from `Parse`, which is in `faults.py:5`.{says} the hierarchy goes on from"
        " there. A method that `End` does not define itself is looked up there."
    )


RENDER = """class Page:
    def table(self, key):
        for one in key:
            self.table(one)
        return self.cells(key)

    def cells(self, key):
        return super().cells(key) if key else ""

    def whole(self):
        return self.table(1) or (
            self.table(2)
        )


def printed(page: Page):
    return page.table(3)
"""


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (
            RENDER,
            "Page.table",
            "`Page.table` (`page.py:2`) has 2 callers outside the tests besides itself:\n\n"
            "- `Page.whole` in lines 11 and 12 of `page.py`\n- `printed` in `page.py:17`\n\n"
            "It also calls itself, in line 4.",
        ),
        (
            RENDER,
            "Page.cells",
            "outside the tests, `Page.cells` (`page.py:7`) is called by `Page.table` in `page.py:5` and by nothing else.",
        ),
        (
            "def count(n):\n    return n and count(n - 1)\n\n\ndef start():\n    count(3)\n",
            "count",
            "outside the tests, `count` (`page.py:1`) is called by `start` in `page.py:6` and by itself in line 2.",
        ),
        (
            "def count(n):\n    return n\n\n\ndef start():\n    count(3)\n    count(4)\n",
            "count",
            "outside the tests, `count` (`page.py:1`) is called by `start` in lines 6 and 7 of `page.py` and by no"
            " other function.",
        ),
        (
            "def count(n):\n    return n\n\n\ndef start():\n" + "    count(3)\n" * 9,
            "count",
            "outside the tests, `count` (`page.py:1`) is called by `start` in 9 lines of `page.py` from 6 to 14 and by"
            " no other function.",
        ),
        # A name that the function binds is a variable, not the function.
        *(
            (
                f"{text}\n\n\ndef start():\n    count(3)\n",
                "count",
                f"outside the tests, `count` (`page.py:1`) is called by `start` in `page.py:{line}` and by nothing"
                " else.",
            )
            for text, line in (
                ("def count(n):\n    count = 0\n    for x in n:\n        count += x\n    return count", 9),
                ("def count(count=None):\n    return count.size()", 6),
                ("def count(n):\n    for count in n:\n        count()", 7),
                ("def count(n):\n    def count():\n        return 1\n    return count()", 8),
            )
        ),
        # Outside the comprehension it is the function, and inside not.
        (
            "def count(n):\n    return n and count([count for count in n])\n\n\ndef start():\n    count(3)\n",
            "count",
            "",
        ),
        # Perhaps of another object of its class, perhaps of one from elsewhere.
        (RENDER.replace("self.table(one)", "one.table(key)"), "Page.table", ""),
        (RENDER.replace("self.table(1)", "self.other.table(1)"), "Page.table", ""),
    ],
)
def test_calls_by_itself_are_told_with_those_by_others(sandbox, text, name, says):
    with Repository(sandbox.path, sandbox.commit("Begin", {"page.py": text})) as repository:
        found = code_relations(CodeBase(repository), repository, {})
    rows = DefinitionRows(found, lambda path: {}, set(), None, Random(1), lambda path: text)
    assert rows._callers(name) == says


def test_no_list_of_callers_leaves_out_the_function_itself(sandbox, tmp_path):
    text = "def count(n):\n    return n and count(n - 1)\n\n\ndef start():\n    count(3)\n    stop()\n\n\ndef stop():\n    pass\n"
    with Repository(
        sandbox.path, sandbox.commit("Begin", {"page.py": text, "shop.py": "import page\n"})
    ) as repository:
        seen = snapshot(tmp_path, repository)
        found = [one.source.model_extra for one in examples_of("knowledge_graph", seen)]
    asked = {tuple(one["asks"]) for one in found if "asks" in one}
    assert ("backward", "calls", "stop") in asked and ("backward", "calls", "count") not in asked


def test_a_file_that_only_helps_the_tests_is_among_those_that_import_a_module(sandbox, tmp_path):
    files = CODE | {"tests/__init__.py": "", "tests/util.py": "from shop.money import charge\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = by_kind(full_examples_of("knowledge_graph", tmp_path, repository))
    assert (
        "Outside the tests, one module imports `shop.money`:\n\n```\nshop/cart.py:2: from shop.money import"
        " charge\n```\n\nAmong the tests, `tests/test_money.py` and `tests/util.py` do too."
    ) in said(rows["full delete"])


MANY_LINES = {
    "shop/__init__.py": "",
    "shop/money.py": "RATE = 1\n",
    "shop/cart.py": "from shop.money import RATE\n\n\ndef late():\n    from shop import money\n    return money\n",
    "shop/desk.py": "from shop import (\n    cart,\n    money,\n)\n",
    "tests/test_cart.py": "from shop import cart\n",
}


def module_sources(repository) -> Sources:
    return Sources(repository, code_graph(repository, Troubles()))


def test_every_line_that_imports_a_module_is_listed(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", MANY_LINES)) as repository:
        sources = module_sources(repository)
        assert sources.lines("shop.cart", "shop.money") == [
            (1, "from shop.money import RATE"),
            (5, "from shop import money"),
        ]
        # The name stands further down: the line proves nothing, and no list is made with it.
        assert sources.lines("shop.desk", "shop.money") == [(1, "from shop import (")]
        rows = CodeRows(code_graph(repository, Troubles()), sources, set(), None, None, Random(1))
        assert rows.lines("shop.money") == ""


def test_a_module_is_introduced_by_what_its_definitions_say(sandbox):
    text = (
        "import sys\n\nif sys.platform == 'win32':\n\n    def ring():\n        pass\n\nelse:\n\n    def ring():\n"
        '        """Ring the bell until somebody answers it."""\n\n\nclass _Rope:\n    pass\n\n\n'
        'def pull():\n    """Pull the rope as long as it gives way."""\n'
    )
    files = {
        "tower/__init__.py": "",
        "tower/bell.py": f"from tower import clock\n{text}",
        "tower/clock.py": "",
    }
    files["tower/stairs.py"] = "from tower import clock\n\n\ndef climb():\n    pass\n"
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        sources = module_sources(repository)
        assert sources.defined("tower.bell") == {
            "ring": "Ring the bell until somebody answers it.",
            "_Rope": "",
            "pull": "Pull the rope as long as it gives way.",
        }
        rows = CodeRows(code_graph(repository, Troubles()), sources, set(), None, None, Random(1))
        assert rows.around("tower.bell") == (
            '`tower.bell` defines `ring` and `pull`, among others. From the docstrings: `ring`: "Ring the bell until'
            ' somebody answers it."; `pull`: "Pull the rope as long as it gives way." Of our own modules it imports `tower.clock`.'
            " No other module imports it, tests aside."
        )
        # Names alone say little more than the place.
        assert rows.around("tower.stairs") == ""


def test_one_line_is_given_for_an_import_only_where_there_is_one(sandbox):
    with Repository(sandbox.path, sandbox.commit("Begin", MANY_LINES)) as repository:
        sources = module_sources(repository)
        assert sources.line("shop.cart", "shop.money") is None and not sources.proof(
            "shop.cart", "shop.money"
        )
        assert sources.proof("tests.test_cart", "shop.cart").startswith("line 1 of")


def test_nothing_of_the_whole_graph_follows_on_a_few_pasted_lines():
    pasted = Row(
        "From these: who depends on db?", "shop, through web.", {"asks": ["kept pasted", "db"]}, True, "a"
    )
    brief = Row("What is db?", "db is a data store.", {"asks": ["kept brief", "db"]}, True, "a")
    follow = Shapes({"brief": ["What is {m}, anyway?"]}, Random(1))
    assert not list(_followed([("p", pasted), ("b", brief)], follow, "m", Random(1), quoted=False))


def test_what_depends_on_a_thing_is_told_where_one_relation_tells_all(tmp_path):
    seen = snapshot(
        tmp_path, settings=FULL, knowledge_graph=file(tmp_path, "graph.csv", f"{TRIPLES}bo,calls,mail\n")
    )
    told = said(by_kind(examples_of("knowledge_graph", seen))["kept down"])
    assert any("ledger-db directly" in text for text in told) and not any(
        "mail directly" in text for text in told
    )


def kept_rows(*lines: str) -> list[tuple[str, str]]:
    """(kind, answer) of the rows about a graph of these triples."""
    ask = Shapes(
        dict.fromkeys(("brief", "down", "between", "premise", "pasted", "unknown"), ["?"]), Random(1)
    )
    say = Shapes({"plain": ["{body}"], "down": ["{body}"]}, Random(1))
    graph = Graph([Triple(*line.split(",")) for line in lines])
    made = KeptRows(graph, Unread(Troubles()), {"kind": "graph"}, lambda _: True, ask, say, Random(1))
    return [(kind, row.answer) for kind, row in made.rows() if row.answer]


@pytest.mark.parametrize(("more", "shown"), [([], True), (["web,calls,pin", "pin,depends_on,wire"], False)])
def test_a_way_is_shown_where_no_other_relation_has_one_as_short(more, shown):
    found = kept_rows("web,depends_on,fry", "fry,depends_on,wire", *more)
    assert (("kept between", "Web depends on fry and fry depends on wire.") in found) is shown


def test_those_further_away_are_told_with_what_they_go_through():
    found = kept_rows(
        "fry,depends_on,wire", "sow,depends_on,wire", "pen,depends_on,fry", "web,depends_on,fry"
    )
    text = (
        "Fry and sow depend on wire directly, and pen and web through fry (for example pen -> fry -> wire)."
    )
    assert ("kept down", text) in found


def test_a_brief_names_who_depends_on_a_thing_through_others_whatever_it_publishes():
    found = kept_rows(
        "pram,depends_on,tide", "molen,depends_on,pram", "tide,is_a,service", "tide,publishes,ebb"
    )
    text = (
        "Tide is a service and publishes ebb. Pram depends on tide directly, and molen through pram"
        " (molen -> pram -> tide). That is all that the graph has on this."
    )
    assert ("kept brief", text) in found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("bo,owns,laps", True),
        ("laps,publishes_to,laps/now", False),  # who reads that depends on it as well
        ("pilot,routes_to,laps", False),
    ],
)
def test_who_depends_on_a_thing_is_told_only_where_nobody_uses_it_in_another_way(line, told):
    found = kept_rows("shed,calls,laps", line)
    assert (("kept down", "Shed calls laps directly, and nothing else through it.") in found) is told


@pytest.mark.parametrize(
    ("relation", "asked"), [("replaced", False), ("listens_on", True), ("home_pier", True)]
)
def test_a_wrong_value_is_one_of_its_kind(relation, asked):
    found = kept_rows(f"petrel,{relation},skerry", f"bot,{relation},gateway")
    assert ("kept premise" in dict(found)) is asked


@pytest.mark.parametrize(
    ("whole", "says"),
    [("Wendau", "part of Wendau"), ("sektor-b", "part of sektor-b"), ("mill", "part of the mill")],
)
def test_what_a_thing_is_part_of_has_an_article_unless_it_is_a_name(whole, says):
    found = kept_rows(f"WBW,part_of,{whole}", "RT1,based_at,WBW", "RT2,owned_by,WBW")
    assert any(f"WBW is {says}." in text for _, text in found)


def test_of_a_module_that_is_read_only_the_import_is_told(layers):
    assert all(text.endswith("\n```") for text in said(layers["read"]))


def test_the_graph_is_not_said_to_be_silent_on_what_another_source_may_know(tmp_path):
    lines = "".join(f"s{n},is_a,service\n" + (f"s{n},depends_on,web\n" if n > 5 else "") for n in range(12))
    graph = file(tmp_path, "g.csv", f"subject,relation,object\n{lines}")
    answers = [row.response() for row in full_examples_of("knowledge_graph", tmp_path, knowledge_graph=graph)]
    assert answers and not [text for text in answers if "does not say" in text]


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        ("pump,feeds,valve\nvalve,feeds,tank\n", {"a graph too small for a text about it": 1}),
        ("web,depends_on,shop\nshop,depends_on,ledger-db\n", {}),
    ],
)
def test_a_graph_that_is_too_small_for_a_text_is_counted(tmp_path, lines, counted):
    graph = file(tmp_path, "g.csv", f"subject,relation,object\n{lines}")
    seen = snapshot(tmp_path, settings=FULL, knowledge_graph=graph)
    assert bool(list(examples_of("knowledge_graph", seen))) is not bool(counted)
    assert troubles(seen) == counted
