"""How the model in service stands against the base: on the items that the newest cycle asked both."""

from collections.abc import Mapping, Sequence
from typing import Any

from autodidact.chronicle import dashboard_queries
from autodidact.records import ItemResult
from autodidact_airflow.dashboard.page_data_sources import Here

CONFIDENCE = 0.95
# Where the store has a report of a cycle, by role.
FILES = {"candidate": "report", "champion": "champion", "base": "base"}
# Differences by the digests of their two reports, which never change; so many are kept.
MOST_KEPT = 256
_kept: dict[tuple[str, str], dict[str, Any] | None] = {}


def against_base(
    at: Here,
    champion: Mapping[str, Any] | None,
    history: Sequence[Mapping[str, Any]],
    judged: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any] | None:
    """{"mean", "low", "high", "n", "cycle_id", "weekly", "chosen"}: the difference of the overall scores with
    its 95% interval, by the same resampling as the verdict's. `weekly`: of the items drawn for the cycle's
    week; else of the published ones. `chosen`: of the cycle that promoted the model. None for a base, and
    where no cycle of the history measured both.
    """
    if champion is None or not champion["adapter"]:
        return None
    for row in history:
        verdict = judged.get(row["cycle_id"], {})
        role = next((role for role in ("candidate", "champion") if _serves(verdict, role, champion)), None)
        if role and row[role] and row["base"]:
            found = _measured(at, row["cycle_id"], role)
            if found:
                return found | {"cycle_id": row["cycle_id"], "chosen": role == "candidate"}
    return None


def _serves(verdict: Mapping[str, Any], role: str, champion: Mapping[str, Any]) -> bool:
    return bool(verdict.get(role) == champion["version"])


def _measured(at: Here, cycle_id: str, role: str) -> dict[str, Any] | None:
    reports = at.chronicle.ask(dashboard_queries.reports_of, at.known(), cycle_id)
    key = (reports[role]["sha256"], reports["base"]["sha256"])
    if key not in _kept:
        uncounted = _uncounted(at, cycle_id, role) | _uncounted(at, cycle_id, "base")
        sides = [at.chronicle.ask(dashboard_queries.scores, digest) for digest in key]
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = difference(sides[0], sides[1], uncounted)
    return _kept[key]


def _uncounted(at: Here, cycle_id: str, role: str) -> set[str]:
    """The items that count for nothing: a judge scored them that agrees too little with people."""
    report = at.stored(cycle_id, f"benchmark/{FILES[role]}.json") or {}
    return {each["id"] for each in report.get("items", []) if not each.get("counted", True)}


def difference(
    mine: Sequence[Mapping[str, Any]], base: Sequence[Mapping[str, Any]], uncounted: set[str]
) -> dict[str, Any] | None:
    """{"mean", "low", "high", "n", "weekly"} of two reports' items, as the Chronicle has them: of those of
    the week where both were asked some, else of the published ones. None without an item in common.
    """
    from autodidact.promotion.statistics import by_category, stratified

    theirs = {each["item"]: each for each in base if _counts(each, uncounted)}
    both = [each for each in mine if _counts(each, uncounted) and each["item"] in theirs]
    weekly = [each for each in both if each["block"]]
    pairs = [(_item(each), _item(theirs[each["item"]])) for each in weekly or both]
    parts = by_category(pairs)
    if not parts:
        return None
    return stratified(parts).interval(CONFIDENCE) | {"n": len(pairs), "weekly": bool(weekly)}


def _counts(row: Mapping[str, Any], uncounted: set[str]) -> bool:
    return not row["probe"] and row["score"] is not None and row["item"] not in uncounted


def _item(row: Mapping[str, Any]) -> ItemResult:
    fields = {name: row[name] for name in ("category", "family", "block", "score")}
    return ItemResult.model_construct(id=row["item"], **fields)
