"""Forms of transcripts that were not read, or read as something else."""

import json

import pytest

from tests.generators.transcripts.conversations import (
    GEMINI,
    asked,
    chat,
    completed,
    gemini,
    of,
    ran,
    said,
    taught,
    tool_call,
    written,
)

WARM, FOUR = "How warm is it in Oslo?", "Four degrees."
WEATHER = 'weather({"city": "Oslo"})'
BOTH = [(WARM, FOUR), (WARM, WEATHER)]
CUT = {"turn that was interrupted or cut off": 1}
REFUSED, FAILED = {"turn that was refused": 1}, {"turn that failed": 1}
CALL = {"id": "c", "name": "weather", "args": {"city": "Oslo"}}


def test_gemini_a_message_grows_under_its_id(tmp_path):
    first = gemini("gemini", "I look.", toolCalls=[CALL | {"status": "executing", "timestamp": "x"}])
    given = [{"functionResponse": {"response": {"output": "4"}}}]
    second = first | {"toolCalls": [CALL | {"status": "success", "result": given, "timestamp": "x"}]}
    last = gemini("gemini", "Four")
    records = [GEMINI, gemini("user", WARM), first, second, last, last | {"content": FOUR}]
    assert of(tmp_path, *records) == BOTH
    whole = GEMINI | {"messages": [records[1], second, last | {"content": FOUR}]}
    assert of(tmp_path, json.dumps(whole, indent=2), name="session.json") == BOTH


def test_gemini_figures_of_an_earlier_message_are_no_answer_to_a_later_question(tmp_path):
    answer = gemini("gemini", FOUR)
    records = [
        GEMINI,
        gemini("user", WARM),
        answer,
        gemini("user", "And in Rome?"),
        answer | {"tokens": {"total": 9}},
    ]
    assert of(tmp_path, *records) == [(WARM, FOUR)]


def test_gemini_words_before_a_call_that_nothing_follows_are_no_answer(tmp_path):
    called = CALL | {"status": "success", "timestamp": "2026-06-01T09:00:02Z"}
    records = [GEMINI, gemini("user", WARM), gemini("gemini", "I look.", toolCalls=[called])]
    assert of(tmp_path, *records) == [(WARM, WEATHER)]


def test_gemini_what_was_rewound_is_not_there(tmp_path):
    wrong, right = gemini("user", "Make it blue."), gemini("user", "Make it green.")
    talk = [GEMINI, gemini("user", WARM), gemini("gemini", FOUR), wrong, gemini("gemini", "Blue.")]
    talk += [{"$rewindTo": wrong["id"]}, {"$set": {"lastUpdated": "x"}}, right, gemini("gemini", "Green.")]
    assert of(tmp_path, *talk) == [(WARM, FOUR), ("Make it green.", "Green.")]


def test_codex_completed_items_alone_and_beside_the_items_of_responses(tmp_path):
    items = [
        completed("UserMessage", content=[{"type": "text", "text": WARM}]),
        completed("McpToolCall", server="w", tool="weather", arguments={"city": "Oslo"}, status="completed"),
        completed("Reasoning", summary_text=["?"]),
        completed("AgentMessage", content=[{"type": "Text", "text": FOUR}], phase="final_answer"),
    ]
    assert of(tmp_path, *items) == [(WARM, 'mcp__w__weather({"city": "Oslo"})')]
    items[1]["payload"]["item"]["result"] = {"content": [{"type": "text", "text": "4"}]}
    assert (WARM, FOUR) in of(tmp_path, *items)
    twice = [
        asked(WARM),
        items[0],
        *ran("weather oslo", "Exit code: 0\nOutput:\n4"),
        items[1],
        said(FOUR),
        items[3],
    ]
    assert of(tmp_path, *twice) == [(WARM, FOUR), (WARM, 'exec_command({"cmd": "weather oslo"})')]


def test_keys_of_two_formats_mixed(tmp_path):
    mixed = {"conversation": [{"from": "user", "content": WARM}, {"role": "gpt", "value": FOUR}]}
    assert of(tmp_path, mixed) == [(WARM, FOUR)]
    call = [{"type": "tool_use", "id": "1", "name": "weather", "input": {"city": "Oslo"}}]
    given = [{"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "4"}]}]
    blocks = chat(("user", WARM), ("assistant", call), ("user", given), ("assistant", FOUR))
    assert of(tmp_path, blocks) == BOTH
    assert of(tmp_path, {"messages": json.dumps(blocks["messages"]), "resolved": True}) == BOTH


def test_a_list_of_messages_without_anything_around_it(tmp_path):
    messages = chat(
        ("user", WARM),
        ("assistant", None, tool_call("weather", city="Oslo")),
        ("tool", "4", {"tool_call_id": "c1"}),
        ("assistant", FOUR),
    )["messages"]
    assert of(tmp_path, json.dumps(messages, indent=1), name="all.json") == BOTH
    assert of(tmp_path, *messages) == BOTH


def test_responses_with_calls(tmp_path):
    call = {"type": "function_call", "call_id": "1", "name": "weather", "arguments": '{"city": "Oslo"}'}
    given = {"type": "function_call_output", "call_id": "1", "output": "4"}
    said_four = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": FOUR}]}
    record = {
        "input": [{"role": "user", "content": WARM}, call, given],
        "output": [{"type": "reasoning"}, said_four],
    }
    assert of(tmp_path, record) == BOTH
    assert of(tmp_path, {"input": WARM, "output": [said_four], "status": "completed"}) == [(WARM, FOUR)]


def test_gemini_contents_and_qwen_code(tmp_path):
    parts = [
        {"role": "user", "parts": [{"text": WARM}]},
        {"role": "model", "parts": [{"thought": True, "text": "?"}, {"functionCall": CALL}]},
        {"role": "user", "parts": [{"functionResponse": {"id": "c", "response": {"output": "4"}}}]},
        {"role": "model", "parts": [{"text": FOUR}]},
    ]
    assert of(tmp_path, {"contents": parts}) == BOTH
    kinds = ("user", "assistant", "tool_result", "assistant")
    records = [
        {"type": kind, "uuid": f"q{number}", "parentUuid": None, "sessionId": "s", "message": message}
        for number, (kind, message) in enumerate(zip(kinds, parts, strict=True))
    ]
    assert of(tmp_path, *records) == BOTH


def test_a_list_of_prompts_alone_has_an_unknown_form(tmp_path):
    log = {"sessionId": "s", "messageId": 0, "type": "user", "message": WARM, "timestamp": "x"}
    counted = {"1 file of an unknown form (keys: sessionId, messageId, type, message, timestamp)": 1}
    assert taught(written(tmp_path, json.dumps([log], indent=1), name="logs.json")) == ([], counted)


def test_gemini_words_that_only_announce_a_call_are_no_answer(tmp_path):
    done = [CALL | {"status": "success", "result": [{"functionResponse": {"response": {"output": "4"}}}]}]
    for words in ("Let me look.", "Ich sehe nach:"):
        records = [GEMINI, gemini("user", WARM), gemini("gemini", words, toolCalls=done)]
        assert of(tmp_path, *records) == [(WARM, WEATHER)]


@pytest.mark.parametrize(
    "kind, notice, counted",
    [
        ("info", "Request cancelled.", CUT),
        ("info", "⚠️  Response truncated due to token limits.", CUT),
        ("warning", "The answer was cut: the output limit is reached.", CUT),
        ("info", "The session has reached the maximum number of turns: 5.", CUT),
        ("warning", "Session limit reached.", CUT),
        ("info", "A potential loop was detected. The request has been halted.", CUT),
        ("info", "⚠️  Response stopped due to safety reasons.", REFUSED),
        ("warning", "Response blocked by the content filter.", REFUSED),
        ("info", "⚠️  Response stopped due to malformed function call.", FAILED),
        ("error", "[API Error: 500]", FAILED),
    ],
)
def test_gemini_a_notice_that_the_answer_was_stopped_ends_it_as_that(tmp_path, kind, notice, counted):
    records = [GEMINI, gemini("user", WARM), gemini("gemini", FOUR), gemini(kind, notice)]
    assert taught(written(tmp_path, *records)) == ([], counted)


@pytest.mark.parametrize(
    "notice",
    [
        "Gemini CLI update available! 0.9.0 → 0.9.1",
        "Chat history compressed from 9000 to 2100 tokens.",
        "Switched to gemini-flash: the daily limit of gemini-pro is reached.",
        "Loaded 2 extensions.",
    ],
)
def test_gemini_a_notice_about_something_else_says_nothing_of_the_answer(tmp_path, notice):
    records = [GEMINI, gemini("user", WARM), gemini("gemini", FOUR), gemini("info", notice)]
    assert of(tmp_path, *records) == [(WARM, FOUR)]


def test_claude_code_as_it_streams(tmp_path):
    kinds = (("user", WARM), ("assistant", [{"type": "text", "text": FOUR}]))
    records = [
        {"type": kind, "message": {"role": kind, "content": text}, "session_id": "s"} for kind, text in kinds
    ]
    assert of(tmp_path, {"type": "system", "session_id": "s", "uuid": "x"}, *records) == [(WARM, FOUR)]


def test_a_file_in_which_only_single_records_are_known_has_an_unknown_form(tmp_path):
    counted = {"1 file of an unknown form (keys: kind, text)": 1}
    log = [
        {"kind": "asked", "text": WARM},
        {"type": "reasoning", "summary": []},
        {"kind": "said", "text": FOUR},
    ]
    assert taught(written(tmp_path, *log)) == ([], counted)
    roles = [{"role": "admin", "content": "may write"}, {"role": "guest", "content": "may read"}]
    assert taught(written(tmp_path, *roles)) == ([], {"1 file of an unknown form (keys: role, content)": 1})
    tree = {"messages": [{"id": 1, "parentId": 0}], "files": []}
    assert taught(written(tmp_path, tree)) == ([], {"1 file of an unknown form (keys: messages, files)": 1})


def test_files_of_an_unknown_form_are_counted_as_that(tmp_path):
    for number, records in enumerate(([{"q": WARM, "a": FOUR}], [{"q": 1, "a": 2}], [{"title": "x"}])):
        path = tmp_path / f"{number}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert taught(tmp_path) == ([], {"3 files of an unknown form (keys: q, a)": 1})
    (tmp_path / "known.jsonl").write_text(json.dumps(chat(("user", WARM), ("assistant", FOUR))))
    rows, counted = taught(tmp_path)
    assert rows == [(WARM, FOUR)] and counted == {
        "file of an unknown form (keys: q, a)": 2,
        "file of an unknown form (keys: title)": 1,
        "unknown kind of record": 3,
    }


ASKS, SAYS = [{"role": "user", "content": WARM}], {"role": "assistant", "content": FOUR}


@pytest.mark.parametrize(
    "pair",
    [
        {"messages": ASKS, "response": FOUR},
        {"messages": ASKS, "completion": SAYS},
        {"input": ASKS, "output": FOUR},
        {"prompt": ASKS, "completion": [SAYS]},
        {
            "request": {"messages": ASKS},
            "response": {"choices": [{"message": SAYS, "finish_reason": "stop"}]},
        },
        {"request": {"messages": ASKS}, "response": SAYS | {"stop_reason": "end_turn"}},
    ],
)
def test_a_request_and_the_answer_in_a_field_of_its_own(tmp_path, pair):
    assert of(tmp_path, pair) == [(WARM, FOUR)]


def test_an_answer_in_a_field_of_its_own_that_was_cut(tmp_path):
    cut = {"choices": [{"message": SAYS, "finish_reason": "length"}]}
    for answer in (cut, SAYS | {"stop_reason": "max_tokens"}):
        pair = {"request": {"messages": ASKS}, "response": answer}
        assert taught(written(tmp_path, pair)) == ([], CUT)


@pytest.mark.parametrize("keys", ["request response", "input output", "prompt completion", "question answer"])
def test_pairs_of_texts_alone_have_an_unknown_form(tmp_path, keys):
    pair = dict(zip(keys.split(), (WARM, FOUR), strict=True))
    counted = {f"1 file of an unknown form (keys: {keys.replace(' ', ', ')})": 1}
    assert taught(written(tmp_path, pair)) == ([], counted)


@pytest.mark.parametrize("asks", ["human", "user"])
@pytest.mark.parametrize("answers", ["bot", "chatgpt", "gpt", "claude", "assistant"])
def test_sharegpt_of_whatever_model(tmp_path, asks, answers):
    talk = [{"from": asks, "value": WARM}, {"from": answers, "value": FOUR}]
    assert of(tmp_path, {"conversations": talk}) == [(WARM, FOUR)]


def test_a_conversation_of_a_role_that_is_not_known_is_not_read_by_half(tmp_path):
    known = [("user", WARM), ("assistant", FOUR)]
    tutor = chat(("user", WARM), ("tutor", FOUR))
    rows, counted = taught(written(tmp_path, tutor))
    assert rows == [] and counted["file of an unknown form (keys: messages)"] == 1
    assert of(tmp_path, chat(("user", WARM), ("tutor", "What do you think?"), ("assistant", FOUR))) == []
    assert of(tmp_path, chat(*known, ("reviewer", "No."))) == []
    assert of(tmp_path, chat(known[0], ("reasoning", "A thermometer says it."), known[1])) == [(WARM, FOUR)]
