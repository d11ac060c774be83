"""What is broken, hostile or unknown costs itself, and is counted."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.transcripts import Toolbox, exchanges, files
from autodidact.sources.transcripts.formats import FORMATS
from autodidact.stage import Troubles
from tests.sources.transcripts.reading import UNTIL, read, told, write

GOOD = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}


def test_broken_lines_cost_themselves_and_are_counted(tmp_path):
    path = tmp_path / "s.jsonl"
    huge = b'{"messages": "' + b"x" * 10_000_001 + b'"}'
    lines = [json.dumps(GOOD).encode(), b"not json", huge, b'{"type": "progress"}', b"7", b"", b"[" * 100_000]
    path.write_bytes(
        b"\n".join(
            [
                *lines,
                b'{"messages": [{"role": "user", "content": "caf\xe9"}]}',
                json.dumps(GOOD).encode()[:20],
            ]
        )
    )
    troubles = Troubles()
    assert [e.text for e in exchanges(path, UNTIL, troubles, Toolbox())] == ["Hi", "caf\ufffd"]
    assert {t.reason: (t.count, t.ref.rpartition(":")[2]) for t in troubles.list()} == {
        "line that is not JSON": (2, "2"),
        "line longer than 10 MB": (1, "3"),
        "unknown kind of record": (2, "4"),
        "invalid UTF-8": (1, "8"),
        "incomplete last line": (1, "9"),
    }


def test_a_line_of_50_mb_is_not_held(tmp_path):
    path = tmp_path / "s.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"messages": "')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n' + json.dumps(GOOD).encode() + b"\n")
    tracemalloc.start()
    found, troubles, _ = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ([(e.text, e.line) for e in found], troubles) == ([("Hi", 2)], {"line longer than 10 MB": 1})
    assert peak < 25_000_000


def test_a_list_is_read_item_by_item_up_to_where_it_breaks(tmp_path):
    path = tmp_path / "s.json"
    path.write_text("[\n" + ",\n".join([json.dumps(GOOD)] * 3) + ',\n{"messages": [}')
    found, troubles, _ = read(path)
    assert (len(found), troubles) == (3, {"list that is not JSON": 1})


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n" + json.dumps(GOOD).encode() + b"\r\n"
    )
    found, troubles, _ = read(path)
    assert (len(found), troubles) == (2, {})


def test_files_of_paths_folders_and_globs_are_read_once_and_links_are_not_followed(tmp_path):
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    for name in ("tree/a.jsonl", "tree/b/c.jsonl", "tree/b/d.json", "tree/b/e.txt", "outside/f.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tree / "link.jsonl").symlink_to(outside / "f.jsonl")
    (tree / "folder").symlink_to(outside)
    os.mkfifo(tree / "pipe.jsonl")
    troubles = Troubles()
    found = files(
        [
            str(tree),
            str(tree / "a.jsonl"),
            str(tree / "b" / "*.jsonl"),
            str(tree / "**/*.jsonl"),
            str(tmp_path / "absent"),
        ],
        troubles,
    )
    assert [p.relative_to(tree).as_posix() for p in found] == ["a.jsonl", "b/c.jsonl", "b/d.json"]
    assert {t.reason for t in troubles.list()} == {"link not followed"}
    assert files([str(tree / "b" / "e.txt")]) == [tree / "b" / "e.txt"]  # named: read whatever its name


def test_a_pipe_in_place_of_a_file_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "s.jsonl")
    assert read(tmp_path / "s.jsonl")[:2] == ([], {"file cannot be read": 1})
    assert read(tmp_path / "absent.jsonl")[:2] == ([], {"file cannot be read": 1})


def test_a_very_long_session_is_given_out_as_it_is_read(tmp_path):
    lines = []
    for number in range(400):
        lines.append(
            {
                "type": "message",
                "id": f"{number}u",
                "parentId": f"{number - 1}a",
                "message": {"role": "user", "content": f"Question {number}"},
            }
        )
        answer = {"role": "assistant", "content": [{"type": "text", "text": "yes" * 50}]}
        lines.append({"type": "message", "id": f"{number}a", "parentId": f"{number}u", "message": answer})
    path = write(tmp_path / "s.jsonl", *lines)
    first = next(exchanges(path, UNTIL, Troubles(), Toolbox()))
    assert first.text == "Question 0" and len(read(path)[0]) == 400
    back = {
        "type": "message",
        "id": "z",
        "parentId": "2a",
        "message": {"role": "user", "content": "Back to 2"},
    }
    assert len(read(write(path, *lines, back))[0]) == 401  # a step back beyond what waits is read as going on


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda x: st.lists(x, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    (
        "type uuid parentUuid sessionId message messages conversations role content id from value"
        " tool_calls tools function name arguments input tool_use_id timestamp isSidechain text payload"
        " call_id output metadata exit_code num_turns action parentId toolCalls toolCallId isError"
        " resourceSpans scopeSpans spans attributes traceId key stringValue arrayValue kvlistValue"
        " values intValue events status code startTimeUnixNano parts gen_ai.input.messages"
        " gen_ai.output.messages gen_ai.tool.call.id queue-operation operation attachment prompt"
        " toolCalls args status functionResponse observation extras cause history $rewindTo item"
        " llm.input_messages.0.message.role created_at"
        " llm.input_messages.0.message.tool_calls.0.tool_call.function.name llm.tools.0.tool.json_schema"
        " instructions parameters result mapping author parent chat chat_messages sender recipient request"
        " response body lc kwargs data choices candidates gen_ai.prompt.0.role gen_ai.prompt.0.content"
        " gen_ai.completion.0.content ai.prompt.messages ai.response.toolCalls event.name"
    ).split()
)
WORDS = st.sampled_from(
    [
        *(
            "user assistant tool text tool_use tool_result human gpt function_call observation 1 2 {} [] message"
            " session response_item event_msg session_meta function_call_output thread_rolled_back toolResult"
            " toolCall tool_call tool_call_response item_completed custom_tool_call custom_tool_call_output"
            " queued_command attachment exec <task> <ide_selection> <read_file><path> <think> delegate"
            " 2026-03-02T10:00:00Z 9999-12-31T23:59:59-12:00"
        ).split(),
        "tools.x({a: [1",
        "Script completed\n",
        "[read_file for x] Result:",
        '{"output": 1, "metadata": 2}',
    ]
)
RECORD = st.recursive(
    JSON | WORDS, lambda x: st.lists(x, max_size=3) | st.dictionaries(KEYS, x, max_size=6), max_leaves=12
)
SEEDS = {
    "aider": {"line of Markdown": "#### why?  "},
    "codex": {"type": "response_item", "payload": {}},
    "gemini": {"id": "1", "type": "gemini", "content": "yes", "toolCalls": []},
    "swe_agent": {"trajectory": [], "history": [], "info": {}},
    "chat_lines": {"messages": []},
    "chat_exports": {"mapping": {"1": {"message": {"author": {}, "content": {}}}}},
    "responses": {"input": [], "output": []},
    "otel": {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": {}}]}]}]},
    "openhands": {"source": "agent", "action": "run", "args": {}},
    "cline": {"role": "user", "content": []},
    "pi": {"type": "message", "message": {}},
    "claude_code": {"type": "user", "uuid": "1", "message": {}},
}


def _filled(seed, record: dict):
    """The record with the seed's shape, so that it is one of that format."""
    if isinstance(seed, dict) and seed:
        return {**record, **{key: _filled(value, record) for key, value in seed.items()}}
    if isinstance(seed, list) and seed:
        return [_filled(value, record) for value in seed]
    return (
        record if isinstance(seed, dict) else [record, *record.values()] if isinstance(seed, list) else seed
    )


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None)
@given(
    records=st.lists(st.dictionaries(KEYS, RECORD, max_size=8), min_size=1, max_size=3),
    tail=st.binary(max_size=40),
)
def test_no_file_stops_the_reader(tmp_path_factory, name, records, tail):
    path: Path = tmp_path_factory.mktemp("fuzz") / "s.jsonl"
    path.write_bytes(
        "".join(json.dumps(_filled(SEEDS[name], r)) + "\n" + json.dumps(r) + "\n" for r in records).encode()
        + tail
    )
    for exchange in read(path)[0]:
        assert isinstance(exchange.text, str) and isinstance(exchange.reply, str)
        assert all(call.arguments is None or isinstance(call.arguments, dict) for call in exchange.calls)


def test_clocks_that_go_backwards_count_by_the_newest_turn(tmp_path):
    def at(time: str, role: str, words: str) -> dict:
        return {"type": "message", "timestamp": time, "message": {"role": role, "content": words}}

    path = write(
        tmp_path / "s.jsonl",
        at("2026-03-02T10:00:00Z", "user", "When?"),
        at("2026-03-02T09:00:00Z", "assistant", "Now."),
    )
    (exchange,), _, _ = read(path)
    assert exchange.end == exchange.time and told([exchange]) == [("When?", [], 0, "Now.")]
