"""A person's words in the result of a call that asks them judge what was done so far; a choice does not."""

import pytest

from tests.generators.transcripts.conversations import taught, written

ASKED, SAID = "Which register lists the berths of pier 4?", "The day register lists them, on page 3."
QUESTIONS = {
    "questions": [{"question": "Which harbour?", "options": [{"label": "no"}, {"label": "the old one"}]}]
}


def talk(name: str, result: str) -> list[dict]:
    call = {"type": "tool_use", "id": "t", "name": name, "input": QUESTIONS}
    gave = {"type": "tool_result", "tool_use_id": "t", "content": result}
    said = {"type": "text", "text": SAID}
    turns = [("user", ASKED), ("assistant", [call]), ("user", [gave]), ("assistant", [said])]
    return [{"type": role, "sessionId": "s", "message": {"role": role, "content": c}} for role, c in turns]


def claude(answer: str) -> str:
    return f'User has answered your questions: "Which harbour?"="{answer}". You can now continue.'


WRONG = "neither, you are looking at the wrong harbour"


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("AskUserQuestion", claude(WRONG)),
        ("request_user_input", f'{{"answers": {{"q": {{"answers": ["{WRONG}"]}}}}}}'),
        ("ask_user", WRONG),
    ],
)
def test_what_a_person_says_against_the_question_takes_the_answer_back(tmp_path, name, result):
    assert taught(written(tmp_path, *talk(name, result))) == ([], {"turn that was corrected": 1})


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("AskUserQuestion", claude("the old one")),
        ("AskUserQuestion", claude("no")),
        ("AskUserQuestion", claude("9001")),
        ("AskUserQuestion", claude("the one in the north")),
        ("read_register", WRONG),
    ],
)
def test_a_choice_an_answer_and_the_result_of_another_call_do_not(tmp_path, name, result):
    rows, counted = taught(written(tmp_path, *talk(name, result)))
    assert ((ASKED, SAID) in rows, counted) == (True, {})
