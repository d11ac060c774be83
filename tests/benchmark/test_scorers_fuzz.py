"""Whatever a model writes, a score is between 0 and 1, and scoring never raises."""

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autodidact.benchmark.clean_answer import clean
from autodidact.benchmark.items import block
from autodidact.benchmark.names_in_text import named
from autodidact.benchmark.scorers import RULES, items_of, score
from autodidact.benchmark.tool_call_scorers import same
from autodidact.models.chat_template import parse_answer

ITEMS = {item.id: item for level in (1, 3) for k in (0, 1, 2) for item in block(k, level=level)}
BY_SCORER = {
    name: [item for item in ITEMS.values() if item.scorer == name]
    for name in sorted({item.scorer for item in ITEMS.values()})
}
FEW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def answers(draw, item):
    """Messages made of the item's own words, numbers, marks and noise, with calls of its tools or of
    others."""
    own = [word for message in item.messages for word in message["content"].split()] + json.dumps(
        item.target
    ).split()
    marks = [
        "```",
        "`",
        "**",
        "Answer:",
        "not",
        "\n",
        "- ",
        "1.",
        ",",
        "[",
        "]",
        "{",
        "1e999",
        "9" * 400,
        "-0",
        "−3",
        "½",
        "٣",
        "\0",
        "\ud800",
        "“",
    ]
    parts = draw(st.lists(st.sampled_from(own) | st.sampled_from(marks) | st.text(max_size=8), max_size=30))
    names = [tool["function"]["name"] for tool in item.tools] + ["other"]
    given_names = st.sampled_from(names) | st.text(max_size=5)
    keys = [key for tool in item.tools for key in tool["function"]["parameters"].get("properties", {})] + [
        "x"
    ]
    arguments = st.dictionaries(st.sampled_from(keys) | st.text(max_size=4), value, max_size=4)
    calls = draw(st.lists(st.tuples(given_names, arguments), max_size=5))
    message = {"role": "assistant", "content": draw(st.sampled_from(["", " "])).join(parts)}
    if calls and draw(st.booleans()):
        message["tool_calls"] = [
            {"type": "function", "function": {"name": name, "arguments": given}} for name, given in calls
        ]
    return message


@pytest.mark.parametrize("scorer", BY_SCORER)
@FEW
@given(data=st.data())
def test_every_scorer_on_its_items(scorer, data):
    item = data.draw(st.sampled_from(BY_SCORER[scorer]), label="item")
    result = score(item, data.draw(answers(item)))
    assert result.value is not None and 0.0 <= result.value <= 1.0 and result.explanation


@FEW
@given(data=st.data())
def test_generated_text_by_way_of_the_parser(data):
    item = data.draw(st.sampled_from(list(ITEMS.values())))
    text = data.draw(
        st.text(max_size=60) | st.builds("<tool_call>{}</tool_call>".format, st.builds(json.dumps, value))
    )
    assert 0.0 <= score(item, parse_answer(text)).value <= 1.0


@pytest.mark.parametrize(
    "piece", ["[", "answer: ", "*", "`'\"", "1", "- ", "a, ", "A ", "```\n", "not ", "1,000", "[1,", "{}"]
)
@pytest.mark.parametrize("scorer", BY_SCORER)
def test_long_and_deep_answers(scorer, piece):
    item = BY_SCORER[scorer][0]
    for length in (19_999, 200_000):
        assert 0.0 <= score(item, {"content": (piece * length)[:length]}).value < 1.0


@FEW
@given(st.text(max_size=80))
def test_cleaning_ends_and_is_done_once(text):
    assert clean(clean(text)) == clean(text)
    items_of(text)


@FEW
@given(
    st.lists(st.text(min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=5, unique=True),
    st.text(max_size=60),
)
def test_names_are_found_among_the_names(names, text):
    assert set(named(names, text)) <= set(names)
    assert all(
        name in names and 0 <= place <= len(text) * 3 for name, place in named(names, text, every=True)
    )


@FEW
@given(value, value)
def test_same_is_symmetric_enough_to_score_by(a, b):
    assert isinstance(same(a, b), bool)


def test_every_rule_is_among_the_items():
    assert set(BY_SCORER) == {*RULES, "judge"} and len(ITEMS) == 3 * 135


def test_random_targets_of_sets_and_orders():
    rng = Random(5)
    words = [f"w{n}" for n in range(6)]
    for _ in range(500):
        items = rng.sample(words, rng.randint(0, 4))
        text = {"content": ", ".join(rng.choices(words, k=rng.randint(0, 7)))}
        assert 0.0 <= RULES["set"]({"items": items, "universe": words}, text)[0] <= 1.0
        if len(items) > 1:
            assert 0.0 <= RULES["order"]({"items": items, "universe": words}, text)[0] <= 1.0
