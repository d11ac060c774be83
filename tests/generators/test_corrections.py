"""A person's next words tell whether an answer may be taught."""

import json
from pathlib import Path

import pytest

from autodidact.generators.session_miner.is_answer_corrected import corrects, plainly_corrects
from autodidact.sources.transcripts import Exchange
from benchmarks.corrections import SETS, shares, turns_of
from tests.generators.snapshots import examples_of, snapshot


@pytest.mark.parametrize(
    "after",
    [
        "no wait, that is the staging file",
        "you forgot the index",
        "not quite: the column is called berth",
        "are you sure? the docs say otherwise",
        "thanks, but it still fails",
        "nein, das ist die falsche Datei",
        "不对，应该改 model.py",
        "Non, ce n'est pas le bon fichier",
        "まだ動きません",
    ],
)
def test_what_corrects_the_answer(after):
    assert corrects(after)


@pytest.mark.parametrize(
    "after",
    [
        "no problem",
        "looks good to me",
        "now add a test for it",
        "what happens if it is not there?",
        "How do I find out who owns the service?",
        "没问题",
        "不错，测试全过了",
        "Which port does the payment service listen on?",
        "stimmt so",
    ],
)
def test_what_goes_on_from_the_answer(after):
    assert not corrects(after)


def test_only_the_first_words_say_it_plainly():
    assert plainly_corrects("No, the other file.")
    assert corrects("You used the wrong file.") and not plainly_corrects("You used the wrong file.")
    assert not plainly_corrects("That still does not work.")  # and what would work is not said


def test_a_task_of_its_own_corrects_nothing_whatever_it_is_about():
    assert not corrects("Fix the wrong import in a.py.")
    assert not corrects("how can i revert a commit that's already been pushed to main")


def test_what_is_about_something_else_does_not_correct_the_answer():
    parcel = Exchange("f", "My parcel is late.", 1, reply="It comes tomorrow.")
    parcel.reaction = "I am looking at the payment service now."
    assert not corrects("Payments refuses every card since noon!", parcel)
    parcel.reaction = "I am sorry, you are right."
    assert corrects("The parcel was not late but lost!", parcel)
    asked = Exchange("f", "Which one is cheapest?", 1, reply="Of which year?")
    assert corrects("1901") and not corrects("1901", asked)


def test_nine_of_ten_corrected_answers_are_kept_out_and_at_most_15_percent_of_good_ones():
    # Of three writers from whom nothing was learnt; the last two wrote when the weights were fitted.
    sets = [shares(turns_of(path)) for path in sorted((SETS / "first_look").glob("*.yaml"))]
    assert sets == [(74, 79, 35, 330), (69, 75, 50, 336), (58, 63, 39, 329)]
    found, wrong, lost, good = map(sum, zip(*sets, strict=True))
    assert found / wrong >= 0.9 and lost / good <= 0.15


@pytest.mark.parametrize("path", sorted(SETS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_weights_are_those_that_were_fitted_to_the_sets(path):
    # Of hard cases, half of which are near misses, up to a fifth of the good answers is lost.
    found, wrong, lost, good = shares(turns_of(path))
    assert found / wrong >= 0.98 and lost / good <= (0.02 if path.stem.startswith("conversations") else 0.22)


def test_half_a_character_in_a_transcript_costs_nothing(tmp_path):
    half, sound = "The pier \ud83d is closed", "Which pier is open?"
    file = tmp_path / "chat.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": "W1."},
                                     {"role": "user", "content": asked}]})
            for asked in (half, sound)
        )
    )  # fmt: skip
    assert corrects(half) in (True, False)
    rows = list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(file)])))
    assert any(sound in row.messages[-2]["content"] for row in rows)


def test_how_the_model_took_the_words_tells_what_they_meant():
    asked = Exchange("f", "When is the ferry?", 1, reply="The first ferry leaves at 7.")
    asked.reaction = "You are right, I looked at the winter timetable. It leaves at 6."
    assert corrects("On Sundays?", asked)
    asked.reaction = "On Sundays the first one leaves at 9. Shall I book it?"
    assert not corrects("On Sundays?", asked)


def test_none_of_sixteen_corrected_answers_is_taught_but_in_the_lesson_of_what_was_right(tmp_path):
    file = Path(__file__).parents[1] / "data/transcripts/17-corrections/chat.jsonl"
    rows = list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(file)])))
    assert rows and not any("BAD" in row.response() for row in rows)
    # What only says that something is wrong is no request: it is shown after what it corrects.
    assert not any(len(row.messages) == 2 for row in rows)
