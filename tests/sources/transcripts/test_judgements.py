"""What was said of an answer: such an answer is not taught."""

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, write


def outcomes(tmp_path, of_answer: dict, of_record: dict) -> list[Outcome]:
    answer = {"role": "assistant", "content": "8104.", **of_answer}
    record = {"messages": [{"role": "user", "content": "Which port?"}, answer], **of_record}
    found, _, _ = read(write(tmp_path / "s.jsonl", record))
    return [exchange.outcome for exchange in found]


BAD = [
    {"rejected": True},
    {"score": 0},
    {"score": -1.5},
    {"reward": 0.0},
    {"feedback": "thumbs_down"},
    {"feedback": "Thumbs-Down"},
    {"feedback": {"rating": "negative"}},
    {"feedback": {"type": "dislike"}},
    {"user_feedback": {"value": -1}},
    {"annotation": {"rating": -1}},
    {"vote": "down"},
]


@pytest.mark.parametrize("said", BAD)
def test_a_bad_verdict_on_the_answer_or_on_all_of_it(tmp_path, said):
    assert outcomes(tmp_path, said, {}) == outcomes(tmp_path, {}, said) == [Outcome.REFUSED]


GOOD = [
    {"rejected": False},
    {"rejected": "No, it is 8105."},
    {"score": 0.95},
    {"score": None},
    {"rating": 0},
    {"vote": 1},
    {"feedback": "thumbs_up"},
    {"feedback": {}},
    {"type": "negative"},
    {"weight": 1},
]


@pytest.mark.parametrize("said", GOOD)
def test_no_verdict_or_a_good_one(tmp_path, said):
    assert outcomes(tmp_path, said, {}) == outcomes(tmp_path, {}, said) == [Outcome.SUCCEEDED]
