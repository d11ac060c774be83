"""What a tool gave, and the call for it, in words alone: neither is taught, nor what was answered after it."""

import pytest

from tests.generators.transcripts.conversations import chat, of, taught, written

QUESTION, STEP = "Where do the berths of pier 4 stand?", "I will look.\n\n```bash\nls berths\n```"
ANSWER = "They stand in `berths/pier4.csv`, one a line."
PLAIN = ("Which table holds the refunds?", "`refunds`, in the money schema.")
COUNTED = "turn with a call that the record has only in words"


@pytest.mark.parametrize(
    "observed",
    [
        "Observation: the search gave nothing",
        "OBSERVATION:\nls: cannot access 'berths'",
        "<returncode>2</returncode>\n<output>\nls: cannot access 'berths'\n</output>",
        "New Terminal Output:\nroot@abc:/app# ls berths",
        'Tool result: {"error": "timeout"}',
        "EXECUTION RESULT of [execute_bash]:\nls: cannot access 'berths'",
        "exitcode: 0 (execution succeeded)\nCode output: pier4.csv",
        "Here is the output of your command:\npier4.csv",
        "<tool_response>\npier4.csv\n</tool_response>",
        "[list_files for 'berths'] Result:\npier4.csv",
        "Command list_files returned: ['pier4.csv']",
        "Your command ran successfully and did not produce any output.",
    ],
)
def test_an_observation_is_a_tools_turn(tmp_path, observed):
    talk = chat(("user", QUESTION), ("assistant", STEP), ("user", observed), ("assistant", ANSWER))
    rows, counted = taught(written(tmp_path, talk, chat(("user", PLAIN[0]), ("assistant", PLAIN[1]))))
    assert (rows, counted[COUNTED]) == ([PLAIN], 1)


@pytest.mark.parametrize(
    "step",
    [
        'Thought: I look it up.\nAction: search\nAction Input: {"query": "berths"}',
        '\nThought: \nAction: Finish\nAction Input: {"return_type": "give_answer"}',
        "Thought: I know it now.\nFinal Answer: they stand in `berths/pier4.csv`, one a line.",
    ],
)
def test_scaffolding_is_no_answer(tmp_path, step):
    assert of(tmp_path, chat(("user", QUESTION), ("assistant", step))) == []


def test_an_answer_after_a_result_whose_call_is_not_read_is_not_taught(tmp_path):
    talk = {
        "conversations": [
            {"from": "human", "value": QUESTION},
            {"from": "gpt", "value": "I look."},
            {"from": "function", "value": "pier4.csv"},
            {"from": "gpt", "value": ANSWER},
        ]
    }
    assert of(tmp_path, talk) == []


@pytest.mark.parametrize(
    "text",
    [
        "Observation: the tide at pier 4 is late. What is the cause?",
        "Results of the count are in `count.csv`. What is its format?",
    ],
)
def test_who_speaks_first_is_a_person(tmp_path, text):
    answer = "The wind holds the water back."
    assert of(tmp_path, chat(("user", text), ("assistant", answer))) == [(text, answer)]


def test_a_call_in_a_templates_markers_goes_with_its_result(tmp_path):
    step = '<tool_call>\n{"name": "find", "arguments": {"pier": 4}}\n</tool_call>'

    def talk(result):
        turns = [("human", QUESTION), ("gpt", step), ("tool", result), ("gpt", ANSWER)]
        return {"conversations": [{"from": role, "value": text} for role, text in turns]}

    assert of(tmp_path, talk("pier4.csv")) == [(QUESTION, ANSWER)]
    assert of(tmp_path, talk('{"error": "no such pier"}')) == []
