"""A file of a commit as a question shows it, and where it can be checked."""

import re
from dataclasses import dataclass
from typing import Any

from autodidact.sources.code.definitions import is_test
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from autodidact.sources.git.hunks import Hunk

# Programs, which a change is about rather than its settings and documents.
SOURCES = tuple(".py .rs .go .js .ts .tsx .jsx .java .c .h .cc .cpp .rb .sh".split())
_DEFINITION = re.compile(r"\s*(?:async )?(?:def|class) (\w+)")


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
    made: dict[str, Any] = {
        "kind": "git",
        "ref": f"{commit.sha}:{file.path}",
        "commit": commit.sha,
        "path": file.path,
        "ask": ask,
    }
    if found:
        made["lines"] = [found[0].new, found[-1].new + max(len(found[-1].after()), 1) - 1]
    return made


def stands_alone(commit: Commit) -> bool:
    """Whether a commit changes one file of code, tests aside: of several, one may be right only with the
    others.
    """
    sources = [file for file in commit.files if file.path.endswith(SOURCES) and not is_test(file.path)]
    return len(sources) <= 1 and not commit.truncated
