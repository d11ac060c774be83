"""Forms of single records: a hook that sends an answer back, words held in an object, a field that is null."""

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, told, write

ASKED, SAID = "Which river flows through Vienna?", "The Danube."


def claude(place: int, kind: str, words: str, **more) -> dict:
    parent = str(place - 1) if place else None
    return {
        "type": kind,
        "uuid": str(place),
        "parentUuid": parent,
        "message": {"role": kind, "content": words},
    } | more


@pytest.mark.parametrize(
    ("hook", "outcomes"),
    [
        ("Stop hook feedback:\n[v.sh]: The answer has no source.", [Outcome.CUT]),
        ("Stop hook feedback:\nThat is incomplete. Go on.", [Outcome.CUT]),
        ("Stop hook blocking error: the claims are unverified", [Outcome.CUT]),
        ("Stop hook feedback:\nrun the linter", [Outcome.SUCCEEDED, Outcome.SUCCEEDED]),
    ],
)
def test_a_hook_that_speaks_of_the_answer_sends_it_back(tmp_path, hook, outcomes):
    lines = [
        claude(0, "user", ASKED),
        claude(1, "assistant", SAID),
        claude(2, "user", hook, isMeta=True),
        claude(3, "assistant", "I looked it up: the first answer was off."),
    ]
    found, _, _ = read(write(tmp_path / "s.jsonl", *lines))
    assert [exchange.outcome for exchange in found] == outcomes


def test_gemini_s_display_content_that_is_null_is_not_there(tmp_path):
    lines = [
        {"sessionId": "s", "projectHash": "h"},
        {"id": "1", "type": "user", "content": ASKED, "displayContent": None},
        {"id": "2", "type": "gemini", "content": SAID},
    ]
    assert told(read(write(tmp_path / "s.jsonl", *lines))[0]) == [(ASKED, [], 0, SAID)]


def thread(role: str, words: str, *notes: dict) -> dict:
    part = {"type": "text", "text": {"value": words, "annotations": list(notes)}}
    return {"id": "m", "object": "thread.message", "role": role, "content": [part]}


def test_words_in_an_object_as_openai_s_threads_hold_them(tmp_path):
    cited = {"type": "file_citation", "text": "[1]", "file_citation": {"file_id": "f"}}
    lines = [thread("user", ASKED), thread("assistant", SAID), thread("user", "Which sea?")]
    lines.append(thread("assistant", "The Black Sea [1].", cited))
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *lines))
    assert (told(found), troubles) == (
        [(ASKED, [], 0, SAID), ("Which sea?", [], 0, "The Black Sea [1].")],
        {},
    )
    assert [exchange.lost for exchange in found] == ["", "with a call whose result the record does not hold"]
