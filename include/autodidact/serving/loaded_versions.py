"""Which versions are loaded, and who is champion: what `champion.json` and `serving.json` say, followed for
as long as the server runs.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.promotion.deployers.local import ALIAS, versions_to_serve
from autodidact.promotion.server_probe import weights
from autodidact.records import Champion
from autodidact.safe_text import addresses
from autodidact.serving.prompt_tokens import longest_token
from autodidact.serving.protocol import Wrong
from autodidact.settings import Settings
from autodidact.store import Store

# Before a version that could not be loaded is tried again.
RETRY_SECONDS = 30


@dataclass
class Loaded:
    champion: Champion
    engine: Any
    since: int
    # Requests that have not ended.
    requests: int = 0

    @cached_property
    def longest_token(self) -> int:
        """The characters that one token can stand for, at most: 0.1 s for a large vocabulary."""
        return longest_token(self.engine.tokenizer)


class LoadedVersions:
    """`follow` keeps them as the store says; `use` hands out a version for the time of a request."""

    def __init__(
        self,
        store: Store,
        system: str,
        load: Callable[[Champion], Any],
        say: Callable[[str], None],
        every: float = 0.5,
    ):
        self._store, self._system, self._load, self._say, self._every = store, system, load, say, every
        self.versions: dict[str, Loaded] = {}
        self.champion: str | None = None
        self.trouble: str | None = None  # why it is not as the store says
        self._failed: dict[str, float] = {}
        self._leaving: set[asyncio.Task] = set()

    @contextmanager
    def use(self, name: str | None) -> Iterator[Loaded]:
        """The version of that name; the champion for `autodidact`, or no name. Raises Wrong when there is
        none.
        """
        wanted = self.champion if name in (None, "", ALIAS) else name
        if wanted is None:
            raise Wrong(
                self.trouble or "the champion is being loaded", status=503, kind="service_unavailable"
            )
        loaded = self.versions.get(wanted)
        if loaded is None:
            raise Wrong(
                f"The model `{str(name)[:200]}` does not exist.",
                status=404,
                kind="NotFoundError",
                param="model",
            )
        loaded.requests += 1
        try:
            yield loaded
        finally:
            loaded.requests -= 1

    async def follow(self) -> None:
        """Looks at the store again and again; a store that does not answer changes nothing."""
        while True:
            try:
                champion, others = await asyncio.to_thread(self._wanted)
                await self._become(champion, others)
            except AutodidactError as error:
                self._complain(error.message)
            except Exception as error:  # of whatever kind: the versions that are loaded still answer
                self._complain(addresses(f"{type(error).__name__}: {error}", self._store.url))
            await asyncio.sleep(self._every)

    def _wanted(self) -> tuple[Champion, list[Champion]]:
        key = f"{self._system}/champion.json"
        if not self._store.exists(key):
            raise AutodidactError(f"{self._system} has no champion in {self._store.shown} yet: run a cycle")
        return Champion.model_validate(self._store.read_json(key)), versions_to_serve(
            self._store, self._system
        )

    async def _become(self, champion: Champion, others: list[Champion]) -> None:
        trouble = None
        for wanted in [champion, *others]:
            there = self.versions.get(wanted.version)
            if there and weights(there.champion) == weights(wanted):
                continue
            if time.monotonic() - self._failed.get(wanted.version, -RETRY_SECONDS) < RETRY_SECONDS:
                trouble = self.trouble
                continue
            try:
                engine = await asyncio.to_thread(self._load, wanted)
            except Exception as error:
                self._failed[wanted.version] = time.monotonic()
                trouble = (
                    f"{wanted.version} cannot be loaded:"
                    f" {addresses(str(getattr(error, 'message', error)), self._store.url)}"
                )
                self._complain(trouble)
                continue
            self.versions[wanted.version] = Loaded(wanted, engine, int(time.time()))
            self._failed.pop(wanted.version, None)
            self._say(f"loaded {wanted.version}, sha256 {weights(wanted)[:12]}")
        if champion.version in self.versions and self.champion != champion.version:
            self.champion = champion.version
            self._say(f"{champion.version} answers")
        self.trouble = trouble
        keep = {self.champion, champion.version, *(each.version for each in others)}
        for name in [name for name in self.versions if name not in keep]:
            task = asyncio.create_task(self._let_go(self.versions.pop(name)))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _let_go(self, loaded: Loaded) -> None:
        """Requests under way still end; new ones no longer find it."""
        while loaded.requests:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(loaded.engine.close)
        self._say(f"let {loaded.champion.version} go")

    def _complain(self, trouble: str) -> None:
        if trouble != self.trouble:
            self._say(trouble)
        self.trouble = trouble

    def cards(self) -> list[dict]:
        """What /v1/models lists: the alias first, then every version with the sha256 of what was loaded."""
        rows = [] if self.champion is None else [(ALIAS, self.versions[self.champion])]
        rows += self.versions.items()
        return [
            {
                "id": name,
                "object": "model",
                "created": each.since,
                "owned_by": "autodidact",
                "root": each.champion.version,
                "parent": each.champion.base["id"] if each.champion.adapter else None,
                "sha256": weights(each.champion),
            }
            for name, each in rows
        ]


def loader(settings: Settings, store: Store, **limits: Any) -> Callable[[Champion], Any]:
    """What loads a version into an engine. It raises AutodidactError when base or adapter are not, file by
    file, what the version names.
    """

    def load(champion: Champion) -> Any:
        import torch

        from autodidact.models.find_base_model import resolve_base
        from autodidact.models.loading import cpu_threads, load_model
        from autodidact.serving.decoder import Engine

        base = resolve_base(settings)
        if base.sha256 != champion.base["sha256"]:
            raise AutodidactError(
                f"it needs the base model {champion.base['id']}, and base_model is {base.id}",
                "Set base_model.",
            )
        adapter, digest = (
            (store.local(champion.adapter.path), champion.adapter.sha256)
            if champion.adapter
            else (None, None)
        )
        torch.set_num_threads(cpu_threads(base, settings.training.threads))
        return Engine(*load_model(base, adapter, champion.quantization, adapter_sha256=digest), **limits)

    return load
