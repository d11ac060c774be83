"""Withdraws the versions that were trained on a forgotten source. If one of them serves, the newest other
version takes its place first, as in any promotion.
"""

from typing import Any

from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.errors import AutodidactError
from autodidact.promotion import change_champion
from autodidact.promotion.deploy import sweep
from autodidact.promotion.deployers import deployer_of
from autodidact.promotion.recovery import settle
from autodidact.runtime import Runtime
from autodidact.store import Store

REASON = "a source that it was trained on is forgotten"


def withdraw(
    runtime: Runtime, chronicle: Chronicle, system: str, versions: list[str], *, by: str
) -> dict[str, Any]:
    """Withdraws `versions`. Returns {"before", "after"}: who served and who serves now.

    Raises AutodidactError where the champion is among them and no other can be brought into service: the
    next call tries again.
    """
    store, settings = runtime.store, runtime.settings
    before = (chronicle.champion(system) or {}).get("version")
    with chronicle.promotion_lock(system):
        settle(chronicle, store, deployer_of(settings, store, system), system, by, "a source is forgotten")
    _take(chronicle, system, [each for each in versions if each != before], by)
    if before in versions:
        other = successor(chronicle, store, system, versions)
        change_champion.promote(
            chronicle, store, settings, system, other, expected=before, by=by, reason=f"{before}: {REASON}"
        )
        _take(chronicle, system, [before], by)
    with chronicle.promotion_lock(system):
        sweep(chronicle, store, deployer_of(settings, store, system), system, by)
    if before:
        journal_in_store.write(chronicle, store, system)
    return {"before": before, "after": (chronicle.champion(system) or {}).get("version")}


def successor(chronicle: Chronicle, store: Store, system: str, versions: list[str]) -> str:
    """What serves in place of a champion that is withdrawn: the last champion before that is not, and whose
    adapter is still there; at the beginning of every system the base was it. Raises AutodidactError where
    there is none.
    """
    rows = {row["version"]: row for row in chronicle.versions(system) if row["state"] != "withdrawn"}
    for version in reversed(chronicle.reigns(system)):
        row = rows.get(version)
        if row and version not in versions and (not row["adapter"] or store.list(row["adapter"]["path"])):
            return version
    raise AutodidactError(
        f"{system} has no version that was not trained on the source, not even its base",
        "Run a cycle: it registers the base.",
    )


def _take(chronicle: Chronicle, system: str, versions: list[str], by: str) -> None:
    for version in versions:
        chronicle.set_state(system, version, "withdrawn", by, REASON)
