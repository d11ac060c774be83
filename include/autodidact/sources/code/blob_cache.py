"""What was worked out from files, by git blob id: the same content is read once, in whichever commit."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from autodidact.store import Cache

Value = TypeVar("Value")


class BlobCache(Generic[Value]):
    """Values by blob id. `save` keeps them under a name in the cache, as one JSON object; without a cache
    they last as long as this object.
    """

    def __init__(self, cache: Cache | None, name: str, kind: Any):
        """`kind`: what msgspec makes of a value. `name` names the version of whatever makes the values."""
        self._cache, self._name = cache, name
        self._values: dict[str, Value] = {}
        self._new = False
        kept = cache.get("code", name) if cache else None
        if kept:
            try:
                self._values = msgspec.json.decode(kept, type=dict[str, kind])
            except (msgspec.DecodeError, UnicodeDecodeError):
                # A torn entry is made again.
                pass

    def __contains__(self, blob: str) -> bool:
        return blob in self._values

    def __getitem__(self, blob: str) -> Value:
        return self._values[blob]

    def __setitem__(self, blob: str, value: Value) -> None:
        self._values[blob] = value
        self._new = True

    def save(self, blobs: Iterable[str]) -> None:
        """Keeps the values of these blobs and no others; writes nothing when nothing is new."""
        if self._cache and self._new:
            wanted = {blob: self._values[blob] for blob in blobs if blob in self._values}
            self._cache.put("code", self._name, msgspec.json.encode(wanted))
