"""What a cycle made stays as it is once others rely on it: its adapter is a registered version, or the cycle
is closed.

`<cycle>/sealed.json` says so next to the artifacts, where a pod that knows only the store can read it.
"""

from autodidact.errors import UsageError
from autodidact.store import Store

AGAIN = "To run the window again use the param `again`, or `autodidact cycle --until ... --again`"


def seal(store: Store, folder: str, *, version: str | None = None, closed: bool = False) -> None:
    """Seals a cycle's folder: its adapter is the registered `version`, or the cycle is `closed`. A seal is
    never taken off."""
    key = f"{folder}/sealed.json"
    old = store.read_json(key) if store.exists(key) else {"format": 1, "version": None, "closed": False}
    new = old | {"version": old["version"] or version, "closed": old["closed"] or closed}
    if new != old:
        store.write_json(key, new)


def sealed(store: Store, folder: str) -> str | None:
    """Why a cycle's examples and adapter must not be made anew, in words; None when they may be."""
    if why := closed(store, folder):
        return why
    name = folder.rpartition("/")[2]
    # The second is of cycles older than the seals: with a verdict, the candidate is registered.
    for key in (f"{folder}/sealed.json", f"{folder}/verdict.json"):
        found = store.read_json(key) if store.exists(key) else {}
        if version := found.get("version") or found.get("candidate"):
            return f"the adapter of cycle {name} is registered as {version}, which never changes"
    return None


def closed(store: Store, folder: str) -> str | None:
    """Why nothing of a cycle must be made anew; None while it is open."""
    key = f"{folder}/sealed.json"
    if store.exists(key) and store.read_json(key)["closed"]:
        return f"cycle {folder.rpartition('/')[2]} is closed"
    return None


def require_unsealed(why: str | None) -> None:
    """Raises UsageError where there is a reason, by `sealed`, that what is there must stay."""
    if why:
        raise UsageError(why[0].upper() + why[1:], f"{AGAIN}.")
