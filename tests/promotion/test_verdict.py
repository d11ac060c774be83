import subprocess
import sys
from types import SimpleNamespace

import numpy
import pytest

from autodidact.promotion.statistics import by_category, stratified
from autodidact.promotion.verdict import verdict
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings


def report(scores, *, sha="m", fingerprint="f", probe=None, **more):
    """`scores`: category -> its 15 scores (one number: all 15 the same), None for a missing item; the other
    categories as `rest`.
    """
    rest = scores.pop("rest", 0.8)
    items, categories = [], {}
    for name in CATEGORIES:
        row = scores.get(name, rest)
        row = list(row) if isinstance(row, (list, tuple, numpy.ndarray)) else [row] * 15
        for number, score in enumerate(row):
            missing = "the judge's verdict cannot be read" if score is None else None
            items.append(
                ItemResult(
                    id=f"{name}/f{number}/0", category=name, family=f"f{number}", score=score, missing=missing
                )
            )
        scored = [score for score in row if score is not None]
        categories[name] = CategoryScore(
            score=sum(scored) / len(scored) if scored else None, n=len(scored), missing=15 - len(scored)
        )
    means = [category.score for category in categories.values()]
    facts = {
        "fingerprint": fingerprint,
        "suite": {"name": "autodidact", "version": "1"},
        "judge": "embedded",
        "model": {"sha256": sha},
        "blocks": [0],
        "week": "2026-W48",
        "overall": None if None in means else sum(means) / len(means),
        "categories": categories,
        "probe": CategoryScore(score=probe, n=120) if probe is not None else None,
        "items": items,
    }
    return Report(**facts | more)


@pytest.fixture
def production():
    return load_settings("production", {"verdict.rule": "seed"}, environ={})


def rule(judged, name):
    return next(rule for rule in judged.rules if rule.name == name)


def test_promotes_what_is_higher_and_above_the_floors(production):
    judged = verdict(report({"rest": 0.8}, probe=0.6), report({"rest": 0.7}, probe=0.03), production)
    assert judged.outcome == "promote"
    assert judged.reasons == [
        "no score is below its floor: overall 0.80 (floor 0.70); lowest category: intent_classification 0.80 (floor 0.30)",
        "overall 0.80 vs champion 0.70 (+0.10, 95% interval 0.10 to 0.10, better in 100% of resamples)",
        "knowledge probe 0.60 vs champion 0.03 (+0.57), shown for information",
    ]
    assert rule(judged, "overall_floor").model_dump() == {
        "name": "overall_floor",
        "value": pytest.approx(0.8),
        "threshold": 0.7,
        "passed": True,
    }
    assert [r.name for r in judged.rules] == [
        "overall_floor",
        *(f"category_floor.{name}" for name in CATEGORIES),
        "higher_overall",
    ]


def test_a_score_at_the_floor_passes(production):
    judged = verdict(report({"rest": 0.7}), report({"rest": 0.6}), production)
    assert judged.outcome == "promote"


def test_below_the_overall_floor_it_is_rejected_however_much_better(production):
    judged = verdict(report({"rest": 0.31}), report({"rest": 0.1}), production)
    assert judged.outcome == "reject"
    assert judged.reasons[0] == "overall 0.31 is below the floor 0.70"
    assert not rule(judged, "overall_floor").passed and rule(judged, "higher_overall").passed


def test_a_category_below_its_floor_is_rejected(production):
    judged = verdict(report({"tool_use": 0.2, "rest": 0.9}), report({"rest": 0.7}), production)
    assert judged.outcome == "reject"
    assert judged.reasons[0] == "tool_use 0.20 is below the floor 0.30"
    assert "tool_use fell from 0.700 to 0.200 (-0.500) on published items" in judged.reasons


def test_equal_is_not_higher(production):
    judged = verdict(report({"rest": 0.8}), report({"rest": 0.8}), production)
    assert (judged.outcome, judged.p_better) == ("reject", 0.5)
    assert judged.difference == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert judged.reasons[-1].startswith("overall 0.80 vs champion 0.80 (+0.00") and judged.reasons[
        -1
    ].endswith(": not higher")


def test_a_difference_too_small_for_two_digits_is_shown_with_four(production):
    better = [0.8] * 14 + [0.9]
    judged = verdict(report({"reasoning": better, "rest": 0.8}), report({"rest": 0.8}), production)
    assert judged.outcome == "promote"
    assert judged.reasons[1].startswith("overall 0.8007 vs champion 0.8000 (+0.0007, 95% interval ")


def test_the_profile_of_a_laptop_has_lower_floors():
    laptop = load_settings("laptop", {"verdict.rule": "seed"}, environ={})
    assert (
        verdict(report({"rest": 0.31, "affect_reasoning": 0.0}), report({"rest": 0.2}), laptop).outcome
        == "promote"
    )


def test_looks_change_nothing_under_rule_seed(production):
    one, two = report({"rest": 0.8}), report({"rest": 0.7})
    assert verdict(one, two, production, looks=9) == verdict(one, two, production)


def test_two_missing_items_leave_both_sides(production):
    candidate = report({"reasoning": [None, None] + [0.8] * 13, "rest": 0.8})
    champion = report({"reasoning": [1.0, 1.0] + [0.7] * 13, "rest": 0.7})
    judged = verdict(candidate, champion, production)
    assert judged.outcome == "promote"
    assert judged.difference["mean"] == pytest.approx(0.1)
    assert rule(judged, "higher_overall").threshold == pytest.approx(0.7)


def test_three_missing_items_of_a_category_decide_nothing(production):
    judged = verdict(
        report({"reasoning": [None] * 3 + [1.0] * 12, "rest": 0.8}), report({"rest": 0.7}), production
    )
    assert judged.outcome == "not_comparable"
    assert judged.reasons == [
        "3 of 15 items of reasoning have no score (at most 2 may): the judge's verdict cannot be read"
    ]
    assert judged.rules == [] and judged.p_better is None


def test_items_missing_on_either_side_add_up(production):
    candidate = report({"reasoning": [None, None] + [0.9] * 13, "rest": 0.8})
    champion = report({"reasoning": [0.9] * 13 + [None, None], "rest": 0.7})
    assert verdict(candidate, champion, production).outcome == "not_comparable"


@pytest.mark.parametrize(
    "change, reason",
    [
        (
            {"fingerprint": "other"},
            "the fingerprints differ (f and other): another suite, level, decoding, chat template or judge",
        ),
        ({"blocks": [0, 1]}, "the reports cover blocks [0] and [0, 1]; both need the same, with block 0"),
        ({"items": []}, "the reports do not have the same items, each once"),
    ],
)
def test_what_was_measured_otherwise_is_not_compared(production, change, reason):
    judged = verdict(report({"rest": 0.9}), report({"rest": 0.1}, **change), production)
    assert judged.outcome == "not_comparable"
    assert judged.reasons[0].startswith(reason)


def damaged(change):
    """A report with one thing wrong in it."""
    mine = report({"rest": 0.8})
    change(mine)
    return mine


@pytest.mark.parametrize(
    "change, reason",
    [
        (
            lambda r: setattr(r.items[3], "score", 1.5),
            "intent_classification/f3/0 has the score 1.5, which is not between 0 and 1; measure it again",
        ),
        (
            lambda r: setattr(r.items[3], "score", float("nan")),
            "intent_classification/f3/0 has the score nan, which is not between 0 and 1; measure it again",
        ),
        (
            lambda r: setattr(r.items[3], "score", None),
            "intent_classification/f3/0 has no score and no reason why; measure it again",
        ),
        (
            lambda r: setattr(r.categories["tool_use"], "score", 0.99),
            "it states 0.99 for tool_use, its items make 0.8000; measure it again",
        ),
        (
            lambda r: setattr(r, "overall", 0.99),
            "it states 0.99 for overall, its items make 0.8000; measure it again",
        ),
    ],
)
@pytest.mark.parametrize("rule", ["seed", "evidence"])
def test_a_report_that_contradicts_itself_is_not_judged(change, reason, rule):
    settings = load_settings("production", {"verdict.rule": rule}, environ={})
    for role, reports in (
        ("candidate", (damaged(change), report({}))),
        ("champion", (report({}), damaged(change))),
    ):
        judged = verdict(*reports, settings)
        assert (judged.outcome, judged.reasons) == (
            "not_comparable",
            [f"the {role}'s report is damaged: {reason}"],
        )


def test_a_report_with_a_block_cut_short_is_not_judged(production):
    mine, theirs = report({}, blocks=[0, 1]), report({}, blocks=[0, 1])
    judged = verdict(mine, theirs, production)
    assert judged.reasons == [
        "the candidate's report is not whole: block 1 has 0 items of affect_reasoning; measure it again"
    ]


def test_items_that_do_not_count_are_in_no_mean_and_no_verdict(production):
    def shown(score):
        made = report({"reasoning": [score] * 5 + [0.8] * 10, "rest": 0.8})
        for item in made.items:
            item.counted = item.category != "reasoning" or item.score != score
        made.categories["reasoning"] = CategoryScore(score=0.8, n=10)
        made.overall = 0.8
        return made

    judged = verdict(shown(1.0), shown(0.0), production)
    assert (judged.outcome, judged.difference["mean"]) == ("reject", 0.0)


def test_what_would_have_changed_the_answer_is_said(production):
    judged = verdict(
        report({"tool_use": [0.0] * 12 + [1.0] * 3, "rest": 0.8}), report({"rest": 0.7}), production
    )
    assert judged.outcome == "reject"
    assert judged.would_change == ["category_floor.tool_use: 2 more of 15 published items right"]
    assert rule(judged, "category_floor.tool_use").items[:2] == ["tool_use/f0/0", "tool_use/f1/0"]
    assert verdict(report({"rest": 0.7}), report({"rest": 0.8}), production).would_change == [
        "higher_overall: 14 more published items right"
    ]


def test_later_blocks_of_different_weeks_are_not_compared(production):
    judged = verdict(report({}, blocks=[0, 1]), report({}, blocks=[0, 1], week="2026-W47"), production)
    assert judged.reasons == ["the blocks after 0 were drawn for different weeks (2026-W48 and 2026-W47)"]


def test_reports_without_items_are_judged_by_their_scores_without_an_interval(production):
    judged = verdict(report({"rest": 0.8}, items=[]), report({"rest": 0.7}, items=[]), production)
    assert (judged.outcome, judged.p_better, judged.difference["low"]) == ("promote", None, None)
    assert judged.reasons[1] == "overall 0.80 vs champion 0.70 (+0.10)"


def simulated(rng, gain=0.0, correlation=0.5):
    """Right and wrong answers of two models, one better by `gain`, scores correlated as two fine-tunes of one
    base: category -> 15 scores.
    """
    mine, theirs = {}, {}
    for name in CATEGORIES:
        shared = rng.random(15) < correlation
        same, one, two = (rng.random(15) for _ in range(3))
        theirs[name] = (numpy.where(shared, same, one) < 0.6).astype(float)
        mine[name] = (numpy.where(shared, same, two) < 0.6 + gain).astype(float)
    return mine, theirs


def paired(mine, theirs):
    one, two = (
        [
            SimpleNamespace(category=name, family=f"f{n}", points=score)
            for name, row in scores.items()
            for n, score in enumerate(row)
        ]
        for scores in (mine, theirs)
    )
    return list(zip(one, two, strict=True))


@pytest.mark.parametrize("gain", [0.0, 0.1])
def test_the_interval_covers_the_truth_in_93_to_97_percent_of_cases(gain):
    rng, covered, cases = numpy.random.default_rng(7), 0, 500
    for _ in range(cases):
        found = stratified(by_category(paired(*simulated(rng, gain)))).interval(0.95)
        covered += found["low"] <= gain <= found["high"]
    assert 0.93 <= covered / cases <= 0.97


def test_families_are_clusters():
    """Two blocks that repeat each other are no more evidence than one."""
    once = paired(*simulated(numpy.random.default_rng(1)))
    assert stratified(by_category(once * 2)).interval(0.95) == pytest.approx(
        stratified(by_category(once)).interval(0.95), abs=1e-9
    )


def test_equal_reports_make_equal_verdicts_in_any_process(production, tmp_path):
    mine, theirs = map(report, simulated(numpy.random.default_rng(3), 0.05))
    (tmp_path / "a.json").write_text(mine.model_dump_json())
    (tmp_path / "b.json").write_text(theirs.model_dump_json())
    code = (
        "import sys; from autodidact.promotion.verdict import verdict; from autodidact.records import Report;"
        " from autodidact.settings import load_settings; a, b = (Report.model_validate_json(open(p).read())"
        " for p in sys.argv[1:]); print(verdict(a, b, load_settings('production', {'verdict.rule': 'seed'},"
        " environ={})).model_dump_json())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.json"), str(tmp_path / "b.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == verdict(mine, theirs, production).model_dump_json()
