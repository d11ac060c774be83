"""Claude Code's streams (`claude -p --output-format stream-json`): no tree, and a last record that says how it went."""

import pytest

from tests.sources.transcripts.reading import read, told, write

ASKED = "Which of the four registers lists the berths?"
INIT = {"type": "system", "subtype": "init", "session_id": "s"}


def turn(kind: str, content, parent: str | None = None) -> dict:
    message = {"role": kind, "content": content}
    return {"type": kind, "message": message, "session_id": "s", "parent_tool_use_id": parent}


def says(words: str, parent: str | None = None) -> dict:
    return turn("assistant", [{"type": "text", "text": words}], parent)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ({"subtype": "success", "is_error": False, "result": "The second."}, "succeeded"),
        ({"subtype": "error_max_turns", "is_error": True}, "cut"),
        ({"subtype": "error_max_budget_usd", "is_error": True}, "cut"),
        ({"subtype": "error_during_execution", "is_error": True}, "failed"),
        ({"subtype": "success", "is_error": True, "result": "Credit balance is too low"}, "failed"),
    ],
)
def test_the_last_record_says_how_the_answer_ended(tmp_path, end, outcome):
    ended = {"type": "result", "session_id": "s", **end}
    path = write(tmp_path / "s.jsonl", INIT, turn("user", ASKED), says("The second."), ended)
    found, troubles, _ = read(path)
    assert (told(found), troubles) == ([(ASKED, [], 0, "The second.")], {})
    assert [exchange.outcome for exchange in found] == [outcome]


def test_the_turns_of_a_sub_agent_are_left_out_and_the_answer_stays(tmp_path):
    path = write(
        tmp_path / "s.jsonl",
        INIT,
        turn("user", ASKED),
        turn("assistant", [{"type": "tool_use", "id": "t", "name": "Task", "input": {"prompt": "Look."}}]),
        turn("user", [{"type": "text", "text": "Look."}], "t"),
        says("I guess the third.", "t"),
        turn("user", [{"type": "tool_result", "tool_use_id": "t", "content": "register 2"}]),
        says("The second."),
        {"type": "result", "subtype": "success", "is_error": False, "session_id": "s"},
    )
    found, troubles, _ = read(path)
    assert told(found) == [(ASKED, [("Task", {"prompt": "Look."}, True)], 0, "The second.")]
    assert ([exchange.outcome for exchange in found], troubles) == (["succeeded"], {})


def test_a_result_without_the_turns_before_it_is_of_a_form_that_is_not_known(tmp_path):
    ended = {"type": "result", "subtype": "success", "is_error": False, "result": "Two.", "session_id": "s"}
    found, troubles, _ = read(write(tmp_path / "s.jsonl", ended))
    assert (found, troubles) == (
        [],
        {
            "unknown kind of record": 1,
            "file of an unknown form (keys: type, subtype, is_error, result, session_id)": 1,
        },
    )
