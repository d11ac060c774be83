"""Reasons, receivers and effects of a table of interrupts, as far as they fit into a sentence."""

import re

# Words that only a verb or its helper is written with: what holds one says something of something.
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|could|will|would|shall|should|may|might|must|cannot"
    r"|\w+n't)\b",
    re.IGNORECASE,
)
# A beginning that lacks its subject ("needs a second name"), or that no clause has ("for the books").
_NO_SUBJECT = re.compile(
    r"(?:needs?|requires?|is|are|was|were|has|have|had|must|may|can|cannot|should|costs?|takes?|saves?|wastes?"
    r"|belongs?|depends?|changes?|goes|means|makes|causes|helps|hurts|happens|not|too|to|for|by|due)\b",
    re.IGNORECASE,
)
# What is no clause unless a verb follows: "nothing to do", "no deadline", "the rule of the house".
_NOUN = re.compile(r"(?:nothing|nobody|no|a|an|the|our|its|their)\b", re.IGNORECASE)
# "people first, objects second"
_PARALLEL = re.compile(r"\w+ first, \w+ \w+$", re.IGNORECASE)
# Words of an effect that "I ask before going on" has said already.
_HOLDING = frozenset("hold wait pause stop ask and the a task running then it for on".split())


def is_clause(reason: str) -> bool:
    """Whether a reason can stand behind "because": with a subject and a verb. In doubt, about a beginning
    with an article or "no", it is said to be none: such a reason is quoted.
    """
    if not reason.strip() or " " not in reason.strip() or _NO_SUBJECT.match(reason):
        return False
    if _FINITE.search(re.sub(r"\bto \w+", "", reason)):  # "to do" is no verb of a clause
        return True
    if _PARALLEL.match(reason):
        return False
    later = reason.split()[2:]
    verb = any(re.fullmatch(r"[a-z]+(?:[a-rt-z]s|ed)", word) for word in later)
    return verb or not _NOUN.match(reason)


def why(reason: str) -> str:
    """What follows a statement as its reason: ", because they wait", or in brackets, quoted, what is no
    clause; "" without a reason.
    """
    if not reason:
        return ""
    return f", because {reason}" if is_clause(reason) else f' (reason by our table: "{reason}")'


def one_receiver(to: str) -> bool:
    """Whether it is known who is meant: of "registrar or head of retail" it is one of two."""
    return " or " not in to or bool(re.search(r"\b(?:who\w*|that|which)\b", to))


def adds_to_asking(effect: str) -> bool:
    """Whether an effect says more of the task than that it is held and somebody is asked."""
    return not set(re.findall(r"\w+", effect.lower())) <= _HOLDING
