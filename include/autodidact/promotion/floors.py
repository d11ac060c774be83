"""Floors on the published block 0: the article's, and under rule `evidence` those that the base itself can
meet.
"""

import math

from autodidact.promotion import verdict_text
from autodidact.promotion.statistics import TINY
from autodidact.records import Report, Rule
from autodidact.settings import VerdictSettings

# How far below a floor that was lowered to the base's own score is kept still: a model that equals the base
# is below it half the time. The same margins as against base and champion (routes.NOT_WORSE, routes.GUARD).
WITHIN_OVERALL, WITHIN_CATEGORY = 0.05, 0.15


def floors(candidate: Report, base: Report | None, wanted: VerdictSettings, *, lowered: bool) -> list[Rule]:
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
    value: float | None,
    floor: float,
    base: float | None,
    within: float,
    lowered: bool,
    n: int,
    candidate: Report,
) -> Rule:
    value = value or 0.0
    missed: dict[str, float] = {}
    least, threshold = floor, floor
    if base is not None and base < floor - TINY:
        missed = {"base": base, "configured": floor}
        if lowered:
            threshold, least = base, base - within
            missed["within"] = within
    if value >= least - TINY:
        return Rule(name=name, value=value, threshold=threshold, passed=True, **missed)
    category = name.partition(".")[2]
    scored = [item for item in candidate.items if item.block == 0 and item.score is not None]
    wrong = [item for item in scored if item.points < 1 and category in ("", item.category)]
    items = [item.id for item in sorted(wrong, key=lambda item: (item.points, item.id))]
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
