"""What the ledger of the cycle before says the model does not know is taught first."""

import pytest

from autodidact.benchmark import knowledge_probe
from autodidact.generators.writing.probe_questions import ProbeFact, Wordings, question_about
from autodidact.generators.writing.unknown_facts_first import contrasts, steer
from autodidact.knowledge.fact import fact_id
from autodidact.knowledge.teaching_priorities import Steered, steered
from autodidact.ledger.answer_outcome import outcome
from autodidact.promotion.statistics import probe_pairs
from autodidact.records import ItemResult, sha256
from autodidact.store import Store
from tests.ledger.facts import fact
from tests.promotion.test_evidence_rule import report

WORDINGS = {
    "port": Wordings(
        ("Which port does `{}` listen on?", "Port of `{}`?", "Where is `{}`?", "`{}` listens where?"),
        "On what port is `{}` reached?",
        "`{}` listens on port {}.",
    )
}
SOURCE = {"kind": "document", "ref": "compose.yaml:3"}
FACTS = [ProbeFact("port", f"s{k}", str(8000 + k), [str(8000 + k)], SOURCE, fresh=k < 6) for k in range(20)]
ASKED = [question_about("docs", each, WORDINGS["port"], []) for each in FACTS[:8]]


def port(number, **fields):
    return fact(str(8000 + number), kind="port", subject=f"s{number}", generator="docs", **fields)


def unknown(number, weight=0.5):
    return {fact_id("docs", "port", f"s{number}"): Steered(weight, False, port(number))}


def stale(number, **fields):
    past = {"earlier": [("25", "2026-11-20T00:00:00Z")], "since": "2026-11-20T00:00:00Z"} | fields
    return {fact_id("docs", "port", f"s{number}"): Steered(2.5, True, port(number, **past))}


def subjects(questions):
    return [question.subject for question in questions]


def test_the_heaviest_take_a_quarter_of_the_questions_of_their_kind():
    known = unknown(10, 0.1) | unknown(11, 0.9) | unknown(12, 0.5)
    found = steer("docs", ASKED, FACTS, WORDINGS, known)
    assert subjects(found) == ["s0", "s1", "s2", "s3", "s6", "s7", "s11", "s12"]
    assert [knowledge_probe.is_steered(question) for question in found] == [False] * 6 + [True] * 2


def test_without_a_ledger_and_without_its_facts_the_questions_stay_byte_for_byte():
    for known in ({}, unknown(3), unknown(99)):
        found = steer("docs", ASKED, FACTS, WORDINGS, known)
        assert [each.model_dump_json() for each in found] == [each.model_dump_json() for each in ASKED]


def test_a_stale_fact_is_taught_with_what_changed_in_both_registers():
    found = steer("docs", ASKED[:2], FACTS, WORDINGS, stale(1))
    rows = {
        register: [
            (row.messages[0]["content"], row.messages[1]["content"])
            for row in contrasts(found, WORDINGS, stale(1), "architecture", register)
        ]
        for register in ("drill", "full")
    }
    assert rows["drill"] == [
        ("Which port does `s1` listen on? It was 25.", "No longer 25; since 2026-11-20 8001."),
        ("Port of `s1`? It was 25.", "No longer 25; since 2026-11-20 8001."),
    ]
    assert rows["full"][0] == (
        "Which port does `s1` listen on? It was 25.",
        "That changed on 2026-11-20: no longer 25. `s1` listens on port 8001.",
    )


def test_a_stale_fact_that_has_changed_again_is_not_contrasted():
    changed = {
        key: Steered(2.0, True, found.fact.model_copy(update={"value": "9"}))
        for key, found in stale(1).items()
    }
    found = steer("docs", ASKED[:2], FACTS, WORDINGS, changed)
    assert list(contrasts(found, WORDINGS, changed, "architecture", "drill")) == []


def test_a_stale_subject_that_is_gone_is_taught_to_be_gone():
    gone = fact(
        None,
        kind="port",
        subject="old",
        generator="docs",
        until="2026-11-21T08:00:00Z",
        earlier=[("25", "2026-11-21T08:00:00Z")],
    )
    said = {}
    for register in ("drill", "full"):
        (first, _) = contrasts([], WORDINGS, {gone.id: Steered(2.0, True, gone)}, "architecture", register)
        question, said[register] = (message["content"] for message in first.messages)
        assert question == "Which port does `old` listen on?"
        assert outcome(gone, said[register], ["26", "8025"]) == "known"
    # A tiny model that learns to begin with the name begins all its answers so.
    assert said == {
        "drill": "Gone since 2026-11-21; before: 25.",
        "full": "`old` is gone since 2026-11-21; before, it was 25.",
    }


def test_subjects_that_are_gone_take_no_more_than_their_share():
    gone = [
        fact(None, kind="port", subject=f"s{n}", generator="docs", earlier=[("25", "2026-11-21T08:00:00Z")])
        for n in range(9)
    ]
    steers = {each.id: Steered(6.0 + n, True, each) for n, each in enumerate(gone)}
    for questions, most in ((8, 1), (40, 2)):
        rows = contrasts(ASKED[:1] * questions, WORDINGS, steers, "architecture", "drill")
        assert {row.model_extra["probe"] for row in rows} == {each.id for each in gone[::-1][:most]}


def test_a_question_that_was_chosen_because_the_champion_fails_it_is_no_evidence():
    found = steer("docs", ASKED, FACTS, WORDINGS, unknown(10))
    items = [ItemResult(id=question.id, category="probe", family="port", score=1.0) for question in found]
    marked = knowledge_probe.marked(items, found)
    mine = report(lambda *place: 0.5).model_copy(update={"probe_items": marked})
    assert len(probe_pairs(mine, mine)) == 7
    summary = knowledge_probe.summary(marked, found)
    assert (summary.n, summary.model_extra["steered"]) == (7, {"score": 1.0, "n": 1})


def test_a_stale_answer_is_worth_as_little_as_none():
    question = ASKED[1]
    assert [knowledge_probe.score_question(question, text).value for text in ("25", "", "8001")] == [0, 0, 1]


@pytest.mark.parametrize("digest", ["right", "wrong"])
def test_what_is_steered_is_read_from_the_facts_that_were_frozen(tmp_path, digest):
    store, facts = Store(tmp_path), [port(1), port(2)]
    output = store.write_jsonl("shop/cycles/c1/knowledge/facts.jsonl", facts)
    frozen = {
        "cycle_id": "c1",
        "facts": output.sha256 if digest == "right" else sha256("another file"),
        "weights": {facts[0].id: 2.5},
        "stale": [facts[0].id],
    }
    expected = {facts[0].id: Steered(2.5, True, facts[0])} if digest == "right" else {}
    assert steered(store, "shop", frozen, "docs") == expected
    assert steered(store, "shop", {}, "docs") == steered(store, "shop", frozen, "other") == {}
