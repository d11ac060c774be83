"""Opening a cycle: what is mended first, which window it has, and what is frozen in cycle.json."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autodidact.chronicle import Chronicle, journal
from autodidact.cycle import rebuild
from autodidact.cycle.record import Cycle, load_cycle
from autodidact.errors import Skipped, UsageError
from autodidact.knowledge import facts
from autodidact.promotion import recovery, registry
from autodidact.promotion.steering import steer
from autodidact.records import Champion, canonical, cycle_id, instant, sha256
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.sources.snapshot import require_window
from autodidact.sources.system import system_of
from autodidact.store import Store

# Earlier cycles whose kept examples are replayed.
REPLAYED_CYCLES = 3


@dataclass(frozen=True)
class Window:
    """The window that a cycle was wanted for. `chosen`: a person or a backfill chose it, so that it is
    historical. `keep_base`: the settings' base model must be the champion's.
    """

    since: datetime | None
    until: datetime
    chosen: bool
    resume: bool = False
    again: bool = False
    scheduled: bool = False
    keep_base: bool = False


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
    that a later live cycle has covered already is Skipped too, unless its cycle was opened before. `keep_base`: the
    settings' base model must be the champion's, where there is one. Raises UsageError where it is not, and
    for a window that is empty, ends in the future, or ends before the first commit.
    """
    from autodidact.sources.samples import with_samples

    require_window(since, until)
    runtime.store.check_writable()
    window = Window(since, until, historical, resume, again, scheduled, keep_base)
    system, settings = system_of(runtime.settings), with_samples(runtime.settings)
    with runtime.chronicle() as chronicle, runtime.store.lease(f"{system}/lease.json", wait=120):
        _mend(runtime, chronicle, system)
        latest = chronicle.latest_closed_live(system)
        kind = _kind(window, latest)
        name = _name(chronicle, system, window, kind, latest)
        if runtime.store.exists(f"{system}/cycles/{name}/cycle.json"):
            return _resume(runtime, chronicle, settings, system, name)
        _require_uncovered(system, window, kind, latest)
        _require_possible(settings)
        cycle = _freeze(runtime.store, chronicle, settings, system, name, kind, window)
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
    for line in rebuild.agree(runtime, chronicle, system):
        runtime.say(f"chronicle: {line}")
    for line in recovery.recover(chronicle, runtime.store, runtime.settings, system):
        runtime.say(f"recovered: {line}")


# 2. Which cycle is it?


def _kind(window: Window, latest: dict[str, Any] | None) -> str:
    """`latest`: {"cycle_id", "until"} of the latest closed live cycle. A window before its end is history."""
    covered = latest and instant(window.until) <= latest["until"]
    return "historical" if window.chosen or covered else "live"


def _name(chronicle: Chronicle, system: str, window: Window, kind: str, latest: dict[str, Any] | None) -> str:
    """The name of the window's cycle, of the one that is resumed, or of another try."""
    name = cycle_id(window.until)
    if window.resume and kind == "live":
        # One that ends before `latest` was overtaken: its window is covered.
        live = [row for row in chronicle.open_cycles(system) if row["kind"] == "live"]
        pending = [row for row in live if not latest or row["until"] > latest["until"]]
        if pending:
            name = max(pending, key=lambda row: row["until"])["cycle_id"]
    if window.again:
        closed = {row["cycle_id"] for row in chronicle.cycles(system, status="closed")}
        tries = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        name = next(each for each in tries if each not in closed)
    return name


# 3. It was opened before


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


# 4. Can it be opened?


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
    from autodidact.benchmark import own_families
    from autodidact.benchmark.suite import SUITE, families
    from autodidact.generators import select

    select(settings.generators.only)
    select(list(settings.gate.quotas))
    if settings.benchmark.suite != SUITE["name"]:
        raise UsageError(
            f"benchmark.suite is {settings.benchmark.suite!r}", f"The suite here is {SUITE['name']!r}."
        )
    if settings.benchmark.families:
        own_families.load(settings.benchmark.families, families())


# 5. Freeze what it depends on


def _freeze(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, name: str, kind: str, window: Window
) -> Cycle:
    """The cycle as it will be written."""
    until = instant(window.until)
    base, champion = _models(store, chronicle, settings, system, window.keep_base)
    earlier = _earlier(chronicle, system, until)
    before = facts.followed(store, system, earlier[0] if earlier else None)
    start = window.since
    if kind == "live":
        start = datetime.fromisoformat(before["until"]) if before else None
    follows = before["cycle_id"] if kind == "live" and before else None
    repositories = _repositories(settings, store, system, start, window.until, follows)
    feedback = _feedback(store, system, earlier) if settings.feedback else {}
    settings, lever = steer(settings, feedback)
    frozen = settings.frozen()
    return Cycle(
        cycle_id=name,
        system=system,
        kind=kind,
        since=instant(start) if start else None,
        until=until,
        # The window's, not the try's: `-2` makes the same examples.
        seed=int(sha256(f"{system}/{cycle_id(window.until)}")[:8], 16),
        settings=frozen,
        settings_sha256=sha256(canonical(frozen)),
        repositories=repositories,
        base=base,
        champion=champion,
        champion_commit=_trained_at(store, system, champion) if repositories else None,
        compared=facts.frozen(
            store,
            system,
            champion.cycle_id if champion.adapter else None,
            before["cycle_id"] if before else None,
        ),
        feedback=feedback,
        history=_history(chronicle, system, until),
        replay=_replay(store, system, earlier),
        benchmark=_benchmark(store, chronicle, settings, system, name, window.until),
        lever=lever,
    )


def _models(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, keep_base: bool
) -> tuple[dict[str, Any], Champion]:
    """The base, registered, and the champion. Raises UsageError when the champion is of another base."""
    from autodidact.models.bases import resolve_base

    kept = (chronicle.champion(system) or {}).get("base") if keep_base else None
    # Before it is downloaded.
    _require_base(kept, system, id=settings.base_model.partition("@")[0])
    base = resolve_base(settings)
    _require_base(kept, system, sha256=base.sha256)
    registry.register_base(chronicle, store, settings, system, base)
    champion = Champion.model_validate(store.read_json(f"{system}/champion.json"))
    if champion.base["sha256"] != base.sha256:
        raise UsageError(
            f"The champion {champion.version} was trained on {champion.base['id']}, and base_model is now"
            f" {base.id}, another model",
            "Set base_model back, or begin anew under another `system` name.",
        )
    return {"id": base.id, "revision": base.revision, "sha256": base.sha256}, champion


def _require_base(kept: dict[str, Any] | None, system: str, **given: str) -> None:
    """Raises UsageError where `given`, an id or a sha256, is not that of the base model `kept`: a model that
    nobody has measured would serve.
    """
    if kept and any(kept[name] != value for name, value in given.items()):
        raise UsageError(
            f"{system} is built on {kept['id']}, and only its deployment can change that",
            "Leave base_model out, or set it in autodidact.toml or as AUTODIDACT_BASE_MODEL.",
        )


def _earlier(chronicle: Chronicle, system: str, until: str) -> list[dict[str, Any]]:
    """Closed live cycles that ended before `until`, newest first."""
    return [row for row in chronicle.cycles(system, status="closed", kind="live") if row["until"] < until]


def _commits(store: Store, system: str, name: str) -> list[str]:
    """The commits that a cycle read; none where the store has no such cycle."""
    key = f"{system}/cycles/{name}/cycle.json"
    return [row["commit"] for row in store.read_json(key)["repositories"]] if store.exists(key) else []


def _trained_at(store: Store, system: str, champion: Champion) -> str | None:
    """The commit that the champion was trained at; None for the base."""
    commits = _commits(store, system, champion.cycle_id) if champion.adapter else []
    return commits[0] if commits else None


def _repositories(
    settings: Settings,
    store: Store,
    system: str,
    since: datetime | None,
    until: datetime,
    follows: str | None,
) -> list[dict[str, Any]]:
    """The repository with its commits as of `until` and `since`.

    After a live cycle (`follows`) the window begins at the commit which that one read: a commit that was made
    before, and pushed after, is new. Where the history was rewritten and that commit is gone, the date
    counts again.
    """
    from autodidact.sources.git.revisions import commit_at, is_ancestor, resolve

    path, branch = settings.sources.repository, settings.sources.branch
    if not path:
        return []
    commit = commit_at(path, branch, until)
    read = _commits(store, system, follows) if follows else []
    previous = next((each for each in read if is_ancestor(path, each, commit)), None)
    if previous is None and since:
        previous = resolve(path, branch, since)
    return [{"path": str(path), "branch": branch, "commit": commit, "previous": previous}]


def _history(chronicle: Chronicle, system: str, until: str) -> dict[str, Any]:
    """What the Chronicle knows of the system, without cycles that end later: a window tried twice gets the
    same.
    """
    history = chronicle.introspection(system)
    if not history:
        return {}
    return history | {"cycles": [row for row in history.get("cycles", []) if row["until"] < until]}


def _feedback(store: Store, system: str, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    """The feedback of the newest earlier cycle that left one."""
    for row in earlier:
        if store.exists(key := f"{system}/cycles/{row['cycle_id']}/feedback.json"):
            feedback: dict[str, Any] = store.read_json(key)
            return feedback
    return {}


def _replay(store: Store, system: str, earlier: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the last cycles kept, so that what was mined from their windows is not forgotten: every adapter
    starts from the base.
    """
    found: list[dict[str, str]] = []
    for row in earlier:
        key = f"{system}/cycles/{row['cycle_id']}/gate/manifest.json"
        if len(found) < REPLAYED_CYCLES and store.exists(key):
            kept = store.read_json(key)["outputs"].get("kept.jsonl")
            if kept:
                found.append({"cycle_id": row["cycle_id"], "sha256": kept["sha256"]})
    return found


def _benchmark(
    store: Store, chronicle: Chronicle, settings: Settings, system: str, name: str, until: datetime
) -> dict[str, Any]:
    """What the items are drawn by, how many blocks there may be, and how many verdicts the week has had."""
    from autodidact.benchmark.suite import SUITE

    # The ISO week: "2026-W48".
    week = "{}-W{:02}".format(*until.isocalendar()[:2])
    return {
        "suite": SUITE["name"],
        "version": SUITE["version"],
        "level": settings.benchmark.level,
        "week": week,
        "salt": _salt(store, system),
        "blocks": [0] if settings.verdict.rule == "seed" else list(range(settings.verdict.blocks + 1)),
        "looks": chronicle.looks(system, week, but=name),
    }


def _salt(store: Store, system: str) -> str:
    """A secret of the store without which nobody can guess the decision blocks; made once."""
    key = f"{system}/salt.json"
    if not store.exists(key):
        store.write_json(key, {"format": 1, "salt": secrets.token_hex(16)})
    return str(store.read_json(key)["salt"])


# 6. Write it down


def _record(runtime: Runtime, chronicle: Chronicle, cycle: Cycle) -> None:
    runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)
    chronicle.record_cycle(cycle.model_dump(mode="json"))
    journal.write(chronicle, runtime.store, cycle.system)
    window = f"{cycle.since or 'the beginning'} to {cycle.until}"
    runtime.say(f"opened: {cycle.kind} cycle {cycle.cycle_id} of {cycle.system}, window {window}")
    if lever := cycle.lever:
        now = f"{lever['to']:g}" if lever["applied"] else f"stays {lever['held']:g}, as the settings say"
        runtime.say(f"lever: {lever['name']} {lever['from']:g} -> {now} ({lever['why']})")
