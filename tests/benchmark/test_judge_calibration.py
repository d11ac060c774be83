"""How far a judge can be trusted: the labelled set, kappa and its interval, and what becomes of a judge below
the floor.
"""

import json
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.benchmark import judge, judge_calibration, measure_model
from autodidact.benchmark.item_family import LEVELS
from autodidact.benchmark.items import block
from autodidact.benchmark.scorers import checks
from autodidact.errors import AutodidactError
from autodidact.records import ItemResult, Score
from autodidact.settings import load_settings
from autodidact.store import Store

WORTH = {"correct": 1.0, "partial": 0.5, "wrong": 0.0}


def oracle(answers, wrong=0.0, missing=0.0):
    """A judge that says what the person said, but guesses at a share of the answers."""
    said = {(each.item.id, each.answer): each.label for each in answers}

    def decide(item, message):
        rng = random.Random(message["content"])  # not one for all: threads ask in any order
        if rng.random() < missing:
            return Score(value=None, missing="cannot be read")
        label = said[item.id, message["content"]]
        return Score(value=WORTH[rng.choice(list(WORTH)) if rng.random() < wrong else label])

    return decide


def test_the_set_has_answers_of_each_level_to_every_family_that_a_judge_scores():
    answers = judge_calibration.labelled()
    judged = {(item.category, item.family) for item in block(0) if item.scorer == "judge"}
    assert len(answers) == len({(each.item.id, each.answer) for each in answers}) == 147
    assert {(each.item.category, each.item.family) for each in answers} == judged and len(
        {category for category, _ in judged}
    ) == 4
    assert all(count >= 40 for count in Counter(each.label for each in answers).values())
    assert {each.label for each in answers} == set(judge_calibration.LEVELS) and {
        each.item.level for each in answers
    } == set(LEVELS)
    for family in {family for _, family in judged}:
        assert len([each for each in answers if each.item.family == family]) >= 20


def test_no_labelled_question_is_a_scored_one():
    asked = {each.item.messages[0]["content"] for each in judge_calibration.labelled()}
    scored = [
        item
        for level in LEVELS
        for k in range(5)
        for item in block(k, level=level, week="2026-W48", salt="x")
    ]
    assert len(asked) == 42 and not [item.id for item in scored if item.messages[-1]["content"] in asked]


def test_references_pass_their_checks_and_most_answers_reach_the_judge():
    answers = judge_calibration.labelled()
    assert all(checks(each.item.target, each.item.reference)[0] == 1.0 for each in answers)
    reached = [each for each in answers if checks(each.item.target, {"content": each.answer})[0] > 0]
    assert len(reached) >= 140
    assert all(
        checks(each.item.target, {"content": each.answer})[0] == 1.0
        for each in answers
        if each.label == "correct"
    )


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0.0, "wrong"),
        (0.24, "wrong"),
        (0.25, "partial"),
        (0.7, "partial"),
        (0.75, "correct"),
        (1.0, "correct"),
    ],
)
def test_a_score_is_of_the_level_it_is_nearest_to(value, level):
    assert judge_calibration.level_of(value) == level


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=60))
def test_kappa_is_cohens_with_linear_weights(pairs):
    from sklearn.metrics import cohen_kappa_score

    table = judge_calibration._table([(None, wanted, given) for wanted, given in pairs])
    if len({value for pair in pairs for value in pair}) > 1:
        other = cohen_kappa_score(*zip(*pairs, strict=True), labels=[0, 1, 2], weights="linear")
        assert judge_calibration._kappa(table) == pytest.approx(other)
    else:
        assert judge_calibration._kappa(table) == 1.0


def test_a_judge_that_agrees_a_judge_that_guesses_and_one_that_says_yes_to_all():
    answers = judge_calibration.labelled()
    perfect = judge_calibration.calibrate(oracle(answers), answers)
    assert (
        perfect["kappa"],
        perfect["low"],
        perfect["high"],
        perfect["agreement"],
        perfect["disagreements"],
    ) == (1.0, 1.0, 1.0, 1.0, [])
    good = judge_calibration.calibrate(oracle(answers, wrong=0.15), answers)
    assert 0.6 < good["low"] < good["kappa"] < good["high"] < 1.0 and judge_calibration.trusted(good, 0.6)
    guessing = judge_calibration.calibrate(oracle(answers, wrong=1.0), answers)
    assert guessing["low"] < 0 < guessing["high"] and not judge_calibration.trusted(guessing, 0.6)
    yes = judge_calibration.calibrate(lambda item, message: Score(value=1.0), answers)
    assert yes["kappa"] == 0.0 and yes["confusion"]["wrong"] == {"wrong": 0, "partial": 0, "correct": 53}


def test_a_judge_that_can_seldom_be_read_is_not_trusted_on_the_rest():
    answers = judge_calibration.labelled()
    found = judge_calibration.calibrate(oracle(answers, missing=0.3), answers)
    assert (
        found["kappa"] == 1.0
        and found["missing"] + found["n"] == 147
        and not judge_calibration.trusted(found, 0.6)
    )
    with pytest.raises(
        AutodidactError, match="No verdict of the judge can be read: cannot be read. Choose a model"
    ):
        judge_calibration.calibrate(oracle(answers, missing=1.0), answers)


def test_equal_judges_have_equal_intervals():
    answers = judge_calibration.labelled()
    assert judge_calibration.calibrate(oracle(answers, wrong=0.3), answers) == judge_calibration.calibrate(
        oracle(answers, wrong=0.3), answers
    )


def test_the_embedded_judge_is_charted_and_does_not_count_at_the_floor_that_ships(tmp_path):
    checked = judge.check(load_settings(environ={}), Store(tmp_path))
    assert checked == {
        "kappa": 0.137,
        "low": 0.082,
        "high": 0.195,
        "n": 147,
        "floor": 0.6,
        "counted": False,
        "warning": None,
    }
    assert judge_calibration.set_digest().startswith(judge.EMBEDDED_KAPPA["set"])
    low = load_settings(overrides={"judge.floor": 0.1}, environ={})
    assert judge.check(low, Store(tmp_path))["counted"] is True
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_figures_of_the_embedded_judge_are_those_it_reaches():
    found = judge_calibration.calibrate(judge.EmbeddedJudge())
    assert {name: round(found[name], 3) for name in ("kappa", "low", "high")} == {
        name: judge.EMBEDDED_KAPPA[name] for name in ("kappa", "low", "high")
    }


def test_a_judge_model_is_measured_once_a_store(serve, tmp_path):
    labels = {each.answer: each.label for each in judge_calibration.labelled()}

    def reply(body):
        answer = body["messages"][0]["content"].partition("<answer>\n")[2].partition("\n</answer>")[0]
        return json.dumps({"verdict": labels[answer], "reason": "as a person said"})

    server, said = serve(reply), []
    chosen = load_settings(overrides={"judge.url": server.url, "judge.model": "good-1"}, environ={})
    checked = judge.check(chosen, Store(tmp_path), said.append)
    assert checked["kappa"] > 0.8 and checked["counted"] and len(server.asked) >= 140
    assert said == ["judge: good-1 is asked about 147 answers that were labelled by hand, once"]
    before = len(server.asked)
    assert judge.check(chosen, Store(tmp_path)) == checked and len(server.asked) == before
    other = load_settings(overrides={"judge.url": server.url, "judge.model": "good-2"}, environ={})
    judge.check(other, Store(tmp_path))
    assert len(server.asked) == 2 * before


def test_a_judge_model_below_the_floor_is_said_and_charted(serve, tmp_path):
    server, said = serve('{"verdict": "correct", "reason": "all is well"}'), []
    chosen = load_settings(overrides={"judge.url": server.url, "judge.model": "yes"}, environ={})
    assert judge.check(chosen, Store(tmp_path), said.append)["counted"] is False
    assert said[-1].startswith("judge: kappa 0.") and said[-1].endswith(
        "of yes is below judge.floor = 0.6: its items are charted, not counted"
    )


def test_items_that_do_not_count_are_in_no_mean():
    def item(family, score, counted=True):
        return ItemResult(
            id=f"tool_use/{family}/0", category="tool_use", family=family, score=score, counted=counted
        )

    scores = measure_model.by_category(
        [item("a", 1.0), item("b", 0.0), item("c", 1.0, False), item("d", 1.0, False)]
    )
    assert (scores["tool_use"].score, scores["tool_use"].n, scores["tool_use"].missing) == (0.5, 2, 0)


@pytest.mark.parametrize(
    ("judged", "taught", "warned"),
    [
        ("Qwen/Qwen3-32B", "qwen2.5-72b-instruct", True),
        ("o3-mini", "gpt-4o", True),
        ("claude-sonnet-4", "gpt-4o", False),
        ("mistral-large", "Mixtral-8x22B", True),
        ("meta-llama/Llama-3.3-70B", None, False),
    ],
)
def test_a_judge_of_the_teachers_family_is_warned_of(judged, taught, warned):
    given = {"judge.url": "http://j/v1", "judge.model": judged} | (
        {"teacher.url": "http://t/v1", "teacher.model": taught} if taught else {}
    )
    warning = judge.same_family(load_settings(overrides=given, environ={}))
    assert (warning is not None) is warned
    if warned:
        assert (
            warning
            == f"the judge {judged} is of the same family as the teacher {taught} and may prefer its wording;"
            " choose another judge.model"
        )
