"""What a person does to the champion by hand: promote, roll back, repair."""

from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.errors import Skipped, UsageError
from autodidact.promotion import change_champion, recovery
from autodidact.promotion.rollback import roll_back
from autodidact.runtime import Runtime


def rollback(
    runtime: Runtime, system: str, *, to: str | None, reason: str, by: str, once: bool = False
) -> str:
    """Brings an archived version back, verified as a promotion is; `to` None: the champion before the present
    one. Returns the version.

    `once`: where `by` has brought a version back already, nothing is done, and Skipped is raised if that
    version serves no more.
    """
    if not reason.strip():
        raise UsageError("A rollback needs a reason", "Say why with --reason; it is kept in the Chronicle.")
    with runtime.chronicle() as chronicle:
        where = (chronicle, runtime.store, runtime.settings, system)
        done = chronicle.reigns(system, by) if once else []
        if done:
            _require_champion(chronicle, system, done[-1], by)
            # Ends what a kill left.
            row = change_champion.promote(*where, done[-1], expected=done[-1], by=by, reason=reason)
        else:
            row = roll_back(*where, to, by=by, reason=reason)
    runtime.say(f"rolled back: {row['version']} serves {system}")
    return str(row["version"])


def _require_champion(chronicle: Chronicle, system: str, version: str, by: str) -> None:
    """Raises Skipped where the version, which `by` has brought back, is no longer the champion."""
    champion = chronicle.reigning(system)["version"]
    if champion != version:
        raise Skipped(
            f"{by} has brought {version} back already, and now {champion} serves {system}: to roll back"
            " again, ask for it anew"
        )


def promote(
    runtime: Runtime, system: str, version: str, *, reason: str, by: str, override: bool = False
) -> str:
    """A person promotes a measured version, with `override` one that its verdict rejected; logged with the
    reason. Returns the version.
    """
    if not reason.strip():
        raise UsageError(
            "A promotion by hand needs a reason", "Say why with --reason; it is kept in the Chronicle."
        )
    with runtime.chronicle() as chronicle:
        champion = chronicle.champion(system)
        if champion is None:
            raise Skipped(f"{system} has no champion yet: run a cycle first")
        row = chronicle.version(system, version)
        if row["state"] == "rejected" and not override:
            raise UsageError(
                f"version {version} was rejected: {row['reason']}", "Promote it all the same with --override."
            )
        against = ", against its verdict" if row["state"] == "rejected" else ""
        row = change_champion.promote(
            chronicle,
            runtime.store,
            runtime.settings,
            system,
            version,
            expected=champion["version"],
            by=by,
            reason=f"by hand{against}: {reason}",
        )
    return str(row["version"])


def repair(runtime: Runtime, system: str, *, by: str) -> dict[str, Any]:
    """Finishes or undoes a promotion that was killed, and probes the champion: {"system", "champion", "done":
    lines}.
    """
    with runtime.chronicle() as chronicle:
        done = recovery.repair(chronicle, runtime.store, runtime.settings, system, by)
        champion = chronicle.champion(system)
    return {
        "system": system,
        "champion": champion["version"] if champion else None,
        "done": done or ["nothing had to be mended"],
    }
