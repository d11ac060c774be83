"""`deploy.kind = "local"`: `autodidact serve`, which reads from the store what to hold.

`<system>/serving.json` lists the versions to load besides the champion: a candidate that is probed, the
champion before for its bake time.
`champion.json` says who answers clients that name no version. So nobody sends the server orders, and started
again it knows what to do.
"""

import time
from collections.abc import Sequence

from autodidact.errors import AutodidactError
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.deployers.deployer_base import KEY, Served
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

# Where `autodidact serve` listens by default.
URL = "http://127.0.0.1:8000/v1"
# For another process that changes what is served.
WAIT_SECONDS = 60
# The name that stands for whoever is champion.
ALIAS = "autodidact"


def serving_key(system: str) -> str:
    return f"{system}/serving.json"


def versions_to_serve(store: Store, system: str) -> list[Champion]:
    """The versions to serve besides the champion."""
    key = serving_key(system)
    return (
        [Champion.model_validate(each) for each in store.read_json(key)["versions"]]
        if store.exists(key)
        else []
    )


class LocalDeployer(Served):
    kind, several = "local", True

    def __init__(self, settings: Settings, store: Store, system: str):
        super().__init__(settings, store, system)
        self.client = OpenAIClient(settings.deploy.url or URL, what="autodidact serve", key_variable=KEY)
        self.server = self.client

    def present(self, champion: Champion) -> bool:
        return champion.version in self.client.cards()

    def deploy(self, champion: Champion) -> None:
        self._hold(without=champion, more=[champion])

    def point(self, champion: Champion) -> None:
        """Waits until the server has followed champion.json."""
        end = time.monotonic() + self.settings.deploy.timeout
        while (answers := (self.client.cards().get(ALIAS) or {}).get("root")) != champion.version:
            if time.monotonic() > end:
                raise AutodidactError(
                    f"autodidact serve still answers as {answers}, not as {champion.version}", "See its log."
                )
            time.sleep(0.1)

    def retire(self, champion: Champion) -> None:
        """The server lets requests end by itself."""
        self._hold(without=champion)

    def _hold(self, *, without: Champion, more: Sequence[Champion] = ()) -> None:
        """Changes the list under a lease: a promotion and a benchmark may do so at the same time."""
        with self.store.lease(f"{self.system}/serving/lease.json", wait=WAIT_SECONDS):
            there = versions_to_serve(self.store, self.system)
            keep = [each for each in there if each.version != without.version]
            self._write([*keep, *more])

    def _write(self, champions: list[Champion]) -> None:
        self.store.write_json(
            serving_key(self.system),
            {"format": 1, "versions": [each.model_dump(mode="json") for each in champions]},
        )
