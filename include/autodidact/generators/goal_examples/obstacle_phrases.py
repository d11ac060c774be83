"""What is in the way of a goal, as a person says it."""

import re

from autodidact.generators.goal_examples.goals import Goal, hindrances
from autodidact.generators.writing.facts_into_words import listing

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
    r"|wants?|waits?|decides?|requires?|depends?|lacks?|fails?|asks?|blocks?|stands?|remains?|comes?"
    r"|starts?|ends?|meets?"
    r"|[a-z]+n't)\b"
)


def in_the_way(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on, each reason as a clause: `pay is not finished yet`, `the network has not
    agreed`, `"no licence" is in its way`.
    """
    open_: dict[str, list[str]] = {}
    clauses, named = [], []
    for reason in hindrances(goal, goals):
        if found := _NOT_DONE.fullmatch(reason):
            open_.setdefault(found[2], []).append(found[1])
        elif _FINITE.search(reason):
            clauses.append(reason)
        else:
            named.append(f'"{reason}"')
    if named:
        clauses.append(f"{listing(named)} {'is' if len(named) == 1 else 'are'} in its way")
    return [_open(names, state) for state, names in open_.items()] + clauses


def _open(names: list[str], state: str) -> str:
    """Dependencies in the same state, in one clause: "pay and page are not finished yet"."""
    said = _STATE.get(state, f"is not done ({state})")
    if len(names) > 1:
        said = said.replace("is itself", "are themselves").replace("is ", "are ").replace("was ", "were ")
    return f"{listing(names)} {said}"
