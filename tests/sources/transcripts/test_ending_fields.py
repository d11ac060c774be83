"""Fields of a record that speak of how an answer ended or what was thought of it."""

import pytest

from autodidact.sources.transcripts import Outcome
from autodidact.sources.transcripts.ending_fields import by_fields
from tests.sources.transcripts.reading import read, write

UNKNOWN, CUT, REFUSED, FAILED = Outcome.UNKNOWN, Outcome.CUT, Outcome.REFUSED, Outcome.FAILED
GOOD = Outcome.SUCCEEDED


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"finishReason": "length"}, CUT),
        ({"stopReason": "max_tokens"}, CUT),
        ({"status": "failed"}, FAILED),
        ({"status": 503}, FAILED),
        ({"error": {"message": "no quota"}}, FAILED),
        ({"error": "max_output_tokens"}, FAILED),
        ({"meta": {"status": "error"}}, FAILED),
        ({"exit_status": "exit_cost"}, UNKNOWN),
        ({"status": "in_progress"}, UNKNOWN),
        ({"state": "Pending"}, UNKNOWN),
        ({"status": "active"}, UNKNOWN),
        ({"chat_state": "crashed"}, UNKNOWN),
        ({"user": {"status": "failed"}}, FAILED),
        ({"user_feedback": {"state": "Bavaria"}}, UNKNOWN),
        ({"end_reason": "user_abort"}, UNKNOWN),
        ({"metadata": {"finish_details": {"type": "max_tokens"}}}, CUT),
        ({"truncated": True}, CUT),
        ({"label": False}, REFUSED),
        ({"tags": ["good", "made up"]}, REFUSED),
        ({"tags": ["prod", "Hallucination"]}, REFUSED),
        ({"kto_tag": False}, REFUSED),
        ({"feedback": {"thumb": "down"}}, REFUSED),
        ({"feedback": {"comment": "It is 8105."}}, UNKNOWN),
        ({"thumbs": "down"}, REFUSED),
        ({"is_correct": False}, REFUSED),
        ({"isCorrect": "false"}, REFUSED),
        ({"quality": "bad"}, REFUSED),
        ({"quality": "so-so"}, UNKNOWN),
        ({"rating": 2}, UNKNOWN),
        ({"liked": False}, REFUSED),
        ({"chosen": False}, REFUSED),
        ({"deleted": True}, REFUSED),
        ({"deleted_at": "2026-06-01"}, REFUSED),
        ({"moderation": {"flagged": True}}, REFUSED),
        ({"a": [{"b": {"isFlagged": 1}}]}, REFUSED),
    ],
)
def test_a_field_that_does_not_say_a_good_end(fields, outcome):
    assert by_fields(fields)[0] is outcome


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"finishReason": "STOP", "stopReason": "endTurn", "stop_sequence": "\n\nHuman:"},
        {"status": "completed"},
        {
            "status": "finished_successfully",
            "end_turn": True,
            "metadata": {"finish_details": {"type": "stop"}},
        },
        {"status": 200},
        {"error": None, "errors": [], "incomplete_details": None},
        {"error": False, "truncated": "false", "deleted": 0},
        {"label": True, "kto_tag": 1, "is_correct": True},
        {"feedback": {"rating": "up", "comment": "just what I sought"}},
        {"tags": ["billing", "prod"], "label": "harbour 7"},
        {"state": "Bavaria", "country": "Germany", "hashed_ip": "x"},
        {"state": "NY"},
        {"user": {"state": "CA", "status": "premium"}, "metadata": {"address": {"state": "Bavaria"}}},
        {"status": "ready"},
        {"chat_state": "archived", "session": {"status": "active"}},
        {"end_reason": "user_left"},
        {"tags": [], "labels": {}, "end_user": "u4", "timeout": 600, "error_rate": 0.0},
        {"error_information": {"code": "", "class": None}},
        {"score": 1, "rating": 5},
        {"start_time": 3, "end_time": 4, "completed_at": "2026-06-01"},
        {"reasoning": "It ended badly.", "statement": "bad", "stage": "late"},
        {"chosen": "It is 8104.", "rejected": "It is 8105."},
        {"chosen": {"content": "8104", "quality": "bad"}},
        {"content": {"status": "failed"}, "tool_calls": [{"status": "error"}], "usage": {"finish": "x"}},
    ],
)
def test_no_field_that_speaks_or_one_with_a_good_value(fields):
    assert by_fields(fields) == (GOOD, [])


def test_the_fields_of_record_choice_and_message_are_counted_with_their_values(tmp_path):
    asked = {"role": "user", "content": "Which port?"}
    said = {"role": "assistant", "content": "8104."}
    lines = [
        {"messages": [asked, said], "kto_tag": False},
        {"messages": [asked, said | {"quality": "so-so"}]},
        {"messages": [asked], "choices": [{"message": said, "finishReason": "length"}]},
        {"messages": [asked, said], "meta": {"review": {"verdict": "two words"}}},
    ]
    found, troubles, _ = read(write(tmp_path / "s.jsonl", *lines))
    assert [exchange.outcome for exchange in found] == [REFUSED, UNKNOWN, CUT, UNKNOWN]
    assert troubles == {
        "answer whose record has kto_tag: False": 1,
        "answer whose record has meta.review.verdict: ...": 1,
        "answer whose record has quality: so-so": 1,
    }


def test_the_fields_of_a_record_around_the_message(tmp_path):
    """Claude Code's `error`, Gemini's `finishReason`."""
    asked = {"type": "user", "uuid": "1", "message": {"role": "user", "content": "Which port?"}}
    said = {"type": "assistant", "uuid": "2", "parentUuid": "1"}
    said |= {"message": {"role": "assistant", "content": "8104."}, "error": "max_output_tokens"}
    found, _, _ = read(write(tmp_path / "c.jsonl", asked, said))
    assert [exchange.outcome for exchange in found] == [FAILED]
    head = {"sessionId": "s", "projectHash": "h"}
    asked = {"id": "1", "type": "user", "content": "Which port?"}
    said = {"id": "2", "type": "gemini", "content": "8104.", "finishReason": "MAX_TOKENS"}
    found, _, _ = read(write(tmp_path / "g.jsonl", head, asked, said))
    assert [exchange.outcome for exchange in found] == [CUT]


def test_codex_lost_its_stream_and_what_came_is_no_answer(tmp_path):
    def item(role: str, kind: str, text: str) -> dict:
        payload = {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}
        return {"timestamp": "2026-06-01T09:00:00Z", "type": "response_item", "payload": payload}

    lost = {"type": "event_msg", "payload": {"type": "stream_error", "message": "idle timeout"}}
    lost = {"timestamp": "2026-06-01T09:00:00Z"} | lost
    lines = [item("user", "input_text", "Which port?"), item("assistant", "output_text", "It is 81"), lost]
    [found], _, _ = read(write(tmp_path / "a.jsonl", *lines))
    assert not found.final
    [found], _, _ = read(write(tmp_path / "b.jsonl", *lines, item("assistant", "output_text", "8104.")))
    assert (found.final, found.reply) == (True, "8104.")
