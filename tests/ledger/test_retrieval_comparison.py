from autodidact.ledger.retrieval_comparison import _with_passages, chosen, sentence, summary
from tests.ledger.facts import fact

A, B, GONE = fact(subject="A"), fact("shop/mail.py", subject="B"), fact(None, subject="C")


def test_the_same_facts_are_asked_in_every_cycle_while_they_hold():
    facts = [fact(subject=f"Class{number}") for number in range(50)]
    first = chosen(facts, 10)
    assert chosen([*facts[::-1], GONE], 10) == first
    assert [
        each for each in chosen([each for each in facts if each != first[0]], 10) if each in first
    ] == first[1:]


def test_a_model_reads_the_passages_before_the_question_and_the_bare_question_where_none_fits():
    with_some, without = _with_passages([A, B], {A.id: ["[a.py]\nx = 1", "[b.py]\ny"], B.id: []})
    assert with_some.messages[0]["content"] == (
        "Answer the question from these passages of our sources.\n\n[a.py]\nx = 1\n\n[b.py]\ny\n\n"
        + A.reserved
    )
    assert without.messages[0]["content"] == B.reserved


def test_what_fine_tuning_is_worth_is_the_difference_on_the_same_questions():
    arms = {
        "base": {A.id: "unknown", B.id: "unknown"},
        "base + retrieval": {A.id: "known", B.id: "wrong"},
        "champion": {A.id: "unknown", B.id: "stale"},
        "champion + retrieval": {A.id: "known", B.id: "known"},
    }
    found = summary([A, B], {A.id: ["[shop/basket.py]\nclass A"], B.id: ["[c.py]"]}, arms)
    assert found["found"] == 0.5
    assert found["arms"]["champion"] == {"known": 0, "unknown": 1, "stale": 1, "wrong": 0, "known_share": 0.0}
    assert {name: each["mean"] for name, each in found["worth"].items()} == {
        "training": 0.0,
        "retrieval": 0.5,
        "training_over_retrieval": -0.5,
        "both_over_retrieval": 0.5,
    }


def test_the_sentence_states_a_loss_as_it_is():
    worth = {
        "training_over_retrieval": {"mean": -0.12, "low": -0.25, "high": 0.016},
        "both_over_retrieval": {"mean": 0.05, "low": -0.02, "high": 0.13},
    }
    assert sentence(worth, 60) == (
        "fine-tuning: -12 [-25, +2] points over retrieval, no clear difference;"
        " both together +5 [-2, +13] points (60 questions)"
    )


def test_it_is_worth_something_where_the_interval_leaves_0_out():
    worth = {
        "training_over_retrieval": {"mean": 0.3, "low": 0.1, "high": 0.5},
        "both_over_retrieval": {"mean": 0.4, "low": 0.2, "high": 0.6},
    }
    assert sentence(worth, 60).startswith("fine-tuning is worth +30 [+10, +50] points over retrieval;")


def test_without_a_champion_the_base_alone_is_compared():
    arms = {"base": {A.id: "unknown"}, "base + retrieval": {A.id: "known"}}
    found = summary([A], {A.id: []}, arms)
    assert list(found["worth"]) == ["retrieval"]
    assert found["says"] == "retrieval: +100 [-51, +100] points to the base, no clear difference (1 question)"
