"""What the model says of itself in the register `full`: the figure first, whose it is, what follows from it
for the person who asks, and what cannot be known.

Questions stand in full.yaml by topic, each with the answer that fits it. A pair is written only where the
record has all that it names.
"""

import re
from collections.abc import Iterator
from typing import Any

from autodidact.generators import benchmark_targeted
from autodidact.generators.consciousness.available_sources import taught, used
from autodidact.generators.consciousness.model_record import ModelRecord
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.git.revisions import without_hash
from autodidact.sources.snapshot import Snapshot

NAME = "consciousness"
CATEGORY = "consciousness_articulation"

# Categories named as weak or strong.
FEW = 3
# Share of the answers that have the record as a system prompt.
WITH_RECORD = 0.35

_TABLE = read_table(__file__, "full.yaml")
_SLOT = re.compile(r"\{(\w+)\}")


def full_examples(facts: ModelRecord, snapshot: Snapshot) -> Iterator[Example]:
    """Every question of every topic once, some with the record in view."""
    rng = snapshot.rng(NAME, "full")
    more = _of_training(facts, snapshot)
    made = [
        (field, ask, say)
        for topic, field, slots in _topics(facts)
        for ask, say in _written(_TABLE[topic], slots | more)
    ]
    rng.shuffle(made)
    for field, ask, say in made[: snapshot.limit]:
        system = facts.as_text(without_hash(facts.system)) if rng.random() < WITH_RECORD else None
        yield example(NAME, CATEGORY, ask, say, facts.source(field), system=system)


def _written(pairs: list[dict[str, str]], slots: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(question, answer) of a topic. Left out are those that name what is not there."""
    for pair in pairs:
        if _has_all(pair["ask"] + pair["say"], slots):
            yield pair["ask"].format(**slots), pair["say"].format(**slots)


def _has_all(text: str, slots: dict[str, Any]) -> bool:
    return all(slots.get(name) for name in _SLOT.findall(text) if name != "practice")


def _of_training(record: ModelRecord, snapshot: Snapshot) -> dict[str, str]:
    """What the examples were really made from, and that tasks of the benchmark's kinds were practised, where
    they were: whoever is asked for the training data names these, too.
    """
    gave = used(snapshot, record.sources)
    named = [_TABLE["material"].get(name, name) for name in gave]
    practised = any(name == benchmark_targeted.NAME for name, _ in taught(snapshot, record.sources))
    practice: str = _TABLE["practice"] if practised else ""
    tasks = [_TABLE["tasks"]] if practised else []
    return {
        "sources": listing(named),
        "material": listing([*named, *tasks, _TABLE["record"]]) if named else "",
        "history": _TABLE["material"]["history"] if "history" in gave else "",
        "practice": practice and f" {practice}",
    }


def _topics(record: ModelRecord) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(topic, field of the record, slots)."""
    slots: dict[str, Any] = {
        "system": without_hash(record.system),
        "cycle": record.cycle_id,
        "until": _minute(record.until),
        "base": record.base,
        "version": record.version,
        "promoted": _minute(record.promoted_at),
        "floor": f"{record.floor:.2f}",
    }
    for topic, field in (
        ("who", "cycle_id"),
        ("until", "until"),
        ("sources", "cycle_id"),
        ("learning", "limits"),
    ):
        yield topic, field, slots
    for topic in _TABLE["limits"]:
        yield topic, "limits", slots
    yield ("before" if record.version else "first"), "version", slots
    if not record.categories:
        yield "unmeasured", "categories", slots
    yield from _of_scores(record, slots)
    yield from _of_cycles(record, slots)


def _minute(instant: str) -> str:
    """`2026-11-29 17:00 UTC` for an instant of the record."""
    return re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?(?:Z|\+00:00)$", r"\1 \2 UTC", instant)


def _of_scores(record: ModelRecord, slots: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    ranked = sorted(record.categories, key=lambda name: (record.categories[name], name))
    if record.overall is not None:
        passed = "at or above" if record.overall >= record.floor else "below"
        yield "overall", "overall", slots | {"overall": f"{record.overall:.2f}", "passed": passed}
    if record.probe is not None:
        yield "probe", "probe", slots | {"probe": f"{record.probe:.0%}"}
    if len(ranked) >= 2 * FEW:
        figures = {name: f"{name.replace('_', ' ')} ({record.categories[name]:.2f})" for name in ranked}
        weak, strong = ranked[:FEW], ranked[::-1][:FEW]
        yield (
            "profile",
            "categories",
            slots
            | {
                "weak": listing(figures[name] for name in weak),
                "strong": listing(figures[name] for name in strong),
            },
        )
    for name in ranked:
        kind = "weak_at" if name in ranked[: len(ranked) // 2] else "strong_at"
        words = {"words": name.replace("_", " "), "score": f"{record.categories[name]:.2f}"}
        words["advice"] = _TABLE["advice"].get(name, "")
        yield kind, f"categories.{name}", slots | words


def _of_cycles(record: ModelRecord, slots: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for cycle in record.cycles:
        verdict = _TABLE["verdicts"].get(str(cycle.get("verdict")))
        if verdict:
            yield (
                "cycle",
                f"cycles.{cycle['cycle_id']}",
                slots | {"ended": str(cycle["cycle_id"]), "verdict": verdict},
            )
