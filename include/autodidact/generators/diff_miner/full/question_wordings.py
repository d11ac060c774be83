"""How a question about a commit is put: its wording, and how much of the commit is shown with it."""

import random
import re
from typing import Any

from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.shown_diff import SOURCES, block
from autodidact.shipped_tables import read_table

ASK: dict[str, Any] = read_table(__file__)

# Lines and characters of a diff in a question: what a base of that profile can attend to.
MOST_LINES = {"laptop": 30, "production": 60}
MOST_TEXT = {"laptop": 1_200, "production": 2_600}
# Characters of a message that has much to say.
MUCH = 140
# Kinds that are answered by the message, which is about the whole commit.
_OF_ALL = ("explain", "why")
# Share of questions that stand behind the diff.
BEHIND = 0.3


def question(change: Change, kind: str, form: str, rng: random.Random, **slots: str | None) -> str | None:
    """A question of a kind, in one of its wordings whose slots are known; None where there is none."""
    parsed = change.parsed
    named = [t.after for t in parsed.touched] or parsed.added
    known = {
        "path": change.path,
        "base": change.path.rpartition("/")[2],
        "sha": change.sha,
        "date": change.date,
        "subject": change.message.subject if '"' not in change.message.subject else None,
        "order": change.message.order() if change.message.does() else None,
        "name": named[0].name if named else None,
    } | slots
    if kind in _OF_ALL:
        # Of several files or functions, the message may be about another one than the question names.
        several = len(change.files) != 1 or not change.complete
        if several:
            known |= {"path": None, "base": None}
        if several or len(parsed.touched) + len(parsed.added) + len(parsed.removed) != 1:
            known["name"] = None
    fitting = [
        ask for ask in ASK[kind][form] if all(known.get(slot) for slot in re.findall(r"\{(\w+)\}", ask))
    ]
    return rng.choice(fitting).format(**known) if fitting else None


def substantial(change: Change) -> bool:
    """Whether it is worth being explained: it changes a program, or its message has much to say."""
    return change.path.endswith(SOURCES) or len(change.message.quote()) >= MUCH


def put(ask: str, shown: str, rng: random.Random) -> str:
    """Question and diff, in either order."""
    return f"{shown}\n\n{ask}" if rng.random() < BEHIND and not ask.endswith(":") else f"{ask}\n\n{shown}"


class Room:
    """How much of a commit a question may show."""

    def __init__(self, profile: str):
        self.lines, self.text = MOST_LINES[profile], MOST_TEXT[profile]

    def diff(self, change: Change, kind: str) -> str | None:
        """The diff in a block; None where it is too long or empty. Tests and changelogs are left out, unless
        the answer to this kind is the message: its reason may be that of any file.
        """
        files, note = change.code, change.hidden
        if kind in _OF_ALL:
            files, note = (change.files if change.complete else []), ""
        diff = change.diff(files)
        if not files or len(diff) > self.text or diff.count("\n") > self.lines + 4 * len(files):
            return None
        return block("diff", diff) + (f"\n{note}" if note else "")
