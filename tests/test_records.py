import hashlib

import pytest
from pydantic import ValidationError

from autodidact.records import call, canonical, example, example_id, instant, response_text

SOURCE = {"kind": "git", "ref": "app.py:1", "commit": "c0ffee", "path": "app.py", "lines": [1, 2]}


def test_canonical_json_is_sorted_compact_nfc_and_not_escaped():
    assert canonical({"b": 1, "a": "e\u0301"}) == '{"a":"\u00e9","b":1}'


def test_the_id_is_the_hash_of_messages_and_tools_alone():
    row = example("ast_parser", "architecture", "Where is f?", "In `app.py`.", SOURCE)
    text = (
        '{"messages":[{"content":"Where is f?","role":"user"},{"content":"In'
        ' `app.py`.","role":"assistant"}],"tools":[]}'
    )
    assert row.id == hashlib.sha256(text.encode()).hexdigest()
    assert (
        example("diff_miner", "code_review", "Where is f?", "In `app.py`.", SOURCE | {"ref": "elsewhere"}).id
        == row.id
    )


def test_a_letter_that_becomes_ascii_in_nfc_becomes_it_in_the_messages_too():
    row = example("ast_parser", "architecture", "How many \u212a?", "Two \u212a.", SOURCE)
    assert [m["content"] for m in row.messages] == ["How many K?", "Two K."]
    assert row.id == example_id(row.messages, row.tools)


def test_an_example_goes_through_json_unchanged():
    row = example(
        "tool_spec",
        "tool_use",
        "Find boats",
        call(("search", {"query": "boats", "limit": 3})),
        SOURCE,
        system="Use tools.",
        tools=[{"type": "function", "function": {"name": "search", "description": "", "parameters": {}}}],
        time="2026-11-23T12:00:00+01:00",
    )
    again = type(row).model_validate_json(row.line())
    assert again == row
    assert again.time == "2026-11-23T11:00:00Z"
    assert again.id == example_id(again.messages, again.tools)


def test_what_is_trained_on_is_content_and_rendered_calls():
    assert (
        response_text(call(("add", {"a": 1}), ("add", {"a": 2}), content="Both:"))
        == 'Both:\n{"name": "add", "arguments": {"a": 1}}\n{"name": "add", "arguments": {"a": 2}}'
    )


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ([{"role": "user", "content": "a"}, {"role": "assistant", "content": "  "}], "non-empty"),
        ([{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}], "the last message"),
        ([{"role": "user", "content": "a"}, {"role": "assistant", "content": None}], "must be a string"),
        ([{"role": "human", "content": "a"}, {"role": "assistant", "content": "b"}], "unknown role 'human'"),
        (
            [
                {"role": "user", "content": "a"},
                {
                    "role": "assistant",
                    "content": "",
                    "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}],
                },
            ],
            "arguments object",
        ),
    ],
)
def test_a_malformed_example_is_refused(messages, complaint):
    from autodidact.records import from_messages

    with pytest.raises(ValidationError, match=complaint):
        from_messages("ast_parser", "architecture", messages, SOURCE)


def test_an_unknown_category_is_refused_with_the_known_ones():
    with pytest.raises(
        ValidationError, match="unknown category 'cooking'; one of intent_classification, orchestration"
    ):
        example("ast_parser", "cooking", "a", "b", SOURCE)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2026-11-23", "2026-11-23T00:00:00Z"),
        ("2026-11-23T12:00:00.9+02:00", "2026-11-23T10:00:00Z"),
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"),
    ],
)
def test_instants_are_utc_to_the_second(given, told):
    assert instant(given) == told
