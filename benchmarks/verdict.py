"""How often the verdict is wrong, simulated: python -m benchmarks.verdict [--years 1000] [--weeks 4000]
[--check 100] [--only equal]

Items are right when a latent normal number falls below a bound. A model's is a mixture of the item's and of
its own, so that the scores of two models on an item correlate by 0.5; a share `kappa` of what is a
candidate's own is common to all candidates of a week, because they are trained alike and sit the same items.
A week has 14 cycles with a new candidate each, and new items: one of 15 families in 9 categories in each
block; it ends with its first promotion. Candidates are judged by the rule `evidence` in arrays
(verdict_arrays.py); `--check` puts cycles of all cases to the real `verdict` as the benchmark stage does,
block by block, and tells how many end otherwise (a p_better is there of 50,000 resamples, here of the normal
distribution).

Years: 52 such weeks. The champion is the base at first, or an adapter; a promoted candidate takes its place.
Each week brings 100 new facts that a champion of an earlier week does not know, and 20 old ones. `floors`:
those of the profile `production`, which the base misses (it has 0.50 overall), on a block 0 that is the same
all year; elsewhere there are none.

Weeks: one week against a champion that is an adapter as good as the base, without floors. Beside it what the
article's rule would have done.
"""

import argparse
import math
import sys
from dataclasses import replace

import numpy

from autodidact.promotion.evidence_rule import WEEKS
from autodidact.promotion.statistics import Resampled, Stratum
from autodidact.promotion.verdict import verdict
from autodidact.records import CATEGORIES, CategoryScore, ItemResult, Report
from autodidact.settings import load_settings
from benchmarks.verdict_arrays import CYCLES, FAMILIES, HIDDEN, Case, Rule, Week, judge

# Years or weeks simulated at once.
CHUNK = 100

CASES = {
    "equal": Case(0.0),
    "better by 0.05": Case(0.05),
    "better by 0.10": Case(0.10),
    "better by 0.10, one category worse by 0.35": Case(0.10, fallen=0.45),
}
YEARS = {
    "worse than the base by 0.05, knows the news; the champion is the base": Case(-0.05, None, probe=True),
    "worse than the base by 0.05, knows the news; the champion is worse by 0.04": Case(
        -0.05, -0.04, probe=True
    ),
    "equals the base, knows the news": Case(0.0, None, probe=True),
    "equals the base, knows the news; floors": Case(0.0, None, probe=True, floors=True),
}


def run_years(case: Case, kappa: float, years: int, last: int, settings, seed: int) -> dict:
    """52 weeks of so many years: how many years had a promotion, how many weeks, and the blocks that a cycle
    drew.
    """
    rule, rng = Rule(case, last, settings), numpy.random.default_rng([seed, round(10 * kappa)])
    some, weeks, drawn, counted = 0, 0, 0.0, 0
    for start in range(0, years, CHUNK):
        size = min(CHUNK, years - start)
        is_base, ever = numpy.full(size, case.champion is None), numpy.zeros(size, bool)
        published = rng.standard_normal((2, size, len(CATEGORIES), FAMILIES))  # block 0 is the same all year
        for _ in range(WEEKS):
            promoted, blocks = judge(
                rule, Week(rng, case, kappa, size, is_base=is_base.copy(), published=published)
            )
            won = promoted.any(axis=1)
            ever, is_base = ever | won, is_base & ~won
            weeks, drawn, counted = weeks + int(won.sum()), drawn + float(blocks[:, 0].sum()), counted + size
        some += int(ever.sum())
        print(f"{start + size} years, kappa {kappa}: {some} with a promotion", file=sys.stderr, flush=True)
    return {"years": (some, years), "weeks": (weeks, counted), "blocks": drawn / counted}


def run_weeks(case: Case, kappa: float, weeks: int, last: int, settings, seed: int) -> dict:
    """So many weeks: how many first cycles and how many weeks promote, by this rule and by the article's, and
    the blocks that a cycle drew.
    """
    rule, rng = Rule(case, last, settings), numpy.random.default_rng([seed, round(10 * kappa)])
    first = some = plain = 0
    drawn = 0.0
    for start in range(0, weeks, CHUNK):
        week = Week(rng, case, kappa, min(CHUNK, weeks - start))
        promoted, blocks = judge(rule, week)
        first, some = first + int(promoted[:, 0].sum()), some + int(promoted.any(axis=1).sum())
        published = (
            week.candidates[:, :, 0].mean(axis=(2, 3)) > week.champion[:, None, 0].mean(axis=(2, 3)) + 1e-9
        )
        plain, drawn = plain + int(published.any(axis=1).sum()), drawn + float(blocks[:, 0].sum())
    return {
        "first": (first, weeks),
        "weeks": (some, weeks),
        "article": (plain, weeks),
        "blocks": drawn / weeks,
    }


def _report(grid, news, control) -> Report:
    """A report with these right answers: `grid` (blocks, 9, 15)."""
    items = [
        ItemResult.model_construct(
            id=f"{name}/f{family}/{block}",
            category=name,
            family=f"f{family}",
            hidden=family >= HIDDEN,
            block=block,
            score=float(grid[block, place, family]),
            missing=None,
            prompt=[],
            answer="",
            explanation="",
        )
        for block in range(len(grid))
        for place, name in enumerate(CATEGORIES)
        for family in range(FAMILIES)
    ]
    means = grid[0].mean(axis=1).tolist()
    asked = [
        ItemResult.model_construct(
            id=f"{kind}{number}",
            category="probe",
            family="port",
            block=0,
            score=float(right),
            missing=None,
            prompt=[],
            answer="",
            fresh=kind == "news",
        )
        for kind, answers in (("news", news), ("old", control))
        for number, right in enumerate(answers)
    ]
    return Report.model_construct(
        fingerprint="f",
        suite={},
        judge="",
        model={},
        blocks=list(range(len(grid))),
        week="w",
        overall=sum(means) / len(means),
        items=items,
        categories={
            name: CategoryScore(score=score, n=FAMILIES)
            for name, score in zip(CATEGORIES, means, strict=True)
        },
        probe=None,
        probe_items=asked,
    )


def compare(case: Case, kappa: float, cycles: int, last: int, settings, seed: int) -> tuple[int, int]:
    """Of so many cycles: (how many the arrays and the real `verdict` end otherwise, how many the arrays
    promote).
    """
    otherwise = won = 0
    rule, rng = Rule(case, last, settings.verdict), numpy.random.default_rng([seed, 77])
    for _ in range(cycles):
        week = Week(rng, case, kappa, 1, cycles=1, whole=max(last, 4))
        promoted, drawn = (found.item() for found in judge(rule, week))
        base, champion, candidate = week.sheets
        known, asked = ([part[side][0] for part in (week.news, week.control)] for side in (0, 1))
        sheets = [(candidate[0, 0], [part[0] for part in asked]), (champion[0], known), (base[0], known)]
        for seen in range(2, last + 1):
            reports = [_report(grid[: seen + 1], *answers) for grid, answers in sheets]
            found = verdict(reports[0], reports[1], settings, base=reports[2], last=last)
            if not found.more_evidence:
                break
        otherwise, won = otherwise + ((found.outcome == "promote", seen) != (promoted, drawn)), won + promoted
    return otherwise, won


def share(count: int, total: int) -> str:
    """A proportion with Wilson's 95% interval."""
    p, z = count / total, 1.96
    middle = (p + z * z / 2 / total) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / 4 / total**2) / (1 + z * z / total)
    return f"{p:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


def coverage(cases: int, seed: int) -> str:
    """In how many cases the 95% interval has the true difference in it, of `statistics.Resampled` as the
    verdict uses it; a row a difference.
    """
    rows = ["| true difference | 2 blocks | 3 blocks | 4 blocks |", "| --- | --- | --- | --- |"]
    for gain in (0.0, 0.05, 0.10):
        covered = dict.fromkeys((2, 3, 4), 0)
        week = Week(numpy.random.default_rng([seed, 99]), Case(gain), 0.0, cases)
        gains = week.candidates[:, 0, 1:].astype(float) - week.champion[:, 1:]
        for each in gains:
            for blocks in covered:
                sums = each[:blocks].sum(axis=0).tolist()
                strata = [
                    Stratum(tuple(families), (blocks,) * FAMILIES, stream)
                    for stream, families in enumerate(sums)
                ]
                wide = Resampled(strata).interval(0.95)
                covered[blocks] += wide["low"] <= gain <= wide["high"]
        rows.append(f"| {gain} | {' | '.join(share(count, cases) for count in covered.values())} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--years",
        type=int,
        default=200,
        help="of candidates worse than the base, a tenth of it of equal ones; 0: none",
    )
    parser.add_argument("--weeks", type=int, default=1000, help="0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--right", type=float, default=0.5, help="the base's share of right answers")
    parser.add_argument(
        "--blocks",
        type=int,
        help="the last block that may be drawn; default: as verdict.blocks of the profile production",
    )
    parser.add_argument(
        "--only", choices=[*CASES, *YEARS], action="append", help="this case; may be repeated"
    )
    parser.add_argument("--kappa", type=float, nargs="+", default=[0.0, 0.7])
    parser.add_argument(
        "--check",
        type=int,
        metavar="CYCLES",
        help="only compare with the real code, so many cycles of each case",
    )
    parser.add_argument("--coverage", type=int, metavar="CASES", help="only the intervals, in so many cases")
    given = parser.parse_args()
    real, bare = (
        load_settings("production", more, environ={})
        for more in ({}, {"verdict.overall_floor": 0.0, "verdict.category_floor": 0.0})
    )
    last = given.blocks or real.verdict.blocks
    chosen = [name for name in [*CASES, *YEARS] if not given.only or name in given.only]
    if given.coverage:
        print(coverage(given.coverage, given.seed))
    elif given.check:
        for name in chosen:
            case = replace((CASES | YEARS)[name], right=given.right)
            otherwise, won = compare(case, 0.7, given.check, last, real if case.floors else bare, given.seed)
            print(
                f"{name}: {otherwise} of {given.check} cycles end otherwise by the real code; {won} promote",
                flush=True,
            )
    else:
        if given.years:
            print_years([name for name in YEARS if name in chosen], given, last, real.verdict)
        if given.weeks:
            print_weeks([name for name in CASES if name in chosen], given, last, bare.verdict)


def print_years(names: list[str], given, last: int, settings) -> None:
    print(f"{given.years} years of {WEEKS} weeks of {CYCLES} cycles, {last} blocks at most; 95% intervals\n")
    print("| candidates | kappa | years with a promotion | weeks with one | blocks a cycle |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for name in names:
        for kappa in given.kappa:
            case = replace(YEARS[name], right=given.right)
            # The weeks of equal candidates are many, and they draw many blocks.
            years = given.years if case.gain < 0 else max(given.years // 10, 1)
            found = run_years(case, kappa, years, last, settings, given.seed)
            cells = [share(*found[key]) for key in ("years", "weeks")]
            print(f"| {name} | {kappa} | {' | '.join(cells)} | {found['blocks']:.1f} |", flush=True)


def print_weeks(names: list[str], given, last: int, settings) -> None:
    print(f"\n{given.weeks} weeks of {CYCLES} cycles; 95% intervals\n")
    print("| candidates | kappa | first cycle promotes | week promotes | article's rule | blocks a cycle |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for name in names:
        for kappa in given.kappa:
            case = replace(CASES[name], right=given.right)
            found = run_weeks(case, kappa, given.weeks, last, settings, given.seed)
            cells = [share(*found[key]) for key in ("first", "weeks", "article")]
            print(f"| {name} | {kappa} | {' | '.join(cells)} | {found['blocks']:.1f} |", flush=True)


if __name__ == "__main__":
    main()
