"""What is in the way of a goal, as a person says it."""

import re

from autodidact.generators.goal_examples.goals import Goal, hindrances

# How hindrances() says that a dependency is open, and how a person says it.
_NOT_DONE = re.compile(r"(\S+) is not done \((\w+)\)")
_STATE = {
    "active": "is not finished yet",
    "planned": "is only planned so far",
    "waiting": "is itself waiting",
    "blocked": "is itself blocked",
    "dropped": "was dropped",
}
# A reason with a verb of its own is a clause; "missing licence" is none.
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|cannot|could|must|may|might|should|do|does|did|not|needs?"
    r"|wants?|waits?|decides?|requires?|depends?|lacks?|fails?|asks?|blocks?|stands?|remains?|comes?|starts?|ends?|meets?"
    r"|[a-z]+n't)\b"
)


def in_the_way(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on, each reason as a clause: `pay is not finished yet`, `the network has not
    agreed`, `"no licence" is in its way`.
    """
    return [_clause(reason) for reason in hindrances(goal, goals)]


def _clause(reason: str) -> str:
    if found := _NOT_DONE.fullmatch(reason):
        return f"{found[1]} {_STATE.get(found[2], f'is not done ({found[2]})')}"
    return reason if _FINITE.search(reason) else f'"{reason}" is in its way'
