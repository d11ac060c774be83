"""The simulation behind docs/verdict.md judges as the real code does, and its figures stay within what is
promised.
"""

import pytest

from autodidact.settings import load_settings
from benchmarks import verdict as simulation

REAL = load_settings("production", environ={})
BARE = load_settings("production", {"verdict.overall_floor": 0.0, "verdict.category_floor": 0.0}, environ={})
EQUAL = simulation.YEARS["equals the base, knows the news"]
WORSE = simulation.YEARS["worse than the base by 0.05, knows the news; the champion is worse by 0.04"]


def test_a_few_cycles_end_in_the_simulation_as_by_the_real_code():
    assert simulation.compare(EQUAL, 0.7, 3, 5, BARE, seed=3)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [*simulation.CASES, *simulation.YEARS])
def test_cycles_of_every_case_end_in_the_simulation_as_by_the_real_code(name):
    """But for those within the noise of 50,000 resamples of a bound."""
    case = (simulation.CASES | simulation.YEARS)[name]
    otherwise, _ = simulation.compare(case, 0.7, 8, 16, REAL if case.floors else BARE, seed=5)
    assert otherwise <= 1


@pytest.mark.parametrize("kappa", [0.0, 0.7])
def test_one_that_equals_the_base_and_knows_the_news_is_promoted_within_a_week(kappa):
    promoted, weeks = simulation.run_years(EQUAL, kappa, 2, REAL.verdict.blocks, BARE.verdict, seed=1)[
        "weeks"
    ]
    assert weeks == 104 and promoted / weeks >= 0.8


def test_what_is_worse_than_the_base_seldom_serves_though_the_champion_is_worse_too():
    """5% of years are 0.1% of weeks; a rule without the base as its reference promotes in most weeks."""
    found = simulation.run_years(WORSE, 0.0, 10, REAL.verdict.blocks, BARE.verdict, seed=1)["weeks"]
    assert found[0] <= 3 and found[1] == 520


def test_equal_models_are_promoted_in_few_weeks_and_better_ones_in_most():
    equal, better = (
        simulation.run_weeks(case, 0.0, 200, REAL.verdict.blocks, BARE.verdict, seed=1)
        for case in (simulation.CASES["equal"], simulation.CASES["better by 0.10"])
    )
    assert (
        equal["weeks"][0] / 200 <= 0.07
        and better["first"][0] / 200 >= 0.85
        and better["weeks"][0] / 200 >= 0.98
    )
