"""The suite: versioned data in code, 9 categories of exactly 15 families, one item of each family in each block (DESIGN section 6).

A category is one module with a list `FAMILIES`. Any change to what a family draws is a new version.
"""

import importlib

from autodidact.benchmark.suite.family import LEVELS, Draw, Family
from autodidact.records import CATEGORIES

__all__ = ["LEVELS", "SUITE", "Draw", "Family", "families"]

SUITE = {"name": "autodidact", "version": "1"}


def families() -> dict[str, list[Family]]:
    """Category -> its families, in the order of the suite."""
    found = {}
    for name in CATEGORIES:
        try:
            found[name] = importlib.import_module(f"{__name__}.{name}").FAMILIES
        except ModuleNotFoundError:
            continue
    return found
