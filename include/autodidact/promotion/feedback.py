"""What a cycle tells the next: where the model in service is weak, and what the candidate lost.

feedback.json:

    {"format": 1, "outcome": "reject",
     "deficits": {"tool_use": 0.53},                      1 - score of the model in service; what `benchmark_targeted` weighs by
     "regressions": {"code_review": [{"id": "code_review/off_by_one/0", "candidate": 0.0, "champion": 1.0}]},
     "kept": {"tool_use": 211},                           examples by category that the candidate was trained on
     "lever": null,                                       {"name", "from", "to", "why"}: the one setting the next cycle changes, or null
     "forecast": {"at_risk": {"fell": [], "held": []}, ...}}   what became of the gate's forecast (gate/forecast.py), where there was one

Items are named, never quoted: what a generator reads here must not teach the suite.
"""

from typing import Any

from autodidact.promotion.statistics import TINY, category_means, pairs
from autodidact.records import CATEGORIES, Report, Verdict


def feedback(
    candidate: Report | None,
    champion: Report | None,
    verdict: Verdict,
    gate_report: dict[str, Any] | None = None,
    previous: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """feedback.json. A category without a score in this cycle keeps the deficit it had in `previous`."""
    serving = candidate if verdict.outcome == "promote" else champion
    deficits = dict((previous or {}).get("deficits") or {})
    for name, category in (serving.categories if serving else {}).items():
        if category.score is not None:
            deficits[name] = round(1 - category.score, 6)
    return {
        "format": 1,
        "outcome": verdict.outcome,
        "deficits": {name: deficits[name] for name in CATEGORIES if name in deficits},
        "regressions": regressions(candidate, champion) if verdict.outcome != "not_comparable" else {},
        "kept": dict((gate_report or {}).get("by_category") or {}),
        "lever": None,
    }


def regressions(candidate: Report | None, champion: Report | None) -> dict[str, list[dict[str, Any]]]:
    """Category to the items lost, most lost first, for each category in which the candidate scores lower on block 0."""
    if candidate is None or champion is None:
        return {}
    both = pairs(candidate, champion, [0])
    fallen = [name for name, (mine, theirs) in category_means(both).items() if mine < theirs - TINY]
    lost = {name: [(a, b) for a, b in both if a.category == name and a.score < b.score] for name in fallen}
    return {
        name: [
            {"id": a.id, "candidate": a.score, "champion": b.score}
            for a, b in sorted(rows, key=lambda pair: (pair[0].score - pair[1].score, pair[0].id))
        ]
        for name, rows in lost.items()
    }
