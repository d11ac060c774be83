"""The tasks: each finds its cycle, calls the stage of the same name, and says in Airflow's terms how it
ended.
"""

import os

from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact_airflow import allowed_params as run_params
from autodidact_airflow import metrics, timeouts_and_retries
from autodidact_airflow.errors_as_task_outcomes import airflow_terms

AGAIN = "to run the window again use the param `again`"


# What the DAG file reads from the environment, and what is allowed there; the first is what it takes when
# nothing is set.
WIRING = {
    "AUTODIDACT_TRAINING__WHERE": ("queue", "local", "kubernetes"),
    "AUTODIDACT_APPROVAL": ("none", "before_train", "before_promote"),
}


def check_deployment() -> None:
    """What the DAG file read from the environment, checked here, where a mistake is one red task and no
    import error.
    """
    for variable, allowed in WIRING.items():
        if (value := os.environ.get(variable) or allowed[0]) not in allowed:
            raise UsageError(f"{variable} is {value!r}", f"Set it to one of: {', '.join(allowed)}.")
    if wrong := timeouts_and_retries.complaint():
        raise UsageError(wrong, "Set it to a number of hours, for example 20 or 0.5.")
    from autodidact_airflow import notify

    if wrong := notify.complaint():
        raise UsageError(wrong, f"Name any of {', '.join(notify.EVENTS)} with commas between, or `all`.")


def check_wiring(settings) -> None:
    """Raises UsageError for a wish about the DAG's wiring that a file or a param has and its variable has
    not: nothing would come of it.
    """
    for variable, wanted in zip(WIRING, (settings.training.where, settings.approval), strict=True):
        if wanted != (os.environ.get(variable) or WIRING[variable][0]):
            key = variable.removeprefix("AUTODIDACT_").lower().replace("__", ".")
            raise UsageError(
                f"{key} is {wanted!r}, and the DAG was wired without it: it reads no file",
                f"Set {variable}={wanted} where Airflow runs.",
            )


def open_cycle(params: dict, dag_run, data_interval_start=None, data_interval_end=None) -> dict:
    """Opens the run's cycle, or goes on with it. Returns the ids that every other task needs, `closed` when
    there is nothing left to do.
    """
    from autodidact.cycle.open import open_cycle
    from autodidact.sources.name_of_system import system_of
    from autodidact_airflow import repository_mirrors
    from autodidact_airflow.runtime_from_connections import runtime
    from autodidact_airflow.window_of_run import window_of

    window = window_of(dag_run.run_type, dag_run.run_after, data_interval_start, data_interval_end)
    with airflow_terms():
        check_deployment()
        overrides = run_params.overrides(params)
        here = runtime(overrides)
        run_params.require_bounds(here.settings, overrides)
        check_wiring(here.settings)
        repository_mirrors.refresh(here)
        try:
            opened = open_cycle(
                here,
                until=window.until,
                since=window.since,
                historical=window.historical,
                resume=bool(params.get("resume")),
                again=bool(params.get("again")),
                keep_base=run_params.names_another_base(overrides),
                scheduled=getattr(dag_run.run_type, "value", dag_run.run_type) == "scheduled",
            )
        except Skipped as skip:
            here.say(str(skip))
            return {"system": system_of(here.settings), "cycle_id": None, "closed": True}
    return {"system": opened.system, "cycle_id": opened.cycle_id, "closed": False}


def ready(ids: dict | None) -> dict:
    """The ids of an open cycle. Raises AutodidactError without any, Skipped where the cycle was closed when
    the run began.
    """
    if not isinstance(ids, dict) or not {"system", "cycle_id", "closed"} <= ids.keys():
        raise AutodidactError("open_cycle did not succeed", "Its log says why; mend that and clear the run.")
    if ids["closed"]:
        raise Skipped(f"the cycle of this window is closed; {AGAIN}")
    return ids


def load(ids: dict | None):
    """(cycle, runtime). Raises Skipped where the cycle is closed by now: a task of it that is cleared later
    does nothing.
    """
    from autodidact.cycle.record import load_cycle
    from autodidact_airflow import repository_mirrors, structured_log
    from autodidact_airflow.runtime_from_connections import runtime

    ids, here = ready(ids), runtime()
    cycle = load_cycle(here, ids["system"], ids["cycle_id"])
    structured_log.name_cycle(cycle)
    repository_mirrors.require_commits(cycle, here)
    with here.chronicle() as chronicle:
        if chronicle.is_closed(cycle.system, cycle.cycle_id):
            here.say(line := f"cycle {cycle.cycle_id} is closed; {AGAIN}")
            raise Skipped(line)
    return cycle, here


def generate(ids: dict | None, name: str) -> None:
    from autodidact.cycle import run
    from autodidact_airflow import structured_log

    with airflow_terms():
        cycle, here = load(ids)
        require_chosen(name, cycle)
        manifest = run.generate(name, cycle, here)
        structured_log.stage_ended(cycle, manifest)
        here.say(counts_of(name, manifest))


def require_chosen(name: str, cycle) -> None:
    if name not in cycle.generators():
        raise Skipped(f"{name} is not in generators.only")


def counts_of(name: str, manifest) -> str:
    return f"{name}: {manifest.counts.get('examples', 0)} examples in {manifest.seconds} s" + "".join(
        f"; {e.count} x {e.reason}" for e in manifest.errors
    )


def require_opened(ids: dict | None) -> None:
    """Raises Skipped without a cycle, in what runs whatever became of `open_cycle`: that one is red, and one
    red task says it.
    """
    if not ids:
        raise Skipped("open_cycle did not succeed; its log says why: mend that and clear the run")


def stage(ids: dict | None, name: str, ti=None) -> None:
    """knowledge, gate, train, measure_champion or benchmark."""
    from autodidact.cycle import run
    from autodidact.terminal.view import counts_text
    from autodidact_airflow import structured_log

    with airflow_terms():
        if name in ("gate", "knowledge"):
            require_opened(ids)
        cycle, here = load(ids)
        if name == "benchmark":
            note_consent(cycle, here, ti)
        manifest = getattr(run, name)(cycle, here)
        structured_log.stage_ended(cycle, manifest)
        here.say(f"{name}: {counts_text(manifest.counts) or manifest.status} in {manifest.seconds} s")


def note_consent(cycle, here, ti) -> None:
    """Where a person refused the training, as the approval's own answer says, the store says so: nothing is
    missing then.
    """
    from autodidact.training import stage as training

    if refused(ti, "approve_training"):
        training.skip(cycle, here, "the training was not approved")


def require_candidate(cycle, here) -> None:
    """Raises Skipped where no candidate waits to be measured, of this cycle or an earlier one: no pod is made
    for that.
    """
    from autodidact.benchmark.stage import unmeasured

    done = [cycle.manifest(here.store, name) for name in ("gate", "train")]
    skipped = next((manifest for manifest in done if manifest and manifest.status == "skipped"), None)
    if skipped and not unmeasured(cycle, here.store):
        raise Skipped(skipped.reason or "there is no candidate")


def decide(ids: dict | None, promote: str, params: dict) -> str:
    """The task id to go on with: `promote` (the promotion, or the task that asks for consent to it) or
    `keep_champion`.
    """
    from autodidact.cycle.decide import decide as decided

    with airflow_terms():
        cycle, here = load(ids)
        chosen = decided(cycle, here, promote_historical=bool(params.get("promote_historical")))
        return promote if chosen == "promote" else chosen


def promote(ids: dict | None) -> dict:
    """Promotes; returns what the champion asset tells other people's DAGs."""
    from autodidact.cycle import close
    from autodidact_airflow import assets

    with airflow_terms():
        cycle, here = load(ids)
        facts = close.promote(cycle, here)
        return assets.champion(here, facts | assets.probe(cycle.chosen(here.store), here))


def keep_champion(ids: dict | None) -> None:
    from autodidact.cycle import close

    with airflow_terms():
        close.keep_champion(*load(ids))


def refused(ti, task_id: str) -> bool:
    """Whether a person's answer to that approval (approval.py), where there is one, was no."""
    return bool(ti) and ti.xcom_pull(task_ids=task_id, key="answer") == ["Reject"]


def close_cycle(ids: dict | None, ti=None, extra: dict | None = None) -> str:
    """Closes the cycle; returns how it ended, in sentences, which become the note of the run. `extra` gets
    what the asset of the knowledge tells; the notifiers, what happened.
    """
    from autodidact.cycle import close
    from autodidact.cycle.report_text import as_text
    from autodidact_airflow import assets, notify
    from autodidact_airflow.run_note import sentences

    with airflow_terms():
        cycle, here = load(ids)
        summary = close.close_cycle(cycle, here, refused=refused(ti, "approve_promotion"))
        metrics.gauges(summary)
        print(as_text(summary), flush=True)
        (extra if extra is not None else {}).update(assets.knowledge(cycle, summary.get("knowledge")))
        with here.chronicle() as chronicle:
            row = chronicle.cycle(cycle.system, cycle.cycle_id)
        said = sentences(summary)
        notify.push(ti, cycle.system, notify.events_of(row, said, summary), cycle.cycle_id)
        return said


def rollback(params: dict, run_id: str, ti=None) -> dict:
    """Brings an archived version back, probed as a promotion is: once a run, however often the task is tried
    or cleared. Returns what the champion asset tells: the version that serves now.
    """
    from autodidact.promotion import by_hand
    from autodidact.sources.name_of_system import system_of
    from autodidact_airflow import assets, notify
    from autodidact_airflow.runtime_from_connections import runtime

    with airflow_terms():
        here = runtime()
        system, reason, by = (
            system_of(here.settings),
            params["reason"],
            f"the run {run_id} of autodidact_rollback",
        )
        version = by_hand.rollback(here, system, to=params.get("version"), reason=reason, by=by, once=True)
        facts = {"system": system, "version": version, "reason": reason}
        notify.push(ti, system, {"rolled_back": f"{version} serves {system} again: {reason}"})
        return assets.champion(here, facts)


def watch(params: dict, event: dict) -> dict:
    """One look at the champion in its bake time: promotion/watch.py."""
    from autodidact.promotion import watch as watching
    from autodidact.sources.name_of_system import system_of
    from autodidact_airflow.runtime_from_connections import runtime

    with airflow_terms():
        here = runtime()
        seen = watching.look(
            here,
            event.get("system") or system_of(here.settings),
            params.get("version") or event.get("version"),
        )
        here.say(
            f"{seen['version']}: {seen['ended'] or 'not over yet'}, {seen['left']:.0f} s to go;"
            f" {seen['reason']}"
        )
        return seen


def after_watch(seen: dict, ti=None) -> dict:
    """What the champion asset tells when the watch rolled back; skipped when it did not, and when another
    version serves by now: a task that is cleared later tells nobody what is past.
    """
    from autodidact_airflow import assets, notify
    from autodidact_airflow.runtime_from_connections import runtime

    with airflow_terms():
        if seen["ended"] != "rolled_back":
            raise Skipped(f"{seen['version']}: {seen['ended']}")
        here = runtime()
        with here.chronicle() as chronicle:
            champion = chronicle.champion(seen["system"])
        if not champion or champion["version"] != seen["champion"]:
            raise Skipped(f"{seen['champion']}, which the watch brought back, serves no more")
        facts = {"system": seen["system"], "version": seen["champion"], "reason": seen["reason"]}
        text = f"{facts['version']} serves {facts['system']} again: {facts['reason']}"
        notify.push(ti, facts["system"], {"rolled_back": text})
        return assets.champion(here, facts)


def report(ids: dict | None, what: str) -> str:
    """What a person is asked to approve, in Markdown: the gate's report before training, scores and verdict
    of the version, which may be of an earlier cycle, before a promotion.
    """
    from autodidact.cycle.summary import as_card, summarize

    with airflow_terms():
        cycle, here = load(ids)
        key = f"{cycle.folder}/gate/report.md"
        if what == "gate" and here.store.exists(key):
            return here.store.read_text(key)[:20_000]
        promotes = cycle.verdict_file(here.store).get("promotes") if what == "verdict" else None
        head = f"**{promotes['version']}** in place of {promotes['expected']}\n\n" if promotes else ""
        with here.chronicle() as chronicle:
            return (head + as_card(summarize(cycle.chosen(here.store), here, chronicle)))[:20_000]
