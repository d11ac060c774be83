"""What the ledger of one cycle changes in the next: which facts are taught first, and what was stale.

`open_cycle` freezes it in cycle.json as {"cycle_id", "version", "facts": sha256 of that cycle's facts.jsonl,
"weights": {fact id: weight}, "stale": [ids of the facts that are taught as changes]}. It holds no text: what
the facts say is read from the file, and where that is gone, or another one by now, nothing is steered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autodidact.knowledge.fact import Fact
from autodidact.records import sha256
from autodidact.store import Store


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
        fact = Fact.model_validate_json(line)
        if fact.generator == generator and fact.id in frozen["weights"]:
            found[fact.id] = Steered(frozen["weights"][fact.id], fact.id in stale, fact)
    return found
