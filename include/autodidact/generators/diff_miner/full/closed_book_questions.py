"""Questions that show no diff, or a piece of code alone: why something was changed, where it is from, when a
value changed.
"""

import random
import re
from collections.abc import Callable
from typing import Any

import autodidact.generators.diff_miner.full.change_sentences as sentences
import autodidact.generators.diff_miner.full.code_origin_answers as history
import autodidact.generators.diff_miner.full.commit_answers as answers
from autodidact.generators.diff_miner.full.commit_facts import DOCUMENT, LONGEST_LINE, Change
from autodidact.generators.diff_miner.full.definition_changes import Value
from autodidact.generators.diff_miner.full.question_wordings import Room, question, substantial
from autodidact.generators.diff_miner.shown_diff import Shown, block
from autodidact.generators.diff_miner.whole_commits import speaks_of
from autodidact.generators.writing.conversations import assistant, user

# Lines of a piece of code whose story is asked for, and characters of it.
PIECE, MOST_PIECE = (2, 12), 700

# `name = 5`, `name: type = "five"`, `name=None`.
_NAMED_LITERAL = re.compile(
    r"\b(\w+)(?: ?: ?[^=:,()]{1,60})? ?= ?([-+]?[\d.]+\w*|[rbu]{0,2}(?:'[^']*'|\"[^\"]*\")|True|False|None)"
)

Messages = list[dict[str, Any]]


def _why_by_memory(change: Change, rng: random.Random, room: Room) -> Messages | None:
    if not speaks_of(change.message.subject, change.files) or not substantial(change):
        return None
    answer = answers.why(change, rng)
    ask = question(change, "why", "memory", rng) if answer else None
    return [user(ask), assistant(answer)] if ask and answer else None


def _blame(change: Change, rng: random.Random, room: Room) -> Messages | None:
    """Some lines that the commit wrote: where they are from."""
    if not speaks_of(change.message.subject, change.files) or not substantial(change):
        return None
    if len(change.code) > 2:
        return None
    parts = [(shown, lines) for shown in change.code for lines in _pieces(shown)]
    now = {shown.file.path: change.read_now(shown.file.path) or "" for shown, _ in parts}
    parts = [(shown, lines) for shown, lines in parts if "\n".join(lines) in now[shown.file.path]]
    answer = history.origin(change, rng) if parts else None
    if not answer:
        return None
    shown, lines = max(parts, key=lambda part: len(part[1]))
    ask = question(
        change, "blame", "memory", rng, path=shown.file.path, base=shown.file.path.rpartition("/")[2]
    )
    language = sentences.language(shown.file.path)
    code = block(language, sentences.dedented(lines))
    return [user(f"{ask}\n\n{code}"), assistant(answer)] if ask else None


def _value(change: Change, rng: random.Random, room: Room) -> Messages | None:
    # A look at the lines first: to parse the files of every commit takes most of the time of all.
    before, after = _given(change, "-"), _given(change, "+")
    if all(before[name] == after[name] for name in before.keys() & after.keys()):
        return None
    values = change.parsed.values
    if not 0 < len(values) <= 2 or DOCUMENT.search(values[0].path):
        return None
    one = values[0]
    if not holds(change.read_now(one.path), one):
        return None
    name = one.name if not one.where else f"{one.name}` of `{one.where}"
    ask = question(
        change, "value", "memory", rng, name=name, old=f"`{one.old}`", new=f"`{one.new}`", path=one.path
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


def _added(change: Change, rng: random.Random, room: Room) -> Messages | None:
    found = [d for d in change.parsed.added if not d.short.startswith("_")]
    if not 0 < len(found) <= 3:
        return None
    one = found[0]
    if not all(defines(change.read_now(one.path), part) for part in one.name.split(".")):
        return None
    base = one.path.rpartition("/")[2]
    answer = history.arrival(change, one, rng)
    ask = question(change, "added", "memory", rng, name=one.name, path=one.path, base=base)
    return [user(ask), assistant(answer)] if ask and answer else None


def defines(text: str | None, name: str) -> bool:
    """Whether a text defines a function or class of that name."""
    return text is not None and re.search(rf"\b(?:def|class) {re.escape(name)}\b", text) is not None


def holds(text: str | None, one: Value) -> bool:
    """Whether a text still gives a constant or a default the value that the commit gave it."""
    given = rf"\b{re.escape(one.name.rpartition('.')[2])}\b[^=\n]*=\s*{re.escape(one.new)}(?!\w)"
    return text is not None and re.search(given, text) is not None


def _pieces(shown: Shown) -> list[list[str]]:
    """The runs of added lines that somebody would ask about, without their signs."""
    return [
        [line[1:] for line in run]
        for hunk in shown.hunks
        for run in _runs(hunk.lines)
        if PIECE[0] <= len([line for line in run if line[1:].strip()]) and len(run) <= PIECE[1]
        if sum(map(len, run)) <= MOST_PIECE
        and all(sum(line.count(a) - line.count(b) for line in run) == 0 for a, b in ("()", "[]", "{}"))
    ]


def _runs(lines: list[str]) -> list[list[str]]:
    """The runs of lines that were added."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line[0] == "+":
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


BY_MEMORY: dict[str, Callable[[Change, random.Random, Room], Messages | None]] = {
    "why by memory": _why_by_memory,
    "blame": _blame,
    "value": _value,
    "added": _added,
}
