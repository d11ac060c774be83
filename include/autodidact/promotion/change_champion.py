"""The champion changes here, and nowhere else: promote, keep, and the base model as the first.

    benchmarked --> promoting --> deploy --> probe --> compare-and-swap --> champion.json --> clients are
    pointed at it
                        |            |         |              |                                      |
                        +------------+---------+--------------+--------------------------------------+
                                     the previous champion is put back, deployed and probed

The compare-and-swap is the moment that counts. `recovery` brings a promotion that was killed to one of its
two ends.
"""

from collections.abc import Collection
from typing import Any, Protocol

from autodidact.chronicle import Chronicle, base_name, journal_in_store
from autodidact.chronicle.version_states import STATES, before_promoting
from autodidact.errors import AutodidactError, Interrupted, Unavailable
from autodidact.promotion import vllm_check
from autodidact.promotion.adapter_retention import prune
from autodidact.promotion.champion_file import champion_record, publish
from autodidact.promotion.deploy import check_adapter, point, require_not_withdrawn, serve, sweep
from autodidact.promotion.deployers import Deployer, deployer_of
from autodidact.promotion.deployers.deployer_base import NoDeployer
from autodidact.promotion.recovery import probe_or_restore, settle
from autodidact.settings import Settings
from autodidact.store import Store
from autodidact.trackers.log_to_trackers import follow_champion


class RolledBack(AutodidactError):
    """The promotion failed, and the champion that was serves again."""


class Superseded(AutodidactError):
    """The champion is not the one that the version was measured against."""


class Base(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def revision(self) -> str | None: ...

    @property
    def sha256(self) -> str: ...


def promote(
    chronicle: Chronicle,
    store: Store,
    settings: Settings,
    system: str,
    version: str,
    *,
    expected: str | None,
    by: str,
    reason: str,
    deployer: Deployer | None = None,
    states: Collection[str] = STATES,
) -> dict[str, Any]:
    """Makes `version` the champion in place of `expected` (None: there is none) and returns its row; again
    after a kill, it resumes.

    `states`: those that the version may come from; a cycle promotes only what has just been measured.

    Raises Superseded when the champion is another one by now, RolledBack when the deployment failed and the
    champion that was is served again, and another AutodidactError when the state does not allow it, the
    adapter has a wrong hash, another promotion is under way, or the server cannot be brought back.
    """
    deployer = deployer or deployer_of(settings, store, system)
    with chronicle.promotion_lock(system):
        settle(chronicle, store, deployer, system, by, "an earlier promotion was interrupted", but=version)
        champion = chronicle.champion(system)
        if champion and champion["version"] == version:
            return champion
        row = chronicle.version(system, version)
        require_not_withdrawn(store, row)
        _require_next(row, champion, expected, states)
        check_adapter(store, row)
        _ask_server(chronicle, store, deployer, row, by)
        _swap(chronicle, store, deployer, row, expected, by, reason)
        new = chronicle.reigning(system)
        publish(chronicle, store, new)
        try:
            point(chronicle, deployer, new, by)
        except AutodidactError as error:
            _step_back(chronicle, store, deployer, champion, new, by, error)
        replaced = f", which replaces {expected}" if expected else ""
        message, data = f"{version} is the champion{replaced}: {reason}", {"by": by, "version": version}
        chronicle.event(system, "promoted", message, row["cycle_id"] or None, data)
        sweep(chronicle, store, deployer, system, by)
        prune(chronicle, store, settings, system)
        journal_in_store.write(chronicle, store, system)
        follow_champion(settings, system, version)
        return new


def _ask_server(chronicle: Chronicle, store: Store, deployer: Deployer, row: dict[str, Any], by: str) -> None:
    """Raises RolledBack where the server lacks what the version needs; nothing was changed by then."""
    try:
        vllm_check.require_for(deployer, store, champion_record(row))
    except Interrupted:
        raise
    except AutodidactError as error:
        raise _failed(chronicle, row["system"], row["version"], error, by) from error


def _failed(
    chronicle: Chronicle, system: str, version: str, error: AutodidactError, by: str, away: str = ""
) -> RolledBack:
    """A promotion that failed and left the champion where it was, said and logged. `away`: what is to be
    added about the champion.
    """
    champion = chronicle.champion(system)
    kept = f"{champion['version']} stays the champion{away}" if champion else "there is still no champion"
    chronicle.event(system, "promotion_failed", f"{version}: {error.message}; {kept}", data={"by": by})
    return RolledBack(f"the promotion of {version} failed: {error.message}; {kept}", error.remedy)


def _require_next(
    row: dict[str, Any], champion: dict[str, Any] | None, expected: str | None, states: Collection[str]
) -> None:
    """Raises unless the version is in one of the `states` and the champion is the one that is expected."""
    if row["state"] not in states:
        raise AutodidactError(
            f"version {row['version']} is {row['state']}, and a cycle promotes only what has just been"
            " measured",
            "A person may: `autodidact rollback --to` brings an archived version back, `autodidact"
            " promote --override` a rejected one.",
        )
    if (champion and champion["version"]) != expected:
        now = f"is {champion['version']}" if champion else "does not exist"
        raise Superseded(
            f"the champion of {row['system']} {now}; {row['version']} was to replace {expected or 'none'}",
            "Measure it against the present champion.",
        )


def _swap(
    chronicle: Chronicle,
    store: Store,
    deployer: Deployer,
    row: dict[str, Any],
    expected: str | None,
    by: str,
    reason: str,
) -> None:
    """Serves the version of the row and makes it the champion in place of `expected`; undoes it when that
    fails.
    """
    system, version = row["system"], row["version"]
    chronicle.set_state(system, version, "promoting", by, reason)
    try:
        serve(chronicle, store, deployer, row, by, reason)
        if not chronicle.swap_champion(system, expected, version, by, reason):
            raise AutodidactError(
                f"the champion of {system} changed meanwhile", "Measure it against the present champion."
            )
    except Interrupted:
        raise  # no time left: the next run puts things right
    except Exception as error:
        _put_back(chronicle, store, deployer, system, version, by, error)


def _put_back(
    chronicle: Chronicle,
    store: Store,
    deployer: Deployer,
    system: str,
    version: str,
    by: str,
    error: Exception,
) -> None:
    """Undoes a promotion that failed and raises why; returns only if the Chronicle says that it succeeded (an
    answer was lost).
    """
    if not isinstance(error, AutodidactError):
        error = AutodidactError(f"{type(error).__name__}: {error}", "See the log.")
    why, away = error.message, ""
    try:
        settle(chronicle, store, deployer, system, by, f"the promotion failed: {why}")
    except AutodidactError as second:
        if not (deployer.several and isinstance(second, Unavailable)):
            raise AutodidactError(
                f"the promotion of {version} failed: {why}; putting the champion back failed too:"
                f" {second.message}",
                "Mend the deployment: the next cycle, or `autodidact status --repair`, tries again.",
            ) from error
        # Nothing was taken off the server, which is away: it gets its champion when it is back.
        away = f", and is not served now: {second.message}"
    champion = chronicle.champion(system)
    if champion and champion["version"] == version:
        return
    if not away:
        sweep(chronicle, store, deployer, system, by)
    raise _failed(chronicle, system, version, error, by, away) from error


def _step_back(
    chronicle: Chronicle,
    store: Store,
    deployer: Deployer,
    before: dict[str, Any] | None,
    new: dict[str, Any],
    by: str,
    error: AutodidactError,
) -> None:
    """The champion was changed and clients could not be pointed at it: the one before comes back, by the same
    way. Raises why.
    """
    system, version = new["system"], new["version"]
    why = f"the promotion of {version} failed: {error.message}"
    try:
        if before is None:
            raise AutodidactError("there is no champion before it")
        chronicle.set_state(system, before["version"], "promoting", by, why)
        serve(chronicle, store, deployer, before, by, why)
        chronicle.swap_champion(system, version, before["version"], by, why)
        champion = chronicle.reigning(system)
        publish(chronicle, store, champion)
        point(chronicle, deployer, champion, by)
        sweep(chronicle, store, deployer, system, by)
    except AutodidactError as second:
        if before and chronicle.version(system, before["version"])["state"] == "promoting":
            past = chronicle.states(system, before["version"])
            chronicle.set_state(system, before["version"], before_promoting(past), by, second.message)
        raise AutodidactError(
            f"{why}; putting the champion back failed too: {second.message}",
            "Mend the deployment: the next cycle, or `autodidact status --repair`, tries again.",
        ) from error
    kept = f"{champion['version']} is the champion again"
    chronicle.event(system, "promotion_failed", f"{version}: {error.message}; {kept}", data={"by": by})
    raise RolledBack(f"{why}; {kept}", error.remedy) from error


def keep_champion(
    chronicle: Chronicle,
    store: Store,
    settings: Settings,
    system: str,
    *,
    by: str,
    reason: str,
    cycle_id: str | None = None,
    deployer: Deployer | None = None,
) -> dict[str, Any]:
    """Leaves the champion where it is, sees that it is served if anything ever was deployed, and logs why.
    Returns its row.

    Raises AutodidactError when the server cannot be made to serve it.
    """
    deployer = deployer or deployer_of(settings, store, system)
    with chronicle.promotion_lock(system):
        settle(chronicle, store, deployer, system, by, "an earlier promotion was interrupted")
        champion = chronicle.champion(system)
        if champion is None:
            raise AutodidactError(
                f"{system} has no champion to keep", "Open a cycle: it registers the base model as the first."
            )
        if deployer.kind != "none" and chronicle.last_deployment(system):
            probe_or_restore(chronicle, store, deployer, champion, by)
        chronicle.event(
            system, "kept", f"{champion['version']} stays the champion: {reason}", cycle_id, {"by": by}
        )
        return champion


def register_base(
    chronicle: Chronicle, store: Store, settings: Settings, system: str, base: Base, *, by: str = "autodidact"
) -> dict[str, Any]:
    """Registers the base model and, while no trained version reigns, makes it the champion. Returns the
    champion's row.

    Nothing is deployed for the first one. A champion with an adapter stays, whatever the base model is now.
    """
    from autodidact.training_recipes import effective

    version = base_name(base.sha256)
    # The same weights under another id, or quantised in another way, are no new base.
    if version not in [row["version"] for row in chronicle.versions(system)]:
        facts = {"id": base.id, "revision": base.revision, "sha256": base.sha256}
        chronicle.register_version(system, version, "", facts, None, effective(settings).quantization, by=by)
    champion = chronicle.champion(system)
    if champion and (champion["adapter"] or champion["version"] == version):
        publish(chronicle, store, champion)
        return champion
    reason = "the base model" if champion is None else "the base model was changed"
    deployer: Deployer | None = None if chronicle.last_deployment(system) else NoDeployer()
    expected = champion["version"] if champion else None
    return promote(
        chronicle,
        store,
        settings,
        system,
        version,
        expected=expected,
        by=by,
        reason=reason,
        deployer=deployer,
    )
