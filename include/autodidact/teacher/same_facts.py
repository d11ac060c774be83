"""Whether a reworded text still says what the original says, as far as a rule can tell. A rule that doubts
says no: it costs a variation only.

Checked: code and paths, names, numbers, dates and quoted strings, all of them in their order (so that nothing
is swapped); negations; words that turn a relation round (by, from, before, at most, does ...); and that no
word of substance is lost or came in, a few synonyms aside.
"""

import re
from collections import Counter

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
    r"^(?:not?|never|none|nothing|nobody|nowhere|neither|nor|without|hardly|lacks?|lacking|fails?|missing|unable|absent)$"
)
_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred"
    " thousand million once twice half".split()
)
_TURNS = frozenset(
    "by from to into onto before after until since than instead only all every each any both either least"
    " most more less fewer first last next always sometimes unless except if when while because although but"
    " does do did should must may might could would same other another same also".split()
)
_ASKS = {
    "who": "who",
    "whom": "who",
    "whose": "whose",
    "where": "where",
    "when": "when",
    "why": "why",
    "how": "how",
    "many": "many",
    "much": "many",
}
# Words that may come and go: they carry the sentence, not the facts.
_FREE = frozenset(
    """a an the this that these those it its is are was were be been being am i me my mine we us our you your yours they them their there here he she
    his her of in on at for with as about within and or so then thus well please tell me show say give let know kindly quick quickly just simply
    question answer short briefly exactly actually really now today currently could can will would shall want need like help hi hey hello thanks thank ok
    okay see look looking find found which what one ones thing things name namely called yes no's hence here's there's what's that's it's i'm i'd we're
    you'll you're i've have has had having get got going tell asking ask wondering wonder remind explain point right whether up out wo ca""".split()
)
_SAME = [
    "define defines defined declare declares declared definition declaration",
    "locate located live lives living sit sits reside resides place placed",
    "invoke invokes invoked call calls calling caller callers",
    "require requires required need needs needed",
    "accept accepts takes take taking",
    "return returns returned yield",
    "function functions func",
    "change changes changed modify modifies modified alter",
    "start starts begin begins",
    "stop stops end ends halt",
    "use uses used using usage",
    "wrong incorrect mistaken",
    "project repository repo codebase",
    "argument arguments parameter parameters",
    "subclass subclasses",
    "inherit inherits inherited derive derives derived extend extends",
    "blocked stuck",
    "goal goals objective",
    "step steps",
]
_GROUP = {word: group.split()[0] for group in _SAME for word in group.split()}


def difference(original: str, varied: str) -> str | None:
    """What the second text lost, gained or turned round; None when it says the same."""
    if not varied.strip():
        return "it is empty"
    if _FENCE.findall(original) != _FENCE.findall(varied):
        return "a code block changed"
    before, after = _FENCE.sub(" ", original), _FENCE.sub(" ", varied)
    if (one := _facts(before)) != (other := _facts(after)):
        lost, new = Counter(one) - Counter(other), Counter(other) - Counter(one)
        return (
            f"lost {next(iter(lost))!r}"
            if lost
            else f"new {next(iter(new))!r}"
            if new
            else "facts changed places"
        )
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
        elif word in _NUMBER_WORDS and word != "one":
            found["number"][word] += 1
        elif word not in _FREE:
            found["word"][_stem(_GROUP.get(word, word))] += 1
    return found


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    return re.sub(r"(?:ies|ied|ing|ed|es|s|e|y)$", "", word) if len(word) > 4 else word
