"""The suite: versioned data, 9 categories of exactly 15 families, one item of each family in each block.

A category is one module with a list `FAMILIES`. A plain family is the file
`families/<category>/<name>.yaml`, in the form that a user's own families have (family_files.py); one that
computes is a function. The words and sentences that functions draw are YAML tables in the same folder. Any
change to what a family draws changes the suite's digest, without which no two reports are compared; a new
version draws every item anew.
"""

from autodidact.benchmark.item_family import Family
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

__all__ = ["CATEGORIES", "SUITE", "families"]

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


def families() -> dict[str, list[Family]]:
    """Category -> its shipped families, in the order of the suite."""
    return {name: module.FAMILIES for name, module in CATEGORIES.items()}
