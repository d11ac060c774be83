"""A model is asked once for each question, whatever happens in between."""

import json

import pytest

from autodidact.benchmark.engines import Prompt
from autodidact.errors import Interrupted
from autodidact.ledger.kept_answers import Answers, model_of
from autodidact.settings import load_settings
from autodidact.store import Store

SETTINGS = load_settings("laptop", {}, environ={})


def prompt(number, text=None):
    return Prompt(f"q{number}", [{"role": "user", "content": text or f"Where is {number}?"}], [], 64)


class Worker:
    """Answers with the question in capitals, in batches of two; is killed after `lives` batches."""

    def __init__(self, lives=99):
        self.lives, self.asked = lives, []

    def ask(self, spec, *, say, on_event):
        prompts = spec["prompts"]
        for start in range(0, len(prompts), 2):
            if self.lives == 0:
                raise Interrupted("killed", "Run again.")
            self.lives -= 1
            batch = {row["id"]: row["messages"][0]["content"] for row in prompts[start : start + 2]}
            self.asked += batch.values()
            on_event({"answers": {key: text.upper() for key, text in batch.items() if "?" in text}})


@pytest.fixture
def answers(tmp_path):
    def make(settings=SETTINGS):
        return Answers(Store(tmp_path), "shop", settings, model_of(settings))

    return make


def test_a_killed_run_resumes_with_what_is_missing(answers):
    prompts = [prompt(k) for k in range(5)]
    with pytest.raises(Interrupted):
        answers().ask(prompts, worker=Worker(lives=1))
    rest = Worker()
    assert answers().ask(prompts, worker=rest) == {f"q{k}": f"WHERE IS {k}?" for k in range(5)}
    assert rest.asked == ["Where is 2?", "Where is 3?", "Where is 4?"]
    assert answers().ask(prompts, worker=Worker(lives=0))["q4"] == "WHERE IS 4?"


def test_the_batches_become_one_file_when_all_are_there(answers, tmp_path):
    for prompts in ([prompt(k) for k in range(5)], [prompt(k) for k in range(8)]):
        answers().ask(prompts, worker=Worker())
    files = [file for file in tmp_path.rglob("*.json") if file.name != "lease.json"]
    assert sorted(len(json.loads(file.read_text())) for file in files) == [3, 5]


def test_the_wording_is_what_an_answer_is_kept_by_and_the_model(answers):
    answers().ask([prompt(1)], worker=Worker())
    again = Worker()
    assert answers().ask([prompt(7, "Where is 1?"), prompt(2)], worker=again)["q7"] == "WHERE IS 1?"
    assert again.asked == ["Where is 2?"]
    other = Worker()
    answers(load_settings("laptop", {"training.quantization": "none"}, environ={})).ask(
        [prompt(1)], worker=other
    )
    assert other.asked == ["Where is 1?"]


def test_what_the_probe_asked_is_not_asked_again(answers):
    first = answers()
    first.add({first.key(prompt(1)): "in the shop"})
    assert answers().ask([prompt(1)], worker=Worker(lives=0)) == {"q1": "in the shop"}


def test_a_question_without_an_answer_has_none(answers):
    assert answers().ask([prompt(1, "too long")], worker=Worker()) == {"q1": None}
