"""One file's exchanges, continued where an earlier cycle stopped.

After a file is read, the cache keeps where its records newer than `until` begin, what the reader knew there
and what the tools looked like. A later window that begins after all of that skips it, when the file is the
same up to there: by its size and times if nothing at all has changed, else by the hash of those bytes. So the
cache saves time and never changes what comes out.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from autodidact.records import Trouble, canonical, sha256
from autodidact.sources.reading_limits import FAULT, SECONDS, each
from autodidact.sources.table_files import shown
from autodidact.sources.transcripts.aider import LINE, begins
from autodidact.sources.transcripts.declared_tools import Toolbox
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.formats import FORMATS
from autodidact.sources.transcripts.reader_base import Format, Reading
from autodidact.sources.transcripts.record_lines import PIECE, opened, parse, records
from autodidact.sources.transcripts.untrusted_fields import moment
from autodidact.stage import Troubles
from autodidact.store import Cache

# Of what the cache holds; raised when the readers change.
VERSION = 14
# Bytes.
MAX_STATE = 5_000_000
# Of processor time that a file has beyond the usual; a megabyte of conversations takes a tenth of a second.
SECONDS_PER_BYTE = 2e-6

# Of a file whose records have no form that is known; its first keys follow.
UNKNOWN_FORM = "file of an unknown form"
# Of records that no reader understands.
_UNREAD = ("unknown kind of record", "unknown role")
# Keys that are named of such a file.
MAX_KEYS = 6


def exchanges(
    path: Path,
    until: datetime,
    troubles: Troubles,
    toolbox: Toolbox,
    *,
    since: datetime | None = None,
    cache: Cache | None = None,
) -> Iterator[Exchange]:
    """The exchanges of one file as it was at `until`, whatever its format; `toolbox` learns the tools that it
    shows.

    With `since` and a cache, those that ended before `since` may be left out.
    """
    reading = Reading(shown(path), until, Troubles())
    try:
        with opened(path) as stream:
            file = _File(reading, stream)
            yield from each(
                file.exchanges(since, cache, str(path)),
                reading.troubles,
                reading.file,
                seconds=SECONDS + SECONDS_PER_BYTE * file.size,
            )
    except OSError:
        reading.troubles.add("file cannot be read", reading.file)
    except Exception as error:  # what its reader did not foresee costs this file alone
        reading.troubles.add(f"{FAULT} ({type(error).__name__})", reading.file)
    for trouble in reading.troubles.list():
        troubles.add(trouble.reason, trouble.ref, trouble.count)
    toolbox.merge(reading.toolbox)


class _File:
    """One open file. `line` and `offset`: what lies before them is read already, by the cache."""

    def __init__(self, reading: Reading, stream: IO[bytes]):
        self.reading, self.stream = reading, stream
        self.readers: dict[str, Format] = {}
        # Of the last record.
        self.format: str | None = None
        # Of the first record.
        self.keys: list[str] | None = None
        # Whether there was an exchange; where a role is not known, one with an answer.
        self.found = False
        self.line = self.offset = 0
        # Since it was last read to its end.
        self.unchanged = False
        self.digest = hashlib.sha256()
        found = os.fstat(stream.fileno())
        self.size = found.st_size
        self.identity = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]

    def exchanges(self, since: datetime | None, cache: Cache | None, path: str) -> Iterator[Exchange]:
        key = sha256(canonical(["sessions", VERSION, path]))
        if cache and since:
            self._resume(cache.get("sessions", key), since)
        # As it was before the first line that a later cycle has to read (again).
        state = b""
        stopped = False
        line, offset = self.line, self.offset
        ref, troubles = self.reading.file, self.reading.troubles
        for line, offset, text, complete in records(
            self.stream, self.line, self.offset, self.digest, ref, troubles
        ):
            if not complete and not stopped:
                state, stopped = self._state(line - 1, offset), True
            if text is None:
                troubles.add("line longer than 10 MB", f"{ref}:{line}")
                continue
            record = self._record(line, text)
            try:
                found = self._feed(line, record) if record else []
            except RecursionError:
                found = []
                troubles.add("line nested too deep", f"{ref}:{line}")
            if self.reading.beyond and not stopped:
                state, stopped = self._state(line - 1, offset) if offset >= 0 else b"", True
            self.found = self.found or self._is_known(found)
            yield from found
        closed = offset < 0 or not all(reader.RESUMES for reader in self.readers.values())
        last = [exchange for reader in self.readers.values() for exchange in reader.close()] if closed else []
        if cache and not self.unchanged:
            state = state if stopped else self._state(line, self.stream.tell(), closed)
            if 0 < len(state) <= MAX_STATE:
                cache.put("sessions", key, state)
        last += [exchange for reader in self.readers.values() for exchange in reader.close()]
        unread = any(trouble.reason in _UNREAD for trouble in troubles.list())
        if self.keys is not None and unread and not self.found and not self._is_known(last):
            troubles.add(f"{UNKNOWN_FORM} (keys: {', '.join(self.keys) or 'none'})", ref)
        prose = any(trouble.reason.endswith("that is not JSON") for trouble in troubles.list())
        if self.keys is None and prose and not self.found and not last:
            troubles.add(f"{UNKNOWN_FORM} (no JSON)", ref)
        yield from last

    def _is_known(self, found: list[Exchange]) -> bool:
        """Whether exchanges show that the file's form is known: a question alone, next to roles that are not,
        may be half of a conversation.
        """
        half = any(trouble.reason == "unknown role" for trouble in self.reading.troubles.list())
        return any(each.reply or each.called for each in found) if half else bool(found)

    def _record(self, line: int, text: bytes | dict) -> dict | None:
        """The record of a line: a JSON object, or a line of Markdown in a file that is none of JSON."""
        if isinstance(text, dict):
            return text
        if begins(text) or self.format == "aider":
            return {LINE: text.decode(errors="replace").rstrip("\r\n")}
        return parse(text, f"{self.reading.file}:{line}", self.reading.troubles)

    def _feed(self, line: int, record: dict) -> list[Exchange]:
        if self.keys is None:
            self.keys = [str(key)[:40] for key in list(record)[:MAX_KEYS]]
        name = self.format
        # Mostly a file has one format.
        if name is None or not FORMATS[name].reads(record):
            name = next((name for name, kind in FORMATS.items() if kind.reads(record)), None)
        if name:
            self.format = name
            if name not in self.readers:
                self.readers[name] = FORMATS[name](self.reading)
            return self.readers[name].feed(line, record)
        self.reading.troubles.add("unknown kind of record", f"{self.reading.file}:{line}")
        return []

    def _state(self, line: int, offset: int, closed: bool = False) -> bytes:
        """What a later cycle needs to continue at `offset`; `closed`: it can only if nothing follows. Empty
        where there is no such state.
        """
        if not closed and not all(reader.RESUMES for reader in self.readers.values()):
            return b""
        readers = {} if closed else {name: reader.plain() for name, reader in self.readers.items()}
        latest = self.reading.latest
        state = {
            "identity": self.identity,
            "format": self.format,
            "keys": self.keys,
            "found": self.found,
            "line": line,
            "offset": offset,
            "sha256": self.digest.hexdigest(),
            "closed": closed,
            "readers": readers,
            "latest": latest.isoformat() if latest else None,
            "toolbox": self.reading.toolbox.plain(),
            "troubles": [trouble.model_dump() for trouble in self.reading.troubles.list()],
        }
        return json.dumps(state).encode()

    def _resume(self, data: bytes | None, since: datetime) -> None:
        """Takes over what an earlier cycle knew of the part before `since`, if the file is the same up to
        there.
        """
        try:
            state = json.loads(data) if data else None
        except ValueError:
            return
        if state is None or self.size < state["offset"] or (state["closed"] and self.size != state["offset"]):
            return
        latest = moment(state["latest"])
        if latest is not None and latest > since:
            return
        self.unchanged = state["identity"] == self.identity and state["offset"] == self.size
        if not self.unchanged and self._hash(state["offset"]) != state["sha256"]:
            self.digest = hashlib.sha256()
            return
        self.line, self.offset, self.reading.latest = state["line"], state["offset"], latest
        self.reading.toolbox = Toolbox.from_plain(state["toolbox"])
        for trouble in map(Trouble.model_validate, state["troubles"]):
            self.reading.troubles.add(trouble.reason, trouble.ref, trouble.count)
        self.format, self.keys, self.found = state["format"], state["keys"], state["found"]
        for name, known in state["readers"].items():
            self.readers[name] = FORMATS[name](self.reading)
            self.readers[name].restore(known)

    def _hash(self, size: int) -> str:
        """The hash of the file's first bytes, which later ones are added to."""
        self.stream.seek(0)
        while size > 0 and (piece := self.stream.read(min(PIECE, size))):
            self.digest.update(piece)
            size -= len(piece)
        return self.digest.hexdigest()
