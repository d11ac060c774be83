"""Signs that a gain is not what it seems."""

from collections import Counter
from dataclasses import dataclass

from autodidact.promotion.statistics import Pair, Resampled, by_category, pairs, phi, resample, stratified
from autodidact.records import CATEGORIES, Report

GAIN = 0.10  # a difference of differences below this is no alarm
SIGNIFICANT = 0.01


@dataclass(frozen=True)
class Alarm:
    """`rejects`: never promote on it. Otherwise the suite's gain does not count, and the probe may still promote."""

    name: str
    value: float
    threshold: float
    reason: str
    rejects: bool


def alarms(candidate: Report, champion: Report, fresh: Resampled | None) -> list[Alarm]:
    """All that ring. `fresh`: the difference on the blocks of the week."""
    found = [_collapse(candidate, champion)]
    if fresh:
        found = [_published(candidate, champion, fresh), *found, _templates(candidate, champion)]
    return [alarm for alarm in found if alarm]


def _published(candidate: Report, champion: Report, fresh: Resampled) -> Alarm | None:
    """Gained on the published items of block 0 what it did not gain on the week's: it was trained on them."""
    known = stratified(by_category(pairs(candidate, champion, [0])))
    gain, error = known.mean - fresh.mean, (known.error**2 + fresh.error**2) ** 0.5
    p = 1 - phi(gain / error) if error else float(gain <= 0)
    if gain <= GAIN or p >= SIGNIFICANT:
        return None
    reason = f"the gain on the published items is larger by {gain:.2f} than on this week's (p {p:.4f}): it seems trained on the published ones"
    return Alarm("trained_on_block_0", gain, GAIN, reason, True)


def _collapse(candidate: Report, champion: Report) -> Alarm | None:
    """One opening word leads the answers of most categories, and did not lead the champion's."""
    (word, many), (other, before) = _leader(candidate), _leader(champion)
    most = len(CATEGORIES) // 2 + 1
    if many < most or (other == word and before >= most):
        return None
    reason = f"collapse: answers begin with {word!r} most often in {many} of {len(CATEGORIES)} categories"
    return Alarm("collapse", many, most - 1, reason, True)


def _leader(report: Report) -> tuple[str | None, int]:
    """The opening word that leads most categories, and how many; it leads one where at least a third of the answers begin with it."""
    leads: Counter = Counter()
    for name in CATEGORIES:
        words = [item.answer.split()[0].lower() for item in report.items if item.category == name and item.answer.split()]
        if words:
            word, count = Counter(words).most_common(1)[0]
            if count * 3 >= len(words):
                leads[word] += 1
    return leads.most_common(1)[0] if leads else (None, 0)


def _templates(candidate: Report, champion: Report) -> Alarm | None:
    """Gained on the families whose dev items may be trained on, and not on the hidden ones: it learned templates."""
    both = pairs(candidate, champion, [block for block in candidate.blocks if block > 0])
    groups: list[list[Pair]] = [[p for p in both if p[0].hidden is hidden] for hidden in (False, True)]
    if not all(groups):
        return None
    gap = resample(groups[0], stream=101) - resample(groups[1], stream=102)
    if gap.mean <= GAIN or gap.low(0.95) <= 0:
        return None
    reason = f"the gain on families with dev items is larger by {gap.mean:.2f} than on hidden ones: it learned templates"
    return Alarm("learned_templates", gap.mean, GAIN, reason, False)

