"""Answers about one commit, each out of what its message says and what its code shows; None where that is not
enough for a good one.
"""

import random
import re

from autodidact.generators.diff_miner.full.change_sentences import edits, joined, news, quoted
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.stated_reasons import gives_reason, leads_with_cause

_TESTS = re.compile(r"\btests?\b", re.IGNORECASE)
# Questions whether a reason is known, and those to which what the code does is no part of the answer.
_WHETHER = re.compile(
    r"\b(?:Is there a reason|Is the reason|Is it known|Do you know|do you remember)\b", re.IGNORECASE
)
_REASON_ALONE = re.compile(r"not why|which reason|on record", re.IGNORECASE)

# Share of the words of a reason that comments of the diff may have.
MOST_COMMENTED = 0.65
# How a quotation begins that is the answer, and one after a yes.
_BECAUSE, _WORDS = "Because, in the author's words, ", "In the author's words: "


def explain(change: Change, rng: random.Random) -> str | None:
    """What the commit does, with the whole reason that its message gives; None without a reason, or where not
    all that it does can be said: the subject alone does not explain a diff.
    """
    reason = change.message.quote()
    if not gives_reason(reason) or _of_tests(change):
        return None
    code, new = edits(change), news(change)
    done = code or (new if change.parsed.whole and not change.parsed.touched else "")
    if not done:
        return None
    lead = which(change)
    says = rng.choice(
        ("The commit message says:", "The message explains:", "Its author writes:", "From the message:")
    )
    order = rng.random()
    if order < 0.35:
        return joined(code, new, _message_of(change, rng), quoted(reason))
    if order < 0.65:
        return joined(lead, says, quoted(reason), code, new)
    return joined(lead, code, new, says, quoted(reason))


def which(change: Change) -> str:
    """Which commit it is."""
    subject = change.message.subject
    return f"{change.sha} is of {change.date}." if '"' in subject else f'{change.sha} is "{subject}".'


def _message_of(change: Change, rng: random.Random) -> str:
    """How a quotation of the message begins that comes after the code."""
    subject = change.message.subject
    named = f', "{subject}"' if '"' not in subject else ""
    return rng.choice(
        (
            f"The message of {change.sha} says why:",
            f"That is {change.sha}{named}, whose message says:",
            f"The author's account, in {change.sha}:",
        )
    )


def tells_why(change: Change) -> bool:
    """Whether a sentence of the message gives a cause or names a fault."""
    reason = change.message.quote()
    known = gives_reason(reason) and leads_with_cause(reason) and not _of_tests(change)
    return known and not _in_comments(reason, change)


def _in_comments(reason: str, change: Change) -> bool:
    """Whether most words of a reason stand in the comments that the diff adds: who asks has read those."""
    added = "\n".join(line for line in change.diff(change.files).split("\n") if line[:1] == "+")
    comments = _words("\n".join(re.findall(r"(?:^\+|\s)\s*#+ (.*)$", added, re.MULTILINE)))
    said = _words(reason)
    return bool(comments) and len(said & comments) >= MOST_COMMENTED * len(said)


def _words(text: str) -> set[str]:
    """The longer words of a text, case folded, without a plural's `s`."""
    return {word.casefold().removesuffix("s") for word in re.findall(r"[A-Za-z]{4,}", text)}


def _of_tests(change: Change) -> bool:
    """Whether the reason may be that of a change of the tests alone: it speaks of tests, and the subject does
    not.
    """
    message = change.message
    return bool(_TESTS.search(message.quote())) and not _TESTS.search(message.subject)


def why(change: Change, rng: random.Random, brief: bool = False) -> str | None:
    """The reason that the message gives, attributed, with what was done about it; None where no sentence of
    it gives a cause or names a fault. `brief`: what was done has been said before.
    """
    if not tells_why(change):
        return None
    reason = change.message.quote()
    code = "" if brief else edits(change)
    sha, date, subject = change.sha, change.date, change.message.subject
    issue = change.message.closes()
    form = rng.random()
    if form < 0.3:
        return joined(f"The message of {sha} says:", quoted(reason), code, issue)
    if form < 0.5 and '"' not in reason:
        return joined(f"{_BECAUSE}{quoted(reason)} (message of {sha}, {date}).", issue)
    if form < 0.75 and not brief and '"' not in subject:
        named = f'{sha}, "{subject}"' if form < 0.62 else f'"{subject}" ({sha}, {date})'
        return joined(f"From the message of {named}:", quoted(reason), code, issue)
    return joined(f"According to {sha}'s message, dated {date}:", quoted(reason), code, issue)


def why_asked(change: Change, ask: str, rng: random.Random, brief: bool = False) -> str | None:
    """As `why`, in answer to this question: a yes first where it asks whether a reason is known, and no code
    where it asks for the reason alone.
    """
    text = why(change, rng, brief=brief or _REASON_ALONE.search(ask) is not None)
    if text is None or not _WHETHER.search(ask):
        return text
    return f"Yes. {text.replace(_BECAUSE, _WORDS, 1) if text.startswith(_BECAUSE) else text}"
