"""Logs that keep an answer beside the messages that it is to, and LangChain's messages."""

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, told, write

ASKED = {"role": "user", "content": "How warm is it in Oslo?"}
SAID = {"role": "assistant", "content": "Four degrees."}
PLAIN = [("How warm is it in Oslo?", [], 0, "Four degrees.")]
CALLED = [("How warm is it in Oslo?", [("weather", {"city": "Oslo"}, True)], 0, "Four degrees.")]


@pytest.mark.parametrize(
    "record",
    [
        {"messages": [ASKED], "message": SAID, "done": True, "done_reason": "stop"},
        {"request": {"messages": [ASKED]}, "response": {"message": SAID, "done": True}},
        {
            "custom_id": "1",
            "request": {"messages": [ASKED]},
            "response": {
                "status_code": 200,
                "body": {"choices": [{"message": SAID, "finish_reason": "stop"}]},
            },
            "error": None,
        },
        {
            "custom_id": "1",
            "request": {"method": "POST", "body": {"messages": [ASKED]}},
            "response": {"body": {"choices": [{"message": SAID}]}},
        },
        {
            "request": {"contents": [{"role": "user", "parts": [{"text": ASKED["content"]}]}]},
            "response": {
                "candidates": [
                    {"content": {"role": "model", "parts": [{"text": SAID["content"]}]}, "index": 0}
                ]
            },
        },
    ],
)
def test_the_answer_of_a_logged_response(tmp_path, record):
    found, troubles, _ = read(write(tmp_path / "s.jsonl", record))
    assert (told(found), troubles) == (PLAIN, {})
    assert [exchange.outcome for exchange in found] == [Outcome.SUCCEEDED]


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        ({"messages": [ASKED], "message": SAID, "done": True, "done_reason": "length"}, Outcome.CUT),
        ({"messages": [ASKED], "message": SAID, "done": False}, Outcome.FAILED),
        (
            {
                "request": {"messages": [ASKED]},
                "response": {"body": {"choices": [{"message": SAID, "finish_reason": "length"}]}},
            },
            Outcome.CUT,
        ),
        (
            {
                "request": {"messages": [ASKED]},
                "response": {"status_code": 500, "body": {"choices": [{"message": SAID}]}},
            },
            Outcome.FAILED,
        ),
    ],
)
def test_how_a_logged_response_ended(tmp_path, record, outcome):
    assert [exchange.outcome for exchange in read(write(tmp_path / "s.jsonl", record))[0]] == [outcome]


def test_words_in_the_field_message_are_no_answer(tmp_path):
    found, _, _ = read(write(tmp_path / "s.jsonl", {"messages": [ASKED], "message": "quota exceeded"}))
    assert [exchange.reply for exchange in found] == [""]


BEGUN = {"role": "assistant", "content": "In Oslo it is"}


def test_an_answer_that_the_request_began_is_joined_with_its_beginning(tmp_path):
    response = {"type": "message", "role": "assistant", "stop_reason": "end_turn"}
    response["content"] = [{"type": "text", "text": " four degrees."}]
    record = {"request": {"messages": [ASKED, BEGUN]}, "response": response}
    found, troubles, _ = read(write(tmp_path / "s.jsonl", record))
    assert (told(found), troubles) == ([(ASKED["content"], [], 0, "In Oslo it is four degrees.")], {})


def test_an_answer_beside_one_that_may_be_its_beginning_is_not_taught(tmp_path):
    records = [
        {"request": {"messages": [ASKED, BEGUN]}, "response": "four degrees."},
        {
            "messages": [ASKED, BEGUN],
            "choices": [{"message": {"role": "assistant", "content": "four degrees."}}],
        },
    ]
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *records))
    assert [exchange.outcome for exchange in found] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    assert troubles == {"answer that may resume the one before it": 2}


@pytest.mark.parametrize(
    "record",
    [
        {"messages": [ASKED, SAID], "response": "Four degrees."},
        {"messages": [ASKED, SAID], "answer": "4"},
        {"request": {"messages": [ASKED, SAID]}, "response": "Four degrees."},
        {"messages": [ASKED, SAID], "choices": [{"message": SAID}]},
        {
            "request": {"messages": [ASKED, {"role": "assistant", "content": "Four"}]},
            "response": "Four degrees.",
        },
    ],
)
def test_an_answer_that_stands_there_twice_is_one(tmp_path, record):
    found, troubles, _ = read(write(tmp_path / "s.jsonl", record))
    assert (told(found), troubles) == (PLAIN, {})
    assert [exchange.outcome for exchange in found] == [Outcome.SUCCEEDED]


def lc(name: str, **kwargs) -> dict:
    path = ["langchain", "schema", "messages", name]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs}


CALL = {"name": "weather", "args": {"city": "Oslo"}, "id": "c", "type": "tool_call"}
USE = {"type": "tool_use", "id": "c", "name": "weather", "input": {"city": "Oslo"}}


@pytest.mark.parametrize(
    "messages",
    [
        [
            {"type": "system", "content": "Be brief."},
            {"type": "human", "content": ASKED["content"]},
            {"type": "ai", "content": [USE], "tool_calls": [CALL], "invalid_tool_calls": []},
            {"type": "tool", "content": "4", "tool_call_id": "c", "status": "success"},
            {"type": "ai", "content": SAID["content"], "response_metadata": {"finish_reason": "stop"}},
        ],
        [
            {"type": "human", "data": {"content": ASKED["content"], "type": "human"}},
            {"type": "ai", "data": {"content": "", "tool_calls": [CALL]}},
            {"type": "tool", "data": {"content": "4", "tool_call_id": "c"}},
            {"type": "ai", "data": {"content": SAID["content"], "additional_kwargs": {}}},
        ],
        [
            lc("HumanMessage", content=ASKED["content"]),
            lc(
                "AIMessage",
                content="",
                additional_kwargs={
                    "tool_calls": [
                        {"id": "c", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
                    ]
                },
            ),
            lc("ToolMessage", content="4", tool_call_id="c"),
            lc("AIMessageChunk", content=SAID["content"]),
        ],
    ],
)
def test_langchain_s_messages(tmp_path, messages):
    found, troubles, _ = read(write(tmp_path / "s.jsonl", {"messages": messages}))
    assert (told(found), troubles) == (CALLED, {})


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"response_metadata": {"finish_reason": "length"}}, Outcome.CUT),
        ({"response_metadata": {"stop_reason": "max_tokens"}}, Outcome.CUT),
        ({"additional_kwargs": {"refusal": "I cannot."}}, Outcome.REFUSED),
        ({"invalid_tool_calls": [{"name": "weather", "args": "{"}]}, Outcome.FAILED),
    ],
)
def test_how_an_answer_of_langchain_ended(tmp_path, more, outcome):
    messages = [{"type": "human", "content": "Hi there?"}, {"type": "ai", "content": "Four degrees."} | more]
    found, _, _ = read(write(tmp_path / "s.jsonl", {"messages": messages}))
    assert [exchange.outcome for exchange in found] == [outcome]
