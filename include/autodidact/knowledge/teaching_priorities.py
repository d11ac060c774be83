"""What the ledger of one cycle changes in the next: which facts are taught first, and what was stale.

`open_cycle` freezes it in cycle.json as {"cycle_id", "version", "facts": sha256 of that cycle's facts.jsonl,
"weights": {fact id: weight}, "stale": [ids of the facts that are taught as changes]}. It holds no text: what
the facts say is read from the file, and where that is gone, or another one by now, nothing is steered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from autodidact.knowledge.add_repository_name import plain, repository_of
from autodidact.knowledge.fact import Fact
from autodidact.records import sha256
from autodidact.store import Store


class _Id(msgspec.Struct):
    """A line of the facts, of which only the id is read."""

    id: str


@dataclass(frozen=True)
class Steered:
    """A fact that is taught before others of its kind: the heavier, the sooner. `stale`: it is taught as a
    change; the model in service stated an earlier value, or would if it had not been taught so. `fact`: as it
    was when the model was asked.
    """

    weight: float
    stale: bool
    fact: Fact


def steered(store: Store, system: str, frozen: Mapping[str, Any], generator: str) -> dict[str, Steered]:
    """The steered facts of a generator by their ids; `frozen`: what cycle.json says."""
    if not frozen.get("weights"):
        return {}
    key = f"{system}/cycles/{frozen['cycle_id']}/knowledge/facts.jsonl"
    data = store.read_bytes(key) if store.exists(key) else b""
    if sha256(data) != frozen["facts"]:
        return {}
    found, stale = {}, set(frozen["stale"])
    for line in data.decode("utf-8").splitlines():
        # There may be a fact for each name of a hundred repositories, and few are steered.
        if msgspec.json.decode(line, type=_Id).id not in frozen["weights"]:
            continue
        fact = Fact.model_validate_json(line)
        if fact.generator == generator:
            found[fact.id] = Steered(frozen["weights"][fact.id], fact.id in stale, fact)
    return found


def of_repository(steered: Mapping[str, Steered], name: str | None) -> dict[str, Steered]:
    """Those of one of `sources.repositories`, or (None) of all that is in none of them, as their generator
    knows them: without the repository's name.
    """
    mine = (replace(one, fact=plain(one.fact)) for one in steered.values() if _is_of(one, name))
    return {one.fact.id: one for one in mine}


def _is_of(one: Steered, name: str | None) -> bool:
    return repository_of(one.fact.source) == name
