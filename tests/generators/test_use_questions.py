import pytest

from autodidact.generators import GENERATORS
from autodidact.generators.run_generator import facts_now, generate, is_reserved, load
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import file, snapshot

CODE = {
    "shop/__init__.py": "from shop.cart import Cart\n",
    "shop/cart.py": "import enum\n\n\nclass Cart:\n    def add_item(self): pass\n\n\nclass State(enum.Enum):\n    x = 1\n",
    "shop/mail.py": "from shop.cart import Cart\n\n\nclass Postman:\n    def deliver(self): pass\n\n\ndef send_all(): pass\n",
}
COMPOSE = """
services:
  mail:
    image: mailpit:1.2
    ports: ["8025:8025"]
  db:
    image: postgres:16
    ports: ["5432:5432"]
  web:
    image: nginx:1
    ports: ["8080:80"]
"""
GOALS = """
- {id: ramp, title: Ramp up, state: active, owner: ada, deadline: 2026-12-04, steps: [{title: hire, done: false}]}
- {id: pier, title: New pier, state: active, owner: ben, deadline: 2027-01-15, steps: [{title: plan, done: false}]}
- {id: dock, title: Old dock, state: active, owner: cem, deadline: 2027-02-15, steps: [{title: sell, done: false}]}
"""
TOOLS = """{"tools": [
  {"name": "tide_at", "description": "Tell the tide at a pier.",
   "inputSchema": {"type": "object", "properties": {"pier": {"type": "string"}}}},
  {"name": "hold_seat", "description": "Hold a seat on a sailing.",
   "inputSchema": {"type": "object", "properties": {"sailing": {"type": "string", "default": "W103"}}}}]}"""


@pytest.fixture
def seen(sandbox, tmp_path):
    commit = sandbox.commit("Begin", CODE)
    sources = {
        "documents": [file(tmp_path, "compose.yaml", COMPOSE)],
        "goals": file(tmp_path, "goals.yaml", GOALS),
        "mcp": file(tmp_path, "tools.json", TOOLS),
    }
    with Repository(sandbox.path, commit) as repository:
        yield snapshot(tmp_path, repository, **sources)


def uses(name, seen) -> dict[str, tuple[list[str], list[str]]]:
    """Question about a use -> what is right, what is wrong."""
    facts = facts_now(name, load(name).read(seen), seen)
    return {f.use.reserved: (f.use.accept, f.use.confuse) for f in facts if f.use}


def test_an_import_line_is_completed_with_the_module_or_a_package_that_brings_the_name_along(seen):
    found = uses("ast_parser", seen)
    assert found["Complete the import line: `from ? import Cart`"] == (["shop.cart", "shop"], [])
    assert found["Complete the import line: `from ? import send_all`"] == (["shop.mail"], [])


def test_a_base_class_is_right_as_it_is_written_too(seen):
    found = uses("ast_parser", seen)
    assert found["Complete the first line of the class: `class State(?):`"] == (["Enum", "enum.Enum"], [])


def test_of_two_calls_the_one_of_the_class_that_has_the_method_is_right(seen):
    asks = [ask for ask in uses("ast_parser", seen) if "deliver" in ask]
    assert asks in (
        [
            "One line calls `Cart.deliver`, another one `Postman.deliver`. Which of the two classes defines it?"
        ],
        [
            "One line calls `Postman.deliver`, another one `Cart.deliver`. Which of the two classes defines it?"
        ],
    )
    assert uses("ast_parser", seen)[asks[0]] == (["Postman", "Postman.deliver"], ["Cart", "Cart.deliver"])


def test_a_client_needs_the_port_of_a_service(seen):
    found = uses("architecture_docs", seen)
    (ask,) = [ask for ask in found if "mail (compose.yaml): `localhost:?`" in ask]
    assert found[ask] == (["8025"], ["5432", "8080"])


def test_whether_a_goal_is_late_follows_from_its_deadline(seen):
    found = uses("goal_examples", seen)
    late = {ask: right for ask, right in found.items() if "`ramp` is still open" in ask}
    assert late in (
        {"It is 2026-12-02, and the goal `ramp` is still open. Is it late, yes or no?": (["no"], ["yes"])},
        {"It is 2026-12-06, and the goal `ramp` is still open. Is it late, yes or no?": (["yes"], ["no"])},
    )


def test_an_argument_belongs_to_one_of_two_tools(seen):
    found = uses("tool_spec", seen)
    (ask,) = [ask for ask in found if "passes `pier`" in ask]
    assert found[ask] == (["tide_at"], ["hold_seat"])


@pytest.mark.parametrize("register", ["drill", "full"])
def test_no_question_about_a_use_is_trained_in_either_register(seen, register):
    own = seen.settings.generators.model_copy(update={"register": register})
    seen.settings = seen.settings.model_copy(update={"generators": own})
    for generator in GENERATORS:
        if generator.probe:
            asked = uses(generator.name, seen)
            assert all(map(is_reserved, asked))
            assert asked.keys().isdisjoint(row.prompt() for row in generate(generator.name, seen)[0])
