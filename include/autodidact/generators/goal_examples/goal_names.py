"""How a goal is named in a text: by its id and title, with its owner, its date and its next step."""

from autodidact.generators.goal_examples.filled_answers import quoted, single
from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.writing.facts_into_words import code


def known_of(goal: Goal) -> list[str]:
    """owner `money`, due 2026-12-04, priority 1: as far as the row says so."""
    known = [f"owner{'s' if len(goal.owners) > 1 else ''} {code(goal.owners)}"] if goal.owners else []
    known += [f"due {goal.deadline}"] if goal.deadline else []
    return known + ([f"priority {goal.priority.word}"] if goal.priority else [])


def in_a_line(goal: Goal, priority: bool = False) -> str:
    """`pay`, "Take cards" (`money`, due 2026-12-04); next step: "raise the timeout"; `priority`: with it."""
    step = f"; next step: {quoted([goal.next_step])}" if goal.next_step else ""
    owners = [f"`{owner}`" for owner in goal.owners]
    frame = [*owners, due(goal)] if goal.deadline else owners
    frame += [f"priority {goal.priority.word}"] if priority and goal.priority else []
    return f'`{goal.id}`, "{single(goal.title)}"' + (f" ({', '.join(frame)})" if frame else "") + step


def named(goal: Goal) -> str:
    """`pay` ("Take cards", due 2026-12-04)."""
    return f'`{goal.id}` ("{single(goal.title)}", {due(goal)})'


def due(goal: Goal) -> str:
    """Its date, never as past: the text need not say what day it is."""
    return f"due {goal.deadline}" if goal.deadline else f"marked {goal.state}"
