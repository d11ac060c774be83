"""What a cycle tells the next: where the model in service is weak, what the candidate lost and what was near
it, what to change.

feedback.json:

    {"format": 1, "outcome": "reject",
     # 1 - score of the model in service; what `benchmark_targeted` weighs by
     "deficits": {"tool_use": 0.53},
     "regressions": {"code_review": [{"id": "code_review/off_by_one/0", "candidate": 0.0, "champion": 1.0,
                                      "nearest": [{"id": "<example>", "generator": "diff_miner",
                                                   "source": "<where>", "likeness": 0.31}]}]},
     # examples by category that the candidate was trained on
     "kept": {"tool_use": 211},
     # share of a generator's examples that the next gate keeps, where it is below 1
     "quotas": {"tool_spec": 0.9},
     # {"name", "from", "to", "why"}: the one setting that the next cycle changes, or null
     "lever": null,
     # families that anchors were to hold, by whether the candidate fell below the champion
     "anchors": {"rows": 60, "fell": [], "held": []},
     # shares of the knowledge probe
     "news": {"news": {"n": 100, "candidate": 0.7, "champion": 0.1, "base": 0.0}, "control": {...}},
     # what became of the gate's forecast (benchmark/forecast_regressions.py), where there was one
     "forecast": {"at_risk": {"fell": [], "held": []}, ...}}

Items are named, never quoted: what a generator reads here must not teach the suite.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from autodidact.benchmark.knowledge_probe import news
from autodidact.promotion.statistics import TINY, category_means, mean, pairs
from autodidact.records import CATEGORIES, ItemResult, Report, Verdict

# Examples named for a lost item.
NEAREST = 3
# Lost items of a category that they are looked up for, most lost first.
EXPLAINED = 5

_WORD = re.compile(r"[^\W\d_]{2,}")


def feedback(
    candidate: Report | None,
    champion: Report | None,
    verdict: Verdict,
    gate_report: Mapping[str, Any] | None = None,
    previous: Mapping[str, Any] | None = None,
    *,
    base: Report | None = None,
    rows: Iterable[Mapping[str, Any]] = (),
    lever: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """feedback.json. A category without a score in this cycle keeps the deficit it had in `previous`.

    `rows`: what the candidate was trained on, examples and anchors; `lever`: what levers.lever said.
    """
    from autodidact.promotion.next_cycle_settings import quotas

    serving = candidate if verdict.outcome == "promote" else champion
    deficits = dict((previous or {}).get("deficits") or {})
    for name, category in (serving.categories if serving else {}).items():
        if category.score is not None:
            deficits[name] = round(1 - category.score, 6)
    comparable = verdict.outcome != "not_comparable"
    rows = list(rows)
    lost = regressions(candidate, champion) if comparable else {}
    found: dict[str, Any] = {
        "format": 1,
        "outcome": verdict.outcome,
        "deficits": {name: deficits[name] for name in CATEGORIES if name in deficits},
        "regressions": near(lost, candidate, rows) if candidate and rows and lost else lost,
        "kept": dict((gate_report or {}).get("by_category") or {}),
        "quotas": quotas(deficits, gate_report or {}, (previous or {}).get("quotas") or {}),
        "lever": dict(lever) if lever else None,
    }
    if comparable and candidate and champion and any(row["generator"] == "anchor" for row in rows):
        found["anchors"] = anchored(rows, candidate, champion)
    roles = {"candidate": candidate, "champion": champion, "base": base}
    if known := news({role: report for role, report in roles.items() if report}):
        found["news"] = known
    return found


def regressions(candidate: Report | None, champion: Report | None) -> dict[str, list[dict[str, Any]]]:
    """Category to the items lost, most lost first, for each category in which the candidate scores lower on
    block 0.
    """
    if candidate is None or champion is None:
        return {}
    both = pairs(candidate, champion, [0])
    fallen = [name for name, (mine, theirs) in category_means(both).items() if mine < theirs - TINY]
    lost = {name: [(a, b) for a, b in both if a.category == name and a.points < b.points] for name in fallen}
    return {
        name: [
            {"id": a.id, "candidate": a.points, "champion": b.points}
            for a, b in sorted(rows, key=lambda pair: (pair[0].points - pair[1].points, pair[0].id))
        ]
        for name, rows in lost.items()
    }


def near(
    lost: dict[str, list[dict[str, Any]]], candidate: Report, rows: list[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The same with `nearest` at the first items of each category: the training examples whose prompts are
    most like theirs.

    Likeness is the cosine of idf-weighted words, so between 0 and 1; examples that share no word are not
    named.
    """
    prompts = {item.id: _words(item.prompt) for item in candidate.items}
    trained = [_words(row["messages"][:-1]) for row in rows]
    seen = Counter(word for words in trained for word in words)
    weights = {word: math.log((len(rows) + 1) / (n + 1)) + 1 for word, n in seen.items()}
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, words in enumerate(trained):
        for word, weight in _unit(words, weights).items():
            places[word].append((place, weight))

    def nearest(item_id: str) -> list[dict[str, Any]]:
        likeness: dict[int, float] = defaultdict(float)
        for word, weight in _unit(prompts.get(item_id, Counter()), weights).items():
            for place, other in places.get(word, ()):
                likeness[place] += weight * other
        best = sorted(likeness, key=lambda place: (-round(likeness[place], 6), rows[place]["id"]))[:NEAREST]
        return [
            {
                "id": row["id"],
                "generator": row["generator"],
                "source": row["source"]["ref"],
                "likeness": round(likeness[place], 3),
            }
            for place in best
            for row in [rows[place]]
        ]

    return {
        name: [
            {**row, "nearest": nearest(row["id"])} if number < EXPLAINED else row
            for number, row in enumerate(items)
        ]
        for name, items in lost.items()
    }


def _words(messages: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(message.get("content") or "" for message in messages).casefold()))


def _unit(words: Counter[str], weights: Mapping[str, float]) -> dict[str, float]:
    vector = {word: (1 + math.log(n)) * weights.get(word, 1.0) for word, n in words.items()}
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {word: weight / length for word, weight in vector.items()}


def anchored(rows: list[Mapping[str, Any]], candidate: Report, champion: Report) -> dict[str, Any]:
    """What became of the families that anchors were to hold: {"rows", "fell", "held"}, on all items that both
    were asked.
    """
    anchors = [row for row in rows if row["generator"] == "anchor"]
    families = {row["source"]["ref"].rpartition("/")[0] for row in anchors}
    changes: dict[str, list[float]] = defaultdict(list)
    for a, b in pairs(candidate, champion, candidate.blocks):
        changes[_family(a)].append(a.points - b.points)
    asked = sorted(families & changes.keys())
    fell = [name for name in asked if mean(changes[name]) < -TINY]
    return {"rows": len(anchors), "fell": fell, "held": [name for name in asked if name not in fell]}


def _family(item: ItemResult) -> str:
    return f"{item.category}/{item.family}"
