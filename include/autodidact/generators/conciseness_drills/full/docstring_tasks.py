"""Tasks about docstrings: their first line is the short form that a person gave them."""

import re
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.ast_parser.full.codebase_for_full_answers import VERBS, about, base_form
from autodidact.generators.conciseness_drills.full.task_base import Tasks, ask
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import DOCSTRING, Docstring
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

# A predicate whose object has its article: "gets task result" is no English, "gets the result" is.
_PREDICATE = re.compile(
    r"is |\w+ (?:up |out |back )?(?:(?:a|an|the|all|any|each|every|no|one|two|its|if|whether|that|how|when"
    r"|where|to|from|on|in|into|for|None|True|False)\b|`|(?!this\b)[a-z]+s\b(?! [a-z]+(?:s|ed)\b))"
)
# Least telling words of a first line that the name of its definition does not have; words that tell nothing.
NEW_WORDS = 3
_MADE = re.compile(
    r"(?:Returns?|Computes?|Calculates?|Gets?|Finds?|Implements?|Represents?|Creates?|Builds?|Makes?|Yields?"
    r"|Generates?) (?:an?|the|all) (.+?)(?: (?:of|in|for|from|with|on|to|at|between|as)\b|[.,(])"
)
_EMPTY = frozenset(
    "class function method object current given value values this that with from into item true false only"
    " else whether decides decide determines determine checks check returns return represents represent"
    " implements implement computes compute creates create more than been have when some single called raised"
    " string strings argument arguments parameter parameters".split()
)
# A sentence that begins as a name would: "A user asked for the renderer but none is configured."
_CLAUSE = re.compile(
    r"is (?:an?|the) (?:[\w-]+ ){1,2}(?:asked|tried|called|failed|passed|could|cannot|can|was|were|is|are|has"
    r"|had|does|did|must|should|will)\b"
    r"|is (?:an?|the) (?:(?!that\b|which\b|who\b|whose\b|where\b|when\b|what\b)[\w-]+ ){1,5}?"
    r"(?:contains|exceeds|cannot|does not|has no|is not|was not|must not|is (?:in|un)\w+)\b"
)
_CHECKS = re.compile(r"(?:Check|Verify|Verif(?:y|ies)|Validate|Test|Assert)s?\b")
_RAISES = re.compile(r"\brais(?:es?|ed|ing)\b")


# The marks around a word in reStructuredText, and what a function does and no class.
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,2}(\w+)\*{1,2}(?![\w*])")
_GIVES = re.compile(r"(?:Returns?|Yields?)\b")
# Slips of grammar, signs of code where a word belongs, what a short form may not leave out, and "the only
# points where ...", which the code may have outgrown.
_SLIP = re.compile(
    r"\b(?:eg|ie)\.|\b(?:been|has|have|had) (?:ran|went|came)\b|\s(?:[<>=!]=|->|=>|[<>])\s|:\w+`"
    r"|[a-z]_(?=[\s.,])|\b(?:if|when) is\b|\botherwise (?:raise|return)\b|\b(?i:deprecated|the only)\b"
)


class DocstringTasks(Tasks):
    """Examples of docstrings."""

    def __init__(self, docstrings: list[Docstring], snapshot: Snapshot):
        super().__init__(snapshot)
        found = [
            one for one in docstrings if sentence_about(one) and tells(one) and not _SLIP.search(one.text)
        ]
        # What is said of several in the same words may be true of one alone.
        times = Counter(one.summary for one in docstrings)
        self.docstrings = [one for one in found if times[one.summary] == 1]

    def kinds(self) -> dict[str, Iterator[Example]]:
        """Kind -> its examples."""
        return {"docstring": self._docstrings()}

    def _docstrings(self) -> Iterator[Example]:
        mixed = self.rng("docstring").sample(self.docstrings, len(self.docstrings))
        for one in sorted(mixed, key=lambda one: not one.fresh):
            count = len(one.text.split())
            if DOCSTRING[0] <= count <= DOCSTRING[1] and len(one.summary.split()) * 2 <= count:
                rng, answer = self.rng("docstring", one.source["ref"]), sentence_about(one)
                asked = ask("docstring", rng, name=one.name, text=one.text, most=_most(answer))
                yield self.row(rng, asked, answer, one.source)


def _raises_besides(one: Docstring) -> bool:
    """Whether the first line names a check alone, and a later sentence what it is for: an exception."""
    return bool(_CHECKS.match(one.summary)) and any(_RAISES.search(part) for part in one.details)


def sentence_about(one: Docstring, subject: str = "") -> str:
    """The first line as a sentence about the definition: "`f` returns the size."; "" where it is none."""
    subject = subject or f"`{one.name}`"
    summary = _EMPHASIS.sub(r"\1", one.summary)
    if one.is_class and _GIVES.match(summary):
        return ""  # its `__call__` may, the class does not
    said = about(subject, summary, one.is_class)
    predicate = said.removeprefix(f"{subject} ")
    if _CLAUSE.match(predicate) or _is_clause(predicate):
        return ""
    return said if predicate != said and _PREDICATE.match(predicate) else ""


def _is_clause(predicate: str) -> bool:
    """Whether a name of a thing is a sentence: "is a signer securely signs bytes"."""
    if not re.match(r"is an? ", predicate):
        return False
    noun = re.split(
        r"[,.:;(]| (?:that|which|who|whose|for|of|to|with|in|on|from|as|where|when)\b", predicate
    )[0]
    verbs = [word for word in noun.split()[3:] if word.endswith("s") and base_form(word) in VERBS]
    return bool(verbs or re.search(r"[a-z]ly [a-z]+s\b", noun))


def tells(one: Docstring) -> bool:
    """Whether the first line says more than the name: that `copy` creates a copy and `metric_closure` returns
    the metric closure is no news, and the code or the rest of the docstring says more. So does the rest where
    the first line is a check alone that raises.
    """
    words = re.findall(r"[A-Za-z][\w-]{3,}", one.summary)
    new = {word.lower() for word in words if word.lower() not in _EMPTY and not _in_name(word, one.name)}
    # What `__eq__` does, everybody knows.
    short = one.name.rpartition(".")[2]
    # That `info` calls `logging.Logger.info` is no news either.
    passed_on = re.search(rf"\.{re.escape(short)}\b", one.summary)
    if _raises_besides(one) or _points_away(one.summary) or passed_on or short.endswith("__"):
        return False
    return len(new) >= NEW_WORDS and not _echoes(one)


def _in_name(word: str, name: str) -> bool:
    """Whether a name has this word, or its beginning: `max_weight` has "maximum"."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_.]", " ", name).lower().split()
    small = word.lower()
    return any(part[:4] == small[:4] or (len(part) > 2 and small.startswith(part)) for part in parts)


def _echoes(one: Docstring) -> bool:
    """Whether what it returns or makes is what the name says: "Returns the metric closure of a graph."."""
    found = _MADE.match(one.summary)
    head = re.findall(r"[A-Za-z]{3,}", found[1]) if found else []
    return bool(head) and all(_in_name(word, one.name) for word in head)


def _points_away(summary: str) -> bool:
    """Whether it names something that is not there, or goes on with an order: "Get it but keep the key."."""
    order = re.search(r"\b(?:and|but|or|then) ([a-z]+) (?:the|an?|all|it|its)\b", summary)
    two_verbs = re.match(r"[A-Z][a-z]+s [a-z]+s an? ", summary)  # "Combines creates a dict"
    # "this log level" of a function is that of some other place.
    pointed = re.search(
        r"\b(?:current|given|same|other) one\b|\b[Tt]his (?!class\b|function\b|method\b|module\b|is\b)\w",
        summary,
    )
    contrary = re.search(r"\bbut (?!not|only|with|without|for|in|from|to|on|of)[a-z]+ (?:the|an?) ", summary)
    twice = re.search(r"\b(?:an?|the) (?:an?|the)\b", summary)
    return bool(pointed or two_verbs or contrary or twice or (order and order[1] in VERBS))


def _most(summary: str) -> int:
    """A limit in words that the summary keeps, as people give one."""
    return -(-len(summary.split()) // 5) * 5
