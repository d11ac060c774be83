"""Which families of the benchmark may get worse by the training, known before any GPU time: those that the
base can do and that hardly any kept example teaches.

A family is at risk when the base scores at least 0.5 on its dev items and fewer than 8 kept examples teach
it: fine-tuning damages what its data do not mention. The base's scores come from
`benchmark.measure_model.measure_dev`, once a base; without them there is no forecast.

What teaches a family is decided simply: a targeted example or an anchor teaches the family that its source
names. Any other example teaches, of its category's families, the one whose prompts are most like its own
(cosine of idf-weighted words), if that is at least 0.1. Fresh dev items find their own family so in 94% of
cases, 95% of them above 0.3; of what the generators make, 45% lies above 0.1. So the forecast counts likeness
of wording, not of skill: it overlooks an example that teaches the same in other words.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from autodidact.records import ItemResult, Report

# The base's mean score on a family's dev items from which there is something to lose.
ABLE = 0.5
# Kept examples that are enough to keep a family.
ENOUGH = 8
# Least cosine of an example's prompt and a family's prompts.
ALIKE = 0.1
# Dev items of a family that its wording is read from.
DRAWS = 4
RULE = f"the base scores {ABLE} or more on dev items, and fewer than {ENOUGH} kept examples teach it"

# What a targeted example or an anchor names as its source.
_DEV_ITEM = re.compile(r"(?P<family>\w+/\w+)/dev-\d+")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def forecast(kept: Iterable[dict], dev: Iterable[ItemResult]) -> dict:
    """{"rule", "families": {"<category>/<family>": {"base", "n", "kept"}}, "at_risk": [names]} from kept rows
    and the base's dev results.
    """
    scores: dict[str, list[float]] = defaultdict(list)
    for item in dev:
        if item.score is not None:
            scores[f"{item.category}/{item.family}"].append(item.score)
    counts = Counter(family for row in kept if (family := taught(row)))
    families = {
        name: {"base": round(sum(given) / len(given), 4), "n": len(given), "kept": counts[name]}
        for name, given in sorted(scores.items())
    }
    return {
        "rule": RULE,
        "families": families,
        "at_risk": [n for n, row in families.items() if row["base"] >= ABLE and row["kept"] < ENOUGH],
    }


def taught(row: dict) -> str | None:
    """The family that an example teaches, as "<category>/<family>"; None when its wording is like no
    family's.
    """
    if item := _DEV_ITEM.fullmatch(row["source"]["ref"]):
        return item["family"]
    weights, signatures = _signatures()
    vector = _vector(_prompt(row["messages"][:-1]), weights)
    best, name = max(
        ((_dot(vector, other), name) for name, other in signatures[row["category"]].items()),
        default=(0.0, None),
    )
    return name if best >= ALIKE else None


def compare(predicted: dict, candidate: Report, base: Report | None = None) -> dict:
    """What became of a forecast: the families that the base was able to do, by whether they were at risk and
    whether the candidate fell.

    A family fell when the candidate scores lower on its items than `base` does on the same ones (without it:
    than the base on dev items). {"at_risk": {"fell": [...], "held": [...]}, "others": {...}, "against":
    "base|dev", "says": "a sentence"}.
    """
    after = _by_family(candidate, None)
    reference = _by_family(base, set(_items(candidate))) if base else {}
    result: dict[str, Any] = {
        "against": "base" if base else "dev",
        "at_risk": {"fell": [], "held": []},
        "others": {"fell": [], "held": []},
    }
    for name, row in predicted["families"].items():
        before = reference.get(name) if base else row["base"]
        if row["base"] < ABLE or name not in after or before is None:
            continue
        group = result["at_risk" if name in predicted["at_risk"] else "others"]
        group["fell" if after[name] < before - 1e-9 else "held"].append(name)
    result["says"] = _in_words(result["at_risk"], result["others"])
    return result


def _in_words(at_risk: dict[str, list], others: dict[str, list]) -> str:
    risky, safe = (sum(map(len, group.values())) for group in (at_risk, others))
    if not risky + safe:
        able = f"The base scores {ABLE} or more in no family (kind of prompts)"
        return f"{able}, so none was expected to get worse."
    able = "1 family (kind" if risky + safe == 1 else f"{risky + safe} families (kinds"
    said = [f"The base scores {ABLE} or more in {able} of prompts); only there is something to lose."]
    if risky:
        why = f"because hardly any example teaches {'it' if risky == 1 else 'them'}"
        said.append(f"{_expected(risky, safe)} to get worse, {why}: {_became(at_risk)}.")
    if safe:
        said.append(f"{_expected(safe, risky)} to stay as good: {_became(others)}.")
    return " ".join(said)


def _became(group: dict[str, list]) -> str:
    return f"{len(group['fell'])} got worse, {len(group['held'])} did not"


def _expected(count: int, others: int) -> str:
    """`2 were expected`; `All 3 were expected` where there are no others."""
    if count == 1:
        return "1 was expected" if others else "It was expected"
    return f"{count if others else f'All {count}'} were expected"


def _items(report: Report) -> list[str]:
    return [item.id for item in report.items if item.score is not None]


def _by_family(report: Report, among: set[str] | None) -> dict[str, float]:
    """Family to mean score on the report's items (on those `among` only)."""
    scores: dict[str, list[float]] = defaultdict(list)
    for item in report.items:
        if item.score is not None and (among is None or item.id in among):
            scores[f"{item.category}/{item.family}"].append(item.score)
    return {name: sum(given) / len(given) for name, given in scores.items()}


@lru_cache(maxsize=1)
def _signatures() -> tuple[dict[str, float], dict[str, dict[str, dict[str, float]]]]:
    """(idf of words, category -> family -> the weighted words of its prompts, unit length). The wording is
    the same at every level.
    """
    from autodidact.benchmark.items import find
    from autodidact.benchmark.suite import families

    names = [(category, f.name) for category, members in families().items() for f in members if not f.hidden]
    prompts = {
        name: [_prompt(find(f"{'/'.join(name)}/dev-{n}").messages) for n in range(DRAWS)] for name in names
    }
    counts = Counter(word for texts in prompts.values() for text in texts for word in set(_words(text)))
    total = DRAWS * len(names)
    weights = defaultdict(
        lambda: math.log(total + 1), {word: math.log((total + 1) / (n + 1)) for word, n in counts.items()}
    )
    signatures: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for (category, family), texts in prompts.items():
        summed: dict[str, float] = defaultdict(float)
        for text in texts:
            for word, weight in _vector(text, weights).items():
                summed[word] += weight
        signatures[category][f"{category}/{family}"] = _unit(summed)
    return weights, signatures


def _prompt(messages: list[dict]) -> str:
    return "\n".join(message.get("content") or "" for message in messages)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _vector(text: str, weights: dict[str, float]) -> dict[str, float]:
    return _unit({word: (1 + math.log(n)) * weights[word] for word, n in Counter(_words(text)).items()})


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {word: weight / length for word, weight in vector.items()}


def _dot(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())
