"""What a cycle on a repository could read: found by the names of files, no file of which is opened.

Conversations with coding assistants lie in a person's home: those of this repository where the assistant
keeps a folder for each, else those of all of a person's work.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autodidact.errors import UsageError
from autodidact.sources.file_patterns import named
from autodidact.sources.transcripts.record_lines import SUFFIXES

# Files of a place that are counted.
MOST = 100_000
MCP = (".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json", ".gemini/settings.json", ".roo/mcp.json")
_TABLES = ("yaml", "yml", "json", "csv")
# Files of one name that a setting may name, in the repository's folder, or below it in these.
TABLES = {
    "goals": [f"goals.{ending}" for ending in _TABLES],
    "interrupts": [f"interrupts.{ending}" for ending in _TABLES[:3]],
    "knowledge_graph": ["graph.ttl", "graph.csv", "graph.jsonld", "knowledge_graph.csv", "memory.json"],
}
FOLDERS = (".", "docs", "planning", ".autodidact")


@dataclass(frozen=True)
class Place:
    """Files that a setting may name: `what` they are, how many; `own`: of this repository alone."""

    path: Path
    what: str
    files: int
    own: bool = True


def repository_above(start: Path) -> Path:
    """The folder of the git repository that `start` is in. Raises UsageError where it is in none."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    raise UsageError(f"{start} is in no git repository", "Go to one, or name it: --repo PATH.")


def mcp_files(repository: Path) -> list[Path]:
    return [repository / name for name in MCP if (repository / name).is_file()]


def tables(repository: Path) -> dict[str, Path]:
    """Setting to the first file of its names."""
    found = {}
    for setting, names in TABLES.items():
        places = (repository / folder / name for folder in FOLDERS for name in names)
        if path := next((place for place in places if place.is_file() and not place.is_symlink()), None):
            found[setting] = path
    return found


def document_folders(repository: Path) -> list[Place]:
    """Documents near the repository that belong to it by their name: its wiki, its docs."""
    names = (f"{repository.name}.wiki", f"{repository.name}-wiki", f"{repository.name}-docs")
    endings = (".md", ".rst", ".adoc", ".txt")
    places = (Place(repository.parent / name, "documents", 0) for name in names)
    return list(_counted(places, endings))


def transcripts(repository: Path, home: Path) -> list[Place]:
    """Where conversations lie; a place without any is left out."""
    path = str(repository)
    folder = re.sub(r"[^A-Za-z0-9]", "-", path)
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    code = home / ".config/Code/User/globalStorage"
    places = (
        Place(repository / ".aider.chat.history.md", "Aider", 0),
        Place(home / ".claude/projects" / folder, "Claude Code", 0),
        Place(home / ".gemini/tmp" / digest / "chats", "Gemini CLI", 0),
        Place(home / ".pi/agent/sessions" / f"--{folder.strip('-')}--", "Pi", 0),
        Place(home / ".codex/sessions", "Codex", 0, own=False),
        Place(code / "saoudrizwan.claude-dev/tasks", "Cline", 0, own=False),
    )
    return list(_counted(places, SUFFIXES))


def _counted(places: Iterable[Place], endings: tuple[str, ...]) -> Iterator[Place]:
    """The places that have files with these endings, with their number."""
    for place in places:
        if place.path.is_symlink() or not place.path.exists():
            continue
        files = islice(named(str(place.path)), MOST)
        if count := sum(file.name.lower().endswith(endings) for file in files):
            yield Place(place.path, place.what, count, place.own)
