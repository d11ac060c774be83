from autodidact.ledger.cut_passages import LONG, Passage, code, entries, sections
from autodidact.sources.code.definitions import analyse
from autodidact.sources.documents.markdown import markdown
from autodidact.sources.unread import Unread


def cut(text: str) -> list[Passage]:
    return code("shop/cart.py", text, analyse(text.encode()).definitions)


def body(lines: int) -> str:
    return "\n".join(f"        print({number}, 'a line of some length')" for number in range(lines))


def test_short_neighbours_share_a_passage_that_is_called_by_all_of_them():
    text = "import os\n\n\ndef total(rows):\n    return sum(rows)\n\n\nclass Cart:\n    pass\n"
    assert cut(text) == [Passage("shop/cart.py: total, class Cart", text.strip("\n"))]


def test_each_method_of_a_long_class_is_found_by_the_name_of_the_class():
    text = (
        f"class Cart(Basket):\n    def add(self):\n{body(16)}\n    @once\n    def drop(self):\n{body(16)}\n"
    )
    assert [(p.title, p.text.split("\n")[0]) for p in cut(text)] == [
        ("shop/cart.py: class Cart", "class Cart(Basket):"),
        ("shop/cart.py: class Cart: add", "    def add(self):"),
        ("shop/cart.py: class Cart: drop", "    @once"),
    ]


def test_no_passage_is_longer_than_the_bound_and_no_line_is_lost():
    text = (
        "def total():\n" + "\n".join(f"    print({n})" for n in range(400)) + "\n    x = '" + "y" * 5000 + "'"
    )
    found = cut(text)
    assert max(len(p.text) for p in found) <= LONG
    assert "".join("".join(p.text for p in found).split()) == "".join(text.split())


def test_a_document_is_cut_at_its_headings():
    text = "# Mail\n\n" + "It sends. " * 60 + "\n\n## Ports\n\n" + "It listens. " * 60 + "\n"
    found = sections("docs/mail.md", text, markdown(text, "mail.md", "docs/mail.md", Unread()).sections)
    assert [p.title for p in found] == ["docs/mail.md: Mail", "docs/mail.md: Ports"]


def test_a_service_of_a_long_compose_file_is_a_passage_of_its_own():
    service = "    image: {0}:1\n" + "".join(
        f"    # {n} a remark of some length about it\n" for n in range(10)
    )
    text = "# All of it\nservices:\n" + "".join(
        f"  {name}:\n{service.format(name)}" for name in ("mail-relay", "db", "web")
    )
    found = entries("compose.yaml", text)
    assert [(p.title, "image" in p.text) for p in found][-3:] == [
        ("compose.yaml: services: mail-relay", True),
        ("compose.yaml: services: db", True),
        ("compose.yaml: services: web", True),
    ]
