"""Is the candidate better than the champion? A pure function of two reports and the settings.

Rule `evidence` (evidence.py) pays for every look and asks for more blocks while it cannot tell. Rule `seed`, the article's: an overall score and
category scores at or above their floors, and a higher overall score than the champion's, on block 0; beside it stands what that difference is
worth. Equal models are promoted by it in 84 to 94% of weeks of 14 cycles, by `evidence` in at most 5% (`benchmarks/verdict.py`).
"""

from autodidact.promotion import evidence
from autodidact.promotion.statistics import TINY, Resampled, by_category, category_means, mean, pairs, stratified
from autodidact.records import CATEGORIES, CategoryScore, Report, Rule, Verdict
from autodidact.settings import Settings

MAX_MISSING = 2
"""Most items of a category and block that may be missing from either side; with more, nothing is decided."""

UNKNOWN: dict[str, float | None] = {"mean": None, "low": None, "high": None}


def verdict(candidate: Report, champion: Report, settings: Settings, looks: int = 0) -> Verdict:
    """The outcome with its reasons. `looks`: verdicts already taken this week; under rule `seed` it changes nothing.

    An item missing on one side leaves both; more than `MAX_MISSING` of a category's 15: `not_comparable`, never a low score.
    """
    if reasons := obstacles(candidate, champion):
        return Verdict(outcome="not_comparable", reasons=reasons)
    rule = {"seed": seed, "evidence": evidence.evidence}[settings.verdict.rule]
    return rule(candidate, champion, settings.verdict, floors(candidate, settings.verdict), looks)


def floors(candidate: Report, wanted) -> list[Rule]:
    """The article's: overall, and each category, on block 0."""
    return [
        _at_least("overall_floor", candidate.overall, wanted.overall_floor),
        *(_at_least(f"category_floor.{name}", category.score, wanted.category_floor) for name, category in candidate.categories.items()),
    ]


def seed(candidate: Report, champion: Report, wanted, floors: list[Rule], looks: int) -> Verdict:
    """The article's rule on block 0, with the difference, its interval and `p_better` beside it for information."""
    both = pairs(candidate, champion, [0])
    scores = category_means(both) if both else _published(candidate, champion)
    whole = not any(item.score is None for report in (candidate, champion) for item in report.items if item.block == 0)
    if whole:
        mine, theirs = candidate.overall, champion.overall
    else:
        mine, theirs = mean([score for score, _ in scores.values()]), mean([score for _, score in scores.values()])
    parts = by_category(both)
    spread = stratified(parts) if parts else None
    rules = [*floors, Rule(name="higher_overall", value=mine, threshold=theirs, passed=mine > theirs + TINY)]
    return Verdict(
        outcome="promote" if all(rule.passed for rule in rules) else "reject",
        p_better=spread.p_better if spread else None,
        difference=spread.interval(wanted.confidence) if spread else UNKNOWN,
        rules=rules,
        reasons=[*evidence.of_floors(floors), _higher(rules[-1], spread, wanted.confidence), *evidence.fallen(scores), *_probe(candidate, champion)],
        categories={
            name: {"candidate": mine, "champion": theirs, **(parts[name].interval(wanted.confidence) if name in parts else UNKNOWN)}
            for name, (mine, theirs) in scores.items()
        },
    )


def obstacles(candidate: Report, champion: Report) -> list[str]:
    """Why the two reports cannot be compared, in words; empty when they can."""
    if candidate.fingerprint != champion.fingerprint:
        marks = f"{candidate.fingerprint[:12]} and {champion.fingerprint[:12]}"
        return [f"the fingerprints differ ({marks}): another suite, level, decoding, chat template or judge; measure both again"]
    bases = {report.model.get("base_sha256") for report in (candidate, champion)} - {None}
    if len(bases) > 1:
        return ["the candidate and the champion are adapters of different base models"]
    if sorted(candidate.blocks) != sorted(champion.blocks) or 0 not in candidate.blocks:
        return [f"the reports cover blocks {sorted(candidate.blocks)} and {sorted(champion.blocks)}; both need the same, with block 0"]
    if candidate.blocks != [0] and candidate.week != champion.week:
        return [f"the blocks after 0 were drawn for different weeks ({candidate.week} and {champion.week})"]
    asked, also = ({item.id: item for item in report.items} for report in (candidate, champion))
    if asked.keys() != also.keys() or len(asked) != len(candidate.items) or len(also) != len(champion.items):
        return ["the reports do not have the same items, each once"]
    found = []
    for name in CATEGORIES:
        for block in sorted(candidate.blocks):
            ids = [key for key, item in asked.items() if item.category == name and item.block == block]
            lost = [key for key in ids if asked[key].score is None or also[key].score is None]
            if len(lost) > MAX_MISSING or (ids and len(lost) == len(ids)):
                why = next(item.missing for item in (asked[lost[0]], also[lost[0]]) if item.score is None)
                found.append(f"{len(lost)} of {len(ids)} items of {name} have no score (at most {MAX_MISSING} may): {why}")
    for role, report in (("candidate", candidate), ("champion", champion)):
        without = [name for name, c in report.categories.items() if c.score is None or c.missing > MAX_MISSING]
        if not found and (report.overall is None or without or not report.categories):
            found.append(f"the {role}'s report has no score for {', '.join(without) or 'the suite'}")
    if not found and candidate.categories.keys() != champion.categories.keys():
        found.append("the reports do not have the same categories")
    return found


def _published(candidate: Report, champion: Report) -> dict[str, tuple[float, float]]:
    """Category scores as the reports state them, for reports that came without their items."""
    return {name: (category.score, champion.categories[name].score) for name, category in candidate.categories.items()}


def _at_least(name: str, value: float, floor: float) -> Rule:
    return Rule(name=name, value=value, threshold=floor, passed=value >= floor - TINY)


def _higher(rule: Rule, spread: Resampled | None, confidence: float) -> str:
    mine, theirs = rule.value, rule.threshold
    digits = 2 if round(mine, 2) != round(theirs, 2) or abs(mine - theirs) <= TINY else 4
    aside = f"{mine - theirs:+.{digits}f}"
    if spread:
        wide = spread.interval(confidence)
        aside += f", {confidence:.0%} interval {wide['low']:.{digits}f} to {wide['high']:.{digits}f}"
        aside += f", better in {spread.p_better:.0%} of resamples"
    end = "" if rule.passed else ": not higher"
    return f"overall {mine:.{digits}f} vs champion {theirs:.{digits}f} ({aside}){end}"


def _probe(candidate: Report, champion: Report) -> list[str]:
    """The knowledge probe of both; it decides nothing under this rule."""
    scores: list[CategoryScore | None] = [candidate.probe, champion.probe]
    if any(probe is None or probe.score is None for probe in scores):
        return []
    mine, theirs = (probe.score for probe in scores)
    return [f"knowledge probe {mine:.2f} vs champion {theirs:.2f} ({mine - theirs:+.2f}), shown for information"]
