"""Which facts the model in service is asked about after a cycle.

First all that changed in the last days, and all that it was stale on when it was last asked; then a random
sample of the rest, another one each cycle. The order of each stratum is a hash of the cycle and the fact, so
that the choice is known by the cycle, and is random with regard to what the model knows: what was taught, or
asked before, does not count.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from autodidact.knowledge.fact import Fact, Moment
from autodidact.records import sha256

# A fact that is new, changed or gone is asked about in every cycle for so long.
CHANGED = timedelta(days=30)
# Shares of the questions that facts which did not change (as far as there are such), subjects that are gone
# and facts that the model was stale on get at least, at most and at most.
REST, GONE, AGAIN = 1 / 4, 1 / 6, 1 / 4
# Questions of a stratum: a kind of fact that would get fewer is asked about together with other such kinds.
LEAST = 2


@dataclass(frozen=True)
class Choice:
    """`asked`: the facts to ask about; `strata`: the stratum of every fact that could have been chosen, by
    its id. The subjects that are gone (`GONE_SUBJECTS`) are no part of the share known.
    """

    asked: list[Fact]
    strata: dict[str, str]


STALE_BEFORE, JUST_CHANGED, GONE_SUBJECTS, SMALL_KINDS = "stale before", "changed", "gone", "small kinds"


def choose(
    facts: Iterable[Fact], *, cycle_id: str, now: datetime, questions: int, again: Collection[str] = ()
) -> Choice:
    """At most `questions` facts. `again`: ids of the facts that the model was stale on when last asked."""
    by_stratum: dict[str, list[Fact]] = {STALE_BEFORE: [], GONE_SUBJECTS: [], JUST_CHANGED: []}
    rest: list[Fact] = []
    for fact in facts:
        changed = _since(fact.until if fact.value is None else fact.since, now)
        if fact.id in again and fact.value is not None:
            by_stratum[STALE_BEFORE].append(fact)
        elif fact.value is None:
            if changed or fact.id in again:
                by_stratum[GONE_SUBJECTS].append(fact)
        elif changed:
            by_stratum[JUST_CHANGED].append(fact)
        else:
            rest.append(fact)
    for found in by_stratum.values():
        found.sort(key=lambda fact: _order(cycle_id, fact))
    # Of the gone ones those that were stale first: no share is estimated of this stratum.
    by_stratum[GONE_SUBJECTS].sort(key=lambda fact: fact.id not in again)
    room = _rooms({name: len(found) for name, found in by_stratum.items()}, len(rest), questions)
    asked = [fact for name, found in by_stratum.items() for fact in found[: room[name]]]
    strata = {fact.id: name for name, found in by_stratum.items() for fact in found}
    for name, (found, number) in _kinds(rest, questions - len(asked)).items():
        found.sort(key=lambda fact: _order(cycle_id, fact))
        asked += found[:number]
        strata |= {fact.id: name for fact in found}
    return Choice(asked, strata)


def _since(moment: Moment | None, now: datetime) -> bool:
    """Whether a moment lies within the last days; one that is not known does not."""
    if moment is None or moment.time is None:
        return False
    return datetime.fromisoformat(moment.time) >= now - CHANGED


def _order(cycle_id: str, fact: Fact) -> str:
    return sha256(f"{cycle_id}/{fact.id}")


def _rooms(sizes: dict[str, int], rest: int, questions: int) -> dict[str, int]:
    """The questions of the strata of what changed."""
    room = {
        STALE_BEFORE: min(sizes[STALE_BEFORE], int(questions * AGAIN)),
        GONE_SUBJECTS: min(sizes[GONE_SUBJECTS], int(questions * GONE)),
    }
    left = questions - sum(room.values()) - min(rest, int(questions * REST))
    return room | {JUST_CHANGED: min(sizes[JUST_CHANGED], left)}


def _kinds(rest: list[Fact], questions: int) -> dict[str, tuple[list[Fact], int]]:
    """Each stratum of what did not change, with its number of questions: as many as it has of all facts."""
    if not rest or questions <= 0:
        return {SMALL_KINDS: (rest, 0)} if rest else {}
    part = min(1.0, questions / len(rest))
    kinds: dict[str, list[Fact]] = {}
    for fact in rest:
        kinds.setdefault(f"{fact.generator}/{fact.kind}", []).append(fact)
    if part < 1:
        small = [name for name in sorted(kinds) if len(kinds[name]) * part < LEAST]
        if joined := [fact for name in small for fact in kinds.pop(name)]:
            kinds[SMALL_KINDS] = joined
    numbers = {name: int(len(found) * part) for name, found in kinds.items()}
    if SMALL_KINDS in kinds:
        numbers[SMALL_KINDS] = max(numbers[SMALL_KINDS], min(LEAST, len(kinds[SMALL_KINDS])))
    fractions = sorted(kinds, key=lambda name: (numbers[name] - len(kinds[name]) * part, name))
    for name in fractions:
        if sum(numbers.values()) < questions and numbers[name] < len(kinds[name]):
            numbers[name] += 1
    while sum(numbers.values()) > questions:
        numbers[max(numbers, key=lambda name: (numbers[name], name))] -= 1
    return {name: (kinds[name], numbers[name]) for name in sorted(kinds)}
