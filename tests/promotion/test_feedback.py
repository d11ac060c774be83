from autodidact.promotion.feedback import feedback
from autodidact.records import CategoryScore, ItemResult, Report, Verdict


def report(scores: dict[str, dict[str, float | None]]) -> Report:
    """`scores`: category -> {family: score}."""
    items = [
        ItemResult(
            id=f"{category}/{family}/0", category=category, family=family, score=score, prompt=[{"role": "user", "content": "secret"}]
        )
        for category, families in scores.items()
        for family, score in families.items()
    ]
    means = {}
    for category, families in scores.items():
        given = [score for score in families.values() if score is not None]
        means[category] = CategoryScore(score=sum(given) / len(given) if given else None, n=len(given), missing=len(families) - len(given))
    return Report(
        fingerprint="f", suite={}, judge="embedded", model={}, blocks=[0], week="", overall=0.5, categories=means, items=items
    )  # fmt: skip


CHAMPION = report({"tool_use": {"nested": 1.0, "plain": 0.5}, "reasoning": {"sums": 0.25, "cascade": 0.25}})
CANDIDATE = report({"tool_use": {"nested": 0.0, "plain": 1.0}, "reasoning": {"sums": 0.0, "cascade": 1.0}})


def test_after_a_rejection_the_deficits_are_the_champions_and_the_lost_items_are_named():
    told = feedback(CANDIDATE, CHAMPION, Verdict(outcome="reject"), {"by_category": {"tool_use": 7}}, {})
    assert told == {
        "format": 1,
        "outcome": "reject",
        "deficits": {"tool_use": 0.25, "reasoning": 0.75},
        "regressions": {"tool_use": [{"id": "tool_use/nested/0", "candidate": 0.0, "champion": 1.0}]},
        "kept": {"tool_use": 7},
        "lever": None,
    }


def test_after_a_promotion_the_deficits_are_the_candidates():
    assert feedback(CANDIDATE, CHAMPION, Verdict(outcome="promote"))["deficits"] == {"tool_use": 0.5, "reasoning": 0.5}


def test_a_category_that_was_not_scored_keeps_its_earlier_deficit():
    champion = report({"tool_use": {"nested": None}, "reasoning": {"sums": 1.0}})
    told = feedback(None, champion, Verdict(outcome="undecided"), None, {"deficits": {"tool_use": 0.4, "reasoning": 0.9}})
    assert told["deficits"] == {"tool_use": 0.4, "reasoning": 0.0}
    assert told["regressions"] == {}


def test_reports_that_cannot_be_compared_show_no_regressions():
    assert feedback(CANDIDATE, CHAMPION, Verdict(outcome="not_comparable"))["regressions"] == {}


def test_without_any_report_the_previous_deficits_stand():
    assert feedback(None, None, Verdict(outcome="undecided"), None, {"deficits": {"conciseness": 0.3}})["deficits"] == {"conciseness": 0.3}


def test_no_text_of_an_item_is_in_it():
    assert "secret" not in str(feedback(CANDIDATE, CHAMPION, Verdict(outcome="reject")))
