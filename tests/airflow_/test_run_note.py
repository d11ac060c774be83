"""What stands at a run of the DAG: how its cycle ended. That it gets there is in test_clear.py."""

from autodidact_airflow.run_note import LONGEST, sentences


def test_a_promotion_says_what_was_won_what_serves_and_what_that_knows():
    summary = {
        "verdict": {
            "outcome": "promote",
            "reasons": ["above the floors: overall 0.24", "promoted: better on the knowledge probe"],
        },
        "champion": "shop-2",
        "knowledge": {"says": "shop-2 knows 30% [20, 40] of 400 facts; 0 stale"},
    }
    assert sentences(summary) == (
        "Verdict: promote, better on the knowledge probe. In service: shop-2."
        " Knowledge: shop-2 knows 30% [20, 40] of 400 facts; 0 stale"
    )


def test_a_refusal_says_what_was_missing():
    rule = {"name": "guard.tool_use", "passed": False, "value": -0.2, "threshold": -0.1}
    summary = {"verdict": {"outcome": "reject", "reasons": ["worse"], "rules": [rule]}, "champion": "shop-1"}
    assert sentences(summary) == (
        "Verdict: reject, needed guard: tool use (-0.2000, the threshold is -0.1000). In service: shop-1."
    )


def test_a_promotion_that_did_not_work_says_so():
    ended = {"outcome": "rolled_back", "reason": "the server answered 503."}
    summary = {
        "verdict": {"outcome": "promote", "reasons": ["promoted: better on the suite"], "ended": ended}
    }
    assert sentences(summary) == (
        "Verdict: promote, better on the suite. Rolled back: the server answered 503."
    )


def test_without_a_candidate_there_is_no_verdict():
    assert sentences({"verdict": None, "champion": "shop-1"}) == (
        "No candidate was measured. In service: shop-1."
    )


def test_a_note_is_one_line_and_fits_airflow_s_database():
    summary = {"verdict": {"outcome": "reject", "reasons": ["a\x1b[31m\nb" * 1000]}}
    assert len(sentences(summary)) == LONGEST
    assert "\n" not in sentences(summary) and "\x1b" not in sentences(summary)
