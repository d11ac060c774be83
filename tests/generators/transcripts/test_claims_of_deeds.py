"""What is said to be done needs the call that did it."""

import pytest

from tests.generators.transcripts.conversations import Claude, chat, of

QUESTION = "The limit of pier 4 is wrong in the settings."


@pytest.mark.parametrize(
    "claim",
    [
        "Understood, I put everything back and changed the model of pier 4 only.",
        "I've removed the migration.",
        "I went ahead and deleted the branch.",
        "Done.",
        "Your order has been successfully cancelled.",
        "Ich habe die Spalte umbenannt.",
        "Erledigt, die Tests laufen.",
        "J'ai tout remis en place.",
        "Lo he cambiado.",
        "Eu removi a coluna.",
        "Я вернул всё назад.",
        "我已经把文件删除了。",
        "元に戻しました。",
    ],
)
def test_a_claim_without_a_call(tmp_path, claim):
    assert of(tmp_path, chat(("user", QUESTION), ("assistant", claim))) == []


def test_no_lesson_ends_with_a_claim_without_a_call(tmp_path):
    said = "The limit stands in `settings/piers.py`."
    wrong, claim = "No, that is the wrong file.", "Understood, I put everything back and changed the model."
    talk = chat(("user", QUESTION), ("assistant", said), ("user", wrong), ("assistant", claim))
    assert of(tmp_path, talk) == []


@pytest.mark.parametrize(
    "answer",
    [
        "The limit was changed in March, because the pier had been rebuilt.",
        "You can remove it with `rm`.",
        "If I had changed it, the test would fail.",
        "I renamed the variable:\n\n```python\nseats = 20\n```",
        'The log says "I restarted the service" at nine.',
        "Done is the last column of the board.",
    ],
)
def test_what_is_no_claim_or_shows_what_was_made(tmp_path, answer):
    assert of(tmp_path, chat(("user", QUESTION), ("assistant", answer))) == [(QUESTION, answer)]


def test_a_claim_with_its_call(tmp_path):
    claim = "I changed the limit of pier 4."
    talk = Claude().asks(QUESTION).calls("Edit", "The file was updated.", file_path="piers.py").says(claim)
    assert (QUESTION, 'Edit({"file_path": "piers.py"})') in of(tmp_path, *talk.records)
