"""What the two assets of a system tell: which version serves, and what it knows of the system at a commit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime

# Of the ledger's figures (docs/knowledge.md): an asset's extra is small.
FIGURES = ("facts", "asked", "known", "unknown", "wrong", "stale", "stale_standing", "share", "age_hours")
# Askings among which the newest of a version is looked for.
MOST = 50


def champion(here: "Runtime", facts: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` ({"system", "version", ...}) with `knowledge`: the figures of the version's newest asking, and
    its cycle. A version that was just made has not been asked yet: then without.
    """
    from autodidact.chronicle import dashboard_queries

    with here.chronicle() as chronicle:
        askings = chronicle.ask(dashboard_queries.events_of, facts["system"], "knowledge", MOST)
    mine = [each for each in askings if each["data"].get("version") == facts["version"]]
    if not mine:
        return dict(facts)
    return dict(facts) | {"knowledge": _figures(mine[-1]["data"]) | {"cycle_id": mine[-1]["cycle_id"]}}


def probe(cycle: "Cycle", here: "Runtime") -> dict[str, Any]:
    """{"probe": {"known", "asked"}}: what the candidate knew of the facts of the knowledge probe; {} without
    one.
    """
    report = cycle.chosen(here.store).reports(here.store).get("candidate")
    found = report.probe if report else None
    if found is None or found.score is None:
        return {}
    return {"probe": {"known": round(found.score * found.n), "asked": found.n}}


def knowledge(cycle: "Cycle", figures: Mapping[str, Any] | None) -> dict[str, Any]:
    """The system as the cycle read it, and what the version in service knows of it: `version` and the figures
    of the ledger, where it was asked.
    """
    read: Mapping[str, Any] = cycle.repository() or {}
    facts: dict[str, Any] = {"system": cycle.system, "cycle_id": cycle.cycle_id, "until": cycle.until}
    facts |= {"commit": read.get("commit"), "branch": read.get("branch")}
    if more := {each["name"]: each["commit"] for each in cycle.repositories if "name" in each}:
        facts["repositories"] = more
    return facts | ({"version": figures["version"]} | _figures(figures) if figures else {})


def _figures(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in FIGURES if name in found}
