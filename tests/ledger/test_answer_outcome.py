import pytest

from autodidact.knowledge.fact import Fact
from autodidact.ledger.answer_outcome import outcome
from tests.ledger.facts import fact

MOVED = fact(value="shop/cart.py", earlier=[("shop/basket.py", "2026-11-20T00:00:00Z")])
GONE = fact(value=None, earlier=[("shop/basket.py", "2026-11-20T00:00:00Z")])
OTHERS = ["shop/price.py", "shop/cart.py", "Basket"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("shop/cart.py", "known"),
        ("`Basket` is defined in `shop/cart.py`.", "known"),
        ("It moved from shop/basket.py to shop/cart.py.", "known"),
        ("No longer shop/basket.py; since 2026-11-20 shop/cart.py.", "known"),
        ("shop/basket.py", "stale"),
        ("It was moved to shop/basket.py.", "stale"),
        ("shop/cart.py or shop/basket.py", "stale"),
        ("shop/price.py", "wrong"),
        ("shop/cart.py or shop/price.py", "wrong"),
        ("lib/made_up.py", "wrong"),
        ("web/shop/cart.py", "wrong"),
        ("Not shop/cart.py.", "wrong"),
        ("It was in shop/basket.py before.", "unknown"),
        ("I do not know which file, perhaps lib/made_up.py.", "unknown"),
        ("The basket of the shop.", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_answer_about_a_fact_that_changed(text, expected):
    # A path of the right form that is not the value is wrong, so that the negated one is as well.
    assert outcome(MOVED, text, OTHERS) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("`Basket` was removed.", "known"),
        ("No longer in shop/basket.py: it is gone.", "known"),
        ("shop/basket.py", "stale"),
        ("shop/price.py", "stale"),
        ("No longer in shop/basket.py: it is in shop/price.py.", "stale"),
        ("lib/made_up.py", "wrong"),
        ("I do not know.", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_subject_that_is_gone_must_not_be_placed_anywhere(text, expected):
    assert outcome(GONE, text, OTHERS) == expected


@pytest.mark.parametrize("text, expected", [("8025", "known"), ("8026", "wrong"), ("mail", "unknown")])
def test_a_number_is_wrong_by_its_form_and_a_word_of_the_question_is_not(text, expected):
    port = fact(kind="port", subject="mail", value="8025", reserved="On what port is `mail` reached?")
    assert outcome(port, text, ["mail"]) == expected


def test_the_own_list_of_other_values_counts_where_there_is_one():
    closed = fact(value="yes", accept=["yes"], confuse=["no"])
    assert [outcome(closed, text, ["perhaps"]) for text in ("yes", "no", "perhaps")] == [
        "known",
        "wrong",
        "unknown",
    ]


def test_a_fact_reads_what_it_wrote():
    assert Fact.model_validate_json(MOVED.model_dump_json()) == MOVED
