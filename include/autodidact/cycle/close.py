"""What follows the decision: promote or keep the champion, close the cycle. Runs no model; writes the
Chronicle.
"""

import time
from collections.abc import Callable
from typing import Any

from autodidact import sealed_cycle
from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.chronicle.chronicle import UnderWay
from autodidact.cycle.decide import overtaken, overtaken_by, require_clean, tables
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.log_training_of_cycle import report_training
from autodidact.cycle.record import Cycle
from autodidact.cycle.summary import as_card, summarize
from autodidact.errors import AutodidactError, Skipped
from autodidact.ledger.ledger_statistics import sentence, warning
from autodidact.ledger.stage import figures_of
from autodidact.promotion import change_champion
from autodidact.retention.prune import prune_after
from autodidact.runtime import Runtime
from autodidact.store import Store
from autodidact.trackers.log_to_trackers import follow_champion

# Stale facts that the page shows by name; `autodidact facts --stale` lists all.
SHOWN_STALE = 30


def promote(cycle: Cycle, runtime: Runtime) -> dict[str, Any]:
    """Promotes what `decide` chose. Returns what others are notified of: system, version, cycle, overall.

    Raises Skipped when another cycle was first: then this one continues without a promotion. Raises
    RolledBack when the deployment failed and the champion serves again: the cycle stays open, and its
    candidate is taken up by the next cycle, or by this task once more.
    """
    key, store = f"{cycle.folder}/verdict.json", runtime.store
    written = {name: value for name, value in cycle.verdict_file(store).items() if name != "ended"}
    chosen = written.get("promotes")
    if not chosen:
        raise AutodidactError(f"the verdict of {cycle.cycle_id} promotes nothing", "Run decide again.")

    def ended(outcome: str, why: str) -> None:
        store.write_json(key, written | {"ended": {"outcome": outcome, "reason": why}})

    with runtime.chronicle() as chronicle:
        ended("failed", f"the promotion of {chosen['version']} was interrupted")
        try:
            row = _promote(cycle, runtime, chronicle, chosen)
        except change_champion.Superseded as error:
            ended("superseded", error.message)
            chronicle.event(cycle.system, "superseded", error.message, cycle.cycle_id)
            raise Skipped(error.message) from None
        except change_champion.RolledBack as error:
            ended("rolled_back", error.message)
            chronicle.event(cycle.system, "rolled_back", error.message, cycle.cycle_id)
            raise
        except AutodidactError as error:
            ended("failed", error.message)
            raise
    store.write_json(key, written)
    runtime.say(f"promoted: {row['version']} serves {cycle.system}")
    candidate = cycle.chosen(store).reports(store).get("candidate")
    return {
        "system": cycle.system,
        "version": row["version"],
        "cycle_id": chosen["cycle_id"],
        "overall": candidate.overall if candidate else None,
    }


def _promote(cycle: Cycle, runtime: Runtime, chronicle: Chronicle, chosen: dict[str, Any]) -> dict[str, Any]:
    """The row of the new champion. Raises Superseded when a later window is closed, RolledBack when the
    deployment failed.
    """
    settings = cycle.effective(runtime.settings)

    def work() -> dict[str, Any]:
        if later := overtaken_by(cycle, chronicle):
            raise change_champion.Superseded(overtaken(later, chosen))
        return change_champion.promote(
            chronicle,
            runtime.store,
            settings,
            cycle.system,
            chosen["version"],
            expected=chosen["expected"],
            by="autodidact",
            reason=f"verdict of {cycle.cycle_id}",
            states=("benchmarked", "promoting"),
        )

    return _when_free(work, settings.deploy.timeout)


def _when_free(work: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any]:
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


def keep_champion(cycle: Cycle, runtime: Runtime) -> None:
    """Leaves the champion where it is, verifies that it serves, and logs which categories regressed."""
    judged = cycle.verdict(runtime.store)
    if judged is None:
        raise AutodidactError(f"{cycle.cycle_id} has no verdict", "Run decide first.")
    lost = runtime.store.read_json(f"{cycle.folder}/feedback.json").get("regressions")
    with runtime.chronicle() as chronicle:
        row = change_champion.keep_champion(
            chronicle,
            runtime.store,
            cycle.effective(runtime.settings),
            cycle.system,
            by="autodidact",
            reason="; ".join(judged.reasons) or judged.outcome,
            cycle_id=cycle.cycle_id,
        )
        if lost:
            message = f"categories that regressed: {', '.join(sorted(lost))}"
            chronicle.event(cycle.system, "regressions", message, cycle.cycle_id, lost)
    runtime.say(f"kept: {row['version']} still serves {cycle.system}")


def close_cycle(cycle: Cycle, runtime: Runtime, *, refused: bool = False) -> dict[str, Any]:
    """Logs what is left, writes card.md, closes the cycle. Returns its summary. `refused`: a person was asked
    for consent to its promotion and said no.

    Raises AutodidactError, and leaves the cycle open, when a text it wrote or a row of the Chronicle looks
    like a secret, when nothing was decided, or when the promotion that its verdict asked for has not ended.
    """
    store, system, name = runtime.store, cycle.system, cycle.cycle_id
    with runtime.chronicle() as chronicle:
        import_manifests(cycle, store, chronicle)
        require_clean(cycle, runtime, tables(cycle, chronicle))
        outcome, reason = _ending(cycle, runtime.store, chronicle, refused)
        failed = [each for each in cycle.generators() if cycle.manifest(store, f"generate.{each}") is None]
        if failed:
            line = f"{len(failed)} of its generators failed: {', '.join(failed)}"
            chronicle.event(system, "generators_failed", line, name, {"failed": failed})
            runtime.say(f"WARNING: {line}")
            reason = f"{reason}; {line}"
        if known := figures_of(cycle, store):
            _log_knowledge(cycle, chronicle, known)
            _warn_of_stale_facts(cycle, runtime, chronicle, known)
        chronicle.close_cycle(system, name, outcome, reason)
        sealed_cycle.seal(store, cycle.folder, closed=True)
        journal_in_store.write(chronicle, store, system)
        summary = summarize(cycle, runtime, chronicle)
        store.write_text(f"{cycle.folder}/card.md", as_card(summary))
        prune_after(runtime, chronicle, system)
    # What was not logged, as a server was away or a kill came between, is logged now.
    report_training(cycle, runtime)
    if champion := summary["champion"]:
        follow_champion(runtime.settings, system, champion, say=runtime.say)
    return summary


def _log_knowledge(cycle: Cycle, chronicle: Chronicle, found: dict[str, Any]) -> None:
    """Logs what the model in service knows, for the page, once: the sentence, and the oldest stale facts."""
    before = chronicle.newest_event(cycle.system, "knowledge")
    if before and before["cycle_id"] == cycle.cycle_id:
        return
    names = ("version", "facts", "asked", "known", "unknown", "wrong", "stale", "share", "age_hours")
    columns = ("kind", "subject", "says", "is", "since")
    stale = [{name: row[name] for name in columns} for row in found["stale_facts"][:SHOWN_STALE]]
    data = {name: found[name] for name in names} | {"stale_facts": stale}
    message = f"{found['version']} {sentence(found)}"
    chronicle.event(cycle.system, "knowledge", message, cycle.cycle_id, data)


def _warn_of_stale_facts(cycle: Cycle, runtime: Runtime, chronicle: Chronicle, found: dict[str, Any]) -> None:
    """Says and logs that more facts than `knowledge.stale_after` have been stale for longer than a day."""
    if line := warning(found, cycle.effective(runtime.settings).knowledge.stale_after):
        names = [row["fact"] for row in found["stale_facts"]]
        chronicle.event(cycle.system, "stale_facts", line, cycle.cycle_id, {"facts": names})
        runtime.say(f"WARNING: {line}")


def _ending(cycle: Cycle, store: Store, chronicle: Chronicle, refused: bool) -> tuple[str, str]:
    """(outcome, reason) of a cycle that is about to be closed. Raises AutodidactError before it is decided,
    and while its promotion has neither worked nor been given up.
    """
    judged, written = cycle.verdict(store), cycle.verdict_file(store)
    if judged is None:  # a failed task that somebody marked a success
        raise AutodidactError(
            f"decide of {cycle.cycle_id} has not finished", "Clear the first task that failed."
        )
    reason = "; ".join(judged.reasons)
    promotes, ended = written.get("promotes"), written.get("ended")
    if ended and ended["outcome"] in ("rolled_back", "superseded"):
        return ended["outcome"], ended["reason"]
    if not promotes:
        return "kept", reason
    if promotes["version"] in chronicle.reigns(cycle.system):
        return "promoted", reason
    if refused and not ended:
        return "kept", f"the promotion of {promotes['version']} was not approved"
    raise AutodidactError(
        ended["reason"] if ended else f"the promotion of {promotes['version']} has not been tried",
        "Clear the task promote.",
    )
