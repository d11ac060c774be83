from collections import Counter
from datetime import datetime

from autodidact.knowledge.sample_facts_to_ask import choose
from tests.ledger.facts import fact

NOW = datetime.fromisoformat("2026-11-23T12:00:00Z")
OLD, NEW = "2025-01-01T00:00:00Z", "2026-11-20T00:00:00Z"


def kinds(**numbers):
    """So many facts of each kind, old ones."""
    return [
        fact(kind=kind, subject=f"{kind}{k}", since=OLD)
        for kind, number in numbers.items()
        for k in range(number)
    ]


def counted(choice):
    return Counter(choice.strata[each.id] for each in choice.asked)


def chosen(facts, cycle="2026-11-23T1200Z", questions=20, again=()):
    return choose(facts, cycle_id=cycle, now=NOW, questions=questions, again=again)


def test_all_that_changed_is_asked_and_the_rest_by_the_sizes_of_the_kinds():
    changed = [fact(subject=f"new{k}", since=NEW) for k in range(5)]
    found = chosen([*kinds(defined_in=60, port=40), *changed])
    assert counted(found) == {"changed": 5, "ast_parser/defined_in": 9, "ast_parser/port": 6}
    assert Counter(found.strata.values()) == {
        "changed": 5,
        "ast_parser/defined_in": 60,
        "ast_parser/port": 40,
    }


def test_kinds_too_small_for_two_questions_make_one_stratum():
    found = chosen(kinds(defined_in=90, port=3, goal=4, tool=3))
    assert counted(found) == {"ast_parser/defined_in": 18, "small kinds": 2}


def test_too_many_changes_are_sampled_and_leave_the_rest_a_quarter():
    changed = [fact(subject=f"new{k}", since=NEW) for k in range(50)]
    assert counted(chosen([*changed, *kinds(port=50)])) == {"changed": 15, "ast_parser/port": 5}
    assert counted(chosen(changed)) == {"changed": 20}


def test_what_was_stale_is_asked_again_and_what_is_gone_for_thirty_days():
    gone = [fact(None, subject="gone", until=NEW), fact(None, subject="long gone", until=OLD)]
    old = kinds(port=40)
    found = chosen([*gone, *old], again={old[7].id})
    assert [each.subject for each in found.asked[:2]] == ["port7", "gone"]
    assert counted(found) == {"stale before": 1, "gone": 1, "ast_parser/port": 18}
    assert "long gone" not in {each.subject for each in found.asked}
    assert gone[1].id in chosen(gone, again={gone[1].id}).strata


def test_the_same_cycle_chooses_the_same_and_another_one_others():
    facts = kinds(port=500)
    first, again = (chosen(facts).asked for _ in range(2))
    other = chosen(facts[::-1], cycle="2026-11-24T0000Z").asked
    assert [each.id for each in first] == [each.id for each in again]
    assert len({each.id for each in first} & {each.id for each in other}) < 5
    assert chosen(facts[::-1]).asked == first


def test_a_fact_whose_time_is_not_known_has_not_just_changed():
    assert counted(chosen([fact()])) == {"ast_parser/defined_in": 1}


def test_no_questions_and_no_facts_are_no_error():
    assert chosen(kinds(port=3), questions=0).asked == []
    assert chosen([]).asked == []
