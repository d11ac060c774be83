"""What a person or a grader said of an answer, as logs and data sets keep it: a thumb, a score, a weight; and
what a run's record says of the run.
"""

import re
from typing import Any

# Fields that hold a verdict, of a message or of a whole record.
_VERDICTS = ("feedback", "user_feedback", "rating", "vote", "annotation")
# Fields of numbers of which the least is 0: no part of it was right.
_SCORES = ("score", "reward")
# Verdicts in words, without case and marks.
_BAD = frozenset(
    "thumbsdown down negative bad dislike disliked downvote downvoted reject rejected wrong incorrect"
    " poor unhelpful undesirable inaccurate untrue false madeup fabricated hallucination hallucinated"
    " hallucinating harmful unsafe toxic spam offtopic lowquality needsreview needsfix -1 👎".split()
)
# Of what is held in each other: `{"feedback": {"rating": "down"}}`, `{"test_result": {"report": {...}}}`.
DEPTH = 3

# Fields that say whether a run went well, and those that hold what was found when it was tested.
_WENT_WELL = ("resolved", "success", "is_success", "passed")
_TESTED = ("test_result", "eval_result", "report", "result")

# Why an answer is not taught that a data set keeps for its context alone (`weight` 0 of OpenAI's format).
NOT_TRAINED = "not to be trained on (weight 0)"


def weightless(message: dict) -> bool:
    """Whether a message is marked as nothing to be learned from; that does not make it wrong."""
    weight = message.get("weight")
    return _number(weight) and weight == 0


def failed(record: dict, depth: int = 0) -> bool:
    """Whether a run's record says that the run broke, or that its tests did not pass."""
    if record.get("error") or any(record.get(key) is False for key in _WENT_WELL):
        return True
    held = (record.get(key) for key in _TESTED)
    return depth < DEPTH and any(failed(each, depth + 1) for each in held if isinstance(each, dict))


def disliked(record: dict, depth: int = 0) -> bool:
    """Whether somebody said that it is bad. A verdict of 0 may be none."""
    if record.get("rejected") is True:
        return True
    scores = [record[key] for key in _SCORES if _number(record.get(key))]
    if any(score <= 0 for score in scores):
        return True
    return any(_bad(record.get(key), depth) for key in (*_VERDICTS, *(("value", "type") if depth else ())))


def in_bad_words(verdict: str) -> bool:
    """Whether a verdict in words is one that is known to be bad."""
    return re.sub(r"[\s_]|(?<=\w)-", "", verdict[:80]).lower() in _BAD


def _bad(verdict: Any, depth: int) -> bool:
    if isinstance(verdict, dict):
        return depth < DEPTH and disliked(verdict, depth + 1)
    if isinstance(verdict, str):
        return in_bad_words(verdict)
    return _number(verdict) and verdict < 0


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
