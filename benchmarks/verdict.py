"""How often the verdict is wrong, simulated through the real `verdict` code: python benchmarks/verdict.py [--weeks 200]

A week has 14 cycles, each with a new candidate against the same champion, and one item of 15 families in 9 categories in each of 5 blocks; it ends
with the first promotion. Both models share part of their luck on an item (pair correlation 0.5), and a share `kappa` of what is the candidate's own
is common to all candidates of the week, because they are trained alike and sit the same items. For each case: the share of first cycles and of weeks
with a promotion, with 95% intervals, beside what the article's rule would have done.
"""

import argparse
import math
import random
from statistics import NormalDist

from autodidact.promotion.verdict import verdict
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings

CYCLES, FAMILIES, HIDDEN, BLOCKS = 14, 15, 10, 5
RIGHT = 0.5  # the champion's share of right answers
CORRELATION = 0.5
NORMAL = NormalDist()


class Week:
    """Latent scores: right when a standard normal falls below a bound. candidate = sqrt(c) item + sqrt(1-c) own, own = sqrt(k) week + sqrt(1-k) cycle."""

    def __init__(self, rng: random.Random, kappa: float):
        self.rng, self.kappa = rng, kappa
        places = [(name, family, block) for block in range(BLOCKS) for name in CATEGORIES for family in range(FAMILIES)]
        self.items = {place: (rng.gauss(0, 1), rng.gauss(0, 1)) for place in places}
        self.champion = self._report({place: math.sqrt(CORRELATION) * item + math.sqrt(1 - CORRELATION) * rng.gauss(0, 1)
                                      for place, (item, _) in self.items.items()}, lambda name: RIGHT)  # fmt: skip

    def candidate(self, gain: float, fallen: str | None, loss: float) -> Report:
        latent = {}
        for place, (item, shared) in self.items.items():
            own = math.sqrt(self.kappa) * shared + math.sqrt(1 - self.kappa) * self.rng.gauss(0, 1)
            latent[place] = math.sqrt(CORRELATION) * item + math.sqrt(1 - CORRELATION) * own
        return self._report(latent, lambda name: RIGHT - loss if name == fallen else RIGHT + gain)

    def _report(self, latent: dict, share) -> Report:
        bounds = {name: NORMAL.inv_cdf(share(name)) for name in CATEGORIES}
        items = [
            ItemResult.model_construct(
                id=f"{name}/f{family}/{block}", category=name, family=f"f{family}", hidden=family >= HIDDEN, block=block,
                score=float(value < bounds[name]), missing=None, prompt=[], answer="", explanation="",
            )
            for (name, family, block), value in latent.items()
        ]  # fmt: skip
        categories = {}
        for name in CATEGORIES:
            scores = [item.score for item in items if item.category == name and item.block == 0]
            categories[name] = CategoryScore(score=sum(scores) / len(scores), n=len(scores))
        return Report.model_construct(
            fingerprint="f", suite={}, judge="", model={}, blocks=list(range(BLOCKS)), week="w", categories=categories, items=items,
            overall=sum(c.score for c in categories.values()) / len(CATEGORIES), probe=None, probe_items=[],
        )  # fmt: skip


def upto(report: Report, block: int) -> Report:
    return report.model_copy(update={"blocks": list(range(block + 1)), "items": [item for item in report.items if item.block <= block]})


def promoted(week: Week, candidate: Report, settings, looks: int) -> bool:
    """As the benchmark stage does: blocks are added while the verdict asks for more."""
    for block in range(2, BLOCKS):
        judged = verdict(upto(candidate, block), upto(week.champion, block), settings, looks=looks)
        if not judged.more_evidence:
            break
    return judged.outcome == "promote"


def share(count: int, total: int) -> str:
    """A proportion with Wilson's 95% interval."""
    p, z = count / total, 1.96
    middle, half = (p + z * z / 2 / total) / (1 + z * z / total), z * math.sqrt(p * (1 - p) / total + z * z / 4 / total**2) / (1 + z * z / total)
    return f"{p:.3f} [{max(0, middle - half):.3f}, {middle + half:.3f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    floors = {"verdict.overall_floor": 0.0, "verdict.category_floor": 0.0}
    evidence, seed = (load_settings("production", floors | {"verdict.rule": rule}, environ={}) for rule in ("evidence", "seed"))
    print(f"{given.weeks} weeks of {CYCLES} cycles a case; 95% intervals\n")
    print("| candidate | kappa | first cycle promotes | week promotes | the article's rule: week |\n| --- | --- | --- | --- | --- |")
    cases = [("equal", 0.0, None), ("better by 0.05", 0.05, None), ("better by 0.10", 0.10, None), ("one category worse by 0.35", 0.10, "tool_use")]
    for name, gain, fallen in cases:
        for kappa in (0.0, 0.7):
            cycles = weeks = plain = 0
            for number in range(given.weeks):
                week = Week(random.Random(f"{given.seed}/{name}/{kappa}/{number}"), kappa)
                won = article = False
                for looks in range(CYCLES):
                    candidate = week.candidate(gain, fallen, 0.35)
                    article = article or verdict(upto(candidate, 0), upto(week.champion, 0), seed).outcome == "promote"
                    if not won:
                        won = promoted(week, candidate, evidence, looks)
                        cycles += won and looks == 0
                    if won and article:
                        break
                weeks, plain = weeks + won, plain + article
            print(f"| {name} | {kappa} | {share(cycles, given.weeks)} | {share(weeks, given.weeks)} | {share(plain, given.weeks)} |", flush=True)


if __name__ == "__main__":
    main()
