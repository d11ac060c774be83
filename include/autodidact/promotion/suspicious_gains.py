"""Signs that a gain is not what it seems."""

from collections import Counter
from dataclasses import dataclass

from autodidact.promotion.statistical_bounds import phi
from autodidact.promotion.statistics import Pair, Resampled, by_category, of_families, pairs, stratified
from autodidact.records import CATEGORIES, Report

# A difference of differences below this is no alarm.
GAIN = 0.10
SIGNIFICANT = 0.01
# Standard errors.
ONE_SIDED_95 = 1.645
# An opening word leads a category where one answer in so many begins with it.
LED = 3


@dataclass(frozen=True)
class Alarm:
    """`rejects`: never promote on it. Otherwise the suite's gain does not count, and the probe may still
    promote.

    `items`: those it rang for. `unless`: what would have kept it quiet.
    """

    name: str
    value: float
    threshold: float
    reason: str
    rejects: bool
    items: list[str]
    unless: str


def alarms(candidate: Report, champion: Report, fresh: Resampled | None) -> list[Alarm]:
    """All that ring. `fresh`: the difference on the blocks of the week."""
    found = [_collapse(candidate, champion)]
    if fresh:
        found = [_published(candidate, champion, fresh), *found, _templates(candidate, champion)]
    return [alarm for alarm in found if alarm]


def _published(candidate: Report, champion: Report, fresh: Resampled) -> Alarm | None:
    """Gained on the published items of block 0 what it did not gain on the week's: it was trained on them."""
    both = pairs(candidate, champion, [0])
    known = stratified(by_category(both))
    gain, error = known.mean - fresh.mean, (known.error**2 + fresh.error**2) ** 0.5
    p = 1 - phi(gain / error) if error else float(gain <= 0)
    if gain <= GAIN or p >= SIGNIFICANT:
        return None
    reason = (
        f"the gain on the published items is larger by {gain:.2f} than on this week's (p {p:.4f}): it seems"
        " trained on the published ones"
    )
    unless = f"a gain on this week's items of {known.mean - GAIN:+.2f} or more, as on the published ones"
    return Alarm("trained_on_block_0", gain, GAIN, reason, True, _gained(both), unless)


def _collapse(candidate: Report, champion: Report) -> Alarm | None:
    """One opening word leads the answers of most categories, and did not lead the champion's."""
    (word, many), (other, before) = _leader(candidate), _leader(champion)
    most = len(CATEGORIES) // 2 + 1
    if many < most or (other == word and before >= most):
        return None
    reason = f"collapse: answers begin with {word!r} most often in {many} of {len(CATEGORIES)} categories"
    items = sorted(item.id for item in candidate.items if _opening(item.answer) == word)
    unless = f"no word that opens a third of the answers in {most} categories or more"
    return Alarm("collapse", many, most - 1, reason, True, items, unless)


def _leader(report: Report) -> tuple[str | None, int]:
    """The opening word that leads most categories, and how many."""
    words: dict[str, Counter[str]] = {name: Counter() for name in CATEGORIES}
    for item in report.items:
        if (word := _opening(item.answer)) and item.category in words:
            words[item.category][word] += 1
    leads: Counter[str] = Counter()
    for counts in words.values():
        if counts and (most := max(sorted(counts), key=counts.__getitem__)):
            leads[most] += counts[most] * LED >= counts.total()
    many, word = max(((many, word) for word, many in leads.items()), default=(0, None))
    return word, many


def _opening(answer: str) -> str | None:
    words = answer.split(maxsplit=1)
    return words[0].lower() if words else None


def _templates(candidate: Report, champion: Report) -> Alarm | None:
    """Gained on the families whose dev items may be trained on, and not on the hidden ones: it learned
    templates.
    """
    both = pairs(candidate, champion, [block for block in candidate.blocks if block > 0])
    groups: list[list[Pair]] = [[p for p in both if p[0].hidden is hidden] for hidden in (False, True)]
    if not all(groups):
        return None
    visible, hidden = map(of_families, groups)
    gap, error = visible.mean - hidden.mean, (visible.error**2 + hidden.error**2) ** 0.5
    if gap <= GAIN or gap <= ONE_SIDED_95 * error:
        return None
    reason = (
        f"the gain on families with dev items is larger by {gap:.2f} than on hidden ones: it learned"
        " templates"
    )
    unless = (
        f"a gain on the hidden families of {visible.mean - GAIN:+.2f} or more, instead of {hidden.mean:+.2f}"
    )
    return Alarm("learned_templates", gap, GAIN, reason, False, _gained(groups[0]), unless)


def _gained(both: list[Pair]) -> list[str]:
    return sorted(a.id for a, b in both if a.points > b.points)
