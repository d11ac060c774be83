import pytest

from autodidact.benchmark import knowledge_probe
from autodidact.knowledge.fact import Question
from autodidact.records import ItemResult, Report


def question(
    number=0,
    accept=("shop/basket.py", "shop.basket"),
    kind="defined_in",
    fresh=True,
    confuse=("shop/price.py", "shop.price"),
):
    return Question(
        id=f"q{number}",
        generator="ast_parser",
        kind=kind,
        subject="Basket",
        reserved="Name the file with `Basket`.",
        answer=f"`Basket` is defined in `{accept[0]}`.",
        accept=list(accept),
        confuse=list(confuse),
        fresh=fresh,
        source={"kind": "git", "ref": "shop/basket.py:4"},
    )


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
    score = knowledge_probe.score_question(question(), text)
    assert (score.value, score.answer) == (value, text)
    assert score.explanation


def test_the_explanation_says_what_was_said_instead():
    assert (
        knowledge_probe.score_question(question(), "shop/price.py").explanation
        == "says shop/price.py instead of shop/basket.py"
    )


def test_a_confused_name_inside_the_accepted_one_is_not_said():
    asked = question(accept=["retry queue"], confuse=["queue", "retry"])
    assert knowledge_probe.score_question(asked, "The retry queue does it.").value == 1.0
    assert knowledge_probe.score_question(asked, "The queue does it.").value == 0.0


def test_capitals_count_where_they_tell_answers_apart():
    asked = question(accept=["Request"], confuse=["request"])
    assert [knowledge_probe.score_question(asked, text).value for text in ("Request", "request")] == [
        1.0,
        0.0,
    ]
    assert knowledge_probe.score_question(question(), "SHOP/BASKET.PY").value == 1.0


def test_the_reference_is_right():
    assert knowledge_probe.score_question(question(), question().answer).value == 1.0


def test_majority_is_the_best_constant_answer_of_each_kind():
    asked = [question(n, accept=["a.py"]) for n in range(3)] + [question(3, accept=["b.py"])]
    asked += [
        question(4, accept=["Base"], kind="base_class"),
        question(5, accept=["Other"], kind="base_class"),
    ]
    assert knowledge_probe.majority(asked) == pytest.approx((3 + 1) / 6)
    assert knowledge_probe.majority([]) is None


def asked_and_told():
    """One question on news, answered right; two of the control, one answered wrong and one without a
    score."""
    asked = [question(0), question(1, fresh=False), question(2, fresh=False)]
    scores = {"q0": 1.0, "q1": 0.0, "q2": None}
    items = [
        ItemResult(
            id=key, category="probe", family="defined_in", score=value, missing="x" if value is None else None
        )
        for key, value in scores.items()
    ]
    return asked, items


def test_the_summary_tells_news_from_what_has_not_changed():
    asked, items = asked_and_told()
    told = knowledge_probe.summary(items, asked)
    assert (told.score, told.n, told.missing, told.majority) == (0.5, 2, 1, 1.0)
    assert (told.fresh, told.control) == ({"score": 1.0, "n": 1}, {"score": 0.0, "n": 1})
    assert knowledge_probe.summary([], []) is None


def test_each_result_says_whether_it_is_news():
    asked, items = asked_and_told()
    assert [item.fresh for item in knowledge_probe.marked(items, asked)] == [True, False, False]


def test_news_is_the_share_that_each_role_knows():
    asked, items = asked_and_told()

    def report(scores):
        told = [item.model_copy(update={"score": score}) for item, score in zip(items, scores, strict=True)]
        return Report(
            fingerprint="f",
            suite={},
            judge="",
            model={},
            blocks=[],
            week="",
            overall=None,
            categories={},
            probe=knowledge_probe.summary(told, asked),
        )

    assert knowledge_probe.news({"candidate": report([1.0, 1.0, 0.0]), "base": report([0.0, 0.0, None])}) == {
        "news": {"n": 1, "candidate": 1.0, "base": 0.0},
        "control": {"n": 2, "candidate": 0.5, "base": 0.0},
    }
    assert knowledge_probe.news({}) is None


def test_questions_are_asked_once_in_the_order_of_their_ids():
    asked = knowledge_probe.prompts([question(2), question(1), question(2)])
    assert [(prompt.id, prompt.messages) for prompt in asked] == [
        ("q1", [{"role": "user", "content": "Name the file with `Basket`."}]),
        ("q2", [{"role": "user", "content": "Name the file with `Basket`."}]),
    ]
