"""Versions and their states: what may follow what, and the one champion.

A version's name never changes: `<cycle_id>-<first 12 of the adapter's hash>`, or `base-<first 12>` for a base
model. The functions work inside a transaction of the caller's (`chronicle.engine.writing`), which serialises
them by system.
"""

from datetime import datetime, timezone

from sqlalchemy import Connection, func, insert, select, update

from autodidact.chronicle.tables import champions, version_states, versions
from autodidact.errors import AutodidactError, UsageError
from autodidact.records import canonical

STATES = ("candidate", "benchmarked", "promoting", "champion", "archived", "rejected", "withdrawn")

# What may follow each state. `champion`, and `archived` for a champion, are written by `swap` alone, with the
# pointer. `withdrawn` is the end: what a version was trained on is to be forgotten.
TRANSITIONS = {
    "candidate": ("benchmarked", "rejected", "withdrawn"),
    "benchmarked": ("promoting", "rejected", "withdrawn"),
    "promoting": (
        "champion",
        "candidate",
        "benchmarked",
        "archived",
        "rejected",
    ),  # put back: what it was before
    "champion": ("archived",),
    "archived": ("promoting", "withdrawn"),
    "rejected": ("promoting", "withdrawn"),  # by hand: a person may know better than the verdict
    "withdrawn": (),
}


def version_name(cycle_id: str, adapter_sha256: str) -> str:
    return f"{cycle_id}-{adapter_sha256[:12]}"


def base_name(base_sha256: str) -> str:
    return f"base-{base_sha256[:12]}"


def now() -> datetime:
    return datetime.now(timezone.utc)


def state_of(connection: Connection, system: str, version: str) -> str:
    """The version's state. Raises UsageError for a version that was never registered."""
    return history_of(connection, system, version)[-1]["state"]


def history_of(connection: Connection, system: str, version: str) -> list[dict]:
    """All states of a version, oldest first. Raises UsageError for a version that was never registered."""
    mine = (version_states.c.system == system) & (version_states.c.version == version)
    rows = connection.execute(select(version_states).where(mine).order_by(version_states.c.id)).mappings()
    found = [dict(row) for row in rows]
    if not found:
        raise UsageError(
            f"{system} has no version {version}", f"See the versions with `autodidact history` for {system}."
        )
    return found


def register(connection: Connection, row: dict, by: str) -> bool:
    """Adds a version in state `candidate`; False when this very version is there already.

    Raises AutodidactError when the name is taken by something else.
    """
    mine = (versions.c.system == row["system"]) & (versions.c.version == row["version"])
    there = connection.execute(select(versions).where(mine)).mappings().first()
    if there is None:
        connection.execute(insert(versions).values(**row, at=now()))
        _append(connection, row["system"], row["version"], "candidate", by, "registered")
        return True
    for name in ("base", "adapter", "quantization"):
        if canonical(there[name]) != canonical(row[name]):
            raise AutodidactError(
                f"version {row['version']} of {row['system']} is registered with another {name}",
                "A version never changes: train again under a new cycle.",
            )
    return False


def change(connection: Connection, system: str, version: str, state: str, by: str, reason: str) -> bool:
    """Moves a version to `state`; False when it is there already. Raises AutodidactError for a move that is
    not allowed.
    """
    if state not in STATES:
        raise UsageError(f"unknown state {state!r}", f"One of {', '.join(STATES)}.")
    past = history_of(connection, system, version)
    current = past[-1]["state"]
    if current == state:
        return False
    adapter = connection.execute(
        select(versions.c.adapter).where(versions.c.system == system, versions.c.version == version)
    ).scalar()
    # A base model is where a system starts: there is nothing to measure it against.
    first = (current, state) == ("candidate", "promoting") and adapter is None
    undone = current == "promoting" and state == before_promoting(past)
    if state == "champion" or (current, state) == ("champion", "archived"):
        remedy = "Use `autodidact promote` or `autodidact rollback`."
        raise AutodidactError(
            f"version {version} is {current} and cannot become {state}: only a promotion changes the"
            " champion",
            remedy,
        )
    if not (first or undone or (current != "promoting" and state in TRANSITIONS[current])):
        allowed = (
            before_promoting(past) if current == "promoting" else ", ".join(TRANSITIONS[current]) or "nothing"
        )
        raise AutodidactError(
            f"version {version} is {current} and cannot become {state}", f"Allowed next: {allowed}."
        )
    _append(connection, system, version, state, by, reason)
    return True


def before_promoting(past: list[dict]) -> str:
    """The state a version in `promoting` came from, and goes back to when its promotion is undone."""
    return next(row["state"] for row in reversed(past) if row["state"] != "promoting")


def swap(connection: Connection, system: str, expected: str | None, new: str, by: str, reason: str) -> bool:
    """Makes `new`, which must be promoting, the champion if `expected` (None: nobody) still is. False, and
    nothing changed, if not.
    """
    state = state_of(connection, system, new)
    if state != "promoting":
        raise AutodidactError(
            f"version {new} is {state}, not promoting", "Promote it with `autodidact promote`."
        )
    if expected is None:
        if connection.execute(select(champions.c.version).where(champions.c.system == system)).first():
            return False
        connection.execute(insert(champions).values(system=system, version=new, generation=1, at=now()))
    else:
        mine = (champions.c.system == system) & (champions.c.version == expected)
        changed = connection.execute(
            update(champions).where(mine).values(version=new, generation=champions.c.generation + 1, at=now())
        )
        if changed.rowcount != 1:
            return False
        _append(connection, system, expected, "archived", by, f"replaced by {new}")
    _append(connection, system, new, "champion", by, reason)
    return True


def _append(connection: Connection, system: str, version: str, state: str, by: str, reason: str) -> None:
    connection.execute(
        insert(version_states).values(
            system=system, version=version, state=state, by=by, reason=reason, at=now()
        )
    )


def listing(
    connection: Connection, system: str, version: str | None = None, cycles: list[str] | None = None
) -> list[dict]:
    """The system's versions with their present `state`, its `by`, `reason` and `since`, oldest first: all,
    the named one, or those that the named cycles trained.
    """
    last = (
        select(func.max(version_states.c.id))
        .where(version_states.c.system == system)
        .group_by(version_states.c.version)
    )
    query = (
        select(
            versions,
            version_states.c.state,
            version_states.c.by,
            version_states.c.reason,
            version_states.c.at.label("since"),
        )
        .join(
            version_states,
            (version_states.c.system == versions.c.system) & (version_states.c.version == versions.c.version),
        )
        .where(versions.c.system == system, version_states.c.id.in_(last))
        .order_by(versions.c.at, versions.c.version)
    )
    if version is not None:
        query = query.where(versions.c.version == version)
    if cycles is not None:
        query = query.where(versions.c.cycle_id.in_(cycles))
    return [dict(row) for row in connection.execute(query).mappings()]
