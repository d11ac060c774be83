"""The bake time: for `deploy.bake` seconds after a promotion the champion's health is watched, and trouble rolls back by itself.

One look is a whole probe. What fails is looked at again after a moment, so that one lost packet is no trouble; a server that has only
forgotten the version (it was started again) is given it once more.
"""

import time

from autodidact.chronicle import Chronicle
from autodidact.chronicle.log import UnderWay
from autodidact.chronicle.versions import now
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.promotion import registry
from autodidact.promotion.deploy import bake_ends, champion_record, rivals, sweep
from autodidact.promotion.deployers import Deployer, deployer_of
from autodidact.promotion.recovery import settle
from autodidact.runtime import Runtime

LOOKS, PAUSE = 3, 2.0  # failed probes in a row, and the seconds between them, that are trouble


def look(runtime: Runtime, system: str, version: str | None = None, *, deployer: Deployer | None = None, pause: float = PAUSE) -> dict:
    """One look: {"system", "version", "champion", "ended", "left", "reason"}. `ended` is null with `left` seconds to go, else `healthy` (the bake time is over,
    the version before is off the server), `rolled_back` with the reason, or `replaced` (`version` no longer reigns).

    Raises Skipped when nothing is served from here, AutodidactError when the roll-back fails as well.
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
        seen = {"system": system, "version": version, "champion": champion["version"], "ended": None, "left": 0.0}
        if champion["version"] != version:
            return seen | {"ended": "replaced", "reason": f"{champion['version']} is the champion"}
        why = _trouble(runtime, chronicle, deployer, champion, pause)
        if why:
            chronicle.event(system, "trouble", f"{version}: {why}", champion["cycle_id"] or None)
            reason = f"trouble in the bake time of {version}: {why}"
            row = registry.rollback(chronicle, store, settings, system, by="watch", reason=reason, deployer=deployer)
            runtime.say(f"rolled back to {row['version']}: {why}")
            return seen | {"champion": row["version"], "ended": "rolled_back", "reason": why}
        left = (bake_ends(champion, settings.deploy.bake) - now()).total_seconds()
        if left > 0:
            return seen | {"left": left, "reason": "healthy so far"}
        with chronicle.promotion_lock(system):
            said = sweep(chronicle, deployer, system, "watch")
        chronicle.event(system, "baked", f"{version} was healthy for its bake time", champion["cycle_id"] or None)
        return seen | {"ended": "healthy", "reason": "; ".join(said)}


def _trouble(runtime: Runtime, chronicle: Chronicle, deployer: Deployer, champion: dict, pause: float) -> str | None:
    """Why the champion is not well; None when it is."""
    others, why = rivals(chronicle, champion), None
    for number in range(LOOKS):
        if number:
            time.sleep(pause)
        try:
            if number and deployer.beside:  # started again, it may only have forgotten the version
                with chronicle.promotion_lock(champion["system"]):
                    settle(chronicle, runtime.store, deployer, champion["system"], "watch", "the server no longer had the champion")
            deployer.probe(champion_record(champion), others)
            return None
        except UnderWay:
            raise  # somebody is changing what is served: look again later
        except AutodidactError as error:
            why = error.message
    return why


def run(runtime: Runtime, *, every: float) -> dict:
    """Looks until the bake time is over. Returns the last look."""
    from autodidact.cycle import system_of

    system = system_of(runtime.settings)
    told = look(runtime, system)
    while told["ended"] is None:
        time.sleep(min(every, told["left"]))
        told = look(runtime, system, told["version"])
    return told
