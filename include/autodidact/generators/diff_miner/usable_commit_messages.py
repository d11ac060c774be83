"""What a commit says about itself, where the message is worth learning from.

CommitPackFT (Muennighoff et al. 2023, section 3) keeps commits whose subject starts with an imperative verb,
and drops noise by words: links, commit ids, issue numbers, merges, version bumps.
"""

import re

from autodidact.generators.diff_miner.subject_matches_diff import names_fit, subject_fits
from autodidact.shipped_tables import read_table
from autodidact.sources.documents.sentences import in_first_person, sentences
from autodidact.sources.git.commits_with_diffs import Commit

VERBS = frozenset(read_table(__file__)["verbs"])
# Words that say nothing about a change: a subject of these alone fits any commit.
_VAGUE = frozenset(read_table(__file__)["vague"])

# What no message is repeated with: a link or a commit's id, and work on the repository instead of the code.
ELSEWHERE = r"https?://|www\.|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b"
UPKEEP = r"\bwip\b|\btypos?\b|\bpre-commit\b|\blint(er|ing)?\b|cherry.?pick|\bflake8\b|\bisort\b"
_NOISE = re.compile(
    rf"{ELSEWHERE}|{UPKEEP}|#\d+|fixup!|squash!|\bmerge\b|\bchangelog\b|\bbump\b"
    r"|\bv?\d+\.\d+(\.\d+|rc|a\d|b\d|dev)",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*"
    r"|(?:feat|fix|docs?|refactor|perf|test|chore|build|ci|style)(?:\([^)]*\))?!?:\s*"
    r"|[\w./-]{2,30}:\s+(?=[A-Za-z]))"
)
TRAILER = re.compile(
    r"^(signed-off-by|co-authored-by|reviewed-by|acked-by|cc|change-id|fix(es|ed)?|clos(es|ed?)|refs?"
    r"|resolves?|see|issue|pr)\b.*[:#]",
    re.IGNORECASE,
)
_CHANGE_LOG = re.compile(
    r"(^|/)(changelog|changes|news|history|releases?([-_]?notes)?|upgrading)(\.\w+)?$"
    r"|(^|/)(changelogs?|changes|news(fragments)?|changelog\.d)/",
    re.IGNORECASE,
)
# Verbs that say only that something was touched.
_TOUCHES = frozenset(
    tuple("adjust change clean correct edit fix improve modify refactor refine revise".split())
    + ("rework", "tidy", "tweak", "update")
)
# How an author wonders instead of stating something.
_WONDERS = re.compile(
    r"\?|\b(guess|apparently|maybe|perhaps|hopefully|somehow|weird|oops|sorry|thanks|your?|not (sure"
    r"|clear)|no idea|seems?|unclear)\b",
    re.IGNORECASE,
)
# What a list or code below it would complete, and a clause without its sentence.
_HALF = re.compile(
    r"[:,]$|^(when|if|while|because|as|since|after|before|where|which|that) [^,]*[^,.!]$", re.I
)
_REASON = re.compile(
    r"\b(because|since|due to|so that|otherwise|in order to"
    r"|avoids?|prevents?|without|instead of|caus(e|es|ed|ing)"
    r"|fail(s|ed|ing|ure)?|broken?|breaks|crash(es|ed)?|wrong(ly)?|incorrect(ly)?|bugs?|needed|needs|required"
    r"|requires|no longer|not|never|cannot|can't|doesn't|don't|didn't|isn't|wasn't|too|twice|slow(er)?"
    r"|faster|confus\w+|redundant|unused|unnecessary|duplicat\w+|deprecated|obsolete|allows?|lets"
    r"|makes?|helps?|ensures?|problems?|issues?)\b",
    re.IGNORECASE,
)


def message(commit: Commit) -> str | None:
    """What a commit says it does and why, as prose; None unless the message is worth learning from.

    What the author says of themselves or wonders about is left out, as it would be the model's own. A commit
    of change logs alone is described by the subject of another one.
    """
    if commit.files and all(_CHANGE_LOG.search(file.path) for file in commit.files):
        return None
    subject = re.sub(r"\s*\(#\d+\)$", "", commit.subject.strip())
    subject = _PREFIX.sub("", subject).strip().rstrip(".")
    words = subject.split()
    if (
        not 3 <= len(words) <= 20
        or not 12 <= len(subject) <= 120
        or words[0].lower() not in VERBS
        or _NOISE.search(subject)
        or in_first_person(subject)
        or _is_vague(words, commit)
        or not subject_fits(subject, commit)
    ):
        return None
    subject = subject[0].upper() + subject[1:]
    kept: list[str] = []
    for line in commit.body.splitlines():
        line = line.strip()
        if TRAILER.match(line) or line.startswith(("*", "-", "#", ">", "```", "|")):
            break
        if not line and kept:
            break
        kept.append(line)
    body = _stated(" ".join(" ".join(kept).split()))
    if len(body) > 400 or _NOISE.search(body) or len(body.split()) < 4 or not names_fit(body, commit):
        body = ""
    ended = body if body.endswith((".", "!", '."', ".)")) else f"{body}."
    return f"{subject}. {ended}" if body else f"{subject}."


def _is_vague(words: list[str], commit: Commit) -> bool:
    """Whether a subject says what was touched alone: "Fix pylint errors", "Tweak issue config.yml"."""
    said = _lower_words(" ".join(words[1:]))
    paths = _lower_words(" ".join(file.path for file in commit.files))
    return said <= _VAGUE or (words[0].lower() in _TOUCHES and said <= _VAGUE | paths)


def _lower_words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+", text)}


def _stated(body: str) -> str:
    """The sentences before the first that is none, or in which the author speaks of themselves, wonders or
    advises.
    """
    kept = []
    for sentence in sentences(body):
        if in_first_person(sentence) or _WONDERS.search(sentence) or _HALF.search(sentence):
            break
        kept.append(sentence)
    return " ".join(kept)


def reason(says: str) -> str:
    """The part of such prose that gives a reason, "" where there is none."""
    _, _, body = says.partition(". ")
    return body if _REASON.search(body) else ""


def without_reason(says: str) -> str:
    """The subject of such prose, without the reason for it, which nobody can see in a diff."""
    subject = says.partition(". ")[0].rstrip(".")
    return re.split(r", (?:because|since|as|so|which|like|for|to) | because ", subject)[0]
