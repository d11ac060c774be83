"""The checker of `knowledge_graph` passes what the generator makes and refuses the same once it is
falsified."""

import copy
import json
import re

import pytest

from autodidact.settings import SAMPLES
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, snapshot
from tests.grounding.kept_graphs import triples
from tests.grounding.knowledge_graph import check
from tests.sandbox import Sandbox

CODE = {
    "shop/__init__.py": "",
    "shop/base.py": "class Thing:\n    pass\n\n\nclass Part(Thing):\n    pass\n",
    "shop/cart.py": (
        "from shop.base import Part as Piece\nfrom shop import money\n\n\nclass Wheel(Piece):\n"
        "    def turn(self):\n        return f'{money.charge()}'\n"
    ),
    "shop/money.py": "def charge():\n    audit()\n\n\ndef audit():\n    pass\n",
    "shop/desk.py": "from .cart import Wheel\nimport shop.money\n",
    "tests/test_cart.py": "from shop import cart\n",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graph")
    box = Sandbox(folder / "shop")
    with Repository(box.path, box.commit("Begin", CODE)) as repository:
        yield snapshot(folder, repository, limit=3000, knowledge_graph=str(SAMPLES / "graph.csv"))


@pytest.fixture(scope="module")
def rows(seen) -> list[dict]:
    return [json.loads(row.line()) for row in examples_of("knowledge_graph", seen)]


def falsified(row: dict, answer: str) -> dict:
    wrong = copy.deepcopy(row)
    wrong["messages"][-1]["content"] = answer
    return wrong


def test_what_is_generated_passes(seen, rows):
    assert {row["source"]["asks"][0] for row in rows} >= {
        "forward",
        "backward",
        "whether",
        "two steps",
        "path",
        "impact",
        "unknown",
        "absent",
        "tests",
    }
    assert [
        (row["source"]["asks"], row["messages"][-1]["content"], reason)
        for row in rows
        if (reason := check(row, seen))
    ] == []


def test_a_swapped_name_is_refused(seen, rows):
    told = [
        row
        for row in rows
        if row["source"]["asks"][0]
        in ("forward", "backward", "path", "impact", "two steps", "tests", "whether")
    ]
    missed = []
    for row in told:
        names = sorted(
            {name for triple in row["source"]["triples"] for name in (triple[0], triple[2])}, key=len
        )
        for name in names:
            answer = re.sub(
                rf"(?<![\w.-]){re.escape(name)}(?![\w-])(?!\.\w)", "nobody", row["messages"][-1]["content"]
            )
            if answer != row["messages"][-1]["content"] and not check(falsified(row, answer), seen):
                missed.append((row["source"]["asks"], answer))
    assert missed == []


def test_a_value_that_answers_another_question_of_the_graph_is_refused(seen, rows):
    refused(seen, [row for row in rows if row.get("probe")])


def test_a_module_that_is_not_the_only_one_is_refused(sandbox, tmp_path):
    files = (
        {"pkg/__init__.py": ""}
        | {f"pkg/m{n}.py": f"from pkg import m{n + 1}\n" for n in range(5)}
        | {"pkg/m5.py": ""}
    )
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        seen = snapshot(tmp_path, repository)
        taught = [
            json.loads(row.line())
            for row in examples_of("knowledge_graph", seen)
            if row.model_extra.get("probe")
        ]
        assert {row["source"]["asks"][0] for row in taught} == {"forward", "backward"}
        assert [reason for row in taught if (reason := check(row, seen))] == []
        refused(seen, taught)


def refused(seen, taught: list[dict]) -> None:
    """Values of other questions, the right one in other dress, and questions that the probe does not ask."""
    values = {row["messages"][-1]["content"] for row in taught}
    assert len(values) > 3 and {row["short"] for row in taught} == {True}
    for row in taught:
        value = row["messages"][-1]["content"]
        for answer in (values | {row["source"]["asks"][2], f"`{value}`", f"{value}."}) - {value}:
            wrong = falsified(row, answer)
            assert check(wrong, seen) and check(
                wrong | {"source": other_cited(wrong, value, answer)}, seen
            ), (row["messages"][0], answer)
        other = copy.deepcopy(row)
        other["messages"][0]["content"] = f"Is `{row['source']['asks'][2]}` there?"
        assert check(other, seen) == "asks what the probe does not"


def other_cited(row: dict, value: str, answer: str) -> dict:
    """The source as if it said the false answer."""
    return row["source"] | {
        "triples": [
            [answer if name == value else name for name in triple] for triple in row["source"]["triples"]
        ]
    }


def test_the_opposite_is_refused(seen, rows):
    for row in rows:
        kind, answer = row["source"]["asks"][0], row["messages"][-1]["content"]
        if kind == "whether" and answer.startswith("Yes"):
            assert check(falsified(row, answer.replace("Yes.", "No.")), seen)
        if kind == "whether" and answer.startswith("No."):
            assert check(falsified(row, answer.replace("No.", "Yes.")), seen)
        if kind == "path":
            assert check(
                falsified(row, " -> ".join(reversed(answer.removesuffix(".").split(" -> "))) + "."), seen
            )
        if kind == "absent":
            assert check(row | {"source": row["source"] | {"asks": ["absent", "x", "gateway"]}}, seen)


def test_a_list_that_lacks_a_name_and_a_wrong_number_are_refused(seen, rows):
    lists = [
        row
        for row in rows
        if row["source"]["asks"][0] in ("forward", "backward") and ", " in row["messages"][-1]["content"]
    ]
    assert lists
    for row in lists:
        assert check(falsified(row, re.sub(r"[^ ]+, ", "", row["messages"][-1]["content"], count=1)), seen)
    for row in rows:
        if row["source"]["asks"][0].startswith("how many"):
            assert check(
                falsified(
                    row, re.sub(r"\d+", lambda match: str(int(match[0]) + 1), row["messages"][-1]["content"])
                ),
                seen,
            )


def test_a_cited_triple_that_does_not_hold_is_refused(seen, rows):
    for row in rows[:200]:
        if row["source"]["triples"] and row["source"]["asks"][0] != "tests":
            wrong = copy.deepcopy(row)
            wrong["source"]["triples"][0][2] = "nobody"
            assert check(wrong, seen)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "g.ttl",
            (
                "@prefix x: <http://x/> .\nx:a x:needs x:b , x:c ;\n  x:port 80 .\n<http://x/b>"
                ' <http://x/needs> "c"@en .\n'
            ),
        ),
        (
            "g.nt",
            (
                "<http://x/a> <http://x/needs> <http://x/b> .\n<http://x/a> <http://x/needs> <http://x/c>"
                ' .\n<http://x/a> <http://x/port> "80" .\n<http://x/b> <http://x/needs> "c" .\n'
            ),
        ),
        (
            "g.jsonld",
            (
                '[{"@id": "x:a", "needs": [{"@id": "x:b"}, {"@id": "x:c"}], "port": 80}, {"@id": "x:b",'
                ' "needs": "c"}]'
            ),
        ),
        (
            "g.graphml",
            (
                '<graphml><key id="p" for="node" attr.name="port"/><key id="r" for="edge"'
                ' attr.name="label"/><graph edgedefault="directed"><node id="a"><data'
                ' key="p">80</data></node><node id="b"/><node id="c"/><edge source="a" target="b"><data'
                ' key="r">needs</data></edge><edge source="a" target="c"><data'
                ' key="r">needs</data></edge><edge source="b" target="c"><data'
                ' key="r">needs</data></edge></graph></graphml>'
            ),
        ),
    ],
)
def test_the_checker_and_the_reader_find_the_same_in_each_format(tmp_path, name, text):
    from autodidact.sources.graphs.graph import read_triples
    from autodidact.stage import Troubles

    (tmp_path / name).write_text(text)
    right = {("a", "needs", "b"), ("a", "needs", "c"), ("a", "port", "80"), ("b", "needs", "c")}
    assert (
        triples(tmp_path / name)
        == right
        == {tuple(triple) for triple in read_triples(tmp_path / name, Troubles())}
    )
