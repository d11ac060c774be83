"""What a cycle did, as one JSON object (report_text.py says it in words), and the card of its adapter."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autodidact.benchmark.describe_suite import uncounted
from autodidact.benchmark.knowledge_probe import news
from autodidact.benchmark.server_repeatability import sentence as through_what
from autodidact.cycle.record import Cycle
from autodidact.cycle.report_text import as_text
from autodidact.ledger.ledger_statistics import sentence, warning
from autodidact.ledger.stage import figures_of
from autodidact.records import Manifest, Report
from autodidact.runtime import Runtime
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle

# What one cycle hands to the next, of feedback.json.
STEERING = ("outcome", "deficits", "quotas")


def summarize(cycle: Cycle, runtime: Runtime, chronicle: "Chronicle | None" = None) -> dict[str, Any]:
    """The cycle so far as one JSON object; what was not measured is absent or null."""
    store = runtime.store
    over = cycle.manifest(store, "gate") is not None  # the gate reads what all generators wrote
    generators = [
        _generator(name, cycle.manifest(store, f"generate.{name}"), "failed" if over else "not finished")
        for name in cycle.generators()
    ]
    training, adapter = cycle.manifest(store, "train"), cycle.adapter(store)
    reports, judged, feedback = cycle.reports(store), cycle.verdict(store), _feedback(cycle, store)
    champion = chronicle.champion(cycle.system) if chronicle else None
    return {
        "system": cycle.system,
        "cycle_id": cycle.cycle_id,
        "kind": cycle.kind,
        "since": cycle.since,
        "until": cycle.until,
        "repositories": cycle.repositories,
        "base": cycle.base,
        "generators": generators,
        "no_source": {row["name"]: row["setting"] for row in generators if row.get("setting")},
        "gate": cycle.gate_report(store),
        "replay": cycle.replay,
        "candidate": cycle.candidate(store),
        "adapter": adapter.model_dump() if adapter else None,
        "training": (training.model_extra or {}).get("training") if training and adapter else None,
        "scores": {role: _scores(report) for role, report in reports.items()},
        "judge": next((report.judge for report in reports.values()), None),
        "uncounted": next((uncounted(report) for report in reports.values()), None),
        "through": through_what(reports.get("candidate") or reports.get("champion")),
        "news": news(reports),
        "knowledge": _knowledge(cycle, runtime),
        "verdict": judged.model_dump(mode="json") if judged else None,
        "before": _steering(cycle.feedback) | {"lever": cycle.lever} if cycle.feedback else None,
        "next": _steering(feedback, "lever") if feedback else None,
        "forecast": feedback.get("forecast") or None,
        "champion": champion["version"] if champion else None,
        "profile": cycle.effective(runtime.settings).profile,
        "folder": (store.local(cycle.folder).as_posix() if store.root else f"{store.shown}/{cycle.folder}"),
    }


def _generator(name: str, manifest: Manifest | None, missing: str) -> dict[str, Any]:
    """What one generator did; the setting that gives it a source, where it has none. `missing` is the status
    of one without a manifest.
    """
    if manifest is None:
        unknown = dict.fromkeys(("examples", "new", "seconds"))
        return {"name": name, "status": missing, **unknown, "errors": []}
    setting = (manifest.model_extra or {}).get("setting")
    return {
        "name": name,
        "status": manifest.status,
        "examples": manifest.counts.get("examples"),
        "new": manifest.counts.get("new"),
        "seconds": manifest.seconds,
        "errors": [error.model_dump() for error in manifest.errors],
        "reason": manifest.reason,
        **({"setting": setting} if setting else {}),
    }


def _scores(report: Report) -> dict[str, Any]:
    return {
        "overall": report.overall,
        "categories": {name: score.score for name, score in report.categories.items()},
        "probe": report.probe.model_dump() if report.probe else None,
    }


def _knowledge(cycle: Cycle, runtime: Runtime) -> dict[str, Any] | None:
    """The figures of the ledger, with the sentence that says them, the further sentences (`more`),
    and the warning, if there is one; None where nobody was asked.
    """
    found = figures_of(cycle, runtime.store)
    if found is None:
        return None
    after = cycle.effective(runtime.settings).knowledge.stale_after
    says = f"{found['version']} {sentence(found)}"
    more = [found[name]["says"] for name in ("replaced", "use", "rival") if found.get(name)]
    return {**found, "says": says, "more": more, "warning": warning(found, after)}


def _feedback(cycle: Cycle, store: Store) -> dict[str, Any]:
    key = f"{cycle.folder}/feedback.json"
    feedback: dict[str, Any] = store.read_json(key) if store.exists(key) else {}
    return feedback


def _steering(feedback: Mapping[str, Any], *also: str) -> dict[str, Any]:
    return {name: feedback[name] for name in (*STEERING, *also) if name in feedback}


def as_card(summary: dict[str, Any]) -> str:
    """card.md: the card of the adapter that the cycle trained; without one, the summary."""
    if summary["training"]:
        from autodidact.training.adapter_card import card

        return card(summary)
    head = [
        "---",
        f"base_model: {summary['base']['id']}",
        "library_name: peft",
        "tags: [autodidact, lora]",
        "---",
        f"# {summary['cycle_id']}",
        "",
    ]
    return "\n".join([*head, "```", as_text(summary).strip("\n"), "```", ""])
