"""What the files of a store show of closings and states, where it has no journal of them: pure functions."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from autodidact.chronicle.tables import exact
from autodidact.cycle.record import Cycle

REASON = "worked out from the store"


def closing(
    row: Mapping, verdict: Mapping | None, cycles: list[Cycle], pointer: Mapping | None
) -> tuple[str, str] | None:
    """(outcome, reason) of a cycle that must have been closed; None for one that may still be open.

    A live cycle is closed when a later one begins where it ends or later; the newest when its verdict
    promoted nothing, or what serves.
    """
    followed = any(
        each.kind == "live" and each.since and each.since >= row["until"] and each.cycle_id != row["cycle_id"]
        for each in cycles
    )
    if verdict is None:
        return ("kept", REASON) if followed and row["kind"] == "live" else None
    chosen = verdict.get("promotes")
    if not chosen:
        return ("kept", "; ".join(verdict.get("reasons", [])) or REASON) if "promotes" in verdict else None
    ended = verdict.get("ended")
    if ended and ended["outcome"] != "failed":  # a promotion that failed is tried again: its cycle is open
        return ended["outcome"], ended["reason"]
    reigned = {each.champion.version for each in cycles if each.champion} | (
        {pointer["version"]} if pointer else set()
    )
    if chosen["version"] in reigned:
        return "promoted", REASON
    return ("kept", REASON) if followed else None


def states(
    past: Mapping[str, list[dict]],
    cycles: list[Cycle],
    verdicts: Mapping[str, Mapping],
    pointer: Mapping | None,
    at: datetime,
    *,
    reason: str = REASON,
) -> list[dict]:
    """The rows of `version_states` that bring each version to where the files show it, in order.

    `past`: the states each version has had, oldest first. `cycles` are in the order of their windows: each
    names the champion of its time. `pointer` names the champion of now. They are rows of now (`at`, a
    microsecond apart, so that they keep their order); the reason says of when.
    """
    found: list[dict] = []
    now_in = {version: rows[-1]["state"] for version, rows in past.items()}
    reigned = {version for version, rows in past.items() if any(row["state"] == "champion" for row in rows)}

    def move(version: str, state: str, when: str) -> None:
        row = {
            "table": "version_states",
            "version": version,
            "state": state,
            "by": "rebuild",
            "reason": f"{reason}, as of {when}",
        }
        found.append(row | {"at": exact(at + len(found) * timedelta(microseconds=1))})
        now_in[version] = state

    for cycle in cycles:
        verdict = verdicts.get(cycle.cycle_id)
        version = verdict and verdict.get("candidate")
        if version in now_in and now_in[version] == "candidate":
            move(version, "benchmarked", cycle.until)
            if (verdict.get("promotes") or {}).get("version") != version:
                move(version, "rejected", cycle.until)
    reigning = None
    for version, when in _reigns(cycles, pointer):
        final = bool(pointer) and version == pointer["version"]
        if (
            version != reigning
            and now_in.get(version, "champion") != "champion"
            and (version not in reigned or final)
        ):
            if now_in.get(reigning) == "champion":
                move(reigning, "archived", when)
            move(version, "promoting", when)
            move(version, "champion", when)
            reigned.add(version)
        reigning = version
    for version, state in list(now_in.items()):
        if pointer and version != pointer["version"] and state in ("champion", "promoting"):
            was = "archived" if state == "champion" else _before([row["state"] for row in past[version]])
            move(version, was, exact(at))
    return found


def _reigns(cycles: list[Cycle], pointer: Mapping | None) -> list[tuple[str, str]]:
    """(version, when it was seen to serve), in order."""
    seen = [(cycle.champion.version, cycle.until) for cycle in cycles if cycle.champion]
    return seen + ([(pointer["version"], pointer["promoted_at"])] if pointer else [])


def _before(states_of: list[str]) -> str:
    return next((state for state in reversed(states_of) if state != "promoting"), "candidate")
