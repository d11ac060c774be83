"""Where a checkout keeps its runs, and what a relative path means.

A checkout is the nearest folder, at or above the working directory, that has `.autodidact` (what `make cycle`
and `make standalone` write) or `autodidact.toml`; without one it is the working directory. Its store, its
Chronicle and its repository are the defaults, so that the command finds what `make cycle` made from any of
its sub-folders. A relative path in autodidact.toml starts at that file's folder; in a variable, in `--set`
and on the command line it starts at the working directory.
"""

from pathlib import Path
from typing import Any

MARKS = (".autodidact", "autodidact.toml")
# Settings that are paths, or lists of them, where they are not addresses.
PATHS = (
    "store",
    "sources.repository",
    "sources.repositories",
    "sources.sessions",
    "sources.mcp",
    "sources.knowledge_graph",
    "sources.goals",
    "sources.interrupts",
    "sources.documents",
    "sources.affect",
    "sources.wikipedia.dump",
    "benchmark.families",
)
SQLITE = "sqlite:///"


def checkout(start: Path) -> Path:
    """The folder that has a mark, `start` or the nearest above it; `start` itself where none has."""
    start = start.absolute()
    folders = (start, *start.parents)
    return next((folder for folder in folders if any((folder / mark).exists() for mark in MARKS)), start)


def defaults(folder: Path) -> dict:
    """The settings of a checkout that are places, as absolute paths."""
    runs = folder / ".autodidact"
    return {
        "store": str(runs / "store"),
        "chronicle": {"url": f"{SQLITE}{runs / 'chronicle.db'}"},
        "sources": {"repository": str(folder)},
    }


def absolute(settings: dict, folder: Path) -> dict:
    """The same settings, nested as TOML nests them, with relative paths starting at `folder`."""
    return _walk(settings, folder, "")


def _walk(value: Any, folder: Path, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _walk(below, folder, f"{key}.{name}" if key else name) for name, below in value.items()}
    if key == "chronicle.url":
        return _database(value, folder)
    if key in PATHS:
        return [_path(one, folder) for one in value] if isinstance(value, list) else _path(value, folder)
    return value


def _path(value: Any, folder: Path) -> Any:
    if not isinstance(value, str) or not value.strip():
        return value
    if value.startswith("~") or ":" in value.partition("/")[0]:  # somebody's home, an address
        return value
    return str(folder.absolute() / value)


def _database(value: Any, folder: Path) -> Any:
    if isinstance(value, str) and value.startswith(SQLITE):
        file, question, options = value.removeprefix(SQLITE).partition("?")
        return f"{SQLITE}{_path(file, folder)}{question}{options}"
    return _path(value, folder)
