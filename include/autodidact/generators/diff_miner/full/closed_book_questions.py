"""Questions that show no diff: when a value changed. Why something was changed is not among them: that would
be a message quoted by heart.
"""

import random
import re
from collections.abc import Callable
from typing import Any

import autodidact.generators.diff_miner.full.code_origin_answers as history
from autodidact.generators.diff_miner.full.commit_facts import DOCUMENT, LONGEST_LINE, Change
from autodidact.generators.diff_miner.full.definition_changes import Value
from autodidact.generators.diff_miner.full.question_wordings import Room, question
from autodidact.generators.diff_miner.full.stated_reasons import gives_reason
from autodidact.generators.writing.conversations import assistant, user

# `name = 5`, `name: type = "five"`, `name=None`.
_NAMED_LITERAL = re.compile(
    r"\b(\w+)(?: ?: ?[^=:,()]{1,60})? ?= ?([-+]?[\d.]+\w*|[rbu]{0,2}(?:'[^']*'|\"[^\"]*\")|True|False|None)"
)

# Share of the questions about a value whose reason is known that ask for it.
ASKED_WHY = 0.4

Messages = list[dict[str, Any]]


def _value(change: Change, rng: random.Random, room: Room) -> Messages | None:
    # A look at the lines first: to parse the files of every commit takes most of the time of all.
    before, after = _given(change, "-"), _given(change, "+")
    if all(before[name] == after[name] for name in before.keys() & after.keys()):
        return None
    values = change.parsed.values
    if not 0 < len(values) <= 2 or DOCUMENT.search(values[0].path):
        return None
    one = values[0]
    if not holds(change.read_now(one.path), one) or _renamed(one, before, after):
        return None
    name = one.name if not one.where else f"{one.name}` of `{one.where}"
    # What happened, and why, no date tells.
    form = "reason" if gives_reason(change.message.quote()) and rng.random() < ASKED_WHY else "memory"
    ask = question(
        change, "value", form, rng, name=name, old=f"`{one.old}`", new=f"`{one.new}`", path=one.path
    )
    if not ask:
        return None
    # Whether the old value was ever there is a question of yes or no.
    yes = "Yes. " if ask.endswith(("once?", "ever?")) else ""
    said = history.value(change, one, rng, by_commit=ask.startswith("git log"))
    return [user(ask), assistant(f"{yes}{said}")]


def _given(change: Change, sign: str) -> dict[str, set[str]]:
    """Name -> the literals that the lines that go, or come, give it."""
    given: dict[str, set[str]] = {}
    for line in (line for shown in change.code for hunk in shown.hunks for line in hunk.lines):
        if line[0] == sign:
            for name, value in _NAMED_LITERAL.findall(line[:LONGEST_LINE]):
                given.setdefault(name, set()).add(value)
    return given


def _renamed(one: Value, before: dict[str, set[str]], after: dict[str, set[str]]) -> bool:
    """Whether the old value is given to another name now: the parameter was renamed, and what is left of it
    under the old name is for old callers.
    """
    own = one.name.rpartition(".")[2]
    return any(
        name != own and one.old in values and one.old not in before.get(name, ())
        for name, values in after.items()
    )


def holds(text: str | None, one: Value) -> bool:
    """Whether a text still gives a constant or a default the value that the commit gave it."""
    given = rf"\b{re.escape(one.name.rpartition('.')[2])}\b[^=\n]*=\s*{re.escape(one.new)}(?!\w)"
    return text is not None and re.search(given, text) is not None


BY_MEMORY: dict[str, Callable[[Change, random.Random, Room], Messages | None]] = {"value": _value}
