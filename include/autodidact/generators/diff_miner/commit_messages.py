"""What a commit says about itself, where the message is worth learning from.

CommitPackFT (Muennighoff et al. 2023, section 3) keeps commits whose subject starts with an imperative verb,
and drops noise by words: links, commit ids, issue numbers, merges, version bumps.
"""

import re

from autodidact.generators.writing.tables import read_table
from autodidact.sources.git.commits import Commit

VERBS = frozenset(read_table(__file__)["verbs"])

_NOISE = re.compile(
    r"https?://|www\.|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b|#\d+|\bwip\b|fixup!|squash!|\bmerge\b|\btypos?\b"
    r"|\bchangelog\b|\bv?\d+\.\d+(\.\d+|rc|a\d|b\d|dev)"
    r"|\bpre-commit\b|\bversion bump\b|\bbump\b|\blint(er|ing)?\b|cherry.?pick|\bflake8\b|\bisort\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*"
    r"|(?:feat|fix|docs?|refactor|perf|test|chore|build|ci|style)(?:\([^)]*\))?!?:\s*"
    r"|[\w./-]{2,30}:\s+(?=[A-Za-z]))"
)
_TRAILER = re.compile(
    r"^(signed-off-by|co-authored-by|reviewed-by|acked-by|cc|change-id|fix(es|ed)?|clos(es|ed?)|refs?"
    r"|resolves?|see|issue|pr)\b.*[:#]",
    re.IGNORECASE,
)


def message(commit: Commit) -> str | None:
    """What a commit says it does and why, as prose; None unless the message is worth learning from."""
    subject = re.sub(r"\s*\(#\d+\)$", "", commit.subject.strip())
    subject = _PREFIX.sub("", subject).strip().rstrip(".")
    words = subject.split()
    if (
        not 3 <= len(words) <= 20
        or not 12 <= len(subject) <= 120
        or words[0].lower() not in VERBS
        or _NOISE.search(subject)
    ):
        return None
    subject = subject[0].upper() + subject[1:]
    kept: list[str] = []
    for line in commit.body.splitlines():
        line = line.strip()
        if _TRAILER.match(line) or line.startswith(("*", "-", "#", ">", "```", "|")):
            break
        if not line and kept:
            break
        kept.append(line)
    body = " ".join(" ".join(kept).split())
    if len(body) > 400 or _NOISE.search(body) or len(body.split()) < 4:
        body = ""
    return f"{subject}. {body}" if body else f"{subject}."


def without_reason(says: str) -> str:
    """The subject of such prose, without the reason for it, which nobody can see in a diff."""
    subject = says.partition(". ")[0].rstrip(".")
    return re.split(r", (?:because|since|as|so|which|like|for|to) | because ", subject)[0]
