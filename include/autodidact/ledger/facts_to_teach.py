"""What a cycle freezes of the ledger of the cycle before: the facts that the model in service should know and
does not, with how much that matters; and those that it knows because it was taught them first. Every adapter
starts from the base: what is not taught again is not known again.
"""

import json
from collections.abc import Iterable
from typing import Any

from autodidact.knowledge.fact import Fact
from autodidact.ledger import entries
from autodidact.records import Champion
from autodidact.stage import load_manifest
from autodidact.store import Store

# Facts that are steered at most: several times what the knowledge probe can take.
MOST = 200
# What makes a fact important, from 0 to 1 each: so many changes, so many places that use it, so many requests
# in conversations that name it.
OFTEN_CHANGED, OFTEN_USED, OFTEN_ASKED = 4, 20, 5
# Outcomes of a fact that was taught; None: it was not asked since.
KNOWN = (None, "known")
# A stale fact comes before every one that is taught again, and that before every unknown one.
STALE, AGAIN = 6.0, 3.0


def frozen(store: Store, system: str, cycles: Iterable[str], champion: Champion) -> dict[str, Any]:
    """What knowledge/teaching_priorities.py reads, of the newest of the `cycles` (newest first) whose model
    was asked; empty where that was another one than the `champion`, which serves now.
    """
    for name in cycles:
        folder = f"{system}/cycles/{name}"
        asked = load_manifest(store, f"{folder}/ledger/manifest.json")
        known = load_manifest(store, f"{folder}/knowledge/manifest.json")
        if asked is None or known is None or "figures.json" not in asked.outputs:
            continue
        if store.read_json(f"{folder}/ledger/figures.json")["version"] != champion.version:
            return {}
        rows = {row.fact: row.outcome for row in entries.read(store, system, champion.version, name)}
        questions, changes = _taught_first(store, system, champion.cycle_id)
        weights = {}
        for line in store.read_lines(f"{folder}/knowledge/facts.jsonl"):
            fact = Fact.model_validate_json(line)
            taught = fact.id in (questions if fact.value is not None else changes)
            weights[fact.id] = weight(fact, rows.get(fact.id), taught)
        heaviest = sorted((key for key in weights if weights[key] > 0), key=lambda key: (-weights[key], key))
        chosen = sorted(heaviest[:MOST])
        return {
            "cycle_id": name,
            "version": champion.version,
            "facts": known.outputs["facts.jsonl"].sha256,
            "weights": {key: weights[key] for key in chosen},
            "stale": [
                key
                for key in chosen
                if rows.get(key) == "stale" or (key in changes and rows.get(key) in KNOWN)
            ],
        }
    return {}


def _taught_first(store: Store, system: str, cycle: str) -> tuple[set[str], set[str]]:
    """(facts whose questions the cycle that trained the champion steered, those that it taught as changes)"""
    folder = f"{system}/cycles/{cycle}"
    if not cycle or not store.exists(f"{folder}/cycle.json"):
        return set(), set()
    keys = [key for key in store.list(f"{folder}/generated") if key.endswith(".questions.jsonl")]
    rows = (json.loads(line) for key in keys for line in store.read_lines(key))
    changes = (store.read_json(f"{folder}/cycle.json").get("ledger") or {}).get("stale", ())
    return {row["id"] for row in rows if row.get("steered")}, set(changes)


def weight(fact: Fact, outcome: str | None, taught: bool = False) -> float:
    """How much it matters to teach a fact: nothing where it is known, or unknown and unimportant; most where
    the model is stale. Important is what changed often, what many use, and what people ask about.

    `outcome` None: it was not asked. `taught`: it was taught first to the model in service.
    """
    often = ((len(fact.earlier), OFTEN_CHANGED), (fact.users, OFTEN_USED), (fact.asked, OFTEN_ASKED))
    importance = sum(min(1.0, count / most) for count, most in often)
    if outcome == "stale":
        return round(importance + STALE, 3)
    if outcome in KNOWN:
        return round(importance + AGAIN, 3) if taught else 0.0
    return round(importance, 3)
