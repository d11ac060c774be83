"""How far a judge can be trusted: its agreement with answers that were labelled by hand (judge_check.yaml).

The measure is Cohen's kappa with linear weights (Cohen 1968): the levels are worth 0, 0.5 and 1, so that a
disagreement weighs what it costs in score. Its interval is a percentile bootstrap over questions, because
answers to one question are alike. What is compared is the score as the benchmark uses it, checks and judge
together; `checks_alone` is what a judge that finds everything right would reach.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autodidact.benchmark.item_family import Item
from autodidact.benchmark.scorers import score
from autodidact.errors import AutodidactError
from autodidact.records import Score, sha256

# Worth 0, 0.5, 1.
LEVELS = ("wrong", "partial", "correct")
FILE = Path(__file__).with_name("judge_check.yaml")
RESAMPLES, SEED = 10_000, 20261124
# To the judge at a time.
CALLS = 8
# A judge whose verdict cannot be read for a larger share of the answers is not calibrated by the rest.
UNREAD = 0.1


@dataclass(frozen=True)
class Labelled:
    """One answer and the label that a person gave it."""

    item: Item
    answer: str
    label: str


def labelled() -> list[Labelled]:
    """The shipped set: at least 120 answers, of every family that a judge scores."""
    import yaml

    found = []
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        category, family, _ = row["item"].split("/")
        item = Item(
            id=row["item"],
            category=category,
            family=family,
            hidden=False,
            block=-1,
            level=row["level"],
            messages=[{"role": "user", "content": row["prompt"]}],
            tools=[],
            scorer="judge",
            payload="",
            max_tokens=96,
            target={"checks": row["checks"], "rubric": row["rubric"]},
            reference={"role": "assistant", "content": row["reference"]},
        )
        found += [Labelled(item, each["answer"], each["label"]) for each in row["answers"]]
    return found


@lru_cache(maxsize=1)
def set_digest() -> str:
    """What the set is known by: two figures on different sets are not compared."""
    return sha256(FILE.read_bytes())


def level_of(value: float) -> str:
    """The level that a score is nearest to."""
    return LEVELS[min(2, int(value * 2 + 0.5))]


def calibrate(judge: Callable[[Item, dict], Score], answers: list[Labelled] | None = None) -> dict[str, Any]:
    """Asks the judge about every answer. Raises what the judge raises, and AutodidactError when no verdict
    can be read.

    `{"n", "missing", "kappa", "low", "high", "agreement", "checks_alone", "families": {family: kappa},
    "confusion": {label: {level: n}}, "disagreements": [...], "set"}`; `low` and `high` bound kappa at 95%,
    `agreement` is the share of equal levels.
    """
    answers = answers or labelled()
    with ThreadPoolExecutor(CALLS) as pool:
        scores = list(pool.map(lambda each: score(each.item, {"content": each.answer}, judge), answers))
    read = [
        (each, given, level_of(given.value))
        for each, given in zip(answers, scores, strict=True)
        if given.value is not None
    ]
    if not read:
        raise AutodidactError(
            f"No verdict of the judge can be read: {scores[0].missing}",
            "Choose a model that answers with the JSON it is asked for.",
        )
    pairs = [(each, LEVELS.index(each.label), LEVELS.index(level)) for each, _, level in read]
    alone = [
        (each, wanted, LEVELS.index(level_of(score(each.item, {"content": each.answer}).value or 0.0)))
        for each, wanted, _ in pairs
    ]
    low, high = _interval(pairs)
    families = sorted({each.item.family for each, _, _ in pairs})
    return {
        "n": len(pairs),
        "missing": len(answers) - len(pairs),
        "kappa": _kappa(_table(pairs)),
        "low": low,
        "high": high,
        "agreement": sum(wanted == given for _, wanted, given in pairs) / len(pairs),
        "checks_alone": _kappa(_table(alone)),
        "families": {
            name: _kappa(_table([pair for pair in pairs if pair[0].item.family == name])) for name in families
        },
        "confusion": _confusion(pairs),
        "disagreements": _disagreements(read),
        "set": set_digest(),
    }


def _confusion(pairs: list[tuple[Labelled, int, int]]) -> dict[str, dict[str, int]]:
    """{label: {level of the judge: answers}}"""
    return {
        label: {level: sum(w == i and g == j for _, w, g in pairs) for j, level in enumerate(LEVELS)}
        for i, label in enumerate(LEVELS)
    }


def _disagreements(read: list[tuple[Labelled, Score, str]]) -> list[dict[str, str]]:
    """The answers that the judge and the person put on different levels."""
    return [
        {
            "item": each.item.id,
            "answer": each.answer,
            "label": each.label,
            "judge": level,
            "explanation": given.explanation,
        }
        for each, given, level in read
        if each.label != level
    ]


def trusted(result: dict[str, Any], floor: float) -> bool:
    """Whether the items of a judge with this calibration count: kappa at or above the floor, hardly any
    verdict unread.
    """
    return result["kappa"] >= floor and result["missing"] <= UNREAD * (result["n"] + result["missing"])


def _table(pairs: list[tuple[Labelled, int, int]]) -> Any:
    import numpy

    table = numpy.zeros((3, 3))
    for _, wanted, given in pairs:
        table[wanted, given] += 1
    return table


def _kappa(table: Any) -> float:
    """Linear weighted kappa of a 3x3 table of counts; 1.0 when both gave one same level throughout."""
    return float(_kappas(table[None])[0])


def _kappas(tables: Any) -> Any:
    import numpy

    weights = abs(numpy.subtract.outer(numpy.arange(3), numpy.arange(3))) / 2
    total = tables.sum((1, 2))
    expected = tables.sum(2)[:, :, None] * tables.sum(1)[:, None, :] / total[:, None, None]
    observed, by_luck = (tables * weights).sum((1, 2)), (expected * weights).sum((1, 2))
    return 1 - numpy.divide(observed, by_luck, out=numpy.zeros_like(observed), where=by_luck > 0)


def _interval(pairs: list[tuple[Labelled, int, int]]) -> tuple[float, float]:
    import numpy

    questions = sorted({each.item.id for each, _, _ in pairs})
    tables = numpy.array([_table([pair for pair in pairs if pair[0].item.id == name]) for name in questions])
    size = len(questions)
    drawn = numpy.random.default_rng(SEED).multinomial(size, [1 / size] * size, size=RESAMPLES)
    low, high = numpy.quantile(_kappas(numpy.tensordot(drawn, tables, axes=1)), [0.025, 0.975])
    return float(low), float(high)
