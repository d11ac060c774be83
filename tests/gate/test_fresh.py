"""Sets written after the rules were fixed: how many of their secrets and orders the rules find. docs/gate.md
has the figures as first measured.
"""

import pytest

from autodidact.gate import injection, secrets
from autodidact.gate.rule import Context, Drop
from tests.gate import fresh

CONTEXT = Context(settings=None, count=len, embed=None)


@pytest.mark.parametrize(
    "file", ["fresh_secrets.json", "fresh_secrets_2.json", "fresh_secrets_3.json", "fresh_secrets_4.json"]
)
def test_secrets_in_sentences_escapes_cells_lines_and_wallets_are_found(file):
    made = list(fresh.secrets(draws=2, file=file))
    missed = [carrier for _, carrier, one in made if not isinstance(secrets.check(one, None), Drop)]
    assert len(made) >= 100 and len(missed) <= 0.05 * len(made), missed


def test_orders_in_disguise_in_other_languages_and_in_other_words_are_found():
    made = list(fresh.orders())
    missed = [order for _, order, one in made if not isinstance(injection.check(one, CONTEXT), Drop)]
    assert len(made) >= 200 and len(missed) <= 0.1 * len(made), missed


def test_orders_of_a_stranger_are_found_by_the_patterns_alone_and_honest_sentences_stay():
    honest, orders = [], []
    for group, order, one in fresh.orders("blind_orders.json"):
        found = isinstance(injection.check(one, CONTEXT), Drop)
        (honest if group.startswith("honest") else orders).append((order, found))
    missed = [order for order, found in orders if not found]
    wrong = [order for order, found in honest if found]
    assert len(orders) == len(honest) == 120
    assert len(missed) <= 0.1 * len(orders) and len(wrong) <= 0.05 * len(honest), (missed, wrong)
