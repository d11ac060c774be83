"""The files that a setting's paths, folders and globs name."""

import fnmatch
import glob
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from autodidact.sources.table_files import shown


def named(pattern: str, troubles=None) -> Iterator[Path]:
    """The plain files that a path, a folder (with everything below) or a glob names, each once.

    A link that the setting itself names is followed. Those that are met below a folder or by a glob are
    counted and left out: whoever may write there could make them lead anywhere, in circles too.
    """
    path = Path(pattern).expanduser()
    if os.path.isfile(path):
        yield path
        return
    base = path
    while glob.has_magic(str(base)):
        base = base.parent
    found: set[Path] = set()
    links: set[Path] = set()
    for match in _matches(base, path.relative_to(base).parts, links.add):
        for file in [match] if os.path.isfile(match) else _below(match, links.add):
            if file not in found and os.path.isfile(file):
                found.add(file)
                yield file
    for link in sorted(links) if troubles else ():
        troubles.add("link not followed", shown(link))


def _matches(folder: Path, parts: tuple[str, ...], skip: Callable[[Path], None]) -> Iterator[Path]:
    """What the parts of a glob name below `folder`, through no link. A `**` at the end is the folder with all
    below it.
    """
    if not parts or set(parts) == {"**"}:
        yield folder
        return
    part, *rest = parts
    if part == "**":
        yield from _matches(folder, tuple(rest), skip)
    for entry in _entries(folder, part):
        if os.path.islink(entry):
            if part != "**" or os.path.isdir(entry):
                skip(entry)
        elif os.path.isdir(entry):
            yield from _matches(entry, parts if part == "**" else tuple(rest), skip)
        elif not rest and part != "**":
            yield entry


def _entries(folder: Path, part: str) -> list[Path]:
    """The entries of a folder that one part of a glob names; hidden ones, if it begins with a dot."""
    if not glob.has_magic(part):
        return [folder / part] if os.path.lexists(folder / part) else []
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # no folder, or not ours to read
        return []
    shown_names = [name for name in names if part.startswith(".") or not name.startswith(".")]
    return [folder / name for name in shown_names if part == "**" or fnmatch.fnmatch(name, part)]


def _below(folder: Path, skip: Callable[[Path], None]) -> Iterator[Path]:
    """The files below a folder, in order."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            if os.path.islink(path := Path(place, name)):
                skip(path)
            elif name in files:
                yield path
