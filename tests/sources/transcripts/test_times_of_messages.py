"""Conversations that stand newest first are turned round where they are whole, and are not taught elsewhere."""

import json

import pytest

from tests.sources.transcripts.reading import read, write

FIRST, SECOND = ("Which pier is free?", "Pier 4."), ("Which is the longest?", "Pier 9.")


def newest_first(key: str, times: list) -> list[dict]:
    words = [("assistant", SECOND[1]), ("user", SECOND[0]), ("assistant", FIRST[1]), ("user", FIRST[0])]
    return [{"role": r, "content": c, key: at} for (r, c), at in zip(words, times, strict=True)]


def told(found) -> list[tuple]:
    return [(exchange.text, exchange.reply, exchange.outcome) for exchange in found]


@pytest.mark.parametrize(
    ("key", "times"),
    [
        ("timestamp", [f"2026-05-01T10:00:{second}Z" for second in (40, 30, 20, 10)]),
        ("created_at", [1777629640, 1777629630, 1777629630, 1777629610]),
        ("createdAt", [1777629640000, 1777629630000, 1777629620000, 1777629610000]),
    ],
)
@pytest.mark.parametrize("head", [[], [{"role": "system", "content": "Be brief."}]])
def test_a_list_whose_times_fall_throughout_is_turned_round(tmp_path, key, times, head):
    path = write(tmp_path / "s.jsonl", {"messages": [*head, *newest_first(key, times)]})
    found, troubles, _ = read(path)
    assert (told(found), troubles) == ([(*FIRST, "succeeded"), (*SECOND, "succeeded")], {})
    assert [exchange.system for exchange in found] == ["Be brief." if head else ""] * 2


def test_a_list_whose_times_rise_or_are_the_same_stays(tmp_path):
    for times in ([10, 20, 30, 40], [10, 10, 10, 10]):
        stamps = [1777629600 + second for second in times]
        messages = newest_first("created_at", [0, 0, 0, 0])[::-1]
        given = [message | {"created_at": at} for message, at in zip(messages, stamps, strict=True)]
        found, troubles, _ = read(write(tmp_path / "s.jsonl", {"messages": given}))
        assert (told(found), troubles) == ([(*FIRST, "succeeded"), (*SECOND, "succeeded")], {})


def test_a_list_that_is_read_message_by_message_teaches_no_answer_older_than_its_question(tmp_path):
    messages = newest_first("created_at", [1777629640, 1777629630, 1777629620, 1777629610])
    path = tmp_path / "s.json"
    path.write_text(json.dumps(messages, indent=1))
    found, troubles, _ = read(path)
    assert told(found) == [(SECOND[0], FIRST[1], "unknown"), (FIRST[0], "", "succeeded")]
    assert troubles == {"answer that is older than its question": 1}


def test_an_answer_in_whole_seconds_may_seem_older_than_its_question(tmp_path):
    asked = {"role": "user", "content": FIRST[0], "timestamp": "2026-05-01T10:00:00.700Z"}
    said = {"role": "assistant", "content": FIRST[1], "timestamp": "2026-05-01T10:00:00Z"}
    found, troubles, _ = read(write(tmp_path / "s.jsonl", asked, said))
    assert (told(found), troubles) == ([(*FIRST, "succeeded")], {})
