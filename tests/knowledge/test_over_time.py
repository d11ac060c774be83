"""Facts from cycle to cycle: since when, until when, what was before."""

from datetime import datetime, timezone

from autodidact.knowledge.fact import EarlierValue, Fact, Moment, fact_id
from autodidact.knowledge.facts_over_time import Before, carried, missing, news, recent

MONDAY, TUESDAY, WEDNESDAY = (
    Moment(time=f"2026-11-2{day}T12:00:00Z", cycle=f"2026-11-2{day}T1200Z") for day in (3, 4, 5)
)


def port(value: str | None, service: str = "mail", **more) -> Fact:
    """A fact as a generator reads it."""
    return Fact(
        id=fact_id("architecture_docs", "compose_port", service),
        generator="architecture_docs",
        kind="compose_port",
        subject=service,
        value=value,
        accept=[value] if value else [],
        reserved=f"On what port is `{service}` reached?",
        source={"kind": "document", "ref": "compose.yaml"},
        **more,
    )


def was(value: str, since: Moment | None, until: Moment) -> EarlierValue:
    return EarlierValue(value=value, accept=[value], since=since, until=until)


def before(*facts: Fact) -> Before:
    return Before({fact.id: fact for fact in facts}, frozenset({"architecture_docs"}))


def next_cycle(
    known: Before, at: Moment, *now: Fact, gone: bool = True
) -> tuple[Before, list[Fact], list[Fact]]:
    """(what the cycle wrote down, its facts, those that it set aside)"""
    present = list(carried(now, known, lambda fact, ended: at))
    ids = {fact.id for fact in present}
    ended, aside = missing(ids, known.facts.values(), lambda fact: gone, lambda fact, ended: at)
    return before(*present, *ended, *aside), [*present, *ended], aside


def test_of_the_first_cycle_nobody_knows_since_when():
    known, (fact,), _ = next_cycle(Before(), MONDAY, port("8025"))
    assert (fact.since, fact.earlier) == (None, [])
    _, (later,), _ = next_cycle(known, TUESDAY, port("8025"))
    assert later == fact


def test_a_value_that_changes_and_changes_again():
    known, _, _ = next_cycle(Before(), MONDAY, port("8025"))
    known, _, _ = next_cycle(known, TUESDAY, port("8026"))
    _, (fact,), _ = next_cycle(known, WEDNESDAY, port("8027"))
    assert fact.since == WEDNESDAY
    assert fact.earlier == [was("8025", None, TUESDAY), was("8026", TUESDAY, WEDNESDAY)]


def test_a_value_that_comes_back_is_not_its_own_earlier_value():
    known, _, _ = next_cycle(Before(), MONDAY, port("8025"))
    known, _, _ = next_cycle(known, TUESDAY, port("8026"))
    _, (fact,), _ = next_cycle(known, WEDNESDAY, port("8025"))
    assert (fact.since, fact.earlier) == (WEDNESDAY, [was("8026", TUESDAY, WEDNESDAY)])


def test_a_subject_that_is_gone_stays_gone_and_may_come_back():
    known, _, _ = next_cycle(Before(), MONDAY, port("8025"))
    known, (gone,), _ = next_cycle(known, TUESDAY)
    assert (gone.value, gone.accept, gone.until, gone.earlier) == (
        None,
        [],
        TUESDAY,
        [was("8025", None, TUESDAY)],
    )
    known, (still,), _ = next_cycle(known, WEDNESDAY)
    assert still == gone
    _, (back,), _ = next_cycle(known, WEDNESDAY, port("8030"))
    assert (back.value, back.since, back.until) == ("8030", WEDNESDAY, None)
    assert back.earlier == [was("8025", None, TUESDAY)]


def test_what_has_no_answer_for_a_while_is_no_news_when_it_has_one_again():
    known, _, _ = next_cycle(Before(), MONDAY, port("8025", since=MONDAY))
    known, facts, aside = next_cycle(known, TUESDAY, gone=False)
    assert facts == [] and [fact.value for fact in aside] == ["8025"]
    _, facts, _ = next_cycle(known, WEDNESDAY, port("8025"))
    assert list(news(facts, known)) == []


def test_news_are_new_subjects_other_values_and_what_is_newly_gone():
    known = before(port("8025"), port("1", "web"), port("2", "fax"))
    _, facts, _ = next_cycle(known, TUESDAY, port("8025"), port("3", "web"), port("4", "bank"))
    assert sorted(fact.subject for fact in news(facts, known)) == ["bank", "fax", "web"]


def test_what_is_gone_for_longer_than_a_year_is_forgotten():
    until = datetime(2026, 11, 24, tzinfo=timezone.utc)
    old, young = Moment(time="2025-11-23T00:00:00Z"), Moment(time="2025-11-25T00:00:00Z")
    facts = [port(None, "fax", until=old), port(None, "mail", until=young), port("1", "web", since=old)]
    assert [fact.subject for fact in recent(facts, until)] == ["mail", "web"]
