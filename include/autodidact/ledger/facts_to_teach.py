"""What a cycle freezes of the ledger of the cycle before: the facts that the model in service should know and
does not, with how much that matters.
"""

from collections.abc import Iterable
from typing import Any

from autodidact.knowledge.fact import Fact
from autodidact.ledger import entries
from autodidact.stage import load_manifest
from autodidact.store import Store

# Facts that are steered at most: several times what the knowledge probe can take.
MOST = 200
# What makes a fact important, from 0 to 1 each: so many changes, so many places that use it, so many requests
# in conversations that name it.
OFTEN_CHANGED, OFTEN_USED, OFTEN_ASKED = 4, 20, 5
# A stale fact comes before every unknown one.
STALE = 3.0


def frozen(store: Store, system: str, cycles: Iterable[str], version: str) -> dict[str, Any]:
    """What knowledge/steering.py reads, of the newest of the `cycles` (newest first) whose model was asked;
    empty where that was another one than `version`, which serves now.
    """
    for name in cycles:
        folder = f"{system}/cycles/{name}"
        asked = load_manifest(store, f"{folder}/ledger/manifest.json")
        known = load_manifest(store, f"{folder}/knowledge/manifest.json")
        if asked is None or known is None or "figures.json" not in asked.outputs:
            continue
        if store.read_json(f"{folder}/ledger/figures.json")["version"] != version:
            return {}
        rows = {row.fact: row.outcome for row in entries.read(store, system, version, name)}
        facts = (
            Fact.model_validate_json(line) for line in store.read_lines(f"{folder}/knowledge/facts.jsonl")
        )
        weights = {fact.id: weight(fact, rows[fact.id]) for fact in facts if fact.id in rows}
        heaviest = sorted((key for key in weights if weights[key] > 0), key=lambda key: (-weights[key], key))
        chosen = sorted(heaviest[:MOST])
        return {
            "cycle_id": name,
            "version": version,
            "facts": known.outputs["facts.jsonl"].sha256,
            "weights": {key: weights[key] for key in chosen},
            "stale": [key for key in chosen if rows[key] == "stale"],
        }
    return {}


def weight(fact: Fact, outcome: str) -> float:
    """How much it matters to teach a fact: nothing where it is known, or unknown and unimportant; most where
    the model is stale. Important is what changed often, what many use, and what people ask about.
    """
    often = ((len(fact.earlier), OFTEN_CHANGED), (fact.users, OFTEN_USED), (fact.asked, OFTEN_ASKED))
    importance = sum(min(1.0, count / most) for count, most in often)
    if outcome == "known":
        return 0.0
    return round(importance + (STALE if outcome == "stale" else 0.0), 3)
