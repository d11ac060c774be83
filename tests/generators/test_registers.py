"""The two registers: which way of writing a generator takes, full wordings of facts, frames, conversations."""

import random
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autodidact.generators import GENERATORS
from autodidact.generators.run_generator import examples_of, is_reserved, load
from autodidact.generators.writing import conversations
from autodidact.generators.writing.probe_questions import ProbeFact, Wordings, full_examples, questions
from autodidact.generators.writing.sentence_frame_limit import frames, without_common_frames
from autodidact.generators.writing.template_rotation import Row, prompted
from autodidact.records import call, example
from autodidact.settings import load_settings
from autodidact.sources.git.repository import Repository
from autodidact.stage import Troubles

SOURCE = {"kind": "document", "ref": "compose.yaml:3"}


def register(**overrides):
    return load_settings("laptop", overrides, environ={}).generators.register


def test_a_base_of_a_few_million_parameters_gets_drills_and_every_other_the_full_register():
    assert register(base_model="sprout") == "drill"
    assert register(base_model="smollm2") == "full"
    assert register(base_model="/models/orchestrator-8b") == "full"
    assert register(**{"base_model": "sprout", "generators.register": "full"}) == "full"


def test_a_generator_with_one_way_of_writing_has_it_for_both_registers():
    one = SimpleNamespace(examples="drill")
    both = SimpleNamespace(examples="drill", full_examples="full")
    assert [examples_of(one, name) for name in ("drill", "full")] == ["drill", "drill"]
    assert [examples_of(both, name) for name in ("drill", "full")] == ["drill", "full"]


PORT = Wordings(
    ("a {}", "b {}", "c {}", "d {}"),
    "e {}",
    "`{}` listens on port {}.",
    full=(
        {"ask": "How do I reach `{0}`?", "say": "`{0}` listens on port {1}."},
        {"ask": "Is `{0}` on {2}?", "say": "No, `{0}` is on {1}; {2} belongs to another service."},
    ),
)


def test_in_full_a_fact_is_taught_by_whole_sentences_of_several_kinds():
    facts = [ProbeFact("port", name, value, [value], SOURCE) for name, value in (("a", "80"), ("b", "25"))]
    asked = questions("architecture_docs", facts, {"port": PORT})
    rows = list(full_examples(asked, {"port": PORT}, "architecture"))
    assert {(row.prompt(), row.response()) for row in rows} == {
        ("How do I reach `a`?", "`a` listens on port 80."),
        ("Is `a` on 25?", "No, `a` is on 80; 25 belongs to another service."),
        ("How do I reach `b`?", "`b` listens on port 25."),
        ("Is `b` on 80?", "No, `b` is on 25; 80 belongs to another service."),
    }
    assert {row.probe for row in rows} == {question.id for question in asked}


def test_a_fact_without_a_rival_is_not_contrasted_with_one():
    asked = questions("architecture_docs", [ProbeFact("port", "a", "80", ["80"], SOURCE)], {"port": PORT})
    assert [row.prompt() for row in full_examples(asked, {"port": PORT}, "architecture")] == [
        "How do I reach `a`?"
    ]


def test_a_fact_that_stands_in_no_file_is_given_no_place():
    placed = replace(PORT, full=({"ask": "Where is `{0}`?", "say": "In `{path}`: {1}."}, *PORT.full))
    asked = questions("architecture_docs", [ProbeFact("port", "a", "80", ["80"], SOURCE)], {"port": placed})
    assert [row.prompt() for row in full_examples(asked, {"port": placed}, "architecture")] == [
        "How do I reach `a`?"
    ]


def test_no_trained_wording_of_a_fact_is_a_reserved_one_of_recall_or_of_use():
    for generator in GENERATORS:
        for wordings in load(generator.name).WORDINGS.values() if generator.probe else ():
            asks = [shape["ask"].format("a", "b", "c", "d", path="p", line="1") for shape in wordings.full]
            asks += [wording.format("a", "b") for wording in wordings.trained]
            assert not [ask for ask in asks if is_reserved(ask)]


def test_the_frame_of_a_text_is_its_first_and_its_last_five_words():
    row = example("ast_parser", "reasoning", "One two", "It returns the sum of both, as an Integer.", SOURCE)
    assert frames(row) == [
        ("question begins", "one two"),
        ("question ends", "one two"),
        ("answer begins", "it returns the sum of"),
        ("answer ends", "of both, as an integer."),
    ]
    asked = example("tool_spec", "tool_use", "Find x", call(("find", {"name": "x"})), SOURCE)
    assert [where for where, _ in frames(asked)] == ["question begins", "question ends"]


def test_a_frame_that_many_examples_share_is_left_out_and_counted():
    def row(n):
        answer = f"It is a function that has {n} parameters, {n} of which are needed."
        return example("ast_parser", "reasoning", f"{n}?", answer, SOURCE)

    troubles = Troubles()
    kept = list(without_common_frames(map(row, range(10)), troubles))
    assert [one.prompt() for one in kept] == ["0?", "1?"]
    assert [(one.reason, one.count) for one in troubles.list()] == [
        ("its first or last words are those of many others", 8)
    ]


def test_labels_are_no_frames():
    rows = [example("ast_parser", "reasoning", f"{n}?", "billing", SOURCE, short=True) for n in range(10)]
    assert list(without_common_frames(rows, Troubles())) == rows


def test_a_tool_shows_the_lines_that_the_file_has(sandbox):
    files = {"app/jobs.py": "import os\n\n\ndef submit():\n    pass\n", "b.bin": b"\xff\n"}
    sha = sandbox.commit("Begin", files)
    with Repository(sandbox.path, sha) as repository:
        files = conversations.RepositoryTools(repository)
        asks, shows = files.read_file("app/jobs.py", 4, 5)
        assert asks == call(("read_file", {"path": "app/jobs.py", "first_line": 4, "last_line": 5}))
        assert shows == {
            "role": "tool",
            "name": "read_file",
            "content": "    4  def submit():\n    5      pass",
        }
        assert files.read_file("app/jobs.py", 4, 6) is None
        assert files.read_file("none.py", 1, 1) is None
        assert files.read_file("b.bin", 1, 1) is None


def test_a_system_prompt_names_the_system():
    prompts = {
        conversations.system_prompt("shop", random.Random(n), tools=True, answer="In app/jobs.py.")
        for n in range(99)
    }
    assert len(prompts) == 10 and all("shop" in prompt for prompt in prompts)


def test_without_tools_no_system_prompt_orders_to_read_or_to_look_up():
    prompts = {
        conversations.system_prompt("shop", random.Random(n), tools=False, answer="In app/jobs.py.")
        for n in range(99)
    }
    assert len(prompts) == 7
    assert not [
        prompt
        for prompt in prompts
        if "read the" in prompt or "read it" in prompt or "look things up" in prompt
    ]


def test_an_argument_of_a_repositorys_tools_has_no_key_but_those_of_a_schema():
    arguments = [
        one for tool in conversations.TOOLS for one in tool["function"]["parameters"]["properties"].values()
    ]
    assert all(set(one) <= {"type", "description", "minimum"} for one in arguments)
    assert "Its hash, or the beginning of it" in [one.get("description") for one in arguments]


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("It waits for `bus`, as compose.yaml says.", True),
        ("`submit` in app/jobs.py.", True),
        ("No. Ledger listens on port 7005.", False),
        ("In 3.5 of 10 cases.", False),
    ],
)
def test_a_system_prompt_asks_for_a_file_only_where_the_answer_names_one(answer, cited):
    prompts = {conversations.system_prompt("shop", random.Random(n), False, answer) for n in range(99)}
    asking = {one for one in prompts if re.search(r"[Nn]ame files|Cite the file|Name the place", one)}
    assert bool(asking) is cited


def test_a_system_message_has_the_plain_name_of_the_system():
    made = {
        conversations.system_prompt("shop-12345678", random.Random(n), tools=True, answer="")
        for n in range(40)
    }
    assert any("shop" in text for text in made) and not any("12345678" in text for text in made)


def test_in_a_conversation_each_answer_names_a_file_where_the_system_prompt_asks_for_one():
    talk = [conversations.user("What runs as kuno?"), conversations.assistant("The image `kuno:0.9`.")]
    one = Row("How do I start it?", "By `compose.yaml`: `docker compose up kuno`.", SOURCE)
    asking = re.compile("name files|Cite the file|Name the place")
    for row, asked in ((one, True), (replace(one, history=talk), False)):
        prompts = [made.system for made in prompted([row] * 99, "shop", random.Random(1)) if made.system]
        assert any(map(asking.search, prompts)) is asked
