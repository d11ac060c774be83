"""What deployers share: the server behind `deploy.url`, its probe, and the deployer that serves nobody."""

from typing import Any

from autodidact.errors import AutodidactError
from autodidact.models import logprob_identity
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.server_probe import base_of, probe
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store

# The variable with the server's key.
KEY = "AUTODIDACT_DEPLOY__KEY"


class NoDeployer:
    """Whoever reads `<system>/champion.json` loads the champion by himself."""

    kind, several, bake = "none", False, 0.0

    def __init__(self, *_: object):
        """Nothing is needed."""

    def present(self, champion: Champion) -> bool:
        """Nothing is served from here."""
        return False

    def deploy(self, champion: Champion) -> None:
        """Nothing is served from here."""

    def probe(self, champion: Champion, others: tuple[Champion, ...] = ()) -> dict[str, Any]:
        """Nothing is served from here."""
        return {}

    def point(self, champion: Champion) -> None:
        """champion.json points."""

    def retire(self, champion: Champion) -> None:
        """Nothing is served from here."""


class Served:
    """One version at a time, behind `deploy.url`; without an address nothing is probed."""

    kind, several = "", False

    def __init__(self, settings: Settings, store: Store, system: str):
        self.settings, self.store, self.system = settings, store, system
        url = settings.deploy.url
        self.server: OpenAIClient | None = None
        if url:
            self.server = OpenAIClient(url, what="the server at deploy.url", key_variable=KEY)

    @property
    def bake(self) -> float:
        return self.settings.deploy.bake

    def present(self, champion: Champion) -> bool:
        """It is deployed every time."""
        return False

    def name(self, champion: Champion) -> str:
        """What the server calls the version."""
        return champion.version

    def probe(self, champion: Champion, others: tuple[Champion, ...] = ()) -> dict[str, Any]:
        if self.server is None:
            return {}
        base_name = self.base_name(champion)
        if self.settings.deploy.tolerance is not None:
            models = [champion, *others, *([base_of(champion)] if base_name else [])]
            logprob_identity.ensure(self.store, self.system, self.settings, models)
        return probe(
            self.server,
            self.name(champion),
            champion,
            others,
            self.settings.deploy,
            self.identity_of,
            base_name,
        )

    def base_name(self, champion: Champion) -> str | None:
        """What the server calls the version's base model; None where it does not serve that besides."""
        return None

    def identity_of(self, champion: Champion) -> logprob_identity.Identity:
        """The stored log-probabilities; `probe` has measured what no benchmark had stored."""
        found = logprob_identity.stored(self.store, self.system, champion)
        if found is None:
            raise AutodidactError(f"the identity of {champion.version} cannot be read", "Check the store.")
        return found

    def point(self, champion: Champion) -> None:
        """There is only one version to get."""

    def retire(self, champion: Champion) -> None:
        """The next deployment takes its place."""


def address(store: Store, champion: Champion) -> str:
    """Where a server finds the adapter: an absolute path, or a URL when the store is remote; empty for a base
    model.
    """
    if champion.adapter is None:
        return ""
    key = champion.adapter.path
    return str(store.root / key) if store.root else f"{store.url.rstrip('/')}/{key}"
