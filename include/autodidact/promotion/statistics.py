"""How sure a difference is: paired, stratified, clustered bootstrap; McNemar's exact test."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from autodidact.promotion.statistical_bounds import tail
from autodidact.records import CATEGORIES, ItemResult, Report

# Of the resamples: equal reports, equal verdicts.
SEED = 20261123
# Resamples drawn first; they settle a p_better that is clear.
CHUNK = 5_000
CHUNKS = (
    10  # 50,000 where it is not: the strictest threshold on p_better, 0.99986, is then 7 resamples from 1
)
CLEAR = (
    0.10,
    0.90,
    # Between them 5,000 resamples are 11 standard errors and more from every threshold (0.05; 0.99782 and
    # above)
)
# Below this two means are equal: sums in another order differ in their last digits.
TINY = 1e-9

# candidate's, champion's; both scored.
Pair = tuple[ItemResult, ItemResult]


def pairs(candidate: Report, champion: Report, blocks: list[int]) -> list[Pair]:
    """The items of those blocks that both sides have a score for."""
    return _paired([item for item in candidate.items if item.block in blocks], champion.items)


def probe_pairs(candidate: Report, champion: Report) -> list[Pair]:
    """The questions of the knowledge probe that both sides were asked and have a score for."""
    return _paired(candidate.probe_items, champion.probe_items)


def is_news(item: ItemResult) -> bool:
    """Whether a question is about a fact that is new or changed since the champion; where nobody said, it
    is."""
    return bool((item.model_extra or {}).get("fresh", True))


def _paired(mine: list[ItemResult], theirs: list[ItemResult]) -> list[Pair]:
    other = {item.id: item for item in theirs}
    both = [(item, other[item.id]) for item in mine if item.id in other]
    return [
        (a, b) for a, b in both if a.score is not None and b.score is not None and a.counted and b.counted
    ]


def mean(values: list[float]) -> float:
    """The same in whatever order."""
    return math.fsum(values) / len(values)


def category_means(both: list[Pair]) -> dict[str, tuple[float, float]]:
    """Category to (candidate's mean, champion's mean), in the order of the categories."""
    grouped: dict[str, list[Pair]] = {}
    for pair in both:
        grouped.setdefault(pair[0].category, []).append(pair)
    return {
        name: (mean([a.points for a, _ in grouped[name]]), mean([b.points for _, b in grouped[name]]))
        for name in CATEGORIES
        if name in grouped
    }


@dataclass(frozen=True)
class Stratum:
    """One category: the sum of the differences, and the number of items, of each family. Strata of other
    `stream`s are resampled independently.
    """

    sums: tuple[float, ...]
    counts: tuple[int, ...]
    stream: int

    @property
    def mean(self) -> float:
        return math.fsum(self.sums) / sum(self.counts)

    @property
    def scale(self) -> float:
        """What deviations from the mean are multiplied by: sqrt(G/(G-1)), G families.

        Without it 95% intervals cover 92.8 to 93.7% (Efron and Tibshirani 1993, section 5.3; Cameron, Gelbach
        and Miller 2008).
        """
        size = len(self.sums)
        return (size / (size - 1)) ** 0.5 if size > 1 else 0.0

    @property
    def variance(self) -> float:
        """Of the mean of a resample: what it tends to with their number, exact where every family has as many
        items.
        """
        m, total = self.mean, sum(self.counts)
        return (
            self.scale**2
            * sum((s - m * n) ** 2 for s, n in zip(self.sums, self.counts, strict=True))
            / total**2
        )


class Resampled:
    """A mean difference, each stratum counting equally, and its bootstrap distribution: whole families are
    drawn again, with all their items.

    The resamples are drawn when they are asked for: `CHUNK`, and `CHUNKS` as many where these leave open on
    which side of a threshold it is.
    """

    def __init__(self, strata: list[Stratum]):
        self.strata = strata
        self.mean = mean([stratum.mean for stratum in strata])

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(sum(stratum.variance for stratum in self.strata)) / len(self.strata)

    @property
    def freedom(self) -> float:
        """The degrees of freedom of `error` (Satterthwaite 1946): 126 for nine strata of 15 families that
        vary alike.
        """
        spread = [(stratum.variance, len(stratum.sums) - 1) for stratum in self.strata]
        total = sum(variance**2 / free for variance, free in spread if free)
        return sum(variance for variance, _ in spread) ** 2 / total if total else math.inf

    @cached_property
    def values(self) -> Any:
        """The difference in each resample."""
        import numpy

        if CLEAR[0] < self.p_roughly < CLEAR[1]:
            return self.first
        return numpy.concatenate([self.first, *(self._drawn(number) for number in range(1, CHUNKS))])

    @cached_property
    def first(self) -> Any:
        """The first chunk: enough for an interval that is only shown."""
        return self._drawn(0)

    @cached_property
    def p_better(self) -> float:
        """The share of resamples in which the difference is positive; one without a difference counts
        half."""
        return _above(self.values)

    @property
    def p_roughly(self) -> float:
        """`p_better` by the first chunk alone."""
        return _above(self.first)

    def interval(self, confidence: float) -> dict[str, float]:
        """{"mean", "low", "high"}: the two-sided percentile interval, of the first chunk."""
        low, high = _quantiles(self.first, (1 - confidence) / 2, (1 + confidence) / 2)
        return {"mean": float(self.mean), "low": low, "high": high}

    def low(self, confidence: float) -> float:
        """The one-sided lower bound."""
        return _quantiles(self.values, 1 - confidence)[0]

    def _drawn(self, number: int) -> Any:
        """One chunk of resamples: a product with how often each family is drawn; a quotient of two where
        families differ in their items.
        """
        weights = _weights(tuple((len(stratum.sums), stratum.stream) for stratum in self.strata), number)
        if self._linear:
            factors, constant = self._linear
            return weights @ factors + constant
        return self._quotients(weights)

    @cached_property
    def _linear(self) -> tuple[Any, float] | None:
        """(factor of each family's weight, constant) of the mean, where each family of a stratum has as many
        items; else None.
        """
        import numpy

        if any(count != stratum.counts[0] for stratum in self.strata for count in stratum.counts):
            return None
        each = [stratum.scale / sum(stratum.counts) / len(self.strata) for stratum in self.strata]
        factors = numpy.array(
            [x * factor for stratum, factor in zip(self.strata, each, strict=True) for x in stratum.sums]
        )
        return factors, mean([stratum.mean * (1 - stratum.scale) for stratum in self.strata])

    def _quotients(self, weights: Any) -> Any:
        import numpy

        total, start = 0.0, 0
        for stratum in self.strata:
            mine = weights[:, start : start + len(stratum.sums)]
            start += len(stratum.sums)
            drawn = (mine @ numpy.array(stratum.sums)) / (mine @ numpy.array(stratum.counts, dtype=float))
            total = total + stratum.mean + (drawn - stratum.mean) * stratum.scale
        return total / len(self.strata)


def _above(values: Any) -> float:
    import numpy

    above, below = numpy.count_nonzero(values > TINY), numpy.count_nonzero(values < -TINY)
    return float((above + 0.5 * (len(values) - above - below)) / len(values))


def _quantiles(values: Any, *shares: float) -> list[float]:
    """The order statistics nearest to these shares."""
    import numpy

    places = [round(share * (len(values) - 1)) for share in shares]
    ordered = numpy.partition(values, places)
    return [float(ordered[place]) for place in places]


def by_category(both: list[Pair]) -> dict[str, Resampled]:
    """The difference in each category, resampled apart."""
    families: dict[str, dict[str, list[float]]] = {}
    for a, b in both:
        families.setdefault(a.category, {}).setdefault(a.family, []).append(a.points - b.points)
    return {
        name: Resampled([_stratum(families[name], stream)])
        for stream, name in enumerate(CATEGORIES)
        if name in families
    }


def stratified(parts: dict[str, Resampled]) -> Resampled:
    """The mean of the category differences: each category counts equally, whatever its number of items."""
    return Resampled([stratum for part in parts.values() for stratum in part.strata])


def of_families(both: list[Pair]) -> Resampled:
    """The mean difference of these pairs as one stratum, whatever their categories."""
    families: dict[tuple[str, str], list[float]] = {}
    for a, b in both:
        families.setdefault((a.category, a.family), []).append(a.points - b.points)
    return Resampled([_stratum(families, len(CATEGORIES))])


def _stratum(families: dict[Any, list[float]], stream: int) -> Stratum:
    """By name, so that the order of the items makes no difference to the resamples."""
    differences = [families[name] for name in sorted(families)]
    return Stratum(tuple(map(math.fsum, differences)), tuple(map(len, differences)), stream)


@lru_cache(maxsize=64)
def _weights(shape: tuple[tuple[int, int], ...], number: int) -> Any:
    """How often each cluster is drawn: a row a resample, a column a cluster; `shape` is (clusters, stream) of
    each stratum.
    """
    import numpy

    parts = []
    for size, stream in shape:
        drawn = numpy.random.default_rng([SEED, stream, size, number]).integers(size, size=(CHUNK, size))
        drawn += size * numpy.arange(CHUNK)[:, None]
        parts.append(numpy.bincount(drawn.ravel(), minlength=CHUNK * size).reshape(CHUNK, size))
    return numpy.concatenate(parts, axis=1).astype(float)


def sign_test(both: list[Pair]) -> dict[str, Any]:
    """McNemar's exact test on who is better at each item: {"better", "worse", "equal", "p"}, p two-sided."""
    better = sum(a.points > b.points + TINY for a, b in both)
    worse = sum(a.points < b.points - TINY for a, b in both)
    return {
        "better": better,
        "worse": worse,
        "equal": len(both) - better - worse,
        "p": min(1.0, 2 * tail(better + worse, min(better, worse))),
    }
