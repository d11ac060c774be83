"""What programs write in a person's place, by its first words."""

import pytest

from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.turn_text import typed


def spoken(text: str) -> Turn:
    return typed(Turn(line=1, who=Who.PERSON, text=text))


@pytest.mark.parametrize(
    "text",
    [
        "[System notification] Job berths finished with status 0.",
        "[Cron] Check the berth register every hour.",
        "[cron: nightly] Check the register.",
        "System: Please provide the summary.",
        "You are an automated guardian. Decide whether the command is safe.",
        "<proposed_plan>\nMove berths\n</proposed_plan>\nImplement the plan.",
        "Implement the plan.",
        "Warning: The maximum number of unified exec processes you can keep open is 60 and you have 61.",
        "Review the current code changes (staged, unstaged, and untracked files) and provide prioritized findings.",
        "Your todo list has changed. DO NOT mention this explicitly to the user. Here it is: []",
    ],
)
def test_a_program_speaks(text):
    turn = spoken(text)
    assert (turn.who, turn.text, turn.again) == (Who.HARNESS, "", False)


def test_a_program_sends_a_model_back_that_stopped_before_it_was_done():
    turn = spoken("Please continue.")
    assert (turn.who, turn.text, turn.again) == (Who.HARNESS, "", True)


@pytest.mark.parametrize(
    "text",
    [
        "[Feature] Add a list of berths.",
        "System: Ubuntu 24.04. Why does the ferry list not load?",
        "Warning: unused variable. How do I get rid of it?",
        "Please continue. The second file comes first.",
        "Implement the plan of last week for pier 4.",
        "Do not show the error to the user, log it.",
        "Review the code changes in billing.py",
    ],
)
def test_a_person_speaks(text):
    turn = spoken(text)
    assert (turn.who, turn.text) == (Who.PERSON, text)
