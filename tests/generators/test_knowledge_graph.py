"""Relations: from a file of triples, and from the imports of a repository."""

import sqlite3
from collections.abc import Iterator

import pytest

from autodidact.errors import Skipped
from autodidact.generators.writing import relation_phrases
from autodidact.records import Example
from autodidact.settings import SAMPLES
from autodidact.sources.git.repository import Repository
from autodidact.sources.graphs.triple_graph import Attribute
from tests.generators.snapshots import answers, examples_of, file, questions_of, read, snapshot, troubles
from tests.generators.taught import assert_no_constant_answer_scores, assert_taught

TRIPLES = """subject,relation,object
web,depends_on,shop
shop,depends_on,ledger
shop,depends_on,mail
shop,owned_by,ada
mail,owned_by,bo
ledger,owned_by,ada
"""


def untaught(seen) -> Iterator[Example]:
    """The examples but those that teach the knowledge probe, which come first, and those that bring their
    facts along (test_in_context.py).
    """
    return (
        row
        for row in examples_of("knowledge_graph", seen)
        if "probe" not in row.model_extra and "open_book" not in row.source.model_extra
    )


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES))
    return {
        prompt.rpartition("\n")[2]: answer
        for prompt, answer in answers(examples_of("knowledge_graph", seen)).items()
    }


def test_one_step_forwards_and_backwards(told):
    asks = [ask.format("shop") for ask in relation_phrases.of("depends_on").ask]
    assert [told[ask] for ask in asks if ask in told] == ["shop depends on ledger and mail."] * 2
    asks = [ask.format("ada") for ask in relation_phrases.of("owned_by").ask_back]
    assert [told[ask] for ask in asks if ask in told] == ["ledger and shop are owned by ada."] * 2


def test_two_steps(told):
    assert told["For each of the direct dependencies of shop: who owns it?"] == "ledger: ada; mail: bo."
    assert told["Take what web depends on: who owns it?"] == "shop is owned by ada."


def test_paths_and_impact(told):
    ways = {answer for ask, answer in told.items() if "web" in ask and answer.startswith("web ->")}
    assert ways == {"web -> shop -> ledger.", "web -> shop -> mail."}
    impact = [
        told[ask]
        for ask in (ask.format("mail") for ask in relation_phrases.of("depends_on").ask_impact)
        if ask in told
    ]
    assert impact == ["shop directly. Through it also web."]


def test_what_is_not_so_is_denied_with_what_is_so(told):
    denied = {answer for answer in told.values() if answer.startswith(("No.", "No,", "Not directly"))}
    right = {
        "No, the other way round: web depends on shop.",
        "No. mail is owned by bo.",
        "No. shop is owned by ada.",
        "No. ledger is owned by ada.",
    }
    right |= {f"Not directly: web depends on shop, and shop depends on {end}." for end in ("ledger", "mail")}
    assert denied and denied <= right


def test_what_the_graph_does_not_say_is_said_to_be_unknown(told):
    unknown = [
        told[ask]
        for ask in told
        if "web" in ask and told[ask].startswith(("The graph does not say", "That is not in the graph"))
    ]
    assert unknown and all(
        answer
        in ("The graph does not say.", "That is not in the graph; it only says that web depends on shop.")
        for answer in unknown
    )


def test_an_answer_cites_the_triples_that_it_follows_from(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES))
    example = next(
        e
        for e in examples_of("knowledge_graph", seen)
        if e.prompt().endswith("For each of the direct dependencies of shop: who owns it?")
    )
    assert example.category == "architecture"
    assert example.source.model_dump() == {
        "kind": "graph",
        "ref": f"{tmp_path}/graph.csv",
        "asks": ["two steps", "depends_on", "owned_by", "shop"],
        "triples": [
            ["shop", "depends_on", "ledger"],
            ["shop", "depends_on", "mail"],
            ["ledger", "owned_by", "ada"],
            ["mail", "owned_by", "bo"],
        ],
    }


def test_an_unknown_relation_is_read_as_it_is_written(tmp_path):
    seen = snapshot(
        tmp_path,
        knowledge_graph=file(
            tmp_path, "g.csv", "from,edge,to\nkit,calls_at,pier\nful,calls_at,pier\nkit,home_pier,pier\n"
        ),
    )
    told = set(answers(examples_of("knowledge_graph", seen)).values())
    assert {"ful and kit call at pier.", "kit has the home pier pier."} <= told


def test_the_imports_of_a_repository(sandbox, tmp_path):
    commit = sandbox.commit(
        "Begin",
        {
            "src/shop/__init__.py": "",
            "src/shop/cart.py": "from . import money\nfrom shop.mail import send\n",
            "src/shop/money.py": "import decimal\n",
            "src/shop/mail.py": "def send():\n    from shop import money\n",
            "src/shop/broken.py": "def (\n",
            "tests/test_cart.py": "from shop import cart\n",
            "examples/run.py": "import shop.mail\n",
        },
    )
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        examples = list(examples_of("knowledge_graph", seen))
    told = answers(examples)
    assert "`shop.cart` imports `shop.mail` and `shop.money`." in told.values()
    assert "`shop.cart` and `shop.mail` import `shop.money`." in told.values()
    assert "`tests/test_cart.py` imports `shop.cart`." in told.values()
    # Who imports it at run time nobody can read.
    assert not any("cart" in ask and answer.startswith("No module") for ask, answer in told.items())
    assert troubles(seen) == {"syntax error": 1}
    assert all(example.source.commit == commit and example.source.kind == "git" for example in examples)


def test_what_changed_comes_first(sandbox, tmp_path):
    files = {f"pkg/m{n}.py": f"from pkg import m{(n + 1) % 30}\n" for n in range(30)} | {
        "pkg/__init__.py": ""
    }
    before = sandbox.commit("Begin", files)
    commit = sandbox.commit("Change", {"pkg/m7.py": "from pkg import m8, m20\n"}, hours=1)
    with Repository(sandbox.path, commit) as repository:
        first = [next(untaught(snapshot(tmp_path, repository, limit=n, previous=before))) for n in (1, 5)]
        some = list(untaught(snapshot(tmp_path, repository, limit=4, previous=before)))
    assert len({example.id for example in first}) == 1
    assert all(
        "pkg.m7" in example.line() or example.source.asks[0] in ("impact", "absent") for example in some
    )


def test_lines_that_are_no_triples_cost_themselves_alone(tmp_path):
    seen = snapshot(
        tmp_path,
        knowledge_graph=file(
            tmp_path,
            "g.csv",
            b"from,relation,to\nshop,owned_by,ada\nshop,owned_by\n,,\nshop,,x\nm\xffil,owned_by,bo\n",
        ),
    )
    told = set(answers(examples_of("knowledge_graph", seen)).values())
    # What else it is owned by was perhaps not read.
    assert "Yes. shop is owned by ada." in told and "shop is owned by ada." not in told
    assert troubles(seen) == {"invalid UTF-8": 1, "not a triple": 3}


def test_skipped_without_a_graph_and_a_repository(tmp_path):
    with pytest.raises(Skipped, match="sources.knowledge_graph names no file, and there is no repository"):
        list(examples_of("knowledge_graph", snapshot(tmp_path)))


def test_equal_snapshots_give_equal_examples_and_never_one_prompt_twice(tmp_path):
    path = file(tmp_path, "graph.csv", TRIPLES)
    runs = [list(untaught(snapshot(tmp_path, knowledge_graph=path, limit=20))) for _ in range(2)]
    assert [e.line() for e in runs[0]] == [e.line() for e in runs[1]]
    assert len({e.prompt() for e in runs[0]}) == len(runs[0]) == 20


CODE = {
    "shop/__init__.py": "",
    "shop/base.py": "class Thing:\n    pass\n\n\nclass Part(Thing):\n    pass\n",
    "shop/cart.py": (
        "from shop.base import Part\nfrom shop.money import charge\n\n\nclass Wheel(Part):\n    def"
        " turn(self):\n        charge()\n"
    ),
    "shop/money.py": "def charge():\n    audit()\n\n\ndef audit():\n    pass\n",
}


def test_inheritance_and_calls_of_a_repository(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", CODE)) as repository:
        told = answers(examples_of("knowledge_graph", snapshot(tmp_path, repository)))

    def said(relation: str, kind: str, *nodes: str) -> set[str]:
        asks = [
            ask.format(*(f"`{node}`" for node in nodes))
            for ask in getattr(relation_phrases.CODE[relation], kind)
        ]
        return {answer for ask in asks for prompt, answer in told.items() if prompt.endswith(ask)}

    assert said("inherits", "ask_impact", "Thing") == {"`Part` directly. Through it also `Wheel`."}
    assert said("inherits", "ask_path", "Wheel", "Thing") == {"`Wheel` -> `Part` -> `Thing`."}
    assert said("calls", "ask_path", "Wheel.turn", "audit") == {"`Wheel.turn` -> `charge` -> `audit`."}
    assert said("calls", "ask_impact", "audit") == {"`charge` directly. Through it also `Wheel.turn`."}
    # What a function calls itself is not in the graph.
    assert not [ask for ask in told if ask.endswith("Outside the tests, who calls `audit`?")]
    assert said("calls", "ask_back", "audit") == {"`charge` calls `audit`."}
    assert all("other" in ask or "itself" in ask for ask in relation_phrases.CODE["calls"].ask_back)
    two = [
        answer
        for ask, answer in told.items()
        if "Take what `Wheel` inherits from: which module defines it?" in ask
    ]
    assert two == ["`Part` is defined in `shop.base`."]


def test_a_table_of_a_database_is_a_graph_too(tmp_path):
    with sqlite3.connect(tmp_path / "graph.db") as base:
        base.execute("CREATE TABLE triples (subject TEXT, relation TEXT, object TEXT)")
        base.executemany(
            "INSERT INTO triples VALUES (?, ?, ?)", [line.split(",") for line in TRIPLES.split()[1:]]
        )
    examples = list(
        examples_of(
            "knowledge_graph", snapshot(tmp_path, knowledge_graph_url=f"sqlite:///{tmp_path}/graph.db")
        )
    )
    assert "shop depends on ledger and mail." in answers(examples).values()
    assert {(e.source.kind, e.source.ref) for e in examples} == {("table", "triples")}


def test_a_database_that_is_down_costs_itself_alone(tmp_path):
    url = "postgresql://me:hunter2@127.0.0.1:1/none"
    seen = snapshot(tmp_path, knowledge_graph=file(tmp_path, "graph.csv", TRIPLES), knowledge_graph_url=url)
    assert list(examples_of("knowledge_graph", seen))
    assert troubles(seen) == {"the database does not answer": 1}


def test_names_with_braces_and_quotes_are_only_names(tmp_path):
    seen = snapshot(
        tmp_path,
        knowledge_graph=file(tmp_path, "g.csv", 'from,type,to\n{0},{x},{y}\n"a"b",_,{\n{0},depends_on,{}\n'),
    )
    assert "{0} depends on {}." in answers(examples_of("knowledge_graph", seen)).values()


def test_a_name_that_is_not_there_is_said_to_be_absent(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=str(SAMPLES / "graph.csv"))
    absent = [
        e for e in examples_of("knowledge_graph", seen) if getattr(e.source, "asks", [""])[0] == "absent"
    ]
    nodes = {cell for line in (SAMPLES / "graph.csv").read_text().splitlines() for cell in line.split(",")}
    assert absent and all(e.response() == f"There is no {e.source.asks[2]} in this graph." for e in absent)
    assert not nodes & {e.source.asks[2] for e in absent}


def test_the_questions_of_the_probe_are_taught_in_other_words_and_no_constant_answer_scores(tmp_path):
    seen = snapshot(tmp_path, knowledge_graph=str(SAMPLES / "graph.csv"))
    asked, examples = list(questions_of("knowledge_graph", seen)), list(examples_of("knowledge_graph", seen))
    assert len(asked) == 10 and all(question.fresh for question in asked)
    assert len({e.prompt() for e in examples}) == len(examples)
    assert_taught(asked, examples)
    assert_no_constant_answer_scores(asked)


def test_an_owner_that_changed_since_the_champion_is_fresh(sandbox, tmp_path):
    champion = sandbox.commit("Begin", {"pkg/__init__.py": ""})
    commit = sandbox.commit("Go on", {"pkg/a.py": ""}, hours=48)
    owners = ["from,type,to\n", *(f"service{n},owned_by,team{n}\n" for n in range(6))]
    with Repository(sandbox.path, commit) as repository:
        early = snapshot(tmp_path, repository, knowledge_graph=file(tmp_path, "g.csv", "".join(owners)))
        list(questions_of("knowledge_graph", early))
        owners[4] = "service3,owned_by,team9\n"
        file(tmp_path, "g.csv", "".join(owners))
        late = snapshot(tmp_path, repository, knowledge_graph=str(tmp_path / "g.csv"))
        late.champion_commit, late.champion = champion, read(early)
        first, *others = questions_of("knowledge_graph", late)
    assert (first.subject, first.accept, first.fresh) == ("service3", ["team9"], True)
    assert others and not any(question.fresh for question in others)


def test_a_module_with_a_new_importer_is_fresh(sandbox, tmp_path):
    files = (
        {"pkg/__init__.py": ""}
        | {f"pkg/m{n}.py": f"from pkg import m{n + 1}\n" for n in range(5)}
        | {"pkg/m5.py": "", "pkg/m6.py": ""}
    )
    champion = sandbox.commit("Begin", files)
    commit = sandbox.commit("Use m6", {"pkg/m5.py": "import pkg.m6\n"}, hours=1)
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        seen.champion_commit = champion
        asked = {
            (question.kind, question.subject): question for question in questions_of("knowledge_graph", seen)
        }
    assert {key for key, question in asked.items() if question.fresh} == {
        ("imported_by", "pkg.m6"),
        ("only_import", "pkg.m5"),
    }
    assert asked["imported_by", "pkg.m6"].accept == ["pkg.m5"]


DENIES = ("No.", "No,", "Not directly", "Nothing", "There is no", "That is not in", "The graph does not")


def asked(tmp_path, text: str, name: str = "graph.csv") -> dict[str, str]:
    seen = snapshot(tmp_path, limit=3000, knowledge_graph=file(tmp_path, name, text))
    return answers(untaught(seen))


@pytest.mark.parametrize("row", ["helm,depends_on,\n", ",depends_on,shop\n", "helm,depends_on\n"])
def test_a_lost_row_silences_the_lists_and_denials_of_its_relation(tmp_path, row):
    told = asked(tmp_path, TRIPLES + row)
    about = {ask: answer for ask, answer in told.items() if "own" not in ask and "own" not in answer}
    assert "Yes. web depends on shop." in about.values()
    assert not [answer for answer in about.values() if answer.startswith(DENIES)]
    assert "shop depends on ledger and mail." not in about.values()
    assert "ledger and shop are owned by ada." in told.values()  # another relation
    assert [answer for answer in asked(tmp_path, TRIPLES).values() if answer.startswith(DENIES)]


@pytest.mark.parametrize("row", ["helm,,shop\n", "x\n", "m\ufffdil,owned_by,bo\n"])
def test_a_lost_row_of_an_unknown_relation_silences_all_of_them(tmp_path, row):
    data = f"{TRIPLES}{row}".encode().replace("\ufffd".encode(), b"\xff")
    seen = snapshot(tmp_path, limit=3000, knowledge_graph=file(tmp_path, "graph.csv", data))
    told = answers(untaught(seen))
    assert told and not [answer for answer in told.values() if answer.startswith(DENIES)]


def test_a_node_without_a_name_silences_what_it_could_contradict_and_nothing_else(tmp_path):
    text = "".join(
        f"<http://x/{subject}> <http://v/depends_on> <http://x/{obj}> .\n"
        for subject, obj in (("web", "shop"), ("shop", "ledger"), ("mail", "post"), ("bill", "mail"))
    )
    told = asked(tmp_path, text + "_:b <http://v/depends_on> <http://x/ledger> .\n", "g.nt").values()
    assert "web depends on shop." in told and "bill depends on mail." in told
    assert "mail directly. Through it also bill." in told
    assert not [answer for answer in told if answer.startswith("shop directly")]  # what breaks without ledger
    assert "shop directly. Through it also web." in asked(tmp_path, text, "g.nt").values()


def test_what_the_graph_only_says_is_all_that_it_says(tmp_path):
    text = TRIPLES + "web,written_in,Go\nweb,is_a,service\n"
    only = [answer for answer in asked(tmp_path, text).values() if "it only says that web" in answer]
    assert set(only) <= {
        "That is not in the graph; it only says that web depends on shop, web is a service and web is written in Go."
    }


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("g.csv", "a,b,c\n1,2,3\n", r"a header that is not understood \(.*g.csv: a, b, c\)"),
        ("g.json", '{"things": 1}', r"JSON of an unknown form \(.*g.json: things\)"),
        ("g.ttl", "", "it is empty"),
    ],
)
def test_a_graph_of_which_nothing_can_be_read_is_skipped_with_the_reason(tmp_path, name, text, why):
    with pytest.raises(
        Skipped, match=f"no triple can be read of .*{name}: {why}, and there is no repository"
    ):
        asked(tmp_path, text, name)


def test_a_value_that_is_a_sentence_ends_once(tmp_path):
    told = asked(tmp_path, "from,type,to\nledger,comment,It keeps the money.\nmail,comment,It sends.\n")
    assert "ledger has the comment It keeps the money." in told.values()
    assert not [answer for answer in told.values() if ".." in answer]


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ("", {"Nothing: no other part needs web."}),
        ("till,calls,web\n", {"till directly."}),
        ("till,reads_from,web\n", set()),
        ("web,owned_by,till\n", {"Nothing: no other part needs web."}),
    ],
)
def test_nothing_suffers_only_where_no_relation_leads_to_it(tmp_path, more, answer):
    told = {ask.rpartition("\n")[2]: answer for ask, answer in asked(tmp_path, TRIPLES + more).items()}
    asks = [ask.format("web") for ask in relation_phrases.of("depends_on").ask_impact]
    assert {told[ask] for ask in asks if ask in told} == answer


def test_what_suffers_by_two_relations_is_not_told_of_one(tmp_path):
    told = {ask.rpartition("\n")[2] for ask in asked(tmp_path, TRIPLES + "till,calls,ledger\n")}
    asks = [ask.format("ledger") for ask in relation_phrases.of("depends_on").ask_impact]
    assert not [ask for ask in asks if ask in told]


def test_a_damaged_graph_contradicts_no_answer_of_the_whole_one(tmp_path):
    whole, lines = asked(tmp_path, TRIPLES), TRIPLES.splitlines()
    for number in range(1, len(lines)):
        for cell in range(3):
            cells = lines[number].split(",")
            cells[cell] = "TBD" if number % 2 else ""
            damaged = asked(tmp_path, "\n".join([*lines[:number], ",".join(cells), *lines[number + 1 :]]))
            both = [ask for ask in damaged if ask in whole]
            assert both and [ask for ask in both if damaged[ask] != whole[ask]] == []


def test_of_two_ways_neither_is_told_as_the_way(tmp_path):
    told = asked(tmp_path, TRIPLES + "web,depends_on,mill\nmill,depends_on,mail\n").values()
    assert "web -> shop -> ledger." in told
    assert not [answer for answer in told if answer.startswith("web ->") and answer.endswith("mail.")]


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        ("replaced", "ferry replaced raft."),
        ("built", "ferry built raft."),
        ("home_pier", "ferry has the home pier raft."),
        ("feed", "ferry has the feed raft."),
        ("replaced_by", "ferry is replaced by raft."),
        ("depended_on", "ferry depended on raft."),
        ("does_not_need", "ferry does not need raft."),
        ("formerlyDependedOn", 'ferry stands in the relation "formerlyDependedOn" to raft.'),
        ("replicas", "ferry has the `replicas` raft."),
        ("was_part_of", "ferry was part of raft."),
        ("led_by", "ferry is led by raft."),
        ("family_name", "ferry has the family name raft."),
        ("supply", "ferry has the supply raft."),
        ("covers", "ferry covers raft."),
        ("tags", "ferry has the `tags` raft."),
        ("related", 'ferry stands in the relation "related" to raft.'),
        ("related_to", "ferry is related to raft."),
        ("doesnt_call", 'ferry stands in the relation "doesnt_call" to raft.'),
        ("isnt_part_of", 'ferry stands in the relation "isnt_part_of" to raft.'),
    ],
)
def test_a_relation_that_is_a_verb_in_the_past_is_said_as_one(relation, said):
    assert relation_phrases.of(relation).say(["ferry"], ["raft"]) == said


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        ("hosts", "ferry has the `hosts` raft."),
        ("kids", "ferry has the `kids` raft."),
        ("calls", "ferry has the `calls` raft."),
        ("uses_language", "ferry has the `uses_language` raft."),
        ("founded", "ferry has the `founded` raft."),
        ("home_pier", "ferry has the home pier raft."),
        ("status", "ferry has the status raft."),
        ("located_in", "ferry is located in raft."),
        ("owned_by", "ferry is owned by raft."),
        ("depends_on", "ferry depends on raft."),
    ],
)
def test_an_attribute_of_a_node_is_a_noun_whatever_its_word_looks_like(attribute, said):
    assert relation_phrases.of(Attribute(attribute)).say(["ferry"], ["raft"]) == said


def test_a_list_of_values_is_said_as_several_and_asked_for_without_code_in_code():
    phrase = relation_phrases.of("tags")
    assert phrase.say(["ferry"], ["core", "old"]) == "ferry has the `tags` core and old."
    assert phrase.ask[1].format("ferry") == "In the graph, what follows `ferry has the tags`?"
    assert phrase.ask_back[1].format("old") == "In the graph, what stands before `has the tags old`?"


@pytest.mark.parametrize(
    "relation",
    [
        "used to depend on",
        "may depend on",
        "might_call",
        "should call",
        "would_need",
        "DEPRECATED_calls",
        "formerly_owned_by",
        "stopped_using",
        "stopped depending on",
        "no_longer_uses",
        "NOT calls",
        "never calls",
        "planned_to_replace",
        "supposed to run on",
        "depends on?",
        "DEPEND_ON",
        "use",
        "h\u00e4ngt ab von",
        "besitzt",
        "ruft auf",
        "appelle",
        "depende de",
        "es parte de",
    ],
)
def test_a_relation_that_is_surely_no_statement_in_the_present_is_quoted(relation):
    phrase = relation_phrases.of(relation)
    said = f'in the relation "{relation}" to'
    assert phrase.say(["ferry"], ["raft"]) == f"ferry stands {said} raft."
    assert phrase.say(["ferry", "tug"], ["raft"]) == f"ferry and tug stand {said} raft."
    assert phrase.whether("ferry", "raft") == f"Is it right that ferry stands {said} raft?"


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        ("docks at", "ferry docks at raft."),
        ("next to", "ferry is next to raft."),
        ("responsible_for", "ferry is responsible for raft."),
        ("owner of", "ferry is owner of raft."),
        ("isOptionalFor", "ferry is optional for raft."),
        ("berth number", "ferry has the berth number raft."),
        ("dateOfBirth", "ferry has the date of birth raft."),
        ("destination", "ferry has the destination raft."),
    ],
)
def test_a_relation_that_is_surely_a_verb_or_a_noun_is_said_as_one(relation, said):
    assert relation_phrases.of(relation).say(["ferry"], ["raft"]) == said


def test_a_value_that_reads_as_several_is_quoted():
    phrase = relation_phrases.of("note")
    assert (
        phrase.say(["ferry"], ["slow; old, too", "blue"]) == 'ferry has the note "slow; old, too" and blue.'
    )
    assert phrase.say(["ferry"], ['"slow, old"']) == 'ferry has the note "slow, old".'


def test_no_question_has_an_article_before_the_name_of_a_kind():
    phrase = relation_phrases.of("is_a")
    assert phrase.whether("Bob", "Admin") == "Is Bob listed as Admin?"
    assert phrase.mistaken("Bob", "Admin") == "Bob is an Admin, right?"
    assert [ask for ask in phrase.ask_back if " a {0}" in ask] == []


def test_of_a_property_that_is_true_or_false_it_is_said_how_it_is_set(tmp_path):
    nodes = "id:ID,name,active:boolean\n1,booking,false\n2,ledger,true\n3,quay,true\n"
    told = asked(tmp_path, nodes, "nodes.csv")
    assert {"ledger has `active` set to true.", "ledger and quay have `active` set to true."} <= {
        *told.values()
    }
    assert not [
        text for pair in told.items() for text in pair if "the active" in text or "active true" in text
    ]


def test_of_what_is_deprecated_nothing_else_is_said(tmp_path):
    more = "shop,deprecated,true\nledger,deprecated,false\n"
    told = asked(tmp_path, TRIPLES + more)
    assert "shop has `deprecated` set to true." in told.values()
    assert not [text for text in told.values() if "depends on" in text and "shop" in text]
    assert "ledger is owned by ada." in told.values() or "ada owns ledger." in told.values()
