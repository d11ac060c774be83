import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact.gate import repetition
from autodidact.gate.rule import Context, Drop
from autodidact.records import call, example

CONTEXT = Context(SimpleNamespace(bigram_ratio=0.4), len, None)
SOURCE = {"kind": "template", "ref": "tests"}


def answered(answer):
    return example("ast_parser", "architecture", "Explain it.", answer, SOURCE)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("", 0.0),
        ("one", 0.0),
        ("a b c d", 0.0),
        ("a b a b a", 0.5),  # ab, ba, ab, ba: two distinct of four
        ("no no no no no", 0.75),
        ("x.y, x.y, x.y,", 0.5),  # punctuation makes no words of its own
    ],
)
def test_the_ratio_is_one_minus_distinct_over_all(text, ratio):
    assert repetition.bigram_ratio(text) == ratio


def test_an_answer_that_repeats_itself_is_dropped():
    assert repetition.check(answered("the service calls the queue and then " * 4), CONTEXT) == Drop(
        "bigrams repeat", 0.741
    )


def test_fewer_than_twenty_words_pass():
    short = answered("yes " * 19)
    assert repetition.check(short, CONTEXT) is short


def test_exactly_at_the_threshold_is_dropped_and_just_below_passes():
    distinct = [f"w{n}" for n in range(13)]
    at = " ".join([*distinct, *distinct[:8]])  # 20 bigrams, 13 of them distinct: 0.35
    assert repetition.bigram_ratio(at) == pytest.approx(0.35)
    assert repetition.check(answered(at), CONTEXT).messages[-1]["content"] == at
    over = " ".join([*distinct[:12], *distinct[:9]])  # 12 of 20: 0.40
    assert repetition.check(answered(over), CONTEXT) == Drop("bigrams repeat", 0.4)


def test_json_and_tool_calls_are_exempt():
    schema = answered(json.dumps([{"type": "string", "name": "a"}] * 12, indent=1))
    calls = answered(call(*[("find", {"name": "same again and again"})] * 12))
    assert repetition.check(schema, CONTEXT) is schema and repetition.check(calls, CONTEXT) is calls


def test_a_phrase_that_fills_prose_is_dropped():
    text = " ".join(
        f"Our very important customers like {chr(97 + k) * 3} and {chr(97 + k) * 4}." for k in range(16)
    )
    assert repetition.check(answered(text), CONTEXT).reason in (
        "bigrams repeat",
        "one run of 2 words repeats",
        "one run of 3 words repeats",
    )


def test_lines_said_before_are_dropped_in_prose():
    lines = [
        " ".join(chr(97 + (7 * k + j) % 26) * (2 + (k + j) % 5) for j in range(20)) + "." for k in range(6)
    ]
    text = "\n".join([*lines, *lines[:3]])
    assert repetition.is_prose(text) and repetition.gopher(text) == ("lines repeat", pytest.approx(1 / 3))


@pytest.mark.parametrize(
    "text",
    ["    return x", "- one\n- two", "1. one\n2. two", "| a | b |", "```\ncode\n```", "x = f(y[0]) + {1: 2}"],
)
def test_code_lists_and_tables_are_no_prose(text):
    assert not repetition.is_prose(text)
    assert repetition.is_prose("It keeps what is new, and leaves what isn't.")


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=60))
def test_the_ratio_is_the_share_of_bigrams_seen_before(words):
    bigrams = [tuple(words[i : i + 2]) for i in range(len(words) - 1)]
    again = sum(bigram in bigrams[:place] for place, bigram in enumerate(bigrams))
    assert repetition.bigram_ratio(" ".join(words)) == pytest.approx(again / len(bigrams))


@given(st.text())
def test_the_ratio_lies_between_zero_and_one(text):
    assert 0 <= repetition.bigram_ratio(text) < 1
