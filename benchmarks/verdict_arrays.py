"""What benchmarks/verdict.py simulates: weeks of answers, and the rule `evidence` on them in arrays."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy

from autodidact.promotion import evidence_rule, floors, routes_to_promotion, suspicious_gains
from autodidact.promotion.statistical_bounds import boundaries, tail
from autodidact.records import CATEGORIES

CYCLES, FAMILIES, HIDDEN = evidence_rule.CYCLES, 15, 10
# Of two models' scores on an item, right or wrong; and of the normal numbers behind them (Sheppard 1899).
CORRELATION = 0.5
LATENT = math.sin(math.pi / 2 * CORRELATION)
# Questions of the probe: new ones, and those on what has not changed; the shares that are known of them.
NEWS, CONTROL = 100, 20
KNOWN, UNKNOWN = 0.6, 0.1
TOOL_USE = CATEGORIES.index("tool_use")
NORMAL = NormalDist()


@dataclass(frozen=True)
class Case:
    """`gain`: the candidates' share of right answers, less the base's (`right`). `probe`: there is one, and
    they know its news.
    """

    gain: float
    champion: float | None = 0.0  # the champion's gain; None: it is the base
    fallen: float = 0.0  # what the candidates lose in one category besides
    probe: bool = False
    floors: bool = False
    right: float = 0.5


def bound(share) -> float:
    return NORMAL.inv_cdf(share)


def mixed(common, own, share: float):
    return math.sqrt(share) * common + math.sqrt(1 - share) * own


class Week:
    """The answers of `size` weeks of `case`: of base and champion (size, blocks, 9, 15), and of 14 candidates
    each (size, 14, blocks, 9, 15).

    Block 0 is the published one. The first five blocks are drawn at once, `later` draws others for the
    candidates that ask for them; with `whole` (a last block) all are drawn at once, and are in `sheets`.
    """

    def __init__(
        self,
        rng: numpy.random.Generator,
        case: Case,
        kappa: float,
        size: int,
        *,
        is_base=None,
        published=None,
        cycles: int = CYCLES,
        whole: int | None = None,
    ):
        self.rng, self.case, self.kappa, self.cycles = rng, case, kappa, cycles
        self.is_base = numpy.full(size, case.champion is None) if is_base is None else is_base
        self.sheets = self._drawn(numpy.arange(size), (whole or 4) + 1, cycles, published)
        self.base, self.champion, self.candidates = (grid[..., :5, :, :] for grid in self.sheets)
        self.news = self._questions(size, NEWS, UNKNOWN, UNKNOWN)
        self.control = self._questions(size, CONTROL, KNOWN, UNKNOWN)

    def later(self, weeks, counts, blocks: int):
        """`blocks` more for some weeks, `counts` candidates of each: (base, champion, candidates), the
        candidates one after the other.
        """
        if self.sheets[0].shape[1] > 5:
            base, champion, found = (grid[weeks, ..., 5:, :, :] for grid in self.sheets)
        else:
            base, champion, found = self._drawn(weeks, blocks, int(counts.max()))
        return base, champion, numpy.concatenate([found[place, :count] for place, count in enumerate(counts)])

    def _drawn(self, weeks, blocks: int, cycles: int, published=None):
        shape = (len(weeks), blocks, len(CATEGORIES), FAMILIES)
        item, shared, of_base, of_champion = self.rng.standard_normal((4, *shape), dtype=numpy.float32)
        if published is not None:
            item[:, 0], of_base[:, 0] = published
        right = self.case.right
        base = mixed(item, of_base, LATENT) < bound(right)
        champion = mixed(item, of_champion, LATENT) < bound(right + (self.case.champion or 0.0))
        champion[self.is_base[weeks]] = base[self.is_base[weeks]]
        own = mixed(
            shared[:, None],
            self.rng.standard_normal((len(weeks), cycles, *shape[1:]), dtype=numpy.float32),
            self.kappa,
        )
        bounds = numpy.full((len(CATEGORIES), 1), bound(right + self.case.gain), numpy.float32)
        bounds[TOOL_USE] = bound(max(right + self.case.gain - self.case.fallen, 0.01))
        return base, champion, mixed(item[:, None], own, LATENT) < bounds

    def _questions(self, size: int, count: int, adapter: float, base: float):
        """(what the champion answers right (size, count), and the candidates (size, 14, count))."""
        count = count if self.case.probe else 0
        item, shared, of_champion = self.rng.standard_normal((3, size, count))
        bounds = numpy.where(self.is_base, bound(base), bound(adapter))[:, None]
        own = mixed(shared[:, None], self.rng.standard_normal((size, self.cycles, count)), self.kappa)
        return mixed(item, of_champion, LATENT) < bounds, mixed(item[:, None], own, LATENT) < bound(KNOWN)


@dataclass
class Spread:
    """Of each candidate: the mean difference after some blocks, its standard error and degrees of freedom; by
    category too.
    """

    families: numpy.ndarray  # (n, 9, 15), the mean difference of each

    def __post_init__(self):
        self.categories = self.families.mean(axis=2)
        self.mean = self.categories.mean(axis=1)
        self.variances = self.families.var(axis=2, ddof=1) / FAMILIES
        self.error = numpy.sqrt(self.variances.sum(axis=1)) / len(CATEGORIES)

    @property
    def freedom(self):
        return self.variances.sum(axis=1) ** 2 / (self.variances**2 / (FAMILIES - 1)).sum(axis=1)


class Rule:
    """The numbers of the rule for a case and a last block."""

    def __init__(self, case: Case, last: int, settings):
        spent = evidence_rule.SPENT * (1 - settings.confidence) / evidence_rule.CYCLES
        self.case, self.last, self.settings = case, last, settings
        alpha = spent / (2 if case.probe else 1)
        self.suite = boundaries(alpha)
        information = tuple(block / last for block in range(evidence_rule.FIRST_LOOK, last + 1))
        self.base = boundaries(
            spent / evidence_rule.WEEKS, information, cap=routes_to_promotion.REFERENCE_CAP
        )
        asked = NEWS + CONTROL
        self.most_worse = numpy.array(
            [max((k for k in range(n + 1) if tail(n, k) <= alpha), default=-1) for n in range(asked + 1)]
        )

    def knows_more(self, week: Week):
        """Whether each candidate (size, 14) passes the test on the probe."""
        better, worse = (
            sum((sign(a, b).sum(axis=2) for b, a in self._asked(week)), 0)
            for sign in (_only, lambda a, b: _only(b, a))
        )
        change = numpy.mean(week.control[1], axis=2) - numpy.mean(week.control[0], axis=1)[:, None]
        gained, lost = (_only(*two).sum(axis=2) for two in self._sides(week.control))
        chance = (
            numpy.vectorize(lambda n, k: tail(n, k))(gained + lost, gained)
            > routes_to_promotion.CONTROL_LEVEL
        )
        return (worse <= self.most_worse[better + worse]) & (
            (change > routes_to_promotion.GUARD + 1e-9) | chance
        )

    def _asked(self, week: Week):
        return [(champion[:, None], candidates) for champion, candidates in (week.news, week.control)]

    def _sides(self, questions):
        champion, candidates = questions
        return (candidates, champion[:, None]), (champion[:, None], candidates)


def _only(mine, theirs):
    return mine & ~theirs


def student(z, freedom):
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def phi(z):
    return 0.5 * numpy.vectorize(math.erfc, otypes=[float])(-z / math.sqrt(2))


def look(rule: Rule, seen: int, gains, than_base, knows):
    """(promoted, goes on) of each candidate after `seen` blocks; `gains` and `than_base`: differences (n, 1 +
    seen, 9, 15) from champion and base.
    """
    whole = Spread(gains[:, 1 : seen + 1].mean(axis=1))
    first = whole if seen <= 4 else Spread(gains[:, 1:5].mean(axis=1))
    believed, rejected = alarmed(gains[:, 0], whole)
    better = first.mean >= rule.suite[min(seen, 4) - 2] * first.error
    suite = believed & better & (whole.families[:, :, HIDDEN:].mean(axis=(1, 2)) >= 0)
    base = Spread(than_base[:, 1 : seen + 1].mean(axis=1))
    margin = -routes_to_promotion.NOT_WORSE
    error = numpy.maximum(base.error, math.sqrt(margin * (1 - margin) / (seen * len(CATEGORIES) * FAMILIES)))
    above_base, above_champion = (base.mean + margin) / error, (whole.mean + margin) / whole.error
    safe = above_base > student(rule.base[seen - 2], base.freedom)
    down = whole.categories <= routes_to_promotion.GUARD + 1e-9
    sure = (
        whole.categories + routes_to_promotion.ONE_SIDED_95 * numpy.sqrt(whole.variances)
        <= routes_to_promotion.GUARD + 1e-9
    )
    promoted = (
        safe
        & (suite | (knows & (above_champion > routes_to_promotion.ONE_SIDED_95)))
        & ~down.any(axis=1)
        & ~rejected
    )
    goes_on = ~promoted & ~rejected & (seen < rule.last)
    if seen >= evidence_rule.USUAL:
        share = min(seen / rule.last, 1 - 1e-9)
        hope, also = (
            phi((z / math.sqrt(share) - final) / math.sqrt(1 - share)) >= evidence_rule.FUTILE
            for z, final in (
                (above_base, student(rule.base[-1], base.freedom)),
                (above_champion, routes_to_promotion.ONE_SIDED_95),
            )
        )
        goes_on &= hope & (suite | (knows & also)) & ~sure.any(axis=1)
    return promoted, goes_on


def alarmed(published, whole: Spread):
    """(whether a gain on the suite is believed, whether it seems trained on the published items)."""
    known = Spread(published)
    gain, error = known.mean - whole.mean, numpy.sqrt(known.error**2 + whole.error**2)
    rejected = (gain > suspicious_gains.GAIN) & (
        gain / error > NORMAL.inv_cdf(1 - suspicious_gains.SIGNIFICANT)
    )
    parts = [
        whole.families[:, :, :HIDDEN].reshape(len(gain), -1),
        whole.families[:, :, HIDDEN:].reshape(len(gain), -1),
    ]
    gap = parts[0].mean(axis=1) - parts[1].mean(axis=1)
    error = numpy.sqrt(sum(part.var(axis=1, ddof=1) / part.shape[1] for part in parts))
    return ~((gap > suspicious_gains.GAIN) & (gap > suspicious_gains.ONE_SIDED_95 * error)), rejected


def above_floors(rule: Rule, candidates, base):
    """Whether each candidate (size, 14) keeps the floors on block 0."""
    kept = numpy.ones(candidates.shape[:2], bool)
    mine, theirs = candidates[:, :, 0].mean(axis=3), base[:, 0].mean(axis=2)
    for score, own, floor, within in (
        (mine.mean(axis=2), theirs.mean(axis=1)[:, None], rule.settings.overall_floor, floors.WITHIN_OVERALL),
        (mine, theirs[:, None], rule.settings.category_floor, floors.WITHIN_CATEGORY),
    ):
        above = score >= numpy.where(own < floor - 1e-9, own - within, floor) - 1e-9
        kept &= above if above.ndim == 2 else above.all(axis=2)
    return kept


def judge(rule: Rule, week: Week):
    """(promoted, blocks drawn) of each cycle (size, 14), as the benchmark stage has it: blocks are added
    while the verdict asks for more.
    """
    shape = week.candidates.shape[:2]
    promoted, drawn = numpy.zeros(shape, bool), numpy.full(shape, 2)
    knows = rule.knows_more(week) if rule.case.probe else promoted.copy()
    active = above_floors(rule, week.candidates, week.base) if rule.case.floors else numpy.ones(shape, bool)
    gains = week.candidates.astype(numpy.float32) - week.champion[:, None]
    than_base = week.candidates.astype(numpy.float32) - week.base[:, None]
    for seen in range(2, min(rule.last, 4) + 1):
        places = numpy.nonzero(active)
        if not len(places[0]):
            break
        drawn[places] = seen
        promoted[places], active[places] = look(rule, seen, gains[places], than_base[places], knows[places])
    if rule.last > 4 and active.any():
        places = numpy.nonzero(active)
        weeks, counts = numpy.unique(places[0], return_counts=True)
        base, champion, candidates = week.later(weeks, counts, rule.last - 4)
        candidates, owner = candidates.astype(numpy.float32), numpy.repeat(numpy.arange(len(weeks)), counts)
        gains = numpy.concatenate([gains[places], candidates - champion[owner]], axis=1)
        than_base = numpy.concatenate([than_base[places], candidates - base[owner]], axis=1)
        alive, won, last = numpy.arange(len(owner)), numpy.zeros(len(owner), bool), numpy.full(len(owner), 4)
        for seen in range(5, rule.last + 1):
            if not len(alive):
                break
            last[alive] = seen
            won[alive], on = look(rule, seen, gains[alive], than_base[alive], knows[places][alive])
            alive = alive[on]
        promoted[places], drawn[places] = won, last
    return promoted, drawn
