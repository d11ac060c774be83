"""When a value changed, and a commit's message as its author wrote it."""

import random
import re
import textwrap

from autodidact.generators.diff_miner.full.change_sentences import joined, quoted
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Value
from autodidact.generators.writing.facts_into_words import capital

# Columns of a message's body, by custom.
WIDTH = 72
# Share of the words of a message that its diff has to show.
SHOWN = 0.6
# What nobody can know who has only the diff: how long ago, who asked for it, what was tried. And a letter at
# the end of a word that slipped in from another keyboard.
_UNKNOWABLE = re.compile(
    r"\b(ago|years?|months?|weeks?|recent(ly)?|releases?|discuss(ed|ion)|report(s|ed)? (by|in|on)"
    r"|according to|suggest(s|ed|ion)|request(ed)? by|users?|customers?|people|someone|turns out|apparently"
    r"|probably|seems?|in practice|in production|locally|on my|tested (with|on)|benchmark\w*|faster"
    r"|slower|upstream)\b",
    re.IGNORECASE,
)
# Verbs of a message that its diff has to show.
_DONE = ("warn", "rais", "log")
_SLIPPED = re.compile(r"[a-z][À-ž]\b")


def message(change: Change) -> str | None:
    """The commit's message as its author wrote it, wrapped, where the diff supports its body."""
    reasons = change.message.reasons
    if not change.message.imperative or not reasons:
        return None
    shown = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", change.diff())}
    of_reasons = {word.lower() for word in re.findall(r"[^\W\d_]{4,}", " ".join(reasons))}
    common = sum(any(word.startswith(other[:5]) for other in shown) for word in of_reasons)
    subject = _subject_line(change.message.subject, change.commit.subject.strip())
    if not subject or len(subject) > WIDTH or common < SHOWN * len(of_reasons):
        return None
    if not knowable(" ".join(reasons), change.diff()):
        return None
    body = "\n\n".join(
        textwrap.fill(text, WIDTH, break_on_hyphens=False, break_long_words=False) for text in reasons
    )
    return f"{subject}\n\n{body}"


def _subject_line(read: str, written: str) -> str:
    """A subject that was read, with the prefix that it has in the log, `feat(icons): `, which may be a rule
    there; "" where something else stands before it, such as the number of an issue.
    """
    prefix, found, _ = written.lower().partition(read.lower())
    if not prefix:
        return read if found else ""
    kept = found and re.fullmatch(r"[a-z][\w./-]*(?:\([^()]*\))?!?:\s*", prefix)
    return written[: len(prefix) + len(read)] if kept else ""


def knowable(text: str, diff: str) -> bool:
    """Whether nothing in a message speaks of what a diff cannot show: times, people, numbers of its own."""
    numbers = set(re.findall(r"\d+(?:\.\d+)*", text)) - set(re.findall(r"\d+(?:\.\d+)*", diff))
    # What is called a warning may raise an exception.
    done = all(verb not in text.lower() or verb in diff.lower() for verb in _DONE)
    return done and not numbers and not _UNKNOWABLE.search(text) and not _SLIPPED.search(text)


def value(change: Change, one: Value, rng: random.Random, *, by_commit: bool = False) -> str:
    """When a default or constant changed, and what the message says about it. `by_commit`: the commit is what
    was asked for.
    """
    what = f"the default of `{one.name}` in `{one.where}`" if one.where else f"`{one.name}`"
    where, subject = f"in `{one.path}`", change.message.subject
    forms = (
        f"It became `{one.new}` on {change.date}: {change.sha} changed {what} {where} from `{one.old}`.",
        f"{capital(what)} went from `{one.old}` to `{one.new}` with {change.sha} of {change.date} ({where}).",
        f"`{one.old}` until {change.date}, then `{one.new}`: {change.sha} changed {what} {where}.",
    )
    sentence = f"{change.sha}, on {change.date}: it changed {what} {where} from `{one.old}` to `{one.new}`."
    reason = change.message.quote()
    named = f'The commit is "{subject}".' if '"' not in subject else ""
    says = ("The message says:", quoted(reason)) if reason else ()
    return joined(sentence if by_commit else rng.choice(forms), named, *says)
