"""What a person answered in a call that asks them: their words stand in its result.

Claude Code's `AskUserQuestion` gives `"Which port?"="8080"`, Codex' `request_user_input` JSON; others give
the words alone.
"""

import re
from typing import Any

from autodidact.sources.transcripts.turn import Call
from autodidact.sources.transcripts.untrusted_fields import parsed

_ASKS = re.compile(
    r"ask_?(the_?)?(user|human|followup|person)\w*|(request_)?(user|human)_?input", re.IGNORECASE
)
_PAIR = re.compile(r"\"=\"(.{1,2000}?)\"(?=[.,;]?(?:\s|\Z))", re.DOTALL)
# Of what they typed, and of how deep JSON is looked at.
MOST, MAX_DEPTH = 300, 6


def own_words(call: Call) -> str:
    """What a person typed in answer to a call that asks them; "" of any other call, and of a choice that it
    offered.
    """
    if not _ASKS.fullmatch(call.name.rsplit("__", 1)[-1]):
        return ""
    offered = set(_texts(call.arguments))
    given = parsed(call.result, (dict, list))
    answers = _PAIR.findall(call.result) or (_texts(given) if given else [call.result])
    own = (answer for answer in answers if not {answer, *answer.split(", ")} & offered)
    return " ".join(own).strip()[:MOST]


def question(call: Call) -> str:
    """What a call asks: its longest text."""
    return max(_texts(call.arguments), key=len, default="")[:MOST]


def _texts(given: Any, depth: int = 0) -> list[str]:
    """The texts in a JSON value, without its keys."""
    if isinstance(given, str):
        return [given]
    if depth > MAX_DEPTH or not isinstance(given, (dict, list)):
        return []
    values = given.values() if isinstance(given, dict) else given
    return [text for value in values for text in _texts(value, depth + 1)]
