"""Whether a reworded text still says what the original says, as far as a rule can tell. A rule that doubts
says no: it costs a variation only.

Checked: code and paths, names, numbers, dates and quoted strings, all of them in their order (so that nothing
is swapped); negations; words that turn a relation round (by, from, before, at most, does ...); and that no
word of substance is lost or came in, a few synonyms aside.
"""

import re
from collections import Counter

from autodidact.shipped_tables import own_table

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_FACT = re.compile(
    r"""
      ``[^`]+``|`[^`]+`                                        # code
    | "[^"\n]+" | “[^”\n]+” | (?<![\w'])'[^'\n]+'(?![\w'])      # quoted
    | https?://[^\s)>\]]+
    | [\w.+-]+@[\w-]+\.[\w.]+                                  # addresses
    | (?:[\w.~-]*/)+[\w.-]*\w                                  # paths
    | \b\w+(?:\.\w+)+(?:\(\))?                                 # dotted names, file names
    | \b\w*[A-Za-z]\w*_\w*|\b_+\w+|\b\w+\(\)                   # snake_case, calls
    | \b[A-Za-z]+[a-z][A-Z]\w*\b|\b[A-Z]{2,}\w*\b              # CamelCase, SHOUTED
    | [-+−]?\d+(?:[.,:-]\d+)*\s?%?                              # numbers, dates, times
    """,
    re.VERBOSE,
)
# A capital within a sentence.
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NEGATION = re.compile(
    r"^(?:not?|never|none|nothing|nobody|nowhere|neither|nor|without|hardly|lacks?|lacking|fails?|missing"
    r"|unable|absent)$"
)

_TABLE = own_table(__file__)
_NUMBERS, _ASKS = frozenset(_TABLE["numbers"]), _TABLE["asks"]
_TURNS, _FREE = frozenset(_TABLE["turns"]), frozenset(_TABLE["free"])
# Each word of a row that says the same: the first of them.
_SAME = {word: row[0] for row in _TABLE["same"] for word in row}


def difference(original: str, varied: str) -> str | None:
    """What the second text lost, gained or turned round; None when it says the same."""
    if not varied.strip():
        return "it is empty"
    if _FENCE.findall(original) != _FENCE.findall(varied):
        return "a code block changed"
    before, after = _FENCE.sub(" ", original), _FENCE.sub(" ", varied)
    if (facts := _facts(before)) != (stated := _facts(after)):
        lost, new = Counter(facts) - Counter(stated), Counter(stated) - Counter(facts)
        if lost:
            return f"lost {next(iter(lost))!r}"
        return f"new {next(iter(new))!r}" if new else "facts changed places"
    left, right = _words(before), _words(after)
    for kind, what in (
        ("negation", "a negation"),
        ("turn", "a relation"),
        ("ask", "what is asked"),
        ("number", "a number word"),
    ):
        if left[kind] != right[kind]:
            return f"{what} changed"
    capitals = (
        set(_NAME.findall(after))
        - set(re.findall(r"\w+", before))
        - {word.capitalize() for word in re.findall(r"\w+", before)}
    )
    if capitals:
        return f"new {min(capitals)!r}"
    for ours, theirs, how in ((left["word"], right["word"], "lost"), (right["word"], left["word"], "new")):
        if rest := set(ours) - set(theirs):
            return f"{how} {min(rest)!r}"
    return None


def _facts(text: str) -> list[str]:
    """The checkable tokens in their order; quotes around one and a closing stop do not count."""
    return [fact.strip(" `\"'“”").rstrip(".,:;") for fact in _FACT.findall(text)]


def _words(text: str) -> dict[str, Counter]:
    """The words by what they do; "doesn't" and "does not" are one negation each, and no question."""
    found: dict[str, Counter] = {kind: Counter() for kind in ("negation", "turn", "ask", "number", "word")}
    plain = _FACT.sub(" ", text).lower().replace("’", "'")
    plain = re.sub(
        r"\b(?:do|does|did) not\b",
        "not",
        re.sub(r"\b(\w+?)n't\b", r"\1 not", plain).replace("cannot", "can not"),
    )
    for word in _WORD.findall(plain):
        if _NEGATION.match(word):
            found["negation"]["not"] += 1
        elif word in _TURNS:
            found["turn"][word] += 1
        elif word in _ASKS:
            found["ask"][_ASKS[word]] += 1
        elif word in _NUMBERS and word != "one":
            found["number"][word] += 1
        elif word not in _FREE:
            found["word"][_stem(_SAME.get(word, word))] += 1
    return found


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    return re.sub(r"(?:ies|ied|ing|ed|es|s|e|y)$", "", word) if len(word) > 4 else word
