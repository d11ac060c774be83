"""Whether the subject of a commit says what its diff shows: an author may name the reason, another commit's
work, or a part of what was done.

Not taken is a subject about documentation of a diff with code in it; one that does not say that a file is
new; `from A to B` where other things were replaced as well; one that adds something, of a diff that brings no
new word; and one of whose words hardly any occurs in the diff.
"""

import re

from autodidact.shipped_tables import read_table
from autodidact.sources.git.commits_with_diffs import Commit

_VAGUE = frozenset(read_table(__file__)["vague"])

# Of the telling words of a subject, where there are so many, at least this share stands in the diff, by their
# first letters. On httpx, flask and aks-store-demo 3 to 9% of the subjects do not fit.
TELLING, FOUND, STEM = 3, 0.3, 5
_FILLERS = frozenset(
    "also been being have into itself only over same some such than that their them then there these"
    " they this those when where which while will with within without".split()
)
# What says that something was not there before.
_NEW = frozenset(
    "add allow begin bring build create define enable expose generate implement import include install"
    " introduce make move port prepare provide put rename set setup show split start support test use"
    " write".split()
)
_WORDING = frozenset(
    "comment comments doc docs docstring docstrings documentation readme spelling wording".split()
)
_DOCUMENT = re.compile(
    r"\.(md|mdx|rst|txt|adoc)$|(^|/)docs?/|(^|/)(readme|license|contributing)", re.IGNORECASE
)
_TEST = re.compile(r"(^|/)tests?/|(^|[/_.])(test|spec)s?[_.]", re.IGNORECASE)
# A line that is code in most languages, and no comment.
_CODE = re.compile(
    r"^\s*(return|if|else|elif|for|while|import|from \S+ import|def|class|func|fn|let|const|var|pub|public"
    r"|private|raise|throw)\b(?!.*\.$)|[!=<>]=|&&|\|\||[;{}]\s*$|^\s*[\w.\[\]]+\s*:?=\s"
)
_COMMENT = re.compile(r"^\s*(#|//|/\*|\*|--|<!--|;|%)")
_ADDS = frozenset(("add", "include", "introduce"))
_FROM_TO = re.compile(r"\bfrom [`'\"]?([\w.-]+)[`'\"]? to [`'\"]?([\w.-]+)")


def subject_fits(subject: str, commit: Commit) -> bool:
    """Whether a commit may be described by its subject."""
    subject = re.split(r",? (?:because|since|so that) ", subject)[0]
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", subject)]
    return (
        not _hides_code(words, commit)
        and not _hides_new_file(words, commit)
        and not _hides_others(subject, commit)
        and not _adds_nothing(words, commit)
        and _occurs(words, commit)
    )


def names_fit(body: str, commit: Commit) -> bool:
    """Whether all that a body puts in backquotes stands in the diff: an author may mistype a name."""
    text = "\n".join(part for file in commit.files for part in (file.path, file.patch))
    return not any(file.patch for file in commit.files) or all(
        name.strip() in text for name in re.findall(r"`+([^`\n]{1,80})`+", body)
    )


def _changed(commit: Commit, mark: str) -> list[tuple[str, str]]:
    """(path, line) of each line with this mark."""
    return [
        (file.path, line[1:])
        for file in commit.files
        for line in file.patch.splitlines()
        if line.startswith(mark) and not line.startswith(("+++", "---"))
    ]


def _hides_code(words: list[str], commit: Commit) -> bool:
    """A subject about documentation, of a diff with code in it."""
    if not _WORDING.intersection(words):
        return False
    lines = _changed(commit, "+") + _changed(commit, "-")
    return any(
        _CODE.search(line) and not _COMMENT.match(line) for path, line in lines if not _DOCUMENT.search(path)
    )


def _hides_new_file(words: list[str], commit: Commit) -> bool:
    """A subject that neither says that something is new nor names the file that is. A new test belongs to
    what it tests.
    """
    new = [file for file in commit.files if file.status == "A" and not _TEST.search(file.path)]
    added = len(_changed(commit, "+"))
    if not new or 2 * sum(file.patch.count("\n+") for file in new) <= added:
        return False
    paths = _stems(" ".join(file.path for file in new))
    return words[0] not in _NEW and not paths.intersection(_stems(" ".join(words)))


def _hides_others(subject: str, commit: Commit) -> bool:
    """`from A to B`, where lines without an A went as well."""
    named = _FROM_TO.search(subject)
    gone = [line for _, line in _changed(commit, "-") if line.strip()]
    if not named or not gone or named[1].islower() and named[1] in ("the", "a", "an"):
        return False
    with_it = [line for line in gone if named[1].lower() in line.lower()]
    return bool(with_it) and len(with_it) < len(gone) <= 3 * len(with_it)


def _adds_nothing(words: list[str], commit: Commit) -> bool:
    """A subject that something was added, where as many lines as before have no word that they had not: what
    was there was changed.
    """
    new, old = _changed(commit, "+"), _changed(commit, "-")
    if not words or words[0] not in _ADDS or len(new) != len(old) or not new:
        return False
    return _words_of(new) <= _words_of(old)


def _words_of(lines: list[tuple[str, str]]) -> set[str]:
    return {word for _, line in lines for word in re.findall(r"[^\W\d_]{3,}", line)}


def _occurs(words: list[str], commit: Commit) -> bool:
    telling = {word for word in words[1:] if len(word) > 3 and word not in _VAGUE | _FILLERS}
    patches = [file.patch for file in commit.files if file.patch]
    if len(telling) < TELLING or not patches:
        return True
    text = "\n".join([*(file.path for file in commit.files), *patches])
    there = _stems(text)
    joined = re.sub(r"[\W_]+", "", text.lower())
    found = sum(word[:STEM] in there or word in joined for word in telling)
    return found >= FOUND * len(telling)


def _stems(text: str) -> set[str]:
    """The first letters of the words of a text; `HTTPError` and `max_age` are two each."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)
    return {part.lower()[:STEM] for part in parts if len(part) > 2}
