"""Two models, each a version or the candidate of a cycle: their scores with intervals, and the items of the
benchmark that one answered better than the other.

Only items that both were asked in the same words are compared: those of block 0 and of a week that both have.
What a judge below `judge.floor` scored is no part of a difference, as it is none of a verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodidact.chronicle import dashboard_queries
from autodidact.cycle.record import load_cycle
from autodidact.errors import AutodidactError, UsageError
from autodidact.knowledge.known_share_estimates import wilson
from autodidact.promotion.statistics import TINY, Pair, by_category, stratified
from autodidact.records import CATEGORIES, ItemResult, canonical

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle
    from autodidact.runtime import Runtime

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Model:
    """One side: its name, what is known of it, its report without items, and its items."""

    name: str
    known: dict[str, Any]
    report: Mapping[str, Any]
    items: list[ItemResult]


def compare(runtime: "Runtime", chronicle: "Chronicle", system: str, a: str, b: str) -> dict[str, Any]:
    """{"system", "a", "b", "scores", "compared", "difference", "won", "lost", "note"}: won and lost are seen
    from `b`. Raises UsageError for a name that is neither a version nor a cycle, or was not measured.
    """
    first, second = (_model(runtime, chronicle, system, name) for name in (a, b))
    both = _common(first.items, second.items)
    counted = [pair for pair in both if not _is_probe(pair[0]) and pair[0].counted and pair[1].counted]
    parts = by_category([(mine, theirs) for theirs, mine in counted])
    differences = {name: part.interval(CONFIDENCE) for name, part in parts.items()}
    whole = stratified(parts).interval(CONFIDENCE) if parts else None
    return {
        "system": system,
        "a": first.known,
        "b": second.known,
        "scores": [_score(name, first, second, differences.get(name)) for name in CATEGORIES]
        + [_overall(first, second, whole), _probe(first, second)],
        "compared": len(counted),
        "difference": whole,
        "won": [_both(*pair) for pair in both if pair[1].points > pair[0].points + TINY],
        "lost": [_both(*pair) for pair in both if pair[1].points < pair[0].points - TINY],
        "note": _note(first, second),
    }


def _model(runtime: "Runtime", chronicle: "Chronicle", system: str, name: str) -> Model:
    versions = {row["version"]: row for row in chronicle.versions(system)}
    row = versions.get(name) or _one_that_begins(versions, name)
    if row is not None:
        cycle_id, roles = row["cycle_id"], ("candidate",) if row["adapter"] else ("base", "champion")
        known = {key: row[key] for key in ("version", "state", "since", "reason", "cycle_id")}
    else:
        if all(each["cycle_id"] != name for each in chronicle.cycles(system)):
            raise UsageError(
                f"{system} has neither a version nor a cycle {name!r}", "`autodidact history` lists both."
            )
        cycle_id, roles = name, ("candidate", "champion")
        known = {"cycle_id": name}
    reports = chronicle.ask(dashboard_queries.reports_of, system, cycle_id)
    role = next((role for role in roles if role in reports), None)
    if role is None:
        raise UsageError(f"{name} was not measured", "`autodidact history` shows which have scores.")
    items = [_item(each) for each in chronicle.items(reports[role]["sha256"])]
    uncounted = _uncounted(runtime, system, cycle_id, role)
    items = [each.model_copy(update={"counted": each.id not in uncounted}) for each in items]
    return Model(name, {"name": name, "role": role} | known, reports[role], items)


def _one_that_begins(versions: Mapping[str, Any], name: str) -> Any:
    """The only version that begins with these characters, which are more than a cycle's."""
    found = [row for version, row in versions.items() if version.startswith(name)]
    is_cycle = any(row["cycle_id"] == name for row in versions.values())
    return found[0] if len(found) == 1 and not is_cycle else None


def _item(row: Mapping[str, Any]) -> ItemResult:
    names = ("category", "family", "hidden", "block", "score", "missing", "prompt", "answer", "explanation")
    found = ItemResult.model_validate({"id": row["item"], **{name: row[name] for name in names}})
    return found.model_copy(update={"probe": bool(row["probe"])})


def _is_probe(item: ItemResult) -> bool:
    return bool(getattr(item, "probe", False))


def _uncounted(runtime: "Runtime", system: str, cycle_id: str, role: str) -> set[str]:
    """The items that count for nothing, as the store's report says; where it is away, none."""
    try:
        report = load_cycle(runtime, system, cycle_id).reports(runtime.store).get(role)
    except AutodidactError:
        return set()
    return {item.id for item in report.items if not item.counted} if report else set()


def _common(first: list[ItemResult], second: list[ItemResult]) -> list[Pair]:
    """The items that both answered, in the same words, and have a score for."""
    mine = {_asked(item): item for item in first if item.score is not None}
    return [(mine[_asked(item)], item) for item in second if item.score is not None and _asked(item) in mine]


def _asked(item: ItemResult) -> tuple[str, str]:
    return item.id, canonical(item.prompt)


def _both(a: ItemResult, b: ItemResult) -> dict[str, Any]:
    named = {name: getattr(a, name) for name in ("category", "family", "block")}
    answers = {f"{side}_{part}": getattr(item, part) for side, item in (("a", a), ("b", b)) for part in PARTS}
    return {"item": a.id, "probe": _is_probe(a), **named, "prompt": a.prompt, **answers}


PARTS = ("score", "answer", "explanation")


def _interval(value: float | None, n: int) -> dict[str, Any] | None:
    if value is None or not n:
        return None
    low, high = wilson(value, n)
    return {"score": value, "low": low, "high": high, "n": n}


def _score(name: str, a: Model, b: Model, difference: Any) -> dict[str, Any]:
    sides = [model.report["categories"].get(name) or {} for model in (a, b)]
    found = [_interval(each.get("score"), each.get("n") or 0) for each in sides]
    return {"name": name, "a": found[0], "b": found[1], "difference": difference}


def _overall(a: Model, b: Model, difference: Any) -> dict[str, Any]:
    """The means of the categories, with the interval that as many items have."""
    found = []
    for model in (a, b):
        n = sum(each.get("n") or 0 for each in model.report["categories"].values())
        found.append(_interval(model.report["overall"], n))
    return {"name": "overall", "a": found[0], "b": found[1], "difference": difference}


def _probe(a: Model, b: Model) -> dict[str, Any]:
    """The knowledge probes: each cycle asks other facts, so there is no difference."""
    probes = [model.report.get("probe") or {} for model in (a, b)]
    found = [_interval(each.get("score"), each.get("n") or 0) for each in probes]
    return {"name": "knowledge probe", "a": found[0], "b": found[1], "difference": None}


def _note(a: Model, b: Model) -> str | None:
    if a.report["fingerprint"] == b.report["fingerprint"]:
        return None
    return "They were measured differently (suite, decoding, template or judge): scores may differ for that."
