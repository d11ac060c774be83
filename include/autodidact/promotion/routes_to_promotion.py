"""The rules of `evidence` that blocks and probe are held against: two routes to promotion, a fixed reference,
a guard.
"""

import math
from dataclasses import dataclass
from typing import Any

from autodidact.promotion import verdict_text
from autodidact.promotion.statistical_bounds import boundaries, most_lost, phi, student, tail
from autodidact.promotion.statistics import (
    TINY,
    Pair,
    Resampled,
    by_category,
    is_news,
    mean,
    sign_test,
    stratified,
)
from autodidact.records import Rule

# Blocks of the week after which the route of the suite looks; docs/verdict.md has the simulated figures.
SUITE_LOOKS = (2, 3, 4)
# A category's observed difference, and that of what was known before: at or below it a guard closes.
GUARD = -0.15
# Questions from which on what was known before is guarded: as many as a block has items of a category.
CONTROL = 15
# One-sided level at which a loss of what was known before is no chance.
CONTROL_LEVEL = 0.05
# What the suite may lose: against the champion where the probe promotes, against the base always.
NOT_WORSE = -0.05
# Standard errors of a one-sided 95% bound.
ONE_SIDED_95 = 1.645
# Standard errors against the base that no look asks more than (Haybittle 1971, Peto 1976): the bounds of
# early looks would shut out a candidate that is clearly no worse.
REFERENCE_CAP = 4.5


@dataclass(frozen=True)
class NotWorse:
    """A rule on a lower bound, with what is needed to tell whether more blocks can still meet it."""

    rule: Rule
    z: float  # how many standard errors the difference is above the margin
    bound: float  # how many are needed at the last look

    def hope(self, share: float) -> float:
        """The probability to end above the bound, as things stand after this `share` of the blocks (Lan and
        Wittes 1988).
        """
        if share >= 1 or math.isinf(self.z):
            return float(self.z >= self.bound)
        return phi((self.z / math.sqrt(share) - self.bound) / math.sqrt(1 - share))


def suite(both: list[Pair], seen: int, alpha: float) -> list[Rule]:
    """Better on the suite after `seen` blocks: by `p_better` above the bound of that look, and on the hidden
    families too.

    After the fourth block the looks are spent: what `both` has of later ones changes the hidden families
    alone.
    """
    first = sorted({mine.block for mine, _ in both})[: SUITE_LOOKS[-1]]
    looked = [pair for pair in both if pair[0].block in first]
    whole, look = stratified(by_category(looked)), min(max(seen, SUITE_LOOKS[0]), SUITE_LOOKS[-1])
    z = boundaries(alpha)[look - SUITE_LOOKS[0]]
    needed, better = z * whole.error, whole.p_better >= phi(z)
    short = math.ceil(abs(needed - whole.mean) * len(looked) - TINY)
    about = f"about {needed:+.3f} on this week's items instead of {whole.mean:+.3f}"
    about += f": about {short} more of {len(looked)} right"
    found = [
        Rule(
            name="better_on_suite",
            value=whole.p_better,
            threshold=phi(z),
            passed=better,
            difference=whole.mean,
            needed=needed,
            needs=f"not with {short} fewer of {len(looked)} right or less" if better else about,
            items=verdict_text.moved(looked)["gained" if better else "lost"],
        )
    ]
    if hidden := [pair for pair in both if pair[0].hidden]:
        p = stratified(by_category(hidden)).p_roughly
        needs = "on the hidden families as many gained as lost" if p < 0.5 else None
        found.append(
            Rule(
                name="better_on_hidden_families",
                value=p,
                threshold=0.5,
                passed=p >= 0.5,
                needs=needs,
                items=_lost(p < 0.5, hidden),
            )
        )
    return found


def knowledge(asked: list[Pair], alpha: float) -> list[Rule]:
    """Knows more of the system: of all facts that both were asked, new or not. What it knew before must not
    be lost for it.

    The questions are the same at every look, so that their evidence does not grow with the blocks: one bound.
    They are right or wrong, and may be few: McNemar's exact test, since five of five right would leave a
    bootstrap no doubt.
    """
    counts, gain = sign_test(asked), _gain(asked)
    sure = 1 - tail(counts["better"] + counts["worse"], counts["worse"])
    better = sure >= 1 - alpha
    news = [pair for pair in asked if is_news(pair[0])]
    found = [
        Rule(
            name="better_on_probe",
            value=sure,
            threshold=1 - alpha,
            passed=better,
            difference=gain,
            n=len(asked),
            news={"n": len(news), "difference": _gain(news) if news else None},
            items=verdict_text.moved(asked)["gained" if better else "lost"],
            needs=_spare(counts, len(asked), alpha) if better else _short(counts, len(asked), alpha),
        )
    ]
    control = [pair for pair in asked if not is_news(pair[0])]
    if len(control) >= CONTROL:
        found.append(_control(control))
    return found


def _control(control: list[Pair]) -> Rule:
    """A loss of what has not changed closes the route when it is large, and no chance: 15 questions lose
    three by chance alone.
    """
    counts, change = sign_test(control), _gain(control)
    p = tail(counts["better"] + counts["worse"], counts["better"])
    kept = change > GUARD + TINY or p > CONTROL_LEVEL
    more = math.ceil((GUARD - change) * len(control) + TINY)
    needs = None if kept else f"{more} more of {len(control)} questions on what has not changed right"
    return Rule(
        name="control_not_worse",
        value=change,
        threshold=GUARD,
        passed=kept,
        p=p,
        needs=needs,
        items=_lost(not kept, control),
    )


def suite_not_worse(whole: Resampled) -> NotWorse:
    """Where the probe promotes: on the suite not worse than the champion by 0.05 (one-sided 95%)."""
    lower = whole.low(0.95)
    needs = None if lower > NOT_WORSE else f"{NOT_WORSE - lower:.2f} more on this week's items"
    rule = Rule(
        name="suite_not_worse", value=lower, threshold=NOT_WORSE, passed=lower > NOT_WORSE, needs=needs
    )
    return NotWorse(rule, _ratio(whole.mean - NOT_WORSE, whole.error), ONE_SIDED_95)


def not_worse_than_base(both: list[Pair], seen: int, last: int, alpha: float) -> NotWorse:
    """Both routes: on the blocks of the week not worse than the base by 0.05, with a share of alpha of its
    own.

    Every adapter starts from the base; promotions alone compare with the last champion, and what each may
    lose would add up.

    The bound is the better of two: Student's, with no smaller an error than a model worse by 0.05 has; and,
    where hardly an answer changed, the exact one on how many items it lost.
    """
    whole = stratified(by_category(both))
    error = max(whole.error, math.sqrt(-NOT_WORSE * (1 + NOT_WORSE) / len(both)))
    bounds = boundaries(
        alpha, tuple(block / last for block in range(SUITE_LOOKS[0], last + 1)), cap=REFERENCE_CAP
    )
    z, final = (
        student(bounds[place], whole.freedom)
        for place in (min(max(seen, SUITE_LOOKS[0]), last) - SUITE_LOOKS[0], -1)
    )
    lower = max(
        whole.mean - z * error,
        -most_lost(sum(a.points < b.points - TINY for a, b in both), len(both), 1 - phi(z)),
    )
    needs = None if lower > NOT_WORSE else f"{NOT_WORSE - lower:.3f} more on this week's items"
    rule = Rule(
        name="not_worse_than_base",
        value=lower,
        threshold=NOT_WORSE,
        passed=lower > NOT_WORSE,
        difference=whole.mean,
        certainty=1 - alpha,
        needs=needs,
        items=_lost(lower <= NOT_WORSE, both),
    )
    return NotWorse(rule, _ratio(whole.mean - NOT_WORSE, error), final)


def guard(parts: dict[str, Resampled], both: list[Pair]) -> list[Rule]:
    """No category fell by 0.15 against the champion. `sure`: so far that more blocks cannot bring it back."""
    found = []
    for name, part in parts.items():
        passed, needs, items = part.mean > GUARD + TINY, None, []
        if not passed:
            mine = [pair for pair in both if pair[0].category == name]
            more = math.floor((GUARD - part.mean) * len(mine) + TINY) + 1
            needs = f"{more} more of its {len(mine)} items this week right"
            items = verdict_text.moved(mine)["lost"]
        sure = part.mean + ONE_SIDED_95 * part.error <= GUARD + TINY
        found.append(
            Rule(
                name=f"guard.{name}",
                value=part.mean,
                threshold=GUARD,
                passed=passed,
                sure=sure,
                needs=needs,
                items=items,
            )
        )
    return found


def _gain(both: list[Pair]) -> float:
    """The mean difference."""
    return mean([a.points - b.points for a, b in both])


def _ratio(difference: float, error: float) -> float:
    return difference / error if error else math.copysign(math.inf, difference)


def _short(counts: dict[str, Any], asked: int, alpha: float) -> str:
    """What the test lacks."""
    better, worse = counts["better"], counts["worse"]
    for more in range(1, asked - better - worse + 1):
        if tail(better + more + worse, worse) <= alpha:
            return f"{more} more of {asked} questions right"
    return f"more facts: {asked} questions are too few to tell"


def _spare(counts: dict[str, Any], asked: int, alpha: float) -> str:
    """What the test would not have passed with."""
    better, worse = counts["better"], counts["worse"]
    fewer = next(k for k in range(1, better + 1) if tail(better - k + worse, worse) > alpha)
    return f"not with {fewer} fewer of {asked} questions right or less"


def _lost(failed: bool, both: list[Pair]) -> list[str]:
    """The items that were lost, where they decided."""
    return verdict_text.moved(both)["lost"] if failed else []
