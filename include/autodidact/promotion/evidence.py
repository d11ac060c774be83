"""Rule `evidence`: promote when the blocks of the week, or the knowledge probe, leave no reasonable doubt.

A week has a budget of 1 - confidence for promoting a model that is not better; each of its first 14 cycles may spend 0.8/14 of it (simulated:
cycles of a week share noise, since they share items), half on each of two routes:

- the suite: better on blocks 1 to k, seen after blocks 2, 3 and 4, by `p_better` above the bound of that look; and better on the hidden families too;
- the probe: better on the questions about the system as it is now, while the suite is not worse by 0.05 (one-sided 95%).

A category at or below -0.15 asks for the next block, at the last it rejects. Numbers: `benchmarks/verdict.py` simulates the whole rule.
"""

from typing import Any

from autodidact.promotion.alarms import Alarm, alarms
from autodidact.promotion.statistics import (
    TINY,
    Pair,
    Resampled,
    boundaries,
    by_category,
    category_means,
    pairs,
    phi,
    probe_pairs,
    resample,
    sign_test,
    stratified,
)
from autodidact.records import Report, Rule, Verdict

CYCLES = 14  # a week's, at one in 12 hours; later ones have nothing left to spend
SPENT = 0.8  # of the budget, by all of them together
FIRST, LAST = 2, 4  # a look is taken after the second block of the week, the third, and the fourth
GUARD = -0.15  # a category's observed difference
NOT_WORSE = -0.05  # what the suite may lose at most where the probe promotes
HOPELESS = 0.05  # p_better below which the last look rejects
SHOWN = 10  # items named as gained and as lost


def evidence(candidate: Report, champion: Report, wanted: Any, floors: list[Rule], looks: int) -> Verdict:
    """The verdict after the blocks that the reports have; `more_evidence` when another block of the week could change it."""
    blocks = sorted(block for block in candidate.blocks if block > 0)
    both = pairs(candidate, champion, blocks)
    parts = by_category(both)
    whole = stratified(parts) if parts else None
    asked = probe_pairs(candidate, champion)
    rung = alarms(candidate, champion, whole)
    rules = [*floors, *_paid(looks), *_alarmed(rung)]
    reasons = of_floors(floors) + [alarm.reason for alarm in rung]
    if looks >= CYCLES:
        reasons.append(f"{looks} verdicts were taken this week already: its budget of false promotions is spent, next week has a new one")
    if whole:
        alpha = SPENT * (1 - wanted.confidence) / CYCLES / (2 if asked else 1)
        suite = _suite(whole, both, len(blocks), alpha)
        probe = _probe(asked, whole, alpha) if asked else []
        guard = [Rule(name=f"guard.{name}", value=part.mean, threshold=GUARD, passed=part.mean > GUARD + TINY) for name, part in parts.items()]
        rules += [*guard, *suite, *probe]
        outcome, why, more = _outcome(floors, rung, looks, len(blocks), guard, suite, probe, whole)
        reasons += [_difference(whole, wanted.confidence), *why, *fallen(category_means(both))]
    else:
        lost = any(not rule.passed for rule in floors)
        outcome, more = ("reject", False) if lost else ("undecided", looks < CYCLES)
        reasons.append("no block of this week has been measured yet: only they decide")
    return Verdict(
        outcome=outcome,
        p_better=whole.p_better if whole else None,
        difference=whole.interval(wanted.confidence) if whole else {"mean": None, "low": None, "high": None},
        rules=rules,
        reasons=reasons,
        more_evidence=more,
        categories={
            name: {"candidate": mine, "champion": theirs, **parts[name].interval(wanted.confidence)}
            for name, (mine, theirs) in category_means(both).items()
        },
        sign_test=sign_test(both) if both else None,
        items=_deciding(both),
        alarms=[alarm.name for alarm in rung],
    )


def _outcome(
    floors: list[Rule], rung: list[Alarm], looks: int, seen: int, guard: list[Rule], suite: list[Rule], probe: list[Rule], whole: Resampled
) -> tuple[str, list[str], bool]:
    """(outcome, reasons, more evidence)."""
    last = seen >= LAST
    if any(not rule.passed for rule in floors) or any(alarm.rejects for alarm in rung):
        return "reject", [], False
    if looks >= CYCLES:
        return "undecided", [], False
    if seen < FIRST:
        return "undecided", [f"decided after block {FIRST} at the earliest"], True
    routes = {"the suite": suite, "the knowledge probe": probe}
    if rung:  # what is left: its gain on the suite is not to be believed
        del routes["the suite"]
    won = [name for name, route in routes.items() if route and all(rule.passed for rule in route)]
    down = [rule for rule in guard if not rule.passed]
    why = [f"{rule.name.partition('.')[2]} is {rule.value:+.2f}, at or below {GUARD}" for rule in down]
    if won and not down:
        said = f"better on {' and on '.join(won)}; this gain is seen on what promoted it and so overstated: next week's is the one to quote"
        return "promote", [said], False
    why += [_short(rule) for route in routes.values() for rule in route if not rule.passed]
    if not last:
        return "undecided", [*why, f"block {seen + 1} may tell"], True
    if down:
        return "reject", why, False
    if whole.p_better < HOPELESS:
        return "reject", [*why, f"worse than the champion in {1 - whole.p_better:.0%} of resamples"], False
    return "undecided", [*why, "the champion stays until something is clearly better"], False


def _suite(whole: Resampled, both: list[Pair], seen: int, alpha: float) -> list[Rule]:
    look = min(max(seen, FIRST), LAST) - FIRST
    z = boundaries(alpha)[look]
    needed = z * whole.error
    found = [Rule(name="better_on_suite", value=whole.p_better, threshold=phi(z), passed=whole.p_better >= phi(z), difference=whole.mean, needed=needed)]
    if hidden := [pair for pair in both if pair[0].hidden]:
        p = stratified(by_category(hidden)).p_better
        found.append(Rule(name="better_on_hidden_families", value=p, threshold=0.5, passed=p >= 0.5))
    return found


def _probe(asked: list[Pair], whole: Resampled, alpha: float) -> list[Rule]:
    """The questions are the same at every look, so that their evidence does not grow with the blocks: one bound."""
    news = resample(asked, stream=201, cluster=lambda item: item.id)
    lower = whole.low(0.95)
    return [
        Rule(name="better_on_probe", value=news.p_better, threshold=1 - alpha, passed=news.p_better >= 1 - alpha, difference=news.mean),
        Rule(name="suite_not_worse", value=lower, threshold=NOT_WORSE, passed=lower > NOT_WORSE),
    ]


def _paid(looks: int) -> list[Rule]:
    return [Rule(name="looks", value=looks, threshold=CYCLES - 1, passed=looks < CYCLES)]


def _alarmed(rung: list[Alarm]) -> list[Rule]:
    return [Rule(name=f"alarm.{alarm.name}", value=alarm.value, threshold=alarm.threshold, passed=False) for alarm in rung]


def _short(rule: Rule) -> str:
    """Why a route is closed, and what would open it."""
    also = rule.model_extra or {}
    if rule.name == "better_on_suite":
        about = f"about {also['needed']:+.3f} instead of {also['difference']:+.3f}"
        return f"the suite: better in {rule.value:.2%} of resamples, {rule.threshold:.3%} is needed: {about}"
    if rule.name == "better_on_hidden_families":
        return f"on the families hidden from training it is better in {rule.value:.0%} of resamples, {rule.threshold:.0%} is needed"
    if rule.name == "better_on_probe":
        return f"the knowledge probe: {also['difference']:+.2f}, better in {rule.value:.2%} of resamples, {rule.threshold:.3%} is needed"
    return f"the suite may be worse by {-rule.value:.2f} (one-sided 95%), at most {-rule.threshold:.2f} is allowed where the probe promotes"


def _difference(whole: Resampled, confidence: float) -> str:
    wide = whole.interval(confidence)
    return (
        f"on this week's items {wide['mean']:+.3f} vs the champion, {confidence:.0%} interval {wide['low']:+.3f} to {wide['high']:+.3f}, "
        f"better in {whole.p_better:.1%} of resamples"
    )


def _deciding(both: list[Pair]) -> dict[str, list[str]]:
    """The items that moved the difference most: {"gained": ids, "lost": ids}."""
    ordered = sorted(both, key=lambda pair: (-abs(pair[0].score - pair[1].score), pair[0].id))
    moved = {"gained": [a.id for a, b in ordered if a.score > b.score + TINY], "lost": [a.id for a, b in ordered if a.score < b.score - TINY]}
    return {side: ids[:SHOWN] for side, ids in moved.items()}


def of_floors(floors: list[Rule]) -> list[str]:
    """The floors that do not hold, or one line that they do."""
    overall, *categories = floors
    found = [] if overall.passed else [f"overall {overall.value:.2f} is below the floor {overall.threshold:.2f}"]
    found += [f"{_category(rule)} {rule.value:.2f} is below the floor {rule.threshold:.2f}" for rule in categories if not rule.passed]
    if found or not categories:
        return found
    lowest = min(categories, key=lambda rule: rule.value)
    return [
        f"the floors hold: overall {overall.value:.2f} of {overall.threshold:.2f}, "
        f"lowest category {_category(lowest)} {lowest.value:.2f} of {lowest.threshold:.2f}"
    ]


def fallen(scores: dict[str, tuple[float, float]]) -> list[str]:
    """The categories in which the candidate is below the champion, worst first."""
    lost = sorted((mine - theirs, name) for name, (mine, theirs) in scores.items() if mine < theirs - TINY)
    return [f"{name} fell from {scores[name][1]:.2f} to {scores[name][0]:.2f} ({change:+.2f})" for change, name in lost]


def _category(rule: Rule) -> str:
    return rule.name.partition(".")[2]
