"""Who works on a folder of the store alone: a heartbeat file."""

import contextlib
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


@contextlib.contextmanager
def lease(store: "Store", key: str, *, wait: float = 0) -> Iterator[None]:
    """Holds `key` alone: a heartbeat file that expires 120 s after its holder died, at once when it died
    on this machine.

    Raises Unavailable when somebody else holds it and still does after `wait` seconds.
    """
    me = {"host": socket.gethostname(), "pid": os.getpid(), "id": uuid.uuid4().hex}
    deadline = time.monotonic() + wait
    while not (lock := _take(store, key, me)):
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
            with contextlib.suppress(AutodidactError):
                store.write_json(key, me | {"heartbeat": time.time()})

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        with contextlib.suppress(AutodidactError):
            if store.read_json(key).get("id") == me["id"]:
                store.delete(key)
        lock.close()


def is_taken(store: "Store", key: str) -> bool:
    """Whether somebody who lives holds the lease."""
    return _holder(store, key) is not None


def _take(store: "Store", key: str, me: dict[str, Any]) -> contextlib.ExitStack | None:
    """What to close when the lease is given up; None where somebody else has it. Locally a file lock
    decides, which the system releases when its holder dies; on object storage the file that stays after a
    write names the winner.
    """
    lock = contextlib.ExitStack()
    if store.root:
        import fcntl

        path = store.local(key).with_suffix(".lock")
        make_folder(path.parent, store.root)
        make_file(path)
        file = lock.enter_context(path.open("w"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
    if _holder(store, key) is None:
        store.write_json(key, me | {"heartbeat": time.time()})
        if store.read_json(key)["id"] == me["id"]:
            return lock
    lock.close()
    return None


def _holder(store: "Store", key: str) -> dict[str, Any] | None:
    if not store.exists(key):
        return None
    try:
        lease: dict[str, Any] = store.read_json(key)
    except AutodidactError:
        return None
    if time.time() - lease.get("heartbeat", 0) > LEASE_SECONDS:
        return None
    if lease.get("host") == socket.gethostname() and not _alive(lease.get("pid", -1)):
        return None
    return lease


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
