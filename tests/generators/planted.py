"""A system before and after forty planted changes: the repository, and the sources without a history."""

import json
from pathlib import Path

from tests.sandbox import Sandbox

CODE = {
    "shop/__init__.py": "",
    "shop/till.py": (
        "def price_of(item):\n    return item.price\n\n\n"
        "def old_price(item):\n    return 1\n\n\n"
        "def tax_of(item):\n    return 2\n\n\n"
        "class Till:\n    def open_drawer(self):\n        return 3\n"
    ),
    "shop/prices.py": "def round_up(amount):\n    return amount\n",
    "shop/cart.py": (
        "class Basket:\n    def put_in(self, item):\n        return item\n\n\n"
        "class Coupon(Basket):\n    def redeem(self):\n        return 4\n"
    ),
    "shop/order.py": (
        "class Document:\n    pass\n\n\nclass Record:\n    pass\n\n\n"
        "class Invoice(Document):\n    def total_sum(self):\n        return 5\n\n\n"
        "class Order(Record):\n    def settle(self):\n        return 6\n\n"
        "    def refund(self):\n        return 7\n\n\n"
        "class Ledger(Record):\n    def balance(self):\n        return 8\n"
    ),
    "shop/post.py": (
        "def post_letter(text):\n    return text\n\n\n"
        "class Postman:\n    def deliver(self):\n        return 9\n"
    ),
    "shop/wander.py": "def wanderer():\n    return 10\n",
}
DOCUMENTS = {
    "compose.yaml": (
        "services:\n"
        '  web: {image: "shop/web:1.4", ports: ["8001:80"]}\n'
        '  till: {image: "shop/till:2.0", ports: ["8003:80"]}\n'
        '  mail: {image: "shop/mail:3.1", ports: ["8004:80"]}\n'
        '  fax: {image: "shop/fax:0.9", ports: ["8005:80"]}\n'
    ),
    "docs/till.md": "# The counter\n\nIt is here.\n\n## Cash drawer\n\nIt opens.\n\n## Night shift\n\nIt closes.\n",
    "docs/post.md": "# The post\n\nIt is there.\n\n## Letter sizes\n\nSmall ones.\n\n## Franking\n\nBy hand.\n",
    "docs/web.md": "# The page\n\nIt is up.\n\n## Checkout steps\n\nOne step.\n",
}
GOALS = [
    {"id": "ramp", "title": "Book the ramp", "state": "active", "owner": "ann", "deadline": "2026-12-11"},
    {"id": "page", "title": "Draw the page", "state": "active", "owner": "bob", "deadline": "2026-12-12"},
    {"id": "kiosk", "title": "Take cards", "state": "active", "owner": "cleo", "deadline": "2026-12-13"},
    {"id": "map", "title": "Draw the map", "state": "active", "owner": "dan", "deadline": "2026-12-14"},
    {"id": "sign", "title": "Paint it", "state": "active", "owner": "eve", "deadline": "2026-12-15"},
]
OWNERS = {"web": "ann", "till": "bob", "mail": "cleo", "fax": "dan", "bank": "eve"}


def tool(name: str, does: str, **defaults: object) -> dict:
    """A tool whose arguments have these defaults."""
    properties = {key: {"type": "integer", "default": value} for key, value in defaults.items()}
    return {"name": name, "description": does, "inputSchema": {"type": "object", "properties": properties}}


TOOLS = [
    tool("open_door", "Open the door.", door_width=80),
    tool("send_parcel", "Send the parcel.", parcel_grams=20),
    tool("book_table", "Book the table.", table_seats=4),
    tool("count_boats", "Count the boats.", boat_metres=12),
]


def write_sources(folder: Path, goals: list[dict], tools: list[dict], owners: dict[str, str]) -> None:
    rows = ["subject,relation,object\n", *(f"{name},owned_by,{owner}\n" for name, owner in owners.items())]
    (folder / "goals.json").write_text(json.dumps({"goals": goals}))
    (folder / "tools.json").write_text(json.dumps(tools))
    (folder / "graph.csv").write_text("".join(rows))


def cut(sandbox: Sandbox, path: str, start: str, new: str = "") -> str:
    """Takes the text from `start` to the next two empty lines out of a file; returns what was there."""
    file = sandbox.path / path
    text = file.read_text()
    assert text.count(start) == 1, (path, start)
    begin = text.index(start)
    end = text.find("\n\n\n", begin)
    end = len(text) if end < 0 else end + 3
    file.write_text(text[:begin] + new + text[end:])
    return text[begin:end]


def swap(sandbox: Sandbox, path: str, old: str, new: str) -> None:
    """Replaces a text that stands in a file once."""
    file = sandbox.path / path
    text = file.read_text()
    assert text.count(old) == 1, (path, old)
    file.write_text(text.replace(old, new))


def change_code(sandbox: Sandbox) -> dict[str, str]:
    """Commits changes of code, one an hour from the second hour on; what each is called to its commit."""
    made: dict[str, str] = {}

    def commit(name: str) -> None:
        made[name] = sandbox.commit(name, hours=len(made) + 2)

    moved = cut(sandbox, "shop/till.py", "def price_of")
    sandbox.write("shop/prices.py", moved + (sandbox.path / "shop/prices.py").read_text())
    commit("move price_of")
    swap(sandbox, "shop/cart.py", "class Basket:", "class Cart:")
    swap(sandbox, "shop/cart.py", "(Basket)", "(Cart)")
    commit("rename Basket")
    sandbox.git("mv", "shop/post.py", "shop/mail.py")
    commit("move the module")
    swap(sandbox, "shop/order.py", "def settle", "def pay_off")
    commit("rename settle")
    swap(sandbox, "shop/order.py", "Invoice(Document)", "Invoice(Record)")
    commit("another base")
    swap(sandbox, "shop/order.py", "    def refund(self):\n        return 7\n", "")
    swap(sandbox, "shop/order.py", "return 8\n", "return 8\n\n    def refund(self):\n        return 7\n")
    commit("move refund")
    cut(sandbox, "shop/till.py", "def old_price")
    commit("remove old_price")
    cut(sandbox, "shop/cart.py", "class Coupon")
    commit("remove Coupon")
    sandbox.git("mv", "shop/wander.py", "shop/aisle.py")
    commit("wander once")
    sandbox.git("mv", "shop/aisle.py", "shop/cellar.py")
    commit("wander twice")
    cut(sandbox, "shop/till.py", "def tax_of")
    commit("take tax_of out")
    sandbox.write("shop/taxes.py", "def tax_of(item):\n    return 2\n")
    commit("put tax_of back")
    swap(sandbox, "shop/till.py", "return 3", "return 33")
    commit("change a body")
    sandbox.git("checkout", "-q", "-b", "side")
    swap(sandbox, "shop/prices.py", "def round_up", "def round_off")
    sandbox.commit("on a branch", hours=1.5)
    sandbox.git("checkout", "-q", "main")
    sandbox.write("shop/staff.py", "class Clerk:\n    def greet_guest(self):\n        return 11\n")
    commit("add Clerk")
    sandbox.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    sandbox.git("commit", "-q", "--amend", "--no-edit", "--date", "now")
    made["merge"] = sandbox.git("rev-parse", "HEAD")
    return made


def change_documents(sandbox: Sandbox) -> dict[str, str]:
    """Commits changes of documents."""
    made: dict[str, str] = {}
    swap(sandbox, "compose.yaml", "8003:80", "9003:80")
    swap(sandbox, "compose.yaml", "shop/web:1.4", "shop/web:1.5")
    swap(sandbox, "compose.yaml", '  fax: {image: "shop/fax:0.9", ports: ["8005:80"]}\n', "")
    made["compose"] = sandbox.commit("compose", hours=18)
    swap(sandbox, "docs/till.md", "\n## Night shift\n\nIt closes.\n", "")
    made["section moved"] = sandbox.commit(
        "section", {"docs/night.md": "# Nights\n\nLate.\n\n## Night shift\n\nIt closes.\n"}, 19
    )
    sandbox.git("rm", "-q", "docs/web.md")
    swap(sandbox, "compose.yaml", "services:\n", "# The services of the shop.\nservices:\n")
    made["web.md"] = sandbox.commit("no page", hours=20)
    swap(sandbox, "docs/post.md", "## Franking\n\nBy hand.\n", "## Stamps\n\nBy hand.\n")
    made["section renamed"] = sandbox.commit("stamps", hours=21)
    return made


# The sources without a history, after the changes: a date moved, an owner, a goal removed, one done, one new; a
# default, a tool removed, one new, an argument renamed; an owner, a relation removed, one new.
GOALS_AFTER = [
    GOALS[0] | {"deadline": "2027-01-20"},
    GOALS[1] | {"owner": "fred"},
    GOALS[3] | {"state": "done"},
    GOALS[4],
    {"id": "lamp", "title": "Hang the lamp", "state": "active", "owner": "gus", "deadline": "2026-12-24"},
]
TOOLS_AFTER = [
    tool("open_door", "Open the door.", door_width=95),
    tool("book_table", "Book the table.", table_places=4),
    tool("count_boats", "Count the boats.", boat_metres=12),
    tool("wind_clock", "Wind the clock.", clock_turns=7),
]
OWNERS_AFTER = {"web": "ann", "till": "gus", "mail": "cleo", "bank": "eve", "quay": "hal"}
