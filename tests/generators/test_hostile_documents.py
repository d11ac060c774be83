"""Documents that are small and stand for very much: each costs itself alone, is counted, and leaves what is
beside it as it was.
"""

import pytest

from tests.bounded import bounded
from tests.generators.snapshots import examples_of, snapshot, troubles

HONEST = (
    "# Sails\n\nThe sails are made of canvas, and are mended in winter.\n\n```mermaid\nflowchart TD\nA -->"
    " B\nB --> C\n```\n"
)


def asked(tmp_path, **files: str) -> tuple[set[tuple[str, ...]], dict[str, int]]:
    """What the examples about sails.md ask of it, in whatever words, and the counted troubles."""
    folder = tmp_path / "docs"
    folder.mkdir(exist_ok=True)
    for name, text in {
        "sails.md": HONEST,
        **{name.replace("_", "."): text for name, text in files.items()},
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    seen = snapshot(tmp_path, documents=[str(folder)])
    with bounded():
        rows = [
            row
            for row in examples_of("architecture_docs", seen)
            if row.source.ref.partition(":")[0].endswith("sails.md")
        ]
    return {tuple(row.source.asks) for row in rows} - {("open book",)}, troubles(seen)


def joined(letter: str, count: int) -> str:
    return " & ".join(f"{letter}{number}" for number in range(count))


HOSTILE = {
    "all of many nodes point at all of many others": (
        {
            "a_mmd": (
                "flowchart TD\n" + "\n".join(f"{joined('N', 90)} --> {joined('M', 90)}" for _ in range(90))
            )
        },
        {"a diagram with more than 1,000 arrows": 1},
    ),
    "the same on one long line": (
        {"a_md": f"# T\n\n```mermaid\nflowchart TD\n{joined('N', 4500)} --> {joined('M', 4500)}\n```\n"},
        {"a diagram too long to read": 1},
    ),
    "the same in Graphviz": (
        {
            "a_dot": (
                "digraph g {{\n"
                + "\n".join(f"a{n}" for n in range(3000))
                + "} -> {\n"
                + "\n".join(f"b{n}" for n in range(3000))
                + "}}"
            )
        },
        {"a diagram with more than 1,000 arrows": 1},
    ),
    "many diagrams of many arrows": (
        {
            "a_md": "".join(
                f"# T{k}\n```mermaid\nflowchart TD\n{joined('N', 31)} --> {joined('M', 31)}\n```\n"
                for k in range(40)
            )
        },
        {"diagrams with more than 5,000 arrows in one document": 35},
    ),
    "very many sections and diagrams": (
        {
            "a_md": "".join(
                f"# Part {n}\n\nThe part {n} is made of wood, and is painted in spring.\n\n"
                f"```mermaid\nflowchart TD\nN{n} --> M{n}\n```\n"
                for n in range(3000)
            )
        },
        {},
    ),
    "a message without an end": (
        {"a_mmd": "sequenceDiagram\n" + "\n".join("a->>" + " " * 1900 + "b" for _ in range(50))},
        {"a line of a diagram that is not understood": 50},
    ),
    "an arrow without an end": (
        {"a_mmd": "flowchart TD\n" + "\n".join("A ==" + " " * 1900 + "b" for _ in range(50))},
        {"a line of a diagram that is not understood": 50},
    ),
    "settings without an end": ({"a_mmd": "flowchart TD\n" + "%%{\n" * 20_000 + "A --> B\n"}, {}),
    "descriptions without an end": ({"a_mmd": "flowchart TD\n" + "\n" * 30_000 + "accDescr {\n" * 4_000}, {}),
    "labels without an end": (
        {"a_mmd": "flowchart TD\n" + 'A["`\n' * 12_000},
        {"a line of a diagram that is not understood": 12_000},
    ),
    "shapes without an end": (
        {"a_mmd": "flowchart TD\n" + "\n".join("&".join(["A((("] * 380) for _ in range(49))},
        {"a line of a diagram that is not understood": 49},
    ),
}


@pytest.mark.parametrize(("files", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_costs_itself_alone(tmp_path, files, expected):
    alone, counted = asked(tmp_path)
    assert len(alone) > 8 and counted == {}
    beside, counted = asked(tmp_path, **files)
    assert beside == alone
    assert counted == expected


def test_a_chain_of_many_nodes_is_asked_about_in_bounded_time(tmp_path):
    chain = "flowchart TD\n" + "\n".join(f"N{number} --> N{number + 1}" for number in range(999))
    assert asked(tmp_path, a_mmd=chain)[1] == {}
