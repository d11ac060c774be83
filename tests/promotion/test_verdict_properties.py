"""What holds of every verdict, whatever the reports say."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from autodidact.promotion.verdict import verdict
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings

BLOCKS = (0, 1, 2)
PLACES = [(name, family, block) for block in BLOCKS for name in CATEGORIES for family in range(15)]
SETTINGS = {
    rule: load_settings(
        "laptop",
        {"verdict.rule": rule, "verdict.overall_floor": 0.2, "verdict.category_floor": 0.1},
        environ={},
    )
    for rule in ("evidence", "seed")
}
few = hypothesis(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def report(scores: dict, probe=(), order=PLACES) -> Report:
    """`scores`: (category, family, block) -> score."""
    items = [
        ItemResult.model_construct(
            id=f"{name}/f{family}/{block}",
            category=name,
            family=f"f{family}",
            hidden=family >= 10,
            block=block,
            score=scores[name, family, block],
            missing=None,
            answer=f"w{family % 5}",
        )
        for name, family, block in order
    ]
    categories = {
        name: CategoryScore(score=sum(scores[name, family, 0] for family in range(15)) / 15, n=15)
        for name in CATEGORIES
    }
    asked = [
        ItemResult.model_construct(id=f"q{n}", category="probe", family="port", score=float(s), missing=None)
        for n, s in enumerate(probe)
    ]
    return Report.model_construct(
        fingerprint="f",
        suite={},
        judge="embedded",
        model={},
        blocks=list(BLOCKS),
        week="2026-W48",
        categories=categories,
        overall=sum(c.score for c in categories.values()) / 9,
        items=items,
        probe=None,
        probe_items=asked,
    )


@st.composite
def scores(draw):
    """Scores of 0, 1/3, 1/2 or 1, better in some categories than in others."""
    rng, level = random.Random(draw(st.integers(0, 2**32))), draw(st.floats(0.05, 0.9))
    shift = {name: draw(st.sampled_from([0.0, 0.0, 0.3, -0.3])) for name in CATEGORIES}
    partial = draw(st.booleans())

    def one(name):
        if rng.random() < level + shift[name]:
            return 1.0
        return rng.choice([0.0, 1 / 3, 0.5]) if partial else 0.0

    return {place: one(place[0]) for place in PLACES}


probes = st.lists(st.integers(0, 1), min_size=40, max_size=40)


@pytest.mark.parametrize("rule", SETTINGS)
@few
@given(one=scores(), other=scores())
def test_exchanging_the_two_turns_the_difference_round(rule, one, other):
    forth, back = (verdict(report(a), report(b), SETTINGS[rule]) for a, b in ((one, other), (other, one)))
    assert forth.difference["mean"] == pytest.approx(-back.difference["mean"], abs=1e-12)
    assert forth.p_better + back.p_better == pytest.approx(1)
    assert (forth.sign_test["better"], forth.sign_test["worse"]) == (
        back.sign_test["worse"],
        back.sign_test["better"],
    )
    assert "promote" not in (forth.outcome, back.outcome) or forth.outcome != back.outcome


@few
@given(one=scores(), other=scores(), mine=probes, theirs=probes)
def test_never_better_each_than_the_other_with_a_probe(one, other, mine, theirs):
    pairs = (((one, mine), (other, theirs)), ((other, theirs), (one, mine)))
    outcomes = [verdict(report(*a), report(*b), SETTINGS["evidence"]).outcome for a, b in pairs]
    assert outcomes != ["promote", "promote"] or mine != theirs


@pytest.mark.parametrize("rule", SETTINGS)
@few
@given(one=scores(), other=scores(), seed=st.integers(0, 2**32))
def test_the_order_of_the_items_makes_no_difference(rule, one, other, seed):
    first, second = (random.Random(f"{seed}/{side}").sample(PLACES, len(PLACES)) for side in "ab")
    assert verdict(report(one), report(other), SETTINGS[rule]) == verdict(
        report(one, order=first), report(other, order=second), SETTINGS[rule]
    )


@pytest.mark.parametrize("rule", SETTINGS)
@few
@given(one=scores(), other=scores(), mine=probes)
def test_never_promoted_below_a_floor(rule, one, other, mine):
    judged = verdict(report(one, mine), report(other, [0] * 40), SETTINGS[rule])
    if any(not found.passed for found in judged.rules if "floor" in found.name):
        assert judged.outcome == "reject" and not judged.more_evidence


@pytest.mark.parametrize("rule", SETTINGS)
@few
@given(
    one=scores(),
    other=scores(),
    name=st.sampled_from(CATEGORIES),
    rate=st.floats(0.1, 1),
    seed=st.integers(0, 2**32),
)
def test_more_right_answers_never_make_it_look_worse(rule, one, other, name, rate, seed):
    rng = random.Random(seed)
    improved = {
        place: 1.0 if place[0] == name and rng.random() < rate else score for place, score in one.items()
    }
    before, after = (verdict(report(mine), report(other), SETTINGS[rule]) for mine in (one, improved))
    assert after.difference["mean"] >= before.difference["mean"] - 1e-12
    assert (
        after.p_better >= before.p_better - 0.02
    )  # the resamples of families that are never drawn may lose a little
    if before.outcome == "promote" and not getattr(after, "alarms", None):
        passed = {
            found.name for found in before.rules if found.passed and not found.name.startswith("better_on")
        }
        assert passed <= {found.name for found in after.rules if found.passed}


@few
@given(one=scores(), mine=probes)
def test_a_model_is_never_better_than_itself(one, mine):
    judged = verdict(report(one, mine), report(one, mine), SETTINGS["evidence"])
    assert judged.outcome != "promote" and judged.p_better == 0.5


@few
@given(one=scores(), other=scores())
def test_after_the_budget_of_the_week_nothing_is_promoted(one, other):
    judged = verdict(report(one), report(other), SETTINGS["evidence"], looks=14)
    assert judged.outcome in ("reject", "undecided") and not judged.more_evidence
