"""Whoever asks an answer without an end to go on says that it was cut."""

import pytest

from tests.generators.transcripts.conversations import chat, taught, written

QUESTION = "What is a monad in one sentence?"
BEGUN, REST = "A monad is a way to chain steps that carry some c", "ontext, such as failure or state."
CUT = "turn that was interrupted or cut off"


def talk(answer, asked, rest=REST):
    return chat(("user", QUESTION), ("assistant", answer), ("user", asked), ("assistant", rest))


@pytest.mark.parametrize(
    "asked",
    [
        *("continue", "Go on!", "keep going please", "ok, the rest please", "Can you continue?"),
        *("weiter", "Schreib bitte weiter", "fahre fort", "continue, s'il te plaît", "la suite ?"),
        *(
            "continúa",
            "sigue, por favor",
            "continua",
            "prossiga, por favor",
            "продолжай",
            "дальше, пожалуйста",
        ),
        *("续写", "请继续", "接着写", "続けて", "続きをお願いします"),
        *("finish your sentence", "your answer got cut off", "continue where you left off"),
        *("Beende den Satz", "termina la frase", "finis ta phrase", "закончи предложение"),
    ],
)
def test_neither_what_was_cut_nor_its_rest_is_taught(tmp_path, asked):
    rows, counted = taught(written(tmp_path, talk(BEGUN, asked)))
    assert rows == []
    # A few of these words correct the answer as well.
    assert counted in ({CUT: 2}, {CUT: 1, "turn that was corrected": 1})


@pytest.mark.parametrize(
    "whole",
    [
        "A monad chains steps that carry a context.",
        "It chains steps:\n\n```haskell\nm >>= f\n```",
        'It is "a monoid in the category of endofunctors."',
    ],
)
def test_a_whole_answer_is_taught_whatever_is_asked_next(tmp_path, whole):
    rows, _ = taught(written(tmp_path, talk(whole, "continue", "A functor only maps over the context.")))
    assert (QUESTION, whole) in rows


@pytest.mark.parametrize("asked", ["And what is a functor?", "thanks"])
def test_who_asks_for_something_else_does_not_say_that_it_was_cut(tmp_path, asked):
    answer = "A way to chain steps"
    rows, _ = taught(written(tmp_path, talk(answer, asked, "A functor maps over the context.")))
    assert (QUESTION, answer) in rows
