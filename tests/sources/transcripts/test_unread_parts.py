"""An answer that was made of more than its words is not taught as one, whatever its interface calls that."""

import pytest

from tests.sources.transcripts.reading import read, told, write

ASKED, SAID = "Which pier is free?", "Pier 4 is free."
HOSTED = "with a call whose result the record does not hold"
WORDS = {"type": "text", "text": SAID}


def lost_of(tmp_path, *messages: dict) -> list[tuple]:
    found, _, _ = read(write(tmp_path / "s.jsonl", {"messages": list(messages)}))
    return [(exchange.text, exchange.reply, exchange.lost) for exchange in found]


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        ({"content": [WORDS]}, ""),
        ({"content": [{"type": "thinking", "thinking": "4?"}, WORDS], "citations": []}, ""),
        ({"content": [{"type": "server_tool_use", "id": "x", "name": "web_search"}, WORDS]}, HOSTED),
        ({"content": [{"type": "mcp_tool_use", "id": "x", "name": "get"}, WORDS]}, HOSTED),
        ({"content": [{"toolUse": {"toolUseId": "x", "name": "get"}}, {"text": SAID}]}, HOSTED),
        ({"content": [{"type": "toolRequest", "id": "x", "toolCall": {}}, WORDS]}, HOSTED),
        ({"content": [WORDS | {"citations": [{"cited_text": "4"}]}]}, HOSTED),
        (
            {"content": [{"type": "hologram", "id": "x"}, WORDS]},
            "with a part that is not understood (hologram)",
        ),
        ({"parts": [{"type": "step-start"}, {"type": "reasoning", "text": "hm"}, WORDS]}, ""),
        ({"parts": [{"type": "tool-getPier", "toolCallId": "c", "state": "output-error"}, WORDS]}, HOSTED),
        ({"parts": [{"executableCode": {"code": "1"}}, {"text": SAID}]}, HOSTED),
        ({"parts": [{"text": "4?", "thought": True}, {"text": SAID, "thoughtSignature": "x"}]}, ""),
        ({"content": SAID, "parts": [{"type": "tool-invocation"}]}, HOSTED),
        ({"content": SAID, "toolInvocations": [{"state": "result", "toolName": "getPier"}]}, HOSTED),
        ({"content": SAID, "toolInvocations": []}, ""),
        ({"content": SAID, "annotations": [{"type": "url_citation"}]}, HOSTED),
        ({"content": SAID, "annotations": []}, ""),
    ],
)
def test_an_answer_with_a_part_that_is_not_read_is_lost(tmp_path, answer, lost):
    asked = {"role": "user", "content": ASKED}
    assert lost_of(tmp_path, asked, {"role": "assistant", **answer}) == [(ASKED, SAID, lost)]


def test_a_call_that_stands_in_the_answer_twice_is_read_once(tmp_path):
    call = {"id": "c", "function": {"name": "pier", "arguments": "{}"}}
    block = {"type": "tool_call", "id": "c", "name": "pier", "args": {}}
    calls = {"role": "assistant", "content": [block], "tool_calls": [call]}
    gave = {"role": "tool", "tool_call_id": "c", "content": "4"}
    asked, said = {"role": "user", "content": ASKED}, {"role": "assistant", "content": SAID}
    found, _, _ = read(write(tmp_path / "s.jsonl", {"messages": [asked, calls, gave, said]}))
    assert (told(found), found[0].lost) == ([(ASKED, [("pier", {}, True)], 0, SAID)], "")


def test_words_of_a_person_beside_a_part_that_is_not_understood_are_lost(tmp_path):
    asked = {"role": "user", "content": [{"type": "text", "text": ASKED}, {"type": "hologram"}]}
    lost = "with a part that is not understood (hologram)"
    assert lost_of(tmp_path, asked, {"role": "assistant", "content": SAID}) == [(ASKED, SAID, lost)]


@pytest.mark.parametrize(("is_error", "ok"), [(True, False), (False, True)])
def test_calls_as_blocks_in_messages_with_a_parent_are_read(tmp_path, is_error, ok):
    def message(ident: str, role: str, *blocks: dict) -> dict:
        return {"type": "message", "id": ident, "message": {"role": role, "content": list(blocks)}}

    path = write(
        tmp_path / "s.jsonl",
        {"type": "session_start", "id": "d", "title": "t"},
        message("1", "user", {"type": "text", "text": ASKED}),
        message("2", "assistant", {"type": "tool_use", "id": "t", "name": "pier", "input": {}}),
        message(
            "3", "user", {"type": "tool_result", "tool_use_id": "t", "is_error": is_error, "content": "4"}
        ),
        message("4", "assistant", WORDS),
    )
    assert told(read(path)[0]) == [(ASKED, [("pier", {}, ok)], 0, SAID)]


def test_a_span_with_a_part_that_is_not_read_is_lost(tmp_path):
    def messages(role: str, *parts: dict) -> list[dict]:
        return [{"role": role, "parts": list(parts)}]

    span = {
        "traceId": "t",
        "attributes": {
            "gen_ai.input.messages": messages("user", {"type": "text", "content": ASKED}),
            "gen_ai.output.messages": messages(
                "assistant", {"type": "server_tool_call", "name": "search"}, {"type": "text", "content": SAID}
            ),
        },
    }
    (exchange,) = read(write(tmp_path / "s.jsonl", span))[0]
    assert (exchange.text, exchange.reply, exchange.lost) == (ASKED, SAID, HOSTED)
