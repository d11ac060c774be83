"""What is in the way of a goal, as a person says it."""

import re

from autodidact.generators.goal_examples.filled_answers import quoted
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
# A step that says what is in the way ("the commune still wants fax"), or at what time it can be done.
_NO_PLAIN_STEP = re.compile(
    r"\b(?:still|not|no|never|refus\w*|missing|wait\w*|blocked|broken|wants?|needs?|lacks?|until|cannot"
    r"|can't|night|evening|morning|weekend)\b|\bfirst\W*\)",
    re.IGNORECASE,
)


def no_plain_step(step: str) -> bool:
    """Whether a step is worded as an obstacle, or has a condition or a time of its own: something is then
    in its way.
    """
    return _NO_PLAIN_STEP.search(step) is not None


def in_the_way(goal: Goal, goals: dict[str, Goal]) -> list[str]:
    """Why a goal cannot go on, each reason as a clause: its blocker is "the network has not agreed", it needs
    `pay`, which is not finished yet. A blocker is quoted, because it may be a sentence or none. What is said
    of the goal itself stands first, where "it" can mean no other goal.
    """
    open_: dict[str, list[str]] = {}
    own, blockers = [], quoted(list(goal.blockers))
    for reason in hindrances(goal, goals):
        if reason in goal.blockers:
            continue
        if found := _NOT_DONE.fullmatch(reason):
            open_.setdefault(found[2], []).append(f"`{found[1]}`")
        else:
            own = [f"the table marks it as {goal.state}"]
    named = (
        [f"its {'blockers are' if len(goal.blockers) > 1 else 'blocker is'} {blockers}"] if blockers else []
    )
    needed = ", and ".join(_open(names, state) for state, names in open_.items())
    return named + own + ([f"it needs {needed}"] if needed else [])


def why(goal: Goal, goals: dict[str, Goal]) -> str:
    """Why a goal cannot go on, as one sentence without its end."""
    return ", and ".join(in_the_way(goal, goals))


def held_up(goal: Goal, goals: dict[str, Goal]) -> bool:
    """Whether something keeps a goal from going on. One that is active is at work whatever it depends on."""
    return bool(goal.blockers or (goal.state != "active" and hindrances(goal, goals)))


def _open(names: list[str], state: str) -> str:
    """Dependencies in the same state, in one clause: "`pay` and `page`, which are not finished yet"."""
    said = _STATE.get(state, f"is not done ({state})")
    if len(names) > 1:
        said = said.replace("is itself", "are themselves").replace("is ", "are ").replace("was ", "were ")
    return f"{listing(names)}, which {said}"
