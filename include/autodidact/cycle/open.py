"""Opening a cycle, or resuming it. Its window is in window.py, what it fixes for its stages in freeze.py."""

from datetime import datetime
from typing import Any

from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.cycle import rebuild_chronicle
from autodidact.cycle.freeze import freeze
from autodidact.cycle.record import Cycle, load_cycle
from autodidact.cycle.window import Window, kind_of, name_of
from autodidact.errors import Skipped, UsageError
from autodidact.promotion import recovery
from autodidact.promotion.next_cycle_settings import steer
from autodidact.records import instant
from autodidact.retention.cycle_and_hour_budget import require_budget
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.sources.name_of_system import system_of
from autodidact.sources.snapshot import require_window


def open_cycle(
    runtime: Runtime,
    *,
    until: datetime,
    since: datetime | None = None,
    historical: bool = False,
    resume: bool = False,
    again: bool = False,
    scheduled: bool = False,
    keep_base: bool = False,
) -> Cycle:
    """Opens the cycle that ends at `until`, or resumes it. Finishes or undoes a promotion that was killed.

    `since` counts only for a historical window; a live one begins where the latest closed live cycle ended.
    `resume` takes the newest live cycle still open, whatever its `until`. Raises Skipped when the cycle is
    closed; `again` takes the window's newest try that is still open, or opens another. A `scheduled` window
    that a later live cycle has covered already is Skipped too, unless its cycle was opened before.
    A used-up budget is Skipped, too.
    `keep_base`: the settings' base model must be the champion's, where there is one. Raises UsageError where
    it is not, and for a window that is empty, ends in the future, or ends before the first commit.
    """
    from autodidact.sources.samples import with_samples

    require_window(since, until)
    runtime.store.check_writable()
    window = Window(since, until, historical, resume, again, scheduled, keep_base)
    system, settings = system_of(runtime.settings), with_samples(runtime.settings)
    with runtime.chronicle() as chronicle, runtime.store.lease(f"{system}/lease.json", wait=120):
        _mend(runtime, chronicle, system)
        latest = chronicle.latest_closed_live(system)
        kind = kind_of(window, latest)
        name = name_of(chronicle, system, window, kind, latest)
        if runtime.store.exists(f"{system}/cycles/{name}/cycle.json"):
            return _resume(runtime, chronicle, settings, system, name)
        _require_uncovered(system, window, kind, latest)
        _require_possible(settings)
        require_budget(runtime.settings, runtime.store, chronicle, system)
        cycle = freeze(runtime.store, chronicle, settings, system, name, kind, window)
        _record(runtime, chronicle, cycle)
        return cycle


def require_no_approval(approval: str) -> None:
    """Raises UsageError where a person's consent is wanted: `run` asks nobody."""
    if approval != "none":
        raise UsageError(
            f"approval is {approval!r}, and a person's consent is asked in Airflow alone",
            "Run the cycle there, or stage by stage with `autodidact promote` at its end, or set"
            " approval=none.",
        )


# 1. Mend what was left


def _mend(runtime: Runtime, chronicle: Chronicle, system: str) -> None:
    """Makes Chronicle and store agree, and finishes or undoes a promotion that was killed."""
    for line in rebuild_chronicle.agree(runtime, chronicle, system):
        runtime.say(f"chronicle: {line}")
    for line in recovery.recover(chronicle, runtime.store, runtime.settings, system):
        runtime.say(f"recovered: {line}")


# 2. It was opened before


def _resume(runtime: Runtime, chronicle: Chronicle, settings: Settings, system: str, name: str) -> Cycle:
    """The open cycle, with its frozen settings; says which are different now. Raises Skipped when it is
    closed.
    """
    cycle = load_cycle(runtime, system, name)
    # Where opening it was killed between the store and the Chronicle, the Chronicle learns of it now.
    chronicle.record_cycle(runtime.store.read_json(f"{cycle.folder}/cycle.json"))
    if chronicle.is_closed(system, name):
        raise Skipped(f"The cycle {name} of {system} is closed; it is left alone (`again` opens {name}-2)")
    now = steer(settings, cycle.feedback)[0].frozen()
    changed = sorted(key for key, value in now.items() if cycle.settings.get(key) != value)
    different = (
        f"; its frozen settings stay in force (now different: {', '.join(changed)})" if changed else ""
    )
    runtime.say(f"resumed: cycle {name} of {system}{different}")
    return cycle


# 3. Can it be opened?


def _require_uncovered(system: str, window: Window, kind: str, latest: dict[str, Any] | None) -> None:
    """Raises Skipped for a scheduled window that a later cycle covered."""
    if window.scheduled and kind == "historical" and not window.chosen and latest:
        raise Skipped(
            f"The window to {instant(window.until)} is covered by the cycle {latest['cycle_id']} of {system};"
            " no other is opened"
        )


def _require_possible(settings: Settings) -> None:
    """Raises UsageError for a setting that no stage could work with: frozen, it would fail the cycle however
    often it is resumed.
    """
    from autodidact.benchmark import user_families
    from autodidact.benchmark.suite import SUITE, families
    from autodidact.generators import select

    select(settings.generators.only)
    select(list(settings.gate.quotas))
    if settings.benchmark.suite != SUITE["name"]:
        raise UsageError(
            f"benchmark.suite is {settings.benchmark.suite!r}", f"The suite here is {SUITE['name']!r}."
        )
    _require_server(settings)
    if settings.benchmark.families:
        user_families.load(settings.benchmark.families, families())


def _require_server(settings: Settings) -> None:
    """Raises UsageError where nothing is there to measure through."""
    deploy = settings.deploy
    if settings.benchmark.through != "server":
        return
    if deploy.kind == "none" or (deploy.kind not in ("local", "vllm") and not deploy.url):
        raise UsageError(
            "benchmark.through is 'server', and no server is configured that could be asked",
            "Set deploy.kind and deploy.url, or benchmark.through=engine.",
        )


# 4. Write it down


def _record(runtime: Runtime, chronicle: Chronicle, cycle: Cycle) -> None:
    runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)
    chronicle.record_cycle(cycle.model_dump(mode="json"))
    journal_in_store.write(chronicle, runtime.store, cycle.system)
    window = f"{cycle.since or 'the beginning'} to {cycle.until}"
    runtime.say(f"opened: {cycle.kind} cycle {cycle.cycle_id} of {cycle.system}, window {window}")
    if lever := cycle.lever:
        now = f"{lever['to']:g}" if lever["applied"] else f"stays {lever['held']:g}, as the settings say"
        runtime.say(f"lever: {lever['name']} {lever['from']:g} -> {now} ({lever['why']})")
