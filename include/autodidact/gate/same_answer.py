"""Whether two answers of one question agree: one is the other with words around it that neither add to it nor
deny it. How it is set makes no difference: articles, contractions, quotes, backticks, marks of a list, commas
in a number, the unit of a time, and which of two comes first, "A and B" or "B and A".

A word of denial or change that only one of them has ("isn't", "no longer", "until") makes another answer of
it. The list is of English, German and French; in other languages a denial around an answer goes unseen.
"""

import re

from autodidact.gate.compact_examples import CODE, ENDS, plain
from autodidact.gate.quantities import alike

# Words around an answer that make another one of it.
_ADDING = "and or but except only plus und oder aber nur et ou mais"
_DENYING = (
    "nor not no none never cannot false untrue wrong incorrect doubt deny hardly instead rather else unless"
    " until formerly previously anymore nicht kein keine keinen keinem keiner nie niemals sondern statt bis"
    " falsch ne pas non jamais aucun aucune sauf"
)
_TURNING = frozenset(f"{_ADDING} {_DENYING}".split())

_JOINING = frozenset(["and", "und", "et"])
_ARTICLES = frozenset(["the", "a", "an"])

_LISTED = re.compile("[,;\n]")
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_THOUSANDS = re.compile(r"\b\d{1,3}(?:,\d{3})+\b(?![,.]?\d)")
_BOLD = re.compile(r"(?<!\S)\*\*(?=\w)([^*\n]+?)(?<=[\w.!?:])\*\*(?!\w)")
_ITEM = re.compile(r"\s*(?:[-*+\u2022]|(\d{1,3})[.)])\s+(?=\S)")
_CONTRACTED = (
    (re.compile(r"\bcan't\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon't\b", re.IGNORECASE), "will not"),
    (re.compile(r"n't\b", re.IGNORECASE), " not"),
    (re.compile(r"\b(it|that|there|here|he|she|what|who)'s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(they|we|you)'re\b", re.IGNORECASE), r"\1 are"),
)

# Two orders of the same words are compared in answers up to this length.
_MOST_WORDS = 100


def agree(short: str, long: str) -> bool:
    """Whether the longer answer is the shorter one with words around it that add nothing to it."""
    short, long = _set_alike(short), _set_alike(long)
    more = len(_LISTED.findall(long)) > len(_LISTED.findall(short))
    forms = ((_words(short), _words(long)), (_as_written(short), _as_written(long)))
    return any(
        _swapped(_plainer(inner), _plainer(outer)) or (not more and _within(inner, outer))
        for inner, outer in forms
    )


def _within(inner: list[str], outer: list[str]) -> bool:
    places = [k for k in range(len(outer) - len(inner) + 1) if outer[k : k + len(inner)] == inner]
    if not inner or not places:
        return False
    around = (*outer[: places[0]], *outer[places[0] + len(inner) :])
    return not _TURNING & {word.casefold() for word in around}


def _swapped(one: list[str], other: list[str]) -> bool:
    """Whether nothing differs but that "A and B" stands in one where the other has "B and A"."""
    if one == other or len(one) > _MOST_WORDS or sorted(one) != sorted(other):
        return one == other
    for place in (k for k, word in enumerate(one) if word in _JOINING):
        for start in range(place):
            if one[:start] != other[:start]:
                break
            for end in range(place + 2, len(one) + 1):
                turned = [*one[place + 1 : end], one[place], *one[start:place]]
                if [*one[:start], *turned, *one[end:]] == other:
                    return True
    return False


def _set_alike(text: str) -> str:
    """The text with straight quotes, long forms, plain numbers, one unit and no marks of a list."""
    text = text.translate(_STRAIGHT)
    for contracted, written_out in _CONTRACTED:
        text = contracted.sub(written_out, text)
    text = alike(_THOUSANDS.sub(lambda number: number[0].replace(",", ""), text))
    return _BOLD.sub(r"\1", _without_marks(text.strip()))


def _without_marks(text: str) -> str:
    """A list without what stands before its items; numbers go only where they count from one."""
    lines = text.split("\n")
    marks = [mark for line in lines if (mark := _ITEM.match(line))]
    numbers = [mark[1] for mark in marks]
    counted = numbers == [str(number) for number in range(1, len(lines) + 1)]
    if len(lines) < 2 or len(marks) < len(lines) or not (counted or not any(numbers)):
        return text
    return "\n".join(line[mark.end() :] for line, mark in zip(lines, marks, strict=True))


def _words(text: str) -> list[str]:
    return _bare(plain(text))


def _as_written(text: str) -> list[str]:
    """The words with their case, so that a name is the same with backticks and without."""
    return _bare([word if CODE.search(text) else word.strip(ENDS) for word in text.split()])


def _bare(words: list[str]) -> list[str]:
    """The words without backticks around them."""
    return [bare for word in words if (bare := word.strip("`"))]


def _plainer(words: list[str]) -> list[str]:
    """The words without articles. "Plan A" without its last is within "plan B": for wholes only."""
    return [word for word in words if word.casefold() not in _ARTICLES]
