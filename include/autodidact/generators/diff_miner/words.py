"""How a commit is told: what it does and why, its message, the edit, the difference of two versions, and what
it leaves alone.
"""

import posixpath
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autodidact.generators.writing.wording import listing
from autodidact.records import Example, example
from autodidact.sources.git.commits import Commit, FileDiff
from autodidact.sources.git.hunks import Hunk

EXPLAIN = (
    "What does this change do, and why?",
    "Explain this diff.",
    "Summarise this commit in a sentence or two.",
    "What is this commit about?",
    "I am about to merge this. What does it change?",
    "Walk me through this patch.",
    "Why was `{path}` changed here?",
    "Describe the change to `{path}`.",
    "tl;dr of this diff?",
    "I find this in the history. What was it for?",
)
MESSAGE = (
    "Write the commit message for this diff.",
    "Commit message for this?",
    "Suggest a commit message in the imperative.",
    "I staged this. What do I write into `git commit -m`?",
)
EDIT = (
    "{order}. This is the place in `{path}`:\n{code}",
    "How would you make this change in `{path}`: {order}?\n{code}",
    "Change this part of `{path}`. What is wanted: {order}.\n{code}",
    "{code}\nThis is from `{path}`. {order}.",
    "Edit `{path}`. Task: {order}. Show only the new version of this part.\n{code}",
    "Task: {order}\nFile: {path}\n{code}",
)
VERSIONS = (
    "What changed in `{path}` between these two versions, and why?\nBefore:\n{before}\nAfter:\n{after}",
    "Before:\n{before}\nAfter:\n{after}\nBoth are from `{path}`. What was done here?",
    "Compare the old and the new version of this part of `{path}`.\nOld:\n{before}\nNew:\n{after}",
)
ABSENT = (  # the question, and how its answer begins
    ("How does this commit change `{other}`?", "Not at all"),
    ("What does this diff do to `{other}`?", "Nothing"),
    ("Does this patch touch `{other}`?", "No"),
    ("Which lines of `{other}` are different after this commit?", "None"),
)
# Of the commits told: a question about a file that they leave alone.
ABSENT_SHARE = 0.2

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
_DEFINITION = re.compile(r"\s*(?:async )?(?:def|class) (\w+)")
MOST_NAMES = 4


@dataclass
class Shown:
    """A file of a commit with its hunks."""

    file: FileDiff
    hunks: list[Hunk]

    def diff(self) -> str:
        """As git prints it, without the index line."""
        file = self.file
        before = "/dev/null" if file.before_blob is None else f"a/{file.old_path}"
        after = "/dev/null" if file.after_blob is None else f"b/{file.path}"
        renamed = [f"rename from {file.old_path}", f"rename to {file.path}"] if file.status == "R" else []
        names = [f"--- {before}", f"+++ {after}"] if self.hunks else []
        return "\n".join([*renamed, *names, *(hunk.text() for hunk in self.hunks)])

    def count(self, sign: str) -> int:
        return sum(line[0] == sign for hunk in self.hunks for line in hunk.lines)

    def defined(self, sign: str) -> list[str]:
        """The functions and classes whose first line was added or removed."""
        if not self.file.path.endswith(".py"):
            return []
        return [
            match[1]
            for hunk in self.hunks
            for line in hunk.lines
            if line[0] == sign and (match := _DEFINITION.match(line[1:]))
        ]


def block(language: str, text: str) -> str:
    """A fenced block; the fence is longer than any in the text."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"^[ +-]?\s*(`{3,})", text, re.MULTILINE))])
    return f"{fence}{language}\n{text}\n{fence}"


def source(commit: Commit, file: FileDiff, found: list[Hunk], ask: str) -> dict:
    """Where the example can be checked: the commit, the path, and the lines of the new file that are
    shown."""
    made = {
        "kind": "git",
        "ref": f"{commit.sha}:{file.path}",
        "commit": commit.sha,
        "path": file.path,
        "ask": ask,
    }
    if found:
        made["lines"] = [found[0].new, found[-1].new + max(len(found[-1].after()), 1) - 1]
    return made


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

    if rng.random() < 0.7:
        yield row(
            "explain", f"{rng.choice(EXPLAIN).format(path=path)}\n{diff}{note}", f"{says} {_changes(shown)}"
        )
    else:
        subject, _, body = says.partition(". ")
        yield row(
            "message",
            f"{rng.choice(MESSAGE)}\n{diff}{note}",
            f"{subject.rstrip('.')}\n\n{body}" if body else subject.rstrip("."),
        )
    others = [
        other
        for other in paths
        if other not in {f.path for f in commit.files} | {f.old_path for f in commit.files}
    ]
    if others and not rest and rng.random() < ABSENT_SHARE:
        asked, begins = rng.choice(ABSENT)
        answer = f"{begins}: the commit changes only {listing(f'`{part.file.path}`' for part in shown)}."
        yield row("absent", f"{asked.format(other=rng.choice(others))}\n{diff}", answer)
    if len(shown) == 1 and len(first.hunks) == 1 and first.file.status in "MR":
        yield from _versions(first, says, rng, row)


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
    yield row("edit", rng.choice(EDIT).format(order=order, path=path, code=old), new)
    if rng.random() < 0.35:
        yield row(
            "versions",
            rng.choice(VERSIONS).format(path=path, before=old, after=new),
            f"{says} {_changes([shown])}",
        )


def _changes(shown: list[Shown]) -> str:
    """Which files, how many lines, which names are new and which are gone."""
    said = []
    touched = [f"`{part.file.path}` (+{part.count('+')} -{part.count('-')})" for part in shown if part.hunks]
    moved = [f"`{part.file.old_path}` to `{part.file.path}`" for part in shown if part.file.status == "R"]
    if touched:
        said.append(f"It changes {listing(touched)}.")
    if moved:
        said.append(f"It renames {listing(moved)}.")
    added = [name for part in shown for name in part.defined("+")]
    removed = [name for part in shown for name in part.defined("-")]
    for word, names, others in (("New", added, removed), ("Gone", removed, added)):
        names = [name for name in dict.fromkeys(names) if name not in others]
        if 0 < len(names) <= MOST_NAMES:
            said.append(f"{word}: {listing(f'`{name}`' for name in names)}.")
    return " ".join(said)
