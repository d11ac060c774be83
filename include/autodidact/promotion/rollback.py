"""Rolling back: an archived version becomes the champion again, as a promotion makes one.

Who rolls back: a person (by_hand.py) and the bake time (watch.py). A promotion that fails puts the champion
back by itself (change_champion.py), one that was killed is finished or undone by recovery.py.
"""

from typing import Any

from autodidact.chronicle import Chronicle
from autodidact.errors import UsageError
from autodidact.promotion.change_champion import promote
from autodidact.promotion.deploy import require_not_withdrawn
from autodidact.promotion.deployers import Deployer
from autodidact.settings import Settings
from autodidact.store import Store


def roll_back(
    chronicle: Chronicle,
    store: Store,
    settings: Settings,
    system: str,
    to: str | None = None,
    *,
    by: str,
    reason: str,
    deployer: Deployer | None = None,
) -> dict[str, Any]:
    """Makes an archived version the champion again: `to`, or the champion before the present one. Returns its
    row.

    Raises UsageError when there is none, AutodidactError like `promote`.
    """
    champion = chronicle.champion(system)
    if champion is None:
        raise UsageError(f"{system} has no champion to roll back from", "Run a cycle first.")
    if to is None:
        to = predecessor(chronicle, system)
    row = chronicle.version(system, to)
    require_not_withdrawn(store, row)
    state = row["state"]
    if state != "archived":
        archived = ", ".join(row["version"] for row in chronicle.versions(system, state="archived")) or "none"
        raise UsageError(
            f"version {to} is {state}; only an archived one can be brought back", f"Archived: {archived}."
        )
    return promote(
        chronicle,
        store,
        settings,
        system,
        to,
        expected=champion["version"],
        by=by,
        reason=reason,
        deployer=deployer,
    )


def predecessor(chronicle: Chronicle, system: str) -> str:
    """The champion that the present one replaced when it first came: a second rollback goes one further back,
    not forth again. Withdrawn versions are passed over.
    """
    gone = {row["version"] for row in chronicle.versions(system, state="withdrawn")}
    reigns = [version for version in chronicle.reigns(system) if version not in gone]
    first = reigns.index(reigns[-1])
    if first == 0:
        raise UsageError(
            f"{reigns[-1]} is the first champion of {system}: there is none before it",
            "Name a version with --to.",
        )
    return reigns[first - 1]
