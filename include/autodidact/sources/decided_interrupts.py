"""Which entries of a log of interrupts show a decision: somebody made it, its texts are whole, and it is not
one of two for the same case.
"""

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from autodidact.stage import Troubles

if TYPE_CHECKING:
    from autodidact.sources.interrupts import Interrupt

# A rule of a program, or nobody's answer in time, in the place of a reason.
_OF_NOBODY = re.compile(
    r"^auto(?:matic(?:ally)?|mated)?[-_ ]?(?:rule|policy|decid\w+|decision|dismissed|escalated|queued"
    r"|deferred|dropped)\b"
    r"|^(?:by )?(?:the )?default(?: (?:rule|action|policy|response|decision))?\W*$|\(default\)\W*$"
    r"|\btimed?[- ]?out\b.*\b(?:no|without(?: an?)?|waiting for(?: an?)?) (?:human|operator|manual)\b"
    r"|\bno (?:human|operator|manual) (?:response|reply|answer|input|decision|approval|review)\b",
    re.IGNORECASE,
)
# A reason that stands elsewhere.
_ELSEWHERE = re.compile(
    r"(?:see|cf\.?|siehe|voir) (?:the |my |our )?"
    r"(?:ticket|issue|thread|chat|log|note|comment|link|e-?mail)s?(?: ?[#\w-]*\d+)?\W*",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:…|\[(?:truncated|…|\.{3})\])\s*$")
# How no reason ends.
_CUT_REASON = re.compile(
    r"\.{3}\s*$|\b(?:because|although|and|but|or|the|because (?:I|he|she|it|they|we))\s*$", re.IGNORECASE
)


def is_cut(*texts: str, reason: str = "") -> bool:
    """Whether one of the texts, or the reason, breaks off."""
    return any(map(_CUT.search, (*texts, reason))) or _CUT_REASON.search(reason) is not None


def is_reason(text: str) -> bool:
    """Whether a reason is one that somebody had: not "auto-rule #4", and not "see ticket 9"."""
    return not _OF_NOBODY.search(text) and not _ELSEWHERE.fullmatch(text.strip())


def settled(log: list["Interrupt"], troubles: Troubles) -> list["Interrupt"]:
    """The log with one decision for each task and interrupt: the newest, where all of them have a time and
    the newest are of one mind; else none. What is left out is counted.
    """
    cases = defaultdict(list)
    for entry in log:
        cases[(_plain(entry.task), _plain(entry.text))].append(entry)
    left_out = set()
    for entries in cases.values():
        if _of_one_mind(entries):
            continue
        last = max((entry.time or "") for entry in entries)
        newest = [entry for entry in entries if entry.time == last]
        sure = all(entry.time for entry in entries) and _of_one_mind(newest)
        lost = [entry for entry in entries if not (sure and entry in newest)]
        why = "interrupt decided otherwise later" if sure else "interrupt with two decisions"
        for entry in lost:
            troubles.add(why, entry.ref)
        left_out |= {entry.ref for entry in lost}
    return [entry for entry in log if entry.ref not in left_out]


def _of_one_mind(entries: list["Interrupt"]) -> bool:
    """Whether they were answered alike, and no two of them went to different people."""
    return len({entry.response for entry in entries}) == 1 and len({entry.to for entry in entries} - {""}) < 2


def _plain(text: str) -> str:
    """A text without its marks at the end, in small letters."""
    return " ".join(text.casefold().split()).strip(" .!?")
