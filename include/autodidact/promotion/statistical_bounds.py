"""The bounds of tests: normal, Student's, binomial, and those of a test that looks several times."""

import math
from functools import lru_cache
from typing import Any


def phi(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def tail(n: int, k: int) -> float:
    """The probability of at most k heads in n tosses."""
    ways: int = sum(math.comb(n, i) for i in range(k + 1))
    return ways / (1 << n)


def student(z: float, freedom: float) -> float:
    """Student's t that is exceeded as rarely as the normal `z`: two terms of the expansion (Abramowitz and
    Stegun 1964, 26.7.5).
    """
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def most_lost(lost: int, asked: int, alpha: float) -> float:
    """The upper bound of the share that is lost, where `lost` of `asked` were, at level `alpha` (Clopper and
    Pearson 1934).
    """
    if lost >= asked:
        return 1.0
    ways = [math.lgamma(asked + 1) - math.lgamma(i + 1) - math.lgamma(asked - i + 1) for i in range(lost + 1)]
    low, high = lost / asked, 1.0
    for _ in range(30):
        share = (low + high) / 2
        yes, no = math.log(share), math.log1p(-share)
        at_most = math.fsum(math.exp(way + i * yes + (asked - i) * no) for i, way in enumerate(ways))
        low, high = (share, high) if at_most > alpha else (low, share)
    return high


@lru_cache(maxsize=32)
def boundaries(
    alpha: float,
    information: tuple[float, ...] = (0.5, 0.75, 1.0),
    shape: float = 0.25,
    cap: float = math.inf,
) -> tuple[float, ...]:
    """z at each look such that an equal model crosses any of them with probability `alpha`, one-sided.

    Looks come when the share `information` of the evidence is there (blocks 2, 3, 4 of 4); the family is Wang
    and Tsiatis' (1987), z = c t^(shape - 1/2), between O'Brien-Fleming (shape 0) and Pocock (1/2), and at
    most `cap`. Crossing is computed by numerical integration (Armitage, McPherson and Rowe 1969).
    """

    def bounds(c: float) -> list[float]:
        return [min(c * t ** (shape - 0.5), cap) for t in information]

    low, high = 0.0, 10.0
    for _ in range(24):
        c = (low + high) / 2
        low, high = (c, high) if _crossing(bounds(c), information) > alpha else (low, c)
    return tuple(bounds(high))


def _crossing(z: list[float], information: tuple[float, ...]) -> float:
    """The probability that Brownian motion, seen at these times, is above z sqrt(t) at any of them."""
    import numpy

    above = numpy.frompyfunc(lambda x: 0.5 * math.erfc(x / math.sqrt(2)), 1, 1)
    bounds = [value * math.sqrt(t) for value, t in zip(z, information, strict=True)]
    total, before = 0.0, 0.0
    grid: Any = None
    density: Any = None
    for bound, now in zip(bounds, information, strict=True):
        step = math.sqrt(now - before)
        if grid is None:
            total += float(above(bound / step))
        else:
            total += float(numpy.trapezoid(density * above((bound - grid) / step).astype(float), grid))
        if now == information[-1]:
            break
        points = numpy.linspace(-7 * math.sqrt(now), bound, 300)
        if grid is None:
            spread = numpy.exp(-0.5 * (points / step) ** 2) / (step * math.sqrt(2 * math.pi))
        else:
            kernel = numpy.exp(-0.5 * ((points[:, None] - grid[None, :]) / step) ** 2) / (
                step * math.sqrt(2 * math.pi)
            )
            spread = numpy.trapezoid(kernel * density[None, :], grid, axis=1)
        grid, density, before = points, spread, now
    return total
