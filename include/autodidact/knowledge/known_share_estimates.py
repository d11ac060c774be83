"""What share of all facts a model knows, from the answers to some of them.

The facts stand in strata, groups that each have their own random sample without replacement; a stratum of
which every fact was asked adds no doubt. The interval is Wilson's (1927) for a share, with the size that a
simple sample of the same variance would have (Kish 1965) in place of the number of questions. Facts that were
asked are no estimate: no bound lies beyond what they leave possible. tests/knowledge/test_estimates.py
simulates how often the interval holds the true share.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Standard errors of a two-sided 95% interval.
Z = 1.959964
# Answers like the average that each stratum is taken to have besides its own: few answers tell little of a
# stratum's variance.
SHRINK = 2.0


@dataclass(frozen=True)
class Stratum:
    """A group of facts: how many there are, how many were asked, how many of those are known."""

    facts: int
    asked: int
    known: int


def share(strata: Iterable[Stratum]) -> dict[str, float | None]:
    """{"mean", "low", "high"} of the share known among all facts of the strata, 95%; None without answers.

    A stratum without answers is taken to be like the others.
    """
    strata = _joined([stratum for stratum in strata if stratum.facts])
    if not strata:
        return {"mean": None, "low": None, "high": None}
    total = sum(each.facts for each in strata)
    mean = sum(each.facts / total * each.known / each.asked for each in strata)
    sampled = [each for each in strata if each.asked < each.facts]
    if not sampled:
        return dict.fromkeys(("mean", "low", "high"), round(mean, 6))
    part = sum(each.facts for each in sampled) / total
    sure = sum(each.known for each in strata if each.asked == each.facts) / total
    low, high = wilson(*_simple(sampled))
    least = sum(each.known for each in strata) / total
    most = 1 - sum(each.asked - each.known for each in strata) / total
    found = {
        "mean": mean,
        "low": min(mean, max(least, sure + part * low)),
        "high": max(mean, min(most, sure + part * high)),
    }
    return {name: round(value, 6) for name, value in found.items()}


def _joined(strata: Sequence[Stratum]) -> list[Stratum]:
    """The strata, those without answers added to all that were sampled; empty without any answer."""
    silent = sum(each.facts for each in strata if not each.asked)
    found = [each for each in strata if each.asked]
    if not silent or not found:
        return found
    partly = [each for each in found if each.asked < each.facts] or found
    whole = Stratum(
        silent + sum(each.facts for each in partly),
        sum(each.asked for each in partly),
        sum(each.known for each in partly),
    )
    return [each for each in found if each not in partly] + [whole]


def _simple(strata: Sequence[Stratum]) -> tuple[float, float]:
    """(share, size) of the simple random sample with replacement that is as exact as these strata."""
    total = sum(each.facts for each in strata)
    mean = sum(each.facts / total * each.known / each.asked for each in strata)
    one = mean * (1 - mean)
    variance = equal = 0.0
    for each in strata:
        of_mean = (each.facts / total) ** 2 * (1 - each.asked / each.facts) / each.asked
        smoothed = (each.known + SHRINK * mean) / (each.asked + SHRINK)
        variance += of_mean * smoothed * (1 - smoothed)
        equal += of_mean
    return mean, one / variance if one > 0 and variance > 0 else 1 / equal


def wilson(mean: float, size: float) -> tuple[float, float]:
    """(low, high) of the 95% interval of a mean of `size` values between 0 and 1."""
    middle = mean + Z * Z / (2 * size)
    reach = Z * math.sqrt(mean * (1 - mean) / size + Z * Z / (4 * size * size))
    whole = 1 + Z * Z / size
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def waited(times: Sequence[tuple[float, bool]], part: float = 0.5) -> float | None:
    """The time after which this part of the waiting is over, by Kaplan and Meier (1958): the first at which
    their estimate of those still waiting is 1 - `part` or less. None where it is not reached.

    `times`: (time waited, whether the waiting ended then) each; False: it still goes on, or was given up.
    """
    waiting, left = len(times), 1.0
    by_time: dict[float, list[bool]] = {}
    for time, over in times:
        by_time.setdefault(time, []).append(over)
    for time in sorted(by_time):
        ended = by_time[time]
        left *= 1 - sum(ended) / waiting
        if sum(ended) and left <= 1 - part + 1e-9:
            return time
        waiting -= len(ended)
    return None


def shown(found: dict[str, Any]) -> str:
    """A share with its interval, in per cent: `81% [77, 85]`; `-` without any."""
    if found["mean"] is None:
        return "-"
    return f"{found['mean']:.0%} [{100 * found['low']:.0f}, {100 * found['high']:.0f}]"


def paired(better: int, worse: int, pairs: int) -> dict[str, float]:
    """{"mean", "low", "high"} of the difference between two shares, of answers to the same questions; 95%.
    `better`, `worse`: the pairs of which only the first one, or only the second one, is right.

    The interval is that of Agresti and Min (2005), with half an observation in each cell; without it, no
    difference among 60 pairs would leave no doubt.
    """
    b, c, n = better + 0.5, worse + 0.5, pairs + 2
    middle, error = (b - c) / n, math.sqrt(b + c - (b - c) ** 2 / n) / n
    mean = (better - worse) / pairs if pairs else 0.0
    found = {
        "mean": mean,
        "low": max(-1.0, min(mean, middle - Z * error)),
        "high": min(1.0, max(mean, middle + Z * error)),
    }
    return {name: round(value, 6) for name, value in found.items()}
