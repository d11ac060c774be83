"""Relations: from a file of triples, and from the imports of a repository."""

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import knowledge_graph
from autodidact.sources.git import Repository

TRIPLES = """subject,relation,object
web,depends_on,shop
shop,depends_on,ledger
shop,depends_on,mail
shop,owned_by,ada
mail,owned_by,bo
ledger,owned_by,ada
"""


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES))
    return {prompt.rpartition("\n")[2]: answer for prompt, answer in answers(list(knowledge_graph.generate(seen))).items()}


def test_one_step_forwards_and_backwards(told):
    asks = ("What does shop depend on?", "What are the direct dependencies of shop?", "shop: what does it need to run?")
    forwards = [told[ask] for ask in asks if ask in told]
    assert forwards == ["shop depends on ledger and mail."] * 2
    backwards = [told[ask] for ask in ("What does ada own?", "Which parts belong to ada?") if ask in told]
    assert backwards == ["ledger and shop are owned by ada."] * 2


def test_two_steps(told):
    assert told["For each of the direct dependencies of shop: who owns it?"] == "ledger: ada; mail: bo."
    assert told["Take what web depends on: who owns it?"] == "shop is owned by ada."


def test_paths_and_impact(told):
    ways = {answer for ask, answer in told.items() if "web" in ask and answer.startswith("web ->")}
    assert ways == {"web -> shop -> ledger.", "web -> shop -> mail."}
    impact = next(answer for ask, answer in told.items() if "mail" in ask and ("is down" in ask or "goes down" in ask or "We have to stop" in ask))
    assert impact == "shop directly. Through it also web."


def test_what_is_not_so_is_denied_with_what_is_so(told):
    denied = {answer for answer in told.values() if answer.startswith("No")}
    assert denied >= {"No, the other way round: web depends on shop."}
    assert "No. mail is owned by bo." in denied


def test_what_the_graph_does_not_say_is_said_to_be_unknown(told):
    unknown = [told[ask] for ask in told if "web" in ask and told[ask].startswith(("The graph does not say", "That is not in the graph"))]
    assert unknown and all(answer in ("The graph does not say.", "That is not in the graph; it only says that web depends on shop.") for answer in unknown)


def test_an_answer_cites_the_triples_that_it_follows_from(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES))
    example = next(e for e in knowledge_graph.generate(seen) if e.prompt() == "For each of the direct dependencies of shop: who owns it?")
    assert example.category == "architecture"
    assert example.source.model_dump() == {
        "kind": "graph", "ref": f"{tmp_path}/graph.csv",
        "triples": [["shop", "depends_on", "ledger"], ["shop", "depends_on", "mail"], ["ledger", "owned_by", "ada"], ["mail", "owned_by", "bo"]],
    }  # fmt: skip


def test_an_unknown_relation_is_read_as_it_is_written(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "g.csv", "kit,calls_at,pier\nful,calls_at,pier\nkit,home_pier,pier\n"))
    told = set(answers(list(knowledge_graph.generate(seen))).values())
    assert {"ful and kit call at pier.", "kit has the home pier pier."} <= told


def test_the_imports_of_a_repository(sandbox, tmp_path):
    commit = sandbox.commit("Begin", {
        "src/shop/__init__.py": "", "src/shop/cart.py": "from . import money\nfrom shop.mail import send\n",
        "src/shop/money.py": "import decimal\n", "src/shop/mail.py": "def send():\n    from shop import money\n",
        "src/shop/broken.py": "def (\n", "tests/test_cart.py": "from shop import cart\n", "examples/run.py": "import shop.cart\n",
    })  # fmt: skip
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        examples = list(knowledge_graph.generate(seen))
    told = answers(examples)
    assert "`shop.cart` imports `shop.mail` and `shop.money`." in told.values()
    assert "`shop.cart` and `shop.mail` import `shop.money`." in told.values()
    assert "`tests/test_cart.py` imports `shop.cart`." in told.values()
    assert "No module outside the tests: none imports `shop.cart`." in told.values()
    assert troubles(seen) == {"not Python 3": 1}
    assert all(example.source.commit == commit and example.source.kind == "git" for example in examples)


def test_what_changed_comes_first(sandbox, tmp_path):
    files = {f"pkg/m{n}.py": f"from pkg import m{(n + 1) % 30}\n" for n in range(30)} | {"pkg/__init__.py": ""}
    before = sandbox.commit("Begin", files)
    commit = sandbox.commit("Change", {"pkg/m7.py": "from pkg import m8, m20\n"}, hours=1)
    with Repository(sandbox.path, commit) as repository:
        first = [next(knowledge_graph.generate(snapshot(tmp_path, repository, limit=n, previous=before))) for n in (1, 5)]
        some = list(knowledge_graph.generate(snapshot(tmp_path, repository, limit=4, previous=before)))
    assert len({example.id for example in first}) == 1
    assert all("pkg.m7" in {node for triple in example.source.triples for node in triple} for example in some)


def test_lines_that_are_no_triples_cost_themselves_alone(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "g.csv", b"shop,owned_by,ada\nshop,owned_by\n,,\nshop,,x\nm\xffil,owned_by,bo\n"))
    told = set(answers(list(knowledge_graph.generate(seen))).values())
    assert "shop is owned by ada." in told
    assert troubles(seen) == {"invalid UTF-8": 1, "not a triple": 2}


def test_skipped_without_a_graph_and_a_repository(tmp_path):
    with pytest.raises(Skipped, match="sources.knowledge_graph names no file, and there is no repository"):
        list(knowledge_graph.generate(snapshot(tmp_path)))


def test_equal_snapshots_give_equal_examples_and_never_one_prompt_twice(tmp_path):
    path = file(tmp_path, "graph.csv", TRIPLES)
    runs = [list(knowledge_graph.generate(snapshot(tmp_path, knowledge_graph=path, limit=20))) for _ in range(2)]
    assert [e.line() for e in runs[0]] == [e.line() for e in runs[1]]
    assert len({e.prompt() for e in runs[0]}) == len(runs[0]) == 20
