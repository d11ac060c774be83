"""Reading short answers: what is left of one without its markup, and which names occur in it."""

import re
from functools import lru_cache

_FENCE = re.compile(r"^```[\w+-]*\n(.*?)\n?```$", re.DOTALL)
_KIND = (
    r"(?:answer|label|handler|result|output|step|verdict|line|option|category|tool|value|order|route|reply)"
)
_LEAD = re.compile(
    r"^(?:the )?(?:[a-z]+"
    rf" ){{0,2}}{_KIND}(?:\s+is\s+|\s*:\s*)|^(?:line|step|option|number|no\.|#)\s*(?=\d+$)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"A\s+[a-z]")
# Characters before a name in which a "not" counts.
BEFORE = 40
_NOT = re.compile(
    r"\b(?:not|isn't|never|except|nor|rather than|instead of)\s+(?:the\s+|a\s+)?[`\"'*]*$", re.IGNORECASE
)


def squash(text: str) -> str:
    """With single spaces for any white space, none at the ends."""
    return " ".join(text.split())


def clean(text: str) -> str:
    """An answer without what surrounds it: code fence, quotes, bold, list mark, a lead like `Answer:`,
    closing punctuation.
    """
    text = text.strip()
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    before = None
    while text != before:
        before = text
        text = text.strip().strip("*").strip()
        for quote in ("`", '"', "'", "“”", "«»"):
            if len(text) > 1 and text[0] == quote[0] and text[-1] == quote[-1] and quote[0] not in text[1:-1]:
                text = text[1:-1].strip()
        if len(text) > 1 and text[-1] in ".,;:!" and text[-2] not in ".([{":
            text = text[:-1]
        lead = _LEAD.match(text)
        if text == before and lead and lead.end() < len(text):
            text = text[lead.end() :]
            if fenced := _FENCE.match(text.strip()):
                text = fenced[1]
    return text


def words(text: str) -> list[str]:
    """The words of a text; `a/b.py`, `p95` and `3.5` are one each, punctuation is none."""
    return re.findall(r"\w+(?:[./:'@_-]+\w+)*", text)


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
