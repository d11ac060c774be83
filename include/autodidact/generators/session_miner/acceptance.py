"""Whether a person accepted an answer, by their next words."""

import re

from autodidact.sources.transcripts import Exchange

_CORRECTION = re.compile(
    r"\s*(no[,.!]|no (that|this|not|i|you|they|it)\b|nope\b|not (that|what|like)\b|wrong\b|that(['’]s| is)"
    r" (not|wrong)\b"
    r"|(stop|undo|revert)( that| it)?([,.!]|$)|i (meant|said|asked)\b|you (should"
    r" not|shouldn['’]t)\b|actually,|why did you\b)",
    re.IGNORECASE,
)
_UNSOLVED = re.compile(
    r"(it|that|this) (still )?(does|did)(n['’]t| not) (work|help|compile|fix)|\bstill"
    r" (fails|failing|broken|wrong|the same|not|getting)\b"
    r"|\bsame (error|problem)\b|\bnot (fixed|solved)\b|^\s*(try|do it|do that) again\b",
    re.IGNORECASE,
)


def corrects(text: str) -> bool:
    """Whether a person's words plainly correct what was done before them."""
    return _CORRECTION.match(text) is not None


def accepted(answer: Exchange, following: str | None) -> bool:
    """Whether what was answered was accepted, by the person's next words (None: there are none yet)."""
    if not following:
        return True
    return not corrects(following) and not _UNSOLVED.search(following[:200])
