"""Two models, each a version or the candidate of a cycle: their scores with intervals, and the items of the
benchmark that one answered better than the other.

Only items that both were asked in the same words are compared: those of block 0, and where one cycle measured
both, as candidate and champion, those of its week too.
What a judge below `judge.floor` scored is no part of a difference, as it is none of a verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodidact.cycle.record import load_cycle
from autodidact.errors import AutodidactError, UsageError
from autodidact.knowledge.known_share_estimates import wilson
from autodidact.promotion.statistics import TINY, Pair, by_category, stratified
from autodidact.records import CATEGORIES, ItemResult, canonical

if TYPE_CHECKING:
    from autodidact.chronicle import Chronicle
    from autodidact.runtime import Runtime

CONFIDENCE = 0.95
# The newest cycles, in which a model is looked for.
CYCLES = 300


@dataclass(frozen=True)
class Model:
    """One side: what is known of it, the report that is compared, without items, and its items."""

    known: dict[str, Any]
    report: Mapping[str, Any]
    items: list[ItemResult]


def compare(runtime: "Runtime", chronicle: "Chronicle", system: str, a: str, b: str) -> dict[str, Any]:
    """{"system", "a", "b", "scores", "compared", "difference", "won", "lost", "note"}: won and lost are seen
    from `b`. Raises UsageError for a name that is neither a version nor a cycle, or was not measured.
    """
    reports = chronicle.latest_reports(system, CYCLES)
    known, measured = zip(*(_measured(chronicle, system, name, reports) for name in (a, b)), strict=True)
    # Where both were measured in one cycle, they answered the items of that week too.
    pairs = [(mine, theirs) for mine in measured[0] for theirs in measured[1]]
    chosen = max(pairs, key=lambda pair: (*_alike(*pair), pair[1]["until"], pair[0]["until"]))
    first, second = (
        Model(
            {"role": report["role"], "measured_in": report["cycle_id"]} | what,
            report,
            _items(runtime, chronicle, system, report),
        )
        for what, report in zip(known, chosen, strict=True)
    )
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


def _alike(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[bool, bool]:
    """How alike two models were measured: in one cycle; in the same way."""
    return a["cycle_id"] == b["cycle_id"], a["fingerprint"] == b["fingerprint"]


def _measured(
    chronicle: "Chronicle", system: str, name: str, reports: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """What is known of the version, or of the cycle, and the reports that measured it, or its candidate."""
    versions = {row["version"]: row for row in chronicle.versions(system)}
    row = versions.get(name) or _one_that_begins(versions, name)
    if row is not None:
        known = {key: row[key] for key in ("version", "state", "since", "reason", "cycle_id")}
        found = [report for report in reports if _is_of(report["model"], row)]
    else:
        if all(each["cycle_id"] != name for each in chronicle.cycles(system)):
            raise UsageError(
                f"{system} has neither a version nor a cycle {name!r}", "`autodidact history` lists both."
            )
        known = {"cycle_id": name}
        of_cycle = {report["role"]: report for report in reports if report["cycle_id"] == name}
        role = next((role for role in ("candidate", "champion") if role in of_cycle), None)
        found = [of_cycle[role]] if role else []
    if not found:
        raise UsageError(f"{name} was not measured", "`autodidact history` shows which have scores.")
    return {"name": name} | known, found


def _is_of(model: Mapping[str, Any], version: Mapping[str, Any]) -> bool:
    """Whether a report is of this version: by its adapter's path, a base by having none."""
    path, adapter = model.get("adapter") or "", version["adapter"]
    if adapter:
        return bool(path) and path.endswith(adapter["path"])
    sha256 = model.get("base_sha256")
    return not path and sha256 in (None, version["base"]["sha256"])


def _items(
    runtime: "Runtime", chronicle: "Chronicle", system: str, report: Mapping[str, Any]
) -> list[ItemResult]:
    uncounted = _uncounted(runtime, system, report["cycle_id"], report["role"])
    items = [_item(each) for each in chronicle.items(report["sha256"])]
    return [each.model_copy(update={"counted": each.id not in uncounted}) for each in items]


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
