"""What a request may say, and what is streamed of an answer that is not complete."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact.models.chat_template import parse_answer
from autodidact.serving.protocol import StreamedText, Wrong, chat, completion, tool_calls

HELLO = [{"role": "user", "content": "hello"}]
TOOL = {"type": "function", "function": {"name": "tide_at", "parameters": {"type": "object"}}}


def test_a_chat_request_is_read_as_the_chat_template_wants_it():
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "tide_at", "arguments": '{"port": "Aalto"}'},
    }
    messages = [
        {
            "role": "developer",
            "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}],
        },
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "4.2 m"},
    ]
    ask = chat(
        {
            "model": "autodidact",
            "messages": messages,
            "tools": [TOOL],
            "max_tokens": 5,
            "temperature": 0,
            "stop": "\n",
            "seed": 7,
        }
    )
    assert ask.messages == [
        {"role": "system", "content": "Be brief."},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"type": "function", "function": {"name": "tide_at", "arguments": {"port": "Aalto"}}}
            ],
        },
        {"role": "tool", "content": "4.2 m"},
    ]
    sampling = ask.sampling
    assert (sampling.max_tokens, sampling.temperature, sampling.stop, sampling.seed, sampling.top) == (
        5,
        0,
        ("\n",),
        7,
        None,
    )
    assert ask.tools == [TOOL] and not ask.stream


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"messages": []}, "messages is empty"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "a message's content may be text only",
        ),
        ({"messages": [{"role": "king", "content": "x"}]}, "a message needs a role"),
        ({"messages": [{"role": "user"}]}, "a message's content must be a text"),
        ({"n": 2}, "n is not supported here"),
        ({"response_format": {"type": "json_object"}}, "response_format is not supported here"),
        ({"tool_choice": "required"}, "tool_choice may be auto or none here"),
        ({"temperature": 3}, "temperature must be a number from 0 to 2"),
        ({"temperature": True}, "temperature must be a number"),
        ({"max_tokens": 0}, "max_tokens must be a number from 1 to"),
        ({"stop": ["a"] * 5}, "stop must be a text or at most 4 of them"),
        ({"stream": "yes"}, "stream has the wrong type"),
        ({"tools": [{"name": "x"}]}, "a tool is"),
        ({"chat_template_kwargs": {"enable_thinking": True}}, "thinking is off"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_reason(more, complaint):
    with pytest.raises(Wrong, match=complaint) as caught:
        chat({"messages": HELLO} | more)
    assert caught.value.body()["error"]["code"] == 400


def test_what_changes_nothing_is_let_through():
    chat(
        {
            "messages": HELLO,
            "n": 1,
            "presence_penalty": 0.0,
            "logit_bias": {},
            "response_format": {"type": "text"},
            "user": "ann",
        }
    )


def test_a_completion_takes_text_or_token_ids():
    assert completion({"prompt": [1, 2], "echo": True, "logprobs": 1, "max_tokens": 0}).prompt == [1, 2]
    assert completion({"prompt": "x"}).sampling.max_tokens == 16
    for prompt in ("", [], ["a", "b"], [True], None, [[1], [2]]):
        with pytest.raises(Wrong, match="prompt must be a text or a list of token ids"):
            completion({"prompt": prompt})


def test_nothing_that_may_become_a_tool_call_or_thinking_is_streamed():
    told = StreamedText()
    assert told.grow("I look. <to") == "I look."
    assert told.grow('I look. <tool_call>\n{"name": "f"') == ""
    assert told.grow("I look. <tool_call>\n{}\n</tool_call>") == ""
    assert told.rest("I look.") == ""
    assert StreamedText().grow("<think>hm") == "" and StreamedText().grow("3 < 4") == "3 < 4"


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                " ",
                "<",
                "<tool_call>",
                '{"name": "f"}',
                "</tool_call>",
                "<think>",
                "</think>",
                "\n",
                "to",
                "é",
            ]
        )
    )
)
def test_what_is_streamed_adds_up_to_the_beginning_of_the_answer(parts):
    told, text, sent = StreamedText(), "", ""
    for part in parts:
        text += part
        sent += told.grow(text)
    content = parse_answer(text)["content"]
    sent += told.rest(content)
    assert sent == content


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_any_json_is_read_or_refused(value):
    for read in (chat, completion):
        for body in (
            value,
            {"messages": value},
            {"messages": HELLO, "tools": value, "stop": value},
            {"prompt": value, "logprobs": value},
        ):
            try:
                read(body)
            except Wrong:
                pass


def test_calls_have_ids_and_arguments_as_text():
    message = parse_answer('<tool_call>{"name": "tide_at", "arguments": {"port": "Åbo"}}</tool_call>')
    (call,) = tool_calls(message)
    assert call["id"].startswith("call_") and json.loads(call["function"]["arguments"]) == {"port": "Åbo"}
    assert tool_calls(message, streamed=True)[0]["index"] == 0
