"""What each answer is worth: literal targets, literal answers, exact values."""

import pytest

from autodidact.benchmark.items import Item
from autodidact.benchmark.scorers import RULES, score
from autodidact.records import Score, call


def item(scorer: str, target: dict) -> Item:
    return Item(
        "c/f/0", "c", "f", False, 0, 1, [], [], target, scorer, {"role": "assistant", "content": ""}, "", 64
    )


def value(scorer: str, target: dict, answer: str | dict) -> float:
    return score(item(scorer, target), {"content": answer} if isinstance(answer, str) else answer).value


HANDLERS = {"labels": ["billing", "shipping", "shipping_delay"], "answer": "shipping"}


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("shipping", 1.0),
        ("Shipping.", 1.0),
        ("`shipping`", 1.0),
        ('"shipping"', 1.0),
        ("**shipping**", 1.0),
        ("Handler: shipping", 1.0),
        ("The answer is shipping.", 1.0),
        ("```\nshipping\n```", 1.0),
        ("I would send this to shipping, as a parcel is late.", 0.5),
        ("It is shipping, not billing.", 0.5),
        ("shipping " + "and so on " * 14, 0.0),  # more than 40 words
        ("shipping_delay", 0.0),  # a longer label that contains the right one
        ("billing", 0.0),
        ("billing, shipping, shipping_delay", 0.0),  # all of them
        ("shipping or billing", 0.0),
        ("It is not shipping.", 0.0),
        ("I cannot help with that.", 0.0),
        ("", 0.0),
        ("   \n", 0.0),
    ],
)
def test_label(answer, worth):
    assert value("label", HANDLERS, answer) == worth


@pytest.mark.parametrize(
    ("labels", "right", "answer", "worth"),
    [
        (["yes", "no"], "no", "No.", 1.0),
        (["yes", "no"], "no", "I do not know.", 0.0),
        (["1", "2", "3"], "2", "Line 2", 1.0),
        (["1", "2", "3"], "2", "2.", 1.0),
        (["1", "2", "3"], "2", "12", 0.0),
        (["<", "<=", ">"], "<", "<", 1.0),
        (["<", "<=", ">"], "<", "<=", 0.0),
        (["<", "<=", ">"], "<=", "`<=`", 1.0),
        (["R1", "R2"], "R2", "R2: do not print", 0.5),
    ],
)
def test_labels_that_are_no_words(labels, right, answer, worth):
    assert value("label", {"labels": labels, "answer": right}, answer) == worth


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("return a <= b", 1.0),
        ("return  a <= b ", 1.0),
        ("```python\nreturn a <= b\n```", 1.0),
        ("The line should be `return a <= b`", 0.5),
        ("return a < b", 0.0),
        ("return a <= b, or return a < b", 0.0),
        ("return a <= b " + "word " * 20, 0.0),
    ],
)
def test_exact(answer, worth):
    assert value("exact", {"answer": "return a <= b", "others": ["return a < b"]}, answer) == worth


def test_exact_accepts_other_forms_and_may_mind_the_case():
    assert value("exact", {"answer": "src/a.py", "accept": ["a.py"]}, "A.py") == 1.0
    assert value("exact", {"answer": "Row", "case": True}, "row") == 0.0


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("90", 1.0),
        ("90 s", 1.0),
        ("90s", 1.0),
        ("90.0 seconds", 1.0),
        ("1.5 min", 1.0),
        ("1.5 minutes", 1.0),
        ("It takes 90 s.", 1.0),
        ("30 + 60 = 90", 0.5),
        ("First 30 s for one, then 60 s for the other, together 90 s", 0.5),
        ("90 MB", 0.0),  # another kind of unit
        ("1.5", 0.0),
        ("91", 0.0),
        ("-90", 0.0),
        ("30, 60, 90", 0.0),  # several numbers and no working
        ("ninety", 0.0),
        ("p90", 0.0),
    ],
)
def test_number(answer, worth):
    assert value("number", {"answer": 90, "unit": "s"}, answer) == worth


def test_number_without_unit_tolerance_and_thousands():
    assert value("number", {"answer": 1200}, "1,200 requests") == 1.0
    assert value("number", {"answer": 0.333, "tolerance": 0.01}, "0.33") == 1.0
    assert value("number", {"answer": 5, "unit": "%"}, "5%") == 1.0
    assert value("number", {"answer": -4}, "-4") == 1.0


NODES = {"items": ["api", "db"], "universe": ["api", "db", "db-replica", "queue"]}


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("api, db", 1.0),
        ("- db\n- api", 1.0),
        ('["db", "api"]', 1.0),
        ("`db` and `api`.", 1.0),
        ("api", 0.5),
        ("api, db, queue", 0.5),  # one of the two wrong ones
        ("api, db-replica", 0.0),
        ("api, db, db-replica, queue", 0.0),  # all of them
        ("queue", 0.0),
        ("none", 0.0),
        (
            (
                "api and db, because when we look at it from every side there is nothing else that could"
                " possibly matter here"
            ),
            0.5,
        ),
    ],
)
def test_set(answer, worth):
    assert value("set", NODES, answer) == worth


@pytest.mark.parametrize(
    ("answer", "worth"),
    [("none", 1.0), ("None.", 1.0), ("api", 0.0), ("I am not sure", 0.0), ("none but api", 0.0)],
)
def test_set_that_is_empty(answer, worth):
    assert value("set", {"items": [], "universe": ["api", "db"]}, answer) == worth


@pytest.mark.parametrize(
    ("answer", "worth"),
    [("Ada, Bo", 1.0), ("1. Bo\n2. ada", 1.0), ("Ada", 0.5), ("Ada, Bo, Cy", 0.5), ("Cy, Di", 0.0)],
)
def test_set_without_a_universe(answer, worth):
    assert value("set", {"items": ["Ada", "Bo"]}, answer) == worth


STEPS = {"items": ["build", "test", "ship"], "universe": ["build", "test", "ship", "build_docs"]}


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("build, test, ship", 1.0),
        ("build -> test -> ship", 1.0),
        ("1. build\n2. test\n3. ship", 1.0),
        ("build, ship, test", 0.1667),  # 2 of 3 pairs in order
        ("build, test", 0.0),  # 1 of 3
        ("ship, test, build", 0.0),
        ("build, test, ship, build", 0.0),
        ("build, test, ship, build_docs", 0.0),
        ("nothing", 0.0),
        (
            (
                "Well, as far as I can see it you first have to build, and then you can test, and at last you"
                " ship"
            ),
            0.5,
        ),
    ],
)
def test_order(answer, worth):
    assert value("order", STEPS, answer) == worth


def test_order_takes_any_order_that_keeps_the_constraints():
    target = {"items": ["a", "b", "c"], "before": [["a", "b"], ["a", "c"]]}
    assert value("order", target, "a, c, b") == 1.0
    assert value("order", target, "b, a, c") == 0.0


DEPLOY = {
    "calls": [
        {
            "name": "deploy",
            "arguments": {
                "service": ["api"],
                "replicas": [3],
                "dry_run": [False],
                "tags": [["a", "b"], ["b", "a"]],
            },
            "optional": ["dry_run"],
        }
    ]
}
RIGHT = {"service": "api", "replicas": 3, "dry_run": False, "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("name", "arguments", "worth"),
    [
        ("deploy", RIGHT, 1.0),
        ("deploy", {k: v for k, v in RIGHT.items() if k != "dry_run"}, 1.0),  # optional
        ("deploy", RIGHT | {"tags": ["b", "a"]}, 1.0),
        ("deploy", RIGHT | {"service": " api "}, 1.0),
        ("deploy", RIGHT | {"replicas": "3"}, 0.625),  # the wrong type: 3 of 4
        ("deploy", RIGHT | {"replicas": True}, 0.625),
        ("deploy", RIGHT | {"dry_run": 0}, 0.625),
        ("deploy", RIGHT | {"dry_run": True}, 0.625),
        ("deploy", RIGHT | {"invented": 1}, 0.65),  # 4 of 5
        ("deploy", {"replicas": 3, "tags": ["a", "b"]}, 0.5833),  # 2 of 3
        ("deploy", {}, 0.25),
        ("undeploy", RIGHT, 0.0),
    ],
)
def test_call(name, arguments, worth):
    assert value("call", DEPLOY, call((name, arguments))) == worth


def test_call_in_words_is_no_call():
    assert value("call", DEPLOY, 'deploy(service="api", replicas=3)') == 0.0


TWO = {"calls": [{"name": "stop", "arguments": {"job": [1]}}, {"name": "stop", "arguments": {"job": [2]}}]}


@pytest.mark.parametrize(
    ("jobs", "worth"),
    [
        ([1, 2], 1.0),
        ([2, 1], 1.0),
        ([1], 0.5),
        ([1, 1], 0.625),
        ([1, 2, 3], 0.6667),
        ([3, 1, 2], 0.6667),
        (range(9), 0.0),
    ],
)
def test_parallel_calls(jobs, worth):
    assert value("call", TWO, call(*(("stop", {"job": job}) for job in jobs))) == worth


def test_parallel_calls_whose_order_matters():
    assert value("call", TWO | {"ordered": True}, call(("stop", {"job": 2}), ("stop", {"job": 1}))) == 0.25


def test_nested_arguments_are_compared_in_type_and_value():
    target = {"calls": [{"name": "f", "arguments": {"o": [{"a": 1, "b": {"c": ["x", 2.0]}}]}}]}
    assert value("call", target, call(("f", {"o": {"b": {"c": ["x", 2]}, "a": 1}}))) == 1.0
    assert value("call", target, call(("f", {"o": {"a": 1, "b": {"c": ["x", "2"]}}}))) == 0.25
    assert value("call", target, call(("f", {"o": {"a": 1, "b": {"c": ["x", 2], "d": None}}}))) == 0.25


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("no_call", 1.0),
        ("`no_call`.", 1.0),
        ("None of the tools can do that.", 0.5),
        ("There is no suitable tool for it.", 0.5),
        ("I am sorry, I cannot help with that.", 0.0),
        ("Done!", 0.0),
        (call(("stop", {"job": 1})), 0.0),
        ("", 0.0),
    ],
)
def test_no_call(answer, worth):
    assert value("no_call", {"calls": []}, answer) == worth
    assert value("call", {"calls": []}, answer) == worth


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("Which region should I use?", 1.0),
        ("Please tell me the region.", 1.0),
        ("What `region` is the volume of 5 GB in?", 1.0),
        ("The region is missing.", 0.5),
        ("Which region and size should I use?", 0.0),
        ("I need: size, region. Which?", 0.0),
        ("Could you tell me more?", 0.0),
        ("Which size?", 0.0),
        (call(("create", {"region": "eu"})), 0.0),
        ("", 0.0),
    ],
)
def test_ask(answer, worth):
    assert value("ask", {"mention": ["region"], "others": ["size"]}, answer) == worth


FACTS = {"required": [["postgres", "PostgreSQL"], "5432"], "forbidden": ["mysql"], "max_words": 8}


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("PostgreSQL on port 5432.", 1.0),
        ("Postgres.", 0.5),
        ("Port 54321", 0.0),
        ("postgres 5432, and mysql", 0.0),
        ("postgres 5432 " + "word " * 14, 0.5),  # 16 words where 8 are allowed
    ],
)
def test_facts(answer, worth):
    assert value("facts", FACTS, answer) == worth


@pytest.mark.parametrize(("words", "worth"), [(4, 1.0), (8, 0.5), (12, 0.0), (40, 0.0)])
def test_budget_falls_to_nothing_at_three_times_the_words(words, worth):
    assert value("budget", {"required": ["5432"], "max_words": 4}, "5432" + " word" * (words - 1)) == worth


def test_a_tool_called_where_text_was_asked_for_is_worth_nothing():
    assert value("label", HANDLERS, call(("route", {"to": "shipping"}), content="shipping")) == 0.0


def test_the_judge_decides_where_no_rule_can_and_the_checks_stand_in_for_it():
    judged = item("judge", {"checks": {"required": ["cache"]}, "rubric": ["names the cache"]})
    assert (
        score(
            judged,
            {"content": "The cache."},
            judge=lambda item, message: Score(value=0.25, explanation="meagre"),
        ).value
        == 0.25
    )
    assert score(judged, {"content": "The cache."}).value == 1.0
    assert score(judged, {"content": "The queue."}).value == 0.0
    assert score(judged, {"content": ""}, judge=lambda item, message: Score(value=1.0)).value == 0.0


def test_a_score_says_what_was_answered_and_why_it_is_worth_what_it_is():
    result = score(item("label", HANDLERS), {"content": "billing", "tool_calls": None})
    assert (result.value, result.answer, result.explanation) == (
        0.0,
        "billing",
        "billing instead of shipping",
    )
    assert (
        score(item("call", DEPLOY), call(("deploy", RIGHT | {"replicas": 4}))).explanation
        == "replicas is wrong"
    )


def test_every_rule_has_its_credit_in_its_docstring():
    assert all(
        rule.__doc__
        and (
            "1.0" in rule.__doc__
            or "share" in rule.__doc__
            or "Recall" in rule.__doc__
            or "facts" in rule.__doc__
        )
        for rule in RULES.values()
    )
