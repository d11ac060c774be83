"""Spans that keep a conversation in another way than the newest convention."""

import json
from pathlib import Path

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, told, write

ASKED, SAID = "How warm is it in Oslo?", "Four degrees."
TALK = [(ASKED, [("weather", {"city": "Oslo"}, True)], 0, SAID)]


def span(events: list[dict] | None = None, trace: str = "t", **attributes) -> dict:
    """Names with `__` for `.`."""
    given = {key.replace("__", "."): value for key, value in attributes.items()}
    return {"name": "chat", "trace_id": trace, "attributes": given, "events": events or []}


def event(name: str, **attributes) -> dict:
    return {"name": name, "attributes": attributes}


NUMBERED = span(
    gen_ai__prompt__0__role="system",
    gen_ai__prompt__0__content="Be brief.",
    gen_ai__prompt__1__role="user",
    gen_ai__prompt__1__content='[{"type": "text", "text": "How warm is it in Oslo?"}]',
    gen_ai__prompt__2__role="assistant",
    gen_ai__prompt__2__tool_calls__0__id="c",
    gen_ai__prompt__2__tool_calls__0__name="weather",
    gen_ai__prompt__2__tool_calls__0__arguments='{"city": "Oslo"}',
    gen_ai__prompt__3__role="tool",
    gen_ai__prompt__3__tool_call_id="c",
    gen_ai__prompt__3__content="4",
    gen_ai__completion__0__role="assistant",
    gen_ai__completion__0__content=SAID,
    gen_ai__completion__0__finish_reason="stop",
    gen_ai__completion__1__role="assistant",
    gen_ai__completion__1__content="Another answer.",
)
VERCEL = span(
    ai__prompt__messages=json.dumps(
        [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": ASKED}]},
            {
                "role": "assistant",
                "content": [
                    {"type": "tool-call", "toolCallId": "c", "toolName": "weather", "input": {"city": "Oslo"}}
                ],
            },
            {
                "role": "tool",
                "content": [
                    {
                        "type": "tool-result",
                        "toolCallId": "c",
                        "toolName": "weather",
                        "output": {"type": "json", "value": {"degrees": 4}},
                    }
                ],
            },
        ]
    ),
    ai__response__text=SAID,
    ai__response__finishReason="stop",
)
LOGFIRE = span(
    pydantic_ai__all_messages=json.dumps(
        [
            {"role": "user", "parts": [{"type": "text", "content": ASKED}]},
            {
                "role": "assistant",
                "parts": [{"type": "tool_call", "id": "c", "name": "weather", "arguments": {"city": "Oslo"}}],
            },
            {"role": "user", "parts": [{"type": "tool_call_response", "id": "c", "result": "4"}]},
            {"role": "assistant", "parts": [{"type": "text", "content": SAID}]},
        ]
    ),
    final_result=SAID,
)
CALLED = [{"id": "c", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}]
EVENTS = span(
    [
        event("gen_ai.system.message", content="Be brief."),
        event("gen_ai.user.message", content=ASKED),
        event("gen_ai.assistant.message", tool_calls=json.dumps(CALLED)),
        event("gen_ai.tool.message", id="c", content="4"),
        event("gen_ai.choice", index=0, finish_reason="stop", message=json.dumps({"content": SAID})),
        event("gen_ai.choice", index=1, finish_reason="stop", message="Another answer."),
    ]
)


@pytest.mark.parametrize("given", [NUMBERED, VERCEL, LOGFIRE, EVENTS])
def test_a_dialect_is_read_with_its_calls(tmp_path, given):
    found, troubles, _ = read(write(tmp_path / "s.jsonl", given))
    assert (told(found), troubles) == (TALK, {})
    assert [exchange.outcome for exchange in found] == [Outcome.SUCCEEDED]


def test_the_contents_of_earlier_conventions_and_of_a_logged_list_of_events(tmp_path):
    earlier = span(
        [
            event(
                "gen_ai.content.prompt", **{"gen_ai.prompt": json.dumps([{"role": "user", "content": ASKED}])}
            ),
            event(
                "gen_ai.content.completion",
                **{"gen_ai.completion": json.dumps([{"role": "assistant", "content": SAID}])},
            ),
        ]
    )
    logged = span(
        events=json.dumps(
            [
                {"event.name": "gen_ai.user.message", "content": ASKED},
                {"event.name": "gen_ai.choice", "message": {"role": "assistant", "content": SAID}},
            ]
        )
    )
    logged["attributes"], logged["events"] = {"events": logged["events"]}, []
    for given in (earlier, logged):
        found, troubles, _ = read(write(tmp_path / "s.jsonl", given))
        assert (told(found), troubles) == ([(ASKED, [], 0, SAID)], {})


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"gen_ai.completion.0.finish_reason": "length"}, Outcome.CUT),
        ({"gen_ai.response.finish_reasons": ["length"]}, Outcome.CUT),
        ({"gen_ai.prompt.3.content": "Error: no such city"}, Outcome.FAILED),
        ({"error.type": "Timeout"}, Outcome.FAILED),
    ],
)
def test_how_it_ended_is_heard(tmp_path, more, outcome):
    given = NUMBERED | {"attributes": NUMBERED["attributes"] | more}
    found, _, _ = read(write(tmp_path / "s.jsonl", given))
    assert [exchange.outcome for exchange in found] == [outcome]


def test_the_steps_of_one_trace_and_the_span_around_them_are_one_conversation(tmp_path):
    messages = json.loads(VERCEL["attributes"]["ai.prompt.messages"])
    first = span(
        ai__prompt__messages=json.dumps(messages[:2]),
        ai__response__toolCalls=json.dumps(
            [{"toolCallId": "c", "toolName": "weather", "input": '{"city": "Oslo"}'}]
        ),
    )
    around = span(ai__prompt=json.dumps({"prompt": ASKED}), ai__response__text=SAID)
    found, troubles, _ = read(write(tmp_path / "s.jsonl", around, first, VERCEL))
    assert (told(found), troubles) == (TALK, {})


def test_a_span_in_no_known_form_is_counted_with_its_keys(tmp_path):
    path: Path = write(
        tmp_path / "s.jsonl",
        span(acme__prompt__text="How warm is it?", acme__answer="Four degrees.", gen_ai__system="acme"),
        span(
            trace="u",
            gen_ai__operation__name="chat",
            gen_ai__request__model="m",
            gen_ai__usage__input_tokens=4,
        ),
        span(trace="v", http__request__method="GET", exception__message="not found here", db__query="a b"),
        span([event("acme.message", body="Four degrees.")], trace="w"),
        span(trace="x", gen_ai__operation__name="execute_tool", gen_ai__tool__name="a", input="a b"),
    )
    found, troubles, _ = read(path)
    assert found == []
    assert troubles == {
        "span with a conversation of an unknown form (keys: acme.prompt.text, acme.answer)": 1,
        "span with a conversation of an unknown form (keys: acme.message.body)": 1,
        "span of a model call without its words": 1,
    }
