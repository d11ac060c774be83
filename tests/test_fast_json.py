"""What msgspec reads and writes for the gate is what the standard library does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact import fast_json

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_a_value_is_read_and_written_as_it_is(value):
    line = json.dumps(value, ensure_ascii=False)
    assert fast_json.loads(line) == value
    assert json.loads(fast_json.dumps(value)) == json.loads(fast_json.canonical(value)) == value


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans(), max_size=6))
def test_the_canonical_form_is_the_standard_library_s_but_for_floats(value):
    assert fast_json.canonical(value) == json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def test_a_float_may_have_other_digits():
    assert (fast_json.dumps(1e-7), json.dumps(1e-7)) == ("1e-7", "1e-07")


@pytest.mark.parametrize("line", ["", "{", "NaN", '{"a": Infinity}', "{'a': 1}", "[1,]", '"\x01"', "01"])
def test_what_is_no_json_is_refused(line):
    with pytest.raises(ValueError):
        fast_json.loads(line)


def test_what_msgspec_refuses_the_standard_library_reads():
    assert fast_json.loads('"\\ud800"') == "\ud800"
    assert fast_json.loads("1e400") == float("inf")
    assert json.loads(fast_json.dumps("\ud800")) == json.loads(fast_json.canonical("\ud800")) == "\ud800"


def test_an_id_over_a_small_float_holds(example_with_a_small_float):
    from autodidact.gate import form

    assert form.read(example_with_a_small_float.line()) == example_with_a_small_float


@pytest.fixture
def example_with_a_small_float():
    from autodidact.records import call, example

    tools = [
        {"type": "function", "function": {"name": "set", "description": "", "parameters": {"type": "object"}}}
    ]
    source = {"kind": "mcp", "ref": "x"}
    return example(
        "tool_spec", "tool_use", "Set the rate to 1e-7.", call(("set", {"rate": 1e-7})), source, tools=tools
    )
