"""Lessons claim an answer; these tests work the answer out another way, or compare with a literal example."""

import json
import re
from random import Random

import pytest

from autodidact_sprout.lessons import ALL_SKILLS
from autodidact_sprout.lessons.code import diff, graph, where
from autodidact_sprout.lessons.maker import UNKNOWN, Maker
from autodidact_sprout.lessons.numbers import sums
from autodidact_sprout.lessons.reading import extract, label
from autodidact_sprout.lessons.steps import member, order
from autodidact_sprout.lessons.tools import NO_TOOL, call, tool_choice, tool_none, tool_simple, tool_types
from tests.sprout.sprout_words import DOCS, WORDS


def lessons(skill, n=60, seed="test"):
    maker = Maker(Random(f"{seed}/{skill.__name__}"), WORDS, DOCS)
    return [skill(maker) for _ in range(n)]


@pytest.mark.parametrize("skill", ALL_SKILLS, ids=lambda s: s.__name__)
def test_every_lesson_is_well_formed_and_reproducible(skill):
    some = lessons(skill)
    assert some == lessons(skill)
    assert some != lessons(skill, seed="other")
    for lesson in some:
        assert lesson.turns
        for question, answer in lesson.turns:
            assert question.strip() and answer.strip() == answer and answer


def test_literal_examples():
    """Fixed seeds, so that a change of the curriculum is a change somebody has seen."""
    maker = Maker(Random("literal"), WORDS, DOCS)
    assert [maker.snake(), maker.camel(), maker.path()] == LITERAL_NAMES
    assert sums(Maker(Random("literal"), WORDS)).turns == LITERAL_SUMS


def test_sums_are_right():
    for lesson in lessons(sums, 200):
        for question, answer in lesson.turns:
            for op in "+-*":
                if question.startswith("What is") and f" {op} " in question:
                    a, b = question.removeprefix("What is ").rstrip("?").split(f" {op} ")
                    assert (
                        int(answer) == {"+": int(a) + int(b), "-": int(a) - int(b), "*": int(a) * int(b)}[op]
                    )


def test_label_answers_are_among_those_listed():
    for lesson in lessons(label):
        everything = (lesson.system or "") + lesson.turns[0][0]
        assert all(answer in everything for _, answer in lesson.turns)


@pytest.mark.parametrize("skill", [extract, where])
def test_values_and_paths_come_from_the_context_or_are_unknown(skill):
    for lesson in lessons(skill):
        everything = (lesson.system or "") + lesson.turns[0][0]
        for question, answer in lesson.turns:
            assert (
                answer == UNKNOWN
                or answer in everything
                or all(part in everything for part in answer.split("`")[1::2])
            ), (lesson, question)


def test_orders_agree_with_every_pair():
    for lesson in lessons(order):
        text = (lesson.system or "") + "\n" + lesson.turns[0][0]
        for question, answer in lesson.turns:
            for sep, how in ((" -> ", "Join with ->."), (", ", "Join with commas.")):
                if how in question:
                    items = answer.split(sep)
                    assert len(set(items)) == len(items) >= 3
                    for a, b in zip(items, items[1:], strict=False):
                        shown = [
                            f"{a} before {b}",
                            f"{a} comes before {b}",
                            f"{a} runs before {b}",
                            f"{b} after {a}",
                            f"{b} depends on {a}",
                            f"{b} needs {a}",
                            f"{a} then {b}",
                            f"{a} < {b}",
                        ]
                        assert any(s in text for s in shown)


def test_membership_is_true():
    for lesson in lessons(member):
        for question, answer in lesson.turns:
            if found := re.search(r"Is (\S+) (?:in the list|one of them)\?", question):
                name = found[1]
                others = [lesson.system or "", lesson.turns[0][0].replace(found[0], "")]
                assert (
                    any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", t) for t in others)
                    or answer == "no"
                ), (lesson, name)


def test_graph_ways_follow_edges():
    for lesson in lessons(graph):
        text = ((lesson.system or "") + lesson.turns[0][0]).replace("`", "")
        for question, answer in lesson.turns:
            if "the way from" in question:
                nodes = answer.split(" -> ")
                verbs = ["calls", "imports", "uses", "feeds", "sends to", "depends on", "->"]
                assert all(
                    any(f"{a} {v} {b}" in text for v in verbs) for a, b in zip(nodes, nodes[1:], strict=False)
                )


def test_diff_operators_are_those_shown():
    for lesson in lessons(diff):
        text = (lesson.system or "") + lesson.turns[0][0]
        for question, answer in lesson.turns:
            if question.endswith("Which operator was changed?"):
                old, new = answer.split("`")[1::2]
                assert f" {old} " in text and f" {new} " in text


@pytest.mark.parametrize("skill", [tool_simple, tool_types, tool_choice, tool_none])
def test_calls_fit_their_schema(skill):
    jsonschema = pytest.importorskip("jsonschema")
    for lesson in lessons(skill):
        schemas = {t["function"]["name"]: t["function"]["parameters"] for t in lesson.tools}
        for _, answer in lesson.turns:
            if answer != NO_TOOL:
                made = json.loads(answer.removeprefix("<tool_call>\n").removesuffix("\n</tool_call>"))
                jsonschema.validate(made["arguments"], schemas[made["name"]])
                assert call(made["name"], made["arguments"]) == answer


LITERAL_NAMES = ["butter", "GardenSaddle", "include/yellow/bridge.ts"]
LITERAL_SUMS = [
    ("Is 17 greater than 21? Answer yes or no.", "no"),
    ("Garden has 2 saddle and gets 19 more. How many now?", "21"),
]
