"""Is the candidate better than the champion? A pure function of two reports and the settings.

Rule `evidence` (evidence_rule.py) pays for every look and asks for more blocks while it cannot tell. Rule
`seed`, the article's: an overall score and category scores at or above their floors, and a higher overall
score than the champion's, on block 0; for information it states what that difference is worth. Equal models
are promoted by it in most weeks of 14 cycles, by `evidence` in at most 5% (`benchmarks/verdict.py`).
"""

import math
from collections import Counter, defaultdict
from typing import Any

from autodidact.promotion import verdict_text
from autodidact.promotion.evidence_rule import evidence
from autodidact.promotion.floors import floors
from autodidact.promotion.statistics import (
    TINY,
    Resampled,
    by_category,
    category_means,
    mean,
    pairs,
    sign_test,
    stratified,
)
from autodidact.records import CATEGORIES, Outcome, Report, Rule, Verdict
from autodidact.settings import Settings, VerdictSettings

# Most items of a category and block that may be missing from either side; with more, nothing is decided.
MAX_MISSING = 2
# A mean that a report states may differ so much from that of its items: digits lost in writing.
STATED = 1e-6


def verdict(
    candidate: Report,
    champion: Report,
    settings: Settings,
    looks: int = 0,
    base: Report | None = None,
    last: int | None = None,
) -> Verdict:
    """The outcome with its reasons. `looks`: verdicts already taken this week; under rule `seed` it changes
    nothing.

    `base`: the report of the base model on the same blocks; None where the champion is the base, or nobody
    measured it. `last`: the last
    block of the week that may be drawn; None: as `verdict.blocks` says.

    An item missing on one side leaves both; more than `MAX_MISSING` of a category's 15: `not_comparable`,
    never a low score.
    """
    if base is None and champion.model.get("adapter") is None:
        base = champion
    wanted, reasons = settings.verdict, obstacles(candidate, champion)
    by_evidence = wanted.rule == "evidence"
    if not reasons and by_evidence and base is not None and base is not champion:
        reasons = obstacles(candidate, base, "base")
    if reasons:
        return Verdict(outcome="not_comparable", reasons=reasons)
    least = floors(candidate, base, wanted, lowered=by_evidence)
    if by_evidence:
        return evidence(candidate, champion, base, wanted, least, looks, last or wanted.blocks)
    return seed(candidate, champion, wanted, least)


def seed(candidate: Report, champion: Report, wanted: VerdictSettings, floors: list[Rule]) -> Verdict:
    """The article's rule on block 0, with the difference, its interval and `p_better` for
    information.
    """
    both = pairs(candidate, champion, [0])
    scores = category_means(both) if both else _published(candidate, champion)
    mine, theirs = _overall(candidate, champion, scores)
    parts = by_category(both)
    spread = stratified(parts) if parts else None
    rules = [*floors, _higher_overall(mine, theirs, sum(c.n for c in candidate.categories.values()))]
    outcome: Outcome = "promote" if all(rule.passed for rule in rules) else "reject"
    shown: dict[str, Any] = verdict_text.categories(both, parts, wanted.confidence)
    if not both:
        sides = {name: {"candidate": a, "champion": b} for name, (a, b) in scores.items()}
        shown = {name: row | verdict_text.UNKNOWN for name, row in sides.items()}
    return Verdict(
        outcome=outcome,
        p_better=spread.p_better if spread else None,
        difference=dict(spread.interval(wanted.confidence)) if spread else verdict_text.UNKNOWN,
        rules=rules,
        reasons=[
            *verdict_text.of_floors(floors),
            _higher(mine, theirs, rules[-1].passed, spread, wanted.confidence),
            *verdict_text.fallen(scores, "published items"),
            *_probe(candidate, champion),
        ],
        would_change=verdict_text.would_change(outcome, rules),
        categories=shown,
        sign_test=sign_test(both) if both else None,
        items=verdict_text.moved(both),
    )


def _overall(
    candidate: Report, champion: Report, scores: dict[str, tuple[float, float]]
) -> tuple[float, float]:
    """Both overall scores: as the reports state them, or of the items that both have a score for."""
    published = [item for report in (candidate, champion) for item in report.items if item.block == 0]
    stated = (candidate.overall, champion.overall)
    if stated[0] is not None and stated[1] is not None and all(item.score is not None for item in published):
        return stated[0], stated[1]
    return mean([mine for mine, _ in scores.values()]), mean([theirs for _, theirs in scores.values()])


def _higher_overall(mine: float, theirs: float, items: int) -> Rule:
    higher = mine > theirs + TINY
    short = math.floor(max(theirs - mine, 0) * items + TINY) + 1
    needs = None if higher else f"{short} more published items right"
    return Rule(name="higher_overall", value=mine, threshold=theirs, passed=higher, needs=needs)


def obstacles(candidate: Report, champion: Report, role: str = "champion") -> list[str]:
    """Why the two reports cannot be compared, in words; empty when they can. `role`: what the second one is
    of.
    """
    if candidate.fingerprint != champion.fingerprint:
        marks = f"{candidate.fingerprint[:12]} and {champion.fingerprint[:12]}"
        return [
            f"the fingerprints differ ({marks}): another suite, level, decoding, chat template or judge;"
            " measure both again"
        ]
    bases = {report.model.get("base_sha256") for report in (candidate, champion)} - {None}
    if len(bases) > 1:
        return [f"the candidate and the {role} are adapters of different base models"]
    if sorted(candidate.blocks) != sorted(champion.blocks) or 0 not in candidate.blocks:
        which = "the reports" if role == "champion" else f"the candidate's report and the {role}'s"
        covered = f"{sorted(candidate.blocks)} and {sorted(champion.blocks)}"
        return [f"{which} cover blocks {covered}; both need the same, with block 0"]
    if candidate.blocks != [0] and candidate.week != champion.week:
        return [f"the blocks after 0 were drawn for different weeks ({candidate.week} and {champion.week})"]
    asked, also = ({item.id: item for item in report.items} for report in (candidate, champion))
    if asked.keys() != also.keys() or len(asked) != len(candidate.items) or len(also) != len(champion.items):
        return ["the reports do not have the same items, each once"]
    if other := _other_prompt(candidate, champion):
        return [f"{other} was another prompt for the candidate than for the {role}: measure both again"]
    if contradiction := _contradiction(candidate, "candidate") or _contradiction(champion, role):
        return [contradiction]
    return _missing(candidate, champion, role)


def _missing(candidate: Report, champion: Report, role: str) -> list[str]:
    """Which categories have too few scores to be compared."""
    asked, also = ({item.id: item for item in report.items} for report in (candidate, champion))
    found = []
    lost: dict[tuple[str, int], list[str]] = defaultdict(list)
    for item in candidate.items:
        if item.counted and (item.score is None or also[item.id].score is None):
            lost[item.category, item.block].append(item.id)
    sizes = _sizes(candidate)
    for (name, block), ids in sorted(lost.items(), key=lambda row: (_place(row[0][0]), row[0])):
        if len(ids) > MAX_MISSING or len(ids) == sizes[name, block]:
            why = next(item.missing for item in (asked[ids[0]], also[ids[0]]) if item.score is None)
            found.append(
                f"{len(ids)} of {sizes[name, block]} items of {name} have no score (at most {MAX_MISSING}"
                f" may): {why}"
            )
    for of, report in (("candidate", candidate), (role, champion)):
        without = [
            name for name, c in report.categories.items() if c.score is None or c.missing > MAX_MISSING
        ]
        if not found and (report.overall is None or without or not report.categories):
            found.append(f"the {of}'s report has no score for {', '.join(without) or 'the suite'}")
    if not found and candidate.categories.keys() != champion.categories.keys():
        found.append("the reports do not have the same categories")
    return found


def _other_prompt(candidate: Report, champion: Report) -> str | None:
    """The first item, or question of the probe, whose prompt differs under the same id; a report without
    prompts says nothing.
    """
    theirs = {item.id: item.prompt for report in [champion] for item in (*report.items, *report.probe_items)}
    mine = ((item.id, item.prompt) for item in (*candidate.items, *candidate.probe_items))
    return next((key for key, prompt in mine if prompt and theirs.get(key) and theirs[key] != prompt), None)


def _place(category: str) -> int:
    return CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES)


def _sizes(report: Report) -> Counter[tuple[str, int]]:
    """(category, block) to its number of items that count."""
    return Counter([(item.category, item.block) for item in report.items if item.counted])


def _contradiction(report: Report, role: str) -> str | None:
    """What in a report cannot be: it was damaged, or written by hand. None for one that agrees with
    itself."""
    scores: dict[str, list[float]] = defaultdict(list)
    for item in (*report.items, *report.probe_items):
        if item.score is None:
            if not item.missing:
                return (
                    f"the {role}'s report is damaged: {item.id} has no score and no reason why; measure it"
                    " again"
                )
        elif not 0 <= item.score <= 1:
            return (
                f"the {role}'s report is damaged: {item.id} has the score {item.score}, which is not between"
                " 0 and 1; measure it again"
            )
        elif item.block == 0 and item.counted:
            scores[item.category].append(item.score)
    stated = {name: category.score for name, category in report.categories.items()} | {
        "overall": report.overall
    }
    made = {name: mean(scores[name]) for name in report.categories if scores[name]}
    means = [category.score for category in report.categories.values() if category.score is not None]
    if None not in stated.values() and means:
        made["overall"] = mean(means)
    for name, score in stated.items():
        if score is not None and not 0 <= score <= 1:
            return (
                f"the {role}'s report is damaged: the score of {name} is {score}, which is not between 0 and"
                " 1; measure it again"
            )
        if name in made and (score is None or abs(made[name] - score) > STATED):
            return (
                f"the {role}'s report is damaged: it states {score} for {name}, its items make"
                f" {made[name]:.4f}; measure it again"
            )
    sizes = _sizes(report)
    for name in sorted({name for name, _ in sizes}):
        for block in report.blocks:
            if sizes[name, block] != sizes[name, 0]:
                return (
                    f"the {role}'s report is not whole: block {block} has {sizes[name, block]} items of"
                    f" {name}; measure it again"
                )
    return None


def _published(candidate: Report, champion: Report) -> dict[str, tuple[float, float]]:
    """Category scores as the reports state them, for reports that came without their items."""
    both = {
        name: (category.score, champion.categories[name].score)
        for name, category in candidate.categories.items()
    }
    return {name: (a, b) for name, (a, b) in both.items() if a is not None and b is not None}


def _higher(mine: float, theirs: float, passed: bool, spread: Resampled | None, confidence: float) -> str:
    digits = 2 if round(mine, 2) != round(theirs, 2) or abs(mine - theirs) <= TINY else 4
    aside = f"{mine - theirs:+.{digits}f}"
    if spread:
        wide = spread.interval(confidence)
        aside += f", {confidence:.0%} interval {wide['low']:.{digits}f} to {wide['high']:.{digits}f}"
        aside += f", better in {spread.p_better:.0%} of resamples"
    end = "" if passed else ": not higher"
    return f"overall {mine:.{digits}f} vs champion {theirs:.{digits}f} ({aside}){end}"


def _probe(candidate: Report, champion: Report) -> list[str]:
    """The knowledge probe of both; it decides nothing under this rule."""
    mine, theirs = (report.probe.score if report.probe else None for report in (candidate, champion))
    if mine is None or theirs is None:
        return []
    return [
        f"knowledge probe {mine:.2f} vs champion {theirs:.2f} ({mine - theirs:+.2f}), shown for information"
    ]
