"""The interval of the share known is tested by simulation: how often does it hold the true share?"""

import numpy as np
import pytest

from autodidact.knowledge.known_share_estimates import Stratum, paired, share, shown, waited

SIZES, ASKED = [60, 1500, 800, 300, 120, 40], [60, 30, 16, 6, 4, 4]
SMALL, SMALL_ASKED = [8, 9, 12, 7, 20, 15, 30, 11], [2, 2, 3, 2, 5, 4, 8, 3]


@pytest.mark.parametrize(
    "sizes, asked, low, high",
    [
        ([3000], [100], 0.5, 0.5),
        ([300], [100], 0.8, 0.8),
        ([3000], [100], 0.0, 0.06),
        ([3000], [100], 0.94, 1.0),
        (SIZES, ASKED, 0.0, 1.0),
        (SIZES, ASKED, 0.0, 0.05),
        (SIZES, ASKED, 0.95, 1.0),
        (SMALL, SMALL_ASKED, 0.0, 1.0),
        (SMALL, SMALL_ASKED, 0.5, 0.5),
        (SMALL, SMALL_ASKED, 0.9, 1.0),
    ],
)
def test_the_interval_holds_the_true_share_in_93_to_97_of_100(sizes, asked, low, high):
    """The share of each stratum is drawn between `low` and `high`; a stratum that is asked whole is one of
    certainty.
    """
    random, runs, held = np.random.default_rng(3), 2000, 0
    for _ in range(runs):
        known = random.binomial(sizes, random.uniform(low, high, len(sizes)))
        right = random.hypergeometric(known, np.subtract(sizes, known), asked)
        found = share(Stratum(*map(int, each)) for each in zip(sizes, asked, right, strict=True))
        held += found["low"] - 1e-9 <= known.sum() / sum(sizes) <= found["high"] + 1e-9
    # Two standard errors of 2,000 runs are 0.01.
    assert 0.925 <= held / runs <= 0.975


def test_a_share_of_which_every_fact_was_asked_is_no_estimate():
    assert share([Stratum(4, 4, 3), Stratum(6, 6, 0)]) == {"mean": 0.3, "low": 0.3, "high": 0.3}


def test_what_was_asked_bounds_the_interval():
    assert share([Stratum(4, 2, 1)]) == {"mean": 0.5, "low": 0.25, "high": 0.75}


def test_a_stratum_without_answers_is_taken_to_be_like_the_others():
    assert share([Stratum(50, 10, 5), Stratum(50, 0, 0)]) == share([Stratum(100, 10, 5)])
    assert share([Stratum(50, 0, 0)]) == {"mean": None, "low": None, "high": None}
    assert share([]) == {"mean": None, "low": None, "high": None}


def test_the_share_in_words():
    assert shown({"mean": 0.812, "low": 0.771, "high": 0.846}) == "81% [77, 85]"
    assert shown({"mean": None, "low": None, "high": None}) == "-"


def test_waiting_that_goes_on_counts_as_long_as_it_was_watched():
    # Of four, two are over after 10 and 20 hours; the third, watched for 15, leaves 2/3 x 1/2 = 1/4 waiting.
    assert waited([(10, True), (20, True), (15, False), (30, False)]) == 20
    assert waited([(10, True), (10, True), (12, False)], 0.9) is None
    assert waited([(10, False), (20, False)]) is None
    assert waited([]) is None


def test_no_difference_between_two_models_leaves_doubt_all_the_same():
    assert paired(0, 0, 60) == {"mean": 0.0, "low": -0.031612, "high": 0.031612}
    assert paired(20, 5, 60)["mean"] == 0.25


@pytest.mark.parametrize(("better", "worse"), [(0.05, 0.05), (0.1, 0.02), (0.3, 0.1), (0.6, 0.1)])
def test_the_interval_of_a_difference_holds_the_true_one_in_95_of_100_samples(better, worse):
    draws = np.random.default_rng(7).multinomial(60, [better, worse, 1 - better - worse], size=4_000)
    found = [paired(int(b), int(w), 60) for b, w, _ in draws]
    assert 0.93 <= sum(each["low"] <= better - worse <= each["high"] for each in found) / len(found) <= 0.98
