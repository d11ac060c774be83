"""In which state a goal is, by the words of its table and what its tracker notes besides."""

import re
from typing import Any

from autodidact.generators.goal_examples.goal_columns import column_name
from autodidact.generators.goal_examples.goals import CLOSED, OPEN
from autodidact.generators.goal_examples.parse_goal_fields import STATE_WORDS, TABLE, empty, plain

# What people put before or behind a word of a state, and what only one that is over has.
_OVER_SIGNS = re.compile(f"[{TABLE['signs']['over']}]")
_SIGNS = re.compile(f"[{TABLE['signs']['any']}{TABLE['signs']['over']}\ufe0f]")
_REASONS = {word: state for state, words in TABLE["resolutions"].items() for word in words}


class States:
    """The words of states of one table."""

    def __init__(self, tracker: dict, columns: set[str]):
        self.tracker, self.columns = tracker, columns
        self.words = STATE_WORDS | {
            word: state for state, words in tracker.get("states", {}).items() for word in words
        }

    def of_word(self, word: str) -> str:
        """What a word says of the state, however it is written: `On track`, `on_track`, `🚀 onTrack`."""
        bare = _SIGNS.sub("", word).strip()
        state = self.words.get(bare.lower()) or self.words.get(column_name(bare), "")
        return state if state in CLOSED or not _OVER_SIGNS.search(word) else ""

    def of(
        self, fields: dict[str, Any], word: str, category: str, resolution: str, shares: list[float | None]
    ) -> tuple[str, str, bool]:
        """(state, the table's word for it, whether it has a word that is not known and may say that the goal
        is held up); "" where the state is not known. `shares`: what is reached of its key results.
        """
        state, tracker = self.of_word(word), self.tracker
        unclear = bool(word) and not state
        if not state:
            state = self.of_word(category)
            state = "open" if unclear and state in OPEN else state
        if state not in CLOSED and any(not _none(fields.get(column)) for column in TABLE["put away"]):
            state, word = "closed", "closed"
        if any(not empty(fields.get(column)) for column in tracker.get("elsewhere", ())):
            return "", "", False
        for found, column in tracker.get("evidence", {}).items():
            if not empty(fields.get(column)) and plain(fields[column]) != "false" and state not in CLOSED:
                state, word = found, found
        if state in ("done", "closed") and resolution:
            reason = _REASONS.get(resolution.lower(), "")
            state = word = reason if reason in ("done", "dropped") else "closed"
        if not state and any(share is not None and share < 1 for share in shares):
            state, word = "open", "open"
        if not state and self._unfinished(word):
            state, word, unclear = "open", "open", False
        doubted = any(plain(fields.get(one)).lower() == "true" for one in tracker.get("doubt", ()))
        if doubted and state not in CLOSED:
            return "", "", False
        if not state and tracker.get("lists"):
            word = ""
        return state, (word.lower() if word.isupper() else word) or state, unclear

    def _unfinished(self, section: str) -> bool:
        """Whether the tracker says of what is over when it was finished, says nothing of this one, and its
        section names no more than a time.
        """
        column = self.tracker.get("unfinished without")
        words = re.findall(r"[^\W\d_]+", section.lower())
        return column in self.columns and all(word in TABLE["times"] for word in words)


def _none(value: Any) -> bool:
    return empty(value) or plain(value).lower() in ("false", "no", "0")
