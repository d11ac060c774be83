"""What is in the way of a goal, as a person says it."""

import re

from autodidact.generators.goal_examples.filled_answers import quoted
from autodidact.generators.goal_examples.goals import Goal, given_up, in_way
from autodidact.generators.writing.facts_into_words import listing

# How a person says the state of a dependency that is open.
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
    for reason in in_way(goal, goals):
        if reason.needs:
            open_.setdefault(goals[reason.needs].state, []).append(f"`{reason.needs}`")
        elif reason.marked:
            own = [f"the table marks it as {goal.state}"]
    named = (
        [f"its {'blockers are' if len(goal.blockers) > 1 else 'blocker is'} {blockers}"] if blockers else []
    )
    needed = ", and ".join(_open(names, state) for state, names in open_.items())
    return named + own + ([f"it needs {needed}"] if needed else [])


def why(goal: Goal, goals: dict[str, Goal]) -> str:
    """Why a goal cannot go on, as one sentence without its end."""
    return ", and ".join(in_the_way(goal, goals))


def outside(plan: list[str], goals: dict[str, Goal]) -> list[str]:
    """What is in the way of a plan besides the goals in it: blockers, and what was dropped."""
    blocked = [goals[name] for name in plan if goals[name].blockers]
    return [
        f"the blocker{'s' if len(goal.blockers) > 1 else ''} of `{goal.id}`, {quoted([*goal.blockers])}"
        for goal in blocked
    ] + [f"`{name}` needs `{other}`, which was dropped" for name, other in given_up(plan, goals)]


def held_up(goal: Goal, goals: dict[str, Goal]) -> bool:
    """Whether something keeps a goal from going on. One that is active is at work whatever it depends on."""
    return bool(goal.blockers or (goal.state != "active" and in_way(goal, goals)))


def _open(names: list[str], state: str) -> str:
    """Dependencies in the same state, in one clause: "`pay` and `page`, which are not finished yet"."""
    said = _STATE.get(state, f"is not done ({state})")
    if len(names) > 1:
        said = said.replace("is itself", "are themselves").replace("is ", "are ").replace("was ", "were ")
    return f"{listing(names)}, which {said}"
