"""Whether what a commit's message says is a reason: a cause, a fault, a need; and not what was done alone."""

import re

from autodidact.generators.diff_miner.usable_commit_messages import VERBS
from autodidact.sources.documents.sentences import sentences

# Characters of a reason that says more than the subject does.
LEAST_REASON = 75

# Of a time: "available since Python 3.9", "since then".
_SINCE = (
    r"(?<!available )(?<!added )(?<!introduced )(?<!deprecated )(?<!ever )since"
    r"(?! (?:then|when|version|release)\b)(?! (?:\S+ )?v?\d)"
)
_CAUSE = re.compile(
    rf"\b(?:because|{_SINCE}|(?<!make it )so that|otherwise|to (?:avoid|prevent)|avoiding|preventing"
    r"|in order to|that caused|which caused)\b",
    re.IGNORECASE,
)
# An order that names no object.
_AIMLESS = re.compile(r"^\w+ to \w+ ")
# What a reader is to do, which is no reason.
_MANUAL = re.compile(r"^(?:just|simply|please)\b|\byou (?:need|have|must|can|should|may)\b", re.IGNORECASE)
_WHY = re.compile(
    rf"\b(?:because|{_SINCE}|so that|otherwise|fail(?:s|ed|ing|ures?)?|crash\w*|raises?|raised"
    r"|wrong\w*|incorrect\w*|broken?|breaks?|missing|instead|avoids?|prevents?|prevented|ensures?"
    r"|allows?|needs?|needed"
    r"|requires?|required|lost|lose|leaks?|race|deadlocks?|bugs?|problems?|not|never|cannot|\w+n't"
    r"|unable|slow\w*"
    r"|no longer|without|useful|confus\w+|easier|faster|deprecated|obsolete|unnecessary|redundant|caus\w+"
    r"|makes?|helps?|could|would|should|but|previously|used to|unlike|matches|consistent|compatib\w+)\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:fail(?:s|ed|ing)?|crash\w*|wrong\w*|incorrect\w*|broken?|breaks?|missing|lost|loses?"
    r"|leaks?|race"
    r"|deadlocks?|bugs?|problems?|issues?(?! #)|slow\w*|confus\w+|obsolete|unnecessary|redundant"
    r"|(?<!is )(?<!are )previously"
    r"|(?<!be )(?<!is )(?<!are )used to"
    r"|otherwise|without|no longer|unable|deprecated|caus\w+|mis\w+ed)\b",
    re.IGNORECASE,
)


def third_person(verb: str) -> str:
    """`fix` gives `fixes`, `try` gives `tries`."""
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def gives_reason(text: str) -> bool:
    """Whether a text says why, and not what alone: a sentence of it that is no order speaks of a fault, a
    need or an aim, or an order gives its cause.
    """
    known = [
        sentence
        for sentence in sentences(text)
        if (_CAUSE.search(_main(sentence)) if _is_order(sentence) else _WHY.search(sentence))
        if not _AIMLESS.match(sentence) and not _MANUAL.search(sentence) and not _foretells(sentence)
    ]
    return len(text) >= LEAST_REASON and bool(known)


def states_cause(text: str) -> bool:
    """Whether a sentence of a text gives a cause, or tells of a fault, a loss or a danger."""
    return any(
        _CAUSE.search(_main(sentence))
        if _is_order(sentence)
        else _CAUSE.search(sentence) or _FAULT.search(sentence)
        for sentence in sentences(text)
        if not _foretells(sentence)
    )


def leads_with_cause(text: str) -> bool:
    """Whether a text begins with its cause, or consists of causes for a third at least: what tells at length
    what was done, and once what was wrong, is no answer to why.
    """
    said = sentences(text)
    return states_cause(said[0]) or 3 * sum(map(states_cause, said)) >= len(said) if said else False


def _foretells(sentence: str) -> bool:
    """Whether a sentence says what will be, and not that it fails, or what the change itself is the cause of:
    limits of the new code are no reason.
    """
    by_itself = re.search(r"(?i)\b(?:because|since|as) (?:this|the) (?:change|commit|patch|pr)\b", sentence)
    return bool(by_itself or re.search(r"\b(?:will|won't)\b", sentence)) and not _FAULT.search(sentence)


def _main(sentence: str) -> str:
    """A sentence without "also" and without the condition or the place that it begins with: what is said in
    that is no cause of what is done.
    """
    main = re.sub(r"^(?:(?:also|additionally),?|this (?:commit|change|patch|pr)) ", "", sentence, flags=re.I)
    return re.sub(r"^(?:if|when|in|on|for|with|within|inside|under) [^,]*, ", "", main, flags=re.IGNORECASE)


def _is_order(sentence: str) -> bool:
    """Whether a sentence begins with what is done: `add`, `adds` or `added`; after "also", or after the
    condition under which it is.
    """
    main = _main(sentence)
    word = "do" if re.match(r"(?i)(?:do not|don't|no longer) ", main) else main.split(" ", 1)[0].lower()
    return any(
        word == form
        for verb in (word, word[:-1], word[:-2], word[:-3], f"{word[:-3]}y")
        if verb in VERBS
        for form in (verb, third_person(verb), f"{verb}ed", f"{verb}d", f"{verb[:-1]}ied")
    )
