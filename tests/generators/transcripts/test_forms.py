"""Forms of transcripts that were not read, or read as something else."""

import json

from tests.generators.transcripts.conversations import (
    GEMINI,
    asked,
    chat,
    completed,
    gemini,
    hands,
    of,
    ran,
    said,
    saw,
    taught,
    tool_call,
    written,
)

WARM, FOUR = "How warm is it in Oslo?", "Four degrees."
WEATHER = 'weather({"city": "Oslo"})'
BOTH = [(WARM, FOUR), (WARM, WEATHER)]
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


def user(*texts: str) -> dict:
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts]}


def model(text: str) -> dict:
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


FILES = "<environment_details>\n# Files\na.py\n</environment_details>"


def test_cline_a_task_of_several_turns(tmp_path):
    talk = [
        user(f"<task>\n{WARM}\n</task>", FILES),
        model("<thinking>x</thinking>\n<read_file>\n<path>oslo.txt</path>\n</read_file>"),
        user("[read_file for 'oslo.txt'] Result:", "4", FILES),
        model(f"<attempt_completion>\n<result>\n{FOUR}\n</result>\n</attempt_completion>"),
        user("[attempt_completion] Result:", "<feedback>\nWhat is the record?\n</feedback>", FILES),
        model("<ask_followup_question><question>Of which year?</question></ask_followup_question>"),
        user("[ask_followup_question for 'Of which year?'] Result:\n<answer>\nOf 2018.\n</answer>"),
        model("<attempt_completion><result>35 degrees.</result></attempt_completion>"),
    ]
    assert of(tmp_path, json.dumps(talk), name="api_conversation_history.json") == [
        (WARM, FOUR),
        (WARM, 'read_file({"path": "oslo.txt"})'),
        ("Of 2018.", "35 degrees."),
        ("What is the record?", "Of which year?"),
    ]


def test_cline_with_calls_of_the_interface(tmp_path):
    def use(ident: str, name: str, **given) -> dict:
        return {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": ident, "name": name, "input": given}],
        }

    def result(ident: str, text: str) -> dict:
        return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": ident, "content": text}]}

    talk = [
        user(f"<task>{WARM}</task>", FILES),
        use("1", "weather", city="Oslo"),
        result("1", "4"),
        use("2", "attempt_completion", result=FOUR),
        result("2", "<feedback>\nAnd in Rome?\n</feedback>"),
        use("3", "attempt_completion", result="Nineteen."),
    ]
    assert of(tmp_path, *talk) == [("And in Rome?", "Nineteen."), *BOTH]


def test_openhands_of_both_versions(tmp_path):
    call = hands("agent", "call_tool_mcp", name="weather", arguments={"city": "Oslo"}, thought="I look.")
    call["tool_call_metadata"] = {"function_name": "weather"}
    call["args"] = {"city": "Oslo", "thought": "I look."}
    state = {
        "id": 9,
        "source": "environment",
        "observation": "agent_state_changed",
        "content": "",
        "extras": {},
    }
    events = [hands("user", "message", content=WARM), hands("agent", "recall", query=WARM), call]
    events += [
        saw(call, "mcp", "4"),
        state,
        hands("agent", "finish", final_thought=FOUR, task_completed="true"),
    ]
    assert of(tmp_path, json.dumps(events, indent=1), name="trajectory.json") == BOTH
    assert of(tmp_path, {"instance_id": "x", "history": events}) == BOTH
    second = [
        {"kind": "SystemPromptEvent", "source": "agent"},
        {
            "kind": "MessageEvent",
            "source": "user",
            "llm_message": {"role": "user", "content": [{"type": "text", "text": WARM}]},
        },
        {
            "kind": "ActionEvent",
            "source": "agent",
            "tool_name": "weather",
            "tool_call_id": "c",
            "tool_call": {
                "id": "c",
                "name": "weather",
                "arguments": '{"city": "Oslo", "security_risk": "LOW"}',
            },
            "action": {"kind": "WeatherAction", "city": "Oslo"},
        },
        {
            "kind": "ObservationEvent",
            "source": "environment",
            "tool_call_id": "c",
            "observation": {"content": [{"type": "text", "text": "4"}], "exit_code": 0},
        },
        {
            "kind": "ActionEvent",
            "source": "agent",
            "tool_name": "finish",
            "action": {"kind": "FinishAction", "message": FOUR},
        },
    ]
    assert of(tmp_path, *second) == BOTH


def test_openhands_an_agent_that_was_stopped(tmp_path):
    stopped = {"id": 3, "source": "environment", "observation": "agent_state_changed", "content": ""}
    stopped["extras"] = {"agent_state": "stopped"}
    talk = [hands("user", "message", content=WARM), hands("agent", "message", content="I look"), stopped]
    assert taught(written(tmp_path, *talk)) == ([], {"turn that was interrupted or cut off": 1})


def test_swe_agent_runs_whose_commands_tell_how_they_ended(tmp_path):
    history = [
        {"role": "system", "content": "You are ..."},
        {"role": "user", "content": "A demonstration", "is_demo": True},
        {"role": "assistant", "content": "Of how", "is_demo": True},
        {"role": "user", "content": WARM},
        {"role": "assistant", "content": "I look.", "thought": "I look.", "action": "cat oslo\n"},
        {"role": "user", "content": "<returncode>0</returncode>\n<output>4</output>"},
        {"role": "assistant", "content": FOUR, "thought": FOUR, "action": ""},
    ]
    run = {"environment": "e", "trajectory": [], "history": history, "info": {"exit_status": "submitted"}}
    expected = [(WARM, FOUR), (WARM, 'bash({"command": "cat oslo"})')]
    assert of(tmp_path, json.dumps(run, indent=1), name="a.traj") == expected
    counted = {"turn that was interrupted or cut off": 1}
    late = run | {"info": {"exit_status": "exit_cost"}}
    assert taught(written(tmp_path, late)) == ([], counted)
    mini = {
        "trajectory_format": "mini-swe-agent-1.1",
        "messages": history,
        "info": {"exit_status": "Submitted"},
    }
    mini["messages"][4] = {"role": "assistant", "content": "I look.\n```bash\ncat oslo\n```"}
    assert of(tmp_path, mini) == expected


AIDER = f"""
# aider chat started at 2026-06-01 09:00:00

> /usr/bin/aider --model x  
> Added a.py to the chat.  

#### {WARM}  

{FOUR}

#### Measured at noon.

> Tokens: 1k sent, 20 received.  

#### /add b.py  

> Added b.py to the chat.  

#### /ask Which of the two  
#### is the colder one?  

Oslo.

#### Add a log line.  

a.py
```python
<<<<<<< SEARCH
x
=======
y
>>>>>>> REPLACE
```

> Applied edit to a.py  

# aider chat started at 2026-06-02 09:00:00

#### Say something long.  

It begins
> ^C KeyboardInterrupt  

#### Hello.  

Hello back.
"""  # noqa: W291


def test_aider_what_is_typed_what_is_answered_and_what_the_program_says(tmp_path):
    rows, counted = taught(written(tmp_path, AIDER, name=".aider.chat.history.md").parent)
    assert rows == [
        ("Hello.", "Hello back."),
        (WARM, f"{FOUR}\n\n#### Measured at noon."),
        ("Which of the two\nis the colder one?", "Oslo."),
    ]
    assert counted == {
        "turn with an edit of files that the record does not show": 1,
        "turn that was interrupted or cut off": 1,
    }


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
