"""Which names a text states, as whole words, paths or phrases; a name after "not" is not stated."""

import re
from functools import lru_cache

_ARTICLE = re.compile(r"A\s+[a-z]")
# Characters before a name in which a "not" counts.
BEFORE = 40
_NOT = re.compile(
    r"\b(?:not|isn't|never|except|nor|rather than|instead of)\s+(?:the\s+|a\s+)?[`\"'*]*$", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def _pattern(name: str) -> re.Pattern:
    """`name` as a whole: not a part of a longer word, path, dotted or hyphenated name."""
    left = r"(?<!\w)(?<!\w[-/.])" if name[:1].isalnum() or name[:1] == "_" else ""
    right = r"(?!\w)(?![-/.]\w)" if name[-1:].isalnum() or name[-1:] == "_" else ""
    return re.compile(left + r"\s+".join(map(re.escape, name.split())) + right)


def find(name: str, text: str) -> bool:
    """Whether `name` occurs in `text` as a whole word, path or phrase. Case counts."""
    return bool(_pattern(name).search(text))


def named(names: list[str], text: str, every: bool = False) -> list:
    """Which of the names the text states, longest first so that `queue` is not found in `retry queue`; a name
    after "not" is not stated.

    In the order of the text. `every`: each occurrence, as (name, place), negated or not. Among names of one
    letter capitals count, and the article `A` is no name.
    """
    fold = len({name.casefold() for name in names}) == len(set(names)) and all(
        len(name) > 1 for name in names
    )
    left = text.casefold() if fold else text
    found: list[tuple[int, str]] = []
    for name in sorted(names, key=len, reverse=True):

        def take(match: re.Match, name: str = name) -> str:
            start = match.start()
            if every or not (
                _NOT.search(match.string, max(0, start - BEFORE), start)
                or (name == "A" and _ARTICLE.match(match.string, start))
            ):
                found.append((start, name))
            return "\0" * (match.end() - start)

        left = _pattern(name.casefold() if fold else name).sub(take, left)
    found.sort()
    return (
        [(name, place) for place, name in found] if every else list(dict.fromkeys(name for _, name in found))
    )
