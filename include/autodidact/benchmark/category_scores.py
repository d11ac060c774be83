"""From the scores of items to those of the categories, and to the overall score."""

from autodidact.records import CATEGORIES, CategoryScore, ItemResult


def by_category(items: list[ItemResult]) -> dict[str, CategoryScore]:
    """Score, number of scored items and number of missing ones of each category that has items; those that do
    not count are left out.
    """
    scores = {}
    for name in CATEGORIES:
        counted = [item for item in items if item.category == name and item.counted]
        scored = [item.score for item in counted if item.score is not None]
        if counted:
            mean = sum(scored) / len(scored) if scored else None
            scores[name] = CategoryScore(score=mean, n=len(scored), missing=len(counted) - len(scored))
    return scores


def overall(categories: dict[str, CategoryScore]) -> float | None:
    """The mean of the category means; None when there are none, or one has no scored item."""
    means = [category.score for category in categories.values() if category.score is not None]
    return sum(means) / len(means) if means and len(means) == len(categories) else None
