"""Transcripts in the forms in which people have them, whole and broken."""

import json
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.settings import SAMPLES
from autodidact.sources.transcripts import conversations, files, moment
from autodidact.stage import Troubles


def line(uuid: str, parent: str | None, kind: str, content, **more) -> str:
    """A line of a Claude Code transcript."""
    message = {"role": kind, "content": content, **({"id": more.pop("message")} if "message" in more else {})}
    record = {"parentUuid": parent, "sessionId": "s", "type": kind, "uuid": uuid, "timestamp": "2026-03-02T10:00:00.000Z", "message": message}
    return json.dumps(record | more)


def use(ident: str, name: str, **arguments) -> dict:
    return {"type": "tool_use", "id": ident, "name": name, "input": arguments}


def result(ident: str, text: str, **more) -> dict:
    return {"type": "tool_result", "tool_use_id": ident, "content": [{"type": "text", "text": text}], **more}


def read(tmp_path, *lines: str | bytes, name: str = "session.jsonl") -> tuple[list, dict[str, int]]:
    """What a file of these lines holds: each conversation as (role, text, [(call, ok)]), and what was wrong."""
    path = tmp_path / name
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in lines) + b"\n")
    troubles = Troubles()
    found = [
        [(t.role, t.text, [(c.name, c.arguments, c.ok) for c in t.calls]) for t in conversation.turns] for conversation in conversations(path, troubles)
    ]
    return found, {t.reason: t.count for t in troubles.list()}


def test_a_claude_code_session(tmp_path):
    found, troubles = read(
        tmp_path,
        json.dumps({"type": "summary", "summary": "A day", "leafUuid": "4"}),
        line("1", None, "user", "How warm is it in Oslo?"),
        line("2", "1", "assistant", [{"type": "text", "text": "I look."}, use("t1", "weather", city="Oslo")]),
        line("3", "2", "user", [result("t1", "4 degrees")]),
        line("4", "3", "assistant", [{"type": "text", "text": "Four degrees."}]),
    )
    assert found == [[
        ("user", "How warm is it in Oslo?", []),
        ("assistant", "I look.", [("weather", {"city": "Oslo"}, True)]),
        ("assistant", "Four degrees.", []),
    ]]  # fmt: skip
    assert troubles == {}


def test_failed_and_refused_calls_are_not_ok(tmp_path):
    found, _ = read(
        tmp_path,
        line("1", None, "user", "Delete it."),
        line("2", "1", "assistant", [use("a", "rm", path="x"), use("b", "rm", path="y"), use("c", "rm", path="z")]),
        line("3", "2", "user", [result("a", "no such file", is_error=True), result("b", "The user doesn't want to proceed with this tool use.")]),
    )
    assert [ok for _, _, ok in found[0][1][2]] == [False, False, None]


def test_side_chains_summaries_and_meta_records_are_left_out_but_keep_the_thread(tmp_path):
    found, _ = read(
        tmp_path,
        line("1", None, "user", "Caveat: the messages below ...", isMeta=True),
        line("2", "1", "user", "Review it."),
        line("3", "2", "assistant", [use("t", "Task", subagent_type="reviewer")]),
        line("4", "3", "user", "Look at the diff.", isSidechain=True),
        line("5", "4", "assistant", [{"type": "text", "text": "Looks fine."}], isSidechain=True),
        line("6", "3", "user", [result("t", "fine")]),
        line("7", "6", "user", "This session continues an earlier one.", isCompactSummary=True),
        line("8", "7", "user", "<command-name>/clear</command-name>"),
        line("9", "8", "user", "Thanks. <system-reminder>be brief</system-reminder>"),
    )
    assert found == [[("user", "Review it.", []), ("assistant", "", [("Task", {"subagent_type": "reviewer"}, True)]), ("user", "Thanks.", [])]]


def test_of_two_branches_the_later_one_happened(tmp_path):
    found, _ = read(
        tmp_path,
        line("1", None, "user", "Hello"),
        line("2", "1", "assistant", [{"type": "text", "text": "Hello."}]),
        line("3", "2", "user", "Make it blue"),
        line("4", "3", "assistant", [{"type": "text", "text": "Blue."}]),
        line("5", "2", "user", "Make it green"),
        line("6", "5", "assistant", [{"type": "text", "text": "Green."}]),
    )
    assert [text for _, text, _ in found[0]] == ["Hello", "Hello.", "Make it green", "Green."]


def test_parallel_calls_of_one_answer_stay_together(tmp_path):
    found, _ = read(
        tmp_path,
        line("1", None, "user", "Weather in Oslo and Rome?"),
        line("2", "1", "assistant", [use("a", "weather", city="Oslo")], message="m1"),
        line("3", "2", "assistant", [use("b", "weather", city="Rome")], message="m1"),
        line("4", "2", "user", [result("a", "4")]),
        line("5", "3", "user", [result("b", "19")]),
        line("6", "5", "assistant", [{"type": "text", "text": "4 and 19."}], message="m2"),
    )
    assert found[0][1] == ("assistant", "", [("weather", {"city": "Oslo"}, True), ("weather", {"city": "Rome"}, True)])


def test_an_interruption_marks_what_it_stopped(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text("\n".join([line("1", None, "user", "Count to a million"), line("2", "1", "user", "[Request interrupted by user]")]))
    (conversation,) = conversations(path, Troubles())
    assert [(t.text, t.interrupted) for t in conversation.turns] == [("Count to a million", True)]


def test_openai_chat(tmp_path):
    tool = {"type": "function", "function": {"name": "weather", "description": "Weather now.", "parameters": {"type": "object", "properties": {}}}}
    chat = {"created_at": "2026-03-02T10:00:00Z", "tools": [tool, "nonsense"], "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "How warm is it?"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "4"},
        {"role": "assistant", "content": "4 degrees.", "tool_calls": [{"id": "c2", "function": {"name": "weather", "arguments": "{torn"}}]},
        {"role": "narrator", "content": "Meanwhile ..."}]}  # fmt: skip
    found, troubles = read(tmp_path, json.dumps(chat))
    assert found == [[
        ("system", "Be brief.", []), ("user", "How warm is it?", []), ("assistant", "", [("weather", {"city": "Oslo"}, True)]), ("assistant", "4 degrees.", []),
    ]]  # fmt: skip
    assert troubles == {"tool call that cannot be read": 1, "unknown role": 1}
    (conversation,) = conversations(tmp_path / "session.jsonl", Troubles())
    assert conversation.tools == [tool]
    assert conversation.turns[0].time == datetime(2026, 3, 2, 10, tzinfo=timezone.utc)


def test_sharegpt_as_lines_and_as_one_list(tmp_path):
    talk = {"conversations": [
        {"from": "human", "value": "How warm is it?"}, {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Oslo"}}'},
        {"from": "observation", "value": "4"}, {"from": "gpt", "value": "4 degrees."}, {"from": "moon", "value": "?"}]}  # fmt: skip
    expected = [("user", "How warm is it?", []), ("assistant", "", [("weather", {"city": "Oslo"}, True)]), ("assistant", "4 degrees.", [])]
    assert read(tmp_path, json.dumps(talk)) == ([expected], {"unknown role": 1})
    assert read(tmp_path, json.dumps([talk, talk, 7], indent=1), name="all.json") == ([expected, expected], {"unknown role": 2, "unknown kind of record": 1})
    assert read(tmp_path, json.dumps(talk), json.dumps(talk), name="lines.json") == ([expected, expected], {"unknown role": 2})


def test_broken_lines_cost_themselves_and_are_counted(tmp_path):
    good = json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]})
    path = tmp_path / "s.jsonl"
    huge = b'{"messages": "' + b"x" * 10_000_001 + b'"}'
    lines = [good.encode(), b"not json", huge, b'{"type": "progress"}', b"7", b"", b'{"messages": [{"role": "user", "content": "caf\xe9"}]}', b"[" * 100_000]
    path.write_bytes(b"\n".join([*lines, good.encode()[:20]]))
    troubles = Troubles()
    found = list(conversations(path, troubles))
    assert [c.turns[0].text for c in found] == ["Hi", "caf�"]
    assert {t.reason: (t.count, t.ref.rpartition(":")[2]) for t in troubles.list()} == {
        "line that is not JSON": (2, "2"), "line longer than 10 MB": (1, "3"), "unknown kind of record": (2, "4"), "invalid UTF-8": (1, "7"),
        "torn last line": (1, "9"),
    }  # fmt: skip


def test_files_of_paths_folders_and_globs_are_read_once(tmp_path):
    for name in ("a.jsonl", "b/c.jsonl", "b/d.json", "b/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = files([str(tmp_path), str(tmp_path / "a.jsonl"), str(tmp_path / "b" / "*.jsonl"), str(tmp_path / "absent")])
    assert [p.relative_to(tmp_path).as_posix() for p in found] == ["a.jsonl", "b/c.jsonl", "b/d.json"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-02T10:00:00.000Z", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("2026-03-02T12:00:00+02:00", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("2026-03-02 10:00:00", datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        (1772445600, datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        (1772445600000, datetime(2026, 3, 2, 10, tzinfo=timezone.utc)),
        ("yesterday", None), (1e300, None), (float("nan"), None), (True, None), (None, None), ({}, None),
    ],
)  # fmt: skip
def test_moments(value, expected):
    assert moment(value) == expected


def test_the_samples_are_read_without_loss():
    troubles = Troubles()
    turns = sum(len(c.turns) for path in files([str(SAMPLES / "sessions")]) for c in conversations(path, troubles))
    assert turns > 200
    assert {t.reason for t in troubles.list()} == {"torn last line"}


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda x: st.lists(x, max_size=3), max_leaves=6)
KEYS = st.sampled_from(
    ["type", "uuid", "parentUuid", "sessionId", "message", "messages", "conversations", "role", "content", "id", "from", "value", "tool_calls", "tools",
     "function", "name", "arguments", "input", "tool_use_id", "timestamp", "isSidechain", "text"]
)  # fmt: skip
WORDS = st.sampled_from(["user", "assistant", "tool", "text", "tool_use", "tool_result", "human", "gpt", "function_call", "observation", "1", "2", "{}"])
RECORD = st.recursive(JSON | WORDS, lambda x: st.lists(x, max_size=3) | st.dictionaries(KEYS, x, max_size=6), max_leaves=12)


@settings(max_examples=40, deadline=None)
@given(records=st.lists(st.dictionaries(KEYS, RECORD, max_size=8), min_size=1, max_size=2), tail=st.binary(max_size=40))
def test_no_file_stops_the_reader(tmp_path_factory, records, tail):
    path = tmp_path_factory.mktemp("fuzz") / "s.jsonl"
    path.write_bytes("".join(json.dumps(r) + "\n" for r in records).encode() + tail)
    for conversation in conversations(path, Troubles()):
        for turn in conversation.turns:
            assert isinstance(turn.text, str) and all(isinstance(call.arguments, dict) for call in turn.calls)
