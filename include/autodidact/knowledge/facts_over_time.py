"""Facts over time, from cycle to cycle: since when a value is true, what was true before, what is gone.

A source without a history (a table of goals, tools, a graph) shows only how it is now. So a fact is compared
with what an earlier cycle wrote down of it: a value is true since the first cycle that read it so, and a fact
that the first cycle of all read is true since a time that is not known. Nothing is asked of a cache or a
clock: equal files give equal facts.

    moment = Moment(time="2026-11-29T12:00:00Z", cycle="2026-11-29T1200Z")
    present = list(carried(facts_now, before, lambda fact, ended: moment))
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from autodidact.knowledge.fact import EarlierValue, Fact, Moment
from autodidact.knowledge.facts_as_lines import FactsById
from autodidact.store import Store

FILE = "facts.jsonl"
# Facts that have no single answer now: they are not asked about, and what is known of them is kept.
SET_ASIDE = "set_aside.jsonl"
# How long a subject that is gone is still asked about: a model may state it as long as people remember it.
GONE_FOR = timedelta(days=365)
# Earlier values of one fact that are kept, the newest ones: a value that changes with every cycle has many.
MOST_EARLIER = 20


# When a fact became true, or (with True) stopped being so, as far as that is known.
When = Callable[[Fact, bool], Moment]


@dataclass
class Before:
    """What an earlier cycle wrote down, by the id of the fact. `known`: the generators it has facts of;
    `aside`: the ids of what it set aside.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()


def carried(now: Iterable[Fact], before: Before, when: When) -> Iterator[Fact]:
    """What is true now, with its times."""
    for fact in now:
        old = before.facts.get(fact.id)
        if old is None:
            first = fact.generator not in before.known
            yield fact.model_copy(update={"since": None if first else when(fact, False)})
        elif old.value == fact.value:
            yield fact.model_copy(update={"since": old.since, "earlier": _others(old.earlier, fact)})
        else:
            earlier = [*old.earlier, *([] if old.value is None else [_ended(old, when(old, True))])]
            yield fact.model_copy(update={"since": when(fact, False), "earlier": _others(earlier, fact)})


def ended(old: Fact, at: Moment) -> Fact:
    """A fact whose subject is gone, found so at `at`; one that was gone before stays as it was."""
    if old.value is None:
        return old
    earlier = [*old.earlier, _ended(old, at)][-MOST_EARLIER:]
    gone: dict[str, Any] = {"value": None, "accept": [], "confuse": [], "answer": "", "use": None, "users": 0}
    return old.model_copy(update=gone | {"since": None, "until": at, "earlier": earlier})


def missing(
    now: Collection[str], before: Iterable[Fact], is_gone: Callable[[Fact], bool], when: When
) -> tuple[list[Fact], list[Fact]]:
    """(gone, set aside) of the facts of the cycle before that are not among those of `now`, by their ids.
    `is_gone`: whether the subject is seen not to be there any more.
    """
    left = [fact for fact in before if fact.id not in now]
    gone = {fact.id for fact in left if fact.value is None or is_gone(fact)}
    return (
        [ended(fact, when(fact, True)) for fact in left if fact.id in gone],
        [fact for fact in left if fact.id not in gone],
    )


def recent(facts: Iterable[Fact], until: datetime) -> Iterator[Fact]:
    """Without those whose subjects have been gone for longer than GONE_FOR."""
    return (fact for fact in facts if fact.value is not None or _later(fact.until, until - GONE_FOR))


def news(facts: Iterable[Fact], before: Before) -> Iterator[Fact]:
    """The facts that the cycle before did not have, or with another value; the subjects newly gone among
    them.
    """
    old = {id: fact.value for id, fact in before.facts.items()}
    return (fact for fact in facts if fact.id not in old or old[fact.id] != fact.value)


def read_facts(store: Store, folder: str) -> list[Fact]:
    """The facts of a cycle's folder, present and gone; empty where it has no such file."""
    return list(_read(store, f"{folder}/knowledge/{FILE}"))


def read_before(store: Store, folder: str | None, known: Iterable[str]) -> Before:
    """What the cycle of a folder wrote down, what it set aside too."""
    if folder is None:
        return Before()
    aside, facts = (f"{folder}/knowledge/{file}" for file in (SET_ASIDE, FILE))
    there = {fact.id for fact in _read(store, facts)}
    return Before(
        FactsById(chain(_read(store, aside), _read(store, facts))),
        frozenset(known),
        frozenset(fact.id for fact in _read(store, aside) if fact.id not in there),
    )


def _read(store: Store, key: str) -> Iterator[Fact]:
    if store.exists(key):
        yield from map(Fact.model_validate_json, store.read_lines(key))


def _ended(old: Fact, at: Moment) -> EarlierValue:
    assert old.value is not None
    return EarlierValue(value=old.value, accept=old.accept, since=old.since, until=at)


def _others(earlier: Iterable[EarlierValue], fact: Fact) -> list[EarlierValue]:
    """The earlier values without what states the present one too: who says that is right."""
    found = [
        one.model_copy(update={"accept": [said for said in one.accept if said not in fact.accept]})
        for one in earlier
        if one.value != fact.value
    ]
    return [one for one in found if one.accept][-MOST_EARLIER:]


def _later(moment: Moment | None, than: datetime) -> bool:
    """Whether a moment is after a time; one that is not known counts as recent."""
    return moment is None or moment.time is None or datetime.fromisoformat(moment.time) > than
