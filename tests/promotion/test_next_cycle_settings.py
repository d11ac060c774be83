import pytest

from autodidact.promotion.next_cycle_settings import LEVERS, lever, quotas, steer
from autodidact.records import Rule, Verdict
from autodidact.settings import load_settings


def settings_of(**more):
    return load_settings(
        "production", {key.replace("__", "."): value for key, value in more.items()}, environ={}
    )


SETTINGS = settings_of()
LOST = Verdict(
    outcome="reject",
    p_better=0.4,
    rules=[Rule(name="guard.tool_use", value=-0.3, threshold=-0.15, passed=False)],
)
WORSE = Verdict(outcome="reject", p_better=0.01)
COLLAPSED = Verdict(outcome="reject", p_better=0.01, alarms=["collapse"])
BELOW = Verdict(
    outcome="reject", p_better=0.5, rules=[Rule(name="overall_floor", value=0.6, threshold=0.7, passed=False)]
)
PUBLISHED = Verdict(outcome="reject", p_better=0.5, alarms=["trained_on_block_0"])


@pytest.mark.parametrize(
    "judged, name, before, after, why",
    [
        (LOST, "training.anchors", 0.15, 0.25, "lost in tool_use"),
        (WORSE, "training.anchors", 0.15, 0.25, "is worse than the champion in 99% of resamples"),
        (COLLAPSED, "training.learning_rate", 2e-4, 1e-4, "collapsed"),
        (BELOW, "training.epochs", 3.0, 4.5, "stayed below the floor in overall"),
        (Verdict(outcome="reject", p_better=0.5), "training.epochs", 3.0, 4.5, "is not better"),
    ],
)
def test_each_cause_of_a_rejection_has_its_first_lever(judged, name, before, after, why):
    pulled = lever(judged, SETTINGS, None)
    assert (pulled["name"], pulled["from"], pulled["to"], pulled["why"]) == (
        name,
        before,
        after,
        f"rejected: it {why}",
    )


def test_no_lever_helps_against_training_on_the_published_items():
    assert lever(PUBLISHED, SETTINGS, None) is None


def below(name, **also):
    return Rule(name=name, value=0.2, threshold=0.7, passed=False, **also)


NOT_HIGHER = Rule(name="higher_overall", value=0.2, threshold=0.3, passed=False)
BEYOND = {"base": 0.25, "configured": 0.7}


@pytest.mark.parametrize(
    "rules, why",
    [
        ([below("overall_floor", **BEYOND)], None),
        ([below("overall_floor", **BEYOND), below("category_floor.tool_use", **BEYOND)], None),
        (
            [below("overall_floor", **BEYOND), below("category_floor.tool_use")],
            "stayed below the floor in tool_use",
        ),
        ([below("overall_floor", **BEYOND), NOT_HIGHER], "is not better"),
    ],
)
def test_no_lever_is_moved_because_of_a_floor_that_the_base_misses(rules, why):
    pulled = lever(Verdict(outcome="reject", p_better=0.5, rules=rules), SETTINGS, None)
    assert (pulled and pulled["why"]) == (why and f"rejected: it {why}")


@pytest.mark.parametrize("outcome", ["promote", "undecided", "not_comparable"])
def test_without_a_rejection_the_lever_in_force_stays(outcome):
    assert lever(Verdict(outcome=outcome), SETTINGS, None) is None
    pulled = lever(LOST, SETTINGS, None)
    assert lever(Verdict(outcome=outcome), SETTINGS, pulled | {"applied": True}) == pulled


def test_rejected_again_for_the_same_reason_the_next_lever_takes_the_place_of_the_last():
    pulled, seen, steered = None, [], SETTINGS
    for _ in range(5):
        pulled = lever(LOST, steered, pulled)
        steered, pulled = steer(SETTINGS, {"lever": pulled})
        seen.append((pulled["name"].partition(".")[2], pulled["from"], pulled["to"]))
        plain = SETTINGS.training.model_dump()
        assert {key for key, value in steered.training.model_dump().items() if value != plain[key]} == {
            seen[-1][0]
        }
    assert seen == [
        ("anchors", 0.15, 0.25),
        ("anchors", 0.15, 0.35),
        ("learning_rate", 2e-4, 1e-4),
        ("learning_rate", 2e-4, 5e-5),
        ("learning_rate", 2e-4, 5e-5),
    ]


def test_what_the_user_set_wins_and_the_record_says_so():
    mine = settings_of(training__anchors=0.2)
    steered, told = steer(mine, {"lever": lever(LOST, mine, None)})
    assert steered.training.anchors == 0.2
    assert (told["applied"], told["to"], told["held"]) == (False, 0.3, 0.2)
    assert lever(LOST, mine, told)["name"] == "training.learning_rate"  # the one that is free


def test_a_lever_out_of_range_changes_nothing():
    steered, _ = steer(
        SETTINGS,
        {"lever": {"name": "training.epochs", "from": 3, "to": -1, "why": "", "cause": "", "step": 0}},
    )
    assert steered.training.epochs is None


def test_feedback_off_changes_nothing():
    off = settings_of(feedback=False)
    assert steer(off, {"lever": lever(LOST, SETTINGS, None), "quotas": {"tool_spec": 0.9}}) == (off, None)


def test_a_feedback_can_move_three_settings_and_no_other():
    assert {"training.learning_rate", "training.epochs", "training.anchors"} == LEVERS
    other = {"name": "deploy.command", "from": None, "to": "rm", "why": "", "cause": "", "step": 0}
    assert steer(SETTINGS, {"lever": other}) == (SETTINGS, None)


TAUGHT = {
    "generators_by_category": {
        "tool_use": {"tool_spec": 100},
        "reasoning": {"ast_parser": 50},
        "architecture": {"ast_parser": 50},
    }
}


def test_who_teaches_what_is_known_gives_way_by_a_tenth_and_comes_back():
    deficits = {"tool_use": 0.1, "reasoning": 0.5, "architecture": 0.6}
    assert quotas(deficits, TAUGHT, {}) == {"tool_spec": 0.9}
    assert quotas(deficits, TAUGHT, {"tool_spec": 0.9}) == {"tool_spec": 0.8}
    assert quotas(deficits, TAUGHT, {"tool_spec": 0.52}) == {"tool_spec": 0.5}
    assert quotas({"tool_use": 0.9, "reasoning": 0.5, "architecture": 0.6}, TAUGHT, {"tool_spec": 0.95}) == {
        "ast_parser": 0.9
    }
    assert quotas({}, TAUGHT, {"tool_spec": 0.9}) == {"tool_spec": 0.9}


def test_quotas_are_settings_of_the_next_gate_unless_the_user_gave_some():
    assert steer(SETTINGS, {"quotas": {"tool_spec": 0.9}})[0].gate.quotas == {"tool_spec": 0.9}
    mine = settings_of(gate__quotas={"ast_parser": 0.6})
    assert steer(mine, {"quotas": {"tool_spec": 0.9}})[0].gate.quotas == {"ast_parser": 0.6}
