"""Histories of agents that were not read: Cline, OpenHands, SWE-agent, Aider."""

import json

import pytest

from tests.generators.transcripts.conversations import hands, of, saw, taught, written

WARM, FOUR = "How warm is it in Oslo?", "Four degrees."
WEATHER = 'weather({"city": "Oslo"})'
BOTH = [(WARM, FOUR), (WARM, WEATHER)]
CUT = {"turn that was interrupted or cut off": 1}
UNKNOWN = {"turn whose outcome is not known": 1}


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


def test_cline_a_command_without_an_exit_code(tmp_path):
    talk = [
        user(f"<task>{WARM}</task>"),
        model("<execute_command><command>cat oslo</command></execute_command>"),
    ]
    done = model(f"<attempt_completion><result>{FOUR}</result></attempt_completion>")
    result = "[execute_command for 'cat oslo'] Result:"
    unknown = [*talk, user(result, "Command executed.\nOutput:\n4"), done]
    assert taught(written(tmp_path, *unknown)) == ([], {"turn whose outcome is not known": 1})
    known = [*talk, user(result, "Command executed successfully (exit code 0).\nOutput:\n4"), done]
    assert of(tmp_path, *known) == [(WARM, FOUR), (WARM, 'execute_command({"command": "cat oslo"})')]
    failed = [*talk, user(result, "Command failed with exit code 2.\nOutput:\n4"), done]
    assert taught(written(tmp_path, *failed)) == ([], {"turn that failed": 1})


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


def test_openhands_messages_of_the_environment_and_of_other_agents_are_nobodys(tmp_path):
    second = {"kind": "MessageEvent", "source": "user", "sender": "planner"}
    second["llm_message"] = {"content": [{"type": "text", "text": "Plan it."}]}
    for notice in (hands("environment", "message", content="The budget is used up."), second):
        talk = [hands("user", "message", content=WARM), hands("agent", "message", content=FOUR), notice]
        talk.append(hands("agent", "message", content="Then I plan."))
        assert of(tmp_path, *talk) == [(WARM, FOUR)]


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
    scolded = [
        *history[:4],
        history[6],
        {"role": "user", "content": "Your output was not formatted correctly."},
    ]
    scolded.append({"role": "assistant", "content": "I am sorry."})
    assert of(tmp_path, run | {"history": scolded}) == [(WARM, FOUR)]
    late = run | {"info": {"exit_status": "exit_cost"}}
    assert taught(written(tmp_path, late)) == ([], counted)
    mini = {
        "trajectory_format": "mini-swe-agent-1.1",
        "messages": history,
        "info": {"exit_status": "Submitted"},
    }
    mini["messages"][4] = {"role": "assistant", "content": "I look.\n```bash\ncat oslo\n```"}
    assert of(tmp_path, mini) == expected


@pytest.mark.parametrize(
    "status, seen, rows",
    [
        ("submitted", "OBSERVATION:\n4", [(WARM, FOUR), (WARM, 'bash({"command": "cat oslo"})')]),
        ("submitted", "OBSERVATION:\ncat: oslo: No such file or directory", []),
        ("submitted", "OBSERVATION:\nError: no such file", []),
        ("", "OBSERVATION:\n4", []),
        ("submitted (exit_cost)", "OBSERVATION:\n4", []),
    ],
)
def test_a_command_of_swe_agent_went_well_in_a_run_that_submitted(tmp_path, status, seen, rows):
    looked = {"role": "assistant", "content": "I look.", "thought": "I look.", "action": "cat oslo"}
    observed = {"role": "tool", "content": seen}
    history = [{"role": "user", "content": WARM}, looked, observed, {"role": "assistant", "content": FOUR}]
    run = {"trajectory": [], "history": history, "info": {"exit_status": status}}
    assert [row for row in of(tmp_path, run) if row[1] != FOUR] == [row for row in rows if row[1] != FOUR]
    assert bool(rows) is ((WARM, FOUR) in of(tmp_path, run))


@pytest.mark.parametrize(
    "status, counted",
    [
        ("submitted (exit_cost)", CUT),
        ("submitted (exit_context)", CUT),
        ("exit_format", CUT),
        ("early_exit", CUT),
        ("LimitsExceeded", CUT),
        ("exit_error", {"turn that failed": 1}),
        ("", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_run_of_swe_agent_that_did_not_submit_by_itself_is_not_taught(tmp_path, status, counted):
    history = [{"role": "user", "content": WARM}, {"role": "assistant", "content": FOUR}]
    run = {"trajectory": [], "history": history, "info": {"exit_status": status}}
    assert taught(written(tmp_path, run)) == ([], counted)
    assert of(tmp_path, run | {"info": {"exit_status": "submitted"}}) == [(WARM, FOUR)]


def test_a_run_of_swe_agent_without_a_status_is_not_taught(tmp_path):
    history = [{"role": "user", "content": WARM}, {"role": "assistant", "content": FOUR}]
    assert taught(written(tmp_path, {"trajectory": [], "history": history})) == ([], UNKNOWN)


@pytest.mark.parametrize(
    "found",
    [
        {"error": "AgentStuckInLoopError"},
        {"resolved": False},
        {"test_result": {"resolved": False}},
        {"error": None, "test_result": {"git_patch": "", "report": {"resolved": False}}},
    ],
)
def test_a_run_of_openhands_that_broke_or_did_not_pass_its_tests_is_not_taught(tmp_path, found):
    history = [hands("user", "message", content=WARM), hands("agent", "finish", final_thought=FOUR)]
    assert taught(written(tmp_path, {"history": history} | found)) == ([], {"turn that failed": 1})
    passed = {"error": None, "test_result": {"report": {"resolved": True, "error_eval": False}}}
    assert of(tmp_path, {"history": history} | passed) == [(WARM, FOUR)]


@pytest.mark.parametrize(
    "event, counted",
    [
        ({"kind": "ConversationErrorEvent", "code": "LLMError", "detail": "x"}, {"turn that failed": 1}),
        ({"key": "execution_status", "value": "stuck"}, {"turn that failed": 1}),
        ({"key": "full_state", "value": {"execution_status": "error"}}, {"turn that failed": 1}),
        ({"key": "execution_status", "value": "paused"}, CUT),
        ({"key": "execution_status", "value": "finished"}, {}),
    ],
)
def test_openhands_second_version_a_conversation_that_broke_is_not_taught(tmp_path, event, counted):
    asks = {
        "kind": "MessageEvent",
        "source": "user",
        "llm_message": {"content": [{"type": "text", "text": WARM}]},
    }
    done = {"kind": "ActionEvent", "source": "agent", "tool_name": "finish", "action": {"message": FOUR}}
    last = {"kind": "ConversationStateUpdateEvent", "source": "environment"} | event
    assert taught(written(tmp_path, asks, done, last)) == ([] if counted else [(WARM, FOUR)], counted)


def test_openhands_the_evaluations_own_prompt_is_nobodys(tmp_path):
    goes_on = (
        "Please continue working on the task on whatever approach you think is suitable.\nIf you think ..."
    )
    talk = [hands("user", "message", content=WARM), hands("agent", "message", content="I look.")]
    talk += [hands("user", "message", content=goes_on), hands("agent", "finish", final_thought=FOUR)]
    assert of(tmp_path, {"history": talk}) == [(WARM, FOUR)]


@pytest.mark.parametrize("tag", ["feedback", "user_feedback"])
@pytest.mark.parametrize("header", ["[attempt_completion] Result:\n", ""])
def test_cline_feedback_that_denies_a_completion_corrects_it(tmp_path, tag, header):
    said = "No, that is wrong: it is the temperature of Rome."
    feedback = f"{header}The user has provided feedback on the results.\n<{tag}>\n{said}\n</{tag}>"
    done = f"<attempt_completion><result>{FOUR}</result></attempt_completion>"
    talk = [user(f"<task>{WARM}</task>"), model(done)]
    talk += [user(feedback), model("<attempt_completion><result>Minus two.</result></attempt_completion>")]
    assert taught(written(tmp_path, *talk)) == ([(said, "Minus two.")], {"turn that was corrected": 1})


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


def test_aider_lines_that_lost_their_spaces_and_notices_of_several_lines(tmp_path):
    bare = f"# aider chat started at 2026-06-01 09:00:00\n#### {WARM}\n{FOUR}\n\n> Tokens: 1k\n\n#### Hello.\nHello back.\n"
    expected = [("Hello.", "Hello back."), (WARM, FOUR)]
    assert of(tmp_path, bare, name="a.chat.history.md") == expected
    spaced = bare.replace(f"#### {WARM}", f"#### {WARM}  ").replace("Hello.\n", "Hello.  \n")
    several = spaced.replace("> Tokens: 1k\n", "> Tokens: 1k sent, 34 received.\nCost: $0.01 message.  \n")
    assert of(tmp_path, several, name="a.chat.history.md") == expected
