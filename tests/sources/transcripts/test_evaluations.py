"""Evaluations, measures and flags that records hold of an answer."""

import pytest

from autodidact.sources.transcripts import Outcome
from autodidact.sources.transcripts.ending_fields import by_fields
from tests.sources.transcripts.reading import read, write

UNKNOWN, CUT, REFUSED, FAILED = Outcome.UNKNOWN, Outcome.CUT, Outcome.REFUSED, Outcome.FAILED


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"scores": {"match": {"value": "I", "answer": "41", "explanation": "No."}}}, REFUSED),
        ({"scores": {"match": {"value": "N"}}}, REFUSED),
        ({"scores": {"match": {"value": "P"}}}, UNKNOWN),
        ({"scores": {"Factuality": 0}}, REFUSED),
        ({"scores": {"exact_match": 0, "f1": 0.4}}, REFUSED),
        ({"scores": [{"name": "correctness", "value": 0.0}]}, REFUSED),
        ({"scores": [{"name": "thumb", "value": None, "stringValue": "False"}]}, REFUSED),
        ({"scores": [{"name": "toxicity", "value": 0.9}]}, REFUSED),
        ({"scores": {"helpfulness": 1, "correctness": 3}}, UNKNOWN),
        ({"feedback_stats": {"user_score": {"n": 1, "avg": 0.0}}}, REFUSED),
        ({"feedback": [{"key": "correctness", "score": 0}]}, REFUSED),
        ({"feedback": [{"key": "note", "comment": "It is 8105."}]}, UNKNOWN),
        ({"gradingResult": {"pass": False, "score": 0.2}}, REFUSED),
        ({"annotations": [{"name": "correctness", "label": "incorrect"}]}, REFUSED),
        ({"evaluation": {"verdict": "FAIL", "explanation": "no source"}}, REFUSED),
        ({"evaluation": {"hallucination": True}}, REFUSED),
        ({"metadata": {"evals": {"correct": False}}}, REFUSED),
        ({"ratings": [1, 5]}, UNKNOWN),
        ({"scores": {"bias": 0.9}}, REFUSED),
        ({"evaluation": {"errors": 2}}, REFUSED),
        ({"annotations": [{"result": [{"type": "choices", "value": {"choices": ["Bad"]}}]}]}, REFUSED),
    ],
)
def test_an_evaluation_that_is_not_good(fields, outcome):
    assert by_fields(fields)[0] is outcome


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"thumbs_down": True}, REFUSED),
        ({"thumbsDown": 2}, REFUSED),
        ({"votes": {"up": 0, "down": 2}}, REFUSED),
        ({"dislikes": 1}, REFUSED),
        ({"negative_feedback": True}, REFUSED),
        ({"reported_by_user": True}, REFUSED),
        ({"regenerated": True}, REFUSED),
        ({"toxic": True}, REFUSED),
        ({"is_hallucination": "yes"}, REFUSED),
        ({"is_good": False}, REFUSED),
        ({"acceptable": False}, REFUSED),
        ({"is_preferred": False}, REFUSED),
        ({"target": False}, REFUSED),
        ({"human_eval": "fail"}, REFUSED),
        ({"exact_match": 0.0}, REFUSED),
        ({"not_helpful": True}, REFUSED),
        ({"low_quality": True}, REFUSED),
        ({"needsReview": True}, REFUSED),
        ({"escalated": True}, REFUSED),
        ({"opt_out": True}, REFUSED),
        ({"train": False}, REFUSED),
        ({"grade": "F"}, REFUSED),
        ({"user_rating": 1}, UNKNOWN),
        ({"stars": 1}, UNKNOWN),
        ({"csat": 1}, UNKNOWN),
        ({"score": 0.1}, UNKNOWN),
        ({"quality": 0.3}, UNKNOWN),
        ({"metadata": {"score": "0"}}, REFUSED),
        ({"helpfulness": 0, "correctness": 0, "complexity": 1, "verbosity": 2}, REFUSED),
        ({"correctness": "partially"}, UNKNOWN),
        ({"reaction": "👎"}, REFUSED),
        ({"content_filter_results": {"hate": {"filtered": True, "severity": "high"}}}, REFUSED),
        ({"level": "ERROR"}, FAILED),
        ({"limit": {"type": "token", "limit": 100}}, CUT),
        ({"partial": True}, CUT),
        ({"parts": [{"type": "text", "text": "Pier", "state": "streaming"}]}, CUT),
    ],
)
def test_a_flag_or_a_measure_that_is_not_good(fields, outcome):
    assert by_fields(fields)[0] is outcome


@pytest.mark.parametrize(
    "fields",
    [
        {"scores": {"match": {"value": "C", "answer": "42", "explanation": "It is.", "metadata": {"n": 0}}}},
        {"scores": {"exact_match": 1, "f1": 1.0}, "feedback_stats": {}, "annotations": []},
        {"scores": [{"id": "a", "name": "toxicity", "value": 0.01, "dataType": "NUMERIC", "traceId": "x"}]},
        {"scores": [{"name": "helpfulness", "value": 5, "comment": "just what I sought"}]},
        {"gradingResult": {"pass": True, "score": 0.7, "tokensUsed": {"total": 0}, "namedScores": {}}},
        {"feedback_stats": {"user_score": {"n": 1, "avg": 1.0, "stdev": 0.0, "errors": 0}}},
        {"annotations": [{"label": "correct", "score": 1}, {"label": "PERSON", "start": 0, "end": 4}]},
        {"annotations": [{"type": "file_citation", "index": 0, "file_id": "f", "filename": "n.md"}]},
        {"annotation": {"rating": 1}, "evaluation": {"status": "completed", "verdict": "PASS"}},
        {"evaluations": [{"name": "hallucination", "label": "factual", "score": 0}]},
        {"helpfulness": 4, "correctness": 4, "coherence": 4, "complexity": 1, "verbosity": 2},
        {"openai_moderation": [{"category_scores": {"hate": 0.00001}, "flagged": False}]},
        {"detoxify_moderation": [{"toxicity": 0.001, "insult": 0.002}], "toxic": False},
        {"content_filter_results": {"jailbreak": {"filtered": False, "detected": False}}},
        {"sources": [{"score": 0.3, "relevance": 0.2}], "retrieval_scores": [0.2]},
        {"metrics": {"latency_ms": 300, "cache_hits": 0}, "credit_score": 640},
        {"level": "DEFAULT", "limit": 10, "judge": "gpt-4o", "eval_set": "gsm8k", "is_eval": False},
        {"language_detected": True, "preferred_language": "no", "safe_mode": False, "spam_check": False},
        {"thumbs_up": 0, "thumbs_down": 0, "feedback_requested": False, "negative_prompt": "ugly"},
        {"score": 1.0, "grade": "A", "user_feedback": 1, "target": "42", "reaction": "eyes"},
        {"parts": [{"type": "text", "text": "Pier 4.", "state": "done"}]},
        {"annotations": [{"result": [], "was_cancelled": False, "ground_truth": False, "lead_time": 3.2}]},
        {"annotations": [{"result": [{"type": "choices", "value": {"choices": ["Billing"]}}]}]},
        {"evaluation": {"error": False, "passed": True, "truncated": False, "num_turns": 0}},
        {
            "not_helpful": False,
            "low_quality": False,
            "high_quality": True,
            "low_latency": True,
            "train": True,
        },
        {"feedback": {"enabled": False}, "scores": {"refusal": 0, "exact_match": 1}},
        {"grade_level": 7, "reading_grade": 7},
    ],
)
def test_a_good_evaluation_or_what_is_none(fields):
    assert by_fields(fields) == (Outcome.SUCCEEDED, [])


def test_the_filter_of_a_choice_that_a_log_holds_in_its_response(tmp_path):
    asked, said = {"role": "user", "content": "Which port?"}, {"role": "assistant", "content": "8104."}
    choice = {"message": said, "finish_reason": "stop"}
    choice |= {"content_filter_results": {"hate": {"filtered": True}}}
    line = {"request": {"messages": [asked]}, "response": {"choices": [choice]}}
    [found], _, _ = read(write(tmp_path / "s.jsonl", line))
    assert found.outcome is REFUSED


@pytest.mark.parametrize("of_record", [{"scores": {"exact_match": 0}}, {"thumbs_down": True}])
def test_an_evaluation_of_a_request_and_its_response(tmp_path, of_record):
    said = {"type": "message", "role": "assistant", "status": "completed"}
    said |= {"content": [{"type": "output_text", "text": "8104.", "annotations": []}]}
    plain = {"input": "Which port?", "output": [said], "status": "completed", "truncation": "disabled"}
    judged = {"input": "Which port?", "output": [said | {"feedback": {"rating": "down"}}]}
    found, _, _ = read(write(tmp_path / "s.jsonl", plain, plain | of_record, judged))
    assert [exchange.outcome for exchange in found] == [Outcome.SUCCEEDED, REFUSED, REFUSED]
