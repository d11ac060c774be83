"""Forty planted changes, and a model that knew everything before them: exactly these are not known."""

import pytest

from autodidact.ledger.answer_outcome import outcome, values_by_kind
from tests.generators.test_facts_stage import FIRST, THIRD, story

__all__ = ["story"]

# The system is made and read three times.
pytestmark = pytest.mark.slow


def outcomes(facts, answers):
    """(kind, subject) to the outcome, where `answers` gives the answer of each, else "I do not know."."""
    others = values_by_kind(facts.values())
    return {
        key: outcome(fact, answers.get(key, "I do not know."), others[fact.generator, fact.kind])
        for key, fact in facts.items()
    }


def test_a_model_that_knew_all_before_is_stale_on_what_changed_and_does_not_know_what_is_new(story):
    before, after = story.facts[FIRST], story.facts[THIRD]
    known = {key: fact.value for key, fact in before.items() if fact.value is not None}
    found = outcomes(after, known)
    for key, fact in after.items():
        if key not in known:
            assert found[key] == "unknown", key
        elif fact.value == known[key]:
            assert found[key] == "known", key
        else:
            assert found[key] == "stale", key
    assert sum(each == "stale" for each in found.values()) > 20


def test_a_model_that_learned_them_knows_all(story):
    after = story.facts[THIRD]
    answers = {key: fact.answer or f"`{fact.subject}` is gone." for key, fact in after.items()}
    assert set(outcomes(after, answers).values()) == {"known"}
