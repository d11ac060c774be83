"""The bake time: for `deploy.bake` seconds after a promotion the champion's health is watched, and trouble
rolls back by itself.

One look is a whole probe; three that fail in a row, a minute apart, are trouble. So are answers that are not
those that were measured (compare_served_answers.py), where a server holds one version at a time. A server
that has only forgotten the version (it was started again) is given it once more. While a server is away,
nothing can be loaded into it: the watch waits for it, half an hour at most.
"""

import time
from datetime import datetime
from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.chronicle.chronicle import UnderWay
from autodidact.chronicle.version_states import now
from autodidact.errors import AutodidactError, Skipped, Unavailable, UsageError
from autodidact.promotion import compare_served_answers
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deploy import bake_ends, rivals, sweep
from autodidact.promotion.deployers import Deployer, deployer_of
from autodidact.promotion.recovery import settle
from autodidact.promotion.rollback import roll_back
from autodidact.records import Champion
from autodidact.runtime import Runtime

# Failed probes in a row that are trouble.
LOOKS = 3
# Failed probes in a row after which the watch gives up on a server that is away, or that cannot be rolled
# back: half an hour.
MOST_LOOKS = 30


def look(
    runtime: Runtime, system: str, version: str | None = None, *, deployer: Deployer | None = None
) -> dict[str, Any]:
    """One look: {"system", "version", "champion", "ended", "left", "failed", "reason"}. `failed` counts the
    failed ones in a row; the Chronicle's events remember them, so that a watch which is started again counts
    from there.

    `ended` is null while there is something to watch (`left` seconds of bake time, or a probe that failed);
    else `healthy` (the bake time is over, the version before is off the server), `rolled_back` with the
    reason, or `replaced` (`version` no longer reigns). Raises Skipped when nothing is served from here,
    AutodidactError when MOST_LOOKS have failed.
    """
    settings, store = runtime.settings, runtime.store
    deployer = deployer or deployer_of(settings, store, system)
    if deployer.kind == "none":
        raise Skipped("deploy.kind is none: nobody is served from here")
    with runtime.chronicle() as chronicle:
        champion = chronicle.champion(system)
        if champion is None:
            raise UsageError(f"{system} has no champion", "Run a cycle first.")
        version = version or champion["version"]
        seen = {"system": system, "version": version, "champion": champion["version"]}
        seen |= {"ended": None, "left": 0.0}
        failed = seen["failed"] = _failed_before(chronicle, champion)
        if champion["version"] != version:
            return seen | {"ended": "replaced", "reason": f"{champion['version']} is the champion"}
        seen["left"] = max(0.0, (bake_ends(champion, settings.deploy.bake) - now()).total_seconds())
        try:
            why, away = _trouble(runtime, chronicle, deployer, champion)
        except UnderWay as error:
            return seen | {"reason": error.message}  # somebody is changing what is served: look again later
        cycle_id, data = champion["cycle_id"] or None, {"version": version}
        if why:
            seen["failed"] = failed + 1
            chronicle.event(system, "trouble", f"{version}: {why}", cycle_id, data)
            return _act(runtime, chronicle, deployer, seen, why, away)
        if failed:
            seen["failed"] = 0
            chronicle.event(system, "well", f"{version} answers as it should again", cycle_id, data)
        if seen["left"] > 0:
            return seen | {"reason": "healthy so far"}
        with chronicle.promotion_lock(system):
            done = sweep(chronicle, store, deployer, system, "watch")
        chronicle.event(system, "baked", f"{version} was healthy for its bake time", cycle_id)
        return seen | {"ended": "healthy", "reason": "; ".join(done)}


def _failed_before(chronicle: Chronicle, champion: dict[str, Any]) -> int:
    """Looks at the champion that failed in a row until now, since it came into service: the event of its
    promotion ends the count, and its time does where a kill has left no event.
    """
    version, since = champion["version"], datetime.fromisoformat(champion["promoted_at"])
    events = [
        each for each in chronicle.events(champion["system"], 200) if each["data"].get("version") == version
    ]
    looks = [each["kind"] for each in events if datetime.fromisoformat(each["at"]) >= since]
    return next((place for place, kind in enumerate(looks) if kind != "trouble"), len(looks))


def _trouble(
    runtime: Runtime, chronicle: Chronicle, deployer: Deployer, champion: dict[str, Any]
) -> tuple[str | None, bool]:
    """Why the champion is not well (None when it is), and whether that is because a server that holds several
    versions is away."""
    system, record, away = champion["system"], champion_record(champion), False
    try:
        if deployer.several:
            away = True
            there = deployer.present(record)
            away = False
            if not there:
                with chronicle.promotion_lock(system):
                    settle(
                        chronicle,
                        runtime.store,
                        deployer,
                        system,
                        "watch",
                        "the server no longer had the champion",
                    )
        deployer.probe(record, rivals(chronicle, champion))
        return _unlike_measured(runtime, chronicle, deployer, champion, record), False
    except UnderWay:
        raise
    except AutodidactError as error:
        return error.message, away and isinstance(error, Unavailable)


def _unlike_measured(
    runtime: Runtime, chronicle: Chronicle, deployer: Deployer, champion: dict[str, Any], record: Champion
) -> str | None:
    """Why the served answers are not those that were measured; None where they are, and where the version
    was measured through the server. They are compared until a comparison succeeds. Raises AutodidactError.
    """
    system, url = champion["system"], runtime.settings.deploy.url
    if runtime.settings.benchmark.through != "server" or deployer.several or not url:
        return None
    report = compare_served_answers.measured(runtime.store, system, record)
    since = datetime.fromisoformat(champion["promoted_at"])
    if report is None or any(
        each["kind"] == "answers_compared"
        and each["data"].get("compared") == record.version
        and datetime.fromisoformat(each["at"]) >= since
        for each in chronicle.events(system, 200)
    ):
        return None
    found = compare_served_answers.compare(runtime.settings, record, report, url)
    if found["trouble"] is None:
        line = (
            f"{record.version} is served as it was measured: {found['equal']} of {found['n']} answers equal"
        )
        data = found | {"compared": record.version}
        chronicle.event(system, "answers_compared", line, champion["cycle_id"] or None, data)
    trouble: str | None = found["trouble"]
    return trouble


def _act(
    runtime: Runtime, chronicle: Chronicle, deployer: Deployer, seen: dict[str, Any], why: str, away: bool
) -> dict[str, Any]:
    """What follows a failed probe: another look, or the roll-back. Raises AutodidactError when it has failed
    too often."""
    failed, version, system, store = seen["failed"], seen["version"], seen["system"], runtime.store
    if failed >= LOOKS and not away:
        reason = f"trouble in the bake time of {version}: {why}"
        try:
            if failed > LOOKS:
                with chronicle.promotion_lock(system):
                    settle(chronicle, store, deployer, system, "watch", "the roll-back failed")
            row = roll_back(
                chronicle, store, runtime.settings, system, by="watch", reason=reason, deployer=deployer
            )
        except UsageError:
            raise  # there is no version to go back to
        except AutodidactError as error:
            why = f"{why}; {error.message}"
        else:
            runtime.say(f"rolled back to {row['version']}: {why}")
            return seen | {"champion": row["version"], "ended": "rolled_back", "reason": why}
    if failed >= MOST_LOOKS:
        raise AutodidactError(
            f"{version} has failed {failed} probes in a row: {why}",
            "Mend the server, then `autodidact status --repair`.",
        )
    return seen | {"reason": f"failed probe {failed}: {why}"}


def run(runtime: Runtime, system: str, *, every: float) -> dict[str, Any]:
    """Looks until the bake time is over. Returns the last look."""
    seen = look(runtime, system)
    while seen["ended"] is None:
        time.sleep(pause_of(seen, every))
        seen = look(runtime, system, seen["version"])
    return seen


def pause_of(seen: dict[str, Any], every: float) -> float:
    """Seconds until the next look: `every`, or less where the bake time ends before."""
    return every if seen["failed"] or not seen["left"] else min(every, seen["left"])
