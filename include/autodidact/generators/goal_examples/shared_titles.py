"""Titles that more than one row of a table of goals has: such a title says of none of them which it is."""

from collections import defaultdict
from collections.abc import Iterable

from autodidact.generators.goal_examples.goals import Goal
from autodidact.sources.unread import Unread


def note_shared_titles(goals: dict[str, Goal], titled: Iterable[tuple[str, str]], unread: Unread) -> None:
    """Notes `title/<id>` of each goal whose title is that of another row, or its id. `titled`: (title, id or
    else place) of each row, also of those that are no goals.
    """
    called: dict[str, set[str]] = defaultdict(set)
    for title, name in titled:
        called[_key(title)].add(name)
        called[_key(name)].add(name)
    for name, goal in goals.items():
        if len(called[_key(goal.title)]) > 1:
            unread.note(f"title/{name}", "a title that several goals have", goal.ref)


def names_one(text: str, shared: bool, title: str = "{title}", name: str = "{id}") -> bool:
    """Whether a wording names one goal: a `shared` title does so only where the id stands in it, too."""
    return not shared or title not in text or name in text


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
