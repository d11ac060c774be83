"""A run's folder for a store that is not a local one: complete checkpoints are sent as they come, the adapter
at the end.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from autodidact.training.checkpoints import MARKER, PREFIX

if TYPE_CHECKING:
    from autodidact.store import Store


class Mirror:
    """A temporary folder that begins with the store's checkpoints. `send` takes a complete one there, its
    marker last.
    """

    def __init__(self, store: "Store", folder: str):
        self.store, self.folder = store, folder
        self._temporary = tempfile.TemporaryDirectory(prefix="autodidact-")
        self.path = Path(self._temporary.name)

    def __enter__(self) -> "Mirror":
        for key in self.store.list(f"{self.folder}/checkpoints"):
            target = self.path / key[len(self.folder) + 1 :]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.store.read_bytes(key))
        return self

    def __exit__(self, *_) -> None:
        with contextlib.suppress(OSError):
            self._temporary.cleanup()

    def send(self, checkpoint: Path) -> None:
        """Uploads a complete checkpoint and then removes the older ones from the store."""
        target = f"{self.folder}/checkpoints/{checkpoint.name}"
        with tempfile.TemporaryDirectory(dir=self.path) as links:
            try:  # links outlive the worker's removal of this checkpoint, which the next complete one brings
                names = sorted((file.name for file in checkpoint.iterdir()), key=lambda name: name == MARKER)
                for name in names:
                    os.link(checkpoint / name, Path(links) / name)
            except FileNotFoundError:  # a newer one is there already, and its event is on the way
                return
            for name in names:
                self.store.write_bytes(f"{target}/{name}", (Path(links) / name).read_bytes())
        for name in self._stored() - {checkpoint.name}:
            self.store.delete(f"{self.folder}/checkpoints/{name}")

    def finish(self) -> None:
        """Uploads the adapter, then removes the checkpoints from the store."""
        names = {file.name for file in (self.path / "adapter").iterdir()}
        for name in sorted(names):
            self.store.write_bytes(
                f"{self.folder}/adapter/{name}", (self.path / "adapter" / name).read_bytes()
            )
        for key in self.store.list(f"{self.folder}/adapter"):
            if key.rpartition("/")[2] not in names:
                self.store.delete(key)
        self.store.delete(f"{self.folder}/checkpoints")

    def _stored(self) -> set[str]:
        start = len(f"{self.folder}/checkpoints/")
        names = {key[start:].partition("/")[0] for key in self.store.list(f"{self.folder}/checkpoints")}
        return {name for name in names if name.startswith(PREFIX)}
