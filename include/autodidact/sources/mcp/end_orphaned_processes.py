"""Ends what an MCP server leaves behind although it killed its keeper (process_supervisor.py): on Linux it
then becomes a child of this process.
"""

import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Iterator

from autodidact.sources.mcp.process_supervisor import (
    PR_SET_CHILD_SUBREAPER,
    SECONDS,
    descendants,
    kill,
    parents,
)

# Of linux/prctl.h.
PR_GET_CHILD_SUBREAPER = 37


@contextlib.contextmanager
def ended_orphans() -> Iterator[None]:
    """While the block runs, this process adopts orphans among its descendants; after it those that came are
    killed, with all below them. Other systems than Linux know no such thing.

    A keeper begins a session, and what it starts can only begin others: so an orphan is a new child of this
    process in another session. A process that this one starts in the block, and leaves running in a session
    of its own, would be taken for one.
    """
    if sys.platform != "linux":
        yield
        return
    library, before, own = ctypes.CDLL(None, use_errno=True), set(_children()), ctypes.c_int(0)
    library.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(own), 0, 0, 0)
    library.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        until = time.monotonic() + SECONDS
        while (found := _adopted(before)) and time.monotonic() < until:
            kill(found + [process for each in found for process in descendants(each)])
            for each in found:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(each, os.WNOHANG)
            time.sleep(0.01)
        library.prctl(PR_SET_CHILD_SUBREAPER, own.value, 0, 0, 0)


def _children() -> list[int]:
    return [process for process, parent in parents().items() if parent == os.getpid()]


def _adopted(before: set[int]) -> list[int]:
    found = []
    for process in set(_children()) - before:
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(process) != os.getsid(0):
                found.append(process)
    return found
