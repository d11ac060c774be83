"""A person's next words tell whether an answer may be taught."""

from pathlib import Path

import pytest

from autodidact.generators.session_miner.corrections import corrects, plainly_corrects
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
    assert plainly_corrects("No, the other file.") and not plainly_corrects("Fix the wrong import in a.py.")
    assert corrects("Fix the wrong import in a.py.")  # in doubt the answer before it is not taught


@pytest.mark.parametrize("path", sorted(SETS.glob("*.yaml")), ids=lambda path: path.stem)
def test_nine_of_ten_corrected_answers_are_kept_out_and_at_most_15_percent_of_good_ones(path):
    found, wrong, lost, good = shares(turns_of(path))
    assert found / wrong >= 0.9 and lost / good <= 0.15


def test_none_of_sixteen_corrected_answers_is_taught_but_in_the_lesson_of_what_was_right(tmp_path):
    file = Path(__file__).parents[1] / "data/transcripts/17-corrections/chat.jsonl"
    rows = list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(file)])))
    assert rows and not any("BAD" in row.response() for row in rows)
    # What only says that something is wrong is no request: it is shown after what it corrects.
    assert not any(len(row.messages) == 2 for row in rows)
