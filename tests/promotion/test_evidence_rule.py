"""Rule `evidence`: every branch, on reports made of literal scores."""

import pytest

from autodidact.promotion.statistical_bounds import boundaries, phi
from autodidact.promotion.statistics import sign_test
from autodidact.promotion.verdict import verdict
from autodidact.promotion.verdict_text import as_text
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings

FAMILIES = 15
# Families 10 to 14.
HIDDEN = 10
BETTER = (
    0,
    1,
    2,
    12,
    13,
    14,
)  # families that a better model gets right in every block: two of each three, half of them hidden


def report(right, *, blocks=(0, 1, 2), probe=None, answer=lambda *place: "yes it is", sha="m", adapter=None):
    """`right(category, family, block)` -> score. `probe`: the scores of the questions."""
    items = [
        ItemResult(
            id=f"{name}/f{family}/{block}",
            category=name,
            family=f"f{family}",
            hidden=family >= HIDDEN,
            block=block,
            score=float(right(name, family, block)),
            answer=answer(name, family, block),
        )
        for block in blocks
        for name in CATEGORIES
        for family in range(FAMILIES)
    ]
    categories = {}
    for name in CATEGORIES:
        scores = [item.score for item in items if item.category == name and item.block == 0]
        categories[name] = CategoryScore(score=sum(scores) / len(scores), n=len(scores))
    asked = [
        ItemResult(id=f"q{number}", category="probe", family="defined_in", score=float(score))
        for number, score in enumerate(probe or [])
    ]
    return Report(
        fingerprint="f",
        suite={"name": "autodidact", "version": "1"},
        judge="embedded",
        model={"sha256": sha, "adapter": adapter},
        blocks=list(blocks),
        week="2026-W48",
        overall=sum(c.score for c in categories.values()) / 9,
        categories=categories,
        items=items,
        probe_items=asked,
        probe=CategoryScore(score=sum(probe) / len(probe), n=len(probe)) if probe else None,
    )


def some(*, of=3, plus=(), minus=()):
    """Right in one family of `of`, another one in each block; also in the families `plus`, and not in the
    categories `minus`.
    """
    return lambda name, family, block: (((family + block) % of == 0) or family in plus) and name not in minus


@pytest.fixture
def settings():
    return load_settings("laptop", environ={})


def rules(judged):
    return {rule.name: rule for rule in judged.rules}


def judge(settings, mine, theirs, *, blocks=(0, 1, 2), looks=0, **also):
    return verdict(report(mine, blocks=blocks, **also), report(theirs, blocks=blocks), settings, looks=looks)


def test_the_bounds_of_three_looks_spend_what_they_may():
    alpha = 0.8 * 0.05 / 14
    assert [round(z, 2) for z in boundaries(alpha)] == [3.39, 3.06, 2.85]
    assert [round(phi(z), 5) for z in boundaries(alpha)] == pytest.approx(
        [0.99965, 0.99891, 0.99782], abs=1e-5
    )
    assert [round(z, 2) for z in boundaries(alpha / 2)] == [3.64, 3.29, 3.06]


def test_the_sign_test_is_exact():
    both = [
        (
            ItemResult(id=str(i), category="tool_use", family="f", score=a),
            ItemResult(id=str(i), category="tool_use", family="f", score=b),
        )
        for i, (a, b) in enumerate([(1, 0)] * 5 + [(0, 1)] + [(1, 1)] * 4)
    ]
    assert sign_test(both) == {"better": 5, "worse": 1, "equal": 4, "p": pytest.approx(14 / 64)}


def test_clearly_better_promotes_at_the_first_look(settings):
    judged = judge(settings, some(plus=BETTER), some())
    assert (judged.outcome, judged.more_evidence) == ("promote", False)
    assert judged.p_better > 0.9999 and judged.difference["low"] > 0.1
    assert rules(judged)["better_on_suite"].threshold == pytest.approx(0.99965, abs=1e-5)
    assert judged.reasons[-2:] == [
        "promoted: better on the suite",
        "the +0.267 on this week's items is probably too high: a candidate that gets promoted was often lucky as"
        " well; the next cycles measure it again",
    ]


def test_the_same_model_is_never_promoted_and_asks_for_all_blocks(settings):
    for blocks, more in (((0, 1, 2), True), ((0, 1, 2, 3), True), ((0, 1, 2, 3, 4), False)):
        judged = judge(settings, some(), some(), blocks=blocks)
        assert (judged.outcome, judged.more_evidence, judged.p_better) == ("undecided", more, 0.5)


def test_before_the_second_block_nothing_is_decided(settings):
    for blocks in ((0,), (0, 1)):
        judged = judge(settings, some(plus=BETTER), some(), blocks=blocks)
        assert (judged.outcome, judged.more_evidence) == ("undecided", True)


def test_a_floor_rejects_at_once(settings):
    judged = judge(settings, lambda *place: 0, some())
    assert (judged.outcome, judged.more_evidence) == ("reject", False)
    assert judged.reasons[0] == "overall 0.00 is below the floor 0.05"


def test_worse_is_rejected_at_the_last_look_only(settings):
    worse = some(of=5)
    assert judge(settings, worse, some()).outcome == "undecided"
    judged = judge(settings, worse, some(), blocks=(0, 1, 2, 3, 4))
    assert (judged.outcome, judged.more_evidence) == ("reject", False)


def test_a_category_that_fell_blocks_and_at_the_last_look_rejects(settings):
    better = some(plus=BETTER, minus=("tool_use",))
    judged = judge(settings, better, some())
    assert (judged.outcome, judged.more_evidence) == ("undecided", True)
    assert "tool_use is -0.33, at or below -0.15" in judged.reasons
    assert judge(settings, better, some(), blocks=(0, 1, 2, 3, 4)).outcome == "reject"


def test_the_probe_promotes_while_the_suite_stays(settings):
    known = [1] * 60 + [0] * 60
    mine, theirs = report(some(), probe=known), report(some(), probe=[0] * 120)
    judged = verdict(mine, theirs, settings)
    assert judged.outcome == "promote"
    assert "promoted: better on the knowledge probe" in judged.reasons
    assert rules(judged)["better_on_suite"].threshold == pytest.approx(
        0.99986, abs=1e-5
    )  # each route has half


def probed(news, control=()):
    """A report whose suite is as the champion's: scores of questions about news, and of the control."""
    made = report(some(), probe=[*news, *control])
    for number, item in enumerate(made.probe_items):
        item.fresh = number < len(news)
    return made


def test_a_few_news_are_not_enough_to_promote(settings):
    for asked, outcome in ((9, "undecided"), (10, "promote")):
        judged = verdict(probed([1] * asked), probed([0] * asked), settings)
        assert judged.outcome == outcome
        assert rules(judged)["better_on_probe"].value == pytest.approx(1 - 0.5**asked)
    assert judged.would_change == ["better_on_probe: not with 1 fewer of 10 questions right or less"]
    judged = verdict(probed([1] * 9 + [0] * 3), probed([0] * 12), settings)
    assert "better_on_probe: 1 more of 12 questions right" in judged.would_change


def test_a_champion_that_never_learned_the_system_is_not_safe_behind_a_quiet_week(settings):
    judged = verdict(probed([], [1] * 98 + [0] * 22), probed([], [1] * 14 + [0] * 106), settings)
    assert judged.outcome == "promote"
    assert (
        "knowledge probe: the candidate knows 98 of 120 facts, the champion 14; 0 of the 120 are new to the"
        " champion" in judged.reasons
    )


def test_old_facts_count_as_news_do_and_news_are_counted_apart(settings):
    judged = verdict(probed([0] * 20, [1] * 60), probed([0] * 20, [0] * 60), settings)
    assert judged.outcome == "promote" and rules(judged)["better_on_probe"].news == {
        "n": 20,
        "difference": 0.0,
    }
    assert (
        "knowledge probe: the candidate knows 60 of 80 facts, the champion 0; 20 of the 80 are new to"
        " the champion, and of the new ones the candidate knows 0 of 20 facts, the champion 0"
        in judged.reasons
    )


def test_where_all_facts_are_new_they_are_counted_once(settings):
    judged = verdict(probed([1] * 60), probed([0] * 60), settings)
    assert (
        "knowledge probe: the candidate knows 60 of 60 facts, the champion 0; all 60 are new to the champion"
        in judged.reasons
    )
    assert judged.reasons[-1] == "promoted: better on the knowledge probe"


def test_a_loss_of_old_facts_that_chance_explains_closes_nothing(settings):
    judged = verdict(probed([1] * 60, [1] * 12 + [0] * 3), probed([0] * 60, [1] * 15), settings)
    assert judged.outcome == "promote" and rules(judged)["control_not_worse"].value == pytest.approx(-0.2)


def test_what_was_known_and_is_lost_closes_the_route_of_the_probe(settings):
    judged = verdict(probed([1] * 60, [1] * 10 + [0] * 10), probed([0] * 60, [1] * 20), settings)
    assert judged.outcome == "undecided" and not rules(judged)["control_not_worse"].passed
    assert "knowledge probe: -0.50 on facts that have not changed; it must stay above -0.15" in judged.reasons
    assert "control_not_worse: 8 more of 20 questions on what has not changed right" in judged.would_change
    assert (
        verdict(probed([1] * 60, [1] * 18 + [0] * 2), probed([0] * 60, [1] * 20), settings).outcome
        == "promote"
    )


def test_the_probe_does_not_promote_when_the_suite_may_be_worse(settings):
    mine, theirs = report(some(of=5), probe=[1] * 120), report(some(), probe=[0] * 120)
    judged = verdict(mine, theirs, settings)
    assert judged.outcome == "undecided" and not rules(judged)["suite_not_worse"].passed


def test_a_gain_on_dev_visible_families_alone_is_an_alarm_and_does_not_promote(settings):
    judged = judge(settings, some(plus=(0, 1, 2, 3, 4, 5, 6)), some())
    assert judged.outcome == "undecided" and judged.alarms == ["learned_templates"]


def test_a_gain_on_the_published_block_alone_rejects(settings):
    judged = judge(settings, lambda name, family, block: block == 0 or some()(name, family, block), some())
    assert (judged.outcome, judged.alarms) == ("reject", ["trained_on_block_0"])


def test_a_collapsed_model_is_named(settings):
    words = "yes it is", "no it is not", "perhaps", "the answer"
    varied = {"answer": lambda name, family, block: words[family % 4]}
    judged = verdict(
        report(some(of=5), answer=lambda *place: "sure thing"), report(some(), **varied), settings
    )
    assert (judged.outcome, judged.alarms) == ("reject", ["collapse"])
    assert "collapse: answers begin with 'sure' most often in 9 of 9 categories" in judged.reasons


def test_after_the_weeks_fourteen_verdicts_nothing_is_decided(settings):
    judged = judge(settings, some(plus=BETTER), some(), looks=14)
    assert (judged.outcome, judged.more_evidence) == ("undecided", False)
    assert judge(settings, some(plus=BETTER), some(), looks=13).outcome == "promote"


def test_it_names_what_moved_and_what_would_have_changed_the_answer(settings):
    better = some()
    judged = judge(
        settings,
        lambda *place: better(*place) or place[:2] == ("affect_reasoning", 1),
        some(),
        blocks=(0, 1, 2, 3, 4),
    )
    assert judged.items["lost"] == [] and judged.items["gained"][0] == "affect_reasoning/f1/1"
    assert judged.outcome == "undecided"
    assert any(
        reason.startswith("suite: better in ") and " is needed, which takes a gain of about +0." in reason
        for reason in judged.reasons
    )


def test_adapters_of_different_bases_cannot_be_compared(settings):
    mine, theirs = report(some()), report(some())
    mine.model["base_sha256"], theirs.model["base_sha256"] = "a", "b"
    judged = verdict(mine, theirs, settings)
    assert (judged.outcome, judged.reasons) == (
        "not_comparable",
        ["the candidate and the champion are adapters of different base models"],
    )


def test_each_rule_that_failed_names_its_items_and_what_it_lacked(settings):
    judged = judge(settings, some(plus=BETTER, minus=("tool_use",)), some(), blocks=(0, 1, 2, 3, 4))
    guard = rules(judged)["guard.tool_use"]
    assert guard.needs == "12 more of its 60 items this week right"
    assert guard.items[0] == "tool_use/f0/3" and len(guard.items) == 10
    assert f"guard.tool_use: {guard.needs}" in judged.would_change


def test_a_promotion_says_what_it_hangs_on(settings):
    judged = judge(settings, some(plus=BETTER), some())
    (said,) = judged.would_change
    assert said.startswith("better_on_suite: not with ") and said.endswith(" fewer of 270 right or less")


def test_a_person_reads_rules_intervals_items_and_what_would_have_changed_it(settings):
    text = as_text(judge(settings, some(plus=BETTER, minus=("tool_use",)), some(), blocks=(0, 1, 2, 3, 4)))
    lines = text.splitlines()
    assert lines[0] == "reject"
    assert "  guard.tool_use                              -0.333      -0.150  not kept" in lines
    assert any(
        line.startswith("  tool_use                          0.00      0.33  -0.33  (") for line in lines
    )
    assert any(line.startswith("  McNemar: ") for line in lines)
    assert "  guard.tool_use: tool_use/f0/3" in text
    assert lines[lines.index("What would have changed the answer:") + 1].startswith("- guard.tool_use: ")


def adapter(right, **also):
    return report(right, sha="a", adapter="adapter", **also)


KNOWS, KNOWS_NOT = {"probe": [1] * 60}, {"probe": [0] * 60}
# As many as the laptop draws.
ALL = tuple(range(11))


def test_worse_than_the_base_is_not_promoted_though_it_knows_more_than_a_champion_that_is_as_bad(settings):
    worse = some(minus=("tool_use",))  # 0.037 below the base
    mine, theirs, base = (
        adapter(worse, blocks=ALL, **KNOWS),
        adapter(worse, blocks=ALL, **KNOWS_NOT),
        report(some(), blocks=ALL),
    )
    judged = verdict(mine, theirs, settings, base=base)
    assert (judged.outcome, judged.more_evidence) == ("undecided", False)
    rule = rules(judged)["not_worse_than_base"]
    assert not rule.passed and rule.difference == pytest.approx(-1 / 27)
    assert any("but it may have lost up to 0.0" in reason for reason in judged.reasons)
    assert verdict(mine, theirs, settings, base=report(worse, blocks=ALL)).outcome == "promote"


def test_the_base_is_its_own_reference_and_an_adapter_without_one_says_so(settings):
    told = (
        "not compared with the base, because its report is not given (--base): losses that add up over"
        " several promotions are not noticed"
    )
    first = verdict(adapter(some(), **KNOWS), report(some(), **KNOWS_NOT), settings)
    assert "not_worse_than_base" in rules(first) and told not in first.reasons
    later = verdict(adapter(some(), **KNOWS), adapter(some(), **KNOWS_NOT), settings)
    assert "not_worse_than_base" not in rules(later) and told in later.reasons
    assert (first.outcome, later.outcome) == ("promote", "promote")


def test_a_base_that_cannot_be_compared_decides_nothing(settings):
    judged = verdict(adapter(some()), adapter(some()), settings, base=report(some(), blocks=(0,)))
    assert judged.outcome == "not_comparable"
    assert judged.reasons == [
        "the candidate's report and the base's cover blocks [0, 1, 2] and [0]; both need the same, with"
        " block 0"
    ]


def other(name, family, block):
    """As often right as `some`, in four categories in other items."""
    return some()(name, family, block * block if name in CATEGORIES[:4] else block)


def test_after_the_fourth_block_only_what_further_blocks_can_open_goes_on(settings):
    for blocks, more in (((0, 1, 2, 3, 4), True), (ALL, False)):
        knows = verdict(
            adapter(other, blocks=blocks, **KNOWS), report(some(), blocks=blocks, **KNOWS_NOT), settings
        )
        assert knows.more_evidence is more
    knows_no_more = verdict(
        adapter(other, blocks=(0, 1, 2, 3, 4)), report(some(), blocks=(0, 1, 2, 3, 4)), settings
    )
    assert (knows_no_more.outcome, knows_no_more.more_evidence) == ("undecided", False)


def test_the_last_block_is_the_one_that_the_cycle_may_draw(settings):
    mine, theirs = (
        adapter(other, blocks=(0, 1, 2, 3, 4), **KNOWS),
        report(some(), blocks=(0, 1, 2, 3, 4), **KNOWS_NOT),
    )
    assert verdict(mine, theirs, settings, last=8).more_evidence
    assert not verdict(mine, theirs, settings, last=4).more_evidence


def test_the_suite_is_looked_at_on_the_first_four_blocks_there_are(settings):
    for blocks in ((0, 5, 6), (0, 2, 3, 5, 7, 8, 9)):
        assert judge(settings, some(plus=BETTER), some(), blocks=blocks).outcome == "promote"


def test_a_gain_on_later_blocks_comes_too_late_for_the_suite(settings):
    def late(name, family, block):
        return some(plus=BETTER if block > 4 else ())(name, family, block)

    assert rules(judge(settings, late, some(), blocks=ALL))["better_on_suite"].value == 0.5


# Floors of 0.70 and 0.30; `some` has 0.33.
LOW_BASE = load_settings("production", environ={})


def test_where_the_base_misses_a_floor_its_own_score_counts(settings):
    judged = verdict(adapter(some(), **KNOWS), report(some(), **KNOWS_NOT), LOW_BASE)
    assert judged.outcome == "promote"
    overall = rules(judged)["overall_floor"]
    assert (overall.threshold, overall.configured, overall.base) == (
        pytest.approx(1 / 3),
        0.7,
        pytest.approx(1 / 3),
    )
    assert (
        "where the base is below a floor, its own score is the floor: overall 0.33 instead of 0.70"
        in judged.reasons
    )
    assert rules(judged)["category_floor.tool_use"].threshold == 0.3


def test_far_below_the_base_s_own_score_it_is_rejected(settings):
    judged = verdict(adapter(some(of=5), **KNOWS), report(some(), **KNOWS_NOT), LOW_BASE)
    assert judged.outcome == "reject"
    assert (
        judged.reasons[0] == "overall 0.20 is below the floor 0.33, the base's own score, by more than 0.05"
    )


def test_the_first_cycle_says_that_the_base_meets_the_floors(settings):
    told = (
        "the base is not below a floor either; if it were, a lower floor would apply: the base's own score less a"
        " margin"
    )
    assert told in verdict(adapter(some()), report(some()), settings).reasons
    assert told not in verdict(adapter(some()), adapter(some()), settings, base=report(some())).reasons


def test_the_article_s_rule_keeps_the_article_s_floors(settings):
    seed = load_settings("production", {"verdict.rule": "seed"}, environ={})
    judged = verdict(adapter(some(plus=BETTER)), report(some()), seed)
    assert judged.outcome == "reject" and rules(judged)["overall_floor"].threshold == 0.7


def test_an_item_with_another_prompt_under_the_same_id_is_not_compared(settings):
    for where, place in (("items", 3), ("probe_items", 2)):
        mine, theirs = adapter(some(), **KNOWS), report(some(), **KNOWS)
        for made, text in ((mine, "Which port?"), (theirs, "Which path?")):
            getattr(made, where)[place].prompt = [{"role": "user", "content": text}]
        key = getattr(mine, where)[place].id
        judged = verdict(mine, theirs, settings)
        assert judged.outcome == "not_comparable"
        assert judged.reasons == [
            f"{key} was another prompt for the candidate than for the champion: measure both again"
        ]


def test_a_promotion_says_what_each_comparison_found_and_what_it_takes(settings):
    judged = verdict(adapter(some(), **KNOWS), report(some(), **KNOWS_NOT), settings)
    assert judged.reasons[0] == (
        "no score is below its floor: overall 0.33 (floor 0.05); lowest category: intent_classification 0.33"
        " (the settings have no floor for single categories)"
    )
    assert judged.reasons[2] == (
        "this week's items: +0.000 compared with the champion, 95% interval +0.000 to +0.000; better in 50.0% of"
        " resamples (a promotion by these items needs 99.986%; so much because every cycle is one more chance to win by luck)"
    )
    assert judged.reasons[4] == (
        "strict test against the base passed: measured +0.000; even the lower bound at 99.99% certainty,"
        " -0.046, is above the limit of -0.05"
    )
