import asyncio
import json
import os

import pytest

from autodidact.benchmark import answer_batches
from autodidact.benchmark.answer_batches import Batches, plan
from autodidact.benchmark.engines import Answer, LocalEngine, Prompt
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.settings import load_settings
from tests import tiny


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tiny.build(tmp_path_factory.mktemp("base"), context=256)
    base = resolve_base(load_settings(overrides={"base_model": str(folder)}, environ={}))
    return LocalEngine(*load_model(base, None, "none", "cpu"))


class Watched:
    """An engine that remembers what it was asked; `dies_at`: the number of the batch at which the process is
    gone.
    """

    side_by_side = 1

    def __init__(self, engine, dies_at=None):
        self._engine, self._dies_at, self.batches = engine, dies_at, []
        self.length = engine.length

    def answer(self, prompts):
        if len(self.batches) == self._dies_at:
            raise KeyboardInterrupt
        self.batches.append([prompt.id for prompt in prompts])
        return self._engine.answer(prompts)


def prompts(n=10):
    return [
        Prompt(f"p{k}", [{"role": "user", "content": "the queue " * (1 + k * 7 % 5) + str(k)}], [], 6 + k % 2)
        for k in range(n)
    ]


def everything(batches, asked):
    async def ask():
        return {prompt.id: await batches.answer(prompt.id) for prompt in asked}

    return asyncio.run(ask())


def test_batches_are_sorted_by_room_then_length_and_depend_on_the_prompts_alone(engine):
    asked = prompts()
    planned = plan(asked, engine.length, 4)
    assert [[prompt.id for prompt in batch] for batch in planned] == [
        ["p0", "p8", "p6", "p4"],
        ["p2", "p5", "p3", "p1"],
        ["p9", "p7"],
    ]
    assert [prompt.max_tokens for batch in planned for prompt in batch] == [6] * 5 + [7] * 5


def test_who_asks_first_changes_nothing(engine, tmp_path):
    asked = prompts()
    forwards = everything(Batches(asked, engine, 4, tmp_path / "a"), asked)
    backwards = everything(Batches(asked, engine, 4, tmp_path / "b"), asked[::-1])
    assert forwards == backwards
    assert all(
        answer.text and answer.message["role"] == "assistant" and 0 < answer.tokens <= 7
        for answer in forwards.values()
    )
    assert len({answer.text for answer in forwards.values()}) > 5


def test_padding_on_the_left_does_not_change_an_answer(engine):
    asked = prompts(5)
    assert [answer.text for answer in engine.answer(asked)] == [
        engine.answer([prompt])[0].text for prompt in asked
    ]


def test_a_run_that_died_goes_on_with_the_batch_it_was_in(engine, tmp_path):
    asked = prompts()
    whole = everything(Batches(asked, engine, 4, tmp_path / "whole"), asked)
    with pytest.raises(KeyboardInterrupt):
        everything(Batches(asked, Watched(engine, dies_at=2), 4, tmp_path / "torn"), asked)
    rest = Watched(engine)
    assert everything(Batches(asked, rest, 4, tmp_path / "torn"), asked) == whole
    assert rest.batches == [["p9", "p7"]]


def test_answers_that_were_torn_or_belong_to_other_prompts_are_made_again(engine, tmp_path):
    asked = prompts()
    everything(Batches(asked, engine, 4, tmp_path), asked)
    next(file for file in tmp_path.iterdir() if '"p2"' in file.read_text()).write_text('{"prompts": "')
    again = Watched(engine)
    everything(Batches(asked, again, 4, tmp_path), asked)
    assert again.batches == [["p2", "p5", "p3", "p1"]]
    changed = [Prompt(prompt.id, prompt.messages, [], prompt.max_tokens + 1) for prompt in asked]
    for prompts_now, decoding in ((changed, ""), (asked, "another batch size")):
        other = Watched(engine)
        everything(Batches(prompts_now, other, 4, tmp_path, decoding=decoding), prompts_now)
        assert len(other.batches) == 3


def test_each_batch_is_one_file_and_reported_once(engine, tmp_path):
    told = []
    asked = prompts()
    everything(Batches(asked, engine, 4, tmp_path, lambda *batch: told.append(batch)), asked)
    assert len(list(tmp_path.iterdir())) == 3
    assert [(done, total, new) for done, total, new, _ in told] == [(1, 3, True), (2, 3, True), (3, 3, True)]
    assert [json.loads(file.read_text())["ids"] for _, _, _, file in told] == [
        ["p0", "p8", "p6", "p4"],
        ["p2", "p5", "p3", "p1"],
        ["p9", "p7"],
    ]


def test_a_prompt_that_is_too_long_is_missing_and_costs_the_others_nothing(engine):
    long = Prompt("long", [{"role": "user", "content": "queue " * 300}], [], 8)
    one, two = prompts(2)
    answers = engine.answer([one, long, two])
    assert answers[1] == Answer(
        error=f"prompt and answer take {engine.length(long) + 8} tokens, the model's context has 256"
    )
    assert [answers[0], answers[2]] == engine.answer([one, two])


def test_an_answer_ends_at_its_own_room_though_the_batch_goes_on(engine):
    short, long = (
        Prompt(f"r{room}", [{"role": "user", "content": "the queue 3"}], [], room) for room in (3, 24)
    )
    cut, whole = engine.answer([short, long])
    assert cut.tokens == 3 and whole.text.startswith(cut.text)


def test_two_processes_of_one_number_write_the_same_batch_at_once(tmp_path, monkeypatch):
    """On a shared disk, in two containers."""
    fsync, file = os.fsync, tmp_path / "batch.json"

    def meanwhile(handle):
        monkeypatch.setattr(os, "fsync", fsync)
        answer_batches._write(file, "the other's")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    answer_batches._write(file, "this one's")
    assert json.loads(file.read_text()) == "this one's" and list(tmp_path.iterdir()) == [file]
