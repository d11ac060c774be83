"""Derived data in the store, by content hash."""

import contextlib
from typing import TYPE_CHECKING

from autodidact.errors import AutodidactError

if TYPE_CHECKING:
    from autodidact.store import Store


class Cache:
    """`<store>/cache/<kind>/`: safe to delete at any time."""

    def __init__(self, store: "Store"):
        self._store = store

    def _key(self, kind: str, key: str) -> str:
        return f"cache/{kind}/{key[:2]}/{key}"

    def get(self, kind: str, key: str) -> bytes | None:
        try:
            return self._store.read_bytes(self._key(kind, key))
        except AutodidactError:
            return None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keeps `data`. A cache that cannot be written costs speed, not the work."""
        with contextlib.suppress(AutodidactError):
            self._store.write_bytes(self._key(kind, key), data, durable=False)
