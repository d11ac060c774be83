"""What follows the measurement: decide, promote or keep the champion, close. Runs no model; writes the
Chronicle.
"""

import json
import time
from collections.abc import Callable

from autodidact import seal
from autodidact.chronicle import Chronicle, journal, version_name
from autodidact.chronicle.log import UnderWay
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.promotion import registry
from autodidact.records import Verdict
from autodidact.runtime import Runtime
from autodidact.stages import generator_names, manifest_of, reports_of, verdict_of


def log_stages(cycle, runtime: Runtime, chronicle: Chronicle) -> None:
    """What the cycle's stages wrote to the store, into the Chronicle; what is there already stays as it
    is."""
    system, name = cycle.system, cycle.cycle_id
    for generator in generator_names(cycle):
        if manifest := manifest_of(runtime, cycle, f"generate.{generator}"):
            chronicle.record_generator(system, name, manifest)
    if manifest := manifest_of(runtime, cycle, "gate"):
        report = (
            runtime.store.read_json(f"{cycle.folder}/gate/report.json")
            if "report.json" in manifest.outputs
            else {}
        )
        chronicle.record_gate(system, name, manifest, report)
    if manifest := manifest_of(runtime, cycle, "train"):
        chronicle.record_training(system, name, manifest)
        if manifest.status == "done":
            digest = manifest.outputs["adapter"].sha256
            adapter = {"path": f"{cycle.folder}/training/adapter", "sha256": digest}
            quantization = manifest.model_extra["training"]["settings"]["quantization"]
            version = version_name(name, digest)
            seal.seal(runtime.store, cycle.folder, version=version)
            chronicle.register_version(system, version, name, cycle.base, adapter, quantization)
    for role, report in reports_of(cycle, runtime).items():
        chronicle.record_benchmark(system, name, role, report)


def candidate_of(cycle, runtime: Runtime) -> str | None:
    """The version that this cycle trained, or None."""
    manifest = manifest_of(runtime, cycle, "train")
    return (
        version_name(cycle.cycle_id, manifest.outputs["adapter"].sha256)
        if manifest and manifest.status == "done"
        else None
    )


def decide(cycle, runtime: Runtime, *, promote_historical: bool = False) -> str:
    """Writes verdict.json and feedback.json, of earlier candidates that are still to be decided as well.
    Returns `promote` or `keep_champion`.

    Of several candidates worth promoting the newest is: it has seen what the others have. Raises
    AutodidactError where a stage has not finished, or where a text that the cycle wrote looks like a secret.
    """
    with runtime.chronicle() as chronicle:
        # Before the adapter is registered, so that the gate can still be run again without what it let
        # through.
        _require_clean(cycle, runtime, {})
        worthy, champion = None, chronicle.champion(cycle.system)
        for each in _late(cycle, runtime, chronicle):
            chosen = _decide(each, runtime, chronicle, promote_historical)
            if (
                chosen and champion and chosen["expected"] == champion["version"]
            ):  # else it was measured against another
                worthy = chosen
        worthy = _decide(cycle, runtime, chronicle, promote_historical) or worthy
        told: dict = {"promotes": worthy}
        if worthy and (by := overtaken_by(cycle, chronicle)):
            reason = f"cycle {by} of a later window is closed: {worthy['version']} replaces nothing"
            told = {"promotes": None, "ended": {"outcome": "superseded", "reason": reason}}
        elif worthy:
            _require_clean(
                cycle, runtime, _tables(cycle, chronicle), f"{cycle.system}/cycles/{worthy['cycle_id']}"
            )
    key = f"{cycle.folder}/verdict.json"
    runtime.store.write_json(key, runtime.store.read_json(key) | told)
    return "promote" if told["promotes"] else "keep_champion"


def overtaken_by(cycle, chronicle: Chronicle) -> str | None:
    """The closed live cycle with a later window than this live one; None where there is none."""
    latest = chronicle.latest_closed_live(cycle.system)
    return latest["cycle_id"] if cycle.kind == "live" and latest and latest["until"] > cycle.until else None


def _late(cycle, runtime: Runtime, chronicle: Chronicle) -> list:
    """Earlier cycles of the same kind whose candidate is still to be decided, oldest first.

    It was measured and got no verdict, or its verdict was to promote it and the promotion failed.
    """
    from autodidact.cycle import Cycle

    store, names = runtime.store, set()
    for key in store.list(f"{cycle.system}/cycles"):
        folder, _, name = key.partition("/benchmark/")
        if name == "manifest.json" and not store.exists(f"{folder}/verdict.json"):
            names.add(folder.rpartition("/")[2])
        folder, _, name = key.rpartition("/")
        if name == "verdict.json" and folder != cycle.folder:
            names.add(_unfinished(store.read_json(key).get("promotes"), folder, cycle.system, chronicle))
    found = [
        Cycle.model_validate(store.read_json(f"{cycle.system}/cycles/{name}/cycle.json"))
        for name in names - {None, cycle.cycle_id}
    ]
    return sorted(
        (each for each in found if each.kind == cycle.kind and each.until < cycle.until),
        key=lambda each: each.until,
    )


def _unfinished(promotes: dict | None, folder: str, system: str, chronicle: Chronicle) -> str | None:
    """The cycle whose candidate the cycle of that folder was to promote, where it is open still and the
    candidate never came into service.
    """
    if not promotes:
        return None
    try:
        closed = chronicle.is_closed(system, folder.rpartition("/")[2])
        state = chronicle.version(system, promotes["version"])["state"]
    except UsageError:  # the Chronicle knows nothing of it
        return None
    return promotes["cycle_id"] if state == "benchmarked" and not closed else None


def _tables(cycle, chronicle: Chronicle) -> dict:
    """What the Chronicle shows of a cycle."""
    return chronicle.stages(cycle.system, cycle.cycle_id) | {"history": chronicle.history(cycle.system, 30)}


def _require_clean(cycle, runtime: Runtime, tables: dict, *folders: str) -> None:
    """Raises AutodidactError where a text of the cycle, or a row of the Chronicle's tables, looks like a
    secret.
    """
    from autodidact.scanning.artifacts import require_clean_cycle

    for folder in dict.fromkeys((cycle.folder, *folders)):
        require_clean_cycle(runtime.store, folder, cycle.effective(runtime.settings).gate, tables)


def _require_measured(cycle, runtime: Runtime) -> None:
    """Raises AutodidactError where a stage neither ended nor was skipped: a failed one that somebody marked a
    success, say.
    """
    for stage in ("gate", "train", "benchmark"):
        manifest = manifest_of(runtime, cycle, stage)
        if manifest is None:
            raise AutodidactError(
                f"{stage} of {cycle.cycle_id} has not finished",
                f"Clear it, or run `autodidact {stage} --cycle {cycle.cycle_id}`.",
            )
        if manifest.status == "skipped":
            return


def _decide(cycle, runtime: Runtime, chronicle: Chronicle, promote_historical: bool) -> dict | None:
    """One candidate's verdict, written and logged. Returns {"cycle_id", "version", "expected"} when it is to
    be promoted.
    """
    from autodidact.gate.forecast import compare
    from autodidact.promotion.feedback import feedback
    from autodidact.promotion.steering import lever
    from autodidact.promotion.verdict import verdict

    settings, store = cycle.effective(runtime.settings), runtime.store
    _require_measured(cycle, runtime)
    log_stages(cycle, runtime, chronicle)
    reports, version, week = reports_of(cycle, runtime), candidate_of(cycle, runtime), cycle.benchmark["week"]
    if version and "candidate" in reports:
        looks, last = chronicle.looks(cycle.system, week, but=cycle.cycle_id), max(cycle.benchmark["blocks"])
        judged = verdict(reports["candidate"], reports["champion"], settings, looks, reports["base"], last)
    else:
        why = next(
            (
                m.reason
                for stage in ("gate", "train")
                if (m := manifest_of(runtime, cycle, stage)) and m.reason
            ),
            None,
        )
        judged = Verdict(
            outcome="undecided", reasons=[f"there is no candidate: {why or 'nothing was trained'}"]
        )
    looked = (version and "candidate" in reports) and (
        cycle.kind == "live" or promote_historical
    )  # what cannot promote spends nothing
    promotes = judged.outcome == "promote"
    if promotes and cycle.kind == "historical" and not promote_historical:
        promotes = False
        judged.reasons.append("a historical window does not promote unless asked (promote_historical)")
    state = chronicle.version(cycle.system, version)["state"] if version else None
    if promotes and state not in (
        "candidate",
        "benchmarked",
        "promoting",
        "champion",
    ):  # a person, or the watch, has decided since
        promotes = False
        judged.reasons.append(f"{version} is {state}: a cycle promotes only what has just been measured")
    # The week: the Chronicle counts the looks of a week by it, and can be made again from the store.
    beside = {"candidate": version, "week": week if looked else None}
    store.write_json(f"{cycle.folder}/verdict.json", judged.model_dump(mode="json") | beside)
    gate = manifest_of(runtime, cycle, "gate")
    report = (
        store.read_json(f"{cycle.folder}/gate/report.json")
        if gate and "report.json" in gate.outputs
        else None
    )
    pulled = lever(judged, settings, cycle.lever) if settings.feedback else None
    told = feedback(
        reports.get("candidate"),
        reports.get("champion"),
        judged,
        report,
        cycle.feedback,
        base=reports.get("base"),
        rows=_trained_on(cycle, runtime),
        lever=pulled,
    )
    late = f"{cycle.folder}/champion/forecast.json"  # of a base's first cycle
    forecast = (report or {}).get("forecast") or (store.read_json(late) if store.exists(late) else None)
    if forecast and "candidate" in reports:
        told["forecast"] = compare(forecast, reports["candidate"], reports.get("base"))
    store.write_json(f"{cycle.folder}/feedback.json", told)
    champion = cycle.champion["version"] if cycle.champion else None
    chronicle.record_verdict(
        cycle.system, cycle.cycle_id, judged, candidate=version, champion=champion, week=beside["week"]
    )
    if state == "candidate":
        chronicle.set_state(
            cycle.system, version, "benchmarked", "autodidact", f"overall {reports['candidate'].overall}"
        )
    if promotes:
        return {"cycle_id": cycle.cycle_id, "version": version, "expected": champion}
    if version and chronicle.version(cycle.system, version)["state"] == "benchmarked":
        chronicle.set_state(
            cycle.system,
            version,
            "rejected",
            "autodidact",
            f"{judged.outcome}: {'; '.join(judged.reasons)[:500]}",
        )
    return None


def _trained_on(cycle, runtime: Runtime) -> list[dict]:
    """What the candidate learned from: kept examples, and anchors where there were some."""
    for key in (f"{cycle.folder}/training/rows.jsonl", f"{cycle.folder}/gate/kept.jsonl"):
        if runtime.store.exists(key):
            return [json.loads(line) for line in runtime.store.read_lines(key)]
    return []


def promote(cycle, runtime: Runtime) -> dict:
    """Promotes what `decide` chose. Returns what others are told: system, version, cycle, overall.

    Raises Skipped when another cycle was first: then this one goes on without a promotion. Raises RolledBack
    when the deployment failed and the champion serves again: the cycle stays open, and its candidate is taken
    up by the next cycle, or by this task once more.
    """
    key = f"{cycle.folder}/verdict.json"
    verdict = {name: value for name, value in runtime.store.read_json(key).items() if name != "ended"}
    chosen = verdict.get("promotes")
    if not chosen:
        raise AutodidactError(f"the verdict of {cycle.cycle_id} promotes nothing", "Run decide again.")
    settings, reason = cycle.effective(runtime.settings), f"verdict of {cycle.cycle_id}"

    def ended(outcome: str, why: str) -> None:
        runtime.store.write_json(key, verdict | {"ended": {"outcome": outcome, "reason": why}})

    def work() -> dict:
        if by := overtaken_by(cycle, chronicle):
            raise registry.Superseded(
                f"cycle {by} of a later window is closed: {chosen['version']} replaces nothing"
            )
        return registry.promote(
            chronicle,
            runtime.store,
            settings,
            cycle.system,
            chosen["version"],
            expected=chosen["expected"],
            by="autodidact",
            reason=reason,
            states=("benchmarked", "promoting"),
        )

    with runtime.chronicle() as chronicle:
        ended("failed", f"the promotion of {chosen['version']} was interrupted")
        try:
            row = _when_free(work, settings.deploy.timeout)
        except (registry.RolledBack, registry.Superseded) as error:
            outcome = "rolled_back" if isinstance(error, registry.RolledBack) else "superseded"
            ended(outcome, error.message)
            chronicle.event(cycle.system, outcome, error.message, cycle.cycle_id)
            if outcome == "superseded":
                raise Skipped(error.message) from None
            raise
        except AutodidactError as error:
            ended("failed", error.message)
            raise
    runtime.store.write_json(key, verdict)
    runtime.say(f"promoted: {row['version']} serves {cycle.system}")
    reports = reports_of(cycle, runtime)
    overall = reports["candidate"].overall if "candidate" in reports else None
    return {
        "system": cycle.system,
        "version": row["version"],
        "cycle_id": chosen["cycle_id"],
        "overall": overall,
    }


def _when_free(work: Callable[[], dict], seconds: float) -> dict:
    """Does `work`; while another promotion of the system is under way, it waits. Raises UnderWay after
    `seconds`.
    """
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
            chronicle,
            runtime.store,
            settings,
            cycle.system,
            by="autodidact",
            reason=reason,
            cycle_id=cycle.cycle_id,
        )
        if told.get("regressions"):
            lost = ", ".join(sorted(told["regressions"]))
            chronicle.event(
                cycle.system,
                "regressions",
                f"categories that regressed: {lost}",
                cycle.cycle_id,
                told["regressions"],
            )
    runtime.say(f"kept: {row['version']} still serves {cycle.system}")


def close_cycle(cycle, runtime: Runtime, *, refused: bool = False) -> dict:
    """Logs what is left, writes card.md, closes the cycle. Returns its summary. `refused`: a person was asked
    for consent to its promotion and said no.

    Raises AutodidactError, and leaves the cycle open, when a text it wrote or a row of the Chronicle looks
    like a secret, when nothing was decided, or when the promotion that its verdict asked for has not ended.
    """
    from autodidact.summary import as_card, summarize

    with runtime.chronicle() as chronicle:
        log_stages(cycle, runtime, chronicle)
        _require_clean(cycle, runtime, _tables(cycle, chronicle))
        outcome, reason = _ending(cycle, runtime, chronicle, refused)
        failed = [
            name for name in generator_names(cycle) if manifest_of(runtime, cycle, f"generate.{name}") is None
        ]
        if failed:
            line = f"{len(failed)} of its generators failed: {', '.join(failed)}"
            chronicle.event(cycle.system, "generators_failed", line, cycle.cycle_id, {"failed": failed})
            runtime.say(f"WARNING: {line}")
            reason = f"{reason}; {line}"
        chronicle.close_cycle(cycle.system, cycle.cycle_id, outcome, reason)
        seal.seal(runtime.store, cycle.folder, closed=True)
        journal.write(chronicle, runtime.store, cycle.system)
        summary = summarize(cycle, runtime, chronicle)
    runtime.store.write_text(f"{cycle.folder}/card.md", as_card(summary))
    return summary


def _ending(cycle, runtime: Runtime, chronicle: Chronicle, refused: bool) -> tuple[str, str]:
    """(outcome, reason) of a cycle that is about to be closed. Raises AutodidactError before it is decided,
    and while its promotion has neither worked nor been given up.
    """
    judged = verdict_of(cycle, runtime)
    if judged is None:  # a failed task that somebody marked a success
        raise AutodidactError(
            f"decide of {cycle.cycle_id} has not finished", "Clear the first task that failed."
        )
    told = runtime.store.read_json(f"{cycle.folder}/verdict.json")
    reason, promotes, ended = "; ".join(judged.reasons), told.get("promotes"), told.get("ended")
    if ended and ended["outcome"] in ("rolled_back", "superseded"):
        return ended["outcome"], ended["reason"]
    if not promotes:
        return "kept", reason
    if promotes["version"] in chronicle.reigns(cycle.system):
        return "promoted", reason
    if refused and not ended:
        return "kept", f"the promotion of {promotes['version']} was not approved"
    raise AutodidactError(
        f"{ended['reason'] if ended else 'the promotion of ' + promotes['version'] + ' has not been tried'}",
        "Clear the task promote.",
    )


def rollback(runtime: Runtime, *, to: str | None, reason: str, by: str, once: bool = False) -> str:
    """Brings an archived version back, verified as a promotion is; `to` None: the champion before the present
    one. Returns the version.

    `once`: where `by` has brought a version back already, nothing is done, and Skipped is raised if that
    version serves no more.
    """
    from autodidact.cycle import system_of

    if not reason.strip():
        raise UsageError("A rollback needs a reason", "Say why with --reason; it is kept in the Chronicle.")
    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        if once and (done := chronicle.reigns(system, by)):
            _require_champion(chronicle, system, done[-1], by)
            change, to = (
                registry.promote,
                {"version": done[-1], "expected": done[-1]},
            )  # ends what a kill left
        else:
            change, to = registry.rollback, {"to": to}
        row = change(chronicle, runtime.store, runtime.settings, system, **to, by=by, reason=reason)
    runtime.say(f"rolled back: {row['version']} serves {system}")
    return row["version"]


def _require_champion(chronicle: Chronicle, system: str, version: str, by: str) -> None:
    """Raises Skipped where the version, which `by` has brought back, is no longer the champion."""
    champion = chronicle.champion(system)["version"]
    if champion != version:
        raise Skipped(
            f"{by} has brought {version} back already, and now {champion} serves {system}: to roll back again,"
            " ask for it anew"
        )


def promote_by_hand(runtime: Runtime, version: str, *, reason: str, by: str, override: bool = False) -> str:
    """A person promotes a measured version, with `override` one that its verdict rejected; logged with the
    reason. Returns the version.
    """
    from autodidact.cycle import system_of

    if not reason.strip():
        raise UsageError(
            "A promotion by hand needs a reason", "Say why with --reason; it is kept in the Chronicle."
        )
    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        champion = chronicle.champion(system)
        if champion is None:
            raise Skipped(f"{system} has no champion yet: run a cycle first")
        row = chronicle.version(system, version)
        if row["state"] == "rejected" and not override:
            raise UsageError(
                f"version {version} was rejected: {row['reason']}", "Promote it all the same with --override."
            )
        why = f"by hand{', against its verdict' if row['state'] == 'rejected' else ''}: {reason}"
        row = registry.promote(
            chronicle,
            runtime.store,
            runtime.settings,
            system,
            version,
            expected=champion["version"],
            by=by,
            reason=why,
        )
    return row["version"]


def repair(runtime: Runtime, *, by: str) -> dict:
    """Finishes or undoes a promotion that was killed, and probes the champion: {"system", "champion", "done":
    lines}.
    """
    from autodidact.cycle import system_of
    from autodidact.promotion import recovery

    system = system_of(runtime.settings)
    with runtime.chronicle() as chronicle:
        done = recovery.repair(chronicle, runtime.store, runtime.settings, system, by)
        champion = chronicle.champion(system)
    return {
        "system": system,
        "champion": champion["version"] if champion else None,
        "done": done or ["nothing had to be mended"],
    }
