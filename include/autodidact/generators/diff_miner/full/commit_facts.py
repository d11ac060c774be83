"""What was read of one commit: its message, its diff, the functions and values that it changes, its tests."""

import ast
import re
from functools import cached_property

from autodidact.errors import AutodidactError
from autodidact.generators.diff_miner.full.definition_changes import Parsed, compare_files
from autodidact.generators.diff_miner.full.quotable_commit_message import Message
from autodidact.generators.diff_miner.shown_diff import SOURCES, Shown
from autodidact.generators.diff_miner.whole_commits import speaks_of
from autodidact.sources.code.definitions import is_test
from autodidact.sources.git.commits_with_diffs import Commit
from autodidact.sources.git.repository import Repository

# Characters of a file that is parsed.
MOST_TEXT = 200_000
# Files of a commit that are parsed.
MOST_PARSED = 8
# Characters of a line that may define a name.
LONGEST_LINE = 400

CHANGELOG = re.compile(r"(^|/)(changes|changelog|history|news|whatsnew)[\w.-]*(/|$)", re.IGNORECASE)
# Lists that a commit of any kind adds a line to.
ASIDE = re.compile(
    r"(^|/)(contributors|authors|thanks|maintainers|\.gitignore|\.mailmap|\.pre-commit-config"
    r"|[\w-]+\.lock)\b",
    re.IGNORECASE,
)
DOCUMENT = re.compile(r"\.(md|rst|txt|adoc)$|(^|/)docs?/", re.IGNORECASE)
_PERSON = re.compile(r"^(?:[\w-]+-by|cc):.*$", re.IGNORECASE | re.MULTILINE)


class Change:
    """One commit. `files`: what of it can be shown; `complete`: that is all of it."""

    def __init__(self, commit: Commit, message: Message, files: list[Shown], repository: Repository):
        self.commit, self.message, self.files, self._repository = commit, message, files, repository
        self.complete = len(files) == len(commit.files) and not commit.left_out and not commit.truncated
        self.code = [
            f
            for f in files
            if not is_test(f.file.path)
            and not CHANGELOG.search(f.file.path)
            and not ASIDE.search(f.file.path)
        ]

    @property
    def sha(self) -> str:
        return self.commit.sha[:9]

    @cached_property
    def spoken_of(self) -> bool:
        """Whether its subject has a word of the files that can be shown, or of their paths."""
        return speaks_of(self.message.subject, self.files)

    @cached_property
    def code_spoken_of(self) -> bool:
        """The same of its code alone."""
        return speaks_of(self.message.subject, self.code)

    @property
    def date(self) -> str:
        return self.commit.author_day

    @property
    def path(self) -> str:
        """The file that the change is about."""
        return self.main.file.path

    @property
    def main(self) -> Shown:
        """The file that the change is about: a source before others, the one with most changed lines."""
        return max(
            self.code or self.files,
            key=lambda f: (f.file.path.endswith(SOURCES), f.count("+") + f.count("-")),
        )

    @property
    def hidden(self) -> str:
        """A remark on the files that are not in `diff`; "" where it shows all."""
        shown = {f.file.path for f in self.code}
        paths = [file.path for file in self.commit.files] + [path for _, path in self.commit.left_out]
        left = [path for path in paths if path and path not in shown]
        rest = len(paths) - len(shown) - 1
        if rest < 0:
            return ""
        more = f" and {rest} more file{'s' if rest > 1 else ''}" if rest else ""
        return f"(Not shown: {left[0]}{more}.)" if left else "(Not all files are shown.)"

    def diff(self, files: list[Shown] | None = None) -> str:
        """These files of it, or those that are neither tests nor changelogs, as git prints them."""
        return "\n".join(part.diff() for part in (self.code if files is None else files))

    @cached_property
    def printed(self) -> str | None:
        """The whole commit as git shows it, without the people of its trailers; None where something of it
        is left out.
        """
        if not self.complete or self.commit.invalid:
            return None
        body = re.sub(r"\n{3,}", "\n\n", _PERSON.sub("", self.commit.body)).strip()
        text = f"{self.commit.subject}\n\n{body}".strip()
        message = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
        diffs = "\n".join(f"diff --git a/{f.file.old_path} b/{f.file.path}\n{f.diff()}" for f in self.files)
        return f"commit {self.commit.sha}\nDate:   {self.date}\n\n{message}\n\n{diffs}"

    def blob(self, name: str | None) -> str | None:
        """A file's text; None where it cannot be read or is too long."""
        if name is None:
            return ""
        try:
            text = self._repository.read(name).decode("utf-8")
        except (AutodidactError, UnicodeDecodeError):
            return None
        return (
            text.replace("\r\n", "\n")
            if len(text) <= MOST_TEXT and "\r" not in text.replace("\r\n", "")
            else None
        )

    @cached_property
    def parsed(self) -> Parsed:
        """What is different in its Python files."""
        found = Parsed()
        files = [f for f in self.files if f.file.path.endswith(".py")]
        found.whole = len(files) <= MOST_PARSED and all(
            f.file.path.endswith(".py") or DOCUMENT.search(f.file.path) for f in self.code
        )
        for shown in files[:MOST_PARSED]:
            sources = [self.blob(name) for name in (shown.file.before_blob, shown.file.after_blob)]
            try:
                trees = [ast.parse(text) if text is not None else None for text in sources]
                if None in trees:
                    found.whole = False
                    continue
                compare_files(found, shown.file.path, sources, trees)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                found.whole = False
        gone, come = ({d.short for d in side} for side in (found.removed, found.added))
        # What goes here and comes there has moved; what a changed line named was there in another form.
        found.added = [d for d in found.added if d.short not in gone and not self._named("-", d.short)]
        found.removed = [d for d in found.removed if d.short not in come and not self._named("+", d.short)]
        return found

    def around(self, shown: Shown, line: int) -> str | None:
        """The innermost function or class of a Python file around a line of its new version; None outside of
        any, or where the file cannot be read.
        """
        try:
            tree = ast.parse(self.blob(shown.file.after_blob) or "")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        names: list[str] = []
        nodes = list(tree.body)
        while nodes:
            node = nodes.pop()
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            if node.lineno <= line <= (node.end_lineno or 0):
                names += [node.name] if isinstance(node, kinds) else []
                nodes = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
        return ".".join(names) or None

    def _named(self, sign: str, name: str) -> bool:
        """Whether a line that goes, or one that comes, defines or imports this name."""
        word = re.compile(
            rf"\b(?:def|class|import|as)\b.*\b{re.escape(name)}\b|^\s*{re.escape(name)}\b.*[=,]"
        )
        lines = [line for f in self.files for hunk in f.hunks for line in hunk.lines if line[0] == sign]
        lines = [line for line in lines if len(line) <= LONGEST_LINE]
        return any(word.search(line[1:]) for line in lines)

    def read_now(self, path: str) -> str | None:
        """A file at the cycle's commit; None where it is not there or cannot be read."""
        return self._read(self._repository.commit, path)

    def _read(self, sha: str, path: str) -> str | None:
        data = self._repository.read_at(sha, path)
        try:
            return data.decode("utf-8") if data is not None and len(data) <= MOST_TEXT else None
        except UnicodeDecodeError:
            return None
