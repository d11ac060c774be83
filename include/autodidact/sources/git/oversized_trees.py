"""The files of a commit that has more paths than can be listed: a few small trees inside each other stand for
any number of them.

A tree is counted once however often it occurs, so that counting takes as long as there are trees. The
smallest files and folders of each folder are kept as long as there is room, and the others left out by name.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from autodidact.sources.bounded_process_output import Pipe
from autodidact.sources.git.run_git import stream

# Of one commit; Chromium has 450,000.
MAX_PATHS = 500_000
# Of all of them together.
MAX_BYTES = 100_000_000
# Bytes of one tree object.
MAX_TREE = 50_000_000
# Different ones of a commit.
MAX_TREES = 500_000
# Of folders in folders; a path has at most 4,096 characters on Linux.
MAX_DEPTH = 500

_FOLDER = "40000"


class TreeEntry(NamedTuple):
    """`path` is from the root in what is listed, a name in what is read of a tree."""

    mode: str
    path: bytes
    id: str


class Size(NamedTuple):
    """What an entry unfolds into: paths, and their bytes."""

    paths: int
    bytes: int


# Of what is nested too deep to be counted.
_ENDLESS = Size(MAX_PATHS + 1, MAX_BYTES + 1)


def unfolded(folder: Path, commit: str) -> tuple[list[tuple[TreeEntry, int]], list[bytes]]:
    """The entries that can be listed, with the sizes of their blobs, and the paths left out. `folder`: the
    git folder. Raises Stalled.
    """
    pipe = stream(folder, "cat-file", "--batch", writable=True)
    try:
        trees = _Trees(lambda name: _tree(pipe, name))
        listed, left = trees.kept(f"{commit}^{{tree}}")
    finally:
        pipe.close()
    sizes = _sizes(folder, dict.fromkeys(entry.id for entry in listed))
    return [(entry, sizes.get(entry.id, 0)) for entry in listed], left


def _tree(pipe: Pipe, name: str) -> list[TreeEntry]:
    """The entries of a tree object; none of one that cannot be read."""
    pipe.write(name.encode("ascii") + b"\n")
    header = pipe.line().split()
    if len(header) != 3:
        return []
    kept = header[1] == b"tree" and int(header[2]) <= MAX_TREE
    data = pipe.take(int(header[2]), keep=kept)
    pipe.take(1)
    # An id has 20 bytes, or 32 in a repository of SHA-256.
    width, found, at = len(header[0]) // 2, [], 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode, _, path = data[at:end].partition(b" ")
        at = end + 1 + width
        if end < 0 or at > len(data):
            return []
        found.append(TreeEntry(mode.decode("ascii", "replace").lstrip("0"), path, data[end + 1 : at].hex()))
    return found


def _sizes(folder: Path, blobs: dict[str, None]) -> dict[str, int]:
    pipe, found = stream(folder, "cat-file", "--batch-check", writable=True), {}
    try:
        for blob in blobs:
            pipe.write(blob.encode("ascii") + b"\n")
            row = pipe.line().split()
            if len(row) == 3 and row[1] == b"blob":
                found[blob] = int(row[2])
    finally:
        pipe.close()
    return found


class _Trees:
    def __init__(self, read: Callable[[str], list[TreeEntry]]):
        self._read = read
        self._entries: dict[str, list[TreeEntry]] = {}
        self._sizes: dict[str, Size] = {}

    def kept(self, root: str) -> tuple[list[TreeEntry], list[bytes]]:
        """The entries that are listed, and the paths left out."""
        self._measure(root)
        paths = size = 0
        listed: list[TreeEntry] = []
        left: list[bytes] = []
        tree, path = root, b""
        while True:
            large = []
            for entry in sorted(self._entries[tree], key=lambda entry: self._size(entry).paths):
                more = self._size(entry)
                if (
                    paths + more.paths <= MAX_PATHS
                    and size + more.bytes + more.paths * len(path) <= MAX_BYTES
                ):
                    paths, size = paths + more.paths, size + more.bytes + more.paths * len(path)
                    listed += self._walk(entry._replace(path=path + entry.path))
                else:
                    large.append(entry._replace(path=path + entry.path))
            # A folder may be too large for one that is in it. With several it would not be clear which one it
            # is.
            if len(large) != 1 or large[0].mode != _FOLDER or large[0].path.count(b"/") >= MAX_DEPTH:
                return listed, left + [entry.path for entry in large]
            tree, path = large[0].id, large[0].path + b"/"

    def _walk(self, entry: TreeEntry) -> Iterator[TreeEntry]:
        waiting = [entry]
        while waiting:
            entry = waiting.pop()
            if entry.mode == _FOLDER:
                waiting += [
                    inner._replace(path=entry.path + b"/" + inner.path) for inner in self._entries[entry.id]
                ]
            else:
                yield entry

    def _size(self, entry: TreeEntry) -> Size:
        if entry.mode != _FOLDER:
            return Size(1, len(entry.path))
        inner = self._sizes.get(entry.id, _ENDLESS)
        return Size(inner.paths, inner.bytes + inner.paths * (len(entry.path) + 1))

    def _measure(self, root: str) -> None:
        """The sizes of all trees, those inside before those around them."""
        waiting = [(root, 0)]
        while waiting:
            tree, depth = waiting[-1]
            if tree not in self._entries:
                self._entries[tree] = self._read(tree) if len(self._entries) < MAX_TREES else []
                inner = {
                    entry.id
                    for entry in self._entries[tree]
                    if entry.mode == _FOLDER and entry.id not in self._entries
                }
                if depth < MAX_DEPTH:
                    waiting += [(child, depth + 1) for child in inner]
                continue
            waiting.pop()
            if tree not in self._sizes:
                sizes = [self._size(entry) for entry in self._entries[tree]]
                self._sizes[tree] = Size(sum(size.paths for size in sizes), sum(size.bytes for size in sizes))
