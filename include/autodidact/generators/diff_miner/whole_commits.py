"""What one commit teaches as a whole: what it does and why, its message, the edit, the difference of two
versions, and what it leaves alone.
"""

import posixpath
import random
import re
from collections.abc import Iterator

from autodidact.generators.diff_miner.shown_diff import Shown, block, source
from autodidact.generators.diff_miner.subject_implies_edit import implied
from autodidact.generators.diff_miner.usable_commit_messages import reason, without_reason
from autodidact.generators.writing.facts_into_words import listing, lower
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.unread import Unread

# Of the commits: a question about a file that they leave alone.
ABSENT_SHARE = 0.2
# Letters by which two words are taken for one.
_STEM = 5
# Names of new or removed functions and classes in an answer.
MOST_NAMES = 4

_ASK = read_table(__file__)["commit"]
EXPLAIN, MESSAGE, _EDIT, _VERSIONS, _ABSENT = (
    _ASK[kind] for kind in ("explain", "message", "edit", "versions", "absent")
)
# The same of a commit of one file, and of one whose message gives a reason.
EXPLAIN_FILE, WHY, WHY_FILE = (_ASK[kind] for kind in ("explain_file", "why", "why_file"))

LANGUAGES = {
    ".py": "python",
    ".js": "js",
    ".ts": "ts",
    ".go": "go",
    ".rs": "rust",
    ".c": "c",
    ".sh": "sh",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
}


def to_examples(
    commit: Commit, shown: list[Shown], says: str, paths: list[str], rng: random.Random
) -> Iterator[Example]:
    """What one commit teaches as a whole. `paths`: files of other commits. The message is `says`."""
    path, first = shown[0].file.path, shown[0]
    diff = block("diff", "\n".join(part.diff() for part in shown))
    rest = len(commit.files) + len(commit.left_out) - len(shown)
    note = f"\n({rest} more file{'s' if rest > 1 else ''} of the commit not shown.)" if rest else ""

    def row(ask: str, user: str, answer: str) -> Example:
        return example(
            "diff_miner",
            "code_review",
            user,
            answer,
            source(commit, first.file, first.hunks, ask),
            time=commit.committer_time,
        )

    if (rest and not speaks_of(says, shown)) or removes_nothing(says, shown):
        return  # the message is about what is not shown, or wrong
    if len(shown) > 1 and not all(speaks_of(says, [part]) for part in shown):
        return  # it is about one of several changes
    if rng.random() < 0.7:
        ask, answer = _explanation(says, len(shown) == 1 and not rest, rng)
        yield row("explain", f"{ask.format(path=path)}\n{diff}{note}", f"{answer} {_changes(shown)}")
    else:
        yield row("message", f"{rng.choice(MESSAGE)}\n{diff}{note}", without_reason(says))
    others = [
        other
        for other in paths
        if other not in {f.path for f in commit.files} | {f.old_path for f in commit.files}
    ]
    if others and rng.random() < ABSENT_SHARE:
        ask, begins = rng.choice(_ABSENT)
        answer = f"{begins}: the commit changes only {listing(f'`{part.file.path}`' for part in shown)}."
        if answer := _not_shown(commit, shown).closed(answer, "files"):
            yield row("absent", f"{ask.format(other=rng.choice(others))}\n{diff}", answer)
    if len(shown) == 1 and len(first.hunks) == 1 and first.file.status in "MR":
        yield from _versions(first, says, rng, row)


def _explanation(says: str, alone: bool, rng: random.Random) -> tuple[str, str]:
    """A question about a commit and its answer; `alone`: it changes one file. Why is asked only where the
    message says why.
    """
    why = reason(says)
    if why and rng.random() < 0.5:
        order = says.partition(". ")[0].rstrip(".")
        return rng.choice([*WHY, *(WHY_FILE if alone else ())]), f"{why} The change: {lower(order)}."
    return rng.choice([*EXPLAIN, *(EXPLAIN_FILE if alone else ())]), says


def speaks_of(says: str, shown: list[Shown]) -> bool:
    """Whether the subject of a commit has a word of the shown part, or of its paths."""
    there = _words(" ".join(f"{part.file.path} {part.diff()}" for part in shown))
    return bool(_words(says.split(". ")[0]) & there)


def removes_nothing(says: str, shown: list[Shown]) -> bool:
    """Whether a subject says that something goes where as much comes as goes."""
    added, gone = (sum(part.count(sign) for part in shown) for sign in "+-")
    return bool(re.match(r"(remov|delet|drop)\w*\b", says, re.IGNORECASE)) and added >= gone


def _words(text: str) -> set[str]:
    """The beginnings of the longer words of a text, so that `test` and `tests` are one."""
    return {
        word[:_STEM].lower()
        for word in re.findall(r"[^\W\d_]{4,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    }


def _not_shown(commit: Commit, shown: list[Shown]) -> Unread:
    """What the commit changes besides."""
    unread, paths = Unread(), {part.file.path for part in shown}
    for why, path in commit.left_out:
        unread.add("files", why, path)
    for file in commit.files:
        if file.path not in paths:
            unread.add("files", "not shown", file.path)
    return unread


def _versions(shown: Shown, says: str, rng: random.Random, row) -> Iterator[Example]:
    """The edit from before to after, and the difference of the two, of the only hunk there is."""
    before, after = shown.hunks[0].before(), shown.hunks[0].after()
    if (
        not any(line.strip() for line in before)
        or not any(line.strip() for line in after)
        or len(before) + len(after) > 80
    ):
        return
    path = shown.file.path
    language = LANGUAGES.get(posixpath.splitext(path)[1], "")
    old, new = block(language, "\n".join(before)), block(language, "\n".join(after))
    order = says.split(". ")[0].rstrip(".")
    if implied(order, before, after):
        yield row("edit", rng.choice(_EDIT).format(order=order, path=path, code=old), new)
    if rng.random() < 0.35:
        yield row(
            "versions",
            rng.choice(_VERSIONS).format(path=path, before=old, after=new),
            f"{says} {_changes([shown])}",
        )


def _changes(shown: list[Shown]) -> str:
    """Which files, how many lines, which names are new and which are gone."""
    parts = []
    touched = [f"`{part.file.path}` (+{part.count('+')} -{part.count('-')})" for part in shown if part.hunks]
    moved = [f"`{part.file.old_path}` to `{part.file.path}`" for part in shown if part.file.status == "R"]
    if touched:
        parts.append(f"It changes {listing(touched)}.")
    if moved:
        parts.append(f"It renames {listing(moved)}.")
    added = [name for part in shown for name in part.defined("+")]
    removed = [name for part in shown for name in part.defined("-")]
    if set(added) - set(removed) and set(removed) - set(added):
        # One may be the other under a new name.
        return " ".join(parts)
    for word, names, others in (("New", added, removed), ("Gone", removed, added)):
        names = [name for name in dict.fromkeys(names) if name not in others]
        if 0 < len(names) <= MOST_NAMES:
            parts.append(f"{word}: {listing(f'`{name}`' for name in names)}.")
    return " ".join(parts)
