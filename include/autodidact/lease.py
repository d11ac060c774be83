"""Who works on a folder of the store alone: a heartbeat file."""

import contextlib
import json
import math
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autodidact import liveness_file
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
    on this machine (liveness_file.py).

    Raises Unavailable when somebody else holds it and still does after `wait` seconds, or when the store is
    away; AutodidactError when the file is none that this version knows.
    """
    name = uuid.uuid4().hex
    me = {"format": FORMAT, "host": socket.gethostname(), "pid": os.getpid(), "id": name}
    sign, left = liveness_file.give(name), True
    try:
        held = _wait_for(store, key, me, wait)
        if held is None:
            left = False
            raise _refusal(store, key)
        try:
            with _beating(held):
                yield
        finally:
            left = not _given_back(store, key, me)
            held.close()
    finally:
        # Where my lease may still be in the store, the sign stays and says that I am done.
        if sign:
            sign.end(remove=not left)


def _wait_for(store: "Store", key: str, me: dict[str, Any], wait: float) -> "_Held | None":
    """None when somebody else still has it after `wait` seconds."""
    deadline = time.monotonic() + wait
    while not (held := _take(store, key, me)):
        if time.monotonic() >= deadline:
            return None
        time.sleep(min(1.0, max(0.05, deadline - time.monotonic())))
    return held


def _refusal(store: "Store", key: str) -> Unavailable:
    holder = _holder(store, key) or {}
    return Unavailable(
        f"{key.removesuffix('/lease.json')} is being worked on by process {holder.get('pid', '?')} on"
        f" {holder.get('host', 'this machine')}",
        f"Wait for it, or run again {LEASE_SECONDS} s after it has died.",
    )


@contextlib.contextmanager
def _beating(held: "_Held") -> Iterator[None]:
    """Renews the lease while the block runs."""
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


def _given_back(store: "Store", key: str, me: dict[str, Any]) -> bool:
    """Deletes the lease if it is mine. False when it may still be there."""
    with contextlib.suppress(AutodidactError):
        if (_read(store, key) or {}).get("id") == me["id"]:
            store.delete(key)
        return True
    return False


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
        tag, before = store.tag(key), _read(store, key)
        if _lives(store, key, before):
            return None
        tag = store.write_if(key, _heartbeat(me), tag) or _tag_of_mine(store, key, me)
        return _held(before, _Held(store, key, me, tag, contextlib.ExitStack())) if tag else None
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
        if not _lives(store, key, before := _read(store, key)):
            store.write_bytes(key, _heartbeat(me))
            if (_read(store, key) or {}).get("id") == me["id"]:
                return _held(before, _Held(store, key, me, None, files))
    except BaseException:
        files.close()
        raise
    files.close()
    return None


def _held(before: dict[str, Any] | None, held: _Held) -> _Held:
    """The lease that was taken, when what its last holder left on this machine is removed."""
    liveness_file.remove((before or {}).get("id", ""))
    return held


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
    return lease if _lives(store, key, lease) else None


def _lives(store: "Store", key: str, lease: dict[str, Any] | None) -> bool:
    """Whether the lease is somebody's. Its host and its process are for people: two machines may have the
    same. Raises AutodidactError for one of the future, unless its holder has ended on this machine: then the
    clock has jumped back since.
    """
    ahead = (lease or {}).get("heartbeat", 0) - time.time()
    if lease is None or -ahead > LEASE_SECONDS or liveness_file.has_ended(lease.get("id", "")):
        return False
    if ahead > LEASE_SECONDS:
        raise AutodidactError(
            f"{key} in the store {store.shown} was written {ahead:.0f} s in the future, by"
            f" {lease.get('host', 'a machine')}",
            "Set the clocks of the machines; delete the file if none works on it.",
        )
    return True


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
    except (ValueError, RecursionError):
        known = False
    if not known:
        raise AutodidactError(
            f"{key} in the store {store.shown} is no lock that this version knows",
            "Use the same version of Autodidact on all machines; delete the file if none works on it.",
        )
    return lease


def _typed(lease: dict[str, Any]) -> bool:
    """Whether its time and its process are numbers, and its names texts."""
    beat, pid = lease.get("heartbeat", 0), lease.get("pid", -1)
    if not isinstance(beat, (int, float)) or not math.isfinite(beat) or not isinstance(pid, int):
        return False
    return all(isinstance(lease.get(name, ""), str) for name in ("host", "id"))
