"""Rule `evidence`: promote when the blocks of the week, or the knowledge probe, leave no reasonable doubt.

A week has a budget of 1 - confidence for promoting a model that is not better; each of its first 14 cycles
may spend 0.8/14 of it (simulated: cycles of a week share noise, since they share items), half on each of two
routes:

- the suite: better on blocks 1 to k, looked at after blocks 2, 3 and 4, and better on the hidden families
  too;
- the probe: it knows more of all facts that both were asked, while the suite is not worse by 0.05 (one-sided
  95%).

Both routes demand besides that it is not worse than the base by 0.05, for which a year has a budget of 1 -
confidence. A category at or below -0.15 asks for the next block, at the last it rejects. Four blocks are
drawn while nothing is decided, more of them only where a route is open but for what is to be not worse.
Numbers: `benchmarks/verdict.py` simulates the whole rule.
"""

from dataclasses import dataclass

from autodidact.benchmark.stage import FIRST_LOOK
from autodidact.promotion import routes_to_promotion, verdict_text
from autodidact.promotion.statistics import (
    Pair,
    Resampled,
    by_category,
    category_means,
    pairs,
    probe_pairs,
    sign_test,
    stratified,
)
from autodidact.promotion.suspicious_gains import Alarm, alarms
from autodidact.records import Outcome, Report, Rule, Verdict
from autodidact.settings import VerdictSettings

# A week's cycles, at one in 12 hours; later ones have nothing left to spend.
CYCLES = 14
# A year's, which has a budget of its own for a model that is worse than the base.
WEEKS = 52
# The share of a week's budget, and of a year's, that all its cycles together spend.
SPENT = 0.8
# So many blocks of the week are drawn while nothing is decided.
USUAL = 4
# The probability to be promoted after further blocks below which they are not worth drawing.
FUTILE = 0.02
# p_better below which a candidate that no block can help any more is rejected.
HOPELESS = 0.05


@dataclass(frozen=True)
class Routes:
    """The rules of each route; `not_worse` of the base is None where it could not be measured, `probe` empty
    where nothing was asked.
    """

    suite: list[Rule]
    probe: list[Rule]
    than_champion: routes_to_promotion.NotWorse
    than_base: routes_to_promotion.NotWorse | None
    guard: list[Rule]

    @property
    def rules(self) -> list[Rule]:
        base = [self.than_base.rule] if self.than_base else []
        return [
            *self.guard,
            *base,
            *self.suite,
            *self.probe,
            *([self.than_champion.rule] if self.probe else []),
        ]

    def each(self, *, believed: bool) -> dict[str, tuple[list[Rule], list[routes_to_promotion.NotWorse]]]:
        """Name to (rules, bounds) of each route there is; `believed`: an alarm says that a gain on the suite
        is not.
        """
        base = [self.than_base] if self.than_base else []
        found = {"the suite": (self.suite, base)} if believed else {}
        return found | (
            {"the knowledge probe": (self.probe, [self.than_champion, *base])} if self.probe else {}
        )


def evidence(
    candidate: Report,
    champion: Report,
    base: Report | None,
    wanted: VerdictSettings,
    floors: list[Rule],
    looks: int,
    last: int,
) -> Verdict:
    """The verdict after the blocks that the reports have; `more_evidence` when another block of the week, up
    to `last`, could change it.

    `base` None: it was not measured, and nothing is compared with it.
    """
    blocks = sorted(block for block in candidate.blocks if block > 0)
    both = pairs(candidate, champion, blocks)
    parts = by_category(both)
    whole = stratified(parts) if parts else None
    asked = probe_pairs(candidate, champion)
    ringing = alarms(candidate, champion, whole)
    rules = [*floors, _paid(looks), *map(_alarmed, ringing)]
    first = base is not None and base.model.get("sha256") == champion.model.get("sha256")
    reasons = [
        *verdict_text.of_floors(floors, first=first),
        *(alarm.reason for alarm in ringing),
        *_spent(looks),
    ]
    if whole:
        against_base = pairs(candidate, base, blocks) if base else None
        ways = _routes(both, against_base, asked, whole, len(blocks), last, wanted.confidence)
        rules += ways.rules
        outcome, why, more = _outcome(floors, ringing, looks, len(blocks), last, ways, whole)
        compared = _compared(asked, whole, ways, wanted.confidence)
        reasons += [*compared, *why, *verdict_text.fallen(category_means(both))]
    else:
        lost = any(not rule.passed for rule in floors)
        outcome, more = ("reject", False) if lost else ("undecided", looks < CYCLES)
        reasons.append("no block of this week has been measured yet, and only these blocks decide")
    return Verdict(
        outcome=outcome,
        p_better=whole.p_better if whole else None,
        difference=dict(whole.interval(wanted.confidence)) if whole else verdict_text.UNKNOWN,
        rules=rules,
        reasons=reasons,
        more_evidence=more,
        would_change=verdict_text.would_change(outcome, rules),
        categories=verdict_text.categories(both, parts, wanted.confidence),
        sign_test=sign_test(both) if both else None,
        items=verdict_text.moved(both),
        alarms=[alarm.name for alarm in ringing],
    )


def _compared(asked: list[Pair], whole: Resampled, ways: Routes, confidence: float) -> list[str]:
    """What the comparisons with champion and base found, in words."""
    than_base = ways.than_base.rule if ways.than_base else None
    needed = next((rule.threshold for rule in ways.suite if rule.name == "better_on_suite"), None)
    return [
        verdict_text.difference(whole, confidence, needed),
        *verdict_text.known(asked),
        *verdict_text.of_base(than_base),
    ]


def _routes(
    both: list[Pair],
    against_base: list[Pair] | None,
    asked: list[Pair],
    whole: Resampled,
    seen: int,
    last: int,
    confidence: float,
) -> Routes:
    """The rules of each route after `seen` blocks, each with its share of the budget."""
    spent = SPENT * (1 - confidence) / CYCLES
    alpha = spent / (2 if asked else 1)
    return Routes(
        suite=routes_to_promotion.suite(both, seen, alpha),
        probe=routes_to_promotion.knowledge(asked, alpha) if asked else [],
        than_champion=routes_to_promotion.suite_not_worse(whole),
        than_base=(
            None
            if against_base is None
            else routes_to_promotion.not_worse_than_base(against_base, seen, last, spent / WEEKS)
        ),
        guard=routes_to_promotion.guard(by_category(both), both),
    )


def _outcome(
    floors: list[Rule],
    ringing: list[Alarm],
    looks: int,
    seen: int,
    last: int,
    open_to: Routes,
    whole: Resampled,
) -> tuple[Outcome, list[str], bool]:
    """(outcome, reasons, more evidence)."""
    if any(not rule.passed for rule in floors) or any(alarm.rejects for alarm in ringing):
        return "reject", [], False
    if looks >= CYCLES:
        return "undecided", [], False
    if seen < FIRST_LOOK:
        return "undecided", [f"decided after block {FIRST_LOOK} at the earliest"], True
    ways = open_to.each(believed=not ringing)
    won = [
        name
        for name, (rules, bounds) in ways.items()
        if _kept(rules) and _kept([bound.rule for bound in bounds])
    ]
    down = [rule for rule in open_to.guard if not rule.passed]
    why = [
        f"{rule.name.partition('.')[2]} is {rule.value:+.2f}, at or below {routes_to_promotion.GUARD}"
        for rule in down
    ]
    if won and not down:
        better = f"promoted: better on {' and on '.join(won)}"
        lucky = [verdict_text.overstated(whole)] if "the suite" in won else []
        return "promote", [better, *lucky], False
    failed = [
        rule
        for rules, bounds in ways.values()
        for rule in [*rules, *(b.rule for b in bounds)]
        if not rule.passed
    ]
    why += [verdict_text.closed(rule) for rule in {rule.name: rule for rule in failed}.values()]
    if seen < last and (seen < USUAL or _open(ways, down, seen / last)):
        return "undecided", [*why, f"block {seen + 1} is measured next"], True
    if down:
        return "reject", why, False
    if whole.p_better < HOPELESS:
        return "reject", [*why, f"worse than the champion in {1 - whole.p_better:.0%} of resamples"], False
    return "undecided", [*why, "the champion stays until something is clearly better"], False


def _kept(rules: list[Rule]) -> bool:
    return all(rule.passed for rule in rules)


def _open(
    ways: dict[str, tuple[list[Rule], list[routes_to_promotion.NotWorse]]], down: list[Rule], share: float
) -> bool:
    """Whether further blocks may promote: all is kept that does not change with them, and the rest may come
    to be.
    """
    if any((rule.model_extra or {}).get("sure") for rule in down):
        return False
    return any(
        _kept(rules) and all(bound.hope(share) >= FUTILE for bound in bounds)
        for rules, bounds in ways.values()
    )


def _spent(looks: int) -> list[str]:
    """That the week's budget is used up, where it is."""
    if looks < CYCLES:
        return []
    return [
        f"{looks} verdicts were taken this week already, and with them the week's budget of false promotions"
    ]


def _paid(looks: int) -> Rule:
    needs = None if looks < CYCLES else "a verdict of next week"
    return Rule(name="looks", value=looks, threshold=CYCLES - 1, passed=looks < CYCLES, needs=needs)


def _alarmed(alarm: Alarm) -> Rule:
    return Rule(
        name=f"alarm.{alarm.name}",
        value=alarm.value,
        threshold=alarm.threshold,
        passed=False,
        needs=alarm.unless,
        items=alarm.items[: verdict_text.SHOWN],
    )
