"""Mermaid and Graphviz: what is drawn, and what is not understood."""

import pytest

from autodidact.sources.documents.diagram import Diagram, Edge, Relation
from autodidact.sources.documents.graphviz import dot
from autodidact.sources.documents.mermaid import mermaid
from autodidact.stage import Troubles

NOT_UNDERSTOOD = "a line of a diagram that is not understood"


def read(text: str, reader=mermaid) -> tuple[Diagram | None, dict[str, int]]:
    troubles = Troubles()
    return reader(text, troubles, "a.md:1"), {t.reason: t.count for t in troubles.list()}


def arrows(text: str) -> list[tuple[str, str, str]]:
    return [(edge.start, edge.end, edge.text) for edge in read(f"flowchart LR\n{text}")[0].edges]


@pytest.mark.parametrize(
    ("line", "edges"),
    [
        ("A <--> B", [("A", "B", ""), ("B", "A", "")]),
        ("A <-- both --> B", [("A", "B", "both"), ("B", "A", "both")]),
        ("A <-.-> B", [("A", "B", ""), ("B", "A", "")]),
        ('A["x (y) [z]; w"] --> B["`**bold** <b>y</b>`"]', [("x (y) [z]; w", "bold y", "")]),
        ('A@{ shape: cyl, label: "Archive" } --> B', [("Archive", "B", "")]),
        ("A e1@--> B", [("A", "B", "")]),
        ('A["#quot;hi#quot; fa:fa-car"] --> B', [('"hi"', "B", "")]),
        ('A -- "a > b" --> B', [("A", "B", "a > b")]),
        ("A --> B --- C", [("A", "B", "")]),
        ("A --> B;C --> D;", [("A", "B", ""), ("C", "D", "")]),
        ("A -- two<br/>lines --> B", [("A", "B", "two lines")]),
        ('A["`two\nlines`"] --> B', [("two lines", "B", "")]),
        ("accDescr {\n x --> y\n}\nA --> B", [("A", "B", "")]),
    ],
)
def test_arrows(line, edges):
    assert arrows(line) == edges


@pytest.mark.parametrize("line", ["A --x B", "A --o B", "A x--x B", "A o--o B", "A x--blocked--x B"])
def test_a_cross_or_a_circle_is_no_arrow_and_silences_its_ends(line):
    found, counted = read(f"flowchart LR\n{line}\nB --> C\nC --> D")
    assert [(edge.start, edge.end) for edge in found.edges] == [("B", "C"), ("C", "D")]
    assert counted == {"a line with a cross or a circle": 1}
    assert not found.unread.whole("arrows/A") and not found.unread.whole("arrows/B")
    assert found.unread.whole("arrows/C")


@pytest.mark.parametrize("line", ['A["one', "A --> B nonsense [", "A ->> B", "--> B"])
def test_a_line_that_is_not_understood_costs_itself_and_silences_the_arrows(line):
    found, counted = read(f"flowchart LR\n{line}\nC --> D")
    assert [(edge.start, edge.end) for edge in found.edges] == [("C", "D")]
    assert counted == {NOT_UNDERSTOOD: 1} and not found.unread.whole("arrows/C")


def test_nodes_of_one_name_arrows_to_itself_and_of_groups_silence_their_nodes():
    found, _ = read(
        "flowchart LR\nsubgraph one [Money]\nE --> F\nend\none --> J\nA[Error] --> B\nC[Error] --> D\nG --> G\nG --> H"
    )
    silent = [node for node in ("Money", "E", "F", "Error", "G") if not found.unread.whole(f"arrows/{node}")]
    assert silent == ["Money", "E", "F", "Error", "G"] and found.unread.whole("arrows/H")
    assert ("Money", "J") in [(edge.start, edge.end) for edge in found.edges]


def test_a_group_holds_the_groups_in_it():
    text = 'flowchart TD\nsubgraph out ["Outer side"]\na --> b\nsubgraph in\nc\nend\nend'
    assert read(text)[0].groups == {"Outer side": ["a", "b", "in"], "in": ["c"]}


@pytest.mark.parametrize(
    ("text", "decisions"),
    [
        ("A --> B{Free?}\nB -- yes --> C\nB -- no --> A", {"Free?"}),
        ("A -- yes --> B\nA -- no --> C", {"A"}),
        ("A@{shape: diamond, label: Free?} --> B\nA --> C", {"Free?"}),
        ("A{Hub} --> B", set()),
        ("A --> B\nA --> C", set()),
    ],
)
def test_where_the_way_forks_by_an_answer(text, decisions):
    assert read(f"flowchart LR\n{text}")[0].decisions == decisions


def test_messages_of_branches_are_in_runs_of_their_own():
    found, counted = read(
        "sequenceDiagram\nautonumber\nA->>B: one\nrect rgb(0,0,0)\nB->>C: two\nend\nalt paid\nC-->>B: yes\nB->>B: log\n"
        "else not paid\nC-->>B: no\nend\nloop every minute\nA->>C: tick\nend\nNote over A,B: x\nB-->>-A: done\n"
    )
    assert [(edge.text, edge.sure) for edge in found.edges] == [
        ("one", True), ("two", True), ("yes", False), ("log", False), ("no", False), ("tick", True), ("done", True),
    ]  # fmt: skip
    runs = [edge.run for edge in found.edges]
    assert runs[0] == runs[1] and runs[2] == runs[3] and len(set(runs)) == 5
    assert counted == {"branches of a sequence diagram": 2} and not found.unread.whole("steps")


@pytest.mark.parametrize("block", ["opt x", "par x", "critical x", "break x"])
def test_a_message_that_is_not_always_sent_is_not_sure(block):
    found, _ = read(f"sequenceDiagram\n{block}\nA->>B: one\nend\nB->>A: two")
    assert [edge.sure for edge in found.edges] == [False, True]


@pytest.mark.parametrize("arrow", ["-x", "--x", "<<->>", "<<-->>"])
def test_a_message_that_is_lost_or_goes_both_ways_is_left_out(arrow):
    found, counted = read(f"sequenceDiagram\nparticipant A as Ann\nA{arrow}B: one\nA->>B: two")
    assert [edge.text for edge in found.edges] == ["two"]
    assert counted == {"a message that is lost or goes both ways": 1}
    assert not found.unread.whole("pairs/Ann/B") and not found.unread.whole("steps")


def test_a_line_of_a_sequence_that_is_not_understood_silences_its_steps():
    found, counted = read("sequenceDiagram\nA->>B: one\nA -|\\ B: half\nB->>A: two")
    assert counted == {NOT_UNDERSTOOD: 1} and not found.unread.whole("steps")
    assert found.edges[0].run != found.edges[1].run


def test_a_circle_at_an_end_of_an_arrow_is_no_part_of_a_name():
    found, counted = read("sequenceDiagram\nA->>()B: one\nB()-->>A: two\nA()->>()B: three")
    assert [(e.start, e.end, e.text) for e in found.edges] == [
        ("A", "B", "one"),
        ("B", "A", "two"),
        ("A", "B", "three"),
    ]
    assert counted == {}


def test_the_code_of_a_letter_ends_no_message():
    found, counted = read("sequenceDiagram\nA->>B: I #9829; you;B->>A: yes")
    assert [edge.text for edge in found.edges] == ["I ♥ you", "yes"] and counted == {}


def test_states():
    found, counted = read(
        'stateDiagram-v2\n[*] --> Held\nstate "Paid up" as P\nHeld --> P : payment arrives\nHeld --> Gone: 20 minutes\n'
        "P --> [*]\nnote right of P\n x --> y\nend note\n"
    )
    assert found == Diagram(
        "state",
        [Edge("Held", "Paid up", "payment arrives"), Edge("Held", "Gone", "20 minutes")],
        first=["Held"],
        last=["Paid up"],
    )
    assert counted == {}


def test_what_follows_a_state_inside_another_is_not_known():
    found, _ = read("stateDiagram\nA --> B\nstate B {\n[*] --> c\nc --> d\n}\nB --> E")
    assert [node for node in "ABcdE" if not found.unread.whole(f"arrows/{node}")] == ["B", "c", "d"]
    assert found.first == []


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("Vessel <|-- Ferry", Relation("Ferry", "Vessel", "inherits")),
        ("Ferry --|> Vessel", Relation("Ferry", "Vessel", "inherits")),
        ("Ferry ..|> Boat : is", Relation("Ferry", "Boat", "realizes", "is")),
        ('Ferry "1" o-- "many" Seat : has', Relation("Ferry", "Seat", "aggregation", "has", "many", "1")),
        ("Seat --* Ferry", Relation("Ferry", "Seat", "composition")),
        ("A --> B", Relation("A", "B", "association")),
        ("A <.. B", Relation("B", "A", "dependency")),
    ],
)
def test_relations_of_classes(line, relation):
    found, counted = read(f"classDiagram\nclass Ferry {{\n  +name: String\n}}\n{line}\nFerry : +sail()")
    assert found.relations == [relation] and counted == {}


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("BOOKING ||--o{ SEAT : takes", ("BOOKING", "SEAT", "takes", "zero or more", "exactly one")),
        ("C:::red 1 to zero or more D : has", ("C", "D", "has", "zero or more", "exactly one")),
        ("P many(0) optionally to 0+ D : is", ("P", "D", "is", "zero or more", "zero or more")),
        ("A }|..o| B : may", ("A", "B", "may", "zero or one", "one or more")),
        (
            '"Order line" }o--|| ITEM : "is of"',
            ("Order line", "ITEM", "is of", "exactly one", "zero or more"),
        ),
    ],
)
def test_relations_of_entities(line, relation):
    found, counted = read(f"erDiagram\n{line}\nSEAT {{\n string row\n}}\n")
    start, end, text, ends, starts = relation
    assert found.relations == [Relation(start, end, "entities", text, ends, starts)] and counted == {}


def test_an_entity_is_called_by_the_name_that_is_shown():
    text = 'erDiagram\np[Person] {\n string[] tags\n}\np ||--o| c["Customer Account"] : has\n'
    assert read(text)[0].relations == [
        Relation("Person", "Customer Account", "entities", "has", "zero or one", "exactly one")
    ]


def test_the_backticks_of_a_word_in_a_label_are_its_own():
    text = 'flowchart LR\nC ==> P["Pack; then `label`"]\nC --> Q["`Weigh`"]\n'
    assert arrows(text) == [("C", "Pack; then `label`", ""), ("C", "Weigh", "")]


@pytest.mark.parametrize(
    "text", ["erDiagram\nA some to few B : x", "classDiagram\nA <|--|> B", "stateDiagram\n??? x"]
)
def test_a_line_of_a_model_that_is_not_understood_silences_it(text):
    found, counted = read(text)
    assert counted == {NOT_UNDERSTOOD: 1} and not found.unread.whole("arrows")


@pytest.mark.parametrize(
    "text", ["C4Context\n Rel(a, b, x)", "pie\n a: 1", "gantt\n x", "mindmap\n root", "journey"]
)
def test_a_diagram_of_another_kind_is_counted(text):
    assert read(text) == (None, {"a Mermaid diagram of a kind that is not read": 1})


@pytest.mark.parametrize(
    ("body", "edges"),
    [
        ("a -> b [dir=back]", [("b", "a")]),
        ("a -> b [dir=both]", [("a", "b"), ("b", "a")]),
        ("a -> b [dir=none]", []),
        ("a -> b [style=invis]", []),
        ('a [shape=record, label="{x|y}"]; a -> b', [("a", "b")]),
        ('a [label="\\N"]; a -> b', [("a", "b")]),
    ],
)
def test_arrows_of_graphviz_as_their_attributes_turn_them(body, edges):
    found, counted = read(f"digraph {{ {body} }}", dot)
    assert [(edge.start, edge.end) for edge in found.edges] == edges and counted == {}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("digraph { edge [dir=back]; a -> b }", "arrows/a"),
        ("digraph { a -> b [lhead=cluster_x] }", "arrows/a"),
        ("digraph { a -> b } digraph { a -> c }", "arrows/a"),
        ("digraph { a -> a; a -> b }", "arrows/a"),
    ],
)
def test_what_graphviz_draws_otherwise_silences(text, scope):
    assert not read(text, dot)[0].unread.whole(scope)


@pytest.mark.parametrize("text", ["graph { a -- b }", "digraph { a -> }", "strict graph { a }"])
def test_what_is_no_digraph_is_counted(text):
    assert read(text, dot) == (None, {"a Graphviz text that is no digraph": 1})
