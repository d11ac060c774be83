"""Whether a commit's diff bears out what its message says is gone."""

import re
from collections.abc import Iterable

from autodidact.sources.git.commits_with_diffs import FileDiff

_GOES = r"(?:replac|remov|delet|eliminat)(?:e[sd]?|ing)|drop(?:s|ped|ping)?"
# "Replace the shell with ...": what is behind the verb; "the shell is no longer used": what is before it.
_OBJECT = re.compile(
    rf"\b(?:{_GOES}|no longer (?:uses?|calls?|needs?)|(?:get|gets|getting) rid of|stops? (?:using|calling))"
    r"\s+(?!(?:by|with|in|from)\b)([^.,;:()]+?(?:\.\w[^.,;:()]*?)*)"
    r"(?= (?:with|by|in favou?r of|from|to|so|because|since|when|if|and|which|that)\b|[,;:()]|\.(?!\w)|$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:^|[.;:] )([^.,;:()]{2,60}?) (?:is|are|was|were|has been|have been) (?:now |being )?"
    r"(?:replaced|removed|deleted|dropped|not used|unused|no longer (?:used|called))\b",
    re.IGNORECASE,
)
# Words that name nothing.
_EMPTY = set(
    "the this that these those its their our all any some each every old own other with from for and".split()
)


def contradicted(text: str, files: Iterable[FileDiff]) -> bool:
    """Whether a text says of something that it is replaced, removed or not used any more, and no line or file
    that goes has a word of it.
    """
    said = [*_OBJECT.findall(text), *_SUBJECT.findall(text)]
    things = [words for words in map(_words, said) if words]
    if not things:
        return False
    gone: set[str] = set()
    for file in files:
        lines = [line for line in file.patch.split("\n") if line[:1] == "-" and line[:4] != "--- "]
        gone |= _words("\n".join([*lines, file.old_path if file.status in ("D", "R") else ""]))
    return any(not words & gone for words in things)


def _words(text: str) -> set[str]:
    """The names and words of a text, case folded, those of several also one by one without a plural's `s`."""
    found = {word.casefold() for word in re.findall(r"\w+", text)} - _EMPTY
    return {word.removesuffix("s") if len(word) > 3 else word for word in found}
