"""The lines of a file of the store, read in parts: no line is held that is too long to be an example."""

from collections.abc import Iterator

from autodidact.store import Store

# Bytes that are read of a file at a time, and of a line whose text is returned.
CHUNK, MOST_LINE = 1_000_000, 400_000


def lines(store: Store, key: str) -> Iterator[tuple[int, int, bytes]]:
    """(where it begins, its length, the line) of each line of a file, read in parts; the text of a line
    beyond MOST_LINE bytes is left out.
    """
    if not store.exists(key):
        return
    at, start, length, line = 0, 0, 0, b""
    while part := store.read_part(key, at, CHUNK):
        at += len(part)
        for number, piece in enumerate(part.split(b"\n")):
            if number:
                yield start, length, line
                start, length, line = start + length + 1, 0, b""
            length += len(piece)
            line = line + piece if length <= MOST_LINE else b""
    if length:
        yield start, length, line
