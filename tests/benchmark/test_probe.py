import pytest

from autodidact.benchmark import probe
from autodidact.records import ItemResult, Question


def question(number=0, accept=("shop/basket.py", "shop.basket"), kind="defined_in", fresh=True, confuse=("shop/price.py", "shop.price")):
    return Question(
        id=f"q{number}", generator="ast_parser", kind=kind, subject="Basket", reserved="Name the file with `Basket`.",
        answer=f"`Basket` is defined in `{accept[0]}`.", accept=list(accept), confuse=list(confuse), fresh=fresh,
        source={"kind": "git", "ref": "shop/basket.py:4"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "text, value",
    [
        ("`Basket` is defined in `shop/basket.py`.", 1.0),
        ("shop.basket", 1.0),
        ("It is not shop/basket.py.", 0.0),
        ("shop/basket.py, not shop/price.py", 0.0),
        ("shop/basket.py or shop/price.py", 0.0),
        ("shop/price.py", 0.0),
        ("web/shop/basket.py", 0.0),
        ("shop/basket.pyc", 0.0),
        ("I do not know.", 0.0),
        ("", 0.0),
    ],
)
def test_right_is_one_of_accept_as_a_whole_and_none_of_confuse(text, value):
    score = probe.score_question(question(), text)
    assert (score.value, score.answer) == (value, text)
    assert score.explanation


def test_the_explanation_says_what_was_said_instead():
    assert probe.score_question(question(), "shop/price.py").explanation == "says shop/price.py instead of shop/basket.py"


def test_a_confused_name_inside_the_accepted_one_is_not_said():
    asked = question(accept=["retry queue"], confuse=["queue", "retry"])
    assert probe.score_question(asked, "The retry queue does it.").value == 1.0
    assert probe.score_question(asked, "The queue does it.").value == 0.0


def test_capitals_count_where_they_tell_answers_apart():
    asked = question(accept=["Request"], confuse=["request"])
    assert [probe.score_question(asked, text).value for text in ("Request", "request")] == [1.0, 0.0]
    assert probe.score_question(question(), "SHOP/BASKET.PY").value == 1.0


def test_the_reference_is_right():
    assert probe.score_question(question(), question().answer).value == 1.0


def test_majority_is_the_best_constant_answer_of_each_kind():
    asked = [question(n, accept=["a.py"]) for n in range(3)] + [question(3, accept=["b.py"])]
    asked += [question(4, accept=["Base"], kind="base_class"), question(5, accept=["Other"], kind="base_class")]
    assert probe.majority(asked) == pytest.approx((3 + 1) / 6)
    assert probe.majority([]) is None


def test_the_summary_has_the_share_of_the_fresh_facts():
    asked = [question(0), question(1, fresh=False), question(2, fresh=False)]
    scores = {"q0": 1.0, "q1": 0.0, "q2": None}
    items = [
        ItemResult(id=key, category="probe", family="defined_in", score=value, missing="x" if value is None else None)
        for key, value in scores.items()
    ]
    told = probe.summary(items, asked)
    assert (told.score, told.n, told.missing, told.majority, told.fresh) == (0.5, 2, 1, 1.0, {"score": 1.0, "n": 1})
    assert probe.summary([], []) is None


def test_questions_are_asked_once_in_the_order_of_their_ids():
    asked = probe.prompts([question(2), question(1), question(2)])
    assert [(prompt.id, prompt.messages) for prompt in asked] == [
        ("q1", [{"role": "user", "content": "Name the file with `Basket`."}]),
        ("q2", [{"role": "user", "content": "Name the file with `Basket`."}]),
    ]
