"""Do this Chronicle and this store belong together? Asked before anything that could change what serves.

    store's champion.json     the Chronicle                      then
    names a version           does not know it as a champion     rebuild: the store has what is missing
    names the same version    names the same                     they agree
    is older, known here      is ahead, its adapter is there     they agree: a publication was interrupted
    is older                  is ahead, its adapter is gone      stop: the store is older, or another one
    says more changes         is behind                          rebuild
    says as many changes      names another version              stop: a person decides

The pointer in champion.json counts its changes (`generation`); one written before that was so is ordered by
its time.
"""

from typing import Literal

import autodidact.chronicle.journal_in_store as journal
from autodidact.chronicle.chronicle import Chronicle
from autodidact.chronicle.journal_rows import identity
from autodidact.errors import AutodidactError
from autodidact.sources.forgotten_sources import unfinished
from autodidact.store import Store

# Logged when a person decided which version serves (`chronicle rebuild --champion`): cycles that were
# missing then are missed no more.
ACCEPTED = "store_accepted"
DECIDE = (
    "Bring back the copy that belongs to it, or name the version that is to serve: "
    "`autodidact chronicle rebuild --champion VERSION`."
)


class Disagreement(AutodidactError):
    """The Chronicle and the store do not belong together. `mendable`: the store holds what the Chronicle
    lacks, so `rebuild` mends it.
    """

    def __init__(self, message: str, *, mendable: bool = False, remedy: str = DECIDE):
        self.mendable = mendable
        super().__init__(message, "Run `autodidact chronicle rebuild`." if mendable else remedy)


def require(chronicle: Chronicle, store: Store, system: str) -> None:
    """Raises Disagreement unless what the Chronicle says of the system's champion may be written to the
    store, and served.
    """
    require_whole(store, system)
    here, there = f"the Chronicle {chronicle.name}", f"the store {store.shown}"
    if lacking := missing_here(chronicle, store, system):
        why = f"{here} lacks {lacking} rows of {system} that {there} has: it is new, older or another one"
        raise Disagreement(why, mendable=True)
    if gone := newest_cycle_gone(chronicle, store, system):
        why = f"the cycle {gone} of {system} is in {here} and not in {there}"
        raise Disagreement(f"{why}: the store is older, empty or another one", mendable=False)
    champion, pointer = chronicle.champion(system), pointer_of(store, system)
    says = authority(champion, pointer, chronicle.reigns(system))
    if says == "nobody" and champion is None and pointer is None:
        if chronicle.cycles(system, limit=1):
            raise Disagreement(f"neither {here} nor {there} says who serves {system}", mendable=False)
        if cycles_in(store, system):
            raise Disagreement(f"{here} does not know the cycles of {system} in {there}", mendable=True)
    elif says == "store" and pointer:
        known = f"{here} has {champion['version']}" if champion else f"{here} knows of no champion"
        raise Disagreement(
            f"{pointer['version']} serves {system} by {there}, and {known}: it is new, older or another one",
            mendable=True,
        )
    elif says == "nobody" and pointer and champion:
        both = f"{pointer['version']} by {there} and {champion['version']} by {here}"
        raise Disagreement(f"the champion of {system} is {both}, and neither is older", mendable=False)
    elif (
        says == "chronicle"
        and champion
        and champion["adapter"]
        and not store.list(champion["adapter"]["path"])
    ):
        why = f"the adapter of {champion['version']}, the champion of {system} by {here}, is not in {there}"
        raise Disagreement(f"{why}: the store is older, empty or another one", mendable=False)


def require_whole(store: Store, system: str) -> None:
    """Raises Disagreement where a source is half forgotten: what is left of it in the one of the two would
    come back to the other.
    """
    for name, step in unfinished(store, system).items():
        if step != "withdraw":
            raise Disagreement(
                f"the forgetting {name} of {system} was interrupted",
                remedy=f"Run `autodidact forget {name}`: it finishes.",
            )


def authority(
    champion: dict | None, pointer: dict | None, reigns: list[str]
) -> Literal["both", "chronicle", "store", "nobody"]:
    """Which of the two knows who serves: the Chronicle's champion with its `reigns`, or champion.json
    (`pointer`).

    The journal is written before champion.json. So a pointer that counts no more changes than the Chronicle,
    and names what never reigned in it, was not written by a promotion: the Chronicle counts.
    """
    if champion is None or pointer is None:
        return "chronicle" if champion else "store" if pointer else "nobody"
    if champion["version"] == pointer["version"]:
        return "both"
    counted = pointer.get("generation")
    if pointer["version"] not in reigns:
        return "chronicle" if counted and counted <= champion["generation"] else "store"
    here, there = (
        (champion["generation"], counted) if counted else (champion["promoted_at"], pointer["promoted_at"])
    )
    return "chronicle" if here > there else "store" if here < there else "nobody"


def missing_here(chronicle: Chronicle, store: Store, system: str, *, whole: bool = False) -> int:
    """How many rows of the journal's newest month (`whole`: of all) the Chronicle does not have."""
    rows, _ = journal.read(store, system, newest=not whole)
    if not rows:
        return 0
    there = {identity(row) for row in chronicle.rows(system)}
    missing = [row for row in rows if identity(row) not in there]
    # A cycle whose folder was deleted from the store cannot be brought back, and is no reason to stop.
    return sum(
        row["table"] != "cycles" or store.exists(f"{system}/cycles/{row['cycle_id']}/cycle.json")
        for row in missing
    )


def newest_cycle_gone(chronicle: Chronicle, store: Store, system: str) -> str | None:
    """The Chronicle's last opened cycle, if the store does not have it and no person has accepted that."""
    last = chronicle.newest_cycle(system)
    if last is None or store.exists(f"{system}/cycles/{last['cycle_id']}/cycle.json"):
        return None
    accepted = chronicle.newest_event(system, ACCEPTED)
    return None if accepted and accepted["at"] >= last["at"] else last["cycle_id"]


def pointer_of(store: Store, system: str) -> dict | None:
    """champion.json; None when there is none, or it is damaged: then the Chronicle and the journal say who
    reigns.
    """
    key = f"{system}/champion.json"
    if not store.exists(key):
        return None
    try:
        pointer = store.read_json(key)
    except AutodidactError:
        return None
    return pointer if isinstance(pointer, dict) and pointer.get("version") else None


def cycles_in(store: Store, system: str) -> list[str]:
    """The cycles of the store, by name."""
    end = "/cycle.json"
    keys = (key for key in store.list(f"{system}/cycles") if key.endswith(end))
    return [key.removesuffix(end).rpartition("/")[2] for key in keys]
