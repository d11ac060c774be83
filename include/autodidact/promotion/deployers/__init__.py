"""How a version comes into service, one file a kind: `none`, `local`, `vllm`, `command`, `webhook`,
`kubernetes`.
"""

from collections.abc import Callable
from typing import Any, Protocol

from autodidact.promotion.deployers.command import CommandDeployer
from autodidact.promotion.deployers.deployer_base import NoDeployer
from autodidact.promotion.deployers.kubernetes import KubernetesDeployer
from autodidact.promotion.deployers.local import LocalDeployer
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.deployers.webhook import WebhookDeployer
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store


class Deployer(Protocol):
    """`several`: the server holds several versions, each under a name of its own. A new one is then loaded in
    addition to the champion, which answers until clients are pointed at the new one, and is retired when the
    bake time is over.
    """

    @property
    def kind(self) -> str: ...

    @property
    def several(self) -> bool: ...

    @property
    def bake(self) -> float:
        """Seconds that a version which served before is kept on the server."""
        ...

    def present(self, champion: Champion) -> bool:
        """Whether the server lists the version; asked only where `several`. Raises AutodidactError when it
        does not answer.
        """
        ...

    def deploy(self, champion: Champion) -> None:
        """Brings the version to the server. Raises AutodidactError."""

    def probe(self, champion: Champion, others: tuple[Champion, ...] = ()) -> dict[str, Any]:
        """What was seen of the version (promotion/server_probe.py); `others` are what it must not be taken
        for. Raises AutodidactError.
        """
        ...

    def point(self, champion: Champion) -> None:
        """Gives the version to clients that name none. Raises AutodidactError."""

    def retire(self, champion: Champion) -> None:
        """Takes the version off the server once its requests have ended. Raises AutodidactError."""


KINDS: dict[str, Callable[[Settings, Store, str], Deployer]] = {
    each.kind: each
    for each in (
        NoDeployer,
        LocalDeployer,
        VllmDeployer,
        CommandDeployer,
        WebhookDeployer,
        KubernetesDeployer,
    )
}


def deployer_of(settings: Settings, store: Store, system: str) -> Deployer:
    """The deployer that settings.deploy names. Raises AutodidactError when a setting that it needs is
    missing.
    """
    return KINDS[settings.deploy.kind](settings, store, system)
