"""Rule `evidence`: promote when the blocks of the week, or the knowledge probe, leave no reasonable doubt.

A week has a budget of 1 - confidence for promoting a model that is not better; each of its first 14 cycles may spend 0.8/14 of it (simulated:
cycles of a week share noise, since they share items), half on each of two routes:

- the suite: better on blocks 1 to k, seen after blocks 2, 3 and 4, by `p_better` above the bound of that look; and better on the hidden families too;
- the probe: better on the questions about what is new since the champion, while the suite is not worse by 0.05 (one-sided 95%), nor what it knew before.

A category at or below -0.15 asks for the next block, at the last it rejects. Numbers: `benchmarks/verdict.py` simulates the whole rule.
"""

import math
from typing import Any

from autodidact.promotion import explain
from autodidact.promotion.alarms import Alarm, alarms
from autodidact.promotion.statistics import (
    TINY,
    Pair,
    Resampled,
    boundaries,
    by_category,
    category_means,
    mean,
    pairs,
    phi,
    probe_pairs,
    sign_test,
    stratified,
    tail,
)
from autodidact.records import Report, Rule, Verdict

CYCLES = 14  # a week's, at one in 12 hours; later ones have nothing left to spend
SPENT = 0.8  # of the budget, by all of them together
FIRST, LAST = 2, 4  # a look is taken after the second block of the week, the third, and the fourth
GUARD = -0.15  # a category's observed difference, and that of the probe's control
CONTROL = 15  # questions, as many as a block has items of a category, from which on the control counts
NOT_WORSE = -0.05  # what the suite may lose at most where the probe promotes
HOPELESS = 0.05  # p_better below which the last look rejects


def evidence(candidate: Report, champion: Report, wanted: Any, floors: list[Rule], looks: int) -> Verdict:
    """The verdict after the blocks that the reports have; `more_evidence` when another block of the week could change it."""
    blocks = sorted(block for block in candidate.blocks if block > 0)
    both = pairs(candidate, champion, blocks)
    parts = by_category(both)
    whole = stratified(parts) if parts else None
    news = probe_pairs(candidate, champion, news=True)
    rung = alarms(candidate, champion, whole)
    rules = [*floors, *_paid(looks), *_alarmed(rung)]
    reasons = explain.of_floors(floors) + [alarm.reason for alarm in rung]
    if looks >= CYCLES:
        reasons.append(f"{looks} verdicts were taken this week already: its budget of false promotions is spent, next week has a new one")
    if whole:
        alpha = SPENT * (1 - wanted.confidence) / CYCLES / (2 if news else 1)
        suite = _suite(whole, both, len(blocks), alpha)
        probe = _probe(news, probe_pairs(candidate, champion, news=False), whole, alpha) if news else []
        guard = _guard(parts, both)
        rules += [*guard, *suite, *probe]
        outcome, why, more = _outcome(floors, rung, looks, len(blocks), guard, suite, probe, whole)
        reasons += [explain.difference(whole, wanted.confidence), *why, *explain.fallen(category_means(both))]
    else:
        lost = any(not rule.passed for rule in floors)
        outcome, more = ("reject", False) if lost else ("undecided", looks < CYCLES)
        reasons.append("no block of this week has been measured yet: only they decide")
    return Verdict(
        outcome=outcome,
        p_better=whole.p_better if whole else None,
        difference=whole.interval(wanted.confidence) if whole else explain.UNKNOWN,
        rules=rules,
        reasons=reasons,
        more_evidence=more,
        would_change=explain.would_change(outcome, rules),
        categories=explain.categories(both, parts, wanted.confidence),
        sign_test=sign_test(both) if both else None,
        items=explain.moved(both),
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
    why += [explain.closed(rule) for route in routes.values() for rule in route if not rule.passed]
    if not last:
        return "undecided", [*why, f"block {seen + 1} may tell"], True
    if down:
        return "reject", why, False
    if whole.p_better < HOPELESS:
        return "reject", [*why, f"worse than the champion in {1 - whole.p_better:.0%} of resamples"], False
    return "undecided", [*why, "the champion stays until something is clearly better"], False


def _suite(whole: Resampled, both: list[Pair], seen: int, alpha: float) -> list[Rule]:
    z = boundaries(alpha)[min(max(seen, FIRST), LAST) - FIRST]
    needed, better = z * whole.error, whole.p_better >= phi(z)
    short = math.ceil(abs(needed - whole.mean) * len(both) - TINY)
    about = f"about {needed:+.3f} on this week's items instead of {whole.mean:+.3f}"
    needs = f"{about}: about {short} more of {len(both)} right" if not better else f"not with {short} fewer of {len(both)} right or less"
    found = [
        Rule(
            name="better_on_suite", value=whole.p_better, threshold=phi(z), passed=better, difference=whole.mean, needed=needed, needs=needs,
            items=explain.moved(both)["gained" if better else "lost"],
        )
    ]  # fmt: skip
    if hidden := [pair for pair in both if pair[0].hidden]:
        p = stratified(by_category(hidden)).p_roughly
        needs = "on the hidden families as many gained as lost" if p < 0.5 else None
        found.append(
            Rule(name="better_on_hidden_families", value=p, threshold=0.5, passed=p >= 0.5, needs=needs, items=_when(p < 0.5, hidden))
        )
    return found


def _probe(news: list[Pair], control: list[Pair], whole: Resampled, alpha: float) -> list[Rule]:
    """The questions are the same at every look, so that their evidence does not grow with the blocks: one bound.

    They are right or wrong, and may be few: McNemar's exact test, since five of five right would leave a bootstrap no doubt.
    """
    told, gain = sign_test(news), mean([a.score - b.score for a, b in news])
    sure = 1 - tail(told["better"] + told["worse"], told["worse"])
    better = sure >= 1 - alpha
    needs = _spare(told, len(news), alpha) if better else _short(told, len(news), alpha)
    lower = whole.low(0.95)
    found = [
        Rule(name="better_on_probe", value=sure, threshold=1 - alpha, passed=better, difference=gain, needs=needs, n=len(news),
             items=explain.moved(news)["gained" if better else "lost"]),
        Rule(name="suite_not_worse", value=lower, threshold=NOT_WORSE, passed=lower > NOT_WORSE,
             needs=None if lower > NOT_WORSE else f"{NOT_WORSE - lower:.2f} more on this week's items"),
    ]  # fmt: skip
    if len(control) >= CONTROL:
        lost = mean([a.score - b.score for a, b in control])
        kept = lost > GUARD + TINY
        more = math.ceil((GUARD - lost) * len(control) + TINY)
        needs = None if kept else f"{more} more of {len(control)} questions on what has not changed right"
        found.append(Rule(name="control_not_worse", value=lost, threshold=GUARD, passed=kept, needs=needs, items=_when(not kept, control)))
    return found


def _short(told: dict[str, Any], asked: int, alpha: float) -> str:
    """What the test lacks."""
    better, worse = told["better"], told["worse"]
    for more in range(1, asked - better - worse + 1):
        if tail(better + more + worse, worse) <= alpha:
            return f"{more} more of {asked} questions on what is new right"
    return f"more news: {asked} questions are too few to tell"


def _spare(told: dict[str, Any], asked: int, alpha: float) -> str:
    """What the test would not have passed with."""
    better, worse = told["better"], told["worse"]
    fewer = next(k for k in range(1, better + 1) if tail(better - k + worse, worse) > alpha)
    return f"not with {fewer} fewer of {asked} questions on what is new right or less"


def _guard(parts: dict[str, Resampled], both: list[Pair]) -> list[Rule]:
    found = []
    for name, part in parts.items():
        passed, needs, items = part.mean > GUARD + TINY, None, []
        if not passed:
            mine = [pair for pair in both if pair[0].category == name]
            needs = f"{math.floor((GUARD - part.mean) * len(mine) + TINY) + 1} more of its {len(mine)} items this week right"
            items = explain.moved(mine)["lost"]
        found.append(Rule(name=f"guard.{name}", value=part.mean, threshold=GUARD, passed=passed, needs=needs, items=items))
    return found


def _when(failed: bool, both: list[Pair]) -> list[str]:
    """The items that were lost, where they decided."""
    return explain.moved(both)["lost"] if failed else []


def _paid(looks: int) -> list[Rule]:
    return [
        Rule(
            name="looks",
            value=looks,
            threshold=CYCLES - 1,
            passed=looks < CYCLES,
            needs=None if looks < CYCLES else "a verdict of next week",
        )
    ]


def _alarmed(rung: list[Alarm]) -> list[Rule]:
    return [
        Rule(
            name=f"alarm.{alarm.name}", value=alarm.value, threshold=alarm.threshold, passed=False, needs=alarm.unless,
            items=alarm.items[: explain.SHOWN],
        )
        for alarm in rung
    ]  # fmt: skip
