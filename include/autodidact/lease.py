"""Who works on a folder of the store alone: a heartbeat file."""

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError, Unavailable
from autodidact.private_files import make_file, make_folder

if TYPE_CHECKING:
    from autodidact.store import Store

# A lease is renewed every 30 s, and given up after 120 s without.
HEARTBEAT_SECONDS, LEASE_SECONDS = 30, 120
# Of the file. The first releases wrote none, and the same fields.
FORMAT = 1


@contextlib.contextmanager
def lease(store: "Store", key: str, *, wait: float = 0) -> Iterator[None]:
    """Holds `key` alone: a heartbeat file that expires 120 s after its holder died, at once when it died
    on this machine.

    Raises Unavailable when somebody else holds it and still does after `wait` seconds, or when the store is
    away; AutodidactError when the file is none that this version knows.
    """
    me = {"format": FORMAT, "host": socket.gethostname(), "pid": os.getpid(), "id": uuid.uuid4().hex}
    deadline = time.monotonic() + wait
    while not (held := _take(store, key, me)):
        if time.monotonic() >= deadline:
            holder = _holder(store, key) or {"pid": "?", "host": "this machine"}
            raise Unavailable(
                f"{key.removesuffix('/lease.json')} is being worked on by process {holder['pid']} on"
                f" {holder['host']}",
                f"Wait for it, or run again {LEASE_SECONDS} s after it has died.",
            )
        time.sleep(min(1.0, max(0.05, deadline - time.monotonic())))
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            with contextlib.suppress(AutodidactError):  # the store is away: the next beat may reach it
                if not held.renew():
                    return

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        with contextlib.suppress(AutodidactError):
            if (_read(store, key) or {}).get("id") == me["id"]:
                store.delete(key)
        held.close()


def is_taken(store: "Store", key: str) -> bool:
    """Whether somebody who lives holds the lease."""
    return _holder(store, key) is not None


class _Held:
    """A lease that this process has: where the store has conditional writes, with the tag of its last write,
    so that it never writes over somebody who took it after it had expired.
    """

    def __init__(
        self, store: "Store", key: str, me: dict[str, Any], tag: str | None, files: contextlib.ExitStack
    ):
        self._store, self._key, self._me, self._tag, self._files = store, key, me, tag, files

    def renew(self) -> bool:
        """Writes a heartbeat. False when somebody else has the lease."""
        if self._tag is None:
            self._store.write_bytes(self._key, _heartbeat(self._me))
            return True
        tag = self._store.write_if(self._key, _heartbeat(self._me), self._tag)
        self._tag = tag or _tag_of_mine(self._store, self._key, self._me)
        return self._tag is not None

    def close(self) -> None:
        self._files.close()


def _take(store: "Store", key: str, me: dict[str, Any]) -> _Held | None:
    """None where somebody else has it. Locally a file lock decides, which the system releases when its holder
    dies; on an object store its conditional writes decide, and where it has none, the file that stays after
    a write.
    """
    if store.conditional:
        tag = store.tag(key)
        if _holder(store, key) is not None:
            return None
        tag = store.write_if(key, _heartbeat(me), tag) or _tag_of_mine(store, key, me)
        return _Held(store, key, me, tag, contextlib.ExitStack()) if tag else None
    files = contextlib.ExitStack()
    if store.root:
        import fcntl

        path = store.local(key).with_suffix(".lock")
        make_folder(path.parent, store.root)
        make_file(path)
        file = files.enter_context(path.open("w"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            files.close()
            return None
    try:
        if _holder(store, key) is None:
            store.write_bytes(key, _heartbeat(me))
            if (_read(store, key) or {}).get("id") == me["id"]:
                return _Held(store, key, me, None, files)
    except BaseException:
        files.close()
        raise
    files.close()
    return None


def _heartbeat(me: dict[str, Any]) -> bytes:
    return json.dumps(me | {"heartbeat": time.time()}).encode()


def _tag_of_mine(store: "Store", key: str, me: dict[str, Any]) -> str | None:
    """The tag of the lease if it is mine after all: a write whose answer was lost is done, and its repetition
    is refused.
    """
    tag = store.tag(key)
    return tag if tag and (_read(store, key) or {}).get("id") == me["id"] else None


def _holder(store: "Store", key: str) -> dict[str, Any] | None:
    lease = _read(store, key)
    if lease is None or time.time() - lease.get("heartbeat", 0) > LEASE_SECONDS:
        return None
    if lease.get("host") == socket.gethostname() and not _alive(lease.get("pid", -1)):
        return None
    return lease


def _read(store: "Store", key: str) -> dict[str, Any] | None:
    """What the file says; None where there is none. A store that is away is no free lease: Unavailable."""
    if not store.exists(key):
        return None
    try:
        text = store.read_bytes(key)
    except Unavailable:
        raise
    except AutodidactError:  # deleted meanwhile
        return None
    try:
        lease = json.loads(text)
        known = isinstance(lease, dict) and lease.get("format", FORMAT) == FORMAT and _typed(lease)
    except ValueError:
        known = False
    if not known:
        raise AutodidactError(
            f"{key} in the store {store.shown} is no lock that this version knows",
            "Use the same version of Autodidact on all machines; delete the file if none works on it.",
        )
    return lease


def _typed(lease: dict[str, Any]) -> bool:
    """Whether its time and its process are numbers."""
    return isinstance(lease.get("heartbeat", 0), (int, float)) and isinstance(lease.get("pid", -1), int)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
