"""The texts of the forgotten sources, as far as they can still be read, and those of all other sources: what
their own words are found by (distinguishing_words.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.forget.distinguishing_words import decoded
from autodidact.settings import Settings
from autodidact.sources.file_patterns import named
from autodidact.sources.forgotten_sources import Forgotten
from autodidact.sources.git.repository import Repository
from autodidact.sources.git.run_git import run, text
from autodidact.sources.reading_limits import OverBudget
from autodidact.sources.table_files import shown

# Of one file outside the repository, in bytes: of a longer one the beginning is read.
MOST_BYTES = 50_000_000
# Paths and contents of a repository's history that are looked through.
MOST_PATHS = 1_000
MOST_BLOBS = 20_000


@dataclass
class History:
    """A repository's files in all its commits up to some."""

    repository: Repository
    commits: list[str]
    forgotten: Forgotten

    def names(self) -> Iterator[str]:
        """The paths of the forgotten files, and what code calls them."""
        return (f"{path} {module_of(path)}" for path in self._touched()[0])

    def source(self) -> Iterator[str]:
        """The forgotten files in every form that they had, and the messages of commits that touched nothing
        else.
        """
        paths, alone = self._touched()
        for start in range(0, min(len(paths), MOST_PATHS), 100):
            part = paths[start : start + 100]
            listed = text(run(self.repository.folder, "rev-list", "--objects", *self.commits, "--", *part))
            rows = (line.split(" ", 1) for line in listed.splitlines() if " " in line)
            blobs = [blob for blob, path in rows if self.forgotten.path(path)]
            for _, data in self.repository.read_many(blobs[:MOST_BLOBS]):
                yield decoded(data)
        for start in range(0, len(alone), 100):
            shas = alone[start : start + 100]
            yield text(run(self.repository.folder, "log", "--no-walk", "--format=%B", *shas, "--"))

    def _touched(self) -> tuple[list[str], list[str]]:
        """(forgotten paths that any commit touched, commits that touched nothing else)"""
        paths: dict[str, None] = {}
        alone = []
        options = ("--format=%x01%H", "--name-only", "-z", "--no-renames")
        listed = text(run(self.repository.folder, "log", *options, *self.commits, "--"))
        for entry in listed.split("\x01")[1:]:
            sha, *names = (part.strip("\n") for part in entry.split("\0"))
            names = [name for name in names if name]
            mine = [name for name in names if self.forgotten.path(name)]
            paths.update(dict.fromkeys(mine))
            if mine and len(mine) == len(names):
                alone.append(sha)
        return list(paths), alone

    def others(self) -> Iterator[str]:
        """The other files at these commits."""
        read: set[str] = set()
        for commit in self.commits:
            with self.repository.at(commit) as there:
                entries = [e for e in there.files(vendored=True) if not self.forgotten.path(e.path)]
                yield " ".join(f"{entry.path} {module_of(entry.path)}" for entry in entries)
                blobs = [entry.blob for entry in entries]
                for blob, data in there.read_many(each for each in blobs if each not in read):
                    read.add(blob)
                    yield decoded(data)


def own_name(path: str) -> str:
    """The last part of a path, or of a reference: its folders have other files too."""
    return path.rstrip("/").rpartition("/")[2]


def module_of(path: str) -> str:
    """How code and models call a file of Python."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def histories(cycles: Iterable[Any], forgotten: Forgotten) -> list[History]:
    """The repositories that the cycles read, at their commits, as far as they are here."""
    commits: dict[tuple[str, str | None], list[str]] = {}
    for cycle in cycles:
        for each in cycle.repositories:
            commits.setdefault((each["path"], each.get("name")), []).append(each["commit"])
    found = []
    for (path, name), shas in commits.items():
        there = [sha for sha in dict.fromkeys(shas) if _has(path, sha)]
        if there:
            of_it = forgotten.within(name) if name else forgotten
            found.append(History(Repository(path, there[-1]), there, of_it))
    return found


def _has(path: str, commit: str) -> bool:
    try:
        Repository(path, commit).close()
    except (AutodidactError, OSError):
        return False
    return True


def git_texts(history: History, *, source: bool) -> Iterator[str]:
    """The texts of the forgotten files (`source`), or of the others; where git is out of time, those so
    far.
    """
    try:
        yield from history.source() if source else history.others()
    except OverBudget:
        return
    finally:
        history.repository.close()


def files_beside(settings: Settings, forgotten: Forgotten, *, source: bool) -> Iterator[str]:
    """The texts of the files outside the repository that are forgotten (`source`), or of the others."""
    sources = settings.sources
    single = (sources.mcp, sources.knowledge_graph, sources.goals, sources.interrupts, sources.affect)
    patterns = [*sources.sessions, *sources.documents, *(each for each in single if each)]
    for path in sorted({path for pattern in patterns for path in named(pattern)}):
        if forgotten.conversation(shown(path)) == source:
            yield _beginning(path)


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return decoded(file.read(MOST_BYTES))
    except OSError:
        return ""


def said_by(row: Any) -> Iterator[str]:
    """The texts of a record that came from its source: an example's messages, a question's answer."""
    for message in row.get("messages") or ():
        yield message.get("content") or ""
        yield from (str(call) for call in message.get("tool_calls") or ())
    for name in ("subject", "reserved", "answer", "value", "says"):
        if isinstance(row.get(name), str):
            yield row[name]
    yield from (each for each in row.get("accept") or () if isinstance(each, str))
    yield own_name(row["source"]["ref"])
