"""A store that is not a folder of this machine: how it is opened, and copies of what lies there."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autodidact.private_files import process_folder

if TYPE_CHECKING:
    from autodidact.store import Store

# A listing that is remembered would miss what other machines write. An answer of S3 that is late or an error
# is asked for five times in all, by botocore; s3fs would repeat that five times.
S3_CLIENT = {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 4, "mode": "standard"}}
OPTIONS = {"s3": {"use_listings_cache": False, "config_kwargs": S3_CLIENT}}
# What S3 answers where the condition of a write does not hold.
REFUSED = {"PreconditionFailed", "ConditionalRequestConflict"}


@contextmanager
def written_back(store: "Store", key: str) -> Iterator[Path]:
    """A copy of a folder; what it holds when the block ends, however it ends, takes the place of the
    original.
    """
    with tempfile.TemporaryDirectory(prefix="autodidact-") as temporary:
        path = Path(temporary)
        for existing in store.list(key):
            _copy(store, existing, path / existing[len(key) + 1 :])
        try:
            yield path
        finally:
            files = (file for file in sorted(path.rglob("*")) if file.is_file())
            present = {f"{key}/{file.relative_to(path).as_posix()}": file for file in files}
            for name, file in present.items():
                store.write_bytes(name, file.read_bytes())
            for stale in set(store.list(key)) - present.keys():
                store.delete_file(stale)


def local_copy(store: "Store", key: str, is_file: bool) -> Path:
    """A copy of a file or folder, kept as long as this process runs."""
    copy = (
        Path(process_folder())
        / hashlib.sha256(f"{store.url}/{key}".encode()).hexdigest()[:16]
        / Path(key).name
    )
    for existing in [key] if is_file else store.list(key):
        _copy(store, existing, copy / existing[len(key) + 1 :] if existing != key else copy)
    return copy


def _copy(store: "Store", key: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(store.read_bytes(key))
