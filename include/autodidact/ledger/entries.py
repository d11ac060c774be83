"""The ledger: what a version knew of a fact when it was asked. Lines are added, never changed.

`<system>/ledger/<version>/<cycle>.jsonl` has what a version was asked about the system as it was at the end
of a cycle. The Chronicle has the same rows in its table `ledger`, and is made again from these files.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from autodidact.knowledge.fact import Fact
from autodidact.ledger.answer_outcome import Outcome
from autodidact.records import Record, canonical, sha256
from autodidact.store import Store

# Characters of an answer that the ledger keeps; longer ones are rambling, and the store has the whole answer.
SAYS = 300
# Cycles that the figures look back on: about three months, two cycles a day.
HISTORY = 200


class Entry(Record):
    """`value_asked`: the digest of the value that was right then (`value_digest`). `served`: whether the
    version was in service; False: somebody wanted to know.
    """

    format: Literal[1] = 1
    version: str
    cycle: str
    fact: str
    value_asked: str
    outcome: Outcome
    says: str
    asked_at: str
    stratum: str
    served: bool = True


def value_digest(value: str | None) -> str:
    """What a value is recognised by; None: the subject is gone."""
    return sha256(canonical(value))


def entry(fact: Fact, text: str, **fields: object) -> Entry:
    """The line about one fact."""
    says = " ".join(text.split())[:SAYS]
    return Entry.model_validate(
        {"fact": fact.id, "value_asked": value_digest(fact.value), "says": says} | fields
    )


def key_of(system: str, version: str, cycle: str) -> str:
    """Where the entries of a version lie in the store."""
    return f"{system}/ledger/{version}/{cycle}.jsonl"


def read(store: Store, system: str, version: str, cycle: str) -> list[Entry]:
    """What a version was asked in a cycle; empty where it was not."""
    key = key_of(system, version, cycle)
    return [Entry.model_validate_json(line) for line in store.read_lines(key)] if store.exists(key) else []


def write(store: Store, system: str, rows: Iterable[Entry]) -> None:
    """Adds entries, all of one version and cycle: a fact that is there already stays as it is."""
    rows = list(rows)
    if not rows:
        return
    there = read(store, system, rows[0].version, rows[0].cycle)
    known = {each.fact for each in there}
    new = [row for row in rows if row.fact not in known]
    if new:
        store.write_jsonl(key_of(system, rows[0].version, rows[0].cycle), [*there, *new])


def cycles_asked(store: Store, system: str) -> list[tuple[str, str]]:
    """(cycle, version) of every file of the ledger, the oldest cycle first."""
    found = []
    for key in store.list(f"{system}/ledger"):
        parts = key.removeprefix(f"{system}/ledger/").split("/")
        if len(parts) == 2 and parts[1].endswith(".jsonl"):
            found.append((parts[1].removesuffix(".jsonl"), parts[0]))
    return sorted(found)


def history(store: Store, system: str, upto: str) -> Iterator[Entry]:
    """What the versions in service were asked in the last cycles up to that one, the oldest first."""
    files = [(cycle, version) for cycle, version in cycles_asked(store, system) if cycle <= upto]
    last = set(sorted({cycle for cycle, _ in files})[-HISTORY:])
    for cycle, version in files:
        if cycle not in last:
            continue
        yield from (each for each in read(store, system, version, cycle) if each.served)
