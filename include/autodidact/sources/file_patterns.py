"""The files that a setting's paths, folders and globs name."""

import glob
from collections.abc import Iterator
from pathlib import Path

from autodidact.sources.table_files import shown


def named(pattern: str, troubles=None) -> Iterator[Path]:
    """The plain files that a path, a folder (with everything below) or a glob names.

    A link that the setting itself names is followed. Those that are met below a folder or by a glob are
    counted and left out: whoever may write there could make them lead anywhere.
    """
    path = Path(pattern).expanduser()
    if path.is_file():
        yield path
        return
    base = path
    while glob.has_magic(str(base)):
        base = base.parent
    for match in [path] if path.is_dir() else map(Path, glob.glob(str(path), recursive=True)):
        for file in match.rglob("*") if match.is_dir() and not _by_link(match, base) else [match]:
            if _by_link(file, base):
                if troubles:
                    troubles.add("link not followed", shown(file))
            elif file.is_file():
                yield file


def _by_link(path: Path, base: Path) -> bool:
    """Whether a link lies on the way from `base` to the path."""
    return path != base and any(step.is_symlink() for step in (path, *path.parents) if base in step.parents)
