"""Floors on the published block 0: the article's, and under rule `evidence` those that the base itself can
meet.
"""

import math

from autodidact.promotion import verdict_text
from autodidact.promotion.statistics import TINY
from autodidact.records import ItemResult, Report, Rule

# How far below a floor that was lowered to the base's own score is kept still: a model that equals the base
# is below it half the time. The same margins as against base and champion (routes.NOT_WORSE, routes.GUARD).
WITHIN_OVERALL, WITHIN_CATEGORY = 0.05, 0.15


def floors(candidate: Report, base: Report | None, wanted, *, lowered: bool) -> list[Rule]:
    """`wanted.overall_floor` and, for each category, `wanted.category_floor`.

    `lowered`: the base's own score counts where that is lower. A floor that the base misses carries the
    base's score as `base`, whether lowered or not, and the one of the settings as `configured`.
    """
    n = sum(category.n for category in candidate.categories.values())
    scores = {name: category.score for name, category in base.categories.items()} if base else {}
    return [
        _floor(
            "overall_floor",
            candidate.overall,
            wanted.overall_floor,
            base.overall if base else None,
            WITHIN_OVERALL,
            lowered,
            n,
            candidate,
        ),
        *(
            _floor(
                f"category_floor.{name}",
                category.score,
                wanted.category_floor,
                scores.get(name),
                WITHIN_CATEGORY,
                lowered,
                category.n,
                candidate,
            )
            for name, category in candidate.categories.items()
        ),
    ]


def _floor(
    name: str,
    value: float,
    floor: float,
    base: float | None,
    within: float,
    lowered: bool,
    n: int,
    candidate: Report,
) -> Rule:
    missed = {} if base is None or base >= floor - TINY else {"base": base, "configured": floor}
    least, threshold = floor, floor
    if missed and lowered:
        threshold, least = base, base - within
        missed["within"] = within
    if passed := value >= least - TINY:
        return Rule(name=name, value=value, threshold=threshold, passed=passed, **missed)
    category = name.partition(".")[2]
    wrong: list[ItemResult] = [
        i
        for i in candidate.items
        if i.block == 0 and i.score is not None and i.score < 1 and category in ("", i.category)
    ]
    items = [item.id for item in sorted(wrong, key=lambda item: (item.score, item.id))]
    needs = f"{math.ceil((least - value) * n - TINY)} more of {n} published items right"
    return Rule(
        name=name,
        value=value,
        threshold=threshold,
        passed=False,
        needs=needs,
        items=items[: verdict_text.SHOWN],
        **missed,
    )
