"""The suite: versioned data in code, 9 categories of exactly 15 families, one item of each family in each
block.

A category is one module with a list `FAMILIES`; what it needs of vocabulary, tools, code or graphs stands in
the modules beside it. Any change to what a family draws is a new version.
"""

from autodidact.benchmark.suite import (
    affect_reasoning,
    architecture,
    code_review,
    conciseness,
    consciousness_articulation,
    intent_classification,
    orchestration,
    reasoning,
    tool_use,
)
from autodidact.benchmark.suite.family import LEVELS, Draw, Family

__all__ = ["CATEGORIES", "LEVELS", "SUITE", "Draw", "Family", "families"]

SUITE = {"name": "autodidact", "version": "1"}

CATEGORIES = {
    "intent_classification": intent_classification,
    "orchestration": orchestration,
    "tool_use": tool_use,
    "code_review": code_review,
    "reasoning": reasoning,
    "architecture": architecture,
    "conciseness": conciseness,
    "affect_reasoning": affect_reasoning,
    "consciousness_articulation": consciousness_articulation,
}


def families(own: str | None = None) -> dict[str, list[Family]]:
    """Category -> its families, in the order of the suite; with those of the folder `own` behind. Raises
    UsageError when one of these is bad.
    """
    shipped = {name: module.FAMILIES for name, module in CATEGORIES.items()}
    if own is None:
        return shipped
    from autodidact.benchmark import own_families

    more = own_families.cached(own, own_families.digest(own))
    return {name: [*members, *more.get(name, ())] for name, members in shipped.items()}
