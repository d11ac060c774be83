"""What the files of a store show of closings and states, where it has no journal of them: pure functions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from autodidact.chronicle.tables import exact
from autodidact.cycle.record import Cycle

REASON = "worked out from the store"


def closing(
    row: Mapping[str, Any],
    verdict: Mapping[str, Any] | None,
    cycles: list[Cycle],
    pointer: Mapping[str, Any] | None,
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
    past: Mapping[str, list[dict[str, Any]]],
    cycles: list[Cycle],
    verdicts: Mapping[str, Mapping[str, Any]],
    pointer: Mapping[str, Any] | None,
    at: datetime,
    *,
    reason: str = REASON,
) -> list[dict[str, Any]]:
    """The rows of `version_states` that bring each version to where the files show it, in order.

    `past`: the states each version has had, oldest first. `cycles` are in the order of their windows: each
    names the champion of its time. `pointer` names the champion of now. They are rows of now (`at`, a
    microsecond apart, so that they keep their order); the reason says of when.
    """
    moves = _Moves(past, at, reason)
    for cycle in cycles:
        moves.judge(verdicts.get(cycle.cycle_id, {}), cycle.until)
    last = pointer["version"] if pointer else None
    for version, when in _reigns(cycles, pointer):
        moves.reign(version, when, again=version == last)
    if last:
        moves.end_other_reigns(last)
    return moves.rows


class _Moves:
    """The rows so far, and the state that each version has by them."""

    def __init__(self, past: Mapping[str, list[dict[str, Any]]], at: datetime, reason: str):
        self.rows: list[dict[str, Any]] = []
        self._past, self._at, self._reason = past, at, reason
        self._now_in = {version: rows[-1]["state"] for version, rows in past.items()}
        self._reigned = {
            version for version, rows in past.items() if any(row["state"] == "champion" for row in rows)
        }
        self._reigning: str | None = None

    def judge(self, verdict: Mapping[str, Any], when: str) -> None:
        """A cycle's candidate was measured, and rejected unless it was to be promoted."""
        version = verdict.get("candidate")
        if version and self._now_in.get(version) == "candidate":
            self._move(version, "benchmarked", when)
            if (verdict.get("promotes") or {}).get("version") != version:
                self._move(version, "rejected", when)

    def reign(self, version: str, when: str, *, again: bool) -> None:
        """A version served at that time; `again`: also one that was champion before."""
        other = version != self._reigning and self._now_in.get(version, "champion") != "champion"
        if other and (again or version not in self._reigned):
            if self._reigning and self._now_in.get(self._reigning) == "champion":
                self._move(self._reigning, "archived", when)
            self._move(version, "promoting", when)
            self._move(version, "champion", when)
            self._reigned.add(version)
        self._reigning = version

    def end_other_reigns(self, last: str) -> None:
        """Only the last champion reigns; a promotion that did not end is undone."""
        for version, state in list(self._now_in.items()):
            if version != last and state in ("champion", "promoting"):
                before = [row["state"] for row in self._past.get(version, [])]
                self._move(version, "archived" if state == "champion" else _before(before), exact(self._at))

    def _move(self, version: str, state: str, when: str) -> None:
        at = exact(self._at + len(self.rows) * timedelta(microseconds=1))
        row = {"table": "version_states", "version": version, "state": state, "by": "rebuild"}
        self.rows.append(row | {"reason": f"{self._reason}, as of {when}", "at": at})
        self._now_in[version] = state


def _reigns(cycles: list[Cycle], pointer: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """(version, when it was seen to serve), in order."""
    seen = [(cycle.champion.version, cycle.until) for cycle in cycles if cycle.champion]
    return seen + ([(pointer["version"], pointer["promoted_at"])] if pointer else [])


def _before(states_of: list[str]) -> str:
    return next((state for state in reversed(states_of) if state != "promoting"), "candidate")
