"""What follows the measurement: decide, promote or keep the champion, close. Runs no model; writes the Chronicle."""

import json
import time
from collections.abc import Callable

from autodidact.chronicle import Chronicle, journal, version_name
from autodidact.chronicle.log import UnderWay
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.promotion import registry
from autodidact.records import Verdict
from autodidact.runtime import Runtime
from autodidact.stages import generator_names, manifest_of, reports_of, verdict_of


def log_stages(cycle, runtime: Runtime, chronicle: Chronicle) -> None:
    """What the cycle's stages wrote to the store, into the Chronicle; what is there already stays as it is."""
    system, name = cycle.system, cycle.cycle_id
    for generator in generator_names(cycle):
        if manifest := manifest_of(runtime, cycle, f"generate.{generator}"):
            chronicle.record_generator(system, name, manifest)
    if manifest := manifest_of(runtime, cycle, "gate"):
        report = runtime.store.read_json(f"{cycle.folder}/gate/report.json") if "report.json" in manifest.outputs else {}
        chronicle.record_gate(system, name, manifest, report)
    if manifest := manifest_of(runtime, cycle, "train"):
        chronicle.record_training(system, name, manifest)
        if manifest.status == "done":
            digest = manifest.outputs["adapter"].sha256
            adapter = {"path": f"{cycle.folder}/training/adapter", "sha256": digest}
            quantization = manifest.model_extra["training"]["settings"]["quantization"]
            version = version_name(name, digest)
            chronicle.register_version(system, version, name, cycle.base, adapter, quantization)
    for role, report in reports_of(cycle, runtime).items():
        chronicle.record_benchmark(system, name, role, report)


def candidate_of(cycle, runtime: Runtime) -> str | None:
    """The version that this cycle trained, or None."""
    manifest = manifest_of(runtime, cycle, "train")
    return version_name(cycle.cycle_id, manifest.outputs["adapter"].sha256) if manifest and manifest.status == "done" else None


def decide(cycle, runtime: Runtime, *, promote_historical: bool = False) -> str:
    """Writes verdict.json and feedback.json, of earlier candidates measured only now as well. Returns `promote` or `keep_champion`.

    Of several candidates worth promoting the newest is: it has seen what the others have.
    """
    with runtime.chronicle() as chronicle:
        worthy = None
        for each in [*_late(cycle, runtime), cycle]:
            worthy = _decide(each, runtime, chronicle, promote_historical) or worthy
    key = f"{cycle.folder}/verdict.json"
    runtime.store.write_json(key, runtime.store.read_json(key) | {"promotes": worthy})
    return "promote" if worthy else "keep_champion"


def _late(cycle, runtime: Runtime) -> list:
    """Earlier cycles of the same kind with a measured candidate and no verdict, oldest first."""
    from autodidact.cycle import Cycle

    found = []
    for key in runtime.store.list(f"{cycle.system}/cycles"):
        folder, _, name = key.partition("/benchmark/")
        if name == "manifest.json" and not runtime.store.exists(f"{folder}/verdict.json"):
            earlier = Cycle.model_validate(runtime.store.read_json(f"{folder}/cycle.json"))
            if earlier.kind == cycle.kind and earlier.until < cycle.until:
                found.append(earlier)
    return sorted(found, key=lambda c: c.until)


def _decide(cycle, runtime: Runtime, chronicle: Chronicle, promote_historical: bool) -> dict | None:
    """One candidate's verdict, written and logged. Returns {"cycle_id", "version", "expected"} when it is to be promoted."""
    from autodidact.gate.forecast import compare
    from autodidact.promotion.feedback import feedback
    from autodidact.promotion.steering import lever
    from autodidact.promotion.verdict import verdict

    settings, store = cycle.effective(runtime.settings), runtime.store
    log_stages(cycle, runtime, chronicle)
    reports, version, week = reports_of(cycle, runtime), candidate_of(cycle, runtime), cycle.benchmark["week"]
    if version and "candidate" in reports:
        looks, last = chronicle.looks(cycle.system, week, but=cycle.cycle_id), max(cycle.benchmark["blocks"])
        judged = verdict(reports["candidate"], reports["champion"], settings, looks, reports["base"], last)
    else:
        manifest = manifest_of(runtime, cycle, "gate")
        judged = Verdict(outcome="undecided", reasons=[f"there is no candidate: {(manifest and manifest.reason) or 'nothing was trained'}"])
    looked = (version and "candidate" in reports) and (cycle.kind == "live" or promote_historical)  # what cannot promote spends nothing
    promotes = judged.outcome == "promote"
    if promotes and cycle.kind == "historical" and not promote_historical:
        promotes = False
        judged.reasons.append("a historical window does not promote unless asked (promote_historical)")
    # The week: the Chronicle counts the looks of a week by it, and can be made again from the store.
    beside = {"candidate": version, "week": week if looked else None}
    store.write_json(f"{cycle.folder}/verdict.json", judged.model_dump(mode="json") | beside)
    gate = manifest_of(runtime, cycle, "gate")
    report = store.read_json(f"{cycle.folder}/gate/report.json") if gate and "report.json" in gate.outputs else None
    pulled = lever(judged, settings, cycle.lever) if settings.feedback else None
    told = feedback(
        reports.get("candidate"), reports.get("champion"), judged, report, cycle.feedback, base=reports.get("base"),
        rows=_trained_on(cycle, runtime), lever=pulled,
    )  # fmt: skip
    if report and report.get("forecast") and "candidate" in reports:
        told["forecast"] = compare(report["forecast"], reports["candidate"], reports.get("base"))
    store.write_json(f"{cycle.folder}/feedback.json", told)
    champion = cycle.champion["version"] if cycle.champion else None
    chronicle.record_verdict(cycle.system, cycle.cycle_id, judged, candidate=version, champion=champion, week=beside["week"])
    if version and chronicle.version(cycle.system, version)["state"] == "candidate":
        chronicle.set_state(cycle.system, version, "benchmarked", "autodidact", f"overall {reports['candidate'].overall}")
    if promotes:
        return {"cycle_id": cycle.cycle_id, "version": version, "expected": champion}
    if version and chronicle.version(cycle.system, version)["state"] == "benchmarked":
        chronicle.set_state(cycle.system, version, "rejected", "autodidact", f"{judged.outcome}: {'; '.join(judged.reasons)[:500]}")
    return None


def _trained_on(cycle, runtime: Runtime) -> list[dict]:
    """What the candidate learned from: kept examples, and anchors where there were some."""
    for key in (f"{cycle.folder}/training/rows.jsonl", f"{cycle.folder}/gate/kept.jsonl"):
        if runtime.store.exists(key):
            return [json.loads(line) for line in runtime.store.read_lines(key)]
    return []


def promote(cycle, runtime: Runtime) -> dict:
    """Promotes what `decide` chose. Returns what others are told: system, version, cycle, overall.

    Raises Skipped when the cycle goes on without a promotion: the probe failed and the champion serves again, or another cycle was first.
    """
    key = f"{cycle.folder}/verdict.json"
    verdict = runtime.store.read_json(key)
    chosen = verdict.get("promotes")
    if not chosen:
        raise AutodidactError(f"the verdict of {cycle.cycle_id} promotes nothing", "Run decide again.")
    settings, reason = cycle.effective(runtime.settings), f"verdict of {cycle.cycle_id}"
    with runtime.chronicle() as chronicle:
        try:
            row = _when_free(
                lambda: registry.promote(
                    chronicle, runtime.store, settings, cycle.system, chosen["version"], expected=chosen["expected"], by="autodidact",
                    reason=reason,
                ),
                settings.deploy.timeout,
            )  # fmt: skip
        except (registry.RolledBack, registry.Superseded) as error:
            ended = "rolled_back" if isinstance(error, registry.RolledBack) else "superseded"
            runtime.store.write_json(key, verdict | {"ended": {"outcome": ended, "reason": error.message}})
            chronicle.event(cycle.system, ended, error.message, cycle.cycle_id)
            raise Skipped(error.message) from None
    runtime.store.write_json(key, {name: value for name, value in verdict.items() if name != "ended"})
    runtime.say(f"promoted: {row['version']} serves {cycle.system}")
    reports = reports_of(cycle, runtime)
    overall = reports["candidate"].overall if "candidate" in reports else None
    return {"system": cycle.system, "version": row["version"], "cycle_id": chosen["cycle_id"], "overall": overall}


def _when_free(work: Callable[[], dict], seconds: float) -> dict:
    """Does `work`; while another promotion of the system is under way, it waits. Raises UnderWay after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            return work()
        except UnderWay:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def keep_champion(cycle, runtime: Runtime) -> None:
    """Leaves the champion where it is, sees that it serves, and logs which categories regressed."""
    judged, settings = verdict_of(cycle, runtime), cycle.effective(runtime.settings)
    told = runtime.store.read_json(f"{cycle.folder}/feedback.json")
    with runtime.chronicle() as chronicle:
        reason = "; ".join(judged.reasons) or judged.outcome
        row = registry.keep_champion(
            chronicle, runtime.store, settings, cycle.system, by="autodidact", reason=reason, cycle_id=cycle.cycle_id
        )
        if told.get("regressions"):
            lost = ", ".join(sorted(told["regressions"]))
            chronicle.event(cycle.system, "regressions", f"categories that regressed: {lost}", cycle.cycle_id, told["regressions"])
    runtime.say(f"kept: {row['version']} still serves {cycle.system}")


def close_cycle(cycle, runtime: Runtime) -> dict:
    """Logs what is left, writes card.md, closes the cycle. Returns its summary.

    Raises AutodidactError, and leaves the cycle open, when a text it wrote or a row of the Chronicle looks like a secret.
    """
    from autodidact.gate.artifacts import require_clean_cycle
    from autodidact.summary import as_card, summarize

    with runtime.chronicle() as chronicle:
        log_stages(cycle, runtime, chronicle)
        tables = chronicle.stages(cycle.system, cycle.cycle_id) | {"history": chronicle.history(cycle.system, 30)}
        require_clean_cycle(runtime.store, cycle.folder, cycle.effective(runtime.settings).gate, tables)
        judged = verdict_of(cycle, runtime)
        told = runtime.store.read_json(f"{cycle.folder}/verdict.json") if judged else {}
        outcome, reason = "kept", "; ".join(judged.reasons) if judged else "no verdict"
        if promotes := told.get("promotes"):
            if ended := told.get("ended"):
                outcome, reason = ended["outcome"], ended["reason"]
            elif promotes["version"] in chronicle.reigns(cycle.system):
                outcome = "promoted"
            else:
                reason = f"the promotion of {promotes['version']} was not approved"
        chronicle.close_cycle(cycle.system, cycle.cycle_id, outcome, reason)
        journal.write(chronicle, runtime.store, cycle.system)
        summary = summarize(cycle, runtime, chronicle)
    runtime.store.write_text(f"{cycle.folder}/card.md", as_card(summary))
    return summary


def rollback(runtime: Runtime, *, to: str | None, reason: str, by: str) -> str:
    """Brings an archived version back, verified as a promotion is; `to` None: the champion before the present one. Returns the version."""
    from autodidact.cycle import system_of

    if not reason.strip():
        raise UsageError("A rollback needs a reason", "Say why with --reason; it is kept in the Chronicle.")
    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        row = registry.rollback(chronicle, runtime.store, runtime.settings, system, to, by=by, reason=reason)
    runtime.say(f"rolled back: {row['version']} serves {system}")
    return row["version"]


def promote_by_hand(runtime: Runtime, version: str, *, reason: str, by: str, override: bool = False) -> str:
    """A person promotes a measured version, with `override` one that its verdict rejected; logged with the reason. Returns the version."""
    from autodidact.cycle import system_of

    if not reason.strip():
        raise UsageError("A promotion by hand needs a reason", "Say why with --reason; it is kept in the Chronicle.")
    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        champion = chronicle.champion(system)
        if champion is None:
            raise Skipped(f"{system} has no champion yet: run a cycle first")
        row = chronicle.version(system, version)
        if row["state"] == "rejected" and not override:
            raise UsageError(f"version {version} was rejected: {row['reason']}", "Promote it all the same with --override.")
        why = f"by hand{', against its verdict' if row['state'] == 'rejected' else ''}: {reason}"
        row = registry.promote(chronicle, runtime.store, runtime.settings, system, version, expected=champion["version"], by=by, reason=why)
    return row["version"]


def repair(runtime: Runtime, *, by: str) -> dict:
    """Finishes or undoes a promotion that was killed, and probes the champion: {"system", "champion", "done": lines}."""
    from autodidact.cycle import system_of
    from autodidact.promotion import recovery

    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        done = recovery.repair(chronicle, runtime.store, runtime.settings, system, by)
        champion = chronicle.champion(system)
    return {"system": system, "champion": champion["version"] if champion else None, "done": done or ["nothing had to be mended"]}
