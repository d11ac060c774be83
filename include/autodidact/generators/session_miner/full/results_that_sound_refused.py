"""Results that read as if a call had been refused, or had gone to the wrong place, in records without a mark
for that.
"""

import re

from autodidact.sources.transcripts import Call, hands_over

# What a tool says that did not do it, in a record without a mark for that.
_REFUSAL = re.compile(
    r"\W*(?:error|refused|denied|invalid|unknown|no such|not found|not allowed|not permitted|cannot"
    r"|can['’]t|could not|unable|must|missing|too (?:many|few|long|short|late|early))\b"
    r"|\b(?:starts? (?:at|from)|at least|at most|must be|is required|are required|not allowed|not permitted"
    r"|does not exist|is missing|out of range)\b",
    re.IGNORECASE,
)
MOST_REFUSAL = 160
# What somebody says whose work it is not: "trucks are not ours, ask coldchain".
_NOT_OURS = re.compile(
    r"\bnot (?:ours|mine|us|our (?:\w+)|for us)\b|\bwrong (?:desk|team|place|address|handler)\b",
    re.IGNORECASE,
)


def sounds_refused(call_: Call) -> bool:
    """Whether the result of a call reads as if it had not been done: a short sentence that says what is
    wrong.
    """
    text = call_.result.strip()
    short = 0 < len(text) <= MOST_REFUSAL and "\n" not in text and text[:1] not in "[{"
    return short and not hands_over(call_.name) and _REFUSAL.search(text) is not None


def sent_elsewhere(call_: Call) -> bool:
    """Whether the result of a call says that it is somebody else's work."""
    text = call_.result.strip()
    return 0 < len(text) <= MOST_REFUSAL and _NOT_OURS.search(text) is not None
