"""Which files there are, and their records one after another, in memory bounded by the longest record that is
read.
"""

import codecs
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from autodidact.sources.file_patterns import named

# Bytes; a longer line or object is skipped.
MAX_LINE = 10_000_000
PIECE = 1 << 20
_BETWEEN = re.compile(r"[ \t\r\n,]*+")
# Read below folders and by globs; a file that is named is read whatever its name.
SUFFIXES = (".jsonl", ".json", ".ndjson", ".traj", ".chat.history.md")


def files(patterns: Iterable[str], troubles=None) -> list[Path]:
    """The transcript files that paths, folders (with everything below) and globs name, sorted, each once
    (file_patterns.py).
    """
    found = {(pattern, file) for pattern in patterns for file in named(pattern, troubles)}
    return sorted({f for pattern, f in found if f.name.endswith(SUFFIXES) or f == Path(pattern).expanduser()})


def opened(path: Path) -> IO[bytes]:
    """The file for reading; OSError when it is anything but a plain file."""
    # A pipe in its place must not block.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("not a plain file")
    return os.fdopen(handle, "rb", buffering=PIECE)


def records(
    stream: IO[bytes], line: int, offset: int, digest, ref: str, troubles
) -> Iterator[tuple[int, int, Any, bool]]:
    """(line, offset of its start, its bytes, whether it ends) from `offset` on, where `line` lines lie
    before; no bytes of one too long.

    `digest` takes in each line after it was given. A file that holds one object, or a list of them, over
    several lines is read so: the number is then that of the item, there is no offset (-1), and instead of
    bytes comes the object.
    """
    stream.seek(offset)
    while piece := stream.readline(PIECE):
        if offset == 0 and (kind := _whole(piece)):
            yield from (
                (number, -1, item, True) for number, item in _items(stream, kind, digest, ref, troubles)
            )
            return
        pieces, length = [piece], len(piece)
        while not pieces[-1].endswith(b"\n") and (piece := stream.readline(PIECE)):
            length += len(piece)
            if length > MAX_LINE:
                # Nothing of it is kept.
                for part in pieces:
                    digest.update(part)
                pieces = []
            pieces.append(piece)
        text = b"".join(pieces) if len(pieces) > 1 else pieces[0]
        line += 1
        yield line, offset, text if length <= MAX_LINE else None, text.endswith(b"\n")
        digest.update(text)
        offset += length


def parse(line: bytes, ref: str, troubles) -> dict | None:
    """The object of a line; None of a blank one, and, counted, of anything else."""
    if line.isspace():
        return None
    try:
        text = line.decode()
    except UnicodeDecodeError:
        troubles.add("invalid UTF-8", ref)
        text = line.decode(errors="replace")
    try:
        record = json.loads(text if not text.startswith("\ufeff") else text[1:])
    except (ValueError, RecursionError):
        troubles.add("line that is not JSON" if line.endswith(b"\n") else "incomplete last line", ref)
        return None
    if not isinstance(record, dict):
        troubles.add("unknown kind of record", ref)
        return None
    return record


def _whole(first: bytes) -> str:
    """The word "list" or "object" when the file's first line opens one that it does not close; "" of JSON
    lines.
    """
    head = first.removeprefix(b"\xef\xbb\xbf").strip()
    if head[:1] == b"[":
        return "list"
    if head[:1] == b"{" and (head == b"{" or head.endswith((b",", b"[", b"{"))) and not head.endswith(b"}"):
        return "object"
    return ""


def _items(stream: IO[bytes], kind: str, digest, ref: str, troubles) -> Iterator[tuple[int, dict]]:
    """The objects of a list, or the one object; each at most as long as a line may be."""
    decoder = json.JSONDecoder()
    stream.seek(0)
    reader, number = _Text(stream, digest), 0
    text = reader.more().lstrip("\ufeff \t\r\n")
    if kind == "list":
        text = text[1:]
    # What stands before is read; the text is cut when more comes, not after each of thousands of items.
    at = 0
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if at == len(text) and not reader.ended:
            text, at = reader.more(), 0
            continue
        if at == len(text) or text[at] == "]":
            reader.rest()
            return
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if not reader.ended and len(text) - at < MAX_LINE:
                text, at = text[at:] + reader.more(), 0
                continue
            troubles.add(
                "list that is not JSON" if len(text) - at < MAX_LINE else "line longer than 10 MB",
                f"{ref}:{number + 1}",
            )
            reader.rest()
            return
        if end == len(text) and not reader.ended and not isinstance(item, dict):
            # A number may continue.
            text, at = text[at:] + reader.more(), 0
            continue
        at, number = end, number + 1
        if isinstance(item, dict):
            yield number, item
        else:
            troubles.add("unknown kind of record", f"{ref}:{number}")
        if kind == "object":
            reader.rest()
            return


class _Text:
    """A stream's text, piece by piece, undecodable bytes replaced; `digest` takes in the bytes."""

    def __init__(self, stream: IO[bytes], digest):
        self._stream, self._digest, self.ended = stream, digest, False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def more(self) -> str:
        data = self._stream.read(PIECE)
        self._digest.update(data)
        self.ended = not data
        return self._decoder.decode(data, final=self.ended)

    def rest(self) -> None:
        """Reads to the end."""
        while not self.ended:
            self.more()
