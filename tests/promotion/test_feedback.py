from autodidact.promotion.feedback import feedback
from autodidact.records import CategoryScore, ItemResult, Report, Verdict


def report(scores: dict[str, dict[str, float | None]]) -> Report:
    """`scores`: category -> {family: score}."""
    items = [
        ItemResult(
            id=f"{category}/{family}/0",
            category=category,
            family=family,
            score=score,
            prompt=[{"role": "user", "content": "secret"}],
        )
        for category, families in scores.items()
        for family, score in families.items()
    ]
    means = {}
    for category, families in scores.items():
        given = [score for score in families.values() if score is not None]
        means[category] = CategoryScore(
            score=sum(given) / len(given) if given else None, n=len(given), missing=len(families) - len(given)
        )
    return Report(
        fingerprint="f",
        suite={},
        judge="embedded",
        model={},
        blocks=[0],
        week="",
        overall=0.5,
        categories=means,
        items=items,
    )


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
        "quotas": {},
        "lever": None,
    }


def test_after_a_promotion_the_deficits_are_the_candidates():
    assert feedback(CANDIDATE, CHAMPION, Verdict(outcome="promote"))["deficits"] == {
        "tool_use": 0.5,
        "reasoning": 0.5,
    }


def test_a_category_that_was_not_scored_keeps_its_earlier_deficit():
    champion = report({"tool_use": {"nested": None}, "reasoning": {"sums": 1.0}})
    told = feedback(
        None, champion, Verdict(outcome="undecided"), None, {"deficits": {"tool_use": 0.4, "reasoning": 0.9}}
    )
    assert told["deficits"] == {"tool_use": 0.4, "reasoning": 0.0}
    assert told["regressions"] == {}


def test_reports_that_cannot_be_compared_show_no_regressions():
    assert feedback(CANDIDATE, CHAMPION, Verdict(outcome="not_comparable"))["regressions"] == {}


def test_without_any_report_the_previous_deficits_stand():
    assert feedback(None, None, Verdict(outcome="undecided"), None, {"deficits": {"conciseness": 0.3}})[
        "deficits"
    ] == {"conciseness": 0.3}


def test_no_text_of_an_item_is_in_it():
    assert "secret" not in str(feedback(CANDIDATE, CHAMPION, Verdict(outcome="reject")))


def row(key: str, prompt: str, generator="tool_spec", ref="tools.json:1") -> dict:
    messages = [{"role": "user", "content": prompt}, {"role": "assistant", "content": "yes"}]
    return {
        "id": key,
        "generator": generator,
        "category": "tool_use",
        "messages": messages,
        "source": {"kind": "mcp", "ref": ref},
    }


def test_the_training_examples_nearest_to_a_lost_item_are_named_by_id_and_source():
    asked = [{"role": "user", "content": "Call the nested tool with a list of orders"}]
    lost = CANDIDATE.model_copy(
        update={"items": [item.model_copy(update={"prompt": asked}) for item in CANDIDATE.items]}
    )
    rows = [
        row("a", "Which module defines the basket?"),
        row("b", "Call the tool with the orders"),
        row("c", "Call a nested tool"),
    ]
    told = feedback(lost, CHAMPION, Verdict(outcome="reject"), rows=rows)["regressions"]["tool_use"][0]
    assert [(n["id"], n["generator"], n["source"]) for n in told["nearest"]] == [
        ("b", "tool_spec", "tools.json:1"),
        ("c", "tool_spec", "tools.json:1"),
        ("a", "tool_spec", "tools.json:1"),
    ]
    assert told["nearest"][0]["likeness"] > told["nearest"][2]["likeness"] > 0
    assert "nested tool with a list" not in str(told)


def test_anchors_are_told_by_whether_their_families_held():
    rows = [
        row("a", "x", "anchor", "tool_use/nested/dev-1"),
        row("b", "x", "anchor", "reasoning/cascade/dev-2"),
        row("c", "x"),
    ]
    told = feedback(CANDIDATE, CHAMPION, Verdict(outcome="reject"), rows=rows)["anchors"]
    assert told == {"rows": 2, "fell": ["tool_use/nested"], "held": ["reasoning/cascade"]}


def test_the_share_of_news_that_each_model_knows_is_in_it():
    def probed(score):
        probe = CategoryScore(
            score=score, n=10, fresh={"score": score, "n": 8}, control={"score": 1.0, "n": 2}
        )
        return CANDIDATE.model_copy(update={"probe": probe})

    told = feedback(probed(0.75), probed(0.25), Verdict(outcome="promote"), base=probed(0.0))["news"]
    assert told["news"] == {"n": 8, "candidate": 0.75, "champion": 0.25, "base": 0.0}
    assert told["control"] == {"n": 2, "candidate": 1.0, "champion": 1.0, "base": 1.0}
