import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact.gate import form
from autodidact.gate.rule import Drop
from autodidact.records import Example, call, example

SOURCE = {"kind": "git", "ref": "src/a.py"}
GOOD = example("ast_parser", "architecture", "What is it?", "A parser.", SOURCE)


def changed(**fields):
    return json.dumps(json.loads(GOOD.line()) | fields)


def without(field):
    record = json.loads(GOOD.line())
    del record[field]
    return json.dumps(record)


def answered(message):
    return example("tool_spec", "tool_use", "Find it.", message, SOURCE).line()


@pytest.mark.parametrize(
    ("line", "drop"),
    [
        ('{"id": "1", ', Drop("not JSON")),
        ("", Drop("not JSON")),
        ("[" * 100_000, Drop("not JSON")),
        ("[1, 2]", Drop("not an object", "list")),
        ("null", Drop("not an object", "NoneType")),
        (without("source"), Drop("missing field", "source")),
        (without("messages"), Drop("missing field", "messages")),
        (changed(category="poetry"), Drop("malformed field", "category")),
        (
            changed(
                messages=[{"role": "user", "content": "What is it?"}, {"role": "assistant", "content": " \n"}]
            ),
            Drop("empty answer"),
        ),
        (changed(messages=[{"role": "user", "content": "What is it?"}]), Drop("malformed field", "messages")),
        (
            changed(
                messages=[{"role": "user", "content": None}, {"role": "assistant", "content": "A parser."}]
            ),
            Drop("malformed field", "messages"),
        ),
        (changed(id="0" * 64), Drop("the id is not that of the content")),
        (changed(dropped={"rule": ["x"]}), Drop("malformed field", "dropped")),
        (changed(rewritten=5), Drop("malformed field", "rewritten")),
        (changed(source=SOURCE | {"lines": ["a", "b"]}), Drop("malformed field", "source.lines")),
        (answered(call(("find", {"name": None}))), Drop("null argument")),
        (answered(call(("find", {"where": [{"name": None}]}))), Drop("null argument")),
        ('"' + "x" * 1_000_001 + '"', Drop("absurdly long", 1_000_003)),
        (
            changed(
                messages=[
                    {"role": "user", "content": "word " * 100_000},
                    {"role": "assistant", "content": "A parser."},
                ]
            )[:100_001],
            Drop("absurdly long", 100_001),
        ),
        ('{"id": NaN}', Drop("not JSON")),
        (changed(tools=json.loads("[" * 200 + "]" * 200)), Drop("nested too deeply")),
        (changed(generator="ghp_not a name"), Drop("malformed field", "generator")),
        (changed(time="yesterday"), Drop("malformed field", "time")),
    ],
)
def test_what_is_no_example(line, drop):
    assert form.read(line) == drop


def test_a_lone_surrogate_is_no_text():
    line = json.dumps(
        json.loads(GOOD.line())
        | {"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "\ud83d"}]}
    )
    assert "\\ud83d" in line
    assert form.read(line) == Drop("lone surrogate")


def test_a_lone_surrogate_in_the_source_is_no_text_either():
    line = changed(source={"kind": "git", "ref": "\udc80.py"})
    assert form.read(line) == Drop("lone surrogate")
    assert form.read(line.replace("\\udc80", "\udc80")) == Drop("lone surrogate")


def test_a_whole_emoji_is_text():
    good = example("ast_parser", "architecture", "What is it?", "A rocket: \U0001f680", SOURCE)
    assert form.read(json.dumps(json.loads(good.line()))) == good


def test_a_call_without_text_is_an_answer():
    line = answered(call(("find", {"name": "x"})))
    assert form.read(line).line() == line


@given(st.text(min_size=1).filter(lambda text: text.strip()), st.text(min_size=1))
def test_what_a_generator_writes_is_read_back_equal(answer, question):
    written = example("ast_parser", "architecture", question, answer, SOURCE)
    assert form.read(written.line()) == written


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_breaks_it(value):
    assert isinstance(form.read(json.dumps(value)), Drop)


@given(
    st.dictionaries(
        st.sampled_from(list(Example.model_fields)),
        st.none() | st.integers() | st.text() | st.lists(st.none() | st.text()),
    )
)
def test_no_bad_field_breaks_it(fields):
    result = form.read(changed(**fields))
    assert isinstance(result, Drop) or result.messages == GOOD.messages
