"""How often the verdict is wrong, simulated through the real `verdict` code: python benchmarks/verdict.py [--weeks 200] [--only equal]

A week has 14 cycles, each with a new candidate against the same champion, and one item of 15 families in 9 categories in each of 5 blocks; it ends
with the first promotion. Both models share part of their luck on an item (scores correlate 0.5), and a share `kappa` of what is the
candidate's own is common to all candidates of the week, because they are trained alike and sit the same items. Where there is a knowledge probe its
questions are the same all week too. For each case: the share of first cycles and of weeks with a promotion, with 95% intervals, what the article's
rule would have done, and in how many first cycles (of every second week) the 95% interval of the difference has the true one in it, after two
blocks and after four.

A cycle that cannot be promoted is not put to the code: its difference stays below 2.2 standard errors at each look, or a category below the guard, or
(the article's rule) its overall score below the champion's. Of these one in 50 is put to it all the same, and the run ends in an error if one promotes.

Measured, seed 1 (the weeks that a loaded machine had time for; a longer run begins with the same):

| candidate | kappa | weeks | first cycle promotes | week promotes | the article's rule: week |
| --- | --- | --- | --- | --- | --- |
| equal | 0.0 | 1900 | 0.002 [0.001, 0.005] | 0.030 [0.023, 0.039] | 0.912 [0.899, 0.924] |
| equal | 0.7 | 1900 | 0.003 [0.001, 0.007] | 0.025 [0.019, 0.033] | 0.820 [0.802, 0.837] |
| better by 0.05 | 0.0 | 700 | 0.316 [0.282, 0.351] | 0.840 [0.811, 0.865] | 0.999 [0.992, 1.000] |
| better by 0.05 | 0.7 | 600 | 0.312 [0.276, 0.350] | 0.663 [0.625, 0.700] | 0.992 [0.981, 0.996] |
| better by 0.10 | 0.0 | 1000 | 0.945 [0.929, 0.958] | 1.000 [0.996, 1.000] | 1.000 [0.996, 1.000] |
| better by 0.10 | 0.7 | 600 | 0.932 [0.909, 0.949] | 0.998 [0.991, 1.000] | 1.000 [0.994, 1.000] |
| by 0.10, one category worse by 0.35 | 0.0 | 1000 | 0.002 [0.001, 0.007] | 0.033 [0.024, 0.046] | 1.000 [0.996, 1.000] |
| by 0.10, one category worse by 0.35 | 0.7 | 1000 | 0.005 [0.002, 0.012] | 0.011 [0.006, 0.020] | 0.973 [0.961, 0.981] |

and with `--coverage 2000` the 95% interval of the difference has the true one in it in:

| true difference | 2 blocks | 3 blocks | 4 blocks |
| --- | --- | --- | --- |
| 0.0 | 0.947 [0.936, 0.956] | 0.944 [0.933, 0.953] | 0.944 [0.933, 0.953] |
| 0.05 | 0.950 [0.940, 0.959] | 0.942 [0.931, 0.951] | 0.942 [0.930, 0.951] |
| 0.1 | 0.948 [0.937, 0.957] | 0.961 [0.952, 0.969] | 0.954 [0.944, 0.962] |
"""

import argparse
import functools
import math
import sys
from statistics import NormalDist

import numpy

from autodidact.promotion.statistics import Resampled, Stratum
from autodidact.promotion.verdict import verdict
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings

CYCLES, FAMILIES, HIDDEN, BLOCKS = 14, 15, 10, 5
RIGHT = 0.5  # the champion's share of right answers
KNOWN = 0.1  # of the questions about what is new
CORRELATION = 0.5  # of two models' scores on an item, right or wrong
LATENT = math.sin(math.pi / 2 * CORRELATION)  # of the normal numbers behind them (Sheppard 1899)
NORMAL = NormalDist()
PLACES = [(name, family, block) for block in range(BLOCKS) for name in CATEGORIES for family in range(FAMILIES)]
PROBE = 60

# name: (gain of every category but `fallen`, category that falls by 0.35, the candidate's share of the probe or None without one)
CASES = {
    "equal": (0.0, None, None),
    "equal, the probe too": (0.0, None, KNOWN),
    "better by 0.05": (0.05, None, None),
    "better by 0.10": (0.10, None, None),
    "better by 0.10, one category worse by 0.35": (0.10, "tool_use", None),
    "equal, knows 0.4 of the news instead of 0.1": (0.0, None, 0.4),
}
LOSS = 0.35
CHECKED = 0.02


def _made(key: str, name: str, family: str, hidden: bool, block: int) -> tuple[ItemResult, ItemResult]:
    """The item answered wrong, and right."""
    facts = dict(id=key, category=name, family=family, hidden=hidden, block=block, missing=None, prompt=[], answer="", explanation="")
    return tuple(ItemResult.model_construct(score=score, **facts) for score in (0.0, 1.0))


ITEMS = [_made(f"{name}/f{family}/{block}", name, f"f{family}", family >= HIDDEN, block) for name, family, block in PLACES]
QUESTIONS = [_made(f"q{number}", "probe", "port", False, 0) for number in range(PROBE)]
CATEGORY = numpy.array([CATEGORIES.index(name) for name, _, _ in PLACES])


class Week:
    """Latent scores: right when a standard normal falls below a bound. candidate = sqrt(l) item + sqrt(1-l) own, own = sqrt(k) week + sqrt(1-k) cycle."""

    def __init__(self, rng: numpy.random.Generator, kappa: float, probe: bool):
        self.rng, self.kappa, self.size = rng, kappa, len(PLACES) + (PROBE if probe else 0)
        self.item, self.shared = rng.standard_normal((2, self.size))
        self.champion = Answers(self._latent(rng.standard_normal(self.size)), dict.fromkeys(CATEGORIES, RIGHT), KNOWN)

    def candidate(self, gain: float, fallen: str | None, known: float | None) -> "Answers":
        own = math.sqrt(self.kappa) * self.shared + math.sqrt(1 - self.kappa) * self.rng.standard_normal(self.size)
        return Answers(self._latent(own), {name: RIGHT - LOSS if name == fallen else RIGHT + gain for name in CATEGORIES}, known or KNOWN)

    def _latent(self, own):
        return math.sqrt(LATENT) * self.item + math.sqrt(1 - LATENT) * own


class Answers:
    """What is right: `grid` by block, category and family, `asked` of the probe; and the report that says so."""

    def __init__(self, latent, shares: dict[str, float], known: float):
        bounds = numpy.array([NORMAL.inv_cdf(shares[name]) for name in CATEGORIES])
        self.grid = latent[: len(PLACES)].reshape(BLOCKS, len(CATEGORIES), FAMILIES) < bounds[:, None]
        self.asked = latent[len(PLACES) :] < NORMAL.inv_cdf(known)
        self.overall = self.grid[0].mean()

    @functools.cached_property
    def report(self) -> Report:
        means = self.grid[0].mean(axis=1).tolist()
        categories = {name: CategoryScore.model_construct(score=score, n=FAMILIES, missing=0) for name, score in zip(CATEGORIES, means, strict=True)}
        return Report.model_construct(
            fingerprint="f", suite={}, judge="", model={}, blocks=list(range(BLOCKS)), week="w", categories=categories,
            items=[item[right] for item, right in zip(ITEMS, self.grid.ravel().tolist(), strict=True)], probe=None,
            probe_items=[item[right] for item, right in zip(QUESTIONS, self.asked.tolist(), strict=False)], overall=sum(means) / len(means),
        )  # fmt: skip


def upto(report: Report, block: int) -> Report:
    size = (block + 1) * len(CATEGORIES) * FAMILIES
    return report.model_copy(update={"blocks": list(range(block + 1)), "items": report.items[:size]})


def judged(week: Week, candidate: Answers, settings, looks: int, blocks: int):
    return verdict(upto(candidate.report, blocks), upto(week.champion.report, blocks), settings, looks=looks)


def cycle(week: Week, candidate: Answers, settings, looks: int) -> bool:
    """Whether it is promoted, as the benchmark stage has it: blocks are added while the verdict asks for more."""
    for blocks in range(2, BLOCKS):
        found = judged(week, candidate, settings, looks, blocks)
        if not found.more_evidence:
            break
    return found.outcome == "promote"


def hopeless(week: Week, candidate: Answers) -> bool:
    """Whether no look can promote this candidate."""
    if candidate.asked.size and int((candidate.asked & ~week.champion.asked).sum()) >= 5:
        return False
    gains = candidate.grid[1:].astype(float) - week.champion.grid[1:]
    for blocks in range(2, BLOCKS):
        families = gains[:blocks].mean(axis=0)
        error = math.sqrt((families.var(axis=1, ddof=1) / FAMILIES).sum()) / len(CATEGORIES)
        if families.mean() >= 2.2 * error and families.mean(axis=1).min() > -0.15:
            return False
    return True


def share(count: int, total: int) -> str:
    """A proportion with Wilson's 95% interval."""
    p, z = count / total, 1.96
    middle, half = (p + z * z / 2 / total) / (1 + z * z / total), z * math.sqrt(p * (1 - p) / total + z * z / 4 / total**2) / (1 + z * z / total)
    return f"{p:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


def run(name: str, kappa: float, weeks: int, seed: int, evidence, article) -> str:
    """One row of the table."""
    gain, fallen, known = CASES[name]
    truth = gain - (LOSS + gain) / len(CATEGORIES) if fallen else gain
    first = won_weeks = plain_weeks = 0
    covered = {2: 0, 4: 0}
    for number in range(weeks):
        week = Week(numpy.random.default_rng([seed, list(CASES).index(name), round(10 * kappa), number]), kappa, known is not None)
        won = plain = False
        for looks in range(CYCLES):
            candidate, check = week.candidate(gain, fallen, known), bool(week.rng.random() < CHECKED)
            if not plain and (candidate.overall > week.champion.overall or check):
                plain = judged(week, candidate, article, 0, 0).outcome == "promote"
            if looks == 0 and number % 2 == 0:
                for blocks in covered:
                    wide = judged(week, candidate, evidence, 0, blocks).difference
                    covered[blocks] += wide["low"] <= truth <= wide["high"]
            skip = hopeless(week, candidate)
            if not won and (not skip or check):
                won = cycle(week, candidate, evidence, looks)
                if won and skip:
                    raise SystemExit("a candidate was promoted that was thought hopeless")
                first += won and looks == 0
            if won and plain:
                break
        won_weeks, plain_weeks = won_weeks + won, plain_weeks + plain
        if (number + 1) % 100 == 0 or number + 1 == weeks:
            cells = [share(count, number + 1) for count in (first, won_weeks, plain_weeks)]
            cells += [f"{count / (number // 2 + 1):.3f}" for count in covered.values()]
            row = f"| {name} | {kappa} | {' | '.join(cells)} |"
            print(f"{number + 1} weeks: {row}", file=sys.stderr, flush=True)
    return row


def coverage(cases: int, seed: int) -> str:
    """In how many cases the 95% interval has the true difference in it, of `statistics.Resampled` as the verdict uses it; a row a difference."""
    rows = ["| true difference | 2 blocks | 3 blocks | 4 blocks |", "| --- | --- | --- | --- |"]
    for place, gain in enumerate((0.0, 0.05, 0.10)):
        covered = dict.fromkeys((2, 3, 4), 0)
        for number in range(cases):
            week = Week(numpy.random.default_rng([seed, 99, place, number]), 0.0, False)
            gains = week.candidate(gain, None, None).grid[1:].astype(float) - week.champion.grid[1:]
            for blocks in covered:
                sums = gains[:blocks].sum(axis=0).tolist()
                strata = [Stratum(tuple(families), (blocks,) * FAMILIES, stream) for stream, families in enumerate(sums)]
                wide = Resampled(strata).interval(0.95)
                covered[blocks] += wide["low"] <= gain <= wide["high"]
        rows.append(f"| {gain} | {' | '.join(share(count, cases) for count in covered.values())} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=CASES, action="append", help="this case; may be repeated")
    parser.add_argument("--kappa", type=float, nargs="+", default=[0.0, 0.7])
    parser.add_argument("--coverage", type=int, metavar="CASES", help="only the intervals, in so many cases")
    given = parser.parse_args()
    if given.coverage:
        print(coverage(given.coverage, given.seed))
        return
    floors = {"verdict.overall_floor": 0.0, "verdict.category_floor": 0.0}
    evidence, article = (load_settings("production", floors | {"verdict.rule": rule}, environ={}) for rule in ("evidence", "seed"))
    print(f"{given.weeks} weeks of {CYCLES} cycles a case; 95% intervals\n")
    print("| candidate | kappa | first cycle promotes | week promotes | the article's rule: week | covered, 2 blocks | 4 blocks |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in given.only or CASES:
        for kappa in given.kappa:
            print(run(name, kappa, given.weeks, given.seed, evidence, article), flush=True)


if __name__ == "__main__":
    main()
