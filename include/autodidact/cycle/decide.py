"""The decision: the verdict on a cycle's candidate, and what the next cycle learns of it. Runs no model;
writes the Chronicle.
"""

import json
from collections.abc import Mapping
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.record import Cycle
from autodidact.errors import AutodidactError, UsageError
from autodidact.promotion.feedback import feedback
from autodidact.promotion.next_cycle_settings import lever
from autodidact.promotion.verdict import verdict
from autodidact.promotion.what_would_change import needed
from autodidact.records import Report, Verdict
from autodidact.runtime import Runtime
from autodidact.store import Store

# The states that a cycle may promote from; otherwise a person, or the watch, has decided since.
PROMOTABLE = ("candidate", "benchmarked", "promoting", "champion")


def decide(cycle: Cycle, runtime: Runtime, *, promote_historical: bool = False) -> str:
    """Writes verdict.json and feedback.json, of earlier candidates that are still to be decided as well.
    Returns `promote` or `keep_champion`.

    Of several candidates worth promoting the newest is: it was trained on what the others were. Raises
    AutodidactError where a stage has not finished, or where a text that the cycle wrote looks like a secret.
    """
    with runtime.chronicle() as chronicle:
        # Before the adapter is registered, so that the gate can still be run again without what it let
        # through.
        require_clean(cycle, runtime, {})
        chosen, champion = None, chronicle.champion(cycle.system)
        for earlier in _waiting(cycle, runtime.store, chronicle):
            candidate = _judge(earlier, runtime, chronicle, promote_historical)
            # Otherwise it was measured against another champion.
            if candidate and champion and candidate["expected"] == champion["version"]:
                chosen = candidate
        chosen = _judge(cycle, runtime, chronicle, promote_historical) or chosen
        decision: dict[str, Any] = {"promotes": chosen}
        if chosen and (later := overtaken_by(cycle, chronicle)):
            decision = {
                "promotes": None,
                "ended": {"outcome": "superseded", "reason": overtaken(later, chosen)},
            }
        elif chosen:
            folder = f"{cycle.system}/cycles/{chosen['cycle_id']}"
            require_clean(cycle, runtime, tables(cycle, chronicle), folder)
    judged = cycle.verdict_file(runtime.store)
    runtime.store.write_json(f"{cycle.folder}/verdict.json", judged | decision)
    runtime.say(_line(judged))
    return "promote" if decision["promotes"] else "keep_champion"


def _line(judged: Mapping[str, Any]) -> str:
    """The verdict, and what decided, in one line of the log."""
    promoted = (each for each in judged["reasons"] if each.startswith("promoted: "))
    why = needed(judged) or next(promoted, "") or next(iter(judged["reasons"]), "")
    return f"verdict: {judged['outcome']}" + (f", {why.removeprefix('promoted: ')}" if why else "")


def _waiting(cycle: Cycle, store: Store, chronicle: Chronicle) -> list[Cycle]:
    """Earlier cycles of the same kind whose candidate is still to be decided, oldest first.

    It was measured and got no verdict, or its verdict was to promote it and the promotion failed.
    """
    measured, judged = cycle.files_of_all(store, "benchmark/manifest.json", "verdict.json")
    names = measured.keys() - judged.keys()
    still_open = {row["cycle_id"] for row in chronicle.open_cycles(cycle.system)} - {cycle.cycle_id}
    for name in still_open & judged.keys():
        promotes = store.read_json(judged[name]).get("promotes")
        if promotes and _unserved(promotes["version"], cycle.system, chronicle):
            names.add(promotes["cycle_id"])
    return cycle.earlier(store, names)


def _unserved(version: str, system: str, chronicle: Chronicle) -> bool:
    """Whether the version was measured and never served."""
    try:
        return bool(chronicle.version(system, version)["state"] == "benchmarked")
    except UsageError:  # the Chronicle knows nothing of it
        return False


def _require_measured(cycle: Cycle, store: Store) -> None:
    """Raises AutodidactError where a stage neither ended nor was skipped: a failed one that somebody marked a
    success, say.
    """
    for stage in ("gate", "train", "benchmark"):
        manifest = cycle.manifest(store, stage)
        if manifest is None:
            raise AutodidactError(
                f"{stage} of {cycle.cycle_id} has not finished",
                f"Clear it, or run `autodidact {stage} --cycle {cycle.cycle_id}`.",
            )
        if manifest.status == "skipped":
            return


def _judge(
    cycle: Cycle, runtime: Runtime, chronicle: Chronicle, promote_historical: bool
) -> dict[str, Any] | None:
    """One candidate's verdict, written and logged. Returns {"cycle_id", "version", "expected"} when it is to
    be promoted.
    """
    store = runtime.store
    _require_measured(cycle, store)
    import_manifests(cycle, store, chronicle)
    reports = cycle.reports(store)
    version = cycle.candidate(store) if "candidate" in reports else None
    judged = _verdict(cycle, runtime, chronicle, reports, version)
    state = chronicle.version(cycle.system, version)["state"] if version else None
    promotes = judged.outcome == "promote"
    if promotes and cycle.kind == "historical" and not promote_historical:
        promotes = False
        judged.reasons.append("a historical window does not promote unless asked (promote_historical)")
    if promotes and state not in PROMOTABLE:
        promotes = False
        judged.reasons.append(f"{version} is {state}: a cycle promotes only what has just been measured")
    # The Chronicle counts the looks of a week by it, and can be made again from the store. What cannot
    # promote spends nothing.
    spends = version and (cycle.kind == "live" or promote_historical)
    week = cycle.benchmark["week"] if spends else None
    written = judged.model_dump(mode="json") | {"candidate": cycle.candidate(store), "week": week}
    store.write_json(f"{cycle.folder}/verdict.json", written)
    store.write_json(f"{cycle.folder}/feedback.json", _feedback(cycle, runtime, reports, judged))
    champion = cycle.champion.version if cycle.champion else None
    system, name = cycle.system, cycle.cycle_id
    chronicle.record_verdict(
        system, name, judged, candidate=cycle.candidate(store), champion=champion, week=week
    )
    if version and state == "candidate":
        overall = f"overall {reports['candidate'].overall}"
        chronicle.set_state(system, version, "benchmarked", "autodidact", overall)
    if promotes:
        return {"cycle_id": name, "version": version, "expected": champion}
    if version and chronicle.version(system, version)["state"] == "benchmarked":
        why = f"{judged.outcome}: {'; '.join(judged.reasons)[:500]}"
        chronicle.set_state(system, version, "rejected", "autodidact", why)
    return None


def _verdict(
    cycle: Cycle, runtime: Runtime, chronicle: Chronicle, reports: dict[str, Report], version: str | None
) -> Verdict:
    """The verdict on the candidate; `undecided`, with the reason, where there is none."""
    if version:
        looks = chronicle.looks(cycle.system, cycle.benchmark["week"], but=cycle.cycle_id)
        settings, last = cycle.effective(runtime.settings), max(cycle.benchmark["blocks"])
        return verdict(reports["candidate"], reports["champion"], settings, looks, reports["base"], last)
    manifests = [cycle.manifest(runtime.store, stage) for stage in ("gate", "train")]
    reasons = [manifest.reason for manifest in manifests if manifest and manifest.reason]
    why = reasons[0] if reasons else "nothing was trained"
    return Verdict(outcome="undecided", reasons=[f"there is no candidate: {why}"])


def _feedback(cycle: Cycle, runtime: Runtime, reports: dict[str, Report], judged: Verdict) -> dict[str, Any]:
    """feedback.json, with the families at risk by the forecast, and what became of them."""
    from autodidact.benchmark.forecast_regressions import compare

    settings, store = cycle.effective(runtime.settings), runtime.store
    candidate, base, gated = reports.get("candidate"), reports.get("base"), cycle.gate_report(store)
    found = feedback(
        candidate,
        reports.get("champion"),
        judged,
        gated,
        cycle.feedback,
        base=base,
        rows=_trained_on(cycle, store),
        lever=lever(judged, settings, cycle.lever) if settings.feedback else None,
    )
    # The second is of a base's first cycle.
    late = f"{cycle.folder}/champion/forecast.json"
    forecast = (gated or {}).get("forecast") or (store.read_json(late) if store.exists(late) else None)
    if forecast and candidate:
        found["forecast"] = compare(forecast, candidate, base)
    return found


def _trained_on(cycle: Cycle, store: Store) -> list[dict[str, Any]]:
    """What the candidate learned from: kept examples, and anchors where there were some."""
    for key in (f"{cycle.folder}/training/rows.jsonl", f"{cycle.folder}/gate/kept.jsonl"):
        if store.exists(key):
            return [json.loads(line) for line in store.read_lines(key)]
    return []


def overtaken_by(cycle: Cycle, chronicle: Chronicle) -> str | None:
    """The closed live cycle with a later window than this live one; None where there is none."""
    latest = chronicle.latest_closed_live(cycle.system)
    return latest["cycle_id"] if cycle.kind == "live" and latest and latest["until"] > cycle.until else None


def overtaken(later: str, chosen: dict[str, Any]) -> str:
    return f"cycle {later} of a later window is closed: {chosen['version']} replaces nothing"


def tables(cycle: Cycle, chronicle: Chronicle) -> dict[str, Any]:
    """What the Chronicle shows of a cycle."""
    return chronicle.stages(cycle.system, cycle.cycle_id) | {"history": chronicle.history(cycle.system, 30)}


def require_clean(cycle: Cycle, runtime: Runtime, tables: dict[str, Any], *folders: str) -> None:
    """Raises AutodidactError where a text of the cycle, or a row of the Chronicle's tables, looks like a
    secret.
    """
    from autodidact.scanning.scan_artifacts import require_clean_cycle

    for folder in dict.fromkeys((cycle.folder, *folders)):
        require_clean_cycle(runtime.store, folder, cycle.effective(runtime.settings).gate, tables)
