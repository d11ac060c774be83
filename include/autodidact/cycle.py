r"""The whole cycle in plain Python: the file to read first.

    open_cycle -> 13 generators -> gate -> train -> benchmark -> decide -> promote       -> close_cycle
                                       \-> measure_champion -/         \-> keep_champion /

Airflow runs the same functions as tasks, one by one, on as many machines as you like; `run()` runs them here, in order.
Every stage is done when its manifest is there, so a cycle that was interrupted goes on where it stopped, in either of the two.
"""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from autodidact import stages
from autodidact.errors import Skipped, UsageError
from autodidact.knowledge import facts
from autodidact.promotion import outcome
from autodidact.records import Record, canonical, instant, sha256
from autodidact.runtime import Runtime
from autodidact.settings import Settings, thaw
from autodidact.sources.snapshot import require_window

# A window that ended longer before its run began is history.
HISTORICAL_AFTER = timedelta(hours=12)


class Cycle(Record):
    """What `open_cycle` froze: cycle.json. Equal cycles make equal examples, byte for byte."""

    format: int = 1
    cycle_id: str
    system: str
    kind: str  # "live" or "historical"
    since: str | None
    until: str
    seed: int
    settings: dict
    settings_sha256: str
    repositories: list[dict]  # {"path", "branch", "commit", "previous"}
    base: dict  # {"id", "revision", "sha256"}
    champion: dict | None  # champion.json as it was
    champion_commit: str | None
    compared: dict = {}  # {"champion", "previous"}: the cycles that sources are compared with (facts.frozen)
    feedback: dict
    history: dict
    replay: list[dict]  # {"cycle_id", "sha256"} of earlier kept.jsonl
    benchmark: dict  # {"suite", "version", "level", "week", "salt", "blocks"}
    lever: dict | None = (
        None  # the setting that the feedback changed, or would have: {"name", "from", "to", "why", "applied"}
    )

    @property
    def folder(self) -> str:
        return f"{self.system}/cycles/{self.cycle_id}"

    def effective(self, now: Settings) -> Settings:
        """The frozen settings with the runtime keys of this process."""
        return thaw(self.settings, now)


def cycle_id(until: datetime) -> str:
    """A cycle is named after the end of its window, to the minute: 2026-11-23T1200Z."""
    return until.astimezone(timezone.utc).strftime("%Y-%m-%dT%H%MZ")


def load_cycle(runtime: Runtime, system: str, name: str) -> Cycle:
    key = f"{system}/cycles/{name}/cycle.json"
    if not runtime.store.exists(key):
        raise UsageError(
            f"There is no cycle {name!r} of {system} in {runtime.store.shown}",
            "`autodidact history` lists them.",
        )
    return Cycle.model_validate(runtime.store.read_json(key))


def system_of(settings: Settings) -> str:
    """The name of the living system, which keys everything: repository name + first 8 of its root commit,
    unless settings.system says.
    """
    if settings.system:
        return settings.system
    if not settings.sources.repository:
        raise UsageError(
            "Nothing names the system", "Set `system`, or `sources.repository` to a git repository."
        )
    from autodidact.sources.git.revisions import system_name

    return system_name(settings.sources.repository, settings.sources.branch)


def require_possible(settings: Settings) -> None:
    """Raises UsageError for a setting that no stage could work with: frozen, it would fail the cycle however
    often it goes on.
    """
    from autodidact.benchmark import own_families
    from autodidact.benchmark.suite import SUITE, families
    from autodidact.generators import select

    select(settings.generators.only)
    if settings.benchmark.suite != SUITE["name"]:
        raise UsageError(
            f"benchmark.suite is {settings.benchmark.suite!r}", f"The suite here is {SUITE['name']!r}."
        )
    if settings.benchmark.families:
        own_families.load(settings.benchmark.families, families())


def require_no_approval(approval: str) -> None:
    """Raises UsageError where a person's consent is wanted: `run` asks nobody."""
    if approval != "none":
        raise UsageError(
            f"approval is {approval!r}, and a person's consent is asked in Airflow alone",
            "Run the cycle there, or stage by stage with `autodidact promote` at its end, or set"
            " approval=none.",
        )


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
    """Opens the cycle that ends at `until`, or goes on with it. Finishes or undoes a promotion that was
    killed.

    `since` counts only for a historical window; a live one begins where the latest closed live cycle ended.
    `resume` goes on
    with the newest live cycle still open, whatever its `until`. Raises Skipped when the cycle is closed;
    `again` goes on with the
    window's newest try that is still open, or opens another. A `scheduled` window that a later live cycle has
    covered already
    is Skipped too, unless its cycle was opened before. `keep_base`: the settings' base model must be the
    champion's, where there is one. Raises UsageError where it is not, and for a window that is empty, ends in
    the future, or ends before the first commit.
    """
    from autodidact.benchmark.suite import SUITE
    from autodidact.chronicle import journal
    from autodidact.models.bases import resolve_base
    from autodidact.promotion import rebuild, recovery, registry
    from autodidact.promotion.steering import steer
    from autodidact.sources.samples import with_samples

    require_window(since, until)
    settings, store, say = runtime.settings, runtime.store, runtime.say
    store.check_writable()
    system, settings = system_of(settings), with_samples(settings)
    with runtime.chronicle() as chronicle, store.lease(f"{system}/lease.json", wait=120):
        for line in rebuild.agree(runtime, chronicle, system):
            say(f"chronicle: {line}")
        for line in recovery.recover(chronicle, store, settings, system):
            say(f"recovered: {line}")
        latest = chronicle.latest_closed_live(system)  # {"cycle_id", "until"} or None
        name, kind = (
            cycle_id(until),
            "historical" if historical or (latest and instant(until) <= latest["until"]) else "live",
        )
        if resume and kind == "live":
            mine = [c for c in chronicle.open_cycles(system) if c["kind"] == "live"]
            pending = [
                c for c in mine if not latest or c["until"] > latest["until"]
            ]  # an older one was overtaken: its window is covered
            if pending:
                name = max(pending, key=lambda c: c["until"])["cycle_id"]
        if again:
            tries = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
            closed = {each["cycle_id"] for each in chronicle.cycles(system, status="closed")}
            name = next(each for each in tries if each not in closed)
        key = f"{system}/cycles/{name}/cycle.json"
        if store.exists(key):
            cycle = load_cycle(runtime, system, name)
            chronicle.record_cycle(store.read_json(key))  # killed between the two writes: now it is known
            if chronicle.is_closed(system, name):
                raise Skipped(
                    f"The cycle {name} of {system} is closed; it is left alone (`again` opens {name}-2)"
                )
            now = steer(settings, cycle.feedback)[0].frozen()
            changed = sorted(k for k, v in now.items() if cycle.settings.get(k) != v)
            say(
                f"goes on: cycle {name} of {system}"
                + (
                    f"; its frozen settings stay in force (now different: {', '.join(changed)})"
                    if changed
                    else ""
                )
            )
            return cycle

        if scheduled and kind == "historical" and not historical:
            raise Skipped(
                f"The window to {instant(until)} is covered by the cycle {latest['cycle_id']} of {system}; no"
                " other is opened"
            )
        require_possible(settings)
        kept = (chronicle.champion(system) or {}).get("base") if keep_base else None
        _require_base(kept, system, id=settings.base_model.partition("@")[0])  # before it is downloaded
        base = resolve_base(settings)
        _require_base(kept, system, sha256=base.sha256)
        registry.register_base(chronicle, store, settings, system, base)
        champion = store.read_json(f"{system}/champion.json")
        if champion["base"]["sha256"] != base.sha256:
            raise UsageError(
                f"The champion {champion['version']} was trained on {champion['base']['id']}, and base_model"
                f" is now {base.id}, another model",
                "Set base_model back, or begin anew under another `system` name.",
            )
        before = facts.followed(store, system, next(iter(_earlier(chronicle, system, instant(until))), None))
        start = since if kind == "historical" else datetime.fromisoformat(before["until"]) if before else None
        read = before["cycle_id"] if kind == "live" and before else None
        repositories, champion_commit = _repositories(settings, store, system, start, until, champion, read)
        feedback = _feedback(store, system, chronicle, instant(until)) if settings.feedback else {}
        settings, lever = steer(settings, feedback)
        cycle = Cycle(
            cycle_id=name,
            system=system,
            kind=kind,
            since=instant(start) if start else None,
            until=instant(until),
            seed=int(
                sha256(f"{system}/{cycle_id(until)}")[:8], 16
            ),  # the window's, not the try's: `-2` makes the same examples
            settings=settings.frozen(),
            settings_sha256=sha256(canonical(settings.frozen())),
            repositories=repositories,
            base={"id": base.id, "revision": base.revision, "sha256": base.sha256},
            champion=champion,
            champion_commit=champion_commit,
            compared=facts.frozen(store, system, champion, before["cycle_id"] if before else None),
            feedback=feedback,
            history=_history(chronicle, system, instant(until)),
            replay=_replay(store, system, chronicle, instant(until)),
            benchmark={
                "suite": SUITE["name"],
                "version": SUITE["version"],
                "level": settings.benchmark.level,
                "week": _week(until),
                "salt": _salt(store, system),
                "blocks": (
                    [0] if settings.verdict.rule == "seed" else list(range(settings.verdict.blocks + 1))
                ),  # the most it may draw
                "looks": chronicle.looks(system, _week(until), but=name),
            },
            lever=lever,
        )
        store.write_json(key, cycle)
        chronicle.record_cycle(cycle.model_dump(mode="json"))
        journal.write(chronicle, store, system)
        window = f"{cycle.since or 'the beginning'} to {cycle.until}"
        say(f"opened: {kind} cycle {name} of {system}, window {window}")
        if lever:
            done = f"{lever['to']:g}" if lever["applied"] else f"stays {lever['held']:g}, as the settings say"
            say(f"lever: {lever['name']} {lever['from']:g} -> {done} ({lever['why']})")
        return cycle


def _require_base(kept: dict | None, system: str, **given: str) -> None:
    """Raises UsageError where `given`, an id or a sha256, is not that of the base model `kept`: a model that
    nobody has measured would serve.
    """
    if kept and any(kept[name] != value for name, value in given.items()):
        raise UsageError(
            f"{system} is built on {kept['id']}, and only its deployment can change that",
            "Leave base_model out, or set it in autodidact.toml or as AUTODIDACT_BASE_MODEL.",
        )


def _repositories(
    settings, store, system, since, until, champion, read: str | None
) -> tuple[list[dict], str | None]:
    """The repository's commits as of `until` and `since`, and the commit the champion was trained at.

    After a live cycle (`read`) the window begins at the commit which that one read: a commit that was made
    before, and pushed after, is new. Where the history was rewritten and it is gone, the date counts again.
    """
    if not settings.sources.repository:
        return [], None
    from autodidact.sources.git.revisions import commit_at, is_ancestor, resolve

    path, branch = settings.sources.repository, settings.sources.branch
    commit = commit_at(path, branch, until)
    trained = None
    key = f"{system}/cycles/{champion['cycle_id']}/cycle.json"
    if champion["adapter"] and store.exists(key):
        trained = next((r["commit"] for r in store.read_json(key)["repositories"]), None)
    previous = None
    if read and store.exists(key := f"{system}/cycles/{read}/cycle.json"):
        previous = next(
            (
                r["commit"]
                for r in store.read_json(key)["repositories"]
                if is_ancestor(path, r["commit"], commit)
            ),
            None,
        )
    if previous is None and since:
        previous = resolve(path, branch, since)
    return [{"path": str(path), "branch": branch, "commit": commit, "previous": previous}], trained


def _earlier(chronicle, system: str, until: str) -> list[dict]:
    """Closed live cycles that ended before `until`, newest first."""
    return [c for c in chronicle.cycles(system, status="closed", kind="live") if c["until"] < until]


def _history(chronicle, system: str, until: str) -> dict:
    """What the Chronicle says of the system, without cycles that end later: a window tried twice sees the
    same.
    """
    told = chronicle.introspection(system)
    return told | {"cycles": [row for row in told.get("cycles", []) if row["until"] < until]} if told else {}


def _feedback(store, system: str, chronicle, until: str) -> dict:
    for earlier in _earlier(chronicle, system, until):
        if store.exists(key := f"{system}/cycles/{earlier['cycle_id']}/feedback.json"):
            return store.read_json(key)
    return {}


def _replay(store, system: str, chronicle, until: str, most: int = 3) -> list[dict]:
    """What the last cycles kept, so that what was mined from their windows is not forgotten: every adapter
    starts from the base.
    """
    found = []
    for earlier in _earlier(chronicle, system, until):
        manifest = f"{system}/cycles/{earlier['cycle_id']}/gate/manifest.json"
        if len(found) < most and store.exists(manifest):
            kept = store.read_json(manifest)["outputs"].get("kept.jsonl")
            if kept:
                found.append({"cycle_id": earlier["cycle_id"], "sha256": kept["sha256"]})
    return found


def _week(until: datetime) -> str:
    """The ISO week: "2026-W48"."""
    return "{}-W{:02}".format(*until.isocalendar()[:2])


def _salt(store, system: str) -> str:
    """A secret of the store that no one can guess the decision blocks without; made once."""
    import secrets

    key = f"{system}/salt.json"
    if not store.exists(key):
        store.write_json(key, {"format": 1, "salt": secrets.token_hex(16)})
    return store.read_json(key)["salt"]


def run(
    runtime: Runtime,
    cycle: Cycle,
    *,
    promote_historical: bool = False,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> dict:
    """The rest of an open cycle, in order, in this process. Returns the summary that `close_cycle` made.

    A generator that fails costs itself; more than `generators.max_failed` of them fail the gate. Raises
    UsageError for a cycle that wants consent.
    """
    require_no_approval(cycle.settings["approval"])

    def step(name: str, work: Callable, *args, **kwargs):
        on_stage(name)
        try:
            return work(cycle, runtime, *args, **kwargs)
        except Skipped as skip:
            runtime.say(f"{name}: skipped, {skip}")
            return None

    for name in stages.generator_names(cycle):
        try:
            step(f"generate.{name}", stages.generate, name)
        except UsageError:
            raise
        except Exception as error:
            runtime.say(f"generate.{name}: failed, {error}")
    step("gate", stages.gate)
    step("measure_champion", stages.measure_champion)
    step("train", stages.train)
    step("benchmark", stages.benchmark)
    if step("decide", outcome.decide, promote_historical=promote_historical) == "promote":
        step("promote", outcome.promote)
    else:
        step("keep_champion", outcome.keep_champion)
    return step("close_cycle", outcome.close_cycle)
