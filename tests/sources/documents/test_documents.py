"""Markdown, reStructuredText and Mermaid."""

import pytest

from autodidact.sources.documents.diagram import Edge
from autodidact.sources.documents.mermaid import mermaid
from autodidact.sources.documents.reader import Document, plain, prose, wanted
from autodidact.sources.documents.sentences import HOLE


def read(text, path="a.md"):
    return [
        (s.title, s.line, s.end, s.paragraphs)
        for s in prose(Document(path, text, {})).sections
        if s.paragraphs or s.tables or s.mermaid
    ]


def test_markdown_sections_have_paragraphs_without_lists_code_and_comments():
    text = (
        "First.\n\n# One #\n\nTwo\nlines.\n<!-- not\nthis -->\n- a list\n\n```python\n# no heading\n```\n\n##"
        " Two\n> quoted\n\nThree."
    )
    assert read(text) == [
        ("a.md", 1, 2, ["First."]),
        ("One", 3, 14, ["Two lines."]),
        # After a quote.
        ("Two", 15, 18, ["", "Three."]),
    ]


def test_restructured_sections():
    text = (
        "===\nOne\n===\n\nA :ref:`label <x>` and ``code``.\n\n.. code::\n\n   x\n\nTwo\n---\n\nText::\n\n "
        " literal\n"
    )
    assert read(text, "a.rst") == [
        ("One", 2, 10, ["A label and `code`."]),
        # What leads to a block of code is no explanation without it.
        ("Two", 11, 16, [""]),
    ]


def test_a_heading_with_a_line_above_may_be_indented():
    text = "===========\n Debugging\n===========\n\nText.\n\n Quoted\n ------\n"
    assert read(text, "a.rst") == [("Debugging", 2, 8, ["Text."])]


def test_references_of_restructured_text_become_what_a_reader_sees():
    told = {
        "Set `__module__` and `__name__` first.": "Set `__module__` and `__name__` first.",
        "The argument of :class:`~shop.Cart` which is usually `__name__`.": (
            "The argument of `shop.Cart` which is usually `__name__`."
        ),
        "The `worker <guide>`:ref: creates a `shop.Request`:class: like `that <x>`__.": (
            "The worker creates a `shop.Request` like that."
        ),
        "Take `RabbitMQ <broker>`, or :ref:`Redis <r>`.": "Take RabbitMQ, or Redis.",
        "Use :doc:`/deploy/gevent` or :doc:`the guide <guide>`.": "Use gevent or the guide.",
        "See :pep:`8`, a `link <http://x.example>`_ and `Flask-Talisman`_.": (
            "See PEP 8, a link and Flask-Talisman."
        ),
    }
    assert {text: read(text, "a.rst")[0][3][0] for text in told} == told


def test_a_table_is_rows_of_cells():
    text = "# T\n\n| a | b |\n|:--|--:|\n| `x \\| y` | **2** |\n| 3 |\n"
    (section,) = prose(Document("a.md", text, {})).sections[1:]
    assert section.tables == [[["a", "b"], ["`x | y`", "2"]]]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("**Bold** and [a link](http://x) of `co_de_x`", "Bold and a link of `co_de_x`"),
        ("_em_ in snake_case_name ![pic](x) <b>hi</b>", f"em in snake_case_name {HOLE} hi"),
        ("if a<b and b>c then 2*3*4", "if a<b and b>c then 2*3*4"),
    ],
)
def test_inline_markdown_becomes_plain(text, bare):
    assert plain(text) == bare


def test_what_counts_as_a_document():
    assert (
        wanted("docs/architecture.md")
        and wanted("test/telemetry/README.md")
        and wanted("compose.prod.yaml")
        and wanted("deep/docker-compose.yml")
    )
    assert not any(
        map(
            wanted,
            (
                "CHANGELOG.md",
                "LICENSE.rst",
                "docs/changes/1.md",
                ".github/ISSUE.md",
                "main.py",
                "values.yaml",
                "tests/data/flow.md",
                "test/fixtures/sample.adoc",
                "pkg/testdata/a.rst",
            ),
        )
    )


@pytest.mark.parametrize(
    ("line", "edges"),
    [
        ("A --> B", [("A", "B", "")]),
        ("A[Web app]-->|asks|B(Shop)", [("Web app", "Shop", "asks")]),
        ("A -- asks --> B", [("A", "B", "asks")]),
        ("a-1-.->b_2;b_2==>C", [("a-1", "b_2", ""), ("b_2", "C", "")]),
        ("A --> B & C --> D", [("A", "B", ""), ("A", "C", ""), ("B", "D", ""), ("C", "D", "")]),
        ("A --- B", []),
        ("A{{Queue}} --> B[(DB)]:::red", [("Queue", "DB", "")]),
        ("subgraph one\nA --> B\nend\nclass A red", [("A", "B", "")]),
        ("A --> B %% a remark", [("A", "B", "")]),
    ],
)
def test_the_arrows_of_a_flowchart(line, edges):
    assert mermaid(f"flowchart TD\n{line}").edges == [Edge(*edge) for edge in edges]


def test_the_messages_of_a_sequence_diagram():
    text = (
        "sequenceDiagram\n  actor U as user\n  U->>+web: open: now\n  Note over web: busy\n  web-->>-U:"
        " page\n"
    )
    assert mermaid(text).edges == [Edge("user", "web", "open: now"), Edge("web", "user", "page")]


@pytest.mark.parametrize("text", ["", "pie\n a: 1", "---\ntitle: x", "gantt"])
def test_other_diagrams_are_none(text):
    assert mermaid(text) is None
