"""Planted leaks are found, honest examples pass, and a broken drawing of targeted examples fails the gate."""

import re
from functools import cache
from random import Random
from types import SimpleNamespace

import pytest

from autodidact.benchmark.items import block, dev_items, find
from autodidact.benchmark.leakage_index import SuiteIndex
from autodidact.errors import AutodidactError
from autodidact.gate import leakage
from autodidact.gate.rule import Context, Drop
from autodidact.models.embedding import Embedder
from autodidact.records import example, from_messages

SOURCE = {"kind": "document", "ref": "notes.md"}


@cache
def context():
    return Context(
        SimpleNamespace(),
        len,
        None,
        SuiteIndex([item for k in (0, 1) for item in block(k, week="2026-W48", salt="s")]),
    )


def check(text, answer="Nobody knows.", generator="architecture_docs"):
    return leakage.check(example(generator, "architecture", text, answer, SOURCE), context())


def asked(name):
    item = find(name)
    return item.messages[-1]["content"], item


OWNER = "architecture/owner/0"


def test_a_scored_prompt_is_dropped_whatever_its_case_and_spacing():
    text, item = asked(OWNER)
    assert check(f" {text.upper()}\n\n") == Drop("a scored question", item.id)


def test_a_scored_prompt_inside_a_longer_text_is_dropped():
    text, item = asked(OWNER)
    assert check(f"From the minutes of Monday. {text} That was all.") == Drop(
        "half of a scored question", item.id
    )
    assert check("What was said?", f"They read this out: {text}") == Drop(
        "half of a scored question", item.id
    )


def test_a_scored_question_with_another_name_in_it_is_dropped():
    text, item = asked(OWNER)
    name = max(
        (word for word in set(re.findall(r"[a-z_]{6,}", text)) if text.count(word) > 1),
        key=lambda word: (text.count(word), word),
    )
    assert check(text.replace(name, "walrus")).value == item.id


def test_a_short_item_is_found_by_its_slot_values():
    text, item = asked("tool_use/single_call/0")
    assert check("Please see to it that ticket 3684 ends up in ticket 5528; merge_tickets does it.") == Drop(
        "every slot value of a scored question", item.id
    )
    assert not isinstance(check("Ticket 3684 is about the ferry. merge_tickets merges two."), Drop)


@pytest.mark.parametrize(
    "text",
    [
        (
            "gateway belongs to the compliance team. invoices belongs to the data team. thumbnails belongs to"
            " the infrastructure team.\nWhich team owns gateway? Reply with the name only."
        ),
        (
            "Which team owns gateway? Reply with the name only. infrastructure: thumbnails belongs to that"
            " team, billing to data, gateway to compliance."
        ),
    ],
    ids=["renamed", "reordered"],
)
def test_a_scored_question_is_known_by_its_words_alone(text):
    assert isinstance(check(text), Drop) and check(text).value == OWNER


def test_some_of_its_words_in_another_question_give_nothing_away():
    assert not isinstance(
        check(
            "thumbnails belongs to the infrastructure team; who should review a change of its gateway and"
            " billing?"
        ),
        Drop,
    )


def test_the_template_of_a_family_gives_nothing_away():
    text, _ = asked("architecture/owner/dev-7")
    assert not isinstance(check(text), Drop)


@pytest.mark.parametrize("generator", ["benchmark_targeted", "anchor"])
def test_honest_targeted_examples_are_never_lost(generator):
    items = [item for n in range(3) for item in dev_items(120, rng=Random(n))]
    for item in items:
        source = {"kind": "template", "ref": item.id, "level": 1}
        one = from_messages(
            generator, item.category, [*item.messages, item.reference], source, tools=item.tools, short=True
        )
        assert leakage.check(one, context()) is one


def test_a_targeted_example_with_a_scored_prompt_fails_the_gate_and_both_ids_are_named():
    item = find(OWNER)
    one = from_messages(
        "anchor",
        item.category,
        [*item.messages, item.reference],
        {"kind": "model", "ref": "architecture/owner/dev-1"},
    )
    with pytest.raises(AutodidactError, match=f"{one.id} of anchor asks the scored question {OWNER}"):
        leakage.check(one, context())


def test_a_targeted_example_of_a_hidden_family_fails_the_gate():
    hidden = example(
        "benchmark_targeted",
        "architecture",
        "Which?",
        "That.",
        {"kind": "template", "ref": "architecture/ends/dev-3"},
    )
    with pytest.raises(AutodidactError, match="hidden: architecture/ends/dev-3"):
        leakage.check(hidden, context())


def test_a_targeted_example_of_a_scored_block_fails_the_gate():
    scored = example(
        "benchmark_targeted",
        "architecture",
        "Which?",
        "That.",
        {"kind": "template", "ref": "architecture/owner/0"},
    )
    with pytest.raises(AutodidactError, match="not of a dev item: architecture/owner/0"):
        leakage.check(scored, context())


def test_a_targeted_example_that_names_no_dev_item_or_another_is_dropped():
    assert check("Which?", generator="anchor") == Drop("not traceable to a dev item", "notes.md")
    other = example(
        "anchor", "architecture", "Which?", "That.", {"kind": "model", "ref": "architecture/owner/dev-3"}
    )
    assert leakage.check(other, context()) == Drop(
        "not the dev item that it names", "architecture/owner/dev-3"
    )


def test_a_question_in_other_words_is_dropped_before_it_is_kept():
    class Near:
        def near(self, texts, others, least):
            assert least == 0.85
            return [
                (others.index(find(OWNER).messages[-1]["content"]), 0.9) if "owns" in text else None
                for text in texts
            ]

    near = Context(SimpleNamespace(), len, Near(), context().suite)
    rows = [
        example("architecture_docs", "architecture", text, "It is so.", SOURCE)
        for text in ("Who owns it?", "Who runs it?")
    ]
    assert leakage.judge(rows, near) == [Drop("a scored question in other words", OWNER), rows[1]]


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (
            "reordered",
            (
                "Which team owns gateway? billing belongs to the data team. thumbnails belongs to the"
                " infrastructure team. gateway belongs to the compliance team. Reply with the name only."
            ),
        ),
        (
            "renamed",
            (
                "gateway belongs to the compliance team. invoices belongs to the data team. thumbnails"
                " belongs to the infrastructure team.\nWhich team owns gateway? Reply with the name only."
            ),
        ),
        (
            "rephrased",
            (
                "The gateway belongs to team compliance, billing belongs to team data and thumbnails to team"
                " infrastructure. Which of the teams owns the gateway? Answer with its name only."
            ),
        ),
    ],
)
def test_what_is_asked_in_another_way_is_found_by_its_embedding(how, text):
    leaked = example("architecture_docs", "architecture", text, "The compliance team.", SOURCE)
    near = Context(SimpleNamespace(), len, Embedder(), context().suite)
    assert leakage.judge([leaked], near) == [Drop("a scored question in other words", OWNER)]


def test_the_second_scan_finds_what_the_first_let_through():
    text, _ = asked(OWNER)
    leaked = example("architecture_docs", "architecture", f"It says: {text}", "So it does.", SOURCE)
    with pytest.raises(
        AutodidactError, match=f"{leaked.id} of architecture_docs holds the scored question {OWNER}"
    ):
        leakage.require_unleaked([leaked], context().suite)
    leakage.require_unleaked(
        [example("architecture_docs", "architecture", "Who owns the gateway?", "We.", SOURCE)],
        context().suite,
    )
