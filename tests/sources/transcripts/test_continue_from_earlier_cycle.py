"""A second cycle skips what an earlier one read, and what comes out is the same as without it."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from autodidact.sources.transcripts import record_lines
from autodidact.store import Cache, Store
from tests.sources.transcripts.reading import read, told, write

NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
NOON = NINE + timedelta(hours=3)


def pi(number: int, time: datetime, role: str, **message) -> dict:
    entry = {"type": "message", "id": str(number), "parentId": str(number - 1), "timestamp": time.isoformat()}
    return entry | {"message": {"role": role} | message}


def talk(start: datetime, first: int, *requests: str) -> list[dict]:
    """For each request a call, its result and an answer, a minute apart."""
    rows = []
    for request in requests:
        number = first + len(rows)
        call = {"type": "toolCall", "id": f"t{number}", "name": request.lower(), "arguments": {"q": request}}
        for offset, (role, message) in enumerate(
            (
                ("user", {"content": request}),
                ("assistant", {"content": [call]}),
                ("toolResult", {"toolCallId": f"t{number}", "content": "ok"}),
                ("assistant", {"content": f"{request}!"}),
            )
        ):
            rows.append(pi(number + offset, start + timedelta(minutes=len(rows)), role, **message))
    return rows


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(Store(tmp_path / "store"))


@pytest.fixture
def parsed(monkeypatch) -> list[int]:
    """How many lines were parsed since it was last emptied."""
    from autodidact.sources.transcripts import continue_from_earlier_cycle as module

    seen: list[int] = []
    monkeypatch.setattr(module, "parse", lambda *args: (seen.append(1), record_lines.parse(*args))[1])
    return seen


def test_what_lies_before_the_window_is_skipped_and_the_rest_is_the_same(tmp_path, cache, parsed):
    morning, afternoon = (
        talk(NINE, 1, "Alpha", "Beta", "Gamma"),
        talk(NOON + timedelta(minutes=1), 13, "Delta"),
    )
    path = write(tmp_path / "s.jsonl", *morning)
    read(path, until=NOON, cache=cache)
    write(path, *morning, *afternoon)
    parsed.clear()
    window = {"until": NOON + timedelta(hours=12), "since": NOON}
    found, troubles, toolbox = read(path, cache=cache, **window)
    assert len(parsed) == 4
    whole, same, tools = read(path, **window)
    ended = [e for e in whole if e.end > NOON]
    assert [e for e in found if e.end > NOON] == ended and told(ended)[0][0] == "Delta"
    assert ended[0].before.text == "Gamma" and (troubles, toolbox.plain()) == (same, tools.plain())


def test_a_file_that_did_not_change_is_not_read_at_all(tmp_path, cache, parsed):
    path = write(tmp_path / "s.jsonl", *talk(NINE, 1, "Alpha"), "not json")
    _, troubles, toolbox = read(path, until=NOON, cache=cache)
    parsed.clear()
    _, again, tools = read(path, until=NOON + timedelta(hours=12), since=NOON, cache=cache)
    assert (parsed, again, tools.plain()) == ([], troubles, toolbox.plain()) and troubles == {
        "line that is not JSON": 1
    }


@pytest.mark.parametrize("change", ["replaced", "shortened", "edited in the middle"])
def test_a_file_that_is_not_what_it_was_is_read_again(tmp_path, cache, parsed, change):
    path = write(tmp_path / "s.jsonl", *talk(NINE, 1, "Alpha", "Beta", "Gamma"))
    read(path, until=NOON, cache=cache)
    rows = (
        talk(NINE, 1, "Other", "Words") if change == "replaced" else talk(NINE, 1, "Alpha", "Beta", "Gamma")
    )
    rows = rows[:4] if change == "shortened" else rows
    if change == "edited in the middle":
        rows[4]["message"]["content"] = "Betx"
    write(path, *rows, *talk(NOON + timedelta(minutes=1), 20, "Delta"))
    parsed.clear()
    window = {"until": NOON + timedelta(hours=12), "since": NOON}
    assert told(read(path, cache=cache, **window)[0]) == told(read(path, **window)[0])
    assert len(parsed) == 2 * (len(rows) + 4)


def test_a_torn_last_line_is_read_when_it_is_whole(tmp_path, cache):
    rows = talk(NINE, 1, "Alpha")
    path = tmp_path / "s.jsonl"
    text = "".join(json.dumps(row) + "\n" for row in rows + talk(NOON + timedelta(minutes=1), 5, "Beta"))
    path.write_text(text[:-30])
    assert read(path, until=NOON, cache=cache)[1] == {"incomplete last line": 1}
    path.write_text(text)
    found, troubles, _ = read(path, until=NOON + timedelta(hours=12), since=NOON, cache=cache)
    assert (told(found)[-1][0], troubles) == ("Beta", {})


def test_records_that_were_newer_than_the_window_are_read_in_the_next(tmp_path, cache):
    rows = talk(NINE, 1, "Alpha") + talk(NOON - timedelta(minutes=1), 5, "Beta")
    path = write(tmp_path / "s.jsonl", *rows)
    assert [e.reply for e in read(path, until=NOON, cache=cache)[0]] == [
        "Alpha!",
        "",
    ]  # the answer came after noon
    window = {"until": NOON + timedelta(hours=12), "since": NOON}
    found, whole = read(path, cache=cache, **window)[0], read(path, **window)[0]
    assert [e for e in found if e.end > NOON] == [e for e in whole if e.end > NOON]
    assert found[-1].reply == "Beta!" and found[-1].calls[0].ok


def test_an_earlier_window_does_not_use_what_a_later_one_left(tmp_path, cache):
    path = write(tmp_path / "s.jsonl", *talk(NINE, 1, "Alpha", "Beta"))
    read(path, until=NOON, cache=cache)
    since = NINE + timedelta(minutes=4)
    assert [e.text for e in read(path, until=NOON, since=since, cache=cache)[0]] == ["Alpha", "Beta"]
