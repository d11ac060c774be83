import numpy

from autodidact.ledger.cut_passages import Passage
from autodidact.ledger.passages_of_sources import passages
from autodidact.ledger.retrieval import Index, fitting, terms
from autodidact.settings import load_settings
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import file, snapshot

CART = Passage("shop/cart.py: class Cart", "class Cart(Basket):\n    pass")
TEST = Passage("tests/test_cart.py: test_total", "def test_total():\n    cart = Cart()\n    assert Cart")
MAIL = Passage("compose.yaml: services: mail", "mail:\n  ports: ['8025:25']")


def settings(folder, **given):
    return load_settings("laptop", {"sources.repository": None} | given, cwd=folder, environ={})


def test_a_name_is_found_whole_and_by_its_parts():
    assert list(terms("sendMail to max_retries")) == [
        "sendmail", "send", "mail", "to", "max_retries", "max", "retries",
    ]  # fmt: skip


def test_the_definition_of_a_name_comes_before_its_uses():
    assert Index([TEST, MAIL, CART]).ranked(["What file is `Cart` defined in?"]) == [[CART, TEST]]


def test_the_embedding_moves_a_passage_up():
    def embedder(texts):
        return numpy.array([[1.0, 0.0] if "test" in text or "?" in text else [0.0, 1.0] for text in texts])

    one, two = Passage("a.py", "cart cart"), Passage("test_a.py", "cart")
    assert Index([one, two]).ranked(["cart?"]) == [[one, two]]
    assert Index([one, two, Passage("b.py", "cart of")], embedder).ranked(["cart?"])[0][1] == two


def test_what_does_not_fit_is_left_out_and_the_next_one_is_tried(tmp_path):
    assert fitting([TEST, MAIL], len(MAIL.shown) + 2, len, settings(tmp_path)) == [MAIL.shown]


def test_no_model_is_shown_a_credential_or_what_the_settings_deny(tmp_path):
    key = Passage("a.py", 'TOKEN = "ghp_' + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5" + '"')
    given = settings(tmp_path, **{"gate.deny": ["wharfside"]})
    named = Passage("b.py", "# of Wharfside")
    assert fitting([key, named, MAIL], 1000, len, given) == [MAIL.shown]


def test_passages_come_from_committed_code_and_from_all_configured_sources(sandbox, tmp_path):
    commit = sandbox.commit(
        "Begin", {"shop/cart.py": "class Cart:\n    pass\n", "README.md": "# Shop\n\nIt sells.\n"}
    )
    sandbox.write("shop/cart.py", "class Changed:\n    pass\n")
    goals = file(tmp_path, "goals.yaml", "- {id: ramp, title: Ramp up, state: active, owner: ada}\n")
    tools = '{"name": "tide_at", "description": "Tell the tide.", "inputSchema": {"type": "object"}}'
    mcp = file(tmp_path, "tools.json", f"[{tools}]")
    graph = file(tmp_path, "graph.csv", "subject,relation,object\nmail,runs_on,node-1\n")
    with Repository(sandbox.path, commit) as repository:
        found = passages(snapshot(tmp_path, repository, goals=goals, knowledge_graph=graph, mcp=mcp))
    assert {(p.title.rpartition("/")[2], p.text) for p in found} == {
        ("cart.py: class Cart", "class Cart:\n    pass"),
        ("README.md: Shop", "# Shop\n\nIt sells."),
        ("goals.yaml: goal ramp", 'id: ramp\ntitle: Ramp up\nstate: active\nowners: ["ada"]'),
        ("graph.csv: mail", "mail runs_on node-1"),
        ("tools.json", 'tide_at: Tell the tide.\nArguments: {"type":"object"}'),
    }
