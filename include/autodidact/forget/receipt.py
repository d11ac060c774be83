"""The receipt of a forgetting: `<system>/forgotten/<id>.json`. Ids, counts and times; no text of it."""

from typing import Any

from autodidact.chronicle.version_states import now
from autodidact.forget.plan_and_progress import Plan
from autodidact.records import instant
from autodidact.store import Store


def write(store: Store, plan: Plan, *, finished: bool = False) -> dict[str, Any]:
    """Writes the receipt, joined with an earlier one of the same source, and returns it."""
    key = f"{plan.system}/forgotten/{plan.id}.json"
    old: dict[str, Any] = store.read_json(key) if store.exists(key) else {}
    found = plan.found
    before = old.get("champion", plan.champion)["before"]
    receipt = {
        "format": 1,
        "id": plan.id,
        "system": plan.system,
        "by": plan.by,
        "started": old.get("started") or plan.started,
        "finished": instant(now()) if finished else None,
        "versions": sorted({*old.get("versions", ()), *found.versions}),
        # Who served before the first try.
        "champion": plan.champion | {"before": before},
        "cycles": sorted({*old.get("cycles", ()), *found.cycles}),
        "dropped_cycles": sorted({*old.get("dropped_cycles", ()), *plan.dropped}),
        "remade": _joined(old.get("remade", {}), plan.remade),
        "rows": _joined(old.get("rows", {}), found.rows),
        "items": sorted({*old.get("items", ()), *found.items}),
        "files": {
            name: max(count, old.get("files", {}).get(name, 0))
            for name, count in (("rewritten", len(found.files)), ("deleted", len(found.deleted)))
        },
        "cached": max(found.cached.get("files", 0), old.get("cached", 0)),
        "chronicle": old.get("chronicle", {}) | found.chronicle,
    }
    store.write_json(key, receipt)
    return receipt


def _joined(old: dict[str, list[str]], new: dict[str, list[str]]) -> dict[str, list[str]]:
    names = sorted({*old, *new})
    return {name: sorted({*old.get(name, ()), *new.get(name, ())}) for name in names}
