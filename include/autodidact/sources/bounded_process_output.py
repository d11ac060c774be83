"""A child process that is read piece by piece in bounded memory, and never waited for in vain."""

import contextlib
import os
import select
import subprocess
import tempfile

from autodidact.sources.reading_limits import OverBudget

try:
    import fcntl
    import resource
except ImportError:
    # On Windows.
    fcntl = resource = None  # type: ignore[assignment]

CHUNK = 1 << 16
# Bytes of data that a process may hold; files that it maps do not count.
MEMORY = 4 << 30
# Seconds of processor time that it may take.
PROCESSOR = 1_800
# Bytes that the process may write before they are read; with the 64 KiB that Linux gives it would wait for
# us.
AHEAD = 1 << 20


class Stalled(Exception):
    """The process failed, ended early, or was silent for too long."""


class Pipe:
    """Standard output of a process, read by line, by delimiter or by count; a read waits at most `timeout`
    seconds for more.
    """

    def __init__(
        self, command: list[str], environment: dict[str, str], *, timeout: float, writable: bool = False
    ):
        self.timeout = timeout
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process, in close())
        stdin = subprocess.PIPE if writable else subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0
        )
        _bound(self._process.pid)
        assert self._process.stdout
        self._out = self._process.stdout.fileno()
        if fcntl and hasattr(fcntl, "F_SETPIPE_SZ"):
            # More than this user may have.
            with contextlib.suppress(OSError):
                fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, AHEAD)
        self._buffer = b""
        self._at = 0

    def write(self, data: bytes) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(data)
        except OSError as error:
            raise Stalled(self._reason()) from error

    def peek(self) -> bytes:
        """The next byte, b"" at the end."""
        return self._buffer[self._at : self._at + 1] if self._at < len(self._buffer) or self._more() else b""

    def line(self, limit: int = CHUNK) -> bytes:
        """The next line with its end; of a longer one than `limit` only the beginning is kept."""
        return self.until(b"\n", limit, keep_end=True)

    def until(self, end: bytes, limit: int, *, keep_end: bool = False) -> bytes:
        """Everything up to `end`, which is consumed; of more than `limit` bytes only the first. Stalled at
        the end of the stream.
        """
        kept: list[bytes] = []
        size = 0
        while True:
            found = self._buffer.find(end, self._at)
            stop = found if found >= 0 else len(self._buffer)
            if size < limit:
                kept.append(self._buffer[self._at : min(stop, self._at + limit - size)])
                size += len(kept[-1])
            if found >= 0:
                self._at = found + 1
                return b"".join(kept) + (end if keep_end else b"")
            self._at = stop
            if not self._more():
                raise Stalled(self._reason())

    def before(self, end: bytes, limit: int) -> bytes:
        """Everything up to `end`, which stays to be read, or up to the end of the stream; of more than
        `limit` bytes only the first.
        """
        kept: list[bytes] = []
        size = 0
        while True:
            found = self._buffer.find(end, self._at)
            stop = found if found >= 0 else max(self._at, len(self._buffer) - len(end) + 1)
            kept.append(self._buffer[self._at : min(stop, self._at + limit - size)])
            size += len(kept[-1])
            self._at = stop
            if found >= 0:
                return b"".join(kept)
            if not self._more():
                kept.append(self.take(len(self._buffer) - self._at))
                return b"".join(kept)[:limit]

    def take(self, size: int, *, keep: bool = True) -> bytes:
        """Exactly `size` bytes; with keep=False they are read and dropped."""
        kept: list[bytes] = []
        while size:
            if self._at >= len(self._buffer) and not self._more():
                raise Stalled(self._reason())
            part = self._buffer[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            if keep:
                kept.append(part)
        return b"".join(kept)

    def rest(self, limit: int) -> bytes:
        """Everything to the end of the stream. Raises OverBudget when it is more than `limit` bytes."""
        kept = [self._buffer[self._at :]]
        size, self._at = len(kept[0]), len(self._buffer)
        while self._more():
            kept.append(self._buffer)
            size, self._at = size + len(self._buffer), len(self._buffer)
            if size > limit:
                raise OverBudget(f"more than {limit:,} bytes of output")
        return b"".join(kept)

    def status(self) -> int:
        """The exit status of the process. Stalled when it does not end."""
        try:
            return self._process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            raise Stalled(f"it did not end in {self.timeout:.0f} s") from None

    def reason(self) -> str:
        """What the process wrote last on standard error."""
        return self._reason()

    def finish(self) -> None:
        """Stalled unless the process ended well."""
        if self.status():
            raise Stalled(self._reason())

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    # A pipe whose reader is gone.
                    pass
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._errors.close()

    def _more(self) -> bool:
        if not select.select([self._out], [], [], self.timeout)[0]:
            raise Stalled(f"no answer for {self.timeout:.0f} s")
        data = os.read(self._out, CHUNK)
        if data:
            self._buffer = self._buffer[self._at :] + data
            self._at = 0
        return bool(data)

    def _reason(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read(CHUNK).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it ended early"


def _bound(process: int) -> None:
    """Bounds what a process takes: what it is given to read may stand for more than there is."""
    if resource and hasattr(resource, "prlimit"):
        for kind, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_CPU, PROCESSOR)):
            # It has ended, or has less already.
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(process, kind, (most, most))
